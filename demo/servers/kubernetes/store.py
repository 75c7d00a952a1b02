"""The objects of the cluster and the history of their changes, which is what etcd is to a real one.

Source: kubernetes/website api-concepts; systems.md 4.1.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
import json
import time
from typing import Literal, Self
from uuid import uuid4

from demo.servers.ollama.wire import encode

from . import schemas
from .resources import BUILT_IN, SYSTEMS, Resource
from .versions import encoded
from .wire import Object, timestamp

type Key = tuple[str, str]
ChangeType = Literal["ADDED", "MODIFIED", "DELETED"]

# What etcd takes in one request.
_LARGEST_OBJECT = 1536 * 1024


@dataclass(frozen=True)
class Stored:
    """One version of an object, encoded beforehand: lists of thousands must not hold up the event loop."""

    value: Object
    revision: int
    whole: bytes

    @classmethod
    def of(cls, value: Object, revision: int) -> Self:
        """Encode an object under its new resourceVersion; raises ValueError for what the server refuses."""
        metadata = value["metadata"] | {"resourceVersion": encoded(revision)}
        whole = encode(value | {"metadata": metadata})
        if len(whole) > _LARGEST_OBJECT:
            raise ValueError("etcdserver: request is too large")
        return cls(json.loads(whole), revision, whole)

    @property
    def key(self) -> Key:
        """Namespace and name, in whose order lists are."""
        metadata = self.value["metadata"]
        return metadata.get("namespace", ""), metadata["name"]

    @cached_property
    def item(self) -> bytes:
        """In the list of a built-in resource: those leave out what the list's own kind tells."""
        return encode({key: part for key, part in self.value.items() if key not in ("apiVersion", "kind")})


@dataclass(frozen=True, slots=True)
class Change:
    """One change; what was there before it decides what a watch with a selector is told."""

    type: ChangeType
    stored: Stored
    previous: Stored | None


@dataclass
class Collection:
    """All objects of one resource, and its latest changes."""

    resource: Resource
    objects: dict[Key, Stored] = field(default_factory=dict)
    history: deque[Change] = field(default_factory=deque)
    # Changes up to this revision are no longer in the history.
    forgotten: int = 0

    def within(self, namespace: str | None) -> list[Stored]:
        """The objects of a namespace, or all of them, in the order of a list."""
        keys = sorted(key for key in self.objects if namespace is None or key[0] == namespace)
        return [self.objects[key] for key in keys]


class Store:
    """Every collection. Each change gives the whole cluster a new revision."""

    def __init__(self, *, history: int) -> None:
        """Begin with what every cluster has; `history` is how many changes of a resource stay known."""
        self.history = history
        # Others write, too: revisions neither begin at one nor follow upon each other.
        self.revision = 984_113
        self.clock_skew = 0.0
        self.listener: Callable[[Collection, Change], None] | None = None
        self.collections = {resource: Collection(resource) for resource in BUILT_IN}
        self.systems: set[str] = set()

    def install(self, system: str) -> None:
        """Bring the custom resources of a system."""
        self.systems.add(system)
        for resource in SYSTEMS[system]:
            self.collections.setdefault(resource, Collection(resource, forgotten=self.revision))

    def uninstall(self, system: str) -> list[Collection]:
        """Take them away with all their objects; returns what was taken."""
        self.systems.discard(system)
        removed = [self.collections[resource] for resource in SYSTEMS[system] if resource in self.collections]
        for collection in removed:
            for namespace, name in list(collection.objects):
                self.delete(collection, namespace, name)
            del self.collections[collection.resource]
        return removed

    def find(self, group: str, version: str, plural: str) -> Collection | None:
        """The collection at this path."""
        wanted = (group, version, plural)
        for resource, collection in self.collections.items():
            if (resource.group, resource.version, resource.plural) == wanted:
                return collection
        return None

    def named(self, name: str) -> Collection:
        """The collection of a kind, a plural or a `plural.group`; raises LookupError."""
        found = [
            collection
            for resource, collection in self.collections.items()
            if name in (resource.kind, resource.plural, resource.qualified)
        ]
        exact = [collection for collection in found if collection.resource.qualified == name]
        if len(exact or found) != 1:
            names = ", ".join(sorted(collection.resource.qualified for collection in found))
            raise LookupError(f"{name} is ambiguous: {names}" if names else f"no resource {name} here")
        return (exact or found)[0]

    def apply(self, given: Object) -> Stored:
        """Create or update an object; what is the same already stays as it is.

        Like the real server it gives uid, creationTimestamp, generation and resourceVersion, unless the
        object brings its own uid or creationTimestamp.
        """
        collection = self._collection_of(given)
        _check(collection.resource, given)
        metadata = dict(given["metadata"])
        value = given | {"metadata": metadata}
        key = (metadata.get("namespace", ""), metadata["name"])
        previous = collection.objects.get(key)
        if previous is None:
            metadata.setdefault("uid", str(uuid4()))
            metadata.setdefault("creationTimestamp", timestamp(time.time() + self.clock_skew))
            metadata.setdefault("generation", 1)
        else:
            known = previous.value["metadata"]
            metadata["uid"], metadata["creationTimestamp"] = known["uid"], known["creationTimestamp"]
            metadata["resourceVersion"] = known["resourceVersion"]
            same_spec = previous.value.get("spec") == value.get("spec")
            metadata.setdefault("generation", known["generation"] + (not same_spec))
            if value == previous.value:
                return previous
        stored = Stored.of(value, self._advance())
        collection.objects[key] = stored
        self._record(collection, Change("ADDED" if previous is None else "MODIFIED", stored, previous))
        return stored

    def check(self, given: Object) -> None:
        """Raise ValueError in the words of the API server where it would not take an object."""
        _check(self._collection_of(given).resource, given)

    def delete(self, collection: Collection, namespace: str, name: str) -> None:
        """Delete an object; raises LookupError."""
        previous = collection.objects.pop((namespace, name))
        last = Stored.of(previous.value, self._advance())
        self._record(collection, Change("DELETED", last, previous))

    def forget(self) -> None:
        """Compact: whatever was read so far is now too old to go on from."""
        self._advance()
        for collection in self.collections.values():
            collection.history.clear()
            collection.forgotten = self.revision

    def _collection_of(self, given: Object) -> Collection:
        api_version, kind = given.get("apiVersion", ""), given.get("kind", "")
        for resource, collection in self.collections.items():
            if resource.kind == kind and resource.api_version == api_version:
                return collection
        raise LookupError(f'no matches for kind "{kind}" in version "{api_version}"')

    def _record(self, collection: Collection, change: Change) -> None:
        collection.history.append(change)
        while len(collection.history) > self.history:
            collection.forgotten = collection.history.popleft().stored.revision
        if self.listener is not None:
            self.listener(collection, change)

    def _advance(self) -> int:
        self.revision += 1 + self.revision * 7 % 5
        return self.revision


def _check(resource: Resource, given: Object) -> None:
    """Raise ValueError if it lacks a name, is in the wrong place or lacks what its schema wants."""
    metadata = given.get("metadata", {})
    if not metadata.get("name"):
        raise ValueError(f"{resource.kind} is invalid: metadata.name: Required value")
    if resource.namespaced is not bool(metadata.get("namespace")):
        raise ValueError(f"{resource.kind} is {'' if resource.namespaced else 'not '}namespaced")
    schemas.check(resource, given)
