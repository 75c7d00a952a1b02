"""Which problems do not count for a while, and by whose wish."""

from collections.abc import Iterable, Iterator, KeysView, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from .problem import Problem, Severity

MAX_MUTES = 1000
FOREVER = datetime.max.replace(tzinfo=UTC)


class Mutes:
    """By the id of the problem. What a model muted is known as that: no model makes all well."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._confirmed: dict[str, bool] = {}
        """Of mutes that a model asked for: whether a person has agreed."""

    @property
    def ids(self) -> KeysView[str]:
        """Return which problems are muted."""
        return self._until.keys()

    def add(self, problem_id: str, until: datetime | None, confirmed: bool | None) -> None:
        """Mute a problem until then, None for ever; the one that ends first makes room for it."""
        self.remove(problem_id)
        if len(self._until) >= MAX_MUTES:
            self.remove(min(self._until, key=self._until.__getitem__))
        self._until[problem_id] = until or FOREVER
        if confirmed is not None:
            self._confirmed[problem_id] = confirmed

    def remove(self, problem_id: str) -> bool:
        """End a mute; return whether there was one."""
        self._confirmed.pop(problem_id, None)
        return self._until.pop(problem_id, None) is not None

    def until(self, problem_id: str) -> datetime | None:
        """Return until when a problem is muted, None where it is not."""
        return self._until.get(problem_id)

    def is_of_model(self, problem_id: str) -> bool:
        """Return whether a problem is muted because a model asked for that."""
        return problem_id in self._confirmed

    def forget(self, source: str) -> None:
        """Drop those of a source that was removed."""
        for problem_id in [one for one in self._until if one.startswith(f"{source}:")]:
            self.remove(problem_id)

    def settle(self, now: datetime, problems: Iterable[Problem]) -> None:
        """End those whose time is over, and what a model alone muted where that has become critical."""
        for problem_id in [key for key, until in self._until.items() if until <= now]:
            self.remove(problem_id)
        if not self._confirmed:
            return
        for problem in problems:
            if problem.severity is Severity.CRITICAL and self._confirmed.get(problem.id) is False:
                self.remove(problem.id)

    def ends(self) -> Iterator[datetime]:
        """Yield when they end, those that do."""
        return (until for until in self._until.values() if until < FOREVER)

    def as_stored(self) -> dict[str, Any]:
        """Return what `read` takes, as JSON. May be called in any thread."""
        return {
            "mutes": {problem_id: until.isoformat() for problem_id, until in self._until.copy().items()},
            "mutes_of_models": self._confirmed.copy(),
        }

    def read(self, mutes: Mapping[str, Any], of_models: Mapping[str, Any]) -> None:
        """Take what was stored; what does not fit is left out."""
        for problem_id, until in mutes.items():
            with suppress(TypeError, ValueError):
                self.add(problem_id, moment(until), None)
        for problem_id in of_models.keys() & self._until.keys():
            self._confirmed[problem_id] = of_models[problem_id] is True


def moment(text: str) -> datetime:
    """Return a stored time. Raises TypeError or ValueError where it is none, or has no zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without its zone")
    return found
