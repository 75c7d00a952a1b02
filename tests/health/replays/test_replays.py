"""One failure, one event: whatever tells of it, and in whatever order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from custom_components.homelab_ai.health.kinds import kind_of, row_of
from custom_components.homelab_ai.health.ledger import CAUSE_PATIENCE, Change, ChangeKind, Ledger
from custom_components.homelab_ai.health.problem import Problem

from .homelab import CHAT, CLUSTER, HUB, NAS, NODES, PAGE, homelab

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
SOURCES = (CLUSTER, HUB, PAGE, CHAT, NAS, "alerts")


@dataclass(frozen=True)
class Told:
    """What one system says: kind of problem and name, with the facts that tell which thing it is."""

    kind: str
    name: str
    facts: Mapping[str, str]
    source: str

    def problem(self) -> Problem:
        row = row_of(self.kind)
        system = (self.source,) if row.of_system else ()
        return Problem(
            f"{self.source}:{self.kind}:{self.facts.get('kind', '')}{self.name}",
            self.source,
            self.kind,
            self.name,
            row.severity,
            f"{self.name} is in trouble",
            facts=self.facts,
            needs_hub=row.needs_hub,
            subject=(*system, *row.subject(self.name, self.facts)),
        )


def told(kind: str, name: str, source: str = CLUSTER, /, **facts: str) -> Told:
    return Told(kind, name, facts, source)


def app(name: str) -> tuple[Told, ...]:
    """What is told of an app that does not run: by Kubernetes, k8sgpt and an alert."""
    pod = f"{name}-7d9f8b6c5d-abcde"
    return (
        told("pod_waiting", f"web/{pod}"),
        told("workload_unavailable", f"web/{name}", kind="Deployment"),
        told("k8sgpt_finding", f"web/{pod}", kind="Pod"),
        told("k8sgpt_finding", f"web/{name}", kind="Deployment"),
        told("k8sgpt_finding", f"web/{name}-7d9f8b6c5d", kind="ReplicaSet"),
        told("k8sgpt_finding", f"web/{name}", kind="Service"),
        told("alert", "KubePodNotReady", "alerts", namespace="web", pod=pod),
        told("alert", "KubeDeploymentReplicasMismatch", "alerts", namespace="web", deployment=name),
    )


PAGE_DOWN = told("offline", "Shop", PAGE)
RELEASES = tuple(
    told("flux_not_ready", f"web/{name}", kind="HelmRelease") for name in ("shop", "wiki", "photos")
)
APPS = told("flux_not_ready", "flux-system/apps", kind="Kustomization")
EVERY_POD = tuple(
    told("pod_restarting", f"web/{name}-7d9f8b6c5d-abcde") for name in ("shop", "wiki", "photos")
)

REPLAYS: dict[str, tuple[tuple[Told, ...], frozenset[str]]] = {
    # What is told, and the problems that may be an event: kind and name of each root.
    "a node dies": (
        (
            told("node_not_ready", "node-1"),
            told("k8sgpt_finding", "node-1", kind="Node"),
            *app("shop"),
            PAGE_DOWN,
        ),
        frozenset({"node_not_ready node-1"}),
    ),
    "a node dies, and only alerts tell of it": (
        (told("alert", "NodeDown", "alerts", instance="node-1:9100"), *app("shop")),
        frozenset({"alert NodeDown"}),
    ),
    "both nodes die": (
        (*(told("node_not_ready", name) for name in NODES), *app("shop"), *app("wiki"), PAGE_DOWN),
        frozenset({"node_not_ready node-1", "node_not_ready node-2"}),
    ),
    "a disk is full": (
        (told("node_pressure", "node-2", pressure="disk"), *app("wiki"), *app("photos")),
        frozenset({"node_pressure node-2"}),
    ),
    "NFS is gone": (
        (told("offline", "NAS", NAS), *app("photos")),
        frozenset({"offline NAS"}),
    ),
    "a volume is faulted": (
        (told("volume_faulted", "web/shop-data"), *app("shop"), PAGE_DOWN),
        frozenset({"volume_faulted web/shop-data"}),
    ),
    "a claim is lost": (
        (told("claim_lost", "web/wiki-data", kind="PersistentVolumeClaim"), *app("wiki")),
        frozenset({"claim_lost web/wiki-data"}),
    ),
    "an image is broken": (
        (RELEASES[0], *app("shop"), PAGE_DOWN),
        frozenset({"flux_not_ready web/shop"}),
    ),
    "an image is broken without GitOps that notices": (
        (*app("shop"), PAGE_DOWN),
        frozenset({"workload_unavailable web/shop"}),
    ),
    "a page is down, and nothing else knows why": ((PAGE_DOWN,), frozenset({"offline Shop"})),
    "the source of Flux cannot be read": (
        (told("source_not_ready", "flux-system/flux-system", kind="GitRepository"), APPS),
        frozenset({"source_not_ready flux-system/flux-system"}),
    ),
    "the registry of charts is down": (
        (told("source_not_ready", "flux-system/apps", kind="HelmRepository"), *RELEASES),
        frozenset({"source_not_ready flux-system/apps"}),
    ),
    "what others need cannot be delivered": (
        (told("flux_not_ready", "flux-system/infrastructure", kind="Kustomization"), APPS),
        frozenset({"flux_not_ready flux-system/infrastructure"}),
    ),
    "a kustomization takes its releases along": (
        (APPS, *RELEASES, *app("wiki")),
        frozenset({"flux_not_ready flux-system/apps"}),
    ),
    "the hub is off": (
        (
            told("hub_offline", "Ollama", HUB),
            told("hub_unreachable", "Chat", CHAT),
            told("scans_failed", "Chat", CHAT),
        ),
        frozenset({"hub_offline Ollama"}),
    ),
    "the cluster does not answer, and what was known stands": (
        (told("offline", "Cluster"), *app("shop"), PAGE_DOWN),
        frozenset({"offline Cluster"}),
    ),
    "an issuer is not ready": (
        (
            told("issuer_not_ready", "letsencrypt", kind="ClusterIssuer"),
            told("certificate_not_ready", "web/shop", kind="Certificate"),
            told("certificate_not_ready", "web/wiki", kind="Certificate"),
        ),
        frozenset({"issuer_not_ready letsencrypt"}),
    ),
    "a certificate has expired": (
        (told("certificate_not_ready", "web/shop", kind="Certificate"),),
        frozenset({"certificate_not_ready web/shop"}),
    ),
    "the backup target cannot be reached": (
        (
            told("backup_target_unavailable", "velero/default", kind="BackupStorageLocation"),
            told("backup_job_failed", "velero/daily", kind="Backup"),
            told("backup_overdue", "velero/daily", kind="Schedule"),
        ),
        frozenset({"backup_target_unavailable velero/default"}),
    ),
    "DNS is broken: everything restarts, and nothing says why": (
        EVERY_POD,
        frozenset(f"pod_restarting web/{name}-7d9f8b6c5d-abcde" for name in ("shop", "wiki", "photos")),
    ),
    "two failures that have nothing to do with each other": (
        (*app("shop"), told("offline", "NAS", NAS), *app("photos")),
        frozenset({"workload_unavailable web/shop", "offline NAS"}),
    ),
    "a suspended kustomization explains nothing": (
        (
            told("flux_suspended", "flux-system/apps", kind="Kustomization"),
            told("pod_restarting", EVERY_POD[1].name),
        ),
        frozenset({"flux_suspended flux-system/apps", f"pod_restarting {EVERY_POD[1].name}"}),
    ),
}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("case", REPLAYS)
async def test_one_failure_one_event(case: str, seed: int) -> None:
    """In any order, within the patience that a cause has."""
    reports, expected = REPLAYS[case]
    ledger = Ledger(topology=await homelab())
    problems: dict[str, dict[str, Problem]] = {source: {} for source in SOURCES}
    events: list[Change] = []
    now = NOW
    for source in SOURCES:
        ledger.report(source, {}, now)
    ledger.settle(now)
    arrivals = [one.problem() for one in reports]
    Random(seed).shuffle(arrivals)
    pause = CAUSE_PATIENCE / (len(arrivals) + 1)
    for problem in arrivals:
        problems[problem.source][problem.id] = problem
        ledger.report(problem.source, problems[problem.source].copy(), now)
        events += ledger.settle(now).changes
        now += pause
    for _ in range(40):
        now += timedelta(seconds=30)
        events += ledger.settle(now).changes
    data = ledger.settle(now)
    raised = {f"{one.problem.kind} {one.problem.name}" for one in events if one.kind is ChangeKind.RAISED}
    assert raised == expected
    assert {f"{one.kind} {one.name}" for one in data.problems} == expected
    assert {one.id for group in data.consequences.values() for one in group} == {
        problem.id for problem in arrivals if f"{problem.kind} {problem.name}" not in expected
    }
    assert all(kind_of(one) for one in arrivals)
