"""Paperless-AI: upstream, and the fork that tells more."""

from datetime import UTC, datetime
import json
from typing import Any

import aiohttp
import pytest

from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.paperless_ai import (
    PaperlessAIClient,
    PaperlessAIStatus,
    Processing,
    ScanHealth,
)
from demo.servers.apps.paperless_ai import KEY, Document, PaperlessAIServer
from demo.servers.pages import HtmlServer, RedirectServer

from .conftest import Serve
from .serving import body, routes

WELL = body('{"status": "healthy"}')


async def status(session: aiohttp.ClientSession, url: str, key: str | None = None) -> PaperlessAIStatus:
    return await PaperlessAIClient(session, Connection(url), key).status()


async def test_upstream(session: aiohttp.ClientSession) -> None:
    async with PaperlessAIServer() as app:
        found = await status(session, app.url)
        assert (found.trouble, found.processing, found.scan) == ("", None, None)
        assert 0 < found.response_time < 5
        assert [one.path for one in app.requests] == ["/health"]
        found = await status(session, app.url, KEY)
        assert found.processing == Processing(None, 0, False)
        app.finish(7, "Invoice", datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
        app.processing = Document(8, "Letter")
        found = await status(session, app.url, KEY)
        assert found.processing == Processing(datetime(2026, 11, 20, 8, 30, tzinfo=UTC), 1, True)


async def test_database(session: aiohttp.ClientSession) -> None:
    async with PaperlessAIServer() as app:
        app.health = "database_error"
        assert (await status(session, app.url)).trouble == "Database check failed"
        app.health = "error"
        assert (await status(session, app.url)).trouble == "SQLITE_CANTOPEN"


@pytest.mark.parametrize("name", ["scanHealth", "scan", "scan_health"])
@pytest.mark.parametrize("key", [None, KEY])
async def test_fork(name: str, key: str | None, session: aiohttp.ClientSession) -> None:
    async with PaperlessAIServer("zettelrobbe") as app:
        app.scan_health_key = name
        assert (await status(session, app.url, key)).scan == ScanHealth(None, 0, True, "")
        app.scan()
        scan = (await status(session, app.url, key)).scan
        assert scan is not None
        assert scan.last_success is not None
        for _ in range(3):
            app.scan(reachable=False)
        found = await status(session, app.url, key)
        assert found.scan == ScanHealth(scan.last_success, 3, False, "connect ECONNREFUSED 10.0.0.7:8000")
        # It calls itself degraded then; what is wrong are its scans, and nothing else.
        assert found.trouble == ""
        app.scan(authorized=False)
        scan = (await status(session, app.url, key)).scan
        assert scan is not None
        assert (scan.paperless_reachable, scan.error) == (False, "HTTP 401")


async def test_scan_health_that_only_a_key_opens(session: aiohttp.ClientSession, serve: Serve) -> None:
    said = body('{"scan": {"consecutiveFailures": 2}}')
    server = await serve(routes(**{"health": WELL, "processing-status": said}))
    assert (await status(session, server.url, KEY)).scan == ScanHealth(None, 2, None, "")


async def test_wrong_key(session: aiohttp.ClientSession) -> None:
    async with PaperlessAIServer() as app:
        with pytest.raises(ApiAuthenticationError):
            await status(session, app.url, "wrong")


async def test_not_set_up_yet(session: aiohttp.ClientSession) -> None:
    """It is no wrong key that leads to the page of the set-up."""
    async with PaperlessAIServer(configured=False) as app:
        with pytest.raises(ApiResponseError, match="not set up") as raised:
            await status(session, app.url, KEY)
        assert raised.value.status == 302
        assert (await status(session, app.url)).trouble == ""


async def test_too_many_requests_are_no_illness(session: aiohttp.ClientSession) -> None:
    async with PaperlessAIServer("zettelrobbe") as app:
        app.scan()
        app.requests_left = 0
        found = await status(session, app.url, KEY)
        assert found.processing is None
        assert found.scan is not None
        app.requests_left = 1
        assert (await status(session, app.url, KEY)).processing is not None


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        (200, "<html>", ApiForeignError),
        (200, "[]", ApiForeignError),
        (200, '{"version": 1}', ApiForeignError),
        (500, '{"detail": "x"}', ApiForeignError),
        (204, "", ApiForeignError),
        (302, "", ApiForeignError),
        (401, "", ApiAuthenticationError),
        (404, "", ApiResponseError),
        (429, "", ApiBusyError),
        (500, "<html>", ApiResponseError),
        (502, "<html>", ApiResponseError),
        (503, "no available server", ApiBusyError),
    ],
)
async def test_health_that_is_none(
    code: int, said: str, expected: type[ApiError], session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body(said, code))
    with pytest.raises(ApiError) as raised:
        await status(session, server.url)
    assert isinstance(raised.value, expected)
    assert isinstance(raised.value, ApiForeignError) is (expected is ApiForeignError)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"status": "database_error", "message": ""}, "database_error"),
        ({"status": "database_error", "message": 5}, "database_error"),
        ({"status": None}, "503"),
        ({"status": "degraded"}, ""),
    ],
)
async def test_trouble(said: Any, expected: str, session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body(json.dumps(said), 503))
    assert (await status(session, server.url)).trouble == expected


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        (200, "<html>", ApiForeignError),
        (200, "[]", ApiResponseError),
        (401, "", ApiAuthenticationError),
        (403, "", ApiAuthenticationError),
        (500, "", ApiResponseError),
        (503, "", ApiBusyError),
    ],
)
async def test_processing_that_is_none(
    code: int, said: str, expected: type[ApiError], session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(routes(**{"health": WELL, "processing-status": body(said, code)}))
    with pytest.raises(ApiError) as raised:
        await status(session, server.url, KEY)
    assert type(raised.value) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Processing(None, None, False)),
        ({"lastProcessed": "x", "processedToday": "y", "isProcessing": "z"}, Processing(None, None, False)),
        ({"lastProcessed": {"processed_at": "soon"}, "processedToday": 2.0}, Processing(None, 2, False)),
        ({"processedToday": None, "isProcessing": True}, Processing(None, None, True)),
    ],
)
async def test_processing(
    said: Any, expected: Processing, session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(routes(**{"health": WELL, "processing-status": body(json.dumps(said))}))
    assert (await status(session, server.url, KEY)).processing == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"consecutiveFailures": None}, ScanHealth(None, 0, None, "")),
        ({"consecutiveFailures": "NaN", "paperless": 5}, ScanHealth(None, 0, None, "")),
        (
            {"consecutiveFailures": 1, "paperless": {"usable": "yes", "error": 5}},
            ScanHealth(None, 1, None, ""),
        ),
    ],
)
async def test_scan_health(
    said: Any, expected: ScanHealth, session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body(json.dumps({"status": "healthy", "scanHealth": said})))
    assert (await status(session, server.url)).scan == expected


async def test_something_else_and_nobody(session: aiohttp.ClientSession) -> None:
    async with HtmlServer() as server:
        with pytest.raises(ApiForeignError):
            await status(session, server.url)
        async with RedirectServer(server.url) as login:
            with pytest.raises(ApiResponseError):
                await status(session, login.url)
    with pytest.raises(ApiConnectionError):
        await status(session, server.url)
