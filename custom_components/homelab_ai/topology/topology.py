"""The joined topology: all things of all sources, and who is tied to whom; made incrementally."""

from collections.abc import Collection, Iterator, Mapping, Set

from .causes import Cause, reach, roots_of
from .index import Index
from .thing import LinkKind, Thing, ThingKind

MOST_DEPENDENTS = 2000
_NOTHING: Mapping[str, Thing] = {}


class Topology:
    """The things of a homelab. A change of one thing costs that thing, however many others there are.

    A key that several things answer to is resolved to the only one of the asking thing's source; where
    that does not decide, to none: nothing is tied by guess.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._things: dict[str, Thing] = {}
        self._reported: dict[str, Mapping[str, Thing]] = {}
        self._answering = Index()
        """By key and id: the ids of the things that answer to it."""
        self._tied = Index()
        """By the target of a link: the ids of the things that name it."""
        self.shape = 0
        """Counts the changes of what there is and how it is tied, and not those of states and facts."""

    # What there is

    def report(self, source: str, things: Mapping[str, Thing]) -> Set[str]:
        """Take all things that a source has now, by id; return the ids of those that changed.

        Of the same mapping nothing has changed, and a thing that is the same object is not compared.
        Raises ValueError for a thing that another source has told of under the same id.
        """
        before = self._reported.get(source, _NOTHING)
        if things is before:
            return frozenset()
        gone = before.keys() - things.keys()
        changed = {key: thing for key, thing in things.items() if before.get(key) is not thing}
        self._reported[source] = things
        return self._change(source, changed, gone)

    def forget(self, source: str) -> None:
        """Drop a source that was removed."""
        self._change(source, {}, self._reported.pop(source, _NOTHING).keys())

    def _change(self, source: str, changed: Mapping[str, Thing], gone: Collection[str]) -> Set[str]:
        affected = set(gone)
        for thing_id in gone:
            self._unlink(self._things.pop(thing_id))
            self.shape += 1
        for thing_id, thing in changed.items():
            before = self._things.get(thing_id)
            if before == thing:
                continue
            if before is not None and before.source != source:
                raise ValueError(f"{thing_id} belongs to {before.source}, not to {source}")
            self._things[thing_id] = thing
            affected.add(thing_id)
            if before is None or (before.links, before.keys) != (thing.links, thing.keys):
                self.shape += 1
                if before is not None:
                    self._unlink(before)
                self._link(thing)
        return affected

    def _link(self, thing: Thing) -> None:
        for key in (thing.id, *thing.keys):
            self._answering.add(key, thing.id)
        for link in thing.links:
            self._tied.add(link.target, thing.id)

    def _unlink(self, thing: Thing) -> None:
        for key in (thing.id, *thing.keys):
            self._answering.discard(key, thing.id)
        for link in thing.links:
            self._tied.discard(link.target, thing.id)

    # Who is who

    def __iter__(self) -> Iterator[Thing]:
        """Yield all things, in the order of their sources."""
        return iter(self._things.values())

    def get(self, thing_id: str) -> Thing | None:
        """Return a thing by its id."""
        return self._things.get(thing_id)

    def told_by(self, source: str) -> Mapping[str, Thing]:
        """Return the things of a source, by id, as it has told of them."""
        return self._reported.get(source, _NOTHING)

    def of_kind(self, kind: ThingKind) -> Iterator[Thing]:
        """Yield the things of a kind."""
        return (thing for thing in self._things.values() if thing.kind is kind)

    def resolve(self, key: str, source: str = "") -> Thing | None:
        """Return the thing that an id or key means, None where that is nothing or not certain."""
        answering = self._answering.get(key)
        if len(answering) == 1:
            return self._things[next(iter(answering))]
        own = [thing_id for thing_id in answering if self._things[thing_id].source == source]
        return self._things[own[0]] if len(own) == 1 else None

    def subject(self, keys: Collection[str], source: str = "") -> Thing | None:
        """Return the first thing that any of these keys means; the most special key stands first."""
        return next((thing for key in keys if (thing := self.resolve(key, source))), None)

    # What is tied to what

    def targets(self, thing: Thing) -> Iterator[tuple[LinkKind, Thing]]:
        """Yield what a thing is tied to."""
        for link in thing.links:
            target = self.resolve(link.target, thing.source)
            if target is not None and target.id != thing.id:
                yield link.kind, target

    def dependents(self, thing: Thing) -> Iterator[tuple[LinkKind, Thing]]:
        """Yield what is tied to a thing."""
        for key in (thing.id, *thing.keys):
            for thing_id in self._tied.get(key):
                dependent = self._things[thing_id]
                for link in dependent.links:
                    if link.target == key and self.resolve(key, dependent.source) is thing:
                        yield link.kind, dependent

    def roots(self, troubled: Collection[str], causing: Collection[str] | None = None) -> Mapping[str, Cause]:
        """Return what explains the things with these ids, all of which are in trouble, by id.

        Only those that are `causing` explain others, all where it is None. What nothing else explains is
        left out; see `roots_of`.
        """
        causes = troubled if causing is None else causing
        things = [
            self._things[cause] for cause in causes if cause in self._things and self._has_dependents(cause)
        ]
        return roots_of(things, troubled, self.dependents)

    def _has_dependents(self, thing_id: str) -> bool:
        tied = self._tied
        return thing_id in tied or any(key in tied for key in self._things[thing_id].keys)

    def may_follow(self, thing_id: str) -> bool:
        """Return whether trouble of something else could explain new trouble of this thing.

        That its own source is off could not: then nobody tells of new trouble. A namespace has none.
        """
        thing = self._things.get(thing_id)
        return thing is not None and any(
            kind.carries_trouble and target.id != thing.source and target.kind is not ThingKind.NAMESPACE
            for kind, target in self.targets(thing)
        )

    def impact(self, thing_id: str, most: int = MOST_DEPENDENTS) -> list[Thing]:
        """Return what depends on a thing, directly and through others, nearest first."""
        thing = self._things.get(thing_id)
        return [] if thing is None else list(reach(thing, self.dependents, most))
