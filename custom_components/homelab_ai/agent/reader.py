"""Reads one message of a model as it comes: what is said, what is thought, and which tools are called.

Text goes through at once and is held only while it can still become a mark or a call, so how the message is
cut into pieces makes no difference to the result. A call counts where a dialect's marks stand around it, or
the message begins or ends with it; amid other text it is an example.
"""

from collections.abc import Callable, Mapping, Sequence
import re

from ..api.chat import ToolCall
from . import bare_calls, dialects, headers
from .bare_calls import Verdict
from .dialects import Block
from .marks import Kind, Marks, compiled
from .turns import Turns

_INDENT = re.compile(r"[ \t\r\u200b\ufeff]+")


class Reader(Turns):
    """Reads one message: `feed` its pieces, then `finish`; `calls` are whole only then."""

    def __init__(
        self,
        names: Sequence[str] = (),
        *,
        opens_thinking: bool = False,
        prose: Sequence[Block] = (),
        marks: Marks | None = None,
    ) -> None:
        """`names` are the offered tools', `opens_thinking` where the template has opened a block already.

        `prose` are the rows of thinking that opens with plain words, where the model's template has them.
        """
        super().__init__(names, marks or compiled())
        self._prose = tuple(prose)
        self._trigger = self._marks.trigger.search
        self._fast = False
        self._struck = False
        self._reactions: Mapping[Kind, Callable[[str], None]] = {
            Kind.CALL: self._call,
            Kind.THINK: self._thought,
            Kind.UNTHINK: self._orphan,
            Kind.RESULT: self._result,
            Kind.HEADER: self._head,
            Kind.TURN: self._turn,
            Kind.FENCE: self._fence,
            Kind.END: self._end,
            Kind.GARBAGE: self._print,
        }
        self._unopened = opens_thinking
        if opens_thinking:
            closings = tuple(closing for block in dialects.THINKING for closing in block.closings)
            self._think(Block("", closings))

    @property
    def calls(self) -> Sequence[ToolCall]:
        """Return the calls found, their names as the model wrote them."""
        return self._out.calls

    @property
    def speaks(self) -> bool:
        """Return whether anything was said so far."""
        return self._out.speaks

    @property
    def unclosed(self) -> bool:
        """Return whether the message ended within thinking that the template had opened."""
        return self._unopened and not self.closed_unopened

    def feed(self, text: str) -> tuple[str, str]:
        """Take the next piece, and return what can be said of it now, and what is thinking."""
        # The usual case, kept short: it runs for every token.
        if self._fast and text and not self._trigger(text):
            self._out.note(text)
            return text, ""
        self._buffer += text
        self._run()
        return self._out.take()

    def finish(self, *, cut: bool = False) -> tuple[str, str]:
        """End the message, `cut` where the model was stopped; return what was held back for nothing."""
        self._final, self._cut = True, cut
        self._run()
        if not self.over:
            self._end_state()
        self._out.settle()
        self._out.undefer()
        if not self.calls and not self.unreadable:
            self._out.calls += bare_calls.thought_calls(
                self._thoughts, self._offered, self._marks, answered=self._out.speaks
            )
        return self._out.take()

    def _run(self) -> None:
        while self._buffer and not self.over and self._state():
            pass
        if self.over:
            self._buffer = ""
        out = self._out
        self._fast = (
            self._state == self._text
            and out.speaks
            and not (self._buffer or self._blank or self.over or out.silent or out.pending or out.deferred)
        )

    def _text(self) -> bool:
        if self._blank:
            verdict = self._line_start()
            if verdict is not Verdict.NO:
                return verdict is Verdict.YES
        buffer = self._buffer
        match = self._marks.pattern.search(buffer)
        limit = self._marks.cut_off(buffer) if self._final else self._marks.beginning(buffer)
        if match is None or match.start() >= limit:
            self._out.emit(buffer[:limit])
            self._buffer = "" if self._final else buffer[limit:]
            return False
        self._out.emit(buffer[: match.start()])
        self._buffer = buffer[match.end() :]
        return self._meet(match[0])

    def _line_start(self) -> Verdict:
        """Look whether a line begins as only lines can; YES where the state has changed."""
        if indent := _INDENT.match(self._buffer):
            self._out.emit(indent[0])
            self._buffer = self._buffer[indent.end() :]
        text = self._buffer
        if not text:
            return Verdict.OPEN
        if text[0] == "\n":
            return Verdict.NO
        for look in (self._label, self._line_call, self._code_call):
            verdict = look(text)
            if verdict is Verdict.OPEN and self._final:
                continue
            if verdict is not Verdict.NO:
                return verdict
        begins = text[0] == "[" or (text[0] == '"' and not self._out.answered)
        if begins and (verdict := self._bare(text)) is not Verdict.NO:
            return verdict
        self._blank = False
        return Verdict.NO

    def _label(self, text: str) -> Verdict:
        """Look for the name of a speaker, and for thinking that opens with words."""
        words = headers.words_of(answered=self._out.answered).get(text[0], ())
        if not self._out.answered:
            words = (*words, *(row.opening for row in self._prose))
        if not self._out.answered and (verdict := self._bare_thought(text)) is not Verdict.NO:
            return verdict
        if any(word.startswith(text) and word != text for word in words) and not self._final:
            return Verdict.OPEN
        mark = max((word for word in words if text.startswith(word)), key=len, default=None)
        if mark is None or mark in headers.LABELS:
            return self._labelled(text, mark) if mark else Verdict.NO
        if mark in dialects.OWN_LABELS:
            self._buffer = text[len(mark) :]
            self._begin_again()
        elif block := next((row for row in self._prose if row.opening == mark), None):
            self._buffer = text[len(mark) :]
            self._think(block)
        elif mark in dialects.SPEAKERS:
            self._close()
        else:
            self._state = self._speaker
        return Verdict.YES

    def _bare_thought(self, text: str) -> Verdict:
        """Look for thinking that gpt-oss begins with a plain word."""
        opening = dialects.BARE_HARMONY.opening
        if opening.startswith(text):
            return Verdict.OPEN
        if not text.startswith(opening) or not text[len(opening)].isupper():
            return Verdict.NO
        self._buffer = text[len(opening) :]
        self._think(dialects.BARE_HARMONY)
        return Verdict.YES

    def _labelled(self, text: str, mark: str) -> Verdict:
        """Take what a line calls itself: an answer, a thought, or a call."""
        is_first = not self._out.answered
        if mark in dialects.CALL_LABELS or (mark in dialects.THOUGHT_LABELS and is_first):
            self._out.defer(mark, whole=mark in dialects.THOUGHT_LABELS)
        elif mark in dialects.FINAL_LABELS and (is_first or self._out.defers):
            self._out.forget_deferred()
            self._out.trim = True
        else:
            return Verdict.NO
        self._buffer = text[len(mark) :]
        return Verdict.YES

    def _line_call(self, text: str) -> Verdict:
        look = bare_calls.own_tag if text[0] == "<" else bare_calls.line_call
        row, verdict = look(text, self._offered)
        if row is not None and verdict is Verdict.YES:
            self._buffer = text[len(row.opening) :]
            kept = row.opening if row.kept else "[" if row.opening.endswith("[") else ""
            self._begin_call(row, row.opening, kept=kept)
        return verdict

    def _code_call(self, text: str) -> Verdict:
        verdict = bare_calls.may_be_code(text, self._offered)
        if verdict is Verdict.YES:
            self._hold(self._bare_call)
        return verdict

    def _bare(self, text: str) -> Verdict:
        """Begin to hold an object or a list that may be a call."""
        verdict = bare_calls.may_open(text, self._offered)
        if verdict is Verdict.YES:
            self._hold(self._bare_call)
        elif verdict is Verdict.OPEN and self._final:
            return Verdict.NO
        return verdict

    def _meet(self, mark: str) -> bool:
        """Do what a mark says that was taken from the buffer."""
        kind = self._marks.kind(mark)
        match kind:
            case Kind.LINE | Kind.TICK:
                self._out.emit(mark)
                self._blank = self._blank if kind is Kind.TICK else True
                return True
            case Kind.BRACE:
                return self._brace(mark)
            case Kind.PROMPT:
                return self._prompt(mark)
        if (
            self._in_backticks
            and kind is not Kind.FENCE
            and (quoted := self._in_code(mark, kind)) is not None
        ):
            return quoted
        return self._obey(mark, kind)

    def _brace(self, mark: str) -> bool:
        self._buffer = mark + self._buffer
        decoration = mark.rstrip("[{")
        verdict = self._bare(self._buffer[len(decoration) :])
        if verdict is Verdict.NO:
            # What the brace begins may be a mark of its own.
            said = decoration or mark
            self._buffer = self._buffer[len(said) :]
            self._out.emit(said)
        elif verdict is Verdict.YES:
            self._buffer = self._buffer[len(decoration) :]
            self._out.defer(decoration)
        return verdict is not Verdict.OPEN

    def _prompt(self, mark: str) -> bool:
        """Look whether a call begins within a line."""
        text = mark + self._buffer
        verdict = self._line_call(text)
        if verdict is Verdict.OPEN and not self._final:
            self._buffer = text
            return False
        if verdict is not Verdict.YES:
            self._out.emit(mark)
        return True

    @property
    def _in_backticks(self) -> bool:
        """Return whether a backtick opens code in a line; three of them end a block."""
        return self._out.last == "`" and not self._out.tail.endswith("```")

    def _in_code(self, mark: str, kind: Kind) -> bool | None:
        """Let a mark through that stands in backticks, alone; None where it does not."""
        if not self._buffer and not self._final:
            self._buffer = mark
            return False
        if self._buffer.startswith("`"):
            self._out.emit(mark)
            return True
        self._quoted = kind is Kind.CALL
        return None

    def _obey(self, mark: str, kind: Kind) -> bool:
        self._part()
        self._reactions.get(kind, self._stray)(mark)
        return True

    def _call(self, mark: str) -> None:
        row = self._marks.calls[mark]
        quoted, self._quoted = self._quoted, False
        self._begin_call(row, mark, kept=mark if row.kept else "", quoted=quoted)

    def _thought(self, mark: str) -> None:
        self._think(self._marks.blocks[mark], certain=not self._out.speaks or self._blank)

    def _head(self, mark: str) -> None:
        self._header, self._state = self._marks.headers[mark], self._in_header

    def _fence(self, _mark: str) -> None:
        self._state = self._fence_start

    def _print(self, mark: str) -> None:
        self._depth, self._state = mark.count("{") + mark.count("["), self._garbage

    def _turn(self, mark: str) -> None:
        if self._out.answered or not headers.is_own(mark):
            self._close()
        self._begin_again()

    def _stray(self, mark: str) -> None:
        if mark == "<s>" and self._out.speaks:
            self._struck = True
            self._out.emit(mark)
        elif mark == "<s>":
            self._strike = self._out.trim = True
        elif not self._out.speaks:
            self._out.trim = True

    def _end(self, mark: str) -> None:
        if mark == "</s>" and self._struck:
            self._struck = False
            self._out.emit(mark)
        elif self._out.answered or self._thoughts:
            self._state = self._ended
        else:
            self._begin_again()

    def _end_state(self) -> None:
        """End whatever is open at the end of the message."""
        if self._state == self._marked_call:
            self._read_marked(self._held, "")
        elif self._state == self._bare_call:
            self._try_bare(len(self._held), whole=True)
        elif self._state == self._fenced_call:
            self._read_fenced(self._held, "", "")
        elif self._state == self._thinking and self._maybe is not None:
            text, self._maybe = self._marks.unmarked("".join(self._maybe)), None
            self._state = self._text
            self._out.emit(text)
        elif self._state == self._after_quotation:
            self._after_quotation()
        elif self._state == self._fence_start:
            self._out.emit("```")
            self._state = self._text
        if self._buffer and self._state in (self._text, self._code_block, self._ended):
            self._run()
        if not self._out.speaks and self._out.lead and not self._out.answered and not self._out.trim:
            self._out.said.append(self._out.lead)
