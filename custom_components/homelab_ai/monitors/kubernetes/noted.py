"""What all nouns of a cluster have in common: items with their problems, noted once for each change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import re
from typing import Protocol

from ...health.problem import Problem, Severity

STUCK = "deletion_stuck"
"""The kind of the problem of an object that was deleted and does not go."""
GOING = timedelta(minutes=30)
"""How long that may take."""
GOES_NOT = "is being deleted, and does not go"
SKEW = timedelta(hours=1)
"""By how much a clock of the cluster may be ahead and still be believed."""
_VERB = re.compile(r" (?:are|does|has|have|is|uses) ")


class Report(Protocol):
    """Makes a problem of the cluster, see `Monitor.problem`; a `since` that lies ahead is left out."""

    def __call__(
        self,
        kind: str,
        key: str,
        name: str,
        summary: str,
        *,
        severity: Severity | None = None,
        since: datetime | None = None,
        facts: Mapping[str, object] | None = None,
        needs_hub: bool | None = None,
    ) -> Problem:
        """Return the problem."""
        ...


def cautious(report: Report) -> Report:
    """Return what makes problems without a `since` that lies ahead."""

    def reporting(
        kind: str,
        key: str,
        name: str,
        summary: str,
        *,
        severity: Severity | None = None,
        since: datetime | None = None,
        facts: Mapping[str, object] | None = None,
        needs_hub: bool | None = None,
    ) -> Problem:
        return report(
            kind, key, name, summary, severity=severity, since=past(since), facts=facts, needs_hub=needs_hub
        )

    return reporting


@dataclass(frozen=True, slots=True)
class Later:
    """What is wrong from a moment on, unless the item changes before: "not yet" has an end."""

    due: datetime
    problem: Problem


@dataclass(frozen=True, slots=True)
class Noted[ItemT]:
    """An item and what is wrong with it.

    Made once for each change of the item: to make texts plain takes too long to do it for thousands of
    items whenever somebody asks.
    """

    item: ItemT
    problems: tuple[Problem, ...] = ()
    later: tuple[Later, ...] = ()

    def at(self, now: datetime) -> Iterator[Problem]:
        """Yield what is wrong at a moment."""
        yield from self.problems
        for item in self.later:
            if item.due <= now:
                yield item.problem


def by_id(noted: Iterable[Noted[object]], now: datetime | None = None) -> dict[str, Problem]:
    """Return the problems of all items by their ids, those among them whose time has come at `now`."""
    if now is None:
        return {problem.id: problem for note in noted for problem in note.problems}
    return {problem.id: problem for note in noted for problem in note.at(now)}


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


def said_of(kind: str, name: str, text: str) -> str:
    """Return what is said of an object, with its kind and name before it.

    Many texts begin with these themselves, or with a part of them; then they are not said again.
    """
    subject = f"{kind} {name}".strip()
    short = name.rpartition("/")[2]
    for begin in (subject, f"{kind}/{name}", f"{kind} {short}", f"{kind}/{short}", name, short):
        rest = _after(begin, text)
        if rest is not None and rest[:1] in ("", " ", ":", ","):
            return f"{subject}{rest}"
    rest = _after(kind, text)
    if rest and _VERB.match(rest):
        return f"{subject}{rest}"
    return sentence(subject, text) if subject else text


def _after(begin: str, text: str) -> str | None:
    """Return what follows a beginning, None where a text does not begin so."""
    return text[len(begin) :] if begin and text[: len(begin)].casefold() == begin.casefold() else None


def is_k8sgpt(name: str) -> bool:
    """Return whether an object is one of k8sgpt's own; nothing else in a cluster is called so.

    It explains with the hub's model, so that it is of no use while the hub is off.
    """
    return "k8sgpt" in name.rpartition("/")[2].split("-")


def going(noun: str, name: str, at: datetime, waits_for: str, report: Report) -> Later:
    """Return that an object which is being deleted becomes a problem once that takes too long."""
    summary = sentence(f"{noun} {name} {GOES_NOT}", waits_for)
    facts = {"kind": noun, "message": waits_for}
    return Later(at + GOING, report(STUCK, f"{noun}/{name}", name, summary, since=at, facts=facts))


def itself[ItemT](item: ItemT) -> ItemT:
    """Return an item as it is: nothing is wrong with it alone."""
    return item
