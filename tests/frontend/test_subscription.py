"""What the problems card is sent."""

from collections.abc import AsyncGenerator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.homelab_ai.frontend.subscription import MAX_BYTES, MOST_SHOWN
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_bytes

from ..acting import act
from ..looking import ENTRY_ID, pass_time
from ..systems import Alerts, monitor_subentry, source, watch

TYPE = "homelab_ai/subscribe_problems"


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        server.firing = {"Hot": "warning", "DiskFull": "critical"}
        yield server


@pytest.fixture
async def watched(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    """A homelab with the alerts that fire."""
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))


class Card:
    """A card in a browser."""

    def __init__(self, client: Any) -> None:
        self.client = client

    async def subscribe(self, **options: Any) -> dict[str, Any]:
        await self.client.send_json_auto_id({"type": TYPE, **options})
        answer: dict[str, Any] = await self.client.receive_json()
        return await self.next() if answer["success"] else answer["error"]

    async def next(self) -> dict[str, Any]:
        message = await self.client.receive_json(timeout=60)
        assert message["type"] == "event"
        event: dict[str, Any] = message["event"]
        return event


@pytest.fixture
async def card(hass: HomeAssistant, watched: None, hass_ws_client: WebSocketGenerator) -> Card:
    return Card(await hass_ws_client(hass))


async def test_worst_first_with_age_and_system(card: Card) -> None:
    shown = await card.subscribe(language="en")
    assert shown["loaded"] is True
    assert shown["health"] == "critical"
    assert shown["total"] == 2
    disk, hot = shown["problems"]
    assert (disk["name"], disk["severity"], disk["system"]) == ("DiskFull", "critical", "Alerts")
    assert "DiskFull is firing" in disk["message"]
    assert disk["since"].startswith("2026-11-21T")
    assert (hot["name"], hot["consequences"], hot["more"]) == ("Hot", [], 0)
    assert shown["muted"] == []


async def test_language_of_who_looks(card: Card) -> None:
    english, german = await card.subscribe(language="en"), await card.subscribe(language="de")
    assert english["problems"][0]["message"] != german["problems"][0]["message"]


async def test_a_change_is_sent_once(hass: HomeAssistant, card: Card) -> None:
    await card.subscribe()
    await act(hass, "list_problems")
    await hass.services.async_call(
        "homelab_ai",
        "mute_problem",
        {"problem_id": f"{source('Alerts')}:alert:print-DiskFull"},
        blocking=True,
    )
    shown = await card.next()
    assert [one["name"] for one in shown["problems"]] == ["Hot"]
    assert [one["name"] for one in shown["muted"]] == ["DiskFull"]
    assert shown["muted"][0]["muted_until"]
    assert shown["muted_total"] == 1
    await card.client.send_json_auto_id({"type": "ping"})
    assert (await card.client.receive_json(timeout=60))["type"] == "pong"


async def test_across_a_reload(hass: HomeAssistant, card: Card) -> None:
    await card.subscribe()
    await hass.config_entries.async_unload(ENTRY_ID)
    assert await card.next() == {"loaded": False}
    await hass.config_entries.async_setup(ENTRY_ID)
    while not (shown := await card.next()).get("problems"):
        pass
    assert shown["total"] == 2


async def test_unsubscribed_listens_to_nothing(
    hass: HomeAssistant, card: Card, hass_ws_client: WebSocketGenerator
) -> None:
    health = hass.config_entries.async_get_entry(ENTRY_ID).runtime_data.health  # type: ignore[union-attr]
    before = len(health._listeners)
    await card.subscribe()
    assert len(health._listeners) == before + 1
    await card.client.close()
    await hass.async_block_till_done()
    assert len(health._listeners) == before


async def test_people_who_are_no_administrators_see_it(
    hass: HomeAssistant, watched: None, hass_ws_client: WebSocketGenerator, hass_read_only_access_token: str
) -> None:
    reader = Card(await hass_ws_client(hass, hass_read_only_access_token))
    assert (await reader.subscribe())["total"] == 2


async def test_unknown_homelab(card: Card) -> None:
    assert (await card.subscribe(config_entry_id="nothing"))["code"] == "not_found"
    assert (await card.subscribe(config_entry_id=ENTRY_ID))["total"] == 2


async def test_a_flood_is_bounded(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    hass_ws_client: WebSocketGenerator,
) -> None:
    alerts.firing = {f"Alert{number} {'🔥' * 100}": "warning" for number in range(200)}
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    shown = await Card(await hass_ws_client(hass)).subscribe()
    assert shown["total"] == 200
    assert 10 <= len(shown["problems"]) <= MOST_SHOWN
    assert len(json_bytes(shown)) <= MAX_BYTES


async def test_the_oldest_first_among_equals(
    hass: HomeAssistant, card: Card, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    alerts.firing = {"Young": "warning", "Hot": "warning", "Worst": "critical", "DiskFull": "critical"}
    alerts.began = dict.fromkeys(("Young", "Worst"), "2026-11-21T11:30:00.000Z")
    await pass_time(hass, freezer)
    shown = await card.subscribe()
    assert [one["name"] for one in shown["problems"]] == ["DiskFull", "Worst", "Hot", "Young"]


async def test_an_empty_inbox(hass: HomeAssistant, card: Card) -> None:
    await card.client.send_json_auto_id({"type": "homelab_ai/subscribe_inbox"})
    assert (await card.client.receive_json())["success"]
    assert await card.next() == {"loaded": True, "total": 0, "waiting": []}
