"""Loading, unloading, keep_alive, reloading, and sharing the VRAM."""

import asyncio
from datetime import UTC, datetime
import time
from typing import Any

import aiohttp
import pytest

from demo.servers.ollama import Fault, OllamaServer, Reply, Timing
from demo.servers.ollama.wire import keep_alive_seconds

from .conftest import Serve
from .talk import Talk, content, until

GIB = 1024**3


async def running(talk: Talk) -> dict[str, Any]:
    _, answer = await talk.get("/api/ps")
    return {model["name"]: model for model in answer["models"]}


def expires_in(model: dict[str, Any]) -> float:
    return (datetime.fromisoformat(model["expires_at"]) - datetime.now(UTC)).total_seconds()


async def test_load_and_unload(hub: OllamaServer, talk: Talk) -> None:
    status, answer = await talk.post("/api/generate", {"model": "qwen3:8b"})
    assert status == 200
    assert (answer["done"], answer["done_reason"], answer["response"]) == (True, "load", "")
    model = (await running(talk))["qwen3:8b"]
    assert set(model) == {
        "name",
        "model",
        "size",
        "digest",
        "details",
        "expires_at",
        "size_vram",
        "context_length",
    }
    assert model["context_length"] == 4096
    assert model["size"] == model["size_vram"] > 5225388164
    assert 280 < expires_in(model) <= 300
    status, answer = await talk.post("/api/generate", {"model": "qwen3:8b", "keep_alive": 0})
    assert (status, answer["done_reason"]) == (200, "unload")
    assert await running(talk) == {}
    assert hub.loaded == {}


async def test_load_and_unload_by_chat(talk: Talk) -> None:
    _, answer = await talk.post("/api/chat", {"model": "qwen3:8b", "messages": []})
    assert (answer["done_reason"], answer["message"]) == ("load", {"role": "assistant", "content": ""})
    _, answer = await talk.post("/api/chat", {"model": "qwen3:8b", "keep_alive": "0s"})
    assert answer["done_reason"] == "unload"
    assert await running(talk) == {}


async def test_unload_what_is_not_loaded(talk: Talk) -> None:
    status, _ = await talk.post("/api/generate", {"model": "nomic-embed-text", "keep_alive": 0})
    assert status == 200


@pytest.mark.parametrize(
    ("keep_alive", "seconds"),
    [(600, 600), (90.5, 90.5), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("+90s", 90)],
)
async def test_keep_alive(talk: Talk, keep_alive: Any, seconds: float) -> None:
    await talk.post("/api/generate", {"model": "tinyllama:1.1b", "keep_alive": keep_alive})
    model = (await running(talk))["tinyllama:1.1b"]
    assert seconds - 20 < expires_in(model) <= seconds


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("500ms", 0.5), ("1m.5s", 60.5), ("0", 0), ("1us", 1e-6), ("-0", 0), (0, 0), (None, None)],
)
def test_durations_of_go(given: Any, seconds: float | None) -> None:
    assert keep_alive_seconds(given) == seconds


@pytest.mark.parametrize("keep_alive", [-1, "-1m", -0.5, "-24h"])
async def test_keep_alive_for_ever(talk: Talk, keep_alive: Any) -> None:
    await talk.post("/api/generate", {"model": "tinyllama:1.1b", "keep_alive": keep_alive})
    model = (await running(talk))["tinyllama:1.1b"]
    assert int(model["expires_at"][:4]) - datetime.now(UTC).year in (292, 293)


async def test_each_request_begins_the_time_anew(talk: Talk) -> None:
    await talk.post("/api/generate", {"model": "llama3.1:8b", "keep_alive": "1h"})
    await talk.chat()
    assert expires_in((await running(talk))["llama3.1:8b"]) > 3500
    await talk.chat(keep_alive="10s")
    assert expires_in((await running(talk))["llama3.1:8b"]) <= 10
    await talk.chat()
    assert expires_in((await running(talk))["llama3.1:8b"]) <= 10
    await talk.chat(keep_alive=0)
    assert await running(talk) == {}


