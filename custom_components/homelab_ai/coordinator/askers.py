"""When who asked last for news, so that the next answer begins there."""

from datetime import datetime

MOST_ASKERS = 50


class Askers:
    """The last few who asked: a person, or else a satellite; forgotten with a restart."""

    def __init__(self) -> None:
        """Know nobody yet."""
        self._times: dict[str, datetime] = {}

    def last(self, who: str) -> datetime | None:
        """Return when the same person asked last, None where that is not known."""
        return self._times.get(who)

    def note(self, who: str, now: datetime) -> None:
        """Take note that somebody was told what is new."""
        self._times.pop(who, None)
        self._times[who] = now
        if len(self._times) > MOST_ASKERS:
            del self._times[next(iter(self._times))]
