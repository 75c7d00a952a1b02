"""Incidents: which problems follow from which, by the topology and never by guess."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..topology import Step, Topology
from .kinds import kind_of
from .problem import Problem, Severity


@dataclass(frozen=True, slots=True)
class Grouped:
    """A problem that follows from another: the id of that one, and the links between their things.

    No links where both are about the same thing, and where the hub that is needed is off.
    """

    root: str
    path: tuple[Step, ...] = ()

    @property
    def why(self) -> str:
        """Return the links as text: "part_of shop → runs_on worker-1"; "same_thing" where there are none."""
        return " → ".join(f"{step.kind.value} {step.target.name}" for step in self.path) or "same_thing"


@dataclass(frozen=True, slots=True)
class Incidents:
    """Which problems follow from which.

    `grouped` is by the id of what follows. `worst` is the severity of the worst member of an incident, by
    the id of its root, where that is worse than the root itself. `may_follow` are the problems that something
    else may still turn out to explain.
    """

    grouped: Mapping[str, Grouped] = field(default_factory=dict)
    worst: Mapping[str, Severity] = field(default_factory=dict)
    may_follow: Collection[str] = frozenset()


def incidents_of(problems: Iterable[Problem], topology: Topology, muted: Collection[str]) -> Incidents:
    """Return how problems belong together; those that are `muted`, by id, make no incident worse."""
    counted = [problem for problem in problems if not problem.suppressed]
    grouped: dict[str, Grouped] = dict(_needing_the_hub(counted))
    about, may_follow = _by_thing([one for one in counted if one.id not in grouped], topology)
    leads = {thing_id: min(group, key=_leading) for thing_id, group in about.items()}
    # What is only worth knowing explains nothing.
    causing = {key for key, lead in leads.items() if lead.severity.at_least(Severity.WARNING)}
    roots = topology.roots(about.keys(), causing)
    for thing_id, group in about.items():
        root = roots.get(thing_id)
        lead = leads[thing_id] if root is None else leads[root.thing.id]
        for problem in group:
            if problem is not lead:
                grouped[problem.id] = Grouped(lead.id, root.path if root else ())
    return Incidents(grouped, _worst(counted, grouped, muted), may_follow)


def _needing_the_hub(problems: Collection[Problem]) -> Iterator[tuple[str, Grouped]]:
    """Yield the problems of all that needs the first hub, while it is off."""
    hub = next((problem for problem in problems if kind_of(problem).stops_hub), None)
    if hub is not None:
        yield from ((one.id, Grouped(hub.id)) for one in problems if one.needs_hub and one is not hub)


def _by_thing(
    problems: Iterable[Problem], topology: Topology
) -> tuple[dict[str, list[Problem]], Collection[str]]:
    """Return the problems by the things that have them, and those that something else may explain."""
    about: dict[str, list[Problem]] = {}
    may_follow: set[str] = set()
    for problem in problems:
        thing = topology.subject(problem.subject, problem.source) if problem.subject else None
        if thing is not None:
            about.setdefault(thing.id, []).append(problem)
            if topology.may_follow(thing):
                may_follow.add(problem.id)
    return about, may_follow


def _leading(problem: Problem) -> tuple[int, int, str]:
    return problem.severity.rank, kind_of(problem).object_of(problem.facts).cause, problem.id


def _worst(
    problems: Iterable[Problem], grouped: Mapping[str, Grouped], muted: Collection[str]
) -> dict[str, Severity]:
    severities = {problem.id: problem.severity for problem in problems}
    worst: dict[str, Severity] = {}
    for problem_id, group in grouped.items():
        before = worst.get(group.root) or severities[group.root]
        severity = severities[problem_id]
        if problem_id not in muted and severity is not before and severity.at_least(before):
            worst[group.root] = severity
    return worst
