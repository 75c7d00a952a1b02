"""The client library everyone uses understands the server."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncGenerator
import gc
from typing import Any

import ollama
import pytest

from demo.servers.ollama import OllamaServer, Reply

from .talk import TURN_ON
from .test_ollama_chat import png

MESSAGES = [{"role": "user", "content": "Hello"}]


@pytest.fixture
async def client(hub: OllamaServer) -> AsyncGenerator[ollama.AsyncClient]:
    client = ollama.AsyncClient(host=hub.url)
    yield client
    await client._client.aclose()  # the library got a close of its own in 0.6.3


async def test_models(client: ollama.AsyncClient) -> None:
    listed = await client.list()
    assert listed.models[0].model == "qwen3:8b"
    assert listed.models[0].modified_at is not None
    shown = await client.show("qwen3:8b")
    assert shown.capabilities == ["completion", "tools", "thinking"]
    assert shown.modelinfo is not None
    assert shown.modelinfo["qwen3.context_length"] == 40960
    await client.copy("qwen3:8b", "mine")
    await client.delete("mine")
    with pytest.raises(ollama.ResponseError) as caught:
        await client.show("mine")
    assert (caught.value.status_code, caught.value.error) == (404, "model 'mine' not found")


async def test_chat(hub: OllamaServer, client: ollama.AsyncClient) -> None:
    answer = await client.chat("qwen3:8b", MESSAGES, think=True)
    assert answer.message.content == "Hello! How can I help you?"
    assert answer.message.thinking
    assert answer.eval_count
    parts = [part async for part in await client.chat("llama3.1:8b", MESSAGES, stream=True)]
    assert "".join(part.message.content or "" for part in parts) == "Hello! How can I help you?"
    assert parts[-1].done_reason == "stop"


async def test_tools(client: ollama.AsyncClient) -> None:
    messages: list[Any] = [{"role": "user", "content": "Turn on the kitchen light"}]
    answer = await client.chat("llama3.1:8b", messages, tools=[TURN_ON])
    assert answer.message.tool_calls is not None
    call = answer.message.tool_calls[0].function
    assert (call.name, call.arguments) == ("HassTurnOn", {"name": "kitchen light", "domain": ["light"]})
    messages += [answer.message, {"role": "tool", "tool_name": call.name, "content": '{"state": "on"}'}]
    answer = await client.chat("llama3.1:8b", messages, tools=[TURN_ON])
    assert answer.message.content == "Here is what I found: state on."


async def test_images_format_and_logprobs(hub: OllamaServer, client: ollama.AsyncClient) -> None:
    image = ollama.Image(value=b64decode(png()))
    answer = await client.generate("gemma3:4b", "What is this?", images=[image])
    assert answer.response == "I see 1 image: PNG 64 x 48 pixels."
    chat = await client.chat("llama3.1:8b", MESSAGES, format={"type": "object", "properties": {}})
    assert chat.message.content is not None
    hub.script(Reply("yes"))
    chat = await client.chat("llama3.1:8b", MESSAGES, logprobs=True, top_logprobs=2)
    assert chat.logprobs is not None
    assert chat.logprobs[0].token == "yes"
    assert chat.logprobs[0].top_logprobs is not None
    assert len(chat.logprobs[0].top_logprobs) == 2


async def test_load_embed_and_ps(client: ollama.AsyncClient) -> None:
    loaded = await client.generate("llama3.1:8b", keep_alive=-1)
    assert loaded.done_reason == "load"
    vectors = await client.embed("nomic-embed-text", ["a", "b"])
    assert len(vectors.embeddings) == 2
    running = await client.ps()
    assert {model.name for model in running.models} == {"llama3.1:8b", "nomic-embed-text:latest"}
    assert running.models[0].expires_at is not None
    assert running.models[0].expires_at.year > 2300


async def test_pull(client: ollama.AsyncClient) -> None:
    parts = [part async for part in await client.pull("qwen3:0.6b", stream=True)]
    assert parts[-1].status == "success"
    with pytest.raises(ollama.ResponseError, match="file does not exist"):
        [part async for part in await client.pull("nothing", stream=True)]
    # The package leaves the reading of a stream that ends in an error to the garbage collector, which closes
    # it in a task of its own.
    gc.collect()
    await asyncio.sleep(0)
