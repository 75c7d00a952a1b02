"""The event of the homelab: one for all problems, told one after another."""

from collections.abc import AsyncGenerator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from syrupy.assertion import SnapshotAssertion

from custom_components.homelab_ai.event import GAP
from custom_components.homelab_ai.events import EVENT_PROBLEM
from demo.servers.ollama import OllamaServer
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import Event, HomeAssistant

from .common import homelab_entry, set_up
from .looking import assert_platform, entity_id, pass_time, state
from .systems import DAMPING, Alerts, monitor_subentry, source, watch


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


def fired(hass: HomeAssistant, changes: list[Event[Any]]) -> list[tuple[str, str]]:
    """Return type and name of each time that the entity fired, in the order of time."""
    ours = entity_id(hass, "event", "problem")
    states = [one.data["new_state"] for one in changes if one.data["entity_id"] == ours]
    changes.clear()
    return [(one.attributes["event_type"], one.attributes["name"]) for one in states]


async def test_events(hass: HomeAssistant, hub: OllamaServer, snapshot: SnapshotAssertion) -> None:
    await set_up(hass, homelab_entry(hub.url))
    assert_platform(hass, snapshot, "event")


async def test_fires_for_each_of_several_changes(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    alerts.firing = {"Disk": "warning", "Node": "critical"}
    await pass_time(hass, freezer)
    # Each has a state of its own, for that is what triggers wait for.
    await pass_time(hass, freezer, GAP)
    ours = [one.data for one in changes if one.data["entity_id"] == "event.homelab_latest_news"]
    assert len({str(one["new_state"].state) for one in ours if one["new_state"]}) == 2
    assert fired(hass, changes) == [("raised", "Disk"), ("raised", "Node")]
    found = state(hass, "event", "problem")
    told = {
        "event_type": "raised",
        "id": f"{source('Alerts')}:alert:print-Node",
        "source": source("Alerts"),
        "kind": "alert",
        "name": "Node",
        "severity": "critical",
        "summary": "Node is firing",
    }
    assert {key: found.attributes[key] for key in told} == told
    await pass_time(hass, freezer)
    assert fired(hass, changes) == []
    del alerts.firing["Disk"]
    alerts.firing["Fan"] = "warning"
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, DAMPING)
    assert fired(hass, changes) == [("raised", "Fan"), ("resolved", "Disk")]


async def test_message_is_in_the_language_of_the_house(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    hass.config.language = "de"
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    told = async_capture_events(hass, EVENT_PROBLEM)
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    message = "Der Alarm Disk ist aktiv: „Disk is firing“."
    assert [one.data["message"] for one in told] == [message]
    assert state(hass, "event", "problem").attributes["message"] == message
    alerts.firing = {}
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, DAMPING)
    assert told[-1].data["message"] == "Der Alarm Disk ist vorbei."


async def test_thousands_of_changes_are_all_told(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    told = async_capture_events(hass, EVENT_PROBLEM)
    alerts.firing = {f"Disk{number}": "warning" for number in range(2000)}
    await pass_time(hass, freezer)
    # What was not told by then is told before the homelab ends.
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert {one.data["name"] for one in told} == set(alerts.firing)
    assert len(told) == 2000


async def test_what_is_not_told_yet_ends_with_the_homelab(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    alerts.firing = {"Disk": "warning", "Node": "critical"}
    await pass_time(hass, freezer)
    assert state(hass, "event", "problem").attributes["name"] == "Disk"
    assert await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(hass, freezer, GAP)
    assert state(hass, "event", "problem").state == STATE_UNAVAILABLE


async def test_keeps_what_it_said_last_over_a_reload(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    before = state(hass, "event", "problem")
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert state(hass, "event", "problem").state == STATE_UNAVAILABLE
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    after = state(hass, "event", "problem")
    assert (after.state, after.attributes["name"]) == (before.state, "Disk")


async def test_what_is_untold_when_the_homelab_ends_is_told(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    """On the bus: the telling has hardly begun when everything is unloaded."""
    entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    told = async_capture_events(hass, EVENT_PROBLEM)
    alerts.firing = {f"Disk{number}": "warning" for number in range(2000)}
    await entry.runtime_data.monitors[0].async_refresh()
    assert len(told) < 2000
    await entry.runtime_data.health.async_close()
    assert len(told) == 2000
