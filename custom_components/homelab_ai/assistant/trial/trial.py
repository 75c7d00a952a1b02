"""One model, all tasks: what came of each, and how fast it was."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from statistics import median

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
from homeassistant.util.ulid import ulid_now

from ...agent.agent import Agent, AgentSettings
from ...api.chat import ChatChunk, ChatRequest, Metrics
from ...api.errors import ApiConnectionError
from ...const import DEFAULT_KEEP_ALIVE, DEFAULT_MAX_HISTORY
from ...errors import KNOWN_ERRORS
from ...hub.measurements import Purpose
from ...hub.pool import HubPool, HubsOfflineError
from ...hub.server import HubServer
from ..accounts import Accounts
from .house import LANGUAGES
from .judge import Verdict, judge
from .tasks import TASKS, Task
from .tools import api_of, house_of
from .world import World

PATIENCE = 180.0
"""Seconds for one task; a model that needs longer has not done it."""
MOST_TOKENS = 256
"""Of one answer: what is longer nobody listens to."""
MOST_LATE = 3
"""Tasks in a row without an answer in time, after which the rest is not tried any more."""
_LEAST_TOKENS = 5
_OWNER = "trial"

type OnDone = Callable[[int, Done], None]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one task. `first_word` in seconds by the server's own clock, None without an answer."""

    task: Task
    verdict: Verdict
    speech: str
    first_word: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a model has shown; `vram` in bytes, `context` the most tokens that a request took."""

    model: str
    language: str
    done: tuple[Done, ...]
    tokens_per_second: float | None
    vram: int | None
    context: int

    def share(self, kind: str) -> float:
        """Return how many of the tasks were `right`, `harmful` or `unspeakable`, of one."""
        return sum(bool(getattr(attempt.verdict, kind)) for attempt in self.done) / len(self.done)

    @property
    def first_word(self) -> float | None:
        """Return the median of the seconds until the first word."""
        seconds = [attempt.first_word for attempt in self.done if attempt.first_word is not None]
        return median(seconds) if seconds else None

    def tasks(self, kind: str) -> list[str]:
        """Return the keys of the tasks that were `harmful` or `unspeakable`, or with `wrong` not right."""
        if kind == "wrong":
            return [attempt.task.key for attempt in self.done if not attempt.verdict.right]
        return [attempt.task.key for attempt in self.done if getattr(attempt.verdict, kind)]


class _Pool(HubPool):
    """One server alone, and what it measured of each request."""

    def __init__(self, server: HubServer) -> None:
        super().__init__((server,))
        self.measured: list[Metrics] = []

    async def stream(self, request: ChatRequest, purpose: Purpose, owner: str) -> AsyncGenerator[ChatChunk]:
        """Stream as the pool does."""
        async with aclosing(super().stream(request, purpose, owner)) as chunks:
            async for chunk in chunks:
                if chunk.metrics is not None:
                    self.measured.append(chunk.metrics)
                yield chunk


@dataclass(slots=True)
class Trial:
    """A trial of one model on one server, with the context length that it is used with."""

    hass: HomeAssistant
    server: HubServer
    model: str
    language: str
    num_ctx: int
    _all: list[Metrics] = field(default_factory=list)
    _late: int = 0

    async def run(self, tasks: Sequence[Task] = TASKS, on_done: OnDone = lambda *_: None) -> Result:
        """Return what came of the tasks, of fewer where the model is far too slow for them.

        Raises ApiError or HubError where the server goes off meanwhile.
        """
        done = []
        for number, task in enumerate(tasks, 1):
            one = await self._try(task)
            done.append(one)
            on_done(number, one)
            if self._late >= MOST_LATE:
                break
        state = await self.server.look()
        loaded = state.find_loaded(self.model)
        return Result(
            self.model,
            self.language,
            tuple(done),
            _speed(self._all),
            loaded.size_vram if loaded else None,
            max((metrics.prompt_tokens + metrics.generated_tokens for metrics in self._all), default=0),
        )

    async def _try(self, task: Task) -> Done:
        world = World(self.language)
        place = LANGUAGES.index(self.language)
        pool = _Pool(self.server)
        speech = await self._said(world, pool, task.said[place])
        self._all += pool.measured
        first = _until_first_word(pool.measured) if speech else None
        return Done(task, judge(task, place, world.changes, speech), speech, first)

    async def _said(self, world: World, pool: HubPool, sentence: str) -> str:
        """Return what is said to a sentence, nothing where the model does not come to an answer."""
        settings = AgentSettings(
            self.model, self.num_ctx, DEFAULT_KEEP_ALIVE, None, None, DEFAULT_MAX_HISTORY, MOST_TOKENS
        )
        agent = Agent(_OWNER, _OWNER, settings, pool, needs_tools=True)
        api = await api_of(self.hass, world, self.language)
        log = _log(self.hass, api, sentence)
        try:
            async with asyncio.timeout(PATIENCE):
                await agent.answer(
                    self.hass,
                    log,
                    _OWNER,
                    Purpose.BACKGROUND,
                    heard=True,
                    house=lambda: house_of(world),
                    account=Accounts(self.hass, self.language),
                )
        except HubsOfflineError, ApiConnectionError:
            raise
        except TimeoutError:
            self._late += 1
            return ""
        except (*KNOWN_ERRORS, HomeAssistantError):
            return ""
        self._late = 0
        last = log.content[-1]
        return (last.content or "") if isinstance(last, conversation.AssistantContent) else ""


def _log(hass: HomeAssistant, api: llm.APIInstance, sentence: str) -> conversation.ChatLog:
    content: list[conversation.Content] = [
        conversation.SystemContent(api.api_prompt),
        conversation.UserContent(sentence),
    ]
    return conversation.ChatLog(hass, ulid_now(), content, llm_api=api)


def _until_first_word(measured: Sequence[Metrics]) -> float | None:
    """Return the seconds until the first word of the last request: all of those before, and its prompt."""
    if not measured:
        return None
    *before, last = measured
    whole = sum(metrics.load_time + metrics.prompt_time + metrics.generation_time for metrics in before)
    return whole + last.load_time + last.prompt_time


def _speed(measured: Sequence[Metrics]) -> float | None:
    speeds = [
        metrics.generated_tokens / metrics.generation_time
        for metrics in measured
        if metrics.generated_tokens >= _LEAST_TOKENS and metrics.generation_time > 0
    ]
    return median(speeds) if speeds else None
