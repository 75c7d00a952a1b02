"""Spoken questions about who is in the network: what is heard, never without what is not seen."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant

from ..common import homelab_entry, set_up
from .asking import hear

STRANGER = {
    "source_type": "router",
    "mac": "24:0A:C4:11:22:33",
    "ip": "192.168.1.57",
    "host_name": "ESP_4A21",
}
FAMILY = {"source_type": "router", "mac": "24:0A:C4:00:00:01", "ip": "192.168.1.20", "host_name": "Heating"}
NEW = {
    "en": (
        "is anything new in the network",
        "Is there anybody new on my wifi?",
        "are there any new devices",
        "are there unknown devices in our network right now",
        "which devices are new",
        "what's new on the network",
        "has a strange device joined",
        "is somebody on my wi-fi",
        "who is new in the network",
        "hey, any unknown devices on the wifi",
    ),
    "de": (
        "Gibt es etwas Neues im Netzwerk?",
        "ist jemand neues im wlan",
        "gibt es neue geräte",
        "Sind gerade fremde Geräte im Netzwerk?",
        "welche geräte sind neu im netzwerk",
        "ist im wlan jemand fremdes",
        "hat sich ein neues gerät angemeldet",
        "ist jemand in meinem wlan",
        "wer ist neu im wlan",
        "sag mal gibt es unbekannte geräte im heimnetz",
    ),
}
HOW_MANY = {
    "en": ("how many devices are in the network", "how many devices are online on my wifi right now"),
    "de": ("wie viele geräte sind im netzwerk", "Wie viele Geräte hängen gerade im WLAN?"),
}
SEEN = {"en": "I only see what", "de": "Ich sehe nur, was"}


@pytest.mark.parametrize("language", NEW)
async def test_network(
    language: str, hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    hass.states.async_set("device_tracker.heating", "home", FAMILY)
    await set_up(hass, homelab_entry(hub.url, options={"network": True}))
    nothing = {"en": "nothing new", "de": "etwas Neuem"}[language]
    for question in NEW[language]:
        heard = await hear(hass, question, language)
        assert heard.is_answer, question
        assert nothing in heard.text, (question, heard.text)
        assert SEEN[language] in heard.text
    freezer.tick(timedelta(hours=25))
    async_fire_time_changed(hass)
    hass.states.async_set("device_tracker.esp", "home", STRANGER)
    freezer.tick(timedelta(seconds=31))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    for question in NEW[language]:
        heard = await hear(hass, question, language)
        assert "esp 4a21" in heard.text.lower(), (question, heard.text)
        assert "Espressif" in heard.text
        assert SEEN[language] in heard.text
        assert "11:22" not in heard.text
    for question in HOW_MANY[language]:
        heard = await hear(hass, question, language)
        assert {"en": "at least 2", "de": "mindestens 2"}[language] in heard.text, (question, heard.text)
        assert SEEN[language] in heard.text


@pytest.mark.parametrize("language", NEW)
async def test_network_that_is_not_listened_to(language: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    for question in (*NEW[language], *HOW_MANY[language]):
        heard = await hear(hass, question, language)
        assert {"en": "I do not look at", "de": "achte ich nicht"}[language] in heard.text, question


@pytest.mark.parametrize("language", NEW)
async def test_network_of_which_nobody_tells(language: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url, options={"network": True}))
    for question in (*NEW[language], *HOW_MANY[language]):
        heard = await hear(hass, question, language)
        assert {"en": "Nothing tells", "de": "erfährt nicht"}[language] in heard.text, question
