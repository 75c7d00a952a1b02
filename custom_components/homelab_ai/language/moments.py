"""How long ago something was and how soon it will be, in the measures that people use."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_NOW = 90
"""Seconds in which something is just happening; clocks differ by less."""
_HOUR, _DAY = 3600, 86400
_EARLIEST = 2000
"""A year before which nothing in a homelab happened: systems say it where they mean that they do not know."""


class Unit(StrEnum):
    """What spans of time are counted in."""

    MOMENT = "moment"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Part(StrEnum):
    """A part of the day."""

    NIGHT = "night"
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time; `count` is at least one, and rounded as people round."""

    unit: Unit
    count: int = 1


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A part of today or of yesterday."""

    part: Part
    yesterday: bool = False


type Past = Span | PartOfDay


def past(moment: datetime | None, now: datetime) -> Past | None:
    """Return how people say when something was; None where that cannot be true.

    The days are those of `now`'s time zone, the hours those that really went by.
    """
    if moment is None or moment.year < _EARLIEST:
        return None
    seconds = (now.astimezone(UTC) - moment.astimezone(UTC)).total_seconds()
    if seconds < -_NOW:
        return None
    if seconds < 3.5 * _HOUR:
        return _short(seconds)
    local = moment.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days < 2:
        return PartOfDay(_part(local.hour), yesterday=days == 1)
    return _long(days)


def ahead(moment: datetime | None, now: datetime) -> Span | None:
    """Return how long it is until a moment; None where it is over."""
    if moment is None:
        return None
    seconds = (moment.astimezone(UTC) - now.astimezone(UTC)).total_seconds()
    if seconds < 0:
        return None
    if seconds < 1.5 * _DAY:
        return _short(seconds)
    return _long(round(seconds / _DAY))


def _short(seconds: float) -> Span:
    if seconds < _NOW:
        return Span(Unit.MOMENT)
    if (minutes := round(seconds / 60)) < 60:
        return Span(Unit.MINUTE, minutes)
    return Span(Unit.HOUR, max(1, round(seconds / _HOUR)))


def _long(days: int) -> Span:
    if days < 14:
        return Span(Unit.DAY, days)
    if days < 60:
        return Span(Unit.WEEK, days // 7)
    if days < 365:
        return Span(Unit.MONTH, min(11, days // 30))
    return Span(Unit.YEAR, days // 365)


def _part(hour: int) -> Part:
    if hour < 5:
        return Part.NIGHT
    if hour < 11:
        return Part.MORNING
    if hour < 14:
        return Part.NOON
    return Part.AFTERNOON if hour < 18 else Part.EVENING
