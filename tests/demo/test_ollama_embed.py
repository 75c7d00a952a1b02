"""/api/embed and /api/embeddings."""

import math

import pytest

from demo.servers.ollama import OllamaServer

from .talk import Talk

MODEL = "nomic-embed-text"


def likeness(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


async def test_embed(hub: OllamaServer, talk: Talk) -> None:
    texts = ["the kitchen light is on", "the kitchen light is off", "quarterly tax report"]
    status, answer = await talk.post("/api/embed", {"model": MODEL, "input": texts})
    assert status == 200
    assert set(answer) == {"model", "embeddings", "total_duration", "load_duration", "prompt_eval_count"}
    first, second, third = answer["embeddings"]
    assert len(first) == 768
    assert math.isclose(likeness(first, first), 1, abs_tol=1e-6)
    assert likeness(first, second) > 0.5 > likeness(first, third)
    assert answer["prompt_eval_count"] == hub.requests[0].prompt_tokens
    _, again = await talk.post("/api/embed", {"model": MODEL, "input": texts[0]})
    assert again["embeddings"] == [first]


async def test_dimensions(talk: Talk) -> None:
    _, answer = await talk.post("/api/embed", {"model": MODEL, "input": ["a", ""], "dimensions": 64})
    for vector in answer["embeddings"]:
        assert len(vector) == 64
        assert math.isclose(likeness(vector, vector), 1, abs_tol=1e-6)


async def test_an_empty_input_loads(hub: OllamaServer, talk: Talk) -> None:
    assert await talk.post("/api/embed", {"model": MODEL, "input": "", "keep_alive": -1}) == (
        200,
        {"model": MODEL, "embeddings": []},
    )
    assert list(hub.loaded) == ["nomic-embed-text:latest"]
    assert hub.loaded["nomic-embed-text:latest"].num_ctx == 2048


async def test_too_long(talk: Talk) -> None:
    text = "word " * 3000
    _, answer = await talk.post("/api/embed", {"model": MODEL, "input": text})
    assert answer["prompt_eval_count"] == 2048
    refusal = "the input length exceeds the context length"
    assert await talk.refused("/api/embed", model=MODEL, input=text, truncate=False) == (400, refusal)


@pytest.mark.parametrize("value", [1, [1], {"a": 1}])
async def test_wrong_input(talk: Talk, value: object) -> None:
    assert await talk.refused("/api/embed", model=MODEL, input=value) == (400, "invalid input type")


async def test_the_old_route(talk: Talk) -> None:
    _, answer = await talk.post("/api/embeddings", {"model": MODEL, "prompt": "a word"})
    assert len(answer["embedding"]) == 768
    _, answer = await talk.post("/api/embeddings", {"model": MODEL})
    assert answer == {"embedding": []}
