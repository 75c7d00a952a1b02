"""Silences: what is sent to Alertmanager, and what comes of it in the real one."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from custom_components.homelab_ai.api.alertmanager import MAX_ID, AlertmanagerClient
from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import Connection
from demo.servers.prometheus import LOGIN, Alertmanager, find
from tests.looking import read_until

from .conftest import Serve
from .serving import body

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Alertmanager is not here: python -m demo.servers.prometheus unpacks it"
)
LABELS = {"alertname": "Full", "severity": "critical", "path": 'C:\\"temp" | =~ .*'}
HOUR = timedelta(hours=1)


async def silence(session: aiohttp.ClientSession, url: str, **labels: str) -> str:
    client = AlertmanagerClient(session, Connection(url))
    return await client.silence(labels or LABELS, HOUR, comment="new disk", created_by="Ada")


async def test_what_is_sent(session: aiohttp.ClientSession, serve: Serve) -> None:
    said: list[Any] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        assert (request.method, request.path) == ("POST", "/api/v2/silences")
        assert request.content_type == "application/json"
        said.append(await request.json())
        return web.json_response({"silenceID": "the-id"})

    server = await serve(answer)
    before = datetime.now(UTC)
    assert await silence(session, server.url) == "the-id"
    (sent,) = said
    assert before <= datetime.fromisoformat(sent["startsAt"]) <= datetime.now(UTC)
    assert datetime.fromisoformat(sent["endsAt"]) - datetime.fromisoformat(sent["startsAt"]) == HOUR
    del sent["startsAt"], sent["endsAt"]
    assert sent == {
        "matchers": [
            {"name": name, "value": value, "isRegex": False, "isEqual": True}
            for name, value in LABELS.items()
        ],
        "createdBy": "Ada",
        "comment": "new disk",
    }


@pytest.mark.parametrize("labels", [{}, {"alertname": ""}, {"alertname": "A", "pod": ""}])
async def test_never_everything(labels: dict[str, str], session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body("{}"))
    with pytest.raises(ValueError, match="without labels"):
        await AlertmanagerClient(session, Connection(server.url)).silence(
            labels, HOUR, comment="c", created_by="b"
        )
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (200, "{}", ApiResponseError),
        (200, '{"silenceID": ""}', ApiResponseError),
        (200, '{"silenceID": 7}', ApiResponseError),
        (200, "[]", ApiResponseError),
        (200, "null", ApiResponseError),
        (200, "<html>", ApiForeignError),
        (302, "", ApiForeignError),
        (400, '"bad matcher"', ApiResponseError),
        (401, "", ApiAuthenticationError),
        (403, "", ApiAuthenticationError),
    ],
)
async def test_answer_that_is_none(
    status: int, said: str, expected: type[ApiError], session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body(said, status))
    with pytest.raises(ApiError) as raised:
        await silence(session, server.url)
    assert type(raised.value) is expected
    assert len(server.requests) == 1  # never twice: the first may have worked


async def test_id_is_bounded(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body(json.dumps({"silenceID": "x" * 10_000})))
    assert await silence(session, server.url) == "x" * MAX_ID


async def test_nobody_answers(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body("{}"))
    await server.stop()
    with pytest.raises(ApiConnectionError):
        await silence(session, server.url)


@needs_binaries
async def test_the_real_one(session: aiohttp.ClientSession) -> None:
    async with Alertmanager(login=LOGIN) as alertmanager:
        given = [
            {"labels": LABELS},
            {"labels": {**LABELS, "pod": "web-0"}},
            {"labels": {**LABELS, "severity": "warning"}},
        ]
        url = f"{alertmanager.url}/api/v2/alerts"
        async with session.post(url, json=given, headers=LOGIN.headers) as response:
            assert response.status == 200
        client = AlertmanagerClient(session, Connection(alertmanager.url, LOGIN.headers))
        silence_id = await client.silence(LABELS, HOUR, comment="new disk", created_by="Ada")
        url = f"{alertmanager.url}/api/v2/silence/{silence_id}"
        async with session.get(url, headers=LOGIN.headers) as response:
            made = await response.json()
        assert (made["status"]["state"], made["createdBy"], made["comment"]) == ("active", "Ada", "new disk")
        listed = await read_until(client.alerts, lambda listed: any(one.silenced for one in listed))
        silenced = {(one.labels["severity"], one.labels.get("pod")): one.silenced for one in listed}
        # An alert with further labels is silenced, too; one that differs in any is not.
        assert silenced == {("critical", None): True, ("critical", "web-0"): True, ("warning", None): False}
