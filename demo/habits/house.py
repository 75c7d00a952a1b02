"""What happens in a made-up house: people who use things at random, and what they do again and again.

Nobody's house: every number comes from a seed. Uses are spread over the day as in a house with people
(little at night, most in the evening), 0.05 to 4 a day of each thing, on and off again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
import math
from random import Random
from zoneinfo import ZoneInfo

from custom_components.homelab_ai.habits.action import Action, Cause
from custom_components.homelab_ai.habits.days import Days, DayType, SunEvent
from custom_components.homelab_ai.habits.habit import Presence
from custom_components.homelab_ai.habits.log import ActionLog

ZONE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 28).toordinal()
THINGS = 60
PEOPLE = ("person.alice", "person.bob")
_BUSY = (1, 1, 1, 1, 1, 2, 6, 9, 6, 4, 4, 5, 6, 5, 4, 5, 6, 9, 12, 13, 12, 10, 6, 3)
"""How much is done in each hour of the day."""
_RARELY, _OFTEN = 0.05, 4.0
_LONG = 90.0
"""Minutes that something usually stays on."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A habit that is in the house: by the clock, by the `sun`, after `before`, or after a `presence`."""

    entity: str
    state: str = "on"
    day_type: DayType = DayType.ALL
    minute: int = 0
    wobble: int = 8
    """Minutes by which it is earlier or later, at most."""
    kept: float = 0.85
    """Of the days or occasions."""
    sun: SunEvent | None = None
    before: str = ""
    presence: Presence | None = None
    first: int = 0
    last: int = 10**6
    """Days, counted from the first one of the house, on which it is so."""


@dataclass(frozen=True, slots=True)
class Burst:
    """Things that are switched together again and again, at no hour: a scene, a group, a party."""

    entities: tuple[str, ...]
    a_day: float
    seconds: float = 2.0


