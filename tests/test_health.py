"""The health of the homelab: what its device says, what survives a restart, and what is told of changes."""

from collections.abc import AsyncGenerator
from datetime import timedelta
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
)

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.coordinator.health import SAVE_DELAY, START_PATIENCE
from custom_components.homelab_ai.events import EVENT_PROBLEM
from custom_components.homelab_ai.sensor import MOST_LISTED
from demo.servers.apps.open_webui import KEY, OpenWebUIServer
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    EVENT_HOMEASSISTANT_FINAL_WRITE,
    EVENT_HOMEASSISTANT_STARTED,
    EVENT_STATE_CHANGED,
    STATE_OFF,
    STATE_ON,
    STATE_UNKNOWN,
)
from homeassistant.core import CoreState, Event, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .common import homelab_entry, hub_subentry, set_up
from .looking import ENTRY_ID, device, entity_id, is_on, pass_time, sensor, standby, state
from .systems import DAMPING, Alerts, monitor_subentry, source, watch

STORED = f"{DOMAIN}.{ENTRY_ID}"
AM = source("Alerts")


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


@pytest.fixture
def told(hass: HomeAssistant) -> list[Event[Any]]:
    """Return the changes that were told on the bus."""
    return async_capture_events(hass, EVENT_PROBLEM)


def said(told: list[Event[Any]]) -> list[str]:
    """Return what was told since the last time."""
    found = [f"{one.data['type']} {one.data['name']}" for one in told]
    told.clear()
    return found


def figures(hass: HomeAssistant) -> tuple[str, ...]:
    """Return state and counts: all problems, critical ones, muted ones."""
    keys = ("health", "problems", "critical_problems", "muted_problems")
    return tuple(sensor(hass, key) for key in keys)


def listed(hass: HomeAssistant) -> list[str]:
    """Return the names in the attribute."""
    return [one["name"] for one in state(hass, "sensor", "problems").attributes["problems"]]


def alertmanager(alerts: Alerts, **data: Any) -> Any:
    return monitor_subentry("alertmanager", alerts.url, "Alerts", **data)


# What the device says


async def test_device_is_there_as_soon_as_the_homelab_is(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url))
    found = device(hass, ENTRY_ID)
    assert found is not None
    assert (found.name, found.manufacturer, found.via_device_id) == ("Homelab", "Homelab AI", None)
    assert is_on(hass, "problem") == STATE_ON


