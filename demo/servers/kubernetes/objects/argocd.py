"""Argo CD: applications.

Source: argoproj/argo-cd types.go, docs/operator-manual/health.md; systems.md 5.2.
"""

from collections.abc import Sequence
from datetime import datetime

from demo.servers.kubernetes.wire import Object

from .parts import condition, metadata, moment

_REVISION = "8c6b9a0e1d2c3b4a5f6e7d8c5f9d3c0b7a1e4f2d"


def application(
    name: str,
    *,
    sync: str | None = "Synced",
    health: str | None = "Healthy",
    message: str = "",
    phase: str | None = "Succeeded",
    conditions: Sequence[tuple[str, str]] = (),
    sources: int = 1,
    resources: int = 3,
    namespace: str = "argocd",
    target_namespace: str = "",
    at: datetime | None = None,
) -> Object:
    """An Application. What is None is absent; with nothing there is no status, as on a new one.

    `conditions` are pairs of type and message; `resources` makes it big: 1,000 of them are 200 KB.
    """
    status: Object = {}
    if sync is not None:
        revision = {"revision": _REVISION} if sources == 1 else {"revisions": [_REVISION] * sources}
        status["sync"] = {"status": sync, **revision}
    if health is not None:
        status["health"] = {"status": health, "lastTransitionTime": moment(at)}
        if message:
            status["health"]["message"] = message
    if phase is not None:
        status["operationState"] = _operation(phase, at)
    if conditions:
        status["conditions"] = [
            {key: value for key, value in condition(kind, "", "", said, at=at).items() if value}
            for kind, said in conditions
        ]
    where = target_namespace or name
    if status:
        status |= {
            "reconciledAt": moment(at),
            "sourceType": "Helm",
            "summary": {"images": [f"ghcr.io/homelab/{name}:1.0"], "externalURLs": [f"https://{name}.home/"]},
            "resources": [_resource(name, where, number, sync) for number in range(resources)],
        }
    value: Object = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": metadata(name, namespace),
        "spec": {
            "project": "default",
            "destination": {"server": "https://kubernetes.default.svc", "namespace": where},
            **_sources(name, sources),
        },
    }
    if status:
        value["status"] = status
    return value


def _operation(phase: str, at: datetime | None) -> Object:
    message = "successfully synced (all tasks run)" if phase == "Succeeded" else "one or more tasks failed"
    operation: Object = {"phase": phase, "message": message, "startedAt": moment(at)}
    # What was asked for, which is how its type tells it from none.
    operation["operation"] = {"sync": {"revision": _REVISION}, "initiatedBy": {"automated": True}}
    if phase != "Running":
        operation["finishedAt"] = moment(at)
    return operation


def _sources(name: str, number: int) -> Object:
    source = {
        "repoURL": "https://git.home/homelab/apps.git",
        "path": f"apps/{name}",
        "targetRevision": "HEAD",
    }
    if number != 1:
        return {"sources": [source] * number}
    # Values are where people leave passwords.
    return {"source": source | {"helm": {"values": "adminPassword: unmasked-argo-password\n"}}}


def _resource(name: str, namespace: str, number: int, sync: str | None) -> Object:
    return {
        "group": "apps",
        "version": "v1",
        "kind": "Deployment",
        "namespace": namespace,
        "name": f"{name}-{number}" if number else name,
        "status": sync or "Unknown",
        "health": {"status": "Healthy"},
    }
