"""The network: what Home Assistant hears of it, as a register of devices; only where a person wants that."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from ..events import network_of
from ..health.facts import Fact as ProblemFact
from ..health.kinds import row_of
from ..health.problem import MAX_NAME, Problem, plain
from ..health.unseen import NotSeen, Unseen
from ..health.waiting import Waiting, WaitingKind
from ..language.languages import base_of
from ..network.address import mac_in, shown
from ..network.hearing import Ear, house, source_name
from ..network.house import house_things, key_of
from ..network.record import Record, Told, Verdict
from ..network.register import News, Register
from ..network.vendors import Vendors, load as load_vendors, nobody
from ..network.words import words_of
from ..topology import Fact, State, Thing, ThingKind, Topology
from .host_names import HostNames
from .inbox import Inbox
from .storage import Saver, load, network_store
from .things import own_hosts

INTERVAL = timedelta(seconds=30)
SAVE_DELAY = 60.0
UNKNOWN_DEVICE, UNKNOWN_DEVICES = "unknown_device", "unknown_devices"

type Own = Callable[[], Mapping[str, str]]
"""Returns the names of our nodes and hubs by their IPs."""


@dataclass(frozen=True, slots=True)
class NetworkData:
    """The network as it is heard.

    `sources` are the names of those that could tell in the last day. `present` is how many devices there are
    at least, None where nobody could tell. `waiting` are the new ones, `news` is what this very look brought.
    """

    sources: tuple[str, ...] = ()
    present: int | None = None
    waiting: tuple[Record, ...] = ()
    together: int = 0
    news: tuple[News, ...] = ()


class NetworkCoordinator(DataUpdateCoordinator[NetworkData]):
    """Listens to what Home Assistant hears of the network, and keeps who is known and who is new.

    It asks nobody: one look reads lists that are in memory.
    """

    config_entry: ConfigEntry[Any]

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], own: Own, topology: Topology) -> None:
        """Know nothing yet."""
        super().__init__(
            hass, LOGGER, config_entry=entry, name=f"network of {entry.title}", update_interval=INTERVAL
        )
        self.data = NetworkData()
        self.register = Register()
        self.source = network_of(entry.entry_id)
        self._own, self._topology = own, topology
        self._names = HostNames(hass)
        self._ear = Ear(hass)
        self._vendor: Vendors = nobody
        self._store: Store[dict[str, Any]] = network_store(hass, entry.entry_id)
        self._saver = Saver(self._store, SAVE_DELAY, self.register.as_stored)
        self._is_known = False

    async def async_load(self) -> None:
        """Remember the devices that were there before the restart; the first look follows the entities."""
        self.register = await load(self.hass, self._store, Register)
        self._saver = Saver(self._store, SAVE_DELAY, self.register.as_stored)
        self._vendor = await load_vendors(self.hass.async_add_import_executor_job)

    async def async_close(self) -> None:
        """Save what there is."""
        await self.async_shutdown()
        await self._store.async_save(self.register.as_stored())

    async def _async_update_data(self) -> NetworkData:
        await self._names.async_look(own_hosts(self._topology))
        return self._look(dt_util.utcnow())

    def _look(self, now: datetime) -> NetworkData:
        news = self.register.take(self._ear.hear(self._own(), now), now)
        self._is_known = True
        self._saver.soon()
        return self._data(now, tuple(news))

    def _data(self, now: datetime, news: tuple[News, ...] = ()) -> NetworkData:
        register = self.register
        sources = register.sources(now)
        return NetworkData(
            tuple(source_name(self.hass, source) for source in sources),
            len(register.present(now)) if sources else None,
            tuple(register.waiting(now)),
            register.together(now),
            news,
        )

    @property
    def waiting(self) -> tuple[Record, ...]:
        """Return the new devices that wait for a person's word, the latest first."""
        return self.data.waiting

    def list_in(self, inbox: Inbox) -> CALLBACK_TYPE:
        """List the new devices in the inbox; return what ends that."""
        inbox.add(self._in_inbox)
        return self.async_add_listener(inbox.changed)

    def _in_inbox(self) -> Iterator[Waiting]:
        for record in self.data.waiting:
            name = plain(self.name_of(record), MAX_NAME)
            yield Waiting(f"device/{record.id}", WaitingKind.DEVICE, name, since=record.first_seen)

    def coverage(self, language: str) -> str:
        """Return what is seen and what is not, as a sentence."""
        return words_of(base_of(language)).covered(self.data.sources)

    def vendor(self, record: Record) -> str:
        """Return who has made a device, empty where that is not known."""
        return self._vendor(record.mac)

    def name_of(self, record: Record) -> str:
        """Return what a device is called: as people call it, as it calls itself, by its maker or address."""
        known = record.name or record.hostname or self.vendor(record) or record.ip
        return plain(known or f"…{record.mac[-4:]}", MAX_NAME)

    def find(self, text: str) -> Record | None:
        """Return the device of this id or address, or the only one of this name."""
        if (record := self.register.find(text)) is not None:
            return record
        mac = mac_in(text)
        named = [
            record
            for record in self.register
            if (mac in record.macs if mac else self.name_of(record).casefold() == text.casefold())
        ]
        return named[0] if len(named) == 1 else None

    def review(self, record: Record, verdict: str, name: str = "") -> None:
        """Take what a person says of a device, known, guest or ignored; it is no problem any more."""
        self.register.review(record, Verdict(verdict), name)
        self._saver.sooner(1.0)
        self.async_set_updated_data(self._data(dt_util.utcnow()))

    # What the health of the homelab is told

    def problems(self, known: Mapping[str, Problem]) -> Mapping[str, Problem] | None:
        """Return the new devices as problems, by id: one by one, or together where there are too many."""
        if not self._is_known:
            return None
        return {problem.id: problem for problem in self._problems()}

    def _problems(self) -> Iterator[Problem]:
        for record in self.data.waiting:
            if record.told is Told.ALONE:
                facts = {key: value for key, value in self.facts_of(record).items() if value != ""}
                name = self.name_of(record)
                yield self._problem(UNKNOWN_DEVICE, record.id, name, facts, record.first_seen)
        if self.data.together:
            count: dict[str, ProblemFact] = {"devices": self.data.together}
            yield self._problem(UNKNOWN_DEVICES, "together", self.config_entry.title, count)

    def _problem(
        self, kind: str, key: str, name: str, facts: Mapping[str, ProblemFact], since: datetime | None = None
    ) -> Problem:
        return Problem(
            id=f"{self.source}:{kind}:{key}",
            source=self.source,
            kind=kind,
            name=plain(name, MAX_NAME),
            severity=row_of(kind).severity,
            summary=_SUMMARIES[kind],
            since=since,
            facts=facts,
            subject=(f"{self.source}:{key}",),
        )

    def facts_of(self, record: Record) -> dict[str, ProblemFact]:
        """Return what is told of a device; its address is not among it."""
        return {
            "device": record.id,
            "vendor": self.vendor(record),
            "hostname": record.hostname,
            "ip": record.ip,
            "network": record.network,
            "private_address": "yes" if record.is_made_up else "",
            "came_home": record.came_home,
        }

    def not_seen(self) -> tuple[NotSeen, ...]:
        """Return that nobody tells of the network; nothing that matters can hide behind that."""
        if self.data.sources or not self._is_known:
            return ()
        return (NotSeen(self.source, self.config_entry.title, Unseen("network", essential=False)),)

    @property
    def redacted(self) -> dict[str, Any]:
        """Return what diagnostics tell: numbers, and of the addresses only who has given them out."""
        register, now = self.register, dt_util.utcnow()
        return {
            "sources": list(register.sources(now)),
            "devices": len(register),
            "present": self.data.present,
            "waiting": len(self.data.waiting),
            "verdicts": dict(Counter(record.verdict.value for record in register)),
            "reasons": dict(Counter(record.reason for record in register if record.reason)),
            "private_addresses": sum(record.is_made_up for record in register),
            "vendors": dict(Counter(record.mac[:6] for record in register if not record.is_made_up)),
        }

    # What the topology is told

    def things(self) -> dict[str, Thing]:
        """Return the devices, and what of the house hangs on the homelab, by the ids of things."""
        devices = {thing.id: thing for thing in map(self._thing, self.register)}
        return devices | {thing.id: thing for thing in self._house()}

    def _house(self) -> Iterator[Thing]:
        source, topology, names = self.source, self._topology, self._names.by_address
        integrations = house(self.hass, lambda host: key_of(host, source, topology, names) is not None)
        return house_things(source, integrations, topology, names)

    def _thing(self, record: Record) -> Thing:
        away = record.last_seen if record.is_here is False else None
        facts = {
            "vendor": self.vendor(record),
            "verdict": record.verdict.value,
            "first_seen": record.first_seen,
            "offline_since": away,
        }
        return Thing(
            id=f"{self.source}:{record.id}",
            kind=ThingKind.DEVICE,
            name=self.name_of(record),
            source=self.source,
            state=_STATES[record.is_here],
            facts=tuple(Fact(key, value) for key, value in facts.items() if value),
        )

    # What people are told

    def listed(self, record: Record) -> dict[str, Any]:
        """Return a device as plain values, for an administrator."""
        return {
            "id": record.id,
            "name": self.name_of(record),
            "mac": shown(record.mac),
            "other_macs": {shown(mac): record.aliases.get(mac) for mac in record.macs[1:]},
            "why_same": record.aliases.get(record.mac),
            "private_address": record.is_made_up,
            "vendor": self.vendor(record) or None,
            "hostnames": list(record.hostnames),
            "ip": record.ip or None,
            "network": record.network or None,
            "owner": record.owner or None,
            "verdict": record.verdict.value,
            "reason": record.reason or None,
            "first_seen": dt_util.as_local(record.first_seen).isoformat(timespec="seconds"),
            "last_seen": dt_util.as_local(record.last_seen).isoformat(timespec="seconds"),
            "here": record.is_here,
            "came_home": record.came_home or None,
            "sources": [source_name(self.hass, source) for source in sorted(record.sources)],
        }


_STATES = {True: State.OK, False: State.OFF, None: State.UNKNOWN}
_SUMMARIES = {
    UNKNOWN_DEVICE: "is in the network for the first time",
    UNKNOWN_DEVICES: "many devices are in the network for the first time",
}
