"""An agent at work: the tools it calls, however the model writes them, and how both get over mistakes."""

from typing import Any

import pytest

from demo.servers.ollama import OllamaServer, Reply, ToolCall
from homeassistant.core import HomeAssistant
from tests.common import is_error
from tests.turns import Turn, chats, error_text, is_off, is_on, listen, move_in, roles, sent, turn_on

JSON = '{"name": "HassTurnOn", "parameters": {"name": "Kitchen", "domain": "light", "area": ""}}'


def results(turn: Turn) -> list[dict[str, Any]]:
    return [dict(delta["result"]) for delta in turn.deltas if delta.get("role") == "tool_result"]


async def test_tool_is_called_and_its_result_goes_back(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on(), Reply("The kitchen light is on."))
    turn = await listen(hass, "Kitchen light!")
    assert is_on(hass)
    assert turn.answer == turn.text == "The kitchen light is on."
    assert turn.kinds == ["assistant", "tool_calls", "tool_result", "assistant", "content"]
    assert roles(sent(hub)) == "suat"
    _, _, call, result = sent(hub)["messages"]
    assert call["tool_calls"] == [
        {"function": {"name": "intent__HassTurnOn", "arguments": {"name": "Kitchen"}}}
    ]
    assert result["tool_name"] == "intent__HassTurnOn"
    assert '"success":[{"name":"Kitchen"' in result["content"]
    assert '"error":false' in result["content"]


async def test_tools_of_one_round_all_run(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(
        Reply(
            content="One moment.",
            tool_calls=[ToolCall("intent__HassTurnOn", {"name": "Kitchen"}), ToolCall("llm__GetDateTime")],
        ),
        Reply("Both done."),
    )
    turn = await listen(hass, "Light, and how late is it?")
    assert is_on(hass)
    assert [result["error"] for result in results(turn)] == [False, False]
    assert turn.text == "One moment.Both done."
    assert turn.answer == "Both done."
    assert roles(sent(hub)) == "suatt"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(JSON),
        Reply(f"```json\n{JSON}\n```"),
        Reply(f"<tool_call>\n{JSON}\n</tool_call>"),
        Reply(f"[TOOL_CALLS] [{JSON}]"),
        Reply('HassTurnOn(name="Kitchen", domain=["light"])'),
        Reply(chunks=list(JSON)),
        Reply(f"<think>A light.</think>\n{JSON}"),
    ],
    ids=["json", "fence", "tags", "mistral", "python", "by-character", "after-thinking"],
)
async def test_call_printed_as_text_is_run(hass: HomeAssistant, hub: OllamaServer, reply: Reply) -> None:
    await move_in(hass, hub.url)
    hub.script(reply, Reply("Done."))
    turn = await listen(hass, "Kitchen light!")
    assert is_on(hass)
    assert turn.text == turn.answer == "Done."
    assert sent(hub)["messages"][2]["tool_calls"][0]["function"]["name"] == "intent__HassTurnOn"


@pytest.mark.parametrize(
    "text",
    [
        '{"temperature": 21}',
        "```yaml\nlight:\n  - platform: template\n```",
        'In Python: HassTurnOn(name="Kitchen")',
    ],
)
async def test_answer_that_only_looks_like_a_call_is_spoken(
    hass: HomeAssistant, hub: OllamaServer, text: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(text))
    turn = await listen(hass, "What is it like?")
    assert turn.text == turn.answer == text
    assert is_off(hass)


@pytest.mark.parametrize("as_text", [False, True])
async def test_model_corrects_a_tool_it_made_up(
    hass: HomeAssistant, hub: OllamaServer, as_text: bool
) -> None:
    await move_in(hass, hub.url)
    made_up = turn_on(tool="light_on")
    if as_text:
        made_up = Reply('{"name": "light_on", "arguments": {"name": "Kitchen"}}')
    hub.script(made_up, turn_on(), Reply("Done."))
    turn = await listen(hass, "Kitchen light!")
    assert is_on(hass)
    assert turn.answer == "Done."
    unknown, found = results(turn)
    assert (unknown["error"], found["error"]) == (True, False)
    refusal = sent(hub, 1)["messages"][3]
    assert refusal["tool_name"] == "light_on"
    assert '"error":"UnknownTool"' in refusal["content"]
    assert "There is no tool light_on" in refusal["content"]
    assert "intent__HassTurnOn" in refusal["content"]


