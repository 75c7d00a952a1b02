"""What a person can send with a report: everything that explains a fault, and no secret."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sized
from dataclasses import asdict, fields, is_dataclass
from ipaddress import ip_address
from itertools import chain
import re
from typing import Any

from yarl import URL

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    CONF_API_KEY,
    CONF_PROMPT,
    CONF_URL,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry

from .const import CONF_CA_CERTIFICATE, CONF_HEADERS, DOMAIN
from .coordinator import HomelabConfigEntry, HubCoordinator, MonitorCoordinator
from .health.ledger import HealthData
from .health.problem import Severity
from .monitors import MONITORS, async_load, kind_of, settings_of
from .monitors.fields import Field, Privacy

# Of hubs and agents; systems know themselves which of their fields are private.
_ADDRESSES = (CONF_URL,)
_CREDENTIALS = (CONF_API_KEY,)
_REDACTED = (*_ADDRESSES, *_CREDENTIALS, CONF_CA_CERTIFICATE, CONF_HEADERS, CONF_PROMPT)

_AUTHORITY = re.compile(r"(?<=://)[^\s/?#\"'<>)]+")
_IP = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)|[\da-fA-F]*:[\da-fA-F:.]*(?:%\w+)?)")


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: HomelabConfigEntry
) -> dict[str, Any]:
    """Return the state of the whole homelab."""
    await async_load(hass)
    return {
        "data": _redacted(entry.data),
        "options": dict(entry.options),
        "subentries": [
            {
                "type": kind_of(subentry) or subentry.subentry_type,
                "title": subentry.title,
                "data": _redacted(settings_of(subentry)),
            }
            for subentry in entry.subentries.values()
        ],
        "hubs": [_hub(hub) for hub in _hubs(entry)],
        "monitors": [_monitor(monitor) for monitor in _monitors(entry)],
        "health": _health(entry.runtime_data.health.data) if _is_loaded(entry) else None,
        "habits": _habits(entry),
        "network": _network(entry),
        **_proposals(entry),
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: HomelabConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the state of one device: a hub's, a system's, the homelab's, or the settings of an agent's."""
    await async_load(hass)
    for hub in _hubs(entry):
        if hub.device_identifier in device.identifiers:
            return _hub(hub)
    for monitor in _monitors(entry):
        if monitor.device_identifier in device.identifiers:
            return _monitor(monitor)
    if _is_loaded(entry) and (DOMAIN, entry.entry_id) in device.identifiers:
        return _health(entry.runtime_data.health.data)
    for subentry in entry.subentries.values():
        if (DOMAIN, subentry.subentry_id) in device.identifiers:
            return {
                "type": kind_of(subentry) or subentry.subentry_type,
                "data": _redacted(settings_of(subentry)),
            }
    return {}


def _fields() -> Iterator[Field]:
    """Yield the fields of all kinds of systems, also of those that this homelab does not have.

    What is private of one is not shown of another either, whatever is left in its settings.
    """
    for monitor in MONITORS.values():
        yield from monitor.fields


def _redacted(data: Mapping[str, Any]) -> dict[str, Any]:
    keys = {*_REDACTED, *chain.from_iterable(field.redacted for field in _fields())}
    return async_redact_data(dict(data), keys)


def _hubs(entry: HomelabConfigEntry) -> tuple[HubCoordinator, ...]:
    """Return the hubs; an entry that could not be set up has none, and is asked for its diagnostics too."""
    return entry.runtime_data.hubs if _is_loaded(entry) else ()


def _monitors(entry: HomelabConfigEntry) -> tuple[MonitorCoordinator, ...]:
    return entry.runtime_data.monitors if _is_loaded(entry) else ()


