"""The homelab's questions as Home Assistant understands them without a model, and who answers when."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.homelab_ai.assistant.looks import MOST_SAID
from custom_components.homelab_ai.assistant.sentences import BACKUPS, HEALTH, HUB_STATUS, INTENTS, WHY
from demo.servers.ollama import OllamaServer, Reply
from homeassistant.components import conversation
from homeassistant.components.conversation import agent_manager, const
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
from homeassistant.setup import async_setup_component

from .acting import second_homelab
from .common import AGENT, ask, conversation_subentry, homelab_entry, is_error, set_up, speech
from .systems import Alerts, monitor_subentry, watch
from .turns import assert_no_traceback, chats, error_text, furnish, is_on, listen

QUESTIONS = {
    "en": {
        HEALTH: (
            "How is the homelab?",
            "how is my home lab doing",
            "How's the homelab today?",
            "Is everything OK in the homelab?",
            "Is the homelab healthy?",
            "what's wrong with the homelab",
            "Homelab status",
            "Give me the homelab briefing",
            "How are the servers?",
        ),
        WHY: (
            "Why is Node Down failing?",
            "why is the node down",
            "Why isn't Alerts working?",
            "What's wrong with the node?",
            "what is the problem with Alerts",
            "Why does the node fail?",
        ),
        BACKUPS: (
            "Is everything backed up?",
            "Are my backups okay?",
            "are the backups up to date",
            "How are the backups?",
        ),
        HUB_STATUS: (
            "What is the GPU doing?",
            "what's the graphics card doing",
            "How busy is the GPU?",
            "Is Ollama running?",
            "Which models are loaded?",
            "How is the AI hub?",
        ),
    },
    "de": {
        HEALTH: (
            "Wie geht es dem Homelab?",
            "wie geht's meinem Homelab",
            "Wie läuft das Homelab?",
            "Ist im Homelab alles in Ordnung?",
            "Was ist im Homelab los?",
            "Homelab-Status",
            "Wie geht es den Servern?",
            "Wie ist der Zustand vom Homelab?",
        ),
        WHY: (
            "Warum geht Node Down nicht?",
            "Warum läuft Alerts nicht?",
            "Was ist mit Alerts los?",
            "Wieso funktioniert der Node nicht?",
            "Warum ist Alerts kaputt?",
        ),
        BACKUPS: (
            "Ist alles gesichert?",
            "Sind die Backups aktuell?",
            "Sind alle Sicherungen in Ordnung?",
            "Wie steht es um die Backups?",
        ),
        HUB_STATUS: (
            "Was macht die Grafikkarte?",
            "was macht die GPU gerade",
            "Was macht der KI-Hub?",
            "Wie ausgelastet ist die Grafikkarte?",
            "Läuft Ollama?",
            "Welche Modelle sind geladen?",
        ),
    },
}
ONE_EACH = [
    pytest.param(language, questions[0], id=f"{language}-{name}")
    for language, names in QUESTIONS.items()
    for name, questions in names.items()
]
OTHERS = {
    "en": (
        "How are you?",
        "why is the sky blue",
        "Why isn't the heating working?",
        "What's wrong with the kitchen light?",
        "is everything off",
        "What is the temperature?",
    ),
    "de": (
        "Wie geht es dir?",
        "Warum ist der Himmel blau?",
        "Warum geht die Heizung nicht?",
        "Was macht die Heizung?",
        "Ist alles aus?",
    ),
}

OWN_SENTENCES = """
conversation:
  intents:
    HassTurnOn:
      - let there be [the] {name}
    HomelabBackups:
      - did you save my life
"""


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Let a test write sentences of its own."""
    return str(tmp_path)


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        server.firing["NodeDown"] = "critical"
        yield server


@pytest.fixture
async def homelab(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> MockConfigEntry:
    """Return a furnished house with a homelab in which a node is down."""
    await furnish(hass)
    return await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))


