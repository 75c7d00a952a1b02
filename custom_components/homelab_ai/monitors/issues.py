"""The repair of a monitor whose credential is refused."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN

_KEY = "monitor_rejected"


def monitor_rejected(hass: HomeAssistant, source: str, name: str) -> None:
    """Raise the repair."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{_KEY}_{source}",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=_KEY,
        translation_placeholders={"system": name},
    )


def monitor_accepted(hass: HomeAssistant, source: str) -> None:
    """Take the repair back."""
    ir.async_delete_issue(hass, DOMAIN, f"{_KEY}_{source}")
