"""All detectors over one diary: what is worth suggesting, the surest first."""

from collections.abc import Iterable, Iterator

from . import automations, followers, times
from .automations import Existing
from .diary import Diary
from .habit import Habit, HabitKind

NEWEST = 42
"""Days that are looked at alone, too: what began three weeks ago is rare among ninety days."""
_ORDER = (
    HabitKind.TIME,
    HabitKind.SUN,
    HabitKind.PRESENCE,
    HabitKind.SEQUENCE,
    HabitKind.REVERSED,
    HabitKind.STALE,
)


def mine(diary: Diary, existing: Iterable[Existing] = (), now: float = 0.0) -> list[Habit]:
    """Return all habits: what could be automated by its strength, then what is wrong with automations.

    Of one thing only the surest, for what comes of that changes all else that is done with it.
    """
    newest = diary.newest(NEWEST)
    found = list(_regular(diary))
    if newest is not diary:
        found += _regular(newest)
    found.sort(key=lambda habit: (_explains(habit), -habit.strength, habit.entity, habit.minute))
    return [
        *_one_of_each(found),
        *automations.reversed_automations(diary),
        *automations.stale_automations(existing, now),
    ]


def _regular(diary: Diary) -> Iterator[Habit]:
    yield from times.habits(diary)
    yield from followers.arrivals(diary)
    yield from followers.sequences(diary)


def _explains(habit: Habit) -> int:
    """Return how simple an explanation is: what is done by the clock also follows other things that are."""
    return 0 if habit.kind in (HabitKind.TIME, HabitKind.SUN) else _ORDER.index(habit.kind)


def _one_of_each(habits: Iterable[Habit]) -> Iterator[Habit]:
    seen = set[str]()
    for habit in habits:
        if habit.entity not in seen:
            seen.add(habit.entity)
            yield habit
