"""All that is known of a thing, or of all things of a kind, a sentence each: what a model looks up."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice

from ...timeline import Entry
from ...topology import Thing, ThingKind
from .attributes import values
from .changes import happened, parts_of
from .groups import KINDS, holds
from .knowledge import Knowledge, alike
from .measures import told_values
from .question import Ask, Attribute, Condition, Question
from .speaker import Speaker
from .states import state, up_to_date
from .ties import needed_by, needs, origin, place, runs_here

MOST_MEMBERS = 40
"""Things of a kind that are told of; those that have a problem stand first."""
MOST_CHANGES = 5
_ASK = Question(Ask.ABOUT)
_TOLD = (Condition.SUSPENDED, Condition.RESTARTING, Condition.OUT_OF_SYNC, Condition.MUTED, Condition.LOADED)
"""Conditions that no value and no problem of a thing says as plainly."""
_OF_MEMBERS = (
    *(Attribute.FULL, Attribute.EXPIRY, Attribute.LAST_BACKUP, Attribute.NEXT_BACKUP, Attribute.RESTARTS),
    *(Attribute.VRAM, Attribute.VRAM_FREE, Attribute.REVISION, Attribute.VERSION),
)
_TIES = (needs, needed_by, place, runs_here, origin, up_to_date)


def portrait(known: Knowledge, things: list[Thing], language: str) -> list[str]:
    """Return what is known of things that are called the same; how the first is stands first."""
    speaker = Speaker(known, language)
    named = alike(things)
    told = [state(speaker, _ASK, things), *_conditions(speaker, named)]
    for attribute in Attribute:
        told += told_values(speaker, attribute, _having(named, attribute, known))
    told += [tie(speaker, _ASK, named) for tie in _TIES]
    changes = known.timeline.between(
        datetime.min.replace(tzinfo=speaker.now.tzinfo), things=_ids(named, known)
    )
    told += [happened(speaker, entry) for entry in changes[::-1][:MOST_CHANGES]]
    return list(dict.fromkeys(told))


def roll_call(known: Knowledge, kinds: Collection[ThingKind], language: str) -> list[str]:
    """Return how each thing of these kinds is; the first sentence says how many there are."""
    speaker = Speaker(known, language)
    there = [thing for thing in known.topology if thing.kind in kinds]
    there.sort(key=lambda thing: (not known.troubles_of((thing,)), thing.name))
    if not there:
        return []
    told = [
        speaker.sentence(
            speaker.said.some, value=_count(speaker, kinds, len(there)), names=speaker.names(there)
        )
    ]
    for thing in islice(there, MOST_MEMBERS):
        told += [state(speaker, _ASK, [thing]), *_conditions(speaker, [thing])]
        for attribute in _OF_MEMBERS:
            told += told_values(speaker, attribute, [thing])[:1]
    return list(dict.fromkeys(told))


def _count(speaker: Speaker, kinds: Collection[ThingKind], count: int) -> str:
    """Return how many things of these kinds there are, with the noun for them where there is one."""
    group = next((group for group, of_group in KINDS.items() if set(of_group) & set(kinds)), None)
    number = speaker.words.count(count)
    if group is None:
        return number
    noun = speaker.said.group_nouns[group]
    return noun.one if count == 1 else f"{number} {noun.many}"


def chronicle(known: Knowledge, entries: Sequence[Entry], language: str) -> list[str]:
    """Return what happened, the latest first, each with when."""
    speaker = Speaker(known, language)
    return [happened(speaker, entry) for entry in reversed(entries)]


def with_parts(things: Sequence[Thing], known: Knowledge) -> set[str]:
    """Return the ids of things that are called the same, and of what belongs to them."""
    return _ids(alike(things), known)


def _ids(things: Sequence[Thing], known: Knowledge) -> set[str]:
    return {other.id for thing in things for other in (thing, *parts_of(thing, known))}


def _having(things: list[Thing], attribute: Attribute, known: Knowledge) -> list[Thing]:
    having = (thing for thing in things if next(values(attribute, [thing], known), None) is not None)
    return list(islice(having, 1))


def _conditions(speaker: Speaker, things: Sequence[Thing]) -> Iterator[str]:
    for thing in things:
        for condition in _TOLD:
            if holds(condition, thing, speaker.known):
                verb = speaker.said.predicates[condition].one
                yield speaker.sentence("{name} {verb}", name=speaker.name(thing), verb=verb)
