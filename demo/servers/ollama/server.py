"""The simulated Ollama server: its routes, the checks before them, and what tests may ask of it.

Source: ollama server/routes.go (GenerateRoutes, allowedHostsMiddleware); systems.md 1.1 and 1.2.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
import hmac
from ipaddress import ip_address, ip_network
import ssl
import time

from aiohttp import web

from demo.servers.http_server import HUNG_UP, HttpServer

from . import embed, inference, library, pull
from .faults import Fault
from .hub import Exchange, Hub
from .models import Model
from .reply import Reply
from .request import Request
from .runner import Runner
from .scheduler import Scheduler
from .timing import Timing
from .wire import ApiError, json_response, keep_alive_seconds, read_body, text_response

type Handler = Callable[[Hub, Exchange], Awaitable[web.StreamResponse]]

_ROUTES: dict[str, dict[str, Handler]] = {
    "/": {"GET": library.root, "HEAD": library.root},
    "/api/version": {"GET": library.version, "HEAD": library.version},
    "/api/status": {"GET": library.status},
    "/api/tags": {"GET": library.tags, "HEAD": library.tags},
    "/api/ps": {"GET": library.ps},
    "/api/show": {"POST": library.show},
    "/api/chat": {"POST": inference.chat},
    "/api/generate": {"POST": inference.generate},
    "/api/embed": {"POST": embed.embed},
    "/api/embeddings": {"POST": embed.embeddings},
    "/api/pull": {"POST": pull.pull},
    "/api/copy": {"POST": library.copy},
    "/api/delete": {"DELETE": library.delete},
}
_PRIVATE = [ip_network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]
_LOCAL_DOMAINS = (".localhost", ".local", ".internal")
# What a reverse proxy in front says; Ollama itself knows no authentication.
_UNAUTHORIZED = (
    "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n"
    "<center><h1>401 Authorization Required</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n"
)


class OllamaServer(HttpServer):
    """An Ollama on a real socket."""

    def __init__(
        self,
        models: Iterable[Model] | None = None,
        timing: Timing | None = None,
        *,
        vram: int = 16 * 1024**3,
        api_key: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
        path_prefix: str = "",
        max_queue: int = 512,
        num_parallel: int = 1,
        allowed_hosts: Collection[str] | None = None,
        cache_ram: bool = True,
        version: str = "0.33.0",
    ) -> None:
        """Prepare a server.

        `allowed_hosts` None makes the check of a server bound to loopback; a collection is the
        host names accepted beside addresses, "*" all of them.
        """
        super().__init__(host=host, port=port, ssl_context=ssl_context, path_prefix=path_prefix)
        timing = timing or Timing.instant()
        scheduler = Scheduler(
            timing, vram=vram, max_queue=max_queue, num_parallel=num_parallel, cache_ram=cache_ram
        )
        self.hub = Hub(models, timing, scheduler, version)
        self.requests: list[Request] = []
        self._api_key = api_key
        self._allowed_hosts = allowed_hosts
        self._loopback = host in ("127.0.0.1", "::1", "localhost")

    async def stop(self) -> None:
        """Cut open connections, free the port, forget what was loaded."""
        await super().stop()
        await self.hub.scheduler.close()

    def requests_to(self, path: str) -> list[Request]:
        """The requests for one path, oldest first."""
        return [request for request in self.requests if request.path == path]

    def inject(self, fault: Fault) -> Fault:
        """Let something go wrong at the next matching request."""
        return self.hub.faults.add(fault)

    def clear_faults(self) -> None:
        """Let nothing go wrong any more."""
        self.hub.faults.clear()

    def script(self, *replies: Reply) -> None:
        """Queue what the next chats and generations answer."""
        self.hub.replies.extend(replies)

    @property
    def loaded(self) -> dict[str, Runner]:
        """Runners in memory by model name."""
        return {runner.model.name: runner for runner in self.hub.scheduler.runners}

    @property
    def generating(self) -> int:
        """How many prompts are evaluated or answered right now."""
        return self.hub.scheduler.generating

    @property
    def registry(self) -> dict[str, Model]:
        """What can be pulled, by short name; may be changed, for an update to appear."""
        return self.hub.registry

    def install(self, model: Model) -> None:
        """Add or replace a model, as a pull or `ollama create` on the host would."""
        self.hub.install(model)

    async def load(
        self, name: str, num_ctx: int | None = None, keep_alive: float | str | None = None
    ) -> Runner:
        """Load a model as another client would."""
        model = self._installed(name)
        options = self.hub.scheduler.options(model, {"num_ctx": num_ctx})
        runner, _ = await self.hub.scheduler.acquire(model, options, keep_alive_seconds(keep_alive))
        self.hub.scheduler.release(runner)
        return runner

    def unload(self, name: str) -> None:
        """Unload a model as another client would."""
        self.hub.scheduler.expire(self._installed(name))

    def _installed(self, name: str) -> Model:
        model = self.hub.find(name)
        if model is None:
            raise KeyError(name)
        return model

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request and keep a record of it."""
        record = Request(
            method=request.method,
            path=request.path.removeprefix(self.path_prefix) or "/",
            headers=request.headers,
            started_at=time.monotonic(),
        )
        self.requests.append(record)
        try:
            response = await self._answer(request, record)
        except asyncio.CancelledError:
            record.outcome = "failed" if HUNG_UP in request else "cancelled"
            raise
        except ConnectionResetError:
            # The client left between two writes, before aiohttp cancelled the handler.
            record.outcome = "failed" if HUNG_UP in request else "cancelled"
            raise asyncio.CancelledError from None
        finally:
            record.finished_at = time.monotonic()
        record.status = response.status
        if record.outcome == "running":
            record.outcome = "finished" if response.status < 400 else "failed"
        return response

    async def _answer(self, request: web.Request, record: Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        exchange = Exchange(request, record)
        if request.can_read_body:
            record.body, exchange.error = await read_body(request)
        if faults := exchange.take_faults(self.hub, "status"):
            return faults[0].response(record.body)
        methods = _ROUTES.get(record.path)
        if methods is None:
            return self._unknown(record)
        handler = methods.get(request.method)
        if handler is None:
            response = text_response("405 method not allowed", 405)
            response.headers["Allow"] = ", ".join(methods)
            return response
        try:
            return await handler(self.hub, exchange)
        except ApiError as error:
            return json_response({"error": error.text}, error.status)

    def _refusal(self, request: web.Request) -> web.Response | None:
        """What stands before the routes: a proxy's path and key, Ollama's check of the host."""
        if not request.path.startswith(f"{self.path_prefix}/") and request.path != self.path_prefix:
            return web.Response(status=404, text="<html>404 Not Found</html>", content_type="text/html")
        if self._api_key is not None:
            given = request.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self._api_key}".encode()):
                return web.Response(
                    status=401,
                    text=_UNAUTHORIZED,
                    content_type="text/html",
                    headers={"WWW-Authenticate": "Bearer"},
                )
        if not self._host_allowed(request.host):
            return web.Response(status=403)
        return None

    def _host_allowed(self, host: str) -> bool:
        if self._allowed_hosts is None and not self._loopback:
            return True
        name = host.rsplit(":", 1)[0] if host.count(":") == 1 or "]:" in host else host
        name = name.strip("[]").lower()
        try:
            address = ip_address(name)
        except ValueError:
            pass
        else:
            return (
                address.is_loopback
                or address.is_unspecified
                or any(address in network for network in _PRIVATE if network.version == address.version)
            )
        if self._allowed_hosts is not None:
            return "*" in self._allowed_hosts or name in self._allowed_hosts
        return name in ("", "localhost") or name.endswith(_LOCAL_DOMAINS)

    @staticmethod
    def _unknown(record: Request) -> web.Response:
        trimmed = record.path.rstrip("/")
        if record.path != "/" and trimmed in _ROUTES and record.method in _ROUTES[trimmed]:
            # gin's RedirectTrailingSlash
            status = 301 if record.method == "GET" else 307
            return web.Response(status=status, headers={"Location": trimmed})
        return text_response("404 page not found", 404)
