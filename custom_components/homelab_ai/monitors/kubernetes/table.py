"""The table of what is read of a cluster: one row for each kind of object."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ...api.kubernetes import objects as resources
from ...api.kubernetes.client import Resource
from ...health.facts import text_of
from ...health.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A kind of object: where it is, and what is not seen without it.

    `noun` is its own kind in Kubernetes' words, `topic` what people call what it tells of, as a key. `kinds`
    are those of the problems that it can be; where several rows share one, the fact `kind` tells them apart,
    unless it is `about` other objects.
    """

    resource: Resource[Any]
    noun: str
    topic: str
    kinds: tuple[str, ...]
    about: bool = False

    def can_be(self, problem: Problem) -> bool:
        """Return whether a problem is one of such an object."""
        if problem.kind not in self.kinds:
            return False
        return self.about or text_of(problem.facts, "kind") in ("", self.noun)


_FLUX = ("flux_not_ready", "flux_suspended")
_ARGOCD = ("argocd_out_of_sync", "argocd_sync_unknown", "argocd_degraded", "argocd_operation_failed")
_BACKUPS = ("backup_failed", "backup_overdue")

_ROWS = (
    Row(resource=resources.FINDINGS, noun="Result", topic="findings", kinds=("k8sgpt_finding",), about=True),
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
        kinds=("volume_faulted", "volume_degraded", "backup_overdue"),
    ),
    Row(resource=resources.NODES, noun="Node", topic="nodes", kinds=("node_not_ready",)),
    Row(resource=resources.PODS, noun="Pod", topic="pods", kinds=("pod_restarting",)),
)
ROWS: Mapping[str, Row] = MappingProxyType({row.resource.name: row for row in _ROWS})
"""All rows, by the name of their resource."""
