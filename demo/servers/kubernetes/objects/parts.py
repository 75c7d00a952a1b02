"""What many objects have: metadata, conditions, moments."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from demo.servers.kubernetes.wire import Object, timestamp


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


def uid(kind: str, namespace: str, name: str) -> str:
    """The uid of an object that others name as their owner, before any server has given it one."""
    return str(uuid5(NAMESPACE_URL, f"{kind}/{namespace}/{name}"))


def deleted(value: Object, at: datetime, *finalizers: str) -> Object:
    """An object that somebody has deleted, and that waits for its finalizers."""
    going = {"deletionTimestamp": moment(at), "deletionGracePeriodSeconds": 0, "finalizers": list(finalizers)}
    return {**value, "metadata": {**value["metadata"], **going}}


def owned_by(owner: Object | None) -> Object:
    """What the metadata of an object says that another object made and controls; nothing without one."""
    if owner is None:
        return {}
    named = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], **_named(owner)}
    return {"ownerReferences": [{**named, "controller": True, "blockOwnerDeletion": True}]}


def _named(owner: Object) -> Object:
    return {key: owner["metadata"][key] for key in ("name", "uid")}


def pod_template(name: str, *, restart: str = "Always") -> Object:
    """What the pods of a workload or a job are made from."""
    container = {"name": name, "image": f"ghcr.io/homelab/{name}:1.0"}
    return {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [container], "restartPolicy": restart},
    }