def _is_loaded(entry: HomelabConfigEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED


def _hub(hub: HubCoordinator) -> dict[str, Any]:
    data = hub.data
    state = asdict(data.state)
    del state["_by_name"]  # an index of what is listed
    state["problem"] = _without_secrets(hub.config_entry, data.state.problem)
    state["details"] = {
        digest: {"capabilities": sorted(detail.capabilities), "context_length": detail.context_length}
        for digest, detail in data.state.details.items()
    }
    return {
        "name": hub.name,
        "offline_since": data.offline_since,
        "answers_anybody": data.answers_anybody,
        "state": state,
        "measurements": asdict(data.measurements),
        "findings": [asdict(finding) for finding in data.findings],
    }


def _monitor(coordinator: MonitorCoordinator) -> dict[str, Any]:
    """Return how a system is; of what it says only how much, for that tells of somebody's house."""
    monitor, data = coordinator.monitor, coordinator.data
    problems = coordinator.problems({}) or {}
    return {
        "kind": monitor.kind,
        "settings": _redacted(monitor.settings.data),
        "online": coordinator.online,
        "failure": _without_secrets(coordinator.config_entry, coordinator.failure),
        "version": None if data is None else monitor.version(data),
        "data": _counts(data),
        "not_seen": [f"{unseen.unseen.part} ({unseen.unseen.reason})" for unseen in coordinator.not_seen()],
        **({} if data is None else monitor.remarks(data)),
        "forbidden": sorted(str(other) for other in getattr(data, "forbidden", ())),
        "problems": sorted(problem.kind for problem in problems.values()),
    }


def _counts(data: object) -> dict[str, int]:
    """Return how many there are of what there may be many of; 1 or 0 for what else is there or not."""
    if not is_dataclass(data):
        return {}
    return {field.name: _count(getattr(data, field.name)) for field in fields(data)}


def _count(value: object) -> int:
    if isinstance(value, int):
        return value
    return len(value) if isinstance(value, Sized) and not isinstance(value, str) else int(value is not None)


def _health(data: HealthData) -> dict[str, Any]:
    return {
        "health": data.health.value,
        "problems": {severity.value: data.count(severity) for severity in Severity},
        "muted": len(data.muted),
        "not_seen": sorted({f"{unseen.unseen.part} ({unseen.unseen.reason})" for unseen in data.not_seen}),
        "consequences": sum(len(group) for group in data.consequences.values()),
    }


def _proposals(entry: HomelabConfigEntry) -> dict[str, Any]:
    """Return what became of proposals, where there is a forge; not what was said, asked or changed."""
    proposals = entry.runtime_data.proposals if _is_loaded(entry) else None
    if proposals is None:
        return {}
    return {
        "proposals": [
            {
                "at": record.at.isoformat(),
                "change": record.change,
                "status": record.status.value,
                "reason": record.reason,
                "asked_by": record.asked_by,
                "model": record.model,
                "exchanges": len(record.exchanges),
            }
            for record in proposals.records[-50:]
        ]
    }


def _habits(entry: HomelabConfigEntry) -> dict[str, Any] | None:
    """Return how much is known of habits, and nothing of what they are: that is nobody else's business."""
    habits = entry.runtime_data.habits if _is_loaded(entry) else None
    if habits is None:
        return None
    return {
        "actions": len(habits.log),
        "days": round((habits.log.until - habits.log.since) / 86_400) if habits.log.since else 0,
        "recorder": habits.is_recording,
        "calls_recorded": habits.sees_calls,
        "offers": dict(Counter(f"{offer.habit.kind} {offer.state}" for offer in habits.offers)),
    }


def _network(entry: HomelabConfigEntry) -> dict[str, Any] | None:
    """Return how much is known of the network, and nothing of whose devices these are."""
    network = entry.runtime_data.network if _is_loaded(entry) else None
    return None if network is None else network.redacted


def _without_secrets(entry: HomelabConfigEntry, problem: str | None) -> str | None:
    """Return what a system said without what it was told, for some proxies repeat the key they refuse.

    Nor with addresses: of the whole homelab, for one system may name another, and those that names stand for.
    """
    if problem is None:
        return None
    secrets = {secret for data in _connections(entry) for secret in _secrets(data)}
    # The longest first: a part of it may be another one.
    known = "|".join(re.escape(secret) for secret in sorted(secrets, key=len, reverse=True))
    problem = re.sub(known or r"(?!)", REDACTED, problem, flags=re.IGNORECASE)
    return _IP.sub(_redacted_ip, _AUTHORITY.sub(REDACTED, problem))


def _redacted_ip(found: re.Match[str]) -> str:
    """Return a placeholder for an address, and what only looks like one, as a time does, as it is."""
    # A sentence or a port may follow.
    address = found[0].rstrip(".:")
    try:
        ip_address(address)
    except ValueError:
        return found[0]
    return REDACTED + found[0].removeprefix(address)


def _connections(entry: HomelabConfigEntry) -> Iterator[Mapping[str, Any]]:
    yield entry.data
    for subentry in entry.subentries.values():
        yield subentry.data


def _secrets(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the secrets of a connection, and the addresses, which tell where somebody lives."""
    fields = tuple(_fields())
    addresses = {*_ADDRESSES, *(field.key for field in fields if field.privacy is Privacy.ADDRESS)}
    credentials = {*_CREDENTIALS, *(field.key for field in fields if field.lets_in)}
    urls = [URL(data[key]) for key in addresses if data.get(key)]
    for value in (
        *(data.get(key) for key in credentials),
        *data.get(CONF_HEADERS, {}).values(),
        *(part for url in urls for part in (url.host, url.raw_host, url.user, url.password)),
    ):
        if value:
            yield str(value)
