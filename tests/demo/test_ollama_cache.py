"""Prompt evaluation: what a slot holds, what a template moves, and what a cancelled client leaves."""

import asyncio
from typing import Any

import pytest

from demo.servers.ollama import Model, OllamaServer, Reply, Timing
from demo.servers.ollama.models import ToolPlace
from demo.servers.ollama.tokens import common_prefix, tokenize

from .conftest import Serve
from .talk import TOOLS, Talk, until

SYSTEM = {"role": "system", "content": "You are a helpful assistant. " * 10}


def user(content: str) -> dict[str, Any]:
    return {"role": "user", "content": content}


def assistant(content: str) -> dict[str, Any]:
    return {"role": "assistant", "content": content}


@pytest.mark.parametrize(
    "text",
    [
        "Hello, world!  Two spaces\n\nand\tlines  \n <|im_start|>user\n<think>x</think> 12345 äöü €😀 a_b",
        " " * 7,
        "",
    ],
)
def test_tokens_lose_nothing(text: str) -> None:
    assert "".join(tokenize(text)) == text


def test_token_density() -> None:
    text = "The quick brown fox jumps over the lazy dog near the river bank. " * 10
    assert 3 < len(text) / len(tokenize(text)) < 6
    assert tokenize("<|im_start|>user\n") == ["<|im_start|>", "user", "\n"]
    assert common_prefix(["a", "b"], ["a", "c"]) == 1
    assert common_prefix(["a"], ["a", "c"]) == 1


async def test_the_same_prompt_again(hub: OllamaServer, talk: Talk) -> None:
    for _ in range(2):
        await talk.chat(messages=[SYSTEM, user("Hello")])
    first, second = hub.requests
    assert first.cached_tokens == 0
    assert second.prompt_tokens == first.prompt_tokens
    # the last token is always evaluated
    assert second.cached_tokens == second.prompt_tokens - 1


async def test_counts_are_of_the_whole_prompt_and_durations_of_the_new(talk: Talk) -> None:
    cold, warm = [(await talk.chat(messages=[SYSTEM, user("Hello")]))[-1] for _ in range(2)]
    assert warm["prompt_eval_count"] == cold["prompt_eval_count"]
    assert warm["prompt_eval_duration"] < cold["prompt_eval_duration"] / 10


async def test_the_next_turn_continues(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply("Hi there."), Reply("Fine."))
    await talk.chat(messages=[SYSTEM, user("Hello")])
    await talk.chat(messages=[SYSTEM, user("Hello"), assistant("Hi there."), user("How are you?")])
    first, second = hub.requests
    assert second.cached_tokens == first.prompt_tokens + first.generated_tokens


async def test_thoughts_are_not_part_of_the_next_turn(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply("Hi there.", thinking="Greet."), Reply("Fine."))
    await talk.chat(model="qwen3:8b", messages=[SYSTEM, user("Hello")])
    messages = [SYSTEM, user("Hello"), assistant("Hi there.") | {"thinking": "Greet."}, user("Go on")]
    await talk.chat(model="qwen3:8b", messages=messages)
    first, second = hub.requests
    assert second.cached_tokens == first.prompt_tokens


async def test_thinking_switched_changes_only_the_end(hub: OllamaServer, talk: Talk) -> None:
    await talk.chat(model="qwen3:8b", messages=[SYSTEM, user("Hello")], think=False)
    await talk.chat(model="qwen3:8b", messages=[SYSTEM, user("Hello")], think=True)
    first, second = hub.requests
    assert second.cached_tokens == second.prompt_tokens - 1 < first.prompt_tokens


def models(place: ToolPlace) -> list[Model]:
    return [Model(name="m", capabilities=("completion", "tools"), tools_in=place, template="llama3")]


async def prewarm_and_ask(server: OllamaServer, talk: Talk, *, tools: bool) -> tuple[int, int]:
    """Prompt tokens of a question, and how many of them a prewarm had saved."""
    given: dict[str, Any] = {"model": "m", "options": {"num_predict": 1}}
    if tools:
        given["tools"] = TOOLS
    await talk.chat(messages=[SYSTEM, user(".")], **given)
    await talk.chat(model="m", messages=[SYSTEM, user("What time is it?")], tools=TOOLS)
    asked = server.requests[-1]
    return asked.prompt_tokens, asked.cached_tokens


@pytest.mark.parametrize("place", ["system", "first_user", "last_user"])
async def test_a_right_prewarm_leaves_only_the_question(serve: Serve, place: ToolPlace) -> None:
    server, talk = await serve(models(place))
    prompt, cached = await prewarm_and_ask(server, talk, tools=True)
    assert prompt > 300
    assert prompt - cached < 20


@pytest.mark.parametrize("place", ["system", "first_user", "last_user"])
async def test_a_prewarm_without_tools_leaves_them_cold(serve: Serve, place: ToolPlace) -> None:
    server, talk = await serve(models(place))
    prompt, cached = await prewarm_and_ask(server, talk, tools=False)
    assert cached < prompt / 2


