"""The monitor of a cluster, against the simulated API server of a homelab."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Self

import aiohttp
import pytest

from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiConnectionError,
    ApiError,
    ApiForbiddenError,
    ApiForeignError,
)
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes.objects import K8upSchedule
from custom_components.homelab_ai.api.kubernetes.watch import Timing
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.monitors import MONITORS, Settings
from custom_components.homelab_ai.monitors.kubernetes import (
    KubernetesData,
    KubernetesMonitor,
    cluster as module,
    view,
)
from custom_components.homelab_ai.monitors.kubernetes.backups import K8up
from demo.servers.kubernetes import TOKEN, ApiServer, HomelabCluster, homelab_cluster, rule
from demo.servers.kubernetes.objects import (
    K8SGPT_NAMESPACE,
    application,
    backup,
    helm_release,
    kustomization,
    many_results,
    node,
    pod,
    result,
    schedule,
    snapshot,
    volume,
)
from demo.servers.kubernetes.objects.kinds import recurring_job
from demo.servers.kubernetes.objects.parts import ago
from tests.demo.talk import until

RESULTS = "results.core.k8sgpt.ai"
FAST = Timing(stale=0.0, left_out=0.05, first_retry=0.02, last_retry=0.1, doubt=0.0)
ALL_SENSORS = {
    "k8sgpt_findings",
    *(
        f"k8sgpt_findings_{kind}"
        for kind in (
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
            "other",
        )
    ),
    "flux_not_ready",
    "flux_suspended",
    "argocd_out_of_sync",
    "argocd_degraded",
    "last_backup",
    "failed_backups",
    "degraded_volumes",
    "restarting_pods",
    "nodes_not_ready",
}
EVERYWHERE = {
    "nodes",
    "pods",
    "persistentvolumeclaims",
    "deployments.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "jobs.batch",
    "cronjobs.batch",
    "services",
    "persistentvolumes",
    "ingresses.networking.k8s.io",
    "namespaces",
}
QUIET = {"cronjobs.batch", "namespaces", "services", "persistentvolumes", "ingresses.networking.k8s.io"}
"""What is only listed."""
ALL_BINARY_SENSORS = {"k8sgpt_problem", "gitops_problem", "backup_problem", "storage_problem"}


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


@pytest.fixture
def cluster(server: ApiServer) -> HomelabCluster:
    return homelab_cluster(server)


def make(
    session: aiohttp.ClientSession, server: ApiServer, timing: Timing | None = FAST, **data: Any
) -> KubernetesMonitor:
    settings = Settings("k8s", "Cluster", {"token": TOKEN, **data}, session, Connection(server.url))
    return KubernetesMonitor(settings, timing)


@pytest.fixture
def monitor(session: aiohttp.ClientSession, server: ApiServer) -> KubernetesMonitor:
    return make(session, server)


def sensors(monitor: KubernetesMonitor, data: KubernetesData) -> dict[str, Any]:
    """What the sensors show that such a cluster has."""
    both: tuple[Any, ...] = (*monitor.sensors(), *monitor.binary_sensors())
    return {one.key: one.value_fn(data) for one in both if one.exists_fn(data)}


def kinds(problems: Mapping[str, Problem]) -> dict[str, list[str]]:
    """The names of what is wrong, by kind."""
    found: dict[str, list[str]] = {}
    for problem in problems.values():
        found.setdefault(problem.kind, []).append(problem.name)
    return {kind: sorted(names) for kind, names in found.items()}


async def problems_of(monitor: KubernetesMonitor) -> dict[str, Problem]:
    """What is wrong now, by the part of the id that tells it from others of the source."""
    problems = monitor.problems(await monitor.fetch())
    assert all(problem.id == key and problem.source == "k8s" for key, problem in problems.items())
    return {key.removeprefix("k8s:"): problem for key, problem in problems.items()}


@dataclass
class Followed:
    """A monitor whose stream hurries its polls, as a coordinator does it."""

    monitor: KubernetesMonitor
    data: KubernetesData
    error: Exception | None = None
    polls: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll(self) -> None:
        self.polls += 1
        try:
            self.data = await self.monitor.fetch()
            self.error = None
        except ApiError as err:
            self.error = err

    async def run(self) -> None:
        while True:
            await self.changed.wait()
            self.changed.clear()
            await self.poll()


@asynccontextmanager
async def following(monitor: KubernetesMonitor, server: ApiServer) -> AsyncGenerator[Followed]:
    followed = Followed(monitor, await monitor.fetch())
    tasks = [
        asyncio.create_task(monitor.follow(followed.changed.set)),
        asyncio.create_task(followed.run()),
    ]
    try:
        await until(lambda: all(one._watching for one in monitor.followed if one.known))
        yield followed
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


# What a cluster shows


def test_is_registered() -> None:
    assert MONITORS["kubernetes"] is KubernetesMonitor
    assert KubernetesMonitor.follows
    assert not KubernetesMonitor.needs_hub


async def test_healthy_homelab(monitor: KubernetesMonitor, cluster: HomelabCluster) -> None:
    data = await monitor.fetch()
    assert monitor.version(data) == "v1.33.4+k3s1"
    assert monitor.problems(data) == {}
    assert data.forbidden == {}
    shown = sensors(monitor, data)
    assert set(shown) == ALL_SENSORS | ALL_BINARY_SENSORS
    last = shown.pop("last_backup")
    assert timedelta(hours=5) < datetime.now(UTC) - last < timedelta(hours=7)
    assert {key for key, value in shown.items() if value} == set()
    assert all(one.available_fn(data) for one in monitor.sensors())
    disabled = {one.key for one in monitor.sensors() if not one.entity_registry_enabled_default}
    assert disabled == {key for key in ALL_SENSORS if key.startswith("k8sgpt_findings_")}


async def test_bare_cluster_has_what_every_cluster_has(monitor: KubernetesMonitor, server: ApiServer) -> None:
    data = await monitor.fetch()
    assert sensors(monitor, data) == {"restarting_pods": 0, "nodes_not_ready": 0}
    assert {one.resource for one in server.requests if one.resource} == EVERYWHERE
    assert not any(one.value_fn(data) for one in monitor.sensors())
    assert not [one.key for one in monitor.sensors() if one.available_fn(data) != one.exists_fn(data)]


async def test_all_that_goes_wrong(monitor: KubernetesMonitor, cluster: HomelabCluster) -> None:
    cluster.break_pod_image()
    cluster.fail_backup()
    cluster.suspend_flux()
    cluster.degrade_volume()
    cluster.out_of_sync()
    cluster.lose_node()
    data = await monitor.fetch()
    assert kinds(monitor.problems(data)) == {
        "k8sgpt_finding": ["ai/open-webui", "ai/open-webui-7d9f8b6c5d-x2x4q", "pve-worker-2"],
        "backup_failed": ["documents/schedule"],
        "flux_not_ready": ["ai/open-webui"],
        "flux_suspended": ["flux-system/apps"],
        "volume_degraded": ["documents/paperless-ngx-data"],
        "argocd_out_of_sync": ["argocd/jellyfin"],
        "node_not_ready": ["pve-worker-2"],
    }
    shown = sensors(monitor, data)
    del shown["last_backup"]
    assert {key: value for key, value in shown.items() if value} == {
        "k8sgpt_findings": 3,
        "k8sgpt_findings_pod": 1,
        "k8sgpt_findings_deployment": 1,
        "k8sgpt_findings_node": 1,
        "flux_not_ready": 1,
        "flux_suspended": 1,
        "argocd_out_of_sync": 1,
        "failed_backups": 1,
        "degraded_volumes": 1,
        "nodes_not_ready": 1,
        "k8sgpt_problem": True,
        "gitops_problem": True,
        "backup_problem": True,
        "storage_problem": True,
    }
    cluster.mend()
    assert monitor.problems(await monitor.fetch()) == {}


async def test_no_secret_is_told(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    cluster.break_pod_image()
    cluster.fail_backup()
    cluster.out_of_sync()
    server.apply(result("Ingress", "web/shop", ["unmasked-host is missing"], sensitive=["unmasked-host"]))
    assert "unmasked" not in repr(await monitor.fetch())


# k8sgpt


async def test_finding(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8sgpt")
    created = datetime(2026, 11, 1, tzinfo=UTC)
    text = 'Back-off pulling image "x:1"'
    server.apply(result("Pod", "ai/webui-1", [text], details="Correct\nthe tag.", created=created))
    [(key, problem)] = (await problems_of(monitor)).items()
    assert key.startswith("k8sgpt_finding:Pod/ai/webui-1/")
    assert problem.summary == f"Pod ai/webui-1: {text}"
    assert problem.details == {"kind": "Pod", "error": text, "explanation": "Correct the tag."}
    assert (problem.severity, problem.since) == (Severity.WARNING, created)
    assert not problem.needs_hub
    # The model words it anew: the same problem.
    server.apply(result("Pod", "ai/webui-1", [text], lifecycle="historical"))
    [(again, problem)] = (await problems_of(monitor)).items()
    assert again == key
    assert "explanation" not in problem.details


@pytest.mark.parametrize(
    ("kind", "name", "said", "summary"),
    [
        ("Deployment", "ai/web", "Deployment ai/web has 1 replicas", "Deployment ai/web has 1 replicas"),
        ("Deployment", "ai/web", "deployment/ai/web is stuck", "Deployment ai/web is stuck"),
        ("Job", "ai/nightly", "Job nightly has failed", "Job ai/nightly has failed"),
        ("Node", "pve-1", "pve-1 has condition of type Ready", "Node pve-1 has condition of type Ready"),
        ("Pod", "ai/web", "web: container is down", "Pod ai/web: container is down"),
        ("Pod", "ai/web", "ai/web", "Pod ai/web"),
        ("Service", "ai/web", "Service has no endpoints", "Service ai/web has no endpoints"),
        (
            "StatefulSet",
            "ai/db",
            "StatefulSet uses the service ai/x",
            "StatefulSet ai/db uses the service ai/x",
        ),
        # What merely looks like it.
        (
            "Deployment",
            "ai/web",
            "Deployment ai/web-2 is down",
            "Deployment ai/web: Deployment ai/web-2 is down",
        ),
        ("Service", "ai/web", "Service account is missing", "Service ai/web: Service account is missing"),
        ("Pod", "ai/web", "webhook failed", "Pod ai/web: webhook failed"),
        ("Pod", "ai/web", "", "Pod ai/web"),
        ("", "", "broken", "broken"),
    ],
)
async def test_finding_says_its_name_once(  # noqa: PLR0917 - what a test needs and what it is given
    kind: str, name: str, said: str, summary: str, monitor: KubernetesMonitor, server: ApiServer
) -> None:
    """Some of k8sgpt's analyzers begin their texts with kind or name, others do not."""
    server.install("k8sgpt")
    found = result(kind, name, [said])
    found["metadata"]["name"] = "anything"
    server.apply(found)
    [problem] = (await problems_of(monitor)).values()
    assert problem.summary == summary
    assert problem.details["error"] == said


