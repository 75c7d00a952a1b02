"""A hub that answers anybody: it is found out, and said where one looks; never an alarm."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.homelab_ai.api.errors import ApiError
from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.diagnostics import async_get_config_entry_diagnostics
from custom_components.homelab_ai.hub.exposure import is_loopback
from demo.servers.ollama import Fault, OllamaServer
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .common import homelab_entry, set_up
from .looking import pass_time

ONLINE = "binary_sensor.ollama_online"


async def seen(hass: HomeAssistant, hub: OllamaServer, **data: str) -> object:
    """Return what the attribute says once all is found out; card and diagnostics say the same."""
    entry = await set_up(hass, homelab_entry(hub.url, **data))
    await hass.async_block_till_done(wait_background_tasks=True)
    state = hass.states.get(ONLINE)
    assert state is not None
    found = state.attributes.get("answers_anybody")
    assert await async_setup_component(hass, "system_health", {})
    card = await get_system_health_info(hass, DOMAIN)
    assert card.get("open_hubs") == {None: None, True: "Ollama", False: "–"}[found]
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert diagnostics["hubs"][0]["answers_anybody"] is found
    assert not entry.runtime_data.health.data.problems
    return found


def without_key(hub: OllamaServer) -> int:
    return sum("Authorization" not in request.headers for request in hub.requests_to("/api/tags"))


async def test_one_of_this_machine(hass: HomeAssistant, hub: OllamaServer) -> None:
    """Nothing is asked, and nothing is said: others may reach it by another address or not at all."""
    assert await seen(hass, hub) is None


async def test_one_of_another_machine_without_a_key(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.homelab_ai.hub.exposure.is_loopback", lambda url: False)
    assert await seen(hass, hub) is True


async def test_a_key_that_nobody_checks(hass: HomeAssistant, hub: OllamaServer) -> None:
    assert await seen(hass, hub, api_key="secret") is True
    assert without_key(hub) == 1


async def test_a_key_that_is_checked(
    hass: HomeAssistant, socket_enabled: None, freezer: FrozenDateTimeFactory
) -> None:
    async with OllamaServer(api_key="secret") as hub:
        assert await seen(hass, hub, api_key="secret") is False
        assert without_key(hub) == 1
        for _ in range(3):
            await pass_time(hass, freezer)
        assert without_key(hub) == 1
        # Somebody takes the proxy away; a day later it is seen.
        hub._api_key = None
        freezer.tick(timedelta(days=1))
        await pass_time(hass, freezer)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert without_key(hub) == 2
        state = hass.states.get(ONLINE)
        assert state is not None
        assert state.attributes["answers_anybody"] is True


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.status(500, {"error": "x"}, path="/api/tags", times=None), None),
        (Fault.status(404, {"error": "x"}, path="/api/tags", times=None), False),
    ],
)
async def test_what_cannot_be_told(
    hass: HomeAssistant, hub: OllamaServer, fault: Fault, expected: bool | None
) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, api_key="secret"))
    await hass.async_block_till_done(wait_background_tasks=True)
    hub.inject(fault)
    client = entry.runtime_data.hubs[0].server.client

    if expected is None:
        with pytest.raises(ApiError):
            await client.answers_anybody()
    else:
        assert await client.answers_anybody() is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:11434", True),
        ("http://127.0.0.1:11434/x", True),
        ("http://[::1]:11434", True),
        ("http://ollama.localhost", True),
        ("http://192.168.1.20:11434", False),
        ("https://ollama.home", False),
        ("http://[fd00::1]:11434", False),
    ],
)
def test_loopback(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected
