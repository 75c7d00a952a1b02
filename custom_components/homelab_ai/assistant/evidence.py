"""The evidence on a problem: what its system says, and which other problems belong to it."""

import asyncio
from collections.abc import Iterator
from itertools import chain, islice

from ..coordinator import HomelabData, HubCoordinator, MonitorCoordinator
from ..health.evidence import Evidence, said_something
from ..health.ledger import HealthData
from ..health.problem import Problem
from ..language.names import app_of
from ..monitors.monitor import details_of_problem

__all__ = ["Evidence", "gather"]

PATIENCE = 5.0
"""Seconds for what a system says; those that ask for more than is known already have limits of their own."""
MOST_RELATED = 5
_MOST_COMPARED = 1000
"""Problems that are compared, the worst first: the event loop must not wait for ten thousand."""
_LEAST_STEM = 4
_WHERE = ("pod", "deployment", "node", "persistentvolumeclaim", "volume", "backup")


async def gather(homelab: HomelabData, problem: Problem) -> tuple[Evidence, ...]:
    """Return what is known about a problem, within a few seconds and without a model; raises nothing."""
    own = await _of_source(homelab, problem)
    return (*own, *_connected(homelab.health.data, problem))


async def _of_source(homelab: HomelabData, problem: Problem) -> tuple[Evidence, ...]:
    for hub in homelab.hubs:
        if hub.source == problem.source:
            return _of_hub(hub)
    for monitor in homelab.monitors:
        if monitor.source == problem.source:
            return await _of_monitor(monitor, problem)
    return details_of_problem(problem)


def _of_hub(hub: HubCoordinator) -> tuple[Evidence, ...]:
    since = hub.data.offline_since
    offline = since and f"{since:%Y-%m-%dT%H:%M:%SZ}"
    facts = {"name": hub.name, "last error": hub.data.state.problem, "offline since": offline}
    return said_something([Evidence.listed("Hub", facts)])


async def _of_monitor(coordinator: MonitorCoordinator, problem: Problem) -> tuple[Evidence, ...]:
    """Return what a system says; of one that does not answer, that."""
    if coordinator.online and coordinator.data is not None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await coordinator.monitor.evidence(coordinator.data, problem)
        except TimeoutError:
            return details_of_problem(problem)
    failure = Evidence.listed("System", {"does not answer": coordinator.failure})
    return said_something([failure, *details_of_problem(problem)])


def _connected(data: HealthData, problem: Problem) -> Iterator[Evidence]:
    """Yield the cause of a problem, its consequences, and what else is wrong where it is."""
    causes = [
        item
        for item in data.problems
        if any(problem.id == other.id for other in data.consequences.get(item.id, ()))
    ]
    if causes:
        yield Evidence.of("Cause", *(_named(cause) for cause in causes))
    consequences = data.consequences.get(problem.id, ())
    if consequences:
        yield Evidence.of(
            "Consequences", *(_named(consequence) for consequence in consequences[:MOST_RELATED])
        )
    ids = {consequence.id for consequence in (problem, *causes, *consequences)}
    if related := [other for other in _related(data, problem) if other.id not in ids]:
        yield Evidence.of("Related problems", *(_named(problem) for problem in related[:MOST_RELATED]))


def _named(problem: Problem) -> str:
    return f"{problem.severity}: {problem.name}: {problem.summary}"


def _related(data: HealthData, problem: Problem) -> list[Problem]:
    """Return other problems of the same object, app or namespace, the closest first."""
    own = _Place(problem)
    others = islice(chain(data.problems, *data.consequences.values(), data.muted), _MOST_COMPARED)
    related = [(closeness, other) for other in others if (closeness := own.closeness(other))]
    return [problem for _, problem in sorted(related, key=lambda pair: -pair[0])]


class _Place:
    """Where a problem is: the objects it names, their namespace, and the app they make up."""

    def __init__(self, problem: Problem) -> None:
        names = [problem.name, *(problem.details[key] for key in _WHERE if key in problem.details)]
        spaces = {name.partition("/")[0] for name in names if "/" in name}
        self._names = {_stem(name) for name in names}
        self._spaces = {*spaces, *([space] if (space := problem.details.get("namespace")) else ())}

    def closeness(self, problem: Problem) -> int:
        """Return 3 for a problem of the same object, 2 of the same app, 1 of the namespace, else 0."""
        other = _Place(problem)
        if self._names & other._names:
            return 3
        if any(_is_part(name, another) for name in self._names for another in other._names):
            return 2
        # What is said of a namespace as a whole has no slash in its name.
        return int(bool(self._spaces & (other._spaces | other._names) or other._spaces & self._names))


def _stem(name: str) -> str:
    """Return the name of an object, or of an app as people write it, without what makes up a pod's."""
    own = name.rpartition("/")[2].lower().replace(" ", "-").replace("_", "-")
    # Of unknown kind: a number at its end may be a part of the name, as of a node.
    return app_of(own, "")


def _is_part(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _LEAST_STEM and longer.startswith(f"{shorter}-")
