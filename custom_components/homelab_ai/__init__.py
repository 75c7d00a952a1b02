"""Homelab AI: the one Ollama hub of a homelab as the brain of the house."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_LLM_HASS_API, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .agent.agent import Agent, AgentSettings
from .assistant.sentences import async_register_sentences
from .const import (
    AI_TASK_DATA,
    CONF_CHECK_UPDATES,
    CONF_WAKE_ENTITY,
    CONVERSATION,
    DEFAULT_NUM_PREDICT,
    DOMAIN,
    HUB,
)
from .coordinator import (
    HealthCoordinator,
    HomelabConfigEntry,
    HomelabData,
    HubCoordinator,
    MonitorCoordinator,
    TopologyCoordinator,
    Totals,
    UpdatesCoordinator,
    health_store,
    timeline_store,
    totals_store,
)
from .coordinator.explanations import explanations_store
from .hub.connection import create_client, create_registry
from .hub.pool import HubPool
from .hub.server import HubServer
from .hub.wake import wake_hub
from .llm import async_offer_api
from .monitors import MONITORS, Monitor
from .monitors.connection import create_monitor
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
SETUP_PATIENCE = 3.0
"""Seconds in which a system can be there from the beginning; the others are as soon as they answer."""
FIRST_HUB = "Ollama"
"""What the homelab's own hub is called; a standby has the name that its person gave it."""
TASK_NUM_PREDICT = 4096
"""Tokens that an AI task may answer with: nobody waits for it to be spoken, and it may want a long list."""
PLATFORMS = (
    Platform.AI_TASK,
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CONVERSATION,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.UPDATE,
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Offer what does not depend on any one homelab."""
    async_setup_services(hass)
    await async_register_sentences(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: HomelabConfigEntry) -> bool:
    """Set up a homelab; that its hub is off does not keep it from loading."""
    # First: what a person changes while the hubs are asked below is a reason to begin anew.
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    servers = await _servers(hass, entry)
    wake_entity = entry.options.get(CONF_WAKE_ENTITY)
    wake = partial(wake_hub, hass, wake_entity) if wake_entity else None
    pool = HubPool(tuple(servers.values()), wake)
    agents = _agents(entry, pool)
    monitors = await _monitors(hass, entry)
    hubs = tuple(
        HubCoordinator(hass, entry, server, tuple(agents.values()), subentry_id, monitors=monitors)
        for subentry_id, server in servers.items()
    )
    wants_updates = entry.options.get(CONF_CHECK_UPDATES, False)
    updates = tuple(UpdatesCoordinator(hass, entry, hub) for hub in hubs) if wants_updates else ()
    # Never a first refresh: that the hub is off must not keep the house from its other answers.
    things = TopologyCoordinator(hass, entry)
    health = HealthCoordinator(hass, entry, things.topology)
    totals = Totals(hass, entry.entry_id)
    await asyncio.gather(health.async_load(), things.async_load(), totals.async_load())
    for hub in hubs:
        hub.was_offline(health.offline_since(hub.source))
    # The systems first: one of them may measure the hub's GPU.
    await _look_first(hass, entry, monitors)
    await _look_first(hass, entry, hubs)
    devices = _devices(hass, entry, hubs[0])
    entry.runtime_data = HomelabData(
        entry.title, pool, hubs, updates, agents, monitors, health, things, totals, *devices
    )
    async_offer_api(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    # The things first: they say which problems follow from which.
    things.listen(hubs, monitors, health)
    health.listen((*hubs, *monitors))
    for monitor in monitors:
        monitor.follow()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: HomelabConfigEntry) -> bool:
    """Unload a homelab; a stream that is under way ends with an error of its turn."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    entry.runtime_data.pool.close()
    await entry.runtime_data.health.async_close()
    await entry.runtime_data.things.async_close()
    await entry.runtime_data.totals.async_close()
    for monitor in entry.runtime_data.monitors:
        monitor.close()
    for hub in entry.runtime_data.hubs:
        await hub.async_close()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
    """Forget what was wrong in a homelab that is removed."""
    await health_store(hass, entry.entry_id).async_remove()
    await explanations_store(hass, entry.entry_id).async_remove()
    await timeline_store(hass, entry.entry_id).async_remove()
    await totals_store(hass, entry.entry_id).async_remove()


async def _async_reload(hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
    await hass.config_entries.async_reload(entry.entry_id)


async def _look_first(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    coordinators: Sequence[HubCoordinator | MonitorCoordinator],
) -> None:
    """Look at hubs or systems for the first time; what takes long goes on while the house starts."""
    looks = [
        entry.async_create_background_task(hass, one.async_refresh(), f"first look at {one.name}")
        for one in coordinators
    ]
    if looks:
        await asyncio.wait(looks, timeout=SETUP_PATIENCE)


async def _servers(hass: HomeAssistant, entry: HomelabConfigEntry) -> dict[str | None, HubServer]:
    """Return the hubs by their subentries' ids, None for the first, in order of preference."""
    standbys = entry.get_subentries_of_type(HUB)
    return {
        None: await _server(hass, entry, FIRST_HUB, entry.data),
        **{one.subentry_id: await _server(hass, entry, one.title, one.data) for one in standbys},
    }


async def _server(
    hass: HomeAssistant, entry: HomelabConfigEntry, name: str, data: Mapping[str, Any]
) -> HubServer:
    with _certificate_of(name):
        client = await create_client(hass, data)
    # The set-up may still fail, and what was not set up is not unloaded either.
    entry.async_on_unload(client.close)
    return HubServer(name, client, create_registry(hass), hass.async_create_background_task)


def _agents(entry: HomelabConfigEntry, pool: HubPool) -> dict[str, Agent]:
    """Return the agents by their subentries' ids."""
    return {
        subentry.subentry_id: _agent(subentry, pool)
        for subentry_type in (CONVERSATION, AI_TASK_DATA)
        for subentry in entry.get_subentries_of_type(subentry_type)
    }


async def _monitors(hass: HomeAssistant, entry: HomelabConfigEntry) -> tuple[MonitorCoordinator, ...]:
    kinds = frozenset(subentry.subentry_type for subentry in entry.subentries.values())
    return tuple(
        [
            MonitorCoordinator(hass, entry, await _monitor(hass, subentry, kinds))
            for subentry in entry.subentries.values()
            if subentry.subentry_type in MONITORS
        ]
    )


async def _monitor(hass: HomeAssistant, subentry: ConfigSubentry, kinds: frozenset[str]) -> Monitor[Any]:
    with _certificate_of(subentry.title):
        return await create_monitor(
            hass,
            subentry.subentry_type,
            subentry.data,
            source=subentry.subentry_id,
            name=subentry.title,
            kinds=kinds,
        )


def _devices(hass: HomeAssistant, entry: HomelabConfigEntry, hub: HubCoordinator) -> tuple[str, str]:
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
