"""The part of the reader that keeps apart what is not meant to be heard: thoughts, other turns, results."""

from collections.abc import Sequence

from . import bare_calls, dialects, headers, held_calls
from .dialects import Block, Header
from .held_calls import HeldCalls
from .marks import Kind, Marks

_LONGEST_HEADER = 160


class Turns(HeldCalls):
    """Reads thinking, whose turn it is, and where the answer ends."""

    def __init__(self, names: Sequence[str], marks: Marks) -> None:
        """`names` are the offered tools'."""
        super().__init__(names, marks)
        self._header = dialects.HEADERS[0]
        self._maybe: list[str] | None = None
        self._strike = False  # whether text may be struck through, as HTML does it with a mark of the end
        self._thoughts = ""
        self._misspoken = False
        self.closed_unopened = False
        """Whether thinking ended that the model had not opened itself."""

    def retracts(self) -> bool:
        """Return, once, whether all that was said until now has turned out to be thinking."""
        misspoken, self._misspoken = self._misspoken, False
        return misspoken

    def _orphan(self, _mark: str) -> None:
        """Take what was said for thinking: its end has come, and its beginning stands in the template."""
        if self._out.silent:
            return
        if self._out.pending is not None:
            self._thoughts += self._out.pending.text
        self._misspoken = self._out.retract() or self._misspoken
        self.closed_unopened = True
        self._begin_again()

    def _think(self, block: Block, *, certain: bool = True) -> None:
        self._block = block
        self._maybe = None if certain else []
        self._state = self._thinking
        if certain and not self._out.speaks:
            self._out.lead = ""

    def _thinking(self) -> bool:
        buffer, marks = self._buffer, self._marks
        closings = self._block.closings
        # Half a mark at the very end is no thought, but may be what was meant to be said.
        limit = marks.beginning(buffer)
        if self._final and (self._maybe is not None or buffer[limit:][:1] in ("`", "*", "_", ">")):
            limit = len(buffer)
        at = 0
        while True:
            match = marks.pattern.search(buffer, at)
            close = min(((i, c) for c in closings if (i := buffer.find(c, at)) >= 0), default=None)
            if close and (match is None or close[0] <= match.start()) and close[0] < limit:
                self._muse(buffer[at : close[0]])
                self._buffer = buffer[close[0] + len(close[1]) :]
                self._end_thinking()
                return True
            if match is None or match.start() >= limit:
                break
            kind = marks.kind(match[0])
            self._muse(buffer[at : match.start()])
            if kind in (Kind.END, Kind.HEADER, Kind.TURN) and match[0].startswith("<"):
                self._buffer = buffer[match.start() :]
                self._end_thinking(closed=False)
                return True
            at = match.end()
            if not (kind is Kind.STRAY and match[0].startswith(("<|", "<｜", "<s>"))):
                self._muse(match[0])
        keep = min(limit, headers.beginning(buffer, closings))
        self._muse(buffer[at:keep] if keep > at else "")
        self._buffer = buffer[max(keep, at) :]
        return False

    def overhear(self, thought: str) -> None:
        """Take thinking that came apart from the text: there may be a call in it."""
        self._thoughts = (self._thoughts + thought)[-held_calls.MAX_HELD :]

    def _muse(self, text: str) -> None:
        """Think a text."""
        if self._maybe is not None:
            self._maybe.append(text)
            return
        self._thoughts = (self._thoughts + text)[-held_calls.MAX_HELD :]
        self._out.thought.append(text)

    def _end_thinking(self, *, closed: bool = True) -> None:
        if self._maybe is not None:
            thought, self._maybe = "".join(self._maybe), None
            self._muse(thought)
        elif not self._block.opening and closed:
            self.closed_unopened = True
        self._state = self._text
        if not self._out.answered:
            self._begin_again()

    def _in_header(self) -> bool:
        header, buffer = self._header, self._buffer
        ends = [(at, end) for end in header.ends if (at := buffer.find(end, 0, _LONGEST_HEADER)) >= 0]
        if ends:
            at, end = min(ends)
            self._buffer = buffer[at + len(end) :]
            self._speaker_is(header, buffer[:at])
            return True
        if len(buffer) >= _LONGEST_HEADER or self._final:
            role, rest = headers.split(buffer[:_LONGEST_HEADER])
            self._buffer = rest + buffer[_LONGEST_HEADER:]
            self._speaker_is(header, role)
            return True
        return False

    def _speaker_is(self, header: Header, role: str) -> None:
        self._state = self._text
        turn = headers.read(header, role)
        if not turn.own or (self._out.answered and not header.goes_on):
            self._close()
        elif turn.recipient:
            self._begin_call(dialects.HARMONY, header.opening)
            self._held = turn.recipient + "\n"
        elif turn.thinks:
            self._think(dialects.HARMONY_THINKING)
        elif not self._out.answered:
            self._begin_again()

    def _ended(self) -> bool:
        """Look what follows a mark of the end: more of the same turn, or another's."""
        text = self._buffer.lstrip()
        if not text:
            return False
        if self._strike and "\n" not in self._buffer[: len(self._buffer) - len(text)] and text[0] not in "<[":
            # It was HTML after all.
            self._strike, self._state = False, self._text
            return True
        if not self._final and self._marks.beginning(text) == 0:
            return False
        match = self._marks.pattern.match(text)
        kind = self._marks.kind(match[0]) if match else None
        if match and kind in (Kind.END, Kind.STRAY):
            self._buffer = text[match.end() :]
            return True
        goes_on = match and kind is Kind.HEADER and self._marks.headers[match[0]].goes_on
        if kind in (Kind.CALL, Kind.THINK) or goes_on:
            self._state, self._blank, self._buffer = self._text, True, text
            return True
        self._close()
        return True

    def _result(self, mark: str) -> None:
        if self._out.calls or self._out.pending is not None:
            self._close()
            return
        self._block, self._state = self._marks.blocks[mark], self._skip

    def _skip(self) -> bool:
        """Leave out what stands between two marks."""
        for closing in self._block.closings:
            if (at := self._buffer.find(closing)) >= 0:
                self._buffer = self._buffer[at + len(closing) :]
                self._state = self._text
                if not self._out.answered:
                    self._begin_again()
                return True
        self._buffer = self._buffer[-max(map(len, self._block.closings)) :]
        return False

    def _garbage(self) -> bool:
        """Leave out an object that a template printed, up to its last bracket."""
        for match in bare_calls.BRACKET.finditer(self._buffer):
            self._depth += 1 if match[0] in "{[(" else -1
            if self._depth <= 0:
                self._buffer = self._buffer[match.end() :]
                self._state = self._text
                if not self._out.answered:
                    self._begin_again()
                return True
        self._buffer = ""
        return False

    def _speaker(self) -> bool:
        """Decide from its line whether the person's name begins a turn that the model made up."""
        line, end, _ = self._buffer.partition("\n")
        if not end and not self._final:
            return False
        if headers.is_invented(line, self._out.ending):
            self._close()
            return True
        label = line[: line.index(":") + 1]
        self._out.emit(label)
        self._buffer = self._buffer[len(label) :]
        self._blank, self._state = False, self._text
        return True
