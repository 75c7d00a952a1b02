"""Figures: what was measured of both candidates, and what was expected of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Protocol


class Unit(StrEnum):
    """What a figure is counted in, as it is written behind the number."""

    SECONDS = "s"
    MILLISECONDS = "ms"
    MICROSECONDS = "µs"
    MEBIBYTES = "MiB"
    MEGABYTES = "MB"
    COUNT = ""


_PLACES = {Unit.SECONDS: 3, Unit.MEBIBYTES: 1, Unit.MEGABYTES: 1}
_FEW_MILLISECONDS = 10
"""Fewer have a decimal."""


def number(value: float, unit: Unit) -> str:
    """A value as it is written in a table, with its unit."""
    places = _PLACES.get(unit, 0)
    if unit is Unit.MILLISECONDS and value < _FEW_MILLISECONDS:
        places = 1
    return f"{value:,.{places}f} {unit}".strip()


class Expectation(Protocol):
    """What is expected of our figure, given core's; both in the figure's unit."""

    def met(self, ours: float, core: float) -> bool:
        """Whether the expectation is met."""
        ...

    def text(self, core: float) -> str:
        """The expectation in words and numbers."""
        ...


@dataclass(frozen=True, slots=True)
class ListeningUsed:
    """The first word comes so many seconds earlier, or `at_once`: as soon as it can from a hub in wait."""

    seconds: float
    at_once: float

    def met(self, ours: float, core: float) -> bool:
        return ours <= self._limit(core)

    def text(self, core: float) -> str:
        return f"≤ max({self.at_once:g} s, core − {self.seconds:g} s) = {self._limit(core):.2f} s"

    def _limit(self, core: float) -> float:
        return max(self.at_once, core - self.seconds)


@dataclass(frozen=True, slots=True)
class RatioAtMost:
    """Ours is at most this many times core's, or, of a figure in seconds, so many seconds more than it."""

    ratio: float
    seconds: float = 0.0

    def met(self, ours: float, core: float) -> bool:
        return ours <= max(core * self.ratio, core + self.seconds)

    def text(self, core: float) -> str:
        text = f"ratio ≤ {self.ratio:.2f}"
        return f"{text}, or at most {self.seconds:g} s more" if self.seconds else text


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: every measurement of both, of which the medians are compared."""

    case: str
    unit: Unit
    ours: Sequence[float] = field(default_factory=list)
    core: Sequence[float] = field(default_factory=list)
    expectation: Expectation | None = None

    @property
    def our_median(self) -> float:
        """Ours."""
        return median(self.ours)

    @property
    def core_median(self) -> float:
        """Core's."""
        return median(self.core)

    @property
    def ratio(self) -> float | None:
        """Ours in core's; None where core's is nothing."""
        return self.our_median / self.core_median if self.core_median > 0 else None

    @property
    def met(self) -> bool | None:
        """Whether what was expected came true; None where nothing was."""
        if self.expectation is None:
            return None
        return self.expectation.met(self.our_median, self.core_median)
