"""Whether the cluster is what Git says it should be: the applications of Argo CD."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ...api.kubernetes.objects import Application
from ...health.problem import Problem, Severity
from .noted import Later, Noted, Report, by_id, full_name, going, is_k8sgpt, is_trouble, sentence

MISSING = timedelta(minutes=10)
HANGING = timedelta(minutes=30)
"""How long a sync may take, or an application's health may be in progress or unknown."""
_HANGS: Mapping[str, str] = {
    "Progressing": "has been in progress for too long",
    "Unknown": "is of unknown health",
    "": "says nothing of its health",
}
_AT_IT = ("Running", "Terminating")


@dataclass(frozen=True, slots=True)
class ArgoCD:
    """The applications of Argo CD."""

    out_of_sync: int
    degraded: int
    problems: Mapping[str, Problem]
    is_trouble: bool


def note_application(report: Report) -> Callable[[Application], Noted[Application]]:
    """Return how an application of Argo CD is noted."""

    def noted(application: Application) -> Noted[Application]:
        if application.deleted is not None:
            name = full_name(application.namespace, application.name)
            later = going("Application", name, application.deleted, application.finalizers, report)
            return Noted(application, (), (later,))
        now = (*_of_sync(application, report), *_of_health(application, report))
        return Noted(application, now, tuple(_later(application, report)))

    return noted


def carry_application(application: Application, before: Noted[Application]) -> Application:
    """Return an application that remembers when its health was first seen so."""
    return (
        replace(application, seen=before.item.seen)
        if application.health == before.item.health
        else application
    )


def argocd(applications: Iterable[Noted[Application]], now: datetime) -> ArgoCD:
    """Return how the applications of Argo CD are doing."""
    noted = list(applications)
    problems = by_id(noted, now)
    return ArgoCD(
        sum(1 for note in noted if note.item.sync == "OutOfSync"),
        sum(1 for note in noted if note.item.health == "Degraded"),
        problems,
        is_trouble(problems),
    )


def _of_sync(application: Application, report: Report) -> Iterator[Problem]:
    name = full_name(application.namespace, application.name)
    if application.sync == "OutOfSync":
        # While it is being synced, that is how it should be.
        severity = Severity.INFO if application.phase in _AT_IT else Severity.WARNING
        yield report(
            "argocd_out_of_sync", name, name, f"application {name} differs from Git", severity=severity
        )
    elif application.sync == "Unknown":
        summary = sentence(f"application {name} cannot be compared with Git", application.condition)
        facts = {"message": application.condition}
        yield report("argocd_sync_unknown", name, name, summary, facts=facts)
    if application.is_error and application.sync != "Unknown":
        summary = sentence(f"application {name} has an error", application.condition)
        yield report("argocd_condition", name, name, summary, facts={"message": application.condition})
    if application.phase in ("Failed", "Error"):
        summary = sentence(f"the last sync of application {name} failed", application.operation_message)
        facts = {"message": application.operation_message}
        yield report("argocd_operation_failed", name, name, summary, since=application.finished, facts=facts)


def _of_health(application: Application, report: Report) -> Iterator[Problem]:
    name = full_name(application.namespace, application.name)
    if application.health == "Degraded":
        yield report(
            "argocd_degraded",
            name,
            name,
            sentence(f"application {name} is degraded", application.message),
            facts={"message": application.message},
            needs_hub=is_k8sgpt(application.name),
        )
    elif application.health == "Suspended":
        summary = sentence(f"application {name} is suspended", application.message)
        yield report("argocd_suspended", name, name, summary, facts={"message": application.message})


def _later(application: Application, report: Report) -> Iterator[Later]:
    name = full_name(application.namespace, application.name)
    since = application.health_since or application.seen
    if application.health == "Missing":
        summary = sentence(f"what application {name} should consist of is missing", application.message)
        facts = {"message": application.message}
        yield Later(since + MISSING, report("argocd_missing", name, name, summary, since=since, facts=facts))
    elif application.phase in _AT_IT and application.started is not None:
        yield _hanging(application, "has been syncing for too long", application.started, report)
    elif (words := _HANGS.get(application.health)) and application.sync != "Unknown":
        yield _hanging(application, words, since, report)


def _hanging(application: Application, words: str, since: datetime, report: Report) -> Later:
    name = full_name(application.namespace, application.name)
    message = application.operation_message if application.phase in _AT_IT else application.message
    summary = sentence(f"application {name} {words}", message)
    problem = report(
        "argocd_hanging",
        name,
        name,
        summary,
        since=since,
        facts={"message": message, "state": application.health},
        needs_hub=is_k8sgpt(application.name),
    )
    return Later(since + HANGING, problem)
