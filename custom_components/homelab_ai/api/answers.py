"""Foreign JSON, typed at the border: what does not fit is refused, or left out where it is optional."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
import math
from typing import Any

from .errors import ApiResponseError


def when_object(value: Any) -> Mapping[str, Any]:
    """Return a JSON object. Raises ApiResponseError for anything else."""
    if not isinstance(value, dict):
        raise ApiResponseError(f"expected an object, not {type(value).__name__}")
    return value


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list. Raises ApiResponseError where it is no list; other items are left out."""
    if not isinstance(value, list):
        raise ApiResponseError(f"expected a list, not {type(value).__name__}")
    return (one for one in value if isinstance(one, dict))


def text(value: Any) -> str:
    """Return a text, empty for anything else."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> dict[str, str]:
    """Return the texts of an object by name, empty for anything else."""
    return {str(key): text(one) for key, one in value.items()} if isinstance(value, dict) else {}


def number(value: Any) -> float | None:
    """Return a finite number, also one that is spelled as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except ValueError, OverflowError:
        return None
    return found if math.isfinite(found) else None


def time(value: Any) -> datetime | None:
    """Return a time in UTC (which is meant where it says no zone), None for anything else.

    Go writes the year 1 where it means none.
    """
    try:
        found = datetime.fromisoformat(text(value))
        if not 1 < found.year < 9999:
            return None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError, OverflowError:
        return None
