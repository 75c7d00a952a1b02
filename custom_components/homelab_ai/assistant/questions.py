"""Questions about the things of the homelabs as Home Assistant intents, answered without a model."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
import re
from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    entity_registry as er,
    floor_registry as fr,
    intent,
)
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator import HomelabConfigEntry
from ..language.english.questions import ENGLISH
from ..language.german.questions import GERMAN
from ..language.names import compact
from ..language.questions.answering import answer
from ..language.questions.question import Ask, Attribute, Condition, Group, Period, Question
from ..language.questions.words import QuestionWords
from .knowing import knowledge_of
from .looks import Look, look_at
from .voice_muting import muted_by_voice

_LANGUAGES = (ENGLISH, GERMAN)
_SHORTEST_NAME = 3
"""Letters; a shorter name is a part of too many sentences about the house."""
MOST_NAMES = 20_000
MOST_ASKERS = 50
_TELLING_NEWS = (Ask.CHANGED, Ask.BRIEFING)
# Home Assistant's lists by the slots of our templates.
_LISTS = {
    slot: f"homelab_{slot}"
    for slot in (
        *("name", "kind", "group", "condition", "state", "attribute", "resource", "moment", "backup_moment"),
        *("act", "ahead", "period", "span"),
    )
}


_ATTRIBUTES = ("attribute", "resource", "moment", "backup_moment", "act", "ahead")


def intent_name(ask: Ask) -> str:
    """Return the name of the intent for a kind of question: "HomelabNeededBy"."""
    return f"Homelab{''.join(part.capitalize() for part in ask.value.split('_'))}"


_SLOT = re.compile(r"\{(\w+)\}")
_SAY_LITTLE = ("kind", "group")
"""What stands before a name and need not be understood."""
QUESTIONS: Mapping[str, Ask] = {intent_name(ask): ask for ask in Ask}


type Worded = tuple[str, Mapping[str, str]]
"""A sentence of Home Assistant's recogniser, and the slots that are certain where it fits."""


def question_sentences() -> dict[str, list[Worded]]:
    """Return the sentences of all languages by intent."""
    return {
        name: [worded for words in _LANGUAGES for worded in _sentences(words, ask)]
        for name, ask in QUESTIONS.items()
    }


def _sentences(words: QuestionWords, ask: Ask) -> Iterator[Worded]:
    for sentence in words.sentences.get(ask, ()):
        for text, slots in _named_first(words, sentence):
            renamed = text
            for slot, name in _LISTS.items():
                renamed = renamed.replace(f"{{{slot}}}", f"{{{name}}}")
            yield f"{words.fillers} {renamed} {words.endings}", slots


def _named_first(words: QuestionWords, sentence: str) -> Iterator[Worded]:
    """Yield a sentence so that no list stands before the names of things.

    Where a list before it does not fit, Home Assistant tries every name at every place: seconds, with
    thousands of names. Each value of such a list has a sentence of its own instead.
    """
    before, name, after = sentence.partition("{name}")
    found = _SLOT.search(before) if name else None
    if found is None:
        yield sentence, {}
        return
    start, end = found.span()
    if before[start - 1 : start] == "[" and before[end : end + 1] == "]":
        # Without it nothing is certain.
        yield from _named_first(words, before[: start - 1] + before[end + 1 :] + name + after)
        before = f"{before[: start - 1]} {before[start:end]} {before[end + 1 :]}"
    values = [(value["out"], value["in"]) for value in _values(words, found[1])]
    if found[1] in _SAY_LITTLE:
        values = [("", "|".join(text for _, text in values))]
    for value, texts in _by_value(values).items():
        text = before[:start] + f"({texts})" + before[end:] + name + after
        certain = {_LISTS[found[1]]: value} if value else {}
        for worded, slots in _named_first(words, text):
            yield worded, {**certain, **slots}


