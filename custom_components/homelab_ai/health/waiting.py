"""What waits for a person: it is listed, with where it is handled, and never handled here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..values.address import NO_ADDRESS, WebAddress


class WaitingKind(StrEnum):
    """Why it waits."""

    PROPOSAL = "proposal"
    """A change that we have proposed, which somebody is to review."""
    UPDATE = "update"
    """An update of a bot whose checks fail."""
    DEVICE = "device"
    """A device in the network that nobody has reviewed."""
    HABIT = "habit"
    """A habit that could become an automation."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person.

    `id` is unique within the homelab and stays; `name` is plain and bounded, see `health.problem.plain`, and
    `url` is the page where it is handled. A change has the `number` of its pull request, and as its `source`
    the repository's subentry.
    """

    id: str
    kind: WaitingKind
    name: str
    url: WebAddress = NO_ADDRESS
    since: datetime | None = None
    number: int | None = None
    source: str = ""
