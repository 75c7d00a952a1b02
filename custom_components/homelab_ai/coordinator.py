"""The coordinators: what entities read, refreshed by polling and hurried by events."""

import asyncio
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .api.errors import ApiAuthenticationError, ApiConnectionError, ApiError
from .api.registry import RegistryClient, Upstream
from .const import CONF_VRAM_TOTAL, DOMAIN, LOGGER
from .errors import translated
from .events import HubEvent, fire_change, fire_hub
from .health.ledger import HealthData, Ledger
from .health.problem import HUB_OFFLINE, Problem, Severity, plain
from .hub.agent import Agent
from .hub.issues import HubIssues
from .hub.measurements import Measurements
from .hub.pool import HubPool
from .hub.referee import CONTENTION, Finding, FindingKind, Referee
from .hub.server import HubServer
from .hub.state import HubState
from .monitors import Monitor
from .monitors.issues import monitor_accepted, monitor_rejected
from .monitors.prometheus import PrometheusData

HUB_INTERVAL = timedelta(seconds=30)
UPDATES_INTERVAL = timedelta(hours=12)
STREAM_COOLDOWN = 0.2
"""Seconds between two looks that a stream hurries; the first is at once."""
FETCH_TIMEOUT = 60.0
"""Seconds for all that one look at a system asks."""
SETUP_PATIENCE = 3.0
"""Seconds in which a system can be there from the beginning; the others are as soon as they answer."""
SAVE_DELAY = 30.0
LONGEST_WAIT = timedelta(days=1)
"""A deadline further away is found again by the next report long before."""


@dataclass(frozen=True, slots=True)
class HubData:
    """What a hub's entities read. `offline_since` is None while the hub answers.

    `vram_total` in bytes, None where neither a person nor a measurement says it.
    """

    state: HubState
    measurements: Measurements
    findings: tuple[Finding, ...]
    offline_since: datetime | None
    vram_total: int | None = None

    @property
    def contention(self) -> tuple[Finding, ...]:
        """Return where clients get in each other's way."""
        return tuple(finding for finding in self.findings if finding.kind in CONTENTION)

    @property
    def spilling(self) -> tuple[Finding, ...]:
        """Return the models that did not fit in the GPU's memory."""
        return tuple(finding for finding in self.findings if finding.kind is FindingKind.MODEL_SPILLS)


