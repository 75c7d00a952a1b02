"""/api/pull: progress lines, errors inside the stream, and going on where a broken pull ended.

Sources: ollama server/images.go and server/download.go; systems.md 1.12.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from math import isinf
import time
from typing import Any

from aiohttp import web

from .catalogue import layers
from .hub import Exchange, Hub
from .models import Model, full_name, short_name
from .stream import Lines, answer_whole
from .wire import ApiError, Fields, without_zeros

# Ollama reports every 60 ms; an instant pull reports each quarter of a blob.
_REPORT_SECONDS = 0.06
_INSTANT_STEPS = 4


async def pull(hub: Hub, exchange: Exchange) -> web.StreamResponse:
    """POST /api/pull."""
    fields = Fields(exchange.body, "PullRequest")
    name = fields.text("model") or fields.text("name")
    stream = fields.flag("stream", True)
    if full_name(name) is None:
        raise ApiError(400, "invalid model name")
    faults = exchange.take_faults(hub, "drop", "stall", "line", "error")
    lines = Lines(exchange.http, faults)
    progress = _progress(hub, short_name(name))
    try:
        if not stream:
            last = [line async for line in progress][-1]
            return await answer_whole(exchange.http, last, faults)
        async with aclosing(progress):
            async for line in progress:
                await lines.send(line)
        return await lines.finish()
    except ApiError as error:
        exchange.record.outcome = "failed"
        return await lines.fail(error)


async def _progress(hub: Hub, name: str) -> AsyncGenerator[dict[str, Any]]:
    """The lines of one pull; raises ApiError where the real one fails in the stream."""
    yield {"status": "pulling manifest"}
    model = hub.registry.get(name.lower())
    if model is None:
        raise ApiError(500, "pull model manifest: file does not exist")
    for digest, total in layers(model):
        line = {"status": f"pulling {digest[:12]}", "digest": f"sha256:{digest}", "total": total}
        async with aclosing(_download(hub, digest, total)) as download:
            async for completed in download:
                yield line | without_zeros({"completed": completed})
    yield {"status": "verifying sha256 digest"}
    yield {"status": "writing manifest"}
    replaced = hub.find(name)
    hub.install(_pulled(model))
    if replaced is not None and replaced.digest != model.digest:
        yield {"status": "removing unused layers"}
    yield {"status": "success"}


def _pulled(model: Model) -> Model:
    return replace(model, modified_at=time.time())


async def _download(hub: Hub, digest: str, total: int) -> AsyncGenerator[int]:
    """The bytes there are of a blob, again and again until it is whole.

    Pulls of the same blob share what is there; each of them adds what its time allows only
    when no other pull did meanwhile.
    """
    blobs = hub.blobs
    yield blobs.setdefault(digest, total if _is_installed(hub, digest) else 0)
    rate = hub.timing.pull_bytes_per_second
    step = -(-total // _INSTANT_STEPS) if isinf(rate) else max(int(rate * _REPORT_SECONDS), 1)
    while blobs[digest] < total:
        before = blobs[digest]
        await asyncio.sleep(0 if isinf(rate) else min(_REPORT_SECONDS, (total - before) / rate))
        if blobs[digest] == before:
            blobs[digest] = min(before + step, total)
        yield blobs[digest]


def _is_installed(hub: Hub, digest: str) -> bool:
    return any(digest == blob for model in hub.models for blob, _ in layers(model))
