"""Home Assistant's entities as a part of the homelab: one without Kubernetes."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.language.answers import why
from custom_components.homelab_ai.language.briefing import brief
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er, label_registry as lr

from .acting import act
from .common import ask, speech
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


async def answer(hass: HomeAssistant, text: str, language: str = "en") -> str:
    """Return what our agent says; the hub's model is not asked."""
    return speech(await ask(hass, text, language=language))


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


def portainer(hass: HomeAssistant, *containers: str) -> dict[str, list[er.RegistryEntry]]:
    """Return the entities of containers by name, each a device that hangs on that of its host."""
    owner = MockConfigEntry(domain="portainer", title="Portainer", data={"url": "https://nas.home:9443"})
    owner.add_to_hass(hass)
    devices = dr.async_get(hass)
    host = devices.async_get_or_create(
        config_entry_id=owner.entry_id, identifiers={("portainer", "host")}, name="Docker host"
    )
    found = {}
    for name in containers:
        device = devices.async_get_or_create(
            config_entry_id=owner.entry_id,
            identifiers={("portainer", name)},
            name=name,
            sw_version="10.11.0",
            configuration_url="https://nas.home:9443/#!/containers/1",
            via_device_id=host.id,
        )
        found[name] = [
            _of_container(hass, owner, device, *shape)
            for shape in (
                ("binary_sensor", "Status", "on", "running"),
                ("sensor", "State", "running", "enum"),
                ("sensor", "Health", STATE_UNKNOWN, "enum"),
                ("sensor", "Memory usage", "412.5", "data_size"),
            )
        ]
    return found


def _of_container(
    hass: HomeAssistant, owner: MockConfigEntry, device: dr.DeviceEntry, domain: str, what: str, *shape: str
) -> er.RegistryEntry:
    entry = er.async_get(hass).async_get_or_create(
        domain,
        "portainer",
        f"{device.id} {what}",
        config_entry=owner,
        device_id=device.id,
        original_name=what,
        suggested_object_id=f"{device.name} {what}",
    )
    unit = {"unit_of_measurement": "MiB"} if shape[1] == "data_size" else {}
    put(hass, entry, shape[0], f"{device.name} {what}", device_class=shape[1], **unit)
    return entry


def put(hass: HomeAssistant, entry: er.RegistryEntry, value: str, name: str = "", **attributes: Any) -> None:
    """Write a state; attributes that are not given stay as they are."""
    known = hass.states.get(entry.entity_id)
    told = {**(known.attributes if known else {}), **attributes}
    hass.states.async_set(entry.entity_id, value, {**told, **({"friendly_name": name} if name else {})})