class HubCoordinator(DataUpdateCoordinator[HubData]):
    """One Ollama server. That it is off is data, not a failed update."""

    config_entry: HomelabConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: HomelabConfigEntry,
        server: HubServer,
        agents: tuple[Agent, ...],
        subentry_id: str | None = None,
        *,
        monitors: tuple[MonitorCoordinator, ...] = (),
    ) -> None:
        """`agents` are those that this server is judged by; `subentry_id` is None for the first hub.

        One of the `monitors` may measure the GPU.
        """
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=server.name,
            update_interval=HUB_INTERVAL,
            # Several requests of one turn are one look, and that soon after the last.
            request_refresh_debouncer=Debouncer(hass, LOGGER, cooldown=1.0, immediate=False),
        )
        self.server = server
        self.subentry_id = subentry_id
        self._agents = agents
        self._monitors = monitors
        self._referee = Referee()
        self._issues = HubIssues(hass, entry.entry_id, server.name, subentry_id)
        self._offline_since: datetime | None = None
        self._closed = False

    @property
    def stem(self) -> str:
        """Return what the unique ids of the hub's entities begin with."""
        return self.subentry_id or self.config_entry.entry_id

    @property
    def source(self) -> str:
        """Return what its problems name as their source."""
        return self.stem

    def problems(self, known: Mapping[str, Problem]) -> Mapping[str, Problem]:
        """Return the hub's own problem while it does not answer, by its id, whatever is `known`."""
        if self.data.state.online:
            return {}
        first = self.subentry_id is None
        problem = Problem(
            id=f"{self.source}:{HUB_OFFLINE}" if first else f"{self.source}:standby_offline",
            source=self.source,
            kind=HUB_OFFLINE if first else "standby_offline",
            name=self.name,
            severity=Severity.WARNING if first else Severity.INFO,
            summary=plain(f"does not answer: {self.data.state.problem}"),
            since=self.data.offline_since,
        )
        return {problem.id: problem}

    @property
    def device_identifier(self) -> tuple[str, str]:
        """Return the identifier of the hub's device; the entry's own id is the homelab's as a whole."""
        return (DOMAIN, self.subentry_id or f"{self.config_entry.entry_id}_hub")

    async def _async_update_data(self) -> HubData:
        try:
            state = await self.server.look()
        except ApiError as err:
            if self._closed:
                return self.data  # it is the look that was cut off, not the hub
            state = self._offline(err)
        else:
            if self._offline_since is not None:
                LOGGER.info("%s answers again", self.name)
            self._offline_since = None
            _note_version(self, state.version)
        self._tell_bus(state)
        findings = self._referee.judge(state, self._agents)
        self._issues.update(findings, self._offline_since, state.seen_at)
        return HubData(state, self.server.measurements, findings, self._offline_since, self._vram_total)

    def _tell_bus(self, state: HubState) -> None:
        """Tell the bus what has happened since the last look; the first look is no news."""
        if not self.last_update_success or self.data is None:
            return
        before = self.data.state
        tell = partial(fire_hub, self.hass, source=self.source, name=self.name)
        if state.online != before.online:
            tell(HubEvent.ONLINE if state.online else HubEvent.OFFLINE)
        if not (state.online and before.online):
            return
        loaded, was_loaded = ({one.name for one in each.loaded} for each in (state, before))
        for model in sorted(loaded - was_loaded):
            tell(HubEvent.MODEL_LOADED, model=model)
        for model in sorted(was_loaded - loaded):
            tell(HubEvent.MODEL_UNLOADED, model=model)

    @property
    def _vram_total(self) -> int | None:
        """Return what is measured of the first hub's GPU, else what a person said; nothing of a standby's."""
        if self.subentry_id is not None:
            return None
        for monitor in self._monitors:
            if isinstance(monitor.data, PrometheusData) and monitor.data.vram is not None:
                return monitor.data.vram.total
        gibibytes = self.config_entry.options.get(CONF_VRAM_TOTAL)
        return int(gibibytes * 1024**3) if gibibytes else None

    async def async_close(self) -> None:
        """Close the connections, and take back the repairs: the next start raises what still holds."""
        self._closed = True
        self._issues.clear()
        await self.server.client.close()

    def _offline(self, error: ApiError) -> HubState:
        state = self.server.went_offline(error)
        if self._offline_since is None:
            LOGGER.warning("%s does not answer: %s", self.name, error)
            self._offline_since = state.seen_at
        if isinstance(error, ApiAuthenticationError):
            if self.subentry_id is None:
                self.config_entry.async_start_reauth(self.hass)
            else:
                self._issues.rejected()
        return state


@dataclass(frozen=True, slots=True)
class UpdatesData:
    """What is newest upstream: the server's version, and each installed model by name."""

    server: str | None = None
    models: Mapping[str, Upstream] = field(default_factory=dict)


