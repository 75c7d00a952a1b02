"""K8up: schedules, what they run, and the snapshots that come of it.

Source: k8up-io/k8up api/v1, operator/schedulecontroller; systems.md 5.3.
"""

from datetime import datetime
from typing import Literal

from demo.servers.kubernetes.wire import Object, timestamp

from .parts import ago, condition, metadata

State = Literal["pending", "running", "succeeded", "failed", "pre_backup_failed"]

_API = "k8up.io/v1"
# Repositories and push gateways carry credentials in their URLs.
_BACKEND: Object = {
    "repoPasswordSecretRef": {"name": "restic", "key": "password"},
    "s3": {
        "endpoint": "https://minio:unmasked-s3-secret@nas.home:9000",
        "bucket": "k8up",
        "accessKeyIDSecretRef": {"name": "restic", "key": "id"},
        "secretAccessKeySecretRef": {"name": "restic", "key": "secret"},
    },
}
_PUSH_GATEWAY = "http://push:unmasked-push-secret@pushgateway.home:9091"
REPOSITORY = "s3:https://minio:unmasked-s3-secret@nas.home:9000/k8up"


def schedule(
    name: str = "schedule", *, namespace: str, backup: str = "@daily-random", generated: str = "17 3 * * *"
) -> Object:
    """A Schedule; nothing in it tells how its last backup went."""
    return {
        "apiVersion": _API,
        "kind": "Schedule",
        "metadata": metadata(name, namespace),
        "spec": {
            "backend": _BACKEND,
            "backup": {"schedule": backup, "failedJobsHistoryLimit": 2, "successfulJobsHistoryLimit": 2},
            "check": {"schedule": "@weekly-random"},
            "prune": {"schedule": "@weekly-random", "retention": {"keepLast": 5, "keepDaily": 14}},
        },
        "status": {
            "conditions": [condition("Ready", "True", "Ready", "The schedule is ready", at=ago(days=30))],
            "effectiveSchedules": [
                {"jobType": "backup", "generatedSchedule": generated},
                {"jobType": "check", "generatedSchedule": "5 4 * * 6"},
                {"jobType": "prune", "generatedSchedule": "41 5 * * 0"},
            ],
        },
    }


def backup(
    name: str,
    *,
    namespace: str,
    state: State = "succeeded",
    schedule: str | None = "schedule",
    at: datetime | None = None,
    message: str = "",
) -> Object:
    """A Backup that came to this state at this time."""
    return job("Backup", name, namespace=namespace, state=state, schedule=schedule, at=at, message=message)


def job(
    kind: Literal["Backup", "Check", "Prune", "Archive", "Restore"],
    name: str,
    *,
    namespace: str,
    state: State = "succeeded",
    schedule: str | None = "schedule",
    at: datetime | None = None,
    message: str = "",
) -> Object:
    """Any job of K8up. Failed or not, its condition Completed is True: only the reason tells."""
    begun = at or ago(minutes=5)
    more: Object = {}
    if schedule is not None:
        owner = {"apiVersion": _API, "kind": "Schedule", "name": schedule, "controller": True}
        # The server would know the owner's uid; nothing here has to.
        more["ownerReferences"] = [{**owner, "uid": "0b7f3a3e-0000-4000-8000-000000000001"}]
    labels = (
        {}
        if schedule is None
        else {"k8up.io/schedule-name": schedule, "k8up.io/owned-by": f"{kind.lower()}_{name}"}
    )
    return {
        "apiVersion": _API,
        "kind": kind,
        "metadata": metadata(name, namespace, labels=labels, created=begun, **more),
        "spec": {
            "backend": _BACKEND,
            "failedJobsHistoryLimit": 2,
            "successfulJobsHistoryLimit": 2,
            **({} if kind in ("Archive", "Prune", "Restore") else {"promURL": _PUSH_GATEWAY}),
        },
        "status": _status(kind, state, begun, message or f"{kind} {name} {state}"),
    }


def _status(kind: str, state: State, at: datetime, message: str) -> Object:
    if state == "pending":
        return {}
    if state == "pre_backup_failed":
        failed = condition("PreBackupPodReady", "False", "CreationFailed", message, at=at)
        return {"started": True, "conditions": [failed]}
    conditions = [condition("Ready", "True", "Ready", "the job is ready", at=at)]
    if kind == "Backup":
        conditions.append(condition("PreBackupPodReady", "True", "NoPreBackupPodsFound", "none found", at=at))
    if state == "running":
        conditions.append(condition("Progressing", "True", "Started", message, at=at))
        return {"started": True, "exclusive": False, "conditions": conditions}
    conditions += [
        condition("Progressing", "False", "Finished", "the job is finished", at=at),
        condition("Completed", "True", "Succeeded" if state == "succeeded" else "Failed", message, at=at),
    ]
    return {"started": True, "finished": True, "exclusive": False, "conditions": conditions}


def snapshot(snapshot_id: str, *, namespace: str, path: str, date: datetime) -> Object:
    """A Snapshot: what restic has of a path, the ground truth of the last good backup."""
    return {
        "apiVersion": _API,
        "kind": "Snapshot",
        "metadata": metadata(snapshot_id[:8], namespace),
        "spec": {"id": snapshot_id, "date": timestamp(date), "paths": [path], "repository": REPOSITORY},
    }
