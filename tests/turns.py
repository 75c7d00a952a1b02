"""Turns as a voice pipeline runs them, the house they act on, and what the hub was sent."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
import inspect
import logging
import struct
import time
from typing import Any
import zlib

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.servers.ollama import OllamaServer, Reply, Request, ToolCall
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import chat_session
from homeassistant.setup import async_setup_component

from .common import AGENT, TASK, ai_task_subentry, ask, conversation_subentry, homelab_entry, set_up, speech
from .translations import load

LIGHT = "light.kitchen"
SCRIPT = "script.water_plants"
_SESSION_TAKES_CONTEXT = "context" in inspect.signature(chat_session.async_get_chat_session).parameters


@dataclass
class Turn:
    """What a listener at the pipeline heard, delta by delta, and how it ended."""

    deltas: list[Mapping[str, Any]] = field(default_factory=list)
    result: conversation.ConversationResult | None = None

    @property
    def text(self) -> str:
        """The text that was streamed; it is what a pipeline speaks."""
        return "".join(delta.get("content") or "" for delta in self._said)

    @property
    def thoughts(self) -> str:
        """The thinking that was streamed; it is shown and never spoken."""
        return "".join(delta.get("thinking_content") or "" for delta in self._said)

    @property
    def kinds(self) -> list[str]:
        """What kinds of delta came, in order, each run of one kind once."""
        kinds = [next(iter(delta)) if "role" not in delta else str(delta["role"]) for delta in self.deltas]
        return [kind for index, kind in enumerate(kinds) if index == 0 or kinds[index - 1] != kind]

    @property
    def _said(self) -> list[Mapping[str, Any]]:
        return [delta for delta in self.deltas if delta.get("role") != "tool_result"]

    @property
    def answer(self) -> str:
        """What the turn ended with."""
        assert self.result is not None
        return speech(self.result)


def session_of(
    hass: HomeAssistant, conversation_id: str | None = None, context: Context | None = None
) -> AbstractContextManager[chat_session.ChatSession]:
    """Return the session of a conversation as pipelines open it; a new one without an id."""
    options: dict[str, Any] = {"context": context} if _SESSION_TAKES_CONTEXT else {}
    return chat_session.async_get_chat_session(hass, conversation_id, **options)


async def listen(
    hass: HomeAssistant,
    text: str,
    *,
    agent: str = AGENT,
    conversation_id: str | None = None,
    turn: Turn | None = None,
    **options: Any,
) -> Turn:
    """Ask an agent as a pipeline does: with a chat log of its own that it listens to.

    Give a `turn` to see what was heard before the end.
    """
    turn = turn or Turn()
    context = options.pop("context", Context())
    attachments: list[conversation.Attachment] = options.pop("attachments", [])
    with ExitStack() as stack:
        session = stack.enter_context(session_of(hass, conversation_id, context))
        user_input = conversation.ConversationInput(
            text=text,
            context=context,
            conversation_id=session.conversation_id,
            device_id=None,
            satellite_id=None,
            language=hass.config.language,
            agent_id=agent,
        )
        chat_log = stack.enter_context(
            conversation.async_get_chat_log(
                hass,
                session,
                user_input,
                chat_log_delta_listener=lambda _, delta: turn.deltas.append(dict(delta)),
            )
        )
        if attachments:
            chat_log.content[-1] = conversation.UserContent(text, attachments)
        turn.result = await ask(
            hass, text, agent=agent, conversation_id=session.conversation_id, context=context, **options
        )
    return turn


async def furnish(hass: HomeAssistant) -> None:
    """Put a light and a script that turns it on into the house, both exposed to Assist."""
    light = {
        "name": "Kitchen",
        "default_entity_id": LIGHT,
        "turn_on": [],
        "turn_off": [],
        "set_level": [],
    }
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "template", {"template": [{"light": [light]}]})
    script = {
        "alias": "Water plants",
        "fields": {"seconds": {"required": True, "selector": {"number": {"min": 1, "max": 60}}}},
        "sequence": [{"action": "light.turn_on", "target": {"entity_id": LIGHT}}],
    }
    assert await async_setup_component(hass, "script", {"script": {"water_plants": script}})
    await hass.async_block_till_done()
    for entity_id in (LIGHT, SCRIPT):
        async_expose_entity(hass, "conversation", entity_id, True)
    await hass.services.async_call("light", "turn_off", {"entity_id": LIGHT}, blocking=True)
    assert is_off(hass)


async def move_in(hass: HomeAssistant, url: str, **agent: Any) -> MockConfigEntry:
    """Furnish the house and set up a homelab with one agent, of these settings, and one AI task."""
    await furnish(hass)
    return await set_up(hass, homelab_entry(url, conversation_subentry(**agent), ai_task_subentry()))


async def do_task(hass: HomeAssistant, instructions: str, **fields: Any) -> Any:
    """Run an AI task as an automation does, and return its data."""
    response = await hass.services.async_call(
        "ai_task",
        "generate_data",
        {"entity_id": TASK, "task_name": "test", "instructions": instructions, **fields},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    return response["data"]


def is_on(hass: HomeAssistant) -> bool:
    """Return whether the light is on."""
    return hass.states.is_state(LIGHT, "on")


def is_off(hass: HomeAssistant) -> bool:
    """Return whether the light is off."""
    return hass.states.is_state(LIGHT, "off")


def chats(hub: OllamaServer) -> list[Request]:
    """Return the chat requests the hub got, oldest first."""
    return hub.requests_to("/api/chat")


def sent(hub: OllamaServer, index: int = -1) -> dict[str, Any]:
    """Return the body of a chat request."""
    body = chats(hub)[index].body
    assert body is not None
    return body


def roles(body: Mapping[str, Any]) -> str:
    """Return the roles of a request's messages by their first letters: "suat"."""
    return "".join(message["role"][0] for message in body["messages"])


def turn_on(name: str = "Kitchen", tool: str = "intent__HassTurnOn") -> Reply:
    """Return a model's call of a tool."""
    return Reply(tool_calls=[ToolCall(tool, {"name": name})])


async def until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        await asyncio.sleep(0.005)


def png(width: int = 64, height: int = 48) -> bytes:
    """Return the beginning of a PNG file, as much as a hub reads of it."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def words(key: str, language: str = "en", **placeholders: object) -> str:
    """Return what people are told: "exceptions.hubs_offline.message"."""
    return load(language)[tuple(key.split("."))].format(**placeholders)


def error_text(key: str, language: str = "en", **placeholders: object) -> str:
    """Return the text of one of our errors."""
    return words(f"exceptions.{key}.message", language, **placeholders)


def assert_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """Fail where the log shows a traceback, or an error of ours."""
    for record in caplog.records:
        if record.levelno < logging.INFO:
            continue  # asyncio tells of connections that broke
        assert record.exc_info is None, record.getMessage()
        assert "Traceback" not in record.getMessage()
        ours = record.name.startswith("custom_components.homelab_ai")
        assert not ours or record.levelno < logging.ERROR, record.getMessage()
