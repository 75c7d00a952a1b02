"""The rows of what backs up: K8up's jobs, Longhorn, Velero, VolSync."""

from ...api.kubernetes import backup_sights, sights
from ...health.problem import Severity
from .judging import Judgement, missed_run
from .rows import DAY, MINUTES, Row, row_of

_VELERO = (
    "Failed",
    "PartiallyFailed",
    "FailedValidation",
    "FinalizingPartiallyFailed",
    "WaitingForPluginOperationsPartiallyFailed",
)
_VELERO_REASON = ("status", "failureReason")
_BACKUP_JOB = Judgement(
    kind="backup_job_failed",
    not_yet=DAY,
    failed="failed",
    late="does not come to an end",
    late_kind="backup_job_hanging",
)
_PAUSED = Judgement(kind="backup_overdue", suspended="backup_paused")


def _job_of_k8up(plural: str, noun: str, severity: Severity) -> Row:
    judgement = Judgement(
        kind="backup_job_failed",
        not_yet=DAY,
        failed="failed",
        late="has been running for too long",
        late_kind="backup_job_hanging",
        severity=severity,
    )
    return row_of(f"k8up.io/{plural} v1", noun, "backups", backup_sights.of_job_of_k8up, only=judgement)


def _of_volsync(plural: str, noun: str, late: str) -> Row:
    judgement = Judgement(
        kind="backup_job_failed",
        due=missed_run(DAY / 4),
        failed="failed",
        late=late,
        late_kind="backup_overdue",
    )
    where = f"volsync.backube/{plural} v1alpha1"
    return row_of(where, noun, "backups", backup_sights.of_volsync, only=judgement, paused=_PAUSED)


BACKUP_ROWS: tuple[Row, ...] = (
    _job_of_k8up("checks", "Check", Severity.WARNING),
    _job_of_k8up("prunes", "Prune", Severity.INFO),
    _job_of_k8up("archives", "Archive", Severity.WARNING),
    _job_of_k8up("restores", "Restore", Severity.WARNING),
    row_of(
        "longhorn.io/backups v1beta2 v1beta1",
        "Backup",
        "backups",
        sights.by_phase(
            "status",
            "state",
            failed=("Error",),
            well=("Completed", "Deleting"),
            message=("status", "error"),
            since=("status", "snapshotCreatedAt"),
            series=backup_sights.volume_of_backup,
            subject=backup_sights.volume_of_backup,
        ),
        only=_BACKUP_JOB,
    ),
    row_of(
        "longhorn.io/backuptargets v1beta2 v1beta1",
        "BackupTarget",
        "backups",
        backup_sights.of_backup_target,
        only=Judgement(kind="backup_target_unavailable", patience=MINUTES[15], failed="cannot be reached"),
    ),
    row_of(
        "velero.io/backups v1",
        "Backup",
        "backups",
        sights.by_phase(
            "status",
            "phase",
            failed=_VELERO,
            well=("Completed", "Deleting"),
            message=_VELERO_REASON,
            since=("status", "startTimestamp"),
            series=backup_sights.schedule_of_velero,
            subject=backup_sights.schedule_of_velero,
        ),
        only=_BACKUP_JOB,
    ),
    row_of(
        "velero.io/schedules v1",
        "Schedule",
        "backups",
        backup_sights.of_schedule_of_velero,
        only=Judgement(
            kind="backup_overdue",
            due=missed_run(DAY / 4),
            failed="is not valid",
            late="has not made a backup in time",
        ),
        paused=_PAUSED,
    ),
    row_of(
        "velero.io/backupstoragelocations v1",
        "BackupStorageLocation",
        "backups",
        sights.by_phase("status", "phase", failed=("Unavailable",), well=("Available",)),
        only=Judgement(kind="backup_target_unavailable", not_yet=MINUTES[30], failed="cannot be reached"),
    ),
    row_of(
        "velero.io/restores v1",
        "Restore",
        "backups",
        sights.by_phase(
            "status",
            "phase",
            failed=_VELERO,
            well=("Completed",),
            message=_VELERO_REASON,
            since=("status", "startTimestamp"),
        ),
        only=_BACKUP_JOB,
    ),
    _of_volsync("replicationsources", "ReplicationSource", "has not made a backup in time"),
    _of_volsync("replicationdestinations", "ReplicationDestination", "has not synced in time"),
)
