"""Prewarming: while a person is still speaking, load the model and evaluate the known prompt.

The runner evaluates only what comes after the longest prefix it already holds, so a prompt that was
evaluated during the sentence costs the turn nothing. A pipeline says which conversation it listens
for: one that goes on is evaluated as a whole, of a new one the system prompt and the tools.
"""

from dataclasses import dataclass, replace
import time

from ..api.chat import ChatRequest, Message
from ..api.errors import ApiError
from ..const import LOGGER
from ..hub.errors import HubError
from ..hub.pool import HubPool, fitting
from ..hub.server import HubServer

NEUTRAL_QUESTION = Message("user", ".")
"""One character, so that nearly all of the prompt is what the turn will send."""
CONVERSATION_TIME = 300.0
"""Seconds in which a conversation may go on; Home Assistant forgets it then."""
_MAX_CONVERSATIONS = 8
"""Conversations that are remembered: one for each room in which somebody may be talking."""
_MIN_KEEP_ALIVE = 60
"""Seconds; an agent that unloads its model after each answer still needs it when the turn begins."""


@dataclass(frozen=True, slots=True)
class _Conversation:
    """What the next turn of a conversation sends, with a neutral question, and until when it may come."""

    prompt: ChatRequest
    until: float


class Prewarming:
    """Prewarms for one agent, and makes way as soon as its turn begins."""

    def __init__(self, owner: str, model: str, num_ctx: int, keep_alive: int, pool: HubPool) -> None:
        """Know no prompt yet: until the first turn only the model is loaded."""
        self._owner = owner
        self._model = model
        self._num_ctx = num_ctx
        self._keep_alive = keep_alive if keep_alive < 0 else max(keep_alive, _MIN_KEEP_ALIVE)
        self._pool = pool
        self._conversations: dict[str, _Conversation] = {}
        self._running = False
        self._turn_begun = False

    def remember(self, prompt: ChatRequest, conversation_id: str) -> None:
        """Take what the next turn will send if this conversation goes on, with a neutral question."""
        self._conversations.pop(conversation_id, None)
        self._conversations[conversation_id] = _Conversation(prompt, time.monotonic() + CONVERSATION_TIME)
        if len(self._conversations) > _MAX_CONVERSATIONS:
            del self._conversations[next(iter(self._conversations))]

    def make_way(self) -> None:
        """A turn begins: evaluate nothing any more; the gate ends what is being evaluated.

        Loading is not stopped: the server would throw the half-loaded model away, and the turn's
        request waits for the very same load.
        """
        self._turn_begun = True

    async def run(self, conversation_id: str | None) -> None:
        """Prewarm on the server that a turn would be sent to; an error costs nothing but the start.

        `conversation_id` is of the conversation that somebody has begun to speak in, None where nobody
        says which it is. Does nothing where it is under way already: there is one slot to warm.
        """
        if self._running:
            return
        self._running = True
        self._turn_begun = False
        try:
            servers = await self._pool.candidates(self._model, ahead=True)
            await self._prewarm(servers[0], conversation_id)
        except (ApiError, HubError) as err:
            LOGGER.debug("Could not prewarm %s: %s", self._model, err)
        finally:
            self._running = False

    async def _prewarm(self, server: HubServer, conversation_id: str | None) -> None:
        server.gate.expect_turn()
        await server.look()
        if (
            self._turn_begun
            or server.gate.in_turn
            or server.holds_prompt_of(self._owner, self._model, self._num_ctx)
        ):
            return
        loaded = server.state.find_loaded(self._model)
        context = server.state.runner_context(self._model, self._num_ctx)
        fresh = loaded is None or loaded.context_length not in (None, context)
        if fresh:
            async with server.while_there():
                await server.client.load(self._model, self._num_ctx, self._keep_alive)
        prompt = self._next_prompt(server, conversation_id)
        if prompt is not None and not self._turn_begun and not server.gate.in_turn:
            # The turn's own request goes on where the evaluation stops.
            await server.gate.until_turn(self._evaluate(server, prompt, fresh=fresh))

    async def _evaluate(self, server: HubServer, prompt: ChatRequest, *, fresh: bool) -> None:
        # One token, for none is no limit: the server leaves a zero out and generates to the end.
        request = replace(prompt, keep_alive=self._keep_alive, num_predict=1)
        async with server.client.chat(fitting(server, request)) as chunks:
            async for chunk in chunks:
                if chunk.metrics is not None:
                    server.note_evaluation(request, self._owner, chunk.metrics, fresh=fresh)

    def _next_prompt(self, server: HubServer, conversation_id: str | None) -> ChatRequest | None:
        """Return as much as is known of what the turn will send, None where nothing is.

        Evaluating too little costs as much as too much: it pushes a conversation that goes on out of the
        slot. Where nobody says which conversation it is, the last one serves a new one as well, if the
        template lists the tools before the questions; if not, nothing serves both.
        """
        if not self._conversations:
            return None
        now = time.monotonic()
        last = next(reversed(self._conversations.values()))
        if conversation_id is not None:
            conversation = self._conversations.get(conversation_id)
            return conversation.prompt if conversation and now < conversation.until else _opening(last.prompt)
        if now >= last.until:
            return _opening(last.prompt)
        details = server.state.details_of(self._model)
        return last.prompt if details is not None and details.tools_in_system else None


def _opening(prompt: ChatRequest) -> ChatRequest:
    """Return the prompt of a new conversation: the instructions, the tools and the question of the last one.

    Any question would do for a new one. With that of before, a server that has put the whole prompt aside
    for another client takes all of it back, and the same question once more finds everything evaluated; a
    neutral one would have pushed out what comes after the tools.
    """
    system = (message for message in prompt.messages if message.role == "system")
    questions = (message for message in prompt.messages if message.role == "user" and not message.images)
    return replace(prompt, messages=(*system, next(questions, NEUTRAL_QUESTION)))
