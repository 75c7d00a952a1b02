"""What the logbook says: which problem, hubs, deliveries; in the language of the house."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.homelab_ai.coordinator.topology import MOST_TOLD
from custom_components.homelab_ai.events import (
    EVENT_HAPPENED,
    EVENT_HUB,
    EVENT_PROBLEM,
    HubEvent,
    fire_happened,
    fire_hub,
)
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.logbook import async_describe_events
from custom_components.homelab_ai.timeline import Entry, EntryKind
from custom_components.homelab_ai.topology import Fact, Thing, ThingKind
from demo.servers.ollama import OllamaServer
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .common import homelab_entry, set_up

EVENTS = (EVENT_PROBLEM, EVENT_HUB, EVENT_HAPPENED)
SOURCE, CLUSTER = "01HOMELAB0000000000000000A", "01CLUSTER"

type Said = list[tuple[str, str, str | None]]


@pytest.fixture
async def homelab(hass: HomeAssistant, hub: OllamaServer) -> MockConfigEntry:
    return await set_up(hass, homelab_entry(hub.url))


@pytest.fixture
def said(hass: HomeAssistant) -> Callable[[], Said]:
    """Return what returns what the logbook has said so far: name, message and entity of each line."""
    describers: dict[str, Callable[[Any], dict[str, Any]]] = {}

    def describe(domain: str, event_type: str, describer: Callable[[Any], dict[str, Any]]) -> None:
        assert domain == "homelab_ai"
        describers[event_type] = describer

    async_describe_events(hass, describe)
    assert set(describers) == set(EVENTS)
    told: list[Event] = []
    keep = callback(lambda event: told.append(event))  # noqa: PLW0108
    for event_type in EVENTS:
        hass.bus.async_listen(event_type, keep)

    def lines() -> Said:
        described = [describers[str(event.event_type)](event) for event in told]
        return [(one["name"], one["message"], one.get("entity_id")) for one in described]

    return lines


def break_backup(homelab: MockConfigEntry, *, broken: bool) -> None:
    """Let the backup of the vault fail, or be well again."""
    failed = Problem("backup_failed:vault", SOURCE, "backup_failed", "vault", Severity.CRITICAL, "It failed")
    health = homelab.runtime_data.health
    health.ledger.report(SOURCE, {failed.id: failed} if broken else {}, dt_util.utcnow())
    health.settle()


async def settled(hass: HomeAssistant, homelab: MockConfigEntry, freezer: FrozenDateTimeFactory) -> None:
    """Wait until incidents are told that could have had a cause."""
    freezer.tick(timedelta(minutes=2))
    homelab.runtime_data.health.settle()
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize(
    ("language", "failed"),
    [("en", "The last backup of vault failed"), ("de", "Das letzte Backup von vault ist fehlgeschlagen")],
)
async def test_problems(  # noqa: PLR0917
    hass: HomeAssistant,
    homelab: MockConfigEntry,
    said: Callable[[], Said],
    freezer: FrozenDateTimeFactory,
    language: str,
    failed: str,
) -> None:
    """Which problem, and with the event entity, too; the event itself has all that it had."""
    hass.config.language = language
    told = async_capture_events(hass, EVENT_PROBLEM)
    break_backup(homelab, broken=True)
    await settled(hass, homelab, freezer)
    ((name, message, entity_id),) = said()
    assert (name, entity_id) == ("Homelab", "event.homelab_latest_news")
    assert message.startswith(failed)
    assert not message.endswith(".")
    assert told[0].data["message"] == f"{message}."
    break_backup(homelab, broken=False)
    await settled(hass, homelab, freezer)
    assert len(said()) == 2
    assert said()[-1][1] != message


@pytest.mark.parametrize(
    ("language", "messages"),
    [
        ("en", ["went off", "came on", "loaded llama3.1 8b", "unloaded llama3.1 8b"]),
        ("de", ["ist ausgegangen", "ist angegangen", "hat llama3.1 8b geladen", "hat llama3.1 8b entladen"]),
    ],
)
def test_hubs(hass: HomeAssistant, said: Callable[[], Said], language: str, messages: list[str]) -> None:
    hass.config.language = language
    for event in (HubEvent.OFFLINE, HubEvent.ONLINE, HubEvent.MODEL_LOADED, HubEvent.MODEL_UNLOADED):
        model = "llama3.1:8b" if event.value.startswith("model") else None
        fire_hub(hass, event, SOURCE, "Ollama", model)
    assert said() == [("Ollama", message, None) for message in messages]


@pytest.mark.parametrize("language", ["en", "de"])
async def test_every_kind_of_event_has_its_words(
    hass: HomeAssistant, said: Callable[[], Said], language: str
) -> None:
    """And what the bus is told anyway is not told twice."""
    hass.config.language = language
    facts: dict[str, Any] = {"before": "1.0", "after": "1.1"}
    for kind in EntryKind:
        fire_happened(hass, Entry(dt_util.utcnow(), kind, "vault", SOURCE, facts=facts))
    lines = said()
    assert len(lines) == len(EntryKind) - 4
    assert len({message for _, message, _ in lines}) == len(lines)
    assert all(name == "Homelab AI" and "ault" in message for name, message, _ in lines)


async def test_deliveries_and_backups(
    hass: HomeAssistant, homelab: MockConfigEntry, said: Callable[[], Said], freezer: FrozenDateTimeFactory
) -> None:
    """As the things of a system change; of very many at once only the last."""
    things = homelab.runtime_data.things

    def tell(revision: str, backup: timedelta, count: int = 1) -> None:
        told: dict[str, Thing] = {}
        for number in range(count):
            delivered = (Fact("revision", revision), Fact("delivered_at", dt_util.utcnow()))
            plan = (Fact("last_good", dt_util.utcnow() - backup),)
            for kind, name, kept in (
                (ThingKind.GITOPS, f"apps-{number}", delivered),
                (ThingKind.BACKUP_PLAN, f"vault-{number}", plan),
            ):
                told[name] = Thing(f"{CLUSTER}/{name}", kind, name, CLUSTER, facts=kept)
        things._take(CLUSTER, {thing.id: thing for thing in told.values()})

    tell("main@sha1:aaaaaaa", timedelta(days=1))
    assert said() == []
    freezer.tick(timedelta(hours=1))
    tell("main@sha1:bbbbbbb", timedelta(minutes=5))
    assert {message for _, message, _ in said()} == {"Apps-0 was deployed anew", "Vault-0 was backed up"}
    freezer.tick(timedelta(hours=1))
    before = len(said())
    tell("main@sha1:ccccccc", timedelta(minutes=5), count=50)
    assert len(said()) - before == MOST_TOLD
    kinds = {entry.kind for entry in things.timeline.between(dt_util.utcnow() - timedelta(hours=3))}
    assert {EntryKind.DELIVERED, EntryKind.BACKED_UP} <= kinds


async def test_logbook_shows_them(
    recorder_mock: Any,
    hass: HomeAssistant,
    hub: OllamaServer,
    hass_ws_client: WebSocketGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Home Assistant's own logbook, for the homelab's event entity alone."""
    from homeassistant.components.recorder import get_instance

    begin = dt_util.utcnow() - timedelta(minutes=1)
    assert await async_setup_component(hass, "logbook", {})
    homelab = await set_up(hass, homelab_entry(hub.url))
    break_backup(homelab, broken=True)
    await settled(hass, homelab, freezer)
    await get_instance(hass).async_block_till_done()
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "logbook/get_events",
            "start_time": begin.isoformat(),
            "entity_ids": ["event.homelab_latest_news"],
        }
    )
    lines = (await client.receive_json())["result"]
    assert any("last backup of vault" in line.get("message", "") for line in lines), lines