@pytest.mark.parametrize(("place", "moves"), [("system", False), ("first_user", False), ("last_user", True)])
async def test_where_the_tools_stand_decides_the_second_turn(
    serve: Serve, place: ToolPlace, *, moves: bool
) -> None:
    server, talk = await serve(models(place))
    server.script(Reply("Hi."), Reply("Fine."))
    await talk.chat(model="m", messages=[SYSTEM, user("Hello")], tools=TOOLS)
    await talk.chat(model="m", messages=[SYSTEM, user("Hello"), assistant("Hi."), user("Well?")], tools=TOOLS)
    asked = server.requests[-1]
    evaluated = asked.prompt_tokens - asked.cached_tokens
    assert (evaluated > 300) == moves


async def test_another_prompt_takes_the_slot(serve: Serve) -> None:
    server, talk = await serve(cache_ram=False)
    for content in ("Hello", "another " * 100, "Hello"):
        await talk.chat(messages=[SYSTEM | {"content": content * 30}, user("Hi")])
    assert server.requests[-1].cached_tokens < 10


async def test_host_memory_brings_it_back(serve: Serve) -> None:
    server, talk = await serve()
    for content in ("Hello", "another " * 100, "Hello"):
        await talk.chat(messages=[SYSTEM | {"content": content * 30}, user("Hi")])
    assert server.requests[-1].cached_tokens == server.requests[-1].prompt_tokens - 1


@pytest.mark.parametrize("options", [{"num_ctx": 2048}, {}])
async def test_a_reload_forgets(hub: OllamaServer, talk: Talk, options: dict[str, Any]) -> None:
    await talk.chat(messages=[SYSTEM, user("Hello")])
    if not options:
        hub.unload("llama3.1:8b")
    await talk.chat(messages=[SYSTEM, user("Hello")], options=options)
    assert hub.requests[-1].cached_tokens == 0


async def test_chat_and_generate_share_a_prefix(hub: OllamaServer, talk: Talk) -> None:
    await talk.chat(messages=[SYSTEM, user("Hello")])
    body = {"model": "llama3.1:8b", "system": SYSTEM["content"], "prompt": "Hello", "stream": False}
    await talk.post("/api/generate", body)
    assert hub.requests[-1].cached_tokens == hub.requests[0].prompt_tokens - 1


async def test_evaluation_takes_time_by_the_new_tokens(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(prompt_tokens_per_second=2000))
    messages = [SYSTEM | {"content": "word " * 400}, user("Hello")]
    await talk.chat(messages=messages)
    await talk.chat(messages=messages)
    first, second = server.requests
    assert first.first_token_at is not None
    assert second.first_token_at is not None
    assert first.first_token_at - first.started_at > 0.2
    assert second.first_token_at - second.started_at < first.first_token_at - first.started_at


async def test_a_cancelled_evaluation_ends_its_batch_and_leaves_it(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(prompt_tokens_per_second=1000, batch_tokens=100))
    messages = [SYSTEM | {"content": "word " * 400}, user("Hello")]
    chat = asyncio.create_task(talk.chat(messages=messages))
    await until(lambda: server.generating == 1)
    chat.cancel()
    await until(lambda: server.requests[0].outcome == "cancelled")
    # its client has gone, the batch has not
    assert server.generating == 1
    await until(lambda: server.generating == 0)
    slot = server.loaded["llama3.1:8b"].slots[0]
    evaluated = len(slot.tokens)
    assert evaluated in (100, 200, 300)
    assert server.requests[0].first_token_at is None
    await talk.chat(messages=messages)
    assert server.requests[1].cached_tokens == evaluated


async def test_who_comes_behind_a_cancelled_one_waits_for_its_batch(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(prompt_tokens_per_second=2000, batch_tokens=2048))
    messages = [SYSTEM | {"content": "word " * 400}, user("Hello")]
    prewarm = asyncio.create_task(talk.chat(messages=messages, options={"num_predict": 1}))
    await until(lambda: server.generating == 1)
    turn = asyncio.create_task(talk.chat(messages=messages))
    prewarm.cancel()
    await turn
    asked = server.requests[1]
    # a right prewarm is never wasted: everything is there when it is through
    assert asked.cached_tokens == asked.prompt_tokens - 1


async def test_a_client_that_leaves_ends_the_generation(serve: Serve) -> None:
    server, talk = await serve(timing=Timing(tokens_per_second=200))
    server.script(Reply("word " * 500))
    async with talk.open_chat() as response:
        await response.content.readline()
        assert server.generating == 1
    await until(lambda: server.generating == 0)
    record = server.requests[0]
    assert record.outcome == "cancelled"
    assert 0 < record.generated_tokens < 500
    slot = server.loaded["llama3.1:8b"].slots[0]
    assert len(slot.tokens) == record.prompt_tokens + record.generated_tokens


async def test_pictures_are_cached_too(hub: OllamaServer, talk: Talk) -> None:
    from .test_ollama_chat import png

    for image in (png(), png(), png(8, 8)):
        messages = [user("What is it?") | {"images": [image]}]
        await talk.chat(model="gemma3:4b", messages=messages)
    first, second, third = hub.requests
    assert first.prompt_tokens > 768
    assert second.cached_tokens == second.prompt_tokens - 1
    assert third.cached_tokens < 10
