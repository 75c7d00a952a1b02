"""Monitored systems for tests: their settings as a flow stores them, and alerts that are raised at will."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

from aiohttp import web
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.const import SYSTEM
from demo.servers.apps.app import AppServer, json_response
from homeassistant.config_entries import SOURCE_USER, ConfigSubentryDataWithId, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from .common import conversation_subentry, homelab_entry, set_up
from .looking import ENTRY_ID

DAMPING = 121.0
"""Seconds after which a problem that is gone is solved."""


class Alerts(AppServer):
    """What Alertmanager answers, as far as its monitor asks; without waiting for a real one's seconds."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.token: str | None = None
        self.firing: dict[str, str] = {}
        self.began: dict[str, str] = {}
        self.summaries: dict[str, str] = {}
        self.silences: list[dict[str, Any]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.token is not None and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401, text="Unauthorized")
        if request.path == "/api/v2/status":
            cluster = {"status": "ready", "peers": []}
            return json_response({"versionInfo": {"version": "0.28.1"}, "cluster": cluster})
        if request.path == "/api/v2/alerts":
            return json_response([self._alert(*alert) for alert in self.firing.items()])
        if request.path == "/api/v2/silences" and request.method == "POST":
            return self._silence(await request.json())
        return web.Response(status=404)

    def _alert(self, name: str, severity: str) -> dict[str, Any]:
        labels = {"alertname": name, "severity": severity}
        silenced = [one["id"] for one in self.silences if _matches(one, labels)]
        return {
            "fingerprint": f"print-{name}",
            "labels": labels,
            "annotations": {"summary": self.summaries.get(name, f"{name} is firing")},
            "startsAt": self.began.get(name, "2026-11-21T11:00:00.000Z"),
            "status": {
                "state": "suppressed" if silenced else "active",
                "silencedBy": silenced,
                "inhibitedBy": [],
            },
        }

    def _silence(self, silence: dict[str, Any]) -> web.Response:
        """Take a silence as the real one does, but refuse what that would guess or overlook."""
        if set(silence) != {"matchers", "startsAt", "endsAt", "createdBy", "comment"}:
            return json_response(f"unexpected fields {sorted(silence)}", 422)
        if not silence["matchers"] or not all(
            set(one) == {"name", "value", "isRegex", "isEqual"} and one["value"] and one["isEqual"] is True
            for one in silence["matchers"]
        ):
            return json_response("invalid silence: at least one matcher must not match the empty string", 400)
        start, end = (datetime.fromisoformat(silence[key]) for key in ("startsAt", "endsAt"))
        if not start < end or end < dt_util.utcnow() or not silence["comment"] or not silence["createdBy"]:
            return json_response("invalid silence", 400)
        silence_id = f"b6c6b4bd-0000-4000-8000-{len(self.silences):012}"
        self.silences.append({**silence, "id": silence_id})
        return json_response({"silenceID": silence_id})


def _matches(silence: dict[str, Any], labels: dict[str, str]) -> bool:
    return all(labels.get(one["name"]) == one["value"] for one in silence["matchers"])


def source(title: str) -> str:
    """Return the id of the subentry of a system with this name."""
    return f"01{title.upper().replace(' ', '').replace('-', '')}"


def monitor_subentry(kind: str, url: str, title: str, **data: Any) -> ConfigSubentryDataWithId:
    """Return the settings of a system, as its flow stores them; the id is always the same."""
    return ConfigSubentryDataWithId(
        subentry_id=source(title),
        subentry_type=SYSTEM,
        title=title,
        unique_id=None,
        data=MappingProxyType({"kind": kind, "url": url, **data}),
    )


async def system_form(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> SubentryFlowResult:
    """Choose a kind in the menu of systems; return its form."""
    menu = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SYSTEM), context={"source": SOURCE_USER}
    )
    assert menu["type"] is FlowResultType.MENU
    return await hass.config_entries.subentries.async_configure(menu["flow_id"], {"next_step_id": kind})


def watched_homelab(url: str, *systems: ConfigSubentryDataWithId, **options: Any) -> MockConfigEntry:
    """Return a homelab with an agent and these systems, not set up yet."""
    return homelab_entry(url, conversation_subentry(), *systems, **options)


async def watch(hass: HomeAssistant, url: str, *systems: ConfigSubentryDataWithId) -> MockConfigEntry:
    """Set up a homelab with these systems."""
    return await set_up(hass, watched_homelab(url, *systems))


def entities(hass: HomeAssistant, stem: str) -> dict[str, er.RegistryEntry]:
    """Return the entities of a system by platform and key."""
    ours = er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)
    mine = [one for one in ours if one.config_subentry_id == stem]
    found = {f"{one.domain}.{one.unique_id.removeprefix(f'{stem}_')}": one for one in mine}
    assert len(found) == len(mine)
    return found
