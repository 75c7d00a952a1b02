"""A hub that flaps: a few changes are told at once, then only what lasts; the log has as few lines."""

from itertools import cycle

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.homelab_ai.coordinator.damping import FEW, LASTING, WINDOW, Damping
from custom_components.homelab_ai.events import EVENT_HUB
from demo.servers.ollama import Fault, OllamaServer
from homeassistant.core import HomeAssistant

from .common import homelab_entry, set_up
from .looking import is_on, pass_time


def test_the_first_few_changes_are_told_at_once(freezer: FrozenDateTimeFactory) -> None:
    damping = Damping()
    assert not damping.tells(True)
    for state, _ in zip(cycle((False, True)), range(FEW), strict=False):
        freezer.tick(1)
        assert damping.tells(state)
        assert not damping.tells(state)


def test_what_flaps_is_told_when_it_lasts(freezer: FrozenDateTimeFactory) -> None:
    damping = Damping()
    damping.tells(True)
    told = 0
    for state, _ in zip(cycle((False, True)), range(600), strict=False):
        freezer.tick(1)
        told += damping.tells(state)
    assert told == FEW
    assert not damping.tells(False)
    freezer.tick(LASTING)
    assert damping.tells(False)
    freezer.tick(WINDOW)
    assert damping.tells(True)


async def test_flapping_for_ten_minutes(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    told = async_capture_events(hass, EVENT_HUB)
    coordinator = entry.runtime_data.hubs[0]
    for _ in range(300):
        fault = Fault.status(500, path="/api/version")
        fault.times = 1_000_000
        hub.inject(fault)
        await coordinator.async_refresh()
        freezer.tick(1)
        hub.clear_faults()
        await coordinator.async_refresh()
        freezer.tick(1)
    changes = [event.data["type"] for event in told if event.data["type"] in ("hub_online", "hub_offline")]
    assert len(changes) == FEW
    lines = [one for one in caplog.records if "answer" in one.getMessage() and "homelab_ai" in one.name]
    assert len(lines) == FEW
    await pass_time(hass, freezer, LASTING)
    assert is_on(hass, "online") == "on"
