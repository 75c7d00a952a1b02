"""The repairs of a monitor whose credential is refused, or will be soon."""

from collections.abc import Collection
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..monitors.monitor import Advice
from .issues import raise_issue

MONITOR_REJECTED = "monitor_rejected"
MONITOR_EXPIRES = "monitor_expires"
ADVICE = frozenset(("forge_archived", "forge_read_only", "forge_may_merge"))
"""The keys of what systems advise."""
ADVICE_PAGE = "https://github.com/homelab-ai/homelab-ai/blob/main/docs/gateway.md"
AHEAD = timedelta(days=14)
"""How long before its credential ends a person is told."""


def monitor_rejected(hass: HomeAssistant, entry_id: str, source: str, name: str) -> None:
    """Raise the repair; its flow asks for another credential."""
    raise_issue(
        hass,
        entry_id,
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


def monitor_advises(
    hass: HomeAssistant, entry_id: str, source: str, name: str, advice: Collection[Advice]
) -> None:
    """Raise a repair for everything that a person should set otherwise, and take back all others."""
    keys = {other.key for other in advice}
    for (domain, issue_id), issue in list(ir.async_get(hass).issues.items()):
        if domain == DOMAIN and issue_id.endswith(f"_{source}") and issue.translation_key in ADVICE - keys:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
    for item in advice:
        raise_issue(
            hass,
            entry_id,
            f"{item.key}_{source}",
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            learn_more_url=ADVICE_PAGE,
            translation_key=item.key,
            translation_placeholders={"system": name, **item.names},
        )


def monitor_expires(  # noqa: PLR0917 - who, where and when
    hass: HomeAssistant, entry_id: str, source: str, name: str, at: datetime | None, now: datetime
) -> None:
    """Raise the repair for a credential that ends within two weeks, or take it back."""
    if at is None or at - now > AHEAD:
        ir.async_delete_issue(hass, DOMAIN, f"{MONITOR_EXPIRES}_{source}")
        return
    raise_issue(
        hass,
        entry_id,
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
