"""What the cluster says that its objects look like: `/openapi/v3`, one document for each group and version.

Source: kubernetes/website `concepts/overview/kubernetes-api` (OpenAPI V3), kube-openapi `handler3`; the
shapes are those of Kubernetes 1.33 (`api/openapi-spec/v3`) and of the CRDs that `schemas` names, without
descriptions.
"""

from collections.abc import Iterable, Mapping
import hashlib
import json
from typing import Any

from .resources import Resource
from .wire import Object

_REF = "#/components/schemas/"
_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
_INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_CORE = "io.k8s.api.core.v1."
_TEXT: Object = {"type": "string"}
_TEXTS: Object = {"type": "object", "additionalProperties": {"type": "string", "default": ""}}
_NUMBER: Object = {"type": "integer", "format": "int32"}
_TRUTH: Object = {"type": "boolean"}


def _object(*required: str, **properties: Object) -> Object:
    return {
        "type": "object",
        "properties": properties,
        **({"required": list(required)} if required else {}),
    }


def _one(name: str) -> Object:
    """What built-in objects refer to another schema with: a default beside a reference."""
    return {"allOf": [{"$ref": f"{_REF}{name}"}], "default": {}}


def _list(items: Object, **more: Any) -> Object:
    return {"type": "array", "items": items, **more}


