"""Foreign moments: with a zone, and within years that every calendar and every span reaches."""

from datetime import UTC, datetime
from typing import NewType

from .number import number

Moment = NewType("Moment", datetime)
"""Aware, from 1970 to 9998: a year more or less can still be counted from it."""

_MAX_LENGTH = 64


def moment(value: object, *, in_utc: bool = True) -> Moment | None:
    """Return the moment that a text in the form of ISO 8601 tells, None for anything else.

    UTC is meant where it says no zone. Go writes the year 1 where it means none. Else than `in_utc` it keeps
    the zone in which it was told.
    """
    if not isinstance(value, str) or len(value) > _MAX_LENGTH:
        return None
    try:
        parsed = datetime.fromisoformat(value)
        parsed = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        kept = _kept(parsed.astimezone(UTC))
    except ValueError, OverflowError:
        return None
    return kept if in_utc or kept is None else Moment(parsed)


def moment_of(seconds: object) -> Moment | None:
    """Return the moment of so many seconds since 1970, None where it is no such number."""
    if (timestamp := number(seconds)) is None:
        return None
    try:
        return _kept(datetime.fromtimestamp(timestamp, UTC))
    except ValueError, OverflowError, OSError:
        return None


def known(value: datetime) -> Moment | None:
    """Return a moment that somebody else has read, None where it has no zone or is out of all bounds."""
    try:
        return _kept(value.astimezone(UTC)) if value.tzinfo else None
    except ValueError, OverflowError:
        return None


def _kept(value: datetime) -> Moment | None:
    return Moment(value) if 1970 <= value.year < 9999 else None
