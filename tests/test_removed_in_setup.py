"""What is removed while the homelab is being set up: its entities are not added, and all others are there."""

import asyncio

from aiohttp import web
import pytest

from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .common import hub_subentry
from .looking import is_on
from .systems import Alerts, entities, monitor_subentry, source, watched_homelab
from .turns import assert_no_traceback

pytestmark = pytest.mark.usefixtures("socket_enabled")


class _Waiting(Alerts):
    """Answers nothing until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.may = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.set()
        await self.may.wait()
        return await super().answer(request)


@pytest.mark.parametrize("kind", ["conversation", "hub", "system"])
async def test_removed_while_it_is_set_up(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    async with _Waiting() as slow, Alerts() as other, OllamaServer() as second:
        entry = watched_homelab(
            hub.url,
            monitor_subentry("alertmanager", slow.url, "Slow"),
            monitor_subentry("alertmanager", other.url, "Alerts"),
            hub_subentry(second.url),  # type: ignore[arg-type]
        )
        assert await async_setup_component(hass, "homeassistant", {})
        entry.add_to_hass(hass)
        setting_up = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
        async with asyncio.timeout(60):
            await slow.asked.wait()
        gone = next(key for key, one in entry.subentries.items() if one.subentry_type == kind)
        assert hass.config_entries.async_remove_subentry(entry, gone)
        slow.may.set()
        await setting_up
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        assert entities(hass, gone) == {}
        assert is_on(hass, "online", source("Alerts")) == STATE_ON
        assert_no_traceback(caplog)
        assert "unknown subentry" not in caplog.text
        assert await hass.config_entries.async_unload(entry.entry_id)
