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


def _sight(found: Mapping[str, Any], phase: Phase, **more: Any) -> Sight:
    return Sight(namespace(found), name(found), phase, **more)


def by_condition(kind: str = "Ready", *, suspend: str = "suspend", good: str = "True") -> Reader:
    """Return a reader of objects whose condition `kind` says whether they are well.

    Unknown or missing is waiting; so is "False" where the object says that somebody is at it.
    """

    def read(found: Mapping[str, Any]) -> Sights:
        told = conditions(found)
        condition, at_it = told.get(kind, {}), told.get("Reconciling", {})
        said: dict[str, Any] = {
            "reason": text(condition.get("reason")),
            "message": bounded(condition.get("message")),
            "since": time(condition.get("lastTransitionTime")) or created(found),
            "longer": duration(part(found, "spec").get("timeout")) or timedelta(),
        }
        if suspend and part(found, "spec").get(suspend) is True:
            return (_sight(found, Phase.SUSPENDED),)
        holds = truth(condition)
        if holds is None:
            again = text(at_it.get("reason")) == "ProgressingWithRetry"
            return (_sight(found, Phase.WAITING, was_failing=again, **said),)
        is_good = holds is (good == "True")
        return (_sight(found, Phase.WELL if is_good else Phase.FAILED, **said),)

    return read


def by_bad_condition(*kinds: str) -> Reader:
    """Return a reader of objects that are well unless one of these conditions is "True"."""

    def read(found: Mapping[str, Any]) -> Sights:
        told = conditions(found)
        for kind in kinds:
            condition = told.get(kind, {})
            if truth(condition):
                return (
                    _sight(
                        found,
                        Phase.FAILED,
                        reason=text(condition.get("reason")) or kind,
                        message=bounded(condition.get("message")),
                        since=time(condition.get("lastTransitionTime")),
                    ),
                )
        return (_sight(found, Phase.WELL),)

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

    def read(found: Mapping[str, Any]) -> Sights:
        said = text(part(found, *path[:-1]).get(path[-1]))
        phase = Phase.FAILED if said in failed else Phase.WELL if said in well else Phase.WAITING
        moment = time(part(found, *since[:-1]).get(since[-1])) if since else None
        reasons = part(found, *message[:-1]).get(message[-1])
        told = (
            "; ".join(one for one in reasons if isinstance(one, str))
            if isinstance(reasons, list)
            else reasons
        )
        return (
            _sight(
                found,
                phase,
                reason=said,
                message=bounded(told),
                since=moment or created(found),
                series=series(found) if series else "",
                at=moment or created(found),
                subject=subject(found) if subject else "",
            ),
        )

    return read


def of_job_of_k8up(found: Mapping[str, Any]) -> Sights:
    """Read a Check, Prune, Restore or Archive of K8up: whether it failed, only the reason tells."""
    told = conditions(found)
    end, before = told.get("Completed", {}), told.get("PreBackupPodReady", {})
    phase = {"Succeeded": Phase.WELL, "Failed": Phase.FAILED}.get(text(end.get("reason")), Phase.WAITING)
    if phase is Phase.WAITING and text(before.get("reason")).endswith("Failed"):
        end, phase = before, Phase.FAILED
    schedule = owner(found, "Schedule")
    at = time(end.get("lastTransitionTime")) or created(found)
    return (
        _sight(
            found,
            phase,
            reason=text(end.get("reason")),
            message=bounded(end.get("message")),
            since=at,
            at=at,
            # One that is still at it says nothing of how the last one went.
            series=f"{namespace(found)}/{schedule}" if schedule and phase is not Phase.WAITING else "",
            subject=f"{namespace(found)}/{schedule}" if schedule else "",
        ),
    )


def of_report_of_flux(found: Mapping[str, Any]) -> Sights:
    """Read a FluxReport of the Flux Operator: the controllers that are not ready, and the sync.

    Source: flux-operator `api/v1/fluxreport_types.go`: `spec.components[].ready`, `spec.sync.ready`.
    """
    spec = part(found, "spec")
    down = [text(one.get("name")) for one in items(spec, "components") if one.get("ready") is False]
    sync = part(spec, "sync")
    at = time(conditions(found).get("Ready", {}).get("lastTransitionTime"))
    if down:
        said = f"not ready: {', '.join(sorted(down))}"
        return (_sight(found, Phase.FAILED, reason="ComponentsNotReady", message=bounded(said), since=at),)
    if sync.get("ready") is False:
        said = bounded(sync.get("status"))
        return (_sight(found, Phase.FAILED, reason="SyncNotReady", message=said, since=at),)
    return (_sight(found, Phase.WELL),)


