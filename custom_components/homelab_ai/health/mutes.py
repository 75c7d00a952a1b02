"""Which problems do not count for a while, and by whose wish."""

from collections.abc import Iterable, Iterator, KeysView, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .problem import Problem, Severity

MAX_MUTES = 1000
FOREVER = datetime.max.replace(tzinfo=UTC)


SKEW = timedelta(minutes=5)
"""What clocks are corrected by all the time."""


@dataclass(slots=True)
class _Mute:
    """When a mute was made and when it ends, by the clock as it was then.

    `made` is None where that is not known. `confirmed` is of a mute that a model asked for: whether a person
    has agreed; None of one that a person made. `until_before` is when it ends while the clock is set to a
    time before it was made, None while it is not.
    """

    made: datetime | None
    until: datetime
    confirmed: bool | None
    until_before: datetime | None = None

    def end(self, now: datetime) -> datetime:
        """Return when it ends by the clock of now: it never lasts longer than it was meant to."""
        if self.made is None or now >= self.made - SKEW:
            self.until_before = None
        elif self.until_before is None:
            self.until_before = now + (self.until - self.made)
        return self.until_before or self.until


class Mutes:
    """By the id of the problem. What a model muted is known as that: no model makes all well.

    A mute that is over is kept as long as there is room for it: the clock may have been wrong, and then the
    mute still holds when it is right again.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Mute] = {}
        self._ends: dict[str, datetime] = {}
        """Those that hold."""

    @property
    def ids(self) -> KeysView[str]:
        """Return which problems are muted."""
        return self._ends.keys()

    def add(
        self, problem_id: str, until: datetime | None, confirmed: bool | None, made: datetime | None = None
    ) -> None:
        """Mute a problem until then, None for ever; the one that ends first makes room for it."""
        self.remove(problem_id)
        if len(self._known) >= MAX_MUTES:
            self.remove(min(self._known, key=lambda one: self._known[one].until))
        self._known[problem_id] = _Mute(made, until or FOREVER, confirmed)
        self._ends[problem_id] = until or FOREVER

    def remove(self, problem_id: str) -> bool:
        """End a mute; return whether there was one."""
        self._known.pop(problem_id, None)
        return self._ends.pop(problem_id, None) is not None

    def until(self, problem_id: str) -> datetime | None:
        """Return until when a problem is muted, None where it is not."""
        return self._ends.get(problem_id)

    def is_of_model(self, problem_id: str) -> bool:
        """Return whether a problem is muted because a model asked for that."""
        return problem_id in self._ends and self._known[problem_id].confirmed is not None

    def forget(self, source: str) -> None:
        """Drop those of a source that was removed."""
        for problem_id in [record for record in self._known if record.startswith(f"{source}:")]:
            self.remove(problem_id)

    def settle(self, now: datetime, problems: Iterable[Problem]) -> None:
        """End those whose time is over, and what a model alone muted where that has become critical."""
        ends = {problem_id: mute.end(now) for problem_id, mute in self._known.items()}
        self._ends = {problem_id: end for problem_id, end in ends.items() if end > now}
        alone = {problem_id for problem_id in self._ends if self._known[problem_id].confirmed is False}
        for problem in problems if alone else ():
            if problem.severity is Severity.CRITICAL and problem.id in alone:
                self.remove(problem.id)

    def ends(self) -> Iterator[datetime]:
        """Yield when they end, those that do."""
        return (until for until in self._ends.values() if until < FOREVER)

    def as_stored(self) -> dict[str, Any]:
        """Return what `read` takes, as JSON. May be called in any thread."""
        known = self._known.copy()
        return {
            "mutes": {key: mute.until.isoformat() for key, mute in known.items()},
            "mutes_made": {key: mute.made.isoformat() for key, mute in known.items() if mute.made},
            "mutes_of_models": {
                key: mute.confirmed for key, mute in known.items() if mute.confirmed is not None
            },
        }

    def read(self, mutes: Mapping[str, Any], made: Mapping[str, Any], of_models: Mapping[str, Any]) -> None:
        """Take what was stored; what does not fit is left out."""
        for problem_id, until in mutes.items():
            confirmed = of_models[problem_id] is True if problem_id in of_models else None
            with suppress(TypeError, ValueError):
                self.add(problem_id, moment(until), confirmed, _made(made.get(problem_id), until))


def _made(stored: object, until: str) -> datetime | None:
    try:
        made = moment(stored) if isinstance(stored, str) else None
    except ValueError:
        return None
    return made if made is not None and made.year >= 1970 and made <= moment(until) else None


def moment(text: str) -> datetime:
    """Return a stored time. Raises TypeError or ValueError where it is none, or has no zone."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a time without its zone")
    return value
