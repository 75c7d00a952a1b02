"""Writing an answer: as NDJSON lines or gathered into one object, with faults on the way.

Source: ollama server/routes.go (streamResponse): nothing is sent before the first line, so an
error before it has a real status, and one after it is a line of a 200.
"""

import asyncio
from typing import Any

from aiohttp import web

from demo.servers.http_server import hang_up

from .faults import Fault
from .wire import NDJSON, ApiError, encode, json_response


class Lines:
    """The NDJSON lines of one answer."""

    def __init__(self, request: web.Request, faults: list[Fault]) -> None:
        """Prepare; nothing is sent yet."""
        self._request = request
        self._faults = faults
        self._response: web.StreamResponse | None = None
        self._sent = 0

    @property
    def begun(self) -> bool:
        """Whether a byte was sent."""
        return self._response is not None

    async def send(self, value: dict[str, Any]) -> None:
        """Send one line, after whatever faults come before it."""
        await self._strike()
        await self._write(encode(value) + b"\n")
        self._sent += 1

    async def finish(self) -> web.StreamResponse:
        """End the answer."""
        await self._strike()
        response = self._response or await self._begin()
        await response.write_eof()
        return response

    async def fail(self, error: ApiError) -> web.StreamResponse:
        """End the answer with an error, in the form its moment allows."""
        if self._response is None:
            return json_response({"error": error.text}, error.status)
        await self._write(encode({"error": error.text}) + b"\n")
        await self._response.write_eof()
        return self._response

    async def _strike(self) -> None:
        for fault in [fault for fault in self._faults if fault.after <= self._sent]:
            self._faults.remove(fault)
            if fault.kind == "line":
                await self._write(fault.payload)
                continue
            await strike(self._request, fault)

    async def _begin(self) -> web.StreamResponse:
        self._response = web.StreamResponse(headers={"Content-Type": NDJSON})
        await self._response.prepare(self._request)
        return self._response

    async def _write(self, data: bytes) -> None:
        response = self._response or await self._begin()
        await response.write(data)


async def strike(request: web.Request, fault: Fault) -> None:
    """Let a fault happen that is no line of its own."""
    if fault.kind == "drop":
        await hang_up(request)
    elif fault.kind == "stall":
        if fault.seconds is None:
            await asyncio.get_running_loop().create_future()
        else:
            await asyncio.sleep(fault.seconds)
    elif fault.kind == "error":
        raise ApiError(500, fault.body)


async def answer_whole(request: web.Request, value: dict[str, Any], faults: list[Fault]) -> web.Response:
    """Answer with one object (`stream: false`); a fault strikes before it."""
    for fault in faults:
        if fault.kind == "line" and fault.payload.strip():
            return web.Response(body=fault.payload, content_type="application/json")
        await strike(request, fault)
    return json_response(value)
