"""Watches: a stream of lines that ends some time, and only then by itself.

Source: kubernetes/website api-concepts (watch bookmarks, streaming lists); systems.md 4.1.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from demo.servers.ollama.wire import encode

from .faults import GARBAGE, WITHIN, Faults, write_huge
from .listing import revision_of
from .record import Request
from .resources import Resource
from .scope import Scope, flag, number
from .store import Change, Collection, Store, Stored
from .versions import encoded
from .wire import Object, StatusError, expired

# A watch without timeoutSeconds lasts for 30 to 60 minutes.
_LONGEST = 1800
_INITIAL_EVENTS_END = {"k8s.io/initial-events-end": "true"}


@dataclass(frozen=True, slots=True)
class End:
    """What a watch ends on; without an error like one whose time is up."""

    error: StatusError | None = None


class Quiet:
    """A time in which watches are open but as good as dead."""

    def __init__(self) -> None:
        """Begin without."""
        self._over = asyncio.Event()
        self._over.set()
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, seconds: float) -> None:
        """Begin now; 0 ends it."""
        self.end()
        if seconds > 0:
            self._over.clear()
            self._timer = asyncio.get_running_loop().call_later(seconds, self._over.set)

    def end(self) -> None:
        """End it."""
        if self._timer is not None:
            self._timer.cancel()
        self._over.set()

    async def over(self) -> None:
        """Wait for its end."""
        await self._over.wait()


@dataclass(eq=False)
class Watch:
    """One open watch: what waits to be sent, and to whom."""

    scope: Scope
    request: web.Request
    record: Request
    bookmarks: bool
    seconds: float
    pending: asyncio.Queue[bytes | End] = field(default_factory=asyncio.Queue)

    @property
    def resource(self) -> Resource:
        """What it watches."""
        return self.scope.collection.resource

    def offer(self, change: Change) -> None:
        """Send a change if it concerns this watch; what enters or leaves its scope is added or deleted."""
        previous = change.previous
        before = previous is not None and self.scope.holds(previous)
        after = change.type != "DELETED" and self.scope.holds(change.stored)
        if before and after:
            self._send("MODIFIED", change.stored.whole)
        elif after:
            self._send("ADDED", change.stored.whole)
        elif before and previous is not None:
            # As it was last in scope, under the version of the change.
            self._send("DELETED", Stored.of(previous.value, change.stored.revision).whole)

    def add(self, stored: Stored) -> None:
        """Send an object as if it had just been made."""
        self._send("ADDED", stored.whole)

    def mark(self, revision: int, *, annotations: Mapping[str, str] | None = None) -> None:
        """Send a bookmark, if the watch wants those."""
        if self.bookmarks:
            self.pending.put_nowait(self.bookmark(revision, annotations))

    def bookmark(self, revision: int, annotations: Mapping[str, str] | None = None) -> bytes:
        """The line of a bookmark."""
        metadata: Object = {"resourceVersion": encoded(revision), "creationTimestamp": None}
        if annotations:
            metadata["annotations"] = dict(annotations)
        kind = {"kind": self.resource.kind, "apiVersion": self.resource.api_version}
        return _line("BOOKMARK", encode({**kind, "metadata": metadata}))

    def end(self, error: StatusError | None = None) -> None:
        """Let it end once all before this has been sent."""
        self.pending.put_nowait(End(error))

    def cut(self) -> None:
        """Cut its connection."""
        if self.request.transport is not None:
            self.request.transport.abort()

    def _send(self, kind: str, encoded_object: bytes) -> None:
        self.pending.put_nowait(_line(kind, encoded_object))


class Watches:
    """All open watches."""

    def __init__(self, store: Store, faults: Faults, bookmark_seconds: float) -> None:
        """Begin without any; bookmarks come in this interval."""
        self.quiet = Quiet()
        self.bookmark_seconds = bookmark_seconds
        self.expired_as_status = False
        # Servers before 1.32 refuse to begin a watch with a list.
        self.initial_events = True
        self._store = store
        self._faults = faults
        self._open: list[Watch] = []
        store.listener = self._changed

    @property
    def open(self) -> tuple[Watch, ...]:
        """Those open now."""
        return tuple(self._open)

    @property
    def counted(self) -> Counter[str]:
        """How many there are of each resource."""
        return Counter(watch.resource.qualified for watch in self._open)

    def _changed(self, collection: Collection, change: Change) -> None:
        for watch in self._open:
            if watch.scope.collection is collection:
                watch.offer(change)

    async def serve(
        self, scope: Scope, query: Mapping[str, str], request: web.Request, record: Request
    ) -> web.StreamResponse:
        """Answer one watch until it ends; raises StatusError before anything is sent."""
        seconds = number(query, "timeoutSeconds") or _LONGEST
        bookmarks = flag(query, "allowWatchBookmarks")
        watch = Watch(scope, request, record, bookmarks, seconds)
        self._catch_up(watch, query)
        # Nothing has been awaited since: no change falls between history and subscription.
        self._open.append(watch)
        response = web.StreamResponse(
            headers={"Content-Type": "application/json", "Cache-Control": "no-cache, private"}
        )
        record.status = 200
        try:
            await response.prepare(request)
            await self._stream(watch, response)
            await response.write_eof()
        finally:
            self._open.remove(watch)
        return response

    def _catch_up(self, watch: Watch, query: Mapping[str, str]) -> None:
        """Send what lies between the watch's beginning and now."""
        resource, collection = watch.resource, watch.scope.collection
        wanted = query.get("resourceVersion", "")
        initial = flag(query, "sendInitialEvents")
        if initial and not self.initial_events:
            said = "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the"
            said += " WatchList feature gate is enabled"
            raise StatusError(422, "Invalid", f"ListOptions.meta.k8s.io is invalid: {said}", details={})
        if initial and (not watch.bookmarks or query.get("resourceVersionMatch") != "NotOlderThan"):
            said = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan and bookmarks"
            raise StatusError(422, "Invalid", f"ListOptions.meta.k8s.io is invalid: {said}", details={})
        revision = 0 if wanted in ("", "0") else revision_of(resource, wanted)
        if initial or not revision:
            for stored in watch.scope.objects():
                watch.add(stored)
            if initial:
                watch.mark(self._store.revision, annotations=_INITIAL_EVENTS_END)
        elif revision < collection.forgotten:
            said = f"too old resource version: {wanted} ({encoded(collection.forgotten)})"
            if self.expired_as_status:
                raise expired(said)
            watch.end(expired(said))
        else:
            for change in collection.history:
                if change.stored.revision > revision:
                    watch.offer(change)

    async def _stream(self, watch: Watch, response: web.StreamResponse) -> None:
        clock = asyncio.get_running_loop().time
        end = clock() + watch.seconds
        while True:
            until = min(end, clock() + self.bookmark_seconds) if watch.bookmarks else end
            try:
                async with asyncio.timeout_at(until):
                    line = await watch.pending.get()
            except TimeoutError:
                line = End() if until == end else watch.bookmark(self._store.revision)
            await self.quiet.over()
            if isinstance(line, End):
                if line.error is not None:
                    await response.write(_line("ERROR", encode(line.error.status)))
                return
            if await self._spoiled(watch, response, line):
                return
            await response.write(line)
            watch.record.lines += 1

    async def _spoiled(self, watch: Watch, response: web.StreamResponse, line: bytes) -> bool:
        """Let a waiting fault strike before this line; returns whether the answer ends with it."""
        fault = self._faults.take(watch.record.path, WITHIN, watch=True)
        if fault is None:
            return False
        if fault.kind == "garbage_line":
            await response.write(GARBAGE)
        elif fault.kind == "huge_object":
            await response.write(b'{"type":"ADDED","object":')
            await write_huge(response, watch.resource, fault.size)
            await response.write(b"}\n")
        else:
            await response.write(line[: len(line) // 2])
            if not fault.clean:
                watch.cut()
            return True
        return False


def _line(kind: str, encoded_object: bytes) -> bytes:
    return b'{"type":"%s","object":%s}\n' % (kind.encode(), encoded_object)
