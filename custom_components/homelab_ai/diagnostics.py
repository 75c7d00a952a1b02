"""What a person can send with a report: everything that explains a fault, and no secret."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from yarl import URL

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_PROMPT, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry

from .const import CONF_CA_CERTIFICATE, CONF_HEADERS, DOMAIN
from .coordinator import HomelabConfigEntry, HubCoordinator

_REDACTED = {CONF_API_KEY, CONF_CA_CERTIFICATE, CONF_HEADERS, CONF_PROMPT, CONF_URL}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: HomelabConfigEntry
) -> dict[str, Any]:
    """Return the state of the whole homelab."""
    return {
        "data": async_redact_data(dict(entry.data), _REDACTED),
        "options": dict(entry.options),
        "subentries": [
            {
                "type": subentry.subentry_type,
                "title": subentry.title,
                "data": async_redact_data(dict(subentry.data), _REDACTED),
            }
            for subentry in entry.subentries.values()
        ],
        "hubs": [_hub(hub) for hub in _hubs(entry)],
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: HomelabConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the state of one device: a hub's, or the settings of an agent's."""
    for hub in _hubs(entry):
        if hub.device_identifier in device.identifiers:
            return _hub(hub)
    for subentry in entry.subentries.values():
        if (DOMAIN, subentry.subentry_id) in device.identifiers:
            return {
                "type": subentry.subentry_type,
                "data": async_redact_data(dict(subentry.data), _REDACTED),
            }
    return {}


def _hubs(entry: HomelabConfigEntry) -> tuple[HubCoordinator, ...]:
    """Return the hubs; an entry that could not be set up has none, and is asked for its diagnostics too."""
    return entry.runtime_data.hubs if entry.state is ConfigEntryState.LOADED else ()


def _hub(hub: HubCoordinator) -> dict[str, Any]:
    data = hub.data
    state = asdict(data.state)
    state["problem"] = _without_secrets(hub, data.state.problem)
    state["details"] = {
        digest: {"capabilities": sorted(one.capabilities), "context_length": one.context_length}
        for digest, one in data.state.details.items()
    }
    return {
        "name": hub.name,
        "offline_since": data.offline_since,
        "state": state,
        "measurements": asdict(data.measurements),
        "findings": [asdict(finding) for finding in data.findings],
    }


def _without_secrets(hub: HubCoordinator, problem: str | None) -> str | None:
    """Return what a system said without what it was told: some proxies repeat the key they refuse."""
    if problem is None:
        return None
    entry = hub.config_entry
    data = entry.subentries[hub.subentry_id].data if hub.subentry_id else entry.data
    for secret in _secrets(data):
        problem = problem.replace(secret, REDACTED)
    return problem


def _secrets(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the secrets of a connection, and the address, which tells where somebody lives."""
    url = URL(data[CONF_URL])
    for value in (
        data.get(CONF_API_KEY),
        *data.get(CONF_HEADERS, {}).values(),
        url.host,
        url.user,
        url.password,
    ):
        if value:
            yield str(value)
