"""What every cluster has: nodes and pods.

Sources: kubernetes/api core/v1; kubernetes/kubernetes `pkg/kubelet/images`, `pkg/kubelet/container` for the
reasons why a container waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ..answers import Json, Moment, Text, Whole, text, time
from .client import Resource, part
from .reading import (
    NO_TEXT,
    bounded,
    conditions,
    count,
    created,
    deleted,
    items,
    name,
    namespace,
    owner,
    shared,
    truth,
    waits_for,
)

PRESSURES: Mapping[str, str] = {
    "MemoryPressure": "memory",
    "DiskPressure": "disk",
    "PIDPressure": "processes",
    "NetworkUnavailable": "network",
}
"""The conditions of a node that are bad, and what each is short of."""
_CORDONED = "node.kubernetes.io/unschedulable"
_OVER = ("Succeeded", "Failed")
_TELLING = frozenset(("ReplicaSet", "StatefulSet", "DaemonSet", "Job"))
"""What makes pods, and is judged itself by how many of them are ready."""


@dataclass(frozen=True, slots=True)
class Pressure:
    """Something that a node is short of: `of` is a value of `PRESSURES`."""

    of: str
    message: Text
    since: Moment | None


@dataclass(frozen=True, slots=True)
class Node:
    """A Node; `ready` is None where nobody has said so yet. `seen` is when it was first seen as it is."""

    name: Text
    ready: bool | None
    message: Text
    since: Moment | None
    pressures: tuple[Pressure, ...] = ()
    cordoned: bool = False
    cordoned_since: Moment | None = None
    seen: Moment = field(default_factory=lambda: Moment(datetime.now(UTC)), compare=False)


@dataclass(frozen=True, slots=True)
class Restarted:
    """A container that has restarted since its pod was made.

    `restarted_at` is None while it is down again, and where nobody says.
    """

    container: Text
    restarts: Whole
    reason: Text
    restarted_at: Moment | None


_NEVER = Restarted(NO_TEXT, Whole(0), NO_TEXT, None)


@dataclass(frozen=True, slots=True)
class Pod:
    """A Pod; `restarted` are those of its containers that have restarted.

    `is_over` where it has ended, well or not: what is over does not restart, and waits for nothing; `ended`
    is why. `waits` is why it does not run yet, `since` since when, and `waiting` the container that does not.
    `is_managed` where something has made it and replaces it. `unready` is since when one that runs is not
    ready, where no workload tells of that. `deleted` is when it should be gone, `finalizers` what keeps it.
    """

    namespace: Text
    name: Text
    phase: Text
    restarted: tuple[Restarted, ...] = ()
    is_over: bool = False
    is_managed: bool = False
    ended: Text = NO_TEXT
    message: Text = NO_TEXT
    waits: Text = NO_TEXT
    waiting: Text = NO_TEXT
    since: Moment | None = None
    unready: Moment | None = None
    deleted: Moment | None = None
    finalizers: Text = NO_TEXT

    @property
    def worst(self) -> Restarted:
        """Return the container with the most restarts."""
        return max(self.restarted, key=lambda one: one.restarts, default=_NEVER)

    @property
    def container(self) -> Text:
        """Return the name of the worst container."""
        return self.worst.container

    @property
    def restarts(self) -> Whole:
        """Return the restarts of the worst container."""
        return self.worst.restarts

    @property
    def reason(self) -> Text:
        """Return why the worst container is down, or was."""
        return self.worst.reason

    @property
    def restarted_at(self) -> Moment | None:
        """Return when the worst container last restarted."""
        return self.worst.restarted_at


def parse_node(obj: Json) -> Node:
    """Read a Node."""
    by_type, spec = conditions(obj), part(obj, "spec")
    ready = by_type.get("Ready", {})
    taints = (item for item in items(spec, "taints") if item.get("key") == _CORDONED)
    return Node(
        name(obj),
        # Of a node that has gone silent it is "Unknown", and that is not ready.
        ready=text(ready.get("status")) == "True" if ready else None,
        message=bounded(ready.get("message")),
        since=time(ready.get("lastTransitionTime")),
        pressures=tuple(
            Pressure(of, bounded(condition.get("message")), time(condition.get("lastTransitionTime")))
            for kind, of in PRESSURES.items()
            if truth(condition := by_type.get(kind, {}))
        ),
        cordoned=spec.get("unschedulable") is True,
        cordoned_since=next((time(taint.get("timeAdded")) for taint in taints), None),
    )


def parse_pod(obj: Json) -> Pod:
    """Read a Pod."""
    status = part(obj, "status")
    phase = shared(status.get("phase"))
    containers = [*items(status, "containerStatuses"), *items(status, "initContainerStatuses")]
    is_over = phase in _OVER
    waits, container, message = (NO_TEXT, NO_TEXT, NO_TEXT) if is_over else _waits(obj, phase, containers)
    going = deleted(obj)
    return Pod(
        namespace(obj),
        name(obj),
        phase,
        restarted=()
        if is_over
        else tuple(_restarted(container) for container in containers if count(container.get("restartCount"))),
        is_over=is_over,
        is_managed=bool(owner(obj)),
        ended=text(status.get("reason")),
        message=bounded(status.get("message")) or message,
        waits=waits,
        waiting=container,
        since=_since(obj) if waits or is_over else None,
        unready=None if waits or is_over else _unready(obj),
        deleted=going,
        finalizers=waits_for(obj) if going else NO_TEXT,
    )


def _unready(obj: Json) -> Moment | None:
    """Return since when a pod that runs is not ready; of one of a workload that is told by this."""
    makers = {text(item.get("kind")) for item in items(obj, "metadata", "ownerReferences")}
    ready = conditions(obj).get("Ready", {})
    if truth(ready) is not False or makers & _TELLING:
        return None
    return time(ready.get("lastTransitionTime"))


def _waits(obj: Json, phase: Text, containers: list[Json]) -> tuple[Text, Text, Text]:
    """Return why a pod does not run yet, which of its containers, and what is said; empty where it runs."""
    for container in containers:
        waiting = part(container, "state", "waiting")
        if reason := shared(waiting.get("reason")):
            return reason, text(container.get("name")), bounded(waiting.get("message"))
    if phase == "Pending":
        scheduled = conditions(obj).get("PodScheduled", {})
        return text(scheduled.get("reason")) or phase, NO_TEXT, bounded(scheduled.get("message"))
    return NO_TEXT, NO_TEXT, NO_TEXT


def _since(obj: Json) -> Moment | None:
    """Return since when a pod is not ready, else when it was made."""
    by_type = conditions(obj)
    for kind in ("Ready", "PodScheduled"):
        if truth(by_type.get(kind, {})) is False and (at := time(by_type[kind].get("lastTransitionTime"))):
            return at
    return created(obj)


def _restarted(container: Json) -> Restarted:
    ended = part(container, "state", "terminated") or part(container, "lastState", "terminated")
    waiting = part(container, "state", "waiting")
    is_down = bool(waiting or part(container, "state", "terminated"))
    return Restarted(
        text(container.get("name")),
        count(container.get("restartCount")),
        shared(text(waiting.get("reason")) or ended.get("reason")),
        None if is_down else time(ended.get("finishedAt")),
    )


NODES = Resource("", ("v1",), "nodes", parse_node)
PODS = Resource("", ("v1",), "pods", parse_pod)
