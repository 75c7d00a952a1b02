"""What tells a client where it is: version, health, API groups and their resources.

Source: kubernetes/apiserver pkg/endpoints/discovery; systems.md 4.1.
"""

from collections.abc import Iterable
import re

from .resources import Resource
from .wire import Object

_VERSION = re.compile(r"v(?P<major>\d+)\.(?P<minor>\d+).*")
# Groups that every cluster has and whose objects are not simulated.
_VIRTUAL = {
    "authorization.k8s.io": {
        "name": "selfsubjectaccessreviews",
        "singularName": "selfsubjectaccessreview",
        "namespaced": False,
        "kind": "SelfSubjectAccessReview",
        "verbs": ["create"],
    }
}


def documents(git_version: str, resources: Iterable[Resource]) -> dict[str, Object]:
    """Every JSON document of discovery, by path."""
    groups = _groups(resources)
    described: list[Object] = []
    found: dict[str, Object] = {
        "/version": _version(git_version),
        "/api": {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": described},
    }
    for (name, version), listed in groups.items():
        served = f"{name}/{version}" if name else version
        found[f"/apis/{served}" if name else f"/api/{served}"] = {
            "kind": "APIResourceList",
            "apiVersion": "v1",
            "groupVersion": served,
            "resources": listed,
        }
        if name:
            preferred = {"groupVersion": served, "version": version}
            group = {"name": name, "versions": [preferred], "preferredVersion": preferred}
            described.append(group)
            found[f"/apis/{name}"] = {"kind": "APIGroup", "apiVersion": "v1", **group}
    return found


def minor(git_version: str) -> int:
    """The minor version, 33 of v1.33.4+k3s1."""
    return int(_version(git_version)["minor"])


def _version(git_version: str) -> Object:
    match = _VERSION.fullmatch(git_version)
    if match is None:
        raise ValueError(f"not a version: {git_version}")
    return {
        "major": match["major"],
        "minor": match["minor"],
        "gitVersion": git_version,
        "gitCommit": "148243c49519922720fe1b340008dbce8fb02516",
        "gitTreeState": "clean",
        "buildDate": "2025-08-27T12:52:13Z",
        "goVersion": "go1.24.5",
        "compiler": "gc",
        "platform": "linux/amd64",
    }


def _groups(resources: Iterable[Resource]) -> dict[tuple[str, str], list[Object]]:
    groups: dict[tuple[str, str], list[Object]] = {
        (name, "v1"): [described] for name, described in _VIRTUAL.items()
    }
    for resource in resources:
        groups.setdefault((resource.group, resource.version), []).extend(resource.described())
    return groups
