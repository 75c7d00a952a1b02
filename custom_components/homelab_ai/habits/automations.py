"""What is worth knowing of the automations that there are: which are undone, and which never run."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .action import Key
from .diary import Diary
from .habit import Habit, HabitKind
from .subjects import opposite

UNDO = 15 * 60
"""Seconds in which somebody undoes what an automation did."""
LEAST_RUNS = 6
LEAST_SHARE = 0.3
RECENT = 10
"""Days."""
STALE = 90 * 86_400
"""Seconds in which an automation that is on has not run."""
NEVER = 30 * 86_400
"""The same for one that has never run since it was made."""


@dataclass(frozen=True, slots=True)
class Existing:
    """An automation of the house that is on. `made` is 0 where nobody knows, `ran` where it never did."""

    entity: str
    made: float
    ran: float


def reversed_automations(diary: Diary) -> Iterator[Habit]:
    """Yield the automations whose work is undone by hand, again and again."""
    for key, runs in diary.automated.items():
        undo = opposite(key)
        if undo is None:
            continue
        by_automation: dict[str, list[int]] = defaultdict(list)
        for (_, _, at), automation in runs:
            by_automation[automation].append(at)
        for automation, times in by_automation.items():
            if automation and (habit := _reversed(diary, key, undo, automation, times)):
                yield habit


def _reversed(diary: Diary, key: Key, undo: Key, automation: str, times: list[int]) -> Habit | None:
    undone = [at for at in times if diary.manual_between(undo, at, at + UNDO)]
    if len(times) < LEAST_RUNS or len(undone) < LEAST_SHARE * len(times):
        return None
    if diary.days.place(undone[-1])[0] < diary.today - RECENT:
        return None
    return Habit(HabitKind.REVERSED, *key, len(undone), len(times), automation=automation, within=UNDO // 60)


def stale_automations(existing: Iterable[Existing], now: float) -> Iterator[Habit]:
    """Yield the automations that are on and have not run for months, the longest first.

    `trials` are the days for which they have not; `state` is "never" for those that never ran at all.
    """
    silent = [automation for automation in existing if _is_silent(automation, now)]
    for automation in sorted(
        silent, key=lambda automation: (automation.ran or automation.made, automation.entity)
    ):
        days = int((now - (automation.ran or automation.made)) // 86_400)
        state = "" if automation.ran else "never"
        yield Habit(HabitKind.STALE, "", state, 0, days, automation=automation.entity)


def _is_silent(automation: Existing, now: float) -> bool:
    if automation.ran:
        return now - automation.ran >= STALE
    return bool(automation.made) and now - automation.made >= NEVER
