"""Triggers, conditions and actions begin at a device, too: what the editor offers there, what is meant."""

from collections.abc import AsyncGenerator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.health.kinds import KINDS
from demo.servers.ollama import OllamaServer
from homeassistant.components.websocket_api.automation import (
    async_get_conditions_for_target,
    async_get_services_for_target,
    async_get_triggers_for_target,
)
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict

from .acting import act
from .common import hub_subentry, set_up
from .looking import ENTRY_ID, device, pass_time
from .systems import Alerts, monitor_subentry, source, watched_homelab
from .translations import PACKAGE

PROBLEMS = {"problem_raised", "problem_resolved"}
HUBS = {"hub_online", "hub_offline", "model_loaded", "model_unloaded"}
OF_HUB = {
    *("list_models", "pull_model", "cancel_pull", "delete_model", "copy_model", "load_model"),
    *("test_model", "unload_model"),
}
OF_HOMELAB = {
    *("ask", "briefing", "list_problems", "explain_problem", "mute_problem", "unmute_problem"),
    *("silence_alert", "look_up", "timeline", "list_pull_requests", "explain_pull_request"),
    *("propose_change", "withdraw_proposal", "list_proposals", "reconcile"),
    *("list_habits", "accept_habit", "dismiss_habit", "list_devices", "review_device"),
}


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


