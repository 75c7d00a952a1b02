"""Days and minutes on the wall clock of the house: working days, weekends, and where the sun was."""

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from .statistics import MINUTES

_WORKING = 5


class DayType(StrEnum):
    """Which days a habit is of."""

    ALL = "all"
    WORKING = "working"
    WEEKEND = "weekend"
    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


WEEKDAYS = tuple(DayType)[3:]


class SunEvent(StrEnum):
    """What the sun does once a day."""

    SUNRISE = "sunrise"
    SUNSET = "sunset"


class Days:
    """The days of a house; a day is its number since the first of January of the year 1."""

    def __init__(
        self,
        zone: tzinfo,
        *,
        working: Mapping[int, bool] | None = None,
        sun: Mapping[SunEvent, Mapping[int, int]] | None = None,
    ) -> None:
        """`working` are days of which a calendar has said whether one works; all others go by the week.

        `sun` are the minutes of the wall clock at which the sun rose and set.
        """
        self._zone = zone
        self._working = working or {}
        self._sun = sun or {}
        self._types = dict[int, tuple[DayType, ...]]()

    def place(self, at: float) -> tuple[int, int]:
        """Return the day and the minute of a moment."""
        local = datetime.fromtimestamp(at, self._zone)
        return local.toordinal(), local.hour * 60 + local.minute

    def moment(self, day: int, minute: int) -> float:
        """Return the moment of a minute of a day, since 1970; `minute` may be of a day beside it."""
        over, minute = divmod(minute, MINUTES)
        clock = time(minute // 60, minute % 60)
        return datetime.combine(date.fromordinal(day + over), clock, self._zone).timestamp()

    def types(self, day: int) -> tuple[DayType, ...]:
        """Return all that a day is."""
        if (known := self._types.get(day)) is None:
            weekday = date.fromordinal(day).weekday()
            works = self._working.get(day, weekday < _WORKING)
            known = (DayType.ALL, DayType.WORKING if works else DayType.WEEKEND, WEEKDAYS[weekday])
            self._types[day] = known
        return known

    def sun(self, event: SunEvent, day: int) -> int | None:
        """Return the minute at which the sun did this, None where it is not known, or did not."""
        return self._sun.get(event, {}).get(day)
