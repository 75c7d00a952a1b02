"""A Kubernetes cluster in Home Assistant: its entities, what moves them, and those it does not have."""

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.homelab_ai.events import EVENT_PROBLEM
from custom_components.homelab_ai.language.happenings import sentence_of
from custom_components.homelab_ai.monitors.kubernetes import cluster as module
from demo.servers.kubernetes import TOKEN, ApiServer, HomelabCluster, System, homelab_cluster
from demo.servers.kubernetes.objects import K8SGPT_NAMESPACE, deployment, kustomization, pod, result, snapshot
from demo.servers.ollama import OllamaServer
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity

from . import clusters
from .clusters import CLUSTER, RESULTS, coordinator, hurry, kubernetes, watched
from .looking import ENTRY_ID, device, is_on, issues, sensor, state, until
from .systems import entities, monitor_subentry, source, watch

EVERYWHERE = {"binary_sensor.online", "sensor.nodes_not_ready", "sensor.restarting_pods"}
BACKUPS = {"binary_sensor.backup_problem", "sensor.last_backup"}
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
    "other",
)
# What each system brings, by the contract of the product.
BROUGHT: Mapping[System, set[str]] = {
    "k8sgpt": {
        "binary_sensor.k8sgpt_problem",
        "sensor.k8sgpt_findings",
        *(f"sensor.k8sgpt_findings_{kind}" for kind in KINDS),
    },
    "flux": {"binary_sensor.gitops_problem", "sensor.flux_not_ready", "sensor.flux_suspended"},
    "argocd": {"binary_sensor.gitops_problem", "sensor.argocd_out_of_sync", "sensor.argocd_degraded"},
    "k8up": {*BACKUPS, "sensor.failed_backups"},
    # It can back up volumes itself.
    "longhorn": {*BACKUPS, "binary_sensor.storage_problem", "sensor.degraded_volumes"},
}
# What happens to a cluster, and what its entities then show; all others stay as they are.
HAPPENINGS: Mapping[Callable[[HomelabCluster], None], Mapping[str, str]] = {
    HomelabCluster.break_pod_image: {
        "binary_sensor.k8sgpt_problem": "on",
        "sensor.k8sgpt_findings": "2",
        "sensor.k8sgpt_findings_pod": "1",
        "sensor.k8sgpt_findings_deployment": "1",
        # The release that deploys it notices, too.
        "binary_sensor.gitops_problem": "on",
        "sensor.flux_not_ready": "1",
    },
    HomelabCluster.fail_backup: {"binary_sensor.backup_problem": "on", "sensor.failed_backups": "1"},
    # Somebody wanted it so: it is counted, and no trouble.
    HomelabCluster.suspend_flux: {"sensor.flux_suspended": "1"},
    HomelabCluster.degrade_volume: {"binary_sensor.storage_problem": "on", "sensor.degraded_volumes": "1"},
    HomelabCluster.out_of_sync: {"binary_sensor.gitops_problem": "on", "sensor.argocd_out_of_sync": "1"},
    HomelabCluster.lose_node: {
        "binary_sensor.k8sgpt_problem": "on",
        "sensor.k8sgpt_findings": "1",
        "sensor.k8sgpt_findings_node": "1",
        "sensor.nodes_not_ready": "1",
    },
}


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


@pytest.fixture
def cluster(server: ApiServer) -> HomelabCluster:
    return homelab_cluster(server)


@pytest.fixture
def all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable the entities that are disabled unless somebody wants them."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


def shown(hass: HomeAssistant) -> dict[str, str]:
    """Return what the entities of the cluster show, but for what is another with every run."""
    found = {key: hass.states.get(entry.entity_id) for key, entry in entities(hass, CLUSTER).items()}
    return {
        key: state.state
        for key, state in sorted(found.items())
        if state is not None and key != "sensor.last_backup"
    }


