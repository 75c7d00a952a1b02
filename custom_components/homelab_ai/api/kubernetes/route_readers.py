"""What leads to a workload: services, ingresses, routes of Traefik and of the Gateway API; see `sketches`.

Sources: kubernetes/api `core/v1`, `networking/v1`; traefik `pkg/provider/kubernetes/crd/traefikio/v1alpha1`;
kubernetes-sigs/gateway-api `apis/v1`.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
import re

from ..answers import Json, Text, text
from .client import part
from .reading import count, items, namespace, texts_of
from .sketches import MOST_NAMED, Sketch, key_of, label_set, sketch

_HTTPS = frozenset({443, 8443})
_HTTP = frozenset({80, 8080})
_SECURED = re.compile(r"https|tls|secure")
_HOST = re.compile(r"(?<!!)Host\(([^()]{1,1000})\)")
"""A matcher of Traefik: names in backticks or quotes; one that is negated is none."""
_NAME = re.compile(r"[`\"]([^`\"]{1,253})[`\"]")


def of_service(obj: Json) -> Sketch:
    """Read a Service: which pods answer, at which addresses, and which of these are pages."""
    spec, own = part(obj, "spec"), text(part(obj, "metadata").get("name"))
    ports = list(islice(items(spec, "ports"), MOST_NAMED))
    inside = [f"{own}.{namespace(obj)}{end}" for end in ("", ".svc", ".svc.cluster.local")]
    outside = [host for host in _outside(obj, spec) if host and ":" not in host]
    numbers = [count(port.get("port")) for port in ports]
    addresses = (
        text(f"address:{host.lower()}:{port}")
        for host in [*inside, text(spec.get("clusterIP")) or "None", *outside]
        if host != "None"
        for port in numbers
    )
    key = key_of("Service", namespace(obj), own)
    pages = [(scheme, port) for port in ports if (scheme := _scheme(port))]
    return sketch(
        obj,
        "Service",
        selector=label_set(part(spec, "selector")),
        keys=tuple(dict.fromkeys(addresses))[: 4 * MOST_NAMED],
        routes=tuple(
            (text(f"{scheme}://{host}:{count(port.get('port'))}"), key)
            for host in outside[:1]
            for scheme, port in pages
        ),
        ports=tuple(
            (text(scheme), node_port) for scheme, port in pages if (node_port := count(port.get("nodePort")))
        ),
    )


def _outside(obj: Json, spec: Json) -> Iterator[Text]:
    """Yield where a service answers outside of the cluster; what its load balancer got stands first."""
    for balanced in islice(items(obj, "status", "loadBalancer", "ingress"), MOST_NAMED):
        yield text(balanced.get("ip")) or text(balanced.get("hostname"))
    yield text(spec.get("loadBalancerIP"))
    yield from islice(texts_of(spec, "externalIPs"), MOST_NAMED)


def _scheme(port: Json) -> str:
    """Return how a browser speaks to a port, nothing where that is not known."""
    number, name = count(port.get("port")), text(port.get("name")).lower()
    protocol = text(port.get("appProtocol")).lower()
    if protocol in ("https", "http"):
        return protocol
    if name.startswith("https") or (number in _HTTPS and (not name or name.startswith(("http", "web")))):
        return "https"
    return "http" if name.startswith(("http", "web")) or (not name and number in _HTTP) else ""


def of_ingress(obj: Json) -> Sketch:
    """Read an Ingress: which service answers for a host."""
    secured = {
        host for item in islice(items(obj, "spec", "tls"), MOST_NAMED) for host in texts_of(item, "hosts")
    }
    found = (
        (_url(host, secured=host in secured), key_of("Service", namespace(obj), own))
        for rule in islice(items(obj, "spec", "rules"), MOST_NAMED)
        for path in islice(items(rule, "http", "paths"), MOST_NAMED)
        if (host := text(rule.get("host")).lower())
        and (own := text(part(path, "backend", "service").get("name")))
    )
    return sketch(obj, "Ingress", routes=_routes(found))


def of_ingress_route(obj: Json) -> Sketch:
    """Read an IngressRoute of Traefik: which service answers for a host."""
    spec = part(obj, "spec")
    secured = "tls" in spec or any(map(_SECURED.search, texts_of(spec, "entryPoints")))
    found = (
        (_url(host.lower(), secured=secured), _behind(obj, service))
        for route in islice(items(spec, "routes"), MOST_NAMED)
        for names in _HOST.findall(text(route.get("match"))[:4000])
        for host in _NAME.findall(names)
        for service in islice(items(route, "services"), MOST_NAMED)
        if service.get("kind") in (None, "Service")
    )
    return sketch(obj, "IngressRoute", routes=_routes(found))


def of_http_route(obj: Json) -> Sketch:
    """Read an HTTPRoute of the Gateway API; whether it is secured, only the names of its listeners tell."""
    spec = part(obj, "spec")
    secured = any(
        count(parent.get("port")) == 443 or _SECURED.search(text(parent.get("sectionName")))
        for parent in islice(items(spec, "parentRefs"), MOST_NAMED)
    )
    found = (
        (_url(host.lower(), secured=secured), _behind(obj, service))
        for host in texts_of(spec, "hostnames")
        for rule in islice(items(spec, "rules"), MOST_NAMED)
        for service in islice(items(rule, "backendRefs"), MOST_NAMED)
        if service.get("kind") in (None, "Service")
    )
    return sketch(obj, "HTTPRoute", routes=_routes(found))


def _behind(obj: Json, service: Json) -> Text:
    return key_of("Service", text(service.get("namespace")) or namespace(obj), text(service.get("name")))


def _url(host: str, *, secured: bool) -> Text:
    return text(f"{'https' if secured else 'http'}://{host}")


def _routes(found: Iterable[tuple[Text, Text]]) -> tuple[tuple[Text, Text], ...]:
    """Return the page and the service of each host; one whose paths lead to several is left out."""
    services: dict[Text, set[Text]] = {}
    for url, service in islice(found, MOST_NAMED * MOST_NAMED):
        services.setdefault(url, set()).add(service)
    return tuple((url, behind.pop()) for url, behind in services.items() if len(behind) == 1)
