"""The client of a well: the first of its two modules, it would be `api/well.py`."""

from dataclasses import dataclass, replace
from datetime import datetime

import aiohttp

from custom_components.homelab_ai.api.answers import number, text, time, when_object
from custom_components.homelab_ai.api.errors import ApiForeignError
from custom_components.homelab_ai.api.http import Connection, fetch


@dataclass(frozen=True, slots=True)
class WellStatus:
    """How a well is; `level` in meters, `last_sample` None where nobody has tested the water so far."""

    version: str
    level: float
    last_sample: datetime | None


class WellClient:
    """One well; `api_key` is optional."""

    def __init__(self, session: aiohttp.ClientSession, connection: Connection, api_key: str | None) -> None:
        """Open nothing yet."""
        self._session = session
        headers = {"X-Well-Key": api_key} if api_key else {}
        self._connection = replace(connection, headers={**connection.headers, **headers})

    async def status(self) -> WellStatus:
        """Return how it is. Raises ApiError; ApiForeignError where something else answers."""
        answer = await fetch(self._session, self._connection, "GET", "/well")
        answer.raise_for_status()
        said = when_object(answer.json())
        if (level := number(said.get("level"))) is None:
            raise ApiForeignError("this is not a well")
        return WellStatus(text(said.get("version")), level, time(said.get("last_sample")))
