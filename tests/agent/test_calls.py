"""What a call may do: with the real Assist tools, a broken call changes what its words named, or nothing."""

from typing import Any

import pytest

from custom_components.homelab_ai.api.chat import ToolCall
from homeassistant.core import HomeAssistant

from .houses import Entity, assist, call, furnish, open_house

AREAS = {
    "Kitchen": ("Ground", ()),
    "Living Room": ("Ground", ("Lounge",)),
    "Bedroom": ("Upper", ()),
}
HOUSE = (
    Entity("light.kitchen", "Kitchen lamp", "Kitchen", ("Stove lamp",)),
    Entity("light.ceiling", "Ceiling", "Kitchen"),
    Entity("light.sofa", "Sofa", "Living Room"),
    Entity("light.bed", "Bed", "Bedroom"),
    Entity("light.cellar", "Cellar", None, exposed=False),
    Entity("switch.coffee", "Coffee machine", "Kitchen"),
    Entity("switch.pump", "Pump"),
    Entity("cover.blind", "Blind", "Living Room", device_class="blind"),
    Entity("cover.garage", "Garage", None, device_class="garage"),
    Entity("fan.fan", "Fan", "Bedroom"),
    Entity("lock.door", "Front door"),
    Entity("media_player.tv", "TV", "Living Room"),
    Entity("media_player.radio", "Radio", "Kitchen"),
    Entity("vacuum.robi", "Robi"),
    Entity("todo.shopping", "Shopping list"),
)
LAMP = {"light.kitchen"}
KITCHEN_LIGHTS = {"light.kitchen", "light.ceiling"}
LIGHTS = {"light.kitchen", "light.ceiling", "light.sofa", "light.bed"}
NONE: set[str] = set()
ON = "intent__HassTurnOn"
OFF = "intent__HassTurnOff"
SET = "light__HassLightSet"
POSITION = "intent__HassSetPosition"
VOLUME = "media_player__HassSetVolume"
FAN = "fan__HassFanSetSpeed"
ADD = "todo__HassListAddItem"

