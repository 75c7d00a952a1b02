"""The parts that a homelab is made of, from what its entry and subentries store."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_LLM_HASS_API
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import device_registry as dr

from ..agent.agent import Agent, AgentSettings
from ..api.registry import RegistryClient
from ..const import (
    AI_TASK_DATA,
    CONF_CHECK_UPDATES,
    CONF_HABITS,
    CONF_NETWORK,
    CONF_WAKE_ENTITY,
    CONVERSATION,
    DEFAULT_NUM_PREDICT,
    DOMAIN,
    HUB,
    SYSTEM,
)
from ..health.unseen import SYSTEM as WHOLE, NotSeen, Unseen
from ..hub.connection import create_client
from ..hub.pool import HubPool
from ..hub.server import HubServer
from ..hub.wake import wake_hub
from ..monitors import Monitor, kind_of, settings_of
from ..monitors.capabilities import ProposesChanges
from ..monitors.connection import create_monitor
from ..topology import Topology
from .explanations import explanations_store
from .health import health_store
from .homelab import HomelabData
from .hub import HubCoordinator
from .monitor import MonitorCoordinator
from .storage import habits_store, network_store, proposals_store
from .things import own_addresses
from .topology import TopologyCoordinator, timeline_store
from .totals import totals_store
from .updates import UpdatesCoordinator

if TYPE_CHECKING:
    from .habits import HabitCoordinator
    from .network import NetworkCoordinator, Own
    from .proposals import ProposalCoordinator

FIRST_HUB = "Ollama"
"""What the homelab's own hub is called; a standby has the name that its person gave it."""
TASK_NUM_PREDICT = 4096
"""Tokens that an AI task may answer with: nobody waits for it to be spoken, and it may want a long list."""


async def servers(
    hass: HomeAssistant, entry: ConfigEntry[Any], registry: RegistryClient
) -> dict[str | None, HubServer]:
    """Return the hubs by their subentries' ids, None for the first, in order of preference."""
    standbys = entry.get_subentries_of_type(HUB)
    return {
        None: await _server(hass, entry, registry, FIRST_HUB, entry.data),
        **{
            standby.subentry_id: await _server(hass, entry, registry, standby.title, standby.data)
            for standby in standbys
        },
    }


async def _server(
    hass: HomeAssistant, entry: ConfigEntry[Any], registry: RegistryClient, name: str, data: Mapping[str, Any]
) -> HubServer:
    with _certificate_of(name):
        client = await create_client(hass, data)
    # The set-up may still fail, and what was not set up is not unloaded either.
    entry.async_on_unload(client.close)
    return HubServer(name, client, registry, hass.async_create_background_task)


def pool(hass: HomeAssistant, entry: ConfigEntry[Any], servers: Iterable[HubServer]) -> HubPool:
    """Return the hubs as one; a person may have said what wakes them."""
    wake_entity = entry.options.get(CONF_WAKE_ENTITY)
    return HubPool(tuple(servers), partial(wake_hub, hass, wake_entity) if wake_entity else None)


def agents(entry: ConfigEntry[Any], pool: HubPool) -> dict[str, Agent]:
    """Return the agents by their subentries' ids."""
    return {
        subentry.subentry_id: _agent(subentry, pool)
        for subentry_type in (CONVERSATION, AI_TASK_DATA)
        for subentry in entry.get_subentries_of_type(subentry_type)
    }


async def monitors(
    hass: HomeAssistant, entry: ConfigEntry[Any], only: Collection[str] | None = None
) -> tuple[MonitorCoordinator, ...]:
    """Return the monitored systems, or only those of these subentries."""
    systems = [(kind, subentry) for subentry in entry.subentries.values() if (kind := kind_of(subentry))]
    kinds = frozenset(kind for kind, _ in systems)
    return tuple(
        [
            MonitorCoordinator(hass, entry, await _monitor(hass, kind, subentry, kinds))
            for kind, subentry in systems
            if only is None or subentry.subentry_id in only
        ]
    )


def unknown_systems(entry: ConfigEntry[Any]) -> tuple[NotSeen, ...]:
    """Return the systems of a kind that we do not know: a later version has stored them, say."""
    return tuple(
        NotSeen(subentry.subentry_id, subentry.title, Unseen(WHOLE))
        for subentry in entry.get_subentries_of_type(SYSTEM)
        if kind_of(subentry) is None
    )


