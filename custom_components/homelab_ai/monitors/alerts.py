"""What alerts of Prometheus and of Alertmanager have in common."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice

from ..health.evidence import Evidence, said_something
from ..health.problem import Severity
from ..values.text import without_users

DEFAULT_IGNORED = ("Watchdog", "InfoInhibitor")
"""Alerts that always fire, to prove that alerting works, or that are no alerts."""

_SEVERITIES: Mapping[str, Severity] = {
    "critical": Severity.CRITICAL,
    "page": Severity.CRITICAL,
    "error": Severity.CRITICAL,
    "emergency": Severity.CRITICAL,
    "info": Severity.INFO,
    "none": Severity.INFO,
}
_MOST_LABELS = 30
_WHERE = ("namespace", "pod", "deployment", "node", "instance", "job", "persistentvolumeclaim")


def severity_of(labels: Mapping[str, str]) -> Severity:
    """Return how bad an alert is; one that does not say is a warning."""
    return _SEVERITIES.get(labels.get("severity", "").lower(), Severity.WARNING)


def name_of(labels: Mapping[str, str]) -> str:
    """Return the name of an alert; those that programs send themselves need not have one."""
    return labels.get("alertname") or "alert"


def summary_of(labels: Mapping[str, str], annotations: Mapping[str, str]) -> str:
    """Return an alert in a sentence: what its author wrote, else its name and where it is."""
    for key in ("summary", "description", "message"):
        if (said := annotations.get(key, "")).strip():
            return without_users(said)
    where = ", ".join(f"{key} {without_users(labels[key])}" for key in _WHERE if key in labels)
    return f"{name_of(labels)} {where}".strip()


def facts_of(labels: Mapping[str, str], annotations: Mapping[str, str]) -> dict[str, object]:
    """Return what explains an alert: where it is, and what its author wrote about it."""
    said = {key: annotations[key] for key in ("description", "runbook_url") if key in annotations}
    where = {key: labels[key] for key in _WHERE if key in labels}
    return {key: without_users(value) for key, value in (where | said).items()}


def evidence_of(
    labels: Mapping[str, str], annotations: Mapping[str, str], since: datetime | None, generator: str = ""
) -> tuple[Evidence, ...]:
    """Return all that an alert says; `generator` is the address of what raised it."""
    fired = {"since": since and f"{since:%Y-%m-%dT%H:%M:%SZ}", "raised by": without_users(generator)}
    return said_something(
        (
            Evidence.listed("Annotations", _first(annotations)),
            Evidence.listed("Labels", _first(labels)),
            Evidence.listed("Alert", fired),
        )
    )


def _first(said: Mapping[str, str]) -> dict[str, str]:
    return {name: without_users(value) for name, value in islice(said.items(), _MOST_LABELS)}
