"""Answers to how things hang together."""

from collections.abc import Sequence

from ...topology import LinkKind, Thing, ThingKind
from .changes import parts_of
from .knowledge import Knowledge
from .question import Question
from .speaker import Speaker

_USED = frozenset(
    {ThingKind.SYSTEM, ThingKind.APP, ThingKind.WORKLOAD, ThingKind.PAGE, ThingKind.MODEL, ThingKind.ENTITY}
)


def needs(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer what a thing needs."""
    kinds = tuple(kind for kind in LinkKind if kind is not LinkKind.PART_OF)
    needed = [one for _, one in _tied(things, speaker.known, kinds)]
    said = speaker.said
    if not needed:
        return speaker.sentence(said.needs_nothing, name=speaker.name(things[0]))
    return speaker.sentence(said.needs, name=speaker.name(things[0]), names=speaker.names(needed))


def _tied(things: list[Thing], known: Knowledge, kinds: Sequence[LinkKind]) -> list[tuple[LinkKind, Thing]]:
    alike = [thing for thing in things if thing.name == things[0].name]
    found = {
        other.id: (kind, other)
        for thing in alike
        for kind, other in known.topology.targets(thing)
        if kind in kinds and other not in alike
    }
    return list(found.values())


def needed_by(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer what depends on a thing: what people use, before what it is made of."""
    said = speaker.said
    alike = [thing for thing in things if thing.name == things[0].name]
    impact = {one.id: one for thing in alike for one in speaker.known.topology.impact(thing.id)}
    others = [one for one in impact.values() if one not in alike]
    # What people use stands for its parts and what it is stored in.
    depending = next(
        (
            named
            for kinds in (_USED, frozenset(ThingKind) - {ThingKind.POD}, frozenset(ThingKind))
            if (named := [one for one in others if one.kind in kinds])
        ),
        [],
    )
    depending += [
        owner
        for one in others
        if (owner := _owner(one, speaker.known)) not in (*depending, *alike) and owner.kind in _USED
    ]
    if not depending:
        return speaker.sentence(said.needed_by_nothing, name=speaker.name(things[0]))
    return speaker.sentence(said.needed_by, name=speaker.name(things[0]), names=speaker.names(depending))


def origin(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer what delivers a thing, up to its repository."""
    links = (LinkKind.DELIVERED_BY, LinkKind.PART_OF, LinkKind.SERVED_BY)
    chain = [one for thing in things[:1] for one in speaker.known.around(thing, links, depth=6)]
    chain = [one for one in chain if one.kind in (ThingKind.GITOPS, ThingKind.SOURCE)]
    if not chain:
        return speaker.sentence(speaker.said.origin_unknown, name=speaker.name(things[0]))
    return speaker.sentence(
        speaker.said.origin, name=speaker.name(things[0]), names=speaker.words.joined(_names(speaker, chain))
    )


def _names(speaker: Speaker, things: Sequence[Thing]) -> list[str]:
    return [speaker.name(thing) for thing in things]


def place(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer on which nodes a thing runs."""
    known = speaker.known
    parts = [one for thing in things for one in (thing, *parts_of(thing, known))]
    nodes = {
        other.id: other
        for part in parts
        for kind, other in known.topology.targets(part)
        if kind is LinkKind.RUNS_ON
    }
    name = speaker.name(things[0])
    if not nodes:
        return speaker.sentence(speaker.said.place_unknown, name=name)
    return speaker.sentence(speaker.said.place, name=name, names=speaker.names(list(nodes.values())))


def runs_here(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer what runs on a thing, or is stored in it."""
    kinds = (LinkKind.RUNS_ON, LinkKind.STORES_IN)
    found = [
        one for thing in things[:1] for kind, one in speaker.known.topology.dependents(thing) if kind in kinds
    ]
    owners = [_owner(one, speaker.known) for one in found]
    name = speaker.name(things[0])
    if not owners:
        return speaker.sentence(speaker.said.runs_nothing, name=name)
    return speaker.sentence(
        speaker.said.runs_here, name=name, names=speaker.names(list(dict.fromkeys(owners)))
    )


def _owner(thing: Thing, known: Knowledge) -> Thing:
    """Return what a pod belongs to, which is what people know."""
    return next((one for kind, one in known.topology.targets(thing) if kind is LinkKind.PART_OF), thing)
