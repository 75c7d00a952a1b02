"""A plain client of Ollama: what goes over the wire, without any library in between."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from typing import Any

from aiohttp import ClientResponse, ClientSession


@dataclass
class Talk:
    """Requests to one server."""

    session: ClientSession
    url: str

    async def get(self, path: str, **given: Any) -> tuple[int, Any]:
        return await self.request("GET", path, **given)

    async def post(self, path: str, body: Any = None, **given: Any) -> tuple[int, Any]:
        return await self.request("POST", path, json=body, **given)

    async def request(self, method: str, path: str, **given: Any) -> tuple[int, Any]:
        async with self.session.request(method, self.url + path, **given) as response:
            text = await response.text()
            if "json" not in response.content_type:
                return response.status, text
            if response.content_type == "application/x-ndjson":
                return response.status, [json.loads(line) for line in text.splitlines()]
            return response.status, json.loads(text)

    async def chat(self, content: str = "Hello", model: str = "llama3.1:8b", **given: Any) -> list[Any]:
        """All lines of a chat that must succeed."""
        messages = given.pop("messages", [{"role": "user", "content": content}])
        status, lines = await self.post("/api/chat", {"model": model, "messages": messages, **given})
        assert status == 200, lines
        assert isinstance(lines, list)
        return lines

    async def refused(self, path: str = "/api/chat", **body: Any) -> tuple[int, str]:
        """Status and text of a request that must fail."""
        if path == "/api/chat":
            body.setdefault("messages", [{"role": "user", "content": "Hello"}])
        status, answer = await self.post(path, {"model": "llama3.1:8b", **body})
        assert list(answer) == ["error"], answer
        return status, answer["error"]

    @asynccontextmanager
    async def open_chat(self, **body: Any) -> AsyncGenerator[ClientResponse]:
        """A chat whose lines are read one by one."""
        body = {"model": "llama3.1:8b", "messages": [{"role": "user", "content": "Hello"}]} | body
        async with self.session.post(f"{self.url}/api/chat", json=body) as response:
            yield response


def content(lines: list[Any]) -> str:
    return "".join(line["message"]["content"] for line in lines)


def thinking(lines: list[Any]) -> str:
    return "".join(line["message"].get("thinking", "") for line in lines)


def calls(lines: list[Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (call["function"]["name"], call["function"]["arguments"])
        for line in lines
        for call in line["message"].get("tool_calls", [])
    ]


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the server has no event for all one may wait for
            await asyncio.sleep(0.002)


def tool(called: str, told: str = "", required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": called,
            "description": told,
            "parameters": {"type": "object", "properties": properties, "required": list(required)},
        },
    }


TURN_ON = tool(
    "HassTurnOn",
    "Turns on/opens/presses a device or entity",
    name={"type": "string"},
    area={"type": "string"},
    domain={"type": "array", "items": {"type": "string"}},
)
TURN_OFF = tool(
    "HassTurnOff", "Turns off/closes a device or entity", name={"type": "string"}, area={"type": "string"}
)
LIGHT_SET = tool(
    "HassLightSet",
    "Sets the brightness or color of a light",
    name={"type": "string"},
    brightness={"type": "integer", "minimum": 0, "maximum": 100},
)
DATE_TIME = tool("GetDateTime", "Provides the current date and time.")
HEALTH = tool("get_health", "How the homelab is: what runs, what does not, and why.")
LOGS = tool(
    "read_logs",
    "Reads the log of a service",
    required=("service", "level"),
    service={"type": "string"},
    level={"type": "string", "enum": ["error", "warning", "info"]},
    lines={"type": "integer", "minimum": 1, "maximum": 200},
)
TOOLS = [TURN_ON, TURN_OFF, LIGHT_SET, DATE_TIME, HEALTH, LOGS]
