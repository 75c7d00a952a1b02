"""Alertmanager: the real one where it is at hand, and answers that it would never give."""

from datetime import UTC, datetime
import json
from typing import Any

import aiohttp
import pytest

from custom_components.homelab_ai.api.alertmanager import MAX_ALERTS, Alert, AlertmanagerClient
from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiNotFoundError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import Connection
from demo.servers.pages import HtmlServer
from demo.servers.prometheus import LOGIN, Alertmanager, find
from tests.looking import read_until

from .conftest import Serve
from .serving import body, endless, routes

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Alertmanager is not here: python -m demo.servers.prometheus unpacks it"
)


def client(session: aiohttp.ClientSession, url: str) -> AlertmanagerClient:
    return AlertmanagerClient(session, Connection(url))


@needs_binaries
async def test_the_real_one(session: aiohttp.ClientSession) -> None:
    async with Alertmanager(login=LOGIN) as alertmanager:
        connection = Connection(alertmanager.url, LOGIN.headers)
        known = AlertmanagerClient(session, connection)
        version = await known.version()
        assert version is not None
        assert version[0].isdigit()
        assert await known.alerts() == ()
        given = [
            {"labels": {"alertname": "Full", "severity": "critical"}, "annotations": {"summary": "s"}},
            {"labels": {"alertname": "Full", "severity": "warning"}},
            {"labels": {"alertname": "Hot"}},
            {"labels": {"program": "without a name"}},
        ]
        silence = {
            "matchers": [{"name": "alertname", "value": "Hot", "isRegex": False}],
            "startsAt": "2026-01-01T00:00:00Z",
            "endsAt": "2099-01-01T00:00:00Z",
            "createdBy": "me",
            "comment": "summer",
        }
        for path, told in (("silences", silence), ("alerts", given)):
            url = f"{alertmanager.url}/api/v2/{path}"
            async with session.post(url, json=told, headers=LOGIN.headers) as response:
                assert response.status == 200, await response.text()
        # Its inhibitor hears of alerts after they were taken.
        listed = await read_until(known.alerts, lambda listed: any(one.inhibited for one in listed))
        alerts = {(one.name, one.labels.get("severity")): one for one in listed}
        assert set(alerts) == {("Full", "critical"), ("Full", "warning"), ("Hot", None), ("", None)}
        assert len({one.fingerprint for one in alerts.values()}) == 4
        told_apart = {name: (one.suppressed, one.silenced) for name, one in alerts.items()}
        assert told_apart["Full", "critical"] == (False, False)
        assert told_apart["Full", "warning"] == (True, False)  # inhibited
        assert told_apart["Hot", None] == (True, True)
        assert alerts["Full", "critical"].annotations == {"summary": "s"}
        assert alerts["Full", "critical"].starts_at is not None
        with pytest.raises(ApiAuthenticationError):
            await client(session, alertmanager.url).alerts()


ALERT: dict[str, Any] = {
    "fingerprint": "abc",
    "labels": {"alertname": "A"},
    "annotations": {},
    "startsAt": "2026-11-21T10:00:00.5Z",
    "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
}
PLAIN = Alert("abc", {"alertname": "A"}, {}, datetime(2026, 11, 21, 10, 0, 0, 500000, UTC), False, False)


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        ([], ()),
        ([ALERT], (PLAIN,)),
        ([None, 5, "x", {}, {"fingerprint": ""}, {"fingerprint": 7}, ALERT], (PLAIN,)),
        ([{"fingerprint": "f"}], (Alert("f", {}, {}, None, False, False),)),
        (
            [{"fingerprint": "f", "labels": [], "annotations": 5, "startsAt": 1, "status": "active"}],
            (Alert("f", {}, {}, None, False, False),),
        ),
        (
            [{"fingerprint": "f", "status": {"state": "suppressed", "silencedBy": ["1"]}}],
            (Alert("f", {}, {}, None, True, True),),
        ),
        (
            [{"fingerprint": "f", "status": {"state": "suppressed", "inhibitedBy": ["1"]}}],
            (Alert("f", {}, {}, None, True, False),),
        ),
        (
            [{"fingerprint": "f", "status": {"state": "unprocessed"}}],
            (Alert("f", {}, {}, None, False, False),),
        ),
    ],
)
async def test_alerts(
    alerts: list[Any], expected: tuple[Alert, ...], session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(routes(alerts=body(json.dumps(alerts))))
    assert await client(session, server.url).alerts() == expected


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (200, "null", ApiResponseError),
        (200, "{}", ApiResponseError),
        (200, "", ApiResponseError),
        (200, "<html>", ApiForeignError),
        (204, "", ApiResponseError),
        (302, "", ApiForeignError),
        (401, "", ApiAuthenticationError),
        (403, "", ApiAuthenticationError),
        (404, "", ApiNotFoundError),
        (410, "the v1 API is gone", ApiResponseError),
        (429, "", ApiBusyError),
        (500, "[]", ApiResponseError),
        (503, "", ApiBusyError),
    ],
)
async def test_answer_that_is_none(
    status: int, said: str, expected: type[ApiError], session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body(said, status))
    with pytest.raises(ApiError) as raised:
        await client(session, server.url).alerts()
    assert type(raised.value) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"versionInfo": {"version": "0.28.1"}, "cluster": {"status": "settling"}}, "0.28.1"),
        ({"versionInfo": {"version": 5}}, None),
        ({"versionInfo": None}, None),
        ({}, None),
    ],
)
async def test_version(said: Any, expected: str | None, session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(routes(status=body(json.dumps(said))))
    assert await client(session, server.url).version() == expected


async def test_status_that_is_no_object(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body("[]"))
    with pytest.raises(ApiResponseError):
        await client(session, server.url).version()


async def test_something_else_and_nobody(session: aiohttp.ClientSession) -> None:
    async with HtmlServer() as server:
        with pytest.raises(ApiForeignError, match="a web page answers"):
            await client(session, server.url).alerts()
    with pytest.raises(ApiConnectionError):
        await client(session, server.url).alerts()


async def test_endless_answer(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(endless(b" " * 1024**2, "application/json"))
    with pytest.raises(ApiResponseError, match=f"larger than {MAX_ALERTS}"):
        await client(session, server.url).alerts()
