"""A Kubernetes cluster, and what keeps it: k8sgpt, Flux, Argo CD, K8up, Longhorn."""

from .cluster import (
    CONF_MAX_RESTARTS,
    CONF_RPO_HOURS,
    DEFAULT_MAX_RESTARTS,
    DEFAULT_RPO_HOURS,
    KubernetesMonitor,
)
from .data import KubernetesData

__all__ = [
    "CONF_MAX_RESTARTS",
    "CONF_RPO_HOURS",
    "DEFAULT_MAX_RESTARTS",
    "DEFAULT_RPO_HOURS",
    "KubernetesData",
    "KubernetesMonitor",
]
