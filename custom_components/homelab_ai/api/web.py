"""Any web page or API: whether it answers as it should, and how long its certificate is good for."""

import asyncio
from dataclasses import dataclass, replace
import ssl
import time

import aiohttp
from cryptography import x509
from yarl import URL

from ..values.moment import Moment, known
from .answers import Number
from .breath import read
from .errors import ApiResponseError
from .http import TIMEOUT, Answer, Connection, fetch, raise_connection_error

MAX_PAGE = 8 * 1024**2
"""Bytes; nothing is parsed, only looked for."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: HTTP status, seconds until it was whole, and its text, as it came: only to be searched."""

    status: int
    response_time: Number
    text: str
    location: str = ""
    """The path of the same server that it sends people to, empty where it does not."""


class WebClient:
    """One page."""

    def __init__(self, session: aiohttp.ClientSession, connection: Connection) -> None:
        """Open nothing yet."""
        self._session = session
        self._connection = connection

    async def page(self, path: str | None = None) -> Page:
        """Return the page as it is now; a redirect is an answer of its own. Raises ApiError.

        `path` is that of another page of the same server, as `location` has it.
        """
        connection = self._connection
        if path is not None:
            connection = replace(connection, url=str(URL(connection.url).origin()))
        started = time.monotonic()
        answer = await fetch(self._session, connection, "GET", path or "", max_body=MAX_PAGE)
        seconds = Number(time.monotonic() - started)
        text = await read(answer.body, lambda body: body.decode(errors="replace"))
        return Page(answer.status, seconds, text, self._location(answer))

    def _location(self, answer: Answer) -> str:
        """Return where a redirect leads on the same server; nobody is sent elsewhere."""
        if not 300 <= answer.status < 400:
            return ""
        own = URL(self._connection.url)
        try:
            target = own.join(URL(answer.headers.get("Location", "")))
            return target.raw_path_qs if target.origin() == own.origin() else ""
        except ValueError:
            return ""

    async def certificate_expires(self) -> Moment | None:
        """Return when the server's certificate expires, None without TLS. Raises ApiError.

        Also of one that is not verified. A connection of its own: those of the session are given back
        before they can be asked.
        """
        url = URL(self._connection.url)
        if url.scheme != "https":
            return None
        assert isinstance(self._connection.tls, ssl.SSLContext)
        try:
            async with asyncio.timeout(TIMEOUT):
                _, writer = await asyncio.open_connection(
                    url.raw_host, url.port, ssl=self._connection.tls, server_hostname=url.raw_host
                )
        except (OSError, TimeoutError, ValueError) as err:
            raise_connection_error(err)
        try:
            # Its fields are only told of a certificate that was verified, its bytes of any.
            certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        finally:
            # Without a farewell: nothing was said, and a server that hangs must not be waited for.
            writer.transport.abort()
        try:
            return known(x509.load_der_x509_certificate(certificate).not_valid_after_utc)
        except (ValueError, x509.InvalidVersion) as err:
            raise ApiResponseError("the certificate cannot be read") from err