# Kind E: an argument nobody takes must not be dropped.
WIDENING: list[tuple[str, dict[str, Any], set[str]]] = [
    (ON, {"entity_id": "light.kitchen", "domain": ["light"]}, LAMP),
    (ON, {"entity_id": ["light.kitchen"], "domain": "light"}, LAMP),
    (ON, {"entity": "light.kitchen", "domain": ["light"]}, LAMP),
    (ON, {"device": "Kitchen lamp", "domain": ["light"]}, LAMP),
    (ON, {"names": ["Kitchen lamp"], "domain": ["light"]}, LAMP),
    (ON, {"target": {"entity_id": "light.kitchen"}, "domain": ["light"]}, LAMP),
    (ON, {"target": {"name": "Kitchen lamp"}, "domain": ["light"]}, LAMP),
    (ON, {"target": "Kitchen lamp", "domain": ["light"]}, LAMP),
    (ON, {"arguments": {"name": "Kitchen lamp"}, "domain": ["light"]}, LAMP),
    (ON, {"slots": {"name": {"value": "Kitchen lamp"}, "domain": {"value": "light"}}}, LAMP),
    (ON, {"data": '{"entity_id": "light.kitchen"}', "domain": "light"}, LAMP),
    (ON, {"entityId": "light.kitchen", "domain": ["light"]}, LAMP),
    (ON, {"Device Name": "Kitchen lamp", "domain": ["light"]}, LAMP),
    (ON, {"name": "Kitchen lamp", "state": "on"}, LAMP),
    (ON, {"name": "Kitchen lamp", "service": "light.turn_on"}, LAMP),
    (ON, {"name": "Kitchen lamp", "entity_id": "light.kitchen"}, LAMP),
    (ON, {"name": "", "entity_id": "light.kitchen", "area": None, "domain": []}, LAMP),
    (ON, {"name": "Kitchen lamp", "transition": None}, LAMP),
    (ON, {"room": "Kitchen", "domain": "light"}, KITCHEN_LIGHTS),
    (ON, {"name": "Ceiling", "entity_id": "light.kitchen"}, NONE),
    (ON, {"name": "", "domain": ["light"]}, NONE),
    (ON, {"name": None, "domain": ["light"]}, NONE),
    (ON, {"name": " ", "domain": ["light"]}, NONE),
    (ON, {"name": [], "domain": ["light"]}, NONE),
    (ON, {"name": {}, "domain": ["light"]}, NONE),
    (ON, {"name": "null", "domain": ["light"]}, NONE),
    (ON, {"name": "", "area": "Kitchen"}, NONE),
    (ON, {"area": "", "domain": ["light"]}, NONE),
    (ON, {"area": "None", "floor": "None", "domain": ["light"]}, NONE),
    (ON, {"name": "all", "area": "", "domain": ["light"]}, NONE),
    (ON, {"area": "Kitchen", "domain": []}, NONE),
    (ON, {"area": "Kitchen", "domain": [""]}, NONE),
    (ON, {"area": "Kitchen", "domain": ["None"]}, NONE),
    (ON, {"device": "", "domain": ["light"]}, NONE),
    (ON, {"entity_id": [], "domain": ["light"]}, NONE),
    (ON, {"target": {}, "domain": ["light"]}, NONE),
    (ON, {"entity_id": "light.nowhere", "domain": ["light"]}, NONE),
    (ON, {"entity_id": "light.cellar", "domain": ["light"]}, NONE),
    (ON, {"entity_id": ["light.kitchen", "light.sofa"], "domain": ["light"]}, NONE),
    (ON, {"label": "evening", "domain": ["light"]}, NONE),
    (ON, {"label": "", "domain": ["light"]}, NONE),
    (ON, {"exclude": "Kitchen lamp", "domain": ["light"]}, NONE),
    (ON, {"name": "Kitchen lamp", "state": "off"}, NONE),
    (ON, {"brightness": 50, "domain": ["light"]}, NONE),
    (ON, {"preferred_area_id": "kitchen", "domain": ["light"]}, NONE),
    (ON, {}, NONE),
    (ON, {"name": "light.kitchen, light.sofa"}, NONE),
    (ON, {"name": {"entity": "Kitchen lamp", "area": "Kitchen"}, "domain": ["light"]}, NONE),
    (ON, {"name": 5, "domain": ["light"]}, NONE),
    (ON, {"name": True, "domain": ["light"]}, NONE),
    (ON, {"area": "Attic", "domain": ["light"]}, NONE),
    (ON, {"domain": ["light", "lamps of the kitchen"]}, NONE),
    (ON, {"domain": "everything"}, NONE),
    (ON, {"area": "Living Room", "domain": ["cover"], "device_class": []}, NONE),
    (SET, {"brightness": 20}, NONE),
    (SET, {"brightness": 20, "light": "Kitchen lamp"}, NONE),
    (SET, {"lamp": "Kitchen lamp", "brightness": 20, "domain": ["light"]}, NONE),
    (VOLUME, {"volume_level": 20}, NONE),
    (VOLUME, {"volume_level": 20, "player": "TV"}, NONE),
    ("intent__HassCancelAllTimers", {"name": "Pizza"}, NONE),
    ("intent__HassCancelAllTimers", {"area": ""}, NONE),
    (ON, {"name": "Kitchen lamp and Sofa"}, NONE),
    (ON, {"name": "Kitchen lamp / Sofa"}, NONE),
    (ON, {"name": "Sofa (light.kitchen)"}, NONE),
    (ON, {"name": "*"}, NONE),
    (ON, {"name": "the", "domain": ["light"]}, NONE),
    (ON, {"name": "the all", "domain": ["light"]}, NONE),
    (ON, {"name": "all lights"}, NONE),
    (ON, {"name": "<name>", "domain": ["light"]}, NONE),
    (ON, {"name": "-", "area": "Kitchen", "domain": ["light"]}, NONE),
    (ON, {"name": False, "area": "Kitchen", "domain": ["light"]}, NONE),
    (ON, {"name": {"type": "string", "description": "Kitchen lamp"}, "domain": ["light"]}, NONE),
    (ON, {"area": ["Kitchen", "Bedroom"], "domain": ["light"]}, NONE),
    (ON, {"zone": "Kitchen", "domain": ["light"]}, NONE),
    (ON, {"not": "Kitchen", "domain": ["light"]}, NONE),
    (ON, {"arguments": {"name": ""}, "domain": ["light"]}, NONE),
    (ON, {"unreadable": "x", "domain": ["light"]}, NONE),
    # What people mean so, and may have.
    (OFF, {"area": "Kitchen", "domain": ["light"]}, KITCHEN_LIGHTS),
    (ON, {"area": "Kitchen", "domain": ["light"], "device_class": []}, KITCHEN_LIGHTS),
    (ON, {"area": "Kitchen", "floor": "", "domain": ["light"]}, KITCHEN_LIGHTS),
    (ON, {"domain": ["light"]}, LIGHTS),
    (ON, {"name": "all", "domain": ["light"]}, LIGHTS),
    (ON, {"floor": "Upper", "domain": ["light"]}, {"light.bed"}),
    (OFF, {"area": "Kitchen"}, KITCHEN_LIGHTS | {"switch.coffee", "media_player.radio"}),
    ("vacuum__HassVacuumStart", {}, {"vacuum.robi"}),
]
# Kind F: one thing in another shape.
SHAPES: list[tuple[str, dict[str, Any], set[str]]] = [
    (ON, {"name": ["Kitchen lamp"]}, LAMP),
    (ON, {"name": {"value": "Kitchen lamp"}}, LAMP),
    (ON, {"name": {"name": "Kitchen lamp"}}, LAMP),
    (ON, {"name": '["Kitchen lamp"]'}, LAMP),
    (ON, {"name": "['Kitchen lamp']"}, LAMP),
    (ON, {"name": '{"value": "Kitchen lamp"}'}, LAMP),
    (ON, {"name": "Kitchen lamp, Stove lamp"}, LAMP),
    (ON, {"name": "Stove lamp,Kitchen lamp"}, LAMP),
    (ON, {"name": ["Kitchen lamp", "Stove lamp"]}, LAMP),
    (ON, {"name": "  kitchen LAMP "}, LAMP),
    (ON, {"name": "light.kitchen"}, LAMP),
    (ON, {"name": "Light.Kitchen"}, LAMP),
    (ON, {"name": "the kitchen lamp"}, LAMP),
    (ON, {"name": "kitchen_lamp"}, LAMP),
    (ON, {"name": "Kitchen lamp (light.kitchen)"}, LAMP),
    (ON, {"name": '"Kitchen lamp"'}, LAMP),
    (ON, {"name": "Kitchen lamp."}, LAMP),
    (ON, {"name": "Kitchen lamp; Stove lamp"}, LAMP),
    (ON, {"name": "Stove lamp / Kitchen lamp"}, LAMP),
    (ON, {"area": "area.living_room", "domain": ["light"]}, {"light.sofa"}),
    (ON, {"entities": [{"entity_id": "light.kitchen"}], "domain": ["light"]}, LAMP),
    (ON, {"kwargs": '{"name": "Kitchen lamp"}', "domain": ["light"]}, LAMP),
    (ON, {"area": "Living Room, Lounge", "domain": ["light"]}, {"light.sofa"}),
    (ON, {"area": ["Living Room"], "domain": ["light"]}, {"light.sofa"}),
    (ON, {"area": "lounge", "domain": ["light"]}, {"light.sofa"}),
    (ON, {"name": "Kitchen lamp", "area": "null", "floor": "None"}, LAMP),
    (ON, {"name": "Kitchen lamp", "domain": "null", "device_class": ["None"]}, LAMP),
    (ON, {"name": "Kitchen lamp", "domain": "light, switch"}, LAMP),
    (ON, {"name": "Kitchen lamp", "domain": "['light']"}, LAMP),
    (ON, {"name": "Kitchen lamp", "domain": '["light", "switch"]'}, LAMP),
    (ON, {"name": "Kitchen lamp", "domain": ["Light"]}, LAMP),
    (ON, {"name": "Kitchen lamp", "domain": "lights"}, LAMP),
    (ON, {"name": "Kitchen lamp", "device_class": "light"}, LAMP),
    (ON, {"area": "Kitchen", "domain": "light, switch"}, KITCHEN_LIGHTS | {"switch.coffee"}),
    (ON, {"area": "Living Room", "domain": "cover", "device_class": "Blind"}, {"cover.blind"}),
    (ON, {"area": "Living Room", "device_class": "blinds"}, {"cover.blind"}),
]
# A figure in another shape, and what the service is given.
FIGURES: list[tuple[str, dict[str, Any], str, object]] = [
    (SET, {"name": "Sofa", "brightness": "50 percent"}, "brightness_pct", 50),
    (SET, {"name": "Sofa", "brightness": "50 %"}, "brightness_pct", 50),
    (SET, {"name": "Sofa", "brightness": "50 Prozent"}, "brightness_pct", 50),
    (SET, {"name": "Sofa", "brightness": 0.5}, "brightness_pct", 50),
    (SET, {"name": "Sofa", "brightness": "0.5"}, "brightness_pct", 50),
    (SET, {"name": "Sofa", "brightness": ["50"]}, "brightness_pct", 50),
    (SET, {"name": "Sofa", "brightness": {"value": 50}}, "brightness_pct", 50),
    (SET, {"name": "Sofa", "brightness_pct": 50}, "brightness_pct", 50),
    (SET, {"name": "Sofa", "brightness": 0}, "brightness_pct", 0),
    (SET, {"name": "Sofa", "temperature": "3000 K"}, "color_temp_kelvin", 3000),
    (POSITION, {"name": "Blind", "position": "30 percent"}, "position", 30),
    (POSITION, {"name": "Blind", "percentage": 0.3}, "position", 30),
    (FAN, {"name": "Fan", "speed": "40%"}, "percentage", 40),
    (VOLUME, {"name": "TV", "volume": "0.2"}, "volume_level", 0.2),
]
# What cannot be surely read changes nothing.
UNSURE: list[tuple[str, dict[str, Any]]] = [
    (SET, {"name": "Sofa", "brightness": "half"}),
    (SET, {"name": "Sofa", "brightness": "50 lux"}),
    (SET, {"name": "Sofa", "brightness": "between 20 and 30"}),
    (SET, {"name": "Sofa", "brightness": 300}),
    (SET, {"name": "Sofa", "brightness": "+10"}),
    (SET, {"name": "Sofa", "brightness": "+10 %"}),
    (SET, {"name": "Sofa", "brightness": ["+10"]}),
    (SET, {"name": "Sofa", "brightness": {"value": "+10%"}}),
    (SET, {"name": "Sofa", "brightness": "-10"}),
    (SET, {"name": "Sofa", "brightness": "10 more"}),
    (SET, {"name": "Sofa", "brightness": True}),
    (SET, {"name": "Sofa", "brightness": "true"}),
    (SET, {"name": "Sofa", "brightness": float("nan")}),
    (SET, {"name": "Sofa"}),
    (SET, {"area": "Kitchen"}),
    (SET, {"name": "Sofa", "brightness": ""}),
    (SET, {"name": "Sofa", "brightness": None, "color": "", "temperature": "null"}),
    (SET, {"name": "Sofa", "temperature": 21}),
    (SET, {"name": "Sofa", "temperature": "21"}),
    (SET, {"name": "Sofa", "temperature": "21 K"}),
    (SET, {"name": "Sofa", "temperature": "warm"}),
    (POSITION, {"name": "Blind", "position": True}),
    (POSITION, {"name": "Blind", "position": "+20"}),
    (VOLUME, {"name": "TV", "volume_level": "+10"}),
    (VOLUME, {"name": "TV", "volume_level": True}),
    (FAN, {"name": "Fan", "percentage": "+5"}),
    (FAN, {"name": "Fan", "percentage": False}),
    ("intent__HassCancelAllTimers", {"area": "Nowhere"}),
    ("intent__HassCancelAllTimers", {"area": "Attic"}),
    (POSITION, {"name": "Blind"}),
    (ADD, {"name": "", "item": "Milk"}),
    (ADD, {"name": "Shopping list", "item": ["Milk", "Eggs"]}),
    (ON, {"name": "Kitchen lamp", "domain": ["switch"]}),
    (ON, {"name": "x" * 100_000}),
    (ON, {"name": "\ud83d"}),
    (ON, {"name": 2**70, "domain": ["light"]}),
    (ON, {"name": float("nan"), "domain": ["light"]}),
    (ON, {"name": b"Kitchen lamp", "domain": ["light"]}),
    (ON, {"name": ..., "domain": ["light"]}),
]


