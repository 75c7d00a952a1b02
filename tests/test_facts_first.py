"""Questions about the homelab that our own agent answers from facts, and all that it leaves to the model."""

from collections.abc import AsyncGenerator, Iterable, Iterator
from itertools import islice
from typing import Any

from hassil.expression import Sentence
from hassil.intents import Intents, TextSlotList
from hassil.sample import sample_sentence
from home_assistant_intents import get_intents
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.assistant.sentences import INTENTS
from demo.servers.ollama import OllamaServer, Reply
from homeassistant.components import conversation
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import intent

from .common import AGENT, ask, conversation_subentry, homelab_entry, is_error, set_up, speech
from .systems import Alerts, monitor_subentry
from .turns import assert_no_traceback, chats, furnish, is_on, listen, sent, turn_on, until

QUESTIONS = {
    "en": ("How is the homelab?", "Why is the node down?", "Is everything backed up?", "Is Ollama running?"),
    "de": (
        "Wie geht es dem Homelab?",
        "Warum geht Node Down nicht?",
        "Ist alles gesichert?",
        "Läuft Ollama?",
    ),
}
FOR_THE_MODEL = {
    "en": (
        "And the other one?",
        "What is wrong with it?",
        "Turn on the kitchen",
        "Why isn't the heating working?",
        "Tell me a joke about a homelab",
        "How are you?",
        "Why is the sky blue?",
    ),
    "de": (
        "Und der andere?",
        "Was ist damit los?",
        "Schalte die Küche ein",
        "Warum geht die Heizung nicht?",
        "Erzähl mir einen Witz über ein Homelab",
        "Wie geht es dir?",
        "Warum ist der Himmel blau?",
    ),
}
PER_INTENT = 3
"""Sentences of each block of Home Assistant's own."""


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        server.firing["NodeDown"] = "critical"
        yield server


async def move_in(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, **settings: Any) -> MockConfigEntry:
    await furnish(hass)
    system = monitor_subentry("alertmanager", alerts.url, "Alerts")
    return await set_up(hass, homelab_entry(hub.url, conversation_subentry(**settings), system))


@pytest.mark.parametrize(
    ("language", "question"),
    [(language, question) for language, questions in QUESTIONS.items() for question in questions],
)
async def test_facts_answer_at_once(  # noqa: PLR0917
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    language: str,
    question: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As local handling would, spoken once, and the hub is not asked."""
    await move_in(hass, hub, alerts)
    turn = await listen(hass, question, language=language)
    local = await ask(hass, question, agent=conversation.HOME_ASSISTANT_AGENT, language=language)
    assert turn.result is not None
    assert turn.answer == turn.text == speech(local) != ""
    assert turn.result.response.response_type is intent.IntentResponseType.QUERY_ANSWER
    assert not turn.result.continue_conversation
    assert chats(hub) == []
    assert_no_traceback(caplog)


@pytest.mark.parametrize(
    ("language", "question"),
    [(language, question) for language, questions in FOR_THE_MODEL.items() for question in questions],
)
async def test_all_else_goes_to_the_model(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, language: str, question: str
) -> None:
    await move_in(hass, hub, alerts)
    hub.script(Reply("Says the model."))
    turn = await listen(hass, question, language=language)
    assert turn.answer == turn.text == "Says the model."


async def test_off_by_choice(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    await move_in(hass, hub, alerts, facts_first=False)
    hub.script(Reply("Says the model."))
    assert (await listen(hass, "How is the homelab?")).answer == "Says the model."


async def test_follow_up_knows_what_was_said(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    await move_in(hass, hub, alerts)
    facts = await listen(hass, "How is the homelab?")
    assert facts.result is not None
    hub.script(Reply("It has been down since noon."))
    follow_up = await listen(hass, "And since when?", conversation_id=facts.result.conversation_id)
    assert follow_up.answer == "It has been down since noon."
    messages = sent(hub)["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]
    assert "How is the homelab?" in messages[1]["content"]
    assert messages[2]["content"] == facts.answer
    # And back to facts in the same conversation, with the model's words between.
    again = await listen(hass, "How is the homelab?", conversation_id=facts.result.conversation_id)
    assert again.answer == facts.answer
    assert len(chats(hub)) == 1


async def test_hub_that_is_off_is_not_waited_for(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    await move_in(hass, hub, alerts, offline_fallback=False)
    await hub.stop()
    turn = await listen(hass, "How is the homelab?")
    assert turn.result is not None
    assert not is_error(turn.result)
    assert "Node Down" in turn.answer


async def test_command_still_acts(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    """The model, and not Home Assistant's own agent, is asked to turn on the light."""
    await move_in(hass, hub, alerts)
    hub.script(turn_on(), Reply("Done."))
    assert (await listen(hass, "Turn on the kitchen")).answer == "Done."
    await until(lambda: is_on(hass))
    assert len(chats(hub)) == 2


def _household(language: str) -> Iterator[str]:
    """Yield sentences of all of Home Assistant's own intents, made of their templates."""
    data = get_intents(language)
    assert data is not None
    # What these name does not matter, and a wildcard has no sentences.
    names = {name: TextSlotList.from_strings([word], name=name) for name, word in _LISTS.items()}
    intents = Intents.from_dict(data)
    for each in intents.intents.values():
        for block in each.data:
            for template in islice(block.sentences, PER_INTENT):
                yield from islice(_samples(template, intents, names, language), 1)


_LISTS = {"name": "kitchen", "area": "kitchen", "floor": "ground"}


def _samples(
    template: Sentence, intents: Intents, names: dict[str, TextSlotList], language: str
) -> Iterable[str]:
    lists = {**intents.slot_lists, **names}
    for wildcard in (name for name, values in lists.items() if not hasattr(values, "values")):
        lists[wildcard] = names.get(wildcard) or TextSlotList.from_strings(["7"], name=wildcard)
    return sample_sentence(template, lists, intents.expansion_rules, language=language)


@pytest.mark.parametrize("language", ["en", "de"])
async def test_no_household_sentence_is_taken(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, language: str
) -> None:
    """Each kind of sentence that Home Assistant itself understands is not ours, by any wording."""
    await move_in(hass, hub, alerts)
    default = get_agent_manager(hass).default_agent
    assert default is not None
    sentences = list(_household(language))
    assert len(sentences) > 300
    taken = []
    for text in sentences:
        asked = conversation.ConversationInput(
            text=text,
            context=Context(),
            conversation_id=None,
            device_id=None,
            satellite_id=None,
            language=language,
            agent_id=AGENT,
        )
        result = await default.async_recognize_intent(asked, strict_intents_only=True)
        if result is not None and result.intent.name in INTENTS:
            taken.append(text)
    assert taken == []
