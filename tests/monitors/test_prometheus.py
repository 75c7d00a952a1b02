"""Prometheus: alerts, queries, GPU memory, volumes and k8sgpt; the real one, where it is at hand."""

import asyncio
from collections.abc import Callable
from itertools import product
import json
import math
from typing import Any

from aiohttp import web
import pytest

from custom_components.homelab_ai.api.errors import ApiBusyError, ApiConnectionError, ApiResponseError
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.prometheus import joined
from custom_components.homelab_ai.monitors import Monitor, Settings
from custom_components.homelab_ai.monitors.capabilities import Vram
from custom_components.homelab_ai.monitors.prometheus import (
    PrometheusData,
    PrometheusMonitor,
)
from custom_components.homelab_ai.monitors.queries import MAX_QUERIES, Query, Reading
from demo.servers.exporters import (
    GIB,
    DcgmExporter,
    Exporter,
    K8sgptExporter,
    KubeletExporter,
    NvidiaGpuExporter,
    WindowsExporter,
)
from demo.servers.prometheus import LOGIN, Prometheus, find
from tests.api.serving import Server

from .conftest import SOURCE, Make
from .reading import UNAVAILABLE, problems, sensors

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Prometheus is not here: python -m demo.servers.prometheus unpacks it"
)


class Canned(Server):
    """Answers each query with what a test says; with nothing where it says nothing."""

    def __init__(self, **vectors: Any) -> None:
        super().__init__(self._say)
        self.vectors: dict[str, Any] = vectors
        self.alerts: list[Any] = []
        self.status: dict[str, int] = {}

    async def _say(self, request: web.Request) -> web.StreamResponse:
        path = request.path.rpartition("/")[2]
        query = request.query.get("query", "")
        for part, status in self.status.items():
            if part in query or part == path:
                return web.Response(status=status, text='{"status": "error", "error": "canned"}')
        data: Any = {"version": "3.7.1"}
        if path == "alerts":
            data = {"alerts": self.alerts}
        elif path == "query":
            found: Any = next((those for part, those in self.vectors.items() if part in query), [])
            results = [{"metric": labels, "value": [1, str(value)]} for labels, value in found]
            data = {"resultType": "vector", "result": results}
        return web.json_response({"status": "success", "data": data})


def query(name: str, expression: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "query": expression, **more}


def firing(name: str, state: str = "firing", **labels: str) -> dict[str, Any]:
    return {
        "labels": {"alertname": name, **labels},
        "annotations": {"description": "why"},
        "state": state,
        "activeAt": "2026-11-21T10:00:00.123456789Z",
    }


# The real one.


async def until(monitor: Monitor[Any], true: Callable[[PrometheusData], bool]) -> PrometheusData:
    """Fetch until it is so."""
    async with asyncio.timeout(60):
        while not true(data := await monitor.fetch()):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert isinstance(data, PrometheusData)
    return data