@pytest.mark.parametrize("table", [WIDENING, SHAPES], ids=["widening", "shapes"])
async def test_call_changes_what_its_words_named(
    hass: HomeAssistant, table: list[tuple[str, dict[str, Any], set[str]]]
) -> None:
    record = await open_house(hass)
    furnish(hass, HOUSE, AREAS)
    api, tools = await assist(hass)
    wrong = []
    for tool, arguments, changed in table:
        record.calls.clear()
        error = await call(api, tools, tool, arguments)
        await hass.async_block_till_done()
        if record.changed != changed or bool(error) is bool(changed):
            wrong.append((tool, arguments, record.changed, error))
    assert not wrong


async def test_figures_are_read(hass: HomeAssistant) -> None:
    record = await open_house(hass)
    furnish(hass, HOUSE, AREAS)
    api, tools = await assist(hass)
    wrong = []
    for tool, arguments, key, value in FIGURES:
        record.calls.clear()
        error = await call(api, tools, tool, arguments)
        await hass.async_block_till_done()
        if [data.get(key) for _, data in record.calls] != [value]:
            wrong.append((tool, arguments, record.calls, error))
    assert not wrong


async def test_what_is_not_sure_changes_nothing(hass: HomeAssistant) -> None:
    record = await open_house(hass)
    furnish(hass, HOUSE, AREAS)
    api, tools = await assist(hass)
    silent = [row for row in UNSURE if not await call(api, tools, *row)]
    await hass.async_block_till_done()
    assert not silent
    assert not record.changed


