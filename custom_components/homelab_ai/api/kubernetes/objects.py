"""What is read of the objects of a cluster: a value per kind, and the resources that hold them.

Sources: kubernetes/api core/v1, k8sgpt-operator `api/v1alpha1`, fluxcd kustomize-controller `api/v1` and
helm-controller `api/v2`, argo-cd `types.go`, k8up `api/v1`, longhorn-manager `apis/longhorn/v1beta2`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
import re
from sys import intern
from typing import Any

from ...values.text import without_users
from ..answers import number, text, time
from .client import Resource, part

MAX_TEXT = 2000
"""Characters of one text of a cluster that are kept."""
MASK = "***"

# A back-off counts up while the same thing stays wrong.
_DURATION = re.compile(r"\b(?:\d+(?:\.\d+)?(?:h|ms|m|s))+\b")


@dataclass(frozen=True, slots=True)
class Finding:
    """A Result of k8sgpt: what is wrong with the object `name`, which is "namespace/name" or just a name.

    `explanation` is what a model says to it, empty without one. `content_hash` is of kind, name and error
    texts. The texts have a mask for what k8sgpt considers sensitive.
    """

    kind: str
    name: str
    text: str
    explanation: str
    content_hash: str
    created: datetime | None


@dataclass(frozen=True, slots=True)
class FluxObject:
    """A Kustomization or a HelmRelease; `ready` is None while Flux is still at it.

    A suspended one keeps the conditions of its last reconciliation: they say nothing any more. `origin` is
    what it delivers and where from, in words: "./apps of GitRepository flux-system".
    """

    kind: str
    namespace: str
    name: str
    suspended: bool
    ready: bool | None
    stalled: bool
    reason: str
    message: str
    since: datetime | None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """An Application of Argo CD, in the words of Argo CD; what it does not say is empty.

    `origin` is what it delivers and where from: "apps/shop of https://git.home/apps.git".
    """

    namespace: str
    name: str
    sync: str
    health: str
    message: str
    phase: str
    operation_message: str
    condition: str
    finished: datetime | None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class K8upSchedule:
    """A Schedule of K8up; `backs_up` is false where it only checks or prunes."""

    namespace: str
    name: str
    backs_up: bool
    created: datetime | None


@dataclass(frozen=True, slots=True)
class K8upBackup:
    """A Backup of K8up; `succeeded` is None until it is finished, `at` is when it was."""

    namespace: str
    name: str
    schedule: str
    succeeded: bool | None
    message: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class K8upSnapshot:
    """A Snapshot of K8up: there is a backup of that date, whatever else is said of it."""

    namespace: str
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Volume:
    """A Volume of Longhorn; `claim` is "namespace/name" of what uses it, empty where nothing does.

    The robustness of a detached volume is "unknown", which is well.
    """

    name: str
    claim: str
    state: str
    robustness: str
    last_backup: datetime | None
    degraded: datetime | None


@dataclass(frozen=True, slots=True)
class Node:
    """A Node; `ready` is None where nobody has said so yet."""

    name: str
    ready: bool | None
    message: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Pod:
    """A Pod; `restarts` are those of its worst container since the pod was made.

    `last_restart` is None while a container is down again, and where nobody says.
    """

    namespace: str
    name: str
    container: str
    restarts: int
    reason: str
    last_restart: datetime | None


def _list(found: Mapping[str, Any], *path: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list within an object, none where there is no list."""
    value = part(found, *path[:-1]).get(path[-1])
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def _conditions(found: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the conditions of an object by their type."""
    return {text(one.get("type")): one for one in _list(found, "status", "conditions")}


def _bounded(value: Any) -> str:
    return text(value)[:MAX_TEXT]


def _namespace(found: Mapping[str, Any]) -> str:
    # One copy for all objects of a namespace.
    return intern(text(part(found, "metadata").get("namespace")))


def _name(found: Mapping[str, Any]) -> str:
    return text(part(found, "metadata").get("name"))


def _created(found: Mapping[str, Any]) -> datetime | None:
    return time(part(found, "metadata").get("creationTimestamp"))


def parse_finding(found: Mapping[str, Any]) -> Finding:
    """Read a Result."""
    spec = part(found, "spec")
    kind, name = intern(text(spec.get("kind"))), text(spec.get("name"))
    errors = list(_list(spec, "error"))
    texts = "\n".join(text(error.get("text")) for error in errors)
    # What is in the object's own name is no secret, and without it nobody would understand the text.
    secrets = {
        word
        for error in errors
        for one in _list(error, "sensitive")
        if (word := text(one.get("unmasked"))) and word not in name
    }
    identity = "\n".join((kind, name, _DURATION.sub("~", texts)))
    return Finding(
        kind,
        name,
        _masked(texts, secrets)[:MAX_TEXT],
        _masked(text(spec.get("details")), secrets)[:MAX_TEXT],
        sha256(identity.encode(errors="replace")).hexdigest()[:12],
        _created(found),
    )


def _masked(said: str, secrets: Collection[str]) -> str:
    """Return a text without these words.

    Not with the words that k8sgpt has put in their place: those are other ones in each analysis, and the
    text would change every half minute.
    """
    # The longest first: one may be part of another.
    there = sorted((re.escape(word) for word in secrets if word in said), key=len, reverse=True)
    return re.sub("|".join(there), MASK, said) if there else said


def parse_kustomization(found: Mapping[str, Any]) -> FluxObject:
    """Read a Kustomization."""
    return _flux_object("Kustomization", found)


def parse_helm_release(found: Mapping[str, Any]) -> FluxObject:
    """Read a HelmRelease."""
    return _flux_object("HelmRelease", found)


def _flux_object(kind: str, found: Mapping[str, Any]) -> FluxObject:
    conditions = _conditions(found)
    ready = conditions.get("Ready", {})
    return FluxObject(
        kind,
        _namespace(found),
        _name(found),
        suspended=part(found, "spec").get("suspend") is True,
        ready=_truth(ready),
        stalled=_truth(conditions.get("Stalled", {})) is True,
        reason=text(ready.get("reason")),
        message=_bounded(ready.get("message")),
        since=time(ready.get("lastTransitionTime")),
        origin=_flux_origin(part(found, "spec")),
    )


def _flux_origin(spec: Mapping[str, Any]) -> str:
    """Return a path of a source, or a chart of a repository; the values beside it are not looked at."""
    chart = part(spec, "chart", "spec")
    source = part(chart, "sourceRef") or part(spec, "chartRef") or part(spec, "sourceRef")
    what = text(chart.get("chart") or spec.get("path"))
    version = text(chart.get("version"))
    where = f"{text(source.get('kind'))} {text(source.get('name'))}".strip()
    named = f"chart {what} {version}".strip() if chart else what
    return " of ".join(one for one in (named, where) if one)[:MAX_TEXT]


def _truth(condition: Mapping[str, Any]) -> bool | None:
    return {"True": True, "False": False}.get(text(condition.get("status")))


def parse_application(found: Mapping[str, Any]) -> Application:
    """Read an Application."""
    status = part(found, "status")
    health, operation = part(status, "health"), part(status, "operationState")
    said = (text(one.get("message")) for one in _list(status, "conditions"))
    return Application(
        _namespace(found),
        _name(found),
        sync=intern(text(part(status, "sync").get("status"))),
        health=intern(text(health.get("status"))),
        message=_bounded(health.get("message")),
        phase=intern(text(operation.get("phase"))),
        operation_message=_bounded(operation.get("message")),
        condition=next(said, "")[:MAX_TEXT],
        finished=time(operation.get("finishedAt")),
        origin=_argocd_origin(part(found, "spec")),
    )


def _argocd_origin(spec: Mapping[str, Any]) -> str:
    """Return the path and the repository of the first source."""
    source = part(spec, "source") or next(_list(spec, "sources"), {})
    what = text(source.get("path") or source.get("chart"))
    # A repository's address may have a password in it.
    where = without_users(text(source.get("repoURL")))
    return " of ".join(one for one in (what, where) if one)[:MAX_TEXT]


def parse_schedule(found: Mapping[str, Any]) -> K8upSchedule:
    """Read a Schedule of K8up."""
    return K8upSchedule(_namespace(found), _name(found), bool(part(found, "spec", "backup")), _created(found))


def parse_backup(found: Mapping[str, Any]) -> K8upBackup:
    """Read a Backup of K8up."""
    conditions = _conditions(found)
    # Completed is "True" of both: only the reason tells success from failure.
    end, before = conditions.get("Completed", {}), conditions.get("PreBackupPodReady", {})
    succeeded = None
    if end:
        succeeded = {"Succeeded": True, "Failed": False}.get(text(end.get("reason")))
    elif text(before.get("reason")).endswith("Failed"):
        end, succeeded = before, False
    return K8upBackup(
        _namespace(found),
        _name(found),
        _schedule(found),
        succeeded,
        _bounded(end.get("message")),
        time(end.get("lastTransitionTime")) or _created(found),
    )


def _schedule(found: Mapping[str, Any]) -> str:
    """Return the Schedule that a job comes from, empty where a person has made it."""
    metadata = part(found, "metadata")
    owners = (
        text(one.get("name")) for one in _list(metadata, "ownerReferences") if one.get("kind") == "Schedule"
    )
    return next(owners, "") or text(part(metadata, "labels").get("k8up.io/schedule-name"))


def parse_snapshot(found: Mapping[str, Any]) -> K8upSnapshot:
    """Read a Snapshot of K8up; its repository may have a password in its address and stays where it is."""
    return K8upSnapshot(_namespace(found), time(part(found, "spec").get("date")))


def parse_volume(found: Mapping[str, Any]) -> Volume:
    """Read a Volume of Longhorn."""
    status = part(found, "status")
    used = part(status, "kubernetesStatus")
    claim = text(used.get("pvcName"))
    return Volume(
        _name(found),
        f"{text(used.get('namespace'))}/{claim}" if claim else "",
        intern(text(status.get("state"))),
        intern(text(status.get("robustness"))),
        time(status.get("lastBackupAt")),
        time(status.get("lastDegradedAt")),
    )


def parse_node(found: Mapping[str, Any]) -> Node:
    """Read a Node."""
    ready = _conditions(found).get("Ready", {})
    return Node(
        _name(found),
        # Of a node that has gone silent it is "Unknown", and that is not ready.
        ready=text(ready.get("status")) == "True" if ready else None,
        message=_bounded(ready.get("message")),
        since=time(ready.get("lastTransitionTime")),
    )


def parse_pod(found: Mapping[str, Any]) -> Pod:
    """Read a Pod."""
    status = part(found, "status")
    containers = [*_list(status, "containerStatuses"), *_list(status, "initContainerStatuses")]
    worst = max(containers, key=_restarts, default={})
    ended = part(worst, "state", "terminated") or part(worst, "lastState", "terminated")
    is_down = bool(part(worst, "state", "waiting") or part(worst, "state", "terminated"))
    return Pod(
        _namespace(found),
        _name(found),
        text(worst.get("name")),
        # What has ended well will not restart any more.
        0 if status.get("phase") == "Succeeded" else _restarts(worst),
        text(part(worst, "state", "waiting").get("reason")) or text(ended.get("reason")),
        None if is_down else time(ended.get("finishedAt")),
    )


def _restarts(container: Mapping[str, Any]) -> int:
    return int(number(container.get("restartCount")) or 0)


FINDINGS = Resource("core.k8sgpt.ai", ("v1alpha1",), "results", parse_finding)
KUSTOMIZATIONS = Resource(
    "kustomize.toolkit.fluxcd.io", ("v1", "v1beta2"), "kustomizations", parse_kustomization
)
HELM_RELEASES = Resource(
    "helm.toolkit.fluxcd.io", ("v2", "v2beta2", "v2beta1"), "helmreleases", parse_helm_release
)
APPLICATIONS = Resource("argoproj.io", ("v1alpha1",), "applications", parse_application)
SCHEDULES = Resource("k8up.io", ("v1",), "schedules", parse_schedule)
BACKUPS = Resource("k8up.io", ("v1",), "backups", parse_backup)
SNAPSHOTS = Resource("k8up.io", ("v1",), "snapshots", parse_snapshot)
VOLUMES = Resource("longhorn.io", ("v1beta2", "v1beta1"), "volumes", parse_volume)
NODES = Resource("", ("v1",), "nodes", parse_node)
PODS = Resource("", ("v1",), "pods", parse_pod)
