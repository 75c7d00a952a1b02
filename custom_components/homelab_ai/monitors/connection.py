"""From what a person typed to a monitor of their system."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from homeassistant.const import CONF_PASSWORD, CONF_TOKEN, CONF_USERNAME
from homeassistant.core import HomeAssistant

from ..api.http import Connection
from ..connection import client_session, create_connection
from . import MONITORS, async_load
from .monitor import Monitor, Settings


async def create_monitor(
    hass: HomeAssistant,
    kind: str,
    data: Mapping[str, Any],
    *,
    source: str,
    name: str,
    kinds: frozenset[str] = frozenset(),
) -> Monitor[Any]:
    """Return the monitor of a subentry; see `Settings` for the arguments.

    Raises ValueError where the authority's certificate is none.
    """
    await async_load(hass, [kind])
    connection = await create_connection(hass, data) if MONITORS[kind].has_address else Connection("")
    if authorization := _authorization(data):
        connection = replace(connection, headers={**connection.headers, "Authorization": authorization})
    return MONITORS[kind](Settings(source, name, data, client_session(hass), connection, kinds, hass))


def _authorization(data: Mapping[str, Any]) -> str | None:
    """Return the header of a token or of a user; an API key is each app's own business."""
    if token := data.get(CONF_TOKEN):
        return f"Bearer {token}"
    if user := data.get(CONF_USERNAME):
        pair = f"{user}:{data.get(CONF_PASSWORD, '')}"
        return f"Basic {b64encode(pair.encode()).decode()}"
    return None
