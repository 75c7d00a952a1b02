"""The conversation agent: what it streams, what it sends, and in which language it fails."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.const import DOMAIN
from demo.servers.ollama import Fault, OllamaServer, Reply
from homeassistant.components import conversation
from homeassistant.components.conversation import ConversationEntityFeature
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .common import AGENT, MODEL, ask, conversation_subentry, homelab_entry, is_error, set_up, speech
from .turns import LIGHT, chats, error_text, furnish, is_on, listen, move_in, roles, sent, turn_on

THINKER = "qwen3:8b"
WITHOUT_TOOLS = "gemma3:4b"


async def test_words_come_as_the_model_says_them(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(chunks=["Good", " evening", ", sir", "."]))
    turn = await listen(hass, "Hello")
    assert turn.deltas == [
        {"role": "assistant"},
        {"content": "Good"},
        {"content": " evening"},
        {"content": ", sir"},
        {"content": "."},
    ]
    assert turn.answer == "Good evening, sir."
    assert turn.result is not None
    assert not turn.result.continue_conversation
    assert turn.result.response.language == "en"


@pytest.mark.parametrize(
    "reply",
    [
        Reply("It is warm.", thinking="Let me see."),
        Reply("<think>Let me see.</think>\n\nIt is warm."),
        Reply(chunks=["<thi", "nk>Let me", " see.</th", "ink>", "\n\n", "It is", " warm."]),
    ],
    ids=["native", "tags", "tags-in-pieces"],
)
async def test_thinking_is_shown_and_never_spoken(
    hass: HomeAssistant, hub: OllamaServer, reply: Reply
) -> None:
    await move_in(hass, hub.url, model=THINKER)
    hub.script(reply, Reply("Yes."))
    turn = await listen(hass, "Is it warm?")
    assert turn.kinds == ["assistant", "thinking_content", "content"]
    assert turn.thoughts == "Let me see."
    assert turn.text == turn.answer == "It is warm."
    # Nor is it sent back: it would only fill the context.
    assert turn.result is not None
    await listen(hass, "Really?", conversation_id=turn.result.conversation_id)
    assert sent(hub)["messages"][2] == {"role": "assistant", "content": "It is warm."}


async def test_question_lets_the_conversation_go_on(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply("Which light?"))
    turn = await listen(hass, "Light!")
    assert turn.result is not None
    assert turn.result.continue_conversation


@pytest.mark.parametrize("llm_hass_api", [["assist"], []], ids=["assist", "no-tools"])
async def test_what_does_not_change_stands_first(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, llm_hass_api: list[str]
) -> None:
    # The tools of this model stand in its system block.
    await move_in(hass, hub.url, model=THINKER, think="off", llm_hass_api=llm_hass_api)
    hub.script(*[Reply(f"Answer {number}.") for number in range(3)])
    turn = await listen(hass, "First question")
    for question in ("Second question", "Third question"):
        freezer.tick(timedelta(minutes=3))
        assert turn.result is not None
        turn = await listen(hass, question, conversation_id=turn.result.conversation_id)
    first, second, third = (sent(hub, index) for index in range(3))
    for earlier, later in ((first, second), (second, third)):
        assert later["messages"][: len(earlier["messages"])] == earlier["messages"]
        assert {**later, "messages": None} == {**earlier, "messages": None}
    assert roles(third) == "suauau"
    assert bool(first.get("tools")) is bool(llm_hass_api)
    cached = [request.cached_tokens for request in chats(hub)]
    prompts = [request.prompt_tokens for request in chats(hub)]
    assert cached[0] == 0
    for index in (1, 2):
        # All but the model's turn, its closing mark and the new question.
        assert cached[index] >= prompts[index - 1] - 10


async def test_time_is_told_with_each_question(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-11-21 09:15:00+00:00")
    await hass.config.async_set_time_zone("Europe/Berlin")
    await move_in(hass, hub.url, llm_hass_api=[])
    first = await listen(hass, "First question")
    freezer.move_to("2026-11-21 09:17:30+00:00")
    assert first.result is not None
    await listen(hass, "Second question", conversation_id=first.result.conversation_id)
    system, one, _, two = [message["content"] for message in sent(hub)["messages"]]
    assert "2026" not in system
    assert one == "First question\n\n(Saturday, 2026-11-21 10:15)"
    assert two == "Second question\n\n(Saturday, 2026-11-21 10:17)"


async def test_prompt_is_a_template(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, prompt="You are the butler of {{ ha_name }}.", llm_hass_api=[])
    await listen(hass, "Hello")
    assert sent(hub)["messages"][0]["content"] == "You are the butler of test home."


async def test_broken_prompt_is_said(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, prompt="{{ nothing.at.all }}")
    turn = await listen(hass, "Hello")
    assert turn.result is not None
    assert is_error(turn.result)
    assert "template" in turn.answer
    assert not chats(hub)


@pytest.mark.parametrize(
    ("settings", "wire"),
    [
        ({}, {"num_ctx": 8192, "num_predict": 1024}),
        ({"num_ctx": 4096}, {"num_ctx": 4096, "num_predict": 1024}),
        ({"temperature": 0.2}, {"num_ctx": 8192, "num_predict": 1024, "temperature": 0.2}),
        ({"temperature": 0}, {"num_ctx": 8192, "num_predict": 1024, "temperature": 0}),
        ({"num_predict": 50}, {"num_ctx": 8192, "num_predict": 50}),
        ({"num_predict": -1}, {"num_ctx": 8192, "num_predict": -1}),
        ({"num_predict": 0}, {"num_ctx": 8192, "num_predict": -1}),
    ],
)
async def test_options(
    hass: HomeAssistant, hub: OllamaServer, settings: dict[str, Any], wire: dict[str, Any]
) -> None:
    await move_in(hass, hub.url, **settings)
    assert not is_error(await ask(hass, "Hello"))
    assert sent(hub)["options"] == wire


@pytest.mark.parametrize(
    ("model", "think", "wire"),
    [
        (THINKER, "auto", None),
        (THINKER, "off", False),
        (THINKER, "low", "low"),
        (THINKER, "medium", "medium"),
        (THINKER, "high", "high"),
        # A model that cannot think refuses to be told to.
        (MODEL, "auto", None),
        (MODEL, "off", False),
        (MODEL, "low", None),
    ],
)
async def test_think(
    hass: HomeAssistant, hub: OllamaServer, model: str, think: str, wire: bool | str | None
) -> None:
    await move_in(hass, hub.url, model=model, think=think)
    assert not is_error(await ask(hass, "Hello"))
    assert sent(hub).get("think") == wire


@pytest.mark.parametrize(("keep_alive", "stays"), [(1800, "a while"), (-1, "forever"), (0, "no")])
async def test_keep_alive(hass: HomeAssistant, hub: OllamaServer, keep_alive: int, stays: str) -> None:
    await move_in(hass, hub.url, keep_alive=keep_alive)
    assert not is_error(await ask(hass, "Hello"))
    assert sent(hub)["keep_alive"] == keep_alive
    assert list(hub.loaded) == ([] if stays == "no" else [MODEL])
    assert all((runner.keep_alive > 1e9) is (stays == "forever") for runner in hub.loaded.values())


async def test_model_without_tools_gets_none(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, model=WITHOUT_TOOLS)
    assert not is_error(await ask(hass, "Hello"))
    assert not sent(hub)["tools"]


@pytest.mark.parametrize(("llm_hass_api", "controls"), [(["assist"], True), ([], False)])
async def test_agent_that_controls_the_house_says_so(
    hass: HomeAssistant, hub: OllamaServer, llm_hass_api: list[str], controls: bool
) -> None:
    await move_in(hass, hub.url, llm_hass_api=llm_hass_api)
    state = hass.states.get(AGENT)
    assert state is not None
    assert bool(state.attributes["supported_features"] & ConversationEntityFeature.CONTROL) is controls


async def test_agent_speaks_every_language_and_streams(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    agent = conversation.async_get_agent(hass, AGENT)
    assert isinstance(agent, conversation.ConversationEntity)
    assert agent.supported_languages == "*"
    assert agent.supports_streaming


async def test_only_so_many_rounds_are_sent(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, max_history=1)
    hub.script(turn_on(), Reply("One."), Reply("Two."), Reply("Three."))
    await listen(hass, "First", conversation_id="talk")
    assert roles(sent(hub)) == "suat"
    await listen(hass, "Second", conversation_id="talk")
    assert roles(sent(hub)) == "suatau"
    await listen(hass, "Third", conversation_id="talk")
    assert roles(sent(hub)) == "suau"
    assert [message["content"] for message in sent(hub)["messages"][1:]] == ["Second", "Two.", "Third"]


async def test_long_conversation_is_kept_under_the_context_length(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in(hass, hub.url, num_ctx=4096)
    for number in range(8):
        hub.script(turn_on(), Reply(chunks=[f"Answer {number} " + "word " * 200]))
        turn = await listen(hass, f"Question {number}", conversation_id="talk")
        assert turn.answer.startswith(f"Answer {number}")
    last = sent(hub)
    assert last["messages"][0]["role"] == "system"
    assert roles(last).startswith("su")
    assert len(last["messages"]) < 8 * 4 - 4
    for request in chats(hub):
        # What the server counts stays under the limit, so it has nothing to leave out silently.
        assert request.prompt_tokens < 4096 - 512
        kept = roles(request.body or {})[1:]
        # Each round is whole: the question, the call, its result, the answer.
        assert kept.removesuffix("u").removesuffix("uat") == "uata" * (len(kept) // 4)


async def test_prompt_that_does_not_fit_is_said_and_raised_as_a_repair(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    entry = await move_in(hass, hub.url, num_ctx=2048, prompt="Long. " * 2000)
    turn = await listen(hass, "Hello")
    assert turn.result is not None
    assert is_error(turn.result)
    assert not chats(hub)
    (agent,) = entry.get_subentries_of_type("conversation")
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"prompt_too_large_{agent.subentry_id}")
    assert issue is not None
    assert issue.translation_placeholders is not None
    tokens = issue.translation_placeholders["tokens"]
    assert int(tokens) > 4000
    assert issue.translation_placeholders == {
        "agent": "Jarvis",
        "num_ctx": "2048",
        "suggestion": "8192",
        "tokens": tokens,
    }
    assert turn.answer == error_text("prompt_too_large", tokens=tokens, num_ctx=2048)
    # Larger, it fits, and the repair is gone.
    hass.config_entries.async_update_subentry(entry, agent, data={**agent.data, "num_ctx": 8192})
    await hass.async_block_till_done()
    assert not is_error(await ask(hass, "Hello"))
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"prompt_too_large_{agent.subentry_id}") is None


async def test_repair_of_an_agent_leaves_with_it(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await move_in(hass, hub.url, num_ctx=2048, prompt="Long. " * 2000)
    assert is_error(await ask(hass, "Hello"))
    assert ir.async_get(hass).issues
    (agent,) = entry.get_subentries_of_type("conversation")
    hass.config_entries.async_remove_subentry(entry, agent.subentry_id)
    await hass.async_block_till_done()
    assert [key for key in ir.async_get(hass).issues if key[0] == DOMAIN] == []


@pytest.mark.parametrize(
    ("language", "spoken"), [("en", "en"), ("en-GB", "en"), ("de", "de"), ("de-CH", "de"), ("fr", "en")]
)
async def test_error_is_spoken_in_the_language_of_the_turn(
    hass: HomeAssistant, hub: OllamaServer, language: str, spoken: str
) -> None:
    await move_in(hass, hub.url, offline_fallback=False)
    await hub.stop()
    result = await ask(hass, "Hello", language=language)
    assert is_error(result)
    assert speech(result) == error_text("hubs_offline", spoken)
    assert error_text("hubs_offline", "de") != error_text("hubs_offline", "en")


async def test_text_of_an_error_is_not_sent_to_the_model(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.inject(Fault.status(500))
    failed = await listen(hass, "First", conversation_id="talk")
    assert failed.result is not None
    assert is_error(failed.result)
    hub.script(Reply("Here I am."))
    assert (await listen(hass, "Second", conversation_id="talk")).answer == "Here I am."
    # Since 2026.11 Home Assistant keeps the failed turn; its question may stay, but not the error.
    assert roles(sent(hub)) in ("su", "suu")
    assert failed.answer not in str(sent(hub))


async def test_two_agents_each_with_its_model(hass: HomeAssistant, hub: OllamaServer) -> None:
    await furnish(hass)
    agents = (conversation_subentry(), conversation_subentry("Friday", model=THINKER, llm_hass_api=[]))
    await set_up(hass, homelab_entry(hub.url, *agents))
    hub.script(Reply("I am Jarvis."), Reply("I am Friday."))
    assert (await listen(hass, "Who are you?")).answer == "I am Jarvis."
    assert (await listen(hass, "Who are you?", agent="conversation.friday")).answer == "I am Friday."
    assert [request.body["model"] for request in chats(hub) if request.body] == [MODEL, THINKER]
    assert not sent(hub)["tools"]


async def test_agents_may_share_a_conversation(hass: HomeAssistant, hub: OllamaServer) -> None:
    await furnish(hass)
    agents = (conversation_subentry(), conversation_subentry("Friday", llm_hass_api=[]))
    await set_up(hass, homelab_entry(hub.url, *agents))
    hub.script(turn_on(), Reply("It is on."), Reply("I heard that."))
    await listen(hass, "Kitchen light!", conversation_id="talk")
    await listen(hass, "And you?", agent="conversation.friday", conversation_id="talk")
    assert roles(sent(hub)) == "suatau"


async def test_newly_exposed_entity_is_known_in_the_next_conversation(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in(hass, hub.url)
    async_expose_entity(hass, "conversation", LIGHT, False)
    await listen(hass, "Hello")
    assert "Kitchen" not in sent(hub)["messages"][0]["content"]
    async_expose_entity(hass, "conversation", LIGHT, True)
    hub.script(turn_on(), Reply("Done."))
    await listen(hass, "Kitchen light!")
    assert "Kitchen" in sent(hub)["messages"][0]["content"]
    assert is_on(hass)
