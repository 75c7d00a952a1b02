"""What of the house hangs on the homelab: integrations of Home Assistant, and their devices, as things."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ..topology import Fact, Link, LinkKind, State, Thing, ThingKind, Topology

type Names = Mapping[str, Collection[str]]
_NO_NAMES: Names = {}


@dataclass(frozen=True, slots=True)
class Host:
    """Where an integration reaches what it integrates; `port` is None where its settings do not say."""

    name: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class HomeDevice:
    """A device of Home Assistant. `off_since` is when the last of its entities became unavailable.

    `is_switched` where people switch it: then sentences about it are Home Assistant's own.
    """

    id: str
    name: str
    off_since: datetime | None = None
    is_switched: bool = False


@dataclass(frozen=True, slots=True)
class Integration:
    """An integration that people have set up, with its devices."""

    id: str
    name: str
    host: Host
    devices: tuple[HomeDevice, ...] = ()


def key_of(host: Host, source: str, topology: Topology, names: Names = _NO_NAMES) -> str | None:
    """Return the key by which the homelab knows what is at a host, None where nothing of it is there.

    The port comes first: a host may serve much. `names` are those of our own systems by their addresses.
    """
    hosts = (host.name, *names.get(host.name, ()))
    keys = (*(f"address:{name}:{host.port}" for name in hosts), *(f"address:{name}" for name in hosts))
    known = ((key, topology.resolve(key)) for key in keys)
    return next((key for key, thing in known if thing is not None and thing.source != source), None)


def house_things(
    source: str, integrations: Iterable[Integration], topology: Topology, names: Names = _NO_NAMES
) -> Iterator[Thing]:
    """Yield the integrations that hang on the homelab, each with its devices."""
    for integration in integrations:
        if (key := key_of(integration.host, source, topology, names)) is None:
            continue
        thing_id = f"{source}:integration:{integration.id}"
        yield Thing(
            id=thing_id,
            kind=ThingKind.INTEGRATION,
            name=integration.name,
            source=source,
            place=integration.host.name,
            detail="Integration",
            facts=(Fact("devices", len(integration.devices)),),
            links=(Link(LinkKind.NEEDS, key),),
        )
        yield from (_device(source, thing_id, device) for device in integration.devices)


def _device(source: str, integration: str, device: HomeDevice) -> Thing:
    is_off = device.off_since is not None
    return Thing(
        id=f"{source}:home:{device.id}",
        kind=ThingKind.DEVICE if device.is_switched else ThingKind.ENTITY,
        name=device.name,
        source=source,
        detail="Device",
        state=State.OFF if is_off else State.OK,
        facts=(Fact("offline_since", device.off_since),) if device.off_since else (),
        links=(Link(LinkKind.NEEDS, integration),),
    )
