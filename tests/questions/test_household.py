"""Questions about the house are never taken for questions about the homelab, whatever that consists of."""

from collections.abc import Iterator
import json
from pathlib import Path
import random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from hassil.intents import Intents, TextSlotList
from hassil.sample import sample_intents
import home_assistant_intents
import pytest

from custom_components.homelab_ai.assistant.sentences import async_teach_names
from demo.servers.ollama import OllamaServer
from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.util.yaml import load_yaml

from ..common import homelab_entry, set_up
from .asking import FOLDER, LANGUAGES, hear
from .houses import BUSY, NOW

SENTENCES = 500
NEAR = 200
"""Sentences of our own that sound like questions about a homelab, `household.yaml`."""
EACH = 40
"""Sentences that are drawn of each intent, before `SENTENCES` of all are drawn."""
ROOMS = {
    "en": ("Kitchen", "Living Room", "Office", "Garage"),
    "de": ("Küche", "Wohnzimmer", "Büro", "Garage"),
}
ENTITIES = {
    "en": {
        "light.lamp": "Ceiling Lamp",
        "switch.washer": "Washing Machine",
        "media_player.tv": "Television",
        "cover.door": "Garage Door",
        "sensor.outside": "Outside Temperature",
        "lock.front": "Front Door",
        "vacuum.robot": "Robot",
        "binary_sensor.window": "Kitchen Window",
    },
    "de": {
        "light.lamp": "Deckenlampe",
        "switch.washer": "Waschmaschine",
        "media_player.tv": "Fernseher",
        "cover.door": "Garagentor",
        "sensor.outside": "Außentemperatur",
        "lock.front": "Haustür",
        "vacuum.robot": "Roboter",
        "binary_sensor.window": "Küchenfenster",
    },
}
# What sounds most like a question of ours.
ALIKE = {
    "en": (
        *("is the ceiling lamp on", "which lights are on", "are all lights off", "how many lights are on"),
        *("is the washing machine running", "is the washing machine done", "how hot is it in the kitchen"),
        *(
            "what is the temperature",
            "how warm is the office",
            "are any windows open",
            "is the front door locked",
        ),
        *(
            "what's the weather like",
            "is everything off",
            "is anyone home",
            "where is anna",
            "mute the television",
        ),
        *("mute the television for two hours", "what happened to the garage door", "is the garage door open"),
        *(
            "how much battery does my phone have",
            "which devices are on",
            "are any sensors offline",
            "what time is it",
        ),
        *(
            "why is the ceiling lamp off",
            "when was the garage door opened",
            "what is playing",
            "is the heating working",
        ),
        *(
            "are all doors closed",
            "which windows are open",
            "turn on the ceiling lamp",
            "what's on my shopping list",
        ),
        *(
            "how are you",
            "tell me a joke",
            "what is the capital of france",
            "is it raining",
            "how old are you",
        ),
        *(
            "is dinner ready",
            "check the front door",
            "where does chocolate come from",
            "what depends on the weather",
        ),
        *(
            "explain photosynthesis",
            "is the robot stuck",
            "did the robot run",
            "when does the bus leave",
            "is there milk",
        ),
        *(
            "how full is the fridge",
            "is the dishwasher up to date",
            "stop telling me about football",
            "what's up",
        ),
        *(
            "is there anything i should know",
            "are we running low on milk",
            "am i down",
            "are we full",
            "do i need to renew my passport soon",
            "how's the weather holding up",
            "is the heating valid",
            "leave me alone",
        ),
    ),
    "de": (
        *(
            "ist die deckenlampe an",
            "welche lichter sind an",
            "sind alle lichter aus",
            "wie viele lichter sind an",
        ),
        *(
            "läuft die waschmaschine",
            "ist die waschmaschine fertig",
            "wie warm ist es in der küche",
            "ist die heizung an",
        ),
        *("wie ist die temperatur", "wie warm ist es im büro", "sind fenster offen", "ist die haustür zu"),
        *(
            "wie wird das wetter",
            "ist alles aus",
            "ist jemand zu hause",
            "wo ist anna",
            "schalte den fernseher stumm",
        ),
        *(
            "schalte den fernseher für zwei stunden stumm",
            "was ist mit dem garagentor passiert",
            "ist das garagentor offen",
        ),
        *(
            "wie voll ist der akku von meinem handy",
            "welche geräte sind an",
            "sind sensoren offline",
            "wie spät ist es",
        ),
        *(
            "warum ist die deckenlampe aus",
            "wann wurde das garagentor geöffnet",
            "was läuft gerade",
            "geht die heizung",
        ),
        *(
            "sind alle türen zu",
            "welche fenster sind offen",
            "mach die deckenlampe an",
            "was steht auf der einkaufsliste",
        ),
        *("wie geht es dir", "erzähl mir einen witz", "was ist die hauptstadt von frankreich", "regnet es"),
        *(
            "ist das essen fertig",
            "schau nach der haustür",
            "woher kommt schokolade",
            "was hängt vom wetter ab",
        ),
        *(
            "erkläre mir photosynthese",
            "hängt der roboter fest",
            "ist der roboter gelaufen",
            "wann fährt der bus",
        ),
        *(
            "wie voll ist der kühlschrank",
            "ist die spülmaschine aktuell",
            "läuft der fernseher",
            "was geht ab",
        ),
        *(
            "muss ich irgendwas wissen",
            "lass mich in ruhe",
            "muss ich bald meinen ausweis verlängern",
            "was braucht die pflanze",
            "komme ich nicht in die garage",
            "wird die milch knapp",
            "gab es heute einen anruf",
        ),
    ),
}


