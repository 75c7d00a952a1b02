"""Things that go wrong on purpose, each for the next matching requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

from .wire import json_response, quoted

Kind = Literal["drop", "stall", "line", "error", "status", "slow_load"]

STREAMS = ("/api/chat", "/api/generate", "/api/pull")
_LOADERS = ("/api/chat", "/api/generate", "/api/embed", "/api/embeddings")

_BODIES: dict[int, Any] = {
    401: {"error": "unauthorized"},
    429: {"error": "too many requests, please try again later"},
    500: {"error": "llama runner process has terminated: exit status 2"},
    503: {"error": "server busy, please try again.  maximum pending requests exceeded"},
}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault. `times` counts down; None means for ever. `after` counts streamed lines.

    Without a path it meets any streaming route, a status any route at all.
    """

    kind: Kind
    path: str | None = None
    times: int | None = 1
    after: int = 0
    seconds: float | None = None
    payload: bytes = b""
    code: int = 0
    body: Any = None
    applied: int = 0

    @classmethod
    def drop_before_first_token(cls, path: str | None = None, times: int | None = 1) -> Fault:
        """Cut the connection before anything is answered."""
        return cls(kind="drop", path=path, times=times)

    @classmethod
    def drop_after_first_token(cls, after: int = 1, path: str | None = None, times: int | None = 1) -> Fault:
        """Cut the connection after so many lines."""
        return cls(kind="drop", path=path, times=times, after=after)

    @classmethod
    def stall(
        cls, seconds: float | None = None, after: int = 1, path: str | None = None, times: int | None = 1
    ) -> Fault:
        """Send nothing for a time (None: for ever) after so many lines."""
        return cls(kind="stall", path=path, times=times, after=after, seconds=seconds)

    @classmethod
    def garbage_line(cls, after: int = 1, path: str | None = None, times: int | None = 1) -> Fault:
        """Send a line that is no JSON."""
        return cls(
            kind="line", path=path, times=times, after=after, payload=b"<html>502 Bad Gateway</html>\n"
        )

    @classmethod
    def huge_line(cls, size: int, after: int = 1, path: str | None = None, times: int | None = 1) -> Fault:
        """Send one JSON line of `size` bytes."""
        frame = b'{"model":"x","message":{"role":"assistant","content":"%s"},"done":false}\n'
        filling = b"x" * max(size - len(frame) + 2, 0)
        return cls(kind="line", path=path, times=times, after=after, payload=frame % filling)

    @classmethod
    def blank_line(cls, after: int = 1, path: str | None = None, times: int | None = 1) -> Fault:
        """Send an empty line, as some proxies do to keep a connection open."""
        return cls(kind="line", path=path, times=times, after=after, payload=b"\n")

    @classmethod
    def error_line(cls, text: str, after: int = 1, path: str | None = None, times: int | None = 1) -> Fault:
        """Fail in the stream: `{"error": text}` and the end; before any line it is a status 500."""
        return cls(kind="error", path=path, times=times, after=after, body=text)

    @classmethod
    def status(cls, code: int, body: Any = None, path: str | None = None, times: int | None = 1) -> Fault:
        """Answer with a status; `body` is text or JSON, by default what Ollama or its proxy says."""
        return cls(kind="status", path=path, times=times, code=code, body=body)

    @classmethod
    def slow_load(cls, seconds: float, path: str | None = None, times: int | None = 1) -> Fault:
        """Let loading a model take so much longer."""
        return cls(kind="slow_load", path=path, times=times, seconds=seconds)

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as it should."""
        return self.times is not None and self.applied >= self.times

    def meets(self, path: str) -> bool:
        """Whether it strikes a request for `path`."""
        if self.spent:
            return False
        if self.path is not None:
            return self.path == path
        if self.kind == "status":
            return True
        return path in (_LOADERS if self.kind == "slow_load" else STREAMS)

    def response(self, body: dict[str, Any] | None) -> web.Response:
        """The answer of a status fault."""
        answer = self.body
        if answer is None:
            name = str((body or {}).get("model", ""))
            missing = {"error": f"model '{name}' not found" if name else "not found"}
            answer = _BODIES.get(self.code, missing if self.code == 404 else {"error": "error"})
        if isinstance(answer, str):
            html = answer.lstrip().startswith("<")
            return web.Response(
                status=self.code, text=answer, content_type="text/html" if html else "text/plain"
            )
        return json_response(answer, self.code)

    def __str__(self) -> str:
        """Name it in a log."""
        return f"{self.kind} {quoted(self.path or '*')}"


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

    def take(self, path: str, kinds: Iterable[Kind]) -> list[Fault]:
        """Take those of these kinds that strike this request."""
        taken = [fault for fault in self._faults if fault.kind in kinds and fault.meets(path)]
        for fault in taken:
            fault.applied += 1
        self._faults = [fault for fault in self._faults if not fault.spent]
        return taken
