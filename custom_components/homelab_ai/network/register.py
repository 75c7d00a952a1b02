"""The register of devices: who is known, who is new, and what people are told of that."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Any

from ..values.moment import moment
from .folding import Friends, arrived
from .record import REVIEW, Reason, Record, Told, Verdict
from .sighting import Heard, Sighting

MOST_RECORDS = 500
MOST_NEW = 200
"""New addresses of one look; the others are taken at the next."""
BASELINE = timedelta(days=1)
"""What is there in the first day of a source was there before."""
LONG_AWAY = timedelta(days=30)
RECENT = timedelta(days=1)
"""A source, or a device, that was heard of in this time is part of the answer."""
HOUR = timedelta(hours=1)
MOST_TOLD = 5
"""Devices that are told one by one in an hour."""
MOST_SOURCES = 20
_ID = 10


class NewsKind(StrEnum):
    """What happened to a device; also the event types of the `network` event entity."""

    NEW = "device_new"
    BACK = "device_back"


@dataclass(frozen=True, slots=True)
class News:
    """A device that is new, or back after a long time."""

    kind: NewsKind
    record: Record


class Register:
    """The devices of a network, at most 500 of them.

    A device is known by its address, never by its IP, which anybody may take.
    """

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        """Remember what was kept; what cannot be read of it is left out."""
        stored = stored or {}
        self._records: dict[str, Record] = {}
        self._by_mac: dict[str, Record] = {}
        self._told: list[datetime] = [
            at for other in stored.get("told", ())[-MOST_TOLD:] if (at := moment(other)) is not None
        ]
        self.dropped = int(stored.get("dropped", 0))
        """New devices among those told together that there was no room to keep."""
        self._since = _moments(stored.get("since"))
        """When each source was first there."""
        self._heard = _moments(stored.get("heard"))
        for item in stored.get("records", ())[:MOST_RECORDS]:
            with suppress(AttributeError, KeyError, TypeError, ValueError):
                self._keep(Record.from_stored(item))

    def __iter__(self) -> Iterator[Record]:
        """Yield all records."""
        return iter(self._records.values())

    def __len__(self) -> int:
        """Return how many records there are."""
        return len(self._records)

    def find(self, record_id: str) -> Record | None:
        """Return a record by its id."""
        return self._records.get(record_id)

    def sources(self, now: datetime) -> tuple[str, ...]:
        """Return the sources that could tell of devices in the last day."""
        return tuple(sorted(source for source, at in self._heard.items() if now - at < RECENT))

    def present(self, now: datetime) -> list[Record]:
        """Return what is in the network: at least this, for nobody sees everything."""
        return [
            record
            for record in self
            if record.is_here or (record.is_here is None and now - record.last_seen < RECENT)
        ]

    def waiting(self, now: datetime) -> list[Record]:
        """Return the new devices that a person should review, the latest first."""
        waiting = [record for record in self if record.is_waiting(now)]
        return sorted(waiting, key=lambda record: record.first_seen, reverse=True)

    def review(self, record: Record, verdict: Verdict, name: str = "") -> None:
        """Take what a person says of a device."""
        record.judge(verdict, Reason.REVIEWED, name)
        self._forget_flood()

    def take(self, heard: Heard, now: datetime) -> list[News]:
        """Take what is heard now; return what is news."""
        for source in islice(heard.sources, MOST_SOURCES):
            self._since.setdefault(source, now)
            self._heard[source] = now
        news = list(self._take(heard, now))
        news += self._settle(heard, now)
        self._make_room(now)
        self._forget_flood()
        return news

    def _take(self, heard: Heard, now: datetime) -> Iterator[News]:
        room = MOST_NEW
        taken: dict[str, str] = {record.ip: record.id for record in self if record.ip}
        for sighting in heard.sightings:
            record = self._by_mac.get(sighting.mac)
            if record is None:
                if not room:
                    continue
                room -= 1
                record = self._begin(sighting, now)
            elif sighting.is_here and self._is_back(record, now):
                yield News(NewsKind.BACK, record)
            record.note(sighting, now)
            if record.verdict is Verdict.NEW:
                self._recognise(record, sighting, heard, taken)

    def _begin(self, sighting: Sighting, now: datetime) -> Record:
        digest = sha256(f"{now.isoformat()} {sighting.mac}".encode()).hexdigest()
        record = Record(digest[:_ID], [sighting.mac], now, now)
        if now - self._since.get(sighting.source, now) < BASELINE:
            record.judge(Verdict.KNOWN, Reason.BASELINE)
        self._keep(record)
        return record

    def _recognise(self, record: Record, sighting: Sighting, heard: Heard, taken: Mapping[str, str]) -> None:
        """Know a device without asking, where somebody else has said what it is."""
        mac, holder = sighting.mac, taken.get(sighting.ip)
        if owner := heard.owners.get(mac):
            record.owner = owner
            record.judge(Verdict.KNOWN, Reason.PERSON)
        elif mac in heard.known:
            record.judge(Verdict.KNOWN, Reason.REGISTERED, heard.known[mac])
        elif sighting.ip in heard.own and holder in (None, record.id):
            # Where another device had it before, its address says nothing.
            record.judge(Verdict.KNOWN, Reason.REGISTERED, heard.own[sighting.ip])
        elif sighting.is_guest and record.is_made_up:
            record.judge(Verdict.GUEST, Reason.GUEST_NETWORK)

    def _settle(self, heard: Heard, now: datetime) -> Iterator[News]:
        """Yield the new devices to be told; those that turn out to be known are folded into their records."""
        for mac, owner in heard.owners.items():
            if (record := self._by_mac.get(mac)) is not None:
                record.owner = owner
        untold = [record for record in self if record.verdict is Verdict.NEW and record.told is Told.NOT]
        friends = Friends(self, heard.arrivals, now) if untold else None
        for record in untold:
            record.came_home = record.came_home or ", ".join(arrived(heard.arrivals, record.first_seen))
            if friends and record.is_made_up and (match := friends.find(record)):
                self._fold(record, *match)
                continue
            if record.is_waiting(now):
                self._tell(record, now)
                if record.told is Told.ALONE:
                    yield News(NewsKind.NEW, record)

    def _is_back(self, record: Record, now: datetime) -> bool:
        """Return whether people are to be told that a device is back."""
        was_away = now - record.last_seen > LONG_AWAY and record.verdict is not Verdict.IGNORED
        return was_away and self._may_tell(now)

    def _tell(self, record: Record, now: datetime) -> None:
        record.told = Told.ALONE if self._may_tell(now) else Told.TOGETHER

    def _may_tell(self, now: datetime) -> bool:
        """Return whether one more may be told by itself in this hour, and count it."""
        self._told = [at for at in self._told if now - at < HOUR]
        if len(self._told) >= MOST_TOLD:
            return False
        self._told.append(now)
        return True

    def _fold(self, record: Record, known: Record, reason: Reason) -> None:
        """Take a new record for another address of a known one."""
        before = set(known.macs)
        del self._records[record.id]
        known.add_mac(record.mac, reason)
        known.last_seen, known.is_here = max(known.last_seen, record.last_seen), record.is_here
        known.ips = list(dict.fromkeys((*record.ips, *known.ips)))[:3]
        known.sources |= record.sources
        for mac in before - set(known.macs):
            self._by_mac.pop(mac, None)
        self._by_mac[record.mac] = known

    def _keep(self, record: Record) -> None:
        self._records[record.id] = record
        for mac in record.macs:
            self._by_mac[mac] = record

    def _make_room(self, now: datetime) -> None:
        """Drop what is least worth keeping: a flood of made-up addresses must not push out who is known."""
        excess = len(self._records) - MOST_RECORDS
        if excess <= 0:
            return
        # The same ones may be dropped at every look: the largest number is at least how many there are.
        self.dropped = max(self.dropped, excess)
        for record in sorted(self, key=partial(_worth, now))[:excess]:
            del self._records[record.id]
            for mac in record.macs:
                self._by_mac.pop(mac, None)

    def together(self, now: datetime) -> int:
        """Return how many new devices are told together, those without room among them."""
        count = sum(1 for record in self if record.told is Told.TOGETHER and record.is_waiting(now))
        return count + self.dropped if count else 0

    def _forget_flood(self) -> None:
        if not any(record.told is Told.TOGETHER and record.verdict is Verdict.NEW for record in self):
            self.dropped = 0

    def as_stored(self) -> dict[str, Any]:
        """Return what is kept over restarts."""
        return {
            "records": [record.as_stored() for record in self],
            "since": {source: at.isoformat() for source, at in self._since.items()},
            "heard": {source: at.isoformat() for source, at in self._heard.items()},
            "told": [at.isoformat() for at in self._told],
            "dropped": self.dropped,
        }


_WORTH = (Verdict.NEW, Verdict.GUEST, Verdict.IGNORED, Verdict.KNOWN)


def _worth(now: datetime, record: Record) -> tuple[int, int, bool, float]:
    """Return how much a record is worth keeping.

    Of those that people know the one that was seen last; of new ones the one that came first, until nobody
    is told of it any more.
    """
    by_person = record.reason in (Reason.REVIEWED, Reason.PERSON)
    worth = _WORTH.index(record.verdict) + len(_WORTH) * by_person
    if record.verdict is not Verdict.NEW:
        return worth, 0, False, record.last_seen.timestamp()
    is_news = now - record.first_seen < REVIEW
    return (
        worth,
        is_news + (is_news and record.told is Told.ALONE),
        not record.is_made_up,
        -record.first_seen.timestamp(),
    )


def _moments(stored: object) -> dict[str, datetime]:
    if not isinstance(stored, dict):
        return {}
    pairs = ((str(key), moment(at)) for key, at in islice(stored.items(), MOST_SOURCES))
    return {key: at for key, at in pairs if at is not None}
