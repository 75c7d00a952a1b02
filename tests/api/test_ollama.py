"""The client of an Ollama server: every method, and every way in which it can fail."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from aiohttp import web
import pytest

from custom_components.homelab_ai.api import ollama as ollama_module
from custom_components.homelab_ai.api.chat import ChatChunk, ChatRequest, Message, ToolCall
from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiHostRefusedError,
    ApiNotFoundError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import MAX_ERROR_TEXT
from custom_components.homelab_ai.api.ollama import OllamaClient, PullProgress
from demo.servers.ollama import Fault, OllamaServer, Reply, Timing, ToolCall as Called
from demo.servers.ollama.catalogue import LLAMA, NOMIC, layers
from demo.servers.pages import HtmlServer, OpenWebUIServer, RedirectServer
from tests.looking import until

from .conftest import Connect, Serve
from .serving import body, lines, routes

MODEL = "llama3.1:8b"
QUESTION = ChatRequest(model=MODEL, messages=(Message("user", "Hello"),))
_MESSAGE = '{"model":"x","message":{"role":"assistant","content":"%s"},"done":%s}\n'
PIECE, LAST = _MESSAGE % ("Hi", "false"), _MESSAGE % ("", "true")


async def chat(client: OllamaClient, request: ChatRequest = QUESTION) -> list[ChatChunk]:
    async with client.chat(request) as chunks:
        return [chunk async for chunk in chunks]


async def pull(client: OllamaClient, model: str = "qwen3:0.6b") -> list[PullProgress]:
    return [progress async for progress in client.pull(model)]


type Method = Callable[[OllamaClient], Awaitable[object]]

METHODS: dict[str, Method] = {
    "version": lambda client: client.version(),
    "installed": lambda client: client.installed(),
    "loaded": lambda client: client.loaded(),
    "details": lambda client: client.details(MODEL),
    "chat": chat,
    "load": lambda client: client.load(MODEL, 8192, 60),
    "unload": lambda client: client.unload(MODEL),
    "pull": pull,
    "delete": lambda client: client.delete(MODEL),
    "copy": lambda client: client.copy(MODEL, "jarvis"),
}


# What the server is


async def test_version(hub: OllamaServer, connect: Connect) -> None:
    assert await connect(hub.url).version() == "0.33.0"


async def test_version_is_cut_short(serve: Serve, connect: Connect) -> None:
    server = await serve(body(json.dumps({"version": "9" * 500})))
    assert await connect(server.url).version() == "9" * 50


@pytest.mark.parametrize("answer", ["<html>", "", "[]", '"0.33.0"', "{}", '{"version": 33}', "null"])
async def test_version_of_something_else(answer: str, serve: Serve, connect: Connect) -> None:
    server = await serve(body(answer))
    with pytest.raises(ApiForeignError) as raised:
        await connect(server.url).version()
    assert raised.value.found is None


async def test_host_check_is_told_from_a_refused_key(connect: Connect) -> None:
    """A server on loopback refuses other names with an empty 403."""
    async with OllamaServer(allowed_hosts=()) as hub:
        client = connect(hub.url, {"Host": "ollama.example.org"})
        with pytest.raises(ApiHostRefusedError):
            await client.version()
        with pytest.raises(ApiHostRefusedError):
            await client.identify()


async def test_identifies_an_ollama(hub: OllamaServer, connect: Connect) -> None:
    assert await connect(hub.url).identify() == "0.33.0"


@pytest.mark.parametrize("key", [None, "sk-of-open-webui"])
async def test_recognises_open_webui(key: str | None, connect: Connect) -> None:
    """It answers the version as Ollama does, and takes a key that it does not know for a broken login."""
    async with OpenWebUIServer() as other:
        with pytest.raises(ApiForeignError) as raised:
            await connect(other.url, {"Authorization": f"Bearer {key}"} if key else None).identify()
    assert raised.value.found == "Open WebUI"


async def test_identifies_no_page(connect: Connect) -> None:
    async with HtmlServer() as other:
        with pytest.raises(ApiForeignError) as raised:
            await connect(other.url).identify()
    assert raised.value.found is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (body("{}", 404), ApiForeignError),
        (body('{"error":"x"}', 500), ApiForeignError),
        (body("<html>", content_type="text/html"), ApiForeignError),
        (body('{"error":"busy"}', 503), ApiBusyError),
        (body("Unauthorized", 401), ApiAuthenticationError),
    ],
)
async def test_identify_asks_for_models_too(
    tags: Any, expected: type[ApiError], serve: Serve, connect: Connect
) -> None:
    """A server that only knows `/api/version` is none; one that has no time or wants a key may be."""
    server = await serve(routes(version=body('{"version": "0.33.0"}'), tags=tags))
    with pytest.raises(ApiError) as raised:
        await connect(server.url).identify()
    assert type(raised.value) is expected


# Models


async def test_installed_models(connect: Connect) -> None:
    async with OllamaServer([LLAMA, NOMIC]) as hub:
        llama, nomic = await connect(hub.url).installed()
    assert llama.name == "llama3.1:8b"
    assert llama.digest == LLAMA.digest
    assert len(llama.digest) == 64
    assert llama.size == 4_920_753_328
    assert (llama.family, llama.parameter_size, llama.quantization) == ("llama", "8.0B", "Q4_K_M")
    assert nomic.name == "nomic-embed-text:latest"


async def test_times_have_nanoseconds_and_offsets(serve: Serve, connect: Connect) -> None:
    """Go writes nine digits, and a zone or a Z; Python knows six."""
    times = ("2026-08-01T10:00:00.123456789+02:00", "2026-08-01T08:00:00.1Z", "2026-08-01T08:00:00Z")
    models = [
        {"name": "a", "model": f"m{number}:1", "modified_at": time} for number, time in enumerate(times)
    ]
    server = await serve(body(json.dumps({"models": models})))
    found = [model.modified_at for model in await connect(server.url).installed()]
    begin = datetime(2026, 8, 1, 8, tzinfo=UTC)
    assert found[0] is not None
    assert abs(begin + timedelta(microseconds=123_456) - found[0]) <= timedelta(microseconds=1)
    assert found[0].utcoffset() == timedelta(hours=2)
    assert found[1:] == [begin + timedelta(milliseconds=100), begin]


async def test_models_of_an_old_server_lack_figures(serve: Serve, connect: Connect) -> None:
    """What the server leaves out is empty; an entry without a name is none."""
    server = await serve(
        routes(
            tags=body('{"models": [{"model": "old:1"}, {"model": ""}, {"size": 5}]}'),
            ps=body('{"models": [{"model": "old:1", "size": 10, "size_vram": 10}, {"size": 5}]}'),
        )
    )
    client = connect(server.url)
    (installed,) = await client.installed()
    assert (installed.digest, installed.size, installed.modified_at) == ("", 0, None)
    assert (installed.family, installed.parameter_size, installed.quantization) == ("", "", "")
    (loaded,) = await client.loaded()
    assert (loaded.context_length, loaded.expires_at, loaded.digest) == (None, None, "")


async def test_no_models(connect: Connect) -> None:
    async with OllamaServer([]) as hub:
        client = connect(hub.url)
        assert await client.installed() == ()
        assert await client.loaded() == ()


async def test_loaded_models(hub: OllamaServer, connect: Connect) -> None:
    before = datetime.now(UTC)
    runner = await hub.load(MODEL, num_ctx=8192, keep_alive=1800)
    (loaded,) = await connect(hub.url).loaded()
    assert (loaded.name, loaded.digest) == (MODEL, LLAMA.digest)
    assert (loaded.size, loaded.size_vram) == (runner.size, runner.size_vram)
    assert loaded.context_length == 8192
    assert loaded.expires_at is not None
    assert before + timedelta(seconds=1799) < loaded.expires_at < before + timedelta(seconds=1802)


async def test_loaded_forever(hub: OllamaServer, connect: Connect) -> None:
    client = connect(hub.url)
    await client.load(MODEL, 8192, -1)
    (loaded,) = await client.loaded()
    assert loaded.expires_at is not None
    assert loaded.expires_at.year > 2300


async def test_details(hub: OllamaServer, connect: Connect) -> None:
    client = connect(hub.url)
    details = await client.details(MODEL)
    assert details.capabilities == {"completion", "tools"}
    assert details.context_length == 131_072
    assert (await client.details("nomic-embed-text")).capabilities == {"embedding"}


async def test_details_of_an_old_server(serve: Serve, connect: Connect) -> None:
    server = await serve(body('{"model_info": {"general.architecture": "llama"}}'))
    details = await connect(server.url).details(MODEL)
    assert (details.capabilities, details.context_length) == (frozenset(), None)


async def test_details_with_a_strange_length(serve: Serve, connect: Connect) -> None:
    info = {"general.architecture": "llama", "llama.context_length": "long"}
    server = await serve(body(json.dumps({"model_info": info, "capabilities": None})))
    assert (await connect(server.url).details(MODEL)).context_length is None


async def test_details_of_no_model(hub: OllamaServer, connect: Connect) -> None:
    with pytest.raises(ApiNotFoundError) as raised:
        await connect(hub.url).details("nothing:1b")
    assert raised.value.status == 404
    assert "nothing:1b" in str(raised.value)


# Chat


async def test_chat_streams_content_and_metrics(hub: OllamaServer, connect: Connect) -> None:
    hub.script(Reply(content="Good evening, sir."))
    chunks = await chat(connect(hub.url), replace(QUESTION, num_ctx=4096))
    assert len(chunks) > 2
    assert "".join(chunk.content for chunk in chunks) == "Good evening, sir."
    assert [chunk.metrics is None for chunk in chunks[:-1]] == [True] * (len(chunks) - 1)
    metrics = chunks[-1].metrics
    assert metrics is not None
    request = hub.requests_to("/api/chat")[-1]
    assert metrics.prompt_tokens == request.prompt_tokens > 0
    assert metrics.generated_tokens == request.generated_tokens > 0
    # The simulated hardware evaluates 2,000 tokens a second and generates 60.
    assert metrics.prompt_time == pytest.approx(metrics.prompt_tokens / 2000, abs=1e-6)
    assert metrics.generation_time == pytest.approx(metrics.generated_tokens / 60, abs=1e-6)
    assert metrics.load_time >= 0.015
    assert metrics.done_reason == "stop"
    assert metrics.finished_at is not None
    assert abs(datetime.now(UTC) - metrics.finished_at) < timedelta(seconds=30)


async def test_chat_streams_thinking_apart(hub: OllamaServer, connect: Connect) -> None:
    hub.script(Reply(thinking="Let me see.", content="Yes."))
    chunks = await chat(connect(hub.url), replace(QUESTION, model="qwen3:8b", think=True))
    assert "".join(chunk.thinking for chunk in chunks) == "Let me see."
    assert "".join(chunk.content for chunk in chunks) == "Yes."


async def test_chat_streams_tool_calls(hub: OllamaServer, connect: Connect) -> None:
    hub.script(Reply(tool_calls=[Called("HassTurnOn", {"name": "Lamp", "levels": [1, 2]}), Called("Now")]))
    chunks = await chat(connect(hub.url))
    assert [call for chunk in chunks for call in chunk.tool_calls] == [
        ToolCall("HassTurnOn", {"name": "Lamp", "levels": [1, 2]}),
        ToolCall("Now", {}),
    ]


async def test_chat_gives_log_probabilities(hub: OllamaServer, connect: Connect) -> None:
    hub.script(Reply(content="yes", logprob=-0.2))
    chunks = await chat(connect(hub.url), replace(QUESTION, top_logprobs=5))
    (candidates,) = [one for chunk in chunks for one in chunk.logprobs]
    assert candidates["yes"] == -0.2
    assert len(candidates) == 5
    hub.script(Reply(content="yes", logprob=-0.2))
    chunks = await chat(connect(hub.url), replace(QUESTION, top_logprobs=0))
    assert [one for chunk in chunks for one in chunk.logprobs] == [{"yes": -0.2}]


async def test_chat_sends_all_it_is_asked(hub: OllamaServer, connect: Connect) -> None:
    tool = {
        "type": "function",
        "function": {"name": "f", "description": "", "parameters": {"type": "object"}},
    }
    schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x02\x08\x02\x00\x00\x00"
    request = ChatRequest(
        model="qwen3:8b",
        messages=(
            Message("system", "Be brief."),
            Message("user", "Look.", images=()),
            Message("assistant", "", tool_calls=(ToolCall("f", {"a": 1}),)),
            Message("tool", "42", tool_name="f"),
            Message("user", "And now?"),
        ),
        tools=(tool,),
        format=schema,
        num_ctx=4096,
        keep_alive=-1,
        think=False,
        temperature=0.5,
        num_predict=64,
        top_logprobs=3,
    )
    client = connect(hub.url)
    await chat(client, request)
    sent = hub.requests_to("/api/chat")[-1].body
    assert sent is not None
    assert sent["model"] == "qwen3:8b"
    assert sent["stream"] is True
    assert sent["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Look."},
        {
            "role": "assistant",
            "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}],
        },
        {"role": "tool", "content": "42", "tool_name": "f"},
        {"role": "user", "content": "And now?"},
    ]
    assert sent["tools"][0]["function"]["name"] == "f"
    assert sent["format"] == schema
    assert sent["options"] == {"num_ctx": 4096, "temperature": 0.5, "num_predict": 64}
    assert (sent["keep_alive"], sent["think"]) == (-1, False)
    assert (sent["logprobs"], sent["top_logprobs"]) == (True, 3)
    await chat(client, ChatRequest("gemma3:4b", (Message("user", "Look.", images=(png,)),)))
    sent = hub.requests_to("/api/chat")[-1].body
    assert sent is not None
    assert sent["messages"][0]["images"] == ["iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAA="]


async def test_chat_leaves_choices_to_the_server(hub: OllamaServer, connect: Connect) -> None:
    await chat(connect(hub.url))
    sent = hub.requests_to("/api/chat")[-1].body
    assert sent is not None
    assert not {"options", "keep_alive", "think", "format", "logprobs", "top_logprobs"} & {
        key for key, value in sent.items() if value is not None
    }
    assert not sent.get("tools")


async def test_leaving_a_chat_stops_the_server(connect: Connect) -> None:
    async with OllamaServer(timing=Timing(tokens_per_second=50)) as hub:
        hub.script(Reply(content="word " * 1000))
        client = connect(hub.url)
        async with client.chat(QUESTION) as chunks:
            async for chunk in chunks:
                assert chunk.content
                break
        # The next answer comes, so the slot is free: the server has stopped.
        hub.script(Reply(content="Free."))
        answer = await chat(client)
        assert "".join(chunk.content for chunk in answer) == "Free."
        assert hub.requests_to("/api/chat")[0].outcome == "cancelled"


@pytest.mark.parametrize(
    ("text", "expected"), [("2026-11-21T10:00:00.123456789Z", True), ("yesterday", False), (None, False)]
)
async def test_chat_survives_a_strange_time(
    text: str | None, expected: bool, serve: Serve, connect: Connect
) -> None:
    last = {"model": "x", "message": {"role": "assistant", "content": ""}, "done": True}
    server = await serve(lines(json.dumps(last | ({"created_at": text} if text else {})) + "\n"))
    (chunk,) = await chat(connect(server.url))
    assert chunk.metrics is not None
    assert (chunk.metrics.finished_at is not None) is expected
    assert (chunk.metrics.prompt_tokens, chunk.metrics.load_time, chunk.metrics.done_reason) == (0, 0.0, "")


# Loading and unloading


async def test_load_and_unload(hub: OllamaServer, connect: Connect) -> None:
    client = connect(hub.url)
    assert await client.load(MODEL, 8192, 600) >= 0
    runner = hub.loaded[MODEL]
    assert (runner.num_ctx, runner.keep_alive) == (8192, 600)
    await client.unload(MODEL)
    assert hub.loaded == {}


async def test_load_leaves_the_context_to_the_server(hub: OllamaServer, connect: Connect) -> None:
    await connect(hub.url).load(MODEL, None, 60)
    assert hub.loaded[MODEL].num_ctx == 4096
    sent = hub.requests_to("/api/generate")[-1].body
    assert sent is not None
    assert not sent.get("options")


async def test_load_and_unload_an_embedding_model(hub: OllamaServer, connect: Connect) -> None:
    """It cannot generate, which the server says with a 400."""
    client = connect(hub.url)
    assert await client.load("nomic-embed-text", None, 600) == 0.0
    assert hub.loaded["nomic-embed-text:latest"].keep_alive == 600
    await client.unload("nomic-embed-text")
    assert hub.loaded == {}


@pytest.mark.parametrize("method", ["load", "unload"])
async def test_loading_no_model(method: str, connect: Connect) -> None:
    async with OllamaServer([]) as hub:
        with pytest.raises(ApiNotFoundError):
            await METHODS[method](connect(hub.url))


async def test_loading_that_fails_is_not_tried_as_an_embedding(hub: OllamaServer, connect: Connect) -> None:
    hub.inject(Fault.status(500, path="/api/generate"))
    with pytest.raises(ApiResponseError):
        await connect(hub.url).load(MODEL, 8192, 60)
    assert hub.requests_to("/api/embed") == []


async def test_load_reports_the_servers_time(serve: Serve, connect: Connect) -> None:
    server = await serve(body('{"model":"x","response":"","done":true,"load_duration":2500000000}'))
    assert await connect(server.url).load(MODEL, None, 60) == 2.5


# Pulling, deleting, copying


async def test_pull_reports_progress(hub: OllamaServer, connect: Connect) -> None:
    """Each layer has a total of its own; the progress is that of all seen so far."""
    progress = await pull(connect(hub.url))
    assert progress[0].percent is None
    assert progress[0].status == "pulling manifest"
    percents = [one.percent for one in progress if one.percent is not None]
    assert percents[0] == 0
    assert percents[-1] == 100
    assert len(set(percents)) > 3
    assert progress[-1].status == "success"
    assert progress[-1].completed == progress[-1].total == 522_653_767
    assert hub.hub.find("qwen3:0.6b") is not None


async def test_pull_of_no_model(hub: OllamaServer, connect: Connect) -> None:
    """The error comes in a stream that began with 200."""
    with pytest.raises(ApiResponseError, match="file does not exist") as raised:
        await pull(connect(hub.url), "nothing:1b")
    assert raised.value.status is None


async def test_pull_that_ends_without_success(serve: Serve, connect: Connect) -> None:
    server = await serve(lines('{"status":"pulling manifest"}\n'))
    with pytest.raises(ApiResponseError, match="middle"):
        await pull(connect(server.url))


async def test_leaving_a_pull_cancels_it_and_the_next_resumes(connect: Connect) -> None:
    async with OllamaServer(timing=Timing(pull_bytes_per_second=2e9)) as hub:
        client = connect(hub.url)
        async with aclosing(client.pull("qwen3:0.6b")) as progress:
            async for one in progress:
                if one.completed:
                    break
        weights, _ = layers(hub.hub.registry["qwen3:0.6b"])[0]
        done = hub.hub.blobs[weights]
        first = next(one for one in await pull(client) if one.total)
        assert first.completed >= done > 0
        assert hub.requests_to("/api/pull")[0].outcome == "cancelled"


async def test_delete(hub: OllamaServer, connect: Connect) -> None:
    client = connect(hub.url)
    await client.delete(MODEL)
    assert MODEL not in [model.name for model in await client.installed()]
    with pytest.raises(ApiNotFoundError):
        await client.delete(MODEL)


async def test_copy(hub: OllamaServer, connect: Connect) -> None:
    client = connect(hub.url)
    await client.copy(MODEL, "jarvis")
    digests = {str(model.name): model.digest for model in await client.installed()}
    assert digests["jarvis:latest"] == digests[MODEL]
    with pytest.raises(ApiNotFoundError):
        await client.copy("nothing:1b", "jarvis")
    with pytest.raises(ApiResponseError):
        await client.copy(MODEL, "not a name")


# What can go wrong


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, ApiAuthenticationError),
        (403, ApiAuthenticationError),
        (404, ApiNotFoundError),
        (429, ApiBusyError),
        (500, ApiResponseError),
        (502, ApiResponseError),
        (503, ApiBusyError),
    ],
)
async def test_status(status: int, expected: type[ApiError], serve: Serve, connect: Connect) -> None:
    server = await serve(body('{"error": "what the server says"}', status))
    client = connect(server.url)
    for method in METHODS.values():
        with pytest.raises(ApiError, match="what the server says") as raised:
            await method(client)
        assert type(raised.value) is expected
        assert getattr(raised.value, "status", status) == status


@pytest.mark.parametrize(
    "answer", ["<html>401</html>", '"unauthorized"', '["unauthorized"]', "1", "null", ""]
)
async def test_refusal_of_a_proxy_in_whatever_form(answer: str, serve: Serve, connect: Connect) -> None:
    server = await serve(body(answer, 401, "text/html" if "<" in answer else "application/json"))
    client = connect(server.url)
    for method in METHODS.values():
        with pytest.raises(ApiAuthenticationError):
            await method(client)


async def test_connection_refused(connect: Connect) -> None:
    """The reason that people are told is not the package's advice to download Ollama."""
    async with HtmlServer() as gone:
        client = connect(gone.url)
    for method in METHODS.values():
        with pytest.raises(ApiConnectionError) as raised:
            await method(client)
        assert "download" not in str(raised.value)


