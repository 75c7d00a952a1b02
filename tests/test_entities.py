"""Home Assistant's entities as a part of the homelab: one without Kubernetes."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.language.answers import why
from custom_components.homelab_ai.language.briefing import brief
from custom_components.homelab_ai.monitors.bad_states import BadStates
from demo.ollama import OllamaServer
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, label_registry as lr

from .looking import is_on, sensor, state
from .systems import source, system_form, watch

RACK = source("Rack")


def rack(*entities: str, **data: Any) -> ConfigSubentryDataWithId:
    """Return the settings of entities, as their flow stores them."""
    picked = {"entities": list(entities)} if entities else {}
    return ConfigSubentryDataWithId(
        subentry_id=RACK,
        subentry_type="system",
        title="Rack",
        unique_id=None,
        data={"kind": "entities", **picked, **data},
    )


def register(hass: HomeAssistant, domain: str, name: str, value: str, **attributes: Any) -> er.RegistryEntry:
    """Return an entity of another integration, with a state."""
    entry = er.async_get(hass).async_get_or_create(
        domain, "portainer", name, suggested_object_id=name, original_name=name
    )
    hass.states.async_set(entry.entity_id, value, {"friendly_name": name.title(), **attributes})
    return entry


async def pass_time(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float = 31) -> None:
    """Let time pass; what follows the entities goes on for ever, and is not waited for."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    for _ in range(20):
        await asyncio.sleep(0)
    await hass.async_block_till_done()


def briefings(entry: MockConfigEntry) -> tuple[str, str]:
    told = entry.runtime_data.situation()
    return brief(told, "en"), brief(told, "de")


async def test_container_that_exits(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """Told at once, without a poll, by id of the registry; and over as soon as it runs again."""
    found = register(hass, "sensor", "jellyfin", "running")
    entry = await watch(hass, hub.url, rack(found.id))
    assert (sensor(hass, "health"), is_on(hass, "online", RACK)) == ("ok", "on")
    hass.states.async_set(found.entity_id, "exited", {"friendly_name": "Jellyfin"})
    await pass_time(hass, freezer, 1)
    assert sensor(hass, "health") == "degraded"
    english, german = briefings(entry)
    assert english.startswith("Jellyfin has been in the state exited")
    assert german.startswith("Jellyfin ist seit")
    assert "im Zustand exited" in german
    told = entry.runtime_data.situation()
    assert why(told, "jellyfin", "en").startswith("Jellyfin has been in the state exited")
    hass.states.async_set(found.entity_id, "running", {"friendly_name": "Jellyfin"})
    await pass_time(hass, freezer)
    assert sensor(hass, "health") == "ok"


async def test_unavailable_counts_after_its_patience(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    found = register(hass, "sensor", "nas", "idle")
    entry = await watch(hass, hub.url, rack(found.id, patience=10))
    hass.states.async_set(found.entity_id, "unavailable", {"friendly_name": "NAS"})
    await pass_time(hass, freezer, 1)
    # Neither well nor wrong: nobody knows.
    assert sensor(hass, "health") == STATE_UNKNOWN
    assert state(hass, "sensor", "health").attributes["not_seen"] == ["Rack: the entity NAS"]
    await pass_time(hass, freezer, 601)
    assert sensor(hass, "health") == "degraded"
    assert briefings(entry)[0].startswith("NAS has been unavailable")
    hass.states.async_set(found.entity_id, "idle", {"friendly_name": "NAS"})
    await pass_time(hass, freezer)
    assert sensor(hass, "health") == "ok"


async def test_renamed_and_removed_entities_are_followed(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    found = register(hass, "binary_sensor", "raid", "off", device_class="problem")
    entry = await watch(hass, hub.url, rack(found.id))
    registry = er.async_get(hass)
    registry.async_update_entity(found.entity_id, new_entity_id="binary_sensor.storage")
    hass.states.async_remove(found.entity_id)
    hass.states.async_set("binary_sensor.storage", "on", {"friendly_name": "Raid", "device_class": "problem"})
    await pass_time(hass, freezer)
    assert sensor(hass, "health") == "degraded"
    assert "reporting a problem" in briefings(entry)[0]
    hass.states.async_remove("binary_sensor.storage")
    registry.async_remove("binary_sensor.storage")
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, 301)
    assert "does not exist any more" in briefings(entry)[0]
    assert "gibt es nicht mehr" in briefings(entry)[1]


async def test_picked_by_label_and_integration_but_never_our_own(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    label = lr.async_get(hass).async_create("Homelab")
    found = register(hass, "binary_sensor", "ups", "off", device_class="smoke")
    er.async_get(hass).async_update_entity(found.entity_id, labels={label.label_id})
    other = register(hass, "sensor", "vm", "running")
    await watch(hass, hub.url, rack(labels=[label.label_id], integrations=["portainer", DOMAIN]))
    hass.states.async_set(found.entity_id, "on", {"device_class": "smoke"})
    await pass_time(hass, freezer)
    assert (sensor(hass, "health"), sensor(hass, "problems")) == ("critical", "1")
    hass.states.async_set(other.entity_id, "crashed")
    await pass_time(hass, freezer)
    # What we say of it ourselves is not counted again.
    assert sensor(hass, "problems") == "2"


async def test_nothing_picked_is_not_well(hass: HomeAssistant, hub: OllamaServer) -> None:
    await watch(hass, hub.url, rack(labels=["none"]))
    assert sensor(hass, "health") == STATE_UNKNOWN
    assert state(hass, "sensor", "health").attributes["not_seen"] == ["Rack: entities"]


async def test_form(hass: HomeAssistant, hub: OllamaServer) -> None:
    """It has no address; entities are stored by what they keep, and nothing is doubted once."""
    entry = await watch(hass, hub.url)
    found = register(hass, "sensor", "jellyfin", "running")
    flow = await system_form(hass, entry, "entities")
    assert flow["data_schema"] is not None
    assert "url" not in {str(key) for key in flow["data_schema"].schema}
    typed: dict[str, Any] = {"name": "Rack", "patience": 5}
    result = await hass.config_entries.subentries.async_configure(flow["flow_id"], typed)
    assert result["errors"] == {"base": "nothing_picked"}
    typed["entities"] = [found.entity_id]
    result = await hass.config_entries.subentries.async_configure(flow["flow_id"], typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (stored,) = (one for one in entry.subentries.values() if one.data.get("kind") == "entities")
    assert stored.data == {"kind": "entities", "entities": [found.id], "patience": 5}
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("entity_id", "device_class", "value", "expected"),
    [
        ("sensor.container", None, "exited", True),
        ("sensor.container", None, "Running", False),
        ("sensor.ups", "enum", "On Battery", True),
        ("sensor.smart", None, "PRE-FAIL", True),
        ("binary_sensor.disk", "problem", "on", True),
        ("binary_sensor.disk", "problem", "off", False),
        ("binary_sensor.vm", "running", "off", True),
        ("binary_sensor.door", "door", "on", False),
        ("binary_sensor.host", "connectivity", "off", True),
        ("switch.plug", None, "off", True),
        ("switch.lamp", None, "off", True),
        ("sensor.mine", None, "3", True),
        ("sensor.mine", None, "exited", False),
        ("light.any", None, "off", False),
    ],
)
def test_bad_states(entity_id: str, device_class: str | None, value: str, expected: bool) -> None:
    table = BadStates(["switch: off", "sensor.mine: 3, 4"])
    assert table.is_bad(entity_id, device_class, value) is expected
