"""How what backs up is: K8up, Longhorn, Velero, VolSync.

Sources: k8up-io/k8up `api/v1`, longhorn-manager `apis/longhorn/v1beta2`, vmware-tanzu/velero
`pkg/apis/velero/v1`, backube/volsync `api/v1alpha1`.
"""

from ..answers import Json, text, time
from .client import part
from .reading import bounded, conditions, created, namespace, owner, texts_of
from .sights import Phase, Sights, sight_of

PAUSED = "paused"
"""The aspect of a schedule that somebody has paused."""


def of_job_of_k8up(obj: Json) -> Sights:
    """Read a Check, Prune, Restore or Archive of K8up: whether it failed, only the reason tells."""
    by_type = conditions(obj)
    end, before = by_type.get("Completed", {}), by_type.get("PreBackupPodReady", {})
    phase = {"Succeeded": Phase.WELL, "Failed": Phase.FAILED}.get(text(end.get("reason")), Phase.WAITING)
    if phase is Phase.WAITING and text(before.get("reason")).endswith("Failed"):
        end, phase = before, Phase.FAILED
    schedule = owner(obj, "Schedule")
    at = time(end.get("lastTransitionTime")) or created(obj)
    return (
        sight_of(
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


def of_volsync(obj: Json) -> Sights:
    """Read a ReplicationSource or ReplicationDestination: how its last mover ended, and when one succeeded.

    `status.latestMoverStatus.result` is "Successful" or "Failed", `status.lastSyncTime` of the last that was
    successful, `spec.trigger.schedule` in the form of cron. What keeps a mover from being started at all, a
    secret that is missing say, is in the condition Synchronizing with the reason "Error".
    """
    status, spec = part(obj, "status"), part(obj, "spec")
    mover, synchronizing = part(status, "latestMoverStatus"), conditions(obj).get("Synchronizing", {})
    at = time(status.get("lastSyncTime"))
    paused = _paused(obj, spec)
    if text(mover.get("result")) == "Failed":
        message = bounded(text(mover.get("logs"))[-500:])
        return (sight_of(obj, Phase.FAILED, reason="Failed", message=message, since=at, at=at), *paused)
    if text(synchronizing.get("reason")) == "Error":
        details = {"reason": "Error", "message": bounded(synchronizing.get("message"))}
        since = time(synchronizing.get("lastTransitionTime")) or at
        return (sight_of(obj, Phase.FAILED, since=since, at=at, **details), *paused)
    schedule = text(part(spec, "trigger").get("schedule"))[:100]
    return (sight_of(obj, Phase.WAITING, reason=schedule, since=at or created(obj), at=at), *paused)


def _paused(obj: Json, spec: Json) -> Sights:
    """Return that somebody has paused it. That nothing is backed up meanwhile is as bad as ever."""
    return (sight_of(obj, Phase.SUSPENDED, aspect=PAUSED),) if spec.get("paused") is True else ()


def volume_of_backup(obj: Json) -> str:
    """Return the volume that a Backup of Longhorn is of."""
    labels = part(obj, "metadata", "labels")
    return text(part(obj, "status").get("volumeName")) or text(labels.get("backup-volume"))


def schedule_of_velero(obj: Json) -> str:
    """Return the Schedule of Velero that a Backup comes from, empty where a person has made it."""
    schedule = text(part(obj, "metadata", "labels").get("velero.io/schedule-name"))
    return f"{namespace(obj)}/{schedule}" if schedule else ""


def of_backup_target(obj: Json) -> Sights:
    """Read a BackupTarget of Longhorn; one without a URL is none."""
    status = part(obj, "status")
    if not text(part(obj, "spec").get("backupTargetURL")) or status.get("available") is not False:
        return (sight_of(obj, Phase.WELL),)
    condition = conditions(obj).get("Unavailable", {})
    return (
        sight_of(
            obj,
            Phase.FAILED,
            reason=text(condition.get("reason")),
            message=bounded(condition.get("message")),
            since=time(condition.get("lastTransitionTime")),
        ),
    )


def of_schedule_of_velero(obj: Json) -> Sights:
    """Read a Schedule of Velero: whether it is valid, and when it last made a backup."""
    spec, status = part(obj, "spec"), part(obj, "status")
    paused = _paused(obj, spec)
    if text(status.get("phase")) == "FailedValidation":
        message = "; ".join(texts_of(obj, "status", "validationErrors"))
        return (sight_of(obj, Phase.FAILED, reason="FailedValidation", message=bounded(message)), *paused)
    since = time(status.get("lastBackup")) or created(obj)
    return (sight_of(obj, Phase.WAITING, reason=text(spec.get("schedule"))[:100], since=since), *paused)
