"""A simulated Kubernetes API server with the custom resources of a homelab (systems.md 3, 4 and 5)."""

from .access import DRY_RUN, READ_ONLY, RECONCILE, Rule, rule
from .faults import Fault
from .homelab import App, HomelabCluster, homelab_cluster
from .operator import Finding, Operator
from .record import Request
from .server import TOKEN, ApiServer, System

__all__ = [
    "DRY_RUN",
    "READ_ONLY",
    "RECONCILE",
    "TOKEN",
    "ApiServer",
    "App",
    "Fault",
    "Finding",
    "HomelabCluster",
    "Operator",
    "Request",
    "Rule",
    "System",
    "homelab_cluster",
    "rule",
]
