"""The kinds of problems: one row each, and all that the house knows of a kind is in its row.

A new kind is one row here and one phrase in each language (`language/words`), see docs/architecture.md.
"""

from collections.abc import Mapping

from . import variants
from .facts import count_of, text_of
from .kind import ALIASES, Family, Kind, Naming, Object, Scope
from .problem import HUB_OFFLINE, Problem, Severity
from .reasons import reason_of
from .subjects import of_alert, of_claim, of_device, of_entity, of_kind, of_object, of_pull_request

__all__ = [
    "ALIASES",
    "KINDS",
    "MODEL_MISSING",
    "OFFLINE",
    "STANDBY_OFFLINE",
    "Family",
    "Kind",
    "Naming",
    "Object",
    "Scope",
]

OFFLINE = "offline"
"""The kind of the problem of a system that does not answer."""
STANDBY_OFFLINE = "standby_offline"
MODEL_MISSING = "model_missing"
"""An agent's model is on none of the hubs that answer."""
HEARTBEAT = "heartbeat"
"""An alert that fires to prove that alerting works; nobody is told of it, only that it was there."""
ALERTS_SILENT = "alerts_silent"


def row_of(key: str) -> Kind:
    """Return the kind of this key; of one that nobody knows, what holds for any."""
    return KINDS.get(key) or Kind(key=key)


def kind_of(problem: Problem) -> Kind:
    """Return the kind of a problem."""
    return row_of(problem.kind)


def _of_app(noun: str) -> Object:
    return Object(noun=noun, cause=6, scope=Scope.APP)


_OBJECTS: Mapping[str, Object] = {
    "Pod": Object(noun="Pod", cause=5, scope=Scope.APP),
    "Deployment": _of_app("Deployment"),
    "ReplicaSet": _of_app("ReplicaSet"),
    "StatefulSet": _of_app("StatefulSet"),
    "DaemonSet": _of_app("DaemonSet"),
    "Service": _of_app("Service"),
    "Ingress": Object(noun="Ingress", cause=6),
    "PersistentVolumeClaim": Object(noun="PersistentVolumeClaim", cause=4),
    "Job": Object(noun="Job", cause=6),
    "CronJob": Object(noun="CronJob", cause=6),
    "Node": Object(noun="Node", cause=1, scope=Scope.NODE),
}


_DELETED: Mapping[str, Object] = {
    **_OBJECTS,
    "Namespace": Object(noun="Namespace", cause=4),
    "Certificate": Object(noun="Certificate"),
}
_BACKUP_JOBS: Mapping[str, Object] = {
    "Check": Object(noun="BackupCheck"),
    "Prune": Object(noun="Prune"),
    "Restore": Object(noun="Restore"),
    **dict.fromkeys(
        ("Archive", "Backup", "ReplicationSource", "ReplicationDestination"), Object(noun="LastBackup")
    ),
}

