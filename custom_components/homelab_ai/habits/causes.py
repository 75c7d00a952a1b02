"""Who did it: the cause of each state change, from the changes and the events that share their contexts.

Measured on Home Assistant 2026.11: a state that an automation by time has changed looks in its row exactly
as if a device had been switched by hand; only the event `automation_triggered` of the same context tells. A
script that a person started gives its own context to what it switches. An entity keeps the context of its
caller for five seconds only, so what a slow device reports later looks as if done by hand.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .action import Action, Cause
from .subjects import SCENE, SCRIPT, STARTED, domain_of, settled

ECHO = 60.0
"""Seconds after a call in which a bare change of what was called is what the call did."""
TOGETHER = 2.0
"""Seconds in which changes of one context are one action."""
_NOTHING = frozenset(("", "unavailable", "unknown"))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the states table. `before` is the state of the row before, None for the first after a start.

    `context` is what it shares with events; `has_user` and `has_parent` say whether that names one.
    """

    entity: str
    state: str
    before: str | None
    at: float
    context: bytes | None
    has_user: bool = False
    has_parent: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """An action of Home Assistant that was called, with the entities that it names itself."""

    at: float
    context: bytes | None
    entities: tuple[str, ...] = ()
    service: str = ""
    has_user: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """A script that began."""

    at: float
    context: bytes | None
    entity: str
    has_user: bool = False


@dataclass(slots=True)
class Traces:
    """The events of a stretch of time: which automations and scripts ran, and what was called."""

    automations: dict[bytes, str] = field(default_factory=dict)
    """Automations by the context of their run."""
    scripts: list[Started] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    sees_calls: bool = True
    """Whether calls are recorded at all; without them voice and hand look the same."""


@dataclass(frozen=True, slots=True)
class _Known:
    automations: Mapping[bytes, str]
    scripts: frozenset[bytes]
    calls: frozenset[bytes]
    called: Mapping[str, tuple[list[float], list[Call]]]


def cause_of(row: Row, traces: Traces) -> Cause:
    """Return what caused one change; `actions` does it for many."""
    return _cause(row, _known(traces))


def actions(rows: Iterable[Row], traces: Traces, groups: Mapping[str, frozenset[str]]) -> list[Action]:
    """Return what was done in a stretch of time, by its moment; `groups` are entities that stand for others.

    Left out is what is none: what was not there before, attributes, states on their way, and the members of a
    group that was switched as one.
    """
    known = _known(traces)
    done = [*_changes(rows, known), *_started(traces, known), *_scenes(traces, known)]
    done.sort(key=lambda pair: (pair[1].at, pair[1].entity))
    return [action for _, action in _without_members(done, groups, _scene_contexts(traces))]


def _known(traces: Traces) -> _Known:
    called: dict[str, list[Call]] = defaultdict(list)
    for call in traces.calls:
        for entity in call.entities:
            called[entity].append(call)
    for calls in called.values():
        calls.sort(key=lambda call: call.at)
    return _Known(
        traces.automations,
        frozenset(script.context for script in traces.scripts if script.context),
        frozenset(call.context for call in traces.calls if call.context),
        {entity: ([call.at for call in calls], calls) for entity, calls in called.items()},
    )


def _cause(row: Row, known: _Known) -> Cause:
    cause = _cause_of_context(row.context, row.has_user, row.has_parent, known)
    if cause is not Cause.HAND:
        return cause
    call = _call_before(row, known)
    if call is None:
        return Cause.HAND
    return _cause_of_context(call.context, call.has_user, False, known)


def _cause_of_context(context: bytes | None, has_user: bool, has_parent: bool, known: _Known) -> Cause:
    if context in known.automations:
        return Cause.AUTOMATION if has_parent else Cause.SCHEDULE
    if context in known.scripts:
        return Cause.SCRIPT
    if has_parent:
        return Cause.AUTOMATION
    if has_user:
        return Cause.PERSON
    return Cause.APP if context in known.calls else Cause.HAND


def _call_before(row: Row, known: _Known) -> Call | None:
    """Return the last call of an entity shortly before a change that names no cause."""
    times, calls = known.called.get(row.entity, ([], []))
    index = bisect_right(times, row.at) - 1
    return calls[index] if index >= 0 and row.at - times[index] <= ECHO else None


def _changes(rows: Iterable[Row], known: _Known) -> Iterator[tuple[bytes | None, Action]]:
    for row in rows:
        if row.before is None or row.before in _NOTHING or row.state in _NOTHING:
            continue
        state = settled(row.entity, row.state)
        if state is None or state == settled(row.entity, row.before):
            continue
        cause = _cause(row, known)
        if cause is Cause.SCRIPT:
            continue
        by = known.automations.get(row.context or b"", "") or _caller(row, cause, known)
        yield row.context, Action(int(row.at), row.entity, state, cause, by)


def _caller(row: Row, cause: Cause, known: _Known) -> str:
    """Return the automation that called what reports only now."""
    call = _call_before(row, known) if cause.is_automated else None
    return known.automations.get(call.context or b"", "") if call else ""


def _started(traces: Traces, known: _Known) -> Iterator[tuple[bytes | None, Action]]:
    """Yield the scripts that people, or automations, started; one that calls another is one action."""
    seen = set[bytes | None]()
    for script in sorted(traces.scripts, key=lambda script: script.at):
        if script.context in seen:
            continue
        seen.add(script.context)
        by = known.automations.get(script.context or b"", "")
        cause = Cause.SCHEDULE if by else Cause.PERSON if script.has_user else Cause.APP
        yield script.context, Action(int(script.at), script.entity, STARTED, cause, by)


def _scenes(traces: Traces, known: _Known) -> Iterator[tuple[bytes | None, Action]]:
    for call in traces.calls:
        if call.service != "scene.turn_on" or call.context in known.scripts:
            continue
        cause = _cause_of_context(call.context, call.has_user, False, known)
        for entity in call.entities:
            if domain_of(entity) == SCENE:
                by = known.automations.get(call.context or b"", "")
                yield call.context, Action(int(call.at), entity, STARTED, cause, by)


def _scene_contexts(traces: Traces) -> frozenset[bytes]:
    return frozenset(
        call.context for call in traces.calls if call.service == "scene.turn_on" and call.context
    )


def _without_members(
    done: list[tuple[bytes | None, Action]], groups: Mapping[str, frozenset[str]], scenes: frozenset[bytes]
) -> Iterator[tuple[bytes | None, Action]]:
    """Yield what stands for itself: of one context within two seconds, the groups instead of their members.

    A group that follows one member, switched by hand, has its context: then the member is what was done.
    """
    together: dict[bytes, list[Action]] = defaultdict(list)
    for context, action in done:
        if context:
            together[context].append(action)
    for context, action in done:
        others = together.get(context, []) if context else []
        if context in scenes and domain_of(action.entity) not in (SCENE, SCRIPT):
            continue
        if len(others) > 1 and _is_covered(action, others, groups):
            continue
        yield context, action


def _is_covered(action: Action, others: list[Action], groups: Mapping[str, frozenset[str]]) -> bool:
    """Return whether another action of its context says what this one does."""
    near = {other.entity for other in others if abs(other.at - action.at) <= TOGETHER}
    if members := groups.get(action.entity):
        # Only some of its members moved: it just shows what they do, and counts for nothing.
        return len(members & near) == 1
    return any(action.entity in groups.get(entity, ()) and len(groups[entity] & near) > 1 for entity in near)
