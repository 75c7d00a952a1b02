"""What is heard of the network, as questions about it are answered from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that waits for a person's word; `vendor` is empty where it is not known."""

    name: str
    vendor: str
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Network:
    """What is heard of the network.

    `present` is how many devices there are at least, None where nobody could tell. `coverage` returns what is
    seen and what is not, in a language.
    """

    present: int | None
    new: Sequence[NewDevice]
    coverage: Callable[[str], str]
