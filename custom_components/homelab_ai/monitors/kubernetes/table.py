"""The table of what is read of a cluster: one row for each kind of object.

A new kind costs a row here, a row for each kind of problem that is new (`health/kinds.py`), and a line in
docs/kubernetes.md. What the objects say is in the documents and types of their controllers: fluxcd
source-controller `api/v1`, image-automation-controller `api/v1`, flux-operator `api/v1`, argo-cd
`applicationset_types.go`, k8up `api/v1`, longhorn-manager `apis/longhorn/v1beta2`, velero `api/v1`, volsync
`api/v1alpha1`, cert-manager `apis/certmanager/v1`, kubernetes/api `apps/v1`, `batch/v1`, `core/v1`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ...api.kubernetes import objects as resources, sights, workload_sights
from ...api.kubernetes.results import FINDINGS
from ...api.kubernetes.sights import Reader
from ...health.problem import Severity
from .backup_rows import BACKUP_ROWS
from .judging import Judgement, expiry, missed_run
from .noted import STUCK
from .rows import DAY, MINUTES, Row, row_of

__all__ = ["MINUTES", "ROWS", "Row"]


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
    return row_of(where, noun, "gitops", ready, only=judgement)


def _image(plural: str, noun: str) -> Row:
    judgement = Judgement(kind="flux_not_ready", not_yet=MINUTES[30], suspended="flux_suspended")
    ready = sights.by_condition("Ready")
    where = f"image.toolkit.fluxcd.io/{plural} v1 v1beta2 v1beta1"
    return row_of(where, noun, "gitops", ready, only=judgement)


def _issuer(plural: str, noun: str) -> Row:
    judgement = Judgement(kind="issuer_not_ready", not_yet=MINUTES[15])
    ready = sights.by_condition("Ready", suspend="")
    return row_of(f"cert-manager.io/{plural} v1", noun, "certificates", ready, only=judgement)


def _workload(plural: str, noun: str, reader: Reader) -> Row:
    judgement = Judgement(
        kind="workload_unavailable",
        not_yet=MINUTES[15],
        failed="has too few pods",
        late="has too few pods",
    )
    rollout = Judgement(kind="rollout_stuck", failed="does not get to its new version")
    return row_of(f"apps/{plural} v1", noun, "workloads", reader, only=judgement, rollout=rollout)


_FLUX = ("flux_not_ready", "flux_suspended", STUCK)
_ARGOCD = (
    "argocd_out_of_sync",
    "argocd_sync_unknown",
    "argocd_degraded",
    "argocd_operation_failed",
    "argocd_missing",
    "argocd_hanging",
    "argocd_suspended",
    "argocd_condition",
    STUCK,
)
_BACKUPS = ("backup_failed", "backup_overdue")
_NODE = ("node_not_ready", "node_pressure", "node_cordoned")
_POD = ("pod_restarting", "pod_waiting", "pod_failed", "pod_unready", STUCK)
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
    row_of(
        "fluxcd.controlplane.io/fluxinstances v1",
        "FluxInstance",
        "gitops",
        sights.by_condition("Ready", suspend=""),
        only=Judgement(kind="flux_not_ready", not_yet=MINUTES[15]),
    ),
    row_of(
        "fluxcd.controlplane.io/fluxreports v1",
        "FluxReport",
        "gitops",
        sights.of_report_of_flux,
        only=Judgement(kind="flux_not_ready", patience=MINUTES[10], failed="says that Flux is not ready"),
    ),
    row_of(
        "argoproj.io/applicationsets v1alpha1",
        "ApplicationSet",
        "gitops",
        sights.by_bad_condition("ErrorOccurred"),
        only=Judgement(kind="argocd_condition", failed="cannot make its applications"),
    ),
)
_CERTIFICATES = (
    row_of(
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
    row_of("namespaces v1", "Namespace", "workloads", sights.nothing_of),
    _workload("deployments", "Deployment", workload_sights.of_workload),
    _workload("statefulsets", "StatefulSet", workload_sights.of_workload),
    _workload("daemonsets", "DaemonSet", workload_sights.of_daemon_set),
    row_of(
        "batch/jobs v1",
        "Job",
        "workloads",
        workload_sights.of_job,
        only=Judgement(
            kind="job_failed",
            not_yet=DAY,
            failed="failed",
            late="does not come to an end",
            late_kind="job_hanging",
        ),
        start=Judgement(kind="job_hanging", not_yet=MINUTES[15], late="gets no pod"),
    ),
    row_of(
        "batch/cronjobs v1",
        "CronJob",
        "workloads",
        workload_sights.of_cron_job,
        only=Judgement(
            kind="cronjob_missed",
            due=missed_run(MINUTES[15]),
            late="has not run in time",
            suspended="cronjob_suspended",
        ),
        success=Judgement(
            kind="cronjob_unsuccessful", due=missed_run(DAY), late="runs, but has not succeeded in time"
        ),
    ),
    row_of(
        "persistentvolumeclaims v1",
        "PersistentVolumeClaim",
        "volumes",
        workload_sights.of_claim,
        only=Judgement(kind="claim_pending", not_yet=MINUTES[10], late="gets no volume"),
        unused=Judgement(
            kind="claim_pending", not_yet=MINUTES[10], late="has no volume", severity=Severity.INFO
        ),
        lost=Judgement(kind="claim_lost", failed="has lost its volume"),
        resize=Judgement(
            kind="claim_resize", not_yet=MINUTES[30], failed="cannot be resized", late="is not resized"
        ),
    ),
)
ROWS: Mapping[str, Row] = MappingProxyType(
    {
        row.resource.name: row
        for row in (*_OF_THEIR_SYSTEM, *_GITOPS, *BACKUP_ROWS, *_CERTIFICATES, *_WORKLOADS)
    }
)
"""All rows, by the name of their resource."""
