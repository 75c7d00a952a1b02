"""What objects of a kind look like, as the cluster itself says: `/openapi/v3`, and discovery beside it.

Source: kubernetes/website `concepts/overview/kubernetes-api`. Everybody with a token may read both. A
document has up to two megabytes; of it only what one kind refers to is kept, by the hash that the server
gives it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re

from ..answers import Json, Text, objects_in, text
from ..errors import ApiResponseError
from .client import KubernetesClient, part

MOST_KEPT = 64
MAX_DEPTH = 64
MOST_SCHEMAS = 2000
"""Schemas that one kind may refer to."""
_REFERENCE = "#/components/schemas/"
_VERSION = re.compile(r"(?:[a-z0-9.-]{1,253}/)?v[a-z0-9]{1,20}")
# The server names its own documents; nothing else is fetched because an answer says so.
_DOCUMENT = re.compile(r"/openapi/v3/apis?/[\w./-]{1,300}(?:\?hash=[0-9A-Fa-f]{1,200})?")
_KINDS = "x-kubernetes-group-version-kind"
_PROSE = frozenset(("description", "example", "externalDocs", "title"))


@dataclass(frozen=True, slots=True)
class Schema:
    """The schema of a kind, and those that it refers to by name."""

    root: Json
    others: Mapping[str, Json] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Served:
    """Where the objects of a kind are: `collection` is the path of all of them."""

    collection: Text
    namespaced: bool


class Schemas:
    """The schemas of one cluster. Every method raises ApiError."""

    def __init__(self, client: KubernetesClient) -> None:
        """Ask nothing yet."""
        self._client = client
        self._kept: dict[tuple[str, str], Schema | None] = {}

    async def of(self, api_version: str, kind: str) -> Schema | None:
        """Return the schema of a kind, None where the cluster does not know it."""
        root = _root(api_version)
        index = await self._client.parsed("/openapi/v3", lambda told: part(told, "paths", root))
        if not (url := text(index.get("serverRelativeURL"), 1000)):
            return None
        if not _DOCUMENT.fullmatch(url):
            raise ApiResponseError("the index of schemas leads elsewhere")
        key = (url, kind)
        if key not in self._kept:
            found = await self._client.parsed(url, lambda told: schema_in(told, api_version, kind))
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = found
        return self._kept[key]

    async def served(self, api_version: str, kind: str) -> Served | None:
        """Return where the objects of a kind are, None where the cluster does not know it."""
        root = f"/{_root(api_version)}"
        return await self._client.read(root, lambda told: served_in(told, root, kind))


def served_in(told: Json, root: str, kind: str) -> Served | None:
    """Return where the objects of a kind are, by the resources of a version."""
    for resource in objects_in(told.get("resources")):
        plural = text(resource.get("name"), 253)
        if resource.get("kind") == kind and re.fullmatch(r"[a-z0-9.-]+", plural):
            return Served(text(f"{root}/{plural}"), resource.get("namespaced") is True)
    return None


def schema_in(told: Json, api_version: str, kind: str) -> Schema | None:
    """Return the schema of a kind from a document, with what it refers to."""
    group, _, version = api_version.rpartition("/")
    wanted = {"group": group, "version": version, "kind": kind}
    schemas = part(told, "components", "schemas")
    root = next((one for one in schemas.values() if isinstance(one, dict) and wanted in _kinds(one)), None)
    if root is None:
        return None
    others: dict[str, Json] = {}
    waiting = list(_references(root))
    while waiting and len(others) < MOST_SCHEMAS:
        name = waiting.pop()
        if name not in others and isinstance(found := schemas.get(name), dict):
            others[name] = bare_object(found)
            waiting += _references(found)
    return Schema(bare_object(root), others)


def _root(api_version: str) -> str:
    if not _VERSION.fullmatch(api_version):
        raise ApiResponseError("that is no version of an API")
    return f"apis/{api_version}" if "/" in api_version else f"api/{api_version}"


def _kinds(schema: Json) -> list[object]:
    kinds = schema.get(_KINDS)
    return kinds if isinstance(kinds, list) else []


def _references(schema: object) -> list[str]:
    found: list[str] = []
    waiting: list[object] = [schema]
    while waiting:
        match waiting.pop():
            case dict() as mapping:
                reference = mapping.get("$ref")
                if isinstance(reference, str):
                    found.append(reference.removeprefix(_REFERENCE))
                waiting += mapping.values()
            case list() as items:
                waiting += items
    return found


def bare_object(schema: Json, depth: int = MAX_DEPTH) -> Json:
    """Return a schema without its prose; of properties, which may be called so, all."""
    return {
        key: {name: _bare(one, depth - 1) for name, one in value.items()}
        if key == "properties" and isinstance(value, dict)
        else _bare(value, depth)
        for key, value in schema.items()
        if key not in _PROSE
    }


def _bare(value: object, depth: int) -> object:
    """Return a part of a schema; of one that is nested too deeply, nothing is demanded there."""
    if depth <= 0:
        return {}
    if isinstance(value, list):
        return [_bare(one, depth - 1) for one in value]
    return bare_object(value, depth - 1) if isinstance(value, dict) else value
