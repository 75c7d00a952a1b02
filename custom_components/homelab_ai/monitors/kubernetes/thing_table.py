"""The table of the things of a cluster: one row for each kind of object that is one, or that tells of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ...api.kubernetes import (
    route_readers as routes,
    sketch_readers as readers,
    system_sketches as systems,
)
from ...api.kubernetes.client import Resource
from ...api.kubernetes.sketches import SketchReader
from ...topology import ThingKind


@dataclass(frozen=True, slots=True)
class Row:
    """How an object is read; `kind` is None for what is no thing itself but tells of others."""

    kind: ThingKind | None
    read: SketchReader


_SOURCES = ("GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket")
_IMAGES = {
    "imagerepositories": "ImageRepository",
    "imagepolicies": "ImagePolicy",
    "imageupdateautomations": "ImageUpdateAutomation",
}
_PLURALS = {"GitRepository": "gitrepositories", "OCIRepository": "ocirepositories"} | {
    "HelmRepository": "helmrepositories"
}

THINGS: Mapping[str, Row] = MappingProxyType(
    {
        "nodes": Row(ThingKind.NODE, readers.of_node),
        "pods": Row(ThingKind.POD, readers.of_pod),
        "deployments.apps": Row(ThingKind.WORKLOAD, readers.of_workload("Deployment")),
        "statefulsets.apps": Row(ThingKind.WORKLOAD, readers.of_workload("StatefulSet")),
        "daemonsets.apps": Row(ThingKind.WORKLOAD, readers.of_workload("DaemonSet")),
        "jobs.batch": Row(ThingKind.WORKLOAD, readers.of_job),
        "cronjobs.batch": Row(ThingKind.WORKLOAD, readers.of_cron_job),
        "persistentvolumeclaims": Row(ThingKind.CLAIM, readers.of_claim),
        "persistentvolumes": Row(ThingKind.VOLUME, readers.of_persistent_volume),
        "volumes.longhorn.io": Row(ThingKind.VOLUME, systems.of_volume),
        "backuptargets.longhorn.io": Row(ThingKind.SYSTEM, systems.of_backup_target),
        "kustomizations.kustomize.toolkit.fluxcd.io": Row(ThingKind.GITOPS, systems.of_kustomization),
        "helmreleases.helm.toolkit.fluxcd.io": Row(ThingKind.GITOPS, systems.of_helm_release),
        **{
            f"{_PLURALS.get(kind, f'{kind.lower()}s')}.source.toolkit.fluxcd.io": Row(
                ThingKind.SOURCE, systems.of_source(kind)
            )
            for kind in _SOURCES
        },
        **{
            f"{plural}.image.toolkit.fluxcd.io": Row(ThingKind.GITOPS, systems.of_source(kind))
            for plural, kind in _IMAGES.items()
        },
        "fluxinstances.fluxcd.controlplane.io": Row(ThingKind.GITOPS, systems.by_condition("FluxInstance")),
        "applications.argoproj.io": Row(ThingKind.GITOPS, systems.of_application),
        "schedules.k8up.io": Row(None, systems.of_schedule_of_k8up),
        "schedules.velero.io": Row(ThingKind.BACKUP_PLAN, systems.of_schedule_of_velero),
        "backupstoragelocations.velero.io": Row(ThingKind.SYSTEM, systems.of_storage_location),
        "replicationsources.volsync.backube": Row(ThingKind.BACKUP_PLAN, systems.of_replication_source),
        "certificates.cert-manager.io": Row(ThingKind.CERTIFICATE, systems.of_certificate),
        "issuers.cert-manager.io": Row(ThingKind.CERTIFICATE, systems.by_condition("Issuer")),
        "clusterissuers.cert-manager.io": Row(ThingKind.CERTIFICATE, systems.by_condition("ClusterIssuer")),
        "services": Row(None, routes.of_service),
        "ingresses.networking.k8s.io": Row(None, routes.of_ingress),
        "ingressroutes.traefik.io": Row(None, routes.of_ingress_route),
        "httproutes.gateway.networking.k8s.io": Row(None, routes.of_http_route),
    }
)
"""By the name of the resource."""


def _nothing(_found: Mapping[str, Any]) -> None:
    return None


OPTIONAL: tuple[Resource[None], ...] = (
    Resource("", ("v1",), "services", _nothing),
    Resource("networking.k8s.io", ("v1",), "ingresses", _nothing),
    Resource("traefik.io", ("v1alpha1",), "ingressroutes", _nothing),
    Resource("gateway.networking.k8s.io", ("v1", "v1beta1"), "httproutes", _nothing),
    Resource("", ("v1",), "persistentvolumes", _nothing),
)
"""What is read for the sake of things alone: nothing is wrong with it, and nothing is missed without it."""