async def understood(hass: HomeAssistant, question: str, language: str) -> conversation.ConversationResult:
    """Ask Home Assistant's own agent."""
    return await ask(hass, question, agent=conversation.HOME_ASSISTANT_AGENT, language=language)


async def run_pipeline(
    hass: HomeAssistant,
    connect: WebSocketGenerator,
    text: str,
    *,
    language: str = "en",
    engine: str = AGENT,
    prefer_local: bool = False,
) -> dict[str, Any]:
    """Ask over a pipeline, and return what its intent stage ended with."""
    assert await async_setup_component(hass, "assist_pipeline", {})
    client = await connect(hass)
    await client.send_json_auto_id(
        {
            "type": "assist_pipeline/pipeline/create",
            "name": "Test",
            "language": language,
            "conversation_engine": engine,
            "conversation_language": language,
            "prefer_local_intents": prefer_local,
            **dict.fromkeys(
                ("stt_engine", "stt_language", "tts_engine", "tts_language", "tts_voice"),
            ),
            "wake_word_entity": None,
            "wake_word_id": None,
        }
    )
    pipeline = (await client.receive_json())["result"]["id"]
    await client.send_json_auto_id(
        {
            "type": "assist_pipeline/run",
            "start_stage": "intent",
            "end_stage": "intent",
            "input": {"text": text},
            "pipeline": pipeline,
        }
    )
    ended: dict[str, Any] = {}
    while True:
        message = await client.receive_json()
        if message["type"] != "event":
            continue
        if message["event"]["type"] == "intent-end":
            ended = message["event"]["data"]
        if message["event"]["type"] == "run-end":
            return ended


def said(ended: dict[str, Any]) -> str:
    """Return what is spoken at the end of a pipeline."""
    text: str = ended["intent_output"]["response"]["speech"]["plain"]["speech"]
    return text


# What is understood


@pytest.mark.parametrize("language", QUESTIONS)
async def test_questions(hass: HomeAssistant, homelab: MockConfigEntry, language: str) -> None:
    """Each is answered as the intent itself answers, in the language it was asked in."""
    for name, questions in QUESTIONS[language].items():
        for question in questions:
            result = await understood(hass, question, language)
            assert result.response.response_type is intent.IntentResponseType.QUERY_ANSWER, question
            slots = {"homelab_thing": {"value": "alerts" if "Alerts" in question else "node"}}
            expected = await intent.async_handle(
                hass, "test", name, slots if name == WHY else {}, language=language
            )
            assert speech(result) == expected.speech["plain"]["speech"] != "", question


@pytest.mark.parametrize("language", OTHERS)
async def test_questions_of_somebody_else(
    hass: HomeAssistant, homelab: MockConfigEntry, language: str
) -> None:
    """What is not in the homelab is none of ours: a model is asked, even if local handling is preferred."""
    for question in OTHERS[language]:
        response = (await understood(hass, question, language)).response
        ours = response.intent is not None and response.intent.intent_type in INTENTS
        not_understood = intent.IntentResponseErrorCode.NO_INTENT_MATCH
        assert not ours or response.error_code is not_understood, question


async def test_languages_differ(hass: HomeAssistant, homelab: MockConfigEntry) -> None:
    answers = [speech(await understood(hass, QUESTIONS[one][HEALTH][0], one)) for one in QUESTIONS]
    assert len(set(answers)) == len(QUESTIONS)
    assert all("Node Down" in answer for answer in answers)


# Who answers


@pytest.mark.parametrize("fallback", [True, False], ids=["fallback", "no-fallback"])
@pytest.mark.parametrize(("language", "question"), ONE_EACH)
async def test_every_hub_is_off(  # noqa: PLR0917
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, language: str, question: str, fallback: bool
) -> None:
    await hub.stop()
    await furnish(hass)
    agent = conversation_subentry(offline_fallback=fallback)
    await set_up(hass, homelab_entry(hub.url, agent, monitor_subentry("alertmanager", alerts.url, "Alerts")))
    turn = await listen(hass, question, language=language)
    expected = await understood(hass, question, language)
    assert turn.answer == turn.text == speech(expected)
    assert turn.result is not None
    assert not is_error(turn.result)


