"""Totals that outlive a restart, also one that nobody could prepare for.

Home Assistant saves what it restores every quarter of an hour. A total that falls back to that is taken for a
new meter, and what it counts from then on is counted twice in the statistics.
"""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..values.number import Whole, whole
from .storage import load

SAVE_DELAY = 5.0


class Totals:
    """The totals of a homelab's hubs, by source and key."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Know nothing yet."""
        self._hass = hass
        self._store = totals_store(hass, entry_id)
        self._known: dict[str, dict[str, Whole]] = {}

    async def async_load(self) -> None:
        """Remember what was counted before the restart."""
        self._known = await load(self._hass, self._store, _read)

    def find(self, source: str, key: str) -> Whole | None:
        """Return a total, None where it was never kept."""
        return self._known.get(source, {}).get(key)

    def keep(self, source: str, key: str, total: Whole) -> None:
        """Keep a total; it is on the disk within seconds."""
        if self.find(source, key) != total:
            self._known.setdefault(source, {})[key] = total
            self._store.async_delay_save(self._as_stored, SAVE_DELAY)

    async def async_close(self) -> None:
        """Save what there is."""
        if self._known:
            await self._store.async_save(self._as_stored())

    def _as_stored(self) -> dict[str, Any]:
        return {source: dict(totals) for source, totals in self._known.copy().items()}


def _read(stored: Mapping[str, Any] | None) -> dict[str, dict[str, Whole]]:
    return {
        source: {key: number for key, value in totals.items() if (number := whole(value)) is not None}
        for source, totals in (stored or {}).items()
        if isinstance(totals, dict)
    }


def totals_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the totals of a homelab are kept."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}.totals", serialize_in_event_loop=False)
