"""From what a person typed to a client of their Ollama server; and the place where its models come from."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from homeassistant.const import CONF_API_KEY
from homeassistant.core import HomeAssistant

from ..api.ollama import OllamaClient
from ..api.registry import RegistryClient
from ..connection import client_session, create_connection


async def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> OllamaClient:
    """Return a client for the connection fields of an entry or subentry.

    Raises ValueError where the authority's certificate is none.
    """
    connection = await create_connection(hass, data)
    if key := data.get(CONF_API_KEY):
        connection = replace(connection, headers={**connection.headers, "Authorization": f"Bearer {key}"})
    return OllamaClient(client_session(hass), connection)


def create_registry(hass: HomeAssistant) -> RegistryClient:
    """Return a client of the registry that servers pull from."""
    return RegistryClient(client_session(hass))
