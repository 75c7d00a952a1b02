"""What an alert or a query says about itself, beyond that it is there."""

from typing import Any

from aiohttp import web

from custom_components.homelab_ai.health.problem import Problem
from custom_components.homelab_ai.monitors.alertmanager import AlertmanagerData
from demo.servers.apps.app import json_response
from tests.api.serving import Server

from .conftest import Make

ALERT = {
    "labels": {"alertname": "DiskFull", "severity": "critical", "node": "nas"},
    "annotations": {
        "summary": "93 % full",
        "description": "of nas",
        **{f"more{n:02}": "x" for n in range(99)},
    },
    "state": "firing",
    "activeAt": "2026-11-21T10:00:00.123456789Z",
}


async def answer(request: web.Request) -> web.StreamResponse:
    """Answer as Prometheus does, with one alert, and 41 to every query."""
    data: dict[str, Any] = {"version": "3.7.1"}
    if request.path.endswith("/alerts"):
        data = {"alerts": [{**ALERT, "labels": {"alertname": "Other"}}, ALERT]}
    elif request.path.endswith("/query"):
        given = "temperature" in request.query["query"]
        data = {"resultType": "vector", "result": [{"metric": {}, "value": [1, "91"]}] if given else []}
    return json_response({"status": "success", "data": data})


async def by_name(monitor: Any) -> tuple[Any, dict[str, Problem]]:
    data = await monitor.fetch()
    return data, {problem.name: problem for problem in monitor.problems(data).values()}


async def test_alert_of_prometheus(make: Make) -> None:
    async with Server(answer) as server:
        monitor = make("prometheus", server.url)
        data, problems = await by_name(monitor)
        annotations, labels, alert = await monitor.evidence(data, problems["DiskFull"])
        assert labels.text == "alertname: DiskFull; severity: critical; node: nas"
        assert annotations.text.startswith("summary: 93 % full; description: of nas; more00: x")
        assert "more50" not in annotations.text
        assert alert.text == "since: 2026-11-21T10:00:00Z"


async def test_query_above_its_limit(make: Make) -> None:
    queries = [
        {"name": "Load", "query": "node_load1", "above": 3},
        {"name": "GPU", "query": "gpu_temperature", "unit": "°C", "above": 85},
    ]
    async with Server(answer) as server:
        monitor = make("prometheus", server.url, queries=queries)
        data, problems = await by_name(monitor)
        (found,) = await monitor.evidence(data, problems["GPU"])
        assert found.text == "query: gpu_temperature; value: 91.0; unit: °C; above: 85"


async def test_alert_that_is_over_by_now(make: Make) -> None:
    """Between a look and a question an alert may have gone: what the problem said is still there."""
    async with Server(answer) as server:
        monitor = make("prometheus", server.url)
        over = monitor.problem("alert", "x", "Gone", "so", facts={"node": "nas"})
        data = await monitor.fetch()
        assert [one.text for one in await monitor.evidence(data, over)] == ["node: nas"]
        alertmanager = make("alertmanager", server.url)
        nothing = AlertmanagerData(None, (), 0, {})
        assert [one.text for one in await alertmanager.evidence(nothing, over)] == ["node: nas"]