@dataclass(slots=True)
class MadeUpHouse:
    """A house of so many days that end today; `actions` says what happened in it."""

    seed: int
    length: int
    habits: tuple[Planted, ...] = ()
    bursts: tuple[Burst, ...] = ()
    comings: float = 0.0
    """How often the house is empty for a while, a day."""
    flurry: int = 0
    """Things that are used within ten minutes of each arrival, other ones each time."""
    things: int = THINGS
    days: Days = field(init=False)
    random: Random = field(init=False)
    _all: list[Action] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the seed."""
        self.random = Random(self.seed)
        span = range(self.first - 1, TODAY + 2)
        sun = {event: {day: sun_minute(event, day) for day in span} for event in SunEvent}
        self.days = Days(ZONE, sun=sun)

    @property
    def first(self) -> int:
        """The first day."""
        return TODAY - self.length

    @property
    def until(self) -> float:
        """The moment at which it is looked at: early in the morning of the day after the last."""
        return self.morning(self.length)

    def morning(self, day: int) -> float:
        """The moment at which it is looked at after so many days."""
        return self.days.moment(self.first + day, 220)

    @property
    def entities(self) -> tuple[str, ...]:
        """All things that are used at random."""
        return tuple(f"light.thing_{number}" for number in range(self.things))

    def actions(self) -> list[Action]:
        """All that happened, by its moment; the same whenever it is asked for."""
        self._all = self._all or self._happened()
        return self._all

    def _happened(self) -> list[Action]:
        rates = {entity: _rate(self.random) for entity in self.entities}
        done = list[Action]()
        for day in range(self.first, TODAY):
            for entity, rate in rates.items():
                done += self._uses(day, entity, rate)
            crossings = list(self._crossings(day))
            done += [move for moves in crossings for move in moves[1]]
            for burst in self.bursts:
                done += self._burst(day, burst)
            for at, _ in crossings[1::2]:
                for entity in self.random.sample(self.entities, self.flurry):
                    done.append(_hand(at + self.random.uniform(5, 600), entity, "on"))
            done += self._planted(day, done, crossings)
        return sorted(done, key=lambda action: (action.at, action.entity))

    def logged(self, until: float) -> list[Action]:
        """What the own log has of it at a moment."""
        log = ActionLog()
        log.add((one for one in self.actions() if one.at < until), self.days.moment(self.first, 0), until)
        return list(log)

    def _uses(self, day: int, entity: str, rate: float) -> Iterator[Action]:
        for _ in range(_poisson(self.random, rate)):
            at = self.days.moment(day, 0) + _moment(self.random)
            yield _hand(at, entity, "on")
            yield _hand(at + self._duration(), entity, "off")

    def _duration(self) -> float:
        return max(30.0, self.random.expovariate(1 / _LONG) * 60)

    def _crossings(self, day: int) -> Iterator[tuple[float, list[Action]]]:
        """Yield departures and arrivals in turn, with the moves of all people."""
        for _ in range(_poisson(self.random, self.comings)):
            left = self.days.moment(day, 0) + self.random.uniform(8, 14) * 3600
            back = left + self.random.uniform(1, 7) * 3600
            for at, state in ((left, "not_home"), (back, "home")):
                yield at, [Action(int(at), person, state, Cause.HAND) for person in PEOPLE]
            return

    def _burst(self, day: int, burst: Burst) -> Iterator[Action]:
        for _ in range(_poisson(self.random, burst.a_day)):
            at = self.days.moment(day, 0) + _moment(self.random)
            for entity in burst.entities:
                yield _hand(at + self.random.uniform(0, burst.seconds), entity, "on")
            later = at + self._duration()
            for entity in burst.entities:
                yield _hand(later + self.random.uniform(0, burst.seconds), entity, "off")

    def _planted(
        self, day: int, done: Sequence[Action], crossings: Sequence[tuple[float, list[Action]]]
    ) -> Iterator[Action]:
        for habit in self.habits:
            if not habit.first <= day - self.first <= habit.last:
                continue
            for at in list(self._occasions(habit, day, done, crossings)):
                if self.random.random() < habit.kept:
                    yield _hand(at, habit.entity, habit.state)
                    yield self._other(habit, at)

    def _other(self, habit: Planted, at: float) -> Action:
        """It is switched off some time after, or was switched on some time before."""
        opposites = {"on": ("off", 1), "open": ("closed", 1), "off": ("on", -1), "closed": ("open", -1)}
        state, sign = opposites[habit.state]
        return _hand(at + sign * self._duration(), habit.entity, state)

    def _occasions(
        self,
        habit: Planted,
        day: int,
        done: Sequence[Action],
        crossings: Sequence[tuple[float, list[Action]]],
    ) -> Iterator[float]:
        if habit.presence is not None:
            chosen = crossings[1::2] if habit.presence is Presence.ARRIVAL else crossings[::2]
            yield from (at + self.random.uniform(10, 60 * habit.wobble) for at, _ in chosen)
        elif habit.before:
            begin = self.days.moment(day, 0)
            occasions = [
                one.at for one in done if one.entity == habit.before and one.state == "on" and one.at >= begin
            ]
            yield from (at + self.random.uniform(10, 60 * habit.wobble) for at in occasions)
        elif habit.day_type in self.days.types(day):
            base = self.days.sun(habit.sun, day) or 0 if habit.sun else 0
            minute = base + habit.minute + self.random.uniform(-habit.wobble, habit.wobble)
            yield self.days.moment(day, 0) + minute * 60


def sun_minute(event: SunEvent, day: int) -> int:
    """When the sun rises or sets on a day at 50° north, to some minutes, in the clock of the zone."""
    of_year = date.fromordinal(day).timetuple().tm_yday
    half = 60 * (6 + 2.1 * math.sin(2 * math.pi * (of_year - 80) / 365))
    noon = 13 * 60 + 20 if _is_summer(day) else 12 * 60 + 20
    return round(noon - half if event is SunEvent.SUNRISE else noon + half)


def _is_summer(day: int) -> bool:
    moment = datetime.combine(date.fromordinal(day), datetime.min.time(), ZONE)
    return bool(moment.dst())


def _hand(at: float, entity: str, state: str) -> Action:
    return Action(int(at), entity, state, Cause.HAND)


def _rate(random: Random) -> float:
    return math.exp(random.uniform(math.log(_RARELY), math.log(_OFTEN)))


def _poisson(random: Random, mean: float) -> int:
    left, count = math.exp(-mean), 0
    product = random.random()
    while product > left:
        product *= random.random()
        count += 1
    return count


def _moment(random: Random) -> float:
    """Seconds after midnight, as busy as the hours are."""
    hour = random.choices(range(24), _BUSY)[0]
    return (hour + random.random()) * 3600


def noise(seed: int, length: int = 21) -> MadeUpHouse:
    """A house in which nobody has a habit."""
    return MadeUpHouse(seed, length, comings=0.8)


def planted(seed: int, length: int = 21) -> MadeUpHouse:
    """A house with ten habits by the clock: of working days, of weekends, of all days."""
    house = MadeUpHouse(seed, length, comings=0.8)
    kinds = [DayType.WORKING] * 4 + [DayType.ALL] * 4 + [DayType.WEEKEND] * 2
    house.habits = tuple(_clock_habit(house, number, kind) for number, kind in enumerate(kinds))
    return house


def _clock_habit(house: MadeUpHouse, number: int, kind: DayType) -> Planted:
    random = house.random
    return Planted(
        f"light.thing_{number * 6}",
        random.choice(("on", "off")),
        kind,
        random.randrange(24 * 60),
        random.randint(4, 12),
        random.uniform(0.7, 0.9),
    )


def bursty(seed: int, length: int = 21) -> MadeUpHouse:
    """A house without habits, but with scenes, groups and arrivals after which much is switched at once."""
    house = MadeUpHouse(seed, length, comings=0.9, flurry=6)
    groups = [house.entities[start : start + 5] for start in range(0, 30, 5)]
    house.bursts = tuple(
        Burst(group, house.random.uniform(0.3, 2), seconds)
        for group, seconds in zip(groups, (1, 2, 2, 2, 1, 2), strict=True)
    )
    return house


def sequences(seed: int, length: int = 21) -> MadeUpHouse:
    """A house in which six things follow others within some minutes."""
    house = MadeUpHouse(seed, length, comings=0.8)
    occasions = [Planted(f"media_player.{number}") for number in range(6)]
    house.bursts = tuple(Burst((one.entity,), 1.2) for one in occasions)
    house.habits = tuple(
        Planted(f"light.thing_{number * 8}", before=one.entity, wobble=house.random.randint(2, 8), kept=0.85)
        for number, one in enumerate(occasions)
    )
    return house


def year(seed: int = 7) -> MadeUpHouse:
    """A year: habits that begin and end, one that goes with the sun, one that follows people home."""
    house = MadeUpHouse(seed, 365, comings=0.9)
    house.habits = (
        Planted("switch.coffee_machine", "on", DayType.WORKING, 6 * 60 + 47, 8, 0.88),
        Planted("light.terrace", "on", DayType.ALL, 15, 9, 0.9, sun=SunEvent.SUNSET),
        Planted("cover.bedroom", "closed", DayType.ALL, 22 * 60 + 30, 10, 0.85, last=200),
        Planted("switch.sauna", "on", DayType.WEEKEND, 17 * 60, 10, 0.9, first=200),
        Planted("light.hall", "on", presence=Presence.ARRIVAL, wobble=4, kept=0.9),
        Planted("light.sofa", "on", before="media_player.television", wobble=5, kept=0.9),
    )
    house.bursts = (Burst(("media_player.television",), 1.1),)
    return house
