"""Situations for the tables: a Saturday afternoon in Zurich, and what may be wrong then."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.homelab_ai.health.ledger import HealthData
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.health.situation import Backup, Hub, RunningModel, Situation, System

ZURICH = ZoneInfo("Europe/Zurich")
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=ZURICH)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

THIS_MORNING = NOW.replace(hour=8)
LAST_NIGHT = NOW.replace(hour=3)
YESTERDAY_EVENING = NOW.replace(day=20, hour=20)
DAY_BEFORE = NOW.replace(day=19, hour=12)

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO
GIB = 1024**3


def problem(
    kind: str,
    name: str,
    since: datetime | None = None,
    *,
    severity: Severity = WARNING,
    source: str = "cluster",
    summary: str = "An English sentence of our own",
    needs_hub: bool = False,
    **facts: Any,
) -> Problem:
    """Return a problem as a monitor makes it; `object_kind` is the fact "kind"."""
    if "object_kind" in facts:
        facts["kind"] = facts.pop("object_kind")
    problem_id = f"{source}:{kind}:{name}:{sorted(facts.items())}"
    return Problem(problem_id, source, kind, name, severity, summary, since, facts, needs_hub)


def finding(object_kind: str, name: str, error: str, since: datetime | None = None, **given: Any) -> Problem:
    """Return a finding of k8sgpt."""
    return problem("k8sgpt_finding", name, since, object_kind=object_kind, error=error, **given)


def hub_off(since: datetime | None = THIS_MORNING) -> Problem:
    """Return the problem of the first hub."""
    return problem("hub_offline", "Ollama", since, source="hub")


def offline(name: str, since: datetime | None = None, *, source: str) -> Problem:
    """Return the problem of a system that does not answer."""
    return problem("offline", name, since, source=source, summary="does not answer: timed out")


def needing(kind: str, name: str, **given: Any) -> Problem:
    """Return a problem of something that is of no use without the hub."""
    return problem(kind, name, source=name, needs_hub=True, **given)


def situation(
    *problems: Problem,
    now: datetime = NOW,
    known: bool = True,
    muted: Sequence[tuple[Problem, datetime | None]] = (),
    consequences: Sequence[Problem] = (),
    systems: Sequence[System] = (),
    hubs: Sequence[Hub] = (),
    backups: Sequence[Backup] = (),
    since: Mapping[str, datetime] | None = None,
) -> Situation:
    """Return a situation; the first problem that is a hub's is the cause of the `consequences`."""
    quiet = [one for one, _ in muted]
    ordered = sorted(problems, key=lambda one: one.severity.rank)
    cause = next((one for one in (*problems, *quiet) if one.kind == "hub_offline"), None)
    return Situation(
        now,
        HealthData(
            known,
            tuple(ordered),
            tuple(quiet),
            {cause.id: tuple(consequences)} if cause and consequences else {},
        ),
        tuple(systems),
        tuple(hubs),
        tuple(backups),
        since or {},
        {one.id: until for one, until in muted},
    )


def system(name: str, kind: str = "kubernetes", online: bool | None = True, **given: Any) -> System:
    """Return a system whose source is its kind; of these, a cluster knows of backups."""
    given.setdefault("tells_backups", kind == "kubernetes")
    return System(given.pop("source", kind), kind, name, online, **given)


CLUSTER = system("k3s", source="cluster")


def model(name: str, size: float, in_vram: float | None = None, **given: Any) -> RunningModel:
    """Return a model in memory; gigabytes."""
    vram = size if in_vram is None else in_vram
    return RunningModel(
        name,
        int(size * GIB),
        int(vram * GIB),
        8192,
        given.get("expires_at"),
        given.get("pinned", False),
    )


def hub(*running: RunningModel, name: str = "Ollama", first: bool = True, **given: Any) -> Hub:
    """Return a hub that is on, with 16 GB of VRAM."""
    values: dict[str, Any] = {
        "online": True,
        "running": running,
        "vram_used": sum(one.size_vram for one in running),
        "vram_total": 16 * GIB,
    }
    return Hub("hub" if first else name, name, first, **{**values, **given})
