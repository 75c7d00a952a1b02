"""The time that the tools of one turn have together, while they wait for systems."""

from dataclasses import dataclass, field

TOGETHER = 60.0
"""Seconds from the first call of a turn on: who waits longer has given up."""
LEAST = 5.0
"""Seconds that a call has in any case: the model may have thought for minutes in between."""
_MOST_TURNS = 50


@dataclass(slots=True)
class ToolTime:
    """By conversation: its last turn, and when the time of that is over, by a clock of seconds."""

    _ends: dict[str, tuple[int, float]] = field(default_factory=dict)

    def left(self, conversation_id: str, turn: int, now: float) -> float:
        """Return for how many seconds a call of this turn may wait."""
        number, end = self._ends.pop(conversation_id, (0, 0.0))
        if number != turn:
            end = now + TOGETHER
        self._ends[conversation_id] = (turn, end)
        if len(self._ends) > _MOST_TURNS:
            del self._ends[next(iter(self._ends))]
        return max(LEAST, end - now)
