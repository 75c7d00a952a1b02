"""Failures of a cluster that its objects hardly tell of: each was "All is well" once."""

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from typing import Any

import aiohttp
from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes.watch import Timing
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.monitors import Settings
from custom_components.homelab_ai.monitors.kubernetes import KubernetesMonitor
from custom_components.homelab_ai.monitors.kubernetes.judging import longest_pause
from demo.servers.kubernetes import TOKEN, ApiServer, System
from demo.servers.kubernetes.objects import (
    application,
    helm_release,
    kinds,
    kustomization,
    longhorn_backup,
    namespace,
    persistent_volume_claim,
    pod,
    schedule,
    snapshot,
)
from demo.servers.kubernetes.objects.parts import ago, condition, deleted
from demo.servers.kubernetes.wire import Object

from .reading import sensors

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


def of_operator(name: str, **more: Any) -> Object:
    """A pod that an operator has made and replaces."""
    cluster = {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": {"name": "db", "uid": "u"},
    }
    return pod(name, namespace="db", state="node_gone", owner=cluster, **more)


def resizing(kind: str, **age: float) -> Object:
    told = condition(kind, "True", "", "the driver cannot do that", at=ago(**age))
    return kinds.claim("data", conditions=[told])


def unobserved(value: Object) -> Object:
    """An object whose specification was changed, most likely since its controller looked at it last."""
    return {**value, "metadata": {**value["metadata"], "generation": 7}}


# What is there, since when it is so, and what is told of it: nothing where that is empty.
CASES: tuple[Any, ...] = (
    pytest.param(
        lambda: kinds.workload("Deployment", "web", state="stuck", at=ago(minutes=1)), (), "rollout_stuck"
    ),
    pytest.param(
        lambda: kinds.workload("Deployment", "web", state="failed", at=ago(minutes=1)),
        (),
        "workload_unavailable",
    ),
    pytest.param(lambda: kinds.batch_job("import", state="waiting", at=ago(hours=25)), (), "job_hanging"),
    pytest.param(lambda: kinds.batch_job("import", state="waiting", at=ago(hours=23)), (), ""),
    pytest.param(
        lambda: kinds.batch_job("import", state="waiting", pods=False, at=ago(minutes=16)), (), "job_hanging"
    ),
    pytest.param(lambda: kinds.batch_job("import", state="waiting", pods=False, at=ago(minutes=10)), (), ""),
    pytest.param(
        lambda: kinds.batch_cron_job("nightly", last=ago(hours=1), succeeded=ago(days=20)),
        (),
        "cronjob_unsuccessful",
    ),
    pytest.param(lambda: kinds.batch_cron_job("nightly", last=ago(hours=1), succeeded=ago(hours=25)), (), ""),
    pytest.param(
        lambda: kinds.batch_cron_job("nightly", last=ago(days=9), suspend=True), (), "cronjob_suspended"
    ),
    pytest.param(
        lambda: kinds.batch_cron_job("odd", schedule="@every 6h", last=ago(hours=7)), (), "cronjob_missed"
    ),
    pytest.param(lambda: resizing("NodeResizeError", minutes=1), (), "claim_resize"),
    pytest.param(lambda: resizing("Resizing", minutes=31), (), "claim_resize"),
    pytest.param(lambda: resizing("Resizing", minutes=20), (), ""),
    pytest.param(lambda: of_operator("db-1", created=ago(minutes=16)), (), "pod_unready"),
    pytest.param(lambda: of_operator("db-1", created=ago(minutes=10)), (), ""),
    pytest.param(
        lambda: kinds.velero_schedule(schedule="@every 6h", last=ago(hours=13)), ("velero",), "backup_overdue"
    ),
    pytest.param(
        lambda: kinds.velero_schedule(schedule="CRON_TZ=UTC 0 3 * * *", last=ago(hours=31)),
        ("velero",),
        "backup_overdue",
    ),
    pytest.param(lambda: kinds.velero_schedule(last=ago(hours=1), paused=True), ("velero",), "backup_paused"),
    pytest.param(
        lambda: kinds.velero_schedule(last=ago(days=9), paused=True),
        ("velero",),
        "backup_overdue backup_paused",
    ),
    pytest.param(
        lambda: kinds.replication("ReplicationSource", "data", state="error", at=ago(hours=1)),
        ("volsync",),
        "backup_job_failed",
    ),
    pytest.param(
        lambda: kinds.replication("ReplicationSource", "data", paused=True, at=ago(days=9)),
        ("volsync",),
        "backup_overdue backup_paused",
    ),
    pytest.param(
        lambda: kinds.flux_report(failing={"Receiver": 1, "HelmRelease": 2}, at=ago(hours=1)),
        ("flux",),
        "flux_not_ready",
    ),
    pytest.param(lambda: kinds.flux_report(failing={"HelmRelease": 2}, at=ago(hours=1)), ("flux",), ""),
    pytest.param(
        lambda: application("shop", phase="Terminating", at=ago(minutes=31)), ("argocd",), "argocd_hanging"
    ),
    pytest.param(lambda: deleted(namespace("old"), ago(minutes=31), "kubernetes"), (), "deletion_stuck"),
    pytest.param(lambda: deleted(namespace("old"), ago(minutes=20), "kubernetes"), (), ""),
    pytest.param(
        lambda: deleted(pod("web-1", namespace="ai", state="crash_loop", restarts=9), ago(minutes=31)),
        (),
        "deletion_stuck",
    ),
    pytest.param(
        lambda: deleted(persistent_volume_claim("data", namespace="ai", volume="v"), ago(hours=1), "x"),
        (),
        "deletion_stuck",
    ),
    pytest.param(
        lambda: deleted(kustomization("apps"), ago(hours=1), "finalizers.fluxcd.io"),
        ("flux",),
        "deletion_stuck",
    ),
    pytest.param(
        lambda: deleted(application("shop", health="Missing", at=ago(hours=1)), ago(hours=1), "argocd"),
        ("argocd",),
        "deletion_stuck",
    ),
)


