"""Nodes, and pods that restart again and again."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...api.kubernetes.objects import Node, Pod
from ...health.problem import Problem
from .noted import Noted, Report, by_id, full_name, is_k8sgpt, sentence

_LATELY = timedelta(days=1)
"""A pod counts its restarts for as long as it lives, also those that are long over."""


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
        if node.ready is not False:
            return Noted(node)
        summary = sentence(f"node {node.name} is not ready", node.message)
        problem = report(
            "node_not_ready",
            node.name,
            node.name,
            summary,
            since=node.since,
            facts={"message": node.message},
        )
        return Noted(node, (problem,))

    return noted


def nodes(found: Collection[Noted[Node]]) -> Nodes:
    """Return how the nodes are."""
    return Nodes(sum(1 for noted in found if noted.problems), by_id(found))


def note_pod(report: Report, max_restarts: int) -> Callable[[Pod], Noted[Pod]]:
    """Return how a pod is noted."""

    def noted(pod: Pod) -> Noted[Pod]:
        if pod.restarts <= max_restarts:
            return Noted(pod)
        name = full_name(pod.namespace, pod.name)
        problem = report(
            "pod_restarting",
            name,
            name,
            sentence(f"pod {name} has restarted {pod.restarts} times", pod.reason),
            facts={"container": pod.container, "restarts": pod.restarts, "reason": pod.reason},
            needs_hub=is_k8sgpt(pod.name),
        )
        return Noted(pod, (problem,))

    return noted


def pods(found: Iterable[Noted[Pod]], now: datetime) -> Pods:
    """Return which pods are restarting."""
    lately = [
        noted
        for noted in found
        if noted.problems and (noted.item.last_restart is None or now - noted.item.last_restart < _LATELY)
    ]
    return Pods(len(lately), by_id(lately))
