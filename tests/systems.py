"""Monitored systems for tests: their settings as a flow stores them, and alerts that are raised at will."""

from types import MappingProxyType
from typing import Any

from aiohttp import web
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.apps.app import AppServer, json_response
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant

from .common import conversation_subentry, homelab_entry, set_up

DAMPING = 121.0
"""Seconds after which a problem that is gone is solved."""


class Alerts(AppServer):
    """What Alertmanager answers, as far as its monitor asks; without waiting for a real one's seconds."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.token: str | None = None
        self.firing: dict[str, str] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.token is not None and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401, text="Unauthorized")
        if request.path == "/api/v2/status":
            return json_response({"versionInfo": {"version": "0.28.1"}})
        if request.path == "/api/v2/alerts":
            return json_response([self._alert(*alert) for alert in self.firing.items()])
        return web.Response(status=404)

    @staticmethod
    def _alert(name: str, severity: str) -> dict[str, Any]:
        return {
            "fingerprint": f"print-{name}",
            "labels": {"alertname": name, "severity": severity},
            "annotations": {"summary": f"{name} is firing"},
            "startsAt": "2026-11-21T11:00:00.000Z",
            "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
        }


def source(title: str) -> str:
    """Return the id of the subentry of a system with this name."""
    return f"01{title.upper().replace(' ', '').replace('-', '')}"


def monitor_subentry(kind: str, url: str, title: str, **data: Any) -> ConfigSubentryDataWithId:
    """Return the settings of a system, as its flow stores them; the id is always the same."""
    return ConfigSubentryDataWithId(
        subentry_id=source(title),
        subentry_type=kind,
        title=title,
        unique_id=None,
        data=MappingProxyType({"url": url, **data}),
    )


def watched_homelab(url: str, *systems: ConfigSubentryDataWithId, **options: Any) -> MockConfigEntry:
    """Return a homelab with an agent and these systems, not set up yet."""
    return homelab_entry(url, conversation_subentry(), *systems, **options)


async def watch(hass: HomeAssistant, url: str, *systems: ConfigSubentryDataWithId) -> MockConfigEntry:
    """Set up a homelab with these systems."""
    return await set_up(hass, watched_homelab(url, *systems))
