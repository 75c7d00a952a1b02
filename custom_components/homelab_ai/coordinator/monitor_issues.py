"""The repairs of a monitor whose credential is refused, or will be soon."""

from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN

MONITOR_REJECTED = "monitor_rejected"
MONITOR_EXPIRES = "monitor_expires"
AHEAD = timedelta(days=14)
"""How long before its credential ends a person is told."""


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


def monitor_expires(  # noqa: PLR0917 - who, where and when
    hass: HomeAssistant, entry_id: str, source: str, name: str, at: datetime | None, now: datetime
) -> None:
    """Raise the repair for a credential that ends within two weeks, or take it back."""
    if at is None or at - now > AHEAD:
        ir.async_delete_issue(hass, DOMAIN, f"{MONITOR_EXPIRES}_{source}")
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{MONITOR_EXPIRES}_{source}",
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=MONITOR_EXPIRES,
        translation_placeholders={"system": name, "date": f"{at:%Y-%m-%d}"},
        data={
            "kind": MONITOR_EXPIRES,
            "entry_id": entry_id,
            "source": source,
            "system": name,
            "date": f"{at:%Y-%m-%d}",
        },
    )
