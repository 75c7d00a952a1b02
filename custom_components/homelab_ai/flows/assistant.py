"""Whether the agent of a new homelab becomes the voice assistant: where no other is, and a person agrees."""

from typing import TYPE_CHECKING

from homeassistant.components.conversation import DOMAIN as CONVERSATION_DOMAIN, HOME_ASSISTANT_AGENT
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import CONVERSATION, DOMAIN

if TYPE_CHECKING:
    from homeassistant.components.assist_pipeline import Pipeline

CONF_ASSISTANT = "assistant"


def is_free(hass: HomeAssistant) -> bool:
    """Return whether the preferred voice assistant is still Home Assistant's own agent."""
    pipeline = _preferred(hass)
    return pipeline is not None and pipeline.conversation_engine == HOME_ASSISTANT_AGENT


async def take_over(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Make the first agent of a homelab the preferred voice assistant; return whether it is that now."""
    agent = next(iter(entry.get_subentries_of_type(CONVERSATION)), None)
    pipeline = _preferred(hass)
    if agent is None or pipeline is None or not is_free(hass):
        return False
    registry = er.async_get(hass)
    engine = registry.async_get_entity_id(CONVERSATION_DOMAIN, DOMAIN, agent.subentry_id)
    if engine is None:
        return False
    from homeassistant.components import assist_pipeline  # noqa: PLC0415 - as below

    await assist_pipeline.async_update_pipeline(hass, pipeline, conversation_engine=engine)
    return True


def _preferred(hass: HomeAssistant) -> Pipeline | None:
    """Return the preferred pipeline, None where there are no voice assistants."""
    if "assist_pipeline" not in hass.config.components:
        return None
    # It brings its audio libraries, which are there once it is loaded and need not be before.
    from homeassistant.components import assist_pipeline  # noqa: PLC0415

    return assist_pipeline.async_get_pipeline(hass)
