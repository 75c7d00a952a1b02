"""Open WebUI: whether it is there, and what a key opens."""

import json
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from custom_components.homelab_ai.api import open_webui
from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.open_webui import OpenWebUIClient, OpenWebUIStatus
from demo.servers.apps.open_webui import KEY, OpenWebUIServer
from demo.servers.pages import HtmlServer

from .conftest import Serve
from .serving import body, routes

CONFIG = body('{"features": {}, "version": "0.6.33"}')


async def status(
    session: aiohttp.ClientSession, url: str, key: str | None = None, **headers: str
) -> OpenWebUIStatus:
    return await OpenWebUIClient(session, Connection(url, headers), key).status()


async def test_without_a_key(session: aiohttp.ClientSession) -> None:
    async with OpenWebUIServer(version="0.6.40") as app:
        found = await status(session, app.url, None, Token="proxy")
        assert (found.version, found.models) == ("0.6.40", None)
        assert 0 < found.response_time < 5
        assert [one.path.rpartition("/")[2] for one in app.requests] == ["config", "ready", "db"]
        assert app.requests[0].headers["Token"] == "proxy"


async def test_with_a_key(session: aiohttp.ClientSession) -> None:
    async with OpenWebUIServer() as app:
        assert (await status(session, app.url, KEY)).models == 2
        # The public part takes a key for the token of a session.
        assert ["Authorization" in one.headers for one in app.requests] == [False, False, False, True]
        app.ollama_reachable = False
        assert (await status(session, app.url, KEY)).models == 0
        app.recover()
        assert (await status(session, app.url, KEY)).models == 2


async def test_key_that_may_not(session: aiohttp.ClientSession) -> None:
    async with OpenWebUIServer() as app:
        app.keys_enabled = False
        assert (await status(session, app.url, KEY)).models is None
        app.keys_enabled, app.key_paths = True, frozenset({"/api/chat/completions"})
        assert (await status(session, app.url, KEY)).models is None


@pytest.mark.parametrize("key", ["sk-wrong", "no key at all"])
async def test_wrong_key(key: str, session: aiohttp.ClientSession) -> None:
    async with OpenWebUIServer() as app:
        with pytest.raises(ApiAuthenticationError):
            await status(session, app.url, key)


async def test_hub_that_is_switched_off_keeps_it_waiting(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks its hub first: that it takes long for the models does not mean that it is not there."""
    monkeypatch.setattr(open_webui, "_MODELS_SECONDS", 0.1)
    async with OpenWebUIServer() as app:
        app.faults.hang(path="/api/models")
        found = await status(session, app.url, KEY)
        assert (found.version, found.models) == ("0.6.33", None)


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        (200, "<html>", ApiForeignError),
        (200, "null", ApiForeignError),
        (200, "[]", ApiForeignError),
        (200, '{"status": true}', ApiForeignError),
        (302, "", ApiForeignError),
        (401, "", ApiAuthenticationError),
        (429, "", ApiBusyError),
        (500, "", ApiResponseError),
        (502, "<html>", ApiResponseError),
        (503, "", ApiBusyError),
    ],
)
async def test_config_that_is_none(
    code: int, said: str, expected: type[ApiError], session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body(said, code))
    with pytest.raises(ApiError) as raised:
        await status(session, server.url, KEY)
    assert type(raised.value) is expected


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        (200, "<html>", ApiForeignError),
        (200, "{}", ApiResponseError),
        (200, '{"data": {}}', ApiResponseError),
        (401, "", ApiAuthenticationError),
        (429, "", ApiBusyError),
        (500, "", ApiResponseError),
    ],
)
async def test_models_that_are_none(
    code: int, said: str, expected: type[ApiError], session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(routes(config=CONFIG, models=body(said, code)))
    if expected is ApiAuthenticationError:
        with pytest.raises(ApiAuthenticationError):
            await status(session, server.url, KEY)
        return
    # That part is missing; the app itself is there.
    found = await status(session, server.url, KEY)
    assert (found.models, type(found.failed)) == (None, expected)


@pytest.mark.parametrize(("version", "expected"), [("0.6.33", "0.6.33"), (None, ""), (6, "")])
async def test_version(version: Any, expected: str, session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body(json.dumps({"features": {}, "version": version})))
    assert (await status(session, server.url)).version == expected


async def test_models_without_objects(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(routes(config=CONFIG, models=body('{"data": [{"id": "a"}, null, 5]}')))
    assert (await status(session, server.url, KEY)).models == 1


async def test_something_else_and_nobody(session: aiohttp.ClientSession) -> None:
    async with HtmlServer() as server:
        with pytest.raises(ApiForeignError):
            await status(session, server.url)
    with pytest.raises(ApiConnectionError):
        await status(session, server.url)


async def test_endless_answer(session: aiohttp.ClientSession, serve: Serve) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b" " * (9 * 1024**2))

    server = await serve(answer)
    with pytest.raises(ApiResponseError, match="larger than"):
        await status(session, server.url)
