"""What could not be looked at: no one may say that it is well, nor that it is not."""

from dataclasses import dataclass
from enum import StrEnum

SYSTEM = "system"
"""The part that stands for a whole system."""


class Reason(StrEnum):
    """Why something is not seen."""

    FORBIDDEN = "forbidden"
    """We may not look at it."""
    FAILED = "failed"
    """It did not answer, or not in a way that can be read, or not for too long."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part of a system that could not be looked at.

    `part` is a key of a language's parts; `name` tells it from others of its kind, as a query's does. Where
    it is not `essential`, no problem can hide behind it, or the system does not have it at all.
    """

    part: str
    reason: Reason = Reason.FAILED
    name: str = ""
    essential: bool = True


@dataclass(frozen=True, slots=True)
class NotSeen:
    """What is not seen of a homelab: a part, or all, of the system `system`, whose id is `source`."""

    source: str
    system: str
    unseen: Unseen

    @property
    def is_whole(self) -> bool:
        """Return whether nothing of the system is seen."""
        return self.unseen.part == SYSTEM
