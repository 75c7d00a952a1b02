"""What a turn has done, by the results of its calls; without a house."""

from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.homelab_ai.agent.deeds import Deeds, deeds_of
from homeassistant.components import conversation
from homeassistant.helpers import llm

from .test_tools import Tool

AGENT = "conversation.jarvis"


def tool(name: str, title: str, *, read_only: bool = False) -> llm.Tool:
    made = Tool(name)
    made.title = title
    made.annotations = llm.ToolAnnotations(read_only=read_only)
    return made


TOOLS = [
    tool("intent__HassTurnOn", "Turn on"),
    tool("media_player__HassSetVolume", "Set volume"),
    tool("script__water", "Water plants"),
    tool("homeassistant__GetLiveContext", "Look", read_only=True),
]
type Step = tuple[str, Mapping[str, Any], Any, bool]


def turn(question: str, *messages: list[Step]) -> Deeds:
    """Return the deeds of a turn: each message is its calls, with results and whether they are errors."""
    content: list[conversation.Content] = [conversation.UserContent(question)]
    for steps in messages:
        calls = [llm.ToolInput(tool_name=name, tool_args=dict(given)) for name, given, _, _ in steps]
        content.append(conversation.AssistantContent(AGENT, None, tool_calls=calls))
        content += [
            conversation.ToolResultContent(AGENT, call.id, call.tool_name, llm.ToolResult(data, error=error))
            for call, (_, _, data, error) in zip(calls, steps, strict=True)
        ]
    return deeds_of(content, TOOLS)


def on(name: str, *, failed: bool = False) -> Step:
    return ("HassTurnOn", {"name": name}, {"error": "MatchFailedError"} if failed else {"data": {}}, failed)


@pytest.mark.parametrize(
    ("result", "worked"),
    [
        ({"success": True, "result": None}, True),
        ({"success": False, "error": "Script failed"}, False),
        ({"success": False}, False),
        ({"error": "no such device"}, False),
        ({"response_type": "error", "speech": {}}, False),
        ({"response_type": "action_done", "data": {"success": [], "failed": []}}, True),
        ({"data": {"success": [], "failed": [{"name": "Pump", "type": "entity"}]}}, False),
        ("done", True),
        (None, True),
        ([1], True),
    ],
)
def test_result_tells_whether_it_worked(result: Any, worked: bool) -> None:
    deeds = turn("Water!", [("script__water", {}, result, False)])
    assert (deeds.count, deeds.failures) == ((1, 0) if worked else (0, 1))


def test_part_of_a_deed() -> None:
    data = {"data": {"success": [{"name": "Hall", "type": "entity"}], "failed": [{"name": "Bath"}]}}
    deeds = turn("Both!", [("HassTurnOn", {"area": "Flat"}, data, False)])
    assert (deeds.done, deeds.failed, deeds.failures) == (("Hall",), ("Bath",), 1)


def test_two_deeds_for_one_thing_are_told_apart_by_their_titles() -> None:
    volume: Step = ("HassSetVolume", {"name": "TV"}, {"data": {}}, False)
    deeds = turn("TV on and louder", [on("TV", failed=True), volume])
    assert (deeds.done, deeds.failed) == (("TV",), ("Turn on",))


@pytest.mark.parametrize(
    ("question", "messages", "failures"),
    [
        ("Kitchen", [[on("Kitchn", failed=True)], [on("Kitchen")]], 0),
        ("Cellar and hall", [[on("Cellar", failed=True)], [on("Hall")]], 1),
        ("Cellar and hall", [[on("Hall"), on("Cellar", failed=True)], [on("Hall")]], 1),
        ("Hall", [[on("Hall")], [on("Hall", failed=True)]], 0),
        ("Hall", [[on("Hall", failed=True)], [on("Hall")]], 0),
        ("All", [[on("Hall", failed=True), on("Bath")]], 1),
    ],
)
def test_correction_is_no_failure(question: str, messages: list[list[Step]], failures: int) -> None:
    assert turn(question, *messages).failures == failures


def test_look_and_a_tool_that_is_not_there_are_doubtful() -> None:
    look: Step = ("homeassistant__GetLiveContext", {}, {"error": "x"}, True)
    made_up: Step = ("dance", {}, {"error": "UnknownTool"}, True)
    deeds = turn("Dance!", [look, made_up])
    assert (deeds.failures, deeds.doubtful, deeds.failed) == (0, 2, ())
    assert not deeds.are_told_by("Done!")
    assert deeds.are_told_by("It is 21 °C.")
