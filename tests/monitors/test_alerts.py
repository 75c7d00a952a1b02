"""What alerts of Prometheus and Alertmanager have in common."""

from collections.abc import Mapping

import pytest

from custom_components.homelab_ai.health.problem import Severity
from custom_components.homelab_ai.health.subjects import LABELS
from custom_components.homelab_ai.monitors.alerts import (
    evidence_of,
    facts_of,
    name_of,
    own_labels,
    severity_of,
    summary_of,
)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("critical", Severity.CRITICAL),
        ("CRITICAL", Severity.CRITICAL),
        ("page", Severity.CRITICAL),
        ("error", Severity.CRITICAL),
        ("emergency", Severity.CRITICAL),
        ("warning", Severity.WARNING),
        ("what?", Severity.WARNING),
        ("", Severity.WARNING),
        ("info", Severity.INFO),
        ("none", Severity.INFO),
    ],
)
def test_severity(label: str, expected: Severity) -> None:
    assert severity_of({"severity": label}) is expected


def test_severity_that_is_not_said() -> None:
    assert severity_of({}) is Severity.WARNING


@pytest.mark.parametrize(
    ("labels", "annotations", "expected"),
    [
        ({"alertname": "A"}, {"summary": "s", "description": "d"}, "s"),
        ({"alertname": "A"}, {"summary": " ", "description": "d"}, "d"),
        ({"alertname": "A"}, {"message": "m"}, "m"),
        ({"alertname": "A", "pod": "p", "namespace": "n", "x": "y"}, {}, "A namespace n, pod p"),
        ({"alertname": "A"}, {"summary": ""}, "A"),
        ({"job": "j"}, {}, "alert job j"),
        ({}, {}, "alert"),
    ],
)
def test_summary(labels: Mapping[str, str], annotations: Mapping[str, str], expected: str) -> None:
    assert summary_of(labels, annotations) == expected


@pytest.mark.parametrize(
    ("labels", "expected"), [({"alertname": "A"}, "A"), ({"alertname": ""}, "alert"), ({}, "alert")]
)
def test_name(labels: Mapping[str, str], expected: str) -> None:
    assert name_of(labels) == expected


def test_details() -> None:
    assert facts_of(
        {"alertname": "A", "namespace": "n", "uid": "1"},
        {"summary": "s", "description": "d", "runbook_url": "http://r", "secret": "x"},
    ) == {"namespace": "n", "description": "d", "runbook_url": "http://r"}


EXPORTER = {
    "namespace": "monitoring",
    "pod": "kube-state-metrics-5",
    "job": "ksm",
    "instance": "10.1.0.4:8080",
}


@pytest.mark.parametrize(
    ("labels", "own"),
    [
        (EXPORTER, EXPORTER),
        (
            {**EXPORTER, "exported_namespace": "media", "exported_pod": "jellyfin-0"},
            {"namespace": "media", "pod": "jellyfin-0"},
        ),
        (
            {**EXPORTER, "exported_namespace": "media", "deployment": "jellyfin"},
            {"namespace": "media", "deployment": "jellyfin"},
        ),
        ({**EXPORTER, "exported_job": "backup"}, {"job": "backup"}),
        ({**EXPORTER, "exported_namespace": ""}, {**EXPORTER, "exported_namespace": ""}),
    ],
)
def test_the_exporter_is_not_what_an_alert_is_about(
    labels: Mapping[str, str], own: Mapping[str, str]
) -> None:
    assert own_labels(labels) == own
    assert facts_of(labels, {}) == {
        key: value for key, value in own.items() if not key.startswith("exported")
    }


@pytest.mark.parametrize("label", LABELS)
def test_what_an_alert_is_about_is_kept(label: str) -> None:
    assert facts_of({label: "x", "secret": "y"}, {}) == {label: "x"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("https://ada:secret@wiki.lan/runbook?by=a@b", "https://wiki.lan/runbook?by=a@b"),
        ("postgres://ada:sec@ret@db.lan:5432/x is down", "postgres://db.lan:5432/x is down"),
        ("see http://secret@a and ftp://u:secret@b.", "see http://a and ftp://b."),
        (
            "mail ada@example.com // or call bob@example.com",
            "mail ada@example.com // or call bob@example.com",
        ),
        ("https://wiki.lan/@ada#x@y", "https://wiki.lan/@ada#x@y"),
    ],
)
def test_no_password_of_an_address_is_told(said: str, expected: str) -> None:
    labels = {"instance": said, "other": said}
    annotations = {"description": said, "runbook_url": said, "dashboard": said}
    assert summary_of(labels, annotations) == expected
    assert summary_of(labels, {}) == f"alert instance {expected}"
    told = {"instance": expected, "description": expected, "runbook_url": expected}
    assert facts_of(labels, annotations) == told
    evidence = {one.title: one.text for one in evidence_of(labels, annotations, None, said)}
    assert evidence == {
        "Annotations": f"description: {expected}; runbook_url: {expected}; dashboard: {expected}",
        "Labels": f"instance: {expected}; other: {expected}",
        "Alert": f"raised by: {expected}",
    }
