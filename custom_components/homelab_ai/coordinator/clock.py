"""The clock of the computer: people, the network and a sleep set it, and then no time has gone by."""

from datetime import datetime, timedelta
import time

_NOTABLE = timedelta(seconds=5)
"""What a clock is corrected by without being set."""


class Clock:
    """Compares the time of day with time that only ever goes on."""

    def __init__(self) -> None:
        """Know no time yet."""
        self._last: tuple[datetime, float] | None = None

    def was_set(self, now: datetime) -> timedelta:
        """Return by how much the clock was set since the last call, zero where that is not worth a word."""
        steady = time.monotonic()
        before, self._last = self._last, (now, steady)
        if before is None:
            return timedelta()
        by = now - before[0] - timedelta(seconds=steady - before[1])
        return by if abs(by) >= _NOTABLE else timedelta()
