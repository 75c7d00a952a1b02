"""Parts of a JSON object of Kubernetes, typed; what is missing or odd is empty."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
import re
from sys import intern
from typing import Any

from ..answers import number, text, time
from .client import part

MAX_TEXT = 2000
"""Characters of one text of a cluster that are kept."""

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s)")


def items(obj: Mapping[str, Any], *path: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list within an object, none where there is no list."""
    value = part(obj, *path[:-1]).get(path[-1])
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def texts_of(obj: Mapping[str, Any], *path: str) -> Iterator[str]:
    """Yield the texts of a list within an object, none where there is no list."""
    value = part(obj, *path[:-1]).get(path[-1])
    return filter(None, map(text, value)) if isinstance(value, list) else iter(())


def conditions(obj: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the conditions of an object by their type."""
    return {text(item.get("type")): item for item in items(obj, "status", "conditions")}


def truth(condition: Mapping[str, Any]) -> bool | None:
    """Return whether a condition holds, None where it is unknown or not there."""
    return {"True": True, "False": False}.get(text(condition.get("status")))


def bounded(value: Any) -> str:
    """Return a text of bounded length, empty for anything else."""
    return text(value)[:MAX_TEXT]


def namespace(obj: Mapping[str, Any]) -> str:
    """Return the namespace of an object, one copy for all of them; empty without one."""
    return intern(text(part(obj, "metadata").get("namespace")))


def name(obj: Mapping[str, Any]) -> str:
    """Return the name of an object."""
    return text(part(obj, "metadata").get("name"))


def created(obj: Mapping[str, Any]) -> datetime | None:
    """Return when an object was made."""
    return time(part(obj, "metadata").get("creationTimestamp"))


def deleted(obj: Mapping[str, Any]) -> datetime | None:
    """Return when an object should be gone, None of one that nobody has deleted."""
    return time(part(obj, "metadata").get("deletionTimestamp"))


def waits_for(obj: Mapping[str, Any]) -> str:
    """Return what keeps an object from going: its finalizers, and what the namespace controller says."""
    finalizers = ", ".join(sorted(texts_of(obj, "metadata", "finalizers")))
    said = [
        text(condition.get("message"))
        for kind, condition in conditions(obj).items()
        if kind.startswith("Namespace") and truth(condition)
    ]
    return bounded("; ".join([*([f"waits for {finalizers}"] if finalizers else []), *filter(None, said)]))


def is_observed(obj: Mapping[str, Any]) -> bool:
    """Return whether the status is that of the newest specification, as far as the object says."""
    generation = number(part(obj, "metadata").get("generation"))
    observed = number(part(obj, "status").get("observedGeneration"))
    return generation is None or observed is None or observed >= generation


def duration(value: Any) -> timedelta | None:
    """Return a duration as Go writes it ("1h5m0s"), None for anything else."""
    words = text(value)
    parts = _SPAN.findall(words)
    if not parts or "".join(map("".join, parts)) != words:
        return None
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    return timedelta(seconds=min(seconds, 366 * 86400.0))


def owner(obj: Mapping[str, Any], kind: str = "") -> str:
    """Return the name of what controls an object, of this kind unless it is empty; empty without one."""
    owners = items(obj, "metadata", "ownerReferences")
    return next((text(owner.get("name")) for owner in owners if kind in ("", owner.get("kind"))), "")
