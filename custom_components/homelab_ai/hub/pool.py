"""The pool of servers: the first that answers and has the model serves the request."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
import time

from ..api.chat import ChatChunk, ChatRequest
from ..api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiCertificateError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiHostRefusedError,
    ApiNotFoundError,
    ApiResponseError,
    ApiUnfinishedError,
)
from ..const import LOGGER
from .errors import HubError
from .measurements import Purpose
from .server import HubServer

BUSY_DELAYS = {
    Purpose.VOICE: (0.5, 1.0, 2.0),
    Purpose.TASK: (1.0, 2.0, 4.0, 8.0),
    Purpose.BACKGROUND: (2.0, 4.0, 8.0, 16.0),
}
"""Seconds to wait before asking a server again whose queue is full."""
WAKE_TIME = 60.0
"""Seconds that a person waits for a hub that was told to wake up: a PC takes 10 to 40 from sleep."""
_WAKE_INTERVAL = 1.0
_UNUSABLE = (ApiAuthenticationError, ApiCertificateError, ApiForeignError, ApiHostRefusedError)


class HubsOfflineError(HubError):
    """No server of the pool can be used.

    `reason` is None where any of them is off, else why they cannot be used: wrong key or certificate.
    Then that is what a person is told.
    """

    key = "hubs_offline"

    def __init__(self, problems: Iterable[ApiError | None] = ()) -> None:
        """Take what is wrong with each server."""
        causes = [problem for problem in problems if problem is not None]
        unusable = all(isinstance(problem, _UNUSABLE) for problem in causes)
        self.reason = causes[0] if causes and unusable else None
        super().__init__(str(self.reason or "no hub answers"))
        if self.reason is not None:
            self.key, self.placeholders = self.reason.key, self.reason.placeholders


class ModelMissingError(HubError):
    """Servers answer, but none has the model."""

    key = "model_missing"

    def __init__(self, model: str) -> None:
        """Keep the model's name."""
        super().__init__(f"no hub has the model {model}", model=model)
        self.model = model


class AnswerBrokenError(HubError):
    """The server died, or broke the protocol, after its answer had begun."""

    key = "answer_broken"

    def __init__(self, server: HubServer) -> None:
        """Keep whose answer it was."""
        super().__init__(f"{server.name} broke off in the middle of its answer", hub=server.name)
        self.server = server


class PoolClosedError(HubError):
    """The homelab was unloaded while the answer was under way."""

    key = "homelab_unloaded"


