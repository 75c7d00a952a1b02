"""The log as the detectors look at it: by what was done, by day and minute, and who was at home."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from .action import Action, Key
from .days import Days, DayType
from .habit import Presence
from .statistics import MINUTES
from .subjects import HOME, PERSON, domain_of, is_subject, opposite

_HOUR = 60
_HOURS = MINUTES // _HOUR
_FEW = 7
"""Days more that make no difference."""
_EVEN = 0.1
"""The part of chance that does not go by when the house is busy."""

type Moment = tuple[int, int, int]
"""A day, the minute of it, and the seconds since 1970."""


class Diary:
    """What people did, and what the house did, on the days that are over."""

    def __init__(self, actions: Iterable[Action], days: Days, *, until: float) -> None:
        """`until` is when the recorder was read; what began after midnight of that day is not counted."""
        self.days, self._until, self._actions = days, until, tuple(actions)
        self.today = days.place(until)[0]
        self.manual = defaultdict[Key, list[Moment]](list)
        self.automated = defaultdict[Key, list[tuple[Moment, str]]](list)
        self.people = defaultdict[str, list[tuple[int, bool]]](list)
        busy = set[int]()
        for action in self._actions:
            day, minute = days.place(action.at)
            if day >= self.today:
                continue
            if domain_of(action.entity) == PERSON:
                self.people[action.entity].append((action.at, action.state == HOME))
                continue
            if action.cause.is_manual:
                self.manual[action.key].append((day, minute, action.at))
                busy.add(day)
            elif action.cause.is_automated:
                self.automated[action.key].append(((day, minute, action.at), action.by))
        self.observed = tuple(sorted(busy))
        """Days on which anybody did anything: on the others nobody was there, or the house was off."""

    def newest(self, count: int) -> Diary:
        """Return the last days alone, this where there are not many more."""
        if not self.observed or self.observed[0] >= self.today - count - _FEW:
            return self
        since = self.days.moment(self.today - count, 0)
        return Diary((action for action in self._actions if action.at >= since), self.days, until=self._until)

    @cached_property
    def subjects(self) -> tuple[Key, ...]:
        """Return what a suggestion may be about."""
        return tuple(key for key in self.manual if is_subject(key))

    @cached_property
    def of_type(self) -> dict[DayType, tuple[int, ...]]:
        """Return the observed days of each type."""
        found = defaultdict[DayType, list[int]](list)
        for day in self.observed:
            for day_type in self.days.types(day):
                found[day_type].append(day)
        return {day_type: tuple(days) for day_type, days in found.items()}

    @cached_property
    def _hours(self) -> dict[str, list[int]]:
        found = defaultdict[str, list[int]](lambda: [0] * _HOURS)
        for (entity, _), moments in self.manual.items():
            for _, minute, _ in moments:
                found[entity][minute // _HOUR] += 1
        return found

    @cached_property
    def _all_hours(self) -> list[int]:
        return [sum(hours) for hours in zip(*self._hours.values(), strict=True)] or [0] * _HOURS

    def share(self, entity: str, begin: int, width: int) -> float:
        """Return the share of what is done in the house, by all but this entity, in a stretch of the day."""
        own, every = self._hours.get(entity, [0] * _HOURS), self._all_hours
        total = sum(every) - sum(own)
        even = width / MINUTES
        if not total:
            return even
        within = 0.0
        minute, end = begin, begin + width
        while minute < end:
            step = min(end, minute - minute % _HOUR + _HOUR) - minute
            hour = minute // _HOUR % _HOURS
            within += (every[hour] - own[hour]) * step / _HOUR
            minute += step
        return (1 - _EVEN) * within / total + _EVEN * even

    def latest(self, key: Key, at: float) -> bool | None:
        """Return whether an entity already was in this state at a moment; None where nobody knows."""
        undone = opposite(key)
        last = self._before(key, at)
        other = self._before(undone, at) if undone else 0
        return None if not last and not other else last > other

    def _before(self, key: Key, at: float) -> int:
        times = self._times.get(key, [])
        index = bisect_left(times, at)
        return times[index - 1] if index else 0

    @cached_property
    def _times(self) -> dict[Key, list[int]]:
        found = {key: [at for _, _, at in moments] for key, moments in self.manual.items()}
        for key, runs in self.automated.items():
            found[key] = sorted([*found.get(key, ()), *(moment[2] for moment, _ in runs)])
        return found

    def manual_between(self, key: Key, begin: float, end: float) -> bool:
        """Return whether somebody did this from `begin` to `end`."""
        return self.delay(key, begin, end) is not None

    def delay(self, key: Key, begin: float, end: float) -> int | None:
        """Return how many seconds after `begin` somebody did this first, None where not until `end`."""
        times = self._manual_times.get(key, [])
        index = bisect_left(times, begin)
        return int(times[index] - begin) if index < len(times) and times[index] <= end else None

    @cached_property
    def _manual_times(self) -> dict[Key, list[int]]:
        return {key: [at for _, _, at in moments] for key, moments in self.manual.items()}

    def somebody_home(self, at: float) -> bool:
        """Return whether anybody was at home; True where no person is known at all."""
        states = [self._state_of(changes, at) for changes in self.people.values()]
        return not states or any(states)

    @staticmethod
    def _state_of(changes: list[tuple[int, bool]], at: float) -> bool:
        index = bisect_right(changes, at, key=lambda change: change[0])
        # Before the first change it was the other way round.
        return changes[index - 1][1] if index else not changes[0][1]

    @cached_property
    def crossings(self) -> dict[Presence, list[Moment]]:
        """Return when the first came home and when the last left."""
        found: dict[Presence, list[Moment]] = {Presence.ARRIVAL: [], Presence.DEPARTURE: []}
        changes = sorted((at, person) for person, moves in self.people.items() for at, _ in moves)
        was_home = self.somebody_home(changes[0][0] - 1) if changes else True
        for at, _ in changes:
            is_home = self.somebody_home(at)
            if is_home != was_home:
                presence = Presence.ARRIVAL if is_home else Presence.DEPARTURE
                found[presence].append((*self.days.place(at), at))
            was_home = is_home
        return found
