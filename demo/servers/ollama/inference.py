"""/api/chat and /api/generate: load, evaluate, generate, stream.

Source: ollama server/routes.go (ChatHandler, GenerateHandler); systems.md 1.8 to 1.10.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
import time
from typing import Any

from aiohttp import web

from .brain import Conversation
from .forms import CHAT, GENERATE, Form, Metrics
from .hub import Exchange, Hub
from .models import Model, full_name
from .payload import Inference, check_options, read_chat, read_generate
from .prompt import Prompt, build_prompt, fit
from .reply import Piece, Reply, in_manner, logprob_entries, pieces
from .runner import Runner, Slot
from .stream import Lines, answer_whole
from .tokens import prompt_tokens, token_id
from .wire import ApiError, json_response, quoted

# An unlimited generation is bounded at this many contexts (llm/llama_server.go).
_CONTEXTS_AT_MOST = 10


async def chat(hub: Hub, exchange: Exchange) -> web.StreamResponse:
    """POST /api/chat."""
    request = read_chat(exchange.body)
    if not full_name(request.model):
        raise ApiError(400, "model is required")
    return await _Answer(hub, exchange, request, CHAT).give()


async def generate(hub: Hub, exchange: Exchange) -> web.StreamResponse:
    """POST /api/generate."""
    return await _Answer(hub, exchange, read_generate(exchange.body), GENERATE).give()


@dataclass(slots=True)
class _Answer:
    """One inference from its request to its last line."""

    hub: Hub
    exchange: Exchange
    request: Inference
    form: Form
    metrics: Metrics = field(default_factory=Metrics)
    done_reason: str = "stop"
    generated: str = ""

    async def give(self) -> web.StreamResponse:
        hub, request = self.hub, self.request
        self.metrics.begin()
        model = hub.find(request.model)
        if model is None:
            raise ApiError(404, f"model '{request.model}' not found")
        if not request.messages and request.keep_alive == 0:
            hub.scheduler.expire(model)
            return json_response(self.form.empty(request.model, "unload"))
        self._check(model)
        options = hub.scheduler.options(model, request.options)
        runner, loading = await hub.scheduler.acquire(
            model, options, request.keep_alive, lambda: self.exchange.load_delay(hub)
        )
        try:
            self.metrics.loaded(hub.timing.reported_load_seconds(loading))
            if not request.messages:
                return json_response(self.form.empty(request.model, "load"))
            return await self._run(model, runner)
        finally:
            hub.scheduler.release(runner)

    def _check(self, model: Model) -> None:
        """Refuse what the model cannot do, in the order and the words of the real server."""
        request = self.request
        if request.thinks and not model.can("thinking"):
            raise ApiError(400, f"{quoted(request.model)} does not support thinking")
        if not model.can("completion"):
            raise ApiError(400, f"{quoted(request.model)} does not support {self.form.name}")
        for wanted, capability in ((request.tools, "tools"), (request.suffix, "insert")):
            if wanted and not model.can(capability):
                raise ApiError(400, f"{full_name(model.name)} does not support {capability}")
        check_options(request.options)
        if model.can("thinking") and request.think is None:
            request.think = True

    async def _run(self, model: Model, runner: Runner) -> web.StreamResponse:
        request, faults = self.request, self.exchange.take_faults(self.hub, "drop", "stall", "line", "error")
        lines = Lines(self.exchange.http, faults)
        try:
            prompt = self._prompt(model, runner)
            if request.render_only:
                return json_response(self.form.rendered(request.model, prompt))
            reply = self._reply(model, prompt)
            async with aclosing(self._chunks(prompt, reply, runner)) as chunks:
                if not request.stream:
                    whole = self.form.gather([chunk async for chunk in chunks])
                    return await answer_whole(self.exchange.http, whole, faults)
                async for chunk in chunks:
                    await lines.send(chunk)
            return await lines.finish()
        except ApiError as error:
            self.exchange.record.outcome = "failed"
            return await lines.fail(error)

    def _prompt(self, model: Model, runner: Runner) -> Prompt:
        request = self.request
        if request.format is not None and request.format != "json" and not isinstance(request.format, dict):
            given = quoted(quoted(request.format) if isinstance(request.format, str) else str(request.format))
            raise ApiError(500, f'invalid format: {given}; expected "json" or a valid JSON Schema object')
        if request.raw or request.suffix:
            text = request.prompt + (f"<fim>{request.suffix}" if request.suffix else "")
            return Prompt(text, fit(prompt_tokens(text), runner.num_ctx, request.truncate), [])
        return build_prompt(
            model,
            request.messages,
            request.tools,
            request.thinks if request.think is not None else None,
            num_ctx=runner.num_ctx,
            truncate=request.truncate,
        )

    def _reply(self, model: Model, prompt: Prompt) -> Reply:
        """The next scripted reply, else what the model makes up itself.

        A request for a single token is a prewarm and uses up no scripted reply.
        """
        if self.hub.replies and self._limit(model, 0) != 1:
            return self.hub.replies.popleft()
        last = self.request.messages[-1]
        shown = prompt.pictures[-len(last.images) :] if last.images else []
        reply = self.hub.mind(
            Conversation(
                model=model.name,
                messages=self.request.messages,
                tools=self.request.tools,
                pictures=shown,
                thinks=self.request.thinks,
                format=self.request.format,
                suffix=self.request.suffix,
            )
        )
        return in_manner(reply, model.manner)

    def _limit(self, model: Model, num_ctx: int) -> int:
        """How many tokens may be generated: num_predict, where zero and less mean unlimited."""
        wanted = self.request.options.get("num_predict") or dict(model.parameters).get("num_predict") or -1
        return int(wanted) if wanted > 0 else _CONTEXTS_AT_MOST * num_ctx

    async def _chunks(self, prompt: Prompt, reply: Reply, runner: Runner) -> AsyncGenerator[dict[str, Any]]:
        slot = await self.hub.scheduler.take_slot(runner, prompt.tokens)
        try:
            await self._evaluate(prompt, slot, runner)
            async with aclosing(self._generate(prompt, reply, slot, runner)) as said:
                async for piece in said:
                    if piece.kind is not None:
                        yield self._chunk(piece, reply)
            self.metrics.generated(
                self.exchange.record.generated_tokens,
                self.hub.timing.reported_seconds(self.exchange.record.generated_tokens),
            )
        finally:
            runner.leave_slot(slot)
        context = [token_id(token) for token in slot.tokens] if not self.request.raw else []
        yield self.form.last(self.request.model, self.done_reason, self.metrics.fields(), context)

    async def _evaluate(self, prompt: Prompt, slot: Slot, runner: Runner) -> None:
        record = self.exchange.record
        record.prompt_tokens = len(prompt.tokens)
        await slot.prepare(prompt.tokens)
        record.cached_tokens = slot.reusable(prompt.tokens)
        await slot.evaluate(prompt.tokens, runner.speed)
        evaluated = record.prompt_tokens - record.cached_tokens
        self.metrics.evaluated(record.prompt_tokens, self.hub.timing.reported_prompt_seconds(evaluated))

    async def _generate(
        self, prompt: Prompt, reply: Reply, slot: Slot, runner: Runner
    ) -> AsyncGenerator[Piece]:
        record, request = self.exchange.record, self.request
        limit = self._limit(runner.model, runner.num_ctx)
        if not request.shift:
            limit = min(limit, runner.num_ctx - len(prompt.tokens))
        rate = self.hub.timing.tokens_per_second * runner.speed
        stop = request.options.get("stop") or []
        self.done_reason = reply.done_reason
        for piece in pieces(reply, stop):
            tokens = piece.tokens[: limit - record.generated_tokens]
            await asyncio.sleep(len(tokens) / rate)
            record.generated_tokens += len(tokens)
            slot.tokens.extend(tokens)
            if record.first_token_at is None:
                record.first_token_at = time.monotonic()
            if len(tokens) == len(piece.tokens):
                yield piece
            elif piece.kind == "content":
                yield Piece("content", "".join(tokens), tokens)
            if record.generated_tokens >= limit:
                self.done_reason = "length"
                return

    def _chunk(self, piece: Piece, reply: Reply) -> dict[str, Any]:
        chunk = self.form.chunk(self.request.model, piece, self.hub.next_call_id)
        if self.request.logprobs and piece.kind in ("content", "thinking"):
            chunk["logprobs"] = [
                entry
                for token in piece.tokens
                for entry in logprob_entries(token, reply.logprob, self.request.top_logprobs)
            ]
        return chunk
