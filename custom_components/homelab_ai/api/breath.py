"""Long work in slices or beside the event loop, so that the loop never waits for it."""

import asyncio
from collections.abc import Callable, Sized
import time

SLICE = 0.01
"""Seconds of work after which everybody else gets a turn."""
MOST_AT_ONCE = 128 * 1024
"""Bytes that are parsed on the event loop; that takes a millisecond."""


class Breath:
    """Gives everybody else a turn in long work."""

    def __init__(self) -> None:
        """Begin a slice."""
        self._until = time.monotonic() + SLICE

    async def draw(self) -> None:
        """Let others run if this has taken its slice."""
        if time.monotonic() >= self._until:
            await asyncio.sleep(0)
            self._until = time.monotonic() + SLICE


async def read[SizedT: Sized, ReadT](text: SizedT, parse: Callable[[SizedT], ReadT]) -> ReadT:
    """Return what a pure function makes of a text, in a thread where the text is long."""
    return parse(text) if len(text) <= MOST_AT_ONCE else await asyncio.to_thread(parse, text)
