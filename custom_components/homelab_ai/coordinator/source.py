"""A source of problems: what the health of the homelab is made of."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol

from homeassistant.core import CALLBACK_TYPE

from ..health.problem import Problem
from ..health.unseen import NotSeen


class Source(Protocol):
    """A coordinator that tells of problems: a hub, a system, the network."""

    name: str
    last_update_success: bool

    @property
    def source(self) -> str:
        """Return what its problems name as their source."""

    @property
    def update_interval(self) -> timedelta | None:
        """Return how often it is looked at, None where that is not by the clock."""

    def problems(self, known: Mapping[str, Problem]) -> Mapping[str, Problem] | None:
        """Return what is wrong, by id; None before anything is known. `known` was wrong before a restart."""

    def not_seen(self) -> tuple[NotSeen, ...]:
        """Return what of it is not seen."""

    def async_add_listener(self, update_callback: CALLBACK_TYPE, context: Any = None) -> Callable[[], None]:
        """Call the listener after each look; return what ends that."""
