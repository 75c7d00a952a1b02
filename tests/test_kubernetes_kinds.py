"""Every row of the table of kinds, from well over waiting and overdue to failed and mended."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.api.kubernetes.client import Resource
from custom_components.homelab_ai.api.kubernetes.sights import by_condition
from custom_components.homelab_ai.health.kinds import KINDS
from custom_components.homelab_ai.health.problem import Severity
from custom_components.homelab_ai.monitors.kubernetes import table
from custom_components.homelab_ai.monitors.kubernetes.judging import Judgement
from custom_components.homelab_ai.monitors.kubernetes.noted import STUCK
from demo.servers.kubernetes import ApiServer, System
from demo.servers.kubernetes.access import rule
from demo.servers.kubernetes.objects import (
    application,
    backup,
    backup_target,
    helm_release,
    job,
    kinds,
    kustomization,
    longhorn_backup,
    namespace,
    node,
    pod,
    result,
    schedule,
    snapshot,
    volume,
)
from demo.servers.kubernetes.objects.parts import ago, condition, deleted, metadata
from demo.servers.kubernetes.resources import Resource as Served
from demo.servers.kubernetes.store import Collection
from demo.servers.kubernetes.wire import Object
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant

from .clusters import coordinator, hurry, kubernetes
from .looking import sensor, state, until
from .systems import watch

type Make = Callable[[str, datetime], Object | None]
"""Makes an object in a state, as old as that; None where it is not there then."""


@dataclass(frozen=True)
class Life:
    """What an object is in each state, and the kind of the problem it then is.

    `late` is an age at which waiting is overdue, None where it may wait for ever; `early` one at which it is
    not. `failed` and `waits` say which of the states there are. `is_advice` where it is mere information.
    `is_dated` is false where the object does not say since when it waits.
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
    is_advice: bool = False
    is_dated: bool = True

    def __str__(self) -> str:
        return f"{self.resource}-{self.kind}"


def _ready(kind: str) -> Make:
    name = "flux" if kind == "FluxInstance" else "app"
    return lambda state, at: kinds.with_ready(kind, name, state=state, at=at)  # type: ignore[arg-type]


def _flux(kind: str, resource: str, problem: str = "source_not_ready", **late: float) -> Life:
    return Life(resource, _ready(kind), problem, late or {"minutes": 16}, {"minutes": 14}, ("flux",))


def _k8up(kind: Any, resource: str, *, is_advice: bool = False) -> Life:
    states = {"healthy": "succeeded", "waiting": "running", "failed": "failed"}

    def make(state: str, at: datetime) -> Object:
        return job(kind, "one", namespace="ai", schedule=None, state=states[state], at=at)  # type: ignore[arg-type]

    return Life(
        resource,
        make,
        "backup_job_failed",
        {"hours": 25},
        {"hours": 23},
        ("k8up",),
        kind_of_late="backup_job_hanging",
        is_advice=is_advice,
    )


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


def _schedule(state: str, at: datetime) -> Object:
    return {**schedule("late", namespace="ai"), "metadata": metadata("late", "ai", created=at)}


def _backup(state: str, at: datetime) -> Object:
    states: Any = {"healthy": "succeeded", "failed": "failed"}
    return backup("b1", namespace="ai", state=states[state], at=ago(hours=1))


def _snapshot(state: str, at: datetime) -> Object:
    return snapshot("a" * 64, namespace="ai", path="/data", date=at)


def _result(state: str, at: datetime) -> Object | None:
    return None if state == "healthy" else result("Pod", "ai/web-1", ["Back-off pulling image"], created=at)


