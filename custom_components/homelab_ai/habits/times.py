"""Habits by the time of day: at the same hour, or at the same distance to sunrise or sunset."""

from collections.abc import Iterator, Sequence

from .action import Key
from .back_test import WEEKS, Trigger, back_test, is_automated, tested
from .days import SunEvent
from .diary import Diary
from .habit import Habit, HabitKind
from .statistics import MINUTES, circular_median, circular_span, spread
from .windows import PARTS, WIDTH, Place, Search, Window, hits_within

CHANCE = 2e-4
"""How likely it may be by chance."""
CHANCE_OF_TRAINING = 1e-2
"""The same for the older days alone, of which there are fewer."""
TRAINING = 0.7
"""The older part of the days; the newest have to bear out what it shows."""
LEAST_TEST_HITS = 3
LEAST_PRECISION = 0.8
LEAST_KEPT = 0.5
"""Of the newest days."""
SLACK = 10
"""Minutes by which people may be earlier or later than what the older days show."""
USUAL = 0.8
"""Of the times are within what is called usual."""
MOST_OF_ONE = 2
"""Habits of one thing."""
LEAST_SUN_DAYS = 21
LEAST_DRIFT = 20
"""Minutes by which the sun has moved meanwhile; before, nobody can tell it from the clock."""
CHANCE_OF_SUN = 1e-5
"""The same around the sun, which is looked at beside the clock."""
NEAR_SUN = 120
"""Minutes around sunrise and sunset; noon has nothing to do with either."""
SUN_SPREAD = 0.6
RECENT = 10
"""Days in which it must still be so."""
BROKEN = 5
"""Days running on which it did not happen: then it is none any more."""


def habits(diary: Diary) -> Iterator[Habit]:
    """Yield what people do at the same time again and again."""
    for key in diary.subjects:
        yield from _of(diary, key)


def _of(diary: Diary, key: Key) -> Iterator[Habit]:
    moments = [(day, minute) for day, minute, _ in diary.manual[key]]
    for _ in range(MOST_OF_ONE):
        clock = _best(diary, key, moments, None)
        sun = [_best(diary, key, moments, event) for event in SunEvent]
        chosen = min((view for view in sun if view), key=lambda view: view.window.chance, default=None)
        if chosen is None or (clock is not None and not _is_better(chosen, clock)):
            chosen = clock
        if chosen is None:
            return
        if (habit := chosen.habit()) is not None:
            yield habit
        moments = chosen.rest(moments)


def _is_better(sun: _View, clock: _View) -> bool:
    return sun.spread < SUN_SPREAD * clock.spread


