"""Objects of the kinds that are judged by themselves, as their controllers write them.

Sources: the documents and types of source-controller, image-automation-controller, flux-operator, argo-cd,
velero, volsync, cert-manager and kubernetes/api; what their CRDs demand is in `schemas`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from demo.servers.kubernetes.wire import Object, timestamp

from .parts import condition, metadata, moment, pod_template

State = Literal["healthy", "waiting", "failed"]

_SPECS: Mapping[str, Object] = {
    "GitRepository": {"interval": "1m0s", "url": "https://git.home/homelab/apps.git"},
    "OCIRepository": {"interval": "5m0s", "url": "oci://ghcr.io/homelab/manifests"},
    "HelmRepository": {"interval": "1h0m0s", "url": "https://charts.home", "type": "default"},
    "HelmChart": {
        "chart": "app",
        "interval": "10m0s",
        "version": "1.x",
        "sourceRef": {"kind": "HelmRepository", "name": "charts"},
    },
    "Bucket": {"bucketName": "flux", "endpoint": "minio.home", "interval": "5m0s", "provider": "generic"},
    "ImageRepository": {"image": "ghcr.io/homelab/app", "interval": "10m0s"},
    "ImagePolicy": {"imageRepositoryRef": {"name": "app"}, "policy": {"semver": {"range": ">=1.0.0"}}},
    "ImageUpdateAutomation": {
        "interval": "30m0s",
        "sourceRef": {"kind": "GitRepository", "name": "flux-system"},
    },
    "FluxInstance": {"distribution": {"registry": "ghcr.io/fluxcd", "version": "2.x"}},
    "Issuer": {"acme": {"server": "https://acme.home/directory", "privateKeySecretRef": {"name": "acme"}}},
    "ClusterIssuer": {"ca": {"secretName": "homelab-ca"}},
}
_VERSIONS: Mapping[str, str] = {
    **dict.fromkeys(
        ("GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket"),
        "source.toolkit.fluxcd.io/v1",
    ),
    **dict.fromkeys(
        ("ImageRepository", "ImagePolicy", "ImageUpdateAutomation"), "image.toolkit.fluxcd.io/v1"
    ),
    "FluxInstance": "fluxcd.controlplane.io/v1",
    "Issuer": "cert-manager.io/v1",
    "ClusterIssuer": "cert-manager.io/v1",
}

_NOT_OBSERVED = frozenset({"FluxInstance", "Issuer", "ClusterIssuer"})
"""Whose status has no `observedGeneration` of its own."""


def with_ready(
    kind: str,
    name: str,
    *,
    state: State = "healthy",
    namespace: str | None = "flux-system",
    reason: str = "",
    message: str = "",
    suspended: bool = False,
    at: datetime | None = None,
) -> Object:
    """An object whose condition Ready says how it is: a source, an image automation, an issuer."""
    told = {
        "healthy": (
            "True",
            reason or "Succeeded",
            message or "stored artifact for revision 'main@sha1:5f9d'",
        ),
        "waiting": ("Unknown", reason or "Progressing", message or "building artifact"),
        "failed": (
            "False",
            reason or "GitOperationFailed",
            message or "failed to checkout and determine revision: unable to clone: authentication required",
        ),
    }[state]
    conditions = [condition("Ready", *told, at=at)]
    if state == "waiting":
        conditions.insert(0, condition("Reconciling", "True", "Progressing", told[2], at=at))
    return {
        "apiVersion": _VERSIONS[kind],
        "kind": kind,
        "metadata": metadata(name, None if kind == "ClusterIssuer" else namespace, created=at),
        "spec": {**_SPECS[kind], **({"suspend": True} if suspended else {})},
        "status": {**({} if kind in _NOT_OBSERVED else {"observedGeneration": 1}), "conditions": conditions},
    }


def flux_report(
    *, ready: bool = True, failing: Mapping[str, int] | None = None, at: datetime | None = None
) -> Object:
    """The one FluxReport of a cluster; its findings are in its specification, `failing` objects by kind."""
    component = {"image": "ghcr.io/fluxcd/source-controller:v1.7.4", "name": "source-controller"}
    said = "Current Deployment is available" if ready else "Progressing: 0/1 replicas"
    return {
        "apiVersion": "fluxcd.controlplane.io/v1",
        "kind": "FluxReport",
        "metadata": metadata("flux", "flux-system"),
        "spec": {
            "distribution": {"entitlement": "Issued by controlplane", "status": "Installed"},
            "components": [{**component, "ready": ready, "status": said}],
            "reconcilers": [
                {
                    "apiVersion": "notification.toolkit.fluxcd.io/v1",
                    "kind": kind,
                    "stats": {"failing": count, "running": 1, "suspended": 0},
                }
                for kind, count in (failing or {}).items()
            ],
            "sync": {
                "id": "kustomization/flux-system",
                "ready": ready,
                "status": "Applied revision" if ready else said,
            },
        },
        "status": {"conditions": [condition("Ready", "True", "Succeeded", "Reporting finished", at=at)]},
    }


def application_set(name: str, *, state: State = "healthy", at: datetime | None = None) -> Object:
    """An ApplicationSet; while all is well ErrorOccurred is "False"."""
    failed = state == "failed"
    said = "error generating params: repository not found" if failed else "Successfully generated parameters"
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": metadata(name, "argocd"),
        "spec": {
            "generators": [
                {
                    "git": {
                        "repoURL": "https://git.home/apps.git",
                        "revision": "HEAD",
                        "directories": [{"path": "apps/*"}],
                    }
                }
            ],
            "template": {
                "metadata": {"name": "{{path.basename}}"},
                "spec": {
                    "project": "default",
                    "destination": {"server": "https://kubernetes.default.svc", "namespace": "apps"},
                    "source": {
                        "repoURL": "https://git.home/apps.git",
                        "targetRevision": "HEAD",
                        "path": "{{path}}",
                    },
                },
            },
        },
        "status": {
            "conditions": [
                condition(
                    "ErrorOccurred",
                    str(failed),
                    "ApplicationParamsGenerationError" if failed else "ApplicationSetUpToDate",
                    said,
                    at=at,
                )
            ]
        },
    }


def velero_backup(name: str, *, state: State = "healthy", at: datetime | None = None) -> Object:
    """A Backup of Velero that a schedule has made."""
    phase = {"healthy": "Completed", "waiting": "InProgress", "failed": "PartiallyFailed"}[state]
    reason = {"failureReason": "error uploading: access denied"} if state == "failed" else {}
    return {
        "apiVersion": "velero.io/v1",
        "kind": "Backup",
        "metadata": metadata(name, "velero", labels={"velero.io/schedule-name": "daily"}, created=at),
        "spec": {"storageLocation": "default", "ttl": "720h0m0s"},
        "status": {"phase": phase, "startTimestamp": moment(at), **reason},
    }


def velero_restore(name: str, *, state: State = "healthy", at: datetime | None = None) -> Object:
    """A Restore of Velero."""
    phase = {"healthy": "Completed", "waiting": "InProgress", "failed": "Failed"}[state]
    return {
        "apiVersion": "velero.io/v1",
        "kind": "Restore",
        "metadata": metadata(name, "velero", created=at),
        "spec": {"backupName": "daily-20261128"},
        "status": {"phase": phase, "startTimestamp": moment(at)},
    }


def velero_schedule(
    name: str = "daily",
    *,
    valid: bool = True,
    last: datetime | None = None,
    schedule: str = "0 3 * * *",
    paused: bool = False,
) -> Object:
    """A Schedule of Velero."""
    errors = {} if valid else {"validationErrors": ["invalid schedule: expected exactly 5 fields"]}
    return {
        "apiVersion": "velero.io/v1",
        "kind": "Schedule",
        "metadata": metadata(name, "velero", created=last),
        "spec": {
            "schedule": schedule,
            "template": {"ttl": "720h0m0s"},
            **({"paused": True} if paused else {}),
        },
        "status": {
            "phase": "Enabled" if valid else "FailedValidation",
            "lastBackup": moment(last),
            **errors,
        },
    }


def backup_storage_location(*, state: State = "healthy", at: datetime | None = None) -> Object:
    """A BackupStorageLocation of Velero; before its first validation it has no phase."""
    phase = {"healthy": {"phase": "Available"}, "failed": {"phase": "Unavailable"}, "waiting": {}}[state]
    return {
        "apiVersion": "velero.io/v1",
        "kind": "BackupStorageLocation",
        "metadata": metadata("default", "velero", created=at),
        "spec": {"provider": "aws", "objectStorage": {"bucket": "velero"}},
        "status": {**phase, "lastValidationTime": moment(at)},
    }


def replication(
    kind: Literal["ReplicationSource", "ReplicationDestination"],
    name: str,
    *,
    state: State | Literal["error"] = "healthy",
    at: datetime | None = None,
    paused: bool = False,
) -> Object:
    """A replication of VolSync; with an "error" its mover was not even started."""
    failed = state == "failed"
    mover = {"result": "Failed" if failed else "Successful", "logs": "repository is locked" if failed else ""}
    synced = condition(
        "Synchronizing", "False", "WaitingForSchedule", "Waiting for next scheduled sync", at=at
    )
    if state == "error":
        synced = condition("Synchronizing", "False", "Error", 'Secret "restic-config" not found', at=at)
    return {
        "apiVersion": "volsync.backube/v1alpha1",
        "kind": kind,
        "metadata": metadata(name, "media", created=at),
        "spec": {
            "trigger": {"schedule": "0 3 * * *"},
            "restic": {"repository": "restic-config"},
            **({"paused": True} if paused else {}),
        },
        "status": {"lastSyncTime": moment(at), "latestMoverStatus": mover, "conditions": [synced]},
    }


def certificate(
    name: str,
    *,
    state: State = "healthy",
    namespace: str = "web",
    at: datetime | None = None,
    renewal: datetime | None = None,
) -> Object:
    """A Certificate of cert-manager, to be renewed in a month unless it is told."""
    ready = {
        "healthy": ("True", "Ready", "Certificate is up to date and has not expired"),
        "waiting": ("False", "DoesNotExist", "Issuing certificate as Secret does not exist"),
        "failed": ("False", "DoesNotExist", "Issuing certificate as Secret does not exist"),
    }[state]
    conditions = [condition("Ready", *ready, at=at)]
    status: Object = {"conditions": conditions}
    if state == "healthy":
        due = renewal or datetime.now(tz=at.tzinfo if at else None).astimezone() + timedelta(days=30)
        status |= {"notAfter": timestamp(due + timedelta(days=30)), "renewalTime": timestamp(due)}
    elif state == "waiting":
        conditions.append(condition("Issuing", "True", "DoesNotExist", ready[2], at=at))
    else:
        said = "The certificate request has failed to complete and will be retried: order is invalid"
        conditions.append(condition("Issuing", "False", "Failed", said, at=at))
        status["failedIssuanceAttempts"] = 3
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": metadata(name, namespace, created=at),
        "spec": {"secretName": f"{name}-tls", "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer"}},
        "status": status,
    }


def workload(
    kind: Literal["Deployment", "StatefulSet", "DaemonSet"],
    name: str,
    *,
    state: State | Literal["stuck"] = "healthy",
    namespace: str = "web",
    at: datetime | None = None,
) -> Object:
    """A workload of two pods; "failed" is a rollout that has given up, which only a Deployment can say.

    While one is "stuck" the pods of the old version serve: only the condition Progressing tells.
    """
    ready = 2 if state in ("healthy", "stuck") else 1
    numbers = {"replicas": 2, "readyReplicas": ready}
    spec: Object = {"replicas": 2}
    conditions: list[Object] = []
    if kind == "DaemonSet":
        spec = {}
        numbers = {"desiredNumberScheduled": 2, "currentNumberScheduled": 2, "numberMisscheduled": 0}
        numbers["numberReady"] = ready
    elif kind == "Deployment":
        stuck = state in ("failed", "stuck")
        available = (
            ("True", "MinimumReplicasAvailable") if ready == 2 else ("False", "MinimumReplicasUnavailable")
        )
        conditions = [
            condition("Available", *available, "", at=at),
            condition(
                "Progressing",
                str(not stuck),
                "ProgressDeadlineExceeded" if stuck else "NewReplicaSetAvailable",
                f'ReplicaSet "{name}-7d9f8b6c5d" has timed out progressing.' if stuck else "",
                at=at,
            ),
        ]
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": metadata(name, namespace, created=at),
        "spec": {**spec, "selector": {"matchLabels": {"app": name}}, "template": pod_template(name)},
        "status": {"observedGeneration": 1, **numbers, **({"conditions": conditions} if conditions else {})},
    }


def batch_job(
    name: str,
    *,
    state: State = "healthy",
    cron_job: str = "",
    namespace: str = "web",
    at: datetime | None = None,
    pods: bool = True,
) -> Object:
    """A Job, one of a CronJob where it is named; one that waits is running, unless it has got no pod."""
    more: Object = {}
    if cron_job:
        owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": cron_job, "controller": True}
        more["ownerReferences"] = [{**owner, "uid": "0b7f3a3e-0000-4000-8000-000000000002"}]
    told = {
        "healthy": [
            condition(kind, "True", "CompletionsReached", "Reached expected number", at=at)
            for kind in ("SuccessCriteriaMet", "Complete")
        ],
        "waiting": [],
        "failed": [
            condition(
                kind, "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit", at=at
            )
            for kind in ("FailureTarget", "Failed")
        ],
    }[state]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(name, namespace, created=at, **more),
        "spec": {"backoffLimit": 6, "template": pod_template(name, restart="Never")},
        "status": {
            "startTime": moment(at),
            **({"conditions": told} if told else {"active": 1} if pods else {}),
            **({"completionTime": moment(at), "succeeded": 1} if state == "healthy" else {}),
        },
    }


def batch_cron_job(
    name: str,
    *,
    last: datetime,
    schedule: str = "0 3 * * *",
    suspend: bool = False,
    succeeded: datetime | None = None,
) -> Object:
    """A CronJob that last began to run then, and last succeeded a while ago, then as well unless told."""
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": metadata(name, "web", created=last),
        "spec": {
            "schedule": schedule,
            "suspend": suspend,
            "jobTemplate": {"spec": {"template": pod_template(name, restart="Never")}},
        },
        "status": {"lastScheduleTime": moment(last), "lastSuccessfulTime": moment(succeeded or last)},
    }


def claim(
    name: str,
    *,
    state: State = "healthy",
    namespace: str = "web",
    asked: bool = True,
    at: datetime | None = None,
    backup: str = "",
    conditions: Sequence[Object] = (),
) -> Object:
    """A claim; `asked` where somebody has been asked to provision it, `backup` is what K8up is told of it."""
    phase = {"healthy": "Bound", "waiting": "Pending", "failed": "Lost"}[state]
    annotations = {"volume.kubernetes.io/storage-provisioner": "driver.longhorn.io"} if asked else {}
    annotations |= {"k8up.io/backup": backup} if backup else {}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(name, namespace, annotations=annotations, created=at),
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "longhorn",
            "resources": {"requests": {"storage": "10Gi"}},
        },
        "status": {"phase": phase, **({"conditions": list(conditions)} if conditions else {})},
    }


def recurring_job(
    name: str = "nightly", *, task: str = "backup", groups: tuple[str, ...] = ("default",)
) -> Object:
    """A RecurringJob of Longhorn."""
    return {
        "apiVersion": "longhorn.io/v1beta2",
        "kind": "RecurringJob",
        "metadata": metadata(name, "longhorn-system"),
        "spec": {"name": name, "cron": "0 2 * * *", "groups": list(groups), "retain": 7, "task": task},
        "status": {},
    }
