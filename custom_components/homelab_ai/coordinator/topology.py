"""The things of the homelab, joined; and the timeline of what happens to them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..events import fire_happened
from ..health.ledger import Change, ChangeKind
from ..health.problem import Problem
from ..language.naming import ThingNames
from ..timeline import Entry, EntryKind, Timeline
from ..timeline.entry import EntryFact
from ..topology import Thing, Topology
from .health import HealthCoordinator
from .hub import HubCoordinator
from .monitor import MonitorCoordinator
from .storage import Saver, load
from .things import hub_things, monitor_things

SAVE_DELAY = 30.0
MOST_TOLD = 20
"""Of what is found at once, so much is told on the bus; the timeline has all of it."""
_ENTRY_KINDS = {ChangeKind.RAISED: EntryKind.RAISED, ChangeKind.RESOLVED: EntryKind.RESOLVED}


class TopologyCoordinator:
    """Joins what hubs and systems tell of, and keeps what has happened.

    It has no entities and asks nobody: it lives on what the other coordinators find.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Know nothing yet."""
        self.hass = hass
        self.topology = Topology()
        self.timeline = Timeline()
        self.names = ThingNames()
        self._entry = entry
        self._store: Store[dict[str, Any]] = timeline_store(hass, entry.entry_id)
        self._saver = Saver(self._store, SAVE_DELAY, self._as_stored)
        self._noted: tuple[Change, ...] = ()
        self._happened: dict[str, object] = {}
        """The data of each system whose happenings are kept."""
        self._unlisten: list[CALLBACK_TYPE] = []
        self._name_listeners: list[CALLBACK_TYPE] = []

    async def async_load(self) -> None:
        """Remember what happened before the restart."""
        self.timeline = await load(self.hass, self._store, Timeline)

    def listen(
        self,
        hubs: Collection[HubCoordinator],
        monitors: Collection[MonitorCoordinator],
        health: HealthCoordinator,
    ) -> None:
        """Take the things of these as they are now and whenever they change, and all changes of problems.

        What was listened to before is not any more.
        """
        self._ignore()
        for hub in hubs:
            self._listen_to(hub, partial(self._take_hub, hub))
        first = next(iter(hubs)).source
        for monitor in monitors:
            self._listen_to(monitor, partial(self._take_monitor, monitor, first))
        self._unlisten.append(health.async_add_listener(partial(self._note_changes, health)))

    def follow(
        self, coordinator: DataUpdateCoordinator[Any], source: str, things: Callable[[], Mapping[str, Thing]]
    ) -> None:
        """Take the things of another source, now and after each of its looks."""
        self._listen_to(coordinator, lambda: self._take(source, things()))

    @callback
    def async_listen_to_names(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call the listener whenever things are called otherwise; return what ends that."""
        self._name_listeners.append(listener)
        return lambda: self._name_listeners.remove(listener)

    def note(self, entry: Entry) -> None:
        """Keep what has happened."""
        self.timeline.add(entry)
        fire_happened(self.hass, entry)
        self._saver.soon()

    def note_mute(self, problem: Problem, by: str, until: datetime | None = None) -> None:
        """Keep that a problem was muted until then, or without `until` that it counts again.

        `by` is "person" or "model".
        """
        kind = EntryKind.UNMUTED if until is None else EntryKind.MUTED
        facts: dict[str, EntryFact] = {"problem_id": problem.id, "by": by}
        if until is not None:
            facts["until"] = until
        self.note(Entry(dt_util.utcnow(), kind, problem.name, problem.source, problem.source, facts))

    async def async_close(self) -> None:
        """Save, and listen to nobody any more."""
        self._ignore()
        self.timeline.prune(dt_util.utcnow())
        await self._store.async_save(await self.hass.async_add_executor_job(self.timeline.as_stored))

    def forget(self, source: str) -> None:
        """Drop the things of a source that was removed; what happened there stays."""
        self._happened.pop(source, None)
        self._renamed(self.topology.report(source, {}))
        self.topology.forget(source)
        self.timeline.forget(source)

    def _ignore(self) -> None:
        while self._unlisten:
            self._unlisten.pop()()

    def _listen_to(self, source: DataUpdateCoordinator[Any], take: CALLBACK_TYPE) -> None:
        self._unlisten.append(source.async_add_listener(take))
        take()

    @callback
    def _take_hub(self, hub: HubCoordinator) -> None:
        if hub.is_known:
            self._take(hub.source, hub_things(hub, self.topology.told_by(hub.source)))

    @callback
    def _take_monitor(self, monitor: MonitorCoordinator, hub: str) -> None:
        self._take(monitor.source, monitor_things(monitor, hub))
        self._note_happenings(monitor)
        if not monitor.online:
            self.timeline.lost_sight(monitor.source)

    def _note_happenings(self, monitor: MonitorCoordinator) -> None:
        """Keep what has happened in a system since it was looked at before, once."""
        if monitor.data is None or self._happened.get(monitor.source) is monitor.data:
            return
        self._happened[monitor.source] = monitor.data
        for happening in monitor.monitor.happenings(monitor.data):
            if happening.entry is not None:
                self.note(
                    Entry(dt_util.utcnow(), happening.entry, happening.name, monitor.source, happening.thing)
                )

    def _take(self, source: str, things: Mapping[str, Thing]) -> None:
        changed = self.topology.report(source, things)
        self._renamed(changed)
        before = self.timeline.revision
        entries = self.timeline.observe(source, things, changed, dt_util.utcnow())
        for entry in entries[-MOST_TOLD:]:
            fire_happened(self.hass, entry)
        if self.timeline.revision != before:
            self._saver.soon()

    def _renamed(self, changed: Iterable[str]) -> None:
        before = self.names.revision
        self.names.update(self.topology, changed)
        if self.names.revision != before:
            for listener in tuple(self._name_listeners):
                listener()

    @callback
    def _note_changes(self, health: HealthCoordinator) -> None:
        """Keep which problems came and went."""
        changes = health.data.changes
        if changes is self._noted:
            return
        self._noted = changes
        now = dt_util.utcnow()
        for change in changes:
            problem = change.problem
            facts = {
                "problem_id": problem.id,
                "kind": problem.kind,
                "severity": problem.severity.value,
                "summary": problem.summary,
            }
            thing = health.ledger.subject(problem) or problem.source
            self.note(Entry(now, _ENTRY_KINDS[change.kind], problem.name, problem.source, thing, facts))

    def _as_stored(self) -> dict[str, Any]:
        return self.timeline.as_stored()


def timeline_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the timeline of a homelab is kept."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}.timeline", serialize_in_event_loop=False)
