"""The one place that talks plain HTTP: session injected, bounded in size and time, no redirects."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import os
import re
import ssl
from typing import Any, NoReturn

import aiohttp
from multidict import CIMultiDict

from .answers import Json, Line, json_of, line, object_in
from .breath import read
from .errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiCertificateError,
    ApiConnectionError,
    ApiForeignError,
    ApiNotFoundError,
    ApiPromptTooLongError,
    ApiResponseError,
    ApiUnknownHostError,
)
from .secrets import headers_without_secrets, without_secrets

MAX_BODY = 2 * 1024**2
"""Bytes of a whole answer; the largest known honest one, a model's licence and template, is under 1 MiB."""
MAX_ERROR_TEXT = 200
MAX_RETRY_AFTER = 300.0
"""Seconds; the most that a system's Retry-After is believed."""
TIMEOUT = 10.0

_BUSY = (429, 503)
# llama-server's words and its figure, which Ollama passes on.
_TOO_LONG = re.compile(r"request \((\d{1,9}) tokens\) exceeds|n_prompt_tokens\W{1,5}(\d{1,9})")
_REFUSED = (401, 403)
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a system is and how to be let in.

    `url` has no trailing slash and may have a path prefix. `tls` is None for the default of the
    session; build contexts with `tls_context` in an executor, for it reads files.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # secrets are among them
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (case-insensitive) and whole body of one answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> object:
        """Return the parsed body, whatever its content type says.

        Raises ApiResponseError where it is no JSON, ApiForeignError where it is a web page.
        """
        try:
            return json_of(self.body)
        except ValueError as err:
            if self.body.lstrip()[:1] == b"<":
                raise ApiForeignError("a web page answers") from err
            raise ApiResponseError("the answer is no JSON", self.status) from err

    async def read[ReadT](self, parse: Callable[[object], ReadT]) -> ReadT:
        """Return what a pure function makes of the parsed body, in a thread where that is large.

        Raises as `json` does, and what `parse` raises.
        """
        return await read(self.body, lambda _: parse(self.json()))

    @property
    def retry_after(self) -> float | None:
        """Return for how many seconds the system wants to be left alone, None where it does not say.

        Source: RFC 9110, 10.2.3: seconds, or a date.
        """
        value = self.headers.get("Retry-After", "").strip()
        if value.isdecimal():
            return min(float(value), MAX_RETRY_AFTER)
        try:
            moment = parsedate_to_datetime(value)
        except ValueError, OverflowError:
            return None
        # In the format of e-mail "-0000" means UTC, too.
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC)
        return min(max(0.0, seconds.total_seconds()), MAX_RETRY_AFTER)

    def raise_for_status(self, text: str | None = None) -> None:
        """Raise the error that the status stands for; `text` is what the system said, else it is the body.

        An API does not redirect: what does is in front of it, and sends people to where they sign in.
        """
        if 300 <= self.status < 400:
            raise ApiForeignError(
                f"redirects to {self.headers.get('Location', 'elsewhere')[:MAX_ERROR_TEXT]}"
            )
        message = self.body.decode(errors="replace") if text is None else text
        raise_for_status(self.status, message, self.retry_after)


def tls_context(ca_certificate: str) -> ssl.SSLContext:
    """Return a context that also trusts the given authority (PEM). Blocking: reads the system's store.

    Python's strict X.509 rules are off in it: home-made authorities seldom carry the key usage and
    key identifier extensions that they demand. Chain and host name are verified as ever.

    Raises ValueError where the text is no certificate.
    """
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    try:
        context.load_verify_locations(cadata=ca_certificate)
    except (ssl.SSLError, TypeError) as err:
        raise ValueError("no PEM certificate") from err
    return context


def certificate_problem(error: BaseException | None) -> str | None:
    """Return what is wrong with the certificate that an error was caused by, None where it was not."""
    while error is not None:
        # aiohttp's own error is of this kind too, but only its cause says what was wrong.
        if isinstance(error, ssl.SSLCertVerificationError) and hasattr(error, "verify_message"):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return None


def said_in(body: bytes) -> str:
    """Return what the body of an error says: its `error` where it is JSON, else all of it."""
    try:
        data = json_of(body)
    except ValueError:
        return body.decode(errors="replace")
    return error_of(data) if isinstance(data, dict) and data.get("error") else body.decode(errors="replace")


