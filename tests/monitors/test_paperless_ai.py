"""Paperless-AI, upstream and its fork."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.homelab_ai.api.errors import ApiAuthenticationError
from custom_components.homelab_ai.api.http import Connection
from demo.servers.apps.paperless_ai import KEY, PaperlessAIServer
from demo.servers.apps.web_page import WebPage

from .conftest import SOURCE, Make
from .reading import UNAVAILABLE, binary_sensors, problems, sensors

HOUR = timedelta(hours=1)


async def test_upstream_without_a_key(make: Make) -> None:
    async with PaperlessAIServer() as app:
        monitor = make("paperless_ai", app.url)
        data = await monitor.fetch()
        assert set(sensors(monitor, data)) == {"response_time"}
        assert binary_sensors(monitor, data) == {}
        assert problems(monitor, data) == {}


@pytest.mark.parametrize(
    ("ago", "hours", "overdue"),
    [(HOUR, None, False), (3 * HOUR, None, True), (3 * HOUR, 4, False), (5 * HOUR, 4, True)],
)
async def test_upstream_with_a_key(ago: timedelta, hours: int | None, overdue: bool, make: Make) -> None:
    async with PaperlessAIServer() as app:
        last = (datetime.now(UTC) - ago).replace(microsecond=0)
        app.finish(7, "Invoice", last)
        given = {"overdue_hours": hours} if hours else {}
        monitor = make("paperless_ai", app.url, api_key=KEY, **given)
        data = await monitor.fetch()
        shown = sensors(monitor, data)
        assert 0 < shown.pop("response_time") < 5000
        assert shown == {"last_processed": last, "processed_today": 1}
        assert binary_sensors(monitor, data) == {"overdue": overdue}
        expected = {"overdue:overdue": "info: has not processed anything for a long time"} if overdue else {}
        assert problems(monitor, data) == expected
        assert all(one.needs_hub for one in monitor.problems(data).values())
        told = [one.details for one in monitor.problems(data).values()]
        assert told == [{"last": last.isoformat()} for _ in expected]


async def test_upstream_that_has_never_worked(make: Make) -> None:
    async with PaperlessAIServer() as app:
        monitor = make("paperless_ai", app.url, api_key=KEY)
        data = await monitor.fetch()
        assert sensors(monitor, data)["last_processed"] is None
        assert binary_sensors(monitor, data) == {}


async def test_wrong_key(make: Make) -> None:
    async with PaperlessAIServer() as app:
        with pytest.raises(ApiAuthenticationError):
            await make("paperless_ai", app.url, api_key="wrong").fetch()


async def test_database(make: Make) -> None:
    async with PaperlessAIServer() as app:
        app.health = "database_error"
        monitor = make("paperless_ai", app.url)
        data = await monitor.fetch()
        assert problems(monitor, data) == {"app_unwell:health": "warning: Database check failed"}
        assert not monitor.problems(data)[f"{SOURCE}:app_unwell:health"].needs_hub


async def test_fork(make: Make) -> None:
    async with PaperlessAIServer("zettelrobbe") as app:
        monitor = make("paperless_ai", app.url)
        app.scan()
        data = await monitor.fetch()
        assert binary_sensors(monitor, data) == {"overdue": False, "paperless_online": True}
        assert problems(monitor, data) == {}
        app.last_successful_run = datetime.now(UTC) - 3 * HOUR
        data = await monitor.fetch()
        assert binary_sensors(monitor, data)["overdue"] is True
        assert problems(monitor, data) == {
            "overdue:overdue": "info: has not processed anything for a long time"
        }
        app.scan(reachable=False)
        [failed] = [one for one in problems(monitor, await monitor.fetch()).values() if "scan" in one]
        assert failed == "warning: the last scan failed"
        for _ in range(3):
            app.scan(reachable=False)
        data = await monitor.fetch()
        assert binary_sensors(monitor, data)["paperless_online"] is False
        assert problems(monitor, data) == {
            "paperless_offline:paperless": "warning: does not reach Paperless-ngx",
            "scans_failed:scan": "warning: the last 4 scans failed",
        }
        failed = monitor.problems(data)[f"{SOURCE}:scans_failed:scan"]
        assert failed.needs_hub
        assert failed.details == {"error": "connect ECONNREFUSED 10.0.0.7:8000", "failures": "4"}


async def test_too_many_requests_make_only_unavailable(make: Make) -> None:
    async with PaperlessAIServer("zettelrobbe") as app:
        monitor = make("paperless_ai", app.url, api_key=KEY)
        app.requests_left = 0
        data = await monitor.fetch()
        shown = {one.key: one for one in monitor.sensors()}
        for key in ("last_processed", "processed_today"):
            assert not shown[key].available_fn(data)
            assert shown[key].value_fn(data) is None
        assert UNAVAILABLE not in sensors(monitor, data).values()
        assert problems(monitor, data) == {}


@pytest.mark.parametrize(
    ("status", "online"), [(200, True), (302, True), (401, True), (404, True), (500, False), (503, False)]
)
async def test_paperless_itself(status: int, online: bool, make: Make) -> None:
    async with PaperlessAIServer() as app, WebPage(status=status) as paperless:
        connection = Connection(app.url, {"Authorization": "Basic secret"})
        monitor = make("paperless_ai", app.url, connection=connection, paperless_url=paperless.url)
        data = await monitor.fetch()
        assert binary_sensors(monitor, data) == {"paperless_online": online}
        assert bool(problems(monitor, data)) is not online
        # What lets us into the one is none of the other's business.
        assert "Authorization" not in paperless.requests[0].headers


async def test_paperless_that_is_gone(make: Make) -> None:
    async with PaperlessAIServer() as app:
        async with WebPage() as paperless:
            url = paperless.url
        data = await (monitor := make("paperless_ai", app.url, paperless_url=url)).fetch()
        assert binary_sensors(monitor, data) == {"paperless_online": False}


async def test_the_fork_knows_better_than_a_look_at_paperless(make: Make) -> None:
    async with PaperlessAIServer("zettelrobbe") as app, WebPage() as paperless:
        app.scan(authorized=False)
        monitor = make("paperless_ai", app.url, paperless_url=paperless.url)
        assert binary_sensors(monitor, await monitor.fetch())["paperless_online"] is False
        assert paperless.requests == []
