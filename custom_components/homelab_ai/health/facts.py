"""The facts of a problem: values of a few types, which become text only where they leave the house."""

from collections.abc import Mapping
from datetime import datetime
from math import isfinite

type Fact = str | int | float | datetime
type Facts = Mapping[str, Fact]

_MOST_COUNTED = 10**6


def as_text(value: Fact) -> str:
    """Return a fact as events, actions, attributes and models are told it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def text_of(facts: Facts, key: str) -> str:
    """Return a fact as text, empty where it is not known."""
    value = facts.get(key)
    return "" if value is None else as_text(value)


def count_of(facts: Facts, key: str) -> int | None:
    """Return how many there are of something, None where that is not known or cannot be."""
    value = facts.get(key)
    return value if isinstance(value, int) and 0 <= value < _MOST_COUNTED else None


def figure_of(facts: Facts, key: str) -> int | float | None:
    """Return what was measured, None where it is no finite number."""
    value = facts.get(key)
    return value if isinstance(value, int | float) and isfinite(value) else None


def moment_of(facts: Facts, key: str) -> datetime | None:
    """Return a moment, None where it is not known or of no time zone."""
    value = facts.get(key)
    return value if isinstance(value, datetime) and value.tzinfo else None
