"""Prometheus: the real one where it is at hand, and answers that it would never give."""

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
    ApiNotFoundError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.prometheus import MAX_ANSWER, PrometheusClient, Sample
from demo.servers.pages import HtmlServer, RedirectServer
from demo.servers.prometheus import LOGIN, Prometheus, find

from .conftest import Serve
from .serving import Server, body, endless, routes

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Prometheus is not here: python -m demo.servers.prometheus unpacks it"
)


def success(data: Any) -> str:
    return json.dumps({"status": "success", "data": data})


def vector(*results: Any) -> str:
    return success({"resultType": "vector", "result": list(results)})


async def query(session: aiohttp.ClientSession, url: str, expression: str = "up") -> tuple[Sample, ...]:
    return await PrometheusClient(session, Connection(url)).query(expression)


@needs_binaries
async def test_the_real_one(session: aiohttp.ClientSession) -> None:
    async with Prometheus({}, login=LOGIN) as prometheus:
        client = PrometheusClient(session, Connection(prometheus.url, LOGIN.headers))
        version = await client.version()
        assert version is not None
        assert version[0].isdigit()
        assert await client.query("vector(1.5)") == (Sample({}, 1.5),)
        assert await client.query("7") == (Sample({}, 7.0),)
        assert await client.query('label_replace(vector(2), "where", "größe a&b +c", "", "")') == (
            Sample({"where": "größe a&b +c"}, 2.0),
        )
        for nothing in ("nothing_of_this_name", "vector(1/0)", "vector(0/0)", "0/0", "vector(1) > 2"):
            assert await client.query(nothing) == ()
        with pytest.raises(ApiResponseError, match="parse error") as raised:
            await client.query("sum by (")
        assert raised.value.status == 400
        for other in ("up[5m]", "'text'"):
            with pytest.raises(ApiResponseError, match="not a vector"):
                await client.query(other)
        with pytest.raises(ApiResponseError) as raised:
            await client.query('label_replace(vector(1), "a", "", "", "(")')
        assert raised.value.status in (400, 422)
        wrong = PrometheusClient(session, Connection(prometheus.url))
        with pytest.raises(ApiAuthenticationError):
            await wrong.firing()


STRANGE_VALUES: tuple[Any, ...] = ("NaN", "+Inf", "-Inf", "x", None, [], True)
STRANGE_PAIRS: tuple[Any, ...] = (None, "1", [], [1], [1, "1", "1"], {})


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], ()),
        ([{"metric": {"a": "b"}, "value": [1.5, "1"]}], (Sample({"a": "b"}, 1.0),)),
        ([{"value": [1.5, "1"]}], (Sample({}, 1.0),)),
        ([{"metric": {"a": 1}, "value": [1.5, 1]}], (Sample({"a": ""}, 1.0),)),
        (
            [{"metric": {}, "value": [1, value]} for value in STRANGE_VALUES],
            (),
        ),
        ([{"metric": {}, "value": value} for value in STRANGE_PAIRS], ()),
        ([None, 1, "x", [], {"metric": {}}], ()),
    ],
)
async def test_samples(
    results: list[Any], expected: tuple[Sample, ...], session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body(vector(*results)))
    assert await query(session, server.url) == expected


async def test_query_is_given_less_time_than_we_wait(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body(vector()), path_prefix="/prometheus")
    await query(session, server.url, 'rate(a{b="c&d"}[5m]) + 1')
    (request,) = server.requests
    assert request.path == "/prometheus/api/v1/query"
    assert dict(request.query) == {"query": 'rate(a{b="c&d"}[5m]) + 1', "timeout": "8s"}


@pytest.mark.parametrize(
    "said",
    [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        success(None),
        success([]),
        success({}),
        success({"resultType": "matrix", "result": []}),
        success({"resultType": 5, "result": []}),
        success({"resultType": "vector"}),
        success({"resultType": "vector", "result": {}}),
        json.dumps({"status": "error", "error": "it says no"}),
        json.dumps({"status": 1, "data": {"resultType": "vector", "result": []}}),
    ],
)
async def test_answer_that_is_none(said: str, session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body(said))
    with pytest.raises(ApiResponseError):
        await query(session, server.url)


