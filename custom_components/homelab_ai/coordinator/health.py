"""The health of the homelab: the ledger of all problems, kept up to date and saved."""

from collections import deque
from collections.abc import Collection, Iterator, Set
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..api.breath import Breath
from ..const import DOMAIN, LOGGER
from ..events import fire_change
from ..health.ledger import FOREVER, Change, ChangeKind, HealthData, Ledger
from ..health.model_mutes import ModelMutes
from ..health.pages import page_about
from ..health.problem import Problem
from ..health.tool_time import ToolTime
from ..health.unseen import NotSeen
from ..topology import Topology, losses
from .clock import Clock
from .explanations import RememberedExplanations
from .freshness import Freshness
from .source import Source
from .storage import Saver, load

SAVE_DELAY = 30.0
MOST_UNTOLD = 20_000
"""Changes that wait to be told to the bus, which takes some thousands a second."""
SAVE_SOON = 2.0
"""Seconds until what a person has decided is on the disk, a mute for example."""
START_PATIENCE = timedelta(seconds=5)
"""After Home Assistant's start: automations begin to listen then."""
LONGEST_WAIT = timedelta(days=1)
"""A deadline further away is found again by the next report long before."""


class HealthCoordinator(DataUpdateCoordinator[HealthData]):
    """The ledger: all problems of the homelab, as the hubs and the monitors report them."""

    config_entry: ConfigEntry[Any]

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], topology: Topology) -> None:
        """Know nothing yet; it has no interval, for it lives on what the others find.

        The topology is to know what a source tells of before its problems are reported here.
        """
        super().__init__(hass, LOGGER, config_entry=entry, name=f"health of {entry.title}")
        self.data = HealthData()
        self.ledger = Ledger(topology=topology)
        self._topology = topology
        self.explanations = RememberedExplanations(hass, entry)
        self.model_mutes = ModelMutes()
        self.tool_time = ToolTime()
        self._store: Store[dict[str, Any]] = health_store(hass, entry.entry_id)
        self._saver = Saver(self._store, SAVE_DELAY, self._as_stored)
        self._cancel_deadline: CALLBACK_TYPE | None = None
        self._unlisten: list[CALLBACK_TYPE] = []
        self._is_heard = hass.state is CoreState.running
        self._unheard: tuple[Change, ...] = ()
        self._untold: deque[Change] = deque(maxlen=MOST_UNTOLD)
        self._not_seen: dict[str, tuple[NotSeen, ...]] = {}
        self._unknown: tuple[NotSeen, ...] = ()
        self._clock = Clock()
        self._is_telling = False
        self._sources: Collection[Source] = ()
        self._freshness = Freshness(hass, (), self._settle)

    async def async_load(self) -> None:
        """Remember what was wrong, and what was muted, before the restart."""
        self.ledger = await load(self.hass, self._store, lambda stored: Ledger(stored, self._topology))
        await self.explanations.async_load()

    def offline_since(self, hub: str) -> datetime | None:
        """Return since when a hub was off before the restart; not answering is all that one can have."""
        return next(map(self.ledger.since, self.ledger.known(hub).values()), None)

    def page(self, problem: Problem) -> str:
        """Return the address of the page about a problem, see `page_about`."""
        return page_about(problem, self._topology)

    def since(self, problem: Problem) -> datetime | None:
        """Return since when a problem is there, see `Ledger.since`."""
        return self.ledger.since(problem)

    def house(self, problem: Problem) -> tuple[str, ...]:
        """Return the integrations of Home Assistant that depend on what has the problem."""
        thing = self._topology.subject(problem.subject, problem.source)
        return losses(self._topology, thing.id) if thing is not None else ()

    def mute(self, problem_id: str, until: datetime | None, *, confirmed: bool | None = None) -> None:
        """Do not count a problem until then, also where it comes back meanwhile; see `Ledger.mute`."""
        self.ledger.mute(problem_id, until, now=dt_util.utcnow(), confirmed=confirmed)
        self.settle()

    def unmute(self, problem_id: str) -> bool:
        """Count a problem again; return whether it was muted."""
        was_muted = self.ledger.unmute(problem_id)
        self.settle()
        return was_muted

    def is_muted(self, problem_id: str) -> bool:
        """Return whether a problem is muted, also one that is not there at the moment."""
        return self.ledger.muted_until(problem_id) is not None

    def muted_until(self, problem_id: str) -> datetime | None:
        """Return until when a problem is muted, None where that has no end."""
        end = self.ledger.muted_until(problem_id)
        return None if end == FOREVER else end

    def listen(self, sources: Collection[Source], unknown: Collection[NotSeen] = ()) -> None:
        """Take what these have found, and from now on whatever they find; forget all others.

        What is `unknown` is stored, and of a kind that nobody here can look at.
        """
        self._unknown = tuple(unknown)
        self._ignore()
        for gone in self.ledger.sources - {source.source for source in sources}:
            self.ledger.forget(gone)
        self._sources = sources
        self._freshness = Freshness(self.hass, sources, self._settle)
        self._unlisten.append(self._freshness.start())
        for source in sources:
            self._unlisten.append(source.async_add_listener(partial(self._report, source)))
            self._take(source)
        self._settle()
        self._saver.soon()
        if not self._is_heard:
            self._unlisten.append(async_at_started(self.hass, self._started))

    def _ignore(self) -> None:
        while self._unlisten:
            self._unlisten.pop()()

    @callback
    def _started(self, hass: HomeAssistant) -> None:
        self._unlisten.append(async_call_later(hass, START_PATIENCE, self._heard))

    @callback
    def _heard(self, _now: datetime) -> None:
        self._is_heard = True
        self.settle()

    async def async_request_refresh(self) -> None:
        """Settle, for who asks for an update of an entity: the hubs and the systems are asked by theirs."""
        self.settle()

    def settle(self) -> None:
        """Bring the data up to date after a mute, or when the ledger asked for it."""
        self._settle()
        self._saver.sooner(SAVE_SOON)

    def _settle(self) -> None:
        now = self._now()
        settled = self.ledger.settle(now)
        # What was told must not be told again after a restart, also where the same problems are there.
        if settled.changes or _ids(settled) != _ids(self.data):
            self._saver.soon()
        settled = replace(settled, changes=tuple(map(self._with_house, settled.changes)))
        data = replace(self._audible(settled), not_seen=tuple(self._unseen()))
        self._set_deadline(now)
        self.async_set_updated_data(data)
        self._untold.extend(data.changes)
        if self._untold and not self._is_telling:
            self.config_entry.async_create_background_task(self.hass, self._tell(), f"tell of {self.name}")

    def _with_house(self, change: Change) -> Change:
        """Return a trouble that begins with what of the house it takes with it."""
        lost = self.house(change.problem) if change.kind is ChangeKind.RAISED else ()
        return replace(change, house=lost) if lost else change

    def _unseen(self) -> Iterator[NotSeen]:
        """Yield what is not seen; of a source that is not looked at any more that is all of it."""
        yield from self._unknown
        for source in self._sources:
            yield from self._freshness.not_seen(source) or self._not_seen.get(source.source, ())

    async def _tell(self) -> None:
        """Tell the bus what has changed; that may be thousands of problems."""
        breath = Breath()
        self._is_telling = True
        try:
            while self._untold:
                fire_change(self.hass, self._untold.popleft(), self.page)
                await breath.draw()
        finally:
            self._is_telling = False

    def _audible(self, data: HealthData) -> HealthData:
        """Keep changes back while Home Assistant starts: no automation would hear of them."""
        changes = (*self._unheard, *data.changes)
        self._unheard = () if self._is_heard else changes
        return replace(data, changes=changes if self._is_heard else ())

    async def async_close(self) -> None:
        """Save, and wait for nothing any more."""
        self._ignore()
        if self._cancel_deadline is not None:
            self._cancel_deadline()
            self._cancel_deadline = None
        while self._untold:
            fire_change(self.hass, self._untold.popleft(), self.page)
        await self._store.async_save(await self.hass.async_add_executor_job(self.ledger.as_stored))
        await self.explanations.async_save()

    def _report(self, source: Source) -> None:
        self._freshness.answered(source)
        self._take(source)
        self._settle()

    def _take(self, source: Source) -> None:
        self._not_seen[source.source] = source.not_seen()
        problems = source.problems(self.ledger.known(source.source))
        if problems is not None:
            self.ledger.report(source.source, problems, self._now())

    def _now(self) -> datetime:
        """Return the time; what waits for something waits as long where somebody has set the clock."""
        now = dt_util.utcnow()
        if by := self._clock.was_set(now):
            self.ledger.clock_was_set(by)
        return now

    def _as_stored(self) -> dict[str, Any]:
        return self.ledger.as_stored()

    def _set_deadline(self, now: datetime) -> None:
        if self._cancel_deadline is not None:
            self._cancel_deadline()
            self._cancel_deadline = None
        deadline = self.ledger.next_deadline()
        if deadline is not None and deadline - now < LONGEST_WAIT:
            self._cancel_deadline = async_call_later(
                self.hass, max(timedelta(seconds=1), deadline - now), self._deadline
            )

    @callback
    def _deadline(self, _now: datetime) -> None:
        self._cancel_deadline = None
        self.settle()


def _ids(data: HealthData) -> tuple[Set[str], ...]:
    """Return which problems there are; what changes here is worth saving."""
    groups = (data.problems, data.muted, chain.from_iterable(data.consequences.values()))
    return tuple({problem.id for problem in group} for group in groups)


def health_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the ledger of a homelab is kept."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}", serialize_in_event_loop=False)