async def test_what_is_made_up_does_not_keep_the_rest_from_running(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in(hass, hub.url)
    calls = [ToolCall("dance"), ToolCall("intent__HassTurnOn", {"name": "Kitchen"}), ToolCall("sing")]
    hub.script(Reply(tool_calls=calls), Reply("Done."))
    turn = await listen(hass, "Kitchen light, dance and sing!")
    assert is_on(hass)
    assert turn.answer == "Done."
    assert sorted(result["error"] for result in results(turn)) == [False, True, True]


async def test_model_that_calls_tools_without_having_any(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, llm_hass_api=[])
    hub.script(turn_on(), Reply("I cannot do that."))
    turn = await listen(hass, "Kitchen light!")
    assert turn.answer == "I cannot do that."
    assert is_off(hass)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("HassTurnOn", {"name": "Kitchen"}),
        ("intent__hassturnon", {"name": "Kitchen"}),
        ("intent__HassTurnOn", {"Name": "Kitchen", "area": "", "floor": None, "device_class": []}),
        ("intent__HassTurnOn", {"name": "Kitchen", "domain": "light"}),
        ("intent__HassTurnOn", {"name": "Kitchen", "domain": '["light"]'}),
        ("light__HassLightSet", {"name": "Kitchen", "brightness": "40%"}),
        ("script__water_plants", {"seconds": "5"}),
    ],
)
async def test_call_is_repaired(
    hass: HomeAssistant, hub: OllamaServer, name: str, arguments: dict[str, Any]
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(tool_calls=[ToolCall(name, arguments)]), Reply("Done."))
    turn = await listen(hass, "Do it")
    assert [result["error"] for result in results(turn)] == [False]
    assert turn.answer == "Done."
    await hass.async_block_till_done()
    assert is_on(hass)


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("intent__HassTurnOn", {"name": "Cellar"}, "MatchFailedError"),
        ("light__HassLightSet", {"name": "Kitchen", "brightness": "bright"}, "Invalid"),
        ("intent__HassTurnOn", {}, "IntentHandleError"),
    ],
)
async def test_call_that_does_not_fit_is_an_error_the_model_reads(
    hass: HomeAssistant, hub: OllamaServer, name: str, arguments: dict[str, Any], error: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(tool_calls=[ToolCall(name, arguments)]), Reply("That did not work."))
    turn = await listen(hass, "Do it")
    (result,) = results(turn)
    assert result["error"] is True
    assert turn.answer == "That did not work."
    assert '"error":true' in sent(hub)["messages"][-1]["content"]
    assert error in sent(hub)["messages"][-1]["content"]


async def test_model_that_goes_in_circles_is_stopped(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(*[turn_on()] * 15)
    turn = await listen(hass, "Kitchen light!")
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text("too_many_tool_rounds")
    assert len(chats(hub)) == 10
    # The next turn works again.
    hub.hub.replies.clear()
    hub.script(Reply("Here I am."))
    assert (await listen(hass, "Hello?", conversation_id=turn.result.conversation_id)).answer == "Here I am."


@pytest.mark.parametrize(
    ("reply", "key"),
    [
        (Reply(""), "answer_empty"),
        (Reply("<think>I wonder"), "answer_empty"),
        (Reply("<think>I wonder", done_reason="length"), "answer_cut"),
    ],
)
async def test_answer_without_a_word(hass: HomeAssistant, hub: OllamaServer, reply: Reply, key: str) -> None:
    await move_in(hass, hub.url)
    hub.script(reply)
    turn = await listen(hass, "Hello")
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text(key)


async def test_answer_that_is_cut_is_still_spoken(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply("Once upon a", done_reason="length"))
    assert (await listen(hass, "A story!")).answer == "Once upon a"
