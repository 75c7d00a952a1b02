"""Whether an Ollama server answers one who has no key; Ollama itself has none, a proxy before it may."""

from collections.abc import Mapping
from dataclasses import replace

import aiohttp

from .errors import ApiResponseError
from .http import TIMEOUT, Connection, fetch, raise_for_status


async def answers_anybody(session: aiohttp.ClientSession, connection: Connection) -> bool:
    """Return whether the server shows its models without the key. Raises ApiError where that cannot be told.

    Other headers than the key are left out only where they are all that is left to be one: a proxy may need
    them to find the server.
    """
    headers = connection.headers
    others = {name: value for name, value in headers.items() if name.lower() != "authorization"}
    if len(others) < len(headers) and not await _shows_models(session, connection, others):
        return False
    return not others or await _shows_models(session, connection, {})


async def _shows_models(
    session: aiohttp.ClientSession, connection: Connection, headers: Mapping[str, str]
) -> bool:
    answer = await fetch(session, replace(connection, headers=headers), "GET", "/api/tags", seconds=TIMEOUT)
    if answer.status >= 500:
        raise_for_status(answer.status, "")
    try:
        data = answer.json()
    except ApiResponseError:
        return False
    return answer.status == 200 and isinstance(data, dict) and "models" in data
