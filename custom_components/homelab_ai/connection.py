"""From what a person typed to a connection; of hubs and of monitored systems alike."""

from collections.abc import Mapping
from typing import Any

from yarl import URL

from homeassistant.const import CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.util.ssl import get_default_context, get_default_no_verify_context

from .api.http import Connection, tls_context
from .const import CONF_CA_CERTIFICATE, CONF_HEADERS


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
