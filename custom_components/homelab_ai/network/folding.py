"""Whose made-up address a new one is: a phone that has made up another is no stranger.

A rule finds one candidate or none: where several could be meant, the device is told as a new one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
import re

from .record import FOLDING, Reason, Record, Verdict

AWAY = timedelta(minutes=1)
"""A device that was seen so short a time ago is still there."""
_FRIENDS = (Verdict.KNOWN, Verdict.GUEST, Verdict.IGNORED)
_COMMON = re.compile(r"(?:i?phone|ipad|android(?:[-_].*)?|galaxy.*|pixel.*|localhost|unknown|esp[-_].*)?\Z")
"""Names that many devices have: they tell none from another."""
_PHONE = re.compile(r"i?phone|ipad|android|galaxy|pixel|watch|redmi|oneplus|handy|tablet")


class Friends:
    """The records that a made-up address may belong to, at one moment."""

    def __init__(self, records: Iterable[Record], arrivals: Mapping[str, datetime], now: datetime) -> None:
        """Look at them once, however many addresses are new."""
        self._arrivals = arrivals
        self._away = [
            record
            for record in records
            if record.is_made_up and record.verdict in _FRIENDS and _is_away(record, now)
        ]
        self._by_name: dict[str, list[Record]] = {}
        for record in self._away:
            for name in record.hostnames:
                self._by_name.setdefault(name, []).append(record)

    def find(self, record: Record) -> tuple[Record, Reason] | None:
        """Return the only record that a new one can be another address of, and why."""
        for reason, rule in _RULES:
            candidates = [other for other in rule(self, record) if other is not record]
            if len(candidates) == 1:
                return candidates[0], reason
        return None

    def with_name(self, record: Record) -> Iterable[Record]:
        """Return those that have called themselves the same, where not everybody does."""
        return () if _COMMON.match(record.hostname) else self._by_name.get(record.hostname, ())

    def of_arrived(self, record: Record) -> Iterator[Record]:
        """Yield what those carry who came home when this one was first seen, unless it says who it is."""
        if not _COMMON.match(record.hostname):
            return
        owners = set(arrived(self._arrivals, record.first_seen))
        if owners:
            mine = [other for other in self._away if other.owner in owners]
            yield from mine or (other for other in self._away if not other.owner and _is_phone(other))


_RULES: tuple[tuple[Reason, Callable[[Friends, Record], Iterable[Record]]], ...] = (
    (Reason.SAME_NAME, Friends.with_name),
    (Reason.CAME_HOME, Friends.of_arrived),
)


def arrived(arrivals: Mapping[str, datetime], moment: datetime) -> list[str]:
    """Return who came home about that moment."""
    return [person for person, at in arrivals.items() if abs(at - moment) <= FOLDING]


def _is_away(record: Record, now: datetime) -> bool:
    return not record.is_here and now - record.last_seen >= AWAY


def _is_phone(record: Record) -> bool:
    return any(_PHONE.search(name.lower()) for name in chain(record.hostnames, (record.name,)))
