"""What every simulated app has: a record of requests, and ways to misbehave."""

from abc import abstractmethod
import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
import json
from typing import Any

from aiohttp import web

from demo.servers.http_server import HttpServer

_PAGE = "<!doctype html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"


@dataclass(frozen=True, slots=True)
class Request:
    """One request that came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault at requests to `path`, or to any. `times` counts down, None means until it is cleared.

    With `seconds` it waits, for ever if they are 0; with a `status` it answers, after the wait if any.
    """

    path: str | None = None
    times: int | None = None
    seconds: float | None = None
    status: int | None = None
    body: str = ""
    content_type: str = "text/plain"
    headers: Mapping[str, str] | None = None

    async def strike(self) -> web.Response | None:
        """Do what it does; None lets the app answer."""
        if self.seconds is not None:
            if self.seconds <= 0:
                await asyncio.get_running_loop().create_future()
            await asyncio.sleep(self.seconds)
        if self.status is None:
            return None
        return web.Response(
            status=self.status, text=self.body, content_type=self.content_type, headers=self.headers
        )


class Faults:
    """The faults of one app."""

    def __init__(self) -> None:
        """Begin without any."""
        self._faults: list[Fault] = []

    def hang(self, seconds: float = 0, *, path: str | None = None, times: int | None = None) -> None:
        """Answer late, or never (0)."""
        self._faults.append(Fault(path=path, times=times, seconds=seconds))

    def status(
        self,
        status: int,
        body: str = "",
        *,
        content_type: str = "text/plain",
        headers: Mapping[str, str] | None = None,
        path: str | None = None,
        times: int | None = None,
    ) -> None:
        """Answer with a status, as the app or a proxy before it would."""
        self._faults.append(
            Fault(
                path=path, times=times, status=status, body=body, content_type=content_type, headers=headers
            )
        )

    def html(self, title: str = "Sign in", *, path: str | None = None, times: int | None = None) -> None:
        """Answer with a page and 200, as a portal before the app does."""
        page = _PAGE.format(title=title)
        self._faults.append(Fault(path=path, times=times, status=200, body=page, content_type="text/html"))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()

    def take(self, path: str) -> Fault | None:
        """The oldest fault that strikes a request for this path."""
        for fault in self._faults:
            if fault.path in (None, path):
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self._faults.remove(fault)
                return fault
        return None


class AppServer(HttpServer):
    """An app on a real socket."""

    def __init__(self, **settings: Any) -> None:
        """Prepare a server; the settings are those of HttpServer."""
        super().__init__(**settings)
        self.requests: list[Request] = []
        self.faults = Faults()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Let a fault strike, or answer."""
        self.requests.append(Request(request.method, request.path, request.query, request.headers))
        fault = self.faults.take(request.path)
        response = None if fault is None else await fault.strike()
        return await self.answer(request) if response is None else response

    @abstractmethod
    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as the app does when all is well with it."""


def page(title: str, status: int = 200) -> web.Response:
    """An HTML page."""
    return web.Response(status=status, text=_PAGE.format(title=title), content_type="text/html")


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer with JSON."""
    return web.Response(
        status=status, text=json.dumps(value), content_type="application/json", headers=headers
    )