async def test_what_k8sgpt_itself_needs_the_hub_for(monitor: KubernetesMonitor, server: ApiServer) -> None:
    """Its own workload is of no use without the hub; whatever else is called so does not care."""
    for system in ("k8sgpt", "flux", "argocd"):
        server.install(system)
    own, namespace = f"{K8SGPT_NAMESPACE}/k8sgpt-7d9f8b6c5d-x2x4q", K8SGPT_NAMESPACE
    server.load(
        [
            result("Pod", own, ["Back-off restarting failed container"]),
            result("Deployment", f"{namespace}/k8sgpt", ["has 1 replicas but 0 are available"]),
            result("ConfigMap", f"{namespace}/k8sgpt-config", ["is not used"]),
            result("Pod", f"{namespace}/redis-0", ["Back-off restarting failed container"]),
            result("Pod", "ai/notk8sgpt", ["Back-off restarting failed container"]),
            pod("release-k8sgpt-operator-6c", namespace=namespace, state="crash_loop", restarts=60),
            pod("redis-0", namespace=namespace, state="crash_loop", restarts=60),
            kustomization("k8sgpt", state="failed"),
            kustomization("k8sgpt-config", suspended=True),
            helm_release("redis", namespace=namespace, state="failed"),
            application("k8sgpt", sync="OutOfSync", health="Degraded", phase="Failed"),
            application("redis", health="Degraded"),
        ]
    )
    found = await problems_of(monitor)
    assert len(found) == 14
    assert {(one.kind, one.name) for one in found.values() if one.needs_hub} == {
        ("k8sgpt_finding", own),
        ("k8sgpt_finding", f"{namespace}/k8sgpt"),
        ("pod_restarting", f"{namespace}/release-k8sgpt-operator-6c"),
        ("flux_not_ready", "flux-system/k8sgpt"),
        ("argocd_degraded", "argocd/k8sgpt"),
    }


