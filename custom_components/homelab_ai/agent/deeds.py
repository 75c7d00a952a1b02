"""What the calls of a turn did: each done, or not, by what its tool says."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
import re
from typing import Any, Protocol

from homeassistant.components import conversation
from homeassistant.helpers import llm

from ..hub.errors import HubError
from ..language.claims import (
    asks_for_a_deed,
    claims_a_deed,
    claims_own_deed,
    only_fails,
    tells_failure,
)
from ..values.text import line
from .containment import NOT_IN_THIS_TURN, TOO_MANY_CALLS
from .mending import is_correction
from .tool_names import own_name, resolve
from .wire_safe import dumps

MOST_FAILURES = 2
"""Times that the same call may fail in one turn."""
_REFUSED = (NOT_IN_THIS_TURN, TOO_MANY_CALLS)
"""Errors after which a model decides anew, so the same call is no circle."""
_TARGET_KEYS = ("item", "name", "area", "floor")
# How the names of tools begin that models make up for reading something.
_READS = re.compile(
    r"^(?:get|list|query|search|check|fetch|read|find|is|what|show|describe|look|lookup|status|state|current)"
    r"(?![a-z])|(?:status|state|weather|forecast|info)$",
    re.IGNORECASE,
)
_MOST_NAMED = 6
_LONGEST_NAME = 60


class Account(Protocol):
    """Says what the calls of a turn did."""

    async def of(self, deeds: Deeds) -> str:
        """Return what was done and what was not."""

    async def of_nothing(self) -> str:
        """Return that nothing was done, whatever was said."""


class CallFailedError(HubError):
    """The model made the same call again after it had failed, and it failed again."""

    key = "call_failed_twice"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a turn and its result."""

    tool: str
    arguments: Mapping[str, Any]
    result: llm.ToolResult
    message: int
    """Which of the model's messages it was made in."""

    @property
    def key(self) -> str:
        """Return what is the same for equal calls."""
        return dumps([self.tool, self.arguments])


@dataclass(frozen=True, slots=True)
class Deeds:
    """The names of what was done, and of what was not; `count` is of the calls that were done.

    `failures` are those that were surely to change something, `doubtful` those of which that is not known, or
    that only read: a tool that does not exist, called for nothing, or one that must not be called any more.
    `wanted` where a deed was asked for that a tool could do, and no turn so far has called one.
    """

    done: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    count: int = 0
    failures: int = 0
    doubtful: int = 0
    wanted: bool = False

    def are_denied_by(self, text: str) -> bool:
        """Return whether a text calls a failure what was done, all of it."""
        return bool(self.count) and not (self.failures or self.doubtful) and only_fails(text)

    def are_made_up_by(self, text: str) -> bool:
        """Return whether a text claims for certain that a deed was done, although no tool was called."""
        return self.wanted and claims_own_deed(text)

    @property
    def are_told_by(self) -> Callable[[str], bool]:
        """Return what decides whether a model's text tells truthfully what was not done."""
        if self.failures:
            return lambda text: tells_failure(text, self.done, self.failed)
        return lambda text: not claims_a_deed(text) or bool(self.count)


def calls_of(content: Sequence[conversation.Content]) -> Iterator[Call]:
    """Yield the calls of the turn that a chat log ends with, those with a result."""
    start = max(
        (i for i, item in enumerate(content) if isinstance(item, conversation.UserContent)), default=0
    )
    inputs: dict[str, llm.ToolInput] = {}
    message = 0
    for item in content[start:]:
        if isinstance(item, conversation.AssistantContent):
            message += 1
            inputs |= {call.id: call for call in item.tool_calls or ()}
        elif isinstance(item, conversation.ToolResultContent) and (call := inputs.get(item.tool_call_id)):
            yield Call(call.tool_name, call.tool_args, item.result, message)


def refuse_circles(content: Sequence[conversation.Content]) -> None:
    """Raise CallFailedError where the turn has made one call that failed, again and in vain."""
    failures: dict[str, int] = {}
    for call in calls_of(content):
        if call.result.error and call.result.data.get("error") not in _REFUSED:
            failures[call.key] = failures.get(call.key, 0) + 1
            if failures[call.key] >= MOST_FAILURES:
                raise CallFailedError("the same call failed twice")


