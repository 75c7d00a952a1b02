"""A homelab for tests: a real entry against a simulated hub over a real socket."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.const import AI_TASK_DATA, CONVERSATION, DOMAIN, HUB
from homeassistant.components import conversation
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import intent
from homeassistant.setup import async_setup_component

MODEL = "llama3.1:8b"
AGENT = "conversation.jarvis"
TASK = "ai_task.ai_task"


def conversation_subentry(title: str = "Jarvis", **data: Any) -> ConfigSubentryData:
    """Return an agent's settings, as its flow stores them."""
    return _subentry(CONVERSATION, title, {"model": MODEL, "llm_hass_api": ["assist"], **data})


def ai_task_subentry(title: str = "AI Task", **data: Any) -> ConfigSubentryData:
    """Return an AI task's settings, as its flow stores them."""
    return _subentry(AI_TASK_DATA, title, {"model": MODEL, **data})


def hub_subentry(url: str, title: str = "Standby", **data: Any) -> ConfigSubentryData:
    """Return a standby hub's settings, as its flow stores them."""
    return _subentry(HUB, title, {"url": url, "verify_ssl": True, **data})


def _subentry(subentry_type: str, title: str, data: Mapping[str, Any]) -> ConfigSubentryData:
    return ConfigSubentryData(
        subentry_type=subentry_type, title=title, unique_id=None, data=MappingProxyType(dict(data))
    )


def homelab_entry(
    url: str, *subentries: ConfigSubentryData, options: Mapping[str, Any] | None = None, **data: Any
) -> MockConfigEntry:
    """Return an entry that is not set up yet; without subentries it has an agent and an AI task."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Homelab",
        entry_id="01HOMELAB0000000000000000A",
        data={"url": url, "verify_ssl": True, **data},
        options=dict(options or {}),
        subentries_data=subentries or (conversation_subentry(), ai_task_subentry()),
    )


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Set up Home Assistant's own part and the entry; the agent's entities are there afterwards."""
    assert await async_setup_component(hass, "homeassistant", {})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def ask(
    hass: HomeAssistant, text: str, *, agent: str = AGENT, conversation_id: str | None = None, **options: Any
) -> conversation.ConversationResult:
    """Ask an agent, as a pipeline does."""
    return await conversation.async_converse(
        hass, text, conversation_id, options.pop("context", Context()), agent_id=agent, **options
    )


def speech(result: conversation.ConversationResult) -> str:
    """Return what is spoken."""
    text: str = result.response.speech["plain"]["speech"]
    return text


def is_error(result: conversation.ConversationResult) -> bool:
    """Return whether the answer is an error."""
    return result.response.response_type is intent.IntentResponseType.ERROR
