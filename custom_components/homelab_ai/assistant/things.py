"""A thing of the homelab and what happened to it, as actions and tools tell it: plain JSON."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from homeassistant.util.json import JsonObjectType, JsonValueType

from ..health.pages import page_about
from ..language.happenings import sentence_of
from ..language.questions.knowledge import Knowledge
from ..timeline import Entry
from ..topology import LinkKind, Thing, ThingKind
from .listing import listed_problem, local_time

MOST_TIED = 50
MOST_CHANGES = 20
CHANGES_OF = timedelta(days=30)


def looked_up(knowledge: Knowledge, thing: Thing, others: Iterable[Thing], language: str) -> JsonObjectType:
    """Return all that is known of a thing; `others` are called the same."""
    needs: list[JsonValueType] = [
        _tied(knowledge, *tie) for tie in islice(knowledge.topology.targets(thing), MOST_TIED)
    ]
    needed_by: list[JsonValueType] = [
        _tied(knowledge, *tie) for tie in islice(knowledge.topology.dependents(thing), MOST_TIED)
    ]
    since = knowledge.situation.now - CHANGES_OF
    changes = knowledge.timeline.between(since, things={thing.id})[-MOST_CHANGES:]
    return {
        **_brief(knowledge, thing),
        "facts": _facts(thing),
        "url": thing.url or None,
        "needs": needs,
        "needed_by": needed_by,
        "depending": len(knowledge.topology.impact(thing.id)),
        "delivered_by": _origin(knowledge, thing),
        "problems": [
            listed_problem(
                problem, knowledge.situation, lambda one: page_about(one, knowledge.topology), language
            )
            for problem in knowledge.problems_of((thing,))
        ],
        "open_changes": [
            _brief(knowledge, open_change) | {"url": open_change.url}
            for open_change in open_changes(knowledge, thing)
        ],
        "changes": [listed_entry(entry, knowledge.situation.now, language) for entry in reversed(changes)],
        "also_called_so": [_brief(knowledge, other) for other in islice(others, MOST_TIED)],
    }


def listed_entry(entry: Entry, now: datetime, language: str) -> JsonObjectType:
    """Return what happened, with a sentence in the language."""
    return {
        "at": local_time(entry.at),
        "kind": entry.kind.value,
        "name": entry.name,
        "thing": entry.thing or None,
        "message": sentence_of(entry, now, language),
        "noticed_late": entry.noticed_late,
        "facts": {key: _value(value) for key, value in entry.facts.items()},
    }


def _brief(knowledge: Knowledge, thing: Thing) -> JsonObjectType:
    return {
        "id": thing.id,
        "name": thing.name,
        "kind": thing.detail or thing.kind.value,
        "place": thing.place or None,
        "state": knowledge.state_of(thing).value,
    }


def _tied(knowledge: Knowledge, kind: LinkKind, thing: Thing) -> JsonObjectType:
    return {"link": kind.value, **_brief(knowledge, thing)}


def _facts(thing: Thing) -> JsonObjectType:
    return {fact.key: {"value": _value(fact.value), "unit": fact.unit or None} for fact in thing.facts}


def _value(value: object) -> JsonValueType:
    if isinstance(value, datetime):
        return local_time(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if isinstance(value, str | int | float | bool) else str(value)


def open_changes(known: Knowledge, thing: Thing) -> Iterator[Thing]:
    """Yield the open pull requests that change files which a thing is delivered from.

    That is by the path of what delivers it, the nearest that has one.
    """
    paths = (_path_of(reference) for reference in (thing, *origins(known, thing)))
    if not (path := next(filter(None, paths), "")):
        return
    for item in known.topology.of_kind(ThingKind.PULL_REQUEST):
        folders = str(item.fact("folders") or "").split(", ")
        if any(folder == path or folder.startswith(f"{path}/") for folder in folders):
            yield item


def _path_of(thing: Thing) -> str:
    return str(thing.fact("path") or "").removeprefix("./").strip("/")


def _origin(knowledge: Knowledge, thing: Thing) -> list[JsonValueType]:
    """Return what delivers a thing, up to where it comes from."""
    return [_brief(knowledge, reference) for reference in origins(knowledge, thing)]


def origins(known: Knowledge, thing: Thing) -> Iterator[Thing]:
    """Yield what delivers a thing, what delivers that, and so on."""
    current, seen = thing, {thing.id}
    while len(seen) <= MOST_TIED:
        targets = known.topology.targets(current)
        wanted = (LinkKind.DELIVERED_BY, LinkKind.PART_OF) if current is thing else (LinkKind.DELIVERED_BY,)
        step = next((other for kind, other in targets if kind in wanted and other.id not in seen), None)
        if step is None:
            return
        seen.add(step.id)
        yield step
        current = step
