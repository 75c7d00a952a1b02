"""The timeline: what is an entry, what is found late, and what survives."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

import pytest

from custom_components.homelab_ai.timeline import Entry, EntryKind, Timeline
from custom_components.homelab_ai.timeline.memory import NEWS_WHEN_NEW, TRACKED, Memory, Tracked
from custom_components.homelab_ai.timeline.timeline import KEPT, MOST_ENTRIES
from custom_components.homelab_ai.topology import Fact, State, Thing, ThingKind, Topology

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def thing(kind: ThingKind, name: str = "shop", state: State = State.OK, **facts: Any) -> Thing:
    told = tuple(Fact(key, value) for key, value in facts.items())
    return Thing(f"c/{kind}/{name}", kind, name, "c", state=state, facts=told)


class Looker:
    """Looks at a homelab again and again, and keeps what happened."""

    def __init__(self, timeline: Timeline | None = None) -> None:
        self.timeline = timeline or Timeline()
        self.topology = Topology()
        self.now = NOW

    def look(self, *things: Thing, source: str = "c") -> list[Entry]:
        told = {one.id: one for one in things}
        changed = self.topology.report(source, told)
        self.now += MINUTE
        return self.timeline.observe(source, told, changed, self.now)

    def restart(self) -> Looker:
        """Return another that knows what was stored; all else is gone."""
        other = Looker(Timeline(json.loads(json.dumps(self.timeline.as_stored()))))
        other.now = self.now + timedelta(hours=3)
        return other


def kinds(entries: Iterable[Entry]) -> list[EntryKind]:
    return [entry.kind for entry in entries]


@pytest.mark.parametrize("row", TRACKED, ids=lambda row: f"{row.thing}-{row.fact}")
def test_every_tracked_fact(row: Tracked) -> None:
    at = NOW - timedelta(hours=1)
    one: dict[str, Any] = {row.fact: "first"}
    two: dict[str, Any] = {row.fact: "second"}
    if row.fact == row.at:
        one, two = {row.fact: at - MINUTE}, {row.fact: at}
    when: dict[str, Any] = {row.at: at} if row.at and row.at != row.fact else {}
    looker = Looker()
    assert looker.look(thing(row.thing, **one)) == []
    assert looker.look(thing(row.thing, **one, **when)) == []
    (entry,) = looker.look(thing(row.thing, **two, **when))
    assert (entry.kind, entry.name, entry.noticed_late) == (row.entry, "shop", False)
    assert entry.at == (at if row.at else looker.now)
    assert entry.facts == ({"before": "first", "after": "second"} if row.fact != row.at else {})
    assert looker.timeline.between(NOW - timedelta(days=1)) == [entry]


@pytest.mark.parametrize(("kind", "news"), NEWS_WHEN_NEW.items())
def test_what_comes_and_goes(kind: ThingKind, news: tuple[EntryKind, EntryKind]) -> None:
    looker = Looker()
    assert looker.look(thing(kind)) == []
    assert kinds(looker.look(thing(kind), thing(kind, "other"))) == [news[0]]
    assert kinds(looker.look(thing(kind))) == [news[1]]


def test_pods_come_and_go_without_a_word() -> None:
    looker = Looker()
    looker.look(thing(ThingKind.POD))
    assert looker.look(thing(ThingKind.POD, "another")) == []


def test_hub() -> None:
    looker = Looker()
    assert looker.look(thing(ThingKind.HUB)) == []
    assert kinds(looker.look(thing(ThingKind.HUB, state=State.OFF))) == [EntryKind.HUB_OFF]
    assert looker.look(thing(ThingKind.HUB, state=State.UNKNOWN)) == []
    assert kinds(looker.look(thing(ThingKind.HUB, state=State.TROUBLE))) == [EntryKind.HUB_ON]
    assert looker.look(thing(ThingKind.HUB)) == []


def test_only_what_is_worth_saving_changes_the_revision() -> None:
    looker = Looker()
    looker.look(thing(ThingKind.WORKLOAD, image="shop:1"), thing(ThingKind.POD))
    before = looker.timeline.revision
    looker.look(thing(ThingKind.WORKLOAD, image="shop:1", ready=2), thing(ThingKind.POD, restarts=4))
    assert looker.timeline.revision == before
    looker.look(thing(ThingKind.WORKLOAD, image="shop:2"))
    assert looker.timeline.revision > before


def test_what_happened_during_a_restart_is_found_and_marked() -> None:
    before = Looker()
    done = before.now + timedelta(hours=1)
    before.look(
        thing(ThingKind.WORKLOAD, image="shop:1"),
        thing(ThingKind.GITOPS, revision="main@1"),
        thing(ThingKind.GITOPS, "gone", revision="main@1"),
        thing(ThingKind.BACKUP_PLAN, last_good=NOW - timedelta(days=1)),
    )
    after = before.restart()
    found = after.look(
        thing(ThingKind.WORKLOAD, image="shop:2"),
        thing(ThingKind.GITOPS, revision="main@1"),
        thing(ThingKind.BACKUP_PLAN, last_good=done),
    )
    told = {entry.kind: entry for entry in found}
    assert set(told) == {EntryKind.IMAGE_CHANGED, EntryKind.BACKED_UP, EntryKind.REMOVED}
    assert told[EntryKind.IMAGE_CHANGED].noticed_late
    assert told[EntryKind.REMOVED].noticed_late
    # Its own clock says when.
    assert (told[EntryKind.BACKED_UP].at, told[EntryKind.BACKED_UP].noticed_late) == (done, False)
    assert not after.look(thing(ThingKind.WORKLOAD, image="shop:3"))[0].noticed_late


def test_what_happened_while_a_system_was_silent_is_marked() -> None:
    looker = Looker()
    looker.look(thing(ThingKind.WORKLOAD, image="shop:1"))
    looker.timeline.lost_sight("c")
    assert looker.look(thing(ThingKind.WORKLOAD, image="shop:2"))[0].noticed_late


def test_a_fact_that_is_not_told_for_a_while_is_not_forgotten() -> None:
    looker = Looker()
    looker.look(thing(ThingKind.WORKLOAD, image="shop:1"))
    assert looker.look(thing(ThingKind.WORKLOAD)) == []
    assert looker.look(thing(ThingKind.WORKLOAD, image="shop:1")) == []
    looker.look(thing(ThingKind.WORKLOAD))
    assert kinds(looker.look(thing(ThingKind.WORKLOAD, image="shop:2"))) == [EntryKind.IMAGE_CHANGED]


def test_a_moment_that_lies_ahead_is_not_believed() -> None:
    looker = Looker()
    looker.look(thing(ThingKind.GITOPS, revision="1"))
    (entry,) = looker.look(thing(ThingKind.GITOPS, revision="2", delivered_at=NOW + timedelta(days=1)))
    assert entry.at == looker.now


def test_a_removed_source_begins_anew() -> None:
    looker = Looker()
    looker.look(thing(ThingKind.WORKLOAD, image="shop:1"))
    looker.timeline.forget("c")
    assert looker.look(thing(ThingKind.WORKLOAD, image="shop:2")) == []


def entry(minutes: float, kind: EntryKind = EntryKind.RAISED, thing_id: str = "") -> Entry:
    return Entry(NOW + timedelta(minutes=minutes), kind, f"at {minutes}", "c", thing_id)


def test_between() -> None:
    timeline = Timeline()
    entries = [entry(3), entry(1, EntryKind.MUTED, "x"), entry(2)]
    for one in entries:
        timeline.add(one)
    assert [one.name for one in timeline.between(NOW)] == ["at 1", "at 2", "at 3"]
    assert timeline.between(NOW + 2 * MINUTE) == [entries[2], entries[0]]
    assert timeline.between(NOW, NOW + 2 * MINUTE) == [entries[1], entries[2]]
    assert timeline.between(NOW, things={"x"}) == [entries[1]]
    assert timeline.between(NOW, kinds={EntryKind.RAISED}) == [entries[2], entries[0]]


def test_a_month_is_kept() -> None:
    timeline = Timeline()
    timeline.add(entry(0))
    timeline.add(entry(1))
    timeline.prune(NOW + KEPT + timedelta(seconds=30))
    assert [one.name for one in timeline.between(NOW)] == ["at 1"]


def test_a_flood_of_one_kind_hides_no_other() -> None:
    timeline = Timeline()
    timeline.add(entry(0, EntryKind.HUB_OFF))
    for number in range(1, MOST_ENTRIES + 50):
        timeline.add(entry(number, EntryKind.DELIVERED))
    names = [one.name for one in timeline.between(NOW)]
    assert len(names) == MOST_ENTRIES
    assert (names[0], names[1], names[-1]) == ("at 0", "at 51", f"at {MOST_ENTRIES + 49}")


def test_stored_and_read() -> None:
    timeline = Timeline()
    full = replace(
        entry(1, EntryKind.IMAGE_CHANGED, "t"), noticed_late=True, facts={"before": "a", "n": 1.5, "at": NOW}
    )
    timeline.add(full)
    again = Timeline(json.loads(json.dumps(timeline.as_stored())))
    assert again.between(NOW) == [full]


GOOD = entry(1).as_stored()


@pytest.mark.parametrize(
    "stored",
    [
        None,
        7,
        [],
        {},
        GOOD[:-1],
        ["yesterday", *GOOD[1:]],
        ["2026-11-21T10:00:00", *GOOD[1:]],
        ["0001-01-01T10:00:00+00:00", *GOOD[1:]],
        [GOOD[0], "no such kind", *GOOD[2:]],
        [*GOOD[:2], 7, *GOOD[3:]],
        [*GOOD[:5], [], False],
        [*GOOD[:5], {"n": float("nan")}, False],
        [*GOOD[:5], {"n": [1, 2]}, False],
        [*GOOD[:5], {"n": None}, False],
        [*GOOD[:6], "no"],
    ],
)
def test_a_broken_entry_costs_itself(stored: Any) -> None:
    timeline = Timeline({"entries": [stored, GOOD]})
    assert timeline.between(NOW) == [entry(1)]


@pytest.mark.parametrize(
    "stored", [{"entries": 7, "memory": 7}, {"memory": {"c": 7}}, {"memory": {"c": {"x": 7}}}]
)
def test_a_broken_store_is_empty(stored: Any) -> None:
    assert Timeline(stored).between(NOW) == []


def test_a_broken_memory_costs_itself() -> None:
    good = {"name": "shop", "kind": "workload", "image": "1"}
    known = {
        "c": {"a": good, "b": {"name": "x"}, "d": {**good, "kind": "no such"}, "e": {**good, "image": 7}}
    }
    assert Memory(known).as_stored() == {"c": {"a": good}}


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.homelab_ai.timeline.memory.MOST_REMEMBERED", 2)
    looker = Looker()
    looker.look(*(thing(ThingKind.WORKLOAD, str(number), image="1") for number in range(5)))
    stored = looker.timeline.as_stored()["memory"]["c"]
    assert len(stored) == 2
    looker.look()
    looker.look(thing(ThingKind.WORKLOAD, "9", image="1"))
    assert len(looker.timeline.as_stored()["memory"]["c"]) == 1