class UpdatesCoordinator(DataUpdateCoordinator[UpdatesData]):
    """What newer versions there are for one hub; leaves the house, so only where it is wanted."""

    config_entry: HomelabConfigEntry

    def __init__(self, hass: HomeAssistant, entry: HomelabConfigEntry, hub: HubCoordinator) -> None:
        """Know nothing yet."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"updates of {hub.name}",
            update_interval=UPDATES_INTERVAL,
            always_update=False,
        )
        self.hub = hub
        self.data = UpdatesData()
        self._registry = RegistryClient(async_get_clientsession(hass))
        self._asked: frozenset[str] | None = None

    def has_asked_for(self, models: Set[str]) -> bool:
        """Return whether all of these models were asked for; the next look may be half a day away."""
        return self._asked is not None and models <= self._asked

    async def _async_update_data(self) -> UpdatesData:
        self._asked = frozenset(model.name for model in self.hub.data.state.installed)
        models: dict[str, Upstream] = {}
        try:
            # One after another: this is somebody else's server.
            for name in sorted(self._asked):
                if upstream := await self._registry.upstream(name):
                    models[name] = upstream
        except ApiError as err:
            raise translated(UpdateFailed, err, "ollama.com") from err
        return UpdatesData(await self._registry.latest_server(), models)


class MonitorCoordinator(DataUpdateCoordinator[Any]):
    """One system of the homelab; its data is of the type that its monitor fetches.

    Polled, and hurried by the monitor's stream where it has one: a stream that falls over costs nothing
    but going back to polling.
    """

    config_entry: HomelabConfigEntry

    def __init__(self, hass: HomeAssistant, entry: HomelabConfigEntry, monitor: Monitor[Any]) -> None:
        """Know nothing of the system yet."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=monitor.settings.name,
            update_interval=monitor.interval,
        )
        self.monitor = monitor
        self._hurry: Debouncer[Any] = Debouncer(
            hass, LOGGER, cooldown=STREAM_COOLDOWN, immediate=True, function=self.async_refresh
        )

    @property
    def source(self) -> str:
        """Return what its problems name as their source: the id of its subentry."""
        return self.monitor.settings.source

    @property
    def device_identifier(self) -> tuple[str, str]:
        """Return the identifier of the system's device."""
        return (DOMAIN, self.source)

    def follow(self) -> None:
        """Begin to follow the system's stream, for as long as the entry is loaded."""
        if self.monitor.follows:
            self.config_entry.async_create_background_task(
                self.hass, self.monitor.follow(self._hurry.async_schedule_call), f"follow {self.name}"
            )

    @property
    def online(self) -> bool | None:
        """Return whether the system answers; None before it was looked at."""
        return None if self.last_update_success and self.data is None else self.last_update_success

    @property
    def failure(self) -> str | None:
        """Return why the system does not answer, None while it does."""
        if self.last_update_success:
            return None
        # Home Assistant's error is a sentence about the system; its cause is what was wrong.
        error = self.last_exception
        return str((error and error.__cause__) or error)

    def problems(self, known: Mapping[str, Problem]) -> Mapping[str, Problem] | None:
        """Return what is wrong, by id; None before anything is known.

        While the system does not answer, that is the problem, and what it said last still stands: if that
        was before a restart, it is what is `known`.
        """
        if self.online is None:
            return None
        said = known if self.data is None else self.monitor.problems(self.data)
        if self.online:
            return said
        offline = self.monitor.problem(
            "offline", "offline", self.name, Severity.WARNING, f"does not answer: {self.failure}"
        )
        return {**said, offline.id: offline}

    async def async_shutdown(self) -> None:
        """Stop polling and hurrying."""
        self._hurry.async_shutdown()
        await super().async_shutdown()

    def close(self) -> None:
        """Take back the repair: the next start raises it if it still holds."""
        monitor_accepted(self.hass, self.source)

    async def _async_update_data(self) -> Any:
        try:
            data = await self._fetch()
        except ApiError as err:
            if isinstance(err, ApiAuthenticationError):
                monitor_rejected(self.hass, self.source, self.name)
            raise translated(UpdateFailed, err, self.name) from err
        monitor_accepted(self.hass, self.source)
        _note_version(self, self.monitor.version(data))
        return data

    async def _fetch(self) -> Any:
        try:
            async with asyncio.timeout(FETCH_TIMEOUT):
                return await self.monitor.fetch()
        except TimeoutError as err:
            raise ApiConnectionError("timed out") from err


