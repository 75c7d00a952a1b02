"""Results of tools that are larger than the context: cut at whole entries, and the turn goes on."""

import json
from typing import Any

import pytest

from custom_components.homelab_ai.agent.cutting import cut
from custom_components.homelab_ai.agent.estimate import tokens_of
from custom_components.homelab_ai.agent.prompt import Budget, PromptTooLargeError
from custom_components.homelab_ai.api.chat import Message, ToolCall
from demo.servers.ollama import OllamaServer, Reply, ToolCall as Call
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant

from ..common import is_error
from ..turns import listen, move_in, sent

STATES = "Live Context:" + "".join(f"\n- names: Lamp {n}\n  domain: light\n  state: 'on'" for n in range(300))
RESULTS: dict[str, Any] = {
    "yaml": {"data": {"success": True, "result": STATES}, "error": False},
    "list": {"data": {"items": [{"summary": f"Item {n}", "status": "open"} for n in range(500)]}},
    "bare list": [f"Line {n} of a log" for n in range(500)],
    "lines": {"data": "\n".join(f"line {n}" for n in range(1000))},
    "words": {"data": "word " * 3000},
    "one word": {"data": "x" * 20_000},
    "plain": "no JSON " * 2000,
    "nested": {"data": {"a": {"b": [{"c": [n] * 5} for n in range(400)]}}, "error": False},
}


@pytest.mark.parametrize("limit", [150, 500, 1500])
@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_result_is_cut_at_whole_entries(result: Any, limit: int) -> None:
    text = result if isinstance(result, str) else json.dumps(result)
    short = cut(text, limit)
    assert tokens_of(short) <= limit
    told = json.loads(short)
    assert "Ask again for less" in told["note"]


def test_entries_that_stay_are_whole() -> None:
    told = json.loads(cut(json.dumps(RESULTS["yaml"]), 800))
    kept = told["result"]["data"]["result"]
    assert STATES.startswith(kept)
    assert kept.endswith("state: 'on'")
    assert kept.count("\n- ") > 10


@pytest.mark.parametrize("size", [10, 400, 4000, 40_000])
def test_turn_with_results_fits(size: int) -> None:
    call = Message("assistant", tool_calls=(ToolCall("look", {}),))
    lines = json.dumps({"data": "\n".join(f"line {n}" for n in range(size))})
    messages = [Message("system", "Be brief."), Message("user", "Look."), call]
    messages += [Message("tool", lines, tool_name="look"), Message("tool", '{"data": 1}', tool_name="look")]
    budget = Budget(2048)
    fitted = budget.fit(messages, (), 20)
    assert budget.tokens(fitted, ()) <= budget.room
    assert [message.role for message in fitted] == [message.role for message in messages]
    assert fitted[-1] == messages[-1]
    if size == 10:
        assert fitted == messages


def test_question_that_does_not_fit_is_not_cut() -> None:
    with pytest.raises(PromptTooLargeError):
        Budget(2048).fit([Message("user", "word " * 5000), Message("tool", "{}", tool_name="x")], (), 20)


async def test_turn_goes_on_with_a_cut_result(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url, num_ctx=16384)
    for number in range(300):
        entity_id = f"sensor.value_{number}"
        hass.states.async_set(entity_id, str(number), {"friendly_name": f"Value {number}"})
        async_expose_entity(hass, "conversation", entity_id, True)
    hub.script(Reply(tool_calls=[Call("homeassistant__GetLiveContext")]), Reply("There are many."))
    turn = await listen(hass, "What is on?")
    assert turn.result is not None
    assert not is_error(turn.result)
    assert turn.answer == "There are many."
    result = sent(hub)["messages"][-1]
    assert result["role"] == "tool"
