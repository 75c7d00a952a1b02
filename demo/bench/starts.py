"""What it costs to begin with a large system.

The system is added to a homelab that runs, which loads it anew; then it is loaded anew once more, now with
what it remembers, as after a restart of Home Assistant. Both until everything is known.

Before each, all garbage is collected: what the house has left behind is not the system's.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
import gc
import time

from .memory import resident
from .stalls import Rounds, Stall
from .watching import Homelab, System, run

# What goes on once all is known: watches are opened, what is remembered is written.
_AFTERWARDS = 1.0
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds until all was known, the longest stall, and what has come to the memory since the beginning."""

    seconds: float
    stall: Stall
    megabytes: float


@dataclass(frozen=True, slots=True)
class Start:
    """What one start has cost, and all entities that there are then."""

    added: Cost
    reloaded: Cost
    entities: frozenset[str]

    @property
    def costs(self) -> tuple[Cost, Cost]:
        """Both."""
        return self.added, self.reloaded


def start(hub_url: str, system: System) -> Start:
    """Measure it in this process, which must be a fresh one."""
    return run(started, hub_url, system)


async def started(homelab: Homelab, rounds: Rounds) -> Start:
    """Measure it with a homelab to which nothing has been added yet."""
    gc.collect()
    before = resident()

    async def cost(known: Awaitable[None]) -> Cost:
        with rounds.watched() as stall:
            began = time.perf_counter()
            await known
            seconds = time.perf_counter() - began
            await asyncio.sleep(_AFTERWARDS)
        # What is there no more does not count, only the holes that it may have left.
        gc.collect()
        return Cost(seconds, stall, (resident() - before) / _MEGABYTE)

    added = await cost(homelab.add_system())
    return Start(added, await cost(homelab.reload()), homelab.entity_ids)
