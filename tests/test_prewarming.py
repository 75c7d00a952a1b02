"""Prewarming: what happens at the hub between the first word of a question and its last."""

from collections.abc import AsyncGenerator
from datetime import timedelta
import time

import pytest

from custom_components.homelab_ai.agent import prewarming
from custom_components.homelab_ai.hub import gate, server
from demo.servers.ollama import Fault, OllamaServer, Reply, Timing
from demo.servers.ollama.catalogue import registry
from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .common import (
    AGENT,
    MODEL,
    ai_task_subentry,
    ask,
    conversation_subentry,
    homelab_entry,
    hub_subentry,
    is_error,
    set_up,
    speech,
)
from .turns import (
    assert_no_traceback,
    chats,
    do_task,
    furnish,
    move_in,
    roles,
    sent,
    session_of,
    turn_on,
    until,
)

QUESTION = "Is the kitchen light on?"
WORDS = 40
"""Tokens that a question and the marks around it have at most."""


async def prepare(hass: HomeAssistant, conversation_id: str | None = None) -> None:
    """Begin to speak, as a voice pipeline tells the agent: in a new conversation, or in one that goes on."""
    with session_of(hass, conversation_id):
        await conversation.async_prepare_agent(hass, AGENT, "en")


async def prewarm(hass: HomeAssistant, conversation_id: str | None = None) -> None:
    """Begin to speak, and go on until the prewarming is over."""
    await prepare(hass, conversation_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def loads(hub: OllamaServer) -> list[dict[str, object]]:
    """Return the bodies of the requests that only load a model."""
    return [request.body or {} for request in hub.requests_to("/api/generate")]


async def talk_and_forget(hass: HomeAssistant, hub: OllamaServer, *replies: Reply) -> None:
    """Have a first turn, and let the hub forget all about it."""
    hub.script(*replies or (Reply("Hello."),))
    assert not is_error(await ask(hass, "Hello", conversation_id="talk"))
    hub.unload(hub.loaded[sent(hub)["model"]].model.name)
    hub.requests.clear()


async def use_elsewhere(hass: HomeAssistant, hub: OllamaServer, keep_alive: str, model: str = MODEL) -> None:
    """Use the same model as another client does, in the same runner."""
    body = {
        "model": model,
        "messages": [{"role": "user", "content": "Explain the pods. " * 50}],
        "options": {"num_ctx": 8192},
        "keep_alive": keep_alive,
        "stream": False,
    }
    async with async_get_clientsession(hass).post(f"{hub.url}/api/chat", json=body) as response:
        assert response.status == 200
    hub.requests.clear()


@pytest.fixture
async def slow_hub(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    """Return a hub whose every step can be caught at work."""
    timing = Timing(load_seconds=0.3, prompt_tokens_per_second=4000, batch_tokens=128)
    async with OllamaServer(timing=timing) as hub:
        yield hub


async def test_model_is_loaded_as_the_agent_wants_it(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, num_ctx=4096, keep_alive=600)
    await prewarm(hass)
    (load,) = loads(hub)
    assert load["model"] == MODEL
    assert load["options"] == {"num_ctx": 4096}
    assert load["keep_alive"] == 600
    assert hub.loaded[MODEL].options.num_ctx == 4096
    # No prompt is known yet.
    assert not chats(hub)
    runner = hub.loaded[MODEL]
    assert not is_error(await ask(hass, QUESTION))
    assert hub.loaded[MODEL] is runner


async def test_runner_of_another_context_length_is_replaced(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    await hub.load(MODEL, num_ctx=4096)
    await prewarm(hass)
    assert len(loads(hub)) == 1
    assert hub.loaded[MODEL].options.num_ctx == 8192


async def test_model_that_is_loaded_is_not_loaded_again(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    await hub.load(MODEL, num_ctx=8192)
    await prewarm(hass)
    assert not loads(hub)
    assert not chats(hub)


async def test_shorter_context_of_the_model_itself_is_right(hass: HomeAssistant, hub: OllamaServer) -> None:
    """The server gives a runner no more than the model was trained for."""
    await move_in(hass, hub.url, model="tinyllama:1.1b", num_ctx=8192)
    await hub.load("tinyllama:1.1b", num_ctx=8192)
    assert hub.loaded["tinyllama:1.1b"].options.num_ctx == 2048
    await prewarm(hass)
    assert not loads(hub)


@pytest.mark.parametrize(
    ("model", "tools_in"),
    [("qwen3:8b", "system"), ("llama3.2:3b", "first_user"), ("llama3.1:8b", "last_user")],
)
async def test_known_prompt_is_evaluated(
    hass: HomeAssistant, hub: OllamaServer, model: str, tools_in: str
) -> None:
    hub.hub.install(registry()[model])
    assert registry()[model].tools_in == tools_in
    await move_in(hass, hub.url, model=model, think="off")
    await talk_and_forget(hass, hub)
    await prewarm(hass)
    assert len(loads(hub)) == 1
    (warmed,) = chats(hub)
    assert warmed.body is not None
    assert roles(warmed.body) == "su"
    assert warmed.body["options"] == {"num_ctx": 8192, "num_predict": 1}
    assert warmed.generated_tokens == 1
    assert not is_error(await ask(hass, QUESTION))
    turn = chats(hub)[1]
    assert turn.prompt_tokens > 500
    assert turn.prompt_tokens - turn.cached_tokens < WORDS


async def test_model_without_tools_is_prewarmed_too(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, model="gemma3:4b", think="high")
    await talk_and_forget(hass, hub)
    await prewarm(hass)
    assert [request.status for request in chats(hub)] == [200]


async def test_nothing_is_sent_while_the_prompt_is_held(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    assert not is_error(await ask(hass, "Hello"))
    hub.requests.clear()
    await prewarm(hass)
    assert not [request for request in hub.requests if request.method == "POST"]


async def test_nothing_is_sent_twice(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    await talk_and_forget(hass, hub)
    await prewarm(hass)
    await prewarm(hass)
    assert len(loads(hub)) == len(chats(hub)) == 1


@pytest.mark.parametrize("keep_alive", ["5m", "30m", "-1s"])
async def test_prompt_is_evaluated_again_after_another_client(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch, keep_alive: str
) -> None:
    monkeypatch.setattr(server, "_CLOCK_ROUGHNESS", timedelta())
    await move_in(hass, hub.url)
    hub.script(Reply("Hello."))
    assert not is_error(await ask(hass, "Hello"))
    await use_elsewhere(hass, hub, keep_alive)
    await prewarm(hass)
    assert not loads(hub)
    assert len(chats(hub)) == 1
    assert not is_error(await ask(hass, QUESTION))
    turn = chats(hub)[1]
    assert turn.prompt_tokens - turn.cached_tokens < WORDS


@pytest.mark.parametrize(
    ("again", "at_most"), [(True, WORDS // 2), (False, WORDS)], ids=["word for word", "another"]
)
async def test_question_of_before_finds_what_the_server_has_put_aside(
    hass: HomeAssistant, hub: OllamaServer, again: bool, at_most: int
) -> None:
    """The server keeps the whole prompt of before for another client; prewarming takes all of it back."""
    await move_in(hass, hub.url)
    long = f"{QUESTION} {'And what about all the others in this house? ' * 20}"
    hub.script(Reply("Yes."), Reply("Hello."), Reply("Yes."), Reply("Yes."))
    assert not is_error(await ask(hass, long))
    await use_elsewhere(hass, hub, "10m")
    await prewarm(hass)
    assert len(chats(hub)) == 1
    assert not is_error(await ask(hass, long if again else QUESTION))
    turn = chats(hub)[-1]
    assert turn.prompt_tokens > 200
    assert turn.prompt_tokens - turn.cached_tokens < at_most


async def test_prompt_is_evaluated_again_after_our_own_task(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "QUIET", 0.0)
    await move_in(hass, hub.url)
    assert not is_error(await ask(hass, "Hello"))
    await do_task(hass, "A poem, please")
    hub.requests.clear()
    await prewarm(hass)
    assert len(chats(hub)) == 1


@pytest.mark.parametrize("model", ["llama3.1:8b", "qwen3:8b"])
@pytest.mark.parametrize("answer", ["Which light do you mean?", "It is on."])
async def test_conversation_that_goes_on_is_evaluated_as_a_whole(
    hass: HomeAssistant, hub: OllamaServer, model: str, answer: str
) -> None:
    await move_in(hass, hub.url, model=model, think="off")
    await talk_and_forget(hass, hub, turn_on(), Reply(answer))
    await prewarm(hass, "talk")
    assert roles(sent(hub)) == "suatau"
    assert not is_error(await ask(hass, QUESTION, conversation_id="talk"))
    turn = chats(hub)[1]
    assert turn.prompt_tokens - turn.cached_tokens < WORDS


@pytest.mark.parametrize("model", ["llama3.1:8b", "qwen3:8b"])
async def test_conversation_that_goes_on_after_another_client_is_evaluated_while_one_speaks(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.setattr(server, "_CLOCK_ROUGHNESS", timedelta())
    await move_in(hass, hub.url, model=model, think="off")
    hub.script(Reply("One."), Reply("Two."))
    for conversation_id in ("kitchen", "study"):
        assert not is_error(await ask(hass, "Hello", conversation_id=conversation_id))
    await use_elsewhere(hass, hub, "30m", model)
    await prewarm(hass, "kitchen")
    assert [message["content"] for message in sent(hub)["messages"][1:]] == ["Hello", "One.", "."]
    assert not is_error(await ask(hass, QUESTION, conversation_id="kitchen"))
    turn = chats(hub)[1]
    assert turn.prompt_tokens - turn.cached_tokens < WORDS


async def test_conversation_of_long_ago_is_a_new_one(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prewarming, "CONVERSATION_TIME", 0.0)
    await move_in(hass, hub.url)
    await talk_and_forget(hass, hub, Reply("Anything else?"))
    await prewarm(hass, "talk")
    assert roles(sent(hub)) == "su"


async def test_only_the_last_conversations_are_remembered(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prewarming, "_MAX_CONVERSATIONS", 1)
    await move_in(hass, hub.url)
    hub.script(Reply("One."))
    assert not is_error(await ask(hass, "Hello", conversation_id="kitchen"))
    await talk_and_forget(hass, hub)
    await prewarm(hass, "kitchen")
    assert roles(sent(hub)) == "su"


@pytest.mark.parametrize(
    ("model", "evaluated"),
    [
        ("llama3.1:8b", ""),  # its tools move to the last question, so nothing serves both
        ("qwen3:8b", "suau"),
    ],
)
async def test_where_nobody_says_which_conversation_it_is_nothing_is_risked(
    hass: HomeAssistant, hub: OllamaServer, model: str, evaluated: str
) -> None:
    await move_in(hass, hub.url, model=model, think="off")
    await talk_and_forget(hass, hub)
    await conversation.async_prepare_agent(hass, AGENT, "en")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(loads(hub)) == 1
    assert [roles(request.body or {}) for request in chats(hub)] == ([evaluated] if evaluated else [])


async def test_once_no_conversation_can_go_on_the_next_one_is_new(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prewarming, "CONVERSATION_TIME", 0.0)
    await move_in(hass, hub.url, think="off")
    await talk_and_forget(hass, hub)
    await conversation.async_prepare_agent(hass, AGENT, "en")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert roles(sent(hub)) == "su"


async def test_long_conversation_is_prewarmed_as_the_next_turn_will_send_it(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in(hass, hub.url, max_history=1)
    hub.script(*[Reply(f"Answer {number}?") for number in range(4)])
    for number in range(4):
        await ask(hass, f"Question {number}", conversation_id="talk")
    hub.unload(MODEL)
    await prewarm(hass, "talk")
    warmed = sent(hub)["messages"]
    await ask(hass, "Question 4", conversation_id="talk")
    assert warmed[:-1] == sent(hub)["messages"][:-1]
    assert [message["content"] for message in warmed[1:]] == ["Question 3", "Answer 3?", "."]


async def test_turn_waits_for_the_load_that_has_begun(hass: HomeAssistant, slow_hub: OllamaServer) -> None:
    await move_in(hass, slow_hub.url)
    slow_hub.script(Reply("Here I am."))
    await prepare(hass)
    await until(lambda: MODEL in slow_hub.loaded)
    runner = slow_hub.loaded[MODEL]
    assert runner.loading
    assert speech(await ask(hass, QUESTION)) == "Here I am."
    assert slow_hub.loaded[MODEL] is runner
    assert [request.outcome for request in slow_hub.requests_to("/api/generate")] == ["finished"]
    # The turn's own request is all there is to evaluate.
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(chats(slow_hub)) == 1


async def test_turn_ends_the_evaluation_and_goes_on_where_it_stopped(
    hass: HomeAssistant, slow_hub: OllamaServer
) -> None:
    await move_in(hass, slow_hub.url)
    await talk_and_forget(hass, slow_hub)
    slow_hub.script(Reply("Here I am."))
    await prepare(hass)
    await until(lambda: slow_hub.generating and slow_hub.loaded[MODEL].slots[0].tokens)
    assert speech(await ask(hass, QUESTION)) == "Here I am."
    warmed, turn = chats(slow_hub)
    assert warmed.outcome == "cancelled"
    assert 0 < turn.cached_tokens < turn.prompt_tokens - WORDS


async def test_turn_of_another_agent_ends_the_evaluation_too(
    hass: HomeAssistant, slow_hub: OllamaServer
) -> None:
    await furnish(hass)
    other = conversation_subentry("Alfred", llm_hass_api=[])
    await set_up(hass, homelab_entry(slow_hub.url, conversation_subentry(), other))
    await talk_and_forget(hass, slow_hub)
    slow_hub.script(Reply("Here I am."))
    await prepare(hass)
    await until(lambda: slow_hub.generating and slow_hub.loaded[MODEL].slots[0].tokens)
    assert speech(await ask(hass, QUESTION, agent="conversation.alfred")) == "Here I am."
    assert [request.outcome for request in chats(slow_hub)] == ["cancelled", "finished"]


async def test_turn_that_has_begun_before_needs_no_prewarming(
    hass: HomeAssistant, slow_hub: OllamaServer
) -> None:
    await move_in(hass, slow_hub.url)
    await talk_and_forget(hass, slow_hub)
    turn = hass.async_create_task(ask(hass, QUESTION))
    await until(lambda: chats(slow_hub))
    await prepare(hass)
    assert not is_error(await turn)
    assert len(chats(slow_hub)) == 1


async def test_two_satellites_that_listen_want_the_same(hass: HomeAssistant, slow_hub: OllamaServer) -> None:
    await move_in(hass, slow_hub.url)
    await prepare(hass)
    await prepare(hass)
    await until(lambda: MODEL in slow_hub.loaded)
    await prewarm(hass)
    assert len(loads(slow_hub)) == 1


async def test_background_work_keeps_away_from_who_is_speaking(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "LISTENING", 0.2)
    await move_in(hass, hub.url)
    began = time.monotonic()
    await prewarm(hass)
    await do_task(hass, "A poem, please")
    assert chats(hub)[0].started_at > began + 0.2


async def test_prewarming_can_be_switched_off(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, prewarm=False)
    await talk_and_forget(hass, hub)
    await prewarm(hass)
    assert not hub.requests


async def test_what_was_found_while_one_spoke_is_not_asked_again(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is off says nothing at all; the turn would wait two seconds to find that again."""
    hub.inject(Fault.status(502, path="/api/version", times=None))
    await move_in(hass, hub.url)
    hub.requests.clear()
    await prewarm(hass)
    assert len(hub.requests_to("/api/version")) == 1
    # Home Assistant's own agent answers.
    assert not is_error(await ask(hass, "Turn on the Kitchen"))
    assert len(hub.requests_to("/api/version")) == 1
    monkeypatch.setattr(server, "STILL_OFFLINE", 0.0)
    assert not is_error(await ask(hass, "Turn on the Kitchen"))
    assert len(hub.requests_to("/api/version")) == 2


@pytest.mark.parametrize("known", [True, False], ids=["known-to-be-off", "off-since-just-now"])
async def test_hub_that_is_off_is_not_prewarmed(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, known: bool
) -> None:
    if known:
        await hub.stop()
    await move_in(hass, hub.url)
    await hub.stop()
    caplog.clear()
    await prewarm(hass)
    assert_no_traceback(caplog)
    await hub.start()
    assert not is_error(await ask(hass, QUESTION))


@pytest.mark.parametrize(
    "fault",
    [
        Fault.status(500, path="/api/generate"),
        Fault.status(503, path="/api/chat"),
        Fault.drop_before_first_token("/api/chat"),
        Fault.garbage_line(after=0, path="/api/chat"),
    ],
    ids=["load-fails", "queue-full", "cut", "no-json"],
)
async def test_prewarming_that_fails_costs_nothing_but_the_start(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    await move_in(hass, hub.url)
    await talk_and_forget(hass, hub)
    hub.inject(fault)
    await prewarm(hass)
    hub.script(Reply("Here I am."))
    assert speech(await ask(hass, QUESTION)) == "Here I am."
    assert_no_traceback(caplog)
    await talk_and_forget(hass, hub)
    await prewarm(hass)
    assert [request.status for request in chats(hub)] == [200]


async def test_standby_is_prewarmed_while_the_first_hub_is_off(
    hass: HomeAssistant, hub: OllamaServer, socket_enabled: None
) -> None:
    await hub.stop()
    async with OllamaServer() as standby:
        entry = homelab_entry(hub.url, conversation_subentry(), ai_task_subentry(), hub_subentry(standby.url))
        await set_up(hass, entry)
        await prewarm(hass)
        assert list(standby.loaded) == [MODEL]


@pytest.mark.parametrize(("keep_alive", "warm"), [(0, 60), (30, 60), (300, 300), (-1, -1)])
async def test_model_stays_at_least_until_the_turn(
    hass: HomeAssistant, hub: OllamaServer, keep_alive: int, warm: int
) -> None:
    await move_in(hass, hub.url, keep_alive=keep_alive)
    hub.script(Reply("Hello."))
    await ask(hass, "Hello")
    if keep_alive:
        hub.unload(MODEL)
    hub.requests.clear()
    await prewarm(hass)
    assert [load["keep_alive"] for load in loads(hub)] == [warm]
    assert sent(hub)["keep_alive"] == warm
    assert MODEL in hub.loaded
    await ask(hass, QUESTION)
    assert sent(hub)["keep_alive"] == keep_alive
    assert list(hub.loaded) == ([MODEL] if keep_alive else [])


async def test_pinned_model_is_known_to_hold_the_prompt(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, keep_alive=-1)
    await ask(hass, "Hello")
    hub.requests.clear()
    await prewarm(hass)
    assert not chats(hub)
    await use_elsewhere(hass, hub, "5m")
    await prewarm(hass)
    assert len(chats(hub)) == 1
