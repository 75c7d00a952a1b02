"""What the README says to paste: its automations run."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed, async_mock_service

from demo.servers.kubernetes import TOKEN, ApiServer, homelab_cluster
from demo.servers.ollama import OllamaServer
from demo.servers.prometheus import find
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml

from .looking import is_on, pass_time, sensor, until
from .systems import Alerts, monitor_subentry, source, watch

ROOT = Path(__file__).parents[1]

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Prometheus is not here: python -m demo.servers.prometheus unpacks it"
)


def automations() -> list[dict[str, Any]]:
    """Return the automations in the README, in their order."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    parsed = [parse_yaml(block) for block in blocks]
    return [one for one in parsed if isinstance(one, dict) and "triggers" in one]


def test_every_automation_has_a_test_of_its_own() -> None:
    assert [one.get("alias", "The hub is off") for one in automations()] == [
        "The hub is off",
        "Tell me at once what is critical",
        "Tell me when backups have been failing for an hour",
        "Do not let me sleep on it",
    ]


def test_it_is_read_in_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) < 200


type Paste = Callable[[int], Awaitable[list[ServiceCall]]]


@pytest.fixture
async def paste(hass: HomeAssistant) -> AsyncGenerator[Paste]:
    """Return what sets one of them up, and returns the notifications that are made from then on."""

    async def set_up_automation(number: int) -> list[ServiceCall]:
        told = async_mock_service(hass, "notify", "notify")
        config = {"id": "pasted", "alias": "Pasted", **automations()[number]}
        assert await async_setup_component(hass, "automation", {"automation": [config]})
        await hass.async_block_till_done()
        assert [one.state for one in hass.states.async_all("automation")] == ["on"]
        return told

    yield set_up_automation
    # Else its timers would outlive it.
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


def alertmanager(alerts: Alerts) -> Any:
    return monitor_subentry("alertmanager", alerts.url, "Alertmanager")


async def test_hub_that_stays_off(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory, paste: Paste
) -> None:
    # The alerts began an hour ago: after two days they are told with their age instead.
    freezer.move_to("2026-11-21 12:00:00+00:00")
    await watch(hass, hub.url, alertmanager(alerts))
    told = await paste(0)
    await hub.stop()
    await pass_time(hass, freezer)
    assert is_on(hass, "online") == STATE_OFF
    await pass_time(hass, freezer, 500)
    assert told == []
    await pass_time(hass, freezer, 101)
    assert [call.data for call in told] == [{"message": "The AI hub is off."}]


async def test_what_is_critical(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory, paste: Paste
) -> None:
    # The alerts began an hour ago: after two days they are told with their age instead.
    freezer.move_to("2026-11-21 12:00:00+00:00")
    await watch(hass, hub.url, alertmanager(alerts))
    told = await paste(1)
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    assert told == []
    alerts.firing["Node"] = "critical"
    await pass_time(hass, freezer)
    assert [call.data for call in told] == [{"message": "The alert Node is firing: “Node is firing”."}]


async def test_backups_that_keep_failing(hass: HomeAssistant, hub: OllamaServer, paste: Paste) -> None:
    async with ApiServer() as server:
        cluster = homelab_cluster(server)
        await watch(hass, hub.url, monitor_subentry("kubernetes", server.url, "Kubernetes", token=TOKEN))
        stem = source("Kubernetes")
        told = await paste(2)
        cluster.fail_backup()
        await until(lambda: is_on(hass, "backup_problem", stem) == STATE_ON)
        for minutes in (59, 61):
            assert told == []
            async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=minutes))
            await hass.async_block_till_done()
        (call,) = told
        assert call.data == {"message": "The last backup of documents failed."}


async def test_reminder_in_the_evening(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory, paste: Paste
) -> None:
    # The alerts began an hour ago: after two days they are told with their age instead.
    freezer.move_to("2026-11-21 12:00:00+00:00")
    await watch(hass, hub.url, alertmanager(alerts))
    told = await paste(3)

    async def evening() -> None:
        tonight = dt_util.now().replace(hour=21, minute=0, second=1)
        await pass_time(hass, freezer, (tonight - dt_util.now()).total_seconds() % 86400)

    await evening()
    assert (sensor(hass, "health"), told) == ("ok", [])
    alerts.firing = {"Node": "critical"}
    await pass_time(hass, freezer)
    await evening()
    await hub.stop()
    await pass_time(hass, freezer)
    await evening()
    first, second = (call.data["message"].splitlines() for call in told)
    assert first[0] == "Homelab: one problem, and it is critical"
    assert first[1].startswith("- The alert Node has been firing since ")
    assert second[0] == "Homelab: two problems, one of them critical"
    assert second[2].startswith("- Ollama has been off since ")
