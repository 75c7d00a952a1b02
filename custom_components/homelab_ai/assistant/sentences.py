"""The homelab's questions as Home Assistant intents, answered without a model.

Their sentences stand among those that a person may write under `conversation: intents:`, so Home Assistant
asks them wherever it would ask its own: always with its own agent, which is also who answers while every hub
is off, and before a model only in a pipeline that prefers local handling.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, intent
from homeassistant.helpers.debounce import Debouncer

from ..agent.unlinked import unlinked
from ..const import LOGGER
from ..coordinator import HomelabConfigEntry
from ..health.situation import Situation
from ..language.answers import hub_status, why
from ..language.briefing import brief
from .grammar import LOOSE, QUESTIONS, loose_sentences, name_list, rules, sentences
from .looks import Look, look_at, say, unhurried
from .questions import LooseQuestion, ThingQuestion, names, places

_GENERAL = HEALTH, WHY, BACKUPS, HUB_STATUS = (
    "HomelabHealth",
    "HomelabWhy",
    "HomelabBackups",
    "HomelabHubStatus",
)
INTENTS = tuple(dict.fromkeys((*_GENERAL, *QUESTIONS, LOOSE)))
_THING = "homelab_thing"
NAMES_PATIENCE = 10.0
"""Seconds until new names are understood: many come at once, and each time all sentences are read anew."""

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
        "(ist|wurde) alles gesichert [worden]",
        f"sind [alle] [(die|meine)] (backups|sicherungen) ({_GUT}|aktuell|da)",
        "(wie geht es|wie steht es um) [(den|die|meine[n])] (backups|sicherungen)",
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
        "wie (geht es|geht's) (dem|der) (gpu|grafikkarte|ollama|ki(-| )(hub|server))",
        f"wie (voll|ausgelastet|beschäftigt) ist {_KARTE}",
        f"(ist|läuft) {_KARTE} [gerade] [(an|online|frei|beschäftigt|ausgelastet)]",
        "welche [(ki|ai)[-| ]]modelle (sind geladen|laufen) [gerade]",
    ),
}

# What is raised where something is called otherwise, or takes other arguments, than it did.
_CHANGED = (ImportError, AttributeError, LookupError, TypeError)


async def async_register_sentences(hass: HomeAssistant) -> None:
    """Let Home Assistant know the questions; without any homelab loaded they are declined."""
    for handler in _questions():
        intent.async_register(hass, handler)
    try:
        await _async_teach(hass)
    except _CHANGED as err:
        LOGGER.warning(
            "This version of Home Assistant takes sentences in another way (%s: %s): questions about the"
            " homelab are not understood without a model",
            type(err).__name__,
            err,
        )


async def _async_teach(hass: HomeAssistant) -> None:
    """Put our sentences among a person's own, again each time those are read anew.

    A person who writes sentences for one of our intents has these instead. Raises one of `_CHANGED` where
    Home Assistant has none of this any more: nothing of it is documented.
    """
    # At the top of the module these would keep the whole integration from loading.
    from homeassistant.components.conversation.agent_manager import get_agent_manager  # noqa: PLC0415
    from homeassistant.components.conversation.const import (  # noqa: PLC0415
        METADATA_CUSTOM_SENTENCE,
        IntentSource,
    )

    manager = get_agent_manager(hass)
    # Goes before sentences of Home Assistant that fit as well: ours name the homelab.
    metadata = {METADATA_CUSTOM_SENTENCE: True}
    ours = {name: _as_config([*_SENTENCES.get(name, ()), *_of_things(name)], metadata) for name in INTENTS}
    # These yield to every sentence that says more of itself.
    ours[LOOSE] = _as_config(loose_sentences(), {})

    @callback
    def teach(intents: Mapping[IntentSource, dict[str, Any]]) -> None:
        config = intents.get(IntentSource.CONFIG)
        if config is not None and not set(INTENTS) <= config["intents"].keys():
            _put_names(hass, config)
            manager.update_config_intents({**ours, **config["intents"]})

    manager.subscribe_intents(teach)
    # A homelab may be set up long after somebody has spoken.
    if manager.default_agent is not None:
        await manager.default_agent.async_reload()


@callback
def async_follow_names(hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
    """Let Home Assistant know what the things of a homelab are called, now and whenever that changes."""
    debouncer: Debouncer[Any] = Debouncer(
        hass,
        LOGGER,
        cooldown=NAMES_PATIENCE,
        immediate=True,
        function=partial(async_teach_names, hass),
        background=True,
    )

    @callback
    def stop(_event: Event | None = None) -> None:
        debouncer.async_shutdown()

    entry.async_on_unload(stop)
    entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, stop))
    entry.async_on_unload(entry.runtime_data.things.async_listen_to_names(debouncer.async_schedule_call))
    debouncer.async_schedule_call()


async def async_teach_names(hass: HomeAssistant) -> None:
    """Put the names of all things into the lists of the sentences."""
    with suppress(*_CHANGED):  # was said when the sentences were registered
        from homeassistant.components.conversation.agent_manager import get_agent_manager  # noqa: PLC0415
        from homeassistant.components.conversation.const import IntentSource  # noqa: PLC0415

        manager = get_agent_manager(hass)
        configs: list[dict[str, Any]] = []
        # The subscriber is told at once all that there is, and needs to hear nothing more.
        manager.subscribe_intents(lambda sources: configs.append(sources[IntentSource.CONFIG]))()
        (config,) = configs
        _put_names(hass, config)
        manager.update_config_intents(config["intents"])
        if manager.default_agent is not None:
            await manager.default_agent.async_reload()


def _put_names(hass: HomeAssistant, config: dict[str, Any]) -> None:
    """Put what sentences refer to beside a person's own lists and rules."""
    config["lists"] = {**config.get("lists", {}), **name_list(names(hass))}
    config["expansion_rules"] = {**config.get("expansion_rules", {}), **rules(places(hass))}


