"""What Home Assistant hears of the network at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

DHCP = "dhcp"
"""The source that is Home Assistant's own; all others are integrations that track devices."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device as one source tells of it; foreign texts are plain and bounded.

    `is_here` is True where the source sees the device right now, False where it sees that it is gone, and
    None where it only says that the device exists. `is_guest` where the network says so.
    """

    mac: str
    source: str
    ip: str = ""
    hostname: str = ""
    network: str = ""
    is_here: bool | None = None
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """All that is heard at a moment.

    `sources` are those that could tell, whatever they told. `known` are names of devices by MAC that people
    have set up in Home Assistant, `owners` those of persons by the MAC of what they carry, `own` names of our
    nodes and hubs by IP. `arrivals` are the moments at which persons came home of late.
    """

    sightings: tuple[Sighting, ...] = ()
    sources: frozenset[str] = frozenset()
    known: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    arrivals: Mapping[str, datetime] = field(default_factory=dict)
