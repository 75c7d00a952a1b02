"""Alerting rules, with the label and annotation names that are usual in homelabs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One rule; `pending` is the time, like 5s, for which the expression must hold before it fires."""

    alert: str
    expression: str
    severity: str = "warning"
    summary: str = ""
    description: str = ""
    pending: str = "0s"
    labels: Mapping[str, str] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """As Prometheus reads it."""
        annotations = {"summary": self.summary, "description": self.description}
        return {
            "alert": self.alert,
            "expr": self.expression,
            "for": self.pending,
            "labels": {"severity": self.severity, **self.labels},
            "annotations": {name: text for name, text in annotations.items() if text},
        }


WATCHDOG = AlertRule(
    "Watchdog",
    "vector(1)",
    "none",
    "An alert that should always be firing to certify that Alertmanager is working properly.",
)
GPU_HOT = AlertRule(
    "GPUHot",
    "nvidia_smi_temperature_gpu > 85",
    "warning",
    "The GPU of the AI hub is hot",
    "GPU {{ $labels.uuid }} has {{ $value }} °C.",
)
POD_IMAGE_BROKEN = AlertRule(
    "PodImageBroken",
    'sum by (object_namespace, kind, name) (k8sgpt_number_of_results_by_type{kind="Pod"}) > 0',
    "critical",
    "Pod {{ $labels.name }} cannot start",
    "k8sgpt found a problem with {{ $labels.kind }} {{ $labels.name }}.",
)
RULES = (WATCHDOG, GPU_HOT, POD_IMAGE_BROKEN)


def rule_file(rules: Iterable[AlertRule]) -> dict[str, Any]:
    """The content of a rule file."""
    return {"groups": [{"name": "homelab", "interval": "1s", "rules": [rule.described() for rule in rules]}]}