def _by_value(values: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return all texts of each value as one template."""
    texts: dict[str, str] = {}
    for value, text in values:
        texts[value] = f"{texts[value]}|{text}" if value in texts else text
    return texts


def question_lists(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the slots of the sentences take: the names of things, and the words of each language."""
    lists = {
        _LISTS[slot]: {"values": [value for words in _LANGUAGES for value in _values(words, slot)]}
        for slot in _LISTS
        if slot != "name"
    }
    names = [{"in": name, "out": name} for name in sorted(_names(hass))[:MOST_NAMES]]
    # A list without any value is none to Home Assistant.
    return {**lists, _LISTS["name"]: {"values": names or [{"in": "no such thing", "out": ""}]}}


def _values(words: QuestionWords, slot: str) -> Iterable[dict[str, str]]:
    tables: Mapping[str, Mapping[Any, Sequence[str]]] = {
        "group": words.groups,
        "condition": words.conditions,
        "attribute": words.attributes,
        "moment": words.moments,
        "period": words.periods,
        "kind": words.kinds,
        "state": words.states,
        "resource": words.resources,
        "backup_moment": words.backup_moments,
        "act": words.acts,
        "ahead": words.ahead,
        "span": words.spans,
    }
    return ({"in": text, "out": str(key)} for key, texts in tables[slot].items() for text in texts)


def _names(hass: HomeAssistant) -> set[str]:
    """Return the names of all things, but for those that something in the house has as well.

    A question about the house is never taken for one about the homelab.
    """
    entries: list[HomelabConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    # One that is just being set up has its things already.
    homelabs = [homelab for entry in entries if (homelab := getattr(entry, "runtime_data", None))]
    names = {name for homelab in homelabs for name in homelab.things.names.spoken}
    taken = {compact(name) for name in _names_of_the_house(hass)}
    return {name for name in names if len(compact(name)) >= _SHORTEST_NAME and compact(name) not in taken}


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

    def __init__(self, ask: Ask, askers: Askers) -> None:
        """Answer this kind of question; `askers` is shared by all kinds."""
        self.intent_type = intent_name(ask)
        self.description = "Answers a question about something in the homelab"
        self._ask = ask
        self._askers = askers

    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        """Answer, or decline: then Home Assistant goes on as if it had not understood."""
        values = {slot: intent_obj.slots.get(name, {}).get("value") for slot, name in _LISTS.items()}
        said = {slot: value for slot, value in values.items() if isinstance(value, str) and value}
        question = question_of(self._ask, said)
        text = self._answer(look_at(intent_obj.hass), question, intent_obj)
        response = intent_obj.create_response()
        if text is None:
            response.async_set_error(intent.IntentResponseErrorCode.NO_INTENT_MATCH, "")
        else:
            response.response_type = intent.IntentResponseType.QUERY_ANSWER
            response.async_set_speech(text)
        return response

    def _answer(self, looks: Sequence[Look], question: Question, asked: intent.Intent) -> str | None:
        if question.ask in (Ask.MUTE, Ask.UNMUTE):
            return muted_by_voice(looks, question, asked.language)
        before = self._askers.last(asked)
        text = answered(looks, question, asked.language, before)
        if text is not None and question.ask in _TELLING_NEWS:
            self._askers.note(asked)
        return text


class Askers:
    """When who asked last for news: a person, or else a satellite; the last few of them."""

    def __init__(self) -> None:
        """Know nobody yet."""
        self._times: dict[str, datetime] = {}

    def last(self, asked: intent.Intent) -> datetime | None:
        """Return when the same person asked last, None where that is not known."""
        return self._times.get(_asker(asked))

    def note(self, asked: intent.Intent) -> None:
        """Take note that somebody was told what is new."""
        who = _asker(asked)
        self._times.pop(who, None)
        self._times[who] = dt_util.utcnow()
        if len(self._times) > MOST_ASKERS:
            del self._times[next(iter(self._times))]


def _asker(asked: intent.Intent) -> str:
    return asked.context.user_id or asked.satellite_id or asked.device_id or ""


def question_of(ask: Ask, slots: Mapping[str, str]) -> Question:
    """Return the question that a sentence asks; `slots` are those that it has."""
    attribute = next((slots[one] for one in _ATTRIBUTES if one in slots), None)
    condition = slots.get("condition") or slots.get("state")
    return Question(
        ask,
        thing=f"{slots.get('kind', '')} {slots.get('name', '')}".strip() if "name" in slots else "",
        group=Group(slots["group"]) if "group" in slots else None,
        condition=Condition(condition) if condition else None,
        attribute=Attribute(attribute) if attribute else None,
        period=Period(slots["period"]) if "period" in slots else None,
        span=timedelta(hours=float(slots["span"])) if "span" in slots else None,
    )


@callback
def answered(
    looks: Collection[Look], question: Question, language: str, asked: datetime | None = None
) -> str | None:
    """Return the answers of the homelabs that know what is asked for; None where none does."""
    answers = {
        look.name: text
        for look in looks
        if (text := answer(question, knowledge_of(look.homelab, look.situation, asked), language)) is not None
    }
    if len(answers) < 2:
        return next(iter(answers.values()), None)
    return " ".join(f"{name}: {text}" for name, text in answers.items())
