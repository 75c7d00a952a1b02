"""Things that go wrong on purpose, each for the next matching requests."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from demo.servers.ollama.wire import encode

from .resources import Resource
from .wire import StatusError, text_response

Kind = Literal[
    "status", "html_answer", "redirect_to_login", "stall", "half_object", "huge_object", "garbage_line"
]
# What replaces an answer, and what spoils one that has begun.
INSTEAD: frozenset[Kind] = frozenset({"status", "html_answer", "redirect_to_login", "stall"})
WITHIN: frozenset[Kind] = frozenset({"half_object", "huge_object", "garbage_line"})

GARBAGE = b"<html><head><title>502 Bad Gateway</title></head></html>\n"
_LOGIN = (
    "<!doctype html>\n<html><head><title>Sign in</title></head>"
    "<body><form method='post'><input name='password' type='password'></form></body></html>\n"
)
_CHUNK = 64 * 1024

_STATUSES = {
    401: ("Unauthorized", "Unauthorized"),
    403: ("Forbidden", "forbidden: not today"),
    409: ("Conflict", "the object has been modified; please apply your changes to the latest version"),
    410: ("Expired", "The resourceVersion for the provided list is too old."),
    500: ("InternalError", "Internal error occurred: etcdserver: request timed out"),
    503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
    504: ("Timeout", "Timeout: request did not complete within the allotted timeout"),
}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault. `times` counts down, None means for ever; `path` is the beginning of a path.

    `watch` limits it to watches, or to whatever else there is. `size` is the length of a huge object;
    `clean` ends half an object like a complete answer instead of cutting the connection.
    """

    kind: Kind
    status: int = 500
    retry_after: int | None = None
    path: str | None = None
    watch: bool | None = None
    times: int | None = 1
    seconds: float | None = None
    size: int = 0
    clean: bool = False
    applied: int = 0

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as it should."""
        return self.times is not None and self.applied >= self.times

    def meets(self, path: str, *, watch: bool) -> bool:
        """Whether it strikes a request for this path."""
        if self.spent or self.watch not in (None, watch):
            return False
        return self.path is None or path.startswith(self.path)

    def response(self) -> web.Response:
        """What is answered instead."""
        if self.kind == "html_answer":
            return web.Response(text=_LOGIN, content_type="text/html")
        if self.kind == "redirect_to_login":
            return web.Response(status=302, headers={"Location": "/login?next=%2F"})
        # The server's own flow control answers without a Status, unlike everything behind it.
        if self.status == 429:
            response = text_response("Too many requests, please try again later.\n", 429)
        elif self.status in _STATUSES:
            response = StatusError(self.status, *_STATUSES[self.status]).response()
        else:
            response = web.Response(status=self.status, body=GARBAGE, content_type="text/html")
        if self.retry_after is not None:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


class Faults:
    """The faults that wait for a request."""

    def __init__(self) -> None:
        """Begin without any."""
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let a fault wait."""
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Drop them all."""
        self._faults.clear()

    def take(self, path: str, kinds: Collection[Kind], *, watch: bool) -> Fault | None:
        """Take the oldest of these kinds that strikes this request."""
        for fault in self._faults:
            if fault.kind in kinds and fault.meets(path, watch=watch):
                fault.applied += 1
                self._faults = [other for other in self._faults if not other.spent]
                return fault
        return None


async def write_huge(response: web.StreamResponse, resource: Resource, size: int) -> None:
    """Write one object of this many bytes, without ever holding it."""
    metadata = {"name": "huge", "namespace": "default", "annotations": {"filling": "%"}}
    value = {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": metadata}
    head, tail = encode(value).split(b"%")
    await response.write(head)
    rest = max(size - len(head) - len(tail), 0)
    while rest > 0:
        await response.write(b"x" * min(rest, _CHUNK))
        rest -= _CHUNK
    await response.write(tail)
