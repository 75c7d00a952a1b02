"""Alertmanager: the alerts that reach people."""

from datetime import timedelta
import json
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.homelab_ai.api.errors import ApiConnectionError
from custom_components.homelab_ai.api.http import Connection
from demo.servers.prometheus import LOGIN, Alertmanager, find
from tests.api.serving import Server, body, routes
from tests.looking import read_until

from .conftest import SOURCE, Make
from .reading import problems, sensors

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Alertmanager is not here: python -m demo.servers.prometheus unpacks it"
)


def alert(name: str, state: str = "active", **labels: str) -> dict[str, Any]:
    return {
        "fingerprint": f"f-{name}-{'-'.join(labels.values())}",
        "labels": {"alertname": name, **labels},
        "annotations": {"summary": f"{name} is wrong", "description": "why"},
        "startsAt": "2026-11-21T10:00:00.000Z",
        "status": {"state": state, "silencedBy": ["id"] if state == "suppressed" else []},
    }


def serving(*alerts: Any, status: Any = None) -> Server:
    said = status or {"versionInfo": {"version": "0.28.1"}, "cluster": {"status": "settling"}}
    return Server(routes(alerts=body(json.dumps(alerts)), status=body(json.dumps(said))))


async def test_alerts(make: Make) -> None:
    given = (
        alert("Watchdog", severity="none"),
        alert("InfoInhibitor"),
        alert("Down", severity="critical", namespace="ai", pod="open-webui-0"),
        alert("Hot", severity="warning"),
        alert("Odd"),
        alert("Note", severity="info"),
        alert("Quiet", "suppressed", severity="critical"),
        # Both where it is ignored and silenced.
        alert("Watchdog", "suppressed"),
    )
    async with serving(*given) as server:
        monitor = make("alertmanager", server.url)
        data = await monitor.fetch()
        assert monitor.version(data) == "0.28.1"
        assert sensors(monitor, data) == {
            "alerts_active": 4,
            "alerts_critical": 1,
            "alerts_warning": 2,
            "alerts_silenced": 1,
        }
        assert problems(monitor, data) == {
            "alert:f-Down-critical-ai-open-webui-0": "critical: Down is wrong",
            "alert:f-Hot-warning": "warning: Hot is wrong",
            "alert:f-Odd-": "warning: Odd is wrong",
            "alert:f-Note-info": "info: Note is wrong",
        }
        down = monitor.problems(data)[f"{SOURCE}:alert:f-Down-critical-ai-open-webui-0"]
        assert (down.kind, down.name, down.needs_hub) == ("alert", "Down", False)
        assert down.since is not None
        assert down.since.isoformat() == "2026-11-21T10:00:00+00:00"
        assert down.details == {
            "namespace": "ai",
            "pod": "open-webui-0",
            "description": "why",
            "fingerprint": "f-Down-critical-ai-open-webui-0",
        }


@pytest.mark.parametrize(
    ("ignored", "expected"),
    # A heartbeat that fires is nothing, whether it is ignored or not.
    [([], {"Hot", "Odd"}), (["Hot"], {"Odd"}), (["Watchdog", "H*", "Odd"], set())],
)
async def test_ignored(ignored: list[str], expected: set[str], make: Make) -> None:
    async with serving(alert("Watchdog"), alert("Hot"), alert("Odd")) as server:
        monitor = make("alertmanager", server.url, ignored=ignored)
        found = monitor.problems(await monitor.fetch())
        assert {one.name for one in found.values()} == expected


async def test_alert_without_anything(make: Make) -> None:
    async with serving({"fingerprint": "f"}, status={"cluster": {}}) as server:
        monitor = make("alertmanager", server.url)
        data = await monitor.fetch()
        assert monitor.version(data) is None
        assert problems(monitor, data) == {"alert:f": "warning: alert"}
        (found,) = monitor.problems(data).values()
        assert (found.name, found.since) == ("alert", None)


async def test_no_alerts(make: Make) -> None:
    async with serving() as server:
        monitor = make("alertmanager", server.url)
        data = await monitor.fetch()
        assert problems(monitor, data) == {}
        assert set(sensors(monitor, data).values()) == {0}
    with pytest.raises(ApiConnectionError):
        await monitor.fetch()


async def test_new_version_after_an_update(make: Make) -> None:
    status = {"versionInfo": {"version": "1"}}
    async with serving(status=status) as server:
        monitor = make("alertmanager", server.url)
        assert monitor.version(await monitor.fetch()) == "1"
    async with serving(status={"versionInfo": {"version": "2"}}) as server:
        monitor = make("alertmanager", server.url)
        assert monitor.version(await monitor.fetch()) == "2"


@needs_binaries
async def test_the_real_one(make: Make) -> None:
    async with Alertmanager(login=LOGIN) as alertmanager, ClientSession(headers=LOGIN.headers) as session:
        given = [
            {"labels": {"alertname": "Full", "severity": "critical", "node": "pve-1"}},
            {"labels": {"alertname": "Full", "severity": "warning", "node": "pve-1"}},
            {"labels": {"alertname": "Watchdog", "severity": "none"}},
        ]
        async with session.post(f"{alertmanager.url}/api/v2/alerts", json=given) as response:
            assert response.status == 200
        monitor = make(
            "alertmanager", alertmanager.url, connection=Connection(alertmanager.url, LOGIN.headers)
        )
        # The warning is inhibited by the critical one: it reaches nobody, and nobody silenced it.
        # Alertmanager's inhibitor hears of alerts after they were taken.
        data = await read_until(monitor.fetch, lambda data: data.kept_back)
        assert sensors(monitor, data) == {
            "alerts_active": 1,
            "alerts_critical": 1,
            "alerts_warning": 0,
            "alerts_silenced": 0,
        }
        assert list(problems(monitor, data).values()) == ["critical: Full node pve-1"]
        assert monitor.version(data)


_UNSHOWN = [
    {"path": "C:\x00temp"},
    {"pod": "web\u202e"},
    {"long": "x" * 20_000},
    {"us\u200bers": "https://ada:secret@host/"},
    {f"label_{number:03}": "a" for number in range(300)},
]


@pytest.mark.parametrize("labels", _UNSHOWN, ids=lambda labels: ascii(str(labels)[:30]))
async def test_silence_is_of_the_labels_as_they_came(labels: dict[str, str], make: Make) -> None:
    sent: list[Any] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            sent.append(await request.json())
            return web.json_response({"silenceID": "the-id"})
        return web.json_response([alert("Down", **labels) | {"fingerprint": "f"}])

    async with Server(answer) as server:
        monitor = make("alertmanager", server.url)
        problem = monitor.problem("alert", "f", "Down", "", facts={"fingerprint": "f"})
        silence = await monitor.silence(problem, timedelta(hours=1), comment="c", created_by="Ada")
        (said,) = sent
        matched = {one["name"]: one["value"] for one in said["matchers"]}
        assert matched == {"alertname": "Down", **labels}
        assert silence.id == "the-id"
        assert all(label.isprintable() for pair in silence.labels.items() for label in pair)


@pytest.mark.parametrize("labels", [{"a": 1}, {"a": None}, {"a": ""}, {"": "a"}, {}, None, "a"], ids=str)
async def test_no_silence_of_labels_that_say_too_little(labels: Any, make: Make) -> None:
    async with serving(alert("Down") | {"fingerprint": "f", "labels": labels}) as server:
        monitor = make("alertmanager", server.url)
        problem = monitor.problem("alert", "f", "Down", "", facts={"fingerprint": "f"})
        assert await monitor.silence(problem, timedelta(hours=1), comment="c", created_by="Ada") is None
