"""Paperless-AI and its fork."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from aiohttp import ClientSession
import pytest

from demo.servers.apps.paperless_ai import KEY, Document, PaperlessAIServer

from .talk import Talk

pytestmark = pytest.mark.usefixtures("socket_enabled")

STATUS = "/api/processing-status"
OPENED: dict[str, Any] = {"headers": {"x-api-key": KEY}, "allow_redirects": False}


@asynccontextmanager
async def running(*args: Any, **settings: Any) -> AsyncGenerator[tuple[PaperlessAIServer, Talk]]:
    async with PaperlessAIServer(*args, **settings) as app, ClientSession() as session:
        yield app, Talk(session, app.url)


async def test_health_knows_only_the_database() -> None:
    async with running() as (app, talk):
        assert await talk.get("/health") == (200, {"status": "healthy"})
        app.health = "database_error"
        status, answer = await talk.get("/health")
        assert (status, answer["status"]) == (503, "database_error")
        app.health = "error"
        status, answer = await talk.get("/health")
        assert (status, set(answer)) == (500, {"status", "message"})
        app.health = "healthy"
        app.configured = False
        app.scan(reachable=False)
        assert (await talk.get("/health"))[0] == 200


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "wrong"}, {"Authorization": f"Bearer {KEY}"}])
async def test_a_wrong_key_leads_to_the_login_page(headers: dict[str, str]) -> None:
    async with running() as (app, talk):
        url = app.url + STATUS
        async with talk.session.get(url, headers=headers, allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (302, "/login")
        async with talk.session.get(url, headers=headers) as response:
            assert (response.status, response.content_type) == (200, "text/html")


async def test_before_it_is_set_up() -> None:
    async with running(configured=False) as (app, talk):
        async with talk.session.get(app.url + STATUS, **OPENED) as response:
            assert (response.status, response.headers["Location"]) == (302, "/setup")
        assert (await talk.get("/setup"))[0] == 200
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await talk.post("/api/scan/now", **OPENED)


async def test_processing_status() -> None:
    async with running() as (app, talk):
        assert await talk.get(STATUS, **OPENED) == (
            200,
            {"currentlyProcessing": None, "lastProcessed": None, "processedToday": 0, "isProcessing": False},
        )
        app.finish(7, "Invoice", datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=1))))
        app.processing = Document(8, "Letter")
        _, answer = await talk.get(STATUS, **OPENED)
        assert answer["lastProcessed"] == {
            "documentId": 7,
            "title": "Invoice",
            # UTC, and no word that it is.
            "processed_at": "2026-11-20 08:30:00",
        }
        assert set(answer["currentlyProcessing"]) == {"documentId", "title", "startTime", "status"}
        assert (answer["processedToday"], answer["isProcessing"]) == (1, True)


async def test_history() -> None:
    async with running() as (app, talk):
        for number in range(3):
            app.finish(number, f"Document {number}", datetime(2026, 11, number + 1, tzinfo=UTC))
        _, answer = await talk.get("/api/history?draw=1&start=0&length=1", **OPENED)
        assert (answer["recordsTotal"], answer["recordsFiltered"]) == (3, 3)
        assert [row["document_id"] for row in answer["data"]] == [2]
        assert answer["data"][0]["created_at"] == "2026-11-03 00:00:00"


async def test_scan_now_keeps_one_waiting() -> None:
    async with running() as (app, talk):
        app.scan_seconds = 0.05
        begun = asyncio.get_running_loop().time()
        assert await talk.post("/api/scan/now", **OPENED) == (200, "Task completed")
        assert asyncio.get_running_loop().time() - begun >= 0.05
        assert (await talk.get("/api/processed", **OPENED))[0] == 404
        assert (await talk.get("/", **OPENED))[0] == 302


async def test_scan_now_of_the_fork() -> None:
    async with running("zettelrobbe") as (app, talk):
        _, answer = await talk.post("/api/scan/now", **OPENED)
        assert answer == {
            "started": True,
            "running": True,
            "stopRequested": False,
            "message": "Scan started.",
        }
        app.processing = Document(8, "Letter")
        assert (await talk.post("/api/scan/now", **OPENED))[1]["started"] is False


async def test_scan_health_of_the_fork() -> None:
    async with running("zettelrobbe") as (app, talk):
        status, answer = await talk.get("/health")
        assert (status, answer["status"]) == (200, "healthy")
        assert answer["scanHealth"]["lastRunStatus"] is None
        app.scan()
        _, answer = await talk.get(STATUS, **OPENED)
        assert answer["scanHealth"]["lastRunStatus"] == "ok"
        assert answer["scanHealth"]["lastRunFinishedAt"] == answer["scanHealth"]["lastSuccessfulRunAt"]
        for _ in range(3):
            app.scan(reachable=False)
        status, answer = await talk.get("/health")
        health = answer["scanHealth"]
        assert (status, health["degraded"], health["consecutiveFailures"]) == (503, True, 3)
        assert health["lastRunStatus"] == "paperless_unreachable"
        assert (health["paperless"]["reachable"], health["paperless"]["usable"]) == (False, False)
        app.scan(authorized=False)
        app.scan_health_key = "scan"
        _, answer = await talk.get("/health")
        assert (answer["scan"]["paperless"]["reachable"], answer["scan"]["paperless"]["authorized"]) == (
            True,
            False,
        )


async def test_rate_limit_of_the_fork() -> None:
    async with running("zettelrobbe") as (app, talk):
        app.requests_left = 1
        assert (await talk.get(STATUS, **OPENED))[0] == 200
        async with talk.session.get(app.url + STATUS, **OPENED) as response:
            assert response.status == 429
            assert response.headers["RateLimit-Remaining"] == "0"
            assert (await response.json())["success"] is False
        assert (await talk.get("/health"))[0] == 200
