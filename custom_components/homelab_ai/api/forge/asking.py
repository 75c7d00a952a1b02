"""How forges are asked: their statuses, redirects, pages and limits, which are the same everywhere."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
import re
from urllib.parse import quote

import aiohttp

from ..answers import Json, Line, json_of, line, object_in, objects, objects_in
from ..errors import (
    ApiBusyError,
    ApiConflictError,
    ApiForbiddenError,
    ApiForeignError,
    ApiMovedError,
    ApiNotFoundError,
    ApiResponseError,
)
from ..http import MAX_ERROR_TEXT, MAX_RETRY_AFTER, Answer, Connection, fetch

MAX_LIST = 8 * 1024**2
"""Bytes of one page of a list; GitHub's largest tree has 7 MB."""
_MOVED = (301, 302, 307, 308)
_CONFLICT = (409, 422)
_API = re.compile(r"/api/v\d|^https://api\.|^/repositories/|^/repos/")


class Api:
    """A forge's API below one address; the token is in the connection's headers."""

    def __init__(
        self, session: aiohttp.ClientSession, connection: Connection, headers: Mapping[str, str] | None = None
    ) -> None:
        self._session = session
        self._connection = replace(connection, headers={**connection.headers, **(headers or {})})

    async def get(self, path: str, *, accept: str | None = None, max_body: int = MAX_LIST) -> Answer:
        """Return what can be read there. Raises ApiError."""
        connection = self._connection
        if accept is not None:
            connection = replace(connection, headers={**connection.headers, "Accept": accept})
        answer = await fetch(self._session, connection, "GET", path, max_body=max_body)
        _raise_for_status(answer)
        return answer

    async def find(self, path: str) -> Answer | None:
        """Return what can be read there, None where it is not there. Raises ApiError."""
        try:
            return await self.get(path)
        except ApiNotFoundError:
            return None

    async def items(self, path: str, most: int, page_size: int) -> tuple[Json, ...]:
        """Return the objects of a list that comes in pages, at most so many. Raises ApiError."""
        return tuple([page async for page in self._pages(path, most, page_size)])[:most]

    async def _pages(self, path: str, most: int, page_size: int) -> AsyncIterator[Json]:
        joint = "&" if "?" in path else "?"
        for page in range(1, -(-most // page_size) + 1):
            answer = await self.get(f"{path}{joint}page={page}")
            found = await answer.read(lambda parsed: tuple(objects(parsed)))
            for item in found:
                yield item
            # A server may have a smaller page than was asked for: only an empty one is surely the last.
            if not found or not _has_next(answer, len(found), page_size):
                return

    async def write(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """Change something, and return the answer.

        Raises ApiError: ApiForbiddenError where the token may not, ApiConflictError where what it is made
        from is not so.
        """
        answer = await fetch(self._session, self._connection, method, path, body=body, max_body=MAX_LIST)
        if answer.status == 403 and not _is_limit(answer):
            raise ApiForbiddenError(f"{answer.status}: {_message(answer)}", answer.status)
        if answer.status in _CONFLICT:
            raise ApiConflictError(f"{answer.status}: {_message(answer)}", answer.status)
        _raise_for_status(answer)
        return answer

    async def probe(self, method: str, path: str) -> int:
        """Return the status with which a writing request without content is refused: it changes nothing."""
        answer = await fetch(self._session, self._connection, method, path, body={})
        if _is_limit(answer):
            _raise_for_status(answer)
        return answer.status


def segment(name: str) -> str:
    """Return a name as one segment of a path."""
    return quote(name, safe="")


def below(path: str) -> str:
    """Return a path of a repository as one of a URL."""
    return quote(path, safe="/")


def _has_next(answer: Answer, count: int, page_size: int) -> bool:
    link = answer.headers.get("link", "")
    return 'rel="next"' in link if link else count >= page_size


def _is_limit(answer: Answer) -> bool:
    """Return whether a forge wants to be left alone for a while, in whatever way it says that.

    Source: GitHub's "Rate limits for the REST API": 403 or 429, with Retry-After or nothing remaining.
    """
    if answer.status == 403:
        return "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"
    return answer.status == 429


def _raise_for_status(answer: Answer) -> None:
    if answer.status in _MOVED and _API.search(answer.headers.get("location", "")):
        raise ApiMovedError("it has been renamed", answer.status, answer.headers["location"])
    if _is_limit(answer):
        raise ApiBusyError(
            f"{answer.status}: too many requests", answer.status, answer.retry_after or MAX_RETRY_AFTER
        )
    if answer.status == 404:
        raise ApiNotFoundError("not found, or not visible to this token", answer.status)
    answer.raise_for_status(_message(answer))


def _message(answer: Answer) -> str:
    """Return what a forge says of an error: GitLab says it in several shapes, and others say nothing."""
    try:
        told = json_of(answer.body)
    except ValueError:
        return ""
    said = object_in(told).get("message") or object_in(told).get("error") or ""
    first = line(_flat(said), MAX_ERROR_TEXT)
    details = [
        line(entry.get("message") or "", MAX_ERROR_TEXT)
        for entry in objects_in(object_in(told).get("errors"))
    ]
    return " ".join(filter(None, [first, *details]))


def _flat(said: object) -> str:
    """Return a text, a list of texts, or texts by field, as one."""
    match said:
        case dict():
            return "; ".join(f"{key}: {_flat(value)}" for key, value in list(said.items())[:5])
        case list():
            return "; ".join(_flat(text) for text in said[:5])
        case _:
            return str(said)[:MAX_ERROR_TEXT]


def repository_name(told: Json, key: str) -> Line:
    """Return the name in an answer. Raises ApiForeignError where it names no repository."""
    name = line(told.get(key) or "", 250)
    if "/" not in name:
        raise ApiForeignError("what answers is no forge")
    return name


def raise_unless_a_sha(sha: str) -> None:
    """Raise ApiResponseError unless this is the whole name of a commit, which must not lead elsewhere."""
    if not re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", sha):
        raise ApiResponseError("the answer names no commit")
