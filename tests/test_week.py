"""Days of a homelab in which something is always going on: neither its memory nor its files grow with them.

A few hours here, two weeks in the nightly run: what is remembered for a week is full after the first. The
time is made, and the servers are real.
"""

from collections.abc import Iterator
import gc
import logging
import os
from pathlib import Path
from random import Random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from demo.servers.ollama import Fault, OllamaServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .common import ask
from .looking import ENTRY_ID, pass_time
from .systems import Alerts, monitor_subentry, watch
from .turns import assert_no_traceback

HOURS = int(os.environ.get("HOMELAB_AI_HOURS", "12"))
STEP = 600.0
NAMES = [f"Alert{number}" for number in range(60)]
MOST_STORED = 1024**2
"""Bytes of all files of a homelab."""
GROWTH = 0.05
REMEMBERED = 5_000
"""Objects of what is remembered of the time between two counts, until as much is remembered as ever is."""


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Write real files, which the test plug-in would keep in memory."""
    return {}


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    (tmp_path / ".storage").mkdir()
    return str(tmp_path)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep no records of what is no warning: there are a hundred thousand."""
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)


def _objects() -> int:
    gc.collect()
    objects = gc.get_objects()
    # What was logged stays with the test, each record with its fields.
    return len(objects) - 2 * sum(isinstance(one, logging.LogRecord) for one in objects)


def _stored(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob(f"homelab_ai.{ENTRY_ID}*"))


async def _changed(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, chance: Random) -> None:
    """Let alerts come and go, the hub fail now and then, and somebody ask."""
    for name in chance.sample(NAMES, 12):
        if alerts.firing.pop(name, None) is None:
            alerts.firing[name] = chance.choice(("critical", "warning", "info"))
    if chance.random() < 0.1:
        hub.inject(Fault.status(500, path="/api/version", times=3))
    if chance.random() < 0.2:
        await ask(hass, "How is the homelab?")


@pytest.mark.usefixtures("socket_enabled")
async def test_days_of_changes(
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    chance = Random(HOURS)
    steps = HOURS * 6
    async with Alerts() as alerts:
        entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        there: list[int] = []
        for step in range(steps):
            await _changed(hass, hub, alerts, chance)
            await pass_time(hass, freezer, STEP)
            # What the test itself keeps does not count.
            hub.requests.clear()
            alerts.requests.clear()
            if step in (steps // 2, steps - 1):
                alerts.firing.clear()
                for _ in range(3):
                    await pass_time(hass, freezer, STEP)
                # The event tells one change after another, which takes the time that is made here in steps.
                assert await hass.config_entries.async_reload(ENTRY_ID)
                await hass.async_block_till_done()
                hub.requests.clear()
                alerts.requests.clear()
                there.append(_objects())
        entities = er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)
        stored = await hass.async_add_executor_job(_stored, tmp_path / ".storage")
        middle, end = there
        print(f"{HOURS} hours: {middle} and {end} objects, {stored} bytes stored, {len(entities)} entities")  # noqa: T201
        assert end <= middle * (1 + GROWTH) + REMEMBERED
        assert 0 < stored < MOST_STORED
        assert len(entities) < 100
        assert entry.state is ConfigEntryState.LOADED
        assert_no_traceback(caplog)
