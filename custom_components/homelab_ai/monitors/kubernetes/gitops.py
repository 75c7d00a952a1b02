"""Whether the cluster is what Git says it should be: Flux."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ...api.kubernetes.objects import FluxObject
from ...health.problem import Problem, Severity
from ...values.moment import known
from .dependencies import Chain, chain_of
from .noted import Later, Noted, Report, by_id, full_name, going, is_k8sgpt, is_trouble, sentence

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

    def noted(item: FluxObject) -> Noted[FluxObject]:
        if item.deleted is not None:
            name = full_name(item.namespace, item.name)
            return Noted(item, (), (going(item.kind, name, item.deleted, item.finalizers, report),))
        if item.suspended:
            return Noted(item, (_suspended(item, report),))
        if item.ready is False or item.was_failing:
            return Noted(item, (_failing(item, report),))
        if item.ready is None:
            item = item if item.since else replace(item, since=known(datetime.now(UTC)))
            return Noted(item, (), (_late(item, report),))
        return Noted(item)

    return noted


def carry_flux(item: FluxObject, before: Noted[FluxObject]) -> FluxObject:
    """Return what failed as still failing while it only tries again: until it is ready, it is not."""
    was = before.item
    if item.ready is None and item.since is None and was.ready is None:
        item = replace(item, since=was.since)
    if item.ready is not None or item.suspended or not (was.ready is False or was.was_failing):
        return item
    return replace(
        item, was_failing=True, stalled=was.stalled, reason=was.reason, message=was.message, since=was.since
    )


def flux(items: Iterable[Noted[FluxObject]], now: datetime, report: Report) -> Flux:
    """Return how Flux is doing."""
    noted = list(items)
    problems = by_id(noted, now) | _waiting(noted, now, report)
    return Flux(
        sum(1 for problem in problems.values() if problem.kind == "flux_not_ready"),
        sum(1 for note in noted if note.item.suspended),
        problems,
        is_trouble(problems),
    )


def _waiting(noted: list[Noted[FluxObject]], now: datetime, report: Report) -> dict[str, Problem]:
    """Return the problems of those that wait for others, with what stands in their way.

    It is a consequence where the root is a problem of its own; else nothing but this tells of it.
    """
    waiting = [note.item for note in noted if note.problems and note.item.reason == WAITS and note.item.needs]
    if not waiting:
        return {}
    among = {(note.item.kind, full_name(note.item.namespace, note.item.name)): note.item for note in noted}
    problems = {}
    for item in waiting:
        chain = chain_of(item, among)
        is_late = item.since is not None and now - item.since > item.timeout + LATE
        if chain is not None or is_late:
            problem = _failing(item, report, chain, now)
            problems[problem.id] = problem
    return problems


def _failing(
    item: FluxObject, report: Report, chain: Chain | None = None, now: datetime | None = None
) -> Problem:
    name, key, facts = _named(item)
    state = "is stalled" if item.stalled else "is not ready"
    severity = Severity.INFO if item.reason == WAITS and now is None else None
    summary = sentence(f"{item.kind} {name} {state}", item.message or item.reason)
    # What waits for another is a consequence: that other is a problem of its own.
    if chain is not None and now is not None:
        facts |= {"chain": " → ".join(chain.names[:_MOST_TOLD]), "root": chain.names[-1], "why": chain.root}
        summary = f"{item.kind} {name} {chain.words}"
        is_new = item.since is not None and now - item.since < MISSING
        severity = Severity.INFO if chain.root.carries_itself or is_new else Severity.WARNING
    return report(
        "flux_not_ready",
        key,
        name,
        summary,
        severity=severity,
        since=item.since,
        facts={**facts, "reason": item.reason},
        needs_hub=is_k8sgpt(item.name),
    )


def _late(item: FluxObject, report: Report) -> Later:
    name, key, facts = _named(item)
    since = item.since or datetime.now(UTC)
    problem = report(
        "flux_not_ready",
        key,
        name,
        sentence(f"{item.kind} {name} has been in progress for too long", item.message or item.reason),
        since=item.since,
        facts={**facts, "reason": item.reason or "Progressing"},
        needs_hub=is_k8sgpt(item.name),
    )
    return Later(since + item.timeout + LATE, problem)


def _suspended(item: FluxObject, report: Report) -> Problem:
    name, key, _ = _named(item)
    # What its conditions say is of long ago, and no reason.
    facts = {"kind": item.kind}
    return report("flux_suspended", key, name, f"{item.kind} {name} is suspended", facts=facts)


def _named(item: FluxObject) -> tuple[str, str, dict[str, object]]:
    name = full_name(item.namespace, item.name)
    return name, f"{item.kind}/{name}", {"kind": item.kind, "message": item.message}
