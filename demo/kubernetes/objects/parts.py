"""What many objects have: metadata, conditions, moments."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.kubernetes.wire import Object, timestamp


def metadata(
    name: str,
    namespace: str | None = None,
    *,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    created: datetime | None = None,
    **more: Any,
) -> Object:
    """The metadata of an object; the server gives uid and versions, and the time unless it is told."""
    said: Object = {
        "name": name,
        "namespace": namespace,
        "labels": dict(labels or {}),
        "annotations": dict(annotations or {}),
        "creationTimestamp": None if created is None else timestamp(created),
        **more,
    }
    return {key: value for key, value in said.items() if value not in (None, {})}


def condition(
    kind: str, status: str, reason: str = "", message: str = "", *, at: datetime | None = None, **more: Any
) -> Object:
    """One entry of `status.conditions`."""
    return {
        "type": kind,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": moment(at),
        **more,
    }


def moment(at: datetime | None) -> str:
    """A time, now unless it is told."""
    return timestamp(at or datetime.now(UTC))


def ago(**span: float) -> datetime:
    """The moment so many `hours`, `minutes`, … ago."""
    return datetime.now(UTC) - timedelta(**span)
