"""All that is known at one moment, as questions are answered from it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from ...health.problem import Problem, Severity
from ...health.situation import Situation
from ...timeline import Timeline
from ...topology import LinkKind, State, Thing, ThingKind, Topology
from ..names import compact
from ..naming import ThingNames
from .heard import Network


@dataclass(slots=True)
class Knowledge:
    """The things, problems and happenings of a homelab.

    `subject` returns the id of the thing that has a problem, None where that is not known.
    """

    situation: Situation
    topology: Topology
    names: ThingNames
    timeline: Timeline
    subject: Callable[[Problem], str | None]
    asked: datetime | None = None
    """When the same person asked last; None where that is not known."""
    network: Network | None = None
    """What is heard of the network; None where nobody wants that."""
    _problems: dict[str, list[Problem]] | None = field(default=None, init=False)

    def find(self, words: str) -> list[Thing]:
        """Return the things that are called so, the likeliest first."""
        return self.names.find(words, self.topology)

    def problems_of(self, things: Iterable[Thing]) -> list[Problem]:
        """Return the problems of these things, worst first; those that are muted are among them."""
        if self._problems is None:
            self._problems = {}
            for problem in self.problems():
                if (thing_id := self.subject(problem)) is not None:
                    self._problems.setdefault(thing_id, []).append(problem)
        problems = {problem.id: problem for thing in things for problem in self._problems.get(thing.id, ())}
        return sorted(problems.values(), key=lambda problem: problem.severity.rank)

    def troubles_of(self, things: Iterable[Thing]) -> list[Problem]:
        """Return the problems of these things that are more than information, worst first."""
        return [problem for problem in self.problems_of(things) if problem.severity is not Severity.INFO]

    def problems(self) -> Iterator[Problem]:
        """Yield all problems, also muted ones and consequences."""
        health = self.situation.health
        return chain(health.problems, *health.consequences.values(), health.muted)

    def state_of(self, thing: Thing) -> State:
        """Return how a thing is: in trouble also where somebody else says so."""
        if thing.state is State.OFF:
            return State.OFF
        return State.TROUBLE if self.troubles_of((thing, *self.pods_of((thing,)))) else thing.state

    def pods_of(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """Yield the pods of things: what is wrong with these is wrong with them."""
        return (
            other
            for thing in things
            for kind, other in self.topology.dependents(thing)
            if kind is LinkKind.PART_OF and other.kind is ThingKind.POD
        )

    def around(self, thing: Thing, kinds: Collection[LinkKind], depth: int = 2) -> Iterator[Thing]:
        """Yield what a thing is tied to by links of these kinds, nearest first."""
        level, seen = [thing], {thing.id}
        for _ in range(depth):
            following: list[Thing] = []
            for current in level:
                for kind, target in self.topology.targets(current):
                    if kind in kinds and target.id not in seen:
                        seen.add(target.id)
                        following.append(target)
                        yield target
            level = following


def alike(things: Sequence[Thing]) -> list[Thing]:
    """Return the things that are called like the first, however each system writes it."""
    name = compact(things[0].name)
    return [thing for thing in things if compact(thing.name) == name]
