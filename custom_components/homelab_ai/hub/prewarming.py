"""Prewarming: while a person is still speaking, load the model and evaluate the known prompt.

The runner evaluates only what comes after the longest prefix it already holds, so a prompt that was
evaluated during the sentence costs the turn nothing. What is certain is the system prompt and the
tools; the rest of a conversation is evaluated where an answer to a question is awaited, and where it
costs a new conversation nothing because the tools stand before it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
import time

from ..api.chat import ChatRequest, Message
from ..api.errors import ApiError
from ..const import LOGGER
from .pool import HubPool, fitting
from .server import HubServer, LastUse
from .state import full_name

NEUTRAL_QUESTION = Message("user", ".")
"""One character, so that nearly all of the prompt is what the turn will send."""
REPLY_TIME = 60.0
"""Seconds in which a person who was asked back still answers."""
CONVERSATION_TIME = 300.0
"""Seconds in which a conversation may go on; Home Assistant forgets it then."""
_MIN_KEEP_ALIVE = 60
"""Seconds; an agent that unloads its model after each answer still needs it when the turn begins."""


class Prewarming:
    """Prewarms for one agent, and makes way as soon as its turn begins."""

    def __init__(self, owner: str, model: str, num_ctx: int, keep_alive: int, pool: HubPool) -> None:
        """Know no prompt yet: until the first turn only the model is loaded."""
        self._owner = owner
        self._model = model
        self._num_ctx = num_ctx
        self._keep_alive = keep_alive if keep_alive < 0 else max(keep_alive, _MIN_KEEP_ALIVE)
        self._pool = pool
        self._prompt: ChatRequest | None = None
        self._reply_until = 0.0
        self._may_go_on_until = 0.0
        self._evaluation: asyncio.Task[None] | None = None
        self._running = False
        self._turn_begun = False

    def remember(self, prompt: ChatRequest, expects_reply: bool) -> None:
        """Take what the next turn will send if the conversation goes on, with a neutral question.

        `expects_reply` says that it surely goes on, because the answer was a question.
        """
        self._prompt = prompt
        now = time.monotonic()
        self._reply_until = now + REPLY_TIME if expects_reply else 0.0
        self._may_go_on_until = now + CONVERSATION_TIME

    def make_way(self) -> None:
        """A turn begins: stop evaluating, for the turn's own request goes on where that stopped.

        Loading is not stopped: the server would throw the half-loaded model away, and the turn's
        request waits for the very same load.
        """
        self._turn_begun = True
        if self._evaluation is not None:
            self._evaluation.cancel()

    async def run(self) -> None:
        """Prewarm on the server that a turn would be sent to; an error costs nothing but the start.

        Does nothing where it is under way already: two satellites that listen at once want the same.
        """
        if self._running:
            return
        self._running = True
        self._turn_begun = False
        try:
            servers = await self._pool.candidates(self._model)
            await self._prewarm(servers[0])
        except ApiError as err:
            LOGGER.debug("Could not prewarm %s: %s", self._model, err)
        finally:
            self._running = False

    async def _prewarm(self, server: HubServer) -> None:
        server.gate.expect_turn()
        await server.look()
        if self._turn_begun or server.gate.in_turn or server.holds_prompt_of(self._owner, self._model):
            return
        loaded = server.state.find_loaded(self._model)
        wanted = server.state.runner_context(self._model, self._num_ctx)
        if loaded is None or loaded.context_length not in (None, wanted):
            await server.client.load(self._model, self._num_ctx, self._keep_alive)
        if self._turn_begun or self._prompt is None:
            return
        evaluation = asyncio.ensure_future(self._evaluate(server, self._prompt))
        self._evaluation = evaluation
        try:
            await asyncio.wait((evaluation,))
        finally:
            self._evaluation = None
            evaluation.cancel()
        if not evaluation.cancelled():
            evaluation.result()

    async def _evaluate(self, server: HubServer, prompt: ChatRequest) -> None:
        # One token, for none is no limit: the server leaves a zero out and generates to the end.
        request = replace(
            prompt,
            messages=self._useful(server, prompt),
            keep_alive=self._keep_alive,
            num_predict=1,
        )
        async with server.client.chat(fitting(server, request)) as chunks:
            async for chunk in chunks:
                if chunk.metrics is not None:
                    server.measurements = server.measurements.with_prompt_speed(chunk.metrics)
                    server.last_uses[full_name(self._model)] = LastUse(
                        self._owner, chunk.metrics.finished_at, self._keep_alive
                    )

    def _useful(self, server: HubServer, prompt: ChatRequest) -> Sequence[Message]:
        """Return what the next turn sends as far as that is known, and a neutral question.

        Evaluating too little costs as much as too much: it pushes a conversation that goes on out of the
        slot. Where the tools stand in the system prompt, all of it serves a new conversation as well.
        """
        now = time.monotonic()
        details = server.state.details_of(self._model)
        tools_stay = details is not None and details.tools_in_system
        if now < self._reply_until or (tools_stay and now < self._may_go_on_until):
            return prompt.messages
        return (*(message for message in prompt.messages if message.role == "system"), NEUTRAL_QUESTION)
