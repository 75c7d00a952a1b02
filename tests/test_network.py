"""The network in a real Home Assistant: what is heard, told, listed and kept; nothing while it is off."""

from collections.abc import Generator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
import sys
from types import ModuleType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.homelab_ai.assistant.knowing import knowledge_of
from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.diagnostics import async_get_config_entry_diagnostics
from custom_components.homelab_ai.health.kinds import KINDS
from custom_components.homelab_ai.language.questions.answering import answer
from custom_components.homelab_ai.language.questions.question import Ask, Question
from custom_components.homelab_ai.topology import Thing, ThingKind
from demo.servers.kubernetes import ApiServer, homelab_cluster
from demo.servers.kubernetes.homelab import NODES
from demo.servers.ollama import OllamaServer
import homeassistant.components
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .acting import act
from .clusters import hurry, kubernetes, watched
from .common import homelab_entry, set_up
from .looking import until
from .systems import watched_homelab

ROUTER = {"source_type": "router", "mac": "24:0A:C4:00:00:01", "ip": "192.168.1.20", "host_name": "Heating"}
STRANGER = {
    "source_type": "router",
    "mac": "24:0A:C4:11:22:33",
    "ip": "192.168.1.57",
    "host_name": "ESP_4A21",
}


async def _set_up(hass: HomeAssistant, hub: OllamaServer) -> MockConfigEntry:
    return await set_up(hass, homelab_entry(hub.url, options={"network": True}))


async def _later(hass: HomeAssistant, freezer: FrozenDateTimeFactory, **span: float) -> None:
    freezer.tick(timedelta(**span))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


def _value(hass: HomeAssistant, entity: str) -> str:
    state = hass.states.get(entity)
    assert state is not None
    return state.state


@pytest.fixture
def dhcp(hass: HomeAssistant) -> Generator[dict[str, dict[str, str]]]:
    """What Home Assistant's DHCP has heard, read by its own helper; its sniffer needs rights of its own."""
    name = "homeassistant.components.dhcp"
    package = ModuleType(name)
    package.__path__ = [str(Path(homeassistant.components.__path__[0]) / "dhcp")]
    before = set(sys.modules)
    sys.modules[name] = package
    models = import_module(f"{name}.models")
    import_module(f"{name}.helpers")
    data = models.DHCPData(integration_matchers=models.DhcpMatchers(set(), {}, {}))
    hass.data[models.DATA_DHCP] = data
    hass.config.components.add("dhcp")
    yield data.address_data
    for module in [one for one in sys.modules if one.startswith(name) and one not in before]:
        del sys.modules[module]


async def test_off(
    hass: HomeAssistant, hub: OllamaServer, hass_storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hass.states.async_set("device_tracker.heating", "home", ROUTER)
    for module in [
        one for one in sys.modules if "homelab_ai.network" in one or one.endswith("coordinator.network")
    ]:
        monkeypatch.delitem(sys.modules, module)
    entry = await set_up(hass, homelab_entry(hub.url))
    assert not [one for one in sys.modules if "homelab_ai.network." in one]
    assert entry.runtime_data.network is None
    assert hass.states.get("sensor.homelab_network_devices") is None
    for action, data in (("list_devices", {}), ("review_device", {"device": "x", "verdict": "known"})):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, action, **data)
        assert raised.value.translation_key == "network_off"
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not [key for key in hass_storage if key.endswith(".network")]


async def _inbox(hass: HomeAssistant) -> list[str]:
    inbox = "todo.homelab_inbox"
    response: Any = await hass.services.async_call(
        "todo", "get_items", {"entity_id": inbox}, blocking=True, return_response=True
    )
    return [item["summary"] for item in response[inbox]["items"]]


