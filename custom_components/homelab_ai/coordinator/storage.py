"""What is kept on the disk: a file that cannot be read starts empty, and takes nothing else down."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER

UNREADABLE = ".unreadable"
"""What the name of a file ends in that was put aside."""


class Saver:
    """Saves a store some seconds after something has changed, once: put off each time it would never be."""

    def __init__(
        self, store: Store[dict[str, Any]], delay: float, content: Callable[[], dict[str, Any]]
    ) -> None:
        """`content` returns what is to be saved; it may run in a thread."""
        self._store = store
        self._delay = delay
        self._content = content
        self._is_saving = False

    def soon(self) -> None:
        """Save a little later."""
        if not self._is_saving:
            self._is_saving = True
            self._store.async_delay_save(self._saved, self._delay)

    def sooner(self, delay: float) -> None:
        """Save after this time, which is shorter; whatever was to be saved is saved with it."""
        self._store.async_delay_save(self._saved, delay)

    def _saved(self) -> dict[str, Any]:
        self._is_saving = False
        return self._content()


async def load[LoadedT](
    hass: HomeAssistant, store: Store[dict[str, Any]], parse: Callable[[Any], LoadedT]
) -> LoadedT:
    """Return what is made of a file; of one that cannot be read, what is made of none.

    It is put aside then, for whoever wants to know what was in it. `parse` runs in a thread: a file may have
    thousands of entries.
    """
    try:
        return await hass.async_add_executor_job(parse, _mapping(await store.async_load()))
    except Exception as err:  # noqa: BLE001 - whatever is in a file, it must not keep a homelab from loading
        kept = await hass.async_add_executor_job(_put_aside, Path(store.path))
        LOGGER.warning(
            "%s cannot be read (%s) and starts empty%s",
            store.key,
            type(err).__name__,
            f"; see {kept}" if kept else "",
        )
        return await hass.async_add_executor_job(parse, None)


def _mapping(stored: object) -> Mapping[str, Any] | None:
    if stored is not None and not isinstance(stored, dict):
        raise TypeError(f"expected an object, not {type(stored).__name__}")
    return stored


def _put_aside(path: Path) -> str | None:
    """Rename what is there, a directory too; the copy of the time before is replaced."""
    target = path.with_name(path.name + UNREADABLE)
    with suppress(OSError):
        path.replace(target)
        return str(target)
    return None


def habits_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the habits of a homelab are kept; here, for their room may not be imported."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}.habits", private=True, serialize_in_event_loop=False)


def network_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the devices of a network are kept; here, for their room may not be imported."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}.network", private=True, serialize_in_event_loop=False)


def proposals_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the proposals of a homelab are kept; here, for their room may not be imported."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}.proposals", private=True, serialize_in_event_loop=False)