_REFERENCE = _object("kind", "name", kind=_TEXT, name=_TEXT, namespace=_TEXT, apiVersion=_TEXT)
_DURATION: Object = {"type": "string", "pattern": "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$"}
_K8UP_JOB = _object(schedule=_TEXT, failedJobsHistoryLimit=_NUMBER, successfulJobsHistoryLimit=_NUMBER)
_SHARED: Mapping[str, Object] = {
    _META: _object(
        name=_TEXT,
        namespace=_TEXT,
        labels=_TEXTS,
        annotations=_TEXTS,
        generateName=_TEXT,
        finalizers=_list({"type": "string", "default": ""}),
    ),
    _INT_OR_STRING: {"oneOf": [{"type": "integer"}, {"type": "string"}], "format": "int-or-string"},
    _QUANTITY: {"oneOf": [{"type": "string"}, {"type": "number"}]},
    f"{_CORE}Container": _object(
        "name",
        name={**_TEXT, "default": ""},
        image=_TEXT,
        args=_list({"type": "string", "default": ""}),
        env=_list(_one(f"{_CORE}EnvVar")),
        ports=_list(_one(f"{_CORE}ContainerPort")),
        resources=_one(f"{_CORE}ResourceRequirements"),
        imagePullPolicy={"type": "string", "enum": ["Always", "IfNotPresent", "Never"]},
    ),
    f"{_CORE}ContainerPort": _object("containerPort", containerPort=_NUMBER, name=_TEXT, protocol=_TEXT),
    f"{_CORE}EnvVar": _object("name", name=_TEXT, value=_TEXT, valueFrom={"type": "object"}),
    f"{_CORE}ResourceRequirements": _object(
        limits={"type": "object", "additionalProperties": {"$ref": f"{_REF}{_QUANTITY}"}},
        requests={"type": "object", "additionalProperties": {"$ref": f"{_REF}{_QUANTITY}"}},
    ),
    f"{_CORE}PodSpec": _object("containers", containers=_list(_one(f"{_CORE}Container"))),
    f"{_CORE}PodTemplateSpec": _object(metadata=_one(_META), spec=_one(f"{_CORE}PodSpec")),
    f"{_CORE}ServicePort": _object(
        "port", name=_TEXT, port=_NUMBER, targetPort=_one(_INT_OR_STRING), protocol=_TEXT
    ),
}
_SPECS: Mapping[str, Mapping[str, Object]] = {
    "configmaps": {"data": _TEXTS, "binaryData": _TEXTS, "immutable": _TRUTH},
    "secrets": {"data": _TEXTS, "stringData": _TEXTS, "type": _TEXT},
    "services": {
        "spec": _object(
            selector=_TEXTS,
            ports=_list(_one(f"{_CORE}ServicePort")),
            type={"type": "string", "enum": ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]},
        )
    },
    "deployments.apps": {
        "spec": _object(
            "selector",
            "template",
            replicas=_NUMBER,
            selector=_object(matchLabels=_TEXTS),
            template=_one(f"{_CORE}PodTemplateSpec"),
        )
    },
    "kustomizations.kustomize.toolkit.fluxcd.io": {
        "spec": _object(
            "interval",
            "prune",
            "sourceRef",
            commonMetadata=_object(labels=_TEXTS, annotations=_TEXTS),
            dependsOn=_list(_object("name", name=_TEXT, namespace=_TEXT)),
            interval=_DURATION,
            path=_TEXT,
            postBuild={"type": "object", "x-kubernetes-preserve-unknown-fields": True},
            prune=_TRUTH,
            retryInterval=_DURATION,
            sourceRef={
                **_REFERENCE,
                "properties": {
                    **_REFERENCE["properties"],
                    "kind": {
                        "type": "string",
                        "enum": ["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"],
                    },
                },
            },
            suspend=_TRUTH,
            targetNamespace=_TEXT,
            timeout=_DURATION,
            wait=_TRUTH,
        )
    },
    "helmreleases.helm.toolkit.fluxcd.io": {
        "spec": _object(
            "interval",
            chart=_object("spec", spec={"type": "object", "x-kubernetes-preserve-unknown-fields": True}),
            chartRef=_REFERENCE,
            interval=_DURATION,
            suspend=_TRUTH,
            values={"x-kubernetes-preserve-unknown-fields": True},
        )
    },
    "schedules.k8up.io": {
        "spec": _object(
            backend={"type": "object", "x-kubernetes-preserve-unknown-fields": True},
            backup=_K8UP_JOB,
            check=_K8UP_JOB,
            prune={
                **_K8UP_JOB,
                "properties": {
                    **_K8UP_JOB["properties"],
                    "retention": _object(keepDaily={"type": "integer"}, keepWeekly={"type": "integer"}),
                },
            },
        )
    },
    "recurringjobs.longhorn.io": {
        "spec": _object(
            cron=_TEXT,
            task={"type": "string", "enum": ["snapshot", "backup", "filesystem-trim"]},
            groups=_list(_TEXT),
            retain={"type": "integer"},
            concurrency={"type": "integer"},
            labels=_TEXTS,
        )
    },
    "certificates.cert-manager.io": {
        "spec": _object(
            "issuerRef",
            "secretName",
            dnsNames=_list(_TEXT),
            issuerRef=_object("name", name=_TEXT, kind=_TEXT, group=_TEXT),
            secretName=_TEXT,
        )
    },
}
_UNKNOWN: Mapping[str, Object] = {"spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}


def documents(resources: Iterable[Resource]) -> dict[str, Object]:
    """Every document by path, the index among them; each with the hash of its content in the index."""
    groups: dict[str, list[Resource]] = {}
    for resource in resources:
        root = f"apis/{resource.group}" if resource.group else "api"
        groups.setdefault(f"{root}/{resource.version}", []).append(resource)
    found: dict[str, Object] = {}
    index: Object = {}
    for root, listed in groups.items():
        document = _document(listed)
        digest = hashlib.sha512(json.dumps(document).encode()).hexdigest().upper()
        found[f"/openapi/v3/{root}"] = document
        index[root] = {"serverRelativeURL": f"/openapi/v3/{root}?hash={digest}"}
    return {**found, "/openapi/v3": {"paths": index}}


def _document(resources: Iterable[Resource]) -> Object:
    schemas = dict(_SHARED)
    for resource in resources:
        schemas[_name(resource)] = {
            "type": "object",
            "properties": {
                "apiVersion": _TEXT,
                "kind": _TEXT,
                # What is of a CRD refers without a default.
                "metadata": {"allOf": [{"$ref": f"{_REF}{_META}"}]} if resource.custom else _one(_META),
                **_SPECS.get(resource.qualified, _UNKNOWN),
                "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
            },
            "x-kubernetes-group-version-kind": [
                {"group": resource.group, "kind": resource.kind, "version": resource.version}
            ],
        }
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": "unversioned"},
        "paths": {},
        "components": {"schemas": schemas},
    }


def _name(resource: Resource) -> str:
    if not resource.custom:
        return f"io.k8s.api.{resource.group.partition('.')[0] or 'core'}.{resource.version}.{resource.kind}"
    return ".".join([*reversed(resource.group.split(".")), resource.version, resource.kind])
