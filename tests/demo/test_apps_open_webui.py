"""Open WebUI, and the faults that every app has."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from aiohttp import ClientSession, ClientTimeout
import pytest

from demo.servers.apps.open_webui import KEY, OpenWebUIServer

from .talk import Talk


@pytest.fixture
async def app(socket_enabled: None) -> AsyncGenerator[OpenWebUIServer]:
    async with OpenWebUIServer() as server:
        yield server


@pytest.fixture
async def talk(app: OpenWebUIServer) -> AsyncGenerator[Talk]:
    async with ClientSession(timeout=ClientTimeout(total=20)) as session:
        yield Talk(session, app.url)


def key(value: str = KEY) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {value}"}}


async def test_without_a_key(app: OpenWebUIServer, talk: Talk) -> None:
    assert await talk.get("/health") == (200, {"status": True})
    assert await talk.get("/ready") == (200, {"status": True})
    assert await talk.get("/health/db") == (200, {"status": True})
    assert await talk.get("/api/version") == (200, {"version": "0.6.33", "deployment_id": ""})
    assert (await talk.get("/api/config"))[1]["name"] == "Open WebUI"
    for path in ("/api/models", "/api/usage", "/api/version/updates", "/ollama/api/version"):
        assert (await talk.get(path))[0] == 401
    status, page = await talk.get("/api/unknown")
    assert (status, page[:15]) == (200, "<!doctype html>")
    assert [request.path for request in app.requests][:2] == ["/health", "/ready"]


async def test_with_a_key(app: OpenWebUIServer, talk: Talk) -> None:
    _, models = await talk.get("/api/models", **key())
    assert [model["id"] for model in models["data"]] == ["llama3.1:8b", "qwen2.5-coder:7b"]
    app.latest_version = "0.6.34"
    app.users = 3
    assert (await talk.get("/api/version/updates", **key()))[1]["latest"] == "0.6.34"
    assert (await talk.get("/api/usage", **key()))[1] == {"model_ids": ["llama3.1:8b"], "user_count": 3}
    app.admin = False
    assert (await talk.get("/api/usage", **key()))[0] == 401
    # A key is no session.
    assert (await talk.get("/api/config", **key()))[0] == 401


async def test_refused_keys(app: OpenWebUIServer, talk: Talk) -> None:
    assert (await talk.get("/api/models", **key("sk-wrong")))[0] == 401
    assert (await talk.get("/api/models", **key("not-a-session")))[0] == 401
    app.key_paths = frozenset({"/api/usage"})
    assert (await talk.get("/api/models", **key()))[0] == 403
    assert (await talk.get("/api/usage", **key()))[0] == 200
    app.keys_enabled = False
    status, answer = await talk.get("/api/usage", **key())
    assert (status, answer["detail"]) == (403, "Use of API key is not enabled in the environment.")


async def test_without_its_hub(app: OpenWebUIServer, talk: Talk) -> None:
    assert await talk.get("/ollama/api/version", **key()) == (200, {"version": "0.33.0"})
    app.ollama_reachable = False
    assert await talk.get("/api/models", **key()) == (200, {"data": []})
    status, answer = await talk.get("/ollama/api/version", **key())
    assert (status, answer["detail"]) == (500, "WebUI could not connect to Ollama")
    assert (await talk.get("/health"))[0] == 200


async def test_alive_but_not_ready(app: OpenWebUIServer, talk: Talk) -> None:
    app.begin_startup()
    assert await talk.get("/ready") == (503, {"detail": "Startup not complete"})
    app.lose_database()
    assert (await talk.get("/ready"))[1] == {"detail": "Database not ready"}
    assert (await talk.get("/health/db"))[0] == 500
    assert await talk.get("/health") == (200, {"status": True})
    app.recover()
    assert (await talk.get("/ready"))[0] == 200


async def test_older_versions_answer_with_the_page(app: OpenWebUIServer, talk: Talk) -> None:
    app.has_ready = False
    app.version = "0.5.0"
    status, page = await talk.get("/ready")
    assert (status, page[:15]) == (200, "<!doctype html>")
    assert (await talk.get("/api/version"))[1]["version"] == "0.5.0"


async def test_hanging(app: OpenWebUIServer, talk: Talk) -> None:
    app.faults.hang(0.05, times=1)
    begun = asyncio.get_running_loop().time()
    assert (await talk.get("/health"))[0] == 200
    assert asyncio.get_running_loop().time() - begun >= 0.05
    app.faults.hang(path="/health")
    assert (await talk.get("/ready"))[0] == 200
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await talk.get("/health")
    app.faults.clear()
    assert (await talk.get("/health"))[0] == 200


async def test_status_and_page(app: OpenWebUIServer, talk: Talk) -> None:
    app.faults.status(503, "no healthy upstream", times=2, headers={"Retry-After": "3"})
    assert await talk.get("/health") == (503, "no healthy upstream")
    assert await talk.get("/api/version") == (503, "no healthy upstream")
    app.faults.html("Sign in", times=1)
    status, page = await talk.get("/health")
    assert (status, "Sign in" in page) == (200, True)
    assert (await talk.get("/health"))[0] == 200


async def test_stop_and_start(app: OpenWebUIServer, talk: Talk) -> None:
    url = app.url
    await app.stop()
    await app.start()
    assert app.url == url
    assert (await talk.get("/health"))[0] == 200
