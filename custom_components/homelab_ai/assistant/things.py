"""A thing of the homelab and what happened to it, as actions and tools tell it: plain JSON."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..coordinator import HomelabData
from ..health.problem import Severity
from ..language.happenings import sentence_of
from ..timeline import Entry
from ..topology import LinkKind, State, Thing
from .listing import listed_problem, local_time

MOST_TIED = 50
MOST_CHANGES = 20
CHANGES_OF = timedelta(days=30)


def state_of(homelab: HomelabData, thing: Thing) -> State:
    """Return how a thing is: in trouble also where somebody else says so."""
    if thing.state is State.OFF:
        return State.OFF
    problems = homelab.health.ledger.problems_of({thing.id})
    is_troubled = any(problem.severity is not Severity.INFO for problem in problems)
    return State.TROUBLE if is_troubled else thing.state


def looked_up(homelab: HomelabData, thing: Thing, others: Iterable[Thing], language: str) -> JsonObjectType:
    """Return all that is known of a thing; `others` are called the same."""
    topology = homelab.things.topology
    situation = homelab.situation()
    needs: list[JsonValueType] = [_tied(homelab, kind, other) for kind, other in topology.targets(thing)]
    needed_by: list[JsonValueType] = [
        _tied(homelab, kind, other) for kind, other in topology.dependents(thing)
    ]
    problems = homelab.health.ledger.problems_of({thing.id})
    now = dt_util.now()
    changes = homelab.things.timeline.between(now - CHANGES_OF, things={thing.id})[-MOST_CHANGES:]
    return {
        **_brief(homelab, thing),
        "facts": _facts(thing),
        "url": thing.url or None,
        "needs": needs[:MOST_TIED],
        "needed_by": needed_by[:MOST_TIED],
        "depending": len(topology.impact(thing.id)),
        "delivered_by": _origin(homelab, thing),
        "problems": [listed_problem(problem, situation) for problem in problems],
        "changes": [listed_entry(homelab, entry, language) for entry in reversed(changes)],
        "also_called_so": [_brief(homelab, other) for other in islice(others, MOST_TIED)],
    }


def listed_entry(homelab: HomelabData, entry: Entry, language: str) -> JsonObjectType:
    """Return what happened, with a sentence in the language."""
    return {
        "at": local_time(entry.at),
        "kind": entry.kind.value,
        "name": entry.name,
        "thing": entry.thing or None,
        "message": sentence_of(entry, dt_util.now(), language),
        "noticed_late": entry.noticed_late,
        "facts": {key: _value(value) for key, value in entry.facts.items()},
    }


def _brief(homelab: HomelabData, thing: Thing) -> JsonObjectType:
    return {
        "id": thing.id,
        "name": thing.name,
        "kind": thing.detail or thing.kind.value,
        "place": thing.place or None,
        "state": state_of(homelab, thing).value,
    }


def _tied(homelab: HomelabData, kind: LinkKind, thing: Thing) -> JsonObjectType:
    return {"link": kind.value, **_brief(homelab, thing)}


def _facts(thing: Thing) -> JsonObjectType:
    return {fact.key: {"value": _value(fact.value), "unit": fact.unit or None} for fact in thing.facts}


def _value(value: object) -> JsonValueType:
    if isinstance(value, datetime):
        return local_time(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if isinstance(value, str | int | float | bool) else str(value)


def _origin(homelab: HomelabData, thing: Thing) -> list[JsonValueType]:
    """Return what delivers a thing, up to where it comes from."""
    chain: list[JsonValueType] = []
    current, seen = thing, {thing.id}
    while current is not None and len(chain) < MOST_TIED:
        targets = homelab.things.topology.targets(current)
        wanted = (LinkKind.DELIVERED_BY, LinkKind.PART_OF) if not chain else (LinkKind.DELIVERED_BY,)
        step = next((other for kind, other in targets if kind in wanted and other.id not in seen), None)
        if step is None:
            break
        seen.add(step.id)
        chain.append(_brief(homelab, step))
        current = step
    return chain
