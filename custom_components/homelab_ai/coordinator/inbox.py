"""The inbox: what waits for a person, of all that know of something."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from homeassistant.core import CALLBACK_TYPE, callback

from ..health.waiting import Waiting
from ..monitors.capabilities import TellsWaiting
from .monitor import MonitorCoordinator

MOST_LISTED = 100

type Source = Callable[[], Iterable[Waiting] | None]
"""Returns what waits now, None while that is not known. Asked only when somebody looks."""


class Inbox:
    """What waits for a person. Whoever knows of something adds a source, and says when it has changed."""

    def __init__(self, monitors: Iterable[MonitorCoordinator] = ()) -> None:
        """Ask those of the systems that can have something waiting."""
        self._sources: list[Source] = []
        self._systems: list[Source] = []
        self._listeners: list[CALLBACK_TYPE] = []
        self._unlisten: list[CALLBACK_TYPE] = []
        self.ask(monitors)

    def ask(self, monitors: Iterable[MonitorCoordinator]) -> None:
        """Ask those of these systems that can have something waiting, and none of those before."""
        self._ignore()
        for monitor in monitors:
            if isinstance(monitor.monitor, TellsWaiting):
                self._systems.append(_source(monitor, monitor.monitor))
                self._unlisten.append(monitor.async_add_listener(self.changed))
        self.changed()

    def add(self, source: Source) -> CALLBACK_TYPE:
        """Ask this one, too; return what ends that."""
        self._sources.append(source)
        self.changed()
        return lambda: self._sources.remove(source)

    @callback
    def changed(self) -> None:
        """Tell who shows the inbox that a source may have something else now."""
        for listener in tuple(self._listeners):
            listener()

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call the listener whenever something may have changed; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def items(self) -> tuple[Waiting, ...] | None:
        """Return what waits, each once; None where nothing is known to wait, but not all could be asked."""
        told = [source() for source in (*self._systems, *self._sources)]
        known = {item.id: item for items in told if items is not None for item in islice(items, MOST_LISTED)}
        if not known and None in told:
            return None
        return tuple(islice(known.values(), MOST_LISTED))

    def close(self) -> None:
        """Ask nobody any more."""
        self._ignore()
        self._sources.clear()

    def _ignore(self) -> None:
        self._systems.clear()
        while self._unlisten:
            self._unlisten.pop()()


def _source(coordinator: MonitorCoordinator, monitor: TellsWaiting[Any]) -> Source:
    # What it said last stands while it does not answer.
    return lambda: None if coordinator.data is None else monitor.waiting(coordinator.data)
