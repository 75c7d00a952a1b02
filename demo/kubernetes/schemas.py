"""What the CRDs of the systems demand of their objects: fields that must be there, values that may be.

Sources: the CRDs of the controllers of Flux (`config/crd/bases`), flux-operator, argo-cd (`manifests/crds`),
longhorn-manager (`k8s/crds.yaml`), velero (`config/crd/v1/bases`), volsync and cert-manager (`deploy/crds`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .resources import Resource

_TRUTHS = ("True", "False", "Unknown")
# Where conditions are those of apimachinery, whose fields are all required and whose reason is never empty.
_STRICT_CONDITIONS = (
    "source.toolkit.fluxcd.io",
    "kustomize.toolkit.fluxcd.io",
    "helm.toolkit.fluxcd.io",
    "image.toolkit.fluxcd.io",
    "fluxcd.controlplane.io",
    "k8up.io",
    "volsync.backube",
)


@dataclass(frozen=True, slots=True)
class Schema:
    """Dotted paths that are required, and those whose value is one of a few where they are there."""

    required: tuple[str, ...] = ()
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_SOURCE_KINDS = ("GitRepository", "HelmRepository", "Bucket")
SCHEMAS: Mapping[str, Schema] = {
    "gitrepositories.source.toolkit.fluxcd.io": Schema(("spec.interval", "spec.url")),
    "ocirepositories.source.toolkit.fluxcd.io": Schema(("spec.interval", "spec.url")),
    "helmrepositories.source.toolkit.fluxcd.io": Schema(("spec.url",), {"spec.type": ("default", "oci")}),
    "helmcharts.source.toolkit.fluxcd.io": Schema(
        ("spec.chart", "spec.interval", "spec.sourceRef.kind", "spec.sourceRef.name"),
        {"spec.sourceRef.kind": _SOURCE_KINDS, "spec.reconcileStrategy": ("ChartVersion", "Revision")},
    ),
    "buckets.source.toolkit.fluxcd.io": Schema(
        ("spec.bucketName", "spec.endpoint", "spec.interval"),
        {"spec.provider": ("generic", "aws", "gcp", "azure")},
    ),
    "kustomizations.kustomize.toolkit.fluxcd.io": Schema(
        ("spec.interval", "spec.prune", "spec.sourceRef.kind", "spec.sourceRef.name"),
        {"spec.sourceRef.kind": ("OCIRepository", "GitRepository", "Bucket", "ExternalArtifact")},
    ),
    "helmreleases.helm.toolkit.fluxcd.io": Schema(("spec.interval",)),
    "imagerepositories.image.toolkit.fluxcd.io": Schema(("spec.image", "spec.interval")),
    "imagepolicies.image.toolkit.fluxcd.io": Schema(("spec.imageRepositoryRef.name", "spec.policy")),
    "imageupdateautomations.image.toolkit.fluxcd.io": Schema(
        ("spec.interval", "spec.sourceRef.kind", "spec.sourceRef.name")
    ),
    "fluxinstances.fluxcd.controlplane.io": Schema(
        ("spec.distribution.registry", "spec.distribution.version")
    ),
    "fluxreports.fluxcd.controlplane.io": Schema(
        ("spec.distribution.entitlement", "spec.distribution.status"), {"metadata.name": ("flux",)}
    ),
    "applications.argoproj.io": Schema(("spec.destination", "spec.project")),
    "applicationsets.argoproj.io": Schema(("spec.generators", "spec.template")),
    "recurringjobs.longhorn.io": Schema(
        (),
        {
            "spec.task": (
                "snapshot",
                "snapshot-force-create",
                "snapshot-cleanup",
                "snapshot-delete",
                "backup",
                "backup-force-create",
                "filesystem-trim",
                "system-backup",
            )
        },
    ),
    "volumes.longhorn.io": Schema(
        (), {"spec.frontend": ("blockdev", "iscsi", "nvmf", "ublk", ""), "spec.dataEngine": ("v1", "v2")}
    ),
    "backups.longhorn.io": Schema((), {"spec.backupMode": ("full", "incremental", "")}),
    "schedules.velero.io": Schema(
        ("spec.schedule", "spec.template"), {"status.phase": ("New", "Enabled", "FailedValidation")}
    ),
    "backups.velero.io": Schema(
        (),
        {
            "status.phase": (
                "New",
                "FailedValidation",
                "InProgress",
                "WaitingForPluginOperations",
                "WaitingForPluginOperationsPartiallyFailed",
                "Finalizing",
                "FinalizingPartiallyFailed",
                "Completed",
                "PartiallyFailed",
                "Failed",
                "Deleting",
            )
        },
    ),
    "backupstoragelocations.velero.io": Schema(
        ("spec.provider", "spec.objectStorage.bucket"), {"status.phase": ("Available", "Unavailable")}
    ),
    "replicationsources.volsync.backube": Schema(
        (), {"status.latestMoverStatus.result": ("Successful", "Failed", "")}
    ),
    "replicationdestinations.volsync.backube": Schema(
        (), {"status.latestMoverStatus.result": ("Successful", "Failed", "")}
    ),
    "certificates.cert-manager.io": Schema(("spec.issuerRef.name", "spec.secretName")),
    "issuers.cert-manager.io": Schema(("spec",)),
    "clusterissuers.cert-manager.io": Schema(("spec",)),
}


def check(resource: Resource, given: Mapping[str, Any]) -> None:
    """Raise ValueError in the words of the API server where an object does not fit its schema."""
    schema = SCHEMAS.get(resource.qualified, Schema())
    for path in schema.required:
        if _at(given, path) in (None, ""):
            raise ValueError(f"{resource.kind} is invalid: {path}: Required value")
    for path, values in schema.enums.items():
        found = _at(given, path)
        if found is not None and found not in values:
            raise ValueError(f'{resource.kind} is invalid: {path}: Unsupported value: "{found}"')
    if resource.group in _STRICT_CONDITIONS:
        _check_conditions(resource, _at(given, "status.conditions") or [])


def _check_conditions(resource: Resource, conditions: list[Mapping[str, Any]]) -> None:
    for number, condition in enumerate(conditions):
        where = f"{resource.kind} is invalid: status.conditions[{number}]"
        for key in ("type", "status", "lastTransitionTime", "reason"):
            if not condition.get(key):
                raise ValueError(f"{where}.{key}: Required value")
        if "message" not in condition:
            raise ValueError(f"{where}.message: Required value")
        if condition["status"] not in _TRUTHS:
            raise ValueError(f'{where}.status: Unsupported value: "{condition["status"]}"')


def _at(given: Any, path: str) -> Any:
    for key in path.split("."):
        given = given.get(key) if isinstance(given, Mapping) else None
    return given
