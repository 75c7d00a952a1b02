"""The optional never takes down the essential, an aggregate shows its worst, and silence is not health."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.api.errors import ApiAuthenticationError
from custom_components.homelab_ai.health.problem import Severity
from custom_components.homelab_ai.health.unseen import Reason
from custom_components.homelab_ai.monitors.heartbeats import PATIENCE, Heartbeats
from custom_components.homelab_ai.monitors.severities import SEVERITIES, severity_of, unknown_severity
from demo.servers.apps.librechat import LibreChatServer
from demo.servers.apps.paperless_ai import PaperlessAIServer
from tests.api.serving import Server, body, routes

from .conftest import Make
from .reading import problems, sensors
from .test_alertmanager import alert, serving
from .test_prometheus import Canned, firing, query

FULL = 0.93


def claims(*names: str, used: float = FULL) -> list[Any]:
    return [({"namespace": "ai", "persistentvolumeclaim": name}, used) for name in names]


# Parts


@pytest.mark.parametrize("status", [404, 405, 403, 422, 500, 503])
@pytest.mark.parametrize("part", ["alerts", "kubelet", "nvidia", "k8sgpt", "mine", "buildinfo"])
async def test_part_that_fails(part: str, status: int, make: Make) -> None:
    async with Canned(kubelet_volume_stats_used=claims("models"), mine=[({}, 9)]) as server:
        server.alerts = [firing("Hot")]
        monitor = make("prometheus", server.url, queries=[query("Q", "mine", above=5)])
        whole = problems(monitor, await monitor.fetch())
        assert {key.partition(":")[0] for key in whole} == {"alert", "query", "volume_full"}
        server.status[part] = status
        data = await monitor.fetch()
        missing = {"alerts": {"alert"}, "kubelet": {"volume_full"}, "mine": {"query"}}.get(part, set())
        left = {key.partition(":")[0] for key in problems(monitor, data)}
        assert left == {"alert", "query", "volume_full"} - missing
        names = {
            "alerts": "alerts",
            "kubelet": "volumes",
            "nvidia": "gpu",
            "k8sgpt": "findings",
            "mine": "query",
        }
        assert {one.part for one in monitor.not_seen(data)} == ({names[part]} if part in names else set())
        for one in monitor.not_seen(data):
            assert one.reason is (Reason.FORBIDDEN if status == 403 else Reason.FAILED)
            may_hide = part in ("alerts", "kubelet", "mine")
            assert one.essential is (may_hide and status not in (404, 405))


async def test_token_is_wrong_only_where_nothing_may_be_read(make: Make) -> None:
    async with Canned() as server:
        monitor = make("prometheus", server.url)
        server.status |= {"alerts": 403, "buildinfo": 403}
        await monitor.fetch()
        server.status["query"] = 403
        with pytest.raises(ApiAuthenticationError):
            await monitor.fetch()


async def test_alerts_that_are_not_there_have_no_sensor(make: Make) -> None:
    async with Canned() as server:
        server.status["alerts"] = 404
        monitor = make("prometheus", server.url)
        assert sensors(monitor, await monitor.fetch()) == {}


# The worst member


@pytest.mark.parametrize(
    ("bounds", "values", "expected"),
    [
        ({"below": 10}, {"sda": 62, "sdb": 3, "sdc": 48}, "Disk is 3 for sdb, below 10"),
        ({"above": 90}, {"sda": 62, "sdb": 93, "sdc": 97}, "Disk is 97 for sdc, above 90, and 1 more"),
        ({"above": 90, "below": 10}, {"sda": 50, "sdb": 9}, "Disk is 9 for sdb, below 10"),
        ({"above": 90}, {"sda": 62, "sdb": 90}, None),
    ],
)
async def test_worst_series(
    bounds: dict[str, float], values: dict[str, float], expected: str | None, make: Make
) -> None:
    series = [({"device": name, "job": "node"}, value) for name, value in values.items()]
    async with Canned(disk=series) as server:
        monitor = make("prometheus", server.url, queries=[query("Disk", "disk", **bounds)])
        data = await monitor.fetch()
        found = {} if expected is None else {"query:query_disk": f"warning: {expected}"}
        assert problems(monitor, data) == found
        (sensor,) = (one for one in monitor.sensors() if one.key == "query_disk")
        shown = sensor.attributes_fn(data)
        assert values[shown["series"]] == sensor.value_fn(data)
        assert shown["series_count"] == len(values)
        server.vectors["disk"] = list(reversed(series))
        assert problems(monitor, await monitor.fetch()) == found


# One cause


async def test_claims_of_one_share_are_one_problem(make: Make) -> None:
    names = [f"app-{number:02}" for number in range(11)]
    own = [({"namespace": "ai", "persistentvolumeclaim": "own"}, 0.95)]
    sizes = [(labels, 4e12) for labels, _ in claims(*names)] + [(own[0][0], 1e9)]
    async with Canned(
        kubelet_volume_stats_used=[*claims(*names), *own], kubelet_volume_stats_capacity=sizes
    ) as server:
        monitor = make("prometheus", server.url)
        found = problems(monitor, await monitor.fetch())
        assert sorted(found.values()) == [
            "warning: volume ai/app-00 and 10 more on the same storage are 93% full",
            "warning: volume ai/own is 95% full",
        ]
        ignoring = make("prometheus", server.url, ignored=["ai/app-*"])
        assert list(problems(ignoring, await ignoring.fetch())) == ["volume_full:ai/own"]


# Severities


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("high fatal crit P1 disaster page CRITICAL Sev-1 emergency", Severity.CRITICAL),
        ("warning warn medium average P3 minor", Severity.WARNING),
        ("low notice informational none info P5 clear ok", Severity.INFO),
    ],
)
def test_words_of_severity(words: str, expected: Severity) -> None:
    assert {severity_of({"severity": word}) for word in words.split()} == {expected}
    assert {severity_of({"priority": word}) for word in words.split()} == {expected}
    assert {unknown_severity({"severity": word}) for word in words.split()} == {""}


async def test_unknown_word_is_a_warning_and_named(make: Make) -> None:
    assert "apocalyptic" not in SEVERITIES
    async with serving(alert("Odd", severity="Apocalyptic"), alert("Fine", severity="info")) as server:
        monitor = make("alertmanager", server.url)
        data = await monitor.fetch()
        assert problems(monitor, data)["alert:f-Odd-Apocalyptic"].startswith("warning")
        assert monitor.remarks(data) == {"unknown_severities": ["apocalyptic"]}


# Heartbeats


@pytest.mark.parametrize(
    ("name", "labels", "expected"),
    [
        ("Watchdog", {}, True),
        ("DeadMansSwitch", {"severity": "clear"}, True),
        ("dead-mans-snitch", {}, True),
        ("PrometheusAlertmanagerE2eDeadManSwitch", {"severity": "critical"}, True),
        ("Pulse", {"heartbeat": "true"}, True),
        ("Pulse", {"heartbeat": "false"}, False),
        ("Pulse", {"type": "heartbeat"}, True),
        ("Pulse", {"severity": "Heartbeat"}, True),
        ("HeartbeatMissing", {}, False),
        ("WatchdogDown", {"severity": "critical"}, False),
        ("MyOwn", {}, True),
        ("site-b-pulse", {}, True),
    ],
)
def test_what_a_heartbeat_is(name: str, labels: dict[str, str], expected: bool) -> None:
    assert Heartbeats(["my_own", "site-*-pulse"]).is_one(name, labels) is expected


def _stopped(key: str, *_: object, **facts: Any) -> Any:
    return key, facts.get("since")


def test_heartbeat_of_a_clock_that_was_fast_is_missed_in_time() -> None:
    heartbeats, now = Heartbeats(()), datetime(2026, 11, 21, 12, tzinfo=UTC)
    heartbeats.note(["Watchdog"], now + timedelta(hours=1))
    assert list(heartbeats.problems(now, _stopped)) == []
    late = now + PATIENCE + timedelta(seconds=1)
    assert list(heartbeats.problems(late, _stopped)) == [("alerts_silent", now)]


def test_heartbeats_are_bounded() -> None:
    heartbeats, now = Heartbeats(()), datetime(2026, 11, 21, 12, tzinfo=UTC)
    heartbeats.note(["Watchdog", *map(str, range(10_000))], now)
    heartbeats.note(["Watchdog"], now + PATIENCE)
    silent = list(heartbeats.problems(now + 2 * PATIENCE, _stopped))
    assert 50 < len(silent) < 200
    assert len(list(heartbeats.beating(_stopped))) == len(silent) + 1


@pytest.mark.parametrize("kind", ["prometheus", "alertmanager"])
@pytest.mark.parametrize("name", ["Watchdog", "DeadMansSwitch"])
async def test_heartbeat(kind: str, name: str, make: Make, freezer: FrozenDateTimeFactory) -> None:
    """One that fires is nothing; one that stops is critical, also where it stopped before a restart."""
    async with Canned() if kind == "prometheus" else serving(alert(name, severity="clear")) as server:
        if isinstance(server, Canned):
            server.alerts = [firing(name, severity="clear")]
        monitor = make(kind, server.url)
        data = await monitor.fetch()
        assert monitor.problems(data) == {}
        assert {one.kind for one in monitor.remembered(data).values()} == {"heartbeat"}
        known = monitor.remembered(data)
        sensor = "alerts_firing" if kind == "prometheus" else "alerts_active"
        assert sensors(monitor, data)[sensor] == 0
    async with Canned() if kind == "prometheus" else serving() as server:
        restarted = make(kind, server.url)
        restarted.remember(known.values())
        assert restarted.problems(await restarted.fetch()) == {}
        freezer.tick(PATIENCE + timedelta(seconds=1))
        data = await restarted.fetch()
        (stopped,) = restarted.problems(data).values()
        assert (stopped.kind, stopped.severity, stopped.name) == ("alerts_silent", Severity.CRITICAL, name)
        # And it is still silent after the next restart.
        again = make(kind, server.url)
        again.remember([*restarted.remembered(data).values(), stopped])
        assert list(again.problems(await again.fetch())) == [stopped.id]
        # A system that never had one is not missing it.
        assert make(kind, server.url).problems(await make(kind, server.url).fetch()) == {}


@pytest.mark.parametrize("kind", ["prometheus", "alertmanager"])
async def test_heartbeat_that_a_person_named_and_that_never_came(
    kind: str, make: Make, freezer: FrozenDateTimeFactory
) -> None:
    async with Canned() if kind == "prometheus" else serving() as server:
        monitor = make(kind, server.url, heartbeats=["MyPulse", "site-*"])
        assert monitor.problems(await monitor.fetch()) == {}
        freezer.tick(PATIENCE + timedelta(seconds=1))
        (silent,) = monitor.problems(await monitor.fetch()).values()
        assert (silent.kind, silent.name) == ("alerts_silent", "MyPulse")
        # It still has not come after a restart.
        again = make(kind, server.url, heartbeats=["MyPulse"])
        again.remember([silent])
        assert list(again.problems(await again.fetch())) == [silent.id]
    async with Canned() if kind == "prometheus" else serving(alert("MyPulse")) as server:
        if isinstance(server, Canned):
            server.alerts = [firing("MyPulse")]
        monitor = make(kind, server.url, heartbeats=["MyPulse"])
        await monitor.fetch()
        freezer.tick(PATIENCE + timedelta(seconds=1))
        assert monitor.problems(await monitor.fetch()) == {}


# Series that are gone


@pytest.mark.parametrize(
    ("expression", "bounds", "is_missed"),
    [
        ("node_temp", {"above": 80}, True),
        ('max(node_temp{chip!="x", name=~"a > b"}) # == 3', {"above": 80}, True),
        ("rate(errors[5m]) >= bool 3", {"above": 0}, True),
        ("node_temp", {}, False),
        ("up == 0", {"above": -1}, False),
        ("up != 1", {"below": 1}, False),
        ("absent(up)", {"above": 0}, False),
        ("node_temp > 80", {"above": 0}, False),
        ("node_temp unless on (chip) ignored", {"above": 0}, False),
        ('ALERTS{alertstate="firing"}', {"above": 0}, False),
    ],
)
async def test_series_that_vanished(
    expression: str, bounds: dict[str, float], is_missed: bool, make: Make
) -> None:
    """Whose exporter is down is neither well nor wrong; a filter gives nothing while all is well."""
    async with Canned() as server:
        monitor = make("prometheus", server.url, queries=[query("Disk", expression, **bounds)])
        data = await monitor.fetch()
        assert problems(monitor, data) == {}
        missed = [(one.part, one.name) for one in monitor.not_seen(data) if one.essential]
        assert missed == ([("query", "Disk")] if is_missed else [])
        known = monitor.problem("query", "query_disk", "Disk", "Disk is 93, above 80")
        assert monitor.is_unread(data, known) is is_missed


# What nobody is told of


async def test_alert_that_a_time_interval_mutes(make: Make) -> None:
    """Only the groups say it; what one group sends is not muted."""

    def status(*muted: str, state: str = "active") -> dict[str, Any]:
        return {"state": state, "silencedBy": [], "inhibitedBy": [], "mutedBy": list(muted)}

    given = [alert("Night"), alert("Both"), alert("Day")]
    groups = [
        {"alerts": [{**given[0], "status": status("nights")}, {**given[1], "status": status("nights")}]},
        {"alerts": [{**given[1], "status": status()}, {**given[2], "status": status()}]},
    ]

    async def answer(request: Any) -> Any:
        said = {"/api/v2/alerts": given, "/api/v2/alerts/groups": groups}
        return web.json_response(said.get(request.path, {"versionInfo": {"version": "0.28.1"}}))

    async with Server(answer) as server:
        monitor = make("alertmanager", server.url)
        data = await monitor.fetch()
        assert set(problems(monitor, data).values()) == {"warning: Both is wrong", "warning: Day is wrong"}
        (night,) = (one for one in monitor.problems(data).values() if one.suppressed)
        assert night.details["kept back"] == "muted"
        (silenced,) = (one for one in monitor.sensors() if one.key == "alerts_silenced")
        assert silenced.attributes_fn(data) == {"silenced": 0, "inhibited": 0, "muted": 1}


# Apps


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ([], True),
        ([{"id": "a", "owned_by": "ollama", "ollama": {}}], False),
        ([{"id": "a", "owned_by": "openai", "openai": {"owned_by": "library"}}], False),
        ([{"id": "gpt", "owned_by": "openai"}, {"id": "arena-model", "owned_by": "arena"}], True),
        ([{"id": "preset", "owned_by": "openai", "preset": True}], True),
        ([{"id": "pipe", "owned_by": "openai", "pipe": {"type": "pipe"}}], True),
        ([{"id": "gpt", "owned_by": "openai"}, {"id": "preset", "owned_by": "ollama"}], False),
    ],
)
async def test_models_of_the_hub(models: list[Any], expected: bool, make: Make) -> None:
    said = routes(config=body('{"features": {}}'), models=body(json.dumps({"data": models})))
    async with Server(said) as server:
        monitor = make("open_webui", server.url, api_key="k")
        assert bool(monitor.problems(await monitor.fetch())) is expected


async def test_list_of_models_that_fails_is_a_part(make: Make) -> None:
    async with Server(routes(config=body('{"features": {}}'), models=body("broken", 500))) as server:
        monitor = make("open_webui", server.url, api_key="k")
        data = await monitor.fetch()
        assert (monitor.problems(data), [one.part for one in monitor.not_seen(data)]) == ({}, ["models"])


async def test_exporter_that_does_not_answer_is_doubted(make: Make) -> None:
    async with LibreChatServer() as server:
        monitor = make("librechat", server.url, metrics_url="http://127.0.0.1:9/metrics")
        assert [one.key for one in await monitor.check()] == ["exporter_silent"]
        assert [one.part for one in monitor.not_seen(await monitor.fetch())] == ["figures"]


@pytest.mark.parametrize(
    ("hours", "processing", "expected"),
    [(9, True, "stuck"), (9, False, "overdue"), (1, True, None), (1, False, None)],
)
async def test_idle_and_stuck(hours: float, processing: bool, expected: str | None, make: Make) -> None:
    began = (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")
    said = {
        "currentlyProcessing": {"documentId": 7, "startTime": began} if processing else None,
        "lastProcessed": {"processed_at": began},
        "processedToday": 0,
        "isProcessing": processing,
    }
    paths = {"health": body('{"status": "healthy"}'), "processing-status": body(json.dumps(said))}
    async with Server(routes(**paths)) as server:
        monitor = make("paperless_ai", server.url, api_key="k")
        found = monitor.problems(await monitor.fetch()).values()
        assert [one.kind for one in found] == ([expected] if expected else [])
        if expected == "stuck":
            assert {one.severity for one in found} == {Severity.WARNING}


@pytest.mark.parametrize(("code", "expected"), [(200, True), (500, False), (404, True)])
async def test_page_behind_the_way_in(code: int, expected: bool, make: Make) -> None:
    async def answer(request: Any) -> Any:
        if request.path == "/docs/":
            return web.Response(status=302, headers={"Location": "/docs/accounts/login/?next=/"})
        return web.Response(status=code)

    async with Server(answer) as paperless, PaperlessAIServer() as server:
        monitor = make("paperless_ai", server.url, paperless_url=f"{paperless.url}/docs/")
        assert (await monitor.fetch()).paperless_online is expected
