"""What every cluster has: nodes, namespaces, pods, events, claims, deployments, replica sets.

Source: kubernetes/kubernetes api/core/v1, api/apps/v1.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Literal

from demo.servers.kubernetes.wire import Object, timestamp

from .parts import ago, condition, metadata, moment, owned_by, uid

NodeState = Literal["ready", "not_ready", "gone"]
PodState = Literal[
    "running",
    "starting",
    "unscheduled",
    "image_pull",
    "crash_loop",
    "out_of_memory",
    "succeeded",
    "failed",
    "evicted",
    "node_gone",
]


def namespace(name: str) -> Object:
    """A Namespace."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": metadata(name, labels={"kubernetes.io/metadata.name": name}),
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def node(
    name: str,
    *,
    state: NodeState = "ready",
    schedulable: bool = True,
    control_plane: bool = False,
    address: str = "",
    at: datetime | None = None,
) -> Object:
    """A Node. Of one that is gone nobody knows whether it is ready."""
    ready = {
        "ready": ("True", "KubeletReady", "kubelet is posting ready status"),
        "not_ready": ("False", "KubeletNotReady", "container runtime is down"),
        "gone": ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."),
    }[state]
    fine = ("Unknown", "NodeStatusUnknown") if state == "gone" else ("False", "KubeletHasSufficient")
    roles = {"node-role.kubernetes.io/control-plane": "true"} if control_plane else {}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": metadata(name, labels={"kubernetes.io/hostname": name, **roles}),
        "spec": {} if schedulable else {"unschedulable": True},
        "status": {
            "capacity": {"cpu": "4", "memory": "16303816Ki", "pods": "110"},
            "addresses": [
                *([{"type": "InternalIP", "address": address}] if address else []),
                {"type": "Hostname", "address": name},
            ],
            "conditions": [
                *(
                    condition(kind, *fine, at=at)
                    for kind in ("MemoryPressure", "DiskPressure", "PIDPressure")
                ),
                condition("Ready", *ready, at=at),
            ],
            "nodeInfo": {
                "kubeletVersion": "v1.33.4+k3s1",
                "osImage": "Debian GNU/Linux 13 (trixie)",
                "architecture": "amd64",
                "operatingSystem": "linux",
                "kernelVersion": "6.12.48+deb13-amd64",
                "containerRuntimeVersion": "containerd://2.1.4-k3s1",
                "kubeProxyVersion": "",
                **{key: uid("Node", "", name) for key in ("machineID", "systemUUID", "bootID")},
            },
        },
    }


def pod(
    name: str,
    *,
    namespace: str,
    state: PodState = "running",
    restarts: int = 0,
    image: str = "",
    node: str = "pve-worker-1",
    app: str = "",
    created: datetime | None = None,
    owner: Object | None = None,
    claim: str = "",
) -> Object:
    """A Pod with one container. Not every state has container statuses, or a node.

    `owner` is the object that made it, mostly a ReplicaSet; `claim` is what it stores in.
    """
    image = image or f"ghcr.io/homelab/{app or name}:1.0"
    container = {"name": app or "app", "image": image}
    begun = created or ago(days=3)
    status = _STATES[state](container, restarts, begun)
    # Environments are where people leave passwords.
    environment = [{"name": "DB_PASSWORD", "value": "unmasked-pod-password"}]
    spec: Object = {
        "containers": [{**container, "env": environment}],
        "restartPolicy": "Always",
        "volumes": [*_claimed(claim), {"name": "api-access", "projected": {"sources": []}}],
    }
    if state != "unscheduled":
        spec["nodeName"] = node
    labels = {"app.kubernetes.io/name": app or name}
    if owner is not None and owner["kind"] == "ReplicaSet":
        labels["pod-template-hash"] = owner["metadata"]["name"].rpartition("-")[2]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata(name, namespace, labels=labels, created=begun, **owned_by(owner)),
        "spec": spec,
        "status": {"qosClass": "BestEffort", "startTime": timestamp(begun), **status},
    }


def _claimed(claim: str) -> list[Object]:
    return [{"name": "data", "persistentVolumeClaim": {"claimName": claim}}] if claim else []


def _status(
    phase: str,
    container: Object,
    restarts: int,
    state: Object,
    *,
    at: datetime,
    ready: bool = False,
    last: Object | None = None,
) -> Object:
    digest = sha256(container["image"].encode()).hexdigest()
    return {
        "phase": phase,
        "conditions": [
            condition("Ready", "True" if ready else "False", "" if ready else "ContainersNotReady", at=at),
            condition("PodScheduled", "True", at=at),
        ],
        "containerStatuses": [
            {
                **container,
                "ready": ready,
                "started": ready,
                "restartCount": restarts,
                "state": state,
                "lastState": last or {},
                "imageID": f"{container['image'].partition(':')[0]}@sha256:{digest}" if ready else "",
            }
        ],
    }


def _ended(code: int, reason: str, at: datetime) -> Object:
    when = {"startedAt": timestamp(at), "finishedAt": moment(None)}
    return {"terminated": {"exitCode": code, "reason": reason, **when}}


def _running(container: Object, restarts: int, at: datetime) -> Object:
    last = _ended(1, "Error", at) if restarts else None
    begun = {"running": {"startedAt": timestamp(at)}}
    return _status("Running", container, restarts, begun, at=at, ready=True, last=last)


def _waiting(phase: str, reason: str, message: str = "") -> Callable[[Object, int, datetime], Object]:
    def status(container: Object, restarts: int, at: datetime) -> Object:
        said = {"reason": reason, **({"message": message.format(**container)} if message else {})}
        last = _ended(1, "Error", at) if restarts else None
        return _status(phase, container, restarts, {"waiting": said}, at=at, last=last)

    return status


