"""What a message has come to so far: words, thoughts and calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field
import re

from ..api.chat import ToolCall
from ..language.claims import asks_first, confirms, only_shows

_BLANK = " \t\r\n\f\v\xa0\u200b\ufeff"
_MOST_LEAD = 200
_TAIL = 64
_MOST_BEHIND = 300
_MOST_DEFERRED = 600
_CLOSING_TAG = re.compile(r"</[a-zA-Z]\w{0,11}>")
_SEPARATORS = ' \t\r\n,;`*_}])~"'


@dataclass(slots=True)
class Pending:
    """Calls without marks, which count or not by what stands around them; `raw` is their text."""

    raw: str = ""
    calls: tuple[ToolCall, ...] = ()
    has_line: bool = False
    """Whether text that follows in their line makes text of them, too."""
    leads: bool = False
    """Whether the message begins with them. Then they count unless the text behind them asks first."""
    before: str = ""
    """What was said last before them."""
    behind: str = ""
    """The text behind them, so far."""

    @property
    def counts(self) -> bool:
        """Return whether they are to be made: nothing follows, or what takes them for made already."""
        if not _CLOSING_TAG.sub("", self.behind).strip(_SEPARATORS):
            return True
        if self.leads:
            return not asks_first(self.behind)
        return confirms(self.behind) and not only_shows(self.before)

    @property
    def text(self) -> str:
        """Return all of it as text."""
        return self.raw + self.behind


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
    deferred: str = ""
    """What is said only if no call follows it, as "JSON:" before one."""
    defers: bool = False
    """Whether all that comes is deferred as well."""

    @property
    def answered(self) -> bool:
        """Return whether anything has come but thoughts."""
        return self.speaks or self.silent or self.pending is not None or bool(self.deferred)

    def emit(self, text: str) -> None:
        """Say a text, unless a call has come before it."""
        if not text:
            return
        if self.silent:
            self.adjacent = self.adjacent and not text.strip(_SEPARATORS)
            return
        if self.pending is not None:
            if self._follows(self.pending, text):
                return
            text, self.pending = self.pending.text + text, None
        self._say(text)

    def _follows(self, pending: Pending, text: str) -> bool:
        """Take a text that stands behind calls, as long as it may leave them calls."""
        if not pending.behind and not text.strip(_SEPARATORS):
            pending.raw += text
            if pending.has_line and "\n" in text:
                pending.has_line, pending.leads = False, True
            return True
        if pending.has_line or len(pending.behind) + len(text) > _MOST_BEHIND:
            return False
        pending.behind += text
        self.note(text)
        return True

    def defer(self, text: str, *, whole: bool = False) -> None:
        """Take a text that is said unless a call follows; `whole`: with all that comes behind it."""
        if self.pending is not None:
            self.emit(text)
            return
        self.deferred += text
        self.defers = self.defers or whole

    def _say(self, text: str) -> None:
        if self.deferred or self.defers:
            self.deferred += text
            self.note(text)
            if not text.strip(_BLANK) or (self.defers and len(self.deferred) <= _MOST_DEFERRED):
                return
            text, self.deferred, self.defers = self.deferred, "", False
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

    def undefer(self) -> None:
        """Say what no call has followed."""
        text, self.deferred, self.defers = self.deferred, "", False
        if text:
            self._say(text)

    def forget_deferred(self) -> None:
        """Turn what was deferred into thought."""
        if self.deferred.strip(_BLANK):
            self.thought.append(self.deferred)
        self.deferred, self.defers = "", False

    def note(self, text: str) -> None:
        """Remember how the text ends that was said."""
        self.last = text[-1]
        self.tail = (self.tail + text)[-_TAIL:]
        if words := text.rstrip():
            self.ending = words[-1]

    def count(self, calls: Sequence[ToolCall]) -> None:
        """Take calls that are certain."""
        self.settle()
        self.forget_deferred()
        self.calls += calls
        self.silent = self.adjacent = True

    def pend(
        self, raw: str, calls: tuple[ToolCall, ...], *, has_line: bool = False, leads: bool = False
    ) -> None:
        """Take calls that what follows decides about; with `has_line`, in the same line."""
        if self.pending is not None and self.pending.behind:
            self.settle()
            if self.silent:
                return
            leads = False
        if self.pending is None:
            self.pending = Pending(has_line=has_line, leads=leads, before=self.tail)
        self.pending.raw += raw
        self.pending.calls += calls

    def settle(self) -> None:
        """Decide about what is pending."""
        if (pending := self.pending) is None:
            return
        self.pending = None
        if pending.counts:
            self.forget_deferred()
            self.calls += pending.calls
            self.silent, self.adjacent = True, not pending.behind.strip(_SEPARATORS)
        else:
            self._say(pending.text)

    def retract(self) -> bool:
        """Turn what was said into thought, and return whether any of it was taken already."""
        spoken, kept = self.speaks, "".join(self.said)
        self.said.clear()
        self.forget_deferred()
        self.thought.append(kept)
        self.pending, self.speaks, self.last, self.tail = None, False, "", ""
        return spoken

    def take(self) -> tuple[str, str]:
        """Return what was said and thought since the last time."""
        said, thought = "".join(self.said), "".join(self.thought)
        self.said.clear()
        self.thought.clear()
        return said, thought
