"""How an object is, whatever its kind: what its conditions, its phase or its numbers come down to.

A reader takes any JSON object and raises nothing. Which reader reads which kind stands in the table of the
monitor; sources of each are named there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ..answers import number, text, time
from .client import part
from .reading import bounded, conditions, created, duration, items, name, namespace, owner, texts_of, truth

type Sights = tuple[Sight, ...]
type Reader = Callable[[Mapping[str, Any]], Sights]


class Phase(StrEnum):
    """What an object comes down to."""

    WELL = "well"
    WAITING = "waiting"
    FAILED = "failed"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Sight:
    """One aspect of one object: how it is, why, and since when.

    `longer` is how much longer than usual it may wait by its own settings. Of those with the same `series`
    only the latest by `at` counts: what came after it has made it good, or is worse. `was_failing` marks one
    that tries again after a failure. `expires` is a moment after which it does not work any more.
    """

    namespace: str
    name: str
    phase: Phase
    reason: str = ""
    message: str = ""
    since: datetime | None = None
    aspect: str = ""
    longer: timedelta = timedelta()
    series: str = ""
    at: datetime | None = None
    was_failing: bool = False
    expires: datetime | None = None
    subject: str = ""


def _sight(obj: Mapping[str, Any], phase: Phase, **more: Any) -> Sight:
    return Sight(namespace(obj), name(obj), phase, **more)


def by_condition(kind: str = "Ready", *, suspend: str = "suspend", good: str = "True") -> Reader:
    """Return a reader of objects whose condition `kind` says whether they are well.

    Unknown or missing is waiting; so is "False" where the object says that somebody is at it.
    """

    def read(obj: Mapping[str, Any]) -> Sights:
        by_type = conditions(obj)
        condition, at_it = by_type.get(kind, {}), by_type.get("Reconciling", {})
        details: dict[str, Any] = {
            "reason": text(condition.get("reason")),
            "message": bounded(condition.get("message")),
            "since": time(condition.get("lastTransitionTime")) or created(obj),
            "longer": duration(part(obj, "spec").get("timeout")) or timedelta(),
        }
        if suspend and part(obj, "spec").get(suspend) is True:
            return (_sight(obj, Phase.SUSPENDED),)
        holds = truth(condition)
        if holds is None:
            again = text(at_it.get("reason")) == "ProgressingWithRetry"
            return (_sight(obj, Phase.WAITING, was_failing=again, **details),)
        is_good = holds is (good == "True")
        return (_sight(obj, Phase.WELL if is_good else Phase.FAILED, **details),)

    return read


def by_bad_condition(*kinds: str) -> Reader:
    """Return a reader of objects that are well unless one of these conditions is "True"."""

    def read(obj: Mapping[str, Any]) -> Sights:
        by_type = conditions(obj)
        for kind in kinds:
            condition = by_type.get(kind, {})
            if truth(condition):
                return (
                    _sight(
                        obj,
                        Phase.FAILED,
                        reason=text(condition.get("reason")) or kind,
                        message=bounded(condition.get("message")),
                        since=time(condition.get("lastTransitionTime")),
                    ),
                )
        return (_sight(obj, Phase.WELL),)

    return read


def by_phase(
    *path: str,
    failed: tuple[str, ...],
    well: tuple[str, ...],
    message: tuple[str, ...] = ("status", "message"),
    since: tuple[str, ...] = (),
    series: Callable[[Mapping[str, Any]], str] | None = None,
    subject: Callable[[Mapping[str, Any]], str] | None = None,
) -> Reader:
    """Return a reader of objects that name their phase at `path`; what is in neither list is waiting."""

    def read(obj: Mapping[str, Any]) -> Sights:
        state = text(part(obj, *path[:-1]).get(path[-1]))
        phase = Phase.FAILED if state in failed else Phase.WELL if state in well else Phase.WAITING
        moment = time(part(obj, *since[:-1]).get(since[-1])) if since else None
        reasons = part(obj, *message[:-1]).get(message[-1])
        reason = (
            "; ".join(reason for reason in reasons if isinstance(reason, str))
            if isinstance(reasons, list)
            else reasons
        )
        return (
            _sight(
                obj,
                phase,
                reason=state,
                message=bounded(reason),
                since=moment or created(obj),
                series=series(obj) if series else "",
                at=moment or created(obj),
                subject=subject(obj) if subject else "",
            ),
        )

    return read


def of_job_of_k8up(obj: Mapping[str, Any]) -> Sights:
    """Read a Check, Prune, Restore or Archive of K8up: whether it failed, only the reason tells."""
    by_type = conditions(obj)
    end, before = by_type.get("Completed", {}), by_type.get("PreBackupPodReady", {})
    phase = {"Succeeded": Phase.WELL, "Failed": Phase.FAILED}.get(text(end.get("reason")), Phase.WAITING)
    if phase is Phase.WAITING and text(before.get("reason")).endswith("Failed"):
        end, phase = before, Phase.FAILED
    schedule = owner(obj, "Schedule")
    at = time(end.get("lastTransitionTime")) or created(obj)
    return (
        _sight(
            obj,
            phase,
            reason=text(end.get("reason")),
            message=bounded(end.get("message")),
            since=at,
            at=at,
            # One that is still at it says nothing of how the last one went.
            series=f"{namespace(obj)}/{schedule}" if schedule and phase is not Phase.WAITING else "",
            subject=f"{namespace(obj)}/{schedule}" if schedule else "",
        ),
    )


def of_report_of_flux(obj: Mapping[str, Any]) -> Sights:
    """Read a FluxReport of the Flux Operator: the controllers that are not ready, and the sync.

    Source: flux-operator `api/v1/fluxreport_types.go`: `spec.components[].ready`, `spec.sync.ready`.
    """
    spec = part(obj, "spec")
    down = [text(item.get("name")) for item in items(spec, "components") if item.get("ready") is False]
    sync = part(spec, "sync")
    at = time(conditions(obj).get("Ready", {}).get("lastTransitionTime"))
    if down:
        message = f"not ready: {', '.join(sorted(down))}"
        return (_sight(obj, Phase.FAILED, reason="ComponentsNotReady", message=bounded(message), since=at),)
    if sync.get("ready") is False:
        message = bounded(sync.get("status"))
        return (_sight(obj, Phase.FAILED, reason="SyncNotReady", message=message, since=at),)
    return (_sight(obj, Phase.WELL),)


def of_certificate(obj: Mapping[str, Any]) -> Sights:
    """Read a Certificate of cert-manager: whether it is ready, and whether its renewal is late.

    Source: cert-manager `pkg/apis/certmanager/v1/types_certificate.go`: conditions Ready and Issuing, status
    `notAfter` and `renewalTime`.
    """
    status, by_type = part(obj, "status"), conditions(obj)
    ready, issuing = by_type.get("Ready", {}), by_type.get("Issuing", {})
    expires, renewal = time(status.get("notAfter")), time(status.get("renewalTime"))
    failing = number(status.get("failedIssuanceAttempts")) or 0
    details = {
        "reason": text((issuing or ready).get("reason")),
        "message": bounded((issuing if failing else ready).get("message")),
        "expires": expires,
    }
    since = time(ready.get("lastTransitionTime")) or created(obj)
    if truth(ready):
        # It works, and is to be renewed from this moment on.
        late = Phase.WAITING if renewal else Phase.WELL
        return (_sight(obj, late, aspect="renewal", **{**details, "since": renewal}),)
    phase = Phase.FAILED if failing else Phase.WAITING
    return (_sight(obj, phase, since=since, **details),)


def of_workload(obj: Mapping[str, Any]) -> Sights:
    """Read a Deployment or StatefulSet: whether it has the replicas that it wants.

    Source: kubernetes/api apps/v1: numbers that are 0 are left out of the status.
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
    return _replicas(
        obj,
        ready,
        desired,
        stuck=stuck,
        reason=text(because.get("reason")),
        message=bounded(because.get("message")),
        since=time(at.get("lastTransitionTime")),
    )


