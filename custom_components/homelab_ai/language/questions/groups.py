"""Which things belong to a group, and which of them are as a condition says."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from ...topology import State, Thing, ThingKind
from .knowledge import Knowledge
from .question import Attribute, Condition, Group

FULL_FROM = 80
"""Percent from which people call something full."""
SOON = timedelta(days=30)

BAD = frozenset(
    {
        *(Condition.TROUBLED, Condition.OFF, Condition.SUSPENDED, Condition.RESTARTING, Condition.FULL),
        *(Condition.EXPIRING, Condition.FAILED, Condition.OVERDUE, Condition.OUT_OF_SYNC, Condition.MUTED),
    }
)
"""What nobody hopes that all things are: of these it is asked whether any is."""
DETAILS: Mapping[Condition, Attribute] = {
    Condition.FULL: Attribute.FULL,
    Condition.EXPIRING: Attribute.EXPIRY,
    Condition.RESTARTING: Attribute.RESTARTS,
    Condition.OVERDUE: Attribute.LAST_BACKUP,
}
"""The value that says how much a condition holds."""

KINDS: Mapping[Group, tuple[ThingKind, ...]] = {
    Group.APPS: (ThingKind.SYSTEM, ThingKind.APP, ThingKind.WORKLOAD),
    Group.PODS: (ThingKind.POD,),
    Group.NODES: (ThingKind.NODE,),
    Group.WORKLOADS: (ThingKind.WORKLOAD,),
    Group.VOLUMES: (ThingKind.CLAIM, ThingKind.VOLUME),
    Group.MODELS: (ThingKind.MODEL,),
    Group.HUBS: (ThingKind.HUB,),
    Group.SYSTEMS: (ThingKind.SYSTEM, ThingKind.CLUSTER, ThingKind.PAGE),
    Group.BACKUPS: (ThingKind.BACKUP_PLAN,),
    Group.CERTIFICATES: (ThingKind.CERTIFICATE, ThingKind.PAGE),
    Group.DEPLOYMENTS: (ThingKind.GITOPS,),
    Group.SOURCES: (ThingKind.SOURCE,),
    Group.PAGES: (ThingKind.PAGE,),
    Group.ALERTS: (ThingKind.ALERT,),
    Group.ENTITIES: (ThingKind.ENTITY, ThingKind.DEVICE),
    Group.PULL_REQUESTS: (ThingKind.PULL_REQUEST,),
}


def _has_problem(*kinds: str) -> Callable[[Thing, Knowledge], bool]:
    return lambda thing, knowledge: any(problem.kind in kinds for problem in knowledge.problems_of((thing,)))


def _is(fact: str) -> Callable[[Thing, Knowledge], bool]:
    return lambda thing, _known: thing.fact(fact) is True


def _is_troubled(thing: Thing, knowledge: Knowledge) -> bool:
    return knowledge.state_of(thing) in (State.TROUBLE, State.OFF)


def _is_full(thing: Thing, knowledge: Knowledge) -> bool:
    used = thing.fact("used_percent")
    return (isinstance(used, int | float) and used >= FULL_FROM) or _has_problem("volume_full")(
        thing, knowledge
    )


def _expires_soon(thing: Thing, knowledge: Knowledge) -> bool:
    moment = thing.fact("expires") or thing.fact("certificate_expires")
    return isinstance(moment, datetime) and moment - knowledge.situation.now < SOON


_HOLDS: Mapping[Condition, Callable[[Thing, Knowledge], bool]] = {
    Condition.ANY: lambda _thing, _known: True,
    Condition.TROUBLED: _is_troubled,
    Condition.WELL: lambda thing, known: known.state_of(thing) is State.OK,
    Condition.OFF: lambda thing, known: known.state_of(thing) is State.OFF,
    Condition.LOADED: _is("loaded"),
    Condition.SUSPENDED: _is("suspended"),
    Condition.RESTARTING: _has_problem("pod_restarting"),
    Condition.FULL: _is_full,
    Condition.EXPIRING: _expires_soon,
    Condition.FAILED: _is_troubled,
    Condition.OVERDUE: _has_problem("backup_overdue", "overdue"),
    Condition.OUT_OF_SYNC: _has_problem("argocd_out_of_sync", "flux_not_ready"),
    Condition.MUTED: lambda thing, known: any(
        problem.id in known.situation.muted_until for problem in known.problems_of((thing,))
    ),
}


def holds(condition: Condition, thing: Thing, knowledge: Knowledge) -> bool:
    """Return whether a thing is as the condition says."""
    return _HOLDS[condition](thing, knowledge)


def members(group: Group, knowledge: Knowledge) -> Iterator[Thing]:
    """Yield the things of a group."""
    kinds = KINDS[group]
    return (thing for thing in knowledge.topology if thing.kind in kinds)
