"""A large cluster that changes: how soon a change is known, and what many changes cost."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
import time

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, callback

from .cluster import Cluster, Levers, levers
from .errors import BenchError
from .stalls import Rounds, Stall
from .watching import Homelab, System, run

PER_SECOND = 200
_SAMPLES = 25
# Between two changes: more than the integration waits after one, and never the same.
_PAUSE = (0.4, 1.0)
_PATIENCE = 10.0
# After a churn: what is not known by then is lost.
_AFTERWARDS = 5.0
_SECONDS_BETWEEN_LOOKS = 0.01


@dataclass(frozen=True, slots=True)
class Life:
    """Seconds from each single change to its state, and the longest stall meanwhile; the same of a churn.

    `changes` were made in the churn, and `writes` of states came of them. Afterwards the cluster had so many
    `findings`; `wrong` are those that Home Assistant did not know, and what it knew beside them.
    """

    seconds: list[float]
    single: Stall
    churn: Stall
    changes: int
    writes: int
    findings: int
    wrong: int


def life(hub_url: str, system: System, cluster: Cluster, churn_seconds: float) -> Life:
    """Measure it in this process, which must be a fresh one."""
    return run(partial(_lived, cluster=cluster, churn_seconds=churn_seconds), hub_url, system)


async def _lived(homelab: Homelab, rounds: Rounds, *, cluster: Cluster, churn_seconds: float) -> Life:
    await homelab.add_system()
    async with levers(cluster) as pull:
        # What is still going on belongs to the start.
        await asyncio.sleep(_AFTERWARDS)
        with rounds.watched() as single:
            seconds = await _single_changes(homelab, pull)
        with rounds.watched() as churn, _writes(homelab) as writes:
            changes = await pull.churn(PER_SECOND, churn_seconds)
            await asyncio.sleep(_AFTERWARDS)
        findings = await pull.findings()
    wrong = len(findings ^ homelab.findings())
    return Life(seconds, single, churn, changes, len(writes), len(findings), wrong)


async def _single_changes(homelab: Homelab, pull: Levers) -> list[float]:
    """Return the seconds of one change after another."""
    random = Random(_SAMPLES)
    seconds: list[float] = []
    with _writes(homelab) as writes:
        for number in range(_SAMPLES):
            await asyncio.sleep(random.uniform(*_PAUSE))
            wanted = str(homelab.system.shown + number + 1)
            happened = await pull.create_result()
            seconds.append(await _seen(writes, homelab.entity_id, wanted) - happened)
    return seconds


@dataclass(frozen=True, slots=True)
class _Write:
    """A state that was written, and when by the clock that all processes share."""

    entity_id: str
    state: str
    at: float


async def _seen(writes: list[_Write], entity_id: str | None, state: str) -> float:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        for write in reversed(writes):
            if write.entity_id == entity_id and write.state == state:
                return write.at
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
    raise BenchError(f"{entity_id} has not become {state}")


@contextmanager
def _writes(homelab: Homelab) -> Iterator[list[_Write]]:
    """Yield all states of the homelab that are written while the body runs."""
    writes: list[_Write] = []
    ours = homelab.entity_ids

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] in ours and (state := event.data["new_state"]) is not None:
            writes.append(_Write(state.entity_id, state.state, time.monotonic()))

    stop = homelab.hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    try:
        yield writes
    finally:
        stop()
