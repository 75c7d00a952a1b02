"""However many calls a model makes: few reach the network, and together they have an end."""

import asyncio
from collections.abc import AsyncGenerator
import json

import pytest

from custom_components.homelab_ai.agent.containment import (
    MOST_CALLS,
    MOST_REACHING,
    TOO_MANY_CALLS,
    Allowance,
)
from custom_components.homelab_ai.agent.message import MOST_IN_MESSAGE
from custom_components.homelab_ai.assistant import evidence, explaining
from custom_components.homelab_ai.health import tool_time
from custom_components.homelab_ai.health.tool_time import ToolTime
from custom_components.homelab_ai.hub import gate
from demo.servers.kubernetes import ApiServer
from demo.servers.ollama import Reply, ToolCall
from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm

from ..clusters import hurry
from ..turns import is_on, listen, sent
from .lab import CHANNELS, House, attacked

EXPLAIN = ToolCall("homelab_ai__explain_problem", {"problem": "Cluster"})


@pytest.fixture
async def lab(
    hass: HomeAssistant, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[tuple[House, ApiServer]]:
    """Return a house with a cluster in which something is wrong."""
    monkeypatch.setattr(gate, "QUIET", 0.0)
    hurry(monkeypatch)
    planted = CHANNELS["k8sgpt-error"]("Back-off restarting failed container")
    assert isinstance(planted.server, ApiServer)
    async with attacked(hass, planted) as house:
        yield house, planted.server


def answered(house: House) -> tuple[int, int]:
    """Return how many calls were made, and how many the model was told not to make."""
    results = [message["content"] for message in sent(house.hub)["messages"] if message["role"] == "tool"]
    refused = sum(TOO_MANY_CALLS in result for result in results)
    return len(results) - refused, refused


@pytest.mark.parametrize("messages", [1, 4])
async def test_500_calls(hass: HomeAssistant, lab: tuple[House, ApiServer], messages: int) -> None:
    house, cluster = lab
    house.hub.script(Reply(tool_calls=[EXPLAIN]), Reply("It fails."))
    await listen(hass, "Why?")
    before = len(cluster.requests)
    house.hub.script(Reply(tool_calls=[EXPLAIN]), Reply("It fails."))
    await listen(hass, "Why?")
    each = len(cluster.requests) - before
    before = len(cluster.requests)
    calls = [EXPLAIN] * (500 // messages)
    house.hub.script(*(Reply(tool_calls=calls) for _ in range(messages)), Reply("It fails."))
    turn = await listen(hass, "Why?")
    assert turn.answer == "It fails."
    made, refused = answered(house)
    assert made == MOST_REACHING
    # As many as a model has words for: the answer itself is bounded, too.
    assert 0 < refused <= MOST_IN_MESSAGE * messages - MOST_REACHING
    assert len(cluster.requests) - before <= MOST_REACHING * max(each, 1)


async def test_the_house_has_more_of_them(hass: HomeAssistant, lab: tuple[House, ApiServer]) -> None:
    """Twelve lamps are switched in one message."""
    house, _ = lab
    light = ToolCall("intent__HassTurnOn", {"name": "Kitchen"})
    house.hub.script(Reply(tool_calls=[light] * 12), Reply("On."))
    await listen(hass, "All lamps!")
    assert answered(house) == (12, 0)
    assert is_on(hass)


class _Some(llm.Tool):
    def __init__(self, name: str, **annotations: bool) -> None:
        self.name = name
        self.integration = "intent"
        self.annotations = llm.ToolAnnotations(**annotations)

    async def async_call(self, *_: object) -> llm.ToolResult:
        raise NotImplementedError


def test_allowance_of_a_turn() -> None:
    tools = [_Some("near", open_world=False), _Some("far")]

    def made(name: str, count: int, *, external: bool = False) -> conversation.AssistantContent:
        calls = [llm.ToolInput(name, {}, external=external) for _ in range(count)]
        return conversation.AssistantContent("x", "", tool_calls=calls)

    asked = conversation.UserContent("?")
    fresh = Allowance([asked, made("far", 100), asked, made("far", 100, external=True)], tools)
    assert [fresh.take("far") for _ in range(10)] == [True] * MOST_REACHING + [False] * 2
    assert [fresh.take("near") for _ in range(40)].count(True) == MOST_CALLS - MOST_REACHING
    used = Allowance([asked, made("near", 20), made("far", 5)], tools)
    assert [used.take("far") for _ in range(5)].count(True) == MOST_REACHING - 5
    assert [used.take("near") for _ in range(40)].count(True) == MOST_CALLS - 20 - MOST_REACHING


async def test_together_they_have_an_end(
    hass: HomeAssistant, lab: tuple[House, ApiServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: object) -> tuple[evidence.Evidence, ...]:
        await asyncio.sleep(30)
        return ()

    house, _ = lab
    monkeypatch.setattr(explaining, "gather", slow)
    monkeypatch.setattr(tool_time, "TOGETHER", 0.3)
    monkeypatch.setattr(tool_time, "LEAST", 0.05)
    # Others each time: the same call again would end the turn.
    names = [ToolCall(EXPLAIN.name, {"problem": f"Cluster{'!' * number}"}) for number in range(8)]
    house.hub.script(Reply(tool_calls=names[:4]), Reply(tool_calls=names[4:]), Reply("No idea."))
    began = hass.loop.time()
    turn = await listen(hass, "Why?")
    assert hass.loop.time() - began < 5
    assert turn.answer == "No idea."
    results = [message["content"] for message in sent(house.hub)["messages"] if message["role"] == "tool"]
    assert len(results) == 8
    assert all("took too long" in json.loads(result)["data"]["error"] for result in results)


def test_time_of_a_turn() -> None:
    time = ToolTime()
    assert time.left("a", 1, 100.0) == tool_time.TOGETHER
    assert time.left("a", 1, 120.0) == tool_time.TOGETHER - 20
    assert time.left("b", 1, 120.0) == tool_time.TOGETHER
    assert time.left("a", 1, 1000.0) == tool_time.LEAST
    assert time.left("a", 2, 1000.0) == tool_time.TOGETHER
    for number in range(200):
        time.left(str(number), 1, 0.0)
    assert len(time._ends) <= 51
