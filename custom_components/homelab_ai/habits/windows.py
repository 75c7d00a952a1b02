"""The stretch of the day into which something falls on most days, and whether that is chance."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
import math

from .days import Days, DayType
from .diary import Diary
from .habit import distance
from .statistics import MINUTES, log_likelihood, tail

WIDTH = 40
"""Minutes."""
LEAST_DAYS = 5
LEAST_SHARE = 0.6
"""Of the days."""
PARTS = (DayType.ALL, DayType.WORKING, DayType.WEEKEND)
_RARE = 0.02
"""The share of days on which anything may happen at any hour."""

type Place = tuple[int, int]
"""A day and a minute of it, of the clock or of the distance to what the sun does."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the day that begins at a minute, with the days of a type on which it happened there.

    `evidence` says how much better the habit explains all days than chance does.
    """

    begin: int
    day_type: DayType
    hits: int
    trials: int
    chance: float
    evidence: float


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: windows of these days, with chances below `most`.

    `shift` leads from the minutes that are looked at to those of the clock; windows further than `reach` from
    minute 0 are not looked at.
    """

    diary: Diary
    of_type: Mapping[DayType, Sequence[int]]
    entity: str
    most: float
    shift: int = 0
    reach: int = MINUTES
    days: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Note which days are looked at."""
        object.__setattr__(self, "days", frozenset(chain.from_iterable(self.of_type.values())))

    def best(self, places: Sequence[Place]) -> Window | None:
        """Return the window, and the days, that explain best what happened; None where chance explains all.

        Not the least likely one: where something of working days happened on a weekend too, by chance, chance
        explains that it happens on all days even less.
        """
        return max(self._windows(places), key=lambda window: (window.evidence, -window.begin), default=None)

    def _windows(self, places: Sequence[Place]) -> Iterator[Window]:
        rates = self._rates(places)
        best = dict[DayType, int]()
        for begin, hits in stretches(places, self.diary.days, self.days):
            if distance(begin + WIDTH // 2, 0) > self.reach:
                continue
            for day_type, count in hits.items():
                trials = len(self.of_type.get(day_type, ()))
                if count < max(best.get(day_type, 0), LEAST_DAYS) or not self._is_kept(day_type, hits):
                    continue
                by_chance = self._share_of_days(rates.get(day_type, 1.0), begin)
                # The best place was looked for: as many places as there are windows in a day.
                chance = tail(count, trials, by_chance) * MINUTES / WIDTH
                if trials and chance < self.most:
                    best[day_type] = count
                    evidence = self._evidence(count, trials, hits[DayType.ALL], by_chance)
                    yield Window(begin, day_type, count, trials, chance, evidence)

    def _is_kept(self, day_type: DayType, hits: Mapping[DayType, int]) -> bool:
        """Return whether it happens on most days; on all days means on working days and at weekends."""
        parts = PARTS if day_type is DayType.ALL else (day_type,)
        return all(hits.get(part, 0) >= LEAST_SHARE * len(self.of_type.get(part, ())) for part in parts)

    def _evidence(self, hits: int, trials: int, every_hit: int, by_chance: float) -> float:
        """Return how much more likely all days are with a habit of these, and chance on the others."""
        rest, others = max(0, every_hit - hits), max(0, len(self.days) - trials)
        by_chance = max(by_chance, _RARE)
        usual = (hits + 0.5) / (trials + 1)
        habit = log_likelihood(hits, trials, usual) + log_likelihood(min(rest, others), others, by_chance)
        every = len(self.days)
        return habit - log_likelihood(min(every_hit, every), every, by_chance)

    def _rates(self, places: Sequence[Place]) -> dict[DayType, float]:
        """Return how often it happens on a day of each type."""
        counts = Counter[DayType]()
        for day, _ in places:
            if day in self.days:
                counts.update(self.diary.days.types(day))
        return {
            day_type: count / len(days)
            for day_type, count in counts.items()
            if (days := self.of_type.get(day_type, ()))
        }

    def _share_of_days(self, rate: float, begin: int) -> float:
        """Return on how many days it falls into a window by chance."""
        share = self.diary.share(self.entity, (begin + self.shift) % MINUTES, WIDTH)
        return -math.expm1(-rate * share)


def stretches(
    places: Sequence[Place], days: Days, wanted: frozenset[int]
) -> Iterator[tuple[int, Counter[DayType]]]:
    """Yield each window that begins with something, and on how many of the wanted days of each type it does.

    What happens after midnight in a window that began before it belongs to the day on which that began. The
    counter is the same object every time.
    """
    ring = sorted((minute, day) for day, minute in places)
    ring += [(minute + MINUTES, day - 1) for minute, day in ring if minute < WIDTH]
    hits, inside = Counter[DayType](), defaultdict[int, int](int)
    last = 0
    for minute, day in ring:
        if minute >= MINUTES:
            return
        while last < len(ring) and ring[last][0] < minute + WIDTH:
            if ring[last][1] in wanted:
                _count(ring[last][1], 1, inside, hits, days)
            last += 1
        yield minute, hits
        if day in wanted:
            _count(day, -1, inside, hits, days)


def _count(day: int, step: int, inside: defaultdict[int, int], hits: Counter[DayType], days: Days) -> None:
    inside[day] += step
    if inside[day] == max(step, 0):
        for day_type in days.types(day):
            hits[day_type] += step


def hits_within(
    places: Sequence[Place], begin: int, wanted: Sequence[int], width: int = WIDTH
) -> dict[int, int]:
    """Return the first minute of each wanted day within a window, counted from its beginning."""
    days, found = frozenset(wanted), dict[int, int]()
    for day, minute in places:
        after = (minute - begin) % MINUTES
        own = day if minute >= begin else day - 1
        if after < width and own in days:
            found[own] = min(after, found.get(own, width))
    return found
