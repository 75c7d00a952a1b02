"""A session of the clients' own, and servers for them."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack
from functools import cache
import ssl
from typing import Any

import aiohttp
import pytest

from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.ollama import OllamaClient
from tests.looking import settle

from .serving import Answer, Server

type Serve = Callable[..., Any]
type Connect = Callable[..., OllamaClient]


@cache
def default_tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[aiohttp.ClientSession]:
    """The session that the clients are given."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncGenerator[Serve]:
    """Start servers that are stopped in the end."""
    async with AsyncExitStack() as started:

        async def start(answer: Answer, **options: Any) -> Server:
            return await started.enter_async_context(Server(answer, **options))

        yield start


@pytest.fixture
async def connect(session: aiohttp.ClientSession) -> AsyncGenerator[Connect]:
    """Make clients that are closed in the end."""
    clients: list[OllamaClient] = []

    def make(
        url: str, headers: Mapping[str, str] | None = None, tls: ssl.SSLContext | None = None
    ) -> OllamaClient:
        client = OllamaClient(session, Connection(url, headers or {}, tls or default_tls()))
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()
    await settle()
