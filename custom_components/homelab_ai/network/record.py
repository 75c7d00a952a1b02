"""The record of a device: what it is called and by whom it was seen, and nothing of where it has been."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from ..values.text import line
from .address import is_made_up, mac_in
from .sighting import Sighting

MOST_NAMES = 3
MOST_MACS = 8
"""Addresses that are kept of a device that makes them up."""
MAX_NAME = 63
FOLDING = timedelta(minutes=5)
"""A made-up address may turn out to be an old friend's for so long: who carries it is coming home."""
REVIEW = timedelta(days=14)
"""A device that nobody has reviewed for so long is no news any more."""


class Verdict(StrEnum):
    """What people think of a device."""

    NEW = "new"
    KNOWN = "known"
    GUEST = "guest"
    IGNORED = "ignored"


class Reason(StrEnum):
    """Why a device has its verdict, or an address belongs to it."""

    BASELINE = "baseline"
    """It was there in the first day of a source."""
    REGISTERED = "registered"
    """Somebody has set it up in Home Assistant, or it is part of the homelab."""
    PERSON = "person"
    """A person carries it."""
    GUEST_NETWORK = "guest_network"
    REVIEWED = "reviewed"
    SAME_NAME = "same_name"
    CAME_HOME = "came_home"


class Told(StrEnum):
    """How people were told of a new device."""

    NOT = "not"
    ALONE = "alone"
    TOGETHER = "together"
    """With others, for there were too many."""


@dataclass(slots=True)
class Record:
    """A device. `macs` are its addresses, the latest first; `aliases` say why the others are its own, too.

    `id` tells nothing of the address. `name` is what a person calls it; `ips` and `hostnames` are the last
    few, the latest first.
    """

    id: str
    macs: list[str]
    first_seen: datetime
    last_seen: datetime
    verdict: Verdict = Verdict.NEW
    reason: str = ""
    name: str = ""
    owner: str = ""
    network: str = ""
    ips: list[str] = field(default_factory=list)
    hostnames: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)
    told: Told = Told.NOT
    came_home: str = ""
    """Who came home when it was first seen."""
    is_here: bool | None = None
    """Whether it is there, as far as anybody says; not kept over restarts."""

    @property
    def mac(self) -> str:
        """Return its present address."""
        return self.macs[0]

    @property
    def is_made_up(self) -> bool:
        """Return whether its present address is one that it has made up."""
        return is_made_up(self.mac)

    @property
    def ip(self) -> str:
        """Return its last address in the network, empty where nobody told it."""
        return self.ips[0] if self.ips else ""

    @property
    def hostname(self) -> str:
        """Return what it last called itself; it may call itself anything."""
        return self.hostnames[0] if self.hostnames else ""

    def is_waiting(self, now: datetime) -> bool:
        """Return whether a person should say what this device is."""
        age = now - self.first_seen
        settled = not self.is_made_up or age >= FOLDING
        return self.verdict is Verdict.NEW and settled and age < REVIEW

    def judge(self, verdict: Verdict, reason: Reason, name: str = "") -> None:
        """Take what is thought of it, and what it is called where that is said."""
        self.verdict, self.reason = verdict, reason
        if name:
            self.name = line(name, MAX_NAME)

    def note(self, sighting: Sighting, now: datetime) -> None:
        """Take what a source tells of it now."""
        self.sources.add(sighting.source)
        _first(self.ips, sighting.ip)
        _first(self.hostnames, sighting.hostname)
        self.network = sighting.network or self.network
        if sighting.is_here is not None:
            self.is_here = sighting.is_here or bool(self.is_here and self.last_seen == now)
        if sighting.is_here:
            self.last_seen = now

    def add_mac(self, mac: str, reason: Reason) -> None:
        """Take another address for its own, from now on its present one."""
        self.aliases[mac] = reason
        _first(self.macs, mac, MOST_MACS)
        self.aliases = {known: why for known, why in self.aliases.items() if known in self.macs}

    def as_stored(self) -> dict[str, Any]:
        """Return what is kept over restarts."""
        return {
            "id": self.id,
            "macs": list(self.macs),
            "first_seen": self.first_seen.isoformat(),
            "last_seen": self.last_seen.isoformat(),
            "verdict": self.verdict.value,
            "reason": str(self.reason),
            "name": self.name,
            "owner": self.owner,
            "network": self.network,
            "ips": list(self.ips),
            "hostnames": list(self.hostnames),
            "aliases": {mac: str(reason) for mac, reason in self.aliases.items()},
            "sources": sorted(self.sources),
            "told": self.told.value,
            "came_home": self.came_home,
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Return what was kept. Raises KeyError, TypeError or ValueError for what cannot be read."""
        macs = [mac for other in stored["macs"][:MOST_MACS] if (mac := mac_in(other))]
        if not macs:
            raise ValueError("a record without an address")
        return cls(
            line(stored["id"], MAX_NAME),
            macs,
            datetime.fromisoformat(stored["first_seen"]),
            datetime.fromisoformat(stored["last_seen"]),
            Verdict(stored["verdict"]),
            line(stored.get("reason", ""), MAX_NAME),
            line(stored.get("name", ""), MAX_NAME),
            line(stored.get("owner", ""), MAX_NAME),
            line(stored.get("network", ""), MAX_NAME),
            [line(other, MAX_NAME) for other in stored.get("ips", ())[:MOST_NAMES]],
            [line(other, MAX_NAME) for other in stored.get("hostnames", ())[:MOST_NAMES]],
            {mac: line(why, MAX_NAME) for mac, why in stored.get("aliases", {}).items() if mac in macs},
            {line(other, MAX_NAME) for other in stored.get("sources", ())},
            Told(stored.get("told", Told.NOT)),
            line(stored.get("came_home", ""), MAX_NAME),
        )


def _first(values: list[str], value: str, most: int = MOST_NAMES) -> None:
    """Put a value first, and keep only so many."""
    if value and values[:1] != [value]:
        if value in values:
            values.remove(value)
        values.insert(0, value)
        del values[most:]