@needs_binaries
async def test_the_real_one(make: Make) -> None:
    async with (
        NvidiaGpuExporter(total=16 * GIB, used=6 * GIB) as gpu,
        DcgmExporter(total=12 * GIB, used=6 * GIB, pods=("a", "b")) as dcgm,
        WindowsExporter(total=8 * GIB) as windows,
        K8sgptExporter(token="secret") as k8sgpt,
        KubeletExporter() as kubelet,
    ):
        gpu.heat(91)
        k8sgpt.analysed(("Pod", "ai/open-webui"), ("Pod", "ai/other"), ("Service", "ai/x"))
        kubelet.volume("ai", "models", capacity=100 * GIB, used=95 * GIB)
        kubelet.volume("ai", "small", capacity=GIB, used=GIB // 2)
        exporters: dict[str, Exporter | str] = {
            "gpu": gpu,
            "dcgm": dcgm,
            "windows": windows,
            "k8sgpt": k8sgpt,
            "kubelet": kubelet,
        }
        async with Prometheus(exporters, login=LOGIN) as prometheus:
            await prometheus.scraped()
            monitor = make(
                "prometheus",
                prometheus.url,
                connection=Connection(prometheus.url, LOGIN.headers),
                queries=[
                    query("GPU temperature", "nvidia_smi_temperature_gpu", unit="°C", above=85),
                    query("Broken", "sum by ("),
                    query("Free", "vector(2)", below=3.5),
                    query("Nothing", "nothing_of_this_name", above=0, below=0),
                ],
            )
            data = await until(monitor, lambda data: bool(data.volumes) and len(data.firing) == 3)
            assert data.version
            assert data.vram == Vram(6 * GIB, 16 * GIB)
            assert data.volumes == {"ai/models": 0.95, "ai/small": 0.5}
            assert data.findings == {"Pod": 2, "Service": 1}
            assert sensors(monitor, data) == {
                "alerts_firing": 3,
                "k8sgpt_findings": 3,
                "query_gpu_temperature": 91.0,
                "query_broken": UNAVAILABLE,
                "query_free": 2.0,
                "query_nothing": UNAVAILABLE,
            }
            found = monitor.problems(data)
            assert {one.summary for one in found.values()} == {
                "The GPU of the AI hub is hot",
                "Pod ai/open-webui cannot start",
                "Pod ai/other cannot start",
                "GPU temperature is 91 °C, above 85 °C",
                "Free is 2, below 3.5",
                "volume ai/models is 95% full",
            }
            assert all(one.since for one in found.values() if one.kind == "alert")
            # Not a number, clean, and gone: no zero in any of them.
            gpu.set("nvidia_smi_temperature_gpu", math.nan, uuid=gpu.uuid)
            k8sgpt.analysed()
            kubelet.unmount("ai", "models")
            data = await until(monitor, lambda data: not data.firing and len(data.volumes) == 1)
            assert data.findings == {}
            assert problems(monitor, data) == {"query:query_free": "warning: Free is 2, below 3.5"}
            assert sensors(monitor, data)["query_gpu_temperature"] == UNAVAILABLE
            assert sensors(monitor, data)["k8sgpt_findings"] == 0
            gpu.lose_gpu()
            # Those of the next exporter: a GPU that two pods see counts once.
            data = await until(monitor, lambda data: data.vram != Vram(6 * GIB, 16 * GIB))
            assert data.vram == Vram(6 * GIB, 12 * GIB - 300 * 1024**2)
            dcgm.remove("DCGM_FI_DEV_FB_FREE")
            data = await until(monitor, lambda data: data.vram == Vram(6 * GIB, 8 * GIB))
            with pytest.raises(ApiResponseError, match="parse error"):
                await monitor.check()
        with pytest.raises(ApiConnectionError):
            await monitor.fetch()


# Answers that no real one could be brought to.


@pytest.mark.parametrize(
    ("vectors", "expected"),
    [
        ({}, None),
        (
            {
                "nvidia_smi_memory_total": [({"uuid": "a"}, 8), ({"uuid": "b"}, 16)],
                "nvidia_smi_memory_used": [({"uuid": "a"}, 7), ({"uuid": "b"}, 3)],
            },
            Vram(3, 16),
        ),
        ({"nvidia_smi_memory_total": [({"uuid": "a"}, 8)]}, None),
        (
            {
                "nvidia_smi_memory_total": [({"uuid": "a"}, 8)],
                "nvidia_smi_memory_used": [({"uuid": "b"}, 3)],
            },
            None,
        ),
        (
            {
                "nvidia_smi_memory_total": [({"uuid": "a"}, 8)],
                "nvidia_smi_memory_used": [({"uuid": "a"}, "NaN")],
                "windows_gpu_adapter": [({"luid": "x"}, 2)],
                "windows_gpu_dedicated": [({"luid": "x"}, 4)],
            },
            Vram(2, 4),
        ),
        (
            {"DCGM_FI_DEV_FB_FREE": [({"UUID": "a"}, 9)], "DCGM_FI_DEV_FB_USED": [({"UUID": "a"}, 4)]},
            Vram(4, 9),
        ),
    ],
)
async def test_vram(vectors: dict[str, Any], expected: Vram | None, make: Make) -> None:
    async with Canned(**vectors) as server:
        data = await make("prometheus", server.url).fetch()
        assert data.vram == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], None),
        ([({}, 0)], {}),
        ([({"kind": "Pod"}, 2), ({}, 0)], {"Pod": 2}),
        ([({"kind": "Pod"}, "NaN")], None),
    ],
)
async def test_findings(found: list[Any], expected: Any, make: Make) -> None:
    async with Canned(k8sgpt=found) as server:
        monitor = make("prometheus", server.url)
        data = await monitor.fetch()
        assert data.findings == expected
        existing = {} if expected is None else {"k8sgpt_findings": sum(expected.values())}
        assert sensors(monitor, data) == {"alerts_firing": 0, **existing}


