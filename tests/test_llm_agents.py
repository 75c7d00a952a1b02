"""The homelab's tools from any agent: our own, core's, and a client of Home Assistant's MCP server."""

from collections.abc import AsyncGenerator
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from demo.servers.ollama import OllamaServer, Reply, ToolCall
from homeassistant.components.mcp_server.const import DOMAIN as MCP
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .common import AGENT, conversation_subentry, homelab_entry, set_up
from .systems import Alerts, monitor_subentry
from .test_beside_core_ollama import CORE_AGENT, set_up_core
from .turns import chats, furnish, listen, sent

NAMES = {
    "homelab_ai__get_health",
    "homelab_ai__list_problems",
    "homelab_ai__explain_problem",
    "homelab_ai__look_up",
    "homelab_ai__get_timeline",
    "homelab_ai__mute_problem",
}


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        server.firing |= {"NodeDown": "critical", "DiskFull": "warning"}
        yield server


@pytest.fixture
async def homelab(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> MockConfigEntry:
    """Return a furnished house with a homelab in which a node is down."""
    await furnish(hass)
    system = monitor_subentry("alertmanager", alerts.url, "Alerts")
    return await set_up(hass, homelab_entry(hub.url, conversation_subentry(facts_first=False), system))


@pytest.mark.parametrize("agent", [AGENT, CORE_AGENT])
async def test_agents(hass: HomeAssistant, homelab: MockConfigEntry, hub: OllamaServer, agent: str) -> None:
    """One calls each of the tools, and reads what they say."""
    await set_up_core(hass, hub)
    calls = [
        ToolCall("homelab_ai__get_health"),
        ToolCall("homelab_ai__list_problems", {"severity": "critical", "system": ""}),
        ToolCall("homelab_ai__explain_problem", {"problem": "node down"}),
        ToolCall("homelab_ai__look_up", {"name": "GPU"}),
        ToolCall("homelab_ai__get_timeline"),
        ToolCall("homelab_ai__mute_problem", {"problem": "the disk", "hours": 1}),
    ]
    hub.script(Reply(tool_calls=calls), Reply("A node is down."))
    turn = await listen(hass, "How is the homelab?", agent=agent)
    assert turn.answer == "A node is down."
    offered = {tool["function"]["name"] for tool in sent(hub)["tools"]}
    assert offered >= NAMES
    results = [message["content"] for message in sent(hub)["messages"] if message["role"] == "tool"]
    assert len(results) == len(calls)
    for result in results:
        assert '"error":false' in result
        assert len(result) < 2000
    assert "⟦" in results[0]
    assert [one.name for one in homelab.runtime_data.health.data.muted] == ["DiskFull"]


async def test_model_tells_what_it_read(
    hass: HomeAssistant, homelab: MockConfigEntry, hub: OllamaServer
) -> None:
    """A simulated model without a script: it chooses the tool by its description."""
    turn = await listen(hass, "How is the homelab?")
    called = [message for message in sent(hub)["messages"] if message["role"] == "tool"]
    assert called, [request.body for request in chats(hub)]
    assert turn.answer


class McpClient:
    """A client of the Streamable HTTP endpoint of one API."""

    def __init__(self, client: Any, path: str) -> None:
        self._client = client
        self._path = path

    async def __call__(self, method: str, **params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        response = await self._client.post(
            self._path, json=body, headers={"Accept": "application/json, text/event-stream"}
        )
        assert response.status == 200, await response.text()
        message = json.loads(await response.text())
        assert "error" not in message, message
        return message["result"]


@pytest.mark.parametrize("api", ["homelab_ai", "assist"])
async def test_mcp_server(
    hass: HomeAssistant, homelab: MockConfigEntry, hass_client: ClientSessionGenerator, api: str
) -> None:
    assert await async_setup_component(hass, "http", {})
    data = {
        "llm_hass_api": [api],
        "all_llm_apis": False,
        "read_only": False,
        "require_admin": True,
    }
    entry = MockConfigEntry(domain=MCP, data=data, minor_version=9)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    ask = McpClient(await hass_client(), "/api/mcp")
    await ask(
        "initialize",
        protocolVersion="2025-06-18",
        capabilities={},
        clientInfo={"name": "test", "version": "1"},
    )
    tools = {tool["name"]: tool for tool in (await ask("tools/list"))["tools"]}
    assert {name for name in tools if name.startswith("homelab_ai__")} == NAMES
    hints = tools["homelab_ai__mute_problem"]["annotations"]
    assert (hints["readOnlyHint"], hints["destructiveHint"], hints["idempotentHint"]) == (False, False, True)
    assert tools["homelab_ai__get_health"]["annotations"]["readOnlyHint"] is True
    result = await ask("tools/call", name="homelab_ai__get_health", arguments={})
    text = result["content"][0]["text"]
    assert json.loads(text)["health"] == "critical"
    assert len(text) < 2000
    assert not result["isError"]
    result = await ask("tools/call", name="homelab_ai__mute_problem", arguments={"problem": "toaster"})
    assert result["isError"]
    result = await ask("tools/call", name="homelab_ai__mute_problem", arguments={})
    assert result["isError"]
