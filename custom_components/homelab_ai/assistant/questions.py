"""Questions about the things of the homelabs as Home Assistant intents, answered without a model."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import chain, islice

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    entity_registry as er,
    floor_registry as fr,
    intent,
)

from ..const import DOMAIN
from ..coordinator import HomelabConfigEntry, HomelabData
from ..language.called import HUB_WORDS
from ..language.names import compact
from ..language.naming import spoken_of
from ..language.questions.answering import answer
from ..language.questions.loose import loosely_read
from ..language.questions.question import Ask, Attribute, Condition, Group, Period, Question
from ..language.questions.speaker import QUESTION_WORDS
from ..language.words import language_of
from ..topology import ThingKind
from .grammar import LOOSE, NAME, NAME_LIST, PLACE, QUESTIONS, intent_name
from .knowing import knowledge_of
from .looks import Look, look_at
from .reading import Reading, async_read
from .voice_muting import muted_by_voice

_SHORTEST_NAME = 3
"""Letters; a shorter name is a part of too many sentences about the house."""
MOST_NAMES, MOST_HEARD, MOST_PLACES = 10_000, 6_000, 500
"""Each name costs Home Assistant 2.4 kB; how else one may be heard counts until there are so many in all."""
_TELLING_NEWS = (Ask.CHANGED, Ask.BRIEFING)
_CONDITIONS = ("condition", "state", "shortage")
_ATTRIBUTES = ("attribute", "resource", "moment", "backup_moment", "act", "ahead")


def names(hass: HomeAssistant) -> dict[str, str]:
    """Return how the things of all homelabs may be called, each with the name that is meant.

    First all names, then how else they are heard, while there is room; not what could be two names.
    """
    taken = {compact(name) for name in _names_of_the_house(hass)}
    homelabs = _homelabs(hass)
    ours = {name for homelab in homelabs for name in homelab.things.names.spoken if _is_ours(name, taken)}
    spoken = {name: name for name in sorted(ours)[:MOST_NAMES]}
    meant: dict[str, dict[str, str]] = {}
    for homelab in homelabs:
        for heard, name in chain(_of_first_hub(homelab), homelab.things.names.heard):
            if heard not in ours and name in spoken and _is_ours(heard, taken):
                meant.setdefault(heard, {}).setdefault(compact(name), name)
    others = ((heard, next(iter(found.values()))) for heard, found in meant.items() if len(found) == 1)
    return {**spoken, **dict(islice(others, max(0, MOST_HEARD - len(spoken))))}


def _of_first_hub(homelab: HomelabData) -> Iterable[tuple[str, str]]:
    first = next(homelab.things.topology.of_kind(ThingKind.HUB), None)
    return [(word, spoken_of(first.name)) for word in HUB_WORDS] if first else ()


def _is_ours(name: str, taken: Collection[str]) -> bool:
    """Return whether a name is long enough, and nothing in the house has it as well.

    A question about the house is never taken for one about the homelab.
    """
    return len(compact(name)) >= _SHORTEST_NAME and compact(name) not in taken


def places(hass: HomeAssistant) -> list[str]:
    """Return the places that the things of all homelabs are in."""
    everywhere = {place for homelab in _homelabs(hass) for place in homelab.things.names.places if place}
    return sorted(everywhere)[:MOST_PLACES]


def _homelabs(hass: HomeAssistant) -> list[HomelabData]:
    entries: list[HomelabConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    # One that is just being set up has its things already.
    return [homelab for entry in entries if (homelab := getattr(entry, "runtime_data", None))]


def _names_of_the_house(hass: HomeAssistant) -> Iterable[str]:
    for area in ar.async_get(hass).async_list_areas():
        yield from (area.name, *area.aliases)
    for floor in fr.async_get(hass).async_list_floors():
        yield from (floor.name, *floor.aliases)
    entities = er.async_get(hass)
    for state in hass.states.async_all():
        if async_should_expose(hass, "conversation", state.entity_id):
            entry = entities.async_get(state.entity_id)
            yield from intent.async_get_entity_aliases(hass, entry, state=state)


class ThingQuestion(intent.IntentHandler):
    """A kind of question about the things of the homelabs."""

    def __init__(self, ask: Ask, ours: Collection[str]) -> None:
        """Answer this kind of question; `ours` are all of our intents."""
        self.intent_type = intent_name(ask)
        self.description = "Answers a question about something in the homelab"
        self._ours = ours

    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        """Answer, or decline: then Home Assistant goes on as if it had not understood."""
        hass = intent_obj.hass
        reading = await async_read(hass, intent_obj, self._ours, places(hass))
        if reading.intent_type not in QUESTIONS:
            return await _handed_on(intent_obj, reading)
        return self._respond(intent_obj, question_of(QUESTIONS[reading.intent_type], reading.slots))

    def _respond(self, intent_obj: intent.Intent, question: Question | None) -> intent.IntentResponse:
        text = None if question is None else self._answer(look_at(intent_obj.hass), question, intent_obj)
        response = intent_obj.create_response()
        if text is None:
            unknown = QUESTION_WORDS[language_of(intent_obj.language).tag].unknown
            response.async_set_error(intent.IntentResponseErrorCode.NO_INTENT_MATCH, f"{unknown}.")
        else:
            response.response_type = intent.IntentResponseType.QUERY_ANSWER
            response.async_set_speech(text)
        return response

    def _answer(self, looks: Sequence[Look], question: Question, intent_obj: intent.Intent) -> str | None:
        if question.ask in (Ask.MUTE, Ask.UNMUTE):
            return muted_by_voice(looks, question, intent_obj.language)
        who = _asker(intent_obj)
        text = answered(looks, question, intent_obj.language, who)
        if text is not None and question.ask in _TELLING_NEWS:
            for look in looks:
                look.homelab.askers.note(who, look.situation.now)
        return text


class LooseQuestion(ThingQuestion):
    """A question in known words that no sentence has in this order."""

    def __init__(self, ours: Collection[str]) -> None:
        """See `ThingQuestion`."""
        super().__init__(Ask.STATE, ours)
        self.intent_type = LOOSE

    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        """Answer where the words are certain; a sentence of the others that fits all the same goes first."""
        reading = await async_read(intent_obj.hass, intent_obj, self._ours, places(intent_obj.hass))
        if reading.intent_type != LOOSE:
            return await _handed_on(intent_obj, reading)
        named = intent_obj.slots.get(NAME_LIST, {})
        question = loosely_read(
            intent_obj.text_input or "",
            str(named.get("text", "")),
            str(named.get("value", "")),
            intent_obj.language,
        )
        return self._respond(intent_obj, question)


async def _handed_on(intent_obj: intent.Intent, reading: Reading) -> intent.IntentResponse:
    """Let another of our intents answer, which the sentence fits better."""
    handler = next(
        handler for handler in intent.async_get(intent_obj.hass) if handler.intent_type == reading.intent_type
    )
    intent_obj.intent_type = reading.intent_type
    intent_obj.slots = {name: {"value": value, "text": value} for name, value in reading.slots.items()}
    return await handler.async_handle(intent_obj)


def _asker(intent_obj: intent.Intent) -> str:
    return intent_obj.context.user_id or intent_obj.satellite_id or intent_obj.device_id or ""


def question_of(ask: Ask, slots: Mapping[str, str]) -> Question:
    """Return the question that a sentence asks; `slots` are those that it has."""
    attribute = next((slots[other] for other in _ATTRIBUTES if other in slots), None)
    condition = next((slots[other] for other in _CONDITIONS if other in slots), None)
    return Question(
        ask,
        thing=_called(slots) if NAME in slots else "",
        group=Group(slots["group"]) if "group" in slots else None,
        condition=Condition(condition) if condition else None,
        attribute=Attribute(attribute) if attribute else None,
        period=Period(slots["period"]) if "period" in slots else None,
        since=slots.get("since", ""),
        span=timedelta(hours=float(slots["span"])) if "span" in slots else None,
    )


def _called(slots: Mapping[str, str]) -> str:
    """Return what a thing is called, with its kind and where it is."""
    place = f"in {slots[PLACE]}" if PLACE in slots else ""
    return f"{slots.get('kind', '')} {slots[NAME]} {place}".strip()


@callback
def answered(looks: Collection[Look], question: Question, language: str, who: str = "") -> str | None:
    """Return the answers of the homelabs that know what is asked for; None where none does.

    `who` asks: a person, or else a satellite.
    """
    answers = {
        look.name: text
        for look in looks
        if (
            text := answer(
                question, knowledge_of(look.homelab, look.situation, look.homelab.askers.last(who)), language
            )
        )
        is not None
    }
    if len(answers) < 2:
        return next(iter(answers.values()), None)
    return " ".join(f"{name}: {text}" for name, text in answers.items())
