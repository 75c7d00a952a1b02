"""The seam under the `ollama` package: bounds in size, time and shape that the package does not have.

Its requests go over the same aiohttp session as everything else: there a parser written in C reads each
streamed token, for half of the processor time that httpx takes (scripts/bench).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
import json
import ssl
from typing import NoReturn
from weakref import WeakSet

import aiohttp
import httpx

from .breath import read
from .errors import ApiConnectionError, ApiResponseError
from .http import (
    MAX_BODY,
    TIMEOUT,
    Answer,
    Connection,
    body_of,
    raise_connection_error,
    raise_for_status,
    said_in,
    send,
)
from .secrets import without_secrets
from .shapes import says_something, shaped

CONNECT_TIMEOUT = 10.0
LOAD_TIMEOUT = 300.0
"""Seconds until the headers are there: the server sends them with the first token, after loading the
model and evaluating the prompt (its own OLLAMA_LOAD_TIMEOUT is 5 minutes)."""
SILENCE_TIMEOUT = 120.0
"""Seconds between two lines of a stream; what is no line, or an empty one, breaks no silence."""
PULL_SILENCE_TIMEOUT = 900.0
"""Seconds between two lines of a download's progress: while the server verifies the digest of a large model,
which is reading tens of GiB from a disk, it says nothing."""
STREAM_TIMEOUT = 3600.0
"""Seconds of a whole stream."""
PULL_TIMEOUT = 86400.0
"""Seconds of a whole download: 400 GB over a slow line."""
MAX_LINE = 1024**2
"""Bytes of one line of a stream; a token with twenty log-probabilities is under 10 KiB."""
MAX_REFUSAL = 64 * 1024
"""Bytes of what is read of a refusal."""

_PATIENCE = aiohttp.ClientTimeout(total=None, connect=CONNECT_TIMEOUT, sock_read=LOAD_TIMEOUT)
_PULL = "/api/pull"
_STREAMS = ("/api/chat", _PULL)
# aiohttp says its own of these.
_OF_CONNECTION = {"accept-encoding", "connection", "content-length", "host", "transfer-encoding"}
_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, ValueError)


class BoundedTransport(httpx.AsyncBaseTransport):
    """Connections to one server; every answer that is none ends in ApiError.

    Raises ApiConnectionError where no connection came about, or one broke: the package above would turn
    that into a ConnectionError that no longer says why, least of all that it was the certificate. Of an
    answer's headers nothing is handed over: httpx follows them into errors of its own.
    """

    def __init__(
        self, session: aiohttp.ClientSession, tls: ssl.SSLContext, authorization: str | None
    ) -> None:
        """`authorization` is the whole header; None sends none."""
        self._session = session
        self._tls = tls
        self._authorization = authorization
        self._waiting: set[asyncio.Timeout] = set()
        self._answers: WeakSet[aiohttp.ClientResponse] = WeakSet()
        self._is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and return its answer with a bounded body."""
        headers = _lasting(request.headers)
        # The package takes a key from the environment where it was given none: not meant for this server.
        headers.pop("authorization", None)
        if self._authorization is not None:
            headers["authorization"] = self._authorization
        path = request.url.path
        try:
            async with self.until_closed(CONNECT_TIMEOUT + LOAD_TIMEOUT):
                answer = await send(
                    self._session,
                    Connection(str(request.url), headers, self._tls),
                    request.method,
                    limits=_PATIENCE,
                    data=_said(path, await request.aread()),
                )
        except _FAILURES as err:
            raise_connection_error(err, headers)
        self._answers.add(answer)
        if not 200 <= answer.status < 300:
            await _refuse(answer, headers)
        if path.endswith(_STREAMS):
            return httpx.Response(answer.status, stream=_Lines(answer, path, headers))
        try:
            async with self.until_closed(LOAD_TIMEOUT), answer:
                body = await body_of(answer, MAX_BODY)
        except _FAILURES as err:
            raise_connection_error(err)
        return httpx.Response(
            answer.status, json=shaped(path, without_secrets(body, headers, is_error=False))
        )

    @asynccontextmanager
    async def until_closed(self, seconds: float | None = None) -> AsyncIterator[None]:
        """Wait as long as the block takes, but no longer than so many seconds, and than `aclose`.

        Raises TimeoutError, ApiConnectionError where this is closed already.
        """
        if self._is_closed:
            raise ApiConnectionError("the connection is closed")
        async with asyncio.timeout(seconds) as patience:
            self._waiting.add(patience)
            try:
                yield
            finally:
                self._waiting.discard(patience)

    async def aclose(self) -> None:
        """End what is under way; the session is not ours to close."""
        self._is_closed = True
        now = asyncio.get_running_loop().time()
        for patience in self._waiting:
            patience.reschedule(now)
        for answer in self._answers:
            answer.close()


