"""Whether the cluster is what Git says it should be: the applications of Argo CD."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ...api.kubernetes.objects import Application
from ...health.problem import Problem, Severity
from .noted import Later, Noted, Report, by_id, full_name, is_k8sgpt, is_trouble, sentence

MISSING = timedelta(minutes=10)
HANGING = timedelta(minutes=30)
"""How long a sync may take, or an application's health may be in progress or unknown."""
_HANGS: Mapping[str, str] = {
    "Progressing": "has been in progress for too long",
    "Unknown": "is of unknown health",
}


@dataclass(frozen=True, slots=True)
class ArgoCD:
    """The applications of Argo CD."""

    out_of_sync: int
    degraded: int
    problems: Mapping[str, Problem]
    is_trouble: bool


def note_application(report: Report) -> Callable[[Application], Noted[Application]]:
    """Return how an application of Argo CD is noted."""

    def noted(found: Application) -> Noted[Application]:
        now = (*_of_sync(found, report), *_of_health(found, report))
        return Noted(found, now, tuple(_later(found, report)))

    return noted


def carry_application(found: Application, before: Noted[Application]) -> Application:
    """Return an application that remembers when its health was first seen so."""
    return replace(found, seen=before.item.seen) if found.health == before.item.health else found


def argocd(found: Iterable[Noted[Application]], now: datetime) -> ArgoCD:
    """Return how the applications of Argo CD are doing."""
    noted = list(found)
    problems = by_id(noted, now)
    return ArgoCD(
        sum(1 for one in noted if one.item.sync == "OutOfSync"),
        sum(1 for one in noted if one.item.health == "Degraded"),
        problems,
        is_trouble(problems),
    )


def _of_sync(found: Application, report: Report) -> Iterator[Problem]:
    name = full_name(found.namespace, found.name)
    if found.sync == "OutOfSync":
        # While it is being synced, that is how it should be.
        severity = Severity.INFO if found.phase == "Running" else Severity.WARNING
        yield report(
            "argocd_out_of_sync", name, name, f"application {name} differs from Git", severity=severity
        )
    elif found.sync == "Unknown":
        summary = sentence(f"application {name} cannot be compared with Git", found.condition)
        facts = {"message": found.condition}
        yield report("argocd_sync_unknown", name, name, summary, facts=facts)
    if found.is_error and found.sync != "Unknown":
        summary = sentence(f"application {name} has an error", found.condition)
        yield report("argocd_condition", name, name, summary, facts={"message": found.condition})
    if found.phase in ("Failed", "Error"):
        summary = sentence(f"the last sync of application {name} failed", found.operation_message)
        facts = {"message": found.operation_message}
        yield report("argocd_operation_failed", name, name, summary, since=found.finished, facts=facts)


def _of_health(found: Application, report: Report) -> Iterator[Problem]:
    name = full_name(found.namespace, found.name)
    if found.health == "Degraded":
        yield report(
            "argocd_degraded",
            name,
            name,
            sentence(f"application {name} is degraded", found.message),
            facts={"message": found.message},
            needs_hub=is_k8sgpt(found.name),
        )
    elif found.health == "Suspended":
        summary = sentence(f"application {name} is suspended", found.message)
        yield report("argocd_suspended", name, name, summary, facts={"message": found.message})


def _later(found: Application, report: Report) -> Iterator[Later]:
    name = full_name(found.namespace, found.name)
    since = found.health_since or found.seen
    if found.health == "Missing":
        summary = sentence(f"what application {name} should consist of is missing", found.message)
        facts = {"message": found.message}
        yield Later(since + MISSING, report("argocd_missing", name, name, summary, since=since, facts=facts))
    elif found.phase == "Running" and found.started is not None:
        yield _hanging(found, "has been syncing for too long", found.started, report)
    elif (words := _HANGS.get(found.health)) and found.sync != "Unknown":
        yield _hanging(found, words, since, report)


def _hanging(found: Application, words: str, since: datetime, report: Report) -> Later:
    name = full_name(found.namespace, found.name)
    said = found.operation_message if found.phase == "Running" else found.message
    summary = sentence(f"application {name} {words}", said)
    problem = report(
        "argocd_hanging",
        name,
        name,
        summary,
        since=since,
        facts={"message": said, "state": found.health},
        needs_hub=is_k8sgpt(found.name),
    )
    return Later(since + HANGING, problem)
