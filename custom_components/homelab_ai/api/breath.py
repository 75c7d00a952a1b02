"""Long work in slices, so that the event loop never waits for it."""

import asyncio
import time

SLICE = 0.01
"""Seconds of work after which everybody else gets a turn."""


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
