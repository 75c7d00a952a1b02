"""The Kubernetes API, read from outside the cluster: discovery, lists page by page, and watches.

Source: kubernetes/website `reference/using-api/api-concepts.md` (chunks, watches, bookmarks, 410).
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
import ssl
from urllib.parse import urlencode

import aiohttp

from ..answers import Json, Text, json_of, number, objects, text, when_object
from ..errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiCertificateError,
    ApiConnectionError,
    ApiForbiddenError,
    ApiForeignError,
    ApiGoneError,
    ApiNotFoundError,
    ApiResponseError,
)
from ..http import Answer, Connection, fetch, raise_connection_error, raise_for_status, send
from ..secrets import without_secrets

MAX_PAGE = 4 * 1024**2
"""Bytes of one page: what is parsed at once, so that the event loop never waits long."""
MAX_DOCUMENT = 8 * 1024**2
"""Bytes of a document of schemas; those of the core have one or two."""
MAX_LINE = 4 * 1024**2
"""Bytes of one line of a watch; etcd takes objects of up to 1.5 MiB."""
MAX_STATUS = 64 * 1024
"""Bytes of a refusal."""
MAX_OBJECTS = 500
"""Objects of one page at most."""
PAGE_TIMEOUT = 30.0
GRACE = 30.0
"""Seconds that a watch may be open for longer than it was asked to; then it is dead."""

_FIRST_PAGE = 50
_MOST_PAGES = 5000
"""Of one list; one that goes on then has lost its way, or never ends."""
_GOOD_PAGE = 512 * 1024
"""Bytes that a page should have: a few milliseconds to parse, and few enough pages."""
_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, ValueError)
# OpenSSL's codes for an authority that is not known here (x509_vfy.h).
_UNKNOWN_AUTHORITY = frozenset({2, 18, 19, 20, 21})
# What only its strict mode demands: key usages, key identifiers and the like.
_STRICT = frozenset(range(79, 95))


class EventKind(StrEnum):
    """What a watch tells."""

    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"
    BOOKMARK = "BOOKMARK"


@dataclass(frozen=True, slots=True)
class Resource[ItemT]:
    """One kind of object, and how it is read.

    `versions` are those whose objects `parse` understands, the best first. `parse` takes any JSON object
    and raises nothing: one odd object must not hide all others.
    """

    group: str
    versions: tuple[str, ...]
    plural: str
    parse: Callable[[Json], ItemT]

    @property
    def name(self) -> str:
        """Return the name that the API server uses in messages: `results.core.k8sgpt.ai`, `pods`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(self, version: str) -> str:
        """Return the path of all objects, of every namespace."""
        return (
            f"/apis/{self.group}/{version}/{self.plural}" if self.group else f"/api/{version}/{self.plural}"
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Some objects of a list, as JSON; `resource_version` is where a watch can go on from the list."""

    objects: tuple[Json, ...]
    resource_version: Text


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a watch; a bookmark's object has nothing but its version."""

    kind: EventKind
    object: Json
    resource_version: Text


def part(obj: Json, *path: str) -> Json:
    """Return the object within an object, an empty one where there is none."""
    for name in path:
        inner = obj.get(name)
        obj = inner if isinstance(inner, dict) else {}
    return obj


def version_of(obj: Json) -> Text:
    """Return the resource version of an object or a list; it can be compared, but not ordered."""
    return text(part(obj, "metadata").get("resourceVersion"))


class KubernetesClient:
    """One API server. Every method raises ApiError."""

    def __init__(self, session: aiohttp.ClientSession, connection: Connection, token: str) -> None:
        """Open nothing yet; `token` is a service account's, empty behind a proxy that has one of its own."""
        self._session = session
        # A token that was copied from a terminal brings its line end along.
        bearer = {"Authorization": f"Bearer {token.strip()}"} if token.strip() else {}
        self._connection = Connection(
            connection.url,
            {
                **connection.headers,
                "Accept": "application/json",
                # Within a house, packing costs more than it saves.
                "Accept-Encoding": "identity",
                **bearer,
            },
            connection.tls,
        )

    async def version(self) -> str:
        """Return the server's version; the cheapest request that needs the token.

        Raises ApiForeignError where something else answers.
        """
        try:
            return await self.look()
        except ApiForbiddenError as err:
            # Everybody with a token may read this: whoever refuses it does not know the token.
            raise ApiAuthenticationError(str(err)) from err

    async def look(self) -> str:
        """Return the server's version. Raises ApiForbiddenError also for a token that is good.

        For seconds after its start a server refuses every token: it has not read its own roles yet.
        """
        try:
            data = await self._get("/version")
        except ApiNotFoundError as err:
            raise ApiForeignError("this is not Kubernetes") from err
        if not (version := text(data.get("gitVersion"))):
            raise ApiForeignError("this is not Kubernetes")
        return version

    async def ready(self) -> None:
        """Raise ApiBusyError while the server says that it cannot work: without etcd, or just started.

        Without the right to ask, and where nobody answers that, it counts as ready.
        Source: kubernetes/apiserver `pkg/server/healthz`: 200 "ok", or 500 and a line for each check.
        """
        answer = await self._fetch("/readyz")
        if answer.status in (500, 503):
            lines = answer.body[:MAX_STATUS].decode(errors="replace").splitlines()
            failed = [line[3:].split(" ")[0] for line in lines if line.startswith("[-]")]
            reason = f": {', '.join(failed)[:200]}" if failed else ""
            raise ApiBusyError(f"the API server is not ready{reason}", answer.status, answer.retry_after)

    async def discover(self) -> dict[str, tuple[str, ...]]:
        """Return the API groups of the cluster with their versions, the preferred one first."""
        data = await self._get("/apis")
        groups: dict[str, tuple[str, ...]] = {}
        for group in objects(data.get("groups")):
            versions = [text(entry.get("version")) for entry in objects(group.get("versions"))]
            best = text(part(group, "preferredVersion").get("version"))
            groups[text(group.get("name"))] = tuple(
                dict.fromkeys(version for version in (best, *versions) if version)
            )
        return groups

    async def read[ReadT](
        self, path: str, parse: Callable[[Json], ReadT], query: Mapping[str, str] | None = None
    ) -> ReadT:
        """Return what is read of a path as it is now: of one object, or of a list as the query asks for."""
        return parse(await self._get(f"{path}?{urlencode(query)}" if query else path))

    async def parsed[ReadT](self, path: str, parse: Callable[[Json], ReadT]) -> ReadT:
        """Return what a pure function makes of the object at a path, in a thread where that is large."""
        answer = await fetch(
            self._session, self._connection, "GET", path, seconds=PAGE_TIMEOUT, max_body=MAX_DOCUMENT
        )
        if answer.status != 200:
            _raise_for(answer)
        return await answer.read(lambda told: parse(when_object(told)))

    async def send(self, method: str, path: str, body: Json, kind: str) -> Json:
        """Return the answer to a request that has a body of this media type; see `requests`."""
        connection = replace(self._connection, headers={**self._connection.headers, "Content-Type": kind})
        answer = await fetch(self._session, connection, method, path, body=body, max_body=MAX_PAGE)
        if answer.status not in (200, 201):
            _raise_for(answer)
        return _json(answer.body)

    async def list(self, path: str) -> AsyncGenerator[Page]:
        """Yield the objects at a path, page by page.

        The size of pages follows the size of the objects. Raises ApiGoneError where the list took so
        long that its rest is no longer known.
        """
        limit, token = _FIRST_PAGE, ""
        for _ in range(_MOST_PAGES):
            query = {"limit": str(limit), **({"continue": token} if token else {})}
            try:
                answer = await self._fetch(f"{path}?{urlencode(query)}", PAGE_TIMEOUT)
            except ApiResponseError:
                # Too large, says the contract of `fetch`: there are larger objects than those before.
                if limit == 1:
                    raise
                limit = max(1, limit // 8)
                continue
            data = _checked(answer)
            token = text(part(data, "metadata").get("continue"))
            page = Page(tuple(objects(data.get("items"))), version_of(data))
            if page.objects:
                limit = max(1, min(MAX_OBJECTS, _GOOD_PAGE * len(page.objects) // len(answer.body)))
            # Nothing of the answer is kept while the caller works on the page.
            del data, answer
            yield page
            if not token:
                return
        raise ApiResponseError("the list does not end")

    async def watch(
        self, path: str, resource_version: str, seconds: float
    ) -> AsyncGenerator[tuple[Event, ...]]:
        """Yield what happens at a path after a version, in the portions in which it comes.

        The first portion is empty: it says that the server has agreed. The end of the generator is the
        server's: after so many seconds, or earlier. A watch that lasts longer than that is dead and ends
        in ApiConnectionError. Raises ApiGoneError where the version is too old.
        """
        query = urlencode(
            {
                "watch": "1",
                "resourceVersion": resource_version,
                "allowWatchBookmarks": "true",
                "timeoutSeconds": str(max(1, round(seconds))),
            }
        )
        async with self._stream(f"{path}?{query}", seconds + GRACE) as response:
            yield ()
            async with aclosing(_lines(response.content)) as portions:
                async for lines in portions:
                    yield tuple(_event(line) for line in lines)

    async def _get(self, path: str) -> Json:
        return _checked(await self._fetch(path))

    async def _fetch(self, path: str, seconds: float | None = None) -> Answer:
        try:
            return await fetch(
                self._session, self._connection, "GET", path, seconds=seconds, max_body=MAX_PAGE
            )
        except ApiCertificateError as err:
            raise ApiCertificateError(_explained(err)) from err

    @asynccontextmanager
    async def _stream(self, path: str, seconds: float) -> AsyncIterator[aiohttp.ClientResponse]:
        """Open an answer that comes line by line, for so many seconds at most."""
        try:
            # The time limit of the whole is aiohttp's: it strikes while somebody reads, and nobody else.
            async with asyncio.timeout(PAGE_TIMEOUT):
                limits = aiohttp.ClientTimeout(total=seconds)
                response = await send(self._session, self._connection, "GET", path, limits=limits)
            async with response:
                if response.status != 200:
                    body = await response.content.read(MAX_STATUS)
                    body = without_secrets(body, self._connection.headers)
                    _raise_for(Answer(response.status, response.headers, body))
                yield response
        except _FAILURES as err:
            raise_connection_error(err)


async def _lines(content: aiohttp.StreamReader) -> AsyncGenerator[list[bytes]]:
    """Yield the lines of a stream, all that are there at once.

    aiohttp's own reading by line ends at 512 KiB, with an error that is none of its own.
    """
    rest = bytearray()
    async for chunk in content.iter_any():
        first, *others = chunk.split(b"\n")
        rest += first
        if len(rest) > MAX_LINE:
            raise ApiResponseError(f"a line is longer than {MAX_LINE} bytes")
        if not others:
            continue
        lines = [bytes(rest), *others[:-1]]
        rest = bytearray(others[-1])
        yield [line for line in lines if line.strip()]
    if rest.strip():
        raise ApiConnectionError("the watch broke off in the middle of a line")


def _event(line: bytes) -> Event:
    data = _json(line)
    obj = when_object(data.get("object"))
    kind = text(data.get("type"))
    if kind == "ERROR":
        # The status of the answer was 200, long ago.
        _raise_for_status_object(obj, int(number(obj.get("code")) or 500))
    try:
        return Event(EventKind(kind), obj, version_of(obj))
    except ValueError as err:
        raise ApiResponseError("a line of the watch is no event") from err


def _json(body: bytes) -> Json:
    try:
        return when_object(json_of(body))
    except ValueError as err:
        raise ApiResponseError("the answer is no JSON") from err


def _checked(answer: Answer) -> Json:
    """Return the JSON object of an answer. Raises ApiError for everything else."""
    if answer.status != 200:
        _raise_for(answer)
    try:
        return _json(answer.body)
    except ApiResponseError as err:
        if answer.body.lstrip()[:1] == b"<":
            raise ApiForeignError("a web page answers, not Kubernetes") from err
        raise


def _raise_for(answer: Answer) -> None:
    """Raise what an answer that is none means."""
    if 300 <= answer.status < 400:
        # Kubernetes never redirects; a portal in front of it does, to where people sign in.
        raise ApiForeignError(f"redirects to {answer.headers.get('Location', 'elsewhere')[:200]}")
    try:
        status_object: Json = _json(answer.body)
    except ApiResponseError:
        status_object = {"message": answer.body[:500].decode(errors="replace")}
    _raise_for_status_object(status_object, answer.status, answer.retry_after)


def _raise_for_status_object(status_object: Json, status: int, retry_after: float | None = None) -> None:
    """Raise what a Status object stands for (kubernetes/apimachinery `api/errors`)."""
    message = text(status_object.get("message"))[:500]
    if status == 403:
        raise ApiForbiddenError(message or "forbidden", status)
    if status == 410:
        raise ApiGoneError(message or "gone", status)
    if status in (429, 503):
        raise ApiBusyError(f"{status}: {message[:200].strip()}", status, retry_after)
    raise_for_status(status, message)
    raise ApiResponseError(f"unexpected status {status}", status)


def _explained(error: ApiCertificateError) -> str:
    """Return what is wrong with a certificate, and what helps."""
    cause = error.__cause__
    inner = cause.certificate_error if isinstance(cause, aiohttp.ClientConnectorCertificateError) else cause
    code = inner.verify_code if isinstance(inner, ssl.SSLCertVerificationError) else 0
    if code in _UNKNOWN_AUTHORITY:
        return f"{error}; enter the cluster's own CA certificate, the ca.crt beside the token"
    if code in _STRICT:
        return (
            f"{error}; strict X.509 rules reject it. They are not applied to an authority that you enter"
            " as CA certificate, the ca.crt beside the token"
        )
    return str(error)
