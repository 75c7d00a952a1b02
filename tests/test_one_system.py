"""One system is added, changed or taken away: the others go on, and nothing of them becomes unavailable."""

import asyncio
from collections.abc import AsyncGenerator
from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.homelab_ai.events import EVENT_PROBLEM
from demo.servers.apps.open_webui import KEY, OpenWebUIServer
from demo.servers.forge.github import WRITE, GitHub
from demo.servers.forge.repository import Repository
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr

from .common import conversation_subentry
from .looking import pass_time, sensor
from .systems import Alerts, monitor_subentry, source, watch

OTHERS = "sensor.alerts_alerts", "binary_sensor.alerts_online", "binary_sensor.ollama_online"


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        server.firing = {"Hot": "warning"}
        yield server


@pytest.fixture
async def app(socket_enabled: None) -> AsyncGenerator[OpenWebUIServer]:
    async with OpenWebUIServer() as server:
        yield server


@pytest.fixture
async def entry(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> MockConfigEntry:
    """A homelab with one system in which something is wrong."""
    return await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))


@pytest.fixture
def gone(hass: HomeAssistant, entry: MockConfigEntry) -> list[str]:
    """Whatever becomes unavailable, or is taken away."""
    found: list[str] = []

    def note(event: Event[Any]) -> None:
        new = event.data["new_state"]
        if new is None or new.state == STATE_UNAVAILABLE:
            found.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return found


def subentry(data: Any) -> ConfigSubentry:
    """Return a subentry as a form would make it."""
    return ConfigSubentry(
        data=MappingProxyType(data["data"]),
        subentry_id=data["subentry_id"],
        subentry_type=data["subentry_type"],
        title=data["title"],
        unique_id=None,
    )


async def add(hass: HomeAssistant, entry: MockConfigEntry, data: Any) -> None:
    hass.config_entries.async_add_subentry(entry, subentry(data))
    await hass.async_block_till_done(wait_background_tasks=True)


async def remove(hass: HomeAssistant, entry: MockConfigEntry, title: str) -> None:
    hass.config_entries.async_remove_subentry(entry, source(title))
    await hass.async_block_till_done(wait_background_tasks=True)


def chat(app: OpenWebUIServer) -> Any:
    return monitor_subentry("open_webui", app.url, "Chat", api_key=KEY)


def listeners(entry: MockConfigEntry) -> tuple[int, ...]:
    """Return how many listen to what runs."""
    homelab = entry.runtime_data
    followed = (homelab.health, *homelab.hubs, *homelab.monitors)
    return (*(len(one._listeners) for one in followed), len(homelab.inbox._unlisten))


async def test_added(
    hass: HomeAssistant, entry: MockConfigEntry, gone: list[str], app: OpenWebUIServer
) -> None:
    running = entry.runtime_data
    await add(hass, entry, chat(app))
    assert entry.runtime_data is running
    assert hass.states.get("binary_sensor.chat_online").state == "on"  # type: ignore[union-attr]
    assert gone == []
    # It is watched as one that was there from the beginning.
    assert [monitor.name for monitor in running.monitors] == ["Alerts", "Chat"]
    assert running.things.topology.get(source("Chat")) is not None


