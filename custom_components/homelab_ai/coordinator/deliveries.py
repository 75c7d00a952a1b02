"""When a merged change has come into force: Flux or Argo CD has done to each app what the proposal said."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from ..monitors.capabilities import AsksForDelivery
from ..proposals.audit import Record
from ..proposals.plan import Change
from ..timeline import Entry, EntryKind
from ..topology import State, Thing, ThingKind
from .monitor import MonitorCoordinator

FOLLOWED_FOR = timedelta(days=14)
"""After that nobody waits for it any more."""
_KINDS = ("kustomization", "application")
_ENTRIES: Mapping[str, EntryKind] = {
    Change.ENABLE: EntryKind.ENABLED,
    Change.DISABLE: EntryKind.DISABLED,
    Change.SUSPEND: EntryKind.SUSPENDED,
    Change.RESUME: EntryKind.RESUMED,
}
"""Changes of which the cluster says whether they are in force. Others are told as what was deployed anew."""


def in_force(record: Record, clusters: Iterable[MonitorCoordinator], now: datetime) -> Iterator[Entry]:
    """Yield what has come into force of a merged proposal since it was looked at last."""
    kind = _ENTRIES.get(record.change)
    if kind is None:
        return
    known = {cluster.source: _delivered(cluster) for cluster in clusters if cluster.online}
    for target in record.targets:
        if target in record.delivered:
            continue
        for source, things in known.items():
            thing = next((found for one in _KINDS if (found := things.get(f"{source}/{one}:{target}"))), None)
            if things and _is_so(kind, thing):
                name, number = target.rpartition("/")[2], record.number or 0
                where = thing.id if thing else f"{source}/{_KINDS[0]}:{target}"
                yield Entry(now, kind, name, source, where, {"target": target, "number": number})
                break


def _delivered(cluster: MonitorCoordinator) -> dict[str, Thing]:
    """Return what Flux and Argo CD deliver in a cluster, by id."""
    if cluster.data is None:
        return {}
    things: Mapping[str, Thing] = cluster.monitor.things(cluster.data)
    return {thing_id: thing for thing_id, thing in things.items() if thing.kind is ThingKind.GITOPS}


def _is_so(kind: EntryKind, thing: Thing | None) -> bool:
    if kind is EntryKind.DISABLED:
        return thing is None
    if thing is None:
        return False
    suspended = thing.fact("suspended") is True
    if kind is EntryKind.ENABLED:
        return thing.state is State.OK
    return suspended is (kind is EntryKind.SUSPENDED)


def clusters_among(monitors: Iterable[MonitorCoordinator]) -> tuple[MonitorCoordinator, ...]:
    """Return the systems in which changes come into force."""
    return tuple(monitor for monitor in monitors if isinstance(monitor.monitor, AsksForDelivery))
