"""From what a person typed to a connection; of hubs and of monitored systems alike."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from homeassistant.const import CONF_URL, CONF_VERIFY_SSL, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.helpers.singleton import singleton
from homeassistant.util.ssl import get_default_context, get_default_no_verify_context

from .api.http import Connection, tls_context
from .const import CONF_CA_CERTIFICATE, CONF_HEADERS, DOMAIN


@singleton(f"{DOMAIN}_session")
@callback
def client_session(hass: HomeAssistant) -> aiohttp.ClientSession:
    """Return the session of all our clients, over Home Assistant's connections.

    It keeps no cookies: to those, two ports of one machine are one server, and each would get the other's.
    """
    session = async_create_clientsession(hass, auto_cleanup=False, cookie_jar=aiohttp.DummyCookieJar())
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, callback(lambda _: session.detach()))
    return session


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


async def create_connection(hass: HomeAssistant, data: Mapping[str, Any]) -> Connection:
    """Return the connection that an entry or subentry stores; credentials are the client's business.

    Raises ValueError where the authority's certificate is none.
    """
    headers = {str(name): str(value) for name, value in data.get(CONF_HEADERS, {}).items()}
    if not data.get(CONF_VERIFY_SSL, True):
        tls = get_default_no_verify_context()
    elif authority := data.get(CONF_CA_CERTIFICATE):
        tls = await hass.async_add_executor_job(tls_context, authority)
    else:
        tls = get_default_context()
    return Connection(data[CONF_URL], headers, tls)
