"""The socket every simulated server stands on: start, stop, url."""

from abc import ABC, abstractmethod
import asyncio
import ssl
from types import TracebackType
from typing import Self

from aiohttp import web

# Images travel as base64 inside the JSON body; aiohttp's default of 1 MiB would refuse them.
_LARGEST_BODY = 512 * 1024**2
_SHUTDOWN_SECONDS = 0.5

# Set on a request whose connection the server itself cut.
HUNG_UP = web.RequestKey("HUNG_UP", bool)


class HttpServer(ABC):
    """An HTTP server on one address that can be stopped and started again on the same port."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
        path_prefix: str = "",
    ) -> None:
        """Prepare a server; port 0 takes any free one at the first start and keeps it."""
        self.host = host
        self.port = port
        self.path_prefix = path_prefix.rstrip("/")
        self._ssl_context = ssl_context
        self._app_runner: web.AppRunner | None = None
        self._connections: set[asyncio.Transport] = set()

    @property
    def url(self) -> str:
        """Base URL without a trailing slash, with the path prefix."""
        scheme = "https" if self._ssl_context else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}{self.path_prefix}"

    @property
    def running(self) -> bool:
        """Whether the server listens now."""
        return self._app_runner is not None

    async def start(self) -> None:
        """Listen; raises OSError when the port is taken."""
        if self._app_runner is not None:
            return
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.router.add_route("*", "/{path:.*}", self._serve)
        # Without handler_cancellation aiohttp would let a handler run on after its client left.
        app_runner = web.AppRunner(
            app, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_SECONDS, access_log=None
        )
        await app_runner.setup()
        try:
            await web.TCPSite(app_runner, self.host, self.port, ssl_context=self._ssl_context).start()
        except OSError:
            await app_runner.cleanup()
            raise
        self.port = app_runner.addresses[0][1]
        self._app_runner = app_runner

    async def stop(self) -> None:
        """Cut every open connection and free the port."""
        if self._app_runner is None:
            return
        app_runner, self._app_runner = self._app_runner, None
        for transport in self._connections:
            transport.abort()
        await app_runner.cleanup()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        transport = request.transport
        if not isinstance(transport, asyncio.Transport):
            return await self.handle(request)
        self._connections.add(transport)
        try:
            return await self.handle(request)
        finally:
            self._connections.discard(transport)

    @abstractmethod
    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""


async def hang_up(request: web.Request) -> None:
    """Cut the client's connection without a further byte; does not return.

    The lost connection cancels the handler, which is what ends the wait.
    """
    request[HUNG_UP] = True
    if request.transport is not None:
        request.transport.abort()
    await asyncio.get_running_loop().create_future()