async def test_container_of_several_entities_is_one_thing(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """Picked by its integration; no health check is no problem, and an end is one event."""
    found = portainer(hass, "Jellyfin", "Sonarr")
    entry = await watch(hass, hub.url, rack(integrations=["Portainer"]))
    await pass_time(hass, freezer, 601)
    assert sensor(hass, "health") == "ok"
    told = await answer(hass, "How is Jellyfin?")
    assert told == "Jellyfin is fine."
    assert await answer(hass, "Wie geht es Jellyfin?", "de") == "Jellyfin ist in Ordnung."
    assert await answer(hass, "Which version of Jellyfin is running?") == "Jellyfin runs 10.11.0."
    thing = await act(hass, "look_up", name="Jellyfin")
    assert thing["url"] == "https://nas.home:9443/#!/containers/1"
    assert thing["facts"]["memory_usage"] == {"value": 412.5, "unit": "MiB"}
    status, docker, *_ = found["Jellyfin"]
    put(hass, status, "off")
    put(hass, docker, "exited")
    await pass_time(hass, freezer)
    assert sensor(hass, "health") == "degraded"
    assert len(entry.runtime_data.situation().health.problems) == 1
    assert (await act(hass, "look_up", name="Jellyfin"))["state"] == "trouble"
    assert (await answer(hass, "Is Jellyfin ok?")).startswith("No: Jellyfin")
    put(hass, status, "on")
    put(hass, docker, "running")
    await pass_time(hass, freezer)
    assert sensor(hass, "health") == "ok"


async def test_integration_that_is_gone_is_one_event(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """Its devices and entities follow from it."""
    found = portainer(hass, "Jellyfin", "Sonarr", "Gitea")
    entry = await watch(hass, hub.url, rack(integrations=["portainer"]))
    for one in (one for entries in found.values() for one in entries):
        put(hass, one, "unavailable")
    await pass_time(hass, freezer, 301)
    await pass_time(hass, freezer)
    (problem,) = entry.runtime_data.situation().health.problems
    assert problem.kind == "integration_unavailable"
    assert briefings(entry)[0].startswith("portainer has been unavailable")
    # One device comes back: the others are told by themselves.
    for one in found["Gitea"]:
        put(hass, one, "on" if one.domain == "binary_sensor" else "running")
    await pass_time(hass, freezer)
    kinds = {problem.name: problem.kind for problem in entry.runtime_data.situation().health.problems}
    assert kinds == {"Jellyfin": "device_unavailable", "Sonarr": "device_unavailable"}


async def test_unknown_counts_only_where_there_was_a_value(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    found = portainer(hass, "Jellyfin")
    entry = await watch(hass, hub.url, rack(integrations=["portainer"]))
    put(hass, found["Jellyfin"][1], STATE_UNKNOWN)
    await pass_time(hass, freezer, 1)
    assert sensor(hass, "health") == STATE_UNKNOWN
    assert state(hass, "sensor", "health").attributes["not_seen"] == ["Rack: the entity Jellyfin"]
    await pass_time(hass, freezer, 301)
    assert [one.name for one in entry.runtime_data.situation().health.problems] == ["Jellyfin State"]


async def test_what_nobody_sees_any_more_is_not_over(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """Neither while it is silent, nor after a restart in which it is."""
    found = register(hass, "sensor", "raid", "degraded")
    entry = await watch(hass, hub.url, rack(found.id))
    assert sensor(hass, "health") == "degraded"
    put(hass, found, "unavailable")
    await pass_time(hass, freezer)
    assert briefings(entry)[0].startswith("Raid has been in the state degraded")
    await pass_time(hass, freezer, 301)
    assert briefings(entry)[0].startswith("Raid has been unavailable")
    assert await hass.config_entries.async_reload(entry.entry_id)
    hass.states.async_set(found.entity_id, "unknown")
    hass.states.async_set(found.entity_id, "unavailable", {"friendly_name": "Raid"})
    await pass_time(hass, freezer)
    assert sensor(hass, "health") == "degraded"
    assert briefings(entry)[0].startswith("Raid has been unavailable")
    put(hass, found, "clean")
    await pass_time(hass, freezer)
    assert sensor(hass, "health") == "ok"


async def test_what_should_pass_does_not_last_for_ever(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    found = register(hass, "sensor", "wiki", "pending", device_class="enum")
    entry = await watch(hass, hub.url, rack(found.id))
    await pass_time(hass, freezer, 1700)
    assert sensor(hass, "health") == "ok"
    await pass_time(hass, freezer, 120)
    assert sensor(hass, "health") == "degraded"
    assert briefings(entry)[0].startswith("Wiki has been in the state pending")


async def test_bound_of_a_number(hass: HomeAssistant, hub: OllamaServer) -> None:
    found = register(hass, "sensor", "ups_charge", "12", device_class="battery", unit_of_measurement="%")
    entry = await watch(hass, hub.url, rack(found.id, bad_states=["sensor.battery: <20"]))
    assert briefings(entry)[0].startswith("Ups Charge has been in the state 12 %")


async def test_device_that_is_removed(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """It was picked, so that it is gone is a problem; what is only gone from an integration is not."""
    found = portainer(hass, "Jellyfin", "Sonarr")
    device = found["Jellyfin"][0].device_id
    assert device is not None
    entry = await watch(hass, hub.url, rack(devices=[device], integrations=["portainer"]))
    for name in found:
        owner = found[name][0].device_id
        assert owner is not None
        for one in found[name]:
            hass.states.async_remove(one.entity_id)
        dr.async_get(hass).async_remove_device(owner)
        await pass_time(hass, freezer)
    assert [one.name for one in entry.runtime_data.situation().health.problems] == ["Jellyfin"]
    assert briefings(entry)[0].startswith("Jellyfin does not exist any more")
