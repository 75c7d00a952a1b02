"""The coordinators: what entities read, refreshed by polling and hurried by events."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .api.errors import ApiAuthenticationError, ApiError
from .api.registry import RegistryClient, Upstream
from .const import CONF_VRAM_TOTAL, DOMAIN, LOGGER
from .errors import translated
from .hub.agent import Agent
from .hub.issues import HubIssues
from .hub.measurements import Measurements
from .hub.pool import HubPool
from .hub.referee import CONTENTION, Finding, FindingKind, Referee
from .hub.server import HubServer
from .hub.state import HubState

HUB_INTERVAL = timedelta(seconds=30)
UPDATES_INTERVAL = timedelta(hours=12)


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
    ) -> None:
        """`agents` are those that this server is judged by; `subentry_id` is None for the first hub."""
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
        self._referee = Referee()
        self._issues = HubIssues(hass, entry.entry_id, server.name, subentry_id)
        self._offline_since: datetime | None = None
        self._closed = False

    @property
    def stem(self) -> str:
        """Return what the unique ids of the hub's entities begin with."""
        return self.subentry_id or self.config_entry.entry_id

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
            self._note_version(state)
        findings = self._referee.judge(state, self._agents)
        self._issues.update(findings, self._offline_since, state.seen_at)
        return HubData(state, self.server.measurements, findings, self._offline_since, self._vram_total)

    @property
    def _vram_total(self) -> int | None:
        """Return what the person said of the first hub's GPU; of a standby's nothing is known."""
        gibibytes = self.config_entry.options.get(CONF_VRAM_TOTAL)
        return int(gibibytes * 1024**3) if gibibytes and self.subentry_id is None else None

    def _note_version(self, state: HubState) -> None:
        """Keep the version on the device's page: its entities tell it only when they are added."""
        registry = dr.async_get(self.hass)
        device = registry.async_get_device_by_identifier(self.device_identifier, self.config_entry.entry_id)
        if device is not None:
            registry.async_update_device(device.id, sw_version=state.version)

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


@dataclass(slots=True)
class HomelabData:
    """All that runs for one homelab. The first hub is the homelab's own, standby hubs follow."""

    name: str
    pool: HubPool
    hubs: tuple[HubCoordinator, ...]
    updates: tuple[UpdatesCoordinator, ...]
    agents: dict[str, Agent]
    hub_device_id: str

    def hurry(self) -> None:
        """Look at the hubs soon: a request has just changed what they are doing."""
        for hub in self.hubs:
            hub.config_entry.async_create_background_task(
                hub.hass, hub.async_request_refresh(), f"refresh {hub.name}"
            )


type HomelabConfigEntry = ConfigEntry[HomelabData]
