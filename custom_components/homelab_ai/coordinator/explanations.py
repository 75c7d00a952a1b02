"""What the hub's models have explained before, kept over restarts, so that they are asked once."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..health.explanations import Explanation, Explanations
from ..hub.pool import PoolClosedError
from .storage import load

_SAVE_DELAY = 30.0


def explanations_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the explanations of a homelab are kept."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}.explanations", serialize_in_event_loop=False)


class RememberedExplanations:
    """What models said about the problems of a homelab, kept over restarts."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Remember nothing yet."""
        self._hass = hass
        self._entry = entry
        self._store = explanations_store(hass, entry.entry_id)
        self._known = Explanations()
        self._asked: dict[str, asyncio.Task[Explanation]] = {}

    async def async_load(self) -> None:
        """Remember what was said before the restart."""
        self._known = await load(self._hass, self._store, Explanations)

    async def async_save(self) -> None:
        """Save what there is."""
        if self._known:
            await self._store.async_save(self._known.as_stored())

    def find(self, key: str) -> Explanation | None:
        """Return what is remembered under a key, None where that is nothing."""
        return self._known.find(key, dt_util.utcnow())

    async def get(
        self, key: str, ask: Callable[[], Coroutine[Any, Any, Explanation]], patience: float
    ) -> Explanation | None:
        """Return what is remembered under a key, else what `ask` returns; it runs once for all who wait.

        None where it takes more than `patience` seconds: it goes on, and is remembered for the next who
        asks. Raises what `ask` raises, PoolClosedError where the homelab is unloaded meanwhile.
        """
        if explanation := self.find(key):
            return explanation
        task = self._asked.get(key)
        if task is None:
            asking = self._ask(key, ask)
            task = self._entry.async_create_background_task(self._hass, asking, f"explain {key}")
            self._asked[key] = task
            task.add_done_callback(partial(self._answered, key))
        await asyncio.wait((task,), timeout=patience)
        if not task.done():
            return None
        if task.cancelled():
            raise PoolClosedError("the homelab was unloaded")
        return task.result()

    async def _ask(self, key: str, ask: Callable[[], Coroutine[Any, Any, Explanation]]) -> Explanation:
        explanation = await ask()
        self._known.remember(key, explanation)
        self._store.async_delay_save(self._known.as_stored, _SAVE_DELAY)
        return explanation

    def _answered(self, key: str, task: asyncio.Task[Explanation]) -> None:
        del self._asked[key]
        if not task.cancelled():
            task.exception()  # whoever still waits raises it; nobody may