async def test_findings_that_vanish_are_unavailable(make: Make) -> None:
    async with Canned() as server:
        monitor = make("prometheus", server.url)
        data = await monitor.fetch()
        (findings,) = (one for one in monitor.sensors() if one.key == "k8sgpt_findings")
        assert not findings.available_fn(data)
        assert findings.value_fn(data) is None


async def test_findings_are_left_to_a_monitor_of_the_cluster(make: Make) -> None:
    async with Canned(k8sgpt=[({"kind": "Pod"}, 1)]) as server:
        simple = make("prometheus", server.url).settings
        kinds = frozenset({"kubernetes", "prometheus"})
        monitor = PrometheusMonitor(Settings(SOURCE, "P", {}, simple.session, simple.connection, kinds))
        assert set(sensors(monitor, await monitor.fetch())) == {"alerts_firing"}


async def test_alerts_are_left_to_alertmanager(make: Make) -> None:
    async with Canned() as server:
        server.alerts = [firing("Hot", severity="critical")]
        simple = make("prometheus", server.url).settings
        kinds = frozenset({"alertmanager", "prometheus"})
        monitor = PrometheusMonitor(Settings(SOURCE, "P", {}, simple.session, simple.connection, kinds))
        data = await monitor.fetch()
        assert sensors(monitor, data)["alerts_firing"] == 1
        assert monitor.problems(data) == {}


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (0.9, {}),
        (0.901, {"volume_full:ai/models": "warning: volume ai/models is 90% full"}),
        (1.2, {"volume_full:ai/models": "warning: volume ai/models is 120% full"}),
        ("NaN", {}),
        ("+Inf", {}),
    ],
)
async def test_volumes(used: Any, expected: dict[str, str], make: Make) -> None:
    labels = {"namespace": "ai", "persistentvolumeclaim": "models"}
    async with Canned(kubelet_volume=[(labels, used)]) as server:
        monitor = make("prometheus", server.url)
        data = await monitor.fetch()
        assert problems(monitor, data) == expected
        details = [one.details for one in monitor.problems(data).values()]
        assert details == [{"percent": str(round(100 * used))} for _ in expected]


@pytest.mark.parametrize(
    ("limits", "value", "expected"),
    [
        ({}, 5, None),
        ({"above": 5}, 5, None),
        ({"above": 5}, 5.5, "Q is 5.5 %, above 5 %"),
        ({"above": 0}, 1, "Q is 1 %, above 0 %"),
        ({"below": 5}, 5, None),
        ({"below": 0}, -1, "Q is -1 %, below 0 %"),
        ({"above": 9, "below": 5}, 4, "Q is 4 %, below 5 %"),
        ({"above": 9, "below": 5}, 7, None),
        ({"above": 9, "below": 5}, "NaN", None),
        ({"above": None, "below": None}, 4, None),
    ],
)
async def test_limits(limits: dict[str, Any], value: Any, expected: str | None, make: Make) -> None:
    async with Canned(mine=[({}, value)]) as server:
        monitor = make("prometheus", server.url, queries=[query("Q", "mine", unit="%", **limits)])
        data = await monitor.fetch()
        found = {} if expected is None else {"query:query_q": f"warning: {expected}"}
        assert problems(monitor, data) == found
        for one in monitor.problems(data).values():
            side = "above" if f"above {limits.get('above')}" in one.summary else "below"
            told = {"value": f"{value}", "unit": "%", "side": side, "limit": f"{limits[side]}"}
            assert one.details == told
        (sensor,) = (one for one in monitor.sensors() if one.key == "query_q")
        assert (sensor.name, sensor.native_unit_of_measurement) == ("Q", "%")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["GPU temp"], ["query_gpu_temp"]),
        (["GPU temp", "gpu-temp", "GPU  TEMP"], ["query_gpu_temp", "query_gpu_temp_2", "query_gpu_temp_3"]),
        (["Größe", "Grosse"], ["query_grosse", "query_grosse_2"]),
        (["温度", "湿度"], ["query_wen_du", "query_shi_du"]),
        (["°", "%"], ["query_deg", "query_unknown"]),
        ([], []),
    ],
)
def test_keys_of_queries_differ(names: list[str], expected: list[str]) -> None:
    queries = Query.from_settings({"queries": [query(name, "up") for name in names]})
    assert [one.key for one in queries] == expected
    assert [one.name for one in queries] == names


