"""What the watched resources say of one noun, made anew only when they have changed."""

from collections.abc import Callable
import time
from typing import Any

from ...api.kubernetes.watch import Watched

JUDGED_ANEW = 30.0
"""Seconds after which what depends on the time is judged anew, though nothing has changed."""


class View[ValueT]:
    """One noun of the cluster, made of some watched resources; `by_clock` where the time matters, too."""

    def __init__(
        self,
        make: Callable[[], ValueT],
        *watched: Watched[Any, Any],
        by_clock: bool = False,
        also: tuple[Watched[Any, Any], ...] = (),
    ) -> None:
        """`make` is called once for every change of what is watched; `also` does not make it known."""
        self._make = make
        self._watched = watched
        self._also = also
        self._by_clock = by_clock
        self._made_of: tuple[int, ...] | None = None
        self._value: ValueT | None = None

    def now(self) -> ValueT | None:
        """Return what is known now, None where the cluster does not have it or does not show it."""
        slot = int(time.monotonic() / JUDGED_ANEW) if self._by_clock else 0
        made_of = (slot, *(other.revision for other in (*self._watched, *self._also)))
        if made_of != self._made_of:
            self._value = self._make() if any(watched.known for watched in self._watched) else None
            self._made_of = made_of
        return self._value
