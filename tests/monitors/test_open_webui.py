"""Open WebUI."""

import pytest

from custom_components.homelab_ai.api.errors import ApiAuthenticationError, ApiConnectionError
from demo.servers.apps.open_webui import KEY, OpenWebUIServer

from .conftest import SOURCE, Make
from .reading import binary_sensors, problems, sensors

UNREACHABLE = {
    "hub_unreachable:models": (
        "warning: offers no model: it does not reach the hub, or its key may not use any"
    )
}


@pytest.mark.parametrize("key", [None, KEY])
async def test_well(key: str | None, make: Make) -> None:
    async with OpenWebUIServer(version="0.6.40") as app:
        monitor = make("open_webui", app.url, **({"api_key": key} if key else {}))
        data = await monitor.fetch()
        shown = sensors(monitor, data)
        assert 0 < shown.pop("response_time") < 5000
        assert shown == {"version": "0.6.40"}
        assert (monitor.version(data), binary_sensors(monitor, data)) == ("0.6.40", {})
        assert problems(monitor, data) == {}


async def test_it_tells_whether_it_reaches_the_hub(make: Make) -> None:
    async with OpenWebUIServer() as app:
        app.ollama_reachable = False
        monitor = make("open_webui", app.url)
        assert problems(monitor, await monitor.fetch()) == {}
        monitor = make("open_webui", app.url, api_key=KEY)
        data = await monitor.fetch()
        assert problems(monitor, data) == UNREACHABLE
        found = monitor.problems(data)[f"{SOURCE}:hub_unreachable:models"]
        assert (found.needs_hub, found.name) == (True, "My system")
        app.recover()
        assert problems(monitor, await monitor.fetch()) == {}


@pytest.mark.parametrize("has_ready", [True, False])
async def test_without_its_database(has_ready: bool, make: Make) -> None:
    """It is up, shows its page and cannot log anybody in."""
    async with OpenWebUIServer() as app:
        app.has_ready = has_ready
        app.lose_database()
        monitor = make("open_webui", app.url)
        said = "Database not ready" if has_ready else "its database does not answer"
        assert problems(monitor, await monitor.fetch()) == {"app_unwell:ready": f"warning: {said}"}
        app.recover()
        assert problems(monitor, await monitor.fetch()) == {}
        # What a proxy says to a path that it does not know is no word of the app.
        app.faults.status(502, "<html>Bad gateway</html>", path="/ready")
        app.faults.status(502, "<html>Bad gateway</html>", path="/health/db")
        assert problems(monitor, await monitor.fetch()) == {}


async def test_key_that_may_not(make: Make) -> None:
    async with OpenWebUIServer() as app:
        app.keys_enabled = False
        app.ollama_reachable = False
        monitor = make("open_webui", app.url, api_key=KEY)
        assert problems(monitor, await monitor.fetch()) == {}


async def test_wrong_key_and_nobody(make: Make) -> None:
    async with OpenWebUIServer() as app:
        with pytest.raises(ApiAuthenticationError):
            await make("open_webui", app.url, api_key="sk-wrong").fetch()
    with pytest.raises(ApiConnectionError):
        await make("open_webui", app.url).fetch()


async def test_without_a_version(make: Make) -> None:
    async with OpenWebUIServer(version="") as app:
        monitor = make("open_webui", app.url)
        data = await monitor.fetch()
        assert set(sensors(monitor, data)) == {"response_time"}
