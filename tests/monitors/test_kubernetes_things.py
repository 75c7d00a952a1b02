"""What a cluster consists of, as the topology takes it: what runs where, and what answers at an address."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

import aiohttp
import pytest

from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes.sketches import Sketch, quantity
from custom_components.homelab_ai.monitors.kubernetes import KubernetesMonitor
from custom_components.homelab_ai.monitors.kubernetes.thing_table import THINGS
from custom_components.homelab_ai.monitors.kubernetes.things import ClusterThings
from custom_components.homelab_ai.monitors.monitor import Settings
from custom_components.homelab_ai.topology import State, Thing, ThingKind, Topology
from demo.servers.kubernetes import TOKEN, ApiServer, homelab_cluster, objects as make
from demo.servers.kubernetes.objects import kinds
from demo.servers.kubernetes.wire import Object

SOURCE = "cluster-1"


class Watched:
    """What a resource would be watched as."""

    def __init__(self, name: str) -> None:
        self.revision = 0
        self._read = THINGS[name].read
        self._kept: dict[str, Sketch] = {}

    def put(self, found: Object) -> None:
        uid = f"{found['metadata'].get('namespace', '')}/{found['metadata']['name']}"
        sketch = self._read(found)
        assert sketch is not None
        self._kept[uid] = sketch
        self.revision += 1

    def drop(self, uid: str) -> None:
        del self._kept[uid]
        self.revision += 1

    def beside(self) -> dict[str, Sketch]:
        return dict(self._kept)


class Lab:
    """The things of a made-up cluster, and the topology that takes them."""

    def __init__(self) -> None:
        self.watched: dict[str, Watched] = {}
        self.things = ClusterThings(SOURCE, "Home")
        self.topology = Topology()
        self.told: Mapping[str, Thing] = {}
        cluster = Thing(SOURCE, ThingKind.CLUSTER, "Home", SOURCE)
        self.cluster = {SOURCE: cluster}

    def put(self, **found: Object) -> None:
        for name, one in found.items():
            resource = next(key for key in THINGS if key.partition(".")[0] == name)
            self.watched.setdefault(resource, Watched(resource)).put(one)

    async def look(self, last_good: Mapping[str, Any] | None = None) -> Topology:
        self.told = await self.things.update(self.watched, last_good or {})
        self.topology.report(SOURCE, {**self.cluster, **self.told})
        return self.topology

    def thing(self, key: str) -> Thing:
        return self.told[f"{SOURCE}/{key}"]


def links(thing: Thing) -> set[str]:
    return {f"{link.kind.value} {link.target}" for link in thing.links}


async def app(lab: Lab, *, node: str = "worker-1") -> None:
    """An app with all that belongs to it."""
    deployment = make.deployment("shop", namespace="web", image="shop:1.2", claim="shop-data")
    made = make.replica_set("shop-7d9f8b6c5d", namespace="web", owner=deployment)
    lab.put(
        nodes=make.node("worker-1", address="192.168.1.11"),
        deployments=deployment,
        pods=make.pod("shop-7d9f8b6c5d-abcde", namespace="web", owner=made, node=node, claim="shop-data"),
        persistentvolumeclaims=make.persistent_volume_claim("shop-data", namespace="web", volume="pvc-1"),
        services=make.service("shop", namespace="web", address="192.168.1.50", port=8080),
        ingresses=make.ingress("shop", namespace="web", host="shop.home"),
    )
    await lab.look()


async def test_an_app_and_all_that_belongs_to_it() -> None:
    lab = Lab()
    await app(lab)
    pod, workload = lab.thing("pod:web/shop-7d9f8b6c5d-abcde"), lab.thing("deployment:web/shop")
    assert links(pod) >= {
        "part_of deployment:web/shop",
        "runs_on node:worker-1",
        "stores_in persistentvolumeclaim:web/shop-data",
    }
    assert (pod.kind, pod.state, pod.place) == (ThingKind.POD, State.OK, "web")
    assert (workload.fact("ready"), workload.fact("desired"), workload.fact("image")) == (1, 1, "shop:1.2")
    # Where its pods run, and whose replica set is meant, only its pods say.
    assert "runs_on node:worker-1" in links(workload)
    assert {"replicaset:web/shop-7d9f8b6c5d", "service:web/shop"} <= set(workload.keys)
    assert workload.url == "https://shop.home"
    claim = lab.thing("persistentvolumeclaim:web/shop-data")
    assert (claim.fact("size"), claim.facts[0].unit) == (10 * 1024**3, "B")


@pytest.mark.parametrize(
    "address",
    [
        "address:shop.home",
        "address:shop.home:443",
        "address:192.168.1.50:8080",
        "address:shop.web.svc.cluster.local:8080",
        "address:shop.web:8080",
    ],
)
async def test_who_answers_at_an_address(address: str) -> None:
    lab = Lab()
    await app(lab)
    topology = await lab.look()
    answering = topology.resolve(address, "another system")
    assert answering is not None
    assert answering.id == f"{SOURCE}/deployment:web/shop"


async def test_impact_of_a_node() -> None:
    lab = Lab()
    await app(lab)
    topology = await lab.look()
    assert {thing.name for thing in topology.impact(f"{SOURCE}/node:worker-1")} == {
        "shop",
        "shop-7d9f8b6c5d-abcde",
    }
    everything = {thing.id for thing in topology.impact(SOURCE)}
    assert everything == {thing.id for thing in topology} - {SOURCE}


async def test_one_change_costs_one_thing() -> None:
    lab = Lab()
    await app(lab)
    before = dict(lab.told)
    made = make.replica_set(
        "shop-7d9f8b6c5d", namespace="web", owner=make.deployment("shop", namespace="web")
    )
    lab.put(
        pods=make.pod(
            "shop-7d9f8b6c5d-abcde",
            namespace="web",
            owner=made,
            node="worker-1",
            claim="shop-data",
            restarts=3,
        )
    )
    await lab.look()
    changed = {key for key, thing in lab.told.items() if thing is not before[key]}
    assert changed == {f"{SOURCE}/pod:web/shop-7d9f8b6c5d-abcde"}
    same = lab.told
    await lab.look()
    assert lab.told is same


async def test_a_pod_that_moves_takes_its_workload_along() -> None:
    lab = Lab()
    await app(lab)
    await app(lab, node="worker-2")
    assert "runs_on node:worker-2" in links(lab.thing("deployment:web/shop"))
    assert "runs_on node:worker-1" not in links(lab.thing("deployment:web/shop"))
    lab.watched["pods"].drop("web/shop-7d9f8b6c5d-abcde")
    await lab.look()
    assert "runs_on node:worker-2" not in links(lab.thing("deployment:web/shop"))
    assert f"{SOURCE}/pod:web/shop-7d9f8b6c5d-abcde" not in lab.told


@pytest.mark.parametrize(
    ("states", "node"),
    [
        (("running", "running"), None),
        (("crash_loop", "running"), "worker-1"),
        (("running", "crash_loop"), "worker-2"),
        (("crash_loop", "crash_loop"), None),
        (("crash_loop", "unscheduled"), "worker-1"),
    ],
)
async def test_a_node_explains_a_workload_only_where_all_ill_pods_are_there(
    states: tuple[Any, Any], node: str | None
) -> None:
    """What is wrong elsewhere is no consequence of a node that died; who has no node yet says nothing."""
    lab = Lab()
    await app(lab)
    lab.watched["pods"].drop("web/shop-7d9f8b6c5d-abcde")
    made = make.replica_set(
        "shop-7d9f8b6c5d", namespace="web", owner=make.deployment("shop", namespace="web")
    )
    for number, state in enumerate(states, 1):
        name = f"shop-7d9f8b6c5d-abcd{number}"
        lab.put(pods=make.pod(name, namespace="web", owner=made, state=state, node=f"worker-{number}"))
    await lab.look()
    nodes = {link for link in links(lab.thing("deployment:web/shop")) if link.startswith("runs_on")}
    assert nodes == ({f"runs_on node:{node}"} if node else set())


async def test_the_last_object_takes_its_namespace_along() -> None:
    lab = Lab()
    lab.put(certificates=kinds.certificate("site", namespace="web"))
    await lab.look()
    assert lab.thing("namespace:web").kind is ThingKind.NAMESPACE
    lab.watched["certificates.cert-manager.io"].drop("web/site")
    await lab.look()
    assert lab.told == {}


TIES: dict[str, tuple[str, Object, set[str]]] = {
    "flux, a kustomization that needs another": (
        "kustomizations",
        make.kustomization("apps", depends_on=("infrastructure",)),
        {
            "needs kustomization:flux-system/infrastructure",
            "delivered_by gitrepository:flux-system/flux-system",
        },
    ),
    "flux, a release from a repository": (
        "helmreleases",
        make.helm_release("shop", namespace="web"),
        {"delivered_by helmrepository:flux-system/shop"},
    ),
    "what a kustomization delivers": (
        "deployments",
        make.deployment(
            "shop",
            namespace="web",
            labels={
                "kustomize.toolkit.fluxcd.io/name": "apps",
                "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
            },
        ),
        {"delivered_by kustomization:flux-system/apps"},
    ),
    "what a release delivers": (
        "deployments",
        make.deployment(
            "shop",
            namespace="web",
            labels={
                "helm.toolkit.fluxcd.io/name": "shop",
                "helm.toolkit.fluxcd.io/namespace": "web",
                "app.kubernetes.io/instance": "other",
            },
        ),
        {"delivered_by helmrelease:web/shop"},
    ),
    "argo by annotation": (
        "deployments",
        make.deployment(
            "shop",
            namespace="web",
            annotations={"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:web/shop"},
        ),
        {"delivered_by application:shop"},
    ),
    "argo by annotation, an application of another namespace": (
        "deployments",
        make.deployment(
            "shop",
            namespace="web",
            annotations={"argocd.argoproj.io/tracking-id": "team_shop:apps/Deployment:web/shop"},
        ),
        {"delivered_by application:team/shop"},
    ),
    "argo by label": (
        "deployments",
        make.deployment("shop", namespace="web", labels={"app.kubernetes.io/instance": "shop"}),
        {"delivered_by application:shop"},
    ),
    "a claim and its backup": (
        "persistentvolumeclaims",
        make.persistent_volume_claim("data", namespace="web", volume="pvc-1"),
        {
            "stores_in volume:pvc-1",
            "stores_in persistentvolume:pvc-1",
            "backed_up_by backup:web",
            "backed_up_by backup:web/data",
        },
    ),
    "a share of the network": (
        "persistentvolumes",
        make.nfs_volume("media", claim="media", namespace="media", server="nas.home"),
        {"served_by address:nas.home"},
    ),
    "a certificate and its issuer": (
        "certificates",
        kinds.certificate("site"),
        {"needs clusterissuer:letsencrypt"},
    ),
    "a job of a cron job": (
        "jobs",
        kinds.batch_job("clean-1", cron_job="clean"),
        {"part_of cronjob:web/clean"},
    ),
}


@pytest.mark.parametrize("case", TIES)
async def test_ties(case: str) -> None:
    plural, found, expected = TIES[case]
    lab = Lab()
    lab.put(**{plural: found})
    await lab.look()
    metadata = found["metadata"]
    key = f"{found['kind'].lower()}:{'/'.join(filter(None, (metadata.get('namespace'), metadata['name'])))}"
    told = {
        link
        for link in links(lab.thing(key))
        if not link.startswith(("part_of cluster-1", f"part_of {SOURCE}/namespace"))
    }
    assert told == expected


@pytest.mark.parametrize("name", THINGS)
@pytest.mark.parametrize(
    "found",
    [
        {},
        {"metadata": None, "spec": [], "status": "no"},
        {
            "metadata": {"name": 7, "labels": {"app.kubernetes.io/instance": 4}, "ownerReferences": [3, {}]},
            "spec": {
                "replicas": "NaN",
                "template": 3,
                "volumes": [None],
                "ports": [{}],
                "rules": [{"http": []}],
            },
            "status": {"conditions": [1], "history": "x", "addresses": [{}], "containerStatuses": [{}]},
        },
    ],
)
async def test_odd_objects_break_nothing(name: str, found: Object) -> None:
    sketch = THINGS[name].read(found)
    lab = Lab()
    watched = Watched(name)
    if sketch is not None:
        watched.put(
            {"metadata": {"name": "", "namespace": ""}} | found
            if "metadata" not in found
            else {**found, "metadata": {"name": "x"}}
        )
    lab.watched[name] = watched
    await lab.look()


@pytest.mark.parametrize(
    ("text", "size"),
    [("10Gi", 10 * 1024**3), ("500M", 500_000_000), ("1", 1), (7, 7), ("100m", 0), ("x", None), (None, None)],
)
def test_quantity(text: Any, size: int | None) -> None:
    assert quantity(text) == size


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


async def test_the_homelab_of_the_demo(server: ApiServer) -> None:
    """Over its API, with the rights of docs/kubernetes.md."""
    homelab_cluster(server)
    async with aiohttp.ClientSession() as session:
        settings = Settings(SOURCE, "Home", {"token": TOKEN}, session, Connection(server.url))
        monitor = KubernetesMonitor(settings)
        data = await monitor.fetch()
        again = monitor.things(await monitor.fetch())
    things = monitor.things(data)
    assert all(again[key] is thing for key, thing in things.items())
    topology = Topology()
    topology.report(SOURCE, {SOURCE: Thing(SOURCE, ThingKind.CLUSTER, "Home", SOURCE), **things})
    assert {thing.id for thing in topology.impact(SOURCE)} == set(things)
    plan = topology.resolve("backup:documents", SOURCE)
    assert plan is not None
    assert plan.fact("last_good") is not None
    jellyfin = topology.resolve("deployment:media/jellyfin", SOURCE)
    assert jellyfin is not None
    assert (jellyfin.state, jellyfin.url) == (State.OK, "https://jellyfin.home")
    assert {f"{kind.value} {thing.name}" for kind, thing in topology.targets(jellyfin)} == {
        "delivered_by jellyfin",
        "runs_on pve-worker-1",
        "stores_in jellyfin-data",
        "part_of media",
    }


WEB: dict[str, dict[str, Any]] = {
    "a load balancer": {
        "url": "http://192.168.1.50:8080",
        "services": make.service("web", namespace="web", address="192.168.1.50", port=8080),
    },
    "a port of every node": {
        "url": "http://192.168.1.11:30080",
        "services": make.service("web", namespace="web", node_port=30080),
    },
    "a route of Traefik": {
        "url": "https://web.home",
        "ingressroutes": make.ingress_route(
            "web", namespace="web", match="Host(`Web.home`) && PathPrefix(`/`)"
        ),
    },
    "without TLS": {
        "url": "http://web.home",
        "ingressroutes": make.ingress_route("web", namespace="web", match='Host("web.home")', secured=False),
    },
    "a route of the Gateway API": {
        "url": "https://web.home",
        "httproutes": make.http_route("web", namespace="web", hosts=["web.home", "other.home"]),
    },
    "without TLS at the gateway": {
        "url": "http://web.home",
        "httproutes": make.http_route("web", namespace="web", hosts=["web.home"], listener="http"),
    },
    "a name before an address": {
        "url": "https://web.home",
        "services": make.service("web", namespace="web", address="192.168.1.50", node_port=30080),
        "httproutes": make.http_route("web", namespace="web", hosts=["web.home"]),
    },
    "only inside": {"url": ""},
    "all but a host": {
        "url": "",
        "ingressroutes": make.ingress_route("web", namespace="web", match="!Host(`web.home`)"),
    },
    "of another service": {
        "url": "",
        "httproutes": make.http_route("web", namespace="web", hosts=["web.home"], service="api"),
    },
}


@pytest.mark.parametrize("case", WEB)
async def test_page_of_a_workload(case: str) -> None:
    """However it is led to; what has no page is given none."""
    lab, told = Lab(), {"services": make.service("web", namespace="web"), **WEB[case]}
    url = told.pop("url")
    lab.put(
        nodes=make.node("worker-1", address="192.168.1.11"),
        deployments=make.deployment("web", namespace="web"),
        **told,
    )
    topology = await lab.look()
    assert lab.thing("deployment:web/web").url == url
    if url:
        answering = topology.resolve(f"address:{url.partition('://')[2]}", "another system")
        assert answering is not None
        assert answering.id == f"{SOURCE}/deployment:web/web"


@pytest.mark.parametrize(
    ("port", "scheme"),
    [
        ({"name": "mqtt", "port": 1883}, None),
        ({"port": 53}, None),
        ({"port": 80}, "http"),
        ({"port": 443}, "https"),
        ({"name": "https", "port": 8006}, "https"),
        ({"name": "http-web", "port": 9090}, "http"),
        ({"name": "web", "port": 8443}, "https"),
        ({"name": "main", "port": 3000, "appProtocol": "http"}, "http"),
        ({"name": "postgres", "port": 443}, None),
        ({"name": 5, "port": "x"}, None),
    ],
)
def test_which_ports_are_pages(port: dict[str, Any], scheme: str | None) -> None:
    service = make.service("web", namespace="web", address="10.0.0.1")
    service["spec"]["ports"] = [{**port, "nodePort": 30000}]
    sketch = THINGS["services"].read(service)
    assert sketch is not None
    expected = () if scheme is None else ((f"{scheme}://10.0.0.1:{port['port']}", "service:web/web"),)
    assert sketch.routes == expected
    assert sketch.ports == (() if scheme is None else ((scheme, 30000),))


@pytest.mark.parametrize("name", ["ingressroutes.traefik.io", "httproutes.gateway.networking.k8s.io"])
@pytest.mark.parametrize(
    "spec",
    [
        None,
        5,
        {"routes": 5},
        {"routes": [{"match": 5, "services": "x"}]},
        {"hostnames": "x", "rules": {}},
        {"hostnames": [5], "rules": [5], "parentRefs": [{"port": "x"}]},
        {"entryPoints": [None], "routes": [{"match": "Host(`" * 2000, "services": [{"kind": 5}]}]},
    ],
)
def test_odd_routes_lead_nowhere(name: str, spec: Any) -> None:
    sketch = THINGS[name].read({"metadata": {"name": "web", "namespace": "web"}, "spec": spec})
    assert sketch is None or sketch.routes == ()


async def test_page_of_an_application() -> None:
    """Argo CD's own, once the cluster says where that is; a route of all hosts is no page."""
    lab = Lab()
    lab.put(applications=make.application("shop"))
    await lab.look()
    assert lab.thing("application:argocd/shop").url == ""
    lab.put(ingresses=make.ingress("argocd", namespace="argocd", host="*.home", service="argocd-server"))
    await lab.look()
    assert lab.thing("application:argocd/shop").url == ""
    lab.put(ingresses=make.ingress("argocd", namespace="argocd", host="argo.home", service="argocd-server"))
    await lab.look()
    assert lab.thing("application:argocd/shop").url == "https://argo.home/applications/argocd/shop"
    lab.watched["ingresses.networking.k8s.io"].drop("argocd/argocd")
    await lab.look()
    assert lab.thing("application:argocd/shop").url == ""
