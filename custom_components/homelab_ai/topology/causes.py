"""The one causal rule: trouble of what a thing needs, runs on or is part of explains trouble of the thing."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .thing import LinkKind, Thing

MOST_VISITED = 500
"""Things that one search passes; a homelab is no deeper, and a loop of links must end."""

type Neighbours = Callable[[Thing], Iterator[tuple[LinkKind, Thing]]]


class Step(NamedTuple):
    """One link of a path, from the thing that is explained towards its cause."""

    kind: LinkKind
    target: Thing


@dataclass(frozen=True, slots=True)
class Cause:
    """The thing that explains a trouble, and the links that lead to it."""

    thing: Thing
    path: tuple[Step, ...]


def causes_of(thing: Thing, troubled: Collection[str], targets: Neighbours) -> dict[str, Cause]:
    """Return all things with trouble that explain the trouble of `thing`, nearest first, by id.

    A target without trouble ends the search, unless the link to it is transparent.
    """
    causes: dict[str, Cause] = {}
    visited = {thing.id}
    waiting: list[Cause] = [Cause(thing, ())]
    for cause in waiting:
        for kind, target in targets(cause.thing):
            if not kind.carries_trouble or target.id in visited or len(visited) > MOST_VISITED:
                continue
            is_troubled = target.id in troubled
            if not (is_troubled or kind.is_transparent):
                continue
            visited.add(target.id)
            found = Cause(target, (*cause.path, Step(kind, target)))
            waiting.append(found)
            if is_troubled:
                causes[target.id] = found
    return causes


def root_of(thing: Thing, troubled: Collection[str], targets: Neighbours) -> Cause | None:
    """Return the cause behind all others, None where the trouble explains itself.

    Of several the one whose kind explains most; of things that need each other always the same. What it
    returns depends on what is in trouble, not on the order in which that was told.
    """
    causes = causes_of(thing, troubled, targets)
    if not causes:
        return None
    roots = [cause for cause in causes.values() if _is_root(cause.thing, troubled, targets)]
    best = min(roots, key=_order, default=None)
    if best is None or best.thing.id == thing.id:
        return None
    return best


def _is_root(thing: Thing, troubled: Collection[str], targets: Neighbours) -> bool:
    """Return whether nothing explains a thing, but for what it explains itself and what comes behind it."""
    for cause in causes_of(thing, troubled, targets).values():
        explains_each_other = thing.id in causes_of(cause.thing, troubled, targets)
        if not explains_each_other or _order(cause) < _order(Cause(thing, ())):
            return False
    return True


def _order(cause: Cause) -> tuple[int, str]:
    return cause.thing.kind.rank, cause.thing.id


def reach(thing: Thing, sources: Neighbours, most: int) -> Iterator[tuple[Thing, tuple[Step, ...]]]:
    """Yield what depends on a thing, directly and through others, nearest first and at most so many."""
    visited = {thing.id}
    waiting: list[tuple[Thing, tuple[Step, ...]]] = [(thing, ())]
    for current, path in waiting:
        for kind, dependent in sources(current):
            if not kind.carries_trouble or dependent.id in visited:
                continue
            if len(visited) > most:
                return
            visited.add(dependent.id)
            longer = (*path, Step(kind, dependent))
            waiting.append((dependent, longer))
            yield dependent, longer
