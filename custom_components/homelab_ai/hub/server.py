"""One Ollama server of the homelab: its client, what it is doing, and how well it does."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import time

from ..api.chat import ChatChunk, ChatRequest
from ..api.errors import ApiConnectionError, ApiError, ApiResponseError
from ..api.ollama import InstalledModel, ModelDetails, OllamaClient
from ..api.registry import RegistryClient
from .downloads import Downloads, Spawn, create_task
from .gate import Gate
from .measurements import Measurements, Purpose, measure
from .state import HubState, full_name

PROBE_TIMEOUT = 2.0
"""Seconds in which a server that was last seen offline must prove that it is back."""
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
        self.measurements = Measurements()
        self.last_uses: dict[str, LastUse] = {}
        self.gate = Gate()

    async def look(self) -> HubState:
        """Return what the server is doing now, and remember it. Raises ApiError."""
        started = time.monotonic()
        version = await self.client.version()
        response_time = time.monotonic() - started
        installed = await self.client.installed()
        loaded = await self.client.loaded()
        details = {model.digest: known for model in installed if (known := await self._details(model))}
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

    async def _details(self, model: InstalledModel) -> ModelDetails | None:
        if known := self.state.details.get(model.digest):
            return known
        try:
            return await self.client.details(model.name)
        except ApiResponseError:
            # One broken model must not hide the server; the next look asks again.
            return None

    async def problem(self) -> ApiError | None:
        """Look whether a server that was last seen offline is back; return what keeps it from being used."""
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                await self.look()
        except ApiError as err:
            return err
        except TimeoutError:
            return ApiConnectionError("timed out")
        return None

    def holds_prompt_of(self, owner: str, model: str) -> bool:
        """Return whether the server still holds the prompt that this owner used last.

        Every request moves the expiry of its model, so a later expiry than the one our own request
        left means that another client has taken the place since. Look first.
        """
        use, loaded = self.last_uses.get(full_name(model)), self.state.find_loaded(model)
        if use is None or loaded is None or use.owner != owner:
            return False
        if use.keep_alive is None or use.keep_alive < 0:
            return self.state.is_pinned(loaded)
        if use.finished_at is None or loaded.expires_at is None:
            return False
        left = use.finished_at + timedelta(seconds=use.keep_alive)
        return abs(loaded.expires_at - left) <= _CLOCK_ROUGHNESS

    async def size_upstream(self, model: str) -> int | None:
        """Return the bytes that a model will take, None where nobody says. Leaves the house."""
        return await self._registry.size(model) if self._registry is not None else None

    async def unload_all(self) -> None:
        """Ask for the memory of every loaded model back. Raises ApiError."""
        for model in await self.client.loaded():
            await self.client.unload(model.name)

    def went_offline(self, error: ApiError) -> HubState:
        """Remember that the server does not answer; what its models can do stays known."""
        self.state = HubState(
            online=False, seen_at=datetime.now(UTC), problem=str(error), details=self.state.details
        )
        return self.state

    @asynccontextmanager
    async def chat(
        self, request: ChatRequest, purpose: Purpose, owner: str
    ) -> AsyncIterator[AsyncGenerator[ChatChunk]]:
        """Answer a chat as the client does, and measure it. `owner` is whose prompt it is."""
        started = time.monotonic()
        # Whatever comes of it, the prompt that the server held before is gone.
        before = self.last_uses.pop(full_name(request.model), None)
        held = before is not None and before.owner == owner
        async with self.client.chat(request) as chunks:
            yield self._measured(chunks, request, purpose, owner, started=started, held=held)

    async def _measured(
        self,
        chunks: AsyncGenerator[ChatChunk],
        request: ChatRequest,
        purpose: Purpose,
        owner: str,
        *,
        started: float,
        held: bool,
    ) -> AsyncGenerator[ChatChunk]:
        first: float | None = None
        try:
            async for chunk in chunks:
                if first is None:
                    first = time.monotonic() - started
                if chunk.metrics is not None:
                    self.measurements = self.measurements.with_answer(
                        purpose, measure(request.model, first, chunk.metrics, held=held)
                    )
                    self.last_uses[full_name(request.model)] = LastUse(
                        owner, chunk.metrics.finished_at, request.keep_alive
                    )
                yield chunk
        except ApiError as err:
            self.measurements = self.measurements.with_failure()
            if isinstance(err, ApiConnectionError):
                self.went_offline(err)
            raise
