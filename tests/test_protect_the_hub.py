"""The proxy that docs/protect-the-hub.md leads to, with Debian's `caddy` before a simulated hub."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
import json
import os
from pathlib import Path
import re
import shutil
import socket
import ssl

import aiohttp
import pytest

from custom_components.homelab_ai.api.chat import ChatRequest, Message
from custom_components.homelab_ai.api.errors import ApiAuthenticationError
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.ollama import OllamaClient
from demo.servers.ollama import OllamaServer, Timing

from .common import MODEL

PAGE = Path(__file__).parent.parent / "docs" / "protect-the-hub.md"
KEY = "a-key-of-the-house-7e1f"
CADDY = shutil.which("caddy")

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    pytest.mark.skipif(CADDY is None, reason="needs Debian's package caddy"),
]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Proxy:
    """A running Caddy with the configuration of the page; without TLS, and on ports of its own."""

    url: str
    config: Path
    environment: dict[str, str]

    async def run(self, *arguments: str) -> str:
        """Run one of its commands to the end, and return what it printed."""
        assert CADDY is not None
        process = await asyncio.create_subprocess_exec(
            CADDY,
            *arguments,
            "--config",
            str(self.config),
            "--adapter",
            "caddyfile",
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        return said.decode()


def configuration(url: str, upstream: str, admin: int) -> str:
    """Return the Caddyfile of the page for this test's ports."""
    (text,) = re.findall(r"<!-- caddyfile -->\n```caddyfile\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for before, after in (
        ("https://ollama.home", url),
        ("\ttls internal\n", ""),
        ("127.0.0.1:11434", upstream.removeprefix("http://")),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    return f"{{\n\tadmin 127.0.0.1:{admin}\n}}\n{text}"


@asynccontextmanager
async def behind_caddy(folder: Path, hub: OllamaServer) -> AsyncGenerator[Proxy]:
    """Run Caddy before a hub."""
    assert CADDY is not None
    url = f"http://127.0.0.1:{free_port()}"
    config = folder / "Caddyfile"
    config.write_text(configuration(url, hub.url, free_port()))
    home = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    proxy = Proxy(url, config, {**os.environ, **home, "OLLAMA_KEY": KEY})
    process = await asyncio.create_subprocess_exec(
        CADDY,
        "run",
        "--config",
        str(config),
        "--adapter",
        "caddyfile",
        env=proxy.environment,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await answers(url)
        yield proxy
    finally:
        process.terminate()
        await process.wait()


async def answers(url: str) -> None:
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


@asynccontextmanager
async def client_of(url: str, key: str | None = KEY) -> AsyncGenerator[OllamaClient]:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession() as session:
        client = OllamaClient(session, Connection(url, headers, ssl.create_default_context()))
        yield client
        await client.close()


def question() -> ChatRequest:
    return ChatRequest(
        model=MODEL,
        messages=[Message("user", "Tell me a long story.")],
        tools=(),
        format=None,
        num_ctx=4096,
        keep_alive=60,
        think=None,
        temperature=None,
    )


@pytest.mark.parametrize("key", [None, "", "wrong", KEY.upper(), f"{KEY} ", KEY[:-1]])
async def test_wrong_key(tmp_path: Path, key: str | None) -> None:
    async with OllamaServer() as hub, behind_caddy(tmp_path, hub) as proxy:
        async with aiohttp.ClientSession() as session:
            headers = {} if key is None else {"Authorization": f"Bearer {key}"}
            for path in ("/api/tags", "/api/version", "/", "/api/../api/tags"):
                async with session.get(f"{proxy.url}{path}", headers=headers) as answer:
                    # What ends in white space is the same header (RFC 9110, 5.5).
                    assert answer.status == (200 if key == f"{KEY} " else 401)
        if key not in (None, f"{KEY} "):
            async with client_of(proxy.url, key) as client:
                with pytest.raises(ApiAuthenticationError):
                    await client.version()
        assert bool(hub.requests) is (key == f"{KEY} ")


async def test_name_and_key(tmp_path: Path) -> None:
    """The hub is on loopback and refuses other names; it never sees the key, and is seen to be closed."""
    async with OllamaServer() as hub, behind_caddy(tmp_path, hub) as proxy, client_of(proxy.url) as client:
        assert await client.version() == "0.33.0"
        assert not await client.answers_anybody()
        (request,) = hub.requests
        assert "Authorization" not in request.headers
        assert request.headers["Host"] == hub.url.removeprefix("http://")
    async with OllamaServer() as hub, client_of(hub.url) as client:
        assert await client.answers_anybody()


async def test_words_come_one_by_one_and_a_reload_cuts_none(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    timing = Timing(tokens_per_second=20.0)
    async with OllamaServer(timing=timing) as hub, behind_caddy(tmp_path, hub) as proxy:
        async with client_of(proxy.url) as client, client.chat(question()) as chunks:
            moments: list[float] = []
            text = ""
            done = False
            async with aclosing(chunks):
                async for chunk in chunks:
                    text += chunk.content
                    moments.append(loop.time())
                    done = chunk.metrics is not None
                    if len(moments) == 3:
                        proxy.config.write_text(proxy.config.read_text().replace("A key", "The key"))
                        await proxy.run("reload")
        assert done
        assert len(moments) > 10
        assert moments[-1] - moments[0] > 0.3
        # No two thirds of it came in one piece.
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert sum(gap > 0.005 for gap in gaps) > len(gaps) / 3
        async with aiohttp.ClientSession() as session, session.get(proxy.url) as answer:
            assert await answer.text() == "The key is needed"


async def test_download_of_hours(tmp_path: Path) -> None:
    """The progress of a download comes through as it goes on, and nothing in the proxy ends it."""
    timing = Timing(pull_bytes_per_second=2e9)
    async with OllamaServer(timing=timing) as hub, behind_caddy(tmp_path, hub) as proxy:
        async with client_of(proxy.url) as client:
            seen = [progress async for progress in client.pull("qwen2.5-coder:7b")]
        assert seen[-1].percent == 100
        assert len(seen) > 3
        adapted = json.loads(await proxy.run("adapt"))
        limits = re.findall(r'"(\w*timeout|stream_close_delay|grace_period)"', json.dumps(adapted))
        assert limits == []
        # With -1 a reload cuts what is under way; without it the proxy sends on at once all the same.
        assert "flush_interval" not in json.dumps(adapted)
