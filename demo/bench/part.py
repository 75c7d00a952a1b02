"""What a part of the benchmark is: a function that measures, and what it has found."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from .figures import Figure
from .options import Options
from .readings import Reading

type Say = Callable[[str], None]
"""Tells the person who waits how far it has come."""
type Part = Callable[[Options, Say], Awaitable[Found]]
"""Measures. Raises BenchError where it cannot."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a part has measured, and in `notes` how.

    Figures stand in the table of the comparison, readings in one of the part's own.
    """

    figures: Sequence[Figure] = ()
    readings: Sequence[Reading] = ()
    notes: Sequence[str] = ()

    @property
    def missed(self) -> bool:
        """Whether any expectation was not met."""
        return any(figure.met is False for figure in self.figures) or any(
            reading.met is False for reading in self.readings
        )
