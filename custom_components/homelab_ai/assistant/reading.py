"""Finds what a recognised question asks and names: which attribute, since when, for how long.

The sentences are those that Home Assistant has read already; here only ours are matched again, with lists of
what may be named in place of the rules that have served to recognise them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent

from .grammar import LOOSE, NAME, NAME_LIST, capturing_lists, capturing_rules, place_lists

if TYPE_CHECKING:
    from hassil.intents import Intents, TextSlotList


@dataclass(frozen=True, slots=True)
class Reading:
    """The intent that fits a sentence best, and what it names, by slot."""

    intent_type: str
    slots: Mapping[str, str] = field(default_factory=dict)


async def async_read(
    hass: HomeAssistant, intent_obj: intent.Intent, ours: Collection[str], places: Collection[str]
) -> Reading:
    """Return how a recognised sentence reads among our intents; as it stands where nobody has said it.

    None of this is documented by Home Assistant.
    """
    from homeassistant.components.conversation.agent_manager import get_agent_manager  # noqa: PLC0415

    reading: Reading | None = None
    agent, text = get_agent_manager(hass).default_agent, intent_obj.text_input
    if text and agent is not None and (loaded := await agent.async_get_or_load_intents(intent_obj.language)):
        strict = [name for name in ours if name != LOOSE]
        reading = await hass.async_add_executor_job(_read, loaded.intents, strict, text, places)
    return reading or Reading(intent_obj.intent_type, _given(intent_obj))


def _given(intent_obj: intent.Intent) -> dict[str, str]:
    """Return the slots that an intent was called with, and not a sentence."""
    values = {name: slot.get("value") for name, slot in intent_obj.slots.items()}
    return {
        NAME if name == NAME_LIST else name: value
        for name, value in values.items()
        if isinstance(value, str) and value
    }


def _read(intents: Intents, ours: Collection[str], text: str, places: Collection[str]) -> Reading | None:
    from hassil.intents import Intents  # noqa: PLC0415
    from hassil.recognize import recognize_best  # noqa: PLC0415

    lists: Mapping[str, Any] = {
        **intents.slot_lists,
        **_lists(),
        **_places(tuple(places)),
    }
    of_ours = Intents(
        intents.language,
        {name: intents.intents[name] for name in ours if name in intents.intents},
        dict(lists),
        intents.expansion_rules,
        intents.skip_words,
        intents.settings,
    )
    result = recognize_best(text, of_ours, expansion_rules=_rules())
    if result is None:
        return None
    slots: dict[str, str] = {}
    for entity in result.entities_list:
        slot = NAME if entity.name == NAME_LIST else entity.name
        slots[slot] = f"{slots[slot]} {entity.value}" if slot in slots else str(entity.value)
    return Reading(result.intent.name, slots)


@cache
def _lists() -> Mapping[str, TextSlotList]:
    from hassil.intents import TextSlotList  # noqa: PLC0415

    return {key: TextSlotList.from_tuples(values, name=key) for key, values in capturing_lists().items()}


@lru_cache(maxsize=1)
def _places(places: tuple[str, ...]) -> Mapping[str, TextSlotList]:
    from hassil.intents import TextSlotList  # noqa: PLC0415

    return {key: TextSlotList.from_tuples(values, name=key) for key, values in place_lists(places).items()}


@cache
def _rules() -> dict[str, Any]:
    from hassil.parse_expression import parse_sentence  # noqa: PLC0415

    return {name: parse_sentence(text) for name, text in capturing_rules().items()}