async def test_only_the_homelab_is_told_of_without_fallback(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    await hub.stop()
    await furnish(hass)
    agent = conversation_subentry(offline_fallback=False)
    await set_up(hass, homelab_entry(hub.url, agent, monitor_subentry("alertmanager", alerts.url, "Alerts")))
    for question in ("Turn on the kitchen", "Why isn't the heating working?"):
        turn = await listen(hass, question)
        # Told once: as the error, and not in what is streamed as well.
        assert (turn.answer, turn.text) == (error_text("hubs_offline"), "")
    assert not is_on(hass)


async def test_thing_of_the_house_is_not_ours_while_the_hub_is_off(
    hass: HomeAssistant, homelab: MockConfigEntry, hub: OllamaServer
) -> None:
    await hub.stop()
    turn = await listen(hass, "Why isn't the heating working?")
    assert (turn.answer, turn.text) == (error_text("hubs_offline"), "")


@pytest.mark.parametrize(("language", "question"), ONE_EACH)
async def test_model_answers_where_local_handling_is_not_preferred(  # noqa: PLR0917
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    hass_ws_client: WebSocketGenerator,
    language: str,
    question: str,
) -> None:
    """And where its agent is not to answer from facts first."""
    await furnish(hass)
    system = monitor_subentry("alertmanager", alerts.url, "Alerts")
    await set_up(hass, homelab_entry(hub.url, conversation_subentry(facts_first=False), system))
    hub.script(Reply("Says the model."))
    ended = await run_pipeline(hass, hass_ws_client, question, language=language)
    assert said(ended) == "Says the model."
    assert ended["processed_locally"] is False


@pytest.mark.parametrize("engine", [AGENT, conversation.HOME_ASSISTANT_AGENT])
@pytest.mark.parametrize(("language", "question"), ONE_EACH)
async def test_no_model_is_asked_where_local_handling_is_preferred(  # noqa: PLR0917
    hass: HomeAssistant,
    homelab: MockConfigEntry,
    hub: OllamaServer,
    hass_ws_client: WebSocketGenerator,
    language: str,
    question: str,
    engine: str,
) -> None:
    ended = await run_pipeline(
        hass, hass_ws_client, question, language=language, engine=engine, prefer_local=True
    )
    assert said(ended) == speech(await understood(hass, question, language))
    assert ended["processed_locally"] is True
    assert chats(hub) == []


async def test_declined_question_reaches_the_model_where_local_handling_is_preferred(
    hass: HomeAssistant, homelab: MockConfigEntry, hub: OllamaServer, hass_ws_client: WebSocketGenerator
) -> None:
    hub.script(Reply("Its battery is empty."))
    ended = await run_pipeline(hass, hass_ws_client, "Why isn't the heating working?", prefer_local=True)
    assert said(ended) == "Its battery is empty."


async def test_each_of_several_homelabs_is_told(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    await furnish(hass)
    for number in range(4):
        alerts.firing[f"TheTemperatureOfRack{number}IsMuchHigherThanItShouldBe"] = "critical"
    system = monitor_subentry("alertmanager", alerts.url, "Alerts")
    await watch(hass, hub.url, system)
    await set_up(hass, second_homelab(hub.url, monitor_subentry("alertmanager", alerts.url, "Others")))
    said = speech(await understood(hass, "How is the homelab?", "en"))
    assert said.startswith("Homelab: ")
    assert "Cabin: " in said
    assert len(said) <= MOST_SAID
    assert said.endswith(".")


# Where Home Assistant has become another


def _without_module(patched: pytest.MonkeyPatch) -> None:
    patched.setitem(sys.modules, "homeassistant.components.conversation.agent_manager", None)


def _without_name(patched: pytest.MonkeyPatch) -> None:
    patched.delattr(const, "METADATA_CUSTOM_SENTENCE")


def _with_manager(**has: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """Return a change that gives us another manager than the one that Home Assistant itself goes on with."""
    manager = SimpleNamespace(default_agent=None, **has)
    return lambda patched: patched.setattr(agent_manager, "get_agent_manager", lambda hass: manager)


def _subscribe(subscriber: Callable[[Any], None]) -> None:
    subscriber({const.IntentSource.CONFIG: {"intents": {}}})


CHANGES = {
    "no module": _without_module,
    "no name": _without_name,
    "no subscription": _with_manager(),
    "another subscription": _with_manager(subscribe_intents=lambda: None),
    "no intents": _with_manager(
        subscribe_intents=lambda subscriber: subscriber({const.IntentSource.CONFIG: {}})
    ),
    "no update": _with_manager(subscribe_intents=_subscribe),
    "another update": _with_manager(subscribe_intents=_subscribe, update_config_intents=lambda: None),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_home_assistant_that_takes_sentences_otherwise(
    hass: HomeAssistant,
    hub: OllamaServer,
    change: Callable[[pytest.MonkeyPatch], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Only the sentences are missing: all else works, and it is said once."""
    await furnish(hass)
    with pytest.MonkeyPatch.context() as patched:
        change(patched)
        entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
        assert entry.state is ConfigEntryState.LOADED
    warnings = [one for one in caplog.records if one.levelname == "WARNING" and "sentences" in one.message]
    assert len(warnings) == 1
    assert_no_traceback(caplog)
    hub.script(Reply("All is well."))
    assert (await listen(hass, "How is the homelab?")).answer == "All is well."
    assert is_error(await understood(hass, "How is the homelab?", "en"))
    assert not is_error(await understood(hass, "Turn on the kitchen", "en"))


# Beside a person's own sentences


async def test_own_sentences_stay(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    """Those that somebody wrote into the configuration, also after they are read anew."""
    own = {"HassTurnOn": ["let there be [the] {name}"], BACKUPS: ["did you save my life"]}
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {"conversation": {"intents": own}})
    await furnish(hass)
    assert not is_error(await understood(hass, "Let there be the kitchen", "en"))
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    for _ in range(2):
        await hass.services.async_call("light", "turn_off", {"entity_id": "light.kitchen"}, blocking=True)
        await understood(hass, "Let there be the kitchen", "en")
        assert is_on(hass)
        assert not is_error(await understood(hass, "How is the homelab?", "en"))
        assert not is_error(await understood(hass, "Did you save my life?", "en"))
        assert is_error(await understood(hass, "Is everything backed up?", "en"))
        await hass.async_add_executor_job(
            Path(hass.config.config_dir, "configuration.yaml").write_text, OWN_SENTENCES
        )
        await hass.services.async_call("conversation", "reload", {}, blocking=True)


async def test_without_a_homelab(hass: HomeAssistant, homelab: MockConfigEntry) -> None:
    assert await hass.config_entries.async_remove(homelab.entry_id)
    result = await understood(hass, "How is the homelab?", "en")
    assert result.response.error_code is intent.IntentResponseErrorCode.NO_INTENT_MATCH


async def test_intents_are_no_tools(hass: HomeAssistant, homelab: MockConfigEntry, hub: OllamaServer) -> None:
    """A model has the tools for that; two ways to the same would cost it tokens."""
    hub.script(Reply("Hello."))
    await listen(hass, "Hello")
    body = chats(hub)[-1].body
    assert body is not None
    names = [tool["function"]["name"] for tool in body["tools"]]
    assert any(name.startswith("homelab_ai__") for name in names)
    assert not any(name.endswith(INTENTS) for name in names)
