"""From what a person typed to a client of their server."""

from collections.abc import Mapping
from typing import Any

from yarl import URL

from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.ssl import get_default_context, get_default_no_verify_context

from ..api.http import Connection, tls_context
from ..api.ollama import OllamaClient
from ..const import CONF_CA_CERTIFICATE, CONF_HEADERS


def normalized_url(text: str) -> str:
    """Return an address without its trailing slash; a path prefix stays.

    Raises ValueError for anything but an http or https address of a host, without user, query and fragment.
    """
    url = URL(text.strip())
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("no http address")
    if url.user or url.password or url.query_string or url.fragment:
        raise ValueError("more than an address")
    return str(url).rstrip("/")


async def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> OllamaClient:
    """Return a client for the connection fields of an entry or subentry.

    Raises ValueError where the authority's certificate is none.
    """
    headers = {str(name): str(value) for name, value in data.get(CONF_HEADERS, {}).items()}
    if key := data.get(CONF_API_KEY):
        headers["Authorization"] = f"Bearer {key}"
    if not data.get(CONF_VERIFY_SSL, True):
        tls = get_default_no_verify_context()
    elif authority := data.get(CONF_CA_CERTIFICATE):
        tls = await hass.async_add_executor_job(tls_context, authority)
    else:
        tls = get_default_context()
    return OllamaClient(async_get_clientsession(hass), Connection(data[CONF_URL], headers, tls))
