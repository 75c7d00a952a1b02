"""What a monitor is: how to fetch one kind of system, what entities it has, what is wrong with it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
import re
from typing import Any, ClassVar

import aiohttp
from yarl import URL

from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.event import EventEntityDescription
from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.core import HomeAssistant

from ..api.errors import ApiError
from ..api.http import Connection
from ..health.evidence import Evidence, said_something
from ..health.kinds import row_of
from ..health.problem import MAX_NAME, Problem, Severity, fact, plain
from ..health.unseen import Unseen
from ..timeline import EntryKind
from ..topology import Thing, ThingKind
from ..values.address import web_address
from .fields import Field

_MAX_KEY = 200
_DIGEST = 16
_DIGESTED = re.compile(r"~[0-9a-f]+\Z")

type Value = str | int | float | datetime | None


@dataclass(frozen=True, kw_only=True)
class MonitorSensor[DataT](SensorEntityDescription):
    """How a sensor reads a system. It exists once `exists_fn` has said so of any data.

    It is unavailable while `available_fn` says no: a series that has vanished is not zero.
    """

    value_fn: Callable[[DataT], Value]
    exists_fn: Callable[[DataT], bool] = lambda _: True
    available_fn: Callable[[DataT], bool] = lambda _: True
    attributes_fn: Callable[[DataT], Mapping[str, Any] | None] = lambda _: None


@dataclass(frozen=True, kw_only=True)
class MonitorBinarySensor[DataT](BinarySensorEntityDescription):
    """How a binary sensor reads a system; None is unknown."""

    value_fn: Callable[[DataT], bool | None]
    exists_fn: Callable[[DataT], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class Doubt:
    """What answers, but not as a person will have meant: the key of an error's text, and a name in it."""

    key: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a person should set otherwise: the key of a repair's text, and what else that names."""

    key: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a person is told who has just added a system: what was found in it, and what may not be read."""

    found: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    presets: Mapping[str, float] = field(default_factory=dict)
    """What it could measure as well, by the keys of `presets.PRESETS`, with the value of now."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What has happened in a system, as its event entity tells it: `type` is one of the event's types.

    `name` is what people call the thing, `thing` its id; `entry` is what the timeline calls it, None where
    that does not keep it.
    """

    type: str
    name: str
    thing: str
    facts: Mapping[str, Any]
    entry: EntryKind | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a monitor is made from: `source` is the subentry's id, `name` what a person calls the system.

    `data` is what the subentry stores; `connection` is made of it. `kinds` are those of all systems of
    the homelab: what one of them knows better, another leaves to it.
    """

    source: str
    name: str
    data: Mapping[str, Any]
    session: aiohttp.ClientSession
    connection: Connection
    kinds: frozenset[str] = frozenset()
    hass: HomeAssistant | None = None
    """For what is within Home Assistant itself."""


