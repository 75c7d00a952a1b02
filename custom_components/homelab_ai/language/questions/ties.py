"""Answers to how things hang together."""

from collections.abc import Sequence

from ...topology import LinkKind, Thing, ThingKind
from ..names import compact
from .changes import parts_of
from .knowledge import Knowledge, alike
from .question import Question
from .speaker import Speaker

_APPS = frozenset(
    {
        *(ThingKind.SYSTEM, ThingKind.APP, ThingKind.WORKLOAD, ThingKind.PAGE),
        *(ThingKind.ENTITY, ThingKind.INTEGRATION),
    }
)
_USED = _APPS | {ThingKind.MODEL}
_FIRST = (_APPS, _USED, frozenset(ThingKind) - {ThingKind.POD}, frozenset(ThingKind))
"""What people use stands for its parts: apps are missed, models are only what a hub has."""


def needs(speaker: Speaker, question: Question, things: list[Thing]) -> str:
    """Answer what a thing needs; of what needs nothing also who needs it: in German both are asked alike."""
    kinds = tuple(kind for kind in LinkKind if kind is not LinkKind.PART_OF)
    needed = [thing for _, thing in _tied(things, speaker.known, kinds)]
    words = speaker.said
    if not needed:
        nothing = speaker.of(words.needs_nothing, things[0])
        is_needed = bool(speaker.known.topology.impact(things[0].id, most=1))
        return f"{nothing} {needed_by(speaker, question, things)}" if is_needed else nothing
    return speaker.of(words.needs, things[0], names=speaker.names(needed))


def _tied(
    things: list[Thing], knowledge: Knowledge, kinds: Sequence[LinkKind]
) -> list[tuple[LinkKind, Thing]]:
    named = alike(things)
    tied = {
        other.id: (kind, other)
        for thing in named
        for kind, other in knowledge.topology.targets(thing)
        if kind in kinds and other not in named
    }
    return list(tied.values())


def needed_by(speaker: Speaker, _question: Question, things: list[Thing], *, is_asked: bool = True) -> str:
    """Answer what depends on a thing: what people use, before what it is made of.

    Nothing is said of what nothing depends on where that was not asked.
    """
    words = speaker.said
    named = alike(things)
    impact = {other.id: other for thing in named for other in speaker.known.topology.impact(thing.id)}
    others = [thing for thing in impact.values() if thing not in named]
    if things[0].kind in _USED:
        # What is called like an app is a part of it.
        own = compact(things[0].name)
        others = [
            other
            for other in others
            if own not in (compact(other.name), compact(_owner(other, speaker.known).name))
        ]
    depending = next(
        (group for kinds in _FIRST if (group := [other for other in others if other.kind in kinds])), []
    )
    depending += [
        owner
        for other in others
        if (owner := _owner(other, speaker.known)) not in (*depending, *named) and owner.kind in _APPS
    ]
    if not depending:
        return "" if not is_asked else speaker.of(words.needed_by_nothing, things[0])
    return speaker.of(words.needed_by, things[0], names=speaker.names(depending))


def origin(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer what delivers a thing, up to its repository."""
    links = (LinkKind.DELIVERED_BY, LinkKind.PART_OF, LinkKind.SERVED_BY)
    named = alike(things)
    delivering = (thing for thing in named if thing.kind is ThingKind.GITOPS)
    around = (other for thing in named for other in speaker.known.around(thing, links, depth=6))
    chain = [
        thing
        for thing in dict.fromkeys((*delivering, *around))
        if thing.kind in (ThingKind.GITOPS, ThingKind.SOURCE) and thing is not things[0]
    ]
    if not chain:
        return speaker.of(speaker.said.origin_unknown, things[0])
    return speaker.of(speaker.said.origin, things[0], names=speaker.words.joined(_names(speaker, chain)))


def _names(speaker: Speaker, things: Sequence[Thing]) -> list[str]:
    """Return the names of what delivers, each with the word for it that Flux or Argo CD has."""
    return [
        f"{thing.detail} {speaker.plain(thing)}"
        if thing.detail and thing.kind is ThingKind.GITOPS
        else speaker.name(thing)
        for thing in things
    ]


def place(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer on which nodes a thing runs."""
    knowledge = speaker.known
    parts = [other for thing in things for other in (thing, *parts_of(thing, knowledge))]
    nodes = {
        other.id: other
        for part in parts
        for kind, other in knowledge.topology.targets(part)
        if kind is LinkKind.RUNS_ON
    }
    if not nodes:
        return speaker.of(speaker.said.place_unknown, things[0])
    return speaker.of(speaker.said.place, things[0], names=speaker.names(list(nodes.values())))


def stored_in(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer where a thing stores what it has."""
    named = alike(things)
    stores = [
        other for thing in named for other in speaker.known.around(thing, (LinkKind.STORES_IN,), depth=1)
    ]
    if not stores:
        return speaker.of(speaker.said.stored_unknown, things[0])
    return speaker.of(speaker.said.stored, things[0], names=speaker.names(stores))


def runs_here(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer what runs on a thing, or is stored in it; apps stand before what only holds them up."""
    kinds = (LinkKind.RUNS_ON, LinkKind.STORES_IN)
    guests = [
        other
        for thing in things[:1]
        for kind, other in speaker.known.topology.dependents(thing)
        if kind in kinds
    ]
    owners = [_owner(guest, speaker.known) for guest in guests]
    if not owners:
        return speaker.of(speaker.said.runs_nothing, things[0])
    owners.sort(key=lambda owner: owner.kind not in _USED)
    return speaker.of(speaker.said.runs_here, things[0], names=speaker.names(list(dict.fromkeys(owners))))


def _owner(thing: Thing, knowledge: Knowledge) -> Thing:
    """Return what a pod belongs to, which is what people know; not the namespace that all are in."""
    owners = (other for kind, other in knowledge.topology.targets(thing) if kind is LinkKind.PART_OF)
    return next(
        (owner for owner in owners if owner.kind not in (ThingKind.NAMESPACE, ThingKind.CLUSTER)), thing
    )