class HubPool:
    """The homelab's servers in order of preference; `wake` asks for the hub to be woken."""

    def __init__(
        self, servers: Sequence[HubServer], wake: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Take the servers as they are; the first is the homelab's own hub."""
        self.servers = tuple(servers)
        self._wake = wake
        self._closed = False
        self._waiting: set[asyncio.Timeout] = set()

    @asynccontextmanager
    async def _until_closed(self) -> AsyncIterator[None]:
        """Wait as long as the block takes, but not longer than until `close`: PoolClosedError then."""
        try:
            async with asyncio.timeout(0 if self._closed else None) as patience:
                self._waiting.add(patience)
                try:
                    yield
                finally:
                    self._waiting.discard(patience)
        except (ApiError, HubError, TimeoutError) as err:
            if self._closed:
                raise PoolClosedError("the homelab was unloaded") from err
            raise

    def close(self) -> None:
        """End whatever waits for a server."""
        self._closed = True
        now = asyncio.get_running_loop().time()
        for patience in self._waiting:
            patience.reschedule(now)

    async def candidates(self, model: str, *, ahead: bool = False) -> list[HubServer]:
        """Return the servers that answer and have the model, best first; `ahead` of a turn, see `problem`.

        Raises HubsOfflineError or ModelMissingError where there are none.
        """
        online = [server for server in self.servers if server.state.online]
        having = [server for server in online if server.state.find(model)]
        if having:
            return having
        # Nobody known to be able: those last seen offline may be back, and a model may have come.
        problems = await self._problems(ahead=ahead)
        having = [server for server in self.servers if not problems[server] and server.state.find(model)]
        if having:
            return having
        raise HubsOfflineError(problems.values()) if all(problems.values()) else ModelMissingError(model)

    async def _problems(self, *, ahead: bool = False) -> dict[HubServer, ApiError | None]:
        problems = await asyncio.gather(*(server.problem(ahead=ahead) for server in self.servers))
        return dict(zip(self.servers, problems, strict=True))

    @property
    def can_wake(self) -> bool:
        """Return whether there is something that wakes the hub."""
        return self._wake is not None

    async def wake(self) -> None:
        """Wake the hub and wait until a server answers. Raises HubsOfflineError where none does in time."""
        assert self._wake is not None
        async with self._until_closed():
            await self._wake()
            until = time.monotonic() + WAKE_TIME
            while all((problems := await self._problems(ahead=True)).values()):
                if time.monotonic() > until:
                    raise HubsOfflineError(problems.values())
                await asyncio.sleep(_WAKE_INTERVAL)

    async def stream(self, request: ChatRequest, purpose: Purpose, owner: str) -> AsyncGenerator[ChatChunk]:
        """Answer a chat, from the next server as long as the answer has not begun.

        Raises AnswerBrokenError once it has, PoolClosedError after `close`, else the last server's error.
        """
        async with aclosing(self._stream(request, purpose, owner)) as chunks:
            while True:
                # Around each wait, not around all of it: what is done with a chunk is not ours to end.
                async with self._until_closed():
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return
                yield chunk

    async def _stream(self, request: ChatRequest, purpose: Purpose, owner: str) -> AsyncGenerator[ChatChunk]:
        failure: ApiError | None = None
        servers = await self.candidates(request.model)
        # A server whose queue is full is waited for only where no other one is free.
        delays: Sequence[float] = BUSY_DELAYS[purpose] if len(servers) == 1 else ()
        attempts = deque(servers)
        while attempts:
            server, begun = attempts.popleft(), False
            try:
                answer = self._answer(server, request, purpose, owner, delays)
                async with aclosing(answer), aclosing(_to_its_end(answer)) as chunks:
                    async for chunk in chunks:
                        begun = begun or bool(chunk.content or chunk.thinking or chunk.tool_calls)
                        yield chunk
            except ApiError as err:
                LOGGER.debug("%s did not answer the request: %s", server.name, err)
                if begun:
                    raise AnswerBrokenError(server) from err
                if not isinstance(failure, ApiBusyError):
                    failure = err
                    busy = server
            else:
                return
            if not attempts and not delays and isinstance(failure, ApiBusyError):
                delays = BUSY_DELAYS[purpose]
                attempts.append(busy)
        assert failure is not None
        match failure:
            case ApiNotFoundError():
                raise ModelMissingError(request.model) from failure
            # A proxy answers with a gateway's error for a hub that is off.
            case ApiConnectionError() | ApiAuthenticationError() | ApiResponseError(status=502 | 504):
                raise HubsOfflineError([failure]) from failure
            case _:
                raise failure

    async def _answer(
        self,
        server: HubServer,
        request: ChatRequest,
        purpose: Purpose,
        owner: str,
        delays: Sequence[float],
    ) -> AsyncGenerator[ChatChunk]:
        """Answer from one server: a turn as it comes, all else as a whole once the hub is quiet."""
        request = fitting(server, request)
        if purpose is Purpose.VOICE:
            with server.gate.turn():
                async with aclosing(self._patiently(server, request, purpose, owner, delays)) as chunks:
                    async for chunk in chunks:
                        yield chunk
            return

        async def collect() -> list[ChatChunk]:
            return [chunk async for chunk in self._patiently(server, request, purpose, owner, delays)]

        for chunk in await server.gate.background(collect):
            yield chunk

    @staticmethod
    async def _patiently(
        server: HubServer, request: ChatRequest, purpose: Purpose, owner: str, delays: Sequence[float]
    ) -> AsyncGenerator[ChatChunk]:
        """Answer from one server, asking again after each delay where its queue is full."""
        for delay in (*delays, None):
            try:
                async with server.chat(request, purpose, owner) as chunks:
                    async for chunk in chunks:
                        yield chunk
                return
            except ApiBusyError as err:
                if delay is None:
                    raise
                await asyncio.sleep(err.retry_after or delay)


async def _to_its_end(chunks: AsyncGenerator[ChatChunk]) -> AsyncGenerator[ChatChunk]:
    """Yield the chunks; words with a clean end are an answer, whether the server says so or not."""
    speaks = False
    try:
        async for chunk in chunks:
            speaks = speaks or bool(chunk.content)
            yield chunk
    except ApiUnfinishedError:
        if not speaks:
            raise


def fitting(server: HubServer, request: ChatRequest) -> ChatRequest:
    """Return the request without what the model on this server would refuse."""
    if server.state.lacks(request.model, "thinking") and request.think:
        request = replace(request, think=None)
    if server.state.lacks(request.model, "tools") and request.tools:
        request = replace(request, tools=())
    return request
