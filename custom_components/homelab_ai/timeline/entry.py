"""One thing that happened, as it is kept and as it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
import math
from typing import Any

MAX_TEXT = 300
"""Characters of a text that is read back from storage; more was never written."""
MAX_FACTS = 8

type EntryFact = str | int | float | bool | datetime


class EntryKind(StrEnum):
    """What happened."""

    RAISED = "raised"
    RESOLVED = "resolved"
    HUB_ON = "hub_on"
    HUB_OFF = "hub_off"
    DELIVERED = "delivered"
    IMAGE_CHANGED = "image_changed"
    UPDATED = "updated"
    BACKED_UP = "backed_up"
    DOWNLOADED = "downloaded"
    MODEL_REMOVED = "model_removed"
    APPEARED = "appeared"
    REMOVED = "removed"
    PULL_REQUEST_OPENED = "pull_request_opened"
    PULL_REQUEST_MERGED = "pull_request_merged"
    PULL_REQUEST_CLOSED = "pull_request_closed"
    ENABLED = "enabled"
    DISABLED = "disabled"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    MUTED = "muted"
    UNMUTED = "unmuted"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    `at` is aware. `thing` is the id of the thing, empty where there is none; `name` what people call it.
    `facts` say what changed (`before` and `after`) and, of a problem, what it is (`problem_id`, `kind`,
    `severity`, `summary`). `noticed_late` where it happened at an unknown time before `at`, while Home
    Assistant was not running or its system did not answer.
    """

    at: datetime
    kind: EntryKind
    name: str
    source: str
    thing: str = ""
    facts: Mapping[str, EntryFact] = field(default_factory=dict)
    noticed_late: bool = False

    def as_stored(self) -> list[Any]:
        """Return the entry as JSON takes it."""
        facts = {key: _stored(value) for key, value in self.facts.items()}
        return [
            self.at.isoformat(),
            self.kind.value,
            self.name,
            self.source,
            self.thing,
            facts,
            self.noticed_late,
        ]

    @classmethod
    def from_stored(cls, stored: Any) -> Entry:
        """Return what `as_stored` returned. Raises ValueError or TypeError for anything else."""
        at, kind, name, source, thing, facts, noticed_late = stored
        if not isinstance(facts, Mapping) or not isinstance(noticed_late, bool):
            raise TypeError("not an entry")
        return cls(
            at=moment(at),
            kind=EntryKind(kind),
            name=_text(name),
            source=_text(source),
            thing=_text(thing),
            facts={_text(key): _read(value) for key, value in list(facts.items())[:MAX_FACTS]},
            noticed_late=noticed_late,
        )


def moment(stored: Any) -> datetime:
    """Return a stored moment in UTC. Raises ValueError or TypeError where it is none, or has no zone."""
    at = datetime.fromisoformat(stored)
    if at.tzinfo is None or not 1970 < at.year < 9999:
        raise ValueError(f"not a moment: {stored}")
    return at.astimezone(UTC)


def _text(stored: Any) -> str:
    if not isinstance(stored, str):
        raise TypeError("not a text")
    return stored[:MAX_TEXT]


def _stored(value: EntryFact) -> Any:
    return [value.isoformat()] if isinstance(value, datetime) else value


def _read(stored: Any) -> EntryFact:
    if isinstance(stored, list):
        return moment(*stored)
    if isinstance(stored, float) and not math.isfinite(stored):
        raise ValueError("not a number")
    if isinstance(stored, bool | int | float):
        return stored
    return _text(stored)