@pytest.fixture
async def other(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


@pytest.fixture
async def homelab(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hub: OllamaServer, alerts: Alerts, other: Alerts
) -> None:
    """A homelab with two systems and a standby hub."""
    await set_up(
        hass,
        watched_homelab(
            hub.url,
            monitor_subentry("alertmanager", alerts.url, "Alerts"),
            monitor_subentry("alertmanager", other.url, "Other"),
        ),
    )


def id_of(hass: HomeAssistant, identifier: str) -> str:
    found = device(hass, identifier)
    assert found is not None
    return found.id


HOMELAB, HUB, SYSTEM = ENTRY_ID, f"{ENTRY_ID}_hub", source("Alerts")


@pytest.mark.parametrize(
    ("identifier", "triggers", "conditions", "actions"),
    [
        (HOMELAB, PROBLEMS, {"is_healthy"}, OF_HOMELAB),
        (HUB, PROBLEMS | HUBS, {"hub_is_online", "model_is_loaded"}, OF_HUB | {"list_problems"}),
        (SYSTEM, PROBLEMS, set(), {"list_problems"}),
    ],
)
@pytest.mark.usefixtures("homelab")
async def test_what_a_device_offers(
    hass: HomeAssistant, identifier: str, triggers: set[str], conditions: set[str], actions: set[str]
) -> None:
    """The tab *By target*, as the editor asks for it."""
    for component in ("automation", "websocket_api"):
        assert await async_setup_component(hass, component, {})
    await async_setup_component(hass, "automation", {"automation": []})
    target = {"device_id": [id_of(hass, identifier)]}
    for offered, expected in (
        (await async_get_triggers_for_target(hass, target, True), triggers),
        (await async_get_conditions_for_target(hass, target, True), conditions),
        (await async_get_services_for_target(hass, target, True), actions),
    ):
        assert {name for name in offered if name.startswith("homelab_ai.")} == {
            f"homelab_ai.{name}" for name in expected
        }


def test_every_trigger_condition_and_action_has_a_target() -> None:
    for page in ("triggers", "conditions", "services"):
        described = load_yaml_dict(str(PACKAGE / f"{page}.yaml"))
        assert [
            name for name, fields in described.items() if "entity" not in (fields or {}).get("target", {})
        ] == []


def test_every_kind_can_be_chosen() -> None:
    described: Any = load_yaml_dict(str(PACKAGE / "triggers.yaml"))
    for name in PROBLEMS:
        options = described[name]["fields"]["kind"]["selector"]["select"]["options"]
        # A heartbeat is remembered, and never told.
        assert options == [kind for kind in KINDS if kind != "heartbeat"]


async def automate(hass: HomeAssistant, **trigger: Any) -> None:
    config = {
        "id": "noted",
        "alias": "Noted",
        "triggers": [{"trigger": "homelab_ai.problem_raised", **trigger}],
        "actions": [{"action": "test.automation", "data": {"name": "{{ trigger.name }}"}}],
    }
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("homelab", ["Disk", "Node", "Ollama"]),
        ("hub", ["Ollama"]),
        ("system", ["Disk"]),
        ("entity", ["Disk"]),
        ("area", ["Node"]),
        ("empty area", []),
        ("gone", []),
        ("nothing", ["Disk", "Node", "Ollama"]),
    ],
)
@pytest.mark.usefixtures("homelab")
async def test_trigger_of_a_target(  # noqa: PLR0917 - what a test needs and what it is given
    place: str,
    expected: list[str],
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    other: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    """By device, entity and area; what is gone or holds nothing of ours means nothing, never everything."""
    cellar, attic = (ar.async_get(hass).async_create(name).id for name in ("Cellar", "Attic"))
    dr.async_get(hass).async_update_device(id_of(hass, source("Other")), area_id=cellar)
    targets: dict[str, Any] = {
        "homelab": {"device_id": [id_of(hass, HOMELAB)]},
        "hub": {"device_id": id_of(hass, HUB)},
        "system": {"device_id": [id_of(hass, SYSTEM)]},
        "entity": {"entity_id": ["binary_sensor.alerts_connectivity", "sensor.alerts_active_alerts"]},
        "area": {"area_id": cellar},
        "empty area": {"area_id": attic},
        "gone": {"device_id": ["gone"]},
        "nothing": {},
    }
    await automate(hass, target=targets[place])
    alerts.firing, other.firing = {"Disk": "warning"}, {"Node": "critical"}
    await hub.stop()
    await pass_time(hass, freezer)
    assert sorted(call.data["name"] for call in service_calls) == expected


@pytest.mark.usefixtures("homelab")
async def test_kind(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    service_calls: list[ServiceCall],
) -> None:
    await automate(hass, options={"kind": ["hub_offline", "backup_failed"]})
    alerts.firing = {"Disk": "critical"}
    await hub.stop()
    await pass_time(hass, freezer)
    assert [call.data["name"] for call in service_calls] == ["Ollama"]


@pytest.mark.parametrize(
    ("condition", "identifier", "expected"),
    [
        ("is_healthy", HOMELAB, True),
        ("is_healthy", None, False),
        ("hub_is_online", HUB, True),
        ("hub_is_online", SYSTEM, False),
        ("hub_is_online", None, False),
    ],
)
@pytest.mark.usefixtures("homelab")
async def test_condition_of_a_target(
    condition: str,
    identifier: str | None,
    expected: bool,
    hass: HomeAssistant,
    service_calls: list[ServiceCall],
) -> None:
    target = id_of(hass, identifier) if identifier else "gone"
    config = {
        "triggers": [{"trigger": "event", "event_type": "asked"}],
        "conditions": [{"condition": f"homelab_ai.{condition}", "target": {"device_id": [target]}}],
        "actions": [{"action": "test.automation"}],
    }
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    hass.bus.async_fire("asked")
    await hass.async_block_till_done()
    assert bool(service_calls) is expected


@pytest.mark.usefixtures("homelab")
async def test_action_of_a_target(
    hass: HomeAssistant, alerts: Alerts, other: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    alerts.firing, other.firing = {"Disk": "warning"}, {"Node": "critical"}
    await pass_time(hass, freezer)
    system, homelab = id_of(hass, SYSTEM), id_of(hass, HOMELAB)
    listed = await act(hass, "list_problems", device_id=[system])
    assert [problem["name"] for problem in listed["problems"]] == ["Disk"]
    listed = await act(hass, "list_problems", device_id=[homelab])
    assert [problem["name"] for problem in listed["problems"]] == ["Node", "Disk"]
    assert "Node" in (await act(hass, "briefing", device_id=[homelab]))["text"]
    for action in ("briefing", "list_problems"):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, action, device_id=["gone"])
        assert raised.value.translation_key == "not_a_system"


async def test_one_hub_at_a_time(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OllamaServer() as second:
        entry = await set_up(hass, watched_homelab(hub.url, hub_subentry(second.url, "Standby")))
        standby = next(one.subentry_id for one in entry.subentries.values() if one.title == "Standby")
        both = [id_of(hass, HUB), id_of(hass, standby)]
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, "list_models", device_id=both)
        assert raised.value.translation_key == "several_hubs"
        assert (await act(hass, "list_models", device_id=[both[1]]))["hub"] == "Standby"
