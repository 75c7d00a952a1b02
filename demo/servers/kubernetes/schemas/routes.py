"""Routes of Traefik and of the Gateway API.

Source: the CRDs of traefik 3.7.9 (`kubernetes-crd-definition-v1.yml`, traefik) and of gateway-api 1.6.1
(`config/crd/standard`, kubernetes-sigs).
"""

from collections.abc import Mapping

from .schema import STRICT_CONDITION, Schema

SCHEMAS: Mapping[str, Schema] = {
    "ingressroutes.traefik.io": Schema(
        {
            "spec": "entryPoints:list ingressClassName parentRefs:list routes!:list tls:map",
            "spec.routes[]": (
                "kind=Rule match! middlewares:list observability:map priority:int services:list syntax"
            ),
            "spec.routes[].services[]": (
                "healthCheck:map kind=Service|TraefikService middlewares:list name! namespace nativeLB:bool "
                "nodePortLB:bool passHostHeader:bool passiveHealthCheck:map port:any responseForwarding:map "
                "scheme serversTransport sticky:map strategy=wrr|p2c|hrw|leasttime|RoundRobin weight:int"
            ),
            "spec.tls": "certResolver domains:list options:map secretName store:map",
        },
        required=("spec",),
    ),
    "httproutes.gateway.networking.k8s.io": Schema(
        {
            "spec": "hostnames:list parentRefs:list rules:list",
            "spec.parentRefs[]": "group kind+ name!+ namespace+ port:int sectionName+",
            "spec.rules[]": "backendRefs:list filters:list matches:list name+ timeouts:map",
            "spec.rules[].backendRefs[]": "filters:list group kind+ name!+ namespace+ port:int weight:int",
            "status": "parents!:list",
            "status.parents[]": "conditions!:list controllerName!+ parentRef!:map",
            "status.parents[].conditions[]": STRICT_CONDITION,
        },
        required=("spec",),
    ),
}