def of_daemon_set(obj: Mapping[str, Any]) -> Sights:
    """Read a DaemonSet: whether it runs on every node that it should; it has no conditions."""
    status = part(obj, "status")
    desired = int(number(status.get("desiredNumberScheduled")) or 0)
    return _replicas(obj, int(number(status.get("numberReady")) or 0), desired)


def _replicas(
    obj: Mapping[str, Any],
    ready: int,
    desired: int,
    *,
    stuck: bool = False,
    reason: str = "",
    message: str = "",
    since: datetime | None = None,
) -> Sights:
    if ready >= desired:
        return (_sight(obj, Phase.WELL),)
    summary = f"{ready} of {desired} are ready" + (f": {message}" if message else "")
    phase = Phase.FAILED if stuck else Phase.WAITING
    return (_sight(obj, phase, reason=reason, message=summary, since=since),)


def of_job(obj: Mapping[str, Any]) -> Sights:
    """Read a Job; of those of one CronJob the latest counts. One that runs may take as long as it needs."""
    by_type = conditions(obj)
    failed, done = by_type.get("Failed", {}), by_type.get("Complete", {})
    cron = owner(obj, "CronJob")
    at = created(obj)
    if truth(failed) or truth(done):
        return (
            _sight(
                obj,
                Phase.FAILED if truth(failed) else Phase.WELL,
                reason=text(failed.get("reason")),
                message=bounded(failed.get("message")),
                since=time((failed or done).get("lastTransitionTime")) or at,
                at=at,
                series=f"{namespace(obj)}/{cron}" if cron else "",
                subject=f"{namespace(obj)}/{cron}" if cron else "",
            ),
        )
    return ()


