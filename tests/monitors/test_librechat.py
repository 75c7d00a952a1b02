"""LibreChat, and its exporter."""

import pytest

from custom_components.homelab_ai.api.errors import ApiForeignError
from custom_components.homelab_ai.api.http import Connection
from demo.servers.apps.librechat import LibreChatExporter, LibreChatServer
from demo.servers.pages import HtmlServer

from .conftest import Make
from .reading import UNAVAILABLE, problems, sensors

FIGURES = {"active_users": 2, "messages": 1284, "tokens": 2_412_345 + 611_204, "errors": 9}


async def test_without_an_exporter(make: Make) -> None:
    async with LibreChatServer() as app:
        monitor = make("librechat", app.url)
        data = await monitor.fetch()
        assert set(sensors(monitor, data)) == {"response_time"}
        assert problems(monitor, data) == {}
        assert monitor.version(data) is None


@pytest.mark.parametrize("old_names", [False, True])
async def test_exporter(old_names: bool, make: Make) -> None:
    async with LibreChatServer() as app, LibreChatExporter(old_names=old_names) as exporter:
        monitor = make("librechat", app.url, metrics_url=exporter.url)
        shown = sensors(monitor, await monitor.fetch())
        assert shown.pop("response_time") > 0
        assert shown == FIGURES


async def test_credentials_are_not_for_the_exporter(make: Make) -> None:
    async with LibreChatServer() as app, LibreChatExporter() as exporter:
        connection = Connection(app.url, {"Authorization": "Basic secret"})
        await make("librechat", app.url, connection=connection, metrics_url=exporter.url).fetch()
        assert app.requests[0].headers["Authorization"] == "Basic secret"
        assert "Authorization" not in exporter.requests[0].headers


async def test_figures_that_vanish_are_unavailable(make: Make) -> None:
    async with LibreChatServer() as app, LibreChatExporter() as exporter:
        monitor = make("librechat", app.url, metrics_url=exporter.url)
        exporter.remove(exporter.named("messages"))
        exporter.remove(exporter.named("input_tokens"))
        data = await monitor.fetch()
        # Tokens are those that are told.
        assert {key: value for key, value in sensors(monitor, data).items() if key in FIGURES} == {
            "active_users": 2,
            "tokens": 611_204,
            "errors": 9,
        }
        exporter.faults.status(503)
        data = await monitor.fetch()
        figures = [one for one in monitor.sensors() if one.key in FIGURES]
        assert not any(one.available_fn(data) or one.exists_fn(data) for one in figures)
        assert all(one.value_fn(data) is None for one in figures)
        assert UNAVAILABLE not in sensors(monitor, data).values()


async def test_something_else(make: Make) -> None:
    async with HtmlServer() as server:
        with pytest.raises(ApiForeignError):
            await make("librechat", server.url).fetch()
