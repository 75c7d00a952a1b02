"""Homelab AI: the one Ollama hub of a homelab as the brain of the house."""

import asyncio
from functools import partial

from homeassistant.const import Platform
from homeassistant.core import HassJob, HassJobType, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .assistant.sentences import async_follow_names, async_register_sentences
from .const import DOMAIN
from .coordinator import (
    HealthCoordinator,
    HomelabConfigEntry,
    HomelabData,
    HubCoordinator,
    Inbox,
    TopologyCoordinator,
    Totals,
    parts,
)
from .coordinator.systems import Systems, look_first, wire
from .frontend import async_load_in_browsers, async_serve
from .hub.connection import create_registry
from .llm import async_offer_api
from .migration import migrate
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = (
    Platform.AI_TASK,
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CONVERSATION,
    Platform.EVENT,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.TODO,
    Platform.UPDATE,
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Offer what does not depend on any one homelab."""
    async_setup_services(hass)
    await async_register_sentences(hass)
    await async_serve(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: HomelabConfigEntry) -> bool:
    """Set up a homelab; that its hub is off does not keep it from loading."""
    # First: what a person changes while the hubs are asked below is a reason to begin anew.
    entry.async_on_unload(entry.add_update_listener(partial(_async_follow, Systems(hass, entry))))
    registry = create_registry(hass)
    servers = await parts.servers(hass, entry, registry)
    pool = parts.pool(hass, entry, servers.values())
    # A turn that is under way would keep Home Assistant from stopping.
    end_turns = HassJob(pool.close, "end turns", job_type=HassJobType.Callback)
    entry.async_on_unload(hass.async_add_shutdown_job(end_turns))
    agents = parts.agents(entry, pool)
    monitors = await parts.monitors(hass, entry)
    hubs = tuple(
        HubCoordinator(hass, entry, server, tuple(agents.values()), subentry_id, monitors=monitors)
        for subentry_id, server in servers.items()
    )
    updates = parts.updates(hass, entry, hubs, registry)
    # Never a first refresh: that the hub is off must not keep the house from its other answers.
    things = TopologyCoordinator(hass, entry)
    health = HealthCoordinator(hass, entry, things.topology)
    totals = Totals(hass, entry.entry_id)
    await asyncio.gather(health.async_load(), things.async_load(), totals.async_load())
    for hub in hubs:
        hub.was_offline(health.offline_since(hub.source))
    # The systems first: one of them may measure the hub's GPU.
    await look_first(hass, entry, monitors)
    await look_first(hass, entry, hubs)
    devices = parts.devices(hass, entry, hubs[0])
    entry.runtime_data = HomelabData(
        entry.title, pool, hubs, updates, agents, monitors, health, things, totals, Inbox(monitors), *devices
    )
    await parts.add_optional(hass, entry, entry.runtime_data)
    async_offer_api(hass, entry)
    await async_load_in_browsers(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    if entry.runtime_data.network is not None:
        await entry.runtime_data.network.async_refresh()
    wire(entry.runtime_data)
    async_follow_names(hass, entry)
    for monitor in monitors:
        monitor.follow()
    if entry.runtime_data.proposals is not None:
        entry.runtime_data.proposals.follow()
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: HomelabConfigEntry) -> bool:
    """Give an entry of an earlier version its present shape."""
    migrate(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: HomelabConfigEntry) -> bool:
    """Unload a homelab; a stream that is under way ends with an error of its turn."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await entry.runtime_data.async_close()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
    """Forget what was wrong in a homelab that is removed."""
    await parts.forget(hass, entry.entry_id)


async def _async_follow(systems: Systems, hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
    """Follow what a person has changed; what is no system of its own is a reason to begin anew."""
    if not await systems.follow():
        await hass.config_entries.async_reload(entry.entry_id)
