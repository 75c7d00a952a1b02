"""A turn survives what a model gets wrong: swallowed and broken calls, prompts that are too long, circles."""

import json
from typing import Any

import pytest

from custom_components.homelab_ai.agent.estimate import tokens_of
from custom_components.homelab_ai.agent.second_try import mistake_in
from custom_components.homelab_ai.api.errors import ApiBusyError, ApiConnectionError, ApiResponseError
from demo.servers.ollama import Fault, OllamaServer, Reply
from homeassistant.core import HomeAssistant

from ..common import is_error
from ..turns import LIGHT, chats, error_text, is_off, is_on, listen, move_in, sent, turn_on

CHAT = "/api/chat"
PARSE_ERROR = "error parsing tool call: raw='{\"name\":\"intent__HassTurnOn\"]}', err=invalid character ']'"
MISTAKES = [
    Fault.status(500, {"error": PARSE_ERROR}, CHAT),
    Fault.status(500, {"error": "unexpected end of JSON input"}, CHAT),
    Fault.status(500, {"error": "XML syntax error on line 5: element <function> closed by </tool>"}, CHAT),
    Fault.status(500, {"error": 'template: :28:18: executing "" at <.Tools>: nil pointer'}, CHAT),
    Fault.error_line(PARSE_ERROR, after=0, path=CHAT),
    Fault.error_line(PARSE_ERROR, after=2, path=CHAT),
]


@pytest.mark.parametrize("fault", MISTAKES, ids=range(len(MISTAKES)))
async def test_mistake_of_the_model_gets_one_more_try(
    hass: HomeAssistant, hub: OllamaServer, fault: Fault
) -> None:
    await move_in(hass, hub.url)
    fault.applied, fault.times = 0, 1
    hub.inject(fault)
    first = [Reply("Wait a bit.")] if fault.kind == "error" else []
    hub.script(*first, turn_on(), Reply("It is on."))
    turn = await listen(hass, "Kitchen!")
    assert is_on(hass)
    assert turn.answer == "It is on."
    assert "could not be read" in sent(hub, 1)["messages"][-1]["content"]


@pytest.mark.parametrize("language", ["en", "de"])
async def test_mistake_made_twice_is_a_plain_sentence(
    hass: HomeAssistant, hub: OllamaServer, language: str
) -> None:
    await move_in(hass, hub.url)
    hub.inject(Fault.status(500, {"error": PARSE_ERROR}, CHAT, times=2))
    turn = await listen(hass, "Kitchen!", language=language)
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text("model_mistake", language)
    assert len(chats(hub)) == 2
    assert is_off(hass)


@pytest.mark.parametrize(
    ("error", "is_mistake"),
    [
        (ApiResponseError(f"500: {PARSE_ERROR}", 500), True),
        (ApiResponseError("failed to parse tool call", 500), True),
        (ApiResponseError("tool call parsing failed", 500), True),
        (ApiResponseError("unexpected EOF"), True),
        (ApiResponseError("500: llama runner process has terminated", 500), False),
        (ApiResponseError("CUDA error: out of memory"), False),
        (ApiBusyError("503: error parsing tool call", 503), False),
        (ApiConnectionError("unexpected EOF"), False),
    ],
)
def test_only_a_mistake_of_the_model_is_one(error: Any, is_mistake: bool) -> None:
    assert bool(mistake_in(error)) is is_mistake


