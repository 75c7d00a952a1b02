"""The conditions in a real automation, as the editor writes it."""

from collections.abc import AsyncGenerator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from demo.servers.ollama import OllamaServer
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component

from .common import MODEL, homelab_entry, hub_subentry, set_up
from .looking import ENTRY_ID, device, pass_time, standby
from .systems import Alerts, monitor_subentry, watch

HUB_DEVICE = f"{ENTRY_ID}_hub"


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


def device_id(hass: HomeAssistant, identifier: str) -> str:
    found = device(hass, identifier)
    assert found is not None
    return found.id


async def automate(hass: HomeAssistant, condition: str, **options: Any) -> None:
    """Set up an automation that acts only under this condition."""
    given = {"options": options} if options else {}
    config = {
        "id": "careful",
        "alias": "Careful",
        "triggers": [{"trigger": "event", "event_type": "asked"}],
        "conditions": [{"condition": f"homelab_ai.{condition}", **given}],
        "actions": [{"action": "test.automation"}],
    }
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    await hass.async_block_till_done()


async def holds(hass: HomeAssistant, calls: list[ServiceCall]) -> bool:
    """Return whether the automation acts when it is asked."""
    calls.clear()
    hass.bus.async_fire("asked")
    await hass.async_block_till_done()
    return bool(calls)


async def test_is_healthy(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    await automate(hass, "is_healthy")
    assert await holds(hass, service_calls)
    alerts.firing = {"News": "info"}
    await pass_time(hass, freezer)
    assert await holds(hass, service_calls)
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    assert not await holds(hass, service_calls)
    alerts.firing.clear()
    await pass_time(hass, freezer)
    assert await holds(hass, service_calls)
    # Of a homelab that is not there nothing is known.
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not await holds(hass, service_calls)


async def test_hub_is_online(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, service_calls: list[ServiceCall]
) -> None:
    async with OllamaServer() as other:
        await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url)))
        await automate(hass, "hub_is_online")
        await hub.stop()
        await pass_time(hass, freezer)
        assert await holds(hass, service_calls)
    await pass_time(hass, freezer)
    assert not await holds(hass, service_calls)


async def test_this_hub_is_online(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, service_calls: list[ServiceCall]
) -> None:
    async with OllamaServer() as other:
        await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url)))
        await automate(hass, "hub_is_online", device_id=device_id(hass, HUB_DEVICE))
        assert await holds(hass, service_calls)
        await hub.stop()
        await pass_time(hass, freezer)
        assert not await holds(hass, service_calls)


@pytest.mark.parametrize(
    ("options", "on_first", "on_standby"),
    [
        ({}, True, True),
        ({"model": MODEL}, True, True),
        ({"model": "gemma3:4b"}, False, False),
        ({"device_id": ["standby"]}, False, True),
        ({"device_id": ["standby"], "model": MODEL}, False, True),
        ({"device_id": ["gone"]}, False, False),
    ],
)
async def test_model_is_loaded(  # noqa: PLR0917 - what a test needs and what it is given
    options: dict[str, Any],
    on_first: bool,
    on_standby: bool,
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    async with OllamaServer() as other:
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url)))
        if options.get("device_id") == ["standby"]:
            options = {**options, "device_id": device_id(hass, standby(entry))}
        await automate(hass, "model_is_loaded", **options)
        assert not await holds(hass, service_calls)
        await hub.load(MODEL)
        await pass_time(hass, freezer)
        assert await holds(hass, service_calls) is on_first
        await hub.load(MODEL, keep_alive=0)
        await other.load(MODEL)
        await pass_time(hass, freezer)
        assert await holds(hass, service_calls) is on_standby


@pytest.mark.parametrize(
    ("condition", "options"),
    [("is_healthy", {"x": 1}), ("hub_is_online", {"device_id": [["x"]]}), ("no_such_condition", {})],
)
async def test_options_that_cannot_be(
    condition: str, options: dict[str, Any], hass: HomeAssistant, hub: OllamaServer
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await automate(hass, condition, **options)
    found = hass.states.get("automation.careful")
    assert found is not None
    assert found.state == STATE_UNAVAILABLE
