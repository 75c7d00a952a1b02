"""Where the value of an attribute is found: the facts of a thing, or of what it is tied to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ...topology import FactValue, LinkKind, Thing, ThingKind
from .knowledge import Knowledge
from .question import Attribute


class Form(StrEnum):
    """How a value is told."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    BYTES = "bytes"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    """Of seconds that are too few to be told as such."""
    DEGREES = "degrees"
    RATE = "rate"
    PAST = "past"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Where:
    """How an attribute is read: the first of the facts that is known, of the thing or over these links."""

    form: Form
    facts: tuple[str, ...]
    links: tuple[LinkKind, ...] = ()
    backwards: tuple[ThingKind, ...] = ()
    """Kinds of things that are tied to the thing and may know it: the plan that backs up a claim."""


_SECONDS: Mapping[str, float] = {"ms": 0.001, "min": 60}
_STORAGE = (LinkKind.STORES_IN,)
_BACKED_UP = (LinkKind.BACKED_UP_BY, LinkKind.STORES_IN)
_PARTS = (ThingKind.POD, ThingKind.WORKLOAD)

ATTRIBUTES: Mapping[Attribute, Where] = {
    Attribute.FULL: Where(Form.SHARE, ("used_percent", "vram_usage", "disk_percent"), _STORAGE),
    Attribute.SIZE: Where(Form.BYTES, ("size", "models_size"), _STORAGE),
    Attribute.VRAM: Where(Form.BYTES, ("vram_used",)),
    Attribute.VRAM_FREE: Where(Form.BYTES, ("vram_free",)),
    Attribute.MEMORY: Where(Form.SHARE, ("memory_percent", "memory")),
    Attribute.CPU: Where(Form.SHARE, ("cpu_percent", "cpu")),
    Attribute.TEMPERATURE: Where(Form.DEGREES, ("temperature", "gpu_temperature")),
    Attribute.SPEED: Where(Form.RATE, ("generation_speed",), (LinkKind.RUNS_ON,)),
    Attribute.RESPONSE_TIME: Where(Form.SECONDS, ("response_time", "time_to_first_token")),
    Attribute.VERSION: Where(Form.TEXT, ("version", "image", "chart")),
    Attribute.REVISION: Where(Form.TEXT, ("revision",), (LinkKind.DELIVERED_BY,)),
    Attribute.RESTARTS: Where(Form.NUMBER, ("restarts",), (), _PARTS),
    Attribute.REPLICAS: Where(Form.NUMBER, ("ready",)),
    Attribute.LAST_BACKUP: Where(
        Form.PAST, ("last_good", "last_backup"), _BACKED_UP, (ThingKind.BACKUP_PLAN, ThingKind.CLAIM)
    ),
    Attribute.NEXT_BACKUP: Where(Form.AHEAD, ("next_backup",), _BACKED_UP, (ThingKind.BACKUP_PLAN,)),
    Attribute.EXPIRY: Where(
        Form.AHEAD, ("expires", "certificate_expires"), (LinkKind.SERVED_BY,), (ThingKind.CERTIFICATE,)
    ),
    Attribute.DELIVERED: Where(Form.PAST, ("delivered_at",), (LinkKind.PART_OF, LinkKind.DELIVERED_BY)),
    Attribute.RESTARTED: Where(Form.PAST, ("last_restart", "started"), (), _PARTS),
    Attribute.UNLOADS: Where(Form.AHEAD, ("unloads_at", "next_unload")),
    Attribute.SINCE: Where(Form.PAST, ("offline_since", "since")),
    Attribute.CONTEXT: Where(Form.NUMBER, ("context_length",)),
    Attribute.LAST_PROCESSED: Where(Form.PAST, ("last_processed",)),
    Attribute.PROCESSED: Where(Form.NUMBER, ("processed_today",)),
}
"""Of every attribute; a row more costs an `Attribute` and a phrase in each language."""


def values(
    attribute: Attribute, things: list[Thing], knowledge: Knowledge
) -> Iterator[tuple[Thing, FactValue]]:
    """Yield where the value of an attribute is known, of which thing; what was named stands first."""
    where = ATTRIBUTES[attribute]
    for thing in things:
        for other in _reach(thing, where, knowledge):
            if (value := _value(other, where)) is not None:
                yield other, value


def _reach(thing: Thing, where: Where, knowledge: Knowledge) -> Iterator[Thing]:
    yield thing
    if where.links:
        yield from knowledge.around(thing, where.links)
    if where.backwards:
        yield from (
            other for _, other in knowledge.topology.dependents(thing) if other.kind in where.backwards
        )


def nearest(attribute: Attribute, things: list[Thing], known: Knowledge) -> list[Thing]:
    """Return things with what is tied to them next, where the value of an attribute is found."""
    where = ATTRIBUTES[attribute]
    tied = (other for thing in things for other in known.around(thing, where.links, depth=1))
    backwards = (other for thing in things for _, other in known.topology.dependents(thing))
    return list(
        dict.fromkeys(
            (*things, *tied, *(backward for backward in backwards if backward.kind in where.backwards))
        )
    )


def _value(thing: Thing, where: Where) -> FactValue | None:
    if where.form is Form.SHARE and (share := _share(thing)) is not None and "vram_usage" in where.facts:
        return share
    if "vram_free" in where.facts:
        used, total = thing.fact("vram_used"), thing.fact("vram_total")
        if isinstance(used, int | float) and isinstance(total, int | float):
            return max(0, total - used)
    return next((value for key in where.facts if (value := _fact(thing, key)) is not None), None)


def _fact(thing: Thing, key: str) -> FactValue | None:
    """Return a fact as it is told; times are told in seconds."""
    fact = next((fact for fact in thing.facts if fact.key == key), None)
    if fact is None:
        return None
    seconds = _SECONDS.get(fact.unit)
    return fact.value if seconds is None or not isinstance(fact.value, int | float) else fact.value * seconds


def _share(thing: Thing) -> float | None:
    """Return how full a GPU's memory is in percent, where both numbers are known."""
    used, total = thing.fact("vram_used"), thing.fact("vram_total")
    if isinstance(used, int | float) and isinstance(total, int | float) and total > 0:
        return 100 * used / total
    return None
