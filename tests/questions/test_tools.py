"""What the corpus asks, asked with tools: one call returns the facts, whatever the model says of them."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.assistant.grammar import LOOSE, NAME_LIST, QUESTIONS
from custom_components.homelab_ai.assistant.questions import places, question_of
from custom_components.homelab_ai.assistant.reading import Reading, async_read
from custom_components.homelab_ai.assistant.sentences import INTENTS, async_teach_names
from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.language.questions.loose import loosely_read
from custom_components.homelab_ai.language.questions.question import Ask, Condition, Group, Period, Question
from demo.servers.ollama import OllamaServer
from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm
from homeassistant.helpers.json import json_dumps

from ..common import MODEL, homelab_entry, set_up
from .asking import LANGUAGES, Case, cases
from .houses import HOUSES, NOW

type Call = tuple[str, dict[str, Any]]

SAID = {
    *(
        "yes",
        "no",
        "nothing",
        "not",
        "none",
        "ja",
        "nein",
        "ja:",
        "nein:",
        "nichts",
        "kein",
        "keine",
        "nicht",
    ),
    *(
        "no problem",
        "no pod",
        "kein pod",
        "all is well",
        "alles in ordnung",
        "all",
        "alle",
        "do not know",
        "weiß",
        "everything",
    ),
}
"""What an answer says, and a tool leaves to the model."""
GROUPS: Mapping[Group, str] = {Group.APPS: "services", Group.DEPLOYMENTS: "kustomizations"}
CONDITIONS: Mapping[Condition, str] = {
    Condition.SUSPENDED: "kustomizations",
    Condition.OUT_OF_SYNC: "kustomizations",
    Condition.LOADED: "models",
    Condition.FULL: "volumes",
    Condition.EXPIRING: "certificates",
    Condition.RESTARTING: "pods",
    Condition.OVERDUE: "backups",
}
HOURS: Mapping[Period, float] = {Period.WEEK: 168, Period.YESTERDAY: 48, Period.HOUR: 1}
WITHOUT_NAME: Mapping[Ask, Call] = {
    Ask.BACKUPS: ("look_up", {"name": "backups"}),
    Ask.WHEN_ANY: ("look_up", {"name": "backups"}),
    Ask.NOTES: ("list_problems", {"limit": 20}),
}
GENERAL: Mapping[str, Call] = {"HomelabHubStatus": ("look_up", {"name": "GPU"})}


def call_for(reading: Reading, asked: Any) -> Call:
    """Return the call that a model would make for a question."""
    if reading.intent_type == "HomelabWhy":
        return "explain_problem", {"problem": reading.slots["homelab_thing"]}
    if reading.intent_type in QUESTIONS:
        question = question_of(QUESTIONS[reading.intent_type], reading.slots)
    else:
        named = asked.slots.get(NAME_LIST, {"text": "", "value": ""})
        loose = loosely_read(asked.text_input, named["text"], named["value"], asked.language)
        if reading.intent_type != LOOSE or loose is None:
            return GENERAL.get(reading.intent_type, ("get_health", {}))
        question = loose
    if question.ask is Ask.CHANGED or (question.ask is Ask.BRIEFING and question.period):
        named = {"name": question.thing} if question.thing else {}
        default = 168 if question.thing else 24
        return "get_timeline", {"hours": HOURS.get(question.period or Period.LATELY, default), **named}
    if question.thing:
        return "look_up", {"name": question.thing}
    return _without_name(question)


def _without_name(question: Question) -> Call:
    if question.group is not None:
        return "look_up", {"name": GROUPS.get(question.group, question.group.value)}
    if question.ask is Ask.VALUE:
        return "look_up", {
            "name": "kustomizations" if question.attribute in ("revision", "version") else "GPU"
        }
    name = CONDITIONS.get(question.condition) if question.condition else None
    return ("look_up", {"name": name}) if name else WITHOUT_NAME.get(question.ask, ("get_health", {}))


def lacking(case: Case, text: str) -> list[str]:
    """Return the facts of a case that are not in a result."""
    facts = [fact for fact in case.facts if not set(fact.casefold().split("|")) <= SAID]
    return [fact for fact in facts if not any(one.casefold() in text for one in fact.split("|"))]


async def _asked(hass: HomeAssistant, text: str, language: str) -> Any:
    """Return a question as Home Assistant hands it to our intents."""
    agent = get_agent_manager(hass).default_agent
    assert agent is not None
    spoken = ConversationInput(
        text=text,
        context=Context(),
        conversation_id=None,
        device_id=None,
        satellite_id=None,
        language=language,
        agent_id="conversation.home_assistant",
    )
    result = await agent.async_recognize_intent(spoken, strict_intents_only=True)
    entities = result.entities.values() if result else ()
    slots = {one.name: {"value": str(one.value), "text": one.text} for one in entities}
    return SimpleNamespace(
        text_input=text, language=language, intent_type=result.intent.name if result else "", slots=slots
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_call_returns_the_facts(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, language: str
) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(NOW)
    await hub.load(MODEL, 8192, 1800)
    entry = await set_up(hass, homelab_entry(hub.url))
    api = await llm.async_get_api(
        hass, DOMAIN, llm.LLMContext("test", Context(), language, "conversation", None)
    )
    missing: list[tuple[str, Call, list[str], str]] = []
    for name, house in HOUSES.items():
        house.move_in(entry.runtime_data)
        await async_teach_names(hass)
        for case in (one for one in cases(LANGUAGES[language]) if one.house == name):
            asked = await _asked(hass, case.question, language)
            tool, arguments = call_for(await async_read(hass, asked, INTENTS, places(hass)), asked)
            result = await api.async_call_tool(llm.ToolInput(f"homelab_ai__{tool}", arguments))
            text = json_dumps(result.data).casefold()
            if lack := lacking(case, text):
                missing.append((case.question, (tool, arguments), lack, text))
    assert [f"{question} | {call} | {lack} | {text[:600]}" for question, call, lack, text in missing] == []