async def test_connection_cut_before_the_answer(serve: Serve, connect: Connect) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    client = connect((await serve(cut)).url)
    for method in METHODS.values():
        with pytest.raises(ApiConnectionError):
            await method(client)


async def test_redirect_is_not_followed(hub: OllamaServer, connect: Connect) -> None:
    """A redirect could carry the key to somewhere else."""
    async with RedirectServer(hub.url, status=307) as other:
        client = connect(other.url, {"Authorization": "Bearer sk-secret", "X-Token": "secret"})
        for method in METHODS.values():
            with pytest.raises(ApiResponseError) as raised:
                await method(client)
            assert raised.value.status == 307
    assert hub.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        "<html>Welcome</html>",
        "\n",
        "\n\n",
        "[]\n",
        '"text"\n',
        "null\n",
        "7\n",
        '{"models": 7, "message": 7, "done": "x", "response": [], "status": []}\n',
        pytest.param("[" * 200_000 + "\n", id="too deep"),
        "{",
    ],
)
async def test_answer_that_breaks_the_protocol(answer: str, serve: Serve, connect: Connect) -> None:
    """What leaves the package is ours, whatever the answer is: JSON's errors, pydantic's, its own bugs."""
    server = await serve(body(answer, content_type="application/x-ndjson"))
    client = connect(server.url)
    for name in ("installed", "loaded", "details", "chat", "load", "pull"):
        with pytest.raises(ApiResponseError):
            await METHODS[name](client)


