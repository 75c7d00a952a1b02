"""A cookie of one system is never sent to another, also not to another port of the same machine."""

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory

from demo.servers.apps.app import AppServer
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant

from ..looking import pass_time
from ..systems import monitor_subentry, watch


class Baker(AppServer):
    """Sets a cookie with every answer, and keeps those that it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(request.headers.get("Cookie", ""))
        return web.Response(text="here", headers={"Set-Cookie": "session=of-this-one; Path=/"})


async def test_cookies_go_nowhere(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    async with Baker() as one, Baker() as other:
        systems = [
            monitor_subentry("web", page.url, title) for page, title in ((one, "One"), (other, "Other"))
        ]
        await watch(hass, hub.url, *systems)
        await pass_time(hass, freezer, 61)
        assert len(one.heard) >= 2
        assert set(one.heard) == set(other.heard) == {""}
