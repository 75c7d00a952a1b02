"""Every row of the table of kinds, from well over waiting and overdue to failed and mended."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pytest

from custom_components.homelab_ai.api.kubernetes.client import Resource
from custom_components.homelab_ai.api.kubernetes.sights import by_condition
from custom_components.homelab_ai.health.kinds import KINDS
from custom_components.homelab_ai.monitors.kubernetes import table
from custom_components.homelab_ai.monitors.kubernetes.judging import Judgement
from demo.kubernetes import ApiServer, System
from demo.kubernetes.access import rule
from demo.kubernetes.objects import (
    application,
    backup_target,
    helm_release,
    job,
    kinds,
    kustomization,
    longhorn_backup,
    node,
    pod,
    volume,
)
from demo.kubernetes.objects.parts import ago, condition
from demo.kubernetes.resources import Resource as Served
from demo.kubernetes.store import Collection
from demo.kubernetes.wire import Object
from demo.ollama import OllamaServer
from homeassistant.core import HomeAssistant

from .clusters import coordinator, hurry, kubernetes
from .looking import sensor, state, until
from .systems import watch

type Make = Callable[[str, datetime], Object]


@dataclass(frozen=True)
class Life:
    """What an object is in each state, and the kind of the problem it then is.

    `late` is an age at which waiting is overdue, None where it may wait for ever; `early` one at which it is
    not. `failed` and `waits` say which of the states there are.
    """

    resource: str
    make: Make
    kind: str
    late: dict[str, float] | None
    early: dict[str, float]
    systems: tuple[System, ...] = ()
    waits_as: str = "waiting"
    failed: str = "failed"
    kind_of_late: str = ""

    def __str__(self) -> str:
        return self.resource


def _ready(kind: str) -> Make:
    name = "flux" if kind == "FluxInstance" else "app"
    return lambda state, at: kinds.with_ready(kind, name, state=state, at=at)  # type: ignore[arg-type]


def _flux(kind: str, resource: str, problem: str = "source_not_ready", **late: float) -> Life:
    return Life(resource, _ready(kind), problem, late or {"minutes": 16}, {"minutes": 14}, ("flux",))


def _k8up(kind: Any, resource: str) -> Life:
    states = {"healthy": "succeeded", "waiting": "running", "failed": "failed"}

    def make(state: str, at: datetime) -> Object:
        return job(kind, "one", namespace="ai", schedule=None, state=states[state], at=at)  # type: ignore[arg-type]

    return Life(resource, make, "backup_job_failed", {"hours": 25}, {"hours": 23}, ("k8up",))


def _of(make: Callable[..., Object], *names: str) -> Make:
    return lambda state, at: make(*names, state=state, at=at)


def _kustomization(state: str, at: datetime) -> Object:
    states: dict[str, Any] = {"healthy": "ready", "waiting": "reconciling", "failed": "failed"}
    return kustomization("apps", state=states[state], at=at)


def _release(state: str, at: datetime) -> Object:
    states: dict[str, Any] = {"healthy": "ready", "waiting": "reconciling", "failed": "failed"}
    return helm_release("app", namespace="ai", state=states[state], at=at)


def _report(state: str, at: datetime) -> Object:
    return kinds.flux_report(ready=state == "healthy", at=at)


def _application(state: str, at: datetime) -> Object:
    health = {"healthy": "Healthy", "waiting": "Progressing", "failed": "Degraded"}[state]
    return application("shop", health=health, at=at)


def _longhorn_backup(state: str, at: datetime) -> Object:
    states = {"healthy": "Completed", "waiting": "InProgress", "failed": "Error"}
    return longhorn_backup("b1", volume="pvc-1", state=states[state], error="no space", at=at)


def _target(state: str, at: datetime) -> Object:
    found = backup_target(available=state == "healthy")
    found["status"]["conditions"][0]["lastTransitionTime"] = at.isoformat()
    return found


def _volume(state: str, at: datetime) -> Object:
    found = volume(
        "pvc-1", scheduled=state != "waiting", robustness="degraded" if state == "failed" else None
    )
    found["status"]["conditions"][0]["lastTransitionTime"] = at.isoformat()
    return found


def _velero_schedule(state: str, at: datetime) -> Object:
    return kinds.velero_schedule(valid=state != "failed", last=at if state != "healthy" else ago(hours=1))


def _replication(kind: Any) -> Make:
    return lambda state, at: kinds.replication(
        kind,
        "data",
        state="failed" if state == "failed" else "healthy",
        at=ago(hours=1) if state == "healthy" else at,
    )


def _certificate(state: str, at: datetime) -> Object:
    return kinds.certificate("web", state=state, at=at)  # type: ignore[arg-type]


def _renewal(state: str, at: datetime) -> Object:
    return kinds.certificate("web", renewal=None if state == "healthy" else at, at=ago(days=60))


def _workload(kind: Any) -> Make:
    return lambda state, at: kinds.workload(kind, "web", state=state, at=at)  # type: ignore[arg-type]


def _cron_job(state: str, at: datetime) -> Object:
    return kinds.batch_cron_job("nightly", last=ago(hours=1) if state == "healthy" else at)


def _node(state: str, at: datetime) -> Object:
    found = node("n1", state="not_ready" if state == "failed" else "ready", at=at)
    if state == "waiting":
        found["spec"] = {
            "unschedulable": True,
            "taints": [
                {
                    "key": "node.kubernetes.io/unschedulable",
                    "effect": "NoSchedule",
                    "timeAdded": at.isoformat(),
                }
            ],
        }
    return found


def _pod(state: str, at: datetime) -> Object:
    states: dict[str, Any] = {"healthy": "running", "waiting": "image_pull", "failed": "crash_loop"}
    return pod("web-1", namespace="ai", state=states[state], created=at, restarts=9 * (state == "failed"))


LIVES = (
    Life("kustomizations", _kustomization, "flux_not_ready", {"minutes": 21}, {"minutes": 19}, ("flux",)),
    Life("helmreleases", _release, "flux_not_ready", {"minutes": 46}, {"minutes": 19}, ("flux",)),
    _flux("GitRepository", "gitrepositories"),
    _flux("OCIRepository", "ocirepositories"),
    _flux("HelmRepository", "helmrepositories"),
    _flux("HelmChart", "helmcharts"),
    _flux("Bucket", "buckets"),
    _flux("ImageRepository", "imagerepositories", "flux_not_ready", minutes=31),
    _flux("ImagePolicy", "imagepolicies", "flux_not_ready", minutes=31),
    _flux("ImageUpdateAutomation", "imageupdateautomations", "flux_not_ready", minutes=31),
    _flux("FluxInstance", "fluxinstances", "flux_not_ready"),
    Life("fluxreports", _report, "flux_not_ready", {"minutes": 11}, {"minutes": 9}, ("flux",)),
    Life(
        "applications",
        _application,
        "argocd_degraded",
        {"minutes": 31},
        {"minutes": 29},
        ("argocd",),
        kind_of_late="argocd_hanging",
    ),
    Life("applicationsets", _of(kinds.application_set, "all"), "argocd_condition", None, {}, ("argocd",)),
    _k8up("Check", "checks"),
    _k8up("Archive", "archives"),
    _k8up("Restore", "restores"),
    Life(
        "backups.longhorn.io",
        _longhorn_backup,
        "backup_job_failed",
        {"hours": 25},
        {"hours": 23},
        ("longhorn",),
    ),
    Life(
        "backuptargets", _target, "backup_target_unavailable", {"minutes": 16}, {"minutes": 14}, ("longhorn",)
    ),
    Life(
        "volumes",
        _volume,
        "volume_degraded",
        {"minutes": 16},
        {"minutes": 14},
        ("longhorn",),
        kind_of_late="volume_unscheduled",
    ),
    Life(
        "backups.velero.io",
        _of(kinds.velero_backup, "daily-1"),
        "backup_job_failed",
        {"hours": 25},
        {"hours": 23},
        ("velero",),
    ),
    Life(
        "restores.velero.io",
        _of(kinds.velero_restore, "r1"),
        "backup_job_failed",
        {"hours": 25},
        {"hours": 23},
        ("velero",),
    ),
    Life(
        "schedules.velero.io", _velero_schedule, "backup_overdue", {"hours": 31}, {"hours": 29}, ("velero",)
    ),
    Life(
        "backupstoragelocations",
        _of(kinds.backup_storage_location),
        "backup_target_unavailable",
        {"minutes": 31},
        {"minutes": 29},
        ("velero",),
    ),
    Life(
        "replicationsources",
        _replication("ReplicationSource"),
        "backup_job_failed",
        {"hours": 31},
        {"hours": 29},
        ("volsync",),
    ),
    Life(
        "replicationdestinations",
        _replication("ReplicationDestination"),
        "backup_job_failed",
        {"hours": 31},
        {"hours": 29},
        ("volsync",),
    ),
    Life(
        "certificates", _certificate, "certificate_not_ready", {"hours": 25}, {"hours": 23}, ("cert-manager",)
    ),
    Life(
        "certificates",
        _renewal,
        "certificate_expires",
        {"hours": 25},
        {"hours": 23},
        ("cert-manager",),
        failed="",
    ),
    Life(
        "issuers", _ready("Issuer"), "issuer_not_ready", {"minutes": 16}, {"minutes": 14}, ("cert-manager",)
    ),
    Life(
        "clusterissuers",
        _ready("ClusterIssuer"),
        "issuer_not_ready",
        {"minutes": 16},
        {"minutes": 14},
        ("cert-manager",),
    ),
    Life("deployments", _workload("Deployment"), "workload_unavailable", {"minutes": 16}, {"minutes": 14}),
    Life("jobs", _of(kinds.batch_job, "import"), "job_failed", None, {}),
    Life(
        "cronjobs",
        _cron_job,
        "cronjob_missed",
        {"hours": 24, "minutes": 16},
        {"hours": 24, "minutes": 14},
        failed="",
    ),
    Life(
        "persistentvolumeclaims",
        _of(kinds.claim, "data"),
        "claim_lost",
        {"minutes": 11},
        {"minutes": 9},
        kind_of_late="claim_pending",
    ),
    Life("pods", _pod, "pod_restarting", {"minutes": 6}, {"minutes": 4}, kind_of_late="pod_waiting"),
)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


def problems(hass: HomeAssistant) -> list[str]:
    """Return the kinds of the problems of the homelab."""
    return [one["kind"] for one in state(hass, "sensor", "problems").attributes["problems"]]


def put(server: ApiServer, value: Object) -> None:
    """Make an object anew: an existing one keeps the time at which it was made."""
    collection = server.store._collection_of(value)
    metadata = value["metadata"]
    key = (metadata.get("namespace", ""), metadata["name"])
    if key in collection.objects:
        server.store.delete(collection, *key)
    server.apply(value)


@pytest.mark.parametrize("life", LIVES, ids=str)
async def test_life_of_an_object(
    life: Life, hass: HomeAssistant, hub: OllamaServer, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing while it is well or has only begun, a problem once overdue or failed, and over when mended."""
    hurry(monkeypatch, quiet=0.0)
    for system in life.systems:
        server.install(system)
    put(server, life.make("healthy", ago(hours=2)))
    entry = await watch(hass, hub.url, kubernetes(server))
    monitor = coordinator(entry)

    async def shows(*expected: str) -> None:
        await monitor.async_refresh()
        await until(lambda: problems(hass) == list(expected))

    await shows()
    assert sensor(hass, "health") == "ok"
    if life.late is not None:
        put(server, life.make("waiting", ago(**life.early)))
        await shows()
        put(server, life.make("waiting", ago(**life.late)))
        await shows(life.kind_of_late or life.kind)
        assert sensor(hass, "health") in ("degraded", "critical")
    if life.failed:
        put(server, life.make(life.failed, ago(hours=48)))
        await shows(life.kind)
        assert sensor(hass, "health") in ("degraded", "critical")
    put(server, life.make("healthy", ago(hours=1)))
    await shows()
    assert sensor(hass, "health") == "ok"


