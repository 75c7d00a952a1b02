"""Muting by voice, and what is new since the same person asked last."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.assistant.sentences import async_teach_names
from custom_components.homelab_ai.timeline import Entry, EntryKind
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant

from ..common import homelab_entry, set_up
from .asking import hear
from .houses import BUSY, NOW, SOURCE

FULL = "volume_full:media/jellyfin-media"
DOWN = "node_not_ready:worker-1"


@pytest.fixture
async def homelab(hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory) -> MockConfigEntry:
    freezer.move_to(NOW)
    entry = await set_up(hass, homelab_entry(hub.url))
    BUSY.move_in(entry.runtime_data)
    await async_teach_names(hass)
    return entry


@pytest.mark.parametrize(
    ("language", "text", "answer", "hours"),
    [
        ("en", "Mute jellyfin-media for two hours", "The volume jellyfin-media is muted for two hours.", 2),
        ("en", "please silence jellyfin-media", "The volume jellyfin-media is muted for 24 hours.", 24),
        (
            "en",
            "don't tell me about jellyfin-media for a week",
            "The volume jellyfin-media is muted for seven days.",
            168,
        ),
        (
            "de",
            "Schalte jellyfin-media für drei Stunden stumm",
            "Das Volume jellyfin-media ist für drei Stunden stummgeschaltet.",
            3,
        ),
        (
            "de",
            "jellyfin-media stummschalten",
            "Das Volume jellyfin-media ist für 24 Stunden stummgeschaltet.",
            24,
        ),
    ],
)
async def test_mute(  # noqa: PLR0917
    hass: HomeAssistant, homelab: MockConfigEntry, language: str, text: str, answer: str, hours: float
) -> None:
    health = homelab.runtime_data.health
    assert (await hear(hass, text, language)).text == answer
    assert health.muted_until(FULL) == NOW + timedelta(hours=hours)
    assert not health.is_muted(DOWN)


async def test_person_mutes_what_is_critical_and_takes_it_back(
    hass: HomeAssistant, homelab: MockConfigEntry
) -> None:
    health = homelab.runtime_data.health
    assert (await hear(hass, "mute worker-1 for an hour", "en")).is_answer
    assert health.is_muted(DOWN)
    assert "worker-1" in (await hear(hass, "what is muted", "en")).text
    assert (await hear(hass, "unmute worker-1", "en")).text == "Worker-1 counts again."
    assert not health.is_muted(DOWN)
    assert (await hear(hass, "unmute worker-1", "en")).text == "Worker-1 is not muted."


async def test_nothing_to_mute(hass: HomeAssistant, homelab: MockConfigEntry) -> None:
    heard = await hear(hass, "mute nextcloud", "en")
    assert heard.text == "There is no problem with nextcloud, so there is nothing to mute."
    assert homelab.runtime_data.health.data.muted == ()
    assert not (await hear(hass, "mute the television", "en")).is_answer


async def test_since_the_person_asked_last(
    hass: HomeAssistant, homelab: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    assert "Apps" in (await hear(hass, "what's new", "en")).text
    freezer.move_to(NOW + timedelta(minutes=30))
    asked = "what happened since I last asked"
    assert (await hear(hass, asked, "en")).text == "Nothing happened since you last asked."
    freezer.move_to(NOW + timedelta(minutes=40))
    backup = Entry(NOW + timedelta(minutes=40), EntryKind.BACKED_UP, "immich", SOURCE)
    homelab.runtime_data.things.timeline.add(backup)
    freezer.move_to(NOW + timedelta(minutes=50))
    news = (await hear(hass, asked, "en")).text
    assert "Ten minutes ago: Immich was backed up." in news
    assert "Apps" not in news