@pytest.mark.parametrize(
    ("kind", "severity", "counted"),
    [
        ("Node", Severity.CRITICAL, "node"),
        ("PersistentVolumeClaim", Severity.CRITICAL, "persistentvolumeclaim"),
        ("StatefulSet", Severity.WARNING, "statefulset"),
        ("CronJob", Severity.WARNING, "cronjob"),
        ("ConfigMap", Severity.INFO, "other"),
        ("VulnerabilityReport", Severity.INFO, "other"),
        ("ConfigAuditReport", Severity.INFO, "other"),
        ("Storage", Severity.INFO, "other"),
        ("SomethingNew", Severity.WARNING, "other"),
    ],
)
async def test_severity_of_a_finding(
    kind: str, severity: Severity, counted: str, monitor: KubernetesMonitor, server: ApiServer
) -> None:
    server.install("k8sgpt")
    server.apply(result(kind, "a/b", ["wrong"]))
    data = await monitor.fetch()
    assert [one.severity for one in data.problems.values()] == [severity]
    shown = sensors(monitor, data)
    assert (shown["k8sgpt_findings"], shown[f"k8sgpt_findings_{counted}"]) == (1, 1)
    assert shown["k8sgpt_problem"] is (severity is not Severity.INFO)


async def test_names_longer_than_an_id(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8sgpt")
    for end in "ab":
        server.apply(result("Pod", f"{'n' * 63}/{'p' * 200}{end}", ["wrong"]))
    assert len(await problems_of(monitor)) == 2


async def test_clock_of_the_cluster_is_ahead(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8sgpt")
    server.clock_skew = 600
    server.apply(result("Pod", "a/b", ["wrong"]))
    server.apply(node("n1", state="gone", at=datetime.now(UTC) + timedelta(minutes=10)))
    assert [one.since for one in (await problems_of(monitor)).values()] == [None, None]


# GitOps


@pytest.mark.parametrize("reason", ["HealthCheckFailed", "DependencyNotReady"])
async def test_flux_not_ready(reason: str, monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("flux")
    at = datetime(2026, 11, 1, tzinfo=UTC)
    server.apply(kustomization("apps", state="failed", reason=reason, message="timeout", at=at))
    [(key, problem)] = (await problems_of(monitor)).items()
    assert key == "flux_not_ready:Kustomization/flux-system/apps"
    assert problem.summary == "Kustomization flux-system/apps is not ready: timeout"
    assert problem.since == at
    assert problem.details == {"kind": "Kustomization", "message": "timeout", "reason": reason}
    # What waits for another is only a consequence.
    assert problem.severity is (Severity.INFO if reason == "DependencyNotReady" else Severity.WARNING)


async def test_flux_that_is_at_it_is_well(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("flux")
    server.apply(kustomization("apps", state="reconciling"))
    server.apply(helm_release("new", namespace="a", state="new"))
    assert await problems_of(monitor) == {}


async def test_suspended_is_told_before_not_ready(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("flux")
    server.apply(kustomization("apps", state="failed", suspended=True))
    server.apply(helm_release("stuck", namespace="a", state="stalled", message="no chart"))
    found = await problems_of(monitor)
    assert {key: one.severity for key, one in found.items()} == {
        "flux_suspended:Kustomization/flux-system/apps": Severity.INFO,
        "flux_not_ready:HelmRelease/a/stuck": Severity.WARNING,
    }
    assert found["flux_not_ready:HelmRelease/a/stuck"].summary == "HelmRelease a/stuck is stalled: no chart"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {}),
        ({"sync": None, "health": None, "phase": None}, {}),
        ({"health": "Progressing"}, {}),
        ({"sync": "OutOfSync"}, {"argocd_out_of_sync": Severity.WARNING}),
        ({"sync": "OutOfSync", "phase": "Running"}, {"argocd_out_of_sync": Severity.INFO}),
        ({"sync": "Unknown"}, {"argocd_sync_unknown": Severity.WARNING}),
        ({"health": "Degraded"}, {"argocd_degraded": Severity.WARNING}),
        ({"phase": "Failed"}, {"argocd_operation_failed": Severity.WARNING}),
        (
            {"sync": "OutOfSync", "health": "Degraded", "phase": "Error"},
            dict.fromkeys(
                ("argocd_out_of_sync", "argocd_degraded", "argocd_operation_failed"), Severity.WARNING
            ),
        ),
    ],
)
async def test_application(
    given: dict[str, Any], expected: dict[str, Severity], monitor: KubernetesMonitor, server: ApiServer
) -> None:
    server.install("argocd")
    server.apply(application("shop", **given))
    found = await problems_of(monitor)
    assert {one.kind: one.severity for one in found.values()} == expected
    assert set(found) == {f"{kind}:argocd/shop" for kind in expected}
    assert all(
        one.summary.endswith(one.details["message"])
        for one in found.values()
        if one.kind != "argocd_out_of_sync"
    )
    data = await monitor.fetch()
    assert sensors(monitor, data)["gitops_problem"] is (Severity.WARNING in expected.values())


async def test_argo_rollouts_bring_no_applications(monitor: KubernetesMonitor, server: ApiServer) -> None:
    """The group is there, the resource is not: other projects of Argo have the same group."""
    server.install("argocd")
    resource = next(one for one in server.store.collections if one.plural == "applications")
    del server.store.collections[resource]
    shown = sensors(monitor, await monitor.fetch())
    assert not any(key.startswith(("argocd", "gitops")) for key in shown)


# Backups


async def test_overdue(session: aiohttp.ClientSession, server: ApiServer, cluster: HomelabCluster) -> None:
    assert await problems_of(make(session, server, rpo_hours=7)) == {}
    found = await problems_of(make(session, server, rpo_hours=5))
    assert set(found) == {f"backup_overdue:{name}" for name in ("ai", "documents", "media", "git", "vault")}
    problem = found["backup_overdue:ai"]
    assert problem.severity is Severity.CRITICAL
    assert problem.summary == "ai has no good backup from the last 5 hours"
    assert problem.since is not None
    assert timedelta(minutes=59) < datetime.now(UTC) - problem.since < timedelta(minutes=62)
    found = await problems_of(make(session, server, rpo_hours=1))
    assert found["backup_overdue:ai"].summary == "ai has no good backup from the last hour"


async def test_never_backed_up(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8up")
    server.apply(schedule(namespace="new"))
    assert await problems_of(monitor) == {}
    old = schedule("old", namespace="old")
    old["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    server.apply(old)
    assert set(await problems_of(monitor)) == {"backup_overdue:old"}
    assert sensors(monitor, await monitor.fetch())["last_backup"] is None


def test_schedule_of_unknown_age_without_a_backup() -> None:
    found = K8up([K8upSchedule("ai", "schedule", backs_up=True, created=None)], [], [])
    assert list(found.overdue(datetime.now(UTC), timedelta(hours=1))) == [("ai", None)]


async def test_schedule_that_only_checks(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8up")
    value = schedule(namespace="ai")
    value["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    del value["spec"]["backup"]
    server.apply(value)
    assert await problems_of(monitor) == {}


async def test_snapshots_alone(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8up")
    server.apply(snapshot("a" * 64, namespace="ai", path="/data", date=ago(days=3)))
    server.apply(snapshot("b" * 64, namespace="git", path="/data", date=ago(hours=3)))
    assert set(await problems_of(monitor)) == {"backup_overdue:ai"}
    # One that lies far ahead is somebody's wrong clock, and hides nothing.
    server.apply(snapshot("c" * 64, namespace="ai", path="/data", date=ago(days=-300)))
    assert set(await problems_of(monitor)) == {"backup_overdue:ai"}
    server.apply(snapshot("d" * 64, namespace="ai", path="/data", date=ago(minutes=-2)))
    assert await problems_of(monitor) == {}


async def test_jobs_count_where_there_are_no_snapshots(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8up")
    old = schedule(namespace="ai")
    old["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    server.load([old, backup("b1", namespace="ai", at=ago(hours=2))])
    assert await problems_of(monitor) == {}


async def test_nothing_is_overdue_that_nobody_may_see(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8up")
    old = schedule(namespace="ai")
    old["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    server.apply(old)
    server.deny("snapshots.k8up.io")
    server.deny("backups.k8up.io")
    data = await monitor.fetch()
    assert data.problems == {}
    assert set(data.forbidden) == {"snapshots.k8up.io", "backups.k8up.io"}
    assert "failed_backups" not in sensors(monitor, data)


async def test_last_job_of_a_schedule_counts(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8up")
    server.load(
        [
            backup("b1", namespace="ai", state="failed", at=ago(hours=9)),
            backup("b2", namespace="ai", at=ago(hours=6)),
            backup("b3", namespace="git", at=ago(hours=6)),
            backup("b4", namespace="git", state="failed", message="no space", at=ago(hours=1)),
            backup("b5", namespace="git", state="running", at=ago(minutes=1)),
            backup("b6", namespace="vault", state="pre_backup_failed", at=ago(hours=1)),
        ]
    )
    found = await problems_of(monitor)
    assert set(found) == {"backup_failed:git/schedule", "backup_failed:vault/schedule"}
    problem = found["backup_failed:git/schedule"]
    assert problem.summary == "the last backup of git/schedule failed: no space"
    assert problem.details == {"backup": "git/b4", "message": "no space"}
    assert sensors(monitor, await monitor.fetch())["failed_backups"] == 2


async def test_backup_by_hand(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8up")
    server.apply(backup("hand", namespace="ai", schedule=None, state="failed", at=ago(hours=3)))
    [problem] = (await problems_of(monitor)).values()
    assert (problem.kind, problem.name) == ("backup_failed", "ai/hand")
    server.apply(backup("later", namespace="ai", at=ago(hours=2)))
    assert await problems_of(monitor) == {}


async def test_longhorn_answers_where_there_is_no_k8up(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("longhorn")
    server.load(
        [
            volume("v1", claim="data", claim_namespace="ai", last_backup_at=ago(days=3)),
            volume("v2", claim="data", claim_namespace="git", last_backup_at=ago(hours=3)),
            volume("v3", state="detached", last_backup_at=ago(days=90)),
            volume("v4"),
        ]
    )
    data = await monitor.fetch()
    assert [one.name for one in data.problems.values()] == ["ai/data"]
    shown = sensors(monitor, data)
    assert "failed_backups" not in shown
    assert shown["backup_problem"]
    # K8up answers for the namespaces that it backs up, and for no other.
    server.install("k8up")
    server.load(
        [schedule(namespace="git"), snapshot("a" * 64, namespace="git", path="/data", date=ago(hours=3))]
    )
    both = make(monitor.settings.session, server)
    assert set(await problems_of(both)) == {"backup_overdue:ai/data"}
    server.load(
        [schedule(namespace="ai"), snapshot("b" * 64, namespace="ai", path="/data", date=ago(hours=3))]
    )
    assert await problems_of(both) == {}
    # What a job of Longhorn is for is missed all the same.
    server.apply(recurring_job())
    both = make(monitor.settings.session, server)
    assert set(await problems_of(both)) == {"backup_overdue:ai/data"}


async def test_time_alone_makes_a_backup_overdue(
    session: aiohttp.ClientSession, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + timedelta(minutes=50)

    server.install("k8up")
    monitor = make(session, server, rpo_hours=1)
    server.apply(snapshot("a" * 64, namespace="ai", path="/data", date=ago(minutes=30)))
    assert await problems_of(monitor) == {}
    monkeypatch.setattr(module, "datetime", Later)
    monkeypatch.setattr(view, "JUDGED_ANEW", 0.001)
    assert set(await problems_of(monitor)) == {"backup_overdue:ai"}


# Storage, nodes, pods


async def test_volumes(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("longhorn")
    server.load(
        [
            volume("v1", claim="data", claim_namespace="ai", robustness="degraded"),
            volume("v2", state="detached", robustness="faulted"),
            volume("v3", state="detached"),
            volume("v4"),
        ]
    )
    found = await problems_of(monitor)
    assert {key: (one.name, one.severity) for key, one in found.items()} == {
        "volume_degraded:v1": ("ai/data", Severity.WARNING),
        "volume_faulted:v2": ("v2", Severity.CRITICAL),
    }
    assert sensors(monitor, await monitor.fetch())["degraded_volumes"] == 2


async def test_nodes(monitor: KubernetesMonitor, server: ApiServer) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    server.load(
        [node("n1", schedulable=False), node("n2", state="not_ready", at=at), node("n3", state="gone")]
    )
    found = await problems_of(monitor)
    assert set(found) == {"node_not_ready:n2", "node_not_ready:n3"}
    problem = found["node_not_ready:n2"]
    assert (problem.severity, problem.since) == (Severity.CRITICAL, at)
    assert problem.summary == "node n2 is not ready: container runtime is down"
    assert problem.details == {"message": "container runtime is down"}


async def test_pods(session: aiohttp.ClientSession, server: ApiServer) -> None:
    long_ago = pod("old", namespace="ai", restarts=9)
    last = long_ago["status"]["containerStatuses"][0]["lastState"]["terminated"]
    last["finishedAt"] = "2026-01-01T00:00:00Z"
    server.load(
        [
            pod("few", namespace="ai", restarts=5),
            pod("many", namespace="ai", restarts=6, app="web"),
            pod("loop", namespace="ai", state="crash_loop", restarts=60),
            long_ago,
        ]
    )
    found = await problems_of(make(session, server))
    assert set(found) == {"pod_restarting:ai/many", "pod_restarting:ai/loop"}
    problem = found["pod_restarting:ai/loop"]
    assert problem.summary == "pod ai/loop has restarted 60 times: CrashLoopBackOff"
    assert problem.details == {"container": "app", "restarts": "60", "reason": "CrashLoopBackOff"}
    assert set(await problems_of(make(session, server, max_restarts=59))) == {"pod_restarting:ai/loop"}
    assert len(await problems_of(make(session, server, max_restarts=4))) == 3


# A look before it is saved


async def test_large_and_slow_cluster_is_checked_quickly(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    """To list 10,000 Results takes a slow server longer than a person waits; that is not asked for."""
    server.load(many_results(10_000))
    server.inject("stall", seconds=0.2, times=None)
    before = len(server.requests)
    async with asyncio.timeout(2):
        await monitor.check()
    asked = server.requests[before:]
    assert [one.path for one in asked[:2]] == ["/version", "/apis"]
    assert {one.query.get("limit") for one in asked[2:]} == {"1"}
    assert len(asked) <= 2 + len({one.resource for one in asked[2:]})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2):
            await monitor.fetch()


async def test_check_wants_something_to_see(session: aiohttp.ClientSession) -> None:
    """What is missing or broken is no reason to refuse a cluster; a token without any right is."""
    async with ApiServer(rbac=()) as server:
        with pytest.raises(ApiForbiddenError, match="cannot list resource"):
            await make(session, server).check()
        server.access.rules.append(rule("pods"))
        await make(session, server).check()
        server.inject(status=500, path="/api/v1/pods", times=None)
        with pytest.raises(ApiForbiddenError, match="nodes"):
            await make(session, server).check()
    async with ApiServer() as server:
        server.inject(status=500, path="/api/v1/", times=None)
        await make(session, server).check()
        server.inject(status=401, path="/version")
        with pytest.raises(ApiAuthenticationError):
            await make(session, server).check()


async def test_check_waits_for_nobody_who_hangs(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.inject("stall", path="/api/v1/pods", times=None)
    async with asyncio.timeout(2):
        await monitor.check()


# Rights


async def test_forbidden_is_left_out_and_named(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    cluster.break_pod_image()
    cluster.lose_node()
    for resource in (RESULTS, "nodes", "volumes.longhorn.io"):
        server.deny(resource)
    data = await monitor.fetch()
    assert set(data.forbidden) == {RESULTS, "nodes", "volumes.longhorn.io"}
    assert 'cannot list resource "nodes"' in data.forbidden["nodes"]
    shown = sensors(monitor, data)
    assert "flux_not_ready" in shown
    assert not {"k8sgpt_findings", "k8sgpt_problem", "nodes_not_ready", "storage_problem"} & set(shown)
    assert set(kinds(data.problems)) == {"flux_not_ready"}
    assert not next(one for one in monitor.sensors() if one.key == "k8sgpt_findings").available_fn(data)
    server.allow(RESULTS)
    await asyncio.sleep(0.06)
    assert sensors(monitor, await monitor.fetch())["k8sgpt_findings"] == 3


async def test_discovery_is_forbidden(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    server.inject(status=403, path="/apis")
    data = await monitor.fetch()
    assert set(data.forbidden) == {"/apis"}
    assert set(sensors(monitor, data)) == ALL_SENSORS | ALL_BINARY_SENSORS


@pytest.mark.parametrize("status", [500, 401])
async def test_discovery_fails(
    status: int, monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    server.inject(status=status, path="/apis")
    if status == 401:
        with pytest.raises(ApiAuthenticationError):
            await monitor.fetch()
    else:
        await monitor.fetch()
    data = await monitor.fetch()
    assert data.forbidden == {}
    assert set(sensors(monitor, data)) == ALL_SENSORS | ALL_BINARY_SENSORS
    assert [one.path for one in server.requests].count("/apis") == 2


async def test_one_resource_that_fails_hides_no_other(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    cluster.break_pod_image()
    fault = server.inject(status=500, path="/apis/core.k8sgpt.ai", times=None)
    data = await monitor.fetch()
    assert data.findings is None
    assert data.flux is not None
    server.faults.clear()
    assert len(kinds((await monitor.fetch()).problems)["k8sgpt_finding"]) == 2
    server.faults.add(fault)
    # What was known stays known.
    assert len(kinds((await monitor.fetch()).problems)["k8sgpt_finding"]) == 2


# Not there


async def test_not_there(monitor: KubernetesMonitor, server: ApiServer) -> None:
    await server.stop()
    with pytest.raises(ApiConnectionError):
        await monitor.fetch()
    await server.start()
    assert (await monitor.fetch()).version
    server.revoke_token()
    with pytest.raises(ApiAuthenticationError):
        await monitor.fetch()


async def test_something_else_is_there(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.inject("html_answer")
    with pytest.raises(ApiForeignError):
        await monitor.fetch()


# Followed


async def test_changes_are_there_at_once(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    async with following(monitor, server) as followed:
        requests = len(server.requests)
        cluster.break_pod_image()
        await until(lambda: "k8sgpt_finding" in kinds(followed.data.problems))
        cluster.mend()
        await until(lambda: not followed.data.problems)
        # The watch said all of it: nothing else was asked.
        assert len(server.requests) == requests


async def test_polls_ask_whether_it_is_there(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    async with following(monitor, server):
        requests = len(server.requests)
        await monitor.fetch()
        await monitor.fetch()
        assert [one.path for one in server.requests[requests:]] == ["/version", "/version"]


async def test_token_is_revoked_in_mid_watch(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    async with following(monitor, server) as followed:
        server.revoke_token()
        server.end_watches()
        await until(lambda: isinstance(followed.error, ApiAuthenticationError))
        server.token = TOKEN
        await until(lambda: followed.error is None)
        cluster.lose_node()
        await until(lambda: "node_not_ready" in kinds(followed.data.problems))


async def test_restart_is_noticed_and_over_at_once(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    async with following(monitor, server) as followed:
        polls = followed.polls
        await server.stop()
        await until(lambda: isinstance(followed.error, ApiConnectionError))
        cluster.lose_node()
        await server.start()
        await until(lambda: followed.error is None)
        await until(lambda: "node_not_ready" in kinds(followed.data.problems))
        await until(lambda: server.watchers.total() == sum(one.known for one in monitor.followed))
        assert followed.polls - polls < 60


async def test_connections_are_cut(
    monitor: KubernetesMonitor, server: ApiServer, cluster: HomelabCluster
) -> None:
    async with following(monitor, server) as followed:
        server.drop_watches()
        cluster.break_pod_image()
        cluster.fail_backup()
        await until(lambda: len(followed.data.problems) == 4)
        server.expire_history()
        server.drop_watches()
        cluster.mend()
        await until(lambda: not followed.data.problems)
        assert followed.error is None


async def test_polls_alone_are_enough(
    session: aiohttp.ClientSession, server: ApiServer, cluster: HomelabCluster
) -> None:
    """A proxy that cannot stream: every watch fails."""
    monitor = make(session, server)
    server.inject(status=502, watch=True, times=None)
    task = asyncio.create_task(monitor.follow(lambda: None))
    await monitor.fetch()
    cluster.break_pod_image()
    assert "k8sgpt_finding" in kinds((await monitor.fetch()).problems)
    cluster.mend()
    assert (await monitor.fetch()).problems == {}
    assert not task.done()
    task.cancel()


async def test_follows_only_what_was_found(monitor: KubernetesMonitor, server: ApiServer) -> None:
    task = asyncio.create_task(monitor.follow(lambda: None))
    await asyncio.sleep(0.05)
    assert server.requests == []
    await monitor.fetch()
    await until(lambda: server.watchers.total() == len(EVERYWHERE - QUIET))
    assert set(server.watchers) == EVERYWHERE - QUIET
    task.cancel()


async def test_thousands_of_findings(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8sgpt")
    server.load(many_results(2000, size=50))
    data = await monitor.fetch()
    assert len(data.problems) == 2000
    shown = sensors(monitor, data)
    assert (shown["k8sgpt_findings"], shown["k8sgpt_findings_pod"]) == (2000, 2000)
    # Problems are made once for each change, not once for each poll.
    again = await monitor.fetch()
    assert all(again.problems[key] is problem for key, problem in data.problems.items())
    assert again.findings is data.findings


async def test_thousands_of_applications(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("argocd")
    server.load(
        application(f"app{number}", sync="OutOfSync" if number % 2 else "Synced", resources=20)
        for number in range(2000)
    )
    shown = sensors(monitor, await monitor.fetch())
    assert shown["argocd_out_of_sync"] == 1000
