"""What a model has said about problems, remembered so that it is asked once."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
import json
from typing import Any

from .evidence import Evidence
from .problem import Problem, plain

MAX_AGE = timedelta(days=7)
MAX_COUNT = 200
MAX_EXPLANATION = 700
MAX_NEXT_STEP = 300
_MAX_MODEL = 200


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a model said, plain and bounded; `next_step` is advice for a person, None where it had none."""

    explanation: str
    next_step: str | None
    model: str
    at: datetime


def content_key(problem: Problem, evidence: Iterable[Evidence], language: str, model: str) -> str:
    """Return what is the same for as long as an explanation of a problem holds.

    That is its kind and name, and the evidence, whatever moments and figures say.
    """
    content = [problem.kind, problem.name, [part.lasting for part in evidence], language, model]
    return sha256(json.dumps(content).encode()).hexdigest()[:32]


class Explanations:
    """The last explanations by content key, the oldest first. Times are given, never taken."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        """`stored` is what `as_stored` returned before the restart; what does not fit is left out."""
        self._known: dict[str, Explanation] = {}
        for key, row in (stored or {}).items():
            with suppress(TypeError, ValueError):
                self._known[key] = _from_stored(row)
        self._drop()

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._known)

    def find(self, key: str, now: datetime) -> Explanation | None:
        """Return what was said about this, None where it was not, or too long ago."""
        explanation = self._known.get(key)
        # One of the future is of a clock that was wrong, and would stay for who knows how long.
        return explanation if explanation is not None and abs(now - explanation.at) <= MAX_AGE else None

    def remember(self, key: str, explanation: Explanation) -> None:
        """Remember what was said; too much is too much, and the oldest goes."""
        self._known.pop(key, None)
        self._known[key] = explanation
        self._drop(explanation.at)

    def as_stored(self) -> dict[str, Any]:
        """Return all of it as JSON takes it. May be called in any thread."""
        return {
            key: [record.explanation, record.next_step, record.model, record.at.isoformat()]
            for key, record in self._known.copy().items()
        }

    def _drop(self, now: datetime | None = None) -> None:
        if now is not None:
            self._known = {
                key: record for key, record in self._known.items() if abs(now - record.at) <= MAX_AGE
            }
        while len(self._known) > MAX_COUNT:
            del self._known[next(iter(self._known))]


def _from_stored(row: list[Any]) -> Explanation:
    """Return what `as_stored` was given. Raises TypeError or ValueError where it does not fit."""
    explanation, next_step, model, moment = row
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None or not isinstance(explanation, str):
        raise ValueError("no explanation")
    step = None if next_step is None else plain(next_step, MAX_NEXT_STEP)
    return Explanation(plain(explanation, MAX_EXPLANATION), step, plain(model, _MAX_MODEL), at)
