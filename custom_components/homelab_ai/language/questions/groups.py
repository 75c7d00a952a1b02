"""Which things belong to a group, and which of them are as a condition says."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from ...topology import LinkKind, State, Thing, ThingKind
from ..names import spoken_name
from .knowledge import Knowledge
from .question import Attribute, Condition, Group

FULL_FROM = 80
"""Percent from which people call something full."""
SOON = timedelta(days=30)

BAD = frozenset(
    {
        *(Condition.TROUBLED, Condition.OFF, Condition.SUSPENDED, Condition.RESTARTING, Condition.FULL),
        *(Condition.EXPIRING, Condition.FAILED, Condition.OVERDUE, Condition.OUT_OF_SYNC, Condition.MUTED),
        Condition.WAITING,
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
    Group.UPDATES: (ThingKind.PULL_REQUEST,),
}


def _has_problem(*kinds: str) -> Callable[[Thing, Knowledge], bool]:
    return lambda thing, knowledge: any(problem.kind in kinds for problem in knowledge.problems_of((thing,)))


def _is(fact: str) -> Callable[[Thing, Knowledge], bool]:
    return lambda thing, _known: thing.fact(fact) is True


def _or_what_delivers(holds: Callable[[Thing, Knowledge], bool]) -> Callable[[Thing, Knowledge], bool]:
    """Return a condition that an app shares with what delivers it: people ask for the app."""
    return lambda thing, known: (
        holds(thing, known)
        or (
            thing.kind in KINDS[Group.APPS]
            and any(holds(other, known) for other in known.around(thing, (LinkKind.DELIVERED_BY,), depth=1))
        )
    )


def _or_its_pods(holds: Callable[[Thing, Knowledge], bool]) -> Callable[[Thing, Knowledge], bool]:
    """Return a condition that a workload shares with its pods."""
    return lambda thing, known: (
        holds(thing, known) or any(holds(pod, known) for pod in known.pods_of((thing,)))
    )


def _is_off(thing: Thing, knowledge: Knowledge) -> bool:
    """Return whether nothing of a thing is there: no pod of a workload that should have some."""
    if thing.kind is ThingKind.WORKLOAD:
        return thing.fact("ready") == 0 and thing.fact("desired") != 0
    return knowledge.state_of(thing) is State.OFF


def _is_well(thing: Thing, knowledge: Knowledge) -> bool:
    """Return whether a thing is as it should be; a model runs only where it is loaded."""
    if thing.kind is ThingKind.MODEL:
        return thing.fact("loaded") is True
    return knowledge.state_of(thing) is State.OK


def _is_troubled(thing: Thing, knowledge: Knowledge) -> bool:
    return knowledge.state_of(thing) in (State.TROUBLE, State.OFF)


def _is_full(thing: Thing, knowledge: Knowledge) -> bool:
    used = next(
        (used for one in _stores(thing, knowledge) if (used := one.fact("used_percent")) is not None), 0
    )
    return (isinstance(used, int | float) and used >= FULL_FROM) or _has_problem("volume_full")(
        thing, knowledge
    )


def _stores(thing: Thing, knowledge: Knowledge) -> Iterator[Thing]:
    """Yield a claim and its volume: only one of the two may say how full they are."""
    yield thing
    if thing.kind is ThingKind.CLAIM:
        yield from knowledge.around(thing, (LinkKind.STORES_IN,), depth=1)


def _expires_soon(thing: Thing, knowledge: Knowledge) -> bool:
    moment = thing.fact("expires") or thing.fact("certificate_expires")
    return isinstance(moment, datetime) and moment - knowledge.situation.now < SOON


_HOLDS: Mapping[Condition, Callable[[Thing, Knowledge], bool]] = {
    Condition.ANY: lambda _thing, _known: True,
    Condition.TROUBLED: _is_troubled,
    Condition.WELL: _is_well,
    Condition.OFF: _is_off,
    Condition.LOADED: _is("loaded"),
    Condition.SUSPENDED: _or_what_delivers(_is("suspended")),
    Condition.RESTARTING: _or_its_pods(_has_problem("pod_restarting")),
    Condition.FULL: _is_full,
    Condition.EXPIRING: _expires_soon,
    Condition.FAILED: _is_troubled,
    Condition.OVERDUE: _has_problem("backup_overdue", "overdue"),
    Condition.OUT_OF_SYNC: _or_what_delivers(_has_problem("argocd_out_of_sync", "flux_not_ready")),
    Condition.WAITING: lambda thing, known: (
        thing.kind is ThingKind.PULL_REQUEST or _has_problem("pod_waiting", "claim_pending")(thing, known)
    ),
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
    there = (
        thing
        for thing in knowledge.topology
        if thing.kind in kinds and not (thing.kind is ThingKind.VOLUME and _is_of_a_claim(thing, knowledge))
    )
    if group is Group.UPDATES:
        return (thing for thing in there if thing.fact("update") is not None)
    return there


def _is_of_a_claim(volume: Thing, knowledge: Knowledge) -> bool:
    """Return whether a volume was made for a claim: its own name, that of the claim's uid, says nothing."""
    if spoken_name(volume.name):
        return False
    return any(other.kind is ThingKind.CLAIM for _, other in knowledge.topology.dependents(volume))
