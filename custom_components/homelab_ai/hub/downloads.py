"""The downloads of one server: one for each model, whoever asks for it; they end with the homelab."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
import time
from typing import Any

from ..api.errors import ApiResponseError
from ..api.ollama import OllamaClient, PullProgress
from .errors import HubError
from .state import full_name

REPORT_INTERVAL = 0.5
"""Seconds between two reports of one download; the server sends sixteen lines in each of them."""
_MAX_STATUS = 100
_UNKNOWN = "pull model manifest: file does not exist"
"""What the server says of a name that the library does not know (ollama `server/images.go`)."""

type OnProgress = Callable[[PullProgress], None]
type Spawn = Callable[[Coroutine[Any, Any, PullResult], str], asyncio.Task[PullResult]]


class UnknownModelError(HubError):
    """Ollama's library has no model of this name."""

    key = "model_unknown"

    def __init__(self, model: str) -> None:
        """Name the model."""
        super().__init__(f"Ollama's library has no model {model}", model=model)


class DownloadCancelledError(HubError):
    """Somebody cancelled the download, or the homelab was unloaded. The next one goes on from there."""

    key = "download_cancelled"

    def __init__(self, model: str) -> None:
        """Keep the model's name."""
        super().__init__(f"the download of {model} was cancelled", model=model)
        self.model = model


@dataclass(frozen=True, slots=True)
class Download:
    """A download that is under way; `percent` is None while its size is not known.

    `status` is the server's own word, bounded in length.
    """

    model: str
    status: str = ""
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class PullResult:
    """A download that is done. `size` in bytes of all layers, also of those that were there already."""

    model: str
    size: int
    seconds: float


@dataclass(slots=True, eq=False)
class _Pull:
    """One download, and who waits for it."""

    download: Download
    task: asyncio.Task[PullResult] | None = None
    waiting: int = 0
    listeners: list[OnProgress] = field(default_factory=list)


def create_task(work: Coroutine[Any, Any, PullResult], name: str) -> asyncio.Task[PullResult]:
    """Start a download where nobody collects the tasks."""
    return asyncio.create_task(work, name=name)


class Downloads:
    """Downloads models to one server.

    `spawn` starts the task of a download, which outlives whoever asked for it first as long as anybody waits.
    """

    def __init__(self, client: OllamaClient, spawn: Spawn = create_task) -> None:
        """Begin without any."""
        self._client = client
        self._spawn = spawn
        self._pulls: dict[str, _Pull] = {}
        self._closed = False
        self._changed: Callable[[], None] = lambda: None

    def follow(self, changed: Callable[[], None]) -> None:
        """Call `changed` when a download begins, moves on or ends."""
        self._changed = changed

    @property
    def current(self) -> tuple[Download, ...]:
        """Return what is being downloaded, the first that was asked for first."""
        return tuple(pull.download for pull in self._pulls.values())

    async def pull(self, model: str, on_progress: OnProgress | None = None) -> PullResult:
        """Download a model; where that is under way already, wait for it together with the others.

        One that nobody waits for any more is cancelled. `on_progress` is called twice a second at most.
        Raises DownloadCancelledError, or the ApiError that ended it.
        """
        if self._closed:
            raise DownloadCancelledError(model)
        key = full_name(model)
        pull = self._pulls.get(key)
        if pull is None:
            pull = self._pulls[key] = _Pull(Download(model))
            pull.task = self._spawn(self._run(key, pull), f"download {model}")
        assert pull.task is not None
        pull.waiting += 1
        if on_progress is not None:
            pull.listeners.append(on_progress)
        try:
            await asyncio.wait((pull.task,))
        finally:
            pull.waiting -= 1
            if on_progress is not None:
                pull.listeners.remove(on_progress)
            if not pull.waiting:
                self._end(key, pull)
        if pull.task.cancelled():
            raise DownloadCancelledError(model)
        return pull.task.result()

    def cancel(self, model: str) -> bool:
        """Cancel the download of a model for all who wait for it; return whether there was one."""
        key = full_name(model)
        pull = self._pulls.get(key)
        if pull is None:
            return False
        self._end(key, pull)
        return True

    async def close(self) -> None:
        """Cancel all, let no new one begin, and wait until their connections are closed."""
        self._closed = True
        tasks = [pull.task for pull in self._pulls.values() if pull.task is not None]
        for model in [pull.download.model for pull in self._pulls.values()]:
            self.cancel(model)
        if tasks:
            await asyncio.wait(tasks)

    def _end(self, key: str, pull: _Pull) -> None:
        """Cancel a download unless it is over; who asks for the model from now on begins anew."""
        self._forget(key, pull)
        if pull.task is not None:
            pull.task.cancel()

    def _forget(self, key: str, pull: _Pull) -> None:
        if self._pulls.get(key) is pull:
            del self._pulls[key]
            self._changed()

    async def _run(self, key: str, pull: _Pull) -> PullResult:
        model, started = pull.download.model, time.monotonic()
        self._changed()
        size, told_at = 0, started - REPORT_INTERVAL
        try:
            async with aclosing(self._client.pull(model)) as parts:
                async for progress in parts:
                    size = progress.total
                    pull.download = Download(model, progress.status[:_MAX_STATUS], progress.percent)
                    now = time.monotonic()
                    if now - told_at >= REPORT_INTERVAL or progress.percent == 100:
                        told_at = now
                        self._tell(pull, progress)
        except ApiResponseError as err:
            if _UNKNOWN in str(err):
                raise UnknownModelError(model) from err
            raise
        finally:
            self._forget(key, pull)
        return PullResult(model, size, time.monotonic() - started)

    def _tell(self, pull: _Pull, progress: PullProgress) -> None:
        self._changed()
        for listener in tuple(pull.listeners):
            listener(progress)
