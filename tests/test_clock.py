"""A clock that somebody sets: what waits for something waits as long as it was meant to."""

from datetime import UTC, datetime, timedelta
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.homelab_ai.coordinator.clock import Clock
from custom_components.homelab_ai.events import EVENT_PROBLEM
from custom_components.homelab_ai.health.model_mutes import MOST_AN_HOUR, ModelMutes, Objection
from custom_components.homelab_ai.health.problem import Problem, Severity
from demo.servers.ollama import OllamaServer
from homeassistant.core import Event, HomeAssistant
from homeassistant.util import dt as dt_util

from .looking import pass_time, sensor
from .systems import DAMPING, Alerts, monitor_subentry, source, watch

T0 = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("seconds", "steady", "expected"),
    [
        (0, 0, 0),
        (60, 60, 0),
        (60, 58, 0),
        (3600, 0, 3600),
        (-3600, 0, -3600),
        (3600, 3600, 0),
        # A computer that slept.
        (28_800, 2, 28_798),
        (-3500, 100, -3600),
        (31_536_000, 30, 31_535_970),
    ],
)
def test_clock_that_was_set(
    seconds: float, steady: float, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, now = Clock(), 5.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert clock.was_set(T0) == timedelta()
    now += steady
    assert clock.was_set(T0 + timedelta(seconds=seconds)) == timedelta(seconds=expected)
    assert clock.was_set(T0 + timedelta(seconds=seconds)) == timedelta()


@pytest.mark.parametrize("jump", [-HOUR, timedelta(days=-365)])
async def test_solved_in_time_though_the_clock_is_set_back(
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    jump: timedelta,
) -> None:
    told: list[Event[Any]] = async_capture_events(hass, EVENT_PROBLEM)
    async with Alerts() as alerts:
        entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        alerts.firing["Disk"] = "warning"
        await pass_time(hass, freezer)
        del alerts.firing["Disk"]
        await pass_time(hass, freezer)
    freezer.move_to(dt_util.utcnow() + jump)
    entry.runtime_data.health.settle()
    await pass_time(hass, freezer, DAMPING)
    assert "resolved Disk" in [f"{one.data['type']} {one.data['name']}" for one in told]


async def test_mute_outlives_a_year_forward_and_back(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, socket_enabled: None
) -> None:
    async with Alerts() as alerts:
        entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        alerts.firing["Disk"] = "warning"
        await pass_time(hass, freezer)
        health, before = entry.runtime_data.health, dt_util.utcnow()
        health.mute(f"{source('Alerts')}:alert:print-Disk", before + timedelta(days=30))
        for moment in (before + timedelta(days=365), before):
            freezer.move_to(moment)
            health.settle()
            assert await hass.config_entries.async_reload(entry.entry_id)
            await hass.async_block_till_done()
            health = entry.runtime_data.health
        assert sensor(hass, "muted_problems") == "1"


def test_clock_that_is_set_back_keeps_no_model_from_muting() -> None:
    mutes, now = ModelMutes(), T0 + timedelta(days=365)
    problems = [Problem(str(key), "am", "alert", str(key), Severity.WARNING, "") for key in range(9)]
    for problem in problems[:MOST_AN_HOUR]:
        assert mutes.take([problem], None, now, is_muted=False) is None
    assert mutes.take([problems[5]], None, now, is_muted=False) is Objection.ENOUGH
    assert mutes.take([problems[6]], None, T0, is_muted=False) is None


@pytest.mark.parametrize(
    "begin",
    [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2027, 3, 27, 22, tzinfo=UTC)],
    ids=["an hour twice", "an hour never"],
)
async def test_both_changes_of_the_clock_by_law(
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    begin: datetime,
) -> None:
    """A mute of a day has 24 hours, each problem is told once, and lasts for as long as it does."""
    freezer.move_to(begin)
    await hass.config.async_set_time_zone("Europe/Berlin")
    told: list[Event[Any]] = async_capture_events(hass, EVENT_PROBLEM)
    async with Alerts() as alerts:
        entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        alerts.firing |= {"Disk": "warning", "Node": "critical"}
        await pass_time(hass, freezer)
        health = entry.runtime_data.health
        muted = f"{source('Alerts')}:alert:print-Disk"
        health.mute(muted, dt_util.utcnow() + timedelta(days=1))
        began = dt_util.utcnow()
        while dt_util.utcnow() - began < timedelta(hours=23, minutes=30):
            assert health.is_muted(muted)
            await pass_time(hass, freezer, 1800)
        (problem,) = (one for one in health.data.problems if one.name == "Node")
        assert problem.since is not None
        await pass_time(hass, freezer, 3600)
        assert not health.is_muted(muted)
        del alerts.firing["Node"]
        await pass_time(hass, freezer)
        await pass_time(hass, freezer, DAMPING)
    changes = [f"{one.data['type']} {one.data['name']}" for one in told]
    assert changes.count("raised Node") == 1
    assert changes.count("resolved Node") == 1
