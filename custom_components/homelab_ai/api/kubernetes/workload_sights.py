"""How workloads, jobs and claims are.

Sources: kubernetes/api `apps/v1`, `batch/v1`, `core/v1`; kubernetes/kubernetes `pkg/controller`.
"""

from datetime import datetime, timedelta
from typing import Any

from ..answers import Json, number, text, time
from .client import part
from .reading import bounded, conditions, created, namespace, owner, truth
from .sights import Phase, Sights, sight_of

_LONGEST_DEADLINE = 366 * 86400.0


def of_workload(obj: Json) -> Sights:
    """Read a Deployment or StatefulSet: whether it has the replicas that it wants, of its newest version.

    Numbers that are 0 are left out of the status. While a new version does not become ready the old one may
    have all its pods: then only the condition Progressing tells.
    """
    spec, status = part(obj, "spec"), part(obj, "status")
    by_type = conditions(obj)
    replicas = number(spec.get("replicas"))
    desired = 1 if replicas is None else int(replicas)
    ready = int(number(status.get("readyReplicas")) or 0)
    available, progress = by_type.get("Available", {}), by_type.get("Progressing", {})
    at = available if truth(available) is False else progress
    stuck = text(progress.get("reason")) == "ProgressDeadlineExceeded"
    because = progress if stuck else by_type.get("ReplicaFailure") or available
    details: dict[str, Any] = {
        "reason": text(because.get("reason")),
        "message": bounded(because.get("message")),
        "since": time(at.get("lastTransitionTime")),
    }
    if stuck and ready >= desired > 0:
        return (sight_of(obj, Phase.FAILED, aspect="rollout", **details),)
    return _replicas(obj, ready, desired, stuck=stuck, **details)


def of_daemon_set(obj: Json) -> Sights:
    """Read a DaemonSet: whether it runs on every node that it should; it has no conditions."""
    status = part(obj, "status")
    desired = int(number(status.get("desiredNumberScheduled")) or 0)
    return _replicas(obj, int(number(status.get("numberReady")) or 0), desired)


def _replicas(
    obj: Json,
    ready: int,
    desired: int,
    *,
    stuck: bool = False,
    reason: str = "",
    message: str = "",
    since: datetime | None = None,
) -> Sights:
    if ready >= desired:
        return (sight_of(obj, Phase.WELL),)
    summary = f"{ready} of {desired} are ready" + (f": {message}" if message else "")
    phase = Phase.FAILED if stuck else Phase.WAITING
    return (sight_of(obj, phase, reason=reason, message=summary, since=since),)


def of_job(obj: Json) -> Sights:
    """Read a Job; of those of one CronJob the latest counts.

    One that runs may take its time, and longer where it has a deadline of its own; one that has not even got
    a pod waits for something else. One that is suspended was asked to wait.
    """
    spec, status, by_type = part(obj, "spec"), part(obj, "status"), conditions(obj)
    failed, done = by_type.get("Failed", {}), by_type.get("Complete", {})
    cron, at = owner(obj, "CronJob"), created(obj)
    subject = f"{namespace(obj)}/{cron}" if cron else ""
    if truth(failed) or truth(done):
        return (
            sight_of(
                obj,
                Phase.FAILED if truth(failed) else Phase.WELL,
                reason=text(failed.get("reason")),
                message=bounded(failed.get("message")),
                since=time((failed or done).get("lastTransitionTime")) or at,
                at=at,
                series=subject,
                subject=subject,
            ),
        )
    if spec.get("suspend") is True:
        return ()
    has_pods = any(number(status.get(count)) for count in ("active", "ready", "succeeded", "failed"))
    deadline = min(number(spec.get("activeDeadlineSeconds")) or 0.0, _LONGEST_DEADLINE)
    return (
        sight_of(
            obj,
            Phase.WAITING,
            aspect="" if has_pods else "start",
            reason="" if has_pods else "NoPods",
            since=time(status.get("startTime")) or at,
            longer=timedelta(seconds=deadline) if has_pods else timedelta(),
            subject=subject,
        ),
    )


def of_claim(obj: Json) -> Sights:
    """Read a PersistentVolumeClaim.

    A claim that waits for its first consumer is as it should be: nobody has been asked to provision it yet.
    Source: `pkg/controller/volume/persistentvolume`: the annotation is set when somebody is. What becomes of
    a new size is in `status.allocatedResourceStatuses`, and in conditions.
    """
    phase = text(part(obj, "status").get("phase"))
    at = created(obj)
    if phase == "Lost":
        return (sight_of(obj, Phase.FAILED, aspect="lost", reason=phase, since=at),)
    if phase != "Pending":
        return (_resizing(obj),)
    annotations = part(obj, "metadata", "annotations")
    is_requested = any(key.endswith("/storage-provisioner") for key in annotations)
    storage_class = text(part(obj, "spec").get("storageClassName"))
    message = f"storage class {storage_class}" if storage_class else "without a storage class"
    aspect = "" if is_requested else "unused"
    return (sight_of(obj, Phase.WAITING, aspect=aspect, reason=phase, message=message, since=at),)


def _resizing(obj: Json) -> Any:
    by_type = conditions(obj)
    for kind in ("ControllerResizeError", "NodeResizeError", "Resizing"):
        condition = by_type.get(kind, {})
        if truth(condition):
            return sight_of(
                obj,
                Phase.WAITING if kind == "Resizing" else Phase.FAILED,
                aspect="resize",
                reason=text(condition.get("reason")) or kind,
                message=bounded(condition.get("message")),
                since=time(condition.get("lastTransitionTime")),
            )
    state = text(part(obj, "status", "allocatedResourceStatuses").get("storage"))
    if state.endswith(("Infeasible", "ResizeFailed")):
        return sight_of(obj, Phase.FAILED, aspect="resize", reason=state)
    return sight_of(obj, Phase.WELL, backs_up=_backs_up(obj), at=created(obj))


def _backs_up(obj: Json) -> bool | None:
    """Return what an annotation for K8up says; it cannot read volumes without a file system.

    Source: k8up-io/k8up `operator/executor/backup.go`, docs "Backup of PVCs".
    """
    if part(obj, "spec").get("volumeMode") == "Block":
        return False
    wish = text(part(obj, "metadata", "annotations").get("k8up.io/backup")).lower()
    return {"true": True, "false": False}.get(wish)


def of_cron_job(obj: Json) -> Sights:
    """Read a CronJob: `reason` is its schedule, `since` when it last began to run, or succeeded.

    Jobs that failed may be cleaned up at once; that none has succeeded since is all that is left of them.
    """
    spec, status = part(obj, "spec"), part(obj, "status")
    if spec.get("suspend") is True:
        return (sight_of(obj, Phase.SUSPENDED),)
    schedule = text(spec.get("schedule"))[:100]
    began, succeeded = time(status.get("lastScheduleTime")), time(status.get("lastSuccessfulTime"))
    since = began or created(obj)
    runs = sight_of(obj, Phase.WAITING, reason=schedule, since=since)
    if began is None or (succeeded is not None and succeeded >= began):
        return (runs,)
    fails = sight_of(obj, Phase.WAITING, aspect="success", reason=schedule, since=succeeded or created(obj))
    return (runs, fails)
