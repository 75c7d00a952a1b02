"""LibreChat (`api/server/index.js`) and its exporter (virtUOS/librechat_exporter)."""

from collections.abc import Mapping
from dataclasses import dataclass
import time

import aiohttp

from .answers import Number
from .breath import read
from .errors import ApiError, ApiForeignError
from .exposition import samples
from .http import Connection, fetch


@dataclass(frozen=True, slots=True)
class LibreChatStatus:
    """Seconds until it answered, and the exporter's figures by name; None where that does not answer."""

    response_time: Number
    metrics: Mapping[str, Number] | None


class LibreChatClient:
    """One LibreChat, and its exporter where there is one."""

    def __init__(
        self, session: aiohttp.ClientSession, connection: Connection, metrics: Connection | None
    ) -> None:
        """`metrics` is the exporter's whole address."""
        self._session = session
        self._connection = connection
        self._metrics = metrics

    async def status(self) -> LibreChatStatus:
        """Return how it is. Raises ApiError; ApiForeignError where something else answers."""
        started = time.monotonic()
        answer = await fetch(self._session, self._connection, "GET", "/health")
        response_time = Number(time.monotonic() - started)
        answer.raise_for_status()
        # Every unknown path answers 200 with the page of the app.
        if answer.body.strip() != b"OK":
            raise ApiForeignError("this is not LibreChat")
        return LibreChatStatus(response_time, await self._figures())

    async def _figures(self) -> dict[str, Number] | None:
        """Return the exporter's figures; that it fails must not make the app look ill."""
        if self._metrics is None:
            return None
        try:
            answer = await fetch(self._session, self._metrics, "GET", "")
            answer.raise_for_status("")
        except ApiError:
            return None
        return await read(answer.body, _read)


def _read(body: bytes) -> dict[str, Number]:
    return {
        # Older releases have no suffix.
        name.removesuffix("_total"): value
        for name, labels, value in samples(body.decode(errors="replace"), "librechat_")
        if not labels
    }
