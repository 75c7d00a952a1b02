"""The gate to one server: voice and chat turns go first, background work waits for a quiet hub.

Ollama serves a model's requests in the order they come, so whoever is first makes everybody wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
import time
from typing import Any

QUIET = 2.0
"""Seconds after a turn in which the next one is likely: people ask back."""
LISTENING = 15.0
"""Seconds that a voice pipeline may listen and transcribe before its turn begins."""
MAX_PREEMPTIONS = 3


class Gate:
    """Counts turns, and holds back or interrupts background work while there are any."""

    def __init__(self) -> None:
        """Begin quiet."""
        self._turns = 0
        self._quiet_from = 0.0
        self._turns_over = asyncio.Event()
        self._turns_over.set()
        self._one_at_a_time = asyncio.Lock()
        self._background: set[asyncio.Task[Any]] = set()
        self._evaluations: set[asyncio.Task[Any]] = set()

    @property
    def in_turn(self) -> bool:
        """Return whether somebody is being answered right now."""
        return self._turns > 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Stand before all background work for as long as the block runs."""
        self._turns += 1
        self._turns_over.clear()
        _cancel(self._background | self._evaluations)
        try:
            yield
        finally:
            self._turns -= 1
            self._quiet_from = time.monotonic() + QUIET
            if not self._turns:
                self._turns_over.set()

    def expect_turn(self) -> None:
        """Keep background work away because somebody has begun to speak."""
        self._quiet_from = max(self._quiet_from, time.monotonic() + LISTENING)
        _cancel(self._background)

    async def until_turn(self, work: Awaitable[None]) -> None:
        """Run `work` to its end, or until any turn begins: it is cancelled then."""
        task = asyncio.ensure_future(work)
        await _interruptibly(task, self._evaluations)
        if not task.cancelled():
            task.result()

    async def background[ResultT](self, work: Callable[[], Awaitable[ResultT]]) -> ResultT:
        """Return what `work` returns; run it when the hub is quiet, and again if a turn interrupts it.

        Interrupted work is cancelled and begun anew, so it must have no effect before it is done.
        After three interruptions it runs to its end: a busy house must not starve it forever.
        """
        async with self._one_at_a_time:
            for _ in range(MAX_PREEMPTIONS):
                await self._quiet()
                task = asyncio.ensure_future(work())
                await _interruptibly(task, self._background)
                if not task.cancelled():
                    return task.result()
            await self._quiet()
            return await work()

    async def _quiet(self) -> None:
        while self._turns or time.monotonic() < self._quiet_from:
            await self._turns_over.wait()
            await asyncio.sleep(max(0.0, self._quiet_from - time.monotonic()))


async def _interruptibly(task: asyncio.Task[Any], group: set[asyncio.Task[Any]]) -> None:
    """Wait until a task is done, be it because a turn has cancelled all of its group."""
    group.add(task)
    try:
        await asyncio.wait((task,))
    finally:
        group.discard(task)
        # Only where this very call is cancelled is the work still under way here.
        task.cancel()


def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