def _of_things(intent_type: str) -> Sequence[str]:
    return sentences(QUESTIONS[intent_type]) if intent_type in QUESTIONS else ()


def _as_config(texts: Sequence[str], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return sentences as Home Assistant reads them."""
    lists = {_THING: {"wildcard": True}}
    return {"data": [{"sentences": list(texts), "lists": lists, "metadata": dict(metadata)}]}


class _Question(intent.IntentHandler):
    """A question about all homelabs."""

    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        """Answer, or decline: then Home Assistant goes on as if it had not understood."""
        looks = look_at(intent_obj.hass)
        text = await self.answer(looks, intent_obj) if looks else None
        response = intent_obj.create_response()
        if text is None:
            response.async_set_error(intent.IntentResponseErrorCode.NO_INTENT_MATCH, "")
        else:
            response.response_type = intent.IntentResponseType.QUERY_ANSWER
            response.async_set_speech(unlinked(text))
        return response

    async def answer(self, looks: Sequence[Look], intent_obj: intent.Intent) -> str | None:
        """Return what is said; None declines."""
        raise NotImplementedError


class _General(_Question):
    """A question about the homelabs as a whole."""

    def __init__(self, intent_type: str, description: str, words: Callable[[Situation, str], str]) -> None:
        """`words` returns what is to say of a homelab, in a language."""
        self.intent_type = intent_type
        self.description = description
        self._words = words

    async def answer(self, looks: Sequence[Look], intent_obj: intent.Intent) -> str | None:
        """Return it of each."""
        return await say(looks, self._words, intent_obj.language)


class _Why(_Question):
    """Why is Paperless failing?"""

    intent_type = WHY
    description = "Tells why something in the homelab is failing"

    @property
    def slot_schema(self) -> dict[str, Any]:
        """Return the one slot: what a person calls the thing."""
        return {_THING: cv.string}

    async def answer(self, looks: Sequence[Look], intent_obj: intent.Intent) -> str | None:
        """Return why, of the homelabs that know the thing; all other things are somebody else's question."""
        thing: str = self.async_validate_slots(intent_obj.slots)[_THING]["value"]
        knowing = await unhurried(looks, lambda: [look for look in looks if look.knows(thing)])
        if not knowing:
            return None
        return await say(
            knowing, lambda situation, language: why(situation, thing, language), intent_obj.language
        )


def _questions() -> tuple[intent.IntentHandler, ...]:
    return (
        *(ThingQuestion(ask, INTENTS) for ask in QUESTIONS.values()),
        LooseQuestion(INTENTS),
        _General(HEALTH, "Tells how the homelab is as a whole", brief),
        _Why(),
        _General(HUB_STATUS, "Tells what the AI hub and its GPU are doing", hub_status),
    )