def _namespace(state: str, at: datetime) -> Object:
    value = namespace("old")
    return value if state == "healthy" else deleted(value, at, "kubernetes")


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
    _k8up("Prune", "prunes", is_advice=True),
    _k8up("Archive", "archives"),
    _k8up("Restore", "restores"),
    Life(
        "backups.longhorn.io",
        _longhorn_backup,
        "backup_job_failed",
        {"hours": 25},
        {"hours": 23},
        ("longhorn",),
        kind_of_late="backup_job_hanging",
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
        kind_of_late="backup_job_hanging",
    ),
    Life(
        "restores.velero.io",
        _of(kinds.velero_restore, "r1"),
        "backup_job_failed",
        {"hours": 25},
        {"hours": 23},
        ("velero",),
        kind_of_late="backup_job_hanging",
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
        kind_of_late="backup_overdue",
    ),
    Life(
        "replicationdestinations",
        _replication("ReplicationDestination"),
        "backup_job_failed",
        {"hours": 31},
        {"hours": 29},
        ("volsync",),
        kind_of_late="backup_overdue",
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
    *(
        Life(
            f"{kind.lower()}s",
            _workload(kind),
            "workload_unavailable",
            {"minutes": 16},
            {"minutes": 14},
            failed="",
            is_dated=False,
        )
        for kind in ("StatefulSet", "DaemonSet")
    ),
    Life(
        "schedules.k8up.io", _schedule, "backup_overdue", {"hours": 25}, {"hours": 23}, ("k8up",), failed=""
    ),
    Life("backups.k8up.io", _backup, "backup_failed", None, {}, ("k8up",)),
    Life("snapshots", _snapshot, "backup_overdue", {"hours": 25}, {"hours": 23}, ("k8up",), failed=""),
    Life("results", _result, "k8sgpt_finding", None, {}, ("k8sgpt",)),
    Life("nodes", _node, "node_not_ready", {"hours": 25}, {"hours": 23}, kind_of_late="node_cordoned"),
    Life("namespaces", _namespace, "deletion_stuck", {"minutes": 31}, {"minutes": 29}, failed=""),
    Life(
        "jobs",
        _of(kinds.batch_job, "import"),
        "job_failed",
        {"hours": 25},
        {"hours": 23},
        kind_of_late="job_hanging",
    ),
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


def _or(healthy: Object | None, broken: Object) -> Make:
    return lambda state, at: healthy if state == "healthy" else broken


def _also(resource: str, kind: str, make: Make, *systems: System) -> Life:
    return Life(resource, make, kind, None, {}, systems)


def _pressed() -> Object:
    value = node("n1")
    value["status"]["conditions"][1] = condition("DiskPressure", "True", "KubeletHasDiskPressure", "no space")
    return value


def _deployed(state: Any) -> Object:
    return kinds.workload("Deployment", "web", state=state)


_APPLICATIONS: Mapping[str, Any] = {
    "argocd_out_of_sync": {"sync": "OutOfSync"},
    "argocd_sync_unknown": {"sync": "Unknown"},
    "argocd_operation_failed": {"phase": "Failed"},
    "argocd_missing": {"health": "Missing", "at": ago(minutes=11)},
    "argocd_suspended": {"health": "Suspended"},
    "argocd_condition": {"conditions": [("DeletionError", "finalizer failed")]},
}


def _used(**more: Any) -> Object:
    value = volume("pvc-1", claim="photos", claim_namespace="media", **more)
    value["metadata"]["creationTimestamp"] = ago(days=9).isoformat()
    return value


def _faulted() -> Object:
    return _used(last_backup_at=ago(hours=1), robustness="faulted")


_NIGHTLY: Any = {"name": "nightly", "last": ago(hours=1)}
ALSO = (
    _also("pods", "pod_failed", _or(None, pod("alone", namespace="ai", state="failed"))),
    _also(
        "pods",
        "pod_unready",
        _or(None, pod("db-1", namespace="ai", state="node_gone", created=ago(hours=1))),
    ),
    _also("nodes", "node_pressure", _or(node("n1"), _pressed())),
    _also("deployments", "rollout_stuck", _or(_deployed("healthy"), _deployed("stuck"))),
    _also(
        "cronjobs",
        "cronjob_unsuccessful",
        _or(kinds.batch_cron_job(**_NIGHTLY), kinds.batch_cron_job(**_NIGHTLY, succeeded=ago(days=9))),
    ),
    _also(
        "cronjobs",
        "cronjob_suspended",
        _or(kinds.batch_cron_job(**_NIGHTLY), kinds.batch_cron_job(**_NIGHTLY, suspend=True)),
    ),
    _also(
        "persistentvolumeclaims",
        "claim_resize",
        _or(
            kinds.claim("data"),
            kinds.claim("data", conditions=[condition("NodeResizeError", "True", "", "no")]),
        ),
    ),
    _also("volumes", "volume_faulted", _or(_used(last_backup_at=ago(hours=1)), _faulted()), "longhorn"),
    _also("volumes", "backup_none", _or(_used(last_backup_at=ago(hours=1)), _used()), "longhorn"),
    _also(
        "schedules.velero.io",
        "backup_paused",
        _or(kinds.velero_schedule(last=ago(hours=1)), kinds.velero_schedule(last=ago(hours=1), paused=True)),
        "velero",
    ),
    _also(
        "kustomizations",
        "flux_suspended",
        _or(kustomization("apps"), kustomization("apps", suspended=True)),
        "flux",
    ),
    *(
        _also("applications", kind, _or(application("shop"), application("shop", **more)), "argocd")
        for kind, more in _APPLICATIONS.items()
    ),
)
"""What else can be wrong with them, beside what their row in `LIVES` goes through."""


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


def problems(hass: HomeAssistant) -> list[str]:
    """Return the kinds of the problems of the homelab."""
    return [one["kind"] for one in state(hass, "sensor", "problems").attributes["problems"]]


def put(server: ApiServer, life: Life, state: str, at: datetime) -> None:
    """Make an object anew: an existing one keeps the time at which it was made."""
    value = life.make(state, at)
    if value is None:
        take_away(server, life)
        return
    collection = server.store._collection_of(value)
    metadata = value["metadata"]
    key = (metadata.get("namespace", ""), metadata["name"])
    if key in collection.objects:
        server.store.delete(collection, *key)
    server.apply(value)


def take_away(server: ApiServer, life: Life) -> None:
    """Take an object away that may be there."""
    value = life.make("failed" if life.failed else "healthy", ago())
    assert value is not None
    collection, metadata = server.store._collection_of(value), value["metadata"]
    key = (metadata.get("namespace", ""), metadata["name"])
    if key in collection.objects:
        server.store.delete(collection, *key)


@pytest.mark.parametrize("life", [*LIVES, *ALSO], ids=str)
async def test_life_of_an_object(  # noqa: PLR0917 - what a test needs
    life: Life,
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    monkeypatch: pytest.MonkeyPatch,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nothing while it is well or has only begun, a problem once overdue or failed, and over when mended."""
    hurry(monkeypatch, quiet=0.0)
    for system in life.systems:
        server.install(system)
    put(server, life, "healthy", ago(hours=2))
    entry = await watch(hass, hub.url, kubernetes(server))
    monitor = coordinator(entry)

    async def shows(*expected: str) -> None:
        await monitor.async_refresh()
        await until(lambda: problems(hass) == list(expected), seconds=30)
        is_trouble = (
            any(KINDS[kind].severity is not Severity.INFO for kind in expected) and not life.is_advice
        )
        assert (sensor(hass, "health") in ("degraded", "critical")) is is_trouble
        assert is_trouble or sensor(hass, "health") == "ok"

    await shows()
    if life.late is not None:
        put(server, life, "waiting", ago(**life.early))
        await shows()
        if life.is_dated:
            put(server, life, "waiting", ago(**life.late))
        else:
            freezer.tick(timedelta(**life.late))
        await shows(life.kind_of_late or life.kind)
    if life.failed:
        put(server, life, life.failed, ago(hours=48))
        await shows(life.kind)
    put(server, life, "healthy", ago(hours=1))
    await shows()


async def test_object_that_is_deleted_and_does_not_go(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any object that is judged by itself, whatever else is wrong with it."""
    hurry(monkeypatch, quiet=0.0)
    for system in sorted({system for life in LIVES for system in life.systems}):
        server.install(system)
    entry = await watch(hass, hub.url, kubernetes(server))
    for life in LIVES:
        row = next(row for name, row in table.ROWS.items() if life.resource in (name, row.resource.plural))
        value = life.make("healthy", ago(hours=1))
        if value is None or not (STUCK in row.kinds or row.judgements):
            continue
        server.apply(deleted(value, ago(minutes=31), "example.org/protection"))
        await coordinator(entry).async_refresh()
        await until(lambda: problems(hass) == ["deletion_stuck"], seconds=30)
        take_away(server, life)
        await coordinator(entry).async_refresh()
        await until(lambda: problems(hass) == [], seconds=30)


def test_every_row_has_a_life() -> None:
    lived = {life.resource for life in LIVES}
    # It only says which volumes should have backups: see tests/monitors/test_kubernetes_judging.py.
    lived |= {"recurringjobs"}
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