_ROWS = (
    # The hubs, and every system
    Kind(key=HUB_OFFLINE, cause=0, stops_hub=True, of_system=True),
    Kind(key=STANDBY_OFFLINE, severity=Severity.INFO, noun="Standby", of_system=True),
    Kind(key=MODEL_MISSING, of_system=True),
    Kind(key=OFFLINE, cause=2, silences=True, of_system=True),
    # Apps
    Kind(
        key="hub_unreachable",
        needs_hub=True,
        of_system=True,
        variant=lambda facts: "hub_missing" if count_of(facts, "models") else "",
    ),
    Kind(key="app_unwell", quotes_summary=True, of_system=True),
    Kind(key="paperless_offline", about=("Paperless-ngx",), of_system=True),
    Kind(key="scans_failed", needs_hub=True, variant=variants.of_scans, of_system=True),
    Kind(
        key="overdue",
        severity=Severity.INFO,
        needs_hub=True,
        # Since it last did something, not since that was too long ago.
        since="last",
        variant=lambda facts: "" if "last" in facts else "overdue_long",
        of_system=True,
    ),
    Kind(key="stuck", needs_hub=True, since="started", of_system=True),
    # Pages
    Kind(key="web_unexpected", variant=variants.of_status, of_system=True),
    Kind(
        key="certificate_expires",
        noun="Certificate",
        until="expires",
        over="certificate_expired",
        family=Family.CERTIFICATES,
        of_system=True,
    ),
    # Prometheus and Alertmanager
    Kind(
        key="alert",
        second_hand=True,
        cause=8,
        noun="Alert",
        scope=Scope.ALERT,
        naming=Naming.ALERT,
        quotes_summary=True,
        family=Family.ALERTS,
        subject=of_alert,
    ),
    Kind(key=HEARTBEAT, severity=Severity.INFO, family=Family.ALERTS, of_system=True),
    Kind(key=ALERTS_SILENT, severity=Severity.CRITICAL, cause=1, family=Family.ALERTS, of_system=True),
    Kind(key="query", variant=variants.of_query),
    Kind(
        key="volume_full",
        cause=3,
        noun="Volume",
        variant=variants.of_volume,
        family=Family.VOLUMES,
        subject=of_claim,
    ),
    # Home Assistant's entities
    Kind(
        key="entity_bad",
        variant=lambda facts: "entity_state" if text_of(facts, "state") else "",
        subject=of_entity,
    ),
    Kind(key="entity_unavailable", cause=4, subject=of_entity),
    Kind(key="entity_gone", cause=4, subject=of_entity),
    Kind(key="device_unavailable", cause=3, phrase="entity_unavailable", subject=of_entity),
    Kind(key="integration_unavailable", cause=2, phrase="entity_unavailable", subject=of_entity),
    # Forges
    Kind(key="proposal_failing", noun="PullRequest", family=Family.PULL_REQUESTS, subject=of_pull_request),
    Kind(
        key="updates_waiting",
        severity=Severity.INFO,
        variant=variants.of_updates,
        family=Family.PULL_REQUESTS,
        aliases=frozenset(("update", "updates", "renovate", "dependabot", "aktualisierungen")),
        of_system=True,
    ),
    # A cluster
    Kind(
        key="node_not_ready",
        severity=Severity.CRITICAL,
        cause=1,
        noun="Node",
        scope=Scope.NODE,
        family=Family.NODES,
        subject=of_kind("node"),
    ),
    Kind(
        key="pod_restarting",
        noun="Pod",
        scope=Scope.APP,
        naming=Naming.APP,
        variant=lambda facts: "memory" if text_of(facts, "reason") == "OOMKilled" else "",
        subject=of_kind("pod"),
    ),
    Kind(
        key="k8sgpt_finding",
        second_hand=True,
        cause=6,
        objects=_OBJECTS,
        naming=Naming.APP,
        variant=lambda facts: reason_of(text_of(facts, "kind"), text_of(facts, "error")),
        family=Family.K8SGPT,
        subject=of_object,
    ),
    Kind(
        key="volume_faulted",
        severity=Severity.CRITICAL,
        cause=3,
        noun="Volume",
        family=Family.VOLUMES,
        subject=of_claim,
    ),
    Kind(key="volume_degraded", cause=4, noun="Volume", family=Family.VOLUMES, subject=of_claim),
    # A backup is called by what it saves; the job's name is the same everywhere. What was backed up before is
    # still there: once that is too old, it is overdue.
    Kind(
        key="backup_failed",
        noun="LastBackup",
        naming=Naming.NAMESPACE,
        family=Family.BACKUPS,
        subject=of_kind("backup"),
    ),
    Kind(
        key="backup_overdue",
        severity=Severity.CRITICAL,
        noun="Backup",
        family=Family.BACKUPS,
        subject=of_kind("backup"),
    ),
    Kind(
        key="volume_unscheduled",
        cause=4,
        noun="Volume",
        family=Family.VOLUMES,
        subject=of_claim,
    ),
    Kind(
        key="backup_job_failed",
        objects=_BACKUP_JOBS,
        phrase="backup_failed",
        family=Family.BACKUPS,
        subject=of_kind("backup"),
    ),
    Kind(
        key="backup_job_hanging",
        objects=_BACKUP_JOBS,
        phrase="job_hanging",
        family=Family.BACKUPS,
        subject=of_kind("backup"),
    ),
    Kind(
        key="backup_paused",
        severity=Severity.INFO,
        noun="Backup",
        family=Family.BACKUPS,
        subject=of_kind("backup"),
    ),
    Kind(
        key="backup_target_unavailable",
        cause=4,
        noun="BackupTarget",
        family=Family.BACKUPS,
        subject=of_object,
    ),
    Kind(key="backup_none", severity=Severity.INFO, family=Family.BACKUPS, subject=of_claim),
    Kind(
        key="node_pressure",
        cause=1,
        noun="Node",
        scope=Scope.NODE,
        variant=variants.of_pressure,
        family=Family.NODES,
        subject=of_kind("node"),
    ),
    Kind(
        key="node_cordoned", severity=Severity.INFO, noun="Node", family=Family.NODES, subject=of_kind("node")
    ),
    Kind(
        key="pod_waiting",
        noun="Pod",
        scope=Scope.APP,
        naming=Naming.APP,
        variant=variants.of_wait,
        subject=of_kind("pod"),
    ),
    Kind(
        key="pod_failed",
        noun="Pod",
        scope=Scope.APP,
        naming=Naming.APP,
        subject=of_kind("pod"),
    ),
    Kind(
        key="pod_unready",
        noun="Pod",
        scope=Scope.APP,
        naming=Naming.APP,
        phrase="unhealthy",
        subject=of_kind("pod"),
    ),
    Kind(key="workload_unavailable", cause=6, objects=_OBJECTS, phrase="replicas", subject=of_object),
    Kind(key="job_failed", cause=6, objects=_OBJECTS, subject=of_object),
    Kind(key="rollout_stuck", cause=6, objects=_OBJECTS, subject=of_object),
    Kind(key="job_hanging", cause=6, objects=_OBJECTS, variant=variants.of_running_job, subject=of_object),
    Kind(key="cronjob_missed", cause=6, noun="CronJob", subject=of_object),
    Kind(key="cronjob_unsuccessful", cause=6, noun="CronJob", subject=of_object),
    Kind(
        key="cronjob_suspended",
        severity=Severity.INFO,
        noun="CronJob",
        phrase="argocd_suspended",
        subject=of_object,
    ),
    Kind(key="claim_resize", cause=4, noun="PersistentVolumeClaim", subject=of_object),
    Kind(key="deletion_stuck", cause=6, objects=_DELETED, subject=of_object),
    Kind(key="claim_pending", cause=4, noun="PersistentVolumeClaim", phrase="storage", subject=of_object),
    Kind(
        key="claim_lost",
        severity=Severity.CRITICAL,
        cause=3,
        noun="PersistentVolumeClaim",
        subject=of_object,
    ),
    Kind(key="certificate_not_ready", noun="Certificate", family=Family.CERTIFICATES, subject=of_object),
    Kind(
        key="issuer_not_ready",
        cause=4,
        noun="Issuer",
        phrase="node_not_ready",
        family=Family.CERTIFICATES,
        subject=of_object,
    ),
    # The network
    Kind(
        key="unknown_device",
        severity=Severity.INFO,
        noun="NewDevice",
        variant=lambda facts: "unknown_phone" if text_of(facts, "private_address") else "",
        aliases=frozenset(("newdevice", "newdevices", "neuesgeraet", "neuegeraete")),
        subject=of_device,
    ),
    Kind(
        key="unknown_devices",
        severity=Severity.INFO,
        of_system=True,
        variant=lambda facts: "" if count_of(facts, "devices") is None else "unknown_counted",
    ),
    # GitOps
    Kind(key="source_not_ready", cause=4, noun="Source", family=Family.FLUX, subject=of_object),
    Kind(
        key="flux_not_ready",
        cause=7,
        objects={"HelmRelease": Object(cause=7, scope=Scope.APP)},
        variant=lambda facts: "flux_waiting" if text_of(facts, "reason") == "DependencyNotReady" else "",
        family=Family.FLUX,
        subject=of_object,
    ),
    Kind(key="flux_suspended", severity=Severity.INFO, family=Family.FLUX, subject=of_object),
    Kind(key="argocd_out_of_sync", family=Family.ARGOCD, subject=of_kind("application")),
    Kind(key="argocd_sync_unknown", family=Family.ARGOCD, subject=of_kind("application")),
    Kind(
        key="argocd_degraded",
        cause=7,
        scope=Scope.DEPLOYED,
        family=Family.ARGOCD,
        subject=of_kind("application"),
    ),
    Kind(key="argocd_operation_failed", cause=7, family=Family.ARGOCD, subject=of_kind("application")),
    Kind(key="argocd_missing", cause=7, family=Family.ARGOCD, subject=of_kind("application")),
    Kind(key="argocd_hanging", cause=7, family=Family.ARGOCD, subject=of_kind("application")),
    Kind(
        key="argocd_suspended",
        severity=Severity.INFO,
        family=Family.ARGOCD,
        subject=of_kind("application"),
    ),
    Kind(key="argocd_condition", cause=7, family=Family.ARGOCD, subject=of_kind("application")),
)
KINDS: dict[str, Kind] = {row.key: row for row in _ROWS}
"""All kinds of problems, by key."""
