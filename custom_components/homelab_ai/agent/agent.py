"""An agent: one model with its settings, answering chat logs through the pool."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from homeassistant.components import conversation
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm

from ..api.chat import ChatChunk, ChatRequest, JsonObject, Message, Think
from ..api.errors import ApiError
from ..const import (
    CONF_KEEP_ALIVE,
    CONF_MAX_HISTORY,
    CONF_NUM_CTX,
    CONF_NUM_PREDICT,
    CONF_TEMPERATURE,
    CONF_THINK,
    DEFAULT_KEEP_ALIVE,
    DEFAULT_MAX_HISTORY,
    DEFAULT_NUM_CTX,
    DEFAULT_NUM_PREDICT,
)
from ..hub.errors import HubError
from ..hub.measurements import Purpose
from ..hub.pool import HubPool, HubsOfflineError
from ..values.text import line
from .containment import Allowance, barred, is_contained, without_told
from .deeds import Account, Deeds, deeds_of, refuse_circles
from .dialects import PROSE_THINKING
from .exchange import Exchange
from .guarded import guarded
from .house import House, house_of
from .message import Answer, Manner
from .prewarming import NEUTRAL_QUESTION, Prewarming
from .prompt import Budget, PromptTooLargeError, messages_from, read_images
from .tools import ToolBox
from .unlinked import unlinked, unlinking

MAX_TOOL_ROUNDS = 10
"""Requests of one turn at most; a model that still calls tools then is going in circles."""
_LONGEST_NAME = 60
NO_BOUND = -1
"""The `num_predict` of an answer that may be as long as the context allows."""
_THINK: Mapping[str, Think | None] = {
    "auto": None,
    "off": False,
    "low": "low",
    "medium": "medium",
    "high": "high",
}


type _Delta = conversation.AssistantContentDeltaDict | conversation.ToolResultContentDeltaDict


class EmptyAnswerError(HubError):
    """The model ended its answer without a word."""

    key = "answer_empty"


class AnswerCutError(EmptyAnswerError):
    """The context was used up before the model said a word, mostly by thinking."""

    key = "answer_cut"


class ToolRoundsError(HubError):
    """The model went on calling tools and never answered."""

    key = "too_many_tool_rounds"


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """What a person chose for one agent; `keep_alive` in seconds, -1 forever.

    `num_predict` are the most tokens of one answer, thinking among them; -1 is no bound.
    """

    model: str
    num_ctx: int
    keep_alive: int
    think: Think | None
    temperature: float | None
    max_history: int
    num_predict: int = DEFAULT_NUM_PREDICT

    def thinking_for(self, output_format: JsonObject | None, *, strict: bool = False) -> Think | None:
        """Return whether to think; a server that lets a model think ignores the form that is asked for.

        So it does by itself only without one. Where a person chose that it thinks, it does, unless `strict`.
        """
        return False if output_format is not None and (self.think is None or strict) else self.think

    @classmethod
    def from_subentry(cls, data: Mapping[str, Any], num_predict: int = DEFAULT_NUM_PREDICT) -> AgentSettings:
        """Return the settings of a subentry; `num_predict` is for those that do not say it."""
        return cls(
            model=data[CONF_MODEL],
            num_ctx=int(data.get(CONF_NUM_CTX, DEFAULT_NUM_CTX)),
            keep_alive=int(data.get(CONF_KEEP_ALIVE, DEFAULT_KEEP_ALIVE)),
            think=_THINK[data.get(CONF_THINK, "auto")],
            temperature=data.get(CONF_TEMPERATURE),
            max_history=int(data.get(CONF_MAX_HISTORY, DEFAULT_MAX_HISTORY)),
            # A zero on the wire is taken for none given.
            num_predict=int(data.get(CONF_NUM_PREDICT, num_predict)) or NO_BOUND,
        )


class Agent:
    """Answers for one subentry; `owner` is its id."""

    def __init__(
        self, owner: str, name: str, settings: AgentSettings, pool: HubPool, *, needs_tools: bool
    ) -> None:
        """`needs_tools` where the agent is to control the house. The pool finds the server."""
        self.needs_tools = needs_tools
        self.owner = owner
        self.name = name
        self.settings = settings
        self.pool = pool
        self.prewarming = Prewarming(owner, settings.model, settings.num_ctx, settings.keep_alive, pool)
        self._budget = Budget(settings.num_ctx)
        self._opens_thinking: bool | None = None  # what an answer has shown of the model's template

    @property
    def may_think(self) -> bool:
        """Return whether the model may think before it answers, as far as any hub tells."""
        return not any(server.state.lacks(self.settings.model, "thinking") for server in self.pool.servers)

    async def answer(
        self,
        hass: HomeAssistant,
        chat_log: conversation.ChatLog,
        entity_id: str,
        purpose: Purpose,
        *,
        output_format: JsonObject | None = None,
        strict: bool = False,
        waking_text: str = "",
        heard: bool = False,
        house: Callable[[], House] | None = None,
        account: Account | None = None,
    ) -> None:
        """Stream the answer to the chat log's last question into it, running the tools it asks for.

        `strict` where an answer has missed the form already. `account` says what was done and what was not,
        in place of a model's words that are not plainly true of a deed that failed, and behind those that
        were spoken already and are plainly untrue; else those stand.
        `house` are the names that calls are fitted to, where it is not Home Assistant's own.
        `heard` where it is spoken and not shown. `waking_text` is said while a hub is being woken.
        Raises ApiError, HubError, or HomeAssistantError for an attachment.
        """
        if chat_log.llm_api:
            chat_log.llm_api = guarded(chat_log.llm_api)
        offered = chat_log.llm_api.tools if chat_log.llm_api else []
        tools = _tool_box(hass, chat_log.llm_api, house)
        content = tuple(chat_log.content)
        # Most turns have no picture, and are spared the way to another thread and back.
        attached = any(isinstance(item, conversation.UserContent) and item.attachments for item in content)
        images = await hass.async_add_executor_job(read_images, content) if attached else {}
        for _ in range(MAX_TOOL_ROUNDS):
            refuse_circles(chat_log.content)
            told = without_told(chat_log.content, offered)
            deeds = deeds_of(chat_log.content, offered) if account else Deeds()
            manner = self._manner(heard=heard, structured=output_format is not None)
            names = replace(tools.spoken, entity=partial(_name_of, hass))
            manner = replace(manner, held=bool(deeds.failures or deeds.doubtful), names=names)
            exchange = Exchange(
                messages_from(told, images),
                partial(self._request, tools=tools, output_format=output_format, strict=strict),
                partial(
                    Answer,
                    tools,
                    barred(chat_log.content, offered),
                    Allowance(chat_log.content, offered),
                    manner,
                ),
            )
            links = not is_contained(chat_log.content, offered)
            async with (
                aclosing(self._deltas(exchange, purpose, waking_text)) as message,
                aclosing(_truthful(message, exchange, deeds, account)) as words,
                aclosing(words if links else unlinking(words)) as deltas,
                aclosing(chat_log.async_add_delta_content_stream(entity_id, deltas)) as contents,
            ):
                async for _content in contents:
                    pass
            self._learn(exchange.answer, chat_log, links=links)
            if not chat_log.unresponded_tool_results:
                if purpose is Purpose.VOICE:
                    told = without_told(chat_log.content, offered, over=True)
                    self._remember(messages_from(told, images), tools, chat_log)
                return
        raise ToolRoundsError(f"no answer after {MAX_TOOL_ROUNDS} rounds of tools")

    def _manner(self, *, heard: bool, structured: bool) -> Manner:
        """Return how the model's next message is to be read."""
        states = (server.state for server in self.pool.servers)
        details = next(
            (candidate for state in states if (candidate := state.details_of(self.settings.model))), None
        )
        learned = self._opens_thinking
        by_template = details is not None and details.opens_thinking and self.settings.think is not False
        words = details.thinking_words if details else ()
        return Manner(
            heard=heard,
            opens_thinking=by_template if learned is None else learned,
            for_certain=learned is True,
            prose=tuple(row for row in PROSE_THINKING if row.opening in words),
            structured=structured,
        )

    def _learn(self, answer: Answer, chat_log: conversation.ChatLog, *, links: bool) -> None:
        """Take from an answer whether the template opens a thought; what was said of it then goes with it."""
        if answer.opens_thinking is not None:
            self._opens_thinking = answer.opens_thinking
        if not answer.retracted:
            return
        text, thought = answer.text, answer.retracted
        if not links:
            text, thought = unlinked(text), unlinked(thought)
        for index, item in reversed(list(enumerate(chat_log.content))):
            if isinstance(item, conversation.AssistantContent):
                thought += item.thinking_content or ""
                chat_log.content[index] = replace(item, content=text, thinking_content=thought)
                return

    def _remember(self, messages: list[Message], tools: ToolBox, chat_log: conversation.ChatLog) -> None:
        """Let the prewarming know what the next turn will send, but for its question."""
        with suppress(PromptTooLargeError):  # the next turn will say so
            prompt = self._request([*messages, NEUTRAL_QUESTION], tools=tools, output_format=None)
            self.prewarming.remember(prompt, chat_log.conversation_id)

    def _request(
        self,
        messages: list[Message],
        *,
        tools: ToolBox,
        output_format: JsonObject | None,
        strict: bool = False,
    ) -> ChatRequest:
        settings = self.settings
        return ChatRequest(
            model=settings.model,
            messages=self._budget.fit(messages, tools.definitions, settings.max_history),
            tools=tools.definitions,
            format=output_format,
            num_ctx=settings.num_ctx,
            keep_alive=settings.keep_alive,
            think=settings.thinking_for(output_format, strict=strict),
            temperature=settings.temperature,
            num_predict=settings.num_predict,
        )

    async def _chunks(self, request: ChatRequest, purpose: Purpose) -> AsyncGenerator[ChatChunk]:
        """Stream from the pool, and learn from it how many tokens a prompt really has."""
        async with aclosing(self.pool.stream(request, purpose, self.owner)) as chunks:
            async for chunk in chunks:
                yield chunk
                if chunk.metrics is not None:
                    self._budget.learn(request.messages, request.tools, chunk.metrics.prompt_tokens)

    async def _deltas(self, exchange: Exchange, purpose: Purpose, waking_text: str) -> AsyncGenerator[_Delta]:
        """Yield one message of the model, and an error for each call that is not made."""
        yield {"role": "assistant"}
        async with aclosing(self._words(exchange, purpose, waking_text)) as words:
            async for delta in words:
                yield delta
        answer = exchange.answer
        if rest := answer.rest():
            yield rest
        if answer.is_empty:
            raise AnswerCutError("no room for an answer") if answer.cut else EmptyAnswerError("no answer")
        for call, error in answer.refused:
            yield {
                "role": "tool_result",
                "tool_call_id": call.id,
                "tool_name": call.tool_name,
                "result": llm.ToolResult(data=error, error=True),
            }

    async def _words(
        self, exchange: Exchange, purpose: Purpose, waking_text: str
    ) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
        """Yield what comes of a message, asking again where that helps."""
        while True:
            request = exchange.request()
            try:
                async with aclosing(self._chunks(request, purpose)) as chunks:
                    async for delta in _read(chunks, exchange.answer):
                        yield delta
                if not exchange.lost_a_call(request):
                    return
            except HubsOfflineError as err:
                if exchange.woken or err.reason or not self.pool.can_wake:
                    raise
                exchange.woken = True
                if waking_text:
                    yield {"content": f"{waking_text} "}
                await self.pool.wake()
            except (ApiError, HubError) as err:
                exchange.recover(err, request, self._budget)


