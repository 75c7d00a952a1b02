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
    the id of its root, where that is worse than the root itself.
    """

    grouped: Mapping[str, Grouped] = field(default_factory=dict)
    worst: Mapping[str, Severity] = field(default_factory=dict)


class Subjects:
    """Which thing has a problem; looked up once for each problem, until things come, go or are tied anew."""

    def __init__(self, topology: Topology) -> None:
        """Look nothing up yet."""
        self.topology = topology
        self._known: dict[str, tuple[Problem, str | None]] = {}
        self._shape = topology.shape

    def of(self, problem: Problem) -> str | None:
        """Return the id of the thing that has a problem, None where it is not known for certain."""
        if not problem.subject:
            return None
        cached = self._known.get(problem.id)
        if cached is not None and cached[0] is problem:
            return cached[1]
        thing = self.topology.subject(problem.subject, problem.source)
        thing_id = None if thing is None else thing.id
        self._known[problem.id] = (problem, thing_id)
        return thing_id

    def may_follow(self, problem: Problem) -> bool:
        """Return whether trouble of something else could explain a problem, or what the thing says itself."""
        thing_id = self.of(problem)
        if thing_id is None:
            return False
        return kind_of(problem).second_hand or self.topology.may_follow(thing_id)

    def refresh(self, problems: int) -> None:
        """Forget what may have changed, and what is of no use where there are only so many problems."""
        if self._shape != self.topology.shape or len(self._known) > 2 * problems + 1000:
            self._shape = self.topology.shape
            self._known.clear()


def incidents_of(problems: Iterable[Problem], subjects: Subjects, muted: Collection[str]) -> Incidents:
    """Return how problems belong together; those that are `muted`, by id, make no incident worse."""
    counted = [problem for problem in problems if not problem.suppressed]
    subjects.refresh(len(counted))
    grouped: dict[str, Grouped] = dict(_needing_the_hub(counted))
    about: dict[str, list[Problem]] = {}
    for problem in counted:
        if (thing_id := subjects.of(problem)) is not None and problem.id not in grouped:
            about.setdefault(thing_id, []).append(problem)
    leads = {key: group[0] if len(group) == 1 else min(group, key=_leading) for key, group in about.items()}
    # What is only worth knowing explains nothing.
    causing = [key for key, lead in leads.items() if lead.severity is not Severity.INFO]
    roots = subjects.topology.roots(about.keys(), causing)
    for thing_id, lead in leads.items():
        root = roots.get(thing_id)
        if root is None and len(about[thing_id]) == 1:
            continue
        first = lead if root is None else leads[root.thing.id]
        path = () if root is None else root.path
        grouped |= {
            problem.id: Grouped(first.id, path) for problem in about[thing_id] if problem is not first
        }
    return Incidents(grouped, _worst(counted, grouped, muted) if grouped else {})


def _needing_the_hub(problems: Collection[Problem]) -> Iterator[tuple[str, Grouped]]:
    """Yield the problems of all that needs the first hub, while it is off."""
    hub = next((problem for problem in problems if kind_of(problem).stops_hub), None)
    if hub is not None:
        yield from (
            (problem.id, Grouped(hub.id)) for problem in problems if problem.needs_hub and problem is not hub
        )


def _leading(problem: Problem) -> tuple[int, int, bool, str]:
    """Return the place of a problem among those of one thing: what the thing says itself comes first."""
    kind = kind_of(problem)
    return problem.severity.rank, kind.object_of(problem.facts).cause, kind.second_hand, problem.id


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
