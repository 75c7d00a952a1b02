"""The table of what is read of a cluster: one row for each kind of object.

A new kind costs a row here, a row for each kind of problem that is new (`health/kinds.py`), and a line in
docs/kubernetes.md. What the objects say is in the documents and types of their controllers: fluxcd
source-controller `api/v1`, image-automation-controller `api/v1`, flux-operator `api/v1`, argo-cd
`applicationset_types.go`, k8up `api/v1`, longhorn-manager `apis/longhorn/v1beta2`, velero `api/v1`, volsync
`api/v1alpha1`, cert-manager `apis/certmanager/v1`, kubernetes/api `apps/v1`, `batch/v1`, `core/v1`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from ...api.kubernetes import objects as resources, sights
from ...api.kubernetes.client import Resource
from ...api.kubernetes.results import FINDINGS
from ...api.kubernetes.sights import Reader
from ...health.facts import text_of
from ...health.problem import Problem, Severity
from .judging import Judgement, expiry, missed_run

MINUTES = {number: timedelta(minutes=number) for number in (5, 10, 15, 30)}
DAY = timedelta(days=1)
_QUIET = frozenset(
    (
        "source.toolkit.fluxcd.io/ocirepositories",
        "source.toolkit.fluxcd.io/helmrepositories",
        "source.toolkit.fluxcd.io/helmcharts",
        "source.toolkit.fluxcd.io/buckets",
        "image.toolkit.fluxcd.io/imagerepositories",
        "image.toolkit.fluxcd.io/imagepolicies",
        "image.toolkit.fluxcd.io/imageupdateautomations",
        "fluxcd.controlplane.io/fluxinstances",
        "fluxcd.controlplane.io/fluxreports",
        "argoproj.io/applicationsets",
        "k8up.io/checks",
        "k8up.io/prunes",
        "k8up.io/archives",
        "k8up.io/restores",
        "longhorn.io/backuptargets",
        "velero.io/schedules",
        "velero.io/backupstoragelocations",
        "velero.io/restores",
        "volsync.backube/replicationsources",
        "volsync.backube/replicationdestinations",
        "cert-manager.io/issuers",
        "cert-manager.io/clusterissuers",
        "batch/cronjobs",
    )
)
"""What is listed and not watched, see `Row`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A kind of object: where it is, how it is judged, and what is not seen without it.

    `noun` is its own kind in Kubernetes' words, `topic` what people call what it tells of, as a key.
    `judgements` say by aspect what is wrong with it; a kind that has none is judged with others of its
    system, and `kinds` are the problems that it then can be. Where several rows share a kind, the fact `kind`
    tells them apart, unless it is `about` other objects. One that is quiet is listed with every poll: there
    are few of it, they seldom change, and a watch costs a connection, which is a third of a megabyte.
    """

    resource: Resource[Any]
    noun: str
    topic: str
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    about: bool = False
    is_quiet: bool = False

    def can_be(self, problem: Problem) -> bool:
        """Return whether a problem is one of such an object."""
        own = {judgement.kind for judgement in self.judgements.values()} | {
            judgement.suspended for judgement in self.judgements.values()
        }
        if problem.kind not in own and problem.kind not in self.kinds:
            return False
        return self.about or text_of(problem.facts, "kind") in ("", self.noun)


def _row(where: str, noun: str, topic: str, reader: Reader, **judgements: Judgement) -> Row:
    """Return a row of objects that are judged one by one; the judgement `only` is that of the sole aspect.

    `where` is "group/plural versions", the best version first.
    """
    name, *versions = where.split()
    group, _, plural = name.rpartition("/")
    return Row(
        resource=Resource(group, tuple(versions), plural, reader),
        noun=noun,
        topic=topic,
        judgements={
            "" if aspect == "only" else aspect: judgement for aspect, judgement in judgements.items()
        },
        is_quiet=name in _QUIET,
    )


def _source(plural: str, noun: str) -> Row:
    judgement = Judgement(
        kind="source_not_ready",
        not_yet=MINUTES[15],
        failed="cannot be fetched",
        late="is still being fetched",
        suspended="flux_suspended",
    )
    ready = sights.by_condition("Ready")
    where = f"source.toolkit.fluxcd.io/{plural} v1 v1beta2"
    return _row(where, noun, "gitops", ready, only=judgement)


def _image(plural: str, noun: str) -> Row:
    judgement = Judgement(kind="flux_not_ready", not_yet=MINUTES[30], suspended="flux_suspended")
    ready = sights.by_condition("Ready")
    where = f"image.toolkit.fluxcd.io/{plural} v1 v1beta2 v1beta1"
    return _row(where, noun, "gitops", ready, only=judgement)


def _job_of_k8up(plural: str, noun: str, severity: Severity) -> Row:
    judgement = Judgement(
        kind="backup_job_failed",
        not_yet=DAY,
        failed="failed",
        late="has been running for too long",
        severity=severity,
    )
    return _row(f"k8up.io/{plural} v1", noun, "backups", sights.of_job_of_k8up, only=judgement)


def _issuer(plural: str, noun: str) -> Row:
    judgement = Judgement(kind="issuer_not_ready", not_yet=MINUTES[15])
    ready = sights.by_condition("Ready", suspend="")
    return _row(f"cert-manager.io/{plural} v1", noun, "certificates", ready, only=judgement)


def _workload(plural: str, noun: str, reader: Reader) -> Row:
    judgement = Judgement(
        kind="workload_unavailable",
        not_yet=MINUTES[15],
        failed="has too few pods",
        late="has too few pods",
    )
    return _row(f"apps/{plural} v1", noun, "workloads", reader, only=judgement)


_FLUX = ("flux_not_ready", "flux_suspended")
_ARGOCD = (
    "argocd_out_of_sync",
    "argocd_sync_unknown",
    "argocd_degraded",
    "argocd_operation_failed",
    "argocd_missing",
    "argocd_hanging",
    "argocd_suspended",
    "argocd_condition",
)
_BACKUPS = ("backup_failed", "backup_overdue")
_NODE = ("node_not_ready", "node_pressure", "node_cordoned")
_POD = ("pod_restarting", "pod_waiting", "pod_failed")
_VELERO = ("Failed", "PartiallyFailed", "FailedValidation", "FinalizingPartiallyFailed")
_VELERO_REASON = ("status", "failureReason")

_OF_THEIR_SYSTEM = (
    Row(resource=FINDINGS, noun="Result", topic="findings", kinds=("k8sgpt_finding",), about=True),
    Row(resource=resources.KUSTOMIZATIONS, noun="Kustomization", topic="gitops", kinds=_FLUX),
    Row(resource=resources.HELM_RELEASES, noun="HelmRelease", topic="gitops", kinds=_FLUX),
    Row(resource=resources.APPLICATIONS, noun="Application", topic="gitops", kinds=_ARGOCD),
    Row(resource=resources.SCHEDULES, noun="Schedule", topic="backups", kinds=_BACKUPS),
    Row(resource=resources.BACKUPS, noun="Backup", topic="backups", kinds=_BACKUPS),
    Row(resource=resources.SNAPSHOTS, noun="Snapshot", topic="backups", kinds=_BACKUPS),
    Row(
        resource=resources.VOLUMES,
        noun="Volume",
        topic="storage",
        kinds=("volume_faulted", "volume_degraded", "volume_unscheduled", "backup_overdue"),
    ),
    Row(
        resource=resources.RECURRING_JOBS,
        noun="RecurringJob",
        topic="backups",
        kinds=("backup_overdue",),
        is_quiet=True,
    ),
    Row(resource=resources.NODES, noun="Node", topic="nodes", kinds=_NODE),
    Row(resource=resources.PODS, noun="Pod", topic="pods", kinds=_POD),
)
_GITOPS = (
    _source("gitrepositories", "GitRepository"),
    _source("ocirepositories", "OCIRepository"),
    _source("helmrepositories", "HelmRepository"),
    _source("helmcharts", "HelmChart"),
    _source("buckets", "Bucket"),
    _image("imagerepositories", "ImageRepository"),
    _image("imagepolicies", "ImagePolicy"),
    _image("imageupdateautomations", "ImageUpdateAutomation"),
    _row(
        "fluxcd.controlplane.io/fluxinstances v1",
        "FluxInstance",
        "gitops",
        sights.by_condition("Ready", suspend=""),
        only=Judgement(kind="flux_not_ready", not_yet=MINUTES[15]),
    ),
    _row(
        "fluxcd.controlplane.io/fluxreports v1",
        "FluxReport",
        "gitops",
        sights.of_report_of_flux,
        only=Judgement(kind="flux_not_ready", patience=MINUTES[10], failed="says that Flux is not ready"),
    ),
    _row(
        "argoproj.io/applicationsets v1alpha1",
        "ApplicationSet",
        "gitops",
        sights.by_bad_condition("ErrorOccurred"),
        only=Judgement(kind="argocd_condition", failed="cannot make its applications"),
    ),
)
_BACKUP = (
    _job_of_k8up("checks", "Check", Severity.WARNING),
    _job_of_k8up("prunes", "Prune", Severity.INFO),
    _job_of_k8up("archives", "Archive", Severity.WARNING),
    _job_of_k8up("restores", "Restore", Severity.WARNING),
    _row(
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
            series=sights.volume_of_backup,
            subject=sights.volume_of_backup,
        ),
        only=Judgement(
            kind="backup_job_failed", not_yet=DAY, failed="failed", late="does not come to an end"
        ),
    ),
    _row(
        "longhorn.io/backuptargets v1beta2 v1beta1",
        "BackupTarget",
        "backups",
        sights.of_backup_target,
        only=Judgement(kind="backup_target_unavailable", patience=MINUTES[15], failed="cannot be reached"),
    ),
    _row(
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
            series=sights.schedule_of_velero,
            subject=sights.schedule_of_velero,
        ),
        only=Judgement(
            kind="backup_job_failed", not_yet=DAY, failed="failed", late="does not come to an end"
        ),
    ),
    _row(
        "velero.io/schedules v1",
        "Schedule",
        "backups",
        sights.of_schedule_of_velero,
        only=Judgement(
            kind="backup_overdue",
            due=missed_run(DAY / 4),
            failed="is not valid",
            late="has not made a backup in time",
        ),
    ),
    _row(
        "velero.io/backupstoragelocations v1",
        "BackupStorageLocation",
        "backups",
        sights.by_phase("status", "phase", failed=("Unavailable",), well=("Available",)),
        only=Judgement(kind="backup_target_unavailable", not_yet=MINUTES[30], failed="cannot be reached"),
    ),
    _row(
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
        only=Judgement(
            kind="backup_job_failed", not_yet=DAY, failed="failed", late="does not come to an end"
        ),
    ),
    _row(
        "volsync.backube/replicationsources v1alpha1",
        "ReplicationSource",
        "backups",
        sights.of_volsync,
        only=Judgement(
            kind="backup_job_failed",
            due=missed_run(DAY / 4),
            failed="failed",
            late="has not made a backup in time",
        ),
    ),
    _row(
        "volsync.backube/replicationdestinations v1alpha1",
        "ReplicationDestination",
        "backups",
        sights.of_volsync,
        only=Judgement(
            kind="backup_job_failed", due=missed_run(DAY / 4), failed="failed", late="has not synced in time"
        ),
    ),
)
_CERTIFICATES = (
    _row(
        "cert-manager.io/certificates v1",
        "Certificate",
        "certificates",
        sights.of_certificate,
        only=Judgement(
            kind="certificate_not_ready", not_yet=DAY, failed="cannot be issued", late="is not issued"
        ),
        renewal=Judgement(kind="certificate_expires", due=expiry(DAY), late="has not been renewed"),
    ),
    _issuer("issuers", "Issuer"),
    _issuer("clusterissuers", "ClusterIssuer"),
)
_WORKLOADS = (
    _workload("deployments", "Deployment", sights.of_workload),
    _workload("statefulsets", "StatefulSet", sights.of_workload),
    _workload("daemonsets", "DaemonSet", sights.of_daemon_set),
    _row(
        "batch/jobs v1",
        "Job",
        "workloads",
        sights.of_job,
        only=Judgement(kind="job_failed", failed="failed"),
    ),
    _row(
        "batch/cronjobs v1",
        "CronJob",
        "workloads",
        sights.of_cron_job,
        only=Judgement(kind="cronjob_missed", due=missed_run(MINUTES[15]), late="has not run in time"),
    ),
    _row(
        "persistentvolumeclaims v1",
        "PersistentVolumeClaim",
        "volumes",
        sights.of_claim,
        only=Judgement(kind="claim_pending", not_yet=MINUTES[10], late="gets no volume"),
        unused=Judgement(
            kind="claim_pending", not_yet=MINUTES[10], late="has no volume", severity=Severity.INFO
        ),
        lost=Judgement(kind="claim_lost", failed="has lost its volume"),
    ),
)
ROWS: Mapping[str, Row] = MappingProxyType(
    {row.resource.name: row for row in (*_OF_THEIR_SYSTEM, *_GITOPS, *_BACKUP, *_CERTIFICATES, *_WORKLOADS)}
)
"""All rows, by the name of their resource."""
