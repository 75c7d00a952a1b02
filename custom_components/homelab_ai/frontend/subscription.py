"""The problems as the card shows them: one subscription, bounded, in the language of who looks."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import voluptuous as vol

from homeassistant.components import websocket_api
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.json import json_bytes
from homeassistant.util import dt as dt_util

from ..agent.unlinked import unlinked
from ..assistant.listing import local_time
from ..const import DOMAIN
from ..coordinator import HomelabConfigEntry, HomelabData
from ..events import problem_data
from ..health.problem import Problem
from ..language.briefing import announce

MOST_SHOWN = 50
MOST_MUTED = 10
MOST_CONSEQUENCES = 5
MAX_BYTES = 50_000
_ENVELOPE = 500
"""Bytes of a message beside its rows."""

type _Send = Callable[[dict[str, Any]], None]


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/subscribe_problems",
        vol.Optional(ATTR_CONFIG_ENTRY_ID): str,
        vol.Optional("language"): vol.All(str, vol.Length(max=35)),
    }
)
@callback
def subscribe_problems(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send what is wrong now, and again whenever that changes; everybody who may log in may see it."""
    entry = _entry(hass, msg.get(ATTR_CONFIG_ENTRY_ID))
    if entry is None:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "There is no such homelab")
        return
    connection.send_result(msg["id"])
    feed = Feed(
        entry,
        msg.get("language", hass.config.language),
        lambda shown: connection.send_message(websocket_api.event_message(msg["id"], shown)),
    )
    connection.subscriptions[msg["id"]] = feed.close


class Feed:
    """What one card is sent, across reloads of its homelab."""

    def __init__(self, entry: HomelabConfigEntry, language: str, send: _Send) -> None:
        """Send what there is at once."""
        self._entry = entry
        self._language = language
        self._send = send
        self._sent: dict[str, Any] | None = None
        self._unlisten: CALLBACK_TYPE | None = None
        self._unfollow = entry.async_on_state_change(self._follow)
        self._follow()

    @callback
    def close(self) -> None:
        """Send nothing any more."""
        self._unfollow()
        self._ignore()

    @callback
    def _follow(self) -> None:
        self._ignore()
        if self._entry.state is ConfigEntryState.LOADED:
            self._unlisten = self._entry.runtime_data.health.async_add_listener(self._show)
        self._show()

    def _ignore(self) -> None:
        if self._unlisten is not None:
            self._unlisten()
            self._unlisten = None

    @callback
    def _show(self) -> None:
        is_loaded = self._entry.state is ConfigEntryState.LOADED
        shown = _shown(self._entry.runtime_data, self._language) if is_loaded else {"loaded": False}
        if shown != self._sent:
            self._sent = shown
            self._send(shown)


def _entry(hass: HomeAssistant, entry_id: str | None) -> HomelabConfigEntry | None:
    """Return the homelab that was named, else the first."""
    entries: Sequence[HomelabConfigEntry] = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    return next((entry for entry in entries if entry_id in (None, entry.entry_id)), None)


def _shown(homelab: HomelabData, language: str) -> dict[str, Any]:
    """Return the state, the worst problems and some of the muted ones, in fewer than MAX_BYTES.

    `total` and `muted_total` count all of them.
    """
    data = homelab.health.data
    rows = (_row(homelab, problem, language) for problem in data.problems[:MOST_SHOWN])
    problems, left = _fitting(rows, MAX_BYTES - _ENVELOPE)
    muted_rows = (_row(homelab, problem, language) for problem in data.muted[:MOST_MUTED])
    muted, _ = _fitting(muted_rows, left)
    return {
        "loaded": True,
        "health": data.health.value,
        "total": len(data.problems),
        "problems": problems,
        "muted_total": len(data.muted),
        "muted": muted,
    }


def _fitting(rows: Iterable[dict[str, Any]], size: int) -> tuple[list[dict[str, Any]], int]:
    """Return the first rows that fit into so many bytes of JSON, and how many bytes are left."""
    fitting: list[dict[str, Any]] = []
    for row in rows:
        needed = len(json_bytes(row)) + 1
        if needed > size:
            break
        size -= needed
        fitting.append(row)
    return fitting, size


def _row(homelab: HomelabData, problem: Problem, language: str) -> dict[str, Any]:
    health = homelab.health
    caused = health.data.consequences.get(problem.id, ())
    since = health.since(problem)
    row: dict[str, Any] = {
        **_named(homelab, problem, language),
        "system": _system(homelab, problem.source),
        "since": local_time(since) if since else None,
        "consequences": [_named(homelab, problem, language) for problem in caused[:MOST_CONSEQUENCES]],
        "more": max(0, len(caused) - MOST_CONSEQUENCES),
    }
    if until := health.muted_until(problem.id):
        row["muted_until"] = local_time(until)
    return row


def _named(homelab: HomelabData, problem: Problem, language: str) -> dict[str, Any]:
    data = problem_data(problem, homelab.health.page)
    message = unlinked(announce(problem, dt_util.now(), language))
    return {key: data[key] for key in ("id", "name", "severity", "url") if key in data} | {"message": message}


def _system(homelab: HomelabData, source: str) -> str | None:
    names = {hub.source: hub.name for hub in homelab.hubs} | {
        monitor.source: monitor.name for monitor in homelab.monitors
    }
    return names.get(source)
