"""What a large homelab costs, and how soon Home Assistant knows of a change in it.

Every measurement is made in a fresh process with a Home Assistant of its own; what that watches are other
processes. A cluster is spoken to through TLS, as any real one.
"""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median

from demo.servers.prometheus import find

from . import alerts, cluster, hub
from .cluster import Cluster
from .figures import Unit, number
from .life import PER_SECOND, Life, life
from .options import Options
from .part import Found, Say
from .processes import fresh
from .readings import AtMost, Exactly, Reading
from .stalls import Stall
from .starts import Start, start
from .watching import System

FEW, MANY = 10, 10_000
APPLICATIONS = 2000
ALERTS = 1000

_STALL_MILLISECONDS = AtMost(50)
_MEGABYTES = AtMost(60)
_SECONDS = AtMost(0.5)
_CHURN_SECONDS, _QUICK_CHURN_SECONDS = 60.0, 10.0


@dataclass(frozen=True, slots=True)
class Measured:
    """The starts with few and with many Results, with applications and, where they could be had, with alerts.

    `life` is that with many Results, in which these changed all the time for `churn_seconds`.
    """

    few: Sequence[Start]
    many: Sequence[Start]
    applications: Sequence[Start]
    everything: Sequence[Start]
    alerts: Sequence[Start]
    life: Life
    churn_seconds: float


async def measured(options: Options, say: Say) -> Found:
    """The readings. The longest stall of all runs counts, and the most memory."""
    async with hub.running() as one:
        with fresh() as processes:
            found = await _Large(one.url, processes, options, say).measured()
    return Found(readings=tuple(readings(found)), notes=_notes(found, options.runs))


def readings(found: Measured) -> Iterator[Reading]:
    """What is shown, and what is expected of it."""
    many = f"{MANY:,} Results"
    yield Reading(
        f"From a new Result to its state, {many} in {cluster.NAMESPACES} namespaces",
        Unit.SECONDS,
        found.life.seconds,
        _SECONDS,
        of=median,
        aside=f"slowest of {len(found.life.seconds)}: {number(max(found.life.seconds), Unit.SECONDS)}",
    )
    yield from _of_starts(many, found.many)
    yield from _of_starts(f"{APPLICATIONS:,} Argo CD applications", found.applications)
    yield from _of_starts("both at once", found.everything)
    if found.alerts:
        yield from _of_starts(f"{ALERTS:,} active alerts", found.alerts)
    entities = [one.entities for one in (*found.few, *found.many)]
    yield Reading(
        f"Entities that {FEW} and {many} do not have in common",
        Unit.COUNT,
        [len(frozenset.union(*entities) - frozenset.intersection(*entities))],
        Exactly(0),
        aside=f"of {len(frozenset.union(*entities))}",
    )
    yield from _of_life(found.life, f"{PER_SECOND} changes a second for {found.churn_seconds:g} s")


def _of_starts(what: str, starts: Sequence[Start]) -> Iterator[Reading]:
    costs = [cost for one in starts for cost in one.costs]
    yield _stall(f"Longest stall, start with {what}", [cost.stall for cost in costs], _STALL_MILLISECONDS)
    first = max(one.added.megabytes for one in starts)
    yield Reading(
        f"Memory of {what}",
        Unit.MEGABYTES,
        [cost.megabytes for cost in costs],
        _MEGABYTES,
        aside=f"when added {number(first, Unit.MEGABYTES)}",
    )


def _of_life(life: Life, churn: str) -> Iterator[Reading]:
    yield Reading(
        f"Problems lost or left over, {churn}",
        Unit.COUNT,
        [life.wrong],
        Exactly(0),
        aside=f"of {life.findings:,}",
    )
    yield Reading(f"States written, {churn}", Unit.COUNT, [life.writes], aside=f"{life.changes:,} changes")
    yield _stall(f"Longest stall, {churn}", [life.churn])
    yield _stall("Longest stall, one change at a time", [life.single])


def _stall(case: str, stalls: Sequence[Stall], expectation: AtMost | None = None) -> Reading:
    wall = number(max(stall.wall for stall in stalls) * 1000, Unit.MILLISECONDS)
    milliseconds = [stall.cpu * 1000 for stall in stalls]
    return Reading(case, Unit.MILLISECONDS, milliseconds, expectation, aside=f"{wall} on the wall")


def _notes(found: Measured, runs: int) -> tuple[str, ...]:
    starts = (*found.many, *found.applications, *found.everything, *found.alerts)
    slowest = max(cost.seconds for one in starts for cost in one.costs)
    return (
        f"simulated cluster with {cluster.NAMESPACES * cluster.PODS:,} pods and"
        f" {cluster.NAMESPACES * cluster.CLAIMS:,} claims",
        "a real Alertmanager"
        if found.alerts
        else "no Alertmanager here: python -m demo.servers.prometheus unpacks it",
        f"starts: the worst of {runs}, each by adding the system to a homelab and by loading that anew",
        "a stall is the CPU time of the event loop's thread in one round of the loop, garbage collections"
        " included, beside the time on the wall",
        f"everything is known {slowest:.1f} s after the beginning of a start or earlier",
    )


class _Large:
    """Brings the systems up one after another, and measures with each."""

    def __init__(self, hub_url: str, processes: ProcessPoolExecutor, options: Options, say: Say) -> None:
        self._hub_url = hub_url
        self._processes = processes
        self._runs = options.runs
        self._churn_seconds = _QUICK_CHURN_SECONDS if options.quick else _CHURN_SECONDS
        self._say = say

    async def measured(self) -> Measured:
        async with cluster.running(results=FEW) as where:
            few = await self._starts(f"{FEW} Results", _results(where, FEW))
        async with cluster.running(results=MANY) as where:
            system = _results(where, MANY)
            many = await self._starts(f"{MANY:,} Results", system)
            lived = await self._life(system, where)
        async with cluster.running(applications=APPLICATIONS) as where:
            out_of_sync = APPLICATIONS // cluster.OUT_OF_SYNC
            system = System("kubernetes", where.settings, "argocd_out_of_sync", out_of_sync)
            applications = await self._starts(f"{APPLICATIONS:,} applications", system)
        async with cluster.running(results=MANY, applications=APPLICATIONS) as where:
            everything = await self._starts("both at once", _results(where, MANY))
        found = await self._alerts()
        return Measured(few, many, applications, everything, found, lived, self._churn_seconds)

    async def _alerts(self) -> list[Start]:
        """The starts with alerts, none where there is no Alertmanager."""
        if await asyncio.to_thread(find) is None:
            return []
        async with alerts.running(ALERTS) as url:
            system = System("alertmanager", {"url": url}, "alerts_active", ALERTS)
            return await self._starts(f"{ALERTS:,} alerts", system)

    async def _starts(self, what: str, system: System) -> list[Start]:
        found: list[Start] = []
        for run in range(self._runs):
            self._say(f"health: start with {what}, run {run + 1} of {self._runs}")
            loop = asyncio.get_running_loop()
            found.append(await loop.run_in_executor(self._processes, start, self._hub_url, system))
        return found

    async def _life(self, system: System, where: Cluster) -> Life:
        self._say(f"health: changes, {self._churn_seconds:g} s of them many")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._processes, life, self._hub_url, system, where, self._churn_seconds
        )


def _results(where: Cluster, count: int) -> System:
    return System("kubernetes", where.settings, "k8sgpt_findings", count)