def of_certificate(found: Mapping[str, Any]) -> Sights:
    """Read a Certificate of cert-manager: whether it is ready, and whether its renewal is late.

    Source: cert-manager `pkg/apis/certmanager/v1/types_certificate.go`: conditions Ready and Issuing, status
    `notAfter` and `renewalTime`.
    """
    status, told = part(found, "status"), conditions(found)
    ready, issuing = told.get("Ready", {}), told.get("Issuing", {})
    expires, renewal = time(status.get("notAfter")), time(status.get("renewalTime"))
    failing = number(status.get("failedIssuanceAttempts")) or 0
    said = {
        "reason": text((issuing or ready).get("reason")),
        "message": bounded((issuing if failing else ready).get("message")),
        "expires": expires,
    }
    since = time(ready.get("lastTransitionTime")) or created(found)
    if truth(ready):
        # It works, and is to be renewed from this moment on.
        late = Phase.WAITING if renewal else Phase.WELL
        return (_sight(found, late, aspect="renewal", **{**said, "since": renewal}),)
    phase = Phase.FAILED if failing else Phase.WAITING
    return (_sight(found, phase, since=since, **said),)


def of_workload(found: Mapping[str, Any]) -> Sights:
    """Read a Deployment or StatefulSet: whether it has the replicas that it wants.

    Source: kubernetes/api apps/v1: numbers that are 0 are left out of the status.
    """
    spec, status = part(found, "spec"), part(found, "status")
    told = conditions(found)
    replicas = number(spec.get("replicas"))
    wanted = 1 if replicas is None else int(replicas)
    ready = int(number(status.get("readyReplicas")) or 0)
    available, progress = told.get("Available", {}), told.get("Progressing", {})
    at = available if truth(available) is False else progress
    stuck = text(progress.get("reason")) == "ProgressDeadlineExceeded"
    because = progress if stuck else told.get("ReplicaFailure") or available
    return _replicas(
        found,
        ready,
        wanted,
        stuck=stuck,
        reason=text(because.get("reason")),
        message=bounded(because.get("message")),
        since=time(at.get("lastTransitionTime")),
    )


def of_daemon_set(found: Mapping[str, Any]) -> Sights:
    """Read a DaemonSet: whether it runs on every node that it should; it has no conditions."""
    status = part(found, "status")
    wanted = int(number(status.get("desiredNumberScheduled")) or 0)
    return _replicas(found, int(number(status.get("numberReady")) or 0), wanted)


def _replicas(
    found: Mapping[str, Any],
    ready: int,
    wanted: int,
    *,
    stuck: bool = False,
    reason: str = "",
    message: str = "",
    since: datetime | None = None,
) -> Sights:
    if ready >= wanted:
        return (_sight(found, Phase.WELL),)
    said = f"{ready} of {wanted} are ready" + (f": {message}" if message else "")
    phase = Phase.FAILED if stuck else Phase.WAITING
    return (_sight(found, phase, reason=reason, message=said, since=since),)


def of_job(found: Mapping[str, Any]) -> Sights:
    """Read a Job; of those of one CronJob the latest counts. One that runs may take as long as it needs."""
    told = conditions(found)
    failed, done = told.get("Failed", {}), told.get("Complete", {})
    cron = owner(found, "CronJob")
    at = created(found)
    if truth(failed) or truth(done):
        return (
            _sight(
                found,
                Phase.FAILED if truth(failed) else Phase.WELL,
                reason=text(failed.get("reason")),
                message=bounded(failed.get("message")),
                since=time((failed or done).get("lastTransitionTime")) or at,
                at=at,
                series=f"{namespace(found)}/{cron}" if cron else "",
                subject=f"{namespace(found)}/{cron}" if cron else "",
            ),
        )
    return ()


