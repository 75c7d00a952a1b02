"""What the calls of a turn did: each done, or not, by what its tool says."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeassistant.components import conversation
from homeassistant.helpers import llm

from ..hub.errors import HubError
from ..values.text import line
from .containment import NOT_IN_THIS_TURN, TOO_MANY_CALLS
from .wire_safe import dumps

MOST_FAILURES = 2
"""Times that the same call may fail in one turn."""
_REFUSED = (NOT_IN_THIS_TURN, TOO_MANY_CALLS)
"""Errors after which a model decides anew, so the same call is no circle."""
_MOST_NAMED = 6
_LONGEST_NAME = 60


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
    """The names of what was done, and of what was not; `count` is of the calls that were done."""

    done: tuple[str, ...]
    failed: tuple[str, ...]
    count: int
    failures: int


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
    """Return what the turn has changed; tools that only read do nothing that could be told.

    A call that failed is no failure where the model called the same tool later, and that worked.
    """
    known = {tool.name: tool for tool in tools if not tool.annotations.read_only}
    calls = [call for call in calls_of(content) if call.tool in known]
    last_success = {call.tool: call.message for call in calls if not call.result.error}
    done: dict[str, None] = {}
    failed: dict[str, None] = {}
    count = failures = 0
    for call in calls:
        if call.result.error:
            if last_success.get(call.tool, -1) <= call.message:
                failures += 1
                failed |= dict.fromkeys(_named(call, known[call.tool]))
            continue
        count += 1
        succeeded, missed = _targets(call.result.data)
        done |= dict.fromkeys(succeeded or _named(call, known[call.tool]))
        failed |= dict.fromkeys(missed)
        failures += bool(missed)
    return Deeds(tuple(done)[:_MOST_NAMED], tuple(failed)[:_MOST_NAMED], count, failures)


def _targets(data: Any) -> tuple[list[str], list[str]]:
    """Return what an intent's response says it was done to, and what it failed for."""
    told = data.get("data") if isinstance(data, Mapping) else None
    if not isinstance(told, Mapping):
        return [], []
    return _names(told.get("success")), _names(told.get("failed"))


def _names(targets: Any) -> list[str]:
    """Return the names of entities, else of rooms."""
    entries = [entry for entry in targets if isinstance(entry, Mapping)] if isinstance(targets, list) else []
    entities = [entry for entry in entries if str(entry.get("type")) == "entity"]
    return [name for entry in entities or entries if (name := line(entry.get("name"), _LONGEST_NAME))]


def _named(call: Call, tool: llm.Tool) -> list[str]:
    """Return what a call says it is for, as people call it; else the tool's own title."""
    for key in ("item", "name", "area", "floor"):
        value = call.arguments.get(key)
        if isinstance(value, str) and value.strip() and "." not in value and "_" not in value:
            return [line(value, _LONGEST_NAME)]
    return [line(tool.title, _LONGEST_NAME)] if tool.title else []
