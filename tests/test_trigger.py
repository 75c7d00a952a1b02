"""The triggers in a real automation, as the editor writes it."""

from collections.abc import AsyncGenerator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.servers.ollama import OllamaServer
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component

from .common import MODEL, homelab_entry, hub_subentry, set_up
from .looking import ENTRY_ID, device, pass_time, standby
from .systems import DAMPING, Alerts, monitor_subentry, source, watch

HUB_DEVICE = f"{ENTRY_ID}_hub"
PAYLOAD = (
    "{{ trigger.type }} {{ trigger.name }} {{ trigger.severity | default('') }}"
    " {{ trigger.model | default('') }}"
)


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


def device_id(hass: HomeAssistant, identifier: str) -> str:
    found = device(hass, identifier)
    assert found is not None
    return found.id


async def automate(
    hass: HomeAssistant, trigger: str, condition: dict[str, Any] | None = None, **options: Any
) -> None:
    """Set up an automation that notes what its trigger says."""
    given = {"options": options} if options else {}
    config = {
        "id": "noted",
        "alias": "Noted",
        "triggers": [{"trigger": f"homelab_ai.{trigger}", "id": "mine", **given}],
        "conditions": [condition] if condition else [],
        "actions": [{"action": "test.automation", "data": {"said": PAYLOAD}}],
    }
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    await hass.async_block_till_done()


def said(calls: list[ServiceCall]) -> list[str]:
    found = [" ".join(call.data["said"].split()) for call in calls]
    calls.clear()
    return found


async def watch_alerts(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> MockConfigEntry:
    return await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))


