"""Systems that a person adds, changes or takes away while the homelab runs: the others do not notice."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers.entity_platform import async_get_platforms
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..const import DOMAIN
from ..monitors import kind_of
from . import parts
from .homelab import HomelabConfigEntry, HomelabData
from .hub import HubCoordinator
from .monitor import MonitorCoordinator

SETUP_PATIENCE = 3.0
"""Seconds in which a system can be there from the beginning; the others are as soon as they answer."""

type _Stored = tuple[str, str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Picture:
    """What a homelab was made from: each system by the id of its subentry, and all the rest."""

    systems: Mapping[str, _Stored]
    rest: tuple[object, ...]

    @classmethod
    def of(cls, entry: ConfigEntry[Any]) -> Self:
        """Return what an entry stores now."""
        systems: dict[str, _Stored] = {}
        others: dict[str, _Stored] = {}
        for source, subentry in entry.subentries.items():
            kind = kind_of(subentry)
            group = systems if kind else others
            group[source] = (kind or subentry.subentry_type, subentry.title, dict(subentry.data))
        return cls(systems, (entry.title, dict(entry.data), dict(entry.options), others))

    @property
    def kinds(self) -> frozenset[str]:
        """Return the kinds of systems that there are."""
        return frozenset(kind for kind, _, _ in self.systems.values())


class Systems:
    """Follows what a person does to the systems of one homelab."""

    def __init__(self, hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
        """Remember what the homelab is made from."""
        self._hass = hass
        self._entry = entry
        self._picture = Picture.of(entry)

    async def follow(self) -> bool:
        """Follow a change; return False where the homelab has to begin anew."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return False
        homelab = self._entry.runtime_data
        async with homelab.changing:
            before, now = self._picture, Picture.of(self._entry)
            if not self._runs(homelab) or before.rest != now.rest:
                return False
            self._picture = now
            changed = _changed(before, now, homelab.monitors)
            try:
                if changed:
                    await self._replace(homelab, now, changed)
            except ConfigEntryError:
                # As at the start: the entry says what is wrong with the system.
                return False
        return True

    def _runs(self, homelab: HomelabData) -> bool:
        return self._entry.state is ConfigEntryState.LOADED and self._entry.runtime_data is homelab

    async def _replace(self, homelab: HomelabData, now: Picture, changed: Collection[str]) -> None:
        """Make the systems anew that have changed, and drop those that are gone."""
        new = await parts.monitors(self._hass, self._entry, changed)
        old = [monitor for monitor in homelab.monitors if monitor.source in changed]
        by_source = {monitor.source: monitor for monitor in (*homelab.monitors, *new)}
        homelab.monitors = tuple(by_source[source] for source in now.systems)
        await self._end(homelab, old, kept=now.systems.keys())
        await look_first(self._hass, self._entry, new)
        if not self._runs(homelab):
            return
        homelab.inbox.ask(homelab.monitors)
        for hub in homelab.hubs:
            hub.monitors = homelab.monitors
        await self._propose(homelab)
        if not self._runs(homelab):
            return
        for monitor in new:
            # Taken away again meanwhile: that is the next change to follow.
            if monitor.source in self._entry.subentries:
                homelab.add_entities_of(monitor)
        wire(homelab)
        for monitor in new:
            monitor.follow()

    async def _end(
        self, homelab: HomelabData, monitors: Collection[MonitorCoordinator], kept: Collection[str]
    ) -> None:
        """End systems with their entities; Home Assistant has removed those of the ones that are gone."""
        changed = [monitor for monitor in monitors if monitor.source in kept]
        for platform in async_get_platforms(self._hass, DOMAIN):
            for entity_id, entity in tuple(platform.entities.items()):
                if isinstance(entity, CoordinatorEntity) and entity.coordinator in changed:
                    await platform.async_remove_entity(entity_id)
        for monitor in monitors:
            await monitor.async_shutdown()
            monitor.close()
            if monitor.source not in kept:
                homelab.things.forget(monitor.source)

    async def _propose(self, homelab: HomelabData) -> None:
        """Propose changes with the forges that there are now, if any."""
        if homelab.proposals is not None:
            homelab.proposals.ask(homelab.monitors)
        if homelab.proposals is None or not homelab.proposals.forges:
            homelab.proposals = await parts.proposals(
                self._hass, self._entry, homelab.monitors, homelab.things
            )
        if homelab.proposals is not None:
            homelab.proposals.follow()


def wire(homelab: HomelabData) -> None:
    """Let things and problems follow all hubs and systems.

    The things first: they say which problems follow from which.
    """
    network = homelab.network
    homelab.things.listen(homelab.hubs, homelab.monitors, homelab.health)
    if network is not None:
        homelab.things.follow(network, network.source, network.things)
    sources = (*homelab.hubs, *homelab.monitors, *((network,) if network else ()))
    homelab.health.listen(sources, parts.unknown_systems(homelab.health.config_entry))


async def look_first(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    coordinators: Sequence[HubCoordinator | MonitorCoordinator],
) -> None:
    """Look at hubs or systems for the first time; what takes long goes on while the house starts."""
    looks = [
        entry.async_create_background_task(
            hass, coordinator.async_refresh(), f"first look at {coordinator.name}"
        )
        for coordinator in coordinators
    ]
    if looks:
        await asyncio.wait(looks, timeout=SETUP_PATIENCE)


def _changed(before: Picture, now: Picture, running: Iterable[MonitorCoordinator]) -> frozenset[str]:
    """Return the systems that came, went or changed, and those that heed what came or went."""
    everything = before.systems.keys() | now.systems.keys()
    changed = {source for source in everything if before.systems.get(source) != now.systems.get(source)}
    kinds = before.kinds ^ now.kinds
    return frozenset(changed | {monitor.source for monitor in running if monitor.monitor.heeds & kinds})
