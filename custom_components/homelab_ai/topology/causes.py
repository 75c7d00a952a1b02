"""The one causal rule: trouble of what a thing needs, runs on or is part of explains trouble of the thing."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .thing import LinkKind, Thing

MOST_EXPLAINED = 20_000
"""Things that one cause explains; a homelab has no more, and a loop of links must end."""

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


def roots_of(troubled: Iterable[Thing], ids: Collection[str], dependents: Neighbours) -> dict[str, Cause]:
    """Return what explains each thing with trouble, by its id; what explains itself is left out.

    `ids` are those of all things with trouble. A thing without trouble passes trouble on only over
    transparent links. Of several causes the one whose kind explains most, and of things that need each
    other always the same: the result depends on what is in trouble, not on the order in which it was told.
    The cost is that of the things that depend on what is in trouble.
    """
    nearest: dict[str, Cause] = {}
    for thing in sorted(troubled, key=_order):
        if thing.id not in nearest:
            _explain(thing, ids, dependents, nearest)
    return {thing_id: _root(cause, nearest) for thing_id, cause in nearest.items()}


def _explain(cause: Thing, ids: Collection[str], dependents: Neighbours, nearest: dict[str, Cause]) -> None:
    """Note `cause` for all that follows from it and that nothing before it has explained."""
    visited = {cause.id}
    waiting: list[tuple[Thing, tuple[Step, ...]]] = [(cause, ())]
    for thing, path in waiting:
        passes_all = thing.id in ids
        for kind, dependent in dependents(thing):
            if dependent.id in visited or not kind.carries_trouble:
                continue
            if not (passes_all or kind.is_transparent) or len(visited) > MOST_EXPLAINED:
                continue
            visited.add(dependent.id)
            longer = (Step(kind, thing), *path)
            waiting.append((dependent, longer))
            if dependent.id in ids and dependent.id not in nearest:
                nearest[dependent.id] = Cause(cause, longer)


def _root(cause: Cause, nearest: dict[str, Cause]) -> Cause:
    """Return the cause behind a cause: one that is found later may explain it."""
    path = cause.path
    while (behind := nearest.get(cause.thing.id)) is not None:
        path += behind.path
        cause = behind
    return Cause(cause.thing, path)


def _order(thing: Thing) -> tuple[int, str]:
    return thing.kind.rank, thing.id


def reach(thing: Thing, dependents: Neighbours, most: int) -> Iterator[Thing]:
    """Yield what depends on a thing, directly and through others, nearest first and at most so many."""
    visited = {thing.id}
    waiting = [thing]
    for current in waiting:
        for kind, dependent in dependents(current):
            if not kind.carries_trouble or dependent.id in visited:
                continue
            if len(visited) > most:
                return
            visited.add(dependent.id)
            waiting.append(dependent)
            yield dependent