def deeds_of(content: Sequence[conversation.Content], tools: Collection[llm.Tool]) -> Deeds:
    """Return what the turn has changed; tools that only read do nothing that could be told."""
    offered = {tool.name: tool for tool in tools}
    calls = [_Deed(call, _tool_of(call, offered)) for call in calls_of(content)]
    successes = [deed for deed in calls if deed.worked]
    worked = [deed for deed in successes if not deed.only_reads]
    question = _question(content)
    open_failures = [deed for deed in calls if not deed.worked and not deed.is_mended(successes, question)]
    missed = [names for deed in worked if (names := _targets(deed.call.result.data)[1])]
    done = dict.fromkeys(name for deed in worked for name in deed.done)
    failed = dict.fromkeys(name for names in missed for name in names)
    failed |= dict.fromkeys(
        name for deed in open_failures if not deed.only_reads for name in deed.failed(done)
    )
    doubtful = sum(deed.is_doubtful for deed in open_failures)
    return Deeds(
        tuple(done)[:_MOST_NAMED],
        tuple(failed)[:_MOST_NAMED],
        count=len(worked),
        failures=len(open_failures) - doubtful + len(missed),
        doubtful=doubtful,
        wanted=not calls and _wants_a_deed(content, tools),
    )


def _wants_a_deed(content: Sequence[conversation.Content], tools: Collection[llm.Tool]) -> bool:
    """Return whether a deed was asked for that no turn so far has done, and that could be done."""
    called = any(isinstance(item, conversation.ToolResultContent) for item in content)
    can = any(not tool.annotations.read_only for tool in tools)
    return can and not called and asks_for_a_deed(_question(content))


def _tool_of(call: Call, offered: Mapping[str, llm.Tool]) -> llm.Tool | None:
    name = resolve(call.tool, offered)
    return offered[name] if name else None


def _question(content: Sequence[conversation.Content]) -> str:
    """Return what the person said last."""
    return next(
        (item.content for item in reversed(content) if isinstance(item, conversation.UserContent)), ""
    )


@dataclass(frozen=True, slots=True)
class _Deed:
    """A call and its tool, None where there is none of that name."""

    call: Call
    tool: llm.Tool | None

    @property
    def only_reads(self) -> bool:
        if self.tool is not None:
            return self.tool.annotations.read_only
        return _READS.search(own_name(self.call.tool)) is not None

    @property
    def worked(self) -> bool:
        """Return whether it did anything, by its result; not every tool marks a failure as one."""
        data = self.call.result.data
        if self.call.result.error or not isinstance(data, Mapping):
            return not self.call.result.error
        told_failed = data.get("success") is False or data.get("response_type") == "error"
        done, missed = _targets(data)
        return not (told_failed or (missed and not done) or (data.get("error") and "success" not in data))

    @property
    def is_doubtful(self) -> bool:
        """Return whether it is not known that it would have changed anything."""
        if self.only_reads or (self.tool is None and not self.target):
            return True
        data = self.call.result.data
        return isinstance(data, Mapping) and data.get("error") == NOT_IN_THIS_TURN

    @property
    def target(self) -> str:
        """Return what it was for, in the model's words."""
        values = (self.call.arguments.get(key) for key in _TARGET_KEYS)
        return next((value for value in values if isinstance(value, str) and value.strip()), "")

    @property
    def done(self) -> Sequence[str]:
        return _targets(self.call.result.data)[0] or _named(self.call, self.tool)

    def failed(self, done: Collection[str]) -> Sequence[str]:
        """Return the names of what was not done; the tool's title where something else was done to it."""
        names = _named(self.call, self.tool)
        title = line(self.tool.title, _LONGEST_NAME) if self.tool and self.tool.title else ""
        return [title] if title and set(names) & set(done) else [name for name in names if name not in done]

    def is_mended(self, worked: Sequence[_Deed], question: str) -> bool:
        """Return whether the same was done after all."""
        return any(self._is_mended_by(deed, question) for deed in worked)

    def _is_mended_by(self, deed: _Deed, question: str) -> bool:
        if deed.call.key == self.call.key:
            return True
        if deed.call.message <= self.call.message:
            return False
        same_tool = self.tool is None or deed.tool is self.tool
        same_target = bool(self.target) and self.target.casefold() == deed.target.casefold()
        return same_target or (same_tool and is_correction(self.target, deed.target, question))


def _targets(data: Any) -> tuple[list[str], list[str]]:
    """Return what an intent's response says it was done to, and what it failed for."""
    targets = data.get("data") if isinstance(data, Mapping) else None
    if not isinstance(targets, Mapping):
        return [], []
    return _names(targets.get("success")), _names(targets.get("failed"))


def _names(targets: Any) -> list[str]:
    """Return the names of entities, else of rooms."""
    entries = [entry for entry in targets if isinstance(entry, Mapping)] if isinstance(targets, list) else []
    entities = [entry for entry in entries if str(entry.get("type")) == "entity"]
    return [name for entry in entities or entries if (name := line(entry.get("name"), _LONGEST_NAME))]


def _named(call: Call, tool: llm.Tool | None) -> list[str]:
    """Return what a call says it is for, as people call it; else the tool's own title."""
    for key in _TARGET_KEYS:
        value = call.arguments.get(key)
        if isinstance(value, str) and value.strip():
            return [line(value, _LONGEST_NAME)]
    return [line(tool.title, _LONGEST_NAME)] if tool is not None and tool.title else []
