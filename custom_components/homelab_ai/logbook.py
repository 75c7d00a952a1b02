"""What the logbook says of the homelab: what is wrong and well again, of hubs, and what else happened."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_ICON,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN
from .events import EVENT_HAPPENED, EVENT_HUB, EVENT_PROBLEM, homelab_of
from .health.ledger import ChangeKind
from .language.happenings import hub_happening

_WRONG, _WELL, _HUB, _HAPPENED = "mdi:alert-circle", "mdi:check-circle", "mdi:robot", "mdi:history"

type Described = dict[str, Any]


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[LazyEventPartialState | Event], Described]], None],
) -> None:
    """Say what the integration's events mean, in the language of the house."""

    @callback
    def problem(event: LazyEventPartialState | Event) -> Described:
        """Tell which problem came or went: its sentence was composed as it did."""
        icon = _WELL if event.data.get("type") == ChangeKind.RESOLVED else _WRONG
        described = _of_homelab(event, icon)
        return {**described, LOGBOOK_ENTRY_ENTITY_ID: event.data.get(ATTR_ENTITY_ID)}

    @callback
    def hub(event: LazyEventPartialState | Event) -> Described:
        """Tell that a hub came on or went off, or what it loaded."""
        data = event.data
        message = hub_happening(str(data["type"]), str(data.get("model", "")), hass.config.language)
        return {
            LOGBOOK_ENTRY_NAME: data.get("name"),
            LOGBOOK_ENTRY_MESSAGE: message,
            LOGBOOK_ENTRY_ICON: _HUB,
        }

    @callback
    def happened(event: LazyEventPartialState | Event) -> Described:
        """Tell what else happened."""
        return _of_homelab(event, _HAPPENED)

    def _of_homelab(event: LazyEventPartialState | Event, icon: str) -> Described:
        entry = homelab_of(hass, str(event.data.get("source", "")))
        return {
            LOGBOOK_ENTRY_NAME: entry.title if entry else "Homelab AI",
            LOGBOOK_ENTRY_MESSAGE: str(event.data.get("message", "")).removesuffix("."),
            LOGBOOK_ENTRY_ICON: icon,
        }

    for event_type, describe in ((EVENT_PROBLEM, problem), (EVENT_HUB, hub), (EVENT_HAPPENED, happened)):
        async_describe_event(DOMAIN, event_type, describe)
