"""The back-test: an automation that never was is run over the days that were."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .action import Key
from .diary import Diary
from .habit import BackTest, Habit
from .subjects import opposite

UNDO = 30 * 60
"""Seconds in which somebody undoes what should not have been done."""
WEEKS = 14
"""Days that a suggestion tells of."""
_AUTOMATED = 0.5


@dataclass(frozen=True, slots=True)
class Trigger:
    """A moment at which it would have run; who did the same from `begin` to `end` would have been content."""

    at: float
    begin: float
    end: float


def back_test(diary: Diary, key: Key, triggers: Iterable[Trigger], *, at_home: bool = False) -> BackTest:
    """Return what would have come of it; with `at_home` it does nothing while nobody is at home.

    What already was as it should be is no run: nothing would have happened.
    """
    fired = right = away = undone = 0
    for trigger in triggers:
        is_home = diary.somebody_home(trigger.at)
        if at_home and not is_home:
            continue
        if diary.manual_between(key, trigger.begin, trigger.end):
            right += 1
        elif diary.latest(key, trigger.at):
            continue
        elif not is_home:
            away += 1
        elif _undone(diary, key, trigger.at):
            undone += 1
        fired += 1
    return BackTest(fired, right, away, undone)


def tested(diary: Diary, habit: Habit, triggers: list[Trigger]) -> Habit:
    """Return the habit with its back-test; only while somebody is at home where that is better."""
    plain = back_test(diary, habit.key, triggers)
    if not plain.away:
        return replace(habit, back_test=plain)
    careful = back_test(diary, habit.key, triggers, at_home=True)
    return replace(habit, back_test=careful, at_home=True)


def is_automated(diary: Diary, key: Key, triggers: list[Trigger]) -> bool:
    """Return whether an automation already does it, on every other occasion at least."""
    runs = [moment[2] for moment, _ in diary.automated.get(key, ())]
    done = sum(any(trigger.begin <= at <= trigger.end for at in runs) for trigger in triggers)
    return bool(triggers) and done >= _AUTOMATED * len(triggers)


def _undone(diary: Diary, key: Key, at: float) -> bool:
    undo = opposite(key)
    return undo is not None and diary.manual_between(undo, at, at + UNDO)