@pytest.mark.parametrize(
    ("arguments", "fitted"),
    [
        ({"list": "shopping list", "item": "Milk"}, {"name": "shopping list", "item": "Milk"}),
        ({"name": "Shopping list", "items": ["Milk"]}, {"name": "Shopping list", "item": "Milk"}),
        ({"todo_list": "todo.shopping", "task": "Milk"}, {"name": "todo.shopping", "item": "Milk"}),
    ],
)
async def test_item_of_a_list(hass: HomeAssistant, arguments: dict[str, Any], fitted: dict[str, Any]) -> None:
    await open_house(hass)
    furnish(hass, HOUSE, AREAS)
    _, tools = await assist(hass)
    ready = tools.fit(ToolCall(ADD, arguments))
    assert ready is not None
    assert ready.arguments == fitted


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "Stov lamp"}, ["“Kitchen lamp”", "takes: name, area, floor, domain, device_class"]),
        ({"entity_id": "light.sofas"}, ["“Sofa”"]),
        ({"area": "Living"}, ["“Living Room”"]),
        ({"name": "Kitchen", "domain": "light"}, ["no name but the area “Kitchen”"]),
        ({"label": "x"}, ["“label” is no parameter", "takes: name, area"]),
        ({"name": "", "domain": "light"}, ["name is empty", "takes: name, area"]),
        ({"domain": "lamp"}, ["no domain “lamp”", "light"]),
        ({"name": ["Sofa", "Bed"]}, ["once for each of “Sofa”, “Bed”"]),
    ],
)
async def test_error_tells_the_model_how_to_correct_it(
    hass: HomeAssistant, arguments: dict[str, Any], words: list[str]
) -> None:
    await open_house(hass)
    furnish(hass, HOUSE, AREAS)
    error = await call(*await assist(hass), ON, arguments)
    assert all(word in error for word in words), error
