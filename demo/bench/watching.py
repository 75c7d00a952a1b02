"""A house whose homelab watches one large system."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
import logging
import sys
import time
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from . import house
from .candidates import OURS
from .cluster import FindingKey
from .errors import BenchError
from .stalls import Rounds, event_loop

_PATIENCE = 60.0
_SECONDS_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True, slots=True)
class System:
    """A system to be watched: the type and the data of its subentry.

    Its `sensor` shows the number `shown` once all is known.
    """

    kind: str
    settings: Mapping[str, Any]
    sensor: str
    shown: float

    @property
    def source(self) -> str:
        """The id of its subentry."""
        return f"01BENCH{self.kind.upper()}"


class Homelab:
    """The homelab of a house, with a system that is added to it."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], system: System) -> None:
        self.hass = hass
        self.system = system
        self._entry = entry

    @property
    def data(self) -> Any:
        """All that runs for the homelab: the integration's own HomelabData, anew after each load.

        Not by its type: this module is imported before the integration may be.
        """
        return self._entry.runtime_data

    async def add_system(self) -> None:
        """Add the system, as a person does, and wait until it is known."""
        await self.add(self.system)

    async def add(self, system: System) -> None:
        """Add one more system, and wait until it is known."""
        data = MappingProxyType({"kind": system.kind, **system.settings})
        self.hass.config_entries.async_add_subentry(
            self._entry,
            ConfigSubentry(
                data=data,
                subentry_id=system.source,
                subentry_type="system",
                title=system.kind,
                unique_id=None,
            ),
        )
        await self._knows(system)

    async def reload(self) -> None:
        """Load the homelab anew, as a restart does, and wait until the system is known again."""
        await self.hass.config_entries.async_reload(self._entry.entry_id)
        await self._knows(self.system)

    async def look_for_updates(self, registry: str) -> None:
        """Switch it on that newer models are looked for, at this address and not in the internet."""
        # The integration exists in this process only once it was loaded.
        connection: Any = sys.modules[f"custom_components.{OURS.domain}.hub.connection"]
        known = connection.RegistryClient
        connection.RegistryClient = partial(known, models=registry, releases=registry, manifests=registry)
        options = {**self._entry.options, "check_updates": True}
        self.hass.config_entries.async_update_entry(self._entry, options=options)
        await self.hass.async_block_till_done()

    async def _knows(self, system: System) -> None:
        """Wait until the system's sensor shows its number; raises BenchError if it never does."""
        until = time.monotonic() + _PATIENCE
        while (state := self._state(system)) != str(system.shown):
            if time.monotonic() > until:
                raise BenchError(f"{system.kind}: {system.sensor} is {state}, not {system.shown}")
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        await self.hass.async_block_till_done()

    def _state(self, system: System) -> str | None:
        """What the system's sensor shows, None before it exists."""
        entity_id = self._entity_id(system)
        shown = self.hass.states.get(entity_id) if entity_id else None
        return shown.state if shown else None

    @property
    def entity_id(self) -> str | None:
        """The id of the system's sensor."""
        return self._entity_id(self.system)

    def _entity_id(self, system: System) -> str | None:
        unique_id = f"{system.source}_{system.sensor}"
        return er.async_get(self.hass).async_get_entity_id("sensor", OURS.domain, unique_id)

    @property
    def entity_ids(self) -> frozenset[str]:
        """The ids of all entities of the homelab, also of those that are disabled."""
        found = er.async_entries_for_config_entry(er.async_get(self.hass), self._entry.entry_id)
        return frozenset(entry.entity_id for entry in found)

    def findings(self) -> set[FindingKey]:
        """What is wrong in the system as the homelab knows it: kind, name and text of each finding."""
        return {
            (problem.details["kind"], problem.name, problem.details["error"])
            for problem in self.data.health.data.problems
            if problem.source == self.system.source and problem.kind == "k8sgpt_finding"
        }


@asynccontextmanager
async def homelab(hub_url: str, system: System) -> AsyncIterator[Homelab]:
    """A house with a homelab that has nothing yet but its hub."""
    async with house.opened() as hass:
        entry = await house.added(hass, OURS, hub_url)
        if entry.state is not ConfigEntryState.LOADED:
            raise BenchError(f"the homelab could not be set up: {entry.reason}")
        yield Homelab(hass, entry, system)


def run[FoundT](work: Callable[[Homelab, Rounds], Awaitable[FoundT]], hub_url: str, system: System) -> FoundT:
    """Do this work in such a house, in an event loop of its own whose rounds are measured."""
    logging.basicConfig(level=logging.ERROR)
    rounds = Rounds()

    async def worked() -> FoundT:
        async with homelab(hub_url, system) as one:
            return await work(one, rounds)

    with asyncio.Runner(loop_factory=event_loop(rounds)) as runner:
        return runner.run(worked())
