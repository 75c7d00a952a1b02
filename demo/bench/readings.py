"""Readings: what was measured of Homelab AI alone, and what was expected of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from .figures import Unit, number


class Bound(Protocol):
    """What is expected of a reading."""

    def met(self, value: float) -> bool:
        """Whether the expectation is met."""
        ...

    def text(self, unit: Unit) -> str:
        """The expectation in words and numbers."""
        ...


@dataclass(frozen=True, slots=True)
class AtMost:
    """No more than this, in the unit of the reading."""

    limit: float

    def met(self, value: float) -> bool:
        return value <= self.limit

    def text(self, unit: Unit) -> str:
        return f"≤ {f'{self.limit:g} {unit}'.strip()}"


@dataclass(frozen=True, slots=True)
class Exactly:
    """Just this; `reason` says why."""

    value: float
    reason: str = ""

    def met(self, value: float) -> bool:
        return value == self.value

    def text(self, unit: Unit) -> str:
        return number(self.value, unit) + (f", {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of a table: every measurement, of which `of` makes the one that counts.

    That is the worst, unless told. `aside` is what else is to be known of it.
    """

    case: str
    unit: Unit
    values: Sequence[float]
    expectation: Bound | None = None
    of: Callable[[Sequence[float]], float] = max
    aside: str = ""

    @property
    def measured(self) -> float:
        """What counts."""
        return self.of(self.values)

    @property
    def met(self) -> bool | None:
        """Whether what was expected came true; None where nothing was."""
        return None if self.expectation is None else self.expectation.met(self.measured)