async def test_answer_without_meaning_is_not_read(serve: Serve, connect: Connect) -> None:
    client = connect((await serve(body("whatever"))).url)
    await client.delete(MODEL)
    await client.copy(MODEL, "jarvis")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.drop_before_first_token(), ApiConnectionError),
        (Fault.drop_after_first_token(), ApiConnectionError),
        (Fault.garbage_line(), ApiResponseError),
        (Fault.error_line("llama runner process has terminated"), ApiResponseError),
        (Fault.error_line("model is broken", after=0), ApiResponseError),
        (Fault.huge_line(2 * 1024**2), ApiResponseError),
    ],
    ids=["cut before", "cut after", "garbage", "error", "error before", "huge"],
)
@pytest.mark.parametrize("method", ["chat", "pull"])
async def test_stream_that_fails(
    method: str, fault: Fault, expected: type[ApiError], hub: OllamaServer, connect: Connect
) -> None:
    hub.inject(replace(fault))
    with pytest.raises(ApiError) as raised:
        await METHODS[method](connect(hub.url))
    assert type(raised.value) is expected
    if fault.kind == "error":
        assert str(fault.body) in str(raised.value)


@pytest.mark.parametrize("method", ["chat", "pull"])
async def test_empty_line_keeps_a_connection_alive(method: str, hub: OllamaServer, connect: Connect) -> None:
    hub.inject(Fault.blank_line())
    await METHODS[method](connect(hub.url))


