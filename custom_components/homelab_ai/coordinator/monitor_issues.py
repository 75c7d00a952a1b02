"""The repair of a monitor whose credential is refused."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN

MONITOR_REJECTED = "monitor_rejected"


def monitor_rejected(hass: HomeAssistant, entry_id: str, source: str, name: str) -> None:
    """Raise the repair; its flow asks for another credential."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{MONITOR_REJECTED}_{source}",
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=MONITOR_REJECTED,
        translation_placeholders={"system": name},
        data={"kind": MONITOR_REJECTED, "entry_id": entry_id, "source": source, "system": name},
    )


def monitor_accepted(hass: HomeAssistant, source: str) -> None:
    """Take the repair back."""
    ir.async_delete_issue(hass, DOMAIN, f"{MONITOR_REJECTED}_{source}")
