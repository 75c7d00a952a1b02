"""Longhorn: volumes and their backups.

Source: longhorn/longhorn-manager k8s/pkg/apis/longhorn/v1beta2; systems.md 5.4.
"""

from datetime import datetime

from demo.servers.kubernetes.wire import Object, timestamp

from .parts import condition, metadata, moment

NAMESPACE = "longhorn-system"
GIB = 1024**3
_API = "longhorn.io/v1beta2"


def volume(
    name: str,
    *,
    state: str = "attached",
    robustness: str | None = None,
    size: int = 10 * GIB,
    actual_size: int = 4 * GIB,
    replicas: int = 3,
    claim: str = "",
    claim_namespace: str = "",
    last_backup: str = "",
    last_backup_at: datetime | None = None,
    scheduled: bool = True,
) -> Object:
    """A Volume of a claim; the robustness of a detached one is unknown unless it is told.

    Its size is a string of bytes, its actual size a number.
    """
    if robustness is None:
        robustness = "healthy" if state == "attached" else "unknown"
    workloads = [{"podName": f"{claim}-0", "podStatus": "Running", "workloadName": claim}] if claim else None
    return {
        "apiVersion": _API,
        "kind": "Volume",
        "metadata": metadata(name, NAMESPACE),
        "spec": {
            "size": str(size),
            "numberOfReplicas": replicas,
            "frontend": "blockdev",
            "dataEngine": "v1",
            "backupTargetName": "default",
        },
        "status": {
            "state": state,
            "robustness": robustness,
            "actualSize": actual_size,
            "lastBackup": last_backup,
            "lastBackupAt": "" if last_backup_at is None else timestamp(last_backup_at),
            "lastDegradedAt": moment(None) if robustness == "degraded" else "",
            "kubernetesStatus": {
                "pvName": name,
                "pvStatus": "Bound" if claim else "",
                "pvcName": claim,
                "namespace": claim_namespace,
                "workloadsStatus": workloads,
            },
            "conditions": [
                condition("Scheduled", "True")
                if scheduled
                else condition("Scheduled", "False", "ReplicaSchedulingFailure", "insufficient storage"),
                condition("Restore", "False"),
                condition("TooManySnapshots", "False"),
            ],
        },
    }


def longhorn_backup(
    name: str,
    *,
    volume: str,
    state: str = "Completed",
    error: str = "",
    size: int = 2 * GIB,
    at: datetime | None = None,
) -> Object:
    """A Backup of a volume; its group tells it from one of K8up."""
    done = state == "Completed"
    return {
        "apiVersion": _API,
        "kind": "Backup",
        "metadata": metadata(name, NAMESPACE, labels={"backup-volume": volume}),
        "spec": {"snapshotName": f"snapshot-{name}", "backupMode": "incremental"},
        "status": {
            "state": state,
            "progress": 100 if done else 0,
            "error": error,
            "snapshotCreatedAt": moment(at),
            "backupCreatedAt": moment(at) if done else "",
            "size": str(size) if done else "",
            "volumeName": volume,
            "url": f"s3://longhorn@home/?backup={name}&volume={volume}" if done else "",
        },
    }


def backup_volume(volume: str, *, last_backup: str = "", at: datetime | None = None) -> Object:
    """What the backup store holds of a volume."""
    return {
        "apiVersion": _API,
        "kind": "BackupVolume",
        "metadata": metadata(f"{volume}-default", NAMESPACE),
        "spec": {"volumeName": volume, "backupTargetName": "default"},
        "status": {
            "lastBackupName": last_backup,
            "lastBackupAt": moment(at) if last_backup else "",
            "dataStored": str(3 * GIB),
            "size": str(10 * GIB),
        },
    }


def backup_target(*, available: bool = True) -> Object:
    """Where backups go."""
    reason = "" if available else "Unavailable"
    said = (
        ""
        if available
        else "failed to list backup volumes: dial tcp 10.0.0.9:9000: connect: no route to host"
    )
    return {
        "apiVersion": _API,
        "kind": "BackupTarget",
        "metadata": metadata("default", NAMESPACE),
        "spec": {
            "backupTargetURL": "s3://longhorn@home/",
            "credentialSecret": "minio",
            "pollInterval": "5m0s",
        },
        "status": {
            "available": available,
            "conditions": [condition("Unavailable", "False" if available else "True", reason, said)],
            "lastSyncedAt": moment(None),
        },
    }
