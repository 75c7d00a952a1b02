"""What was known of things when they were looked at last: a change is noticed, also over a restart."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..topology import State, Thing, ThingKind
from .entry import MAX_TEXT, Entry, EntryFact, EntryKind

MOST_REMEMBERED = 20_000
"""Things; more than a large homelab has, and little enough to be stored."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A fact whose change is an entry. `at` is the fact that says when it happened, empty where none does."""

    thing: ThingKind
    fact: str
    entry: EntryKind
    at: str = ""


TRACKED: tuple[Tracked, ...] = (
    Tracked(ThingKind.GITOPS, "revision", EntryKind.DELIVERED, "delivered_at"),
    Tracked(ThingKind.WORKLOAD, "image", EntryKind.IMAGE_CHANGED),
    Tracked(ThingKind.BACKUP_PLAN, "last_good", EntryKind.BACKED_UP, "last_good"),
    Tracked(ThingKind.SYSTEM, "version", EntryKind.UPDATED),
    Tracked(ThingKind.HUB, "version", EntryKind.UPDATED),
    Tracked(ThingKind.CLUSTER, "version", EntryKind.UPDATED),
    Tracked(ThingKind.NODE, "version", EntryKind.UPDATED),
)
"""What is remembered of things. A row more costs a fact of its monitor and a phrase in each language."""
NEWS_WHEN_NEW: Mapping[ThingKind, tuple[EntryKind, EntryKind]] = {
    ThingKind.GITOPS: (EntryKind.APPEARED, EntryKind.REMOVED),
    ThingKind.MODEL: (EntryKind.DOWNLOADED, EntryKind.MODEL_REMOVED),
}
"""Things whose coming and going is an entry; all others come and go all the time."""
_HUB_STATES = {State.OK: EntryKind.HUB_ON, State.TROUBLE: EntryKind.HUB_ON, State.OFF: EntryKind.HUB_OFF}
_BY_KIND: Mapping[ThingKind, tuple[Tracked, ...]] = {
    kind: tuple(row for row in TRACKED if row.thing is kind) for kind in ThingKind
}
_STATE = "state"


class Memory:
    """The tracked facts of things, by source and id.

    A source that is seen for the first time ever takes its bearings: what is there is no news.
    """

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        """`stored` is what `as_stored` returned; what does not fit is left out."""
        self._known: dict[str, dict[str, dict[str, str]]] = {}
        self._count = 0
        self.revision = 0
        """Counts the changes, for whoever saves them."""
        self._read(stored or {})

    def observe(
        self, source: str, changed: Iterable[Thing], gone: Iterable[str], now: datetime, *, late: bool
    ) -> Iterator[Entry]:
        """Yield what happened, seen from how things are now; `late` after a gap in which nobody looked."""
        is_first = source not in self._known
        states = self._known.setdefault(source, {})
        for thing in changed:
            if not self._is_tracked(thing):
                continue
            before = states.get(thing.id)
            if before is None and self._count >= MOST_REMEMBERED:
                continue
            after = _facts(thing, before or {})
            self._count += before is None
            self.revision += after != before
            states[thing.id] = after
            if not is_first:
                yield from _differences(thing, before, after, now, late=late)
        for thing_id in gone:
            if (facts := states.pop(thing_id, None)) is None:
                continue
            self._count -= 1
            self.revision += 1
            if removed := _removed(facts):
                yield Entry(now, removed, facts["name"], source, thing_id, noticed_late=late)

    def missing(self, source: str, present: Mapping[str, Thing]) -> list[str]:
        """Return the ids of remembered things that are not there; after a restart these have gone."""
        return [thing_id for thing_id in self._known.get(source, ()) if thing_id not in present]

    def forget(self, source: str) -> None:
        """Drop a source that was removed."""
        self._count -= len(self._known.pop(source, ()))

    def as_stored(self) -> dict[str, Any]:
        """Return what is remembered as JSON takes it. May be called in any thread."""
        return {source: states.copy() for source, states in self._known.copy().items()}

    @staticmethod
    def _is_tracked(thing: Thing) -> bool:
        return bool(_BY_KIND[thing.kind]) or thing.kind in NEWS_WHEN_NEW

    def _read(self, stored: Mapping[str, Any]) -> None:
        for source, things in stored.items():
            if not isinstance(things, Mapping):
                continue
            states = self._known.setdefault(source, {})
            for thing_id, facts in things.items():
                if self._count < MOST_REMEMBERED and _is_memory(facts):
                    states[thing_id] = dict(facts)
                    self._count += 1


def _facts(thing: Thing, before: Mapping[str, str]) -> dict[str, str]:
    """Return what is remembered of a thing, as texts: only whether it is the same matters.

    What is not told for a while is not forgotten: it may be the same when it is told again.
    """
    facts = {**before, "name": thing.name, "kind": thing.kind.value}
    if thing.kind is ThingKind.HUB and thing.state in _HUB_STATES:
        facts[_STATE] = _HUB_STATES[thing.state].value
    for row in _BY_KIND[thing.kind]:
        if (value := thing.fact(row.fact)) is not None:
            facts[row.fact] = _as_text(value)
    return facts


def _differences(
    thing: Thing, before: Mapping[str, str] | None, after: Mapping[str, str], now: datetime, *, late: bool
) -> Iterator[Entry]:
    if before is None:
        if news := NEWS_WHEN_NEW.get(thing.kind):
            yield Entry(now, news[0], thing.name, thing.source, thing.id, noticed_late=late)
        return
    if _STATE in before and _STATE in after and before[_STATE] != after[_STATE]:
        yield Entry(now, EntryKind(after[_STATE]), thing.name, thing.source, thing.id, noticed_late=late)
    for row in _BY_KIND[thing.kind]:
        if row.fact in before and before[row.fact] != after[row.fact]:
            yield _changed(thing, row, before[row.fact], now, late=late)


def _changed(thing: Thing, row: Tracked, before: str, now: datetime, *, late: bool) -> Entry:
    at = thing.fact(row.at) if row.at else None
    known_when = isinstance(at, datetime) and at <= now
    value = thing.fact(row.fact)
    facts: dict[str, EntryFact] = {}
    if isinstance(value, str | int | float):
        facts = {"before": before, "after": value}
    return Entry(
        at=at.astimezone(UTC) if known_when and isinstance(at, datetime) else now,
        kind=row.entry,
        name=thing.name,
        source=thing.source,
        thing=thing.id,
        facts=facts,
        noticed_late=late and not known_when,
    )


def _removed(facts: Mapping[str, str]) -> EntryKind | None:
    news = NEWS_WHEN_NEW.get(ThingKind(facts["kind"]))
    return news[1] if news else None


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)[:MAX_TEXT]


def _is_memory(facts: Any) -> bool:
    if not isinstance(facts, Mapping) or not {"name", "kind"} <= facts.keys():
        return False
    kinds = [kind.value for kind in ThingKind]
    return facts["kind"] in kinds and all(isinstance(value, str) for value in facts.values())
