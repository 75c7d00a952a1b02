"""A hub: what its entities read, what it tells the bus, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ..agent.agent import Agent
from ..api.errors import ApiAuthenticationError, ApiError, ApiResponseError
from ..const import CONF_VRAM_TOTAL, DOMAIN, LOGGER
from ..events import HubEvent, fire_hub
from ..health.kinds import MODEL_MISSING, STANDBY_OFFLINE, row_of
from ..health.problem import HUB_OFFLINE, Problem, plain
from ..health.unseen import NotSeen
from ..hub.downloads import Download
from ..hub.exposure import Exposure
from ..hub.measurements import Measurements
from ..hub.referee import ALONE, CONTENTION, Finding, FindingKind, Neighbours, Referee
from ..hub.server import HubServer
from ..hub.state import HubState
from ..monitors.capabilities import MeasuresVram
from .damping import Damping
from .device import note_version
from .hub_issues import HubIssues
from .monitor import MonitorCoordinator

HUB_INTERVAL = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class HubData:
    """What a hub's entities read. `offline_since` is None while the hub answers.

    `vram_total` in bytes, None where neither a person nor a measurement says it. `answers_anybody` is None
    where it is not known whether the hub asks for a key, or nobody else reaches it.
    """

    state: HubState
    measurements: Measurements
    findings: tuple[Finding, ...]
    offline_since: datetime | None
    vram_total: int | None = None
    downloads: tuple[Download, ...] = ()
    answers_anybody: bool | None = None

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

    config_entry: ConfigEntry[Any]

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
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
        self.server.downloads.follow(self._show_downloads)
        self.subentry_id = subentry_id
        self._agents = agents
        self.monitors = monitors
        self._referee = Referee()
        self._exposure = Exposure(server.client)
        self._issues = HubIssues(hass, entry.entry_id, server.name, subentry_id)
        self._offline_since: datetime | None = None
        self._told: HubState | None = None
        self._damping = Damping()
        self._closed = False
        self._odd: str | None = None
        self.is_known = False
        """Whether it was looked at; until then its data is that of a hub that is off."""
        self.data = HubData(server.state, server.measurements, (), None)

    def was_offline(self, since: datetime | None) -> None:
        """Take since when it was off before the restart; a hub that answers forgets it."""
        self._offline_since = since

    @property
    def stem(self) -> str:
        """Return what the unique ids of the hub's entities begin with."""
        return self.subentry_id or self.config_entry.entry_id

    @property
    def source(self) -> str:
        """Return what its problems name as their source."""
        return self.stem

    def problems(self, known: Mapping[str, Problem]) -> Mapping[str, Problem] | None:
        """Return what is wrong, by id; of a hub that does not answer also what was `known` of its agents.

        None before it was looked at.
        """
        if not self.is_known:
            return None
        if self.data.state.online:
            missing = (finding for finding in self.data.findings if finding.kind is FindingKind.MODEL_MISSING)
            return {problem.id: problem for problem in map(self._model_missing, missing)}
        agents = {
            key: old for key, old in known.items() if (old.source, old.kind) == (self.source, MODEL_MISSING)
        }
        kind = row_of(HUB_OFFLINE if self.subentry_id is None else STANDBY_OFFLINE)
        problem = Problem(
            id=f"{self.source}:{kind.key}",
            source=self.source,
            kind=kind.key,
            name=self.name,
            severity=kind.severity,
            summary=plain(f"does not answer: {self.data.state.problem}"),
            since=self.data.offline_since,
            subject=(self.source,),
        )
        return agents | {problem.id: problem}

    def _model_missing(self, finding: Finding) -> Problem:
        """Return the problem of an agent whose model no hub has."""
        return Problem(
            id=f"{self.source}:{MODEL_MISSING}:{finding.subject}",
            source=self.source,
            kind=MODEL_MISSING,
            name=str(finding.facts["agent"]),
            severity=row_of(MODEL_MISSING).severity,
            summary=plain(f"no hub that answers has its model {finding.facts['model']}"),
            since=None,
            subject=(self.source,),
        )

    def not_seen(self) -> tuple[NotSeen, ...]:
        """Return nothing: that a hub is off is known, and nothing else of it can be wrong then."""
        return ()

    @property
    def device_identifier(self) -> tuple[str, str]:
        """Return the identifier of the hub's device; the entry's own id is the homelab's as a whole."""
        return (DOMAIN, self.subentry_id or f"{self.config_entry.entry_id}_hub")

    async def _async_update_data(self) -> HubData:
        try:
            data = self._data(await self._look())
            self._odd = None
        except ApiError:
            return self.data  # it is the look that was cut off, not the hub
        except Exception as err:  # noqa: BLE001 - an odd hub breaks itself, and neither the house nor the log
            data = self._unreadable(err)
        self.is_known = True
        return data

    async def _look(self) -> HubState:
        """Return what the hub is doing. Raises ApiError only while this is closed."""
        try:
            state = await self.server.look()
        except ApiError as err:
            if self._closed:
                raise
            return self._offline(err)
        self._offline_since = None
        note_version(self.hass, self.config_entry.entry_id, self.device_identifier, state.version)
        if self._exposure.is_due(state.seen_at):
            look = self._look_at_exposure(state.seen_at)
            self.config_entry.async_create_background_task(self.hass, look, f"exposure of {self.name}")
        return state

    def _unreadable(self, error: Exception) -> HubData:
        """Return what is left of a hub whose answers nobody has expected: one that is off, and says why."""
        name = type(error).__name__
        if self._odd != name:
            LOGGER.error("%s cannot be read: %s", self.name, name, exc_info=error)
        self._odd = name
        state = self._offline(ApiResponseError(f"its answer cannot be read ({name})"))
        return HubData(state, self.server.measurements, (), self._offline_since)

    def _data(self, state: HubState) -> HubData:
        findings = self._referee.judge(state, self._agents, self._neighbours)
        self._issues.update(findings, self._offline_since, state.seen_at)
        return HubData(
            state,
            self.server.measurements,
            findings,
            self._offline_since,
            self._vram_total,
            self.server.downloads.current,
            self._exposure.answers_anybody,
        )

    async def _look_at_exposure(self, now: datetime) -> None:
        """Find out whether the hub answers one who has no key, and show it."""
        await self._exposure.look(now)
        if not self._closed and self.data is not None:
            self.data = replace(self.data, answers_anybody=self._exposure.answers_anybody)
            self.async_update_listeners()

    @property
    def _neighbours(self) -> Neighbours:
        """Return the servers of the same pool, as they were when they were looked at last."""
        if not self._agents:
            return ALONE
        servers = self._agents[0].pool.servers
        own = servers.index(self.server)
        states = [server.state for server in servers]
        return Neighbours(tuple(states[:own]), tuple(states[own + 1 :]))

    @callback
    def _show_downloads(self) -> None:
        """Show how far the downloads are, and what is installed as soon as one is over."""
        if self._closed or not self.is_known:
            return
        before, now = self.data.downloads, self.server.downloads.current
        # Not as new data of the hub: that would put off the next look at it each time.
        self.data = replace(self.data, downloads=now)
        self.async_update_listeners()
        if len(now) < len(before):
            self.config_entry.async_create_background_task(
                self.hass, self.async_request_refresh(), f"refresh {self.name}"
            )

    @callback
    def async_update_listeners(self) -> None:
        """Tell the bus last: who hears of it looks at the entities, and at the health of the homelab."""
        super().async_update_listeners()
        if not self.is_known:
            return
        before, self._told = self._told, self.data.state
        if before is None:
            self._note_first(self._told)
        elif before is not self._told:
            self._tell_bus(before, self._told)

    def _note_first(self, state: HubState) -> None:
        """Begin with how it was found; that it is off belongs into the log all the same."""
        self._damping.tells(state.online)
        if not state.online:
            LOGGER.warning("%s does not answer: %s", self.name, state.problem)

    def _tell_bus(self, before: HubState, state: HubState) -> None:
        """Tell the bus what has happened since the last look; the first look is no news."""
        tell = partial(fire_hub, self.hass, source=self.source, name=self.name)
        if self._damping.tells(state.online):
            if state.online:
                LOGGER.info("%s answers again", self.name)
            else:
                LOGGER.warning("%s does not answer: %s", self.name, state.problem)
            tell(HubEvent.ONLINE if state.online else HubEvent.OFFLINE)
        if not (state.online and before.online):
            return
        loaded, was_loaded = ({model.name for model in metrics.loaded} for metrics in (state, before))
        for model in sorted(loaded - was_loaded):
            tell(HubEvent.MODEL_LOADED, model=model)
        for model in sorted(was_loaded - loaded):
            tell(HubEvent.MODEL_UNLOADED, model=model)

    @property
    def _vram_total(self) -> int | None:
        """Return what is measured of the first hub's GPU, else what a person said; nothing of a standby's."""
        if self.subentry_id is not None:
            return None
        for monitor in self.monitors:
            if monitor.data is None or not isinstance(monitor.monitor, MeasuresVram):
                continue
            if vram := monitor.monitor.vram(monitor.data):
                return vram.total
        gibibytes = self.config_entry.options.get(CONF_VRAM_TOTAL)
        return int(gibibytes * 1024**3) if gibibytes else None

    async def async_close(self) -> None:
        """Close the connections, and take back the repairs: the next start raises what still holds."""
        self._closed = True
        await self.server.downloads.close()
        self._issues.clear()
        await self.server.client.close()

    def _offline(self, error: ApiError) -> HubState:
        state = self.server.went_offline(error)
        if self._offline_since is None:
            self._offline_since = state.seen_at
        if isinstance(error, ApiAuthenticationError):
            if self.subentry_id is None:
                self.config_entry.async_start_reauth(self.hass)
            else:
                self._issues.rejected()
        return state
