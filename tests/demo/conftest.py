"""A simulated hub on a socket, and clients for it."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import aiohttp
from aiohttp import ClientSession
import pytest

from demo.servers.ollama import OllamaServer

from .talk import Talk

type Serve = Callable[..., Any]


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncGenerator[Serve]:
    """Start servers that are stopped in the end."""
    started: list[tuple[OllamaServer, ClientSession]] = []

    async def start(*args: Any, **settings: Any) -> tuple[OllamaServer, Talk]:
        server = OllamaServer(*args, **settings)
        await server.start()
        session = ClientSession(timeout=aiohttp.ClientTimeout(total=20))
        started.append((server, session))
        return server, Talk(session, server.url)

    yield start
    for server, session in started:
        await session.close()
        await server.stop()


@pytest.fixture
async def hub(serve: Serve) -> OllamaServer:
    """A hub without delays."""
    server: OllamaServer
    server, _ = await serve()
    return server


@pytest.fixture
async def talk(hub: OllamaServer) -> AsyncGenerator[Talk]:
    """A client of that hub."""
    async with ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield Talk(session, hub.url)
