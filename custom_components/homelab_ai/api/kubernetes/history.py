"""One object of a cluster looked up: what made it, how it is, and what has happened to it.

Of its specification nothing is read: environments and values are where people leave passwords.
Sources: kubernetes/api core/v1, apps/v1, batch/v1; events.k8s.io; argo-cd `util/argo/resource_tracking.go`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
import re

from ..answers import Json, Moment, Text, Whole, text, time, whole
from .client import KubernetesClient, part
from .reading import bounded, count

MAX_EVENTS = 100
"""Events of one object that are asked for; the server has no order by time."""

# RFC 1123 subdomains, as every name here is: nothing else ever becomes a part of a path.
_NAME = re.compile(r"[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?")
_EVENTS = "events"
_LOOKED_UP: Mapping[str, tuple[str, str]] = {
    "Pod": ("/api/v1", "pods"),
    "PersistentVolumeClaim": ("/api/v1", "persistentvolumeclaims"),
    "Deployment": ("/apis/apps/v1", "deployments"),
    "ReplicaSet": ("/apis/apps/v1", "replicasets"),
    "StatefulSet": ("/apis/apps/v1", "statefulsets"),
    "DaemonSet": ("/apis/apps/v1", "daemonsets"),
    "Job": ("/apis/batch/v1", "jobs"),
    "CronJob": ("/apis/batch/v1", "cronjobs"),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """An object by kind and name; `namespace` is empty where there is none."""

    kind: Text
    namespace: Text
    name: Text

    def __str__(self) -> str:
        """Return how people call it."""
        where = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {where}{self.name}"

    @property
    def is_sound(self) -> bool:
        """Return whether such an object can exist at all."""
        spaces = not self.namespace or _NAME.fullmatch(self.namespace)
        return bool(spaces and _NAME.fullmatch(self.name) and self.kind.isalpha())

    @property
    def resource(self) -> str | None:
        """Return what it is among, None where that is never looked up."""
        resource = _LOOKED_UP.get(self.kind)
        return resource[1] if resource and self.namespace else None


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod; what is not said is empty. `exit_code` is that of its last end."""

    name: Text
    restarts: Whole
    waiting: Text
    message: Text
    ended: Text
    exit_code: Whole | None
    ended_at: Moment | None


@dataclass(frozen=True, slots=True)
class LookedUp:
    """An object, as far as it explains something.

    `wanted` and `ready` count pods, None where it makes none. `flux` and `argocd` name what delivers it:
    kind, namespace and name of a Flux object, name of an application.
    """

    owner: Reference | None
    phase: Text
    reason: Text
    message: Text
    wanted: Whole | None
    ready: Whole | None
    containers: tuple[Container, ...]
    trouble: tuple[Text, ...]
    flux: Reference | None
    argocd: Text


@dataclass(frozen=True, slots=True)
class ClusterEvent:
    """Something that happened to an object, `count` times, the last time at `last`."""

    kind: Text
    reason: Text
    message: Text
    count: Whole
    last: Moment | None


async def look_up(client: KubernetesClient, reference: Reference) -> LookedUp:
    """Return an object as it is now; `reference` has a `resource` and is sound. Raises ApiError."""
    root, plural = _LOOKED_UP[reference.kind]
    return await client.read(f"{root}/namespaces/{reference.namespace}/{plural}/{reference.name}", parse)


async def events_of(client: KubernetesClient, reference: Reference) -> list[ClusterEvent]:
    """Return what has happened to a sound object, the latest first. Raises ApiError."""
    where = f"/namespaces/{reference.namespace}" if reference.namespace else ""
    selector = f"involvedObject.kind={reference.kind},involvedObject.name={reference.name}"
    query = {"fieldSelector": selector, "limit": str(MAX_EVENTS)}
    events = await client.read(f"/api/v1{where}/{_EVENTS}", _events, query)
    return sorted(events, key=lambda event: event.last.timestamp() if event.last else 0.0, reverse=True)


