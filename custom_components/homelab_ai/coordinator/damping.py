"""Damping: a few changes are told at once, of something that flaps only what has lasted."""

from collections import deque
import time

FEW = 4
WINDOW = 600.0
"""Seconds in which so few changes are told as they come."""
LASTING = 120.0
"""Seconds after which a state has lasted."""


class Damping:
    """Decides of one thing's states which are told."""

    def __init__(self) -> None:
        """Have told nothing yet."""
        self.told: bool | None = None
        self._state: bool | None = None
        self._since = 0.0
        self._times: deque[float] = deque(maxlen=FEW)

    def tells(self, state: bool) -> bool:
        """Return whether this state is to be told: it is another than the one told last, and does not flap.

        The first is no news. What is not told now may be at a later look, if it lasts.
        """
        now = time.monotonic()
        if state is not self._state:
            self._state, self._since = state, now
        if self.told is None:
            self.told = state
        if state is self.told:
            return False
        flaps = len(self._times) == FEW and now - self._times[0] < WINDOW
        if flaps and now - self._since < LASTING:
            return False
        self.told = state
        self._times.append(now)
        return True
