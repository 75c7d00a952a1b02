"""What the cards show: a subscription each, bounded, in the language of who looks."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from heapq import nsmallest
from math import inf
from typing import Any

import voluptuous as vol

from homeassistant.components import websocket_api
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.json import json_bytes
from homeassistant.util import dt as dt_util

from ..agent.unlinked import unlinked
from ..assistant.listing import local_time
from ..const import DOMAIN
from ..coordinator import HomelabConfigEntry, HomelabData
from ..events import problem_data
from ..health.problem import Problem
from ..health.waiting import Waiting
from ..language.briefing import announce
from ..language.waiting import waiting_line

MOST_SHOWN = 50
MOST_MUTED = 10
MOST_CONSEQUENCES = 5
MAX_BYTES = 50_000
_ENVELOPE = 500
"""Bytes of a message beside its rows."""

type _Send = Callable[[dict[str, Any]], None]
type _Show = Callable[..., dict[str, Any]]
type _Listen = Callable[[HomelabData, CALLBACK_TYPE], CALLBACK_TYPE]


def _subscribe(topic: str, show: _Show, listen: _Listen) -> Any:
    """Return the command that sends what there is now, and again whenever that changes.

    Everybody who may log in may see it.
    """

    @callback
    def subscribe(
        hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
    ) -> None:
        entry = _entry(hass, msg.get(ATTR_CONFIG_ENTRY_ID))
        if entry is None:
            connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "There is no such homelab")
            return
        connection.send_result(msg["id"])
        feed = Feed(
            entry,
            partial(show, hass, language=msg.get("language", hass.config.language)),
            listen,
            lambda shown: connection.send_message(websocket_api.event_message(msg["id"], shown)),
        )
        connection.subscriptions[msg["id"]] = feed.close

    schema: dict[Any, Any] = {
        vol.Required("type"): f"{DOMAIN}/subscribe_{topic}",
        vol.Optional(ATTR_CONFIG_ENTRY_ID): str,
        vol.Optional("language"): vol.All(str, vol.Length(max=35)),
    }
    return websocket_api.websocket_command(schema)(subscribe)


class Feed:
    """What one card is sent, across reloads of its homelab."""

    def __init__(
        self,
        entry: HomelabConfigEntry,
        show: Callable[[HomelabData], dict[str, Any]],
        listen: _Listen,
        send: _Send,
    ) -> None:
        """Send what there is at once."""
        self._entry = entry
        self._content = show
        self._listen = listen
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
            self._unlisten = self._listen(self._entry.runtime_data, self._show)
        self._show()

    def _ignore(self) -> None:
        if self._unlisten is not None:
            self._unlisten()
            self._unlisten = None

    @callback
    def _show(self) -> None:
        is_loaded = self._entry.state is ConfigEntryState.LOADED
        shown = {"loaded": is_loaded, **(self._content(self._entry.runtime_data) if is_loaded else {})}
        if shown != self._sent:
            self._sent = shown
            self._send(shown)


def _entry(hass: HomeAssistant, entry_id: str | None) -> HomelabConfigEntry | None:
    """Return the homelab that was named, else the first."""
    entries: Sequence[HomelabConfigEntry] = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    return next((entry for entry in entries if entry_id in (None, entry.entry_id)), None)


def _problems(hass: HomeAssistant, homelab: HomelabData, *, language: str) -> dict[str, Any]:
    """Return the state, the worst problems and some of the muted ones, in fewer than MAX_BYTES.

    `total` and `muted_total` count all of them.
    """
    data = homelab.health.data
    worst = nsmallest(MOST_SHOWN, data.problems, key=partial(_urgency, homelab))
    rows = (_row(homelab, problem, language) for problem in worst)
    problems, left = _fitting(rows, MAX_BYTES - _ENVELOPE)
    muted_rows = (_row(homelab, problem, language) for problem in data.muted[:MOST_MUTED])
    muted, _ = _fitting(muted_rows, left)
    return {
        "health": data.health.value,
        "total": len(data.problems),
        "problems": problems,
        "muted_total": len(data.muted),
        "muted": muted,
    }


def _urgency(homelab: HomelabData, problem: Problem) -> tuple[int, float]:
    """Return where a problem stands: the worst first, the oldest first among equals."""
    since = homelab.health.since(problem)
    return problem.severity.rank, since.timestamp() if since else inf


def _inbox(hass: HomeAssistant, homelab: HomelabData, *, language: str) -> dict[str, Any]:
    """Return what waits for a person, in fewer than MAX_BYTES; None where that is not known."""
    items = homelab.inbox.items()
    if items is None:
        return {"total": 0, "waiting": None}
    entry_id = homelab.health.config_entry.entry_id
    rows = (_waiting(hass, entry_id, item, language) for item in items[:MOST_SHOWN])
    waiting, _ = _fitting(rows, MAX_BYTES - _ENVELOPE)
    return {"total": len(items), "waiting": waiting}


def _waiting(hass: HomeAssistant, entry_id: str, item: Waiting, language: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": item.id,
        "message": unlinked(waiting_line(item, language)),
        "since": local_time(item.since) if item.since else None,
    }
    if item.url:
        row["url"] = item.url
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, item.source), entry_id)
    if item.number is not None and device is not None:
        row["change"] = {"number": item.number, "source": [device.id]}
    return row


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
    data = problem_data(problem, homelab.health.page, language)
    message = unlinked(announce(problem, dt_util.now(), language))
    return {key: data[key] for key in ("id", "name", "severity", "url") if key in data} | {"message": message}


def _system(homelab: HomelabData, source: str) -> str | None:
    names = {hub.source: hub.name for hub in homelab.hubs} | {
        monitor.source: monitor.name for monitor in homelab.monitors
    }
    return names.get(source)


subscribe_problems = _subscribe(
    "problems", _problems, lambda homelab, changed: homelab.health.async_add_listener(changed)
)
subscribe_inbox = _subscribe(
    "inbox", _inbox, lambda homelab, changed: homelab.inbox.async_add_listener(changed)
)