@pytest.mark.parametrize("data", [{}, {"queries": None}, {"queries": []}])
def test_no_queries(data: dict[str, Any]) -> None:
    assert Query.from_settings(data) == ()


def test_queries_are_bounded() -> None:
    assert len(Query.from_settings({"queries": [query(str(n), "up") for n in range(100)]})) == MAX_QUERIES


@pytest.mark.parametrize("status", [400, 422, 429, 500, 503])
async def test_query_that_fails_does_not_hide_the_others(status: int, make: Make) -> None:
    async with Canned(good=[({}, 1)]) as server:
        server.status["bad"] = status
        monitor = make("prometheus", server.url, queries=[query("Bad", "bad"), query("Good", "good")])
        data = await monitor.fetch()
        assert data.queries == {"query_bad": None, "query_good": Reading(1.0, "", 1, 0)}
        assert [(one.part, one.name) for one in monitor.not_seen(data)] == [("query", "Bad")]
        with pytest.raises(ApiResponseError):
            await monitor.check()


@pytest.mark.parametrize("part", ["alerts", "nvidia", "kubelet", "k8sgpt"])
async def test_busy_prometheus_is_not_taken_for_one_without_series(part: str, make: Make) -> None:
    """What was wrong then stands, instead of being solved for a while."""
    volume = ({"namespace": "ai", "persistentvolumeclaim": "models"}, 0.95)
    async with Canned(kubelet=[volume]) as server:
        server.alerts = [firing("Hot")]
        monitor = make("prometheus", server.url)
        before = monitor.problems(await monitor.fetch())
        server.status[part] = 503
        data = await monitor.fetch()
        gone = [one for key, one in before.items() if key not in monitor.problems(data)]
        assert {one.kind for one in gone} == {"alerts": {"alert"}, "kubelet": {"volume_full"}}.get(
            part, set()
        )
        assert all(monitor.is_unread(data, one) for one in gone)
        assert [one.part for one in monitor.not_seen(data)] == [
            {"alerts": "alerts", "nvidia": "gpu", "kubelet": "volumes", "k8sgpt": "findings"}[part]
        ]
        assert monitor.not_seen(data)[0].essential is (part in ("alerts", "kubelet"))
        for missing in ("alerts", "query", "buildinfo"):
            server.status[missing] = 503
        with pytest.raises(ApiBusyError):
            await monitor.fetch()


async def test_version_is_optional(make: Make) -> None:
    async with Canned() as server:
        monitor = make("prometheus", server.url, queries=[query("Q", "mine")])
        assert monitor.version(await monitor.fetch()) == "3.7.1"
        await monitor.check()
        server.status["buildinfo"] = 404
        assert monitor.version(await monitor.fetch()) is None


async def test_alerts(make: Make) -> None:
    long = {f"label_{number:02}": "x" * 20 for number in range(20)}
    async with Canned() as server:
        server.alerts = [
            firing("Watchdog"),
            firing("InfoInhibitor"),
            firing("Pending", "pending"),
            firing("Hot", severity="critical", instance="pve-1"),
            # They differ at the very end.
            firing("Long", **long, uid="1"),
            firing("Long", **long, uid="2"),
            {"labels": {}, "state": "firing"},
        ]
        monitor = make("prometheus", server.url)
        data = await monitor.fetch()
        assert sensors(monitor, data) == {"alerts_firing": 4}
        found = monitor.problems(data)
        assert [one.name for one in found.values()] == ["Hot", "Long", "Long", "alert"]
        hot = found[f"{SOURCE}:alert:alertname=Hot,instance=pve-1,severity=critical"]
        assert (hot.severity.value, hot.summary) == ("critical", "why")
        assert hot.details == {"instance": "pve-1", "description": "why"}
        server.alerts.reverse()
        assert set(monitor.problems(await monitor.fetch())) == set(found)