async def test_from_unknown_to_critical(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    await watch(hass, hub.url, alertmanager(alerts))
    health = entity_id(hass, "sensor", "health")
    ours = [one.data["new_state"] for one in changes if one.data["entity_id"] == health]
    assert [one.state for one in ours if one] == [STATE_UNKNOWN, "ok"]
    assert (figures(hass), is_on(hass, "problem")) == (("ok", "0", "0", "0"), STATE_OFF)
    for name, severity, health, count, critical in (
        ("News", "info", "ok", "1", "0"),
        ("Disk", "warning", "degraded", "2", "0"),
        ("Node", "critical", "critical", "3", "1"),
    ):
        alerts.firing[name] = severity
        await pass_time(hass, freezer)
        assert figures(hass) == (health, count, critical, "0")
        assert is_on(hass, "problem") == (STATE_OFF if health == "ok" else STATE_ON)
    assert listed(hass) == ["Node", "Disk", "News"]
    alerts.firing.clear()
    await pass_time(hass, freezer)
    assert figures(hass) == ("ok", "0", "0", "0")
    assert listed(hass) == []


async def test_list_is_bounded_and_not_recorded(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    alerts.firing = {f"Alert{number}": "warning" for number in range(MOST_LISTED + 30)}
    await watch(hass, hub.url, alertmanager(alerts))
    found = state(hass, "sensor", "problems")
    assert (found.state, len(found.attributes["problems"])) == ("50", MOST_LISTED)
    assert found.attributes["problems"][0] == {
        "id": f"{AM}:alert:print-Alert0",
        "source": AM,
        "kind": "alert",
        "name": "Alert0",
        "severity": "warning",
        "summary": "Alert0 is firing",
        "message": "The alert Alert0 is firing: “Alert0 is firing”.",
    }
    assert found.state_info is not None
    assert "problems" in found.state_info["unrecorded_attributes"]


# Changes


async def test_what_is_there_at_the_first_look_is_no_news(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    told: list[Event[Any]],
) -> None:
    alerts.firing = {"Old": "critical"}
    await watch(hass, hub.url, alertmanager(alerts))
    assert figures(hass)[0] == "critical"
    await pass_time(hass, freezer)
    assert said(told) == []
    assert state(hass, "event", "problem").state == STATE_UNKNOWN
    alerts.firing["New"] = "warning"
    await pass_time(hass, freezer)
    await pass_time(hass, freezer)
    assert said(told) == ["raised New"]


async def test_solved_after_two_minutes_of_absence(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    told: list[Event[Any]],
) -> None:
    """Nobody reports that the two minutes are over; the ledger asks to be woken."""
    await watch(hass, hub.url, alertmanager(alerts))
    alerts.firing["Disk"] = "warning"
    await pass_time(hass, freezer)
    assert said(told) == ["raised Disk"]
    del alerts.firing["Disk"]
    await pass_time(hass, freezer)
    assert (said(told), figures(hass)[0]) == ([], "ok")
    await alerts.stop()  # whatever becomes of its system
    await pass_time(hass, freezer, DAMPING)
    assert "resolved Disk" in said(told)


async def test_flapping_is_one_problem(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    told: list[Event[Any]],
) -> None:
    await watch(hass, hub.url, alertmanager(alerts))
    for _ in range(4):
        alerts.firing["Disk"] = "warning"
        await pass_time(hass, freezer)
        alerts.firing.clear()
        await pass_time(hass, freezer)
    assert said(told) == ["raised Disk"]


async def test_muted_problems_do_not_count(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    told: list[Event[Any]],
) -> None:
    alerts.firing = {"Disk": "critical"}
    entry = await watch(hass, hub.url, alertmanager(alerts))
    health = entry.runtime_data.health
    health.ledger.mute(f"{AM}:alert:print-Disk", dt_util.utcnow() + timedelta(hours=1))
    health.settle()
    await hass.async_block_till_done()
    assert figures(hass) == ("ok", "0", "0", "1")
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert figures(hass) == ("ok", "0", "0", "1")
    # The mute ends without anybody's report.
    await alerts.stop()
    await pass_time(hass, freezer, 3601)
    assert figures(hass)[0] == "critical"
    assert figures(hass)[3] == "0"


async def test_alert_that_is_silenced_does_not_count_and_is_not_solved(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    told: list[Event[Any]],
) -> None:
    await watch(hass, hub.url, alertmanager(alerts))
    alerts.firing = {"Disk": "critical"}
    await pass_time(hass, freezer)
    assert said(told) == ["raised Disk"]
    matcher = {"name": "alertname", "value": "Disk", "isRegex": False, "isEqual": True}
    alerts.silences = [{"id": "quiet", "matchers": [matcher]}]
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, DAMPING)
    assert (figures(hass), said(told)) == (("ok", "0", "0", "0"), [])
    alerts.silences = []
    await pass_time(hass, freezer)
    assert (figures(hass)[0], said(told)) == ("critical", [])


async def test_asking_for_an_update_does_no_harm(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    assert await async_setup_component(hass, "homeassistant", {})
    wanted = {"entity_id": entity_id(hass, "sensor", "health")}
    await hass.services.async_call("homeassistant", "update_entity", wanted, blocking=True)
    assert figures(hass)[0] == "ok"
    assert "fails" not in caplog.text


async def test_hub_that_is_off_has_been_so_since_before_the_restart(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    await hub.stop()
    await pass_time(hass, freezer)
    since = entry.runtime_data.hubs[0].data.offline_since
    await pass_time(hass, freezer, 4 * 86400)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.runtime_data.hubs[0].data.offline_since == since
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"hub_offline_{ENTRY_ID}") is not None
    await hub.start()
    await pass_time(hass, freezer)
    assert entry.runtime_data.hubs[0].data.offline_since is None


async def test_what_became_worse_is_not_told_again_after_a_restart(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    await watch(hass, hub.url, alertmanager(alerts))
    alerts.firing = {"Disk": "info"}
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, SAVE_DELAY + 1)
    alerts.firing = {"Disk": "critical"}
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, SAVE_DELAY + 1)
    assert "critical" in hass_storage[STORED]["data"]["records"][AM][f"{AM}:alert:print-Disk"]


async def test_a_mute_that_ends_far_away_sets_no_timer(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    entry = await watch(hass, hub.url, alertmanager(alerts))
    health = entry.runtime_data.health
    health.ledger.mute("any", dt_util.utcnow() + timedelta(days=90))
    health.settle()
    assert health._cancel_deadline is None


# Restarts


async def test_nothing_is_told_again_after_a_restart(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    told = async_capture_events(hass, EVENT_PROBLEM)
    entry = await watch(hass, hub.url, alertmanager(alerts))
    alerts.firing = {"Disk": "warning", "Node": "critical"}
    await pass_time(hass, freezer)
    assert said(told) == ["raised Disk", "raised Node"]
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert set(hass_storage[STORED]["data"]["records"][AM]) == {
        f"{AM}:alert:print-Disk",
        f"{AM}:alert:print-Node",
    }
    # While Home Assistant was away one went and one came.
    alerts.firing = {"Node": "critical", "Fan": "warning"}
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert said(told) == ["raised Fan"]
    await pass_time(hass, freezer, DAMPING)
    assert said(told) == ["resolved Disk"]


async def test_what_is_found_while_home_assistant_starts_is_told_once_automations_listen(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    told = async_capture_events(hass, EVENT_PROBLEM)
    entry = await watch(hass, hub.url, alertmanager(alerts))
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass.set_state(CoreState.starting)
    alerts.firing = {"Node": "critical"}
    assert await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(hass, freezer)
    assert (figures(hass)[0], said(told)) == ("critical", [])
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert said(told) == []
    await pass_time(hass, freezer, START_PATIENCE.total_seconds())
    assert said(told) == ["raised Node"]
    assert state(hass, "event", "problem").attributes["name"] == "Node"
    await pass_time(hass, freezer)
    assert said(told) == []


async def test_what_a_system_said_before_a_restart_stands_while_it_is_off(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    told: list[Event[Any]],
) -> None:
    """House and cluster come back from a power cut, the house first: nothing was solved by that."""
    alerts.firing = {"Disk": "critical"}
    entry = await watch(hass, hub.url, alertmanager(alerts))
    assert await hass.config_entries.async_unload(entry.entry_id)
    await alerts.stop()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(hass, freezer)
    assert said(told) == ["raised Alerts"]
    assert listed(hass) == ["Disk", "Alerts"]
    for _ in range(6):
        await pass_time(hass, freezer)
    assert said(told) == []
    await alerts.start()
    for _ in range(6):
        await pass_time(hass, freezer)
    assert said(told) == ["resolved Alerts"]
    assert listed(hass) == ["Disk"]


async def test_saved_without_an_end_in_sight(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    """Systems report more often than it is saved; that must not put the saving off for ever."""
    entry = await watch(hass, hub.url, alertmanager(alerts))
    alerts.firing = {"Disk": "warning"}
    monitor = entry.runtime_data.monitors[0]
    for _ in range(8):
        await monitor.async_refresh()
        alerts.firing[f"Disk{len(alerts.firing)}"] = "warning"
        await pass_time(hass, freezer, SAVE_DELAY / 4 + 1)
    assert f"{AM}:alert:print-Disk" in hass_storage[STORED]["data"]["records"][AM]


async def test_saved_only_when_something_changed(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    """Memory cards do not live long enough for a file each half minute."""
    alerts.firing = {"Disk": "warning"}
    await watch(hass, hub.url, alertmanager(alerts))
    await pass_time(hass, freezer)
    await pass_time(hass, freezer)
    del hass_storage[STORED]
    for _ in range(5):
        await pass_time(hass, freezer)
    assert STORED not in hass_storage
    alerts.firing = {}
    await pass_time(hass, freezer)
    await pass_time(hass, freezer)
    assert STORED in hass_storage


async def test_saved_when_home_assistant_stops(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    await watch(hass, hub.url, alertmanager(alerts))
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer, 29)
    hass.set_state(CoreState.final_write)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert AM in hass_storage[STORED]["data"]["records"]


async def test_storage_that_is_not_ours_is_left_out(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, hass_storage: dict[str, Any]
) -> None:
    hass_storage[STORED] = {
        "version": 1,
        "minor_version": 1,
        "key": STORED,
        "data": {"records": {AM: {"x": 1}}, "mutes": 7},
    }
    entry = await watch(hass, hub.url, alertmanager(alerts))
    assert entry.state is ConfigEntryState.LOADED
    assert figures(hass)[0] == "ok"


async def test_removed_system_is_forgotten(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    told = async_capture_events(hass, EVENT_PROBLEM)
    alerts.firing = {"Disk": "critical"}
    entry = await watch(hass, hub.url, alertmanager(alerts))
    assert device(hass, AM) is not None
    hass.config_entries.async_remove_subentry(entry, AM)
    await hass.async_block_till_done()
    assert (device(hass, AM), figures(hass)) == (None, ("ok", "0", "0", "0"))
    await pass_time(hass, freezer, DAMPING)
    assert said(told) == []
    await pass_time(hass, freezer)
    assert AM not in hass_storage[STORED]["data"]["records"]


async def test_removed_homelab_leaves_no_file(
    hass: HomeAssistant, hub: OllamaServer, hass_storage: dict[str, Any]
) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert STORED in hass_storage
    await hass.config_entries.async_remove(entry.entry_id)
    assert STORED not in hass_storage


async def test_unloading_leaves_no_timer(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    entry = await watch(hass, hub.url, alertmanager(alerts))
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    alerts.firing = {}
    await pass_time(hass, freezer)
    health = entry.runtime_data.health
    assert health._cancel_deadline is not None
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert health._cancel_deadline is None
    seen = len(alerts.requests)
    await pass_time(hass, freezer, 300)
    assert len(alerts.requests) == seen


# Causes and consequences


async def test_what_needs_the_hub_is_its_consequence(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, told: list[Event[Any]]
) -> None:
    async with OpenWebUIServer() as app:
        entry = await watch(hass, hub.url, monitor_subentry("open_webui", app.url, "Chat", api_key=KEY))
        assert figures(hass)[0] == "ok"
        await hub.stop()
        await pass_time(hass, freezer)
        app.ollama_reachable = False
        await pass_time(hass, freezer)
        assert said(told) == ["raised Ollama"]
        assert figures(hass) == ("degraded", "1", "0", "0")
        consequences = entry.runtime_data.health.data.consequences
        assert {key: [one.name for one in group] for key, group in consequences.items()} == {
            f"{ENTRY_ID}:hub_offline": ["Chat"]
        }
        await hub.start()
        await pass_time(hass, freezer)
        assert said(told) == []
        # It has two minutes to find its hub again by itself.
        await pass_time(hass, freezer, 100)
        assert said(told) == []
        await pass_time(hass, freezer)
        await pass_time(hass, freezer)
        assert sorted(said(told)) == ["raised Chat", "resolved Ollama"]


async def test_consequence_that_ends_with_its_cause_is_never_told(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, told: list[Event[Any]]
) -> None:
    async with OpenWebUIServer() as app:
        await watch(hass, hub.url, monitor_subentry("open_webui", app.url, "Chat", api_key=KEY))
        await hub.stop()
        await pass_time(hass, freezer)
        app.ollama_reachable = False
        await pass_time(hass, freezer)
        await hub.start()
        app.ollama_reachable = True
        for _ in range(8):
            await pass_time(hass, freezer)
        assert said(told) == ["raised Ollama", "resolved Ollama"]


async def test_a_standby_that_is_off_is_mere_information(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, told: list[Event[Any]]
) -> None:
    async with OllamaServer() as other:
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url)))
    await pass_time(hass, freezer)
    assert [one.data["source"] for one in told] == [standby(entry)]
    assert [one.data["kind"] for one in told] == ["standby_offline"]
    assert (figures(hass)[0], is_on(hass, "problem")) == ("ok", STATE_OFF)


async def test_system_that_is_off(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    told: list[Event[Any]],
) -> None:
    """What it said last stands beside the news that it says nothing any more."""
    alerts.firing = {"Disk": "critical"}
    await watch(hass, hub.url, alertmanager(alerts))
    await alerts.stop()
    await pass_time(hass, freezer)
    (event,) = told
    assert event.data["id"] == f"{AM}:offline:offline"
    assert event.data["summary"].startswith("does not answer: Cannot connect to host")
    assert listed(hass) == ["Disk", "Alerts"]
    assert figures(hass) == ("critical", "2", "1", "0")


async def test_many_problems_do_not_hold_the_loop(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    entry = await watch(hass, hub.url, alertmanager(alerts))
    alerts.firing = {f"Alert{number}": "warning" for number in range(5000)}
    await entry.runtime_data.monitors[0].async_refresh()
    assert figures(hass)[1] == "5000"
    started = time.thread_time()
    for _ in range(5):
        entry.runtime_data.health._report(entry.runtime_data.monitors[0])
    assert (time.thread_time() - started) / 5 < 0.5
    assert len(hass.states.async_entity_ids("event")) == 1