def told(hass: HomeAssistant) -> list[tuple[str, str, str]]:
    """Return the problems of the homelab: severity, kind and name."""
    problems = state(hass, "sensor", "problems").attributes["problems"]
    return sorted((one["severity"], one["kind"], one["name"]) for one in problems)


def last_backup(hass: HomeAssistant) -> Any:
    """Return when the last good backup was made, in a form that compares with some seconds of tolerance."""
    return pytest.approx(datetime.fromisoformat(sensor(hass, "last_backup", CLUSTER)).timestamp(), abs=120)


def six_hours_ago() -> float:
    """Return when the homelab's backups were made."""
    return (datetime.now(UTC) - timedelta(hours=6)).timestamp()


# What there is


async def test_device_and_entities(
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    snapshot: SnapshotAssertion,
) -> None:
    """All that a cluster may have, as it is registered; those by kind are disabled."""
    await watch(hass, hub.url, kubernetes(server))
    homelab, found = device(hass, ENTRY_ID), device(hass, CLUSTER)
    assert homelab is not None
    assert found is not None
    assert (found.name, found.sw_version, found.via_device_id) == ("Cluster", "v1.33.4+k3s1", homelab.id)
    # Its address is the API, which a browser is not let into.
    assert found.configuration_url is None
    assert found == snapshot(name="device", exclude=props("configuration_url"))
    registered = entities(hass, CLUSTER)
    assert set(registered) == EVERYWHERE.union(*BROUGHT.values())
    for key, entry in sorted(registered.items()):
        assert entry.device_id == found.id
        assert entry == snapshot(name=key)
    disabled = {key for key, entry in registered.items() if entry.disabled_by}
    assert disabled == {f"sensor.k8sgpt_findings_{kind}" for kind in KINDS}
    assert {registered[key].disabled_by for key in disabled} == {er.RegistryEntryDisabler.INTEGRATION}


@pytest.mark.usefixtures("all_enabled")
async def test_states_of_a_healthy_cluster(
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    snapshot: SnapshotAssertion,
) -> None:
    await watch(hass, hub.url, kubernetes(server))
    for key, entry in sorted(entities(hass, CLUSTER).items()):
        moving = props("state", "oldest_at") if key == "sensor.last_backup" else None
        assert hass.states.get(entry.entity_id) == snapshot(name=key, exclude=moving)
    assert last_backup(hass) == six_hours_ago()
    assert told(hass) == []
    assert (sensor(hass, "health"), issues(hass)) == ("ok", {})


@pytest.mark.usefixtures("all_enabled")
async def test_states_of_a_broken_cluster(
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    snapshot: SnapshotAssertion,
) -> None:
    """All of it at once: it is there as soon as it happens, and gone as soon as it is mended."""
    entry = await watch(hass, hub.url, kubernetes(server))
    await watched(server)
    healthy = shown(hass)
    for happens in HAPPENINGS:
        happens(cluster)
    await until(lambda: len(told(hass)) == 6)
    assert shown(hass) == snapshot(name="states")
    assert told(hass) == snapshot(name="problems")
    assert sensor(hass, "health") == "critical"
    assert is_on(hass, "problem") == STATE_ON
    cluster.mend()
    await until(lambda: shown(hass) == healthy)
    assert coordinator(entry).problems({}) == {}


@pytest.mark.usefixtures("all_enabled")
@pytest.mark.parametrize("happens", HAPPENINGS, ids=lambda one: one.__name__)
async def test_what_happens_moves_its_entities_and_no_others(
    happens: Callable[[HomelabCluster], None],
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
) -> None:
    await watch(hass, hub.url, kubernetes(server))
    await watched(server)
    healthy = shown(hass)
    happens(cluster)
    await until(lambda: shown(hass) == {**healthy, **HAPPENINGS[happens]})
    cluster.mend()
    await until(lambda: shown(hass) == healthy)


async def test_pod_that_restarts_again_and_again(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer
) -> None:
    await watch(hass, hub.url, kubernetes(server, max_restarts=2))
    await watched(server, clusters.EVERYWHERE)
    server.apply(pod("crashing", namespace="ai", state="crash_loop", restarts=3))
    await until(lambda: sensor(hass, "restarting_pods", CLUSTER) == "1")
    assert [kind for _, kind, _ in told(hass)] == ["pod_restarting"]


