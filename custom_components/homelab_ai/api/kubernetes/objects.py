"""What is read of the objects of a cluster: a value per kind, and the resources that hold them.

Nodes and pods are in `core`, what is judged by itself in `sights`. Sources: k8sgpt-operator `api/v1alpha1`,
fluxcd kustomize-controller `api/v1` and helm-controller `api/v2`, argo-cd `types.go`, k8up `api/v1`,
longhorn-manager `apis/longhorn/v1beta2`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypedDict

from ...values.text import without_users
from ..answers import Json, Moment, Text, text, time
from .client import Resource, part
from .core import NODES, PODS, Node, Pod, parse_node, parse_pod
from .reading import (
    MAX_TEXT,
    NO_TEXT,
    bounded,
    conditions,
    created,
    deleted,
    duration,
    is_observed,
    items,
    name,
    namespace,
    owner,
    shared,
    texts_of,
    truth,
    waits_for,
)

__all__ = ["MAX_TEXT", "NODES", "PODS", "Node", "Pod", "parse_node", "parse_pod"]


_MOST_NEEDS = 50
_MOST_PATHS, _MAX_PATH = 20, 500
_GROUP, _JOB = "recurring-job-group.longhorn.io/", "recurring-job.longhorn.io/"
_DEFAULT_GROUPS = frozenset((Text("default"),))
_CONDITIONS = ("InvalidSpecError", "ComparisonError", "SyncError", "DeletionError", "UnknownError")


@dataclass(frozen=True, slots=True)
class FluxObject:
    """A Kustomization or a HelmRelease; `ready` is None while Flux is still at it.

    A suspended one keeps the conditions of its last reconciliation: they say nothing any more. `was_failing`
    marks one that only tries again what failed; then reason, message and `since` are those of the failure
    where they are known. `deleted` is when it should be gone, and `finalizers` what keeps it. `needs` are the
    names of what it depends on, of the same kind. `origin` is what it
    delivers and where from, in words: "./apps of GitRepository flux-system".
    """

    kind: str
    namespace: Text
    name: Text
    suspended: bool
    ready: bool | None
    stalled: bool
    reason: Text
    message: Text
    since: Moment | None
    origin: Text = NO_TEXT
    was_failing: bool = False
    timeout: timedelta = timedelta()
    needs: tuple[Text, ...] = ()
    deleted: Moment | None = None
    finalizers: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Application:
    """An Application of Argo CD, in the words of Argo CD; what it does not say is empty.

    `condition` is the message of the worst of its conditions, `is_error` whether that is an error. `seen` is
    when its health was first seen so, for versions that do not say since when (`health_since`). `deleted` is
    when it should be gone, and `finalizers` what keeps it.
    `origin` is what it delivers and where from: "apps/shop of https://git.home/apps.git".
    """

    namespace: Text
    name: Text
    sync: Text
    health: Text
    message: Text
    phase: Text
    operation_message: Text
    condition: Text
    finished: Moment | None
    origin: Text = NO_TEXT
    is_error: bool = False
    health_since: Moment | None = None
    started: Moment | None = None
    seen: Moment = field(default_factory=lambda: Moment(datetime.now(UTC)), compare=False)
    deleted: Moment | None = None
    finalizers: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class K8upSchedule:
    """A Schedule of K8up; `backs_up` is false where it only checks or prunes.

    `is_selective` where it backs up only what has certain labels.
    """

    namespace: Text
    name: Text
    backs_up: bool
    created: Moment | None
    is_selective: bool = False


@dataclass(frozen=True, slots=True)
class K8upBackup:
    """A Backup of K8up; `succeeded` is None until it is finished, `at` is when it was."""

    namespace: Text
    name: Text
    schedule: Text
    succeeded: bool | None
    message: Text
    at: Moment | None


@dataclass(frozen=True, slots=True)
class K8upSnapshot:
    """A Snapshot of K8up: there is a backup of these paths of that date, whatever else is said of it.

    The path of a claim is "/data/" and its name; that of a command's output is the name of its pod.
    """

    namespace: Text
    date: Moment | None
    paths: tuple[Text, ...] = (NO_TEXT,)


@dataclass(frozen=True, slots=True)
class Volume:
    """A Volume of Longhorn; `claim` is "namespace/name" of what uses it, empty where nothing does.

    The robustness of a detached volume is "unknown", which is well. `unscheduled` is why a copy of its data
    has no place. `groups` and `jobs` are those of recurring jobs that it takes part in.
    """

    name: Text
    claim: Text
    state: Text
    robustness: Text
    last_backup: Moment | None
    degraded: Moment | None
    created: Moment | None = None
    unscheduled: Text = NO_TEXT
    unscheduled_since: Moment | None = None
    groups: frozenset[Text] = _DEFAULT_GROUPS
    jobs: frozenset[Text] = frozenset()


@dataclass(frozen=True, slots=True)
class RecurringJob:
    """A RecurringJob of Longhorn that makes backups, or `backs_up` is false; for volumes of these groups."""

    name: Text
    backs_up: bool
    groups: frozenset[Text]


def parse_kustomization(obj: Json) -> FluxObject:
    """Read a Kustomization."""
    return _flux_object("Kustomization", obj)


def parse_helm_release(obj: Json) -> FluxObject:
    """Read a HelmRelease."""
    return _flux_object("HelmRelease", obj)


def _flux_object(kind: str, obj: Json) -> FluxObject:
    by_type, spec = conditions(obj), part(obj, "spec")
    ready, at_it = by_type.get("Ready", {}), by_type.get("Reconciling", {})
    holds, since = truth(ready), time(ready.get("lastTransitionTime")) or created(obj)
    if holds and not is_observed(obj):
        # Nobody has looked at what was changed; the status is that of before.
        holds, since, ready = None, None, {"reason": "NotObserved"}
    return FluxObject(
        kind,
        namespace(obj),
        name(obj),
        suspended=spec.get("suspend") is True,
        ready=holds,
        stalled=truth(by_type.get("Stalled", {})) is True,
        reason=text(ready.get("reason")),
        message=bounded(ready.get("message")),
        since=since,
        origin=_flux_origin(spec),
        was_failing=holds is None and text(at_it.get("reason")) == "ProgressingWithRetry",
        timeout=duration(spec.get("timeout")) or duration(spec.get("interval")) or timedelta(minutes=5),
        needs=tuple(
            text(f"{text(item.get('namespace')) or namespace(obj)}/{text(item.get('name'))}")
            for item in islice(items(spec, "dependsOn"), _MOST_NEEDS)
        ),
        **_deletion(obj),
    )


class Deletion(TypedDict, total=False):
    """That an object is being deleted."""

    deleted: Moment | None
    finalizers: Text


def _deletion(obj: Json) -> Deletion:
    at = deleted(obj)
    return {} if at is None else {"deleted": at, "finalizers": waits_for(obj)}


def _flux_origin(spec: Json) -> Text:
    """Return a path of a source, or a chart of a repository; the values beside it are not looked at."""
    chart = part(spec, "chart", "spec")
    source = part(chart, "sourceRef") or part(spec, "chartRef") or part(spec, "sourceRef")
    what = text(chart.get("chart") or spec.get("path"))
    version = text(chart.get("version"))
    where = f"{text(source.get('kind'))} {text(source.get('name'))}".strip()
    named = f"chart {what} {version}".strip() if chart else what
    return bounded(" of ".join(words for words in (named, where) if words))


def parse_application(obj: Json) -> Application:
    """Read an Application."""
    status = part(obj, "status")
    health, operation = part(status, "health"), part(status, "operationState")
    worst = min(items(status, "conditions"), key=_rank, default={})
    return Application(
        namespace(obj),
        name(obj),
        sync=shared(part(status, "sync").get("status")),
        health=shared(health.get("status")),
        message=bounded(health.get("message")),
        phase=shared(operation.get("phase")),
        operation_message=bounded(operation.get("message")),
        condition=bounded(worst.get("message")),
        finished=time(operation.get("finishedAt")),
        origin=_argocd_origin(part(obj, "spec")),
        is_error=text(worst.get("type")).endswith("Error"),
        health_since=time(health.get("lastTransitionTime")),
        started=time(operation.get("startedAt")),
        **_deletion(obj),
    )


def _rank(condition: Json) -> tuple[int, int]:
    """Return the place of a condition: the one that explains most is first, warnings are last.

    Source: argo-cd `types.go`: the types of errors end in "Error", those of warnings in "Warning".
    """
    kind = text(condition.get("type"))
    place = _CONDITIONS.index(kind) if kind in _CONDITIONS else len(_CONDITIONS)
    return (0 if kind.endswith("Error") else 2 if kind.endswith("Warning") else 1), place


def _argocd_origin(spec: Json) -> Text:
    """Return the path and the repository of the first source."""
    source = part(spec, "source") or next(items(spec, "sources"), {})
    what = text(source.get("path") or source.get("chart"))
    # A repository's address may have a password in it.
    where = without_users(text(source.get("repoURL")))
    return bounded(" of ".join(words for words in (what, where) if words))


def parse_schedule(obj: Json) -> K8upSchedule:
    """Read a Schedule of K8up."""
    plan = part(obj, "spec", "backup")
    is_selective = bool(next(items(plan, "labelSelectors"), None))
    return K8upSchedule(namespace(obj), name(obj), bool(plan), created(obj), is_selective)


def parse_backup(obj: Json) -> K8upBackup:
    """Read a Backup of K8up."""
    by_type = conditions(obj)
    # Completed is "True" of both: only the reason tells success from failure.
    end, before = by_type.get("Completed", {}), by_type.get("PreBackupPodReady", {})
    succeeded = None
    if end:
        succeeded = {"Succeeded": True, "Failed": False}.get(text(end.get("reason")))
    elif text(before.get("reason")).endswith("Failed"):
        end, succeeded = before, False
    return K8upBackup(
        namespace(obj),
        name(obj),
        _schedule(obj),
        succeeded,
        bounded(end.get("message")),
        time(end.get("lastTransitionTime")) or created(obj),
    )


def _schedule(obj: Json) -> Text:
    """Return the Schedule that a job comes from, empty where a person has made it."""
    labels = part(obj, "metadata", "labels")
    return owner(obj, "Schedule") or text(labels.get("k8up.io/schedule-name"))


def parse_snapshot(obj: Json) -> K8upSnapshot:
    """Read a Snapshot of K8up; its repository may have a password in its address and stays where it is."""
    spec = part(obj, "spec")
    paths = tuple(text(path, _MAX_PATH) for path in islice(texts_of(spec, "paths"), _MOST_PATHS))
    return K8upSnapshot(namespace(obj), time(spec.get("date")), paths or (NO_TEXT,))


def parse_volume(obj: Json) -> Volume:
    """Read a Volume of Longhorn."""
    status = part(obj, "status")
    used = part(status, "kubernetesStatus")
    claim = text(used.get("pvcName"))
    scheduled = conditions(obj).get("Scheduled", {})
    unscheduled = text(text(scheduled.get("reason")) or "unknown") if truth(scheduled) is False else NO_TEXT
    return Volume(
        name(obj),
        text(f"{text(used.get('namespace'))}/{claim}") if claim else NO_TEXT,
        shared(status.get("state")),
        shared(status.get("robustness")),
        time(status.get("lastBackupAt")),
        time(status.get("lastDegradedAt")),
        created(obj),
        unscheduled,
        time(scheduled.get("lastTransitionTime")),
        *_recurring(obj),
    )


def _recurring(obj: Json) -> tuple[frozenset[Text], frozenset[Text]]:
    """Return the groups of recurring jobs, and the jobs, that a volume takes part in.

    Source: longhorn-manager `types`: by labels; one without any is in the group "default".
    """
    labels = part(obj, "metadata", "labels")
    groups = frozenset(text(key.removeprefix(_GROUP)) for key in labels if key.startswith(_GROUP))
    jobs = frozenset(text(key.removeprefix(_JOB)) for key in labels if key.startswith(_JOB))
    return groups or (frozenset() if jobs else _DEFAULT_GROUPS), jobs


def parse_recurring_job(obj: Json) -> RecurringJob:
    """Read a RecurringJob of Longhorn."""
    spec = part(obj, "spec")
    backs_up = text(spec.get("task")).startswith("backup")
    return RecurringJob(name(obj), backs_up, frozenset(texts_of(spec, "groups")))


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
RECURRING_JOBS = Resource("longhorn.io", ("v1beta2", "v1beta1"), "recurringjobs", parse_recurring_job)
