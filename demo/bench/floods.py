"""Systems that have very much to say, each in a process of its own.

`python -m demo.bench.floods KIND` serves until its standard input ends, and prints its address.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
import json
import sys
from typing import Any

from aiohttp import web

from demo.servers.http_server import HttpServer
from demo.servers.ollama import OllamaServer
from demo.servers.ollama.catalogue import LLAMA
from demo.servers.registry import RegistryServer

from .processes import serve_until_released, served

PROMETHEUS_ALERTS, ALERTS, MODELS = 15_000, 12_000, 3_000
EXPOSITION = 2 * 1024**2 - 4096
"""Bytes."""
_SEVERITIES = ("critical", "warning", "warning", "info")
_STARTED = "2026-11-21T10:00:00.000Z"


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[str]:
    """The address of one that says as much."""
    async with served("demo.bench.floods", kind) as url:
        yield url


class _Canned(HttpServer):
    """Answers each path, and each query, with what was prepared for it."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        super().__init__()
        self._answers = {path: json.dumps(said).encode() for path, said in answers.items()}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = self._answers.get(request.path)
        return (
            web.Response(status=404)
            if body is None
            else web.Response(body=body, content_type="application/json")
        )


def _labels(number: int) -> dict[str, str]:
    return {"alertname": f"A{number % 20}", "severity": _SEVERITIES[number % 4], "pod": f"app{number:05}"}


def _prometheus() -> HttpServer:
    alerts = [
        {
            "labels": _labels(number),
            "annotations": {"summary": f"Pod app{number:05} is crash looping"},
            "state": "firing",
            "activeAt": _STARTED,
        }
        for number in range(PROMETHEUS_ALERTS)
    ]
    nothing = {"status": "success", "data": {"resultType": "vector", "result": []}}
    return _Canned(
        {
            "/api/v1/alerts": {"status": "success", "data": {"alerts": alerts}},
            "/api/v1/query": nothing,
            "/api/v1/status/buildinfo": {"status": "success", "data": {"version": "3.7.1"}},
        }
    )


def _alertmanager(*, silenced: bool) -> HttpServer:
    by = ["b6c6b4bd-0000-4000-8000-000000000000"] if silenced else []
    state = {"state": "suppressed" if silenced else "active", "silencedBy": by, "inhibitedBy": []}
    alerts = [
        {
            "fingerprint": f"{number:016x}",
            "labels": _labels(number),
            "annotations": {"summary": f"Pod app{number:05} is crash looping"},
            "startsAt": _STARTED,
            "status": state,
        }
        for number in range(ALERTS)
    ]
    return _Canned(
        {
            "/api/v2/alerts": alerts,
            "/api/v2/alerts/groups": [],
            "/api/v2/status": {"versionInfo": {"version": "0.28.1"}, "cluster": {"status": "ready"}},
        }
    )


def _hub() -> HttpServer:
    models = (
        replace(LLAMA, name=f"made-up-{number}:8b", digest=f"{number:064x}") for number in range(MODELS)
    )
    return OllamaServer(models)


class _LibreChat(HttpServer):
    """A LibreChat, and its exporter, which has very many models."""

    def __init__(self) -> None:
        super().__init__()
        line = 'librechat_messages_per_model_total{{model="made-up-{:06}:8b"}} 1\n'
        count = EXPOSITION // len(line.format(0))
        self._exposition = "librechat_messages_total 1284\n" + "".join(map(line.format, range(count)))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text="OK" if request.path == "/health" else self._exposition)


_SERVERS: Mapping[str, Callable[[], HttpServer]] = {
    "hub": _hub,
    "registry": RegistryServer,
    "prometheus": _prometheus,
    "alertmanager": partial(_alertmanager, silenced=False),
    "silences": partial(_alertmanager, silenced=True),
    "librechat": _LibreChat,
}


async def _serve(kind: str) -> None:
    async with _SERVERS[kind]() as server:
        await serve_until_released(server.url)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
