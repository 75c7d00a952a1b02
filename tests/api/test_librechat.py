"""LibreChat, and its exporter, which must not make the app look ill."""

import aiohttp
import pytest

from custom_components.homelab_ai.api import http
from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.librechat import LibreChatClient, LibreChatStatus
from demo.servers.apps.librechat import LibreChatExporter, LibreChatServer

from .conftest import Serve
from .serving import body


async def status(session: aiohttp.ClientSession, url: str, metrics: str | None = None) -> LibreChatStatus:
    exporter = Connection(metrics) if metrics else None
    return await LibreChatClient(session, Connection(url), exporter).status()


async def test_without_an_exporter(session: aiohttp.ClientSession) -> None:
    async with LibreChatServer() as app:
        found = await status(session, app.url)
        assert found.metrics is None
        assert 0 < found.response_time < 5
        assert [one.path for one in app.requests] == ["/health"]


@pytest.mark.parametrize("old_names", [False, True])
@pytest.mark.parametrize("path", ["", "/metrics"])
async def test_exporter(old_names: bool, path: str, session: aiohttp.ClientSession) -> None:
    async with LibreChatServer() as app, LibreChatExporter(old_names=old_names) as exporter:
        metrics = (await status(session, app.url, exporter.url + path)).metrics
        assert metrics is not None
        assert metrics["librechat_messages"] == 1284
        assert metrics["librechat_input_tokens"] == 2_412_345
        assert metrics["librechat_active_users"] == 2
        # Not those by model, and none of others.
        assert all(name.startswith("librechat_") and "per_model" not in name for name in metrics)


async def test_exporter_that_is_still_warming_up(session: aiohttp.ClientSession) -> None:
    async with LibreChatServer() as app, LibreChatExporter(warm=False) as exporter:
        assert (await status(session, app.url, exporter.url)).metrics == {}
        exporter.warm_up()
        assert (await status(session, app.url, exporter.url)).metrics
        exporter.put("messages", float("nan"))
        metrics = (await status(session, app.url, exporter.url)).metrics
        assert metrics
        assert "librechat_messages" not in metrics


@pytest.mark.parametrize("code", [302, 401, 404, 429, 500, 503])
async def test_exporter_that_fails(code: int, session: aiohttp.ClientSession) -> None:
    async with LibreChatServer() as app, LibreChatExporter() as exporter:
        exporter.faults.status(code)
        assert (await status(session, app.url, exporter.url)).metrics is None


async def test_exporter_that_hangs_or_is_gone(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(http.fetch.__kwdefaults__ or {}, "seconds", 0.2)
    async with LibreChatServer() as app:
        async with LibreChatExporter() as exporter:
            exporter.faults.hang()
            assert (await status(session, app.url, exporter.url)).metrics is None
        assert (await status(session, app.url, exporter.url)).metrics is None
        app.faults.hang()
        with pytest.raises(ApiConnectionError, match="timed out"):
            await status(session, app.url)


async def test_exporter_that_is_none(session: aiohttp.ClientSession, serve: Serve) -> None:
    async with LibreChatServer() as app:
        huge = await serve(body(b"librechat_x 1\n" * (9 * 1024**2 // 14)))
        assert (await status(session, app.url, huge.url)).metrics is None
        page = await serve(body("<html>\xff</html>".encode("latin-1")))
        assert (await status(session, app.url, page.url)).metrics == {}


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        (200, "<html>OK</html>", ApiForeignError),
        (200, "", ApiForeignError),
        (200, '{"status": true}', ApiForeignError),
        (302, "", ApiForeignError),
        (401, "", ApiAuthenticationError),
        (429, "", ApiBusyError),
        (500, "OK", ApiResponseError),
        (503, "", ApiBusyError),
    ],
)
async def test_health_that_is_none(
    code: int, said: str, expected: type[ApiError], session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body(said, code))
    with pytest.raises(ApiError) as raised:
        await status(session, server.url)
    assert type(raised.value) is expected


async def test_line_end_after_ok(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body("OK\r\n"))
    await status(session, server.url)