async def test_stranger(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, hass_storage: dict[str, Any]
) -> None:
    """A day of what is there, then a device that nobody knows: one event, one problem, one word about it."""
    hass.states.async_set("device_tracker.heating", "home", ROUTER)
    entry = await _set_up(hass, hub)
    assert _value(hass, "sensor.homelab_network_devices") == "1"
    assert _value(hass, "sensor.homelab_new_devices") == "0"
    registry = er.async_get(hass)
    ours = er.async_entries_for_config_entry(registry, entry.entry_id)
    assert sum("network" in one.unique_id or "new_devices" in one.unique_id for one in ours) == 3

    await _later(hass, freezer, hours=25)
    events: list[dict[str, Any]] = []
    hass.bus.async_listen("state_changed", lambda event: events.append(event.data))
    hass.states.async_set("device_tracker.esp", "home", STRANGER)
    await _later(hass, freezer, seconds=31)
    assert _value(hass, "sensor.homelab_new_devices") == "1"
    told = hass.states.get("event.homelab_network")
    assert told is not None
    assert told.attributes["event_type"] == "device_new"
    assert told.attributes["hostname"] == "esp_4a21"
    assert told.attributes["vendor"].startswith("Espressif")
    assert await _inbox(hass) == ["New device in the network: esp_4a21"]
    changes = [one for one in events if one["entity_id"] == "event.homelab_network"]
    await _later(hass, freezer, seconds=31)
    assert len(changes) == 1

    health = entry.runtime_data.health
    (problem,) = [one for one in health.data.problems if one.kind == "unknown_device"]
    assert problem.severity is KINDS["unknown_device"].severity
    assert health.data.health.value == "ok"

    listed = await act(hass, "list_devices", verdict="new", language="de")
    (device,) = listed["devices"]
    assert device["mac"] == "24:0a:c4:11:22:33"
    assert listed["coverage"].startswith("Ich sehe nur, was Home Assistant am letzten Tag von ")
    told_of = f"{await async_get_config_entry_diagnostics(hass, entry)} {told.attributes} {problem}".lower()
    assert "11:22:33" not in told_of
    assert "112233" not in told_of

    await act(hass, "review_device", device=device["id"], verdict="guest", name="Heat pump")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _value(hass, "sensor.homelab_new_devices") == "0"
    assert await _inbox(hass) == []
    assert not [one for one in health.data.problems if one.kind == "unknown_device"]
    with pytest.raises(ServiceValidationError):
        await act(hass, "review_device", device="nobody", verdict="known")

    # After a restart it is known, and turned off it is forgotten.
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert [one["name"] for one in (await act(hass, "list_devices", verdict="guest"))["devices"]] == [
        "Heat pump"
    ]
    assert f"{DOMAIN}.{entry.entry_id}.network" in hass_storage
    hass.config_entries.async_update_entry(entry, options={})
    await hass.async_block_till_done()
    assert f"{DOMAIN}.{entry.entry_id}.network" not in hass_storage


async def test_no_source(hass: HomeAssistant, hub: OllamaServer) -> None:
    """In a pod nobody hears DHCP: that is not the same as an empty network."""
    entry = await _set_up(hass, hub)
    assert _value(hass, "sensor.homelab_network_devices") == "unavailable"
    assert (await act(hass, "list_devices"))["coverage"].startswith("Nothing tells Home Assistant")
    assert entry.runtime_data.health.data.health.value == "ok"
    assert [one.unseen.part for one in entry.runtime_data.health.data.not_seen] == ["network"]


async def test_what_is_heard(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, dhcp: dict[str, dict[str, str]]
) -> None:
    """DHCP, a client of a router that is disabled by default, what is set up, and what a person carries."""
    other = MockConfigEntry(domain="unifi", title="Attic")
    lamp = MockConfigEntry(domain="wled", title="Lamp")
    for one in (other, lamp):
        one.add_to_hass(hass)
    registry, devices = er.async_get(hass), dr.async_get(hass)
    dhcp["240ac4000001"] = {"ip": "192.168.1.20", "hostname": "Heating"}
    entry = await _set_up(hass, hub)
    await _later(hass, freezer, hours=25)

    registry.async_get_or_create(
        "device_tracker",
        "unifi",
        "default-24:0a:c4:11:22:33",
        config_entry=other,
        disabled_by=er.RegistryEntryDisabler.INTEGRATION,
        original_name="Printer",
    )
    registry.async_get_or_create("device_tracker", "ibeacon", "uuid_1_2_24:0a:c4:99:99:99")
    registry.async_get_or_create("device_tracker", "other", "550e8400-e29b-41d4-a716-446655440000")
    await _later(hass, freezer, hours=25)
    dhcp["240ac4555555"] = {"ip": "192.168.1.30", "hostname": "lamp"}
    devices.async_get_or_create(
        config_entry_id=lamp.entry_id,
        connections={(dr.CONNECTION_NETWORK_MAC, "24:0a:c4:55:55:55")},
        name="Lamp",
    )
    # What only a router's integration has as a device is not set up by that.
    devices.async_get_or_create(
        config_entry_id=other.entry_id, connections={(dr.CONNECTION_NETWORK_MAC, "24:0a:c4:66:66:66")}
    )
    dhcp["240ac4666666"] = {"ip": "192.168.1.31", "hostname": "stranger"}
    watch = {"source_type": "router", "mac": "24:0A:C4:77:77:77"}
    hass.states.async_set("device_tracker.watch", "home", watch)
    hass.states.async_set("person.anna", "not_home", {"device_trackers": ["device_tracker.watch"]})
    await _later(hass, freezer, seconds=31)
    hass.states.async_set("person.anna", "home", {"device_trackers": ["device_tracker.watch"]})
    await _later(hass, freezer, seconds=31)

    records = {record.mac: record for record in entry.runtime_data.network.register}
    assert {mac: record.reason for mac, record in records.items()} == {
        "240ac4000001": "baseline",
        "240ac4112233": "baseline",
        "240ac4555555": "registered",
        "240ac4666666": "",
        "240ac4777777": "baseline",
    }
    assert records["240ac4777777"].owner == "anna"
    assert records["240ac4666666"].hostname == "stranger"
    listed = await act(hass, "list_devices")
    assert "DHCP" in listed["coverage"]


