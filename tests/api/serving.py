"""A server that answers as one test says, where the simulated systems are too well-behaved."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from demo.servers.http_server import HttpServer, hang_up

NDJSON = "application/x-ndjson"

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server(HttpServer):
    """Gives every request the same answer, and keeps the requests."""

    def __init__(self, answer: Answer, **options: Any) -> None:
        super().__init__(**options)
        self._answer = answer
        self.requests: list[web.Request] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self._answer(request)


def body(text: str | bytes, status: int = 200, content_type: str = "application/json") -> Answer:
    """Answer with a whole body."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        data = text.encode() if isinstance(text, str) else text
        return web.Response(status=status, body=data, content_type=content_type)

    return answer


def lines(*parts: str | bytes, content_type: str = NDJSON, cut: bool = False) -> Answer:
    """Answer with a stream; `cut` ends it in the middle of the protocol."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": content_type})
        await response.prepare(request)
        for part in parts:
            await response.write(part.encode() if isinstance(part, str) else part)
        if cut:
            await hang_up(request)
        await response.write_eof()
        return response

    return answer


def routes(**by_path: Answer) -> Answer:
    """Answer by the last part of the path: `routes(version=body(...), tags=body(...))`."""

    async def answer(request: web.Request) -> web.StreamResponse:
        chosen = by_path.get(request.path.rpartition("/")[2])
        return await chosen(request) if chosen else web.Response(status=404, text="404 page not found")

    return answer


def endless(chunk: bytes, content_type: str) -> Answer:
    """Answer with a body that never ends."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": content_type})
        await response.prepare(request)
        while True:
            await response.write(chunk)

    return answer
