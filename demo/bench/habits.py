"""Habits: how many of those in a house are found, how many are not there, and what the search costs.

In made-up houses of 21 days, each from a seed; the last night is looked at. The cost is that of a database
with three million states, in a fresh process.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
import time
from typing import Self

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from custom_components.homelab_ai.habits.diary import Diary
from custom_components.homelab_ai.habits.habit import Habit
from custom_components.homelab_ai.habits.history import read
from custom_components.homelab_ai.habits.log import ActionLog
from custom_components.homelab_ai.habits.mining import mine
from demo.habits import MadeUpHouse, Verdict, bursty, judge, noise, planted, sequences, year
from demo.habits.large import ACTED_ON, DAYS, STATES, build

from .figures import Unit
from .memory import resident
from .options import Options
from .part import Found, Say
from .processes import fresh
from .readings import AtMost, Exactly, Reading
from .stalls import Rounds, event_loop

SEEDS, QUICK_SEEDS = 20, 4
LENGTH = 21
WEEK, MONTH = 7, 30
_MIB = 2**20
_DAY = 86_400
_TICK = 0.005


@dataclass(frozen=True, slots=True)
class AtLeast:
    """No less than this."""

    limit: float

    def met(self, value: float) -> bool:
        return value >= self.limit

    def text(self, unit: Unit) -> str:
        return f"≥ {f'{self.limit:g} {unit}'.strip()}"


@dataclass(frozen=True, slots=True)
class Night:
    """What one look costs: seconds of CPU for reading and searching, and of both on the wall; MiB.

    `stall` is the longest that the event loop itself worked meanwhile, `late` by how much it came late, both
    in seconds; in that is what other programs and threads took from it.
    """

    read: float
    search: float
    wall: float
    mebibytes: float
    stall: float
    late: float
    actions: int


async def measured(options: Options, say: Say) -> Found:
    """The readings."""
    seeds = QUICK_SEEDS if options.quick else SEEDS
    say(f"habits: {seeds} made-up houses of each kind")
    accuracy = await asyncio.to_thread(lambda: list(_accuracy(seeds, MONTH if options.quick else WEEK)))
    states = STATES // 10 if options.quick else STATES
    say(f"habits: a database of {states:,} states")
    with fresh() as processes:
        night = await asyncio.get_running_loop().run_in_executor(processes, cost, states)
    notes = (f"{seeds} houses of {LENGTH} days with 60 things each; a database of {DAYS} days",)
    return Found(readings=(*accuracy, *_of_cost(night, states)), notes=notes)


def _accuracy(seeds: int, every: int) -> Iterator[Reading]:
    for name, make in (("by the clock", planted), ("in sequence", sequences)):
        verdicts = [verdict(make(seed, LENGTH)) for seed in range(seeds)]
        hits, wrong = sum(one.hits for one in verdicts), sum(one.wrong for one in verdicts)
        wanted = sum(one.planted for one in verdicts)
        aside = f"{hits} of {wanted}"
        yield Reading(
            f"Of 100 planted habits {name} are found",
            Unit.COUNT,
            [100 * hits / wanted],
            AtLeast(65),
            aside=aside,
        )
        found = hits + wrong
        share = 100 * hits / found if found else 0.0
        yield Reading(
            f"Of 100 suggestions {name} are true",
            Unit.COUNT,
            [share],
            AtLeast(95),
            aside=f"{hits} of {found}",
        )
    for name, make, limit in (("noise only", noise, 0.1), ("bursts, scenes, arrivals", bursty, 0.2)):
        wrong = sum(verdict(make(seed, LENGTH)).wrong for seed in range(seeds))
        yield Reading(
            f"Suggestions a house, {name}",
            Unit.COUNT,
            [wrong / seeds],
            AtMost(limit),
            aside=f"{wrong} in all",
        )
    house = year()
    nights = range(LENGTH, house.length + 1, every)
    one = judge(house, [habit for day in nights for habit in looked(house, day)])
    yield Reading(
        f"Habits of a year that are found, looked for every {every} days",
        Unit.COUNT,
        [one.hits],
        Exactly(one.planted),
    )
    yield Reading("What else is found in that year", Unit.COUNT, [one.wrong], AtMost(0))


def verdict(house: MadeUpHouse) -> Verdict:
    """Look at a house on the morning after its last day, with what the own log keeps."""
    return judge(house, looked(house, house.length))


def looked(house: MadeUpHouse, day: int) -> list[Habit]:
    """Return what is found on the morning after so many days of the house."""
    until = house.morning(day)
    return mine(Diary(house.logged(until), house.days, until=until))


def _of_cost(night: Night, states: int) -> Iterator[Reading]:
    case = f"A night's look at {states:,} states"
    parts = f"reading {night.read:.2f} s, searching {night.search:.2f} s"
    aside = f"{night.actions:,} actions; {parts}; on the wall {night.wall:.2f} s"
    yield Reading(f"{case}, CPU", Unit.SECONDS, [night.read + night.search], AtMost(2), aside=aside)
    yield Reading(f"{case}, memory", Unit.MEBIBYTES, [night.mebibytes], AtMost(30))
    aside = f"came late by {night.late * 1000:.0f} ms at most: other programs, and a garbage collection"
    stall = [night.stall * 1000]
    yield Reading(
        f"{case}, longest stall of the event loop", Unit.MILLISECONDS, stall, AtMost(50), aside=aside
    )


def cost(states: int) -> Night:
    """Measure it in this process, which must be a fresh one."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "home-assistant_v2.db")
        until = 1_795_000_000.0
        build(path, until, states=states)
        rounds = Rounds()
        with asyncio.Runner(loop_factory=event_loop(rounds)) as runner:
            return runner.run(_cost(path, until, rounds))


async def _cost(path: Path, until: float, rounds: Rounds) -> Night:
    before, late = resident(), 0.0
    began = time.perf_counter()
    with _Peak() as peak, rounds.watched() as stall:
        work = asyncio.get_running_loop().run_in_executor(None, _look, path, until)
        while not work.done():
            tick = time.perf_counter()
            await asyncio.sleep(_TICK)
            late = max(late, time.perf_counter() - tick - _TICK)
        seconds, searched, actions = await work
    wall = time.perf_counter() - began
    return Night(seconds, searched, wall, (peak.most - before) / _MIB, stall.cpu, late, actions)


class _Peak:
    """Watches the memory of this process while the body runs."""

    def __init__(self) -> None:
        """Watch nothing yet."""
        self.most = resident()
        self._over = Event()
        self._thread = Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_TICK):
            self.most = max(self.most, resident())


def _look(path: Path, until: float) -> tuple[float, float, int]:
    """Read and search; return the CPU seconds of each, and how many actions there were."""
    engine = create_engine(f"sqlite:///{path}")
    began = time.thread_time()
    with Session(engine) as session:
        history = read(session, frozenset(ACTED_ON), {}, until - DAYS * _DAY, until)
    log = ActionLog()
    log.add(history.actions, until - DAYS * _DAY, until)
    seconds = time.thread_time() - began
    began = time.thread_time()
    mine(Diary(log, noise(0, 1).days, until=until))
    engine.dispose()
    return seconds, time.thread_time() - began, len(history.actions)
