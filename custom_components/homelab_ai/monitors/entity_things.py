"""What was picked of Home Assistant's entities as things: devices, integrations, and entities without one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from enum import IntEnum

from homeassistant.util import slugify
from homeassistant.util.dt import parse_datetime

from ..health.problem import MAX_NAME, plain
from ..network.hearing import SWITCHED
from ..topology import Fact, FactValue, Link, LinkKind, State, Thing, ThingKind
from ..values.address import web_address
from .picked import Device, Setup, Watched

MOST_FACTS = 30
MOST_ALIASES = 20
_MAX_VALUE = 100
_WELL_KNOWN = {"temperature": "temperature", "uptime": "started"}
"""Facts that people ask for by name, by the device class of a sensor."""


class Condition(IntEnum):
    """How an entity is; the higher, the more it says of what it belongs to."""

    GOOD = 0
    SILENT = 1
    LOST = 2
    BAD = 3


type Judge = Callable[[Watched], Condition]


def things_of(source: str, watched: Iterable[Watched], judge: Judge) -> Iterator[tuple[str, Thing]]:
    """Yield by id a thing for each device and integration, and for each entity that has no device."""
    devices: dict[Device, list[Watched]] = {}
    setups: dict[Setup, list[Watched]] = {}
    for one in watched:
        if one.setup is not None:
            setups.setdefault(one.setup, []).append(one)
        if one.device is not None:
            devices.setdefault(one.device, []).append(one)
        else:
            thing = _entity(source, one, judge)
            yield thing.id, thing
    for device, members in devices.items():
        thing = _device(source, device, members, judge)
        yield thing.id, thing
    for setup, members in setups.items():
        thing = _setup(source, setup, members, judge)
        yield thing.id, thing


def _entity(source: str, one: Watched, judge: Judge) -> Thing:
    value = _value(one)
    return Thing(
        id=f"{source}/entity/{one.key}",
        kind=_kind([one]),
        name=plain(one.name, MAX_NAME),
        source=source,
        detail="Entity",
        state=_state([judge(one)]),
        facts=() if value is None else (Fact("state", value, one.unit),),
        links=(Link(LinkKind.PART_OF, source), *_needs(source, one.setup)),
        keys=(f"entity:{one.entity_id}",),
    )


def _device(source: str, device: Device, members: Sequence[Watched], judge: Judge) -> Thing:
    above = (Link(LinkKind.RUNS_ON, _device_id(source, device.above)),) if device.above else ()
    aliases = (one.name for one in members if not one.name.casefold().startswith(device.name.casefold()))
    return Thing(
        id=_device_id(source, device.id),
        kind=_kind(members),
        name=plain(device.name, MAX_NAME),
        source=source,
        detail="Device",
        state=_state([judge(one) for one in members]),
        facts=_facts(device, members),
        links=(Link(LinkKind.PART_OF, source), *above, *_needs(source, members[0].setup)),
        keys=(f"ha_device:{device.id}", *(f"entity:{one.entity_id}" for one in members)),
        aliases=tuple(dict.fromkeys(plain(name, MAX_NAME) for name in aliases))[:MOST_ALIASES],
        url=web_address(device.url),
    )


def _setup(source: str, setup: Setup, members: Sequence[Watched], judge: Judge) -> Thing:
    served: tuple[Link, ...] = ()
    if host := setup.host:
        ports = (f"address:{host.name}:{host.port}",) if host.port else ()
        served = tuple(Link(LinkKind.NEEDS, key) for key in (*ports, f"address:{host.name}"))
    is_off = all(judge(one) is Condition.LOST for one in members)
    return Thing(
        id=_setup_id(source, setup.id),
        kind=ThingKind.INTEGRATION,
        name=plain(setup.name, MAX_NAME),
        source=source,
        detail="Integration",
        state=State.OFF if is_off else State.OK,
        facts=(Fact("entities", len(members)),),
        links=served,
        keys=(f"ha_integration:{setup.id}",),
    )


def _needs(source: str, setup: Setup | None) -> tuple[Link, ...]:
    return () if setup is None else (Link(LinkKind.NEEDS, _setup_id(source, setup.id)),)


def _device_id(source: str, device: str) -> str:
    return f"{source}/device/{device}"


def _setup_id(source: str, setup: str) -> str:
    return f"{source}/integration/{setup}"


def _kind(members: Iterable[Watched]) -> ThingKind:
    """Return the kind of a thing: sentences about what people only switch are Home Assistant's own."""
    return ThingKind.DEVICE if all(one.domain in SWITCHED for one in members) else ThingKind.ENTITY


def _state(conditions: Sequence[Condition]) -> State:
    """Return how a thing is whose entities are so: the worst of them says it."""
    if min(conditions) is Condition.LOST:
        return State.OFF
    worst = max(conditions)
    if worst is Condition.GOOD:
        return State.OK
    return State.UNKNOWN if worst is Condition.SILENT else State.TROUBLE


def _facts(device: Device, members: Sequence[Watched]) -> tuple[Fact, ...]:
    facts = {"version": Fact("version", plain(device.version, _MAX_VALUE))} if device.version else {}
    for one in members[:MOST_FACTS]:
        value = _value(one)
        if value is None:
            continue
        name = one.name.removeprefix(device.name).strip() or "state"
        key = _WELL_KNOWN.get(one.device_class or "") or slugify(name)
        facts.setdefault(key, Fact(key, value, one.unit))
    return tuple(facts.values())


def _value(one: Watched) -> FactValue | None:
    state = one.state
    if state in (None, "unknown", "unavailable") or state is None:
        return None
    if one.device_class in ("timestamp", "uptime"):
        moment = parse_datetime(state)
        return moment if isinstance(moment, datetime) and moment.tzinfo else None
    if one.unit:
        try:
            return float(state)
        except ValueError:
            pass
    return plain(state, _MAX_VALUE)
