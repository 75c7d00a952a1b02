"""What k8sgpt has found."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ...api.kubernetes.results import Finding
from ...health.problem import Problem, Severity
from .noted import Noted, Report, by_id, is_k8sgpt, is_trouble, said_of

KINDS = (
    "pod",
    "deployment",
    "replicaset",
    "statefulset",
    "service",
    "ingress",
    "persistentvolumeclaim",
    "job",
    "cronjob",
    "node",
)
"""Kinds that are counted apart; all others are "other"."""
OTHER = "other"

# What runs, or is reached only while that runs; anything else of k8sgpt's does not care for the hub.
_RUNNING = frozenset({"deployment", "pod", "replicaset", "service", "statefulset"})
_SEVERITIES: Mapping[str, Severity] = {
    # All that runs on a node is gone with it, and what needs a claim has lost its data or cannot start.
    "node": Severity.CRITICAL,
    "persistentvolumeclaim": Severity.CRITICAL,
    # k8sgpt gives advice on these: nothing uses them, or something could be safer. Nothing has failed.
    "configmap": Severity.INFO,
    "networkpolicy": Severity.INFO,
    "poddisruptionbudget": Severity.INFO,
    "security": Severity.INFO,
    # Reports of Trivy and Kyverno, and what is only out of fashion.
    "storage": Severity.INFO,
    "vulnerabilityreport": Severity.INFO,
    "configauditreport": Severity.INFO,
    "exposedsecretreport": Severity.INFO,
    "rbacassessmentreport": Severity.INFO,
    "clusterrbacassessmentreport": Severity.INFO,
    "infraassessmentreport": Severity.INFO,
    "clustercompliancereport": Severity.INFO,
    "sbomreport": Severity.INFO,
    "policyreport": Severity.INFO,
    "clusterpolicyreport": Severity.INFO,
}


@dataclass(frozen=True, slots=True)
class Findings:
    """All Results: how many, how many of each kind, and the problems they are."""

    total: int
    by_kind: Mapping[str, int]
    problems: Mapping[str, Problem]
    is_trouble: bool


def note(report: Report) -> Callable[[Finding], Noted[str]]:
    """Return how a finding is noted: under its kind, for its texts are in the problem already."""

    def noted(finding: Finding) -> Noted[str]:
        kind = finding.kind.lower()
        problem = report(
            "k8sgpt_finding",
            # A name may be longer than an id; the hash is of the name, too.
            f"{finding.kind}/{finding.name[:150]}/{finding.content_hash}",
            finding.name,
            said_of(finding.kind, finding.name, finding.text),
            severity=_SEVERITIES.get(kind),
            since=finding.created,
            facts={
                "kind": finding.kind,
                "error": finding.text,
                **({"explanation": finding.explanation} if finding.explanation else {}),
            },
            needs_hub=kind in _RUNNING and is_k8sgpt(finding.name),
        )
        return Noted(kind if kind in KINDS else OTHER, (problem,))

    return noted


def findings(results: Collection[Noted[str]]) -> Findings:
    """Return the findings as they are now."""
    problems = by_id(results)
    counted = Counter(noted.item for noted in results)
    return Findings(counted.total(), counted, problems, is_trouble(problems))
