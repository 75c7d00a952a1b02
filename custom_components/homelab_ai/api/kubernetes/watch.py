"""What a cluster has of one resource, kept up to date: list, then watch, and list anew when that is lost."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
import math
import random
import time
from typing import Any

from ..answers import Json, text
from ..breath import Breath
from ..errors import ApiBusyError, ApiError, ApiForbiddenError, ApiGoneError, ApiNotFoundError
from .client import Event, EventKind, KubernetesClient, Resource, part, version_of


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. `stale` is how old a list may be before a poll asks again, where there is no watch.

    `quiet` is the same for what is not watched on purpose. `watch` is what the server is asked for, `relist`
    the safety net under all watches, `left_out` how long a resource that is forbidden or not there is left
    alone; `first_retry` doubles up to `last_retry`. `doubt` is how long a refusal may be the server's and not
    the truth: after its start it refuses valid tokens until it has read its own roles. `silence` is how long
    a watch may say nothing: bookmarks come every minute.
    """

    watch: float = 300.0
    relist: float = 1800.0
    stale: float = 50.0
    left_out: float = 600.0
    first_retry: float = 1.0
    last_retry: float = 60.0
    quiet: float = 50.0
    doubt: float = 60.0
    silence: float = 150.0


class Groups:
    """The API groups of the cluster; None before anybody has looked, and where nobody may look."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.known: Mapping[str, tuple[str, ...]] | None = None

    def path(self, resource: Resource[Any]) -> str | None:
        """Return where a resource is, None where the cluster does not have its group."""
        if not resource.group or self.known is None:
            return resource.path(resource.versions[0])
        if not (served := self.known.get(resource.group)):
            return None
        # One that is newer than all that are known here is most likely to be read alike.
        return resource.path(next((version for version in resource.versions if version in served), served[0]))


class Backoff:
    """How long to wait after failures in a row."""

    def __init__(self, timing: Timing) -> None:
        """Begin with no failure."""
        self._timing = timing
        self.failures = 0

    def reset(self) -> None:
        """Forget the failures: something has come of it."""
        self.failures = 0

    def next(self, retry_after: float | None = None) -> float:
        """Return how long to wait now, not less than the server has asked for."""
        span = min(self._timing.last_retry, self._timing.first_retry * 2.0**self.failures)
        # Beyond that nothing grows, but the power would.
        self.failures = min(self.failures + 1, 30)
        # Jitter: all watches of a server that has restarted must not return in the same moment.
        return max(random.uniform(0.5, 1.0) * span, retry_after or 0.0)


class Watched[ItemT, KeptT]:
    """All objects of one resource. Of each only what `keep` makes of it is kept.

    `revision` grows with every visible change. `known` says whether the objects are those of the cluster:
    not before the first list, and not while the resource is forbidden or missing. What was known stays
    known when the server fails, and for as long as a refusal is in doubt. `error` is what the last attempt
    met, None while all is well. `carry` adds to an object what only its past tells, of what was kept of it.
    What `also` makes of an object is kept beside that, see `beside`.
    """

    def __init__(
        self,
        client: KubernetesClient,
        groups: Groups,
        resource: Resource[ItemT],
        keep: Callable[[ItemT], KeptT],
        timing: Timing,
        *,
        carry: Callable[[ItemT, KeptT], ItemT] | None = None,
        also: Callable[[Json], Any] | None = None,
    ) -> None:
        """Ask nothing yet."""
        self.resource = resource
        self.revision = 0
        self.known = False
        self.error: ApiError | None = None
        self._client = client
        self._groups = groups
        self._keep = keep
        self._carry = carry
        self._also = also
        self._timing = timing
        self._kept: dict[str, tuple[str, KeptT, Any]] = {}
        self._version = ""
        self._listed_at = 0.0
        self._due = 0.0
        self._fresh_at = -math.inf
        self._stood_at = math.inf
        self._refused_at: float | None = None
        self._watching = False
        self._is_silent = False
        self._unwatchable = ""
        self._backoff = Backoff(timing)
        self._lock = asyncio.Lock()

    def __iter__(self) -> Iterator[KeptT]:
        """Yield what is kept of each object."""
        return (kept for _, kept, _ in self._kept.values())

    def beside(self) -> dict[str, Any]:
        """Return what `also` has made of each object, by its uid; of one that is the same the same object."""
        return {uid: entry[2] for uid, entry in self._kept.items() if entry[2] is not None}

    def __len__(self) -> int:
        """Return how many objects there are."""
        return len(self._kept)

    @property
    def forbidden(self) -> str:
        """Return in the server's words what the token may not do here, empty where it may do all."""
        return str(self.error) if isinstance(self.error, ApiForbiddenError) else self._unwatchable

    @property
    def heard_at(self) -> float:
        """Return when the server has last said something of it, by the monotonic clock; -inf before."""
        return self._fresh_at

    @property
    def unread(self) -> str:
        """Return why what is known is not what the cluster has now, empty where it is.

        What the cluster does not have is not unread. Knowledge of the last minute is new enough.
        """
        if self.error is None:
            return ""
        if not self.known:
            return "" if isinstance(self.error, ApiNotFoundError) else str(self.error)
        return "" if time.monotonic() - self._fresh_at < self._timing.doubt else str(self.error)

    async def refresh(self) -> None:
        """List the objects if that is due and no watch keeps them up to date; raises nothing.

        What fails is in `error`, and is tried again by the next call.
        """
        async with self._lock:
            if self._watching or time.monotonic() < self._due:
                return
            try:
                await self._list()
            except (ApiForbiddenError, ApiNotFoundError) as err:
                self._refused(err)
            except ApiError as err:
                self._failed(err)

    async def follow(self, changed: Callable[[], None]) -> None:
        """Keep the objects up to date until cancelled; calls `changed` after each visible change.

        Also when the server begins to fail, and when it is back: then it is worth a look.
        """
        while True:
            failed = self.error is not None
            try:
                wait = await self._round(changed)
            except (ApiForbiddenError, ApiNotFoundError) as err:
                wait = self._refused(err)
            except ApiGoneError:
                self._version = ""
                wait = self._backoff.next()
            except ApiError as err:
                wait = self._backoff.next(self._failed(err))
            if self.error is not None and not failed:
                changed()
            await asyncio.sleep(wait)

    async def _round(self, changed: Callable[[], None]) -> float:
        """List if necessary, then watch once; return how long to wait before the next round."""
        started = time.monotonic()
        async with self._lock:
            if (path := self._groups.path(self.resource)) is None:
                self.forget()
                return self._timing.stale
            if not self._version or started - self._listed_at > self._timing.relist:
                before = (self.revision, self.error)
                await self._list()
                if (self.revision, self.error) != before:
                    changed()
        if self._is_silent:
            await self._probe(path)
        try:
            something_came = await self._watch(path, changed)
        except ApiForbiddenError as err:
            # To list may still be allowed: the next poll tries, and goes on without a watch.
            self._unwatchable, self._due = str(err), 0.0
            changed()
            return self._pause()
        finally:
            self._watching = False
            if time.monotonic() - self._stood_at >= self._timing.first_retry:
                # Whatever ends it now, it stood: the next outage is another one.
                self._backoff.reset()
            self._stood_at = math.inf
        if something_came or time.monotonic() - started >= self._timing.first_retry:
            # The server has ended it as agreed. One that does so at once is not asked again at once.
            self._backoff.reset()
            return 0.0
        return self._backoff.next()

    async def _watch(self, path: str, changed: Callable[[], None]) -> bool:
        """Watch until the server ends it, or says nothing any more; return whether anything came."""
        # Some are asked for less, so that not all begin anew in the same moment.
        seconds = self._timing.watch * random.uniform(0.8, 1.0)
        something_came, begin = False, self._version
        async with aclosing(self._client.watch(path, begin, seconds)) as portions:
            while (events := await self._heard(portions)) is not None:
                if not await self._stands(begin):
                    return True
                before, failed = self.revision, self.error is not None
                self.error, self._unwatchable, self._refused_at = None, "", None
                await self._take(events)
                self._due = time.monotonic() + self._timing.stale
                if events:
                    something_came, self._fresh_at = True, time.monotonic()
                    self._backoff.reset()
                if failed or self.revision != before:
                    changed()
        return something_came

    async def _heard(self, portions: AsyncGenerator[tuple[Event, ...]]) -> tuple[Event, ...] | None:
        """Return the next portion, None where there is none any more, or none in its time."""
        try:
            async with asyncio.timeout(self._timing.silence):
                return await anext(portions, None)
        except TimeoutError:
            self._is_silent = True
            return None

    async def _probe(self, path: str) -> None:
        """Ask for one object after a silence: without storage a server takes watches, and says nothing."""
        await self._client.read(path, version_of, {"limit": "1"})
        self._is_silent, self._fresh_at = False, time.monotonic()

    async def _stands(self, begin: str) -> bool:
        """Return whether a watch goes on from what is known; from here on no list may come between.

        It would bring back what the watch has changed. Until the watch stood, a poll may have listed.
        """
        if not self._watching:
            async with self._lock:
                self._watching = self._version == begin
            self._stood_at = time.monotonic()
        return self._watching

    async def _list(self) -> None:
        """List all objects; those that are not in the list any more are gone."""
        if (path := self._groups.path(self.resource)) is None:
            self.forget()
            return
        entries: dict[str, tuple[str, KeptT, Any]] = {}
        version = ""
        different = not self.known
        breath = Breath()
        async with aclosing(self._client.list(path)) as pages:
            async for page in pages:
                version = page.resource_version
                for entry in page.objects:
                    uid = _uid(entry)
                    entries[uid], is_new = self._entry(uid, entry)
                    different = different or is_new
                    await breath.draw()
        different = different or len(entries) != len(self._kept)
        self._kept, self._version = entries, version
        self._listed_at = self._fresh_at = time.monotonic()
        self._due = self._listed_at + self._timing.stale
        self.known, self.error, self._refused_at = True, None, None
        self.revision += different

    def _entry(self, uid: str, obj: Json) -> tuple[tuple[str, KeptT, Any], bool]:
        """Return an object's version with what to keep of it, and whether that is new."""
        version = version_of(obj)
        before = self._kept.get(uid)
        # The same version is the same object: what is kept of it need not be made again.
        if before is not None and version and before[0] == version:
            return before, False
        item = self.resource.parse(obj)
        if before is not None and self._carry is not None:
            item = self._carry(item, before[1])
        also = None if self._also is None else self._also(obj)
        if before is not None and before[2] == also:
            also = before[2]
        entry = (version, self._keep(item), also)
        return entry, before is None or before[1:] != entry[1:]

    async def _take(self, events: tuple[Event, ...]) -> None:
        """Take what a watch tells; a bookmark tells only how far it has come."""
        breath = Breath()
        for event in events:
            uid = _uid(event.object)
            if event.kind is EventKind.DELETED:
                self.revision += self._kept.pop(uid, None) is not None
            elif event.kind is not EventKind.BOOKMARK:
                self._kept[uid], is_new = self._entry(uid, event.object)
                self.revision += is_new
            self._version = event.resource_version or self._version
            await breath.draw()

    def _failed(self, error: ApiError) -> float | None:
        """Note a failure; return for how long the server has asked to be left alone, also by polls."""
        self.error = error
        retry_after = error.retry_after if isinstance(error, ApiBusyError) else None
        if retry_after is not None:
            self._due = time.monotonic() + retry_after
        return retry_after

    def _refused(self, error: ApiError) -> float:
        """Note that this may not be read, or is not there; return for how long it is left alone.

        Until the doubt is over it is asked again within seconds, and what was known stays.
        """
        if not self._in_doubt():
            self.forget(is_refused=True)
        self.error = error
        pause = self._pause()
        self._due = time.monotonic() + pause
        return pause

    def _in_doubt(self) -> bool:
        """Return whether a refusal may still be the server's own, and not the truth."""
        now = time.monotonic()
        if self._refused_at is None:
            self._refused_at = now
        return now - self._refused_at < self._timing.doubt

    def _pause(self) -> float:
        """Return how long to wait after a refusal: not long while it is in doubt."""
        return min(self._backoff.next(), self._timing.left_out) if self._in_doubt() else self._timing.left_out

    def forget(self, *, is_refused: bool = False) -> None:
        """Know nothing of a resource: the cluster does not have it, or not for this token, or nobody asks."""
        self.revision += self.known
        self.known, self.error, self._unwatchable = False, None, ""
        self._refused_at = self._refused_at if is_refused else None
        self._kept, self._version = {}, ""


def _uid(obj: Json) -> str:
    """Return the uid of an object: no other ever gets it, whatever its name."""
    return text(part(obj, "metadata").get("uid"))