class Monitor[DataT](ABC):
    """One system of the homelab; a subclass is a kind of system."""

    heeds: ClassVar[frozenset[str]] = frozenset()
    """Kinds of other systems that this one leaves something to: where one comes or goes, it begins anew."""
    kind: ClassVar[str]
    """The subentry type."""
    manufacturer: ClassVar[str]
    product: ClassVar[str] = ""
    """Its name where that is not the manufacturer's; forms propose it."""
    scheme: ClassVar[str] = "http"
    """What its addresses begin with, unless a person types another."""
    manual: ClassVar[str] = "systems.md"
    """The page of the documentation that its form links."""
    fields: ClassVar[tuple[Field, ...]] = ()
    """What its form asks for beside name and URL."""
    interval: ClassVar[timedelta] = timedelta(seconds=30)
    needs_hub: ClassVar[bool] = False
    """Whether the system is of no use while the first hub is off."""
    thing_kind: ClassVar[ThingKind] = ThingKind.SYSTEM
    has_page: ClassVar[bool] = True
    """Whether its address is a page that a person would open."""
    is_page: ClassVar[bool] = False
    """Whether it is one page, of which every part of the address counts."""
    has_address: ClassVar[bool] = True
    """Whether it is reached over the network, by a URL."""
    follows: ClassVar[bool] = False
    """Whether the system has a stream that tells of changes at once."""
    refusals: ClassVar[Mapping[type[ApiError], str]] = {}
    """What its form calls an error of its address, where it does so otherwise than all others."""
    event: ClassVar[EventEntityDescription | None] = None
    """What happens in it that people want to act on, see `happenings`."""

    def __init__(self, settings: Settings) -> None:
        """Open nothing yet."""
        self.settings = settings

    @classmethod
    def address_of(cls, text: str) -> str:
        """Return a typed address in the form of a URL. Raises ValueError where it is none."""
        return text

    @classmethod
    def title_of(cls, url: str) -> str:
        """Return what a page is called that nobody named."""
        return URL(url).host or url

    @classmethod
    def suggested(cls, things: Iterable[Thing]) -> Mapping[str, Any]:
        """Return what the form of a new one proposes, by what the homelab has: values of its fields."""
        return {}

    @classmethod
    def to_store(cls, hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is stored of a filled form."""
        return dict(data)

    @classmethod
    def to_show(cls, hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a form shows of what is stored."""
        return dict(data)

    @abstractmethod
    async def fetch(self) -> DataT:
        """Return what the system says now. Raises ApiError."""

    @abstractmethod
    def problems(self, data: DataT) -> Mapping[str, Problem]:
        """Return what is wrong, by the problem's id."""

    def not_seen(self, data: DataT) -> tuple[Unseen, ...]:
        """Return what could not be looked at: a right is missing, a part failed, a watch is silent."""
        return ()

    def is_unread(self, data: DataT, problem: Problem) -> bool:
        """Return whether nobody can say that a known problem is over: its objects are not seen."""
        return False

    async def evidence(self, data: DataT, problem: Problem) -> tuple[Evidence, ...]:
        """Return what the system says about a problem of its own, within a few seconds; raises nothing.

        What cannot be had is left out. Not asked while the system does not answer.
        """
        return details_of_problem(problem)

    def remember(self, problems: Iterable[Problem]) -> None:  # noqa: B027 - most learn nothing from it
        """Take the problems that were known before a restart; called before any data is judged."""

    def remembered(self, data: DataT) -> Mapping[str, Problem]:
        """Return by id what is to be known after a restart, though it is no problem: all of it suppressed."""
        return {}

    def doubts(self, data: DataT) -> Iterable[Doubt]:
        """Return what a person who sets the system up may not have meant, though it can be saved."""
        return ()

    def pace(self, data: DataT) -> timedelta:
        """Return after which time the system is looked at again."""
        return self.interval

    def advice(self, data: DataT) -> Iterable[Advice]:
        """Return what a person should set otherwise in the system: a repair without a form for each."""
        return ()

    def happenings(self, data: DataT) -> tuple[Happening, ...]:
        """Return what has happened between the look before and this one."""
        return ()

    def remarks(self, data: DataT) -> Mapping[str, object]:
        """Return what diagnostics say beside the counts; nothing that tells of somebody's house."""
        return {}

    async def check(self) -> Collection[Doubt] | None:
        """Raise ApiError unless the system answers as its kind does; a person waits for it.

        Return what that person may not have meant, though it can be saved.
        """
        return tuple(self.doubts(await self.fetch()))

    async def introduce(self) -> Introduction:
        """Return what was found in a system that `check` has accepted; raises nothing, and is soon done."""
        return Introduction()

    def sensors(self) -> tuple[MonitorSensor[DataT], ...]:
        """Return the sensors that such a system may have."""
        return ()

    def binary_sensors(self) -> tuple[MonitorBinarySensor[DataT], ...]:
        """Return the binary sensors that such a system may have, beside `online`."""
        return ()

    def things(self, data: DataT) -> Mapping[str, Thing]:
        """Return what the system consists of, by id, without the system itself; see `Thing`.

        A thing that has not changed is best the same object as before: it is not compared then.
        """
        return {}

    def credential_expires(self) -> datetime | None:
        """Return when the credential that was entered ends, None where it does not say."""
        return None

    def version(self, data: DataT) -> str | None:
        """Return the system's version where it tells it."""
        return None

    async def follow(self, changed: Callable[[], None]) -> None:
        """Call `changed` whenever `fetch` has something new, until cancelled.

        Only for systems with a stream, see `follows`; it hurries the poll, and nothing else.
        """
        raise NotImplementedError

    def forget(self) -> None:  # noqa: B027 - most systems are not remembered beside their data
        """Let go of what is known: the entry is unloaded, and nobody asks any more."""

    def problem_id(self, kind: str, key: str) -> str:
        """Return the id of a problem of this system."""
        return f"{self.settings.source}:{kind}:{_stable(key)}"

    def problem(
        self,
        kind: str,
        key: str,
        name: object,
        summary: object,
        *,
        severity: Severity | None = None,
        since: datetime | None = None,
        facts: Mapping[str, object] | None = None,
        needs_hub: bool | None = None,
        patience: timedelta | None = None,
        suppressed: bool = False,
        url: object = "",
    ) -> Problem:
        """Return a problem of this system; `key` tells it from others of its kind, for as long as it lasts.

        Severity, need of the hub and patience are those of the kind's row unless the monitor knows better.
        Foreign text is made plain here, and an address is checked, so that no monitor can forget it.
        """
        row = row_of(kind)
        called = plain(name, MAX_NAME)
        details = {plain(key, MAX_NAME): fact(value) for key, value in (facts or {}).items()}
        system = (self.settings.source,) if row.of_system else ()
        return Problem(
            id=self.problem_id(kind, key),
            source=self.settings.source,
            kind=kind,
            name=called,
            severity=row.severity if severity is None else severity,
            summary=plain(summary),
            since=since,
            facts=details,
            needs_hub=row.needs_hub if needs_hub is None else needs_hub,
            patience=row.patience if patience is None else patience,
            suppressed=suppressed,
            subject=(*system, *row.subject(called, details)),
            url=web_address(url),
        )


def details_of_problem(problem: Problem) -> tuple[Evidence, ...]:
    """Return what a problem itself tells."""
    return said_something([Evidence.listed("Details", problem.details)])


def _stable(key: str) -> str:
    """Return a key as a part of an id: plain and bounded, and still another than all other keys."""
    text = plain(key, _MAX_KEY)
    # What looks as if it were made here is made here: else a key could be that of another.
    if text == key and not _DIGESTED.search(key[-_DIGEST - 1 :]):
        return text
    digest = sha256(key.encode(errors="surrogatepass")).hexdigest()
    return f"{text[: _MAX_KEY - _DIGEST - 1]}~{digest[:_DIGEST]}"


def by_id(problems: Iterable[Problem]) -> dict[str, Problem]:
    """Return problems by their ids, as `Monitor.problems` does; of those with one id, the worst."""
    found: dict[str, Problem] = {}
    for problem in problems:
        other = found.get(problem.id)
        if other is None or _counts_more(problem, other):
            found[problem.id] = problem
    return found


def _counts_more(problem: Problem, other: Problem) -> bool:
    return (problem.suppressed, problem.severity.rank) < (other.suppressed, other.severity.rank)