async def test_its_problems_count(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    gone: list[str],
    app: OpenWebUIServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    told = async_capture_events(hass, EVENT_PROBLEM)
    await add(hass, entry, chat(app))
    await app.stop()
    for _ in range(4):
        await pass_time(hass, freezer)
    assert sensor(hass, "problems") == "2"
    assert [event.data["name"] for event in told] == ["Chat"]
    await remove(hass, entry, "Chat")
    assert sensor(hass, "problems") == "1"
    # Taken away is not solved.
    assert len(told) == 1
    assert not set(gone) & set(OTHERS)


async def test_changed(
    hass: HomeAssistant, entry: MockConfigEntry, gone: list[str], app: OpenWebUIServer, alerts: Alerts
) -> None:
    await add(hass, entry, chat(app))
    gone.clear()
    running, before = entry.runtime_data, listeners(entry)
    changed = entry.subentries[source("Chat")]
    async with OpenWebUIServer() as other:
        hass.config_entries.async_update_subentry(
            entry, changed, title="Talk", data={**changed.data, "url": other.url}
        )
        await hass.async_block_till_done(wait_background_tasks=True)
        assert entry.runtime_data is running
        assert set(gone) >= {"binary_sensor.chat_online"}
        assert not set(gone) & set(OTHERS)
        assert hass.states.get("binary_sensor.chat_online").state == "on"  # type: ignore[union-attr]
        device = dr.async_get(hass).async_get_device_by_identifier(
            ("homelab_ai", source("Chat")), entry.entry_id
        )
        assert device is not None
        assert device.name == "Talk"
        asked = len(app.requests)
        await running.monitors[1].async_refresh()
        assert (len(app.requests), bool(other.requests)) == (asked, True)
        assert listeners(entry) == before


async def test_removed(
    hass: HomeAssistant, entry: MockConfigEntry, gone: list[str], app: OpenWebUIServer
) -> None:
    before = listeners(entry)
    for _ in range(3):
        await add(hass, entry, chat(app))
        await remove(hass, entry, "Chat")
    assert hass.states.get("binary_sensor.chat_online") is None
    assert not set(gone) & set(OTHERS)
    assert listeners(entry) == before
    assert entry.runtime_data.things.topology.get(source("Chat")) is None
    asked = len(app.requests)
    await entry.runtime_data.monitors[0].async_refresh()
    assert len(app.requests) == asked


async def test_several_at_once(
    hass: HomeAssistant, entry: MockConfigEntry, gone: list[str], app: OpenWebUIServer
) -> None:
    other = {**chat(app), "subentry_id": source("Other"), "title": "Other"}
    for data in (chat(app), other):
        hass.config_entries.async_add_subentry(entry, subentry(data))
    await asyncio.sleep(0)
    hass.config_entries.async_remove_subentry(entry, source("Chat"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [monitor.name for monitor in entry.runtime_data.monitors] == ["Alerts", "Other"]
    assert hass.states.get("binary_sensor.chat_online") is None
    assert hass.states.get("binary_sensor.other_online").state == "on"  # type: ignore[union-attr]
    assert not set(gone) & set(OTHERS)


async def test_one_that_is_off(
    hass: HomeAssistant, entry: MockConfigEntry, gone: list[str], app: OpenWebUIServer
) -> None:
    await app.stop()
    await add(hass, entry, chat(app))
    assert hass.states.get("binary_sensor.chat_online").state == "off"  # type: ignore[union-attr]
    assert sensor(hass, "problems") == "2"
    assert not set(gone) & set(OTHERS)


async def test_a_repository(hass: HomeAssistant, entry: MockConfigEntry, gone: list[str]) -> None:
    """Proposals come and go with it; what waits is in the inbox at once."""
    async with GitHub() as github:
        made = github.add(Repository("home/k8s", {"apps/a.yaml": "a: 1\n"}))
        made.open("Suspend Jellyfin", "homelab-ai/suspend-1", body="<!-- homelab_ai:0a1b2c3d -->\n")
        token = github.token("ha-bot", WRITE, None)
        await add(hass, entry, monitor_subentry("forge", f"{github.url}/home/k8s", "Lab", token=token))
        assert entry.runtime_data.proposals is not None
        assert hass.states.get("todo.homelab_inbox").state == "1"  # type: ignore[union-attr]
        await remove(hass, entry, "Lab")
        assert entry.runtime_data.proposals is None
        assert hass.states.get("todo.homelab_inbox").state == "0"  # type: ignore[union-attr]
        assert not set(gone) & set(OTHERS)


async def test_one_that_another_heeds(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    """Prometheus leaves its alerts to an Alertmanager."""
    async with Alerts() as prometheus:
        metrics = monitor_subentry("prometheus", prometheus.url, "Metrics")
        entry = await watch(hass, hub.url, metrics)
        before = entry.runtime_data.monitors
        await add(hass, entry, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        assert entry.runtime_data.monitors[0] is not before[0]
        assert entry.runtime_data.monitors[0].monitor.settings.kinds == {"prometheus", "alertmanager"}
        await remove(hass, entry, "Alerts")
        assert entry.runtime_data.monitors[0].monitor.settings.kinds == {"prometheus"}


async def test_what_is_no_system_begins_anew(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    running = entry.runtime_data
    await add(hass, entry, {**conversation_subentry("Second"), "subentry_id": "01SECOND"})
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not running
    assert hass.states.get("conversation.second") is not None


async def test_unloaded_meanwhile(hass: HomeAssistant, entry: MockConfigEntry, app: OpenWebUIServer) -> None:
    app.faults.hang()
    hass.config_entries.async_add_subentry(entry, subentry(chat(app)))
    await asyncio.sleep(0)
    assert await hass.config_entries.async_unload(entry.entry_id)
    app.faults.clear()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get("binary_sensor.chat_online").state == "on"  # type: ignore[union-attr]