def sampled(language: str) -> list[str]:
    """Return sentences of Home Assistant's own intents, always the same ones, of every intent."""
    path = Path(home_assistant_intents.__file__).parent / "data" / f"{language}.json"
    data = json.loads(path.read_text())
    intents = Intents.from_dict(data)
    lists: dict[str, Any] = {
        "name": TextSlotList.from_strings(list(ENTITIES[language].values()), name="name"),
        "area": TextSlotList.from_strings(list(ROOMS[language]), name="area"),
        "floor": TextSlotList.from_strings(["Ground Floor"], name="floor"),
    }
    draw = random.Random(12)
    drawn: list[str] = []
    for name in sorted(intents.intents):
        texts = _of(intents, lists, name, language)
        drawn += draw.sample(texts, min(EACH, len(texts)))
    return draw.sample(drawn, SENTENCES)


def _of(intents: Intents, lists: dict[str, Any], name: str, language: str) -> list[str]:
    """Return some sentences of an intent; those that want a list that is not there have none."""

    def some() -> Iterator[str]:
        found = sample_intents(
            intents,
            slot_lists=lists,
            max_sentences_per_intent=1500,
            intent_names={name},
            language=language,
            expand_ranges=False,
        )
        try:
            for _, text in found:
                yield text
        except Exception:  # noqa: BLE001
            return

    return sorted({text for text in some() if "{" not in text})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_house_is_left_alone(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, language: str
) -> None:
    freezer.move_to(NOW)
    entry = await set_up(hass, homelab_entry(hub.url))
    for room in ROOMS[language]:
        ar.async_get(hass).async_get_or_create(room)
    for entity_id, name in ENTITIES[language].items():
        hass.states.async_set(entity_id, "on", {"friendly_name": name})
        async_expose_entity(hass, "conversation", entity_id, True)
    BUSY.move_in(entry.runtime_data)
    await async_teach_names(hass)
    near = load_yaml(str(FOLDER / "household.yaml"))
    assert isinstance(near, dict)
    assert len(near[language]) >= NEAR
    sentences = [*sampled(language), *ALIKE[language], *near[language]]
    assert len(sentences) >= SENTENCES + NEAR
    taken = {text: name for text in sentences if (name := await _is_ours(hass, text, language))}
    assert taken == {}


async def _is_ours(hass: HomeAssistant, text: str, language: str) -> str:
    """Return by which intent of ours Home Assistant's own agent would have this answered, if by any."""
    agent = get_agent_manager(hass).default_agent
    assert agent is not None
    asked = ConversationInput(
        text=text,
        context=Context(),
        conversation_id=None,
        device_id=None,
        satellite_id=None,
        language=language,
        agent_id="conversation.home_assistant",
    )
    result = await agent.async_recognize_intent(asked, strict_intents_only=True)
    if result is None or result.unmatched_entities or not result.intent.name.startswith("Homelab"):
        return ""
    # What is asked in words of anybody's is declined where nothing of ours is called so.
    return result.intent.name if (await hear(hass, text, language)).is_answer else ""
