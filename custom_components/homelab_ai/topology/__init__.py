"""What the homelab consists of, and how it hangs together: things, links, and the joined topology."""

from .causes import Cause, Step
from .house import losses
from .pages import page_of
from .thing import Fact, FactValue, Link, LinkKind, State, Thing, ThingKind
from .topology import Topology

__all__ = [
    "Cause",
    "Fact",
    "FactValue",
    "Link",
    "LinkKind",
    "State",
    "Step",
    "Thing",
    "ThingKind",
    "Topology",
    "losses",
    "page_of",
]
