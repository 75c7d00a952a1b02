"""Paperless-AI (clusterzx/paperless-ai 3.0.9) and its living fork, Zettelrobbe."""

from dataclasses import dataclass, field
import time

import aiohttp

from .answers import (
    Json,
    Moment,
    Number,
    Text,
    Whole,
    object_in,
    text,
    time as time_of,
    when_object,
    whole,
)
from .errors import ApiAuthenticationError, ApiForeignError, ApiResponseError
from .http import Answer, Connection, fetch

_MAX_SAID = 2000
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class ScanHealth:
    """What the fork knows of its scans; None where it does not say."""

    last_success: Moment | None
    failures: Whole
    paperless_reachable: bool | None
    error: Text


@dataclass(frozen=True, slots=True)
class Processing:
    """What it is doing; needs a key."""

    last_processed: Moment | None
    processed_today: Whole | None
    is_processing: bool
    started: Moment | None = field(default=None, compare=False)
    """When it began with the document that it is at, None where it does not say."""


@dataclass(frozen=True, slots=True)
class PaperlessAIStatus:
    """How it is. `trouble` is what it says of its own database, empty where that is well."""

    response_time: Number
    trouble: Text
    processing: Processing | None
    scan: ScanHealth | None


class PaperlessAIClient:
    """One Paperless-AI; `api_key` is optional."""

    def __init__(self, session: aiohttp.ClientSession, connection: Connection, api_key: str | None) -> None:
        """Open nothing yet."""
        self._session = session
        headers = {**connection.headers, **({"x-api-key": api_key} if api_key else {})}
        self._connection = Connection(connection.url, headers, connection.tls)
        self._has_key = bool(api_key)

    async def status(self) -> PaperlessAIStatus:
        """Return how it is. Raises ApiError; ApiForeignError where something else answers."""
        started = time.monotonic()
        answer = await fetch(self._session, self._connection, "GET", "/health")
        response_time = Number(time.monotonic() - started)
        health = self._health(answer)
        processing = await self._processing() if self._has_key else None
        scan = _find_scan(health) or _find_scan(processing or {})
        return PaperlessAIStatus(
            response_time=response_time,
            trouble=_trouble(answer.status, health),
            processing=None if processing is None else _processing(processing),
            scan=None if scan is None else _scan_health(scan),
        )

    def _health(self, answer: Answer) -> Json:
        """Return what it says of itself; with 500 and 503 it says what is wrong."""
        if _is_sent_to_setup(answer):
            raise ApiResponseError("it is not set up yet", answer.status)
        if answer.status not in (200, 500, 503):
            answer.raise_for_status()
        try:
            health = when_object(answer.json())
        except ApiResponseError as err:
            # A proxy before it has the same words for an app that is not there.
            answer.raise_for_status()
            raise ApiForeignError("this is not Paperless-AI") from err
        if "status" not in health:
            raise ApiForeignError("this is not Paperless-AI")
        return health

    async def _processing(self) -> Json | None:
        """Return what it is doing, None where it was asked too often."""
        answer = await fetch(self._session, self._connection, "GET", "/api/processing-status")
        if _is_sent_to_setup(answer):
            raise ApiResponseError("it is not set up yet", answer.status)
        if answer.status in _REDIRECTS:
            # A wrong key is sent to the page where people sign in.
            raise ApiAuthenticationError("the key is not accepted")
        if answer.status == 429:
            return None
        answer.raise_for_status()
        return when_object(answer.json())


def _is_sent_to_setup(answer: Answer) -> bool:
    return answer.status in _REDIRECTS and "/setup" in answer.headers.get("Location", "")


def _trouble(status: int, health: Json) -> Text:
    """Return what is wrong with it; the fork is `degraded` where its scans fail, which it tells apart."""
    words = text(health.get("status"), _MAX_SAID)
    if status == 200 or words == "degraded":
        return Text("")
    return text(health.get("message"), _MAX_SAID) or words or Text(str(status))


def _find_scan(data: Json) -> Json | None:
    """Return the health of the scans by what it consists of: releases have it under different names."""
    candidates = (other for other in data.values() if isinstance(other, dict))
    return next((candidate for candidate in candidates if "consecutiveFailures" in candidate), None)


def _processing(data: Json) -> Processing:
    return Processing(
        # Written without a zone, and meant as UTC.
        last_processed=time_of(object_in(data, "lastProcessed").get("processed_at")),
        processed_today=whole(data.get("processedToday")),
        is_processing=data.get("isProcessing") is True,
        started=time_of(object_in(data, "currentlyProcessing").get("startTime")),
    )


def _scan_health(data: Json) -> ScanHealth:
    paperless = object_in(data, "paperless")
    reachable = paperless.get("usable")
    return ScanHealth(
        last_success=time_of(data.get("lastSuccessfulRunAt")),
        failures=whole(data.get("consecutiveFailures")) or Whole(0),
        paperless_reachable=reachable if isinstance(reachable, bool) else None,
        error=text(paperless.get("error"), _MAX_SAID),
    )