def _said(path: str, body: bytes) -> bytes | None:
    """Return what is sent: a chat with the one word that the package lacks.

    Without it a server leaves out the beginning of a prompt that is too long, and tells nobody.
    """
    if path.endswith("/api/chat") and body.endswith(b"}"):
        return body[:-1] + b',"truncate":false}'
    return body or None


def _lasting(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that are not of one connection only."""
    return {name: value for name, value in headers.items() if name.lower() not in _OF_CONNECTION}


async def _refuse(answer: aiohttp.ClientResponse, sent: Mapping[str, str]) -> NoReturn:
    """Raise what an answer that is none stands for."""
    message = ""
    # That it refuses is known, whatever comes of the reason.
    with suppress(ApiResponseError, *_FAILURES):
        async with asyncio.timeout(TIMEOUT):
            message = said_in(without_secrets(await body_of(answer, MAX_REFUSAL), sent))
    answer.close()
    raise_for_status(answer.status, message, Answer(answer.status, answer.headers, b"").retry_after)
    raise ApiResponseError("no answer", answer.status)


def _expect_no_silence(answer: aiohttp.ClientResponse, seconds: float) -> None:
    """Take longer silence for a dead server from here on; a whole answer has no connection any more."""
    if answer.connection is not None and (protocol := answer.connection.protocol) is not None:
        protocol.read_timeout = seconds
        protocol.start_timeout()


class _Lines(httpx.AsyncByteStream):
    """A stream of JSON, a line at a time, each as the package above can read it.

    What it stumbles over is gone: empty lines, with which a proxy may keep a connection alive, and letters
    that it takes for ends of lines (Unicode calls them so).
    """

    def __init__(self, answer: aiohttp.ClientResponse, path: str, sent: Mapping[str, str]) -> None:
        self._answer = answer
        self._path = path
        self._sent = sent
        is_pull = path.endswith(_PULL)
        self._silence = PULL_SILENCE_TIMEOUT if is_pull else SILENCE_TIMEOUT
        self._seconds = PULL_TIMEOUT if is_pull else STREAM_TIMEOUT

    async def __aiter__(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        end, heard = loop.time() + self._seconds, loop.time()
        rest, before = bytearray(), dict[str, object]()
        chunks = aiter(self._answer.content.iter_any())
        _expect_no_silence(self._answer, self._silence)
        try:
            while True:
                async with asyncio.timeout_at(min(end, heard + self._silence)):
                    chunk = await anext(chunks, b"")
                *lines, last = chunk.split(b"\n") if chunk else (b"", b"")
                for line in _completed(rest, lines):
                    fit = await read(
                        without_secrets(line, self._sent, is_error=False), partial(shaped, self._path)
                    )
                    yield json.dumps(fit).encode() + b"\n"
                    if says_something(fit, before):
                        before, heard = fit, loop.time()
                rest += last
                if len(rest) > MAX_LINE:
                    raise ApiResponseError(f"the answer is larger than {MAX_LINE} bytes")
                if not chunk:
                    return
        except _FAILURES as err:
            raise_connection_error(err)

    async def aclose(self) -> None:
        """Give the connection back after a whole answer, and cut it in the middle of one."""
        self._answer.close()


def _completed(rest: bytearray, lines: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the lines that end here and say something; the first goes on from the rest of the last piece."""
    for line in lines:
        whole = bytes(rest) + line if rest else line
        rest.clear()
        if len(whole) > MAX_LINE:
            raise ApiResponseError(f"the answer is larger than {MAX_LINE} bytes")
        if whole.strip():
            yield whole
