"""An action: that something in the house was changed, and by whom. Nobody is named."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """What made a state change, as far as the recorder tells."""

    PERSON = "person"
    """Somebody who is logged in, in an app or in the browser."""
    APP = "app"
    """A call without a person: a voice satellite, HomeKit, code of an integration."""
    HAND = "hand"
    """No call at all: the switch on the wall, or the device itself."""
    SCRIPT = "script"
    """A script that was started; what was done is that script, not what it switched."""
    AUTOMATION = "automation"
    """An automation that followed another state: the change has a parent."""
    SCHEDULE = "schedule"
    """An automation by time, sun or an event: only its own event tells it from a person."""

    @property
    def is_manual(self) -> bool:
        """Return whether somebody wanted it at this moment."""
        return self in _MANUAL

    @property
    def is_automated(self) -> bool:
        """Return whether the house did it by itself."""
        return self in _AUTOMATED


_MANUAL = frozenset((Cause.PERSON, Cause.APP, Cause.HAND))
_AUTOMATED = frozenset((Cause.AUTOMATION, Cause.SCHEDULE))


@dataclass(frozen=True, slots=True)
class Action:
    """A change of an entity to a state at a moment, in seconds since 1970.

    `by` is the automation that did it, empty where none did or it is not known.
    """

    at: int
    entity: str
    state: str
    cause: Cause
    by: str = ""

    @property
    def key(self) -> Key:
        """Return what was done, without when."""
        return (self.entity, self.state)


type Key = tuple[str, str]
"""An entity and a state that it was brought to."""
