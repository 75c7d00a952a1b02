"""One question to an agent's model, answered as a whole and without tools."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
import time

from ..api.chat import ChatRequest, JsonObject, Message
from ..hub.measurements import Purpose
from .agent import Agent, EmptyAnswerError
from .reader import Reader

MAX_ANSWER = 2048
"""Tokens; a model that goes in circles must not hold the hub for minutes."""


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer; `tokens` are those of prompt and answer together, `seconds` include all waiting."""

    text: str
    model: str
    tokens: int
    seconds: float


async def complete(
    agent: Agent,
    messages: Sequence[Message],
    purpose: Purpose,
    *,
    model: str | None = None,
    output_format: JsonObject | None = None,
    max_tokens: int = MAX_ANSWER,
    temperature: float | None = None,
) -> Completion:
    """Return the answer of the agent's model, or of another one; thinking is no part of it.

    `output_format` is a JSON schema that the answer follows; what comes is foreign text all the same.
    `temperature` is for what needs another one than the agent has.
    Raises ApiError or HubError.
    """
    settings = agent.settings
    request = ChatRequest(
        model=model or settings.model,
        messages=tuple(messages),
        format=output_format,
        num_ctx=settings.num_ctx,
        keep_alive=settings.keep_alive,
        think=settings.thinking_for(output_format),
        temperature=settings.temperature if temperature is None else temperature,
        num_predict=max_tokens,
    )
    started = time.monotonic()
    reader, text, tokens, cut = Reader(), "", 0, False
    async with aclosing(agent.pool.stream(request, purpose, agent.owner)) as chunks:
        async for chunk in chunks:
            more = reader.feed(chunk.content)[0]
            text = more if reader.retracts() else text + more
            if chunk.metrics is not None:
                tokens = chunk.metrics.prompt_tokens + chunk.metrics.generated_tokens
                cut = chunk.metrics.done_reason == "length"
            if reader.over:
                break
    rest = reader.finish(cut=cut)[0]
    text = (rest if reader.retracts() else text + rest).strip()
    if not text:
        raise EmptyAnswerError("no answer")
    return Completion(text, request.model, tokens, time.monotonic() - started)