def error_of(data: Json) -> Line:
    """Return the `error` of an answer, in whatever form it is said."""
    error = data.get("error")
    return line(object_in(error).get("message") or error, MAX_ERROR_TEXT)


def raise_for_status(status: int, text: str, retry_after: float | None = None) -> None:
    """Raise the error that an HTTP status stands for; `text` is what the system said about it."""
    words = " ".join(text[:MAX_ERROR_TEXT].split())
    # The page of a proxy says no more than its status.
    message = f"{status}: {words}" if words and not words.startswith("<") else str(status)
    if status in _REFUSED:
        raise ApiAuthenticationError(message)
    if status == 404:
        raise ApiNotFoundError(message, status)
    if status in _BUSY:
        raise ApiBusyError(message, status, retry_after)
    if not 200 <= status < 300:
        if match := _TOO_LONG.search(text[:MAX_ERROR_TEXT]):
            raise ApiPromptTooLongError(message, status, int(match[1] or match[2]))
        raise ApiResponseError(message, status)


async def send(
    session: aiohttp.ClientSession,
    connection: Connection,
    method: str,
    path: str = "",
    *,
    limits: aiohttp.ClientTimeout = _NO_TIMEOUT,
    **content: Any,
) -> aiohttp.ClientResponse:
    """Return an answer of which only the headers are read, whatever its status; the caller closes it.

    Redirects are answers, not followed. `content` is `json` or `data`, as aiohttp has them.
    Raises what aiohttp raises: `raise_connection_error` says what that means.
    """
    return await session.request(
        method,
        f"{connection.url}{path}",
        headers=connection.headers,
        ssl=connection.tls if connection.tls is not None else True,
        allow_redirects=False,
        timeout=limits,
        **content,
    )


async def body_of(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Return the whole body. Raises ApiResponseError where it is larger than so many bytes."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            raise ApiResponseError(f"the answer is larger than {most} bytes", response.status)
    return bytes(body)


async def fetch(
    session: aiohttp.ClientSession,
    connection: Connection,
    method: str,
    path: str,
    *,
    body: object = None,
    seconds: float | None = None,
    max_body: int = MAX_BODY,
) -> Answer:
    """Return the answer to one request, whatever its status; redirects are answers, not followed.

    `body` is sent as JSON, None is none. `seconds` are for all of it, the answer's body included; `TIMEOUT`
    where it is None.
    Raises ApiConnectionError, or ApiResponseError where the body is larger than `max_body` bytes.
    """
    try:
        async with (
            asyncio.timeout(TIMEOUT if seconds is None else seconds),
            await send(session, connection, method, path, json=body) as response,
        ):
            answer = await body_of(response, max_body)
            status, headers = response.status, response.headers
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as err:
        raise_connection_error(err, connection.headers)
    # Whoever was asked may repeat what it was sent, and what it says is read by people, models and logs.
    sent, is_error = connection.headers, not 200 <= status < 300
    masked = await read(answer, lambda body: without_secrets(body, sent, is_error=is_error))
    return Answer(status, CIMultiDict(headers_without_secrets(headers, sent)), masked)


def raise_connection_error(err: Exception, sent: Mapping[str, str] | None = None) -> NoReturn:
    """Raise what a failed request means for the caller; `sent` are headers that must not be told."""
    if problem := certificate_problem(err):
        raise ApiCertificateError(problem) from err
    if isinstance(err, TimeoutError):
        raise ApiConnectionError("timed out") from err
    if isinstance(err, aiohttp.ClientConnectorError):
        # Its own words also name the object in memory that stands for TLS, another one with every start.
        # What asyncio says of a refused connection names its address, which the person did not type.
        number = err.os_error.errno
        message = os.strerror(number) if number and number > 0 else type(err.os_error).__name__
        kind = ApiUnknownHostError if isinstance(err, aiohttp.ClientConnectorDNSError) else ApiConnectionError
        raise kind(f"Cannot connect to host {err.host}:{err.port} [{message}]") from err
    message = without_secrets(str(err).encode(errors="replace"), sent or {}).decode(errors="replace")
    raise ApiConnectionError(message or type(err).__name__) from err
