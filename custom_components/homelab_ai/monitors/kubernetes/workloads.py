"""Nodes, and pods: those that restart again and again, those that do not start, those that have failed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ...api.kubernetes.core import Node, Pod, Pressure, Restarted
from ...health.problem import Problem
from .noted import Later, Noted, Report, by_id, full_name, going, is_k8sgpt, sentence

_LATELY = timedelta(days=1)
"""A pod counts its restarts for as long as it lives, also those that are long over."""
CORDONED = timedelta(days=1)
"""How long a node may be cordoned: it is drained for work that takes a while."""
WAITING = timedelta(minutes=10)
"""How long a pod may wait for a node, a volume or anything else."""
WAITING_FOR: Mapping[str, timedelta] = {
    "ErrImagePull": timedelta(minutes=5),
    "ImagePullBackOff": timedelta(minutes=5),
    "InvalidImageName": timedelta(),
    "ErrImageNeverPull": timedelta(),
    "CreateContainerConfigError": timedelta(minutes=5),
    "CreateContainerError": timedelta(minutes=5),
    "RunContainerError": timedelta(minutes=5),
}
"""How long it may wait for one of these reasons."""
UNREADY = timedelta(minutes=15)
"""How long a pod that runs may not be ready; the same as for a workload without its pods."""
_RESTARTS = frozenset(("CrashLoopBackOff",))
"""A pod that waits for these has run: its restarts count."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """How many nodes are not ready."""

    not_ready: int
    problems: Mapping[str, Problem]


@dataclass(frozen=True, slots=True)
class Pods:
    """How many pods have restarted too often, and have done so lately."""

    restarting: int
    problems: Mapping[str, Problem]


def note_node(report: Report) -> Callable[[Node], Noted[Node]]:
    """Return how a node is noted; one that nobody has heard of yet is no problem."""

    def noted(node: Node) -> Noted[Node]:
        return Noted(node, tuple(_of_node(node, report)), tuple(_cordoned(node, report)))

    return noted


def carry_node(node: Node, before: Noted[Node]) -> Node:
    """Return a node that remembers since when it is cordoned, where it does not say so."""
    return replace(node, seen=before.item.seen) if node.cordoned and before.item.cordoned else node


def nodes(found: Collection[Noted[Node]], now: datetime) -> Nodes:
    """Return how the nodes are."""
    return Nodes(sum(1 for noted in found if noted.item.ready is False), by_id(found, now))


def _of_node(node: Node, report: Report) -> Iterator[Problem]:
    if node.ready is False:
        yield report(
            "node_not_ready",
            node.name,
            node.name,
            sentence(f"node {node.name} is not ready", node.message),
            since=node.since,
            facts={"message": node.message},
        )
    for pressure in node.pressures:
        yield _pressed(node, pressure, report)


def _pressed(node: Node, pressure: Pressure, report: Report) -> Problem:
    words = "has no network" if pressure.of == "network" else f"is short of {pressure.of}"
    return report(
        "node_pressure",
        f"{node.name}/{pressure.of}",
        node.name,
        sentence(f"node {node.name} {words}", pressure.message),
        since=pressure.since,
        facts={"pressure": pressure.of, "message": pressure.message},
    )


def _cordoned(node: Node, report: Report) -> Iterator[Later]:
    if node.cordoned:
        since = node.cordoned_since or node.seen
        summary = f"node {node.name} is cordoned: nothing new is started on it"
        yield Later(since + CORDONED, report("node_cordoned", node.name, node.name, summary, since=since))


def note_pod(report: Report, max_restarts: int) -> Callable[[Pod], Noted[Pod]]:
    """Return how a pod is noted."""

    def noted(pod: Pod) -> Noted[Pod]:
        if pod.deleted is not None:
            name = full_name(pod.namespace, pod.name)
            return Noted(pod, (), (going("Pod", name, pod.deleted, pod.finalizers, report),))
        worst = _worst(pod, max_restarts)
        now = [] if worst is None else [_restarting(pod, worst, report)]
        if pod.phase == "Failed" and not pod.is_managed:
            # Nothing replaces it.
            now.append(_failed(pod, report))
        return Noted(pod, tuple(now), (*_waiting(pod, report), *_unready(pod, report)))

    return noted


def pods(found: Iterable[Noted[Pod]], now: datetime, max_restarts: int) -> Pods:
    """Return which pods are restarting, do not start, or have failed."""
    problems: dict[str, Problem] = {}
    restarting = 0
    for noted in found:
        if not noted.problems and not noted.later:
            continue
        worst = _worst(noted.item, max_restarts)
        is_over = worst is not None and not _is_lately(worst, now)
        restarting += worst is not None and not is_over
        for problem in noted.at(now):
            if not (is_over and problem.kind == "pod_restarting"):
                problems[problem.id] = problem
    return Pods(restarting, problems)


def _worst(pod: Pod, max_restarts: int) -> Restarted | None:
    """Return the container that restarts now, of those that have done so too often; None without one."""
    often = [other for other in pod.restarted if other.restarts > max_restarts]
    return max(often, key=_recent, default=None)


def _recent(one: Restarted) -> tuple[bool, float, int]:
    at = one.restarted_at
    return at is None, at.timestamp() if at else 0.0, one.restarts


def _is_lately(one: Restarted, now: datetime) -> bool:
    return one.restarted_at is None or now - one.restarted_at < _LATELY


def _restarting(pod: Pod, worst: Restarted, report: Report) -> Problem:
    name = full_name(pod.namespace, pod.name)
    return report(
        "pod_restarting",
        name,
        name,
        sentence(f"pod {name} has restarted {worst.restarts} times", worst.reason),
        facts={"container": worst.container, "restarts": worst.restarts, "reason": worst.reason},
        needs_hub=is_k8sgpt(pod.name),
    )


def _failed(pod: Pod, report: Report) -> Problem:
    name = full_name(pod.namespace, pod.name)
    return report(
        "pod_failed",
        name,
        name,
        sentence(f"pod {name} has failed", pod.message or pod.ended),
        since=pod.since,
        facts={"reason": pod.ended, "message": pod.message},
        needs_hub=is_k8sgpt(pod.name),
    )


def _waiting(pod: Pod, report: Report) -> Iterator[Later]:
    if not pod.waits or pod.waits in _RESTARTS or pod.since is None:
        return
    name = full_name(pod.namespace, pod.name)
    problem = report(
        "pod_waiting",
        name,
        name,
        sentence(f"pod {name} does not start", pod.message or pod.waits),
        since=pod.since,
        facts={"reason": pod.waits, "message": pod.message, "container": pod.waiting},
        needs_hub=is_k8sgpt(pod.name),
    )
    yield Later(pod.since + WAITING_FOR.get(pod.waits, WAITING), problem)


def _unready(pod: Pod, report: Report) -> Iterator[Later]:
    if pod.unready is None:
        return
    name = full_name(pod.namespace, pod.name)
    problem = report(
        "pod_unready",
        name,
        name,
        sentence(f"pod {name} runs, but is not ready", pod.message),
        since=pod.unready,
        facts={"message": pod.message},
        needs_hub=is_k8sgpt(pod.name),
    )
    yield Later(pod.unready + UNREADY, problem)
