"""What a person is told who has just added a cluster: which systems it has, and what may not be read."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from ...api.errors import ApiError, ApiForbiddenError
from ...api.kubernetes.client import KubernetesClient, Resource, version_of
from ...api.kubernetes.watch import Groups
from ..monitor import Introduction

_PATIENCE = 5.0
"""Seconds for which a person waits at most; what is slower is not told."""
_LOOKS = 6  # at the same time
_SYSTEMS: Mapping[str, str] = {
    "k8sgpt.ai": "k8sgpt",
    "fluxcd.io": "Flux",
    "argoproj.io": "Argo CD",
    "k8up.io": "K8up",
    "longhorn.io": "Longhorn",
    "velero.io": "Velero",
    "volsync.backube": "VolSync",
    "cert-manager.io": "cert-manager",
}
"""Names of systems by the end of their API groups; all other resources are Kubernetes' own."""


async def met(client: KubernetesClient, path: str) -> ApiError | None:
    """Return what keeps us from listing what is at a path, None where nothing does."""
    try:
        await client.read(path, version_of, {"limit": "1"})
    except ApiError as err:
        return err
    return None


async def introduce(
    client: KubernetesClient, groups: Groups, resources: Iterable[Resource[Any]]
) -> Introduction:
    """Ask for one object of each resource; raises nothing."""
    few = asyncio.Semaphore(_LOOKS)

    async def look(path: str) -> ApiError | None:
        async with few:
            return await met(client, path)

    tasks = {
        resource: asyncio.create_task(look(path)) for resource in resources if (path := groups.path(resource))
    }
    if not tasks:
        return Introduction()
    done, late = await asyncio.wait(tasks.values(), timeout=_PATIENCE)
    for task in late:
        task.cancel()
    return _told({resource: task.result() for resource, task in tasks.items() if task in done})


def _told(answers: Mapping[Resource[Any], ApiError | None]) -> Introduction:
    found, refused = dict[str, None](), dict[str, None]()
    for resource, answer in answers.items():
        if answer is None and (system := _system(resource)):
            found[system] = None
    for resource, answer in answers.items():
        if isinstance(answer, ApiForbiddenError):
            system = _system(resource)
            # Of a system of which something may be read, what may not be.
            refused[system if system and system not in found else resource.plural] = None
    return Introduction(tuple(found), tuple(refused))


def _system(resource: Resource[Any]) -> str:
    return next((name for end, name in _SYSTEMS.items() if resource.group.endswith(end)), "")
