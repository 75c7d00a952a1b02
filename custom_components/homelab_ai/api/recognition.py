"""Which system answers at an address, by what each of them tells everybody.

Sources: the routes of the systems' own HTTP APIs that need no credential: Ollama `/api/tags`, Alertmanager
`/api/v2/status`, Prometheus `/api/v1/status/buildinfo`, Open WebUI and LibreChat `/api/config`, Kubernetes
`/version`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import aiohttp

from .answers import Json, object_in, when_object
from .errors import ApiError
from .http import Connection, fetch

_SECONDS = 4.0

type _Proof = Callable[[Json], bool]


def _has(*keys: str) -> _Proof:
    return lambda answer: all(key in answer for key in keys)


_SYSTEMS: tuple[tuple[str, str, _Proof], ...] = (
    ("Ollama", "/api/tags", lambda told: isinstance(told.get("models"), list)),
    ("Open WebUI", "/api/config", _has("name", "version", "features")),
    ("LibreChat", "/api/config", _has("appTitle")),
    ("Alertmanager", "/api/v2/status", _has("versionInfo", "cluster")),
    (
        "Prometheus",
        "/api/v1/status/buildinfo",
        lambda told: told.get("status") == "success" and "version" in object_in(told.get("data")),
    ),
    ("Kubernetes", "/version", _has("gitVersion", "platform")),
)


async def system_at(session: aiohttp.ClientSession, connection: Connection) -> str | None:
    """Return the name of the system that answers, None where it is none of those that we know.

    It is asked without any credential: what is entered is meant for another system.
    """
    public = replace(connection, headers={})
    paths = list(dict.fromkeys(path for _, path, _ in _SYSTEMS))
    answers = dict(
        zip(paths, await asyncio.gather(*(_told(session, public, path) for path in paths)), strict=True)
    )
    for name, path, proof in _SYSTEMS:
        answer = answers[path]
        if answer is not None and proof(answer):
            return name
    return None


async def _told(session: aiohttp.ClientSession, connection: Connection, path: str) -> Json | None:
    """Return the object that a path answers with, None where it does not."""
    try:
        answer = await fetch(session, connection, "GET", path, seconds=_SECONDS)
        return when_object(answer.json()) if answer.status == 200 else None
    except ApiError:
        return None
