"""The part of the reader that holds what may be a call, until that is decided."""

from collections.abc import Callable, Sequence
import re

from ..api.chat import ToolCall
from . import bare_calls, dialects, tool_names
from .bare_calls import Verdict
from .dialects import Block, Dialect
from .marks import Kind, Marks
from .offered import Offered
from .outlet import Outlet
from .textual_calls import Calls, read_marked

MAX_HELD = 16_000
"""Characters that are held back at most: a longer text is no tool call."""

_INFO = re.compile(r"`{0,4}[\w+#.-]{0,24}[ \t]*")
_CODE_TOKENS = (
    *(
        "<|",
        "<｜",
        "</｜",
        "<end_of_turn>",
        "<start_of_turn>",
        "<think>",
        "</think>",
        "<tool_call>",
        "</tool_call>",
    ),
    *("[TOOL_CALLS]", "[INST]", "[/INST]", "◁"),
)
"""What no code has."""


class HeldCalls:
    """Reads calls between marks, in code fences and without either.

    `_state` works on `_buffer` and returns whether it is to be called again; see `Reader`.
    """

    def __init__(self, names: Sequence[str], marks: Marks) -> None:
        """`names` are the offered tools'."""
        self._offered = Offered(tuple(names))
        self._marks = marks
        self._out = Outlet()
        self._buffer = ""
        self._state: Callable[[], bool] = self._text
        self._final = self._cut = False
        self._blank = True  # nothing but spaces in this line yet
        self._held = ""
        self._scanned = self._depth = self._attempts = 0
        self._quoted = False
        self._example: tuple[str, tuple[ToolCall, ...]] = ("", ())
        self._row = dialects.HARMONY
        self._opening = ""
        self._block = Block("", ())
        self.unreadable = False
        """Whether something was meant to be a call and cannot be read."""
        self.over = False
        """Whether nothing that still comes belongs to the answer, so that it need not be waited for."""

    def _text(self) -> bool:
        raise NotImplementedError

    def _obey(self, mark: str, kind: Kind) -> bool:
        raise NotImplementedError

    def _begin_again(self) -> None:
        """Go on as if the message began here."""
        self._out.lead, self._out.trim, self._blank = "", True, True

    def _part(self) -> None:
        """Keep what was said before a mark that is left out from making another one with what follows."""
        self._out.emit(self._gap(self._out.tail))

    def _gap(self, text: str) -> str:
        """Return the space that keeps a text from making a mark with what follows it."""
        if text[-1:] == "`" or self._marks.beginning(text) == len(text):
            return ""
        return " " if self._marks.beginning(f"{text} ") > len(text) else "\n"

    def _shown(self, raw: str) -> str:
        """Return the text of a call, for where it turns out to be none."""
        text = self._marks.unmarked(raw)
        return text + self._gap(text)

    def _close(self) -> None:
        """End the answer: what comes now is another's turn, made up."""
        self._out.settle()
        self._out.undefer()
        self.over = True
        self._buffer = ""

    def _hold(self, state: Callable[[], bool]) -> None:
        self._held, self._scanned, self._depth, self._attempts = "", 0, 0, 0
        self._state = state

    def _begin_call(self, row: Dialect, opening: str, *, kept: str = "", quoted: bool = False) -> None:
        self._row, self._opening, self._quoted = row, opening, quoted
        self._hold(self._marked_call)
        self._held = kept

    def _marked_call(self) -> bool:
        start = max(0, len(self._held) - 64)
        self._held += self._buffer
        self._buffer = ""
        held = self._held
        ends = [(at, end) for end in self._row.closings if (at := held.find(end, start)) >= 0]
        stop = self._marks.stops.search(held, start)
        if ends and (stop is None or min(ends)[0] <= stop.start()):
            at, end = min(ends)
            self._buffer = held[at + len(end) :]
            self._read_marked(held[:at], end)
            return True
        if stop is not None and stop.start() >= len(self._opening if self._row.kept else ""):
            self._buffer = held[stop.start() :]
            self._read_marked(held[: stop.start()], "")
            return True
        if len(held) > MAX_HELD:
            self.unreadable = True
            self._close()
        return False

    def _read_marked(self, body: str, closing: str) -> None:
        self._state = self._text
        whole = body + closing if self._row.kept else body
        calls = read_marked(whole, self._offered, cut=self._cut and not closing)
        raw = self._opening * (not self._row.kept) + body + closing
        if calls and self._quoted and self._out.speaks:
            inner = body[len(self._opening) :] if self._row.kept else body
            shown = f"{self._opening}{self._marks.unmarked(inner)}{closing}"
            self._example, self._state = (shown, calls), self._after_quotation
        elif calls:
            self._out.count(calls)
        elif bare_calls.is_attempt(self._opening, body, self._offered):
            self.unreadable = self.unreadable or (bool(body.strip()) and not self._cut)
            self._out.silent = True
        else:
            # Only words: what a mark stood around is said, the mark itself is not.
            self._out.emit(self._marks.unmarked(raw if self._row in dialects.LINE_CALLS else body))
            self._part()

    def _after_quotation(self) -> bool:
        """Take a call in backticks for an example, if the second of them is there."""
        raw, calls = self._example
        self._state = self._text
        if self._buffer.startswith("`"):
            self._out.pend(raw, calls)
            self._blank = True
        else:
            self._out.count(calls)
            self._blank = True
        return True

    def _bare_call(self) -> bool:
        """Hold what may be a call without marks until its brackets are closed."""
        self._held += self._buffer
        self._buffer = ""
        stop = self._marks.stops.search(self._held, max(0, self._scanned - 64))
        end = stop.start() if stop else len(self._held)
        while (match := bare_calls.BRACKET.search(self._held, self._scanned, end)) is not None:
            self._scanned = match.end()
            self._depth += 1 if match[0] in "{[(" else -1
            if self._depth <= 0 and self._attempts < bare_calls.MAX_ATTEMPTS:
                self._attempts += 1
                if self._try_bare(self._scanned, whole=False):
                    return True
        self._scanned = end
        if stop is not None:
            self._try_bare(end, whole=True)
            return True
        if len(self._held) > MAX_HELD:
            self._release(len(self._held))
            return True
        return False

    def _try_bare(self, end: int, *, whole: bool) -> bool:
        """Read what is held up to `end`; return whether that was decided, as it is where it is `whole`."""
        calls, settled = bare_calls.read(self._held[:end], self._offered, cut=self._cut, whole=whole)
        if not calls.calls:
            if bare_calls.is_imitation(self._held[:end], settled=settled or whole):
                self._imitation(end)
            elif self._is_broken(end, whole=whole, settled=settled):
                self._drop(end)
            elif settled or whole:
                self._release(end)
            else:
                return False
            return True
        self._buffer = self._held[calls.end :]
        self._state = self._text
        self._take_bare(calls)
        return True

    def _take_bare(self, calls: Calls) -> None:
        raw = self._held[: calls.end]
        if self._out.silent:
            if calls.known and self._out.adjacent:
                self._out.calls += calls.calls
        elif calls.known and not self._out.speaks and raw.lstrip()[:1] in ("{", "["):
            self._out.pend(self._shown(raw), calls.calls, leads=True)
        elif calls.known or not self._out.answered:
            # A line of code that begins the message is a call, a sentence that begins with one is not.
            self._out.pend(self._shown(raw), calls.calls, has_line=calls.known and not self._out.speaks)
        elif self._is_made_up(calls.calls):
            self._out.pend(self._shown(raw), calls.calls)
        else:
            self._out.emit(self._marks.unmarked(raw))
            self._blank = False

    @staticmethod
    def _is_made_up(calls: Sequence[ToolCall]) -> bool:
        """Return whether calls are of tools that do not exist, and of nothing else that has a name."""
        return bool(calls) and all(tool_names.is_identifier(call.name) for call in calls)

    def _is_broken(self, end: int, *, whole: bool, settled: bool) -> bool:
        """Return whether what is held was to be a call of one of the tools, and is none."""
        held = self._held[:end]
        if whole and self._depth > 0:
            return bare_calls.is_begun(held, self._offered)
        first = not self._out.answered and held[:1] == "{"
        return first and (settled or whole) and bare_calls.is_begun(held, self._offered)

    def _drop(self, end: int) -> None:
        """Leave out a call that broke off."""
        self._buffer, self._state = self._held[end:], self._text
        self._out.settle()
        self._out.silent = True
        self.unreadable = self.unreadable or not self._cut

    def _imitation(self, end: int) -> None:
        """Leave out what only the hub writes: a tool's result. Made up behind a call it is the call's end."""
        self._buffer = self._held[end:]
        self._state = self._text
        if self._out.calls or self._out.pending is not None:
            self._close()

    def _release(self, end: int) -> None:
        """Say what was held for nothing, up to the next mark in it."""
        held = self._held
        match = self._marks.pattern.search(held, 1)
        while match and self._marks.kind(match[0]) in (Kind.LINE, Kind.TICK, Kind.BRACE, Kind.PROMPT):
            match = self._marks.pattern.search(held, match.end())
        at = min(end, match.start()) if match else end
        if not self._final:
            at = min(at, max(1, self._marks.beginning(held)))
        self._state = self._text
        self._blank = False
        self._out.emit(held[:at])
        self._buffer = held[at:]

    def _fence_start(self) -> bool:
        """Look whether a block of code begins with a call."""
        info = _INFO.match(self._buffer)
        content = self._buffer[info.end() if info else 0 :].lstrip()
        is_named = info is not None and info[0].strip() in dialects.CALL_FENCES
        verdict = (
            Verdict.YES
            if content and is_named
            else bare_calls.may_be_fenced(content, self._offered, self._marks)
        )
        if verdict is Verdict.OPEN and not self._final:
            return False
        if verdict is Verdict.YES:
            self._hold(self._fenced_call)
            return True
        self._out.emit("```")
        self._state = self._code_block
        return True

    def _fenced_call(self) -> bool:
        start = max(0, len(self._held) - 64)
        self._held += self._buffer
        self._buffer = ""
        held = self._held
        stop = self._marks.stops.search(held, start)
        closing = held.find("```", start)
        if closing >= 0 and (stop is None or closing < stop.start()):
            self._read_fenced(held[:closing], held[closing + 3 :], "```")
            return True
        if stop is not None or len(held) > MAX_HELD:
            end = stop.start() if stop else len(held)
            self._read_fenced(held[:end], held[end:], "")
            return True
        return False

    def _read_fenced(self, body: str, rest: str, closing: str) -> None:
        self._state = self._text
        self._buffer = rest
        info = _INFO.match(body)
        code = body[info.end() if info else 0 :]
        calls = read_marked(code, self._offered, cut=self._cut and not closing)
        are_offered = bool(calls) and all(self._offered.knows(call.name) for call in calls)
        raw = f"```{body}{closing}"
        if self._out.silent and are_offered:
            self._out.calls += calls if self._out.adjacent else ()
        elif are_offered and not self._out.speaks:
            self._out.pend(self._shown(raw), calls, leads=True)
        elif are_offered or (calls and (not self._out.answered or self._is_made_up(calls))):
            self._out.pend(self._shown(raw), calls)
        elif bare_calls.is_imitation(code, settled=True):
            if self._out.calls or self._out.pending:
                self._close()
        else:
            self._blank = False
            self._out.emit(self._marks.unmarked(raw))

    def _code_block(self) -> bool:
        """Let code through up to its end; only special tokens mean something in it."""
        buffer = self._buffer
        limit = len(buffer) if self._final else self._marks.beginning(buffer)
        match = self._marks.pattern.search(buffer)
        while match and match[0] != "```" and not match[0].startswith(_CODE_TOKENS):
            match = self._marks.pattern.search(buffer, match.end())
        if match is None or match.start() >= limit:
            self._out.emit(buffer[:limit])
            self._buffer = buffer[limit:]
            return False
        self._out.emit(buffer[: match.start()])
        self._buffer = buffer[match.end() :]
        if match[0] == "```":
            self._out.emit("```")
            self._blank, self._state = False, self._text
        elif self._marks.kind(match[0]) in (Kind.END, Kind.HEADER, Kind.TURN):
            self._state = self._text
            return self._obey(match[0], self._marks.kind(match[0]))
        else:
            # Backticks on both sides of what is left out must not end the block.
            self._out.emit(" " if self._out.tail.endswith("`") else self._gap(self._out.tail))
        return True