@pytest.mark.parametrize(("make", "systems", "told"), CASES)
async def test_what_hardly_tells(
    make: Callable[[], Object],
    systems: tuple[System, ...],
    told: str,
    monitor: KubernetesMonitor,
    server: ApiServer,
) -> None:
    for system in systems:
        server.install(system)
    # Made now: how old it is counts.
    server.apply(make())
    assert sorted(one.kind for one in (await found(monitor)).values()) == told.split()


async def test_what_keeps_it_is_named(monitor: KubernetesMonitor, server: ApiServer) -> None:
    value = deleted(namespace("old"), ago(hours=1), "kubernetes")
    said = "Some content in the namespace has finalizers remaining: finalizers.longhorn.io in 1 resource"
    value["status"] = {
        "phase": "Terminating",
        "conditions": [
            condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", said),
            condition("NamespaceDeletionContentFailure", "False", "ContentDeleted", "all is deleted"),
        ],
    }
    server.apply(value)
    [problem] = (await found(monitor)).values()
    assert problem.summary == (
        f"Namespace old is being deleted, and does not go: waits for kubernetes; {said}"
    )


async def test_controller_that_has_stopped_looking(
    monitor: KubernetesMonitor, server: ApiServer, freezer: FrozenDateTimeFactory
) -> None:
    """What it said of the version before is not what there is now; nobody says since when that is so."""
    for system in ("flux", "cert-manager"):
        server.install(system)  # type: ignore[arg-type]
    given = {"name": "apps", "at": ago(days=30)}
    server.load(
        [
            unobserved(helm_release("app", namespace="ai", at=ago(days=30))),
            unobserved(kinds.with_ready("GitRepository", **given)),
        ]
    )
    assert await found(monitor) == {}
    freezer.tick(timedelta(minutes=10))
    # Something else changes of it meanwhile: the time it waits goes on.
    again = unobserved(helm_release("app", namespace="ai", at=ago(days=30)))
    again["metadata"]["labels"] = {"touched": "yes"}
    server.apply(again)
    await monitor.fetch()
    freezer.tick(timedelta(minutes=40))
    server.apply({**again, "metadata": {**again["metadata"], "labels": {}}})
    assert {one.kind for one in (await found(monitor)).values()} == {"flux_not_ready", "source_not_ready"}
    for value in (helm_release("app", namespace="ai"), kinds.with_ready("GitRepository", "apps")):
        value["status"]["observedGeneration"] = 7
        server.apply(unobserved(value))
    assert await found(monitor) == {}


