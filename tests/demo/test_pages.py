"""Servers that are no Ollama, TLS, and the command line."""

import ast
import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path
import signal
import ssl

import aiohttp
from aiohttp import ClientSession
import pytest

from demo.servers.__main__ import run
from demo.servers.certificates import make_certificates
from demo.servers.ollama import OllamaServer
from demo.servers.pages import HtmlServer, OpenWebUIServer, RedirectServer

DEMO = Path(__file__).parents[2] / "demo" / "servers"


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[ClientSession]:
    async with ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield session


async def test_html(session: ClientSession) -> None:
    async with HtmlServer() as server:
        for method, path in (("GET", "/"), ("GET", "/api/tags"), ("POST", "/api/chat")):
            async with session.request(method, server.url + path) as response:
                assert (response.status, response.content_type) == (200, "text/html")


async def test_redirect(session: ClientSession) -> None:
    async with OllamaServer() as hub, RedirectServer(hub.url) as server:
        async with session.get(f"{server.url}/api/version?x=1", allow_redirects=False) as response:
            assert response.status == 302
            assert response.headers["Location"] == f"{hub.url}/api/version?x=1"
        async with session.get(f"{server.url}/api/version") as response:
            assert await response.json() == {"version": "0.33.0"}


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/health", 200, "application/json"),
        ("GET", "/api/version", 200, "application/json"),
        ("GET", "/api/config", 200, "application/json"),
        ("GET", "/ollama/api/tags", 401, "application/json"),
        ("GET", "/api/models", 401, "application/json"),
        ("POST", "/api/chat/completions", 401, "application/json"),
        ("POST", "/api/version", 405, "application/json"),
        ("GET", "/api/tags", 200, "text/html"),
        ("GET", "/", 200, "text/html"),
        ("POST", "/api/show", 405, "application/json"),
    ],
)
async def test_open_webui(session: ClientSession, method: str, path: str, status: int, kind: str) -> None:
    async with (
        OpenWebUIServer() as server,
        session.request(method, server.url + path) as response,
    ):
        assert (response.status, response.content_type) == (status, kind)
        if path == "/api/version" and status == 200:
            assert (await response.json())["version"] == "0.6.33"


async def test_open_webui_takes_no_key_for_its_config(session: ClientSession) -> None:
    async with OpenWebUIServer() as server:
        headers = {"Authorization": "Bearer sk-1"}
        async with session.get(f"{server.url}/api/config", headers=headers) as response:
            assert response.status == 401


async def test_tls(session: ClientSession) -> None:
    loop = asyncio.get_running_loop()
    certificates = await loop.run_in_executor(None, make_certificates)
    context = await loop.run_in_executor(None, certificates.server_context)
    trusting = await loop.run_in_executor(None, certificates.client_context)
    async with OllamaServer(ssl_context=context) as server:
        assert server.url.startswith("https://127.0.0.1:")
        async with session.get(server.url, ssl=trusting) as response:
            assert await response.text() == "Ollama is running"
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get(server.url)
        async with session.get(server.url, ssl=False) as response:
            assert response.status == 200


@pytest.mark.parametrize(
    ("names", "expired", "reason"),
    [(("127.0.0.1",), True, "expired"), (("ollama.home",), False, "IP address mismatch")],
)
async def test_bad_certificates(
    session: ClientSession, names: tuple[str, ...], *, expired: bool, reason: str
) -> None:
    loop = asyncio.get_running_loop()
    certificates = await loop.run_in_executor(None, partial(make_certificates, names, expired=expired))
    context = await loop.run_in_executor(None, certificates.server_context)
    trusting = await loop.run_in_executor(None, certificates.client_context)
    assert trusting.verify_mode is ssl.CERT_REQUIRED
    async with OllamaServer(ssl_context=context) as server:
        with pytest.raises(aiohttp.ClientConnectorCertificateError, match=reason):
            await session.get(server.url, ssl=trusting)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
async def test_command_line(
    session: ClientSession, capsys: pytest.CaptureFixture[str], ending: signal.Signals
) -> None:
    running = asyncio.create_task(run(["--port", "0", "--api-key", "k", "--realistic"]))
    said = ""
    async with asyncio.timeout(5):
        while not said:
            await asyncio.sleep(0.01)
            said = capsys.readouterr().out
    name, url = said.strip().split(": ", 1)
    assert name == "Ollama"
    async with session.get(url, headers={"Authorization": "Bearer k"}) as response:
        assert response.status == 200
    signal.raise_signal(ending)
    await running
    with pytest.raises(aiohttp.ClientConnectorError):
        await session.get(url)


def test_the_servers_know_no_home_assistant() -> None:
    files = [*DEMO.glob("*.py"), *DEMO.glob("ollama/**/*.py")]
    assert len(files) > 20
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.startswith(("homeassistant", "custom_components"))]
