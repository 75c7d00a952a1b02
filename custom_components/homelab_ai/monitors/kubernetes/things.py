"""The things of a cluster, joined: what runs where, what answers at which address, what is backed up by what.

A change of one object costs that object and those that it is joined with.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Protocol

from cronsim import CronSim, CronSimError

from ...api.breath import Breath
from ...api.kubernetes.sketches import FactValue, Sketch, Ties, key_of
from ...health.problem import MAX_NAME, plain
from ...topology import Fact, Link, LinkKind, State, Thing, ThingKind
from ...values.address import web_address
from .thing_table import THINGS

MOST_ADDRESSES = 60
"""Addresses of one workload."""
_LINKS = {kind.value: kind for kind in LinkKind}
_STATES = {state.value: state for state in State}
WORKLOADS, SERVING, OTHER = ROLES = ("workloads", "serving", "other")
_PLACED = ("runs_on", "stores_in")


class Told(Protocol):
    """What is watched of a resource."""

    revision: int

    def beside(self) -> dict[str, Sketch]:
        """Return the sketches, by uid."""
        ...


class ClusterThings:
    """The things of one cluster. `source` is its subentry's id, `place` what people call it."""

    def __init__(self, source: str, place: str) -> None:
        """Know nothing yet."""
        self._source = source
        self._place = place
        self._revisions: dict[str, int] = {}
        self._by_uid: dict[str, dict[str, Sketch]] = {}
        self._sketches: dict[str, Sketch] = {}
        """By key: all objects that are there."""
        self._kinds: dict[str, ThingKind | None] = {}
        self._tied: dict[str, dict[str, None]] = {}
        """By the target of a tie: the keys of what is tied to it."""
        self._dirty: dict[str, None] = {}
        """Keys of what is to be made anew."""
        self._placed: dict[str, tuple[str, Ties]] = {}
        """By the key of a pod: its state, and where it runs and stores."""
        self._members: dict[tuple[str, str], dict[str, None]] = {}
        """By namespace and role: the keys of its objects."""
        self._applications: dict[str, dict[str, None]] = {}
        """By name without namespace: the keys of applications."""
        self._things: dict[str, Thing] = {}
        self._plans: dict[str, Thing] = {}
        self._links: dict[tuple[str, str], Link] = {}
        self._known: Mapping[str, Thing] = {}

    async def update(
        self, watched: Mapping[str, Told], last_good: Mapping[str, datetime | None]
    ) -> Mapping[str, Thing]:
        """Return all things, by id: the same mapping where nothing has changed.

        `last_good` is the last good backup by namespace, or by claim.
        """
        breath = Breath()
        dirty = self._dirty
        for name, followed in watched.items():
            if self._revisions.get(name) != followed.revision:
                self._revisions[name] = followed.revision
                self._take(name, followed.beside(), dirty)
                await breath.draw()
        changed = self._make_plans(last_good)
        while dirty:
            changed |= self._make(next(iter(dirty)))
            await breath.draw()
        if changed:
            self._known = {**self._things, **self._plans}
        return self._known

    # What is there

    def _take(self, name: str, sketches: dict[str, Sketch], dirty: dict[str, None]) -> None:
        before = self._by_uid.get(name, {})
        self._by_uid[name] = sketches
        for uid in [uid for uid, sketch in before.items() if sketches.get(uid) is not sketch]:
            self._drop(before[uid], dirty)
        kind = THINGS[name].kind
        for uid, sketch in sketches.items():
            if before.get(uid) is not sketch:
                self._add(sketch, kind, dirty)

    def _drop(self, sketch: Sketch, dirty: dict[str, None]) -> None:
        key = sketch.key
        if self._sketches.pop(key, None) is None:
            return
        for _, target in sketch.ties:
            self._tied.get(target, {}).pop(key, None)
        self._members[sketch.namespace, _role(sketch)].pop(key, None)
        if sketch.kind == "Application":
            self._applications[sketch.name].pop(key, None)
        dirty[key] = None
        self._mark(sketch, dirty)

    def _add(self, sketch: Sketch, kind: ThingKind | None, dirty: dict[str, None]) -> None:
        key = sketch.key
        self._sketches[key], self._kinds[key] = sketch, kind
        for _, target in sketch.ties:
            self._tied.setdefault(target, {})[key] = None
        self._members.setdefault((sketch.namespace, _role(sketch)), {})[key] = None
        if sketch.kind == "Application":
            self._applications.setdefault(sketch.name, {})[key] = None
        dirty[key] = None
        self._mark(sketch, dirty)

    def _mark(self, sketch: Sketch, dirty: dict[str, None]) -> None:
        """Mark what is made of an object beside its own thing."""
        if sketch.kind == "Pod":
            placed = sketch.state, tuple(tie for tie in sketch.ties if tie[0] in _PLACED)
            if self._placed.get(sketch.key) != placed or sketch.key not in self._sketches:
                self._placed[sketch.key] = placed
                if sketch.key not in self._sketches:
                    del self._placed[sketch.key]
                self._mark_parents(sketch, dirty)
        elif sketch.selector or sketch.routes:
            dirty.update(self._members.get((sketch.namespace, WORKLOADS), {}))
            dirty.update(self._applications_in(sketch.namespace))
        dirty[f"namespace:{sketch.namespace}"] = None

    def _applications_in(self, namespace: str) -> dict[str, None]:
        return {
            key: None
            for keys in self._applications.values()
            for key in keys
            if self._sketches[key].namespace == namespace
        }

    def _mark_parents(self, sketch: Sketch, dirty: dict[str, None]) -> None:
        for tie, target in sketch.ties:
            if tie == "part_of" or (tie == "delivered_by" and target.startswith("application:")):
                for key in (target, *self._known_as(target)):
                    if key not in dirty and (parent := self._sketches.get(key)) is not None:
                        dirty[key] = None
                        self._mark_parents(parent, dirty)

    def _known_as(self, target: str) -> Iterator[str]:
        """Yield the applications that are named without their namespace."""
        if target.startswith("application:") and "/" not in target:
            own = target.removeprefix("application:")
            yield from (
                key for key in self._kinds if key.startswith("application:") and key.endswith(f"/{own}")
            )

    # What is made of it

    def _make(self, key: str) -> bool:
        """Make the thing of a key anew; return whether it is another one now."""
        self._dirty.pop(key, None)
        made, thing_id = self._thing_of(key), f"{self._source}/{key}"
        if made is None:
            return self._things.pop(thing_id, None) is not None
        if made == self._things.get(thing_id):
            return False
        self._things[thing_id] = made
        return True

    def _thing_of(self, key: str) -> Thing | None:
        if key.startswith("namespace:"):
            return self._namespace(key.removeprefix("namespace:"))
        sketch, kind = self._sketches.get(key), self._kinds.get(key)
        if sketch is None or kind is None:
            return None
        joined = self._joined(sketch)
        urls = [url for url, _ in self._routes_to(sketch)]
        return Thing(
            id=f"{self._source}/{key}",
            kind=kind,
            name=plain(sketch.name, MAX_NAME),
            source=self._source,
            place=sketch.namespace or self._place,
            detail=sketch.kind,
            state=_STATES[sketch.state],
            facts=tuple(Fact(name, _shown(value), unit) for name, value, unit in sketch.facts),
            links=tuple(self._link(tie, target) for tie, target in (*sketch.ties, *joined)),
            keys=(key, *sketch.keys, *self._names(sketch)),
            aliases=sketch.aliases,
            url=web_address(sketch.url) or self._page_of_argocd(sketch) or web_address(next(iter(urls), "")),
        )

    def _joined(self, sketch: Sketch) -> tuple[tuple[str, str], ...]:
        """Return what an object is tied to beside what it says: by its pods, and by where it is."""
        ties: dict[tuple[str, str], None] = {}
        if sketch.labels or sketch.kind == "Application":
            own = {tie for tie in sketch.ties if tie[0] in _PLACED}
            ties |= dict.fromkeys(tie for tie in self._placements(sketch) if tie not in own)
        if sketch.kind == "PersistentVolumeClaim":
            ties["backed_up_by", key_of("Backup", "", sketch.namespace)] = None
            ties["backed_up_by", key_of("Backup", sketch.namespace, sketch.name)] = None
        within = f"{self._source}/namespace:{sketch.namespace}" if sketch.namespace else self._source
        ties["part_of", within] = None
        return tuple(ties)

    def _placements(self, sketch: Sketch) -> Iterator[tuple[str, str]]:
        """Yield where the pods of a workload run and store; of an application the pods of its workloads.

        A node explains its trouble only where all of its pods with trouble are there, else all of its pods.
        """
        pods = dict.fromkeys(self._pods(sketch))
        ill = [ties for state, ties in pods if state != "ok" and any(kind == "runs_on" for kind, _ in ties)]
        nodes = {tie for ties in ill or [ties for _, ties in pods] for tie in ties if tie[0] == "runs_on"}
        if len(nodes) == 1:
            yield from nodes
        yield from (tie for _, ties in pods for tie in ties if tie[0] != "runs_on")

    def _pods(self, sketch: Sketch) -> Iterator[tuple[str, Ties]]:
        """Yield the state of each pod, and where it is placed."""
        for name in (sketch.key, *sketch.keys):
            for key in sorted(self._tied.get(name, ())):
                if key in self._placed:
                    yield self._placed[key]
                elif sketch.kind == "Application" and (workload := self._sketches[key]).labels:
                    yield from self._pods(workload)

    def _names(self, sketch: Sketch) -> tuple[str, ...]:
        """Return what else a workload is known by: its replica sets, and the services that lead to it."""
        if not sketch.labels:
            return ()
        names: dict[str, None] = {}
        for pod in self._tied.get(sketch.key, ()):
            ties = self._sketches[pod].ties
            names |= dict.fromkeys(target for _, target in ties if target.startswith("replicaset:"))
        for service in self._services_of(sketch):
            names[service.key] = None
            names |= dict.fromkeys(service.keys)
        for url, service_key in self._routes_to(sketch):
            scheme, _, host = url.partition("://")
            if ":" not in host:
                names[f"address:{host}:{443 if scheme == 'https' else 80}"] = None
            names[f"address:{host}"] = None
            names[service_key] = None
        return tuple(names)[:MOST_ADDRESSES]

    def _services_of(self, sketch: Sketch) -> Iterator[Sketch]:
        for key in self._members.get((sketch.namespace, SERVING), ()):
            service = self._sketches[key]
            if service.selector and service.selector <= sketch.labels:
                yield service

    def _routes_to(self, sketch: Sketch) -> Iterator[tuple[str, str]]:
        """Yield the pages of a workload, those with a name first, and the services that they lead to."""
        if not sketch.labels:
            return
        services = {service.key: service for service in self._services_of(sketch)}
        serving = [self._sketches[key] for key in self._members.get((sketch.namespace, SERVING), ())]
        for other in sorted(serving, key=lambda other: bool(other.selector)):
            yield from ((url, name) for url, name in other.routes if name in services)
        ports = [(key, *port) for key, service in services.items() for port in service.ports]
        if ports and (node := next(self._node_addresses(), "")):
            yield from ((f"{scheme}://{node}:{port}", key) for key, scheme, port in ports)

    def _node_addresses(self) -> Iterator[str]:
        """Yield where nodes answer, those that are well first."""
        nodes = self._by_uid.get("nodes", {}).values()
        for node in sorted(nodes, key=lambda node: (node.state != "ok", node.name)):
            yield from (key.removeprefix("address:") for key in node.keys if key.startswith("address:"))

    def _page_of_argocd(self, sketch: Sketch) -> str:
        """Return the page that Argo CD has of an application; it is routed in the namespace of these."""
        if sketch.kind != "Application":
            return ""
        service = key_of("Service", sketch.namespace, "argocd-server")
        serving = self._members.get((sketch.namespace, SERVING), ())
        routes = (route for key in serving for route in self._sketches[key].routes)
        page = next(filter(None, (web_address(url) for url, name in routes if name == service)), "")
        return (
            web_address(f"{page.rstrip('/')}/applications/{sketch.namespace}/{sketch.name}") if page else ""
        )

    def _namespace(self, name: str) -> Thing | None:
        if not name or not any(self._members.get((name, role)) for role in ROLES):
            return None
        return Thing(
            id=f"{self._source}/namespace:{name}",
            kind=ThingKind.NAMESPACE,
            name=plain(name, MAX_NAME),
            source=self._source,
            place=self._place,
            detail="Namespace",
            state=State.OK,
            links=(self._link("part_of", self._source),),
            keys=(f"namespace:{name}",),
        )

    def _link(self, tie: str, target: str) -> Link:
        """Return a link; there is one of each, however many things have it."""
        link = self._links.get((tie, target))
        if link is None:
            link = self._links[tie, target] = Link(_LINKS[tie], target)
        return link

    # What is backed up

    def _make_plans(self, last_good: Mapping[str, datetime | None]) -> bool:
        schedules: dict[str, list[Sketch]] = {}
        for sketch in self._by_uid.get("schedules.k8up.io", {}).values():
            schedules.setdefault(sketch.namespace, []).append(sketch)
        plans: dict[str, Thing] = {}
        for name, moment in last_good.items():
            plan = self._plan(name, moment, schedules.get(name, []))
            before = self._plans.get(plan.id)
            plans[plan.id] = before if before == plan else plan
        changed = plans != self._plans
        self._plans = plans
        return changed

    def _plan(self, name: str, moment: datetime | None, schedules: list[Sketch]) -> Thing:
        namespace, _, own = name.rpartition("/")
        runs = [run for schedule in schedules if (run := _next_run(schedule)) is not None]
        facts: list[Fact] = []
        if moment is not None:
            facts.append(Fact("last_good", moment))
        if runs:
            facts.append(Fact("next_backup", min(runs)))
        return Thing(
            id=f"{self._source}/backup:{name}",
            kind=ThingKind.BACKUP_PLAN,
            name=plain(own, MAX_NAME),
            source=self._source,
            place=namespace or self._place,
            detail="K8up" if schedules else "Backup",
            state=State.UNKNOWN if moment is None else State.OK,
            facts=tuple(facts),
            links=(self._link("part_of", self._source),),
            keys=(f"backup:{name}", *(key for schedule in schedules for key in schedule.keys)),
        )


def _role(sketch: Sketch) -> str:
    if sketch.labels:
        return WORKLOADS
    return SERVING if sketch.selector or sketch.routes else OTHER


def _next_run(sketch: Sketch) -> datetime | None:
    """Return when a schedule runs next, in the time zone of the controllers' images, which is UTC."""
    schedule = next((value for name, value, _ in sketch.facts if name == "schedule"), "")
    try:
        return next(CronSim(str(schedule), datetime.now(UTC).replace(microsecond=0)))
    except CronSimError, StopIteration:
        return None


def _shown(value: FactValue) -> str | float | bool | datetime:
    return plain(value, MAX_NAME) if isinstance(value, str) else value
