"""One Ollama server of the homelab: its client, what it is doing, and how well it does."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import time

from ..api.chat import ChatChunk, ChatRequest, Metrics
from ..api.errors import ApiConnectionError, ApiError, ApiResponseError
from ..api.models import InstalledModel, LoadedModel, ModelDetails
from ..api.ollama import OllamaClient
from ..api.registry import RegistryClient
from .downloads import Downloads, Spawn, create_task
from .gate import Gate
from .measurements import Measurements, Purpose, measure
from .state import HubState, full_name

PROBE_TIMEOUT = 2.0
"""Seconds in which a server that was last seen offline must prove that it is back."""
SILENCE = 10.0
"""Seconds without an answer after which a server is asked whether it is still there."""
STILL_OFFLINE = 5.0
"""Seconds for which a turn believes what was found while its question was being spoken."""
DETAILS_AT_ONCE = 4
"""Models that a server is asked about at the same time: each of fifty may take it a tenth of a second."""
_CLOCK_ROUGHNESS = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class LastUse:
    """The last request that this integration finished with a model; `owner` is whose prompt it was.

    `finished_at` is by the server's clock, so that it compares with the expiry the server reports.
    """

    owner: str
    finished_at: datetime | None
    keep_alive: int | None


class HubServer:
    """A server that requests can be sent to. `name` is what people call it."""

    def __init__(
        self,
        name: str,
        client: OllamaClient,
        registry: RegistryClient | None = None,
        spawn: Spawn = create_task,
    ) -> None:
        """Know nothing of it yet. `registry` is where its models come from, `spawn` starts its downloads."""
        self.name = name
        self.client = client
        self.downloads = Downloads(client, spawn)
        self._registry = registry
        self.state = HubState(online=False, seen_at=datetime.now(UTC))
        self._learned: dict[str, ModelDetails] = {}
        self.measurements = Measurements()
        self.last_uses: dict[str, LastUse] = {}
        self.gate = Gate()
        self._failed_ahead: tuple[float, ApiError] | None = None
        self._probing: asyncio.Task[ApiError | None] | None = None
        self._waiting: set[asyncio.Timeout] = set()

    async def look(self) -> HubState:
        """Return what the server is doing now, and remember it. Raises ApiError."""
        started = time.monotonic()
        version = await self.client.version()
        response_time = time.monotonic() - started
        installed = await self.client.installed()
        loaded = await self.client.loaded()
        details = await self._details(installed, loaded)
        self._learned = {}
        self.state = HubState(
            online=True,
            seen_at=datetime.now(UTC),
            version=version,
            response_time=response_time,
            installed=installed,
            loaded=loaded,
            details=details,
        )
        return self.state

    async def _details(
        self, installed: Collection[InstalledModel], loaded: Collection[LoadedModel]
    ) -> dict[str, ModelDetails]:
        """Return what is known of the models by digest, after asking about those that are new.

        One that is deleted from disk may still be in memory.
        """
        cached = self._known
        unknown = iter([model for model in installed if model.digest not in cached])
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(DETAILS_AT_ONCE):
                    tasks.create_task(self._learn(unknown))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        cached = self._known
        digests = {model.digest for model in installed} | {model.digest for model in loaded}
        return {digest: cached[digest] for digest in digests if digest in cached}

    @property
    def _known(self) -> dict[str, ModelDetails]:
        # A look that is given up in the middle, as a probe is, has learned something all the same.
        return {**self.state.details, **self._learned}

    async def _learn(self, models: Iterator[InstalledModel]) -> None:
        """Ask about one model after another, as long as there are any."""
        for model in models:
            # One broken model must not hide the server; the next look asks again.
            with suppress(ApiResponseError):
                self._learned[model.digest] = await self.client.details(model.name)

    async def problem(self, *, ahead: bool = False) -> ApiError | None:
        """Look whether a server that was last seen offline is back; return what keeps it from being used.

        A look that is under way is joined. One `ahead` of a turn, while somebody still speaks, is the
        turn's as well: what it has found is not asked again a few seconds later.
        """
        if not ahead and self._failed_ahead is not None:
            failed_at, failure = self._failed_ahead
            if time.monotonic() - failed_at <= STILL_OFFLINE:
                return failure
        if self._probing is None:
            self._probing = asyncio.create_task(self._probe())
        error = await asyncio.shield(self._probing)
        if ahead:
            self._failed_ahead = (time.monotonic(), error) if error else None
        return error

    async def _probe(self) -> ApiError | None:
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                await self.look()
        except ApiError as err:
            return err
        except TimeoutError:
            return ApiConnectionError("timed out")
        finally:
            self._probing = None
        return None

    def holds_prompt_of(self, owner: str, model: str, num_ctx: int) -> bool:
        """Return whether the server still holds the prompt that this owner used last, for `num_ctx` tokens.

        A runner with another context length is another client's, whatever its expiry says.
        Every request moves the expiry of its model, so a later expiry than the one our own request
        left means that another client has taken the place since. Look first.
        """
        use, loaded = self.last_uses.get(full_name(model)), self.state.find_loaded(model)
        if use is None or loaded is None or use.owner != owner:
            return False
        if loaded.context_length not in (None, self.state.runner_context(model, num_ctx)):
            return False
        if use.keep_alive is None or use.keep_alive < 0:
            return self.state.is_pinned(loaded)
        if use.finished_at is None or loaded.expires_at is None:
            return False
        left = use.finished_at + timedelta(seconds=use.keep_alive)
        return abs(left - loaded.expires_at) <= _CLOCK_ROUGHNESS

    async def size_upstream(self, model: str) -> int | None:
        """Return the bytes that a model will take, None where nobody says. Leaves the house."""
        return await self._registry.size(model) if self._registry is not None else None

    def went_offline(self, error: ApiError) -> HubState:
        """Remember that the server does not answer; what its models can do stays known.

        Whatever waits for its first word is ended.
        """
        self.state = HubState(
            online=False, seen_at=datetime.now(UTC), problem=str(error), details=self.state.details
        )
        now = asyncio.get_running_loop().time()
        for patience in self._waiting:
            patience.reschedule(now)
        return self.state

    @asynccontextmanager
    async def while_there(self) -> AsyncIterator[None]:
        """Wait in the block as long as the server is there; ApiConnectionError where a look at it fails.

        A server that loads a model for minutes still says its version at once; one that is frozen, or that
        looks for its GPU, takes requests and says nothing at all.
        """
        try:
            async with asyncio.timeout(None) as patience:
                self._waiting.add(patience)
                watching = asyncio.create_task(self._watch())
                try:
                    yield
                finally:
                    self._waiting.discard(patience)
                    watching.cancel()
        except TimeoutError as err:
            raise ApiConnectionError(self.state.problem or "timed out") from err

    async def _watch(self) -> None:
        """Look at the server again and again until it does not answer."""
        try:
            while True:
                await asyncio.sleep(SILENCE)
                await self.client.version()
        except ApiError as err:
            self.went_offline(err)

    @asynccontextmanager
    async def chat(
        self, request: ChatRequest, purpose: Purpose, owner: str
    ) -> AsyncIterator[AsyncGenerator[ChatChunk]]:
        """Answer a chat as the client does, and measure it. `owner` is whose prompt it is."""
        started = time.monotonic()
        # Whatever comes of it, the prompt that the server held before is gone.
        self.last_uses.pop(full_name(request.model), None)
        async with self.client.chat(request) as chunks, aclosing(self._watched(chunks)) as watched:
            yield self._measured(watched, request, purpose, owner, started=started)

    async def _watched(self, chunks: AsyncGenerator[ChatChunk]) -> AsyncGenerator[ChatChunk]:
        """Yield the chunks, the first one only as long as the server is there."""
        async with self.while_there():
            chunk = await anext(chunks, None)
        if chunk is not None:
            yield chunk
            async for chunk in chunks:
                yield chunk

    async def _measured(
        self,
        chunks: AsyncGenerator[ChatChunk],
        request: ChatRequest,
        purpose: Purpose,
        owner: str,
        *,
        started: float,
    ) -> AsyncGenerator[ChatChunk]:
        first: float | None = None
        try:
            async for chunk in chunks:
                if first is None:
                    first = time.monotonic() - started
                if chunk.metrics is not None:
                    self.measurements = self.measurements.with_answer(
                        purpose, measure(request.model, first, chunk.metrics)
                    )
                    self._note_use(request, owner, chunk.metrics)
                yield chunk
        except ApiError as err:
            self.measurements = self.measurements.with_failure()
            if isinstance(err, ApiConnectionError):
                self.went_offline(err)
            raise

    def note_evaluation(self, request: ChatRequest, owner: str, metrics: Metrics, *, fresh: bool) -> None:
        """Take note of a prompt that was evaluated in advance; `fresh` where nothing of it was in a cache."""
        if fresh:
            self.measurements = self.measurements.with_prompt_speed(metrics)
        self._note_use(request, owner, metrics)

    def _note_use(self, request: ChatRequest, owner: str, metrics: Metrics) -> None:
        self.last_uses[full_name(request.model)] = LastUse(owner, metrics.finished_at, request.keep_alive)