@pytest.mark.parametrize("parts", [(), (PIECE,)])
async def test_chat_that_ends_without_its_last_chunk(
    parts: tuple[str, ...], serve: Serve, connect: Connect
) -> None:
    server = await serve(lines(*parts))
    with pytest.raises(ApiResponseError, match="middle"):
        await chat(connect(server.url))


async def test_chat_needs_nothing_after_its_last_chunk(serve: Serve, connect: Connect) -> None:
    """Some proxies cut the connection there."""
    server = await serve(lines(PIECE, LAST, cut=True))
    assert [chunk.content for chunk in await chat(connect(server.url))] == ["Hi", ""]


async def test_error_text_is_cut_short(serve: Serve, connect: Connect) -> None:
    """It goes into logs and to people, so a server cannot fill either."""
    error = json.dumps({"error": "x" * 100_000})
    for answer in (body(error, 500), body("y" * 100_000, 500, "text/html"), lines(PIECE, error + "\n")):
        server = await serve(answer)
        with pytest.raises(ApiResponseError) as raised:
            await chat(connect(server.url))
        assert len(str(raised.value)) < MAX_ERROR_TEXT + 10


@pytest.mark.parametrize("method", ["version", "installed", "loaded", "details", "delete", "copy"])
async def test_what_needs_no_model_comes_soon_or_never(
    method: str, serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    monkeypatch.setattr(ollama_module, "VERSION_TIMEOUT", 0.1)
    monkeypatch.setattr(ollama_module, "ANSWER_TIMEOUT", 0.1)
    client = connect((await serve(hang)).url)
    with pytest.raises(ApiConnectionError, match="timed out"):
        await METHODS[method](client)


@pytest.mark.parametrize("method", ["installed", "chat"])
async def test_closed_client_has_no_connection(method: str, hub: OllamaServer, connect: Connect) -> None:
    client = connect(hub.url)
    await client.close()
    with pytest.raises(ApiConnectionError):
        await METHODS[method](client)


async def test_closing_ends_a_request_that_waits_for_its_answer(hub: OllamaServer, connect: Connect) -> None:
    """A model may take minutes to load; nobody is there any more to hear the answer."""
    hub.inject(Fault.slow_load(30))
    client = connect(hub.url)
    waiting = asyncio.ensure_future(chat(client))
    await until(lambda: hub.loaded)
    await client.close()
    with pytest.raises(ApiConnectionError):
        await waiting
    await until(lambda: not hub.loaded)


async def test_closing_ends_a_chat_under_way(connect: Connect) -> None:
    async with OllamaServer(timing=Timing(tokens_per_second=50)) as hub:
        hub.script(Reply(content="word " * 1000))
        client = connect(hub.url)
        async with client.chat(QUESTION) as chunks:
            assert (await anext(chunks)).content
            await client.close()
            with pytest.raises(ApiConnectionError):
                [chunk async for chunk in chunks]


@pytest.mark.parametrize(
    ("model", "stay"), [("qwen3:8b", True), ("llama3.1:8b", False), ("gemma3:4b", False)]
)
async def test_tells_whether_the_tools_stand_before_the_messages(
    hub: OllamaServer, connect: Connect, model: str, stay: bool
) -> None:
    assert (await connect(hub.url).details(model)).tools_in_system is stay


# One odd value costs itself

_ODD_DATES = ("", "soon", None, 7, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00")
_ODD_SIZES: tuple[Any, ...] = ("", "n/a", None, -5, 2**70, 1e308, {}, True)


@pytest.mark.parametrize(
    "odd",
    [
        *({"modified_at": date, "expires_at": date} for date in _ODD_DATES),
        *({"size": size} for size in _ODD_SIZES),
        {"details": None},
        {"details": {"family": 7, "parameter_size": "\ud800"}},
        {"digest": None},
        {"context_length": "long"},
    ],
    ids=str,
)
async def test_an_odd_value_does_not_hide_a_model(
    odd: dict[str, Any], serve: Serve, connect: Connect
) -> None:
    good = {
        "model": "good:1b",
        "digest": "a" * 64,
        "size": 10,
        "size_vram": 4,
        "modified_at": "2026-11-21T10:30:00Z",
        "expires_at": "2026-11-21T10:30:00Z",
    }
    models = json.dumps({"models": [good, good | {"model": "odd:1b"} | odd, 7, None, "x", {"model": 7}]})
    server = await serve(routes(tags=body(models), ps=body(models)))
    client = connect(server.url)
    installed, loaded = await client.installed(), await client.loaded()
    for listed in (installed, loaded):
        assert [model.name for model in listed] == ["good:1b", "odd:1b"]
        assert all(model.size >= 0 for model in listed)
    assert installed[0].modified_at == loaded[0].expires_at == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    if "expires_at" in odd:
        assert (installed[1].modified_at, loaded[1].expires_at) == (None, None)
    # A model is never smaller than its part on the GPU: whoever divides by it would divide by nothing.
    assert loaded[1].size >= loaded[1].size_vram == 4


@pytest.mark.parametrize("name", ["\ud800", "a\x1b[31mb", "a\u202eb", "x" * 1000, "", None, 7])
async def test_a_model_that_cannot_be_named_is_left_out(name: Any, serve: Serve, connect: Connect) -> None:
    """A name with something taken away is that of another model."""
    server = await serve(body(json.dumps({"models": [{"model": name}, {"model": "good:1b"}]})))
    assert [model.name for model in await connect(server.url).installed()] == ["good:1b"]


async def test_null_is_how_go_writes_an_empty_list(serve: Serve, connect: Connect) -> None:
    client = connect((await serve(body('{"models": null}'))).url)
    assert (await client.installed(), await client.loaded()) == ((), ())


_CALL = '{"message": {"tool_calls": [{"function": {"name": "HassTurnOn"%s}}]}, "done": false}\n'
_END = '{"message": {"content": "x"}, "done": true, %s}\n'


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", {}),
        (', "arguments": null', {}),
        (', "arguments": ""', {}),
        (', "arguments": " "', {}),
        (', "arguments": {}', {}),
        (', "arguments": "{\\"name\\": \\"Kitchen\\"}"', {"name": "Kitchen"}),
        # What was said to narrow the call and cannot be read is an argument that no tool has.
        (', "arguments": "Kitchen"', {"arguments": "Kitchen"}),
        (', "arguments": ["Kitchen"]', {"arguments": ["Kitchen"]}),
        (', "arguments": {"name": "half \\ud800", "large": 1e400}', {"name": "half ", "large": None}),
    ],
)
async def test_arguments_of_a_call_in_whatever_form(
    arguments: str, expected: dict[str, Any], serve: Serve, connect: Connect
) -> None:
    server = await serve(lines(_CALL % arguments, LAST))
    chunks = await chat(connect(server.url))
    assert [call for chunk in chunks for call in chunk.tool_calls] == [ToolCall("HassTurnOn", expected)]