async def test_backup_that_is_overdue(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer, cluster: HomelabCluster
) -> None:
    """Every namespace was backed up six hours ago."""
    await watch(hass, hub.url, kubernetes(server, rpo_hours=5))
    assert is_on(hass, "backup_problem", CLUSTER) == STATE_ON
    assert sensor(hass, "failed_backups", CLUSTER) == "0"
    assert last_backup(hass) == six_hours_ago()
    assert {(severity, kind) for severity, kind, _ in told(hass)} == {("critical", "backup_overdue")}


async def test_k8sgpt_is_a_consequence_of_the_hub_that_is_off(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer
) -> None:
    """What is wrong with k8sgpt itself is told with the hub; what k8sgpt finds elsewhere is not."""
    server.install("k8sgpt")
    entry = await watch(hass, hub.url, kubernetes(server))
    await watched(server, clusters.EVERYWHERE + 1)
    events = async_capture_events(hass, EVENT_PROBLEM)
    await hub.stop()
    await entry.runtime_data.hubs[0].async_refresh()
    assert is_on(hass, "online") == STATE_OFF
    own = f"{K8SGPT_NAMESPACE}/k8sgpt-7d9f8b6c5d-x2x4q"
    server.apply(result("Pod", own, ["Back-off restarting failed container"]))
    server.apply(result("Pod", "ai/webui", ["Back-off pulling image"]))
    await until(lambda: sensor(hass, "k8sgpt_findings", CLUSTER) == "2")
    health = entry.runtime_data.health
    await until(lambda: health.data.consequences)
    assert {key: [one.name for one in group] for key, group in health.data.consequences.items()} == {
        f"{ENTRY_ID}:hub_offline": [own]
    }
    assert {name for _, _, name in told(hass)} == {"Ollama", "ai/webui"}
    await until(lambda: len(events) == 2)
    assert {(one.data["type"], one.data["name"]) for one in events} == {
        ("raised", "Ollama"),
        ("raised", "ai/webui"),
    }
    # With the hub back it is a problem of its own, which has two minutes to go before it is raised.
    await hub.start()
    await entry.runtime_data.hubs[0].async_refresh()
    await until(lambda: {name for _, _, name in told(hass)} == {own, "ai/webui"})
    assert (health.data.consequences, len(events)) == ({}, 2)


# What there is not


@pytest.mark.parametrize("systems", [(), *((system,) for system in BROUGHT), ("flux", "argocd")], ids=str)
async def test_a_cluster_has_no_entities_of_what_it_does_not_have(
    systems: tuple[System, ...], hass: HomeAssistant, hub: OllamaServer, socket_enabled: None
) -> None:
    async with ApiServer(systems=systems) as server:
        await watch(hass, hub.url, kubernetes(server))
        assert set(entities(hass, CLUSTER)) == EVERYWHERE.union(*(BROUGHT[one] for one in systems))
        assert is_on(hass, "online", CLUSTER) == STATE_ON
        assert (sensor(hass, "health"), told(hass)) == ("ok", [])


