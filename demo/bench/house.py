"""A Home Assistant in this process, with an ordinary house in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from demo.house.configuration import storage
from demo.house.options import LOOPBACK
from demo.house.process import free_port
from homeassistant import bootstrap, loader
from homeassistant.config_entries import ConfigEntries, ConfigEntry, ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.helpers import area_registry as ar, entity_registry as er
from homeassistant.setup import async_setup_component

from .candidates import Candidate
from .errors import BenchError

_FIRST_PORT = 18123
# What a house with these things has loaded before either candidate comes.
_COMPONENTS = (
    "homeassistant",
    "assist_pipeline",
    "ai_task",
    "binary_sensor",
    "button",
    "climate",
    "cover",
    "light",
    "sensor",
    "switch",
    "update",
)
_CORE_CONFIG = {
    "name": "Home",
    "country": "DE",
    "currency": "EUR",
    "elevation": 34,
    "language": "en",
    "latitude": 52.52,
    "longitude": 13.405,
    "time_zone": "Europe/Berlin",
    "unit_system": "metric",
}
_ROOMS = (
    "Kitchen",
    "Dining room",
    "Living room",
    "Hall",
    "Bedroom",
    "Nursery",
    "Guest room",
    "Study",
    "Bathroom",
    "Basement",
    "Garage",
    "Garden",
)
# domain, name, device class, state
_THINGS = (
    ("light", "ceiling light", None, "off"),
    ("light", "wall lamp", None, "on"),
    ("switch", "socket", None, "off"),
    ("cover", "blinds", "blind", "open"),
    ("climate", "thermostat", None, "heat"),
    ("sensor", "temperature", "temperature", "21.4"),
    ("sensor", "humidity", "humidity", "48"),
    ("binary_sensor", "window", "window", "off"),
)


@asynccontextmanager
async def opened() -> AsyncIterator[HomeAssistant]:
    """A running Home Assistant without either candidate; nothing of it is left afterwards."""
    with TemporaryDirectory(prefix="homelab-ai-bench-") as folder:
        _write(Path(folder))
        hass = HomeAssistant(folder)
        try:
            await _start(hass)
            _furnish(hass)
            yield hass
        finally:
            await hass.async_stop(force=True)


async def added(
    hass: HomeAssistant, candidate: Candidate, url: str, *, polling: bool = True
) -> ConfigEntry[Any]:
    """Add a candidate to the house; raises BenchError if it cannot be set up."""
    entry = candidate.entry(url, polling=polling)
    await hass.config_entries.async_add(entry)
    if entry.state is not ConfigEntryState.LOADED or hass.states.get(candidate.agent) is None:
        raise BenchError(f"{candidate.domain} could not be set up: {entry.reason or entry.state}")
    return entry


@asynccontextmanager
async def inhabited(hass: HomeAssistant, candidate: Candidate, url: str) -> AsyncIterator[None]:
    """A candidate that is there for a while, without the polling that has nothing to do with a turn."""
    entry = await added(hass, candidate, url, polling=False)
    try:
        yield
    finally:
        await hass.config_entries.async_remove(entry.entry_id)


def _write(folder: Path) -> None:
    (folder / ".storage").mkdir()
    http = storage(LOOPBACK, free_port(LOOPBACK, _FIRST_PORT))["http"]
    (folder / ".storage" / "http").write_text(json.dumps(http), encoding="utf-8")


async def _start(hass: HomeAssistant) -> None:
    """Start what a voice turn needs, in the order in which Home Assistant's bootstrap does."""
    loader.async_setup(hass)
    hass.config.skip_pip = True
    hass.config_entries = ConfigEntries(hass, {})
    await loader.async_get_custom_components(hass)
    await bootstrap.async_load_base_functionality(hass)
    await async_process_ha_core_config(hass, _CORE_CONFIG)
    for component in _COMPONENTS:
        if not await async_setup_component(hass, component, {}):
            raise BenchError(f"Home Assistant could not set up {component}")
    hass.set_state(CoreState.running)
    await hass.async_block_till_done()


def _furnish(hass: HomeAssistant) -> None:
    """Put the same things into every room; by their kinds all of them are exposed to Assist."""
    areas, entities = ar.async_get(hass), er.async_get(hass)
    for room in _ROOMS:
        area = areas.async_create(room)
        for domain, thing, device_class, state in _THINGS:
            name = f"{room} {thing}"
            entry = entities.async_get_or_create(
                domain, "bench", name, original_name=name, original_device_class=device_class
            )
            entities.async_update_entity(entry.entity_id, area_id=area.id)
            attributes = {"friendly_name": name}
            if device_class:
                attributes["device_class"] = device_class
            hass.states.async_set(entry.entity_id, state, attributes)
