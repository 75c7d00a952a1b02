"""What all nouns of a cluster have in common: items with their problems, noted once for each change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ...health.problem import Problem, Severity

SKEW = timedelta(hours=1)
"""By how much a clock of the cluster may be ahead and still be believed."""


class Report(Protocol):
    """Makes a problem of the cluster, see `Monitor.problem`; a `since` that lies ahead is left out."""

    def __call__(
        self,
        kind: str,
        key: str,
        name: str,
        severity: Severity,
        summary: str,
        *,
        since: datetime | None = None,
        details: Mapping[str, str] | None = None,
    ) -> Problem:
        """Return the problem."""
        ...


@dataclass(frozen=True, slots=True)
class Noted[ItemT]:
    """An item and what is wrong with it.

    Made once for each change of the item: to make texts plain takes too long to do it for thousands of
    items whenever somebody asks.
    """

    item: ItemT
    problems: tuple[Problem, ...] = ()


def by_id(noted: Iterable[Noted[object]]) -> dict[str, Problem]:
    """Return the problems of all items by their ids."""
    return {problem.id: problem for one in noted for problem in one.problems}


def is_trouble(problems: Mapping[str, Problem]) -> bool:
    """Return whether anything is wrong; mere information is not."""
    return any(problem.severity.at_least(Severity.WARNING) for problem in problems.values())


def past(moment: datetime | None) -> datetime | None:
    """Return a moment that is over, None for one that lies ahead: somebody's clock is wrong."""
    return moment if moment is None or moment <= datetime.now(UTC) else None


def credible(moment: datetime | None, now: datetime) -> bool:
    """Return whether something can have happened then, as far as clocks go."""
    return moment is not None and moment <= now + SKEW


def full_name(namespace: str, name: str) -> str:
    """Return how people call an object."""
    return f"{namespace}/{name}" if namespace else name


def sentence(begin: str, reason: str) -> str:
    """Return what is wrong, with the reason where there is one."""
    return f"{begin}: {reason}" if reason else begin
