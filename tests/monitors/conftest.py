"""Monitors as Home Assistant makes them, but without Home Assistant."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import aiohttp
import pytest

from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.monitors import MONITORS, Monitor, Settings

type Make = Callable[..., Any]

SOURCE = "01SUBENTRY"


@pytest.fixture
async def make(socket_enabled: None) -> AsyncGenerator[Make]:
    """Make the monitor of a kind at a URL, with what its subentry stores."""
    async with aiohttp.ClientSession() as session:

        def made(kind: str, url: str, *, connection: Connection | None = None, **data: Any) -> Monitor[Any]:
            settings = Settings(SOURCE, "My system", data, session, connection or Connection(url))
            return MONITORS[kind](settings)

        yield made
