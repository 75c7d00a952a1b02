"""A homelab that is loaded anew again and again while all that it can do is under way: nothing is left of it.

A few times here, fifty in the nightly run.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from functools import partial
import gc
import os
import re
from typing import Any

import aiohttp
import httpx
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.api.registry import RegistryClient
from custom_components.homelab_ai.hub import connection
from demo.servers.kubernetes import ApiServer, homelab_cluster
from demo.servers.ollama import OllamaServer, Reply, Timing
from demo.servers.ollama.catalogue import LLAMA
from demo.servers.registry import RegistryServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component

from .acting import act
from .clusters import kubernetes, watched
from .common import ask, conversation_subentry, homelab_entry, is_error, set_up
from .looking import until
from .systems import Alerts, monitor_subentry, system_form

RELOADS = int(os.environ.get("HOMELAB_AI_RELOADS", "6"))


def _open(kind: type[Any], closed: str) -> int:
    return sum(isinstance(one, kind) and not getattr(one, closed) for one in gc.get_objects())


def _timers(hass: HomeAssistant) -> Counter[str]:
    """Return what waits for its time, by what it calls; but for time-outs, which are their tasks'."""
    scheduled = hass.loop._scheduled  # type: ignore[attr-defined]
    waiting = (str(timer._callback) for timer in scheduled if not timer.cancelled())
    return Counter(re.sub(r" at 0x\w+|\d+", "", one)[:150] for one in waiting if "_on_timeout" not in one)


def there(hass: HomeAssistant) -> Counter[str]:
    """Return how much a homelab that is loaded has of Home Assistant, and of the machine, by what it is."""
    gc.collect()
    counts: dict[str, int] = {
        "paths": len(hass.http.app.router.resources()),
        "commands": len(hass.data["websocket_api"]),
        "services": sum(map(len, hass.services.async_services().values())),
        "sessions": _open(aiohttp.ClientSession, "closed"),
        "connectors": _open(aiohttp.BaseConnector, "closed"),
        "httpx clients": _open(httpx.AsyncClient, "is_closed"),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "flows": len(hass.config_entries.subentries.async_progress()),
    }
    counts |= {f"listeners to {event}": count for event, count in hass.bus.async_listeners().items()}
    counts |= {f"timers of {name}": count for name, count in _timers(hass).items()}
    tasks = Counter(re.sub(r"\d+", "", task.get_name()) for task in asyncio.all_tasks())
    return Counter(counts | {f"tasks {name}": count for name, count in tasks.items()})


async def _ended(work: Awaitable[Any]) -> Any:
    try:
        async with asyncio.timeout(10):
            return await work
    except HomeAssistantError as error:
        return error


class _House:
    """A homelab in which everything is under way while it is loaded anew."""

    def __init__(
        self, hass: HomeAssistant, entry: MockConfigEntry, hub: OllamaServer, server: ApiServer
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._hub = hub
        self._server = server

    async def reload(self) -> None:
        """Load it anew in the middle of a turn, a download and looks at all systems."""
        hass, hub = self._hass, self._hub
        turns, pulls = (len(hub.requests_to(path)) for path in ("/api/chat", "/api/pull"))
        hub.script(Reply(content="word " * 1000))
        turn = hass.async_create_task(ask(hass, "Tell me everything"))
        pull = hass.async_create_task(act(hass, "pull_model", model="qwen3:32b", wait=True))
        looks = [hass.async_create_task(one.async_refresh()) for one in self._entry.runtime_data.monitors]
        await until(
            lambda: len(hub.requests_to("/api/chat")) > turns and len(hub.requests_to("/api/pull")) > pulls
        )
        await until(lambda: hub.requests_to("/api/chat")[-1].generated_tokens > 2)
        assert await hass.config_entries.async_reload(self._entry.entry_id)
        assert is_error(await _ended(turn))
        assert isinstance(await _ended(pull), HomeAssistantError)
        await asyncio.wait_for(asyncio.gather(*looks), 10)
        await self.settled()

    async def settled(self) -> None:
        """Wait until all that a load begins has come to rest."""
        await self._hass.async_block_till_done()
        await watched(self._server)
        await until(lambda: not self._hub.generating)


async def test_reloads_leave_nothing(
    hass: HomeAssistant,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for component in ("http", "websocket_api", "frontend"):
        assert await async_setup_component(hass, component, {})
    timing = Timing(tokens_per_second=200, pull_bytes_per_second=1e6)
    async with (
        OllamaServer([LLAMA], timing=timing) as hub,
        RegistryServer() as registry,
        ApiServer() as server,
        Alerts() as alerts,
    ):
        here = partial(RegistryClient, models=registry.url, releases=registry.url, manifests=registry.url)
        monkeypatch.setattr(connection, "RegistryClient", here)
        homelab_cluster(server)
        systems = (kubernetes(server), monitor_subentry("alertmanager", alerts.url, "Alerts"))
        entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry(), *systems))
        await system_form(hass, entry, "web")
        house = _House(hass, entry, hub, server)
        await house.settled()
        for _ in range(2):
            await house.reload()
        before = there(hass)
        for _ in range(RELOADS):
            await house.reload()
        # Requests and saves come and go; what stays of each reload is seen as often.
        grown = {what: count for what, count in (there(hass) - before).items() if count >= RELOADS - 1}
        assert grown == {}
        assert entry.state is ConfigEntryState.LOADED
        assert "Traceback" not in caplog.text
