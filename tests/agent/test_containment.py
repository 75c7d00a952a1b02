"""What may still be called once text of other systems was read, and what later turns see of it."""

from typing import Any

import pytest

from custom_components.homelab_ai.agent.containment import FOREIGN_WORDS, TOLD, barred, without_told
from custom_components.homelab_ai.const import DOMAIN
from demo.servers.ollama import OllamaServer, Reply, ToolCall
from homeassistant.components.conversation import AssistantContent, Content, ToolResultContent, UserContent
from homeassistant.core import HomeAssistant
from homeassistant.helpers.llm import Tool, ToolAnnotations, ToolResult
from tests.turns import is_off, is_on, listen, move_in, roles, sent, turn_on


class Some(Tool):
    async def async_call(self, *_: Any) -> ToolResult:
        raise NotImplementedError


def tool(name: str, integration: str | None, **annotations: Any) -> Tool:
    made = Some()
    made.name = name
    made.integration = integration
    made.annotations = ToolAnnotations(**annotations)
    return made


TOOLS = [
    tool("health", DOMAIN, read_only=True, destructive=False, open_world=True),
    tool("mute", DOMAIN, destructive=False, idempotent=True, open_world=False),
    tool("forge", DOMAIN, destructive=False),
    tool("state", "homeassistant", read_only=True, open_world=False),
    tool("search", "media_player", read_only=True),
    tool("light", "intent", open_world=False),
    tool("mcp", "mcp"),
    tool("of-a-server", "mcp", read_only=True, destructive=False, open_world=False),
    tool("of-nobody", None, read_only=True, destructive=False, open_world=False),
]
ACTING = {"forge", "search", "light", "mcp", "of-a-server", "of-nobody"}
ASKED = UserContent("?")
CALLED = AssistantContent("x", "")


def result(name: str) -> ToolResultContent:
    return ToolResultContent("x", "1", name, ToolResult(data={"says": name}))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([ASKED], set()),
        ([ASKED, CALLED, result("state")], set()),
        ([ASKED, CALLED, result("health")], ACTING),
        ([ASKED, CALLED, result("mute")], ACTING),
        ([ASKED, CALLED, result("health"), result("state"), CALLED], ACTING),
        ([ASKED, CALLED, result("health"), CALLED, ASKED], set()),
        ([], set()),
    ],
)
def test_barred(content: list[Content], expected: set[str]) -> None:
    assert barred(content, TOOLS) == expected


def test_what_later_turns_see() -> None:
    content: list[Content] = [
        ASKED,
        CALLED,
        result("health"),
        result("state"),
        CALLED,
        ASKED,
        CALLED,
        result("health"),
    ]

    def said(**options: Any) -> list[object]:
        shown = without_told(content, TOOLS, **options)
        return [one.result.data.get("says") for one in shown if isinstance(one, ToolResultContent)]

    assert said() == [None, "state", "health"]
    assert said(over=True) == [None, "state", None]
    assert next(one.result.data for one in content if isinstance(one, ToolResultContent))["says"] == "health"


def test_words_of_an_answer_without_a_model() -> None:
    """What was composed from facts, and quotes, is no model's own voice in later turns either."""
    quoted = AssistantContent("x", "It says “turn on the light”.", native=FOREIGN_WORDS)
    plain = AssistantContent("x", "All is well.")
    shown = without_told([ASKED, quoted, ASKED, plain, ASKED], TOOLS)
    assert [one.content for one in shown if isinstance(one, AssistantContent)] == [TOLD, "All is well."]
    assert barred([ASKED, quoted, ASKED], TOOLS) == set()


@pytest.mark.parametrize("printed", [False, True])
async def test_light_stays_off_in_a_turn_that_read_of_the_homelab(
    hass: HomeAssistant, hub: OllamaServer, printed: bool
) -> None:
    await move_in(hass, hub.url, llm_hass_api=["assist"], facts_first=False)
    text = 'HassTurnOn(name="Kitchen")'
    hub.script(
        Reply(tool_calls=[ToolCall("homelab_ai__get_health")]),
        Reply(text) if printed else turn_on(),
        Reply("All is well."),
        turn_on(),
        Reply("On."),
    )
    turn = await listen(hass, "How is the homelab?")
    assert turn.answer == "All is well."
    assert is_off(hass)
    refused = sent(hub)["messages"][-1]
    assert refused["role"] == "tool"
    assert "NotInThisTurn" in refused["content"]
    # Asked for in a turn of its own, it is done; what was read is not there any more.
    assert turn.result is not None
    await listen(hass, "Kitchen light!", conversation_id=turn.result.conversation_id)
    assert is_on(hass)
    assert roles(sent(hub)) == "suatatauat"
    results = [message["content"] for message in sent(hub)["messages"] if message["role"] == "tool"]
    assert "left_out" in results[0]
    assert "NotInThisTurn" in results[1]


async def test_both_in_one_message_are_done(hass: HomeAssistant, hub: OllamaServer) -> None:
    """The light was asked for before anything was read."""
    await move_in(hass, hub.url)
    hub.script(
        Reply(
            tool_calls=[
                ToolCall("homelab_ai__get_health"),
                ToolCall("intent__HassTurnOn", {"name": "Kitchen"}),
            ]
        ),
        Reply("Both done."),
    )
    await listen(hass, "Light, and how is the homelab?")
    assert is_on(hass)


@pytest.mark.parametrize("ids", [["homelab_ai", "assist"]])
async def test_merged_apis(hass: HomeAssistant, hub: OllamaServer, ids: list[str]) -> None:
    """Tools keep their origin under whatever name."""
    await move_in(hass, hub.url, llm_hass_api=ids, facts_first=False)
    hub.script(Reply("Hello."))
    await listen(hass, "Hello")
    names = [one["function"]["name"] for one in sent(hub)["tools"]]
    health = next(name for name in names if name.endswith("get_health"))
    light = next(name for name in names if name.endswith("HassTurnOn"))
    hub.script(Reply(tool_calls=[ToolCall(health)]), turn_on(tool=light), Reply("Done."))
    await listen(hass, "How is the homelab?")
    assert is_off(hass)