@pytest.mark.parametrize("kind", ["DaemonSet", "StatefulSet"])
async def test_workload_that_does_not_say_since_when(
    kind: Any, monitor: KubernetesMonitor, server: ApiServer, freezer: FrozenDateTimeFactory
) -> None:
    """It has no conditions; its numbers change meanwhile, and the time it waits goes on."""
    value = kinds.workload(kind, "web", state="waiting")
    server.apply(value)
    assert await found(monitor) == {}
    freezer.tick(timedelta(minutes=14))
    value["status"]["collisionCount"] = 1
    server.apply(value)
    assert await found(monitor) == {}
    freezer.tick(timedelta(minutes=2))
    value["status"]["collisionCount"] = 2
    server.apply(value)
    [problem] = (await found(monitor)).values()
    assert problem.kind == "workload_unavailable"
    server.apply(kinds.workload(kind, "web"))
    assert await found(monitor) == {}


async def test_certificate_that_does_not_say_when_it_is_renewed(
    monitor: KubernetesMonitor, server: ApiServer
) -> None:
    server.install("cert-manager")
    value = kinds.certificate("web", at=ago(days=80))
    del value["status"]["renewalTime"]
    value["status"]["notAfter"] = ago(days=-6).isoformat()
    server.apply(value)
    [problem] = (await found(monitor)).values()
    assert problem.kind == "certificate_expires"
    value["status"]["notAfter"] = ago(days=-8).isoformat()
    server.apply(value)
    assert await found(monitor) == {}


@pytest.mark.parametrize("system", ["velero", "longhorn"])
async def test_attempt_that_runs_does_not_mend_the_one_before(
    system: Any, monitor: KubernetesMonitor, server: ApiServer
) -> None:
    server.install(system)

    def attempt(name: str, state: Any, **age: float) -> Object:
        if system == "velero":
            return kinds.velero_backup(name, state=state, at=ago(**age))
        states = {"healthy": "Completed", "waiting": "InProgress", "failed": "Error"}
        return longhorn_backup(name, volume="pvc-1", state=states[state], at=ago(**age))

    server.load([attempt("b1", "failed", hours=30), attempt("b2", "waiting", hours=1)])
    assert [one.kind for one in (await found(monitor)).values()] == ["backup_job_failed"]
    server.apply(attempt("b2", "healthy", hours=1))
    assert await found(monitor) == {}
    # One that gets nowhere is told as that, not as a failure.
    server.apply(attempt("b3", "waiting", hours=25))
    assert [one.kind for one in (await found(monitor)).values()] == ["backup_job_hanging"]


# Claims of K8up that never had a snapshot