async def test_swallowed_call_is_asked_for_once_more_with_the_tools_in_the_text(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in(hass, hub.url)
    done = {"model": "x", "message": {"role": "assistant", "content": ""}, "done": True, "eval_count": 21}
    swallowed = json.dumps({**done, "done_reason": "stop", "prompt_eval_count": 900})
    hub.inject(Fault.status(200, f"{swallowed}\n", CHAT))
    hub.script(
        Reply('{"name": "intent__HassTurnOn", "arguments": {"name": "Kitchen"}}'),
        Reply("It is on."),
    )
    turn = await listen(hass, "Kitchen!")
    assert is_on(hass)
    assert turn.answer == "It is on."
    again = sent(hub, 1)
    assert not again.get("tools")
    assert "intent__HassTurnOn" in again["messages"][0]["content"]


async def test_same_failing_call_twice_ends_the_turn(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(*[turn_on("Cellar")] * 5)
    turn = await listen(hass, "Cellar!")
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text("call_failed_twice")
    assert len(chats(hub)) == 2
    hub.hub.replies.clear()
    hub.script(turn_on(), Reply("On."))
    assert (await listen(hass, "Kitchen!")).answer == "On."


BAD_VALUES = [
    r'{"name": "\ud83d"}',
    '{"name": 1180591620717411303424}',
    '{"name": "Kitchen", "brightness": 1e400}',
    '{"name": "Kitchen", "brightness": NaN}',
    r'{"\udc00": "x"}',
    json.dumps({"name": ["Kitchen"] * 5000}),
    '{"name": ' + "[" * 60 + "]" * 60 + "}",
]


@pytest.mark.parametrize("printed", [False, True])
@pytest.mark.parametrize("arguments", BAD_VALUES, ids=range(len(BAD_VALUES)))
async def test_odd_value_ends_neither_this_turn_nor_the_next(
    hass: HomeAssistant, hub: OllamaServer, arguments: str, printed: bool
) -> None:
    await move_in(hass, hub.url)
    call = f'{{"name": "intent__HassTurnOn", "arguments": {arguments}}}'
    message = (
        f'{{"role": "assistant", "content": {json.dumps(call)}}}'
        if printed
        else f'{{"role": "assistant", "content": "", "tool_calls": [{{"function": {call}}}]}}'
    )
    line = f'{{"model": "x", "message": {message}, "done": true, "done_reason": "stop", "eval_count": 20}}\n'
    hub.inject(Fault.status(200, line, CHAT))
    hub.script(Reply("I could not do that."), turn_on(), Reply("On."))
    assert (await listen(hass, "Kitchen!", conversation_id="talk")).answer
    await hass.services.async_call("light", "turn_off", {"entity_id": LIGHT}, blocking=True)
    hub.hub.replies.clear()
    hub.script(turn_on(), Reply("On."))
    assert (await listen(hass, "Again!", conversation_id="talk")).answer == "On."
    assert is_on(hass)


async def test_prompt_that_is_longer_than_estimated_is_never_cut_in_silence(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in(hass, hub.url, num_ctx=4096)
    error = json.dumps(
        {
            "error": {
                "code": 400,
                "message": "request (9565 tokens) exceeds the available context size (4096 tokens)",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 9565,
            }
        }
    )
    hub.inject(Fault.status(400, {"error": error}, CHAT))
    turn = await listen(hass, "Hello")
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text("prompt_too_large", tokens=9565, num_ctx=4096)
    assert sent(hub)["truncate"] is False


async def test_earlier_rounds_leave_when_the_server_says_that_it_is_too_much(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in(hass, hub.url, num_ctx=8192)
    for number in range(6):
        hub.script(Reply(f"Answer {number}. " + "word " * 250))
        await listen(hass, f"Question {number}", conversation_id="talk")
    before = len(sent(hub)["messages"])
    hub.inject(Fault.status(400, {"error": "request (8900 tokens) exceeds the available context size"}, CHAT))
    hub.script(Reply("Fine."))
    assert (await listen(hass, "And now?", conversation_id="talk")).answer == "Fine."
    assert len(sent(hub)["messages"]) < before


@pytest.mark.parametrize(
    ("function", "switches"),
    [
        (r'{"name": "intent__HassTurnOn", "arguments": "{\"name\": \"Kitchen\"}"}', True),
        ('{"name": "intent__HassTurnOn", "arguments": {"name": "Kitchen"}, "index": null}', True),
        ('{"name": "llm__GetDateTime", "arguments": null}', False),
        ('{"name": "llm__GetDateTime", "arguments": ""}', False),
        ('{"name": "llm__GetDateTime"}', False),
        ('{"name": "llm__GetDateTime", "arguments": []}', False),
        ('{"name": "intent__HassTurnOn", "arguments": null}', False),
    ],
)
async def test_arguments_in_any_form(
    hass: HomeAssistant, hub: OllamaServer, function: str, switches: bool
) -> None:
    await move_in(hass, hub.url)
    message = f'{{"role": "assistant", "content": "", "tool_calls": [{{"function": {function}}}]}}'
    line = f'{{"model": "x", "message": {message}, "done": true, "done_reason": "stop", "eval_count": 9}}\n'
    hub.inject(Fault.status(200, line, CHAT))
    hub.script(Reply("Very well."))
    turn = await listen(hass, "Kitchen!")
    # A command that names nothing is not made, and is not told as done.
    named = switches or "Date" in function
    assert turn.answer == ("Very well." if named else "Not done: Turn on.")
    assert is_on(hass) is switches


@pytest.mark.parametrize("text", ["Yes.", "Yes." + "\n" * 40, "It is warm in the"])
async def test_words_with_a_clean_end_are_an_answer(
    hass: HomeAssistant, hub: OllamaServer, text: str
) -> None:
    await move_in(hass, hub.url)
    pieces = [text[index : index + 4] for index in range(0, len(text), 4)]
    lines = [{"model": "x", "message": {"role": "assistant", "content": p}, "done": False} for p in pieces]
    hub.inject(Fault.status(200, "".join(f"{json.dumps(line)}\n" for line in lines), CHAT))
    turn = await listen(hass, "Is it warm?")
    assert turn.result is not None
    assert not is_error(turn.result)
    assert turn.answer.strip() == text.strip()


TEXTS = {
    # By content, what real tokenizers of small models made of it: tokens for each character.
    "english": ("The light in the kitchen is on and it is warm in the living room today. " * 20, 0.19),
    "german": ("Die Wohnzimmerbeleuchtung ist eingeschaltet und draußen ist es heute kühl. " * 20, 0.34),
    "identifiers": ('{"id":"01J9ZK3","at":"2026-11-28T16:03:12Z","n":4711},' * 20, 0.75),
    "hashes": ("sha256:46e0c10c039e019119339687c3c1757cc81b9da49709a3b3924863ba87ca666e " * 10, 0.66),
    "chinese": ("请打开厨房的灯并告诉我现在的温度。" * 20, 1.6),
}


@pytest.mark.parametrize(("text", "per_character"), TEXTS.values(), ids=TEXTS)
def test_estimate_is_never_far_below(text: str, per_character: float) -> None:
    real = len(text) * per_character
    assert 0.85 * real <= tokens_of(text) <= 2.2 * real
