"""What a message has come to so far: words, thoughts and calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..api.chat import ToolCall

_BLANK = " \t\r\n\f\v\xa0\u200b\ufeff"
_MOST_LEAD = 200
_TAIL = 64
_SEPARATORS = " \t\r\n,;`}])"


@dataclass(slots=True)
class Pending:
    """Calls that count unless text follows, which is what `raw` is then too."""

    raw: str = ""
    calls: tuple[ToolCall, ...] = ()
    has_line: bool = False
    """Whether they count as soon as their line ends."""


@dataclass(slots=True)
class Outlet:
    """Takes what the reader has decided upon, in order; `said` and `thought` are what was not taken yet."""

    said: list[str] = field(default_factory=list)
    thought: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    pending: Pending | None = None
    speaks: bool = False
    """Whether anything was said."""
    silent: bool = False
    """Whether there was a call, so that text is not said any more: there was no result yet."""
    adjacent: bool = False
    """Whether only separators have come since the last call."""
    lead: str = ""
    """Spaces before the first word."""
    trim: bool = False
    """Whether those are left out."""
    last: str = ""
    """The last character that was said."""
    ending: str = ""
    """The last of them that is no space."""
    tail: str = ""
    """The last few of them."""

    @property
    def answered(self) -> bool:
        """Return whether anything has come but thoughts."""
        return self.speaks or self.silent or self.pending is not None

    def emit(self, text: str) -> None:
        """Say a text, unless a call has come before it."""
        if not text:
            return
        if self.silent:
            self.adjacent = self.adjacent and not text.strip(_SEPARATORS)
            return
        if (pending := self.pending) is not None:
            if not text.strip(_SEPARATORS):
                pending.raw += text
                if pending.has_line and "\n" in text:
                    self.settle()
                return
            text, self.pending = pending.raw + text, None
        if not self.speaks:
            text, self.lead = self.lead + text, ""
            if self.trim:
                text = text.lstrip(_BLANK)
            if not text.strip(_BLANK):
                self.lead = text[:_MOST_LEAD]
                return
            self.speaks, self.trim = True, False
        self.said.append(text)
        self.note(text)

    def note(self, text: str) -> None:
        """Remember how the text ends that was said."""
        self.last = text[-1]
        self.tail = (self.tail + text)[-_TAIL:]
        if words := text.rstrip():
            self.ending = words[-1]

    def count(self, calls: Sequence[ToolCall]) -> None:
        """Take calls that are certain."""
        self.settle()
        self.calls += calls
        self.silent = self.adjacent = True

    def pend(self, raw: str, calls: tuple[ToolCall, ...], *, has_line: bool = False) -> None:
        """Take calls that are none if text follows; with `has_line`, in the same line."""
        if self.pending is None:
            self.pending = Pending(has_line=has_line)
        self.pending.raw += raw
        self.pending.calls += calls

    def settle(self) -> None:
        """Make calls of those that nothing followed."""
        if self.pending is not None:
            self.calls += self.pending.calls
            self.pending = None
            self.silent = self.adjacent = True

    def retract(self) -> bool:
        """Turn what was said into thought, and return whether any of it was taken already."""
        spoken, kept = self.speaks, "".join(self.said)
        self.said.clear()
        self.thought.append(kept)
        self.pending, self.speaks, self.last, self.tail = None, False, "", ""
        return spoken

    def take(self) -> tuple[str, str]:
        """Return what was said and thought since the last time."""
        said, thought = "".join(self.said), "".join(self.thought)
        self.said.clear()
        self.thought.clear()
        return said, thought