async def test_system_that_is_installed_later_and_removed_again(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_DISCOVERY_INTERVAL", 0.0)
    hurry(monkeypatch)
    entry = await watch(hass, hub.url, kubernetes(server))
    assert set(entities(hass, CLUSTER)) == EVERYWHERE
    server.install("flux")
    server.apply(kustomization("apps", suspended=True))
    await coordinator(entry).async_refresh()
    await hass.async_block_till_done()
    assert set(entities(hass, CLUSTER)) == EVERYWHERE | BROUGHT["flux"]
    assert sensor(hass, "flux_suspended", CLUSTER) == "1"
    server.uninstall("flux")
    await coordinator(entry).async_refresh()
    await until(lambda: sensor(hass, "flux_suspended", CLUSTER) == STATE_UNAVAILABLE)
    assert is_on(hass, "online", CLUSTER) == STATE_ON


async def test_what_the_token_may_not_read_has_no_entities(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer, cluster: HomelabCluster
) -> None:
    for resource in ("applications.argoproj.io", "volumes.longhorn.io", "nodes"):
        server.deny(resource)
    entry = await watch(hass, hub.url, kubernetes(server))
    missing = {"sensor.argocd_out_of_sync", "sensor.argocd_degraded", "sensor.nodes_not_ready"}
    missing |= {"binary_sensor.storage_problem", "sensor.degraded_volumes"}
    assert set(entities(hass, CLUSTER)) == EVERYWHERE.union(*BROUGHT.values()) - missing
    assert (is_on(hass, "online", CLUSTER), issues(hass)) == (STATE_ON, {})
    forbidden = coordinator(entry).data.forbidden
    assert set(forbidden) == {"applications.argoproj.io", "volumes.longhorn.io", "nodes"}


async def test_findings_are_counted_by_the_monitor_that_knows_them_better(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer, cluster: HomelabCluster
) -> None:
    """Constant entities, whatever is found: a kind that is not counted apart is "other"."""
    server.load(result(kind, f"x/{kind.lower()}", ["broken"]) for kind in ("Pod", "Gateway", "ConfigMap"))
    await watch(hass, hub.url, kubernetes(server))
    assert set(entities(hass, CLUSTER)) == EVERYWHERE.union(*BROUGHT.values())
    assert sensor(hass, "k8sgpt_findings", CLUSTER) == "3"
    assert {kind for _, kind, _ in told(hass)} == {"k8sgpt_finding"}
    assert len(server.objects(RESULTS)) == 3


async def test_two_clusters(hass: HomeAssistant, hub: OllamaServer, server: ApiServer) -> None:
    """What is wrong with one is not wrong with the other."""
    async with ApiServer(systems=("k8sgpt",), version="v1.35.0") as other:
        other.apply(result("Pod", "x/a", ["broken"]))
        second = monitor_subentry("kubernetes", other.url, "Other", token=TOKEN)
        await watch(hass, hub.url, kubernetes(server), second)
        assert set(entities(hass, CLUSTER)) == EVERYWHERE
        assert set(entities(hass, source("Other"))) == EVERYWHERE | BROUGHT["k8sgpt"]
        assert is_on(hass, "k8sgpt_problem", source("Other")) == STATE_ON
        await other.stop()
        await until(lambda: is_on(hass, "online", source("Other")) == STATE_OFF)
        assert is_on(hass, "online", CLUSTER) == STATE_ON


async def test_timeline_tells_of_deliveries_images_and_backups(
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What Flux rolls out, a workload's new image, and a backup that was made."""
    hurry(monkeypatch)
    await watch(hass, hub.url, kubernetes(server))
    await watched(server)

    things = hass.config_entries.async_entries("homelab_ai")[0].runtime_data.things

    def told_of() -> set[str]:
        begin = datetime.now(UTC) - timedelta(days=1)
        entries = things.timeline.between(begin)
        return {f"{entry.kind}: {sentence_of(entry, entry.at, 'en')}" for entry in entries}

    assert told_of() == set()
    rolled_out = kustomization("apps", path="./clusters/home/apps")
    rolled_out["status"]["lastAppliedRevision"] = "main@sha1:0123456789abcdef"
    server.apply(rolled_out)
    server.apply(deployment("gitea", namespace="git", image="gitea/gitea:1.25.0"))
    made = datetime.now(UTC) - timedelta(minutes=1)
    server.apply(snapshot("feedc0de" * 8, namespace="git", path="/data/gitea-data", date=made))
    wanted = {
        "delivered: Apps was deployed anew.",
        "image_changed: Gitea now runs 1.25.0.",
        "backed_up: Git was backed up.",
    }
    await until(lambda: len(told_of()) >= len(wanted))
    assert told_of() == wanted
