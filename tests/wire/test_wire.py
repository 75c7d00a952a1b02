"""Every answer against every call: an ApiError or a result, soon, and nothing else ever."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, is_dataclass
import ssl

import aiohttp
import orjson
import pytest

from custom_components.homelab_ai.api import exposure, http, ollama, recognition, transport, web
from custom_components.homelab_ai.api.errors import MAX_MESSAGE, ApiError
from custom_components.homelab_ai.api.kubernetes import client as kubernetes

from .answers import ANSWERS, BODIES
from .calls import EVERY, SECRET, Call, calls
from .server import RawServer

SOON = 6.0
"""Seconds for a call with the limits below."""
CALLS = 105


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a fraction of a second where a house would wait for many."""
    for module, name, seconds in (
        (http, "TIMEOUT", 0.5),
        (exposure, "TIMEOUT", 0.5),
        (web, "TIMEOUT", 0.5),
        (recognition, "_SECONDS", 0.5),
        (transport, "LOAD_TIMEOUT", 0.5),
        (transport, "CONNECT_TIMEOUT", 0.5),
        (transport, "SILENCE_TIMEOUT", 0.5),
        (transport, "PULL_SILENCE_TIMEOUT", 0.5),
        (transport, "STREAM_TIMEOUT", 2.0),
        (transport, "PULL_TIMEOUT", 2.0),
        (ollama, "ANSWER_TIMEOUT", 0.5),
        (ollama, "VERSION_TIMEOUT", 0.5),
        (kubernetes, "PAGE_TIMEOUT", 0.5),
        (kubernetes, "GRACE", 0.5),
    ):
        monkeypatch.setattr(module, name, seconds)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[RawServer]:
    async with RawServer(ANSWERS) as server:
        yield server


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


TLS = ssl.create_default_context()


async def outcome(call: Call) -> str:
    """Return what is wrong with how a call ended, empty for a result and for an ApiError."""
    try:
        async with asyncio.timeout(SOON):
            return "" if can_be_kept(await call()) else "a value that cannot be kept"
    except ApiError as err:
        said = str(err)
        if SECRET in said:
            return "it tells the secret"
        return (
            "" if len(said) <= MAX_MESSAGE and (said.isprintable() or not said) else f"it says {said[:60]!r}"
        )
    except TimeoutError:
        return f"no end in {SOON} seconds"
    except Exception as err:  # noqa: BLE001 - that is what must not happen
        return f"{type(err).__name__}: {str(err)[:80]}"


def can_be_kept(value: object) -> bool:
    """Return whether a result can be written as JSON and UTF-8."""
    if isinstance(value, list | tuple):
        return all(map(can_be_kept, value))
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    try:
        orjson.dumps(value, default=list if not isinstance(value, Mapping) else str)
    except TypeError:
        return False
    return True


def test_the_table_is_whole() -> None:
    assert len(ANSWERS) >= 162
    assert len(BODIES) >= 43
    assert len({name.partition(":")[0] for name in ANSWERS}) > 4


async def test_every_call_is_in_the_table(session: aiohttp.ClientSession) -> None:
    """A client that learns to ask something more is tried with all answers, too."""
    there = calls(session, "http://127.0.0.1:1", TLS).keys()
    assert {name for name in there if not name.partition(".")[2].startswith("_")} == EVERY
    assert {"AlertmanagerClient.muted", "GitLabForge.open_draft", "kubernetes.history.look_up"} <= EVERY


@pytest.mark.parametrize("name", ANSWERS)
async def test_answer(name: str, server: RawServer, session: aiohttp.ClientSession) -> None:
    every = calls(session, server.url(name), TLS)
    assert len(every) == CALLS
    outcomes = await asyncio.gather(*(outcome(call) for call in every.values()))
    assert {call: wrong for call, wrong in zip(every, outcomes, strict=True) if wrong} == {}