async def test_expiry(hub: OllamaServer, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    await hub.load("llama3.1:8b", keep_alive="10s")
    await hub.load("tinyllama:1.1b", keep_alive=30)
    assert list(await running(talk)) == ["tinyllama:1.1b", "llama3.1:8b"]
    later = time.time() + 20
    monkeypatch.setattr("time.time", lambda: later)
    assert list(await running(talk)) == ["tinyllama:1.1b"]
    assert list(hub.loaded) == ["tinyllama:1.1b"]


async def test_another_client(hub: OllamaServer, talk: Talk) -> None:
    runner = await hub.load("llama3.1:8b", num_ctx=8192, keep_alive=-1)
    assert hub.loaded == {"llama3.1:8b": runner}
    assert (await running(talk))["llama3.1:8b"]["context_length"] == 8192
    hub.unload("llama3.1:8b")
    assert hub.loaded == {}
    with pytest.raises(KeyError):
        await hub.load("nope")


async def test_another_context_reloads(hub: OllamaServer, talk: Talk) -> None:
    first = await hub.load("llama3.1:8b", num_ctx=8192)
    await talk.chat(options={"num_ctx": 8192, "temperature": 0.1})
    assert hub.loaded["llama3.1:8b"] is first
    # who sends no num_ctx wants the default, which is another one
    await talk.chat()
    second = hub.loaded["llama3.1:8b"]
    assert second is not first
    assert second.num_ctx == 4096
    assert second.size < first.size
    for options in ({"num_batch": 256}, {"num_gpu": 10}, {"num_thread": 2}):
        await talk.chat(options=options)
        assert hub.loaded["llama3.1:8b"] is not second
        second = hub.loaded["llama3.1:8b"]


async def test_context_is_capped(hub: OllamaServer) -> None:
    assert (await hub.load("tinyllama:1.1b", num_ctx=1_000_000)).num_ctx == 2048
    assert (await hub.load("tinyllama:1.1b", num_ctx=1)).num_ctx == 4


@pytest.mark.parametrize(("vram", "num_ctx"), [(8, 4096), (24, 32768), (48, 40960)])
async def test_default_context_by_vram(serve: Serve, vram: int, num_ctx: int) -> None:
    server, _ = await serve(vram=vram * GIB)
    assert (await server.load("qwen3:8b")).num_ctx == num_ctx


async def test_vram_is_shared(hub: OllamaServer, talk: Talk) -> None:
    for name in ("llama3.1:8b", "qwen3:8b"):
        await hub.load(name)
    await hub.load("llama3.1:8b")
    # the one that was used last stays
    await hub.load("qwen2.5vl:7b")
    assert set(hub.loaded) == {"llama3.1:8b", "qwen2.5vl:7b"}
    assert sum(runner.size_vram for runner in hub.loaded.values()) < 16 * GIB


async def test_three_models_at_most(serve: Serve) -> None:
    server, _ = await serve(vram=100 * GIB)
    for name in ("llama3.1:8b", "qwen3:8b", "tinyllama:1.1b", "gemma3:4b"):
        await server.load(name, num_ctx=2048)
    assert list(server.loaded) == ["qwen3:8b", "tinyllama:1.1b", "gemma3:4b"]


async def test_what_is_too_large_spills(serve: Serve) -> None:
    server, talk = await serve(vram=4 * GIB)
    await server.load("tinyllama:1.1b")
    await server.load("llama3.1:8b")
    assert list(server.loaded) == ["llama3.1:8b"]
    model = (await running(talk))["llama3.1:8b"]
    assert model["size_vram"] == 4 * GIB < model["size"]


async def test_without_gpu(hub: OllamaServer, talk: Talk) -> None:
    await hub.load("qwen3:8b", num_ctx=40960)
    await talk.chat(options={"num_gpu": 0})
    models = await running(talk)
    assert models["llama3.1:8b"]["size_vram"] == 0
    assert "qwen3:8b" in models


async def test_a_larger_context_takes_more(hub: OllamaServer) -> None:
    small = await hub.load("llama3.1:8b", num_ctx=4096)
    large = await hub.load("llama3.1:8b", num_ctx=8192)
    assert large.size - small.size == 4096 * 131072


async def test_a_copy_shares_the_runner(hub: OllamaServer, talk: Talk) -> None:
    await talk.post("/api/copy", {"source": "llama3.1:8b", "destination": "mine"})
    runner = await hub.load("llama3.1:8b")
    assert await hub.load("mine") is runner


async def test_loading_takes_time_and_is_shown(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(load_seconds=0.2))
    chat = asyncio.create_task(talk.chat())
    await until(lambda: bool(server.loaded))
    assert server.loaded["llama3.1:8b"].loading
    # A real server does not list a model before it is there.
    assert await running(talk) == {}
    loading = (await chat)[-1]["load_duration"]
    assert 280 < expires_in((await running(talk))["llama3.1:8b"]) <= 300
    assert loading >= 200_000_000
    assert (await talk.chat())[-1]["load_duration"] < loading


async def test_a_load_is_aborted_with_its_client(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(load_seconds=60))
    chat = asyncio.create_task(talk.chat())
    await until(lambda: bool(server.loaded))
    waiting = asyncio.create_task(talk.chat())
    chat.cancel()
    await until(lambda: server.requests[0].outcome == "cancelled")
    # the next in line begins a load of its own
    await until(lambda: bool(server.loaded))
    waiting.cancel()
    await until(lambda: not server.loaded)


async def test_slow_load(serve: Serve) -> None:
    server, talk = await serve()
    fault = server.inject(Fault.slow_load(0.15))
    await server.load("tinyllama:1.1b")
    await talk.chat(model="tinyllama:1.1b")
    assert fault.applied == 0
    assert (await talk.chat())[-1]["load_duration"] >= 150_000_000
    assert fault.applied == 1


async def test_a_busy_runner_finishes_before_it_goes(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(tokens_per_second=100))
    server.script(Reply("word " * 60), Reply("short"))
    chat = asyncio.create_task(talk.chat())
    await until(lambda: server.generating == 1)
    _, answer = await talk.post("/api/generate", {"model": "llama3.1:8b", "keep_alive": 0})
    assert answer["done_reason"] == "unload"
    assert "llama3.1:8b" in server.loaded
    # another context has to wait for it too
    other = asyncio.create_task(talk.chat(options={"num_ctx": 2048}))
    assert content(await chat) == "word " * 60
    assert content(await other) == "short"
    assert server.requests[0].finished_at is not None
    last = server.requests_to("/api/chat")[1]
    assert last.first_token_at is not None
    assert last.first_token_at > server.requests[0].finished_at
    assert server.loaded["llama3.1:8b"].num_ctx == 2048


async def test_a_model_waits_for_the_vram_of_a_busy_one(serve: Serve) -> None:
    server, talk = await serve(vram=6 * GIB, timing=Timing(tokens_per_second=200))
    server.script(Reply("word " * 20), Reply("short"))
    chat = asyncio.create_task(talk.chat())
    await until(lambda: server.generating == 1)
    other = asyncio.create_task(talk.chat(model="gemma3:4b"))
    assert content(await other) == "short"
    assert chat.done()
    assert list(server.loaded) == ["gemma3:4b"]


async def test_unloading_takes_time(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(unload_seconds=0.5))
    await server.load("llama3.1:8b")
    server.unload("llama3.1:8b")
    assert "llama3.1:8b" in await running(talk)
    await until(lambda: not server.loaded)
    # what comes meanwhile loads anew
    first = await server.load("llama3.1:8b")
    server.unload("llama3.1:8b")
    assert await server.load("llama3.1:8b") is not first


async def test_queue(serve: Serve) -> None:
    server, talk = await serve(max_queue=1, timing=Timing(tokens_per_second=100))
    server.script(Reply("word " * 1000), Reply("second"))
    first = asyncio.create_task(talk.chat())
    await until(lambda: server.generating == 1)
    second = asyncio.create_task(talk.chat())
    await until(lambda: server.loaded["llama3.1:8b"].waiting == 1)
    status, text = await talk.refused()
    assert (status, text) == (503, "server busy, please try again.  maximum pending requests exceeded")
    assert server.generating == 1
    first.cancel()
    assert content(await second) == "second"


async def test_parallel_slots(serve: Serve) -> None:
    server, talk = await serve(num_parallel=2, timing=Timing(tokens_per_second=100))
    one = await server.load("tinyllama:1.1b", num_ctx=2048)
    assert one.size == one.model.memory(2048, 2)
    server.script(Reply("word " * 60), Reply("word " * 60))
    chats = [asyncio.create_task(talk.chat()) for _ in range(2)]
    await until(lambda: server.generating == 2)
    await asyncio.gather(*chats)
    assert server.generating == 0


async def test_a_client_that_leaves_the_queue(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(tokens_per_second=100))
    server.script(Reply("word " * 1000))
    first = asyncio.create_task(talk.chat())
    await until(lambda: server.generating == 1)
    second = asyncio.create_task(talk.chat())
    runner = server.loaded["llama3.1:8b"]
    await until(lambda: runner.waiting == 1)
    second.cancel()
    await until(lambda: runner.waiting == 0)
    first.cancel()
    await until(lambda: server.generating == 0)
    assert runner.references == 0
    assert [request.outcome for request in server.requests] == ["cancelled", "cancelled"]


async def test_stop_leaves_nothing_behind(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(prompt_tokens_per_second=1))
    chat = asyncio.create_task(talk.chat())
    await until(lambda: server.generating == 1)
    await server.stop()
    with pytest.raises(aiohttp.ClientError):
        await chat
    assert server.requests[0].outcome == "cancelled"
    assert len(asyncio.all_tasks()) == 1
    assert server.loaded == {}
