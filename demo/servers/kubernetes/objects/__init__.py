"""Objects as the systems of a homelab write them."""

from . import kinds
from .argocd import application
from .core import deployment, event, namespace, node, persistent_volume_claim, pod, replica_set
from .flux import helm_release, kustomization
from .k8sgpt import NAMESPACE as K8SGPT_NAMESPACE, k8sgpt, many_results, result, result_name
from .k8up import backup, job, schedule, snapshot
from .longhorn import backup_target, backup_volume, longhorn_backup, volume
from .network import http_route, ingress, ingress_route, nfs_volume, service

__all__ = [
    "K8SGPT_NAMESPACE",
    "application",
    "backup",
    "backup_target",
    "backup_volume",
    "deployment",
    "event",
    "helm_release",
    "http_route",
    "ingress",
    "ingress_route",
    "job",
    "k8sgpt",
    "kinds",
    "kustomization",
    "longhorn_backup",
    "many_results",
    "namespace",
    "nfs_volume",
    "node",
    "persistent_volume_claim",
    "pod",
    "replica_set",
    "result",
    "result_name",
    "schedule",
    "service",
    "snapshot",
    "volume",
]
