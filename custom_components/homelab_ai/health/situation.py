"""The homelab at one moment, as a plain value: what briefings and answers are composed from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .ledger import HealthData


@dataclass(frozen=True, slots=True)
class System:
    """A monitored system. `kind` is its subentry type, `online` None before it was looked at.

    `needs_hub` where it is of no use while the first hub is off, `tells_backups` where it knows of backups.
    """

    source: str
    kind: str
    name: str
    online: bool | None
    needs_hub: bool = False
    tells_backups: bool = False


@dataclass(frozen=True, slots=True)
class RunningModel:
    """A model in a hub's memory; bytes. `expires_at` None where it stays or that is not known."""

    name: str
    size: int
    size_vram: int
    context_length: int | None
    expires_at: datetime | None
    pinned: bool


@dataclass(frozen=True, slots=True)
class Hub:
    """An Ollama server. Bytes, tokens per second, seconds; None where nobody knows."""

    source: str
    name: str
    first: bool
    online: bool
    offline_since: datetime | None = None
    version: str | None = None
    installed: int = 0
    running: tuple[RunningModel, ...] = ()
    vram_used: int = 0
    vram_total: int | None = None
    generation_speed: float | None = None
    time_to_first_token: float | None = None


@dataclass(frozen=True, slots=True)
class Backup:
    """What has, or should have, backups: a namespace or a volume of a cluster. None: never, so far."""

    source: str
    name: str
    last_good: datetime | None


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that is known. `now` and all times are aware; `now` is in the person's time zone.

    `since`, `muted_until` and `house` are by problem id; `muted_until` is None for a mute without an end,
    `house` names the integrations of Home Assistant that depend on what has the problem.
    """

    now: datetime
    health: HealthData
    systems: tuple[System, ...] = ()
    hubs: tuple[Hub, ...] = ()
    backups: tuple[Backup, ...] = ()
    since: Mapping[str, datetime] = field(default_factory=dict)
    muted_until: Mapping[str, datetime | None] = field(default_factory=dict)
    house: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
