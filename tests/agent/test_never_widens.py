"""A command never widens: random houses, random calls, broken at random.

A call is made for a known part of the house and then broken. What changes is a part of that, and nothing at
all where a word that limited it was replaced by one that means nothing. `HOMELAB_AI_CALLS` sets how many are
tried.
"""

from collections.abc import Callable
from dataclasses import dataclass
import json
import os
import random
from typing import Any

from homeassistant.core import HomeAssistant

from .houses import Entity, assist, call, clear, furnish, open_house

CALLS = int(os.environ.get("HOMELAB_AI_CALLS", "300"))
CALLS_OF_A_HOUSE = 50
WORDS = ("Lamp", "Sofa", "Stove", "Big", "North", "Desk", "Küche", "Bett", "Rack", "Tür", "Old")
ROOMS = ("Kitchen", "Lounge", "Bad", "Office", "Attic", "Flur", "Garage")
FLOORS = (None, "Ground", "Upper")
TOOLS = {
    "intent__HassTurnOn": ("light", "switch", "cover", "fan", "lock"),
    "intent__HassTurnOff": ("light", "switch", "cover", "fan", "lock"),
    "light__HassLightSet": ("light",),
    "intent__HassSetPosition": ("cover",),
    "fan__HassFanSetSpeed": ("fan",),
    "media_player__HassSetVolume": ("media_player",),
}
FIGURES = {
    "light__HassLightSet": ("brightness", 40),
    "intent__HassSetPosition": ("position", 40),
    "fan__HassFanSetSpeed": ("percentage", 40),
    "media_player__HassSetVolume": ("volume_level", 40),
}
EMPTY: tuple[Any, ...] = ("", " ", None, [], {}, "null", "None", "[]", [""], [None])
SENSELESS: tuple[Any, ...] = (
    *("zzz unknown", "light.zzz_unknown", ["zzz", "yyy"], {"zzz": "yyy", "a": 1}, 4711, True, "*", "any one"),
    *(float("nan"), 2**80, "\ud800", b"zzz", {"a": {"b": {"c": "zzz"}}}),
)
KEYS = {
    "name": (
        "Name",
        "entity_id",
        "entity",
        "device",
        "names",
        "target",
        "deviceName",
        "friendly_name",
        "zzz",
    ),
    "area": ("Area", "room", "area_id", "areaName", "areas", "zzz"),
    "floor": ("floor_id", "Floor", "floorName", "zzz"),
    "domain": ("domains", "Domain", "type", "zzz"),
}
EXTRAS: dict[str, tuple[Any, ...]] = {
    "transition": (5, None, ""),
    "label": ("zzz", ""),
    "state": ("on", "off"),
    "entity_id": ("", None, []),
    "device_class": ([], None, "None"),
    "floor": ("", None),
    "zzz": ("zzz", None, 3),
    "target": ({}, None),
    "preferred_area_id": ("zzz",),
}


@dataclass
class Attempt:
    """A call, the entities that it is for, and whether it has lost a word that limits it."""

    tool: str
    arguments: dict[str, Any]
    meant: set[str]
    senseless: bool = False


def random_house(dice: random.Random) -> tuple[list[Entity], dict[str, tuple[str | None, tuple[str, ...]]]]:
    areas: dict[str, tuple[str | None, tuple[str, ...]]] = {
        room: (dice.choice(FLOORS), (f"{room} {dice.choice(WORDS)}",) if dice.random() < 0.3 else ())
        for room in dice.sample(ROOMS, dice.randint(1, 5))
    }
    entities = []
    for number in range(dice.randint(3, 14)):
        domain = dice.choice(("light", "light", "light", "switch", "cover", "fan", "lock", "media_player"))
        name = " ".join(dice.sample(WORDS, dice.randint(1, 2)))
        alias = f"{dice.choice(WORDS)} {number}"
        entities.append(
            Entity(
                f"{domain}.thing_{number}",
                name,
                dice.choice((*areas, None)),
                (alias,) if dice.random() < 0.4 else (),
                "blind" if domain == "cover" else None,
                exposed=dice.random() < 0.85,
            )
        )
    return entities, areas