async def _truthful(
    deltas: AsyncGenerator[_Delta],
    exchange: Exchange,
    deeds: Deeds,
    account: Account | None,
) -> AsyncGenerator[_Delta]:
    """Yield the deltas of a message; words that were held for its end come there, if they are true.

    Beside calls they say nothing that could be known yet, and are left out. Words that were not held, for
    nothing had failed, are put right behind them.
    """
    async for delta in deltas:
        if "tool_calls" in delta:
            exchange.answer.text = ""
        yield delta
    answer = exchange.answer
    if account is None or answer.calls:
        return
    if answer.is_held:
        if not deeds.are_told_by(answer.text):
            answer.text = await account.of(deeds)
        yield {"content": answer.text}
    elif deeds.are_denied_by(answer.text) or deeds.are_made_up_by(answer.text):
        correction = await account.of(deeds) if deeds.count else await account.of_nothing()
        answer.text += f" {correction}"
        yield {"content": f" {correction}"}


async def _read(
    chunks: AsyncGenerator[ChatChunk], answer: Answer
) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
    """Yield what chunks add to the chat log, until the answer is over; to close them is the caller's."""
    async for chunk in chunks:
        if delta := answer.delta(chunk):
            yield delta
        if answer.over:
            return


def _name_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return what an entity is called."""
    state = hass.states.get(entity_id)
    return line(state.name, _LONGEST_NAME) if state else None


def _tool_box(hass: HomeAssistant, api: llm.APIInstance | None, house: Callable[[], House] | None) -> ToolBox:
    """Return the tools of a turn, fitting calls to the house as the person's assistant sees it."""
    if api is None:
        return ToolBox((), None)
    house = house or partial(house_of, hass, api.llm_context.assistant)
    return ToolBox(api.tools, api.custom_serializer, house)
