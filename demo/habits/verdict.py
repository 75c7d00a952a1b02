"""How good a search is: what was planted and found, and what was found and not planted."""

from collections.abc import Iterable
from dataclasses import dataclass

from custom_components.homelab_ai.habits.days import DayType
from custom_components.homelab_ai.habits.habit import Habit, HabitKind, distance

from .house import MadeUpHouse, Planted

NEAR = 20
"""Minutes by which it may be told to be earlier or later."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many were planted, how many of these were found, and what else was."""

    planted: int
    hits: int
    wrong: int


def judge(house: MadeUpHouse, found: Iterable[Habit]) -> Verdict:
    """Compare what was found in a house with what is in it."""
    hits, wrong = set[Planted](), 0
    for habit in found:
        matches = [planted for planted in house.habits if is_found(planted, habit)]
        hits.update(matches)
        wrong += not matches
    return Verdict(len(house.habits), len(hits), wrong)


def is_found(planted: Planted, habit: Habit) -> bool:
    """Whether what is told of a planted habit is true; of one of all days it may be told of some of them."""
    if habit.key != (planted.entity, planted.state):
        return False
    if planted.before:
        return habit.before == (planted.before, "on")
    if planted.presence is not None:
        return habit.presence is planted.presence
    if planted.sun is not None:
        # As long as the sun has not moved, nobody can tell it from the clock.
        return habit.sun is planted.sun or habit.kind is HabitKind.TIME
    is_part = planted.day_type is DayType.ALL
    return (habit.day_type is planted.day_type or is_part) and distance(planted.minute, habit.minute) <= NEAR
