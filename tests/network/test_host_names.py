"""Host names of our own settings, resolved by the loop's resolver."""

import asyncio
import socket
from typing import Any

import pytest

from custom_components.homelab_ai.coordinator import host_names
from custom_components.homelab_ai.coordinator.host_names import LASTING, HostNames
from homeassistant.core import HomeAssistant

type Answer = tuple[Any, ...]


class Resolver:
    """Answers as the loop's resolver does, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.known = {"web.home": ["10.0.8.5", "fd00::5"], "hub.home": ["10.0.8.5"]}
        self.hangs = False

    async def __call__(self, host: str, port: None, *, type: int) -> list[Answer]:
        self.asked.append(host)
        if self.hangs:
            await asyncio.sleep(60)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, type, 6, "", (address, 0)) for address in self.known[host]]


@pytest.fixture
def resolver(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Resolver:
    made = Resolver()
    monkeypatch.setattr(hass.loop, "getaddrinfo", made)
    return made


async def test_names(hass: HomeAssistant, resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    names = HostNames(hass)
    hosts = ["web.home", "10.0.8.7", "hub.home", "nowhere.home", "web.home"]
    await names.async_look(hosts)
    assert resolver.asked == ["web.home", "hub.home", "nowhere.home"]
    assert names.by_address == {"10.0.8.5": ["web.home", "hub.home"], "fd00::5": ["web.home"]}
    # Within the hour nothing is asked again, what failed not either.
    await names.async_look(hosts)
    assert len(resolver.asked) == 3
    # An hour later a resolver that hangs changes nothing of what is known.
    now = hass.loop.time()
    monkeypatch.setattr(hass.loop, "time", lambda: now + LASTING)
    monkeypatch.setattr(host_names, "PATIENCE", 0)
    resolver.hangs = True
    await names.async_look(hosts)
    assert len(resolver.asked) == 6
    assert names.by_address["fd00::5"] == ["web.home"]
    # What is in our settings no more is forgotten.
    await names.async_look(["10.0.8.7"])
    assert names.by_address == {}


async def test_no_more_than_a_few(hass: HomeAssistant, resolver: Resolver) -> None:
    await HostNames(hass).async_look(f"host-{number}.home" for number in range(500))
    assert len(resolver.asked) == host_names.MOST_NAMES
