"""The homelab's questions as Home Assistant intents, answered without a model.

Their sentences stand among those that a person may write under `conversation: intents:`, so Home Assistant
asks them wherever it would ask its own: always with its own agent, which is also who answers while every hub
is off, and before a model only in a pipeline that prefers local handling.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from homeassistant.components.conversation.agent_manager import AgentManager, get_agent_manager
from homeassistant.components.conversation.const import METADATA_CUSTOM_SENTENCE, IntentSource
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, intent

from ..health.answers import backups, hub_status, why
from ..health.briefing import brief
from .looks import Look, look_at, say

INTENTS = HEALTH, WHY, BACKUPS, HUB_STATUS = (
    "HomelabHealth",
    "HomelabWhy",
    "HomelabBackups",
    "HomelabHubStatus",
)
_THING = "homelab_thing"

_LAB = "[(my|the|our)] (homelab|home lab|cluster|server[s])"
_LABOR = (
    "[(das|dem|den|der|des|die|mein[e|em|en|es]|unser[e|em|en|es])] (homelab[s]|home lab|cluster|server[n])"
)
_FINE = "(ok|okay|fine|alright|good|healthy|well)"
_GUT = "(ok|okay|gut|in ordnung|gesund)"
_GPU = "[(my|the)] (gpu|graphics card|ollama|ai (hub|server))"
_KARTE = "[(die|der|das|mein[e|er])] (gpu|grafikkarte|ollama|ki(-| )(hub|server)|ai(-| )(hub|server))"

# One list for all languages, for Home Assistant knows no other of this origin. The answer is in the language
# of the pipeline.
_SENTENCES: Mapping[str, Sequence[str]] = {
    HEALTH: (
        f"how (is|are) [everything (in|with)] {_LAB} [(doing|going)] [today]",
        f"how's [everything (in|with)] {_LAB} [(doing|going)] [today]",
        f"is everything {_FINE} (in|with) {_LAB}",
        f"(is|are) {_LAB} {_FINE}",
        f"(what is|what's) (wrong|broken|going on|up) (in|with) {_LAB}",
        "[(give me|tell me)] [(a|the)] (homelab|cluster) (status|health|briefing|report)",
        f"wie (geht es|geht's|gehts|steht es um|läuft) {_LABOR} [heute]",
        f"ist (in|im|mit|bei|beim) {_LABOR} alles {_GUT}",
        f"ist alles {_GUT} (in|im|mit|bei|beim) {_LABOR}",
        f"ist {_LABOR} {_GUT}",
        f"was ist (in|im|mit|bei|beim) {_LABOR} (los|kaputt)",
        "[wie ist der] (homelab|cluster)[-| ](status|zustand)",
        f"[wie ist der] (status|zustand) [(von|vom)] {_LABOR}",
    ),
    WHY: (
        f"why (is|are) {{{_THING}}} (failing|down|broken|offline|red|unhealthy|not (working|running|ok))",
        f"why (is|are)n't {{{_THING}}} (working|running|up|online)",
        f"why (does|do) {{{_THING}}} (fail|not (work|run|answer))",
        f"why (does|do)n't {{{_THING}}} (work|run|answer)",
        f"(what is|what's) (wrong|the matter|the problem) with {{{_THING}}}",
        f"(warum|wieso|weshalb) (geht|läuft|funktioniert|antwortet) {{{_THING}}} nicht",
        f"(warum|wieso|weshalb) (gehen|laufen|funktionieren|antworten) {{{_THING}}} nicht",
        f"(warum|wieso|weshalb) ist {{{_THING}}} (kaputt|offline|aus|rot|nicht (erreichbar|online|da))",
        f"was ist (mit|bei) {{{_THING}}} (los|kaputt|falsch)",
        f"was hat {{{_THING}}} [denn]",
    ),
    BACKUPS: (
        "is everything (backed up|saved)",
        f"are [all] [(my|the)] backups {_FINE}",
        "are [all] [(my|the)] backups (up to date|current|recent)",
        "how are [(my|the)] backups [doing]",
        "when was the (last|latest) backup",
        "(ist|wurde) alles gesichert [worden]",
        f"sind [alle] [(die|meine)] (backups|sicherungen) ({_GUT}|aktuell|da)",
        "(wie geht es|wie steht es um) [(den|die|meine[n])] (backups|sicherungen)",
        "wann war (das letzte backup|die letzte sicherung)",
        "gibt es [aktuelle] (backups|sicherungen)",
    ),
    HUB_STATUS: (
        f"what is {_GPU} (doing|up to)",
        f"what's {_GPU} (doing|up to)",
        f"how is {_GPU} [doing]",
        f"how (busy|full) is {_GPU}",
        f"is {_GPU} (busy|free|on|online|running|up)",
        "(what|which) [ai] models are (loaded|running)",
        f"was (macht|tut) {_KARTE} [gerade]",
        f"wie (geht es|geht's) {_KARTE}",
        f"wie (voll|ausgelastet|beschäftigt) ist {_KARTE}",
        f"(ist|läuft) {_KARTE} [gerade] [(an|online|frei|beschäftigt|ausgelastet)]",
        "welche [(ki|ai)[-| ]]modelle (sind geladen|laufen) [gerade]",
    ),
}


async def async_register_sentences(hass: HomeAssistant) -> None:
    """Let Home Assistant know the questions; without any homelab loaded they are declined."""
    for handler in (Health(), Why(), Backups(), HubStatus()):
        intent.async_register(hass, handler)
    manager = get_agent_manager(hass)
    manager.subscribe_intents(partial(_teach, manager))
    # A homelab may be set up long after somebody has spoken.
    if manager.default_agent is not None:
        await manager.default_agent.async_reload()


def _teach(manager: AgentManager, told: Mapping[IntentSource, Mapping[str, Any]]) -> None:
    """Put our sentences among a person's own, again each time those are read anew.

    A person who writes sentences for one of our intents has these instead.
    """
    config = told.get(IntentSource.CONFIG)
    if config is not None and not set(INTENTS) <= config["intents"].keys():
        ours = {name: _as_config(sentences) for name, sentences in _SENTENCES.items()}
        manager.update_config_intents({**ours, **config["intents"]})


def _as_config(sentences: Sequence[str]) -> dict[str, Any]:
    data = {
        "sentences": list(sentences),
        "lists": {_THING: {"wildcard": True}},
        # Goes before sentences of Home Assistant that fit as well: ours name the homelab.
        "metadata": {METADATA_CUSTOM_SENTENCE: True},
    }
    return {"data": [data]}


class _Question(intent.IntentHandler):
    """A question about all homelabs."""

    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        """Answer, or decline: then Home Assistant goes on as if it had not understood."""
        looks = look_at(intent_obj.hass)
        slots = self.async_validate_slots(intent_obj.slots)
        wanted = slots[_THING]["value"] if _THING in slots else ""
        text = self.answer(looks, wanted, intent_obj.language) if looks else None
        response = intent_obj.create_response()
        if text is None:
            response.async_set_error(intent.IntentResponseErrorCode.NO_INTENT_MATCH, "")
        else:
            response.response_type = intent.IntentResponseType.QUERY_ANSWER
            response.async_set_speech(text)
        return response

    def answer(self, looks: Sequence[Look], wanted: str, language: str) -> str | None:
        """Return what is said; None declines."""
        raise NotImplementedError


class Health(_Question):
    """How is the homelab?"""

    intent_type = HEALTH
    description = "Tells how the homelab is as a whole"

    def answer(self, looks: Sequence[Look], wanted: str, language: str) -> str | None:
        """Return the briefing."""
        return say(looks, lambda situation: brief(situation, language))


class Why(_Question):
    """Why is Paperless failing?"""

    intent_type = WHY
    description = "Tells why something in the homelab is failing"

    @property
    def slot_schema(self) -> dict[str, Any]:
        """Return the one slot: what a person calls the thing."""
        return {_THING: cv.string}

    def answer(self, looks: Sequence[Look], wanted: str, language: str) -> str | None:
        """Return why, of the homelabs that know the thing; all other things are somebody else's question."""
        known = [look for look in looks if look.knows(wanted)]
        return say(known, lambda situation: why(situation, wanted, language)) if known else None


class Backups(_Question):
    """Is everything backed up?"""

    intent_type = BACKUPS
    description = "Tells whether everything in the homelab is backed up"

    def answer(self, looks: Sequence[Look], wanted: str, language: str) -> str | None:
        """Return how the backups are."""
        return say(looks, lambda situation: backups(situation, language))


class HubStatus(_Question):
    """What is the GPU doing?"""

    intent_type = HUB_STATUS
    description = "Tells what the AI hub and its GPU are doing"

    def answer(self, looks: Sequence[Look], wanted: str, language: str) -> str | None:
        """Return how the hubs are."""
        return say(looks, lambda situation: hub_status(situation, language))