@pytest.mark.parametrize(
    ("status", "said", "expected", "message"),
    [
        (400, '{"status":"error","errorType":"bad_data","error":"parse"}', ApiResponseError, "parse"),
        (422, '{"status":"error","errorType":"execution","error":"many"}', ApiResponseError, "many"),
        (503, '{"status":"error","errorType":"timeout","error":"too slow"}', ApiBusyError, "too slow"),
        (503, "<html>no server is available</html>", ApiBusyError, "503"),
        (503, "[]", ApiBusyError, "503"),
        (400, '{"error": 5}', ApiResponseError, "^400$"),
        (401, "Unauthorized", ApiAuthenticationError, "Unauthorized"),
        (403, "RBAC: access denied", ApiAuthenticationError, "denied"),
        (404, "404 page not found", ApiNotFoundError, "404"),
        (429, "slow down", ApiBusyError, "slow down"),
        (500, "oops", ApiResponseError, "oops"),
        (502, "", ApiResponseError, "502"),
        (302, "", ApiForeignError, "redirects to elsewhere"),
    ],
)
async def test_status(
    status: int, said: str, expected: type[ApiError], message: str, session: aiohttp.ClientSession
) -> None:
    async with Server(body(said, status)) as server:
        with pytest.raises(ApiError, match=message) as raised:
            await query(session, server.url)
    assert type(raised.value) is expected


async def test_long_explanation_is_cut(session: aiohttp.ClientSession, serve: Serve) -> None:
    for status, most in ((400, 210), (200, 200)):
        server = await serve(body(json.dumps({"status": "error", "error": "x" * 1_000_000}), status))
        with pytest.raises(ApiResponseError) as raised:
            await query(session, server.url)
        assert len(str(raised.value)) <= most


async def test_page_of_something_else(session: aiohttp.ClientSession) -> None:
    async with HtmlServer() as server:
        with pytest.raises(ApiForeignError, match="a web page answers"):
            await query(session, server.url)
        async with RedirectServer(server.url) as login:
            with pytest.raises(ApiForeignError, match=f"redirects to {server.url}"):
                await query(session, login.url)
    with pytest.raises(ApiConnectionError):
        await query(session, server.url)


async def test_endless_answer(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(endless(b" " * 1024**2, "application/json"))
    with pytest.raises(ApiResponseError, match=f"larger than {MAX_ANSWER}"):
        await query(session, server.url)


async def test_firing(session: aiohttp.ClientSession, serve: Serve) -> None:
    alerts: list[Any] = [
        {
            "labels": {"alertname": "A"},
            "annotations": {"summary": "s"},
            "state": "firing",
            "activeAt": "2026-11-21T10:00:00.123456789Z",
        },
        {"labels": {"alertname": "B"}, "state": "pending"},
        {"labels": None, "annotations": 5, "state": "firing", "activeAt": None},
        {"labels": {"alertname": "C"}},
        None,
    ]
    server = await serve(body(success({"alerts": alerts})))
    first, second = await PrometheusClient(session, Connection(server.url)).firing()
    assert (first.labels, first.annotations) == ({"alertname": "A"}, {"summary": "s"})
    assert first.active_at is not None
    assert first.active_at.isoformat() == "2026-11-21T10:00:00.123456+00:00"
    assert (second.labels, second.annotations, second.active_at) == ({}, {}, None)
    server = await serve(body(success({"alerts": None})))
    with pytest.raises(ApiResponseError):
        await PrometheusClient(session, Connection(server.url)).firing()


@pytest.mark.parametrize(
    ("said", "expected"),
    [({"version": "3.7.1"}, "3.7.1"), ({"version": ""}, None), ({"version": 3}, None), ({}, None)],
)
async def test_version(said: Any, expected: str | None, session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(routes(buildinfo=body(success(said))))
    assert await PrometheusClient(session, Connection(server.url)).version() == expected


async def test_version_of_what_only_speaks_like_prometheus(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(routes())
    assert await PrometheusClient(session, Connection(server.url)).version() is None
