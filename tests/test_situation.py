"""What is surveyed of a real homelab: real servers over real sockets, and the ledger's own times."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import time

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.coordinator import systems
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.health.situation import System
from custom_components.homelab_ai.language.answers import backups, hub_status, why
from custom_components.homelab_ai.language.briefing import Style, brief
from demo.servers.kubernetes import ApiServer
from demo.servers.kubernetes.homelab import homelab_cluster
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.common import homelab_entry, hub_subentry, set_up
from tests.looking import ENTRY_ID, pass_time, standby
from tests.systems import Alerts, monitor_subentry, source, watch

GIB = 1024**3
AM = source("Alerts")


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


async def test_hub_that_is_on(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, options={"vram_total": 16}))
    (found,) = entry.runtime_data.situation().hubs
    assert (found.source, found.name, found.first, found.online) == (ENTRY_ID, "Ollama", True, True)
    assert (found.running, found.vram_used, found.vram_total) == ((), 0, 16 * GIB)
    assert (found.offline_since, found.generation_speed, found.time_to_first_token) == (None, None, None)
    assert found.installed == len(entry.runtime_data.hubs[0].data.state.installed) > 0
    assert found.version
    assert hub_status(entry.runtime_data.situation(), "de") == "Ollama ist an. Kein Modell ist geladen."


async def test_hub_that_is_off_and_its_standby(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    async with OllamaServer() as second:
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(second.url)))
        await hub.stop()
        await pass_time(hass, freezer)
        found = entry.runtime_data.situation()
        first, other = found.hubs
        assert (first.online, other.online, other.first, other.name) == (False, True, False, "Standby")
        assert other.source == standby(entry)
        assert first.offline_since is not None
        freezer.tick(timedelta(hours=2))
        assert hub_status(entry.runtime_data.situation(), "en").startswith(
            "Ollama has been off for two hours. Standby is on as well."
        )
        assert brief(entry.runtime_data.situation(), "de") == "Ollama ist seit zwei Stunden aus."


async def test_loaded_model(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    await entry.runtime_data.pool.servers[0].client.load("llama3.1:8b", num_ctx=8192, keep_alive=-1)
    await entry.runtime_data.hubs[0].async_refresh()
    (found,) = entry.runtime_data.situation().hubs
    (running,) = found.running
    assert (running.name, running.context_length, running.pinned) == ("llama3.1:8b", 8192, True)
    assert 0 < running.size_vram <= running.size
    assert found.vram_used == running.size_vram
    assert "llama3.1 8b is to stay loaded for good." in hub_status(entry.runtime_data.situation(), "en")


async def test_systems(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    gone = "http://127.0.0.1:9"
    entry = await watch(
        hass,
        hub.url,
        monitor_subentry("alertmanager", alerts.url, "Alerts"),
        monitor_subentry("open_webui", gone, "Open WebUI"),
    )
    assert entry.runtime_data.situation().systems == (
        System(AM, "alertmanager", "Alerts", online=True),
        System(source("Open WebUI"), "open_webui", "Open WebUI", online=False, needs_hub=True),
    )
    said = why(entry.runtime_data.situation(), "open web ui", "de")
    assert said == "Open WebUI antwortet seit weniger als einer Minute nicht."


async def test_times_and_mutes_are_those_of_the_ledger(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    await hass.config.async_set_time_zone("Europe/Zurich")
    freezer.move_to("2026-11-21T14:00:00+00:00")
    alerts.firing = {"Disk": "critical", "Node": "warning", "Noise": "warning"}
    entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    health = entry.runtime_data.health
    ids = {name: f"{AM}:alert:print-{name}" for name in alerts.firing}
    health.ledger.mute(ids["Node"], None)
    health.ledger.mute(ids["Noise"], until := dt_util.utcnow() + timedelta(days=3))
    health.settle()
    found = entry.runtime_data.situation()
    assert found.now == datetime(2026, 11, 21, 14, tzinfo=UTC)
    assert found.now.utcoffset() == timedelta(hours=1)
    assert dict(found.since) == dict.fromkeys(ids.values(), datetime(2026, 11, 21, 11, tzinfo=UTC))
    assert len(found.since) == 3
    assert found.since.get("unknown") is None
    assert dict(found.muted_until) == {ids["Node"]: None, ids["Noise"]: until}
    assert why(found, "noise", "de") == (
        "Der Alarm Noise ist seit drei Stunden aktiv: „Noise is firing“."
        " Das ist noch drei Tage stummgeschaltet."
    )
    assert why(found, "node", "en").endswith("That is muted for good.")
    another = entry.runtime_data.situation(datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert brief(another, "en") == (
        "The alert Disk has been firing since around noon yesterday. Two problems are muted."
    )


async def test_cluster(hass: HomeAssistant, hub: OllamaServer, socket_enabled: None) -> None:
    async with ApiServer() as server:
        scene = homelab_cluster(server)
        scene.break_pod_image()
        scene.fail_backup()
        scene.degrade_volume()
        entry = await watch(
            hass,
            hub.url,
            monitor_subentry("kubernetes", server.url, "k3s", token=server.token, verify_ssl=False),
        )
        # Then no time of the day matters.
        found = entry.runtime_data.situation(dt_util.now() + timedelta(days=30))
        assert {one.name for one in found.backups} == {"ai", "documents", "media", "git", "vault"}
        assert all(one.last_good and one.source == source("k3s") for one in found.backups)
        assert brief(found, "de") == (
            "Das Volume paperless-ngx-data hat seit vier Wochen zu wenige Kopien."
            " Das letzte Backup von documents ist vor vier Wochen fehlgeschlagen."
            " Flux kann open-webui seit vier Wochen nicht ausrollen."
        )
        assert brief(found, "de", Style.WRITTEN).startswith(
            "Homelab: drei Probleme\n"
            "- Das Volume documents/paperless-ngx-data hat seit vier Wochen zu wenige Kopien.\n"
        )
        assert backups(found, "de") == (
            "Nein. Das letzte Backup von documents ist vor vier Wochen fehlgeschlagen."
            " Das letzte erfolgreiche ist von vor vier Wochen. Die anderen vier sind in Ordnung."
        )
        assert why(found, "open web ui", "en") == (
            "Flux has been unable to deploy open-webui for four weeks."
            " The pod open-webui has been unable to pull its image for four weeks."
        )


async def test_system_that_has_never_been_reached(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systems, "SETUP_PATIENCE", 0.1)
    held: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        entry = await watch(
            hass, hub.url, monitor_subentry("alertmanager", f"http://127.0.0.1:{port}", "Alerts")
        )
        found = entry.runtime_data.situation()
        assert [one.online for one in found.systems] == [None]
        assert brief(found, "de") == (
            "Soweit ich sehe, ist im Homelab alles in Ordnung. Von Alerts habe ich noch nichts gehört."
        )
        assert await hass.config_entries.async_unload(entry.entry_id)
        for writer in held:
            writer.close()


async def test_cost_with_thousands_of_problems(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    health = entry.runtime_data.health
    problems = [
        Problem(f"{ENTRY_ID}:{n}", ENTRY_ID, "node_not_ready", f"node {n}", Severity.WARNING, "")
        for n in range(10_000)
    ]
    health.ledger.report(ENTRY_ID, {one.id: one for one in problems}, dt_util.utcnow())
    health.settle()
    seconds = []
    for _ in range(5):
        begun = time.thread_time()
        found = entry.runtime_data.situation()
        seconds.append(time.thread_time() - begun)
    assert min(seconds) < 0.001
    assert len(found.health.problems) == 10_000
