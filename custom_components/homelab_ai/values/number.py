"""Foreign numbers: finite, and no larger than a database, JSON and a browser can keep them."""

from collections.abc import Iterable
import math
from typing import NewType

Number = NewType("Number", float)
"""Finite, and within ±`MAX_NUMBER`."""
Whole = NewType("Whole", int)
"""Within ±`MAX_WHOLE`."""

MAX_NUMBER = float(2**63)
"""Thousands of these can be added up and are still finite."""
MAX_WHOLE = 2**53 - 1
"""The largest that JavaScript and a database's REAL keep as it is (RFC 8259, 6)."""
_MAX_DIGITS = 400
"""Characters of a number that is spelled as text."""


def number(value: object) -> Number | None:
    """Return a number, also one that is spelled as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and len(value) > _MAX_DIGITS:
        return None
    try:
        result = float(value)
    except ValueError, OverflowError:
        return None
    return Number(result) if math.isfinite(result) and abs(result) <= MAX_NUMBER else None


def whole(value: object, *, least: int = 0, most: int = MAX_WHOLE) -> Whole | None:
    """Return a number without its fraction; None where it is none, or not from `least` to `most`."""
    result = value if isinstance(value, int) and not isinstance(value, bool) else number(value)
    if result is None or not least <= result <= most:
        return None
    return Whole(int(result))


def total(values: Iterable[int]) -> Whole:
    """Return the sum of numbers that are not negative, at most `MAX_WHOLE`."""
    return Whole(min(sum(values), MAX_WHOLE))
