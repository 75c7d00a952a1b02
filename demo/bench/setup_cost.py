"""What an integration costs before anybody speaks: the time to set up its entry, and the memory.

Each measurement is made in a fresh process, so that neither finds anything that the other has left behind.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import gc
import importlib
import logging
import sys
import time

from homeassistant.runner import create_event_loop

from . import house, hub
from .candidates import BOTH, CORE, OURS, Candidate, in_turn
from .errors import BenchError
from .figures import Figure, Unit
from .memory import resident
from .options import Options
from .part import Found, Say
from .processes import fresh

_MEBIBYTE = 1024**2
_PACKAGE = "ollama"
# Nothing of a candidate may be there before the measurement.
_PARTS = (_PACKAGE, "custom_components.homelab_ai", "homeassistant.components.ollama")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one set-up: time on the wall, CPU time of all threads, and MiB by which the process has grown."""

    milliseconds: float
    cpu_milliseconds: float
    mebibytes: float


async def measured(options: Options, say: Say) -> Found:
    """The figures."""
    async with hub.running() as one:
        figures = await _figures_at(one.url, options.runs, say)
    return Found(figures, notes=(hub.described(), in_turn(options.runs)))


async def _figures_at(url: str, runs: int, say: Say) -> list[Figure]:
    loop = asyncio.get_running_loop()
    figures: list[Figure] = []
    with fresh() as processes:
        for candidate in BOTH:
            # The first to import something also compiles it; Home Assistant does that once for ever.
            await loop.run_in_executor(processes, _cost, candidate, url, False)
        for imported in (True, False):
            costs: dict[Candidate, list[Cost]] = {candidate: [] for candidate in BOTH}
            for run in range(runs):
                for candidate in BOTH if run % 2 == 0 else reversed(BOTH):
                    say(f"setup: {candidate.name}, run {run + 1} of {runs}")
                    cost = await loop.run_in_executor(processes, _cost, candidate, url, imported)
                    costs[candidate].append(cost)
            figures += _figures(costs, imported)
    return figures


def _figures(costs: dict[Candidate, list[Cost]], imported: bool) -> list[Figure]:
    package = f"`{_PACKAGE}` package {'already' if imported else 'not yet'} imported"
    kinds: tuple[tuple[str, Unit, Callable[[Cost], float]], ...] = (
        ("Setting up the entry", Unit.MILLISECONDS, lambda cost: cost.milliseconds),
        ("CPU time of setting up the entry", Unit.MILLISECONDS, lambda cost: cost.cpu_milliseconds),
        ("Memory of the entry", Unit.MEBIBYTES, lambda cost: cost.mebibytes),
    )
    return [
        Figure(f"{name}, {package}", unit, [value(c) for c in costs[OURS]], [value(c) for c in costs[CORE]])
        for name, unit, value in kinds
    ]


def _cost(candidate: Candidate, url: str, imported: bool) -> Cost:
    """Set up a candidate in this process, which must be a fresh one."""
    logging.basicConfig(level=logging.ERROR)
    if early := [part for part in _PARTS if part in sys.modules]:
        raise BenchError(f"Imported too early: {', '.join(early)}")
    with asyncio.Runner(loop_factory=create_event_loop) as runner:
        return runner.run(_measured_cost(candidate, url, imported))


async def _measured_cost(candidate: Candidate, url: str, imported: bool) -> Cost:
    async with house.opened() as hass:
        if imported:
            await hass.async_add_executor_job(importlib.import_module, _PACKAGE)
        gc.collect()
        before, began, cpu_began = resident(), time.perf_counter(), time.process_time()
        await house.added(hass, candidate, url)
        await hass.async_block_till_done()
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
        gc.collect()
        return Cost(seconds * 1000, cpu_seconds * 1000, (resident() - before) / _MEBIBYTE)
