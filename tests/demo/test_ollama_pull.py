"""/api/pull."""

import asyncio
from dataclasses import replace
import json
from typing import Any

import aiohttp
import pytest

from demo.servers.ollama import Fault, OllamaServer, Timing

from .conftest import Serve
from .talk import Talk, until

NAME = "qwen3:0.6b"


async def pull(talk: Talk, name: str = NAME, **given: Any) -> list[dict[str, Any]]:
    status, lines = await talk.post("/api/pull", {"model": name, **given})
    assert status == 200
    assert isinstance(lines, list)
    return lines


async def test_lines(hub: OllamaServer, talk: Talk) -> None:
    lines = await pull(talk)
    assert lines[0] == {"status": "pulling manifest"}
    first = lines[1]
    assert set(first) == {"status", "digest", "total"}
    assert first["status"] == f"pulling {first['digest'].removeprefix('sha256:')[:12]}"
    assert [line["status"] for line in lines[-3:]] == [
        "verifying sha256 digest",
        "writing manifest",
        "success",
    ]
    progress = [line for line in lines if "digest" in line]
    digests = list(dict.fromkeys(line["digest"] for line in progress))
    assert len(digests) == 5
    for digest in digests:
        done = [line.get("completed", 0) for line in progress if line["digest"] == digest]
        assert done == sorted(done)
        assert done[-1] == next(line["total"] for line in progress if line["digest"] == digest)
    model = hub.hub.find(NAME)
    assert model is not None
    assert sum({line["digest"]: line["total"] for line in progress}.values()) == model.size
    assert (await talk.chat(model=NAME))[-1]["done"]
    assert (await talk.get("/api/tags"))[1]["models"][0]["name"] == NAME


async def test_unknown(talk: Talk) -> None:
    lines = await pull(talk, "nothing:7b")
    assert lines == [{"status": "pulling manifest"}, {"error": "pull model manifest: file does not exist"}]


async def test_not_streamed(talk: Talk) -> None:
    assert await talk.post("/api/pull", {"model": NAME, "stream": False}) == (200, {"status": "success"})
    unknown = await talk.post("/api/pull", {"name": "nothing", "stream": False})
    assert unknown == (500, {"error": "pull model manifest: file does not exist"})


async def test_again_is_quick(talk: Talk) -> None:
    lines = await pull(talk, "qwen3:8b")
    assert len([line for line in lines if "digest" in line]) == 5
    assert all(line["completed"] == line["total"] for line in lines if "digest" in line)


async def test_an_update(hub: OllamaServer, talk: Talk) -> None:
    newer = replace(hub.registry["tinyllama:1.1b"], digest="f" * 64)
    hub.registry["tinyllama:1.1b"] = newer
    lines = await pull(talk, "tinyllama:1.1b")
    assert [line["status"] for line in lines[-2:]] == ["removing unused layers", "success"]
    _, tags = await talk.get("/api/tags")
    assert tags["models"][0]["digest"] == "f" * 64


async def test_a_broken_pull_goes_on(hub: OllamaServer, talk: Talk) -> None:
    hub.inject(Fault.drop_after_first_token(after=4, path="/api/pull"))
    with pytest.raises(aiohttp.ClientPayloadError):
        await pull(talk)
    assert hub.hub.find(NAME) is None
    lines = await pull(talk)
    assert lines[1]["completed"] > 0
    assert lines[-1] == {"status": "success"}


async def test_disconnecting_cancels(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(pull_bytes_per_second=100_000_000))
    async with talk.session.post(f"{talk.url}/api/pull", json={"model": NAME}) as response:
        for _ in range(4):
            line = json.loads(await response.content.readline())
    assert 0 < line["completed"] < line["total"]
    await until(lambda: server.requests[0].outcome == "cancelled")
    there = dict(server.hub.blobs)
    await asyncio.sleep(0.1)
    assert server.hub.blobs == there


async def test_two_pulls_share_a_blob(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(pull_bytes_per_second=2e9))
    one, other = await asyncio.gather(pull(talk), pull(talk))
    assert one[-1] == other[-1] == {"status": "success"}
    assert all(size <= 522_653_767 for size in server.hub.blobs.values())


async def test_error_in_the_stream(hub: OllamaServer, talk: Talk) -> None:
    hub.inject(Fault.error_line("unauthorized: access denied", after=1, path="/api/pull"))
    lines = await pull(talk)
    assert lines[-1] == {"error": "unauthorized: access denied"}
    assert hub.requests[0].outcome == "failed"
