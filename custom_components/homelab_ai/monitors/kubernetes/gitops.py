"""Whether the cluster is what Git says it should be: Flux and Argo CD."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...api.kubernetes.objects import Application, FluxObject
from ...health.problem import Problem, Severity
from .noted import Noted, Report, by_id, full_name, is_k8sgpt, is_trouble, sentence


@dataclass(frozen=True, slots=True)
class Flux:
    """Kustomizations and Helm releases. A suspended one is only that: its conditions are of long ago."""

    not_ready: int
    suspended: int
    problems: Mapping[str, Problem]
    is_trouble: bool


@dataclass(frozen=True, slots=True)
class ArgoCD:
    """The applications of Argo CD."""

    out_of_sync: int
    degraded: int
    problems: Mapping[str, Problem]
    is_trouble: bool


def note_flux(report: Report) -> Callable[[FluxObject], Noted[FluxObject]]:
    """Return how an object of Flux is noted."""

    def noted(found: FluxObject) -> Noted[FluxObject]:
        name = full_name(found.namespace, found.name)
        key, facts = f"{found.kind}/{name}", {"kind": found.kind, "message": found.message}
        if found.suspended:
            problem = report(
                "flux_suspended",
                key,
                name,
                f"{found.kind} {name} is suspended",
                facts=facts,
            )
            return Noted(found, (problem,))
        if found.ready is not False:
            return Noted(found)
        state = "is stalled" if found.stalled else "is not ready"
        problem = report(
            "flux_not_ready",
            key,
            name,
            sentence(f"{found.kind} {name} {state}", found.message or found.reason),
            # What waits for another is a consequence: that other is a problem of its own.
            severity=Severity.INFO if found.reason == "DependencyNotReady" else None,
            since=found.since,
            facts={**facts, "reason": found.reason},
            needs_hub=is_k8sgpt(found.name),
        )
        return Noted(found, (problem,))

    return noted


def flux(found: Iterable[Noted[FluxObject]]) -> Flux:
    """Return how Flux is doing."""
    noted = list(found)
    problems = by_id(noted)
    return Flux(
        sum(1 for one in noted if not one.item.suspended and one.item.ready is False),
        sum(1 for one in noted if one.item.suspended),
        problems,
        is_trouble(problems),
    )


def note_application(report: Report) -> Callable[[Application], Noted[Application]]:
    """Return how an application of Argo CD is noted."""

    def noted(found: Application) -> Noted[Application]:
        return Noted(found, tuple(_problems(found, report)))

    return noted


def _problems(found: Application, report: Report) -> Iterator[Problem]:
    name = full_name(found.namespace, found.name)
    if found.sync == "OutOfSync":
        # While it is being synced, that is how it should be.
        severity = Severity.INFO if found.phase == "Running" else None
        summary = f"application {name} differs from Git"
        yield report("argocd_out_of_sync", name, name, summary, severity=severity)
    elif found.sync == "Unknown":
        summary = sentence(f"application {name} cannot be compared with Git", found.condition)
        yield report("argocd_sync_unknown", name, name, summary, facts={"message": found.condition})
    if found.health == "Degraded":
        summary = sentence(f"application {name} is degraded", found.message)
        yield report(
            "argocd_degraded",
            name,
            name,
            summary,
            facts={"message": found.message},
            needs_hub=is_k8sgpt(found.name),
        )
    if found.phase in ("Failed", "Error"):
        summary = sentence(f"the last sync of application {name} failed", found.operation_message)
        yield report(
            "argocd_operation_failed",
            name,
            name,
            summary,
            since=found.finished,
            facts={"message": found.operation_message},
        )


def argocd(found: Iterable[Noted[Application]]) -> ArgoCD:
    """Return how the applications of Argo CD are doing."""
    noted = list(found)
    problems = by_id(noted)
    return ArgoCD(
        sum(1 for one in noted if one.item.sync == "OutOfSync"),
        sum(1 for one in noted if one.item.health == "Degraded"),
        problems,
        is_trouble(problems),
    )
