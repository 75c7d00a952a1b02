"""How a cluster is judged where one object is not enough: chains, worst members, and what is over."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes.watch import Timing
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.monitors import Settings
from custom_components.homelab_ai.monitors.kubernetes import KubernetesMonitor
from demo.servers.kubernetes import TOKEN, ApiServer
from demo.servers.kubernetes.objects import (
    application,
    backup,
    helm_release,
    job,
    kinds,
    kustomization,
    longhorn_backup,
    node,
    persistent_volume_claim,
    pod,
    schedule,
    snapshot,
    volume,
)
from demo.servers.kubernetes.objects.parts import ago, condition
from demo.servers.kubernetes.wire import Object

FAST = Timing(stale=0.0, left_out=0.05, first_retry=0.02, last_retry=0.1, doubt=0.0, quiet=0.0)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


@pytest.fixture
async def monitor(server: ApiServer) -> AsyncGenerator[KubernetesMonitor]:
    async with aiohttp.ClientSession() as session:
        settings = Settings("k8s", "Cluster", {"token": TOKEN}, session, Connection(server.url))
        yield KubernetesMonitor(settings, FAST)


async def found(monitor: KubernetesMonitor) -> dict[str, Problem]:
    data = await monitor.fetch()
    return {key.removeprefix("k8s:"): problem for key, problem in data.problems.items()}


def waiting(name: str, *needs: str, **more: Any) -> Object:
    """A Kustomization that waits for others."""
    return kustomization(
        name,
        state="failed",
        reason="DependencyNotReady",
        message=f"dependency 'flux-system/{needs[0]}' is not ready",
        depends_on=needs,
        **{"at": ago(days=3), **more},
    )


# What waits for what


@pytest.mark.parametrize(
    ("others", "words", "chain"),
    [
        ([], "waits for flux-system/db, which does not exist", "flux-system/app → flux-system/db"),
        (
            [kustomization("db", suspended=True)],
            "waits for flux-system/db, which is suspended",
            "flux-system/app → flux-system/db",
        ),
        (
            [waiting("db", "storage"), waiting("storage", "app")],
            "waits for itself",
            "flux-system/app → flux-system/db → flux-system/storage → flux-system/app",
        ),
        (
            [waiting("db", "storage")],
            "waits for flux-system/storage, which does not exist",
            "flux-system/app → flux-system/db → flux-system/storage",
        ),
    ],
    ids=["missing", "suspended", "circular", "missing further down"],
)
async def test_dependency_that_nobody_else_tells_of(
    others: list[Object], words: str, chain: str, monitor: KubernetesMonitor, server: ApiServer
) -> None:
    server.install("flux")
    server.load([waiting("app", "db"), *others])
    problem = (await found(monitor))["flux_not_ready:Kustomization/flux-system/app"]
    assert problem.severity is Severity.WARNING
    assert problem.summary == f"Kustomization flux-system/app {words}"
    assert problem.facts["chain"] == chain


@pytest.mark.parametrize("root", ["failed", "reconciling"])
async def test_dependency_that_is_a_problem_itself(
    root: Any, monitor: KubernetesMonitor, server: ApiServer
) -> None:
    """What waits for it is a consequence; the root is told, also where it only hangs."""
    server.install("flux")
    server.load(
        [waiting("app", "db"), waiting("db", "storage"), kustomization("storage", state=root, at=ago(days=3))]
    )
    problems = await found(monitor)
    severities = {key.rpartition("/")[2]: one.severity for key, one in problems.items()}
    assert severities == {"app": Severity.INFO, "db": Severity.INFO, "storage": Severity.WARNING}
    assert problems["flux_not_ready:Kustomization/flux-system/app"].facts["root"] == "flux-system/storage"


async def test_dependency_that_came_with_the_same_commit(
    monitor: KubernetesMonitor, server: ApiServer
) -> None:
    server.install("flux")
    server.apply(waiting("app", "db", at=ago(minutes=9)))
    [problem] = (await found(monitor)).values()
    assert problem.severity is Severity.INFO


# What only tries again


async def test_failing_object_that_tries_again(monitor: KubernetesMonitor, server: ApiServer) -> None:
    """For the whole of a reconcile it is Unknown: the same problem, in the same words, until it is ready."""
    for system in ("flux", "cert-manager"):
        server.install(system)  # type: ignore[arg-type]
    source = {"kind": "GitRepository", "name": "apps"}
    server.load(
        [
            kustomization("apps", state="failed", message="no such file"),
            kinds.with_ready(**source, state="failed"),
        ]
    )
    before = await found(monitor)
    assert len(before) == 2
    server.load([kustomization("apps", state="reconciling"), kinds.with_ready(**source, state="waiting")])
    again = await found(monitor)
    assert {key: one.summary for key, one in again.items()} == {
        key: one.summary for key, one in before.items()
    }
    server.load([kustomization("apps"), kinds.with_ready(**source)])
    assert await found(monitor) == {}
    # One that has never failed may be at it.
    server.load([kustomization("apps", state="reconciling"), kinds.with_ready(**source, state="waiting")])
    assert await found(monitor) == {}


async def test_retry_that_was_under_way_at_the_start(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("flux")
    value = kustomization("apps", state="reconciling")
    value["status"]["conditions"][0]["reason"] = "ProgressingWithRetry"
    server.apply(value)
    assert set(await found(monitor)) == {"flux_not_ready:Kustomization/flux-system/apps"}


# The reason that explains


async def test_the_condition_that_explains(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("argocd")
    told = [
        ("OrphanedResourceWarning", "Application has 3 orphaned resources"),
        ("ComparisonError", "rpc error: repository not found"),
    ]
    server.apply(application("shop", sync="Unknown", conditions=told))
    [problem] = (await found(monitor)).values()
    assert problem.summary.endswith("cannot be compared with Git: rpc error: repository not found")
    server.apply(application("shop", conditions=told[:1]))
    assert await found(monitor) == {}
    server.apply(application("shop", conditions=[told[0], ("DeletionError", "finalizer failed")]))
    assert set(await found(monitor)) == {"argocd_condition:argocd/shop"}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"health": "Missing", "minutes": 11}, "argocd_missing"),
        ({"health": "Missing", "minutes": 9}, ""),
        ({"health": "Unknown", "minutes": 31}, "argocd_hanging"),
        ({"health": "Suspended"}, "argocd_suspended"),
        ({"phase": "Running", "minutes": 31}, "argocd_hanging"),
        ({"phase": "Running", "minutes": 29}, ""),
    ],
)
async def test_application_that_gets_nowhere(
    given: dict[str, Any], kind: str, monitor: KubernetesMonitor, server: ApiServer
) -> None:
    server.install("argocd")
    status = {key: value for key, value in given.items() if key != "minutes"}
    at = {"at": ago(minutes=given["minutes"])} if "minutes" in given else {}
    server.apply(application("shop", **status, **at))
    assert [one.kind for one in (await found(monitor)).values()] == ([kind] if kind else [])


async def test_health_whose_age_nobody_says(monitor: KubernetesMonitor, server: ApiServer) -> None:
    """Older versions of Argo CD do not: then it is as old as we have seen it, and no older."""
    server.install("argocd")
    value = application("shop", health="Progressing", at=ago(days=3))
    del value["status"]["health"]["lastTransitionTime"]
    value["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    server.apply(value)
    assert await found(monitor) == {}


# The worst member, and what is over


async def test_claim_that_is_not_backed_up(monitor: KubernetesMonitor, server: ApiServer) -> None:
    """Another claim of its namespace hides it no more, and one that is gone is not missed."""
    server.install("k8up")
    server.load(
        [
            schedule(namespace="ai"),
            backup("b1", namespace="ai", at=ago(hours=3)),
            snapshot("a" * 64, namespace="ai", path="/data/photos", date=ago(days=21)),
            snapshot("b" * 64, namespace="ai", path="/data/notes", date=ago(hours=3)),
        ]
    )
    [problem] = (await found(monitor)).values()
    assert (problem.kind, problem.name, problem.severity) == (
        "backup_overdue",
        "ai/photos",
        Severity.CRITICAL,
    )
    server.apply(persistent_volume_claim("notes", namespace="ai", volume="pvc-2"))
    assert await found(monitor) == {}
    server.apply(persistent_volume_claim("photos", namespace="ai", volume="pvc-1"))
    assert [one.name for one in (await found(monitor)).values()] == ["ai/photos"]


async def test_check_that_has_succeeded_since(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("k8up")
    server.apply(
        job("Check", "c1", namespace="ai", state="failed", at=ago(days=8), message="pack is damaged")
    )
    [problem] = (await found(monitor)).values()
    assert (problem.kind, problem.name) == ("backup_job_failed", "ai/schedule")
    server.apply(job("Check", "c2", namespace="ai", at=ago(days=1)))
    server.apply(job("Check", "c3", namespace="ai", state="running", at=ago(minutes=1)))
    assert await found(monitor) == {}


async def test_volume_that_was_never_backed_up(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("longhorn")
    value = volume("pvc-1", claim="photos", claim_namespace="media")
    value["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    server.apply(value)
    [problem] = (await found(monitor)).values()
    assert (problem.kind, problem.severity) == ("backup_none", Severity.INFO)
    # With a job that should back it up it is more than that.
    server.apply(kinds.recurring_job(groups=("other",)))
    assert [one.kind for one in (await found(monitor)).values()] == ["backup_none"]
    server.apply(kinds.recurring_job())
    assert [one.kind for one in (await found(monitor)).values()] == ["backup_overdue"]
    server.apply(volume("pvc-1", claim="photos", claim_namespace="media", last_backup_at=ago(hours=1)))
    assert await found(monitor) == {}


async def test_backup_of_longhorn_that_failed_and_succeeded_since(
    monitor: KubernetesMonitor, server: ApiServer
) -> None:
    server.install("longhorn")
    server.apply(longhorn_backup("b1", volume="pvc-1", state="Error", error="no space", at=ago(hours=9)))
    assert [one.name for one in (await found(monitor)).values()] == ["pvc-1"]
    server.apply(longhorn_backup("b2", volume="pvc-1", at=ago(hours=1)))
    assert await found(monitor) == {}


async def test_job_of_a_cron_job_that_has_succeeded_since(
    monitor: KubernetesMonitor, server: ApiServer
) -> None:
    server.apply(kinds.batch_job("nightly-1", cron_job="nightly", state="failed", at=ago(days=2)))
    assert [one.name for one in (await found(monitor)).values()] == ["web/nightly"]
    server.apply(kinds.batch_job("nightly-2", cron_job="nightly", at=ago(days=1)))
    assert await found(monitor) == {}


@pytest.mark.parametrize("reason", ["Terminated", "NodeShutdown", "Evicted"])
async def test_pod_that_is_over(reason: str, monitor: KubernetesMonitor, server: ApiServer) -> None:
    """What something has replaced stays as an object, restarts and all, and counts no more."""
    owner = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": "web-7d9f8b6c5d", "uid": "u1"},
    }
    value = pod("web-1", namespace="ai", state="failed", restarts=7, created=ago(days=12), owner=owner)
    value["status"] |= {
        "reason": reason,
        "message": "Pod was terminated in response to imminent node shutdown.",
    }
    server.apply(value)
    assert await found(monitor) == {}
    # One that nothing replaces is missing.
    alone = pod("alone", namespace="ai", state="failed", created=ago(days=12))
    server.apply(alone)
    assert set(await found(monitor)) == {"pod_failed:ai/alone"}


async def test_container_that_restarts_now(monitor: KubernetesMonitor, server: ApiServer) -> None:
    """Another one with more restarts, all of them long over, hides it no more."""
    value = pod("web-1", namespace="ai", restarts=90)
    old = value["status"]["containerStatuses"][0]
    old["lastState"]["terminated"]["finishedAt"] = "2026-01-01T00:00:00Z"
    value["status"]["containerStatuses"].append(
        {
            **old,
            "name": "sidecar",
            "ready": False,
            "restartCount": 7,
            "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}},
        }
    )
    server.apply(value)
    [problem] = (await found(monitor)).values()
    assert problem.summary == "pod ai/web-1 has restarted 7 times: CrashLoopBackOff"
    assert problem.facts["container"] == "sidecar"


async def test_node_that_is_short_of_something(monitor: KubernetesMonitor, server: ApiServer) -> None:
    value = node("n1")
    value["status"]["conditions"][:2] = [
        condition(
            "MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory"
        ),
        condition("DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure"),
    ]
    server.apply(value)
    assert set(await found(monitor)) == {"node_pressure:n1/memory", "node_pressure:n1/disk"}
    cordoned = node("n1", schedulable=False)
    cordoned["spec"]["taints"] = [
        {
            "key": "node.kubernetes.io/unschedulable",
            "effect": "NoSchedule",
            "timeAdded": (ago(days=2)).isoformat(),
        }
    ]
    server.apply(cordoned)
    [problem] = (await found(monitor)).values()
    assert (problem.kind, problem.severity) == ("node_cordoned", Severity.INFO)


async def test_claim_that_waits_for_its_consumer(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.apply(kinds.claim("data", state="waiting", asked=False, at=ago(days=3)))
    [problem] = (await found(monitor)).values()
    assert (problem.kind, problem.severity) == ("claim_pending", Severity.INFO)


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ("*/5 * * * *", timedelta(minutes=21)),
        ("0 3 * * *", timedelta(hours=24, minutes=16)),
        ("0 3 * * 1-5", timedelta(hours=72, minutes=16)),
        ("0 8-17 * * 1-5", timedelta(hours=63, minutes=16)),
        ("@every 6h", timedelta(hours=6, minutes=16)),
        ("@daily", timedelta(hours=24, minutes=16)),
        ("TZ=Europe/Berlin 0 3 * * ?", timedelta(hours=24, minutes=16)),
    ],
)
async def test_schedule_of_a_cron_job(
    text: str, late: timedelta, monitor: KubernetesMonitor, server: ApiServer
) -> None:
    """Its longest pause counts, whatever the time zone of its controller."""
    now = datetime.now().astimezone()
    server.apply(kinds.batch_cron_job("in-time", schedule=text, last=now - late + timedelta(minutes=2)))
    server.apply(kinds.batch_cron_job("late", schedule=text, last=now - late - timedelta(minutes=2)))
    server.apply(kinds.batch_cron_job("off", schedule=text, last=ago(days=90), suspend=True))
    server.apply(kinds.batch_cron_job("odd", schedule="whenever", last=ago(days=90)))
    assert set(await found(monitor)) == {
        "cronjob_missed:CronJob/web/late",
        "cronjob_suspended:CronJob/web/off",
    }


async def test_release_that_hangs_for_days(monitor: KubernetesMonitor, server: ApiServer) -> None:
    server.install("flux")
    server.apply(helm_release("app", namespace="ai", state="reconciling", at=ago(days=3)))
    [problem] = (await found(monitor)).values()
    assert problem.severity is Severity.WARNING
    data = await monitor.fetch()
    assert data.gitops_problem is True
    assert data.flux is not None
    assert data.flux.not_ready == 1
