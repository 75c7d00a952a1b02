"""For how long an event loop serves nobody else.

An event loop works in rounds: it looks which sockets and timers are ready, and runs all that waits for
them. What becomes ready meanwhile (a button that somebody presses) waits until the round is over: that is
the stall.

It is measured with two clocks. The CPU time of the loop's thread is what the code in it takes, the garbage
collections included that strike it. Whatever else a machine does, that stays about the same, and so it is
what is judged. The time on the wall is what a person waits: in it is also what other programs take from
this one, and the waiting for other threads of Home Assistant, of which only one runs Python at a time.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import selectors
import time
from typing import override

from homeassistant.runner import configure_event_loop


@dataclass(slots=True)
class Stall:
    """The longest round in a span of time, in seconds by each clock; need not be the same one by both."""

    cpu: float = 0.0
    wall: float = 0.0


class Rounds(selectors.DefaultSelector):
    """What an event loop waits with: each of its rounds lies between two calls of `select`."""

    def __init__(self) -> None:
        """Watch nothing yet."""
        super().__init__()
        self._stall = Stall()
        self._cpu, self._wall = time.thread_time(), time.perf_counter()

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._end()
        ready = super().select(timeout)
        self._begin()
        return ready

    @contextmanager
    def watched(self) -> Iterator[Stall]:
        """Yield the longest round while the body runs; of the first and the last, only what lies within."""
        self._stall = stall = Stall()
        self._begin()
        try:
            yield stall
        finally:
            self._end()
            self._stall = Stall()

    def _begin(self) -> None:
        self._cpu, self._wall = time.thread_time(), time.perf_counter()

    def _end(self) -> None:
        self._stall.cpu = max(self._stall.cpu, time.thread_time() - self._cpu)
        self._stall.wall = max(self._stall.wall, time.perf_counter() - self._wall)


def event_loop(rounds: Rounds) -> Callable[[], asyncio.AbstractEventLoop]:
    """Return how to make an event loop like Home Assistant's that waits with these rounds."""

    def create() -> asyncio.AbstractEventLoop:
        loop = asyncio.SelectorEventLoop(rounds)
        configure_event_loop(loop)
        return loop

    return create
