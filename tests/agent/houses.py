"""Houses with rooms, aliases and real Assist tools, and a record of what a call would have changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import voluptuous as vol

from custom_components.homelab_ai.agent.arguments import MisfitError
from custom_components.homelab_ai.agent.house import house_of
from custom_components.homelab_ai.agent.tools import ToolBox
from custom_components.homelab_ai.api.chat import ToolCall
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar, entity_registry as er, floor_registry as fr, llm
from homeassistant.setup import async_setup_component

SERVICES: Mapping[str, Sequence[str]] = {
    "light": ("turn_on", "turn_off"),
    "switch": ("turn_on", "turn_off"),
    "fan": ("turn_on", "turn_off", "set_percentage"),
    "cover": ("open_cover", "close_cover", "set_cover_position", "stop_cover"),
    "climate": ("turn_on", "turn_off", "set_temperature"),
    "media_player": ("turn_on", "turn_off", "volume_set", "media_pause", "volume_mute"),
    "lock": ("lock", "unlock"),
    "vacuum": ("start", "return_to_base"),
    "todo": ("add_item",),
}


@dataclass(frozen=True)
class Entity:
    """One thing of the house; `area` by name."""

    entity_id: str
    name: str
    area: str | None = None
    aliases: tuple[str, ...] = ()
    device_class: str | None = None
    exposed: bool = True

    @property
    def domain(self) -> str:
        """Return its domain."""
        return self.entity_id.partition(".")[0]


@dataclass
class Record:
    """What the calls changed; each with the data that the service was given."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def changed(self) -> set[str]:
        """Return the entities of all calls."""
        return {entity for _, data in self.calls for entity in _ids(data)}

    def heard(self, call: ServiceCall) -> None:
        """Keep a call."""
        self.calls.append((f"{call.domain}.{call.service}", dict(call.data)))


def _ids(data: Mapping[str, Any]) -> list[str]:
    ids = data.get("entity_id", [])
    return [ids] if isinstance(ids, str) else list(ids)


async def open_house(hass: HomeAssistant) -> Record:
    """Set up the integrations whose tools are called, with services that only record."""
    for component in ("homeassistant", "intent", "conversation", "llm", *SERVICES):
        assert await async_setup_component(hass, component, {})
    await hass.async_block_till_done()
    record = Record()
    for domain, services in SERVICES.items():
        for service in services:
            hass.services.async_register(domain, service, record.heard)
    return record


def furnish(
    hass: HomeAssistant,
    entities: Sequence[Entity],
    areas: Mapping[str, tuple[str | None, tuple[str, ...]]],
) -> None:
    """Put entities and areas into the house; `areas` maps a name to its floor and its aliases."""
    floors, rooms = fr.async_get(hass), ar.async_get(hass)
    for name, (floor, aliases) in areas.items():
        level = (floors.async_get_floor_by_name(floor) or floors.async_create(floor)) if floor else None
        rooms.async_create(name, floor_id=level.floor_id if level else None, aliases=set(aliases))
    registry = er.async_get(hass)
    for entity in entities:
        entry = registry.async_get_or_create(
            entity.domain,
            "test",
            entity.entity_id,
            suggested_object_id=entity.entity_id.partition(".")[2],
            original_name=entity.name,
        )
        area = rooms.async_get_area_by_name(entity.area) if entity.area else None
        registry.async_update_entity(
            entry.entity_id,
            area_id=area.id if area else None,
            aliases=[er.COMPUTED_NAME, *entity.aliases],
        )
        attributes = {"supported_features": 0xFFFFF, "friendly_name": entity.name}
        if entity.device_class:
            attributes["device_class"] = entity.device_class
        state = "playing" if entity.domain == "media_player" else "off"
        hass.states.async_set(entity.entity_id, state, attributes)
        async_expose_entity(hass, "conversation", entity.entity_id, entity.exposed)


def clear(hass: HomeAssistant) -> None:
    """Empty the house."""
    registry, rooms, floors = er.async_get(hass), ar.async_get(hass), fr.async_get(hass)
    for entity_id in list(registry.entities):
        registry.async_remove(entity_id)
    for entity_id in hass.states.async_entity_ids():
        hass.states.async_remove(entity_id)
    for area in list(rooms.async_list_areas()):
        rooms.async_delete(area.id)
    for floor in list(floors.async_list_floors()):
        floors.async_delete(floor.floor_id)


async def assist(hass: HomeAssistant) -> tuple[llm.APIInstance, ToolBox]:
    """Return Home Assistant's Assist tools as an agent is offered them."""
    context = llm.LLMContext("homelab_ai", Context(), "en", "conversation", None)
    api = await llm.async_get_api(hass, "assist", context)
    return api, ToolBox(api.tools, api.custom_serializer, partial(house_of, hass, "conversation"))


async def call(api: llm.APIInstance, tools: ToolBox, name: str, arguments: Mapping[str, Any]) -> str:
    """Make a call as a turn does; return the error that the model is told, empty where it was made."""
    try:
        fitted = tools.fit(ToolCall(name, arguments))
        assert fitted is not None
        tools.check(fitted)
    except MisfitError as err:
        return str(err)
    try:
        await api.async_call_tool(llm.ToolInput(fitted.name, dict(fitted.arguments)))
    except (HomeAssistantError, vol.Invalid) as err:
        return f"{type(err).__name__}: {err}"
    return ""
