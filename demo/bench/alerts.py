"""A real Alertmanager with many alerts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientError

from demo.servers.prometheus import Alertmanager, ServiceError

from .errors import BenchError

_LASTS = timedelta(hours=6)
_LOOKS, _SECONDS_BETWEEN_LOOKS = 100, 0.1
_SEVERITIES = ("critical", "warning", "warning", "info")


@asynccontextmanager
async def running(count: int) -> AsyncIterator[str]:
    """The address of one where so many alerts are active. Raises BenchError where it does not do as told."""
    try:
        async with Alertmanager() as alertmanager:
            await _fire(alertmanager, count)
            yield alertmanager.url
    except (ServiceError, ClientError) as err:
        raise BenchError(f"Alertmanager: {err}") from err


async def _fire(alertmanager: Alertmanager, count: int) -> None:
    url = f"{alertmanager.url}/api/v2/alerts"
    async with alertmanager.client() as session:
        async with session.post(url, json=[_alert(number) for number in range(count)]) as response:
            response.raise_for_status()
        for _ in range(_LOOKS):
            async with session.get(url) as response:
                if len(await response.json()) == count:
                    return
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
    raise BenchError("Alertmanager does not tell the alerts that it was told")


def _alert(number: int) -> dict[str, Any]:
    """An alert as those of kube-prometheus are, with what its rule says of it."""
    where = {"namespace": f"tenant{number % 100:02}", "pod": f"app{number:05}-7d9f8b6c5d-x2x4q"}
    runbook = "https://runbooks.prometheus-operator.dev/runbooks/kubernetes/kubepodcrashlooping"
    return {
        "labels": {
            "alertname": f"KubePodCrashLooping{number % 20}",
            "severity": _SEVERITIES[number % len(_SEVERITIES)],
            "job": "kube-state-metrics",
            "container": "app",
            **where,
        },
        "annotations": {
            "summary": f"Pod {where['namespace']}/{where['pod']} is crash looping.",
            "description": f"Pod {where['namespace']}/{where['pod']} (app) is in waiting state"
            ' (reason: "CrashLoopBackOff") on cluster home.',
            "runbook_url": runbook,
        },
        "endsAt": (datetime.now(UTC) + _LASTS).isoformat(),
    }
