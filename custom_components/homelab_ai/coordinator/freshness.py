"""Whether hubs and systems are still looked at: what was heard long ago says nothing of now."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from ..health.unseen import SYSTEM, NotSeen, Unseen
from .source import Source

CHECK = timedelta(minutes=1)
STALE = 5
"""Checks without an answer after which a source is not seen any more; more where it is looked at seldom."""


class Freshness:
    """Counts the checks since each source answered last.

    Counted, not timed: when the computer wakes up nothing has answered for hours, and all will in a moment.
    """

    def __init__(self, hass: HomeAssistant, sources: Iterable[Source], changed: Callable[[], None]) -> None:
        """Take all sources for fresh; `changed` is called when one is not any more."""
        self._hass = hass
        self._changed = changed
        sources = tuple(sources)
        self._checks = {source.source: 0 for source in sources}
        self._limits = {source.source: STALE + _checks_between_looks(source) for source in sources}

    def start(self) -> CALLBACK_TYPE:
        """Begin to check; return what ends that."""
        return async_track_time_interval(
            self._hass, self._check, CHECK, name="freshness of the homelab", cancel_on_shutdown=True
        )

    def answered(self, source: Source) -> None:
        """Note that a source was looked at."""
        self._checks[source.source] = 0

    def not_seen(self, source: Source) -> Sequence[NotSeen]:
        """Return the whole source where it was not looked at for too long.

        One that is known to be silent is told as such, however long it is tried again.
        """
        is_stale = self._checks.get(source.source, 0) >= self._limits.get(source.source, STALE)
        if not is_stale or not source.last_update_success:
            return ()
        return (NotSeen(source.source, source.name, Unseen(SYSTEM)),)

    @callback
    def _check(self, _now: datetime) -> None:
        self._checks = {source: checks + 1 for source, checks in self._checks.items()}
        if any(self._limits[source] == checks for source, checks in self._checks.items()):
            self._changed()


def _checks_between_looks(source: Source) -> int:
    return int(source.update_interval / CHECK) if source.update_interval else 0
