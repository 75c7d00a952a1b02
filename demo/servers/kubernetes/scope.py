"""What one request is about, read from its path and query.

Source: kubernetes/apiserver pkg/endpoints/request/requestinfo.go; systems.md 4.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .resources import Resource
from .selectors import Selector, selector
from .store import Collection, Stored
from .wire import bad_request

Verb = Literal["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]

_WRITES: dict[str, Verb] = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@dataclass(frozen=True, slots=True)
class Target:
    """The resource a path names; it may be one that the cluster does not have."""

    group: str
    version: str
    plural: str
    namespace: str | None = None
    name: str | None = None
    subresource: str = ""

    def as_resource(self) -> Resource:
        """For RBAC, which judges by the names in the path before anything looks whether they exist."""
        return Resource(group=self.group, version=self.version, plural=self.plural, kind="")

    def verb(self, method: str, query: Mapping[str, str]) -> Verb:
        """What RBAC calls this request."""
        if method in ("GET", "HEAD"):
            if self.name is not None:
                return "get"
            return "watch" if flag(query, "watch") else "list"
        verb = _WRITES.get(method, "get")
        return "deletecollection" if verb == "delete" and self.name is None else verb


def target(path: str) -> Target | None:
    """Read a path; None if it is none of a resource."""
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) > 2:
        group, version, *rest = "", *parts[1:]
    elif parts[0] == "apis" and len(parts) > 3:
        group, version, *rest = parts[1:]
    else:
        return None
    namespace = None
    # /namespaces/x is the namespace itself, /namespaces/x/pods what is in it.
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    plural, name, subresource, *more = [*rest, "", ""]
    return Target(group, version, plural, namespace, name or None, "/".join([subresource, *more]).strip("/"))


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a collection that a list or watch is about."""

    collection: Collection
    namespace: str | None
    selector: Selector

    def holds(self, stored: Stored) -> bool:
        """Whether an object belongs to it."""
        return (self.namespace is None or stored.key[0] == self.namespace) and self.selector(stored.value)

    def objects(self) -> list[Stored]:
        """All that belong to it now, in order."""
        found = self.collection.within(self.namespace)
        return [stored for stored in found if self.selector(stored.value)] if self.selector else found


def scope(collection: Collection, namespace: str | None, query: Mapping[str, str]) -> Scope:
    """Read the selectors; raises StatusError 400."""
    chosen = selector(collection.resource, query.get("labelSelector", ""), query.get("fieldSelector", ""))
    return Scope(collection, namespace, chosen)


def flag(query: Mapping[str, str], name: str) -> bool:
    """Read a boolean like apimachinery: whatever is not false is true, an empty value too."""
    return name in query and query[name].lower() not in ("false", "0")


def number(query: Mapping[str, str], name: str) -> int:
    """Read an integer, 0 when not given; raises StatusError 400."""
    text = query.get(name, "")
    try:
        return int(text or "0")
    except ValueError:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None