async def test_hostile_alert(make: Make) -> None:
    evil = "\x1b]0;x\x07Ignore\u202e all\x00\n" + "x" * 1_000_000
    async with Canned() as server:
        server.alerts = json.loads(json.dumps([firing("Evil", namespace=evil)]))
        server.alerts[0]["annotations"] = {"summary": evil, "description": evil}
        monitor = make("prometheus", server.url)
        (found,) = monitor.problems(await monitor.fetch()).values()
        texts = [found.id, found.summary, *found.details.values()]
        assert all(text.isprintable() and len(text) <= 2000 for text in texts)
        assert found.summary.startswith("Ignore all x")


CRITICAL = {"namespace": "ai", "pod": "a"}


@pytest.mark.parametrize(
    "crafted",
    [
        {"namespace": "ai,pod=a"},
        {"namespace": "ai", "pod": "a\u200b"},
        {"namespace": "ai", "pod": "a\x00"},
        {"namespace": "ai", "pod\x00": "a"},
        {"namespace": "ai\\", "pod": "a"},
        {"namespace=ai,pod": "a"},
        {"namespace": "ai", "pod": "a", "": ""},
        {"namespace": "ai", "pod": "a", "x": 5},
        {"namespace": "ai", "pod": "a", **{f"z{number:03}": "" for number in range(300)}},
    ],
    ids=ascii,
)
async def test_no_label_makes_an_alert_another(crafted: dict[str, Any], make: Make) -> None:
    critical = firing("Hot", **CRITICAL, severity="critical")
    info = {**critical, "labels": {"alertname": "Hot", **crafted, "severity": "critical"}}
    async with Canned() as server:
        server.alerts = [critical, info]
        monitor = make("prometheus", server.url)
        found = monitor.problems(await monitor.fetch())
        assert len(found) == 2
        assert f"{SOURCE}:alert:alertname=Hot,namespace=ai,pod=a,severity=critical" in found


def test_labels_are_joined_as_no_others_are() -> None:
    texts = ["".join(signs) for length in range(3) for signs in product("a,=\\", repeat=length)]
    pairs = [{name: value} for name in texts for value in texts]
    others = [{"": one, "a": other} for one in texts for other in texts]
    assert len({joined(labels) for labels in (*pairs, *others)}) == len(pairs) + len(others)


def test_ordinary_labels_are_joined_as_they_ever_were() -> None:
    labels = {"alertname": "Down", "url": "http://nas:8080/?a=b", "device": "/dev/sda"}
    assert joined(labels) == "alertname=Down,device=/dev/sda,url=http://nas:8080/?a=b"


async def test_volumes_of_one_size_are_not_one_storage(make: Make) -> None:
    def volume(claim: str, value: float) -> tuple[dict[str, str], float]:
        return {"namespace": "ai", "persistentvolumeclaim": claim}, value

    used = [volume("a", 0.95), volume("b", 0.95), volume("c", 0.99), volume("d", 0.99), volume("e/f", 0.97)]
    sizes = [volume(claim, 1000) for claim in "abcd"]
    async with Canned(used_bytes=used, capacity_bytes=sizes) as server:
        monitor = make("prometheus", server.url)
        assert problems(monitor, await monitor.fetch()) == {
            "volume_full:storage of 1000 bytes": (
                "warning: volume ai/a and 1 more on the same storage are 95% full"
            ),
            "volume_full:ai/c": "warning: volume ai/c and 1 more on the same storage are 99% full",
            "volume_full:ai/e\\/f": "warning: volume ai/e\\/f is 97% full",
        }


@pytest.mark.parametrize(
    ("unit", "device_class"),
    [
        ("°C", "temperature"),
        ("W", "power"),
        ("B", "data_size"),
        ("GiB", "data_size"),
        ("MB/s", "data_rate"),
        ("s", "duration"),
        ("ms", "duration"),
        ("V", "voltage"),
        ("MHz", "frequency"),
        ("%", None),
        ("kWh", None),
        ("targets", None),
        (None, None),
    ],
)
async def test_unit_says_what_a_query_measures(
    make: Make, unit: str | None, device_class: str | None
) -> None:
    """So that Home Assistant converts and rounds it; a share, or a sum of energy, may be of anything."""
    monitor = make("prometheus", "http://nowhere.invalid", queries=[query("Q", "up", unit=unit)])
    sensor = next(one for one in monitor.sensors() if one.name == "Q")
    assert (sensor.device_class, sensor.native_unit_of_measurement) == (device_class, unit)
    assert sensor.suggested_display_precision == 2
