"""What makes pods answer at an address: services, ingresses, and the routes of Traefik and the Gateway API.

Sources: kubernetes/kubernetes api/core/v1, api/networking/v1; traefik/traefik
pkg/provider/kubernetes/crd/traefikio/v1alpha1; kubernetes-sigs/gateway-api apis/v1.
"""

from collections.abc import Sequence

from demo.servers.kubernetes.wire import Object

from .parts import metadata


def service(
    name: str, *, namespace: str, app: str = "", port: int = 80, node_port: int = 0, address: str = ""
) -> Object:
    """A Service that leads to the pods of an app; `address` is that of its load balancer."""
    kind = "LoadBalancer" if address else "NodePort" if node_port else "ClusterIP"
    balanced = {"loadBalancer": {"ingress": [{"ip": address}]} if address else {}}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(name, namespace),
        "spec": {
            "type": kind,
            "clusterIP": "10.43.17.20",
            "selector": {"app.kubernetes.io/name": app or name},
            "ports": [
                {
                    "name": "http",
                    "port": port,
                    "protocol": "TCP",
                    "targetPort": 8080,
                    **({"nodePort": node_port} if node_port else {}),
                }
            ],
        },
        "status": balanced,
    }


def ingress(name: str, *, namespace: str, host: str, service: str = "", secured: bool = True) -> Object:
    """An Ingress that leads from a host to a service."""
    backend = {"service": {"name": service or name, "port": {"name": "http"}}}
    rule = {"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    tls = {"tls": [{"hosts": [host], "secretName": f"{name}-tls"}]} if secured else {}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(name, namespace),
        "spec": {"ingressClassName": "traefik", "rules": [rule], **tls},
        "status": {"loadBalancer": {"ingress": [{"ip": "192.168.1.40"}]}},
    }


def ingress_route(
    name: str, *, namespace: str, match: str, service: str = "", secured: bool = True
) -> Object:
    """An IngressRoute of Traefik that leads from what matches to a service."""
    route = {"kind": "Rule", "match": match, "services": [{"name": service or name, "port": 80}]}
    return {
        "apiVersion": "traefik.io/v1alpha1",
        "kind": "IngressRoute",
        "metadata": metadata(name, namespace),
        "spec": {"entryPoints": ["websecure" if secured else "web"], "routes": [route]},
    }


def http_route(
    name: str, *, namespace: str, hosts: Sequence[str], service: str = "", listener: str = "https"
) -> Object:
    """An HTTPRoute that leads from hosts to a service, at a listener of a gateway."""
    rule = {"backendRefs": [{"name": service or name, "port": 80}]}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata(name, namespace),
        "spec": {
            "parentRefs": [{"name": "home", "namespace": "gateway", "sectionName": listener}],
            "hostnames": list(hosts),
            "rules": [rule],
        },
    }


def nfs_volume(name: str, *, claim: str, namespace: str, server: str, size: str = "100Gi") -> Object:
    """A PersistentVolume on a share of the network."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": metadata(name),
        "spec": {
            "capacity": {"storage": size},
            "accessModes": ["ReadWriteMany"],
            "claimRef": {"kind": "PersistentVolumeClaim", "name": claim, "namespace": namespace},
            "nfs": {"server": server, "path": f"/export/{name}"},
            "persistentVolumeReclaimPolicy": "Retain",
        },
        "status": {"phase": "Bound"},
    }