def parse(obj: Json) -> LookedUp:
    """Read any object; raises nothing."""
    status, labels = part(obj, "status"), part(obj, "metadata", "labels")
    replicas = whole(part(obj, "spec").get("replicas"))
    if replicas is None:
        replicas = whole(status.get("desiredNumberScheduled"))
    # The server leaves out numbers that are zero.
    ready = whole(status.get("readyReplicas", status.get("numberReady", 0)))
    return LookedUp(
        owner=_owner(obj),
        phase=text(status.get("phase")),
        reason=text(status.get("reason")),
        message=bounded(status.get("message")),
        wanted=replicas,
        ready=None if replicas is None else ready,
        containers=tuple(_containers(status)),
        trouble=tuple(_trouble(status)),
        flux=_flux(labels),
        argocd=_argocd(part(obj, "metadata", "annotations"), labels),
    )


def _owner(obj: Json) -> Reference | None:
    metadata = part(obj, "metadata")
    for item in _items(metadata, "ownerReferences"):
        if item.get("controller") is True:
            return Reference(text(item.get("kind")), text(metadata.get("namespace")), text(item.get("name")))
    return None


def _containers(status: Json) -> Iterator[Container]:
    for item in (*_items(status, "initContainerStatuses"), *_items(status, "containerStatuses")):
        waiting = part(item, "state", "waiting")
        ended = part(item, "state", "terminated") or part(item, "lastState", "terminated")
        yield Container(
            text(item.get("name")),
            count(item.get("restartCount")),
            text(waiting.get("reason")),
            bounded(waiting.get("message")),
            text(ended.get("reason")),
            whole(ended.get("exitCode"), least=-(2**31)),
            time(ended.get("finishedAt")),
        )


def _trouble(status: Json) -> Iterator[Text]:
    """Yield the conditions that are not as they should be; that a job failed is "True" of it."""
    for item in _items(status, "conditions"):
        kind, message = text(item.get("type")), text(item.get("message")) or text(item.get("reason"))
        good = "False" if kind in ("Failed", "ReplicaFailure") else "True"
        if message and text(item.get("status")) not in ("", good):
            yield bounded(f"{kind}: {message}")


def _flux(labels: Json) -> Reference | None:
    for kind, group in (("HelmRelease", "helm"), ("Kustomization", "kustomize")):
        if name := text(labels.get(f"{group}.toolkit.fluxcd.io/name")):
            where = text(labels.get(f"{group}.toolkit.fluxcd.io/namespace"))
            return Reference(text(kind), where, name)
    return None


def _argocd(annotations: Json, labels: Json) -> Text:
    """Return the name of an application; the label is common to all Helm charts, so it may be none."""
    tracked = text(annotations.get("argocd.argoproj.io/tracking-id")).partition(":")[0]
    # "namespace_name" of an application that is not in Argo CD's own namespace.
    name = tracked.rpartition("_")[2]
    return text(name) or text(
        labels.get("argocd.argoproj.io/instance") or labels.get("app.kubernetes.io/instance")
    )


def _events(answer: Json) -> list[ClusterEvent]:
    return [_event(item) for item in islice(_items(answer, "items"), MAX_EVENTS)]


def _event(obj: Json) -> ClusterEvent:
    """Read an Event, of the old API or of events.k8s.io with its series."""
    series = part(obj, "series")
    times = whole(series.get("count") or obj.get("count")) or Whole(1)
    moments = (series.get("lastObservedTime"), obj.get("lastTimestamp"), obj.get("eventTime"))
    return ClusterEvent(
        text(obj.get("type")),
        text(obj.get("reason")),
        bounded(obj.get("message")),
        times,
        next((moment for stamp in moments if (moment := time(stamp))), None),
    )


def _items(obj: Json, name: str) -> Iterator[Json]:
    value = obj.get(name)
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
