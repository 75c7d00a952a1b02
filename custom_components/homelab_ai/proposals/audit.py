"""What was proposed, who asked, what a model had to do with it and what became of it: for 90 days."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

KEPT = timedelta(days=90)
MOST_RECORDS = 500
MOST_AN_HOUR = 3
MOST_OPEN = 5
_MAX_TEXT = 4000


class Status(StrEnum):
    """What has become of a proposal."""

    BEGUN = "begun"
    """Its branch may be there, its pull request is not."""
    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Record:
    """One wish. `source` is the subentry of the repository; `reason` why it was refused or failed."""

    id: str
    at: datetime
    source: str
    asked_by: str
    """One of "person", "automation" and "voice"."""
    user: str = ""
    """The id of the person's account."""
    request: str = ""
    change: str = ""
    apps: tuple[str, ...] = ()
    title: str = ""
    body: str = field(default="", repr=False)
    branch: str = ""
    base: str = ""
    status: Status = Status.BEGUN
    number: int | None = None
    url: str = ""
    reason: str = ""
    merged_by: str = ""
    model: str = ""
    exchanges: tuple[tuple[str, str], ...] = ()
    """What the model was asked, and what it answered."""
    targets: tuple[str, ...] = ()
    """The apps as the cluster knows them, each with its namespace."""
    delivered: tuple[str, ...] = ()
    """Those of them to which the cluster has done it, after a person merged."""
    delivered_at: datetime | None = None
    """When that was so of all."""
    labels: tuple[str, ...] = ("homelab-ai",)


class Audit:
    """The records, the latest last."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        """`stored` is what `as_stored` returned; what does not fit is left out."""
        self._records: list[Record] = []
        for item in (stored or {}).get("records", ())[-MOST_RECORDS:]:
            if (record := _read(item)) is not None:
                self._records.append(record)

    @property
    def records(self) -> tuple[Record, ...]:
        """Return all that is known."""
        return tuple(self._records)

    def put(self, record: Record, now: datetime) -> None:
        """Add a record, or replace the one of the same id that has not ended."""
        known = [record for record in self._records if record.at > now - KEPT]
        known = [other for other in known if other.id != record.id or other.status in _ENDED]
        self._records = [*known, record][-MOST_RECORDS:]

    def find(self, proposal: str) -> Record | None:
        """Return the latest record of an id."""
        return next((record for record in reversed(self._records) if record.id == proposal), None)

    def change(self, record: Record, **facts: Any) -> Record:
        """Replace a record by what is known of it now, and return that."""
        changed = replace(record, **facts)
        self._records = [changed if other is record else other for other in self._records]
        return changed

    def begun(self) -> list[Record]:
        """Return those whose pull request was not opened: Home Assistant was stopped meanwhile."""
        return [record for record in self._records if record.status is Status.BEGUN]

    def open(self, source: str) -> list[Record]:
        """Return the open ones of a repository."""
        return [
            record for record in self._records if record.status is Status.OPEN and record.source == source
        ]

    def merged(self, since: datetime) -> list[Record]:
        """Return those that a person has merged and that the cluster has not done yet."""
        return [
            record
            for record in self._records
            if record.status is Status.MERGED and record.delivered_at is None and record.at >= since
        ]

    def opened_since(self, moment: datetime) -> int:
        """Return how many were opened since, whatever became of them."""
        return sum(
            record.at >= moment and record.status not in (Status.REFUSED, Status.FAILED)
            for record in self._records
        )

    def as_stored(self) -> dict[str, Any]:
        """Return the records as JSON takes them."""
        return {"records": [_stored(record) for record in self._records]}


_ENDED = (Status.MERGED, Status.CLOSED, Status.WITHDRAWN, Status.REFUSED, Status.FAILED)
_TEXTS: tuple[str, ...] = (
    "source",
    "asked_by",
    "user",
    "request",
    "change",
    "title",
    "body",
    "branch",
    "base",
    "url",
)
_TEXTS += ("reason", "merged_by", "model")


def _stored(record: Record) -> dict[str, Any]:
    delivered = record.delivered_at.isoformat() if record.delivered_at else None
    return {**asdict(record), "at": record.at.isoformat(), "delivered_at": delivered}


def _moment(stored: Any) -> datetime | None:
    at = datetime.fromisoformat(stored) if stored else None
    return at if at is not None and at.tzinfo is not None else None


def _read(stored: Any) -> Record | None:
    try:
        at = datetime.fromisoformat(stored["at"])
        if at.tzinfo is None:
            return None
        number = stored.get("number")
        texts: dict[str, Any] = {
            key: str(stored.get(key, ""))[: 60_000 if key == "body" else _MAX_TEXT] for key in _TEXTS
        }
        return Record(
            id=str(stored["id"]),
            at=at,
            status=Status(stored["status"]),
            number=number if isinstance(number, int) else None,
            apps=tuple(str(other) for other in stored.get("apps", ())),
            targets=tuple(str(other) for other in stored.get("targets", ())),
            delivered=tuple(str(other) for other in stored.get("delivered", ())),
            delivered_at=_moment(stored.get("delivered_at")),
            exchanges=tuple((str(item), str(other)) for item, other in stored.get("exchanges", ())),
            **texts,
        )
    except KeyError, TypeError, ValueError, AttributeError:
        return None
