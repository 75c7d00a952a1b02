"""What is known of a cluster at one moment, and the entities that show it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass

from ...health.problem import Problem
from ...topology import Thing
from ..monitor import MonitorBinarySensor, MonitorSensor, Value
from .applications import ArgoCD
from .backups import Backups
from .findings import KINDS, OTHER, Findings
from .gitops import Flux
from .storage import Storage
from .workloads import Nodes, Pods


@dataclass(frozen=True, slots=True)
class KubernetesData:
    """A cluster; None stands for what it does not have, or what the token may not see.

    `forbidden` says of the resources that the token may not list or watch, in the server's words, why;
    `unread` of those that could not be read for longer than a moment, whatever the reason.
    """

    version: str
    findings: Findings | None
    flux: Flux | None
    argocd: ArgoCD | None
    backups: Backups | None
    storage: Storage | None
    nodes: Nodes | None
    pods: Pods | None
    forbidden: Mapping[str, str]
    unread: Mapping[str, str]
    problems: Mapping[str, Problem]
    trouble: Mapping[str, bool]
    """Whether anything is wrong with what is judged one by one, by topic."""
    things: Mapping[str, Thing] = field(default_factory=dict)

    @property
    def gitops_problem(self) -> bool | None:
        """Return whether the cluster is not what Git says, None where nobody tells."""
        if self.flux is None and self.argocd is None:
            return None
        return self._any("gitops", self.flux, self.argocd)

    @property
    def backup_problem(self) -> bool | None:
        """Return whether a backup is missing or has failed, None where nobody tells."""
        return self._any("backups", self.backups)

    def _any(self, topic: str, *systems: Flux | ArgoCD | Backups | None) -> bool | None:
        troubles = [system.is_trouble for system in systems if system is not None]
        if topic in self.trouble:
            troubles.append(self.trouble[topic])
        return any(troubles) if troubles else None


def _count(
    key: str, count: Callable[[KubernetesData], int | None], *, enabled: bool = True
) -> MonitorSensor[KubernetesData]:
    """Return the sensor of a number that is None where the cluster does not have the system."""
    return MonitorSensor(
        key=key,
        translation_key=key,
        state_class=SensorStateClass.MEASUREMENT,
        entity_registry_enabled_default=enabled,
        value_fn=count,
        exists_fn=lambda data: count(data) is not None,
        available_fn=lambda data: count(data) is not None,
    )


def _of_kind(kind: str) -> MonitorSensor[KubernetesData]:
    return _count(
        f"k8sgpt_findings_{kind}",
        lambda data: data.findings.by_kind.get(kind, 0) if data.findings else None,
        enabled=False,
    )


def _problem(
    key: str, value_fn: Callable[[KubernetesData], bool | None]
) -> MonitorBinarySensor[KubernetesData]:
    return MonitorBinarySensor(
        key=key,
        translation_key=key,
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=value_fn,
        exists_fn=lambda data: value_fn(data) is not None,
    )


def _last_backup(data: KubernetesData) -> Value:
    return data.backups.latest if data.backups else None


def _oldest_backup(data: KubernetesData) -> dict[str, object] | None:
    """Return the worst of what the last backup is of many: what was not backed up for the longest time."""
    if data.backups is None or not data.backups.last_good:
        return None
    name, at = data.backups.oldest
    return {"oldest": name, "oldest_at": at}


SENSORS: tuple[MonitorSensor[KubernetesData], ...] = (
    _count("k8sgpt_findings", lambda data: data.findings.total if data.findings else None),
    *(_of_kind(kind) for kind in (*KINDS, OTHER)),
    _count("flux_not_ready", lambda data: data.flux.not_ready if data.flux else None),
    _count("flux_suspended", lambda data: data.flux.suspended if data.flux else None),
    _count("argocd_out_of_sync", lambda data: data.argocd.out_of_sync if data.argocd else None),
    _count("argocd_degraded", lambda data: data.argocd.degraded if data.argocd else None),
    MonitorSensor(
        key="last_backup",
        translation_key="last_backup",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=_last_backup,
        attributes_fn=_oldest_backup,
        exists_fn=lambda data: data.backups is not None,
        available_fn=lambda data: data.backups is not None,
    ),
    _count("failed_backups", lambda data: data.backups.failed if data.backups else None),
    _count("degraded_volumes", lambda data: data.storage.degraded if data.storage else None),
    _count("restarting_pods", lambda data: data.pods.restarting if data.pods else None),
    _count("nodes_not_ready", lambda data: data.nodes.not_ready if data.nodes else None),
)
BINARY_SENSORS: tuple[MonitorBinarySensor[KubernetesData], ...] = (
    _problem("k8sgpt_problem", lambda data: data.findings.is_trouble if data.findings else None),
    _problem("gitops_problem", lambda data: data.gitops_problem),
    _problem("backup_problem", lambda data: data.backup_problem),
    _problem("storage_problem", lambda data: data.storage.is_trouble if data.storage else None),
)
