"""The seam under the `ollama` package: bounds in size and time that the package does not have.

Its requests go over the same aiohttp session as everything else: there a parser written in C reads each
streamed token, for half of the processor time that httpx takes (scripts/bench).
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
import ssl
from weakref import WeakSet

import aiohttp
import httpx
from yarl import URL

from .errors import ApiResponseError
from .http import MAX_BODY, raise_connection_error
from .secrets import without_secrets

CONNECT_TIMEOUT = 10.0
LOAD_TIMEOUT = 300.0
"""Seconds until the first byte: the server sends its headers with the first token, after loading the
model and evaluating the prompt (its own OLLAMA_LOAD_TIMEOUT is 5 minutes)."""
SILENCE_TIMEOUT = 120.0
"""Seconds between two pieces of a stream."""
PULL_SILENCE_TIMEOUT = 900.0
"""Seconds between two pieces of a download's progress: while the server verifies the digest of a large model,
which is reading tens of GiB from a disk, it says nothing."""
MAX_LINE = 1024**2
"""Bytes of one line of a stream; a token with twenty log-probabilities is under 10 KiB."""

_NDJSON = "application/x-ndjson"
# NEL, line separator and paragraph separator in UTF-8, and how JSON writes them.
_NO_LINE_ENDS = {
    b"\xc2\x85": rb"\u0085",
    b"\xe2\x80\xa8": rb"\u2028",
    b"\xe2\x80\xa9": rb"\u2029",
}
_BEGINNINGS = (b"\xc2", b"\xe2\x80", b"\xe2")
# aiohttp says its own of these, and hands over bodies that are unpacked already.
_OF_CONNECTION = {
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "host",
    "transfer-encoding",
}
_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, ValueError)


class BoundedTransport(httpx.AsyncBaseTransport):
    """Connections to one server; answers over a limit end in ApiResponseError.

    Raises ApiConnectionError where no connection came about, or one broke: the package above would turn
    that into a ConnectionError that no longer says why, least of all that it was the certificate.
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

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and return its answer with a bounded body."""
        headers = _of_message(request.headers)
        # The package takes a key from the environment where it was given none: not meant for this server.
        headers.pop("authorization", None)
        if self._authorization is not None:
            headers["authorization"] = self._authorization
        try:
            async with self._until_closed():
                answer = await self._session.request(
                    request.method,
                    URL(str(request.url), encoded=True),
                    headers=headers,
                    data=await request.aread() or None,
                    ssl=self._tls,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(
                        total=None, connect=CONNECT_TIMEOUT, sock_read=LOAD_TIMEOUT
                    ),
                )
        except _FAILURES as err:
            raise_connection_error(err)
        self._answers.add(answer)
        _expect_no_silence(answer, PULL_SILENCE_TIMEOUT if _is_pull(request) else SILENCE_TIMEOUT)
        by_line = answer.headers.get("content-type", "").startswith(_NDJSON)
        stream = _BoundedStream(answer, MAX_LINE if by_line else MAX_BODY, by_line)
        told = _of_message(answer.headers)
        if answer.status < 400:
            return httpx.Response(answer.status, headers=told, stream=stream)
        try:
            said = b"".join([chunk async for chunk in stream])
        finally:
            await stream.aclose()
        return httpx.Response(answer.status, headers=told, content=without_secrets(said, headers))

    @asynccontextmanager
    async def _until_closed(self) -> AsyncIterator[None]:
        """Wait for an answer as long as the block takes, but not longer than `aclose`."""
        async with asyncio.timeout(None) as patience:
            self._waiting.add(patience)
            try:
                yield
            finally:
                self._waiting.discard(patience)

    async def aclose(self) -> None:
        """End what is under way; the session is not ours to close."""
        now = asyncio.get_running_loop().time()
        for patience in self._waiting:
            patience.reschedule(now)
        for answer in self._answers:
            answer.close()


def _of_message(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that are not of one connection only."""
    return {name: value for name, value in headers.items() if name.lower() not in _OF_CONNECTION}


def _is_pull(request: httpx.Request) -> bool:
    """Return whether a request downloads a model; a server may be under a path prefix."""
    return request.url.path.endswith("/api/pull")


def _expect_no_silence(answer: aiohttp.ClientResponse, seconds: float) -> None:
    """Take longer silence for a dead server from here on; a whole answer has no connection any more."""
    if answer.connection is not None and (protocol := answer.connection.protocol) is not None:
        protocol.read_timeout = seconds
        protocol.start_timeout()


class _Lines:
    """Lines of JSON as the package above can read them.

    It takes some letters for ends of lines (Unicode calls them so) that JSON has in the middle of a text, and
    stumbles over empty lines, with which a proxy may keep a connection alive.
    """

    def __init__(self) -> None:
        self._held = b""
        self._at_begin = True

    def feed(self, chunk: bytes) -> bytes:
        """Return what can be read of the next piece; the beginning of such a letter waits for its end."""
        text = self._held + chunk
        self._held = next((part for part in _BEGINNINGS if text.endswith(part)), b"")
        text = text.removesuffix(self._held)
        for letter, escaped in _NO_LINE_ENDS.items():
            text = text.replace(letter, escaped)
        while b"\n\n" in text:
            text = text.replace(b"\n\n", b"\n")
        if self._at_begin:
            text = text.removeprefix(b"\n")
        if text:
            self._at_begin = text.endswith(b"\n")
        return text

    def rest(self) -> bytes:
        """Return what was held back at the end."""
        return self._held


class _BoundedStream(httpx.AsyncByteStream):
    """A body of at most `limit` bytes, counted anew at each line end where `by_line`."""

    def __init__(self, answer: aiohttp.ClientResponse, limit: int, by_line: bool) -> None:
        self._answer = answer
        self._limit = limit
        self._by_line = by_line

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size, lines = 0, _Lines()
        try:
            async for chunk in self._answer.content.iter_any():
                last_end = chunk.rfind(b"\n") if self._by_line else -1
                size = size + len(chunk) if last_end < 0 else len(chunk) - last_end - 1
                if size > self._limit:
                    raise ApiResponseError(f"the answer is larger than {self._limit} bytes")
                if readable := lines.feed(chunk) if self._by_line else chunk:
                    yield readable
            if lines.rest():
                yield lines.rest()
        except _FAILURES as err:
            raise_connection_error(err)

    async def aclose(self) -> None:
        """Give the connection back after a whole answer, and cut it in the middle of one."""
        self._answer.close()
