"""The homelab that the failures happen in: a cluster with apps, a hub, pages, alerts and a NAS."""

from collections.abc import Mapping

from custom_components.homelab_ai.api.kubernetes.sketches import Sketch
from custom_components.homelab_ai.monitors.kubernetes.thing_table import THINGS
from custom_components.homelab_ai.monitors.kubernetes.things import ClusterThings
from custom_components.homelab_ai.topology import Link, LinkKind, Thing, ThingKind, Topology
from demo.servers.kubernetes import objects as make
from demo.servers.kubernetes.objects import kinds
from demo.servers.kubernetes.wire import Object

CLUSTER, HUB, PAGE, CHAT, NAS = "cluster", "hub", "page", "chat", "nas"
NODES = ("node-1", "node-2")


class Read:
    """The objects of one resource, as a watch would keep them."""

    def __init__(self, name: str, found: list[Object]) -> None:
        read = THINGS[name].read
        self.revision = 1
        sketches = {str(number): read(one) for number, one in enumerate(found)}
        self._sketches = {uid: sketch for uid, sketch in sketches.items() if sketch is not None}

    def beside(self) -> dict[str, Sketch]:
        return dict(self._sketches)


def _app(objects: dict[str, list[Object]], name: str, node: str, volume: str = "") -> None:
    """Put an app into namespace "web": all that it is made of, and how it is delivered and reached."""
    claim = f"{name}-data" if volume else ""
    labels = {"helm.toolkit.fluxcd.io/name": name, "helm.toolkit.fluxcd.io/namespace": "web"}
    deployment = make.deployment(name, namespace="web", labels=labels, claim=claim)
    made = make.replica_set(f"{name}-7d9f8b6c5d", namespace="web", owner=deployment)
    release = make.helm_release(name, namespace="web", chart="apps")
    release["metadata"]["labels"] = {
        "kustomize.toolkit.fluxcd.io/name": "apps",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    }
    objects["helmreleases.helm.toolkit.fluxcd.io"].append(release)
    objects["deployments.apps"].append(deployment)
    objects["pods"].append(
        make.pod(f"{name}-7d9f8b6c5d-abcde", namespace="web", owner=made, node=node, claim=claim)
    )
    objects["services"].append(make.service(name, namespace="web", app=name))
    objects["ingresses.networking.k8s.io"].append(make.ingress(name, namespace="web", host=f"{name}.home"))
    if volume:
        objects["persistentvolumeclaims"].append(
            make.persistent_volume_claim(claim, namespace="web", volume=volume)
        )


def _objects() -> Mapping[str, list[Object]]:
    objects: dict[str, list[Object]] = {name: [] for name in THINGS}
    objects["nodes"] = [make.node(name) for name in NODES]
    _app(objects, "shop", "node-1", "pvc-shop")
    _app(objects, "wiki", "node-2", "pvc-wiki")
    _app(objects, "photos", "node-2", "nfs-photos")
    objects["volumes.longhorn.io"] = [
        make.volume("pvc-shop", claim="shop-data", claim_namespace="web"),
        make.volume("pvc-wiki", claim="wiki-data", claim_namespace="web"),
    ]
    objects["persistentvolumes"] = [
        make.nfs_volume("nfs-photos", claim="photos-data", namespace="web", server="nas.home")
    ]
    objects["kustomizations.kustomize.toolkit.fluxcd.io"] = [
        make.kustomization("infrastructure"),
        make.kustomization("apps", depends_on=("infrastructure",)),
    ]
    objects["gitrepositories.source.toolkit.fluxcd.io"] = [kinds.with_ready("GitRepository", "flux-system")]
    objects["helmrepositories.source.toolkit.fluxcd.io"] = [kinds.with_ready("HelmRepository", "apps")]
    objects["certificates.cert-manager.io"] = [kinds.certificate("shop"), kinds.certificate("wiki")]
    objects["clusterissuers.cert-manager.io"] = [kinds.with_ready("ClusterIssuer", "letsencrypt")]
    objects["schedules.velero.io"] = [kinds.velero_schedule("daily")]
    objects["backupstoragelocations.velero.io"] = [kinds.backup_storage_location()]
    return objects


async def homelab() -> Topology:
    """Return the topology of the homelab while all is well."""
    topology = Topology()
    things = ClusterThings(CLUSTER, "Cluster")
    told = await things.update({name: Read(name, found) for name, found in _objects().items()}, {})
    cluster = Thing(CLUSTER, ThingKind.CLUSTER, "Cluster", CLUSTER)
    topology.report(CLUSTER, {CLUSTER: cluster, **told})
    needs_hub, served = Link(LinkKind.NEEDS, HUB), Link(LinkKind.SERVED_BY, "address:shop.home")
    for one in (
        Thing(HUB, ThingKind.HUB, "Ollama", HUB),
        Thing(PAGE, ThingKind.PAGE, "Shop", PAGE, links=(served,)),
        Thing(CHAT, ThingKind.SYSTEM, "Chat", CHAT, links=(needs_hub,)),
        Thing(NAS, ThingKind.DEVICE, "NAS", NAS, keys=("address:nas.home",)),
    ):
        topology.report(one.source, {one.id: one})
    return topology