class _View:
    """The moments of one thing on the clock or around the sun, and the best window of them."""

    def __init__(
        self,
        diary: Diary,
        key: Key,
        places: Sequence[Place],
        event: SunEvent | None,
        window: Window,
        *,
        shift: int,
    ) -> None:
        self.window = window
        self._diary, self._key, self._places, self._event, self._shift = diary, key, places, event, shift
        self._reach = MINUTES if event is None else NEAR_SUN
        days = diary.of_type[window.day_type]
        self._hits = hits_within(places, window.begin, days)

    @property
    def spread(self) -> float:
        """Return over how many minutes it is scattered, whatever window it was found in."""
        days = self._diary.of_type[self.window.day_type]
        around = hits_within(self._places, (self.window.begin - WIDTH) % MINUTES, days, 3 * WIDTH)
        return spread(list(around.values()))

    def rest(self, moments: list[Place]) -> list[Place]:
        """Return the moments that this window does not explain."""
        return [
            place
            for place, seen in zip(moments, self._places_of(moments), strict=True)
            if seen is None or (seen[1] - self.window.begin + SLACK) % MINUTES >= WIDTH + 2 * SLACK
        ]

    def _places_of(self, moments: Sequence[Place]) -> list[Place | None]:
        return [_around(self._diary, place, self._event) for place in moments]

    def habit(self) -> Habit | None:
        """Return the habit with its back-test; None where the newest days do not bear it out."""
        window, days = self.window, self._diary.of_type[self.window.day_type]
        if not self._is_fresh(days) or not self._is_borne_out(days):
            return None
        minutes = [(window.begin + after) % MINUTES for after in self._hits.values()]
        begin, end = circular_span(minutes, USUAL)
        habit = Habit(
            HabitKind.TIME if self._event is None else HabitKind.SUN,
            *self._key,
            window.hits,
            window.trials,
            window.day_type,
            self._signed(begin),
            self._signed(end),
            self._signed(circular_median(minutes)),
            sun=self._event,
            chance=window.chance,
        )
        recent = [day for day in days if day >= self._diary.today - WEEKS]
        triggers = self._triggers(recent, habit.minute)
        if is_automated(self._diary, self._key, triggers):
            return None
        habit = tested(self._diary, habit, triggers)
        return habit if habit.back_test.precision >= LEAST_PRECISION else None

    def _signed(self, minute: int) -> int:
        """Return the minutes before (negative) or after what the sun does; of the clock as they are."""
        return minute if self._event is None or minute < MINUTES // 2 else minute - MINUTES

    def _is_fresh(self, days: Sequence[int]) -> bool:
        if not any(day in self._hits for day in days[-BROKEN:]):
            return False
        recent = [day for day in days if day >= self._diary.today - RECENT]
        return sum(day in self._hits for day in recent) >= LEAST_KEPT * len(recent)

    def _is_borne_out(self, days: Sequence[int]) -> bool:
        """Return whether what the older days show came true on the newest."""
        border = days[min(len(days) - 1, round(TRAINING * len(days)))]
        older = [place for place in self._places if place[0] < border]
        training = {
            day_type: tuple(day for day in all_days if day < border)
            for day_type, all_days in self._diary.of_type.items()
            if day_type in (*PARTS, self.window.day_type)
        }
        search = Search(self._diary, training, self._key[0], CHANCE_OF_TRAINING, self._shift, self._reach)
        if (window := search.best(older)) is None:
            return False
        newest = [day for day in days if day >= border]
        kept = hits_within(self._places, (window.begin - SLACK) % MINUTES, newest, WIDTH + 2 * SLACK)
        if len(kept) < LEAST_TEST_HITS or len(kept) < LEAST_KEPT * len(newest):
            return False
        triggers = self._triggers(newest, self._signed((window.begin + WIDTH // 2) % MINUTES))
        plain = back_test(self._diary, self._key, triggers)
        careful = back_test(self._diary, self._key, triggers, at_home=True)
        return max(plain.precision, careful.precision) >= LEAST_PRECISION

    def _triggers(self, days: Sequence[int], minute: int) -> list[Trigger]:
        found = list[Trigger]()
        reach = (WIDTH // 2 + SLACK) * 60
        for day in days:
            base = 0 if self._event is None else self._diary.days.sun(self._event, day)
            if base is not None:
                at = self._diary.days.moment(day, base + minute)
                found.append(Trigger(at, at - reach, at + reach))
        return found


def _best(diary: Diary, key: Key, moments: Sequence[Place], event: SunEvent | None) -> _View | None:
    """Return the best window of what is left, on the clock or around the sun."""
    if event is not None and not _has_moved(diary, event):
        return None
    places = [seen for place in moments if (seen := _around(diary, place, event)) is not None]
    shift = 0 if event is None else _usual(diary, event)
    most, reach = (CHANCE, MINUTES) if event is None else (CHANCE_OF_SUN, NEAR_SUN)
    window = Search(diary, diary.of_type, key[0], most, shift, reach).best(places)
    return _View(diary, key, places, event, window, shift=shift) if window else None


def _around(diary: Diary, place: Place, event: SunEvent | None) -> Place | None:
    """Return a place on the clock as it is, or as minutes after what the sun does on its day."""
    if event is None:
        return place
    day, minute = place
    at = diary.days.sun(event, day)
    return None if at is None else (day, (minute - at) % MINUTES)


def _has_moved(diary: Diary, event: SunEvent) -> bool:
    minutes = [at for day in diary.observed if (at := diary.days.sun(event, day)) is not None]
    return len(minutes) >= LEAST_SUN_DAYS and max(minutes) - min(minutes) >= LEAST_DRIFT


def _usual(diary: Diary, event: SunEvent) -> int:
    minutes = [at for day in diary.observed if (at := diary.days.sun(event, day)) is not None]
    return circular_median(minutes) if minutes else 0