async def _monitor(
    hass: HomeAssistant, kind: str, subentry: ConfigSubentry, kinds: frozenset[str]
) -> Monitor[Any]:
    with _certificate_of(subentry.title):
        return await create_monitor(
            hass,
            kind,
            settings_of(subentry),
            source=subentry.subentry_id,
            name=subentry.title,
            kinds=kinds,
        )


def updates(
    hass: HomeAssistant, entry: ConfigEntry[Any], hubs: Iterable[HubCoordinator], registry: RegistryClient
) -> tuple[UpdatesCoordinator, ...]:
    """Return what looks for updates of each hub, nothing unless the option says so."""
    if not entry.options.get(CONF_CHECK_UPDATES, False):
        return ()
    return tuple(UpdatesCoordinator(hass, entry, hub, registry) for hub in hubs)


async def add_optional(hass: HomeAssistant, entry: ConfigEntry[Any], homelab: HomelabData) -> None:
    """Add habits, network and proposals where they are wanted; the first two are listed in the inbox."""
    homelab.habits = await habits(hass, entry)
    if homelab.habits is not None:
        homelab.habits.list_in(homelab.inbox)
    topology = homelab.things.topology
    homelab.network = await network(hass, entry, partial(own_addresses, topology, homelab.hubs), topology)
    if homelab.network is not None:
        entry.async_on_unload(homelab.network.list_in(homelab.inbox))
    homelab.proposals = await proposals(hass, entry, homelab.monitors, homelab.things)


async def habits(hass: HomeAssistant, entry: ConfigEntry[Any]) -> HabitCoordinator | None:
    """Return what looks for habits; without the option it is not imported, and what it kept is forgotten."""
    if not entry.options.get(CONF_HABITS, False):
        await habits_store(hass, entry.entry_id).async_remove()
        return None
    module = await hass.async_add_import_executor_job(import_module, ".habits", __package__)
    coordinator: HabitCoordinator = module.HabitCoordinator(hass, entry)
    await coordinator.async_load()
    return coordinator


async def network(
    hass: HomeAssistant, entry: ConfigEntry[Any], own: Own, topology: Topology
) -> NetworkCoordinator | None:
    """Return what listens to the network; without the option it is not imported, and what it kept is gone."""
    if not entry.options.get(CONF_NETWORK, False):
        await network_store(hass, entry.entry_id).async_remove()
        return None
    module = await hass.async_add_import_executor_job(import_module, ".network", __package__)
    coordinator: NetworkCoordinator = module.NetworkCoordinator(hass, entry, own, topology)
    await coordinator.async_load()
    return coordinator


async def proposals(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    monitors: Sequence[MonitorCoordinator],
    things: TopologyCoordinator,
) -> ProposalCoordinator | None:
    """Return what proposes changes; without a forge it is not imported, and what was proposed is kept."""
    if not any(isinstance(monitor.monitor, ProposesChanges) for monitor in monitors):
        return None
    module = await hass.async_add_import_executor_job(import_module, ".proposals", __package__)
    coordinator: ProposalCoordinator = module.ProposalCoordinator(hass, entry, monitors, things)
    await coordinator.async_load()
    return coordinator


def devices(hass: HomeAssistant, entry: ConfigEntry[Any], hub: HubCoordinator) -> tuple[str, str]:
    """Return the ids of the devices of homelab and hub: others hang below these, so they come first."""
    devices = dr.async_get(hass)
    homelab = devices.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, entry.entry_id)}, name=entry.title
    )
    device = devices.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={hub.device_identifier},
        name=FIRST_HUB,
        via_device_id=homelab.id,
    )
    return homelab.id, device.id


async def forget(hass: HomeAssistant, entry_id: str) -> None:
    """Forget all that is kept of a homelab over restarts."""
    of_the_homelab = (health_store, explanations_store, timeline_store, totals_store)
    for store in (*of_the_homelab, habits_store, network_store, proposals_store):
        await store(hass, entry_id).async_remove()


@contextmanager
def _certificate_of(name: str) -> Iterator[None]:
    """Say whose authority's certificate is none."""
    try:
        yield
    except ValueError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="invalid_ca_certificate",
            translation_placeholders={"system": name},
        ) from err


def _agent(subentry: ConfigSubentry, pool: HubPool) -> Agent:
    longest = TASK_NUM_PREDICT if subentry.subentry_type == AI_TASK_DATA else DEFAULT_NUM_PREDICT
    return Agent(
        subentry.subentry_id,
        subentry.title,
        AgentSettings.from_subentry(subentry.data, longest),
        pool,
        needs_tools=bool(subentry.data.get(CONF_LLM_HASS_API)),
    )