def of_claim(found: Mapping[str, Any]) -> Sights:
    """Read a PersistentVolumeClaim.

    A claim that waits for its first consumer is as it should be: nobody has been asked to provision it yet.
    Source: kubernetes `pkg/controller/volume/persistentvolume`: the annotation is set when somebody is.
    """
    said = text(part(found, "status").get("phase"))
    at = created(found)
    if said == "Lost":
        return (_sight(found, Phase.FAILED, aspect="lost", reason=said, since=at),)
    if said != "Pending":
        return (_sight(found, Phase.WELL),)
    annotations = part(found, "metadata", "annotations")
    asked = any(key.endswith("/storage-provisioner") for key in annotations)
    storage_class = text(part(found, "spec").get("storageClassName"))
    message = f"storage class {storage_class}" if storage_class else "without a storage class"
    aspect = "" if asked else "unused"
    return (_sight(found, Phase.WAITING, aspect=aspect, reason=said, message=message, since=at),)


def of_volsync(found: Mapping[str, Any]) -> Sights:
    """Read a ReplicationSource or ReplicationDestination of VolSync: how its last mover ended, and when.

    Source: backube/volsync `api/v1alpha1`: `status.latestMoverStatus.result` "Successful" or "Failed",
    `spec.trigger.schedule` in the form of cron.
    """
    status, spec = part(found, "status"), part(found, "spec")
    mover = part(status, "latestMoverStatus")
    if spec.get("paused") is True:
        return (_sight(found, Phase.SUSPENDED),)
    at = time(status.get("lastSyncTime"))
    if text(mover.get("result")) == "Failed":
        message = bounded(text(mover.get("logs"))[-500:])
        return (_sight(found, Phase.FAILED, reason="Failed", message=message, since=at),)
    schedule = text(part(spec, "trigger").get("schedule"))[:100]
    return (_sight(found, Phase.WAITING, reason=schedule, since=at or created(found)),)


def of_cron_job(found: Mapping[str, Any]) -> Sights:
    """Read a CronJob: `reason` is its schedule, `since` when it last began to run."""
    spec = part(found, "spec")
    if spec.get("suspend") is True:
        return (_sight(found, Phase.SUSPENDED),)
    return (
        _sight(
            found,
            Phase.WAITING,
            reason=text(spec.get("schedule"))[:100],
            since=time(part(found, "status").get("lastScheduleTime")) or created(found),
        ),
    )


def volume_of_backup(found: Mapping[str, Any]) -> str:
    """Return the volume that a Backup of Longhorn is of."""
    labels = part(found, "metadata", "labels")
    return text(part(found, "status").get("volumeName")) or text(labels.get("backup-volume"))


def schedule_of_velero(found: Mapping[str, Any]) -> str:
    """Return the Schedule of Velero that a Backup comes from, empty where a person has made it."""
    said = text(part(found, "metadata", "labels").get("velero.io/schedule-name"))
    return f"{namespace(found)}/{said}" if said else ""


def of_backup_target(found: Mapping[str, Any]) -> Sights:
    """Read a BackupTarget of Longhorn; one without a URL is none."""
    status = part(found, "status")
    if not text(part(found, "spec").get("backupTargetURL")) or status.get("available") is not False:
        return (_sight(found, Phase.WELL),)
    told = conditions(found).get("Unavailable", {})
    return (
        _sight(
            found,
            Phase.FAILED,
            reason=text(told.get("reason")),
            message=bounded(told.get("message")),
            since=time(told.get("lastTransitionTime")),
        ),
    )


def of_schedule_of_velero(found: Mapping[str, Any]) -> Sights:
    """Read a Schedule of Velero: whether it is valid, and when it last made a backup."""
    spec, status = part(found, "spec"), part(found, "status")
    if spec.get("paused") is True:
        return (_sight(found, Phase.SUSPENDED),)
    if text(status.get("phase")) == "FailedValidation":
        said = "; ".join(texts_of(found, "status", "validationErrors"))
        return (_sight(found, Phase.FAILED, reason="FailedValidation", message=bounded(said)),)
    since = time(status.get("lastBackup")) or created(found)
    return (_sight(found, Phase.WAITING, reason=text(spec.get("schedule"))[:100], since=since),)