def _address(node: Thing) -> str:
    return next(key for key in node.keys if key.startswith("address:")).removeprefix("address:")


def _hang(hass: HomeAssistant, domain: str, name: str, address: str) -> None:
    """Add an integration that reaches this address, with a device that is off."""
    entry = MockConfigEntry(domain=domain, title="secret", data={"url": f"http://{address}:5000"})
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(domain, "1")}, name=name
    )
    registered = er.async_get(hass).async_get_or_create(
        "camera", domain, "1", config_entry=entry, device_id=device.id
    )
    hass.states.async_set(registered.entity_id, "unavailable")


async def test_node_that_takes_a_camera_with_it(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event of a lost node names the integrations, and why the camera is off is answered by the link."""
    hurry(monkeypatch)
    async with ApiServer() as api:
        cluster = homelab_cluster(api)
        entry = watched_homelab(hub.url, kubernetes(api), options={"network": True})
        await set_up(hass, entry)
        await watched(api)
        topology = entry.runtime_data.things.topology
        await until(lambda: any(topology.of_kind(ThingKind.NODE)))
        node = next(one for one in topology.of_kind(ThingKind.NODE) if one.name == NODES[2])
        other = next(one for one in topology.of_kind(ThingKind.NODE) if one.name == NODES[1])
        _hang(hass, "frigate", "Front camera", _address(node))
        _hang(hass, "esphome", "Back door", _address(other))
        await entry.runtime_data.network.async_refresh()

        events: list[dict[str, Any]] = []
        hass.bus.async_listen("homelab_ai_problem", callback(lambda event: events.append(event.data)))
        cluster.lose_node()
        await until(lambda: any(one["kind"] == "node_not_ready" for one in events))
        told = next(one for one in events if one["kind"] == "node_not_ready")
        assert told["house"] == ["frigate"]
        assert told["message"].endswith("Home Assistant's integration frigate depends on it.")

        hanging = "Home Assistant's integration frigate depends on it."
        for style in ("spoken", "written"):
            assert hanging in (await act(hass, "briefing", style=style))["text"]
        listed = (await act(hass, "list_problems"))["problems"]
        assert [one["house"] for one in listed if one["kind"] == "node_not_ready"] == [["frigate"]]
        homelab = entry.runtime_data
        known = knowledge_of(homelab, homelab.situation())
        for language, expected in (("en", "needs has a problem"), ("de", "braucht, hat ein Problem")):
            question = Question(Ask.REASON, thing="front camera")
            text = answer(question, known, language)
            assert text is not None
            assert NODES[2] in text, text
            assert expected in text, text
            assert "because" not in text.lower()
            assert "weil" not in text.lower()
            # Nothing that the back door needs is in trouble: what began along with it is told as no more.
            text = answer(Question(Ask.REASON, thing="back door"), known, language)
            assert text is not None
            assert NODES[2] in text, text
            assert {"en": "no link", "de": "von einem Zusammenhang weiß ich nichts"}[language] in text, text
            assert expected not in text
        assert "secret" not in str(topology.told_by(homelab.network.source))
        assert await hass.config_entries.async_unload(entry.entry_id)