async def test_problem_does_not_hide_which_trigger_it_was(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    await watch_alerts(hass, hub, alerts)
    template = f"{{{{ trigger.problem_id == '{source('Alerts')}:alert:print-Disk' }}}}"
    which = {"condition": "trigger", "id": "mine"}
    told = {"condition": "template", "value_template": template}
    await automate(hass, "problem_raised", {"condition": "and", "conditions": [which, told]})
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    assert said(service_calls) == ["raised Disk warning"]


@pytest.mark.parametrize(
    "case",
    [
        ("hub_offline", {"condition": "not", "conditions": [{"condition": "homelab_ai.hub_is_online"}]}),
        ("hub_offline", {"condition": "not", "conditions": [{"condition": "homelab_ai.is_healthy"}]}),
        ("hub_online", {"condition": "homelab_ai.hub_is_online"}),
        ("hub_online", {"condition": "homelab_ai.is_healthy"}),
    ],
)
async def test_what_the_conditions_say_is_true_already(
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
    case: tuple[str, dict[str, Any]],
) -> None:
    trigger, condition = case
    await set_up(hass, homelab_entry(hub.url))
    await automate(hass, trigger, condition)
    await hub.stop()
    await pass_time(hass, freezer)
    await hub.start()
    await pass_time(hass, freezer)
    assert said(service_calls) == [f"{trigger} Ollama"]


async def test_raised_and_resolved(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    await watch_alerts(hass, hub, alerts)
    await automate(hass, "problem_raised")
    alerts.firing = {"Disk": "warning", "Node": "critical"}
    await pass_time(hass, freezer)
    assert said(service_calls) == ["raised Disk warning", "raised Node critical"]
    alerts.firing.clear()
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, DAMPING)
    assert said(service_calls) == []


async def test_resolved(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    alerts.firing = {"Disk": "warning"}
    await watch_alerts(hass, hub, alerts)
    await automate(hass, "problem_resolved", severity="warning")
    alerts.firing = {"Node": "critical"}
    await pass_time(hass, freezer)
    assert said(service_calls) == []
    await pass_time(hass, freezer, DAMPING)
    assert said(service_calls) == ["resolved Disk warning"]


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ([], ["raised Disk warning", "raised News info", "raised Node critical"]),
        ("critical", ["raised Node critical"]),
        (["critical", "info"], ["raised News info", "raised Node critical"]),
    ],
)
async def test_severity(  # noqa: PLR0917 - what a test needs and what it is given
    severity: Any,
    expected: list[str],
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    async with Alerts() as alerts:
        await watch_alerts(hass, hub, alerts)
        await automate(hass, "problem_raised", severity=severity)
        alerts.firing = {"Disk": "warning", "News": "info", "Node": "critical"}
        await pass_time(hass, freezer)
        assert said(service_calls) == expected


async def test_source(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    async with Alerts() as other:
        await watch(
            hass,
            hub.url,
            monitor_subentry("alertmanager", alerts.url, "Alerts"),
            monitor_subentry("alertmanager", other.url, "Other"),
        )
        await automate(
            hass, "problem_raised", source=[device_id(hass, source("Other")), device_id(hass, HUB_DEVICE)]
        )
        alerts.firing = {"Disk": "warning"}
        other.firing = {"Node": "critical"}
        await hub.stop()
        await pass_time(hass, freezer)
        assert sorted(said(service_calls)) == ["raised Node critical", "raised Ollama warning"]


async def test_device_that_is_gone_fires_nothing(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    await watch_alerts(hass, hub, alerts)
    await automate(hass, "problem_raised", source="gone")
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    assert said(service_calls) == []


async def test_hub_goes_and_comes(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, service_calls: list[ServiceCall]
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await automate(hass, "hub_offline")
    await hub.stop()
    for _ in range(3):
        await pass_time(hass, freezer)
    assert said(service_calls) == ["hub_offline Ollama"]
    await hub.start()
    await pass_time(hass, freezer)
    assert said(service_calls) == []


async def test_hub_comes_and_which(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, service_calls: list[ServiceCall]
) -> None:
    async with OllamaServer() as other:
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url)))
        await automate(hass, "hub_online", device_id=device_id(hass, standby(entry)))
        for server in (hub, other):
            await server.stop()
            await pass_time(hass, freezer)
            await server.start()
            await pass_time(hass, freezer)
        assert said(service_calls) == ["hub_online Standby"]


@pytest.mark.parametrize(
    ("trigger", "model", "expected"),
    [
        ("model_loaded", None, [f"model_loaded Ollama {MODEL}", "model_loaded Ollama gemma3:4b"]),
        ("model_loaded", MODEL, [f"model_loaded Ollama {MODEL}"]),
        ("model_loaded", MODEL.upper(), [f"model_loaded Ollama {MODEL}"]),
        ("model_unloaded", None, [f"model_unloaded Ollama {MODEL}"]),
        ("model_unloaded", "gemma3:4b", []),
    ],
)
async def test_models(  # noqa: PLR0917 - what a test needs and what it is given
    trigger: str,
    model: str | None,
    expected: list[str],
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await automate(hass, trigger, None, **({"model": model} if model else {}))
    await hub.load(MODEL)
    await pass_time(hass, freezer)
    await hub.load("gemma3:4b", keep_alive=-1)
    await pass_time(hass, freezer)
    await hub.load(MODEL, keep_alive=0)
    await pass_time(hass, freezer)
    assert said(service_calls) == expected


async def test_survives_a_reload_of_the_homelab(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    entry = await watch_alerts(hass, hub, alerts)
    await automate(hass, "problem_raised", source=device_id(hass, source("Alerts")))
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    assert said(service_calls) == ["raised Disk warning"]
    await hass.services.async_call("automation", "turn_off", {"entity_id": "automation.noted"}, blocking=True)
    service_calls.clear()
    alerts.firing["Node"] = "critical"
    await pass_time(hass, freezer)
    assert said(service_calls) == []


@pytest.mark.parametrize(
    ("trigger", "options"),
    [
        ("problem_raised", {"severity": "awful"}),
        ("problem_raised", {"colour": "red"}),
        ("hub_online", {"device_id": [["x"]]}),
        ("model_loaded", {"model": ["x"]}),
        ("no_such_trigger", {}),
    ],
)
async def test_options_that_cannot_be(
    trigger: str, options: dict[str, Any], hass: HomeAssistant, hub: OllamaServer
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await automate(hass, trigger, **options)
    found = hass.states.get("automation.noted")
    assert found is not None
    assert found.state == STATE_UNAVAILABLE


async def test_device_of_the_homelab_stands_for_all_its_systems(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    await watch_alerts(hass, hub, alerts)
    await automate(hass, "problem_raised", source=[device_id(hass, ENTRY_ID)])
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    assert said(service_calls) == ["raised Disk warning"]


async def test_device_of_the_hub_stands_for_the_hub(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    await watch_alerts(hass, hub, alerts)
    await automate(hass, "problem_raised", source=[device_id(hass, HUB_DEVICE), "gone"])
    alerts.firing = {"Disk": "warning"}
    await pass_time(hass, freezer)
    assert said(service_calls) == []
    await hub.stop()
    await pass_time(hass, freezer)
    assert said(service_calls) == ["raised Ollama warning"]