@pytest.mark.parametrize("figure", ["9" * 400, str(2**70), "-1", '"7"', "null", "1e400", "NaN", "[]", "true"])
async def test_a_figure_is_possible_or_none(figure: str, serve: Serve, connect: Connect) -> None:
    keys = ("eval_count", "prompt_eval_count", "load_duration", "eval_duration", "prompt_eval_duration")
    said = ", ".join(f'"{key}": {figure}' for key in keys)
    server = await serve(lines(_END % said))
    (chunk,) = await chat(connect(server.url))
    assert chunk.metrics is not None
    metrics = chunk.metrics
    assert 0 <= metrics.prompt_tokens == metrics.generated_tokens <= 7
    assert 0 <= metrics.load_time == metrics.prompt_time == metrics.generation_time < 1
    json.dumps([metrics.prompt_tokens, metrics.load_time], allow_nan=False)


@pytest.mark.parametrize(
    "version",
    ["\ud83d", "0.33\x1b[31m", "a\u202eb", "v" * 3_000_000, "0.33.0\n\nfake"],
    ids=lambda v: ascii(v[:9]),
)
async def test_a_version_can_be_shown_and_kept(version: str, serve: Serve, connect: Connect) -> None:
    server = await serve(body(json.dumps({"version": version})))
    if len(version) > 2 * 1024**2:
        with pytest.raises(ApiResponseError):
            await connect(server.url).version()
        return
    found = await connect(server.url).version()
    assert len(found) <= 50
    assert found.encode().decode() == found
    assert not {"\x1b", "\u202e"} & set(found)
