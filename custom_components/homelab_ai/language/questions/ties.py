"""Answers to how things hang together."""

from collections.abc import Sequence

from ...topology import LinkKind, Thing, ThingKind
from .changes import parts_of
from .knowledge import Knowledge
from .question import Question
from .speaker import Speaker

_USED = frozenset(
    {
        *(ThingKind.SYSTEM, ThingKind.APP, ThingKind.WORKLOAD, ThingKind.PAGE, ThingKind.MODEL),
        *(ThingKind.ENTITY, ThingKind.INTEGRATION),
    }
)


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
    alike = [thing for thing in things if thing.name == things[0].name]
    tied = {
        other.id: (kind, other)
        for thing in alike
        for kind, other in knowledge.topology.targets(thing)
        if kind in kinds and other not in alike
    }
    return list(tied.values())


def needed_by(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer what depends on a thing: what people use, before what it is made of."""
    words = speaker.said
    alike = [thing for thing in things if thing.name == things[0].name]
    impact = {other.id: other for thing in alike for other in speaker.known.topology.impact(thing.id)}
    others = [thing for thing in impact.values() if thing not in alike]
    if things[0].kind in _USED:
        # What is called like an app is a part of it.
        own = things[0].name
        others = [other for other in others if own not in (other.name, _owner(other, speaker.known).name)]
    # What people use stands for its parts and what it is stored in.
    depending = next(
        (
            named
            for kinds in (_USED, frozenset(ThingKind) - {ThingKind.POD}, frozenset(ThingKind))
            if (named := [other for other in others if other.kind in kinds])
        ),
        [],
    )
    depending += [
        owner
        for other in others
        if (owner := _owner(other, speaker.known)) not in (*depending, *alike) and owner.kind in _USED
    ]
    # Of many only the first are named: models are what a hub has, apps are what is missed.
    depending.sort(key=lambda one: one.kind is ThingKind.MODEL)
    if not depending:
        return speaker.of(words.needed_by_nothing, things[0])
    return speaker.of(words.needed_by, things[0], names=speaker.names(depending))


def origin(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer what delivers a thing, up to its repository."""
    links = (LinkKind.DELIVERED_BY, LinkKind.PART_OF, LinkKind.SERVED_BY)
    chain = [other for thing in things[:1] for other in speaker.known.around(thing, links, depth=6)]
    chain = [thing for thing in chain if thing.kind in (ThingKind.GITOPS, ThingKind.SOURCE)]
    if not chain:
        return speaker.of(speaker.said.origin_unknown, things[0])
    return speaker.of(speaker.said.origin, things[0], names=speaker.words.joined(_names(speaker, chain)))


def _names(speaker: Speaker, things: Sequence[Thing]) -> list[str]:
    return [speaker.name(thing) for thing in things]


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


def runs_here(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer what runs on a thing, or is stored in it."""
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
    return speaker.of(speaker.said.runs_here, things[0], names=speaker.names(list(dict.fromkeys(owners))))


def _owner(thing: Thing, knowledge: Knowledge) -> Thing:
    """Return what a pod belongs to, which is what people know."""
    return next(
        (other for kind, other in knowledge.topology.targets(thing) if kind is LinkKind.PART_OF), thing
    )
