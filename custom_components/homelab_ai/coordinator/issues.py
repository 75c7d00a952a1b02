"""Repairs: each belongs to its homelab, where Home Assistant knows that of a repair."""

import inspect
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN

# Since 2026.11; Home Assistant then takes a repair away with its entry.
_KNOWS_ENTRIES = "config_entry_id" in inspect.signature(ir.async_create_issue).parameters


def raise_issue(hass: HomeAssistant, entry_id: str, issue_id: str, **facts: Any) -> None:
    """Raise a repair of a homelab, or replace the one with this id; `facts` as `ir.async_create_issue`."""
    if _KNOWS_ENTRIES and hass.config_entries.async_get_entry(entry_id):
        facts["config_entry_id"] = entry_id
    ir.async_create_issue(hass, DOMAIN, issue_id, **facts)