def random_call(dice: random.Random, entities: list[Entity], areas: dict[str, Any]) -> Attempt:
    tool = dice.choice(list(TOOLS))
    domains = TOOLS[tool]
    chosen = dice.choice(entities)
    arguments: dict[str, Any] = {}
    if dice.random() < 0.6:
        names = (chosen.name, *chosen.aliases)
        arguments["name"] = dice.choice((*names, chosen.entity_id, ", ".join(names)))
        # Names are shared: then only the room or the domain tells which is meant.
        meant = {entity for entity in entities if set(names) & {entity.name, *entity.aliases}}
        if chosen.area and dice.random() < 0.5:
            arguments["area"] = chosen.area
        if dice.random() < 0.6:
            arguments["domain"] = [chosen.domain]
    else:
        anything = tool in ("intent__HassTurnOn", "intent__HassTurnOff")
        meant = {entity for entity in entities if anything or entity.domain in domains}
        if dice.random() < 0.8:
            area = dice.choice(list(areas))
            arguments["area"] = area
            meant = {entity for entity in meant if entity.area == area}
        if dice.random() < 0.9 or not arguments:
            domain = dice.choice(domains)
            arguments["domain"] = [domain]
            meant = {entity for entity in meant if entity.domain == domain}
    if tool in FIGURES:
        key, value = FIGURES[tool]
        arguments[key] = dice.choice((value, str(value), f"{value} %", value / 100, [value]))
    return Attempt(tool, arguments, {entity.entity_id for entity in meant})


def rename(dice: random.Random, attempt: Attempt) -> None:
    if keys := [key for key in attempt.arguments if key in KEYS]:
        key = dice.choice(keys)
        if (other := dice.choice(KEYS[key])) not in attempt.arguments:
            attempt.arguments[other] = attempt.arguments.pop(key)


def wrap(dice: random.Random, attempt: Attempt) -> None:
    key = dice.choice(list(attempt.arguments))
    value = attempt.arguments[key]
    shapes: tuple[Callable[[Any], Any], ...] = (
        lambda value: [value],
        lambda value: {"value": value},
        lambda value: {"name": value},
        lambda value: str([value]),
        lambda value: json.dumps({"value": value}, default=str),
        lambda value: f" {value}" if isinstance(value, str) else value,
        lambda value: value.upper() if isinstance(value, str) else value,
        lambda value: (
            ", ".join(value) if isinstance(value, list) and value and value == [str(value[0])] else value
        ),
    )
    attempt.arguments[key] = dice.choice(shapes)(value)


def empty(dice: random.Random, attempt: Attempt) -> None:
    if not attempt.senseless:
        attempt.arguments[dice.choice(list(attempt.arguments))] = dice.choice(EMPTY)


def lose_sense(dice: random.Random, attempt: Attempt) -> None:
    key = dice.choice(list(attempt.arguments))
    attempt.senseless = attempt.senseless or key in KEYS
    attempt.arguments[key] = dice.choice(SENSELESS)


def nest(dice: random.Random, attempt: Attempt) -> None:
    key = dice.choice(("arguments", "parameters", "target", "data", "slots", "zzz"))
    inner = {name: value for name, value in attempt.arguments.items() if dice.random() < 0.7}
    if inner and key not in attempt.arguments:
        attempt.arguments = {
            name: value for name, value in attempt.arguments.items() if name not in inner
        } | {key: inner}


def add(dice: random.Random, attempt: Attempt) -> None:
    key = dice.choice(list(EXTRAS))
    attempt.arguments.setdefault(key, dice.choice(EXTRAS[key]))


BREAKS = (rename, rename, wrap, wrap, empty, empty, lose_sense, nest, add)


async def test_never_widens(hass: HomeAssistant) -> None:
    record = await open_house(hass)
    seed = int(os.environ.get("HOMELAB_AI_SEED", "9"))
    dice = random.Random(seed)
    made = 0
    for number in range(CALLS):
        if number % CALLS_OF_A_HOUSE == 0:
            clear(hass)
            entities, areas = random_house(dice)
            furnish(hass, entities, areas)
            api, tools = await assist(hass)
        attempt = random_call(dice, entities, areas)
        for _ in range(dice.randint(0, 3)):
            if attempt.arguments:
                dice.choice(BREAKS)(dice, attempt)
        if attempt.tool not in tools.names:
            continue
        record.calls.clear()
        error = await call(api, tools, attempt.tool, attempt.arguments)
        # Home Assistant waits for a service only a moment; on a busy machine it is called after that.
        await hass.async_block_till_done()
        made += not error
        assert record.changed <= attempt.meant, (seed, number, attempt, record.calls)
        assert not (attempt.senseless and record.changed), (seed, number, attempt, record.calls)
    # It is no proof if hardly a call is made.
    assert made > CALLS / 8
