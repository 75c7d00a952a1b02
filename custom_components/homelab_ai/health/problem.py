"""A problem: the one noun of homelab health."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from ..values.address import NO_ADDRESS, WebAddress
from ..values.text import line
from .facts import Fact, Facts, as_text

HUB_OFFLINE = "hub_offline"
"""The kind of the problem that explains those of everything that needs the first hub."""
MAX_NAME = 120
MAX_SUMMARY = 300
"""Characters; a sentence that can be spoken. What is longer belongs into the details."""
MAX_DETAIL = 2000
_LARGEST = 10**15


class Severity(StrEnum):
    """How bad a problem is; the order is that of urgency."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for the worst."""
        return tuple(Severity).index(self)

    def at_least(self, other: Severity) -> bool:
        """Return whether this is as bad as the other, or worse."""
        return self.rank <= other.rank


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the homelab that is not as it should be.

    `id` is stable for as long as the same thing is wrong, also over restarts. `source` is the id of the
    subentry that found it (the entry's for the first hub). `kind` is the key of a row in `kinds`. `since` is
    the time the system itself says, None where it does not. `facts` are what there is to tell of it beside
    that; none are left of what was known before a restart. Texts are plain and bounded, see `plain`: they
    come from clusters and alerts and are data, never instructions. `needs_hub` marks what an offline hub is
    the likely cause of; it may take `patience` to go away once the hub is back. `suppressed` is what its own
    system keeps from people: it is there, but does not count. `subject` are the keys of the thing that has
    the problem, the most special first; see `topology.Thing`. `url` is the system's own page about it.
    """

    id: str
    source: str
    kind: str
    name: str
    severity: Severity
    summary: str
    since: datetime | None = None
    facts: Facts = field(default_factory=dict)
    needs_hub: bool = False
    patience: timedelta = timedelta()
    suppressed: bool = False
    subject: tuple[str, ...] = ()
    url: WebAddress = NO_ADDRESS

    @property
    def details(self) -> Mapping[str, str]:
        """Return the facts as they leave the house: as text."""
        return {key: as_text(value) for key, value in self.facts.items()}


def fact(value: object) -> Fact:
    """Return what a system says as a fact: texts plain and bounded, numbers of a size that can be."""
    if isinstance(value, datetime):
        return value
    # An infinite one is not smaller either, and what is no number is not smaller than anything.
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST:
        return value
    return plain(value, MAX_DETAIL)


def plain(text: object, limit: int = MAX_SUMMARY) -> str:
    """Return foreign text as one plain line of at most `limit` characters.

    Without escape sequences, control characters, and those that reorder or hide text.
    """
    return line(text, limit)
