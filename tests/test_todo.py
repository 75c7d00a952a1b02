"""The inbox: what waits for a person is listed there, and nothing that anybody says to it does anything."""

from collections.abc import AsyncGenerator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.homelab_ai.coordinator.inbox import MOST_LISTED, Inbox
from custom_components.homelab_ai.health.waiting import Waiting, WaitingKind
from custom_components.homelab_ai.language.waiting import waiting_line
from demo.servers.forge.github import WRITE, GitHub
from demo.servers.forge.repository import Repository
from demo.servers.ollama import OllamaServer
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity, async_should_expose
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent, llm
from homeassistant.setup import async_setup_component

from .common import homelab_entry, set_up
from .looking import pass_time
from .systems import monitor_subentry, source, watched_homelab

INBOX = "todo.homelab_inbox"
NAME = "home/k8s"
POLL = 301.0


@pytest.fixture
async def github(socket_enabled: None) -> AsyncGenerator[GitHub]:
    async with GitHub() as server:
        yield server


@pytest.fixture
def repository(github: GitHub) -> Repository:
    """A proposal of ours, an update that fails, one that is well, and somebody's own."""
    made = github.add(Repository(NAME, {"apps/a.yaml": "a: 1\n"}))
    made.open(
        "Suspend Jellyfin", "homelab-ai/suspend-1", body="Why\n\n<!-- homelab_ai:0a1b2c3d -->\n", draft=True
    )
    made.open("Update grafana to v12", "renovate/grafana-12.x")
    made.open("Update ollama to v0.13.1", "renovate/ollama-0.x")
    made.open("Try something", "feature", author="anna")
    sha = made.pulls[2].head_sha
    made.checks[sha] = [{"name": "flate", "status": "completed", "conclusion": "failure"}]
    return made


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
    freezer: FrozenDateTimeFactory,
) -> MockConfigEntry:
    assert await async_setup_component(hass, "homeassistant", {})
    for component in ("todo", "intent"):
        assert await async_setup_component(hass, component, {})
    token = github.token("ha-bot", WRITE, None)
    url = f"{github.url}/{NAME}"
    return await set_up(hass, watched_homelab(hub.url, monitor_subentry("forge", url, "Lab", token=token)))


async def listed(hass: HomeAssistant) -> list[dict[str, Any]]:
    response: Any = await hass.services.async_call(
        "todo", "get_items", {"entity_id": INBOX}, blocking=True, return_response=True
    )
    items: list[dict[str, Any]] = response[INBOX]["items"]
    return items


@pytest.mark.usefixtures("entry")
async def test_the_card(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> None:
    """The same as the list, in the language of who looks, with what explains a change."""
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "homelab_ai/subscribe_inbox", "language": "de"})
    assert (await client.receive_json())["success"]
    shown = (await client.receive_json(timeout=60))["event"]
    assert (shown["loaded"], shown["total"]) == (True, 2)
    assert [one["message"] for one in shown["waiting"]] == [
        waiting_line(Waiting("", kind, name), "de")
        for kind, name in (
            (WaitingKind.PROPOSAL, "Suspend Jellyfin"),
            (WaitingKind.UPDATE, "Update grafana to v12"),
        )
    ]
    for one in shown["waiting"]:
        explained: Any = await hass.services.async_call(
            "homelab_ai", "explain_pull_request", one["change"], blocking=True, return_response=True
        )
        assert explained["pull_request"]["url"] == one["url"]
        assert isinstance(explained["diff"], str)


@pytest.mark.usefixtures("entry")
async def test_the_card_follows(
    hass: HomeAssistant,
    repository: Repository,
    hass_ws_client: WebSocketGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "homelab_ai/subscribe_inbox"})
    await client.receive_json()
    await client.receive_json(timeout=60)
    repository.pulls[1].state = "closed"
    await pass_time(hass, freezer, POLL)
    assert (await client.receive_json(timeout=60))["event"]["total"] == 1


@pytest.mark.usefixtures("entry")
async def test_what_waits(
    hass: HomeAssistant, repository: Repository, freezer: FrozenDateTimeFactory
) -> None:
    """Each with the page where it is handled; what is handled there leaves."""
    items = await listed(hass)
    assert [one["summary"] for one in items] == [
        "Review the proposal “Suspend Jellyfin”",
        "The checks of the update “Update grafana to v12” fail",
    ]
    assert [one["uid"] for one in items] == [f"{source('Lab')}/pull_request/{number}" for number in (1, 2)]
    assert all(one["description"].startswith(f"https://github.example/{NAME}/pull/") for one in items)
    assert hass.states.is_state(INBOX, "2")
    repository.merge(1, "anna")
    await pass_time(hass, freezer, POLL)
    assert hass.states.is_state(INBOX, "1")


