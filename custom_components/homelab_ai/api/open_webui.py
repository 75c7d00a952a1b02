"""Open WebUI (`backend/open_webui/main.py`)."""

from dataclasses import dataclass, replace
import time

import aiohttp

from .answers import Number, Text, Whole, objects, text, when_object
from .errors import ApiConnectionError, ApiForeignError, ApiResponseError
from .http import Connection, fetch

_MAX_VERSION = 50
_MODELS_SECONDS = 20.0
"""It asks its hub first, and waits ten seconds for one that is switched off."""


@dataclass(frozen=True, slots=True)
class OpenWebUIStatus:
    """What Open WebUI says of itself; `models` is None without a key that may ask."""

    version: Text
    response_time: Number
    models: Whole | None


class OpenWebUIClient:
    """One Open WebUI; `api_key` is optional."""

    def __init__(self, session: aiohttp.ClientSession, connection: Connection, api_key: str | None) -> None:
        """Open nothing yet."""
        self._session = session
        # Without the key: the public part would take it for a broken login and refuse.
        self._public = connection
        self._private = (
            replace(connection, headers={**connection.headers, "Authorization": f"Bearer {api_key}"})
            if api_key
            else None
        )

    async def status(self) -> OpenWebUIStatus:
        """Return how it is. Raises ApiError; ApiForeignError where something else answers."""
        started = time.monotonic()
        answer = await fetch(self._session, self._public, "GET", "/api/config")
        response_time = Number(time.monotonic() - started)
        answer.raise_for_status()
        try:
            config = when_object(answer.json())
        except ApiResponseError as err:
            # Unknown paths answer 200 with the page of the app, whatever app it is.
            raise ApiForeignError("this is not Open WebUI") from err
        if "features" not in config:
            raise ApiForeignError("this is not Open WebUI")
        return OpenWebUIStatus(text(config.get("version"), _MAX_VERSION), response_time, await self._models())

    async def _models(self) -> Whole | None:
        """Return how many models Open WebUI offers; none at all means that it does not reach the hub."""
        if self._private is None:
            return None
        try:
            answer = await fetch(self._session, self._private, "GET", "/api/models", seconds=_MODELS_SECONDS)
        except ApiConnectionError:
            return None
        if answer.status == 403:
            # A key that is fine, in a set-up that allows it other things only.
            return None
        answer.raise_for_status()
        return await answer.read(_count)


def _count(answer: object) -> Whole:
    return Whole(sum(1 for _ in objects(when_object(answer).get("data"))))
