"""Alertmanager, API v2 (`api/v2/openapi.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from .answers import objects, text, texts, time, when_object
from .breath import Breath
from .errors import ApiResponseError
from .http import Connection, fetch

MAX_ALERTS = 4 * 1024**2
"""Bytes of all alerts; a thousand are about one mebibyte."""
MAX_ID = 100
"""Characters of a silence's id; a UUID has 36."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `fingerprint` is the stable id of its labels. Texts are as they came.

    Suppressed are those that reach nobody: silenced by people, or inhibited by other alerts. `generator` is
    the address of what raised it, empty where that is not known.
    """

    fingerprint: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: datetime | None
    suppressed: bool
    silenced: bool
    generator: str = ""

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
        breath, alerts = Breath(), []
        for one in objects(await self._get("/api/v2/alerts")):
            await breath.draw()
            if text(one.get("fingerprint")):
                alerts.append(_alert(one))
        return tuple(alerts)

    async def silence(
        self, labels: Mapping[str, str], duration: timedelta, *, comment: str, created_by: str
    ) -> str:
        """Silence every alert that has all these labels, from now on; return the silence's id.

        Alerts with further labels are among them, as with a silence that a person makes of an alert.
        Raises ApiError; the labels must not be empty, for that would silence everything.
        """
        if not labels or not all(labels.values()):
            raise ValueError("an alert without labels")
        now = datetime.now(UTC)
        answer = await self._ask(
            "POST",
            "/api/v2/silences",
            {
                "matchers": [
                    {"name": name, "value": value, "isRegex": False, "isEqual": True}
                    for name, value in labels.items()
                ],
                "startsAt": now.isoformat(),
                "endsAt": (now + duration).isoformat(),
                "createdBy": created_by,
                "comment": comment,
            },
        )
        if not (silence_id := text(when_object(answer).get("silenceID"))):
            raise ApiResponseError("the answer names no silence")
        return silence_id[:MAX_ID]

    async def _get(self, path: str) -> Any:
        return await self._ask("GET", path)

    async def _ask(self, method: str, path: str, body: object = None) -> Any:
        answer = await fetch(self._session, self._connection, method, path, body=body, max_body=MAX_ALERTS)
        answer.raise_for_status()
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
        generator=text(one.get("generatorURL")),
    )