class HealthCoordinator(DataUpdateCoordinator[HealthData]):
    """The ledger: all problems of the homelab, as the hubs and the monitors report them."""

    config_entry: HomelabConfigEntry

    def __init__(self, hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
        """Know nothing yet; it has no interval, for it lives on what the others find."""
        super().__init__(hass, LOGGER, config_entry=entry, name=f"health of {entry.title}")
        self.data = HealthData()
        self.ledger = Ledger()
        self._store: Store[dict[str, Any]] = health_store(hass, entry.entry_id)
        self._is_saving = False
        self._cancel_deadline: CALLBACK_TYPE | None = None
        self._unlisten: list[CALLBACK_TYPE] = []

    async def async_load(self) -> None:
        """Remember what was wrong, and what was muted, before the restart."""
        self.ledger = Ledger(await self._store.async_load())

    def listen(self, sources: Collection[HubCoordinator | MonitorCoordinator]) -> None:
        """Take what these have found, and from now on whatever they find; forget all others."""
        for gone in self.ledger.sources - {source.source for source in sources}:
            self.ledger.forget(gone)
        for source in sources:
            self._unlisten.append(source.async_add_listener(partial(self._report, source)))
            self._take(source)
        self.settle()

    def settle(self) -> None:
        """Bring the data up to date after a mute, or when the ledger asked for it."""
        self._settle()
        self._save_soon()

    def _settle(self) -> None:
        now = dt_util.utcnow()
        data = self.ledger.settle(now)
        if _ids(data) != _ids(self.data):
            self._save_soon()
        self._set_deadline(now)
        self.async_set_updated_data(data)
        for change in data.changes:
            fire_change(self.hass, change)

    async def async_close(self) -> None:
        """Save, and wait for nothing any more."""
        while self._unlisten:
            self._unlisten.pop()()
        if self._cancel_deadline is not None:
            self._cancel_deadline()
            self._cancel_deadline = None
        await self._store.async_save(self.ledger.as_stored())

    def _report(self, source: HubCoordinator | MonitorCoordinator) -> None:
        self._take(source)
        self._settle()

    def _take(self, source: HubCoordinator | MonitorCoordinator) -> None:
        problems = source.problems(self.ledger.known(source.source))
        if problems is not None:
            self.ledger.report(source.source, problems, dt_util.utcnow())

    def _save_soon(self) -> None:
        """Save a little later, once: a save that is put off again and again would never be."""
        if not self._is_saving:
            self._is_saving = True
            self._store.async_delay_save(self._as_stored, SAVE_DELAY)

    def _as_stored(self) -> dict[str, Any]:
        self._is_saving = False
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


def _note_version(coordinator: HubCoordinator | MonitorCoordinator, version: str | None) -> None:
    """Keep the version on the device's page: its entities tell it only when they are added."""
    registry = dr.async_get(coordinator.hass)
    entry_id = coordinator.config_entry.entry_id
    device = registry.async_get_device_by_identifier(coordinator.device_identifier, entry_id)
    if device is not None:
        registry.async_update_device(device.id, sw_version=version)


def health_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the ledger of a homelab is kept."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}", serialize_in_event_loop=False)


@dataclass(slots=True)
class HomelabData:
    """All that runs for one homelab. The first hub is the homelab's own, standby hubs follow."""

    name: str
    pool: HubPool
    hubs: tuple[HubCoordinator, ...]
    updates: tuple[UpdatesCoordinator, ...]
    agents: dict[str, Agent]
    monitors: tuple[MonitorCoordinator, ...]
    health: HealthCoordinator
    homelab_device_id: str
    hub_device_id: str

    def hurry(self) -> None:
        """Look at the hubs soon: a request has just changed what they are doing."""
        for hub in self.hubs:
            hub.config_entry.async_create_background_task(
                hub.hass, hub.async_request_refresh(), f"refresh {hub.name}"
            )


type HomelabConfigEntry = ConfigEntry[HomelabData]
