"""What an object of Flux waits for: the chain of what depends on what, down to the root."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ...api.kubernetes.objects import FluxObject
from .noted import full_name

type Key = tuple[str, str]
"""Kind, and namespace with name."""

_LONGEST = 20


class Root(StrEnum):
    """What is wrong at the end of a chain."""

    MISSING = "missing"
    SUSPENDED = "suspended"
    CIRCULAR = "circular"
    FAILING = "failing"
    WAITING = "waiting"

    @property
    def carries_itself(self) -> bool:
        """Return whether the root is, or becomes, a problem of its own."""
        return self in (Root.FAILING, Root.WAITING)


@dataclass(frozen=True, slots=True)
class Chain:
    """What stands in the way: names from the object itself to the root, and what is wrong with that."""

    names: tuple[str, ...]
    root: Root

    @property
    def words(self) -> str:
        """Return what is wrong with the root, as the end of a sentence."""
        return {
            Root.MISSING: f"waits for {self.names[-1]}, which does not exist",
            Root.SUSPENDED: f"waits for {self.names[-1]}, which is suspended",
            Root.CIRCULAR: "waits for itself",
            Root.FAILING: f"waits for {self.names[-1]}, which is not ready",
            Root.WAITING: f"waits for {self.names[-1]}, which is still being deployed",
        }[self.root]


def chain_of(item: FluxObject, among: Mapping[Key, FluxObject]) -> Chain | None:
    """Return what an object waits for, None where all that it depends on is ready."""
    return _climb(item, among, (full_name(item.namespace, item.name),))


def _climb(item: FluxObject, among: Mapping[Key, FluxObject], names: tuple[str, ...]) -> Chain | None:
    for need in item.needs:
        chain = (*names, need)
        if need in names or len(chain) > _LONGEST:
            return Chain(chain, Root.CIRCULAR)
        needed = among.get((item.kind, need))
        if needed is None:
            return Chain(chain, Root.MISSING)
        if needed.suspended:
            return Chain(chain, Root.SUSPENDED)
        if needed.ready is True:
            continue
        if needed.reason == "DependencyNotReady" and (deeper := _climb(needed, among, chain)):
            return deeper
        is_failing = needed.ready is False or needed.was_failing
        return Chain(chain, Root.FAILING if is_failing else Root.WAITING)
    return None