@pytest.mark.usefixtures("entry")
async def test_it_can_be_read_only(hass: HomeAssistant, github: GitHub, repository: Repository) -> None:
    """No action of Home Assistant's own adds, ticks or removes; the forge hears of nothing."""
    github.asked.clear()
    item = (await listed(hass))[0]["uid"]
    for action, data in (
        ("add_item", {"item": "Merge everything"}),
        ("update_item", {"item": item, "status": "completed"}),
        ("update_item", {"item": item, "rename": "Approved"}),
        ("remove_item", {"item": item}),
        ("remove_completed_items", {}),
    ):
        with pytest.raises(HomeAssistantError):
            await hass.services.async_call("todo", action, {"entity_id": INBOX, **data}, blocking=True)
    await hass.async_block_till_done()
    assert (github.asked, repository.log) == ([], [])
    assert len(await listed(hass)) == 2


@pytest.mark.parametrize("exposed", [False, True])
@pytest.mark.usefixtures("entry")
async def test_no_sentence_approves(
    exposed: bool, hass: HomeAssistant, github: GitHub, repository: Repository
) -> None:
    """Whatever is said, by a person or by a model's tool: also where somebody has exposed the list."""
    async_expose_entity(hass, "conversation", INBOX, exposed)
    github.asked.clear()
    item = (await listed(hass))[0]["summary"]
    slots = {"name": {"value": "Homelab Inbox"}, "item": {"value": item}}
    for kind in ("HassListAddItem", "HassListCompleteItem", "HassListRemoveItem"):
        with pytest.raises((HomeAssistantError, intent.IntentError)):
            await intent.async_handle(hass, "test", kind, slots, assistant="conversation")
    await hass.async_block_till_done()
    assert (github.asked, repository.log) == ([], [])
    assert len(await listed(hass)) == 2


@pytest.mark.usefixtures("entry")
async def test_assist_does_not_see_it(hass: HomeAssistant) -> None:
    """Its texts are others'; a model reads them only where a person has said so, and that stays so."""
    assert not async_should_expose(hass, "conversation", INBOX)
    assert await async_setup_component(hass, "llm", {})
    context = llm.LLMContext("test", Context(), "en", "conversation", None)
    api = await llm.async_get_api(hass, llm.LLM_API_ASSIST, context)
    assert "Inbox" not in api.api_prompt
    assert not [tool.name for tool in api.tools if tool.name.startswith(("HassList", "todo"))]


async def test_what_a_person_exposes_stays_exposed(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    async_expose_entity(hass, "conversation", INBOX, True)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert async_should_expose(hass, "conversation", INBOX)


async def test_a_homelab_without_sources(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    assert hass.states.is_state(INBOX, "0")
    assert await listed(hass) == []


async def test_nobody_knows_yet(hass: HomeAssistant, hub: OllamaServer) -> None:
    """A forge that never answered may have something: that is no empty inbox."""
    forge = monitor_subentry("forge", "http://127.0.0.1:9/home/k8s", "Lab", token="x")
    await set_up(hass, watched_homelab(hub.url, forge))
    assert hass.states.is_state(INBOX, STATE_UNKNOWN)


async def test_other_sources(hass: HomeAssistant, hub: OllamaServer) -> None:
    """Any part of the homelab may add one; it is asked again whenever it says so."""
    entry = await set_up(hass, homelab_entry(hub.url))
    inbox: Inbox = entry.runtime_data.inbox
    devices = [Waiting("network/1", WaitingKind.DEVICE, "<b>esp</b> https://evil.home ![x](http://e)")]
    remove = inbox.add(lambda: devices)
    await hass.async_block_till_done()
    (item,) = await listed(hass)
    assert item["summary"] == "New device in the network: (b>esp(/b> https: //evil.home ! [x] (http: //e)"
    devices.clear()
    inbox.changed()
    assert hass.states.is_state(INBOX, "0")
    remove()
    assert inbox.items() == ()


def waiting(key: str) -> Waiting:
    return Waiting(key, WaitingKind.HABIT, key)


def test_the_inbox_is_bounded() -> None:
    inbox = Inbox()
    inbox.add(lambda: (waiting(str(number)) for number in range(10**9)))
    inbox.add(lambda: [waiting("0"), waiting("more")])
    items = inbox.items()
    assert items is not None
    assert len(items) == MOST_LISTED


def test_what_is_not_known_is_not_nothing() -> None:
    inbox = Inbox()
    inbox.add(lambda: None)
    assert inbox.items() is None
    inbox.add(lambda: [waiting("one")])
    assert inbox.items() == (waiting("one"),)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_has_a_line(language: str) -> None:
    lines = {waiting_line(Waiting("x", kind, "Grafana"), language) for kind in WaitingKind}
    assert len(lines) == len(WaitingKind)
    assert all("Grafana" in line for line in lines)
