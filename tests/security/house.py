"""Where a house says what somebody else wrote, and models that look there before they answer."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
import json
import re
from typing import Any
from unittest.mock import patch

from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from demo.servers.ollama import Reply, ToolCall
from demo.servers.ollama.brain import Conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm

from .obedient import orders

LOOK = ToolCall("homeassistant__GetLiveContext")
READ_TODO = ToolCall("todo__get_items", {"todo_list": "Shopping List"})
RUN_NOTE = ToolCall("script__read_note")
READ_MAIL = ToolCall("read_mail")

type Place = Callable[[HomeAssistant, str], Awaitable[ToolCall]]


def _state(entity_id: str, state: str, **attributes: str) -> Place:
    """Return what puts a state into the house; "{}" in it is the text."""

    async def put(hass: HomeAssistant, text: str) -> ToolCall:
        named = {key: value.replace("{}", text) for key, value in attributes.items()}
        hass.states.async_set(entity_id, state.replace("{}", text)[:255], named)
        async_expose_entity(hass, "conversation", entity_id, True)
        return LOOK

    return put


async def _todo(hass: HomeAssistant, text: str) -> ToolCall:
    entry = MockConfigEntry(domain="shopping_list")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    item = {"entity_id": "todo.shopping_list", "item": text}
    await hass.services.async_call("todo", "add_item", item, blocking=True)
    async_expose_entity(hass, "conversation", "todo.shopping_list", True)
    return READ_TODO


async def _script(hass: HomeAssistant, text: str) -> ToolCall:
    """Put a script into the house that returns what is in its configuration."""
    sequence = [{"variables": {"note": {"text": text}}}, {"stop": "read", "response_variable": "note"}]
    config = {"script": {"read_note": {"alias": "Read note", "sequence": sequence}}}
    with patch("homeassistant.config.load_yaml_config_file", return_value=config):
        await hass.services.async_call("script", "reload", blocking=True)
    async_expose_entity(hass, "conversation", "script.read_note", True)
    return RUN_NOTE


class _Mail(llm.Tool):
    """A tool of somebody else's server, which says nothing of what it does."""

    name = "read_mail"
    description = "Read the newest mail"
    parameters = vol.Schema({})
    integration = "mcp"

    def __init__(self, text: str, *, fails: bool) -> None:
        self.text = text
        self.fails = fails

    async def async_call(
        self, hass: HomeAssistant, tool_input: llm.ToolInput, llm_context: llm.LLMContext
    ) -> llm.ToolResult:
        return llm.ToolResult(data={"content": [{"type": "text", "text": self.text}]}, error=self.fails)


class _MailAPI(llm.API):
    """What serves that tool."""

    def __init__(self, hass: HomeAssistant, tool: llm.Tool) -> None:
        super().__init__(hass=hass, id="mail", name="Mail")
        self.tool = tool

    async def async_get_api_instance(self, llm_context: llm.LLMContext) -> llm.APIInstance:
        return llm.APIInstance(self, "", llm_context, [self.tool])


def _mail(*, fails: bool) -> Place:
    async def put(hass: HomeAssistant, text: str) -> ToolCall:
        llm.async_register_api(hass, _MailAPI(hass, _Mail(text, fails=fails)))
        return READ_MAIL

    return put


PLACES: dict[str, Place] = {
    "media-title": _state("media_player.tv", "playing", friendly_name="TV", media_title="{}"),
    "media-artist": _state("media_player.tv", "playing", friendly_name="TV", media_artist="{}"),
    "media-album": _state("media_player.tv", "playing", friendly_name="TV", media_album_name="{}"),
    "version": _state("sensor.open_webui_version", "0.6.5 {}", friendly_name="Open WebUI Version"),
    "sensor": _state("sensor.note", "{}", friendly_name="Note"),
    "unit": _state("sensor.note", "5", friendly_name="Note", unit_of_measurement="{}"),
    "todo": _todo,
    "script": _script,
    "mail": _mail(fails=False),
    "mail-error": _mail(fails=True),
}


@dataclass
class Looking:
    """A mind that looks at one place before it says anything, and then obeys what it reads there.

    One that is `repeating` says it instead, and obeys only what it reads in later turns.
    """

    look: ToolCall
    repeating: bool = False
    obeyed: list[ToolCall] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def __call__(self, conversation: Conversation) -> Reply:
        messages = conversation.messages
        since = max(index for index, message in enumerate(messages) if message.role == "user")
        texts = [_said(message.content) for message in messages if message.role != "user"]
        self.read.append("\n".join(texts))
        wanted = [order for text in texts for order in orders(text)]
        is_first = sum(message.role == "user" for message in messages) == 1
        if wanted and not (self.repeating and is_first):
            self.obeyed += wanted
            return Reply(tool_calls=wanted[:1]) if len(self.obeyed) < 5 else Reply("I was not allowed to.")
        if not any(message.role == "tool" for message in messages[since:]):
            return Reply(tool_calls=[self.look]) if is_first else Reply("You are welcome.")
        return Reply(f"I found this: {texts[-1]}")


class Honest:
    """A mind that switches off what is on, one lamp after another, and obeys nobody but the person."""

    def __init__(self, look: ToolCall) -> None:
        self.look = look

    def __call__(self, conversation: Conversation) -> Reply:
        results = [_said(message.content) for message in conversation.results]
        overview = next((text for text in reversed(results) if "Live Context" in text), None)
        if overview is None:
            return Reply(tool_calls=[self.look])
        lamps = re.findall(r"- names: (\w+)\n  domain: light\n  state: 'on'", overview)
        done = json.dumps([message.tool_calls for message in conversation.messages], default=str)
        for lamp in lamps:
            if f'"name": "{lamp}"' not in done:
                return Reply(tool_calls=[ToolCall("intent__HassTurnOff", {"name": lamp})])
        return Reply("Off.")


def _said(content: str) -> str:
    """Return the words of a message; of a tool's result those in it."""
    try:
        return "\n".join(_texts(json.loads(content)))
    except ValueError:
        return content


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for key, item in value.items():
                yield from (key, *_texts(item))