def _out_of_memory(container: Object, restarts: int, at: datetime) -> Object:
    return _status("Running", container, restarts, _ended(137, "OOMKilled", at), at=at)


def _succeeded(container: Object, restarts: int, at: datetime) -> Object:
    return _status("Succeeded", container, restarts, _ended(0, "Completed", at), at=at)


def _failed(container: Object, restarts: int, at: datetime) -> Object:
    return _status("Failed", container, restarts, _ended(1, "Error", at), at=at)


def _unscheduled(container: Object, restarts: int, at: datetime) -> Object:
    said = "0/3 nodes are available: 3 Insufficient memory."
    return {
        "phase": "Pending",
        "conditions": [condition("PodScheduled", "False", "Unschedulable", said, at=at)],
    }


def _evicted(container: Object, restarts: int, at: datetime) -> Object:
    return {
        "phase": "Failed",
        "reason": "Evicted",
        "message": "The node was low on resource: ephemeral-storage.",
    }


def _node_gone(container: Object, restarts: int, at: datetime) -> Object:
    # The phase stays what the kubelet last said; that the pod is not ready is the controller's word.
    status = _running(container, restarts, at)
    status["conditions"][0] |= {"status": "False", "reason": ""}
    return status | {"reason": "NodeLost"}


_STATES: dict[PodState, Callable[[Object, int, datetime], Object]] = {
    "running": _running,
    "starting": _waiting("Pending", "ContainerCreating"),
    "unscheduled": _unscheduled,
    "image_pull": _waiting("Pending", "ImagePullBackOff", 'Back-off pulling image "{image}"'),
    "crash_loop": _waiting("Running", "CrashLoopBackOff", "back-off 5m0s restarting failed container={name}"),
    "out_of_memory": _out_of_memory,
    "succeeded": _succeeded,
    "failed": _failed,
    "evicted": _evicted,
    "node_gone": _node_gone,
}


def event(
    kind: str,
    name: str,
    reason: str,
    message: str,
    *,
    namespace: str,
    event_type: str = "Warning",
    count: int = 1,
    at: datetime | None = None,
) -> Object:
    """An Event about an object of this kind and name."""
    digest = sha256(f"{kind}{name}{reason}".encode()).hexdigest()
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": metadata(f"{name}.{digest[:16]}", namespace),
        "involvedObject": {"apiVersion": "v1", "kind": kind, "name": name, "namespace": namespace},
        "type": event_type,
        "reason": reason,
        "message": message,
        "count": count,
        "firstTimestamp": moment(at),
        "lastTimestamp": moment(at),
        "eventTime": None,
        "source": {"component": "kubelet", "host": "pve-worker-1"},
        "reportingComponent": "kubelet",
        "reportingInstance": "pve-worker-1",
    }


def persistent_volume_claim(
    name: str, *, namespace: str, volume: str, size: str = "10Gi", bound: bool = True
) -> Object:
    """A PersistentVolumeClaim."""
    status: Object = {"phase": "Pending"}
    if bound:
        status = {"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": size}}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(name, namespace),
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": size}},
            "storageClassName": "longhorn",
            **({"volumeName": volume} if bound else {}),
        },
        "status": status,
    }


def deployment(
    name: str,
    *,
    namespace: str,
    available: bool = True,
    replicas: int = 1,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    image: str = "",
    claim: str = "",
) -> Object:
    """A Deployment; numbers that are 0 are absent from its status.

    `labels` and `annotations` are those of what delivers it, beside its own; `claim` is what the pods use.
    """
    count = replicas if available else 0
    available_because = ("MinimumReplicasAvailable", "Deployment has minimum availability.")
    missing_because = ("MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    status = {"observedGeneration": 1, "replicas": replicas, "updatedReplicas": replicas}
    ready = {"readyReplicas": count, "availableReplicas": count, "unavailableReplicas": replicas - count}
    own = {"app.kubernetes.io/name": name}
    container = {"name": name, "image": image or f"ghcr.io/homelab/{name}:1.0"}
    template = {
        "metadata": {"labels": own},
        "spec": {"containers": [container], "volumes": _claimed(claim)},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(
            name,
            namespace,
            generation=1,
            uid=uid("Deployment", namespace, name),
            labels={**own, **(labels or {})},
            annotations={"deployment.kubernetes.io/revision": "1", **(annotations or {})},
        ),
        "spec": {"replicas": replicas, "selector": {"matchLabels": own}, "template": template},
        "status": {
            **status,
            **{key: number for key, number in ready.items() if number},
            "conditions": [
                condition("Available", str(available), *(available_because if available else missing_because))
            ],
        },
    }


def replica_set(name: str, *, namespace: str, owner: Object, available: bool = True) -> Object:
    """The ReplicaSet of a Deployment, which is what pods name as their owner; it has one replica."""
    count = {"readyReplicas": 1, "availableReplicas": 1} if available else {}
    labels = {**owner["spec"]["selector"]["matchLabels"], "pod-template-hash": name.rpartition("-")[2]}
    template = {**owner["spec"]["template"], "metadata": {"labels": labels}}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": metadata(
            name,
            namespace,
            uid=uid("ReplicaSet", namespace, name),
            labels=labels,
            generation=1,
            **owned_by(owner),
        ),
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": template},
        "status": {"replicas": 1, "fullyLabeledReplicas": 1, "observedGeneration": 1, **count},
    }
