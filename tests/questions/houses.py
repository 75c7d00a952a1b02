"""Made-up homelabs: what there is, what is wrong, and what has happened; a Saturday morning in Berlin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.homelab_ai.coordinator import HomelabData
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.timeline import Entry, EntryKind
from custom_components.homelab_ai.topology import Fact, Link, LinkKind, State, Thing, ThingKind

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 28, 10, 0, tzinfo=BERLIN)
LAST_NIGHT = NOW.replace(hour=3, minute=12)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GIB = 1024**3
SOURCE = "01CLUSTER0000000000000000A"


@dataclass(frozen=True)
class House:
    """The things, problems and happenings of one source."""

    things: Mapping[str, Thing]
    problems: tuple[Problem, ...] = ()
    entries: tuple[Entry, ...] = ()

    def move_in(self, homelab: HomelabData) -> None:
        """Let a homelab consist of this, beside its own hub."""
        things = homelab.things
        changed = things.topology.report(SOURCE, self.things)
        things.names.update(things.topology, changed)
        problems = {problem.id: problem for problem in self.problems}
        homelab.health.ledger.report(SOURCE, problems, NOW)
        homelab.health.settle()
        for entry in self.entries:
            things.timeline.add(entry)


def thing(kind: ThingKind, name: str, *links: Link, **given: Any) -> Thing:
    """Return a thing; what is no field of one is a fact."""
    fields = {key: given.pop(key) for key in ("place", "detail", "state", "aliases", "url") if key in given}
    place = fields.get("place", "")
    full = f"{place}/{name}" if place and kind is not ThingKind.BACKUP_PLAN else name
    return Thing(
        id=f"{SOURCE}/{kind.value}/{full}",
        kind=kind,
        name=name,
        source=SOURCE,
        state=fields.pop("state", State.OK),
        facts=tuple(Fact(key, value) for key, value in given.items()),
        links=links,
        keys=(f"{kind.value}:{full}",),
        **fields,
    )


def problem(
    kind: str, name: str, subject: str, severity: Severity = Severity.WARNING, **facts: Any
) -> Problem:
    """Return a problem of a thing, by its key."""
    since = facts.pop("since", NOW - 2 * HOUR)
    if "object_kind" in facts:
        facts["kind"] = facts.pop("object_kind")
    return Problem(
        f"{kind}:{name}",
        SOURCE,
        kind,
        name,
        severity,
        facts.pop("summary", f"{name} is not as it should be"),
        since,
        facts,
        subject=(subject,),
    )


def _to(kind: LinkKind) -> Callable[[str], Link]:
    return lambda target: Link(kind, target)


PART_OF, RUNS_ON, STORES_IN = _to(LinkKind.PART_OF), _to(LinkKind.RUNS_ON), _to(LinkKind.STORES_IN)
SERVED_BY, NEEDS = _to(LinkKind.SERVED_BY), _to(LinkKind.NEEDS)
DELIVERED_BY, BACKED_UP_BY = _to(LinkKind.DELIVERED_BY), _to(LinkKind.BACKED_UP_BY)


def _app(namespace: str, name: str, image: str, node: str, **given: Any) -> tuple[Thing, ...]:
    """Return a deployment with its pod."""
    restarts = given.pop("restarts", 0)
    links = given.pop("links", ())
    pod_state = given.pop("pod_state", State.OK)
    ready, desired = given.pop("ready", 1), given.pop("desired", 1)
    workload = thing(
        ThingKind.WORKLOAD,
        name,
        *links,
        RUNS_ON(f"node:{node}"),
        place=namespace,
        detail="Deployment",
        image=image,
        ready=ready,
        desired=desired,
        state=State.OK if ready == desired else State.TROUBLE,
        **given,
    )
    pod = thing(
        ThingKind.POD,
        f"{name}-6d5f8b7c9d-x2v4w",
        PART_OF(workload.id),
        RUNS_ON(f"node:{node}"),
        place=namespace,
        state=pod_state,
        restarts=restarts,
    )
    return workload, pod


def _shared() -> tuple[Thing, ...]:
    """Return what both homelabs have."""
    return (
        thing(
            ThingKind.NODE,
            "worker-2",
            cpu_percent=23,
            memory_percent=61.4,
            version="v1.34.1",
            temperature=48,
        ),
        thing(ThingKind.NODE, "control-1", cpu_percent=11, memory_percent=40, version="v1.34.1"),
        thing(ThingKind.VOLUME, "NAS", used_percent=71, size=8000 * GIB, aliases=("nas",)),
        thing(
            ThingKind.SOURCE,
            "homelab",
            place="flux-system",
            detail="GitRepository",
            revision="main@sha1:5f9d2ab7",
        ),
        thing(
            ThingKind.GITOPS,
            "apps",
            DELIVERED_BY("source:flux-system/homelab"),
            place="flux-system",
            detail="Kustomization",
            revision="main@sha1:5f9d2ab7",
            delivered_at=NOW - 5 * HOUR,
        ),
        *_app(
            "documents",
            "paperless",
            "ghcr.io/paperless-ngx/paperless-ngx:2.20.1",
            "worker-2",
            links=(
                DELIVERED_BY("gitops:flux-system/apps"),
                STORES_IN("claim:documents/paperless-data"),
                BACKED_UP_BY("backup_plan:paperless"),
            ),
        ),
        thing(
            ThingKind.CLAIM,
            "paperless-data",
            STORES_IN("volume:NAS"),
            BACKED_UP_BY("backup_plan:paperless"),
            place="documents",
            used_percent=62,
            size=50 * GIB,
        ),
        thing(
            ThingKind.BACKUP_PLAN,
            "paperless",
            place="documents",
            last_good=LAST_NIGHT,
            next_backup=NOW.replace(day=29, hour=3, minute=0),
        ),
        thing(
            ThingKind.SYSTEM, "Paperless-AI", SERVED_BY("workload:documents/paperless-ai"), version="3.0.9"
        ),
        *_app("documents", "paperless-ai", "clusterzx/paperless-ai:3.0.9", "worker-2"),
        *_app(
            "vault",
            "vaultwarden",
            "vaultwarden/server:1.34.3",
            "worker-2",
            links=(DELIVERED_BY("gitops:flux-system/apps"),),
        ),
        thing(ThingKind.CERTIFICATE, "wildcard", place="ingress", expires=NOW + 75 * DAY),
        thing(ThingKind.PAGE, "Wiki", certificate_expires=NOW + 60 * DAY, response_time=0.312),
    )


def _things(*groups: tuple[Thing, ...]) -> dict[str, Thing]:
    return {one.id: one for group in groups for one in group}


CALM = House(
    _things(
        _shared(),
        (
            thing(ThingKind.NODE, "worker-1", cpu_percent=35, memory_percent=52, version="v1.34.1"),
            *_app(
                "media",
                "jellyfin",
                "jellyfin/jellyfin:10.11.3",
                "worker-1",
                links=(STORES_IN("claim:media/jellyfin-media"),),
                restarts=2,
            ),
            thing(
                ThingKind.CLAIM,
                "jellyfin-media",
                STORES_IN("volume:NAS"),
                place="media",
                used_percent=44,
                size=900 * GIB,
            ),
        ),
    ),
    entries=(
        Entry(NOW - 5 * HOUR, EntryKind.DELIVERED, "apps", SOURCE, f"{SOURCE}/gitops/flux-system/apps"),
        Entry(LAST_NIGHT, EntryKind.BACKED_UP, "paperless", SOURCE, f"{SOURCE}/backup_plan/paperless"),
    ),
)

BUSY = House(
    _things(
        _shared(),
        (
            thing(ThingKind.NODE, "worker-1", state=State.TROUBLE, version="v1.34.1"),
            *_app(
                "media",
                "jellyfin",
                "jellyfin/jellyfin:10.11.3",
                "worker-1",
                links=(DELIVERED_BY("gitops:media/jellyfin"), STORES_IN("claim:media/jellyfin-media")),
                ready=0,
                pod_state=State.TROUBLE,
                restarts=2,
            ),
            thing(
                ThingKind.GITOPS,
                "jellyfin",
                DELIVERED_BY("gitops:flux-system/apps"),
                place="media",
                detail="HelmRelease",
                revision="4.2.0",
                delivered_at=NOW - 3 * DAY,
            ),
            thing(
                ThingKind.CLAIM,
                "jellyfin-media",
                STORES_IN("volume:NAS"),
                place="media",
                used_percent=93,
                size=900 * GIB,
            ),
            *_app("photos", "immich", "ghcr.io/immich-app/immich-server:v2.3.1", "worker-2", restarts=14),
            thing(
                ThingKind.BACKUP_PLAN, "immich", place="photos", state=State.TROUBLE, last_good=NOW - 4 * DAY
            ),
            *_app("cloud", "nextcloud", "nextcloud:32.0.2", "worker-2", ready=2, desired=2),
            thing(
                ThingKind.GITOPS,
                "infrastructure",
                DELIVERED_BY("source:flux-system/homelab"),
                place="flux-system",
                detail="Kustomization",
                suspended=True,
                revision="main@sha1:0aa1bb2c",
                delivered_at=NOW - 9 * DAY,
            ),
            thing(ThingKind.CERTIFICATE, "git.example.org", place="git", expires=NOW + 9 * DAY),
            thing(ThingKind.SYSTEM, "Open WebUI", NEEDS("01HOMELAB0000000000000000A"), version="0.6.36"),
            thing(ThingKind.PAGE, "Blog", state=State.OFF),
        ),
    ),
    problems=(
        problem("node_not_ready", "worker-1", "node:worker-1", Severity.CRITICAL),
        problem(
            "workload_unavailable",
            "media/jellyfin",
            "workload:media/jellyfin",
            object_kind="Deployment",
            ready=0,
            desired=1,
        ),
        problem(
            "pod_restarting",
            "photos/immich-6d5f8b7c9d-x2v4w",
            "pod:photos/immich-6d5f8b7c9d-x2v4w",
            restarts=14,
        ),
        problem("backup_failed", "photos/immich", "backup_plan:immich", since=NOW - 7 * HOUR),
        problem("volume_full", "media/jellyfin-media", "claim:media/jellyfin-media", used=93),
        problem(
            "flux_suspended",
            "flux-system/infrastructure",
            "gitops:flux-system/infrastructure",
            Severity.INFO,
            object_kind="Kustomization",
        ),
    ),
    entries=(
        Entry(NOW - 5 * HOUR, EntryKind.DELIVERED, "apps", SOURCE, f"{SOURCE}/gitops/flux-system/apps"),
        Entry(LAST_NIGHT, EntryKind.BACKED_UP, "paperless", SOURCE, f"{SOURCE}/backup_plan/paperless"),
        Entry(
            NOW - 30 * HOUR,
            EntryKind.IMAGE_CHANGED,
            "vaultwarden",
            SOURCE,
            f"{SOURCE}/workload/vault/vaultwarden",
            {"before": "1.34.1", "after": "1.34.3"},
        ),
    ),
)

RACK = House(
    _things(
        (
            thing(
                ThingKind.NODE, "nuc", cpu_percent=78, memory_percent=88, version="v1.33.4", temperature=71
            ),
            thing(ThingKind.NODE, "pve-2", state=State.TROUBLE, version="v1.33.4"),
            thing(ThingKind.VOLUME, "tank", used_percent=91, size=16000 * GIB),
            thing(
                ThingKind.SOURCE,
                "cluster",
                place="flux-system",
                detail="GitRepository",
                revision="main@sha1:abc1234def",
                state=State.TROUBLE,
            ),
            thing(
                ThingKind.GITOPS,
                "infra",
                DELIVERED_BY("source:flux-system/cluster"),
                place="flux-system",
                detail="Kustomization",
                revision="main@sha1:abc1234def",
                delivered_at=NOW - 26 * HOUR,
            ),
            thing(
                ThingKind.GITOPS,
                "media",
                DELIVERED_BY("source:flux-system/cluster"),
                place="flux-system",
                detail="Kustomization",
                revision="main@sha1:abc1234def",
                delivered_at=NOW - 2 * HOUR,
                suspended=True,
            ),
            *_app(
                "dns",
                "adguard-home",
                "adguard/adguardhome:v0.107.67",
                "nuc",
                links=(DELIVERED_BY("gitops:flux-system/infra"),),
            ),
            *_app("monitoring", "uptime-kuma", "louislam/uptime-kuma:2.0.2", "nuc", restarts=0),
            *_app(
                "storage",
                "minio",
                "minio/minio:RELEASE.2025",
                "pve-2",
                ready=0,
                pod_state=State.TROUBLE,
                links=(STORES_IN("claim:storage/minio-data"), BACKED_UP_BY("backup_plan:minio")),
            ),
            *_app(
                "db",
                "postgres",
                "postgres:18.1",
                "nuc",
                ready=2,
                desired=3,
                restarts=7,
                links=(STORES_IN("claim:db/postgres-data"),),
            ),
            *_app(
                "automation",
                "n8n",
                "n8nio/n8n:1.120.0",
                "nuc",
                links=(NEEDS("workload:db/postgres"), DELIVERED_BY("gitops:flux-system/media")),
            ),
            *_app("media", "plex", "plexinc/pms:1.42", "nuc"),
            thing(
                ThingKind.CLAIM,
                "minio-data",
                STORES_IN("volume:tank"),
                place="storage",
                used_percent=12,
                size=2000 * GIB,
            ),
            thing(
                ThingKind.CLAIM,
                "postgres-data",
                STORES_IN("volume:tank"),
                place="db",
                used_percent=97,
                size=20 * GIB,
            ),
            thing(
                ThingKind.BACKUP_PLAN,
                "minio",
                place="storage",
                last_good=NOW - 30 * HOUR,
                next_backup=NOW + HOUR,
            ),
            thing(
                ThingKind.BACKUP_PLAN,
                "postgres",
                place="db",
                last_good=NOW - 9 * HOUR,
                next_backup=NOW + 15 * HOUR,
            ),
            thing(ThingKind.CERTIFICATE, "home.example.net", place="ingress", expires=NOW + 4 * DAY),
            thing(ThingKind.CERTIFICATE, "auth", place="ingress", expires=NOW + 80 * DAY),
            thing(ThingKind.PAGE, "Status page", certificate_expires=NOW + 20 * DAY, response_time=1.4),
            thing(ThingKind.SYSTEM, "LibreChat", NEEDS("01HOMELAB0000000000000000A"), version="0.8.0"),
        )
    ),
    problems=(
        problem("node_not_ready", "pve-2", "node:pve-2", Severity.CRITICAL, since=NOW - 5 * HOUR),
        problem(
            "workload_unavailable",
            "storage/minio",
            "workload:storage/minio",
            object_kind="Deployment",
            ready=0,
            desired=1,
            since=NOW - 5 * HOUR,
        ),
        problem("volume_full", "db/postgres-data", "claim:db/postgres-data", used=97),
        problem("backup_overdue", "storage/minio", "backup_plan:minio", since=NOW - 6 * HOUR),
        problem(
            "flux_suspended",
            "flux-system/media",
            "gitops:flux-system/media",
            Severity.INFO,
            object_kind="Kustomization",
        ),
    ),
    entries=(
        Entry(NOW - 2 * HOUR, EntryKind.DELIVERED, "media", SOURCE, f"{SOURCE}/gitops/flux-system/media"),
        Entry(NOW - 9 * HOUR, EntryKind.BACKED_UP, "postgres", SOURCE, f"{SOURCE}/backup_plan/postgres"),
        Entry(
            NOW - 50 * HOUR,
            EntryKind.IMAGE_CHANGED,
            "n8n",
            SOURCE,
            f"{SOURCE}/workload/automation/n8n",
            {"before": "1.119.0", "after": "1.120.0"},
        ),
    ),
)

HOUSES: Mapping[str, House] = {"calm": CALM, "busy": BUSY, "rack": RACK}