def of_claim(obj: Mapping[str, Any]) -> Sights:
    """Read a PersistentVolumeClaim.

    A claim that waits for its first consumer is as it should be: nobody has been asked to provision it yet.
    Source: kubernetes `pkg/controller/volume/persistentvolume`: the annotation is set when somebody is.
    """
    phase = text(part(obj, "status").get("phase"))
    at = created(obj)
    if phase == "Lost":
        return (_sight(obj, Phase.FAILED, aspect="lost", reason=phase, since=at),)
    if phase != "Pending":
        return (_sight(obj, Phase.WELL),)
    annotations = part(obj, "metadata", "annotations")
    is_requested = any(key.endswith("/storage-provisioner") for key in annotations)
    storage_class = text(part(obj, "spec").get("storageClassName"))
    message = f"storage class {storage_class}" if storage_class else "without a storage class"
    aspect = "" if is_requested else "unused"
    return (_sight(obj, Phase.WAITING, aspect=aspect, reason=phase, message=message, since=at),)


def of_volsync(obj: Mapping[str, Any]) -> Sights:
    """Read a ReplicationSource or ReplicationDestination of VolSync: how its last mover ended, and when.

    Source: backube/volsync `api/v1alpha1`: `status.latestMoverStatus.result` "Successful" or "Failed",
    `spec.trigger.schedule` in the form of cron.
    """
    status, spec = part(obj, "status"), part(obj, "spec")
    mover = part(status, "latestMoverStatus")
    if spec.get("paused") is True:
        return (_sight(obj, Phase.SUSPENDED),)
    at = time(status.get("lastSyncTime"))
    if text(mover.get("result")) == "Failed":
        message = bounded(text(mover.get("logs"))[-500:])
        return (_sight(obj, Phase.FAILED, reason="Failed", message=message, since=at),)
    schedule = text(part(spec, "trigger").get("schedule"))[:100]
    return (_sight(obj, Phase.WAITING, reason=schedule, since=at or created(obj)),)


def of_cron_job(obj: Mapping[str, Any]) -> Sights:
    """Read a CronJob: `reason` is its schedule, `since` when it last began to run."""
    spec = part(obj, "spec")
    if spec.get("suspend") is True:
        return (_sight(obj, Phase.SUSPENDED),)
    return (
        _sight(
            obj,
            Phase.WAITING,
            reason=text(spec.get("schedule"))[:100],
            since=time(part(obj, "status").get("lastScheduleTime")) or created(obj),
        ),
    )


def volume_of_backup(obj: Mapping[str, Any]) -> str:
    """Return the volume that a Backup of Longhorn is of."""
    labels = part(obj, "metadata", "labels")
    return text(part(obj, "status").get("volumeName")) or text(labels.get("backup-volume"))


def schedule_of_velero(obj: Mapping[str, Any]) -> str:
    """Return the Schedule of Velero that a Backup comes from, empty where a person has made it."""
    schedule = text(part(obj, "metadata", "labels").get("velero.io/schedule-name"))
    return f"{namespace(obj)}/{schedule}" if schedule else ""


def of_backup_target(obj: Mapping[str, Any]) -> Sights:
    """Read a BackupTarget of Longhorn; one without a URL is none."""
    status = part(obj, "status")
    if not text(part(obj, "spec").get("backupTargetURL")) or status.get("available") is not False:
        return (_sight(obj, Phase.WELL),)
    condition = conditions(obj).get("Unavailable", {})
    return (
        _sight(
            obj,
            Phase.FAILED,
            reason=text(condition.get("reason")),
            message=bounded(condition.get("message")),
            since=time(condition.get("lastTransitionTime")),
        ),
    )


def of_schedule_of_velero(obj: Mapping[str, Any]) -> Sights:
    """Read a Schedule of Velero: whether it is valid, and when it last made a backup."""
    spec, status = part(obj, "spec"), part(obj, "status")
    if spec.get("paused") is True:
        return (_sight(obj, Phase.SUSPENDED),)
    if text(status.get("phase")) == "FailedValidation":
        message = "; ".join(texts_of(obj, "status", "validationErrors"))
        return (_sight(obj, Phase.FAILED, reason="FailedValidation", message=bounded(message)),)
    since = time(status.get("lastBackup")) or created(obj)
    return (_sight(obj, Phase.WAITING, reason=text(spec.get("schedule"))[:100], since=since),)
