"""/api/embed and its predecessor /api/embeddings.

The vectors are hashed bags of words: texts that share words are near each other.
Source: ollama server/routes.go (EmbedHandler); systems.md 1.11.
"""

import math
from zlib import crc32

from aiohttp import web

from .forms import Metrics
from .hub import Exchange, Hub
from .models import full_name
from .payload import check_options
from .runner import Runner
from .tokens import tokenize
from .wire import ApiError, Fields, json_response, keep_alive_seconds, quoted

_PLACES = 8


async def embed(hub: Hub, exchange: Exchange) -> web.Response:
    """POST /api/embed; an empty input only loads the model."""
    fields = Fields(exchange.body, "EmbedRequest")
    name = fields.text("model")
    if full_name(name) is None:
        raise ApiError(404, f"model '{name}' not found")
    texts = _texts(fields.value.get("input"))
    truncate, dimensions = fields.flag("truncate", True), fields.integer("dimensions")
    metrics = Metrics()
    metrics.begin()
    runner = await _acquire(hub, exchange, fields, metrics)
    try:
        vectors = [
            await _vector(hub, exchange, runner, text, truncate=truncate, dimensions=dimensions)
            for text in texts
        ]
    finally:
        hub.scheduler.release(runner)
    if not texts:
        return json_response({"model": name, "embeddings": []})
    metrics.evaluated(
        exchange.record.prompt_tokens,
        hub.timing.reported_prompt_seconds(exchange.record.prompt_tokens),
    )
    durations = metrics.fields()
    durations.pop("prompt_eval_duration", None)
    return json_response({"model": name, "embeddings": vectors} | durations)


async def embeddings(hub: Hub, exchange: Exchange) -> web.Response:
    """POST /api/embeddings, superseded: one prompt, one vector."""
    fields = Fields(exchange.body, "EmbeddingRequest")
    name, prompt = fields.text("model"), fields.text("prompt")
    if full_name(name) is None:
        raise ApiError(400, "model is required")
    metrics = Metrics()
    metrics.begin()
    runner = await _acquire(hub, exchange, fields, metrics)
    try:
        vector = await _vector(hub, exchange, runner, prompt, truncate=True) if prompt else []
    finally:
        hub.scheduler.release(runner)
    return json_response({"embedding": vector})


def _texts(value: object) -> list[str]:
    if value is None or value == "":
        return []
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ApiError(400, "invalid input type")
    return texts


async def _acquire(hub: Hub, exchange: Exchange, fields: Fields, metrics: Metrics) -> Runner:
    name = fields.text("model")
    keep_alive = keep_alive_seconds(fields.value.get("keep_alive"))
    options = fields.mapping("options")
    model = hub.find(name)
    if model is None:
        raise ApiError(404, f"model {quoted(name)} not found, try pulling it first")
    check_options(options)
    runner, loading = await hub.scheduler.acquire(
        model, hub.scheduler.options(model, options), keep_alive, lambda: exchange.load_delay(hub)
    )
    metrics.loaded(hub.timing.reported_load_seconds(loading))
    return runner


async def _vector(
    hub: Hub,
    exchange: Exchange,
    runner: Runner,
    text: str,
    *,
    truncate: bool,
    dimensions: int = 0,
) -> list[float]:
    tokens = tokenize(text)
    if len(tokens) > runner.num_ctx:
        if not truncate:
            raise ApiError(400, "the input length exceeds the context length")
        tokens = tokens[: runner.num_ctx]
    exchange.record.prompt_tokens += len(tokens)
    slot = await hub.scheduler.take_slot(runner, tokens)
    try:
        slot.tokens.clear()
        await slot.evaluate(tokens, runner.speed)
    finally:
        runner.leave_slot(slot)
    return vector_of(tokens, runner.model.embedding_length, dimensions)


def vector_of(tokens: list[str], length: int, dimensions: int = 0) -> list[float]:
    """Give a unit vector of the words in a text; its first `dimensions` as a unit vector if fewer."""
    vector = [0.0] * length
    for token in tokens:
        if word := token.strip().lower():
            # A word stands in several places, so that the first dimensions tell something alone.
            for place in range(_PLACES):
                number = crc32(f"{place}{word}".encode())
                vector[number % (length >> place or 1)] += 1.0 if number & 0x10000 else -1.0
    if 0 < dimensions < length:
        vector = vector[:dimensions]
    norm = math.sqrt(sum(value * value for value in vector))
    if not norm:
        return [1.0] + [0.0] * (len(vector) - 1)
    return [round(value / norm, 8) for value in vector]