def k8up(server: ApiServer, *claims: Object, **more: Any) -> None:
    """Two claims of a namespace that is backed up, of which only one ever was."""
    server.install("k8up")
    plan = schedule(namespace="ai")
    plan["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    plan["spec"]["backup"] |= more
    done = snapshot("a" * 64, namespace="ai", path="/data/notes", date=ago(hours=3))
    old = ago(days=9)
    server.load([plan, done, kinds.claim("notes", namespace="ai", at=old), *claims])


async def test_claim_that_never_had_a_snapshot(monitor: KubernetesMonitor, server: ApiServer) -> None:
    k8up(server, kinds.claim("photos", namespace="ai", at=ago(days=9)))
    data = await monitor.fetch()
    [problem] = data.problems.values()
    assert (problem.kind, problem.name, problem.severity) == (
        "backup_overdue",
        "ai/photos",
        Severity.CRITICAL,
    )
    assert monitor.backups(data)["ai/photos"] is None
    [last] = (one for one in monitor.sensors() if one.key == "last_backup")
    assert last.attributes_fn(data) == {"oldest": "ai/photos", "oldest_at": None}
    server.apply(snapshot("b" * 64, namespace="ai", path="/data/photos", date=ago(hours=1)))
    assert await found(monitor) == {}


async def test_snapshot_of_several_claims(monitor: KubernetesMonitor, server: ApiServer) -> None:
    k8up(server, kinds.claim("photos", namespace="ai", at=ago(days=9)))
    both = snapshot("b" * 64, namespace="ai", path="/data/notes", date=ago(hours=1))
    both["spec"]["paths"].append("/data/photos")
    server.apply(both)
    assert await found(monitor) == {}


@pytest.mark.parametrize(
    ("claims", "more"),
    [
        ([kinds.claim("photos", namespace="ai", at=ago(days=9), backup="false")], {}),
        ([kinds.claim("photos", namespace="ai", at=ago(hours=9))], {}),
        ([kinds.claim("photos", namespace="ai", at=ago(days=9), state="waiting", asked=False)], {}),
        (
            [kinds.claim("photos", namespace="ai", at=ago(days=9))],
            {"labelSelectors": [{"matchLabels": {"a": "b"}}]},
        ),
        (
            [
                kinds.claim("photos", namespace="ai", at=ago(days=9)),
                kinds.claim("other", namespace="git", at=ago(days=9), backup="true"),
            ],
            {},
        ),
    ],
    ids=["left out", "new", "no volume", "by labels", "on demand"],
)
async def test_claim_that_is_left_out(
    claims: list[Object], more: dict[str, Any], monitor: KubernetesMonitor, server: ApiServer
) -> None:
    k8up(server, *claims, **more)
    assert not any(one.kind == "backup_overdue" for one in (await found(monitor)).values())


# When the last backup was


async def test_last_backup_of_velero_and_volsync(monitor: KubernetesMonitor, server: ApiServer) -> None:
    for system in ("velero", "volsync"):
        server.install(system)  # type: ignore[arg-type]
    server.load(
        [
            kinds.velero_schedule(last=ago(hours=5)),
            kinds.velero_backup("daily-1", at=ago(hours=29)),
            kinds.velero_backup("daily-2", state="failed", at=ago(hours=5)),
            kinds.replication("ReplicationSource", "config", at=ago(hours=7)),
        ]
    )
    data = await monitor.fetch()
    known = monitor.backups(data)
    assert set(known) == {"velero/daily", "media/config"}
    hours = {name: round((ago() - at).total_seconds() / 3600) for name, at in known.items() if at}
    assert hours == {"velero/daily": 29, "media/config": 7}
    assert sensors(monitor, data)["last_backup"] == known["media/config"]
    assert data.backup_problem is True


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("@every 1h30m", 1.5),
        ("@hourly", 1),
        ("@midnight", 24),
        ("@weekly", 168),
        ("TZ=Asia/Tokyo 0 */6 * * *", 6),
        ("0 3 * * SUN", 168),
        ("", None),
        ("@every soon", None),
        ("@reboot", None),
        ("61 3 * * *", None),
    ],
)
def test_longest_pause(text: str, hours: float | None) -> None:
    pause = longest_pause(text, ago(days=3))
    assert pause == (None if hours is None else timedelta(hours=hours))
