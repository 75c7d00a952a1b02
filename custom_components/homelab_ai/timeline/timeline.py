"""The timeline: what happened, oldest first, bounded in time and number."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from ..topology import Thing
from .entry import Entry, EntryKind
from .memory import Memory

KEPT = timedelta(days=30)
MOST_ENTRIES = 2000


class Timeline:
    """What happened in the homelab. Times are given, never taken: the same calls, the same result."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        """`stored` is what `as_stored` returned before the restart; what does not fit is left out."""
        stored = stored or {}
        memory = stored.get("memory")
        self._memory = Memory(memory if isinstance(memory, Mapping) else None)
        self._entries: list[Entry] = []
        self._added = 0
        self._looked_at: set[str] = set()
        """Sources that were looked at since the start: what is seen first may have happened long ago."""
        entries = stored.get("entries")
        for entry in entries if isinstance(entries, list) else ():
            with suppress(TypeError, ValueError):
                self._entries.append(Entry.from_stored(entry))
        self._entries.sort(key=_order)
        self._bound()

    @property
    def revision(self) -> int:
        """Return a number that changes with everything that is worth saving."""
        return self._added + self._memory.revision

    def add(self, entry: Entry) -> None:
        """Take what has happened; what is older than the last entries finds its place among them."""
        insort(self._entries, entry, key=_order)
        self._added += 1
        self._bound()

    def observe(
        self, source: str, things: Mapping[str, Thing], changed: Collection[str], now: datetime
    ) -> list[Entry]:
        """Take how the things of a source are now, and return what has happened to them.

        `things` are all that the source has, `changed` the ids of those that came, went or changed. What
        is found at the first look after a start happened while nobody looked, and says so.
        """
        late = source not in self._looked_at
        self._looked_at.add(source)
        gone: Iterable[str] = [thing_id for thing_id in changed if thing_id not in things]
        if late:
            gone = self._memory.missing(source, things)
        present = [things[thing_id] for thing_id in changed if thing_id in things]
        entries = list(self._memory.observe(source, present, gone, now, late=late))
        self._entries.extend(entries)
        self._added += len(entries)
        self._entries.sort(key=_order)
        self._bound()
        return entries

    def lost_sight(self, source: str) -> None:
        """Take note that a source does not answer: what it shows next happened in between."""
        self._looked_at.discard(source)

    def forget(self, source: str) -> None:
        """Drop what is remembered of a source that was removed; what happened there stays."""
        self._memory.forget(source)
        self._looked_at.discard(source)

    def between(
        self,
        since: datetime,
        until: datetime | None = None,
        things: Collection[str] | None = None,
        kinds: Collection[EntryKind] | None = None,
    ) -> list[Entry]:
        """Return what happened from one moment to another, oldest first; of these things or kinds only."""
        first = bisect_left(self._entries, since, key=lambda entry: entry.at)
        return [
            entry
            for entry in self._entries[first:]
            if (until is None or entry.at <= until)
            and (things is None or entry.thing in things)
            and (kinds is None or entry.kind in kinds)
        ]

    def prune(self, now: datetime) -> None:
        """Drop what is older than a month."""
        del self._entries[: bisect_left(self._entries, now - KEPT, key=lambda entry: entry.at)]

    def as_stored(self) -> dict[str, Any]:
        """Return what has to survive a restart, as JSON takes it. May be called in any thread."""
        return {
            "entries": [entry.as_stored() for entry in self._entries.copy()],
            "memory": self._memory.as_stored(),
        }

    def _bound(self) -> None:
        """Drop the oldest of the kind of which there are most, so that a flood of one kind hides no other."""
        while len(self._entries) > MOST_ENTRIES:
            most = Counter(entry.kind for entry in self._entries).most_common(1)[0][0]
            surplus = len(self._entries) - MOST_ENTRIES
            kept: list[Entry] = []
            for entry in self._entries:
                if surplus and entry.kind is most:
                    surplus -= 1
                else:
                    kept.append(entry)
            self._entries = kept


def _order(entry: Entry) -> datetime:
    return entry.at
