"""Whether the cluster is what Git says it should be: Flux."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ...api.kubernetes.objects import FluxObject
from ...health.problem import Problem, Severity
from .dependencies import Chain, chain_of
from .noted import Later, Noted, Report, by_id, full_name, is_k8sgpt, is_trouble, sentence

LATE = timedelta(minutes=15)
"""How long an object may be deployed beyond its own timeout."""
MISSING = timedelta(minutes=10)
"""How long what it depends on may be missing: both may come with the same commit."""
WAITS = "DependencyNotReady"
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Flux:
    """Kustomizations and Helm releases. A suspended one is only that: its conditions are of long ago."""

    not_ready: int
    suspended: int
    problems: Mapping[str, Problem]
    is_trouble: bool


def note_flux(report: Report) -> Callable[[FluxObject], Noted[FluxObject]]:
    """Return how an object of Flux is noted."""

    def noted(found: FluxObject) -> Noted[FluxObject]:
        if found.suspended:
            return Noted(found, (_suspended(found, report),))
        if found.ready is False or found.was_failing:
            return Noted(found, (_failing(found, report),))
        if found.ready is None:
            return Noted(found, (), (_late(found, report),))
        return Noted(found)

    return noted


def carry_flux(found: FluxObject, before: Noted[FluxObject]) -> FluxObject:
    """Return what failed as still failing while it only tries again: until it is ready, it is not."""
    was = before.item
    if found.ready is not None or found.suspended or not (was.ready is False or was.was_failing):
        return found
    return replace(
        found, was_failing=True, stalled=was.stalled, reason=was.reason, message=was.message, since=was.since
    )


def flux(found: Iterable[Noted[FluxObject]], now: datetime, report: Report) -> Flux:
    """Return how Flux is doing."""
    noted = list(found)
    problems = by_id(noted, now) | _waiting(noted, now, report)
    return Flux(
        sum(1 for one in problems.values() if one.kind == "flux_not_ready"),
        sum(1 for one in noted if one.item.suspended),
        problems,
        is_trouble(problems),
    )


def _waiting(noted: list[Noted[FluxObject]], now: datetime, report: Report) -> dict[str, Problem]:
    """Return the problems of those that wait for others, with what stands in their way.

    It is a consequence where the root is a problem of its own; else nothing but this tells of it.
    """
    waiting = [one.item for one in noted if one.problems and one.item.reason == WAITS and one.item.needs]
    if not waiting:
        return {}
    among = {(one.item.kind, full_name(one.item.namespace, one.item.name)): one.item for one in noted}
    told = {}
    for item in waiting:
        chain = chain_of(item, among)
        is_late = item.since is not None and now - item.since > item.timeout + LATE
        if chain is not None or is_late:
            problem = _failing(item, report, chain, now)
            told[problem.id] = problem
    return told


def _failing(
    found: FluxObject, report: Report, chain: Chain | None = None, now: datetime | None = None
) -> Problem:
    name, key, facts = _named(found)
    state = "is stalled" if found.stalled else "is not ready"
    severity = Severity.INFO if found.reason == WAITS and now is None else None
    summary = sentence(f"{found.kind} {name} {state}", found.message or found.reason)
    # What waits for another is a consequence: that other is a problem of its own.
    if chain is not None and now is not None:
        facts |= {"chain": " → ".join(chain.names[:_MOST_TOLD]), "root": chain.names[-1], "why": chain.root}
        summary = f"{found.kind} {name} {chain.words}"
        is_new = found.since is not None and now - found.since < MISSING
        severity = Severity.INFO if chain.root.carries_itself or is_new else Severity.WARNING
    return report(
        "flux_not_ready",
        key,
        name,
        summary,
        severity=severity,
        since=found.since,
        facts={**facts, "reason": found.reason},
        needs_hub=is_k8sgpt(found.name),
    )


def _late(found: FluxObject, report: Report) -> Later:
    name, key, facts = _named(found)
    since = found.since or datetime.now(UTC)
    problem = report(
        "flux_not_ready",
        key,
        name,
        sentence(f"{found.kind} {name} has been in progress for too long", found.message or found.reason),
        since=found.since,
        facts={**facts, "reason": found.reason or "Progressing"},
        needs_hub=is_k8sgpt(found.name),
    )
    return Later(since + found.timeout + LATE, problem)


def _suspended(found: FluxObject, report: Report) -> Problem:
    name, key, facts = _named(found)
    return report("flux_suspended", key, name, f"{found.kind} {name} is suspended", facts=facts)


def _named(found: FluxObject) -> tuple[str, str, dict[str, object]]:
    name = full_name(found.namespace, found.name)
    return name, f"{found.kind}/{name}", {"kind": found.kind, "message": found.message}
