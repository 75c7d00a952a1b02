"""Parts of a JSON object of Kubernetes, typed; what is missing or odd is empty."""

from collections.abc import Iterator
from datetime import timedelta
import re
from sys import intern

from ..answers import Json, Moment, Text, Whole, text, time, whole
from .client import part

NO_TEXT = Text("")
MAX_TEXT = 2000
"""Characters of one text of a cluster that are kept."""

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s)")


def items(obj: Json, *path: str) -> Iterator[Json]:
    """Yield the objects of a list within an object, none where there is no list."""
    value = part(obj, *path[:-1]).get(path[-1])
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def texts_of(obj: Json, *path: str) -> Iterator[Text]:
    """Yield the texts of a list within an object, none where there is no list."""
    value = part(obj, *path[:-1]).get(path[-1])
    return filter(None, map(text, value)) if isinstance(value, list) else iter(())


def conditions(obj: Json) -> dict[str, Json]:
    """Return the conditions of an object by their type."""
    return {text(item.get("type")): item for item in items(obj, "status", "conditions")}


def truth(condition: Json) -> bool | None:
    """Return whether a condition holds, None where it is unknown or not there."""
    return {"True": True, "False": False}.get(text(condition.get("status")))


def bounded(value: object) -> Text:
    """Return a text of bounded length, empty for anything else."""
    return text(value, MAX_TEXT)


def shared(value: object) -> Text:
    """Return a text of which there are many alike: one copy for all of them."""
    return Text(intern(text(value)))


def count(value: object) -> Whole:
    """Return how many there are; 0 where nobody says, or nothing that can be."""
    return whole(value) or Whole(0)


def namespace(obj: Json) -> Text:
    """Return the namespace of an object, empty without one."""
    return shared(part(obj, "metadata").get("namespace"))


def name(obj: Json) -> Text:
    """Return the name of an object."""
    return text(part(obj, "metadata").get("name"))


def created(obj: Json) -> Moment | None:
    """Return when an object was made."""
    return time(part(obj, "metadata").get("creationTimestamp"))


def deleted(obj: Json) -> Moment | None:
    """Return when an object should be gone, None of one that nobody has deleted."""
    return time(part(obj, "metadata").get("deletionTimestamp"))


def waits_for(obj: Json) -> Text:
    """Return what keeps an object from going: its finalizers, and what the namespace controller says."""
    finalizers = ", ".join(sorted(texts_of(obj, "metadata", "finalizers")))
    said = [
        text(condition.get("message"))
        for kind, condition in conditions(obj).items()
        if kind.startswith("Namespace") and truth(condition)
    ]
    return bounded("; ".join([*([f"waits for {finalizers}"] if finalizers else []), *filter(None, said)]))


def is_observed(obj: Json) -> bool:
    """Return whether the status is that of the newest specification, as far as the object says."""
    generation = whole(part(obj, "metadata").get("generation"))
    observed = whole(part(obj, "status").get("observedGeneration"))
    return generation is None or observed is None or observed >= generation


def duration(value: object) -> timedelta | None:
    """Return a duration as Go writes it ("1h5m0s"), None for anything else."""
    words = text(value)
    parts = _SPAN.findall(words)
    if not parts or "".join(map("".join, parts)) != words:
        return None
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    return timedelta(seconds=min(seconds, 366 * 86400.0))


def owner(obj: Json, kind: str = "") -> Text:
    """Return the name of what controls an object, of this kind unless it is empty; empty without one."""
    owners = items(obj, "metadata", "ownerReferences")
    return next((text(owner.get("name")) for owner in owners if kind in ("", owner.get("kind"))), NO_TEXT)
