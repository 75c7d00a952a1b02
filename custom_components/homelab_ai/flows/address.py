"""What a person typed as an address, and why nothing good answers there."""

import asyncio
from collections.abc import Mapping
import re
from typing import Any

from yarl import URL

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.util.ssl import get_default_no_verify_context

from ..api.errors import (
    ApiBusyError,
    ApiCertificateError,
    ApiConnectionError,
    ApiError,
    ApiForbiddenError,
    ApiHostRefusedError,
    ApiResponseError,
    ApiTokenMissingError,
    ApiUnknownHostError,
)
from ..api.http import Connection, fetch
from ..api.recognition import system_at
from ..connection import client_session, create_connection, normalized_url
from .form import FormError

_SECONDS = 4.0
# A name with a dot or a port; a single word is more likely a slip than a host.
_BARE = re.compile(r"(?:[\w-]+(?:\.[\w-]+)+|[\w.-]+(?=:\d)|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:[/?#].*)?")
# Pages and paths of an API, as they stand in a browser or in the settings of another program.
_WITHIN = re.compile(
    r"(?:/api/(?:tags|version|ps|chat|generate|show|v[12](?:/[\w/-]*)?)|/v1(?:/[\w/-]*)?"
    r"|/(?:graph|query|targets|alerts|rules|version)|/(?=#/))/?(?:[?#].*)?$"
)
# What the server understood well enough: it is the right one.
_IS_RIGHT = (ApiBusyError, ApiForbiddenError, ApiHostRefusedError, ApiTokenMissingError, ApiCertificateError)


def typed_url(text: str, scheme: str = "http", *, keeps_path: bool = False) -> str:
    """Return a typed address in the form that is stored: with a scheme, without a page of the system's own.

    Raises ValueError as `normalized_url` does.
    """
    text = text.strip()
    if _BARE.fullmatch(text):
        text = f"{scheme}://{text}"
    return normalized_url(text if keeps_path else _WITHIN.sub("", text))


async def address_error(
    hass: HomeAssistant, data: Mapping[str, Any], error: ApiError | TimeoutError, expected: str
) -> FormError | None:
    """Return what is wrong with the address, None where it is something else that is wrong.

    `expected` is the name of the system that should answer. Looks at the network for some seconds.
    """
    url = URL(data.get(CONF_URL, ""))
    if not url.host or isinstance(error, _IS_RIGHT):
        return None
    if isinstance(error, ApiUnknownHostError):
        return FormError("unknown_host", CONF_URL, host=url.host)
    if isinstance(error, ApiConnectionError) or (isinstance(error, ApiResponseError) and error.status == 400):
        return await _other_protocol(hass, data, url)
    if isinstance(error, TimeoutError):
        return None
    system = await system_at(client_session(hass), await create_connection(hass, data))
    # The hub's form has had a text for this one for long.
    if system is None or system in (expected, "Open WebUI" if expected == "Ollama" else ""):
        return None
    return FormError("other_system", CONF_URL, found=system)


async def _other_protocol(hass: HomeAssistant, data: Mapping[str, Any], url: URL) -> FormError | None:
    if url.scheme == "http":
        return FormError("needs_https", CONF_URL) if await _speaks_tls(url) else None
    plain = Connection(str(url.with_scheme("http").with_port(url.port)))
    try:
        await fetch(client_session(hass), plain, "GET", "/", seconds=_SECONDS)
    except ApiError:
        return None
    return FormError("needs_http", CONF_URL)


async def _speaks_tls(url: URL) -> bool:
    """Return whether a handshake comes about; whose certificate that is does not matter yet."""
    try:
        async with asyncio.timeout(_SECONDS):
            _, writer = await asyncio.open_connection(
                url.host, url.port, ssl=get_default_no_verify_context(), server_hostname=url.host
            )
    except OSError, TimeoutError, ValueError:
        return False
    writer.close()
    return True
