"""Alertmanager, API v2 (`api/v2/openapi.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from .answers import objects, text, texts, time, when_object
from .errors import ApiResponseError
from .http import Connection, fetch, raise_for_status

MAX_ALERTS = 16 * 1024**2
"""Bytes of all alerts; a thousand are about one mebibyte."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `fingerprint` is the stable id of its labels. Texts are as they came.

    Suppressed are those that reach nobody: silenced by people, or inhibited by other alerts.
    """

    fingerprint: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: datetime | None
    suppressed: bool
    silenced: bool

    @property
    def name(self) -> str:
        """Return the alert's name."""
        return self.labels.get("alertname", "")


class AlertmanagerClient:
    """One Alertmanager."""

    def __init__(self, session: aiohttp.ClientSession, connection: Connection) -> None:
        """Open nothing yet."""
        self._session = session
        self._connection = connection

    async def version(self) -> str | None:
        """Return the version, None where it does not say. Raises ApiError.

        The status also carries the whole configuration, receivers and all: nothing else of it is kept.
        """
        status = when_object(await self._get("/api/v2/status"))
        return texts(status.get("versionInfo")).get("version") or None

    async def alerts(self) -> tuple[Alert, ...]:
        """Return all alerts, suppressed ones too. Raises ApiError."""
        found = objects(await self._get("/api/v2/alerts"))
        return tuple(_alert(one) for one in found if text(one.get("fingerprint")))

    async def _get(self, path: str) -> Any:
        answer = await fetch(self._session, self._connection, "GET", path, max_body=MAX_ALERTS)
        raise_for_status(answer.status, answer.body.decode(errors="replace"))
        if (found := answer.json()) is None:
            raise ApiResponseError("the answer is empty", answer.status)
        return found


def _alert(one: Mapping[str, Any]) -> Alert:
    status = one.get("status")
    return Alert(
        fingerprint=text(one.get("fingerprint")),
        labels=texts(one.get("labels")),
        annotations=texts(one.get("annotations")),
        starts_at=time(one.get("startsAt")),
        suppressed=texts(status).get("state") == "suppressed",
        silenced=isinstance(status, dict) and bool(status.get("silencedBy")),
    )