def test_every_row_has_a_life() -> None:
    lived = {life.resource for life in LIVES}
    # These are judged with others: their tests are in tests/monitors/test_kubernetes.py.
    lived |= {"results", "schedules.k8up.io", "backups.k8up.io", "snapshots", "recurringjobs", "nodes"}
    # A clean-up that fails is mere information; these have no time of their own in their status.
    lived |= {"prunes", "statefulsets", "daemonsets"}
    rows = {one.resource for one in table.ROWS.values()}
    assert {one.name for one in rows if not {one.name, one.plural} & lived} == set()


def test_every_kind_of_the_table_has_a_row_of_its_own() -> None:
    told = {kind for row in table.ROWS.values() for kind in row.kinds}
    told |= {one.kind for row in table.ROWS.values() for one in row.judgements.values()}
    assert told <= KINDS.keys()


async def test_one_more_kind_costs_a_row(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ExternalSecret: a row in the table, and an object as its controller writes it."""
    name = "externalsecrets.external-secrets.io"
    row = table.Row(
        resource=Resource("external-secrets.io", ("v1",), "externalsecrets", by_condition("Ready")),
        noun="ExternalSecret",
        topic="workloads",
        judgements={"": Judgement(kind="source_not_ready", not_yet=table.MINUTES[10])},
    )
    monkeypatch.setattr(table, "ROWS", MappingProxyType({**table.ROWS, name: row}))
    served = Served(
        group="external-secrets.io", version="v1", plural="externalsecrets", kind="ExternalSecret"
    )
    server.store.collections[served] = Collection(served)
    server.access.rules.append(rule(name))
    secret = {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": "db", "namespace": "ai"},
        "spec": {"secretStoreRef": {"name": "vault"}},
        "status": {"conditions": [condition("Ready", "False", "SecretSyncedError", "no such key")]},
    }
    server.apply(secret)
    await watch(hass, hub.url, kubernetes(server))
    assert problems(hass) == ["source_not_ready"]
    server.apply({**secret, "status": {"conditions": [condition("Ready", "True", "SecretSynced", "")]}})
    await until(lambda: problems(hass) == [])
