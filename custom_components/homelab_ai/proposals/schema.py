"""Whether objects look as a cluster says that they do: its OpenAPI schema, as far as Kubernetes uses it.

Source: kubernetes/website `custom-resource-definitions` ("Specifying a structural schema", "intOrString",
"Field pruning"). Patterns are not tried: they are a stranger's, and what they cost nobody knows.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .yaml_text import Node, NodeKind

MOST_FAULTS = 20
_REFERENCE = "#/components/schemas/"
_FREE = "x-kubernetes-preserve-unknown-fields"
_INT_OR_STRING = "x-kubernetes-int-or-string"
_EMBEDDED = "x-kubernetes-embedded-resource"
_MOST_STEPS = 20
_OBJECT_KEYS = frozenset(("apiVersion", "kind", "metadata"))

type Json = Mapping[str, Any]


class _Unknown:
    """Stands for what is only known later: an alias, or a variable that Flux fills in."""

    def __repr__(self) -> str:
        return "?"


UNKNOWN = _Unknown()


def plain(node: Node) -> Any:
    """Return a node as JSON has it."""
    match node.kind:
        case NodeKind.MAPPING:
            if any(key == "<<" for key, _ in node.items()):
                return UNKNOWN
            return {key: plain(child) for key, child in node.items()}
        case NodeKind.SEQUENCE:
            return [plain(child) for child in node.children]
        case NodeKind.ALIAS:
            return UNKNOWN
    return _scalar(node)


def _scalar(node: Node) -> Any:
    if "${" in node.value or node.has_tag:
        return UNKNOWN
    match node.tag:
        case "null":
            return None
        case "bool":
            return node.value.casefold() in ("true", "yes", "on")
        case "int" | "float":
            return _number(node.value.replace("_", ""), node.tag)
    return node.value


def _number(written: str, tag: str) -> float:
    try:
        return int(written, 0) if tag == "int" else float(written)
    except ValueError:
        # As YAML 1.1 writes octal and sexagesimal ones, infinities and what is none: a number in any case.
        return 0


def faults(value: Any, root: Json, others: Mapping[str, Json]) -> list[str]:
    """Return what is wrong with an object, as "spec.replicas: an integer is wanted"."""
    found: list[str] = []
    for fault in _faults(value, root, others, ""):
        found.append(fault)
        if len(found) == MOST_FAULTS:
            break
    return found


def _faults(value: Any, schema: Json, others: Mapping[str, Json], path: str) -> Iterator[str]:
    schema = _resolved(schema, others)
    # What is null is as good as not there.
    if value is UNKNOWN or value is None:
        return
    if not _fits(value, schema):
        yield f"{path or '.'}: {_wanted(schema)} is wanted"
        return
    allowed = schema.get("enum")
    if isinstance(allowed, list) and not isinstance(value, dict | list) and value not in allowed:
        yield f"{path}: none of {', '.join(map(str, allowed[:8]))}"
    if isinstance(value, dict):
        yield from _of_object(value, schema, others, path)
    elif isinstance(value, list) and isinstance(items := schema.get("items"), dict):
        for number, item in enumerate(value):
            yield from _faults(item, items, others, f"{path}[{number}]")


def _of_object(
    value: Mapping[str, Any], schema: Json, others: Mapping[str, Json], path: str
) -> Iterator[str]:
    properties, more = schema.get("properties"), schema.get("additionalProperties")
    known = properties if isinstance(properties, dict) else {}
    before = f"{path}." if path else ""
    required = schema.get("required")
    for key in required if isinstance(required, list) else ():
        if value.get(key) is None:
            yield f"{before}{key}: is missing"
    is_free = schema.get(_FREE) is True or more is True or not (known or isinstance(more, dict))
    for key, child in value.items():
        if isinstance(inner := known.get(key), dict):
            yield from _faults(child, inner, others, f"{before}{key}")
        elif isinstance(more, dict):
            yield from _faults(child, more, others, f"{before}{key}")
        elif not is_free and not (schema.get(_EMBEDDED) is True and key in _OBJECT_KEYS):
            yield f"{before}{key}: is not known"


def _resolved(schema: Json, others: Mapping[str, Json]) -> Json:
    """Return a schema with what it refers to in its place."""
    for _ in range(_MOST_STEPS):
        reference, parts = schema.get("$ref"), schema.get("allOf")
        if isinstance(reference, str):
            schema = others.get(reference.removeprefix(_REFERENCE), {})
        elif isinstance(parts, list) and len(parts) == 1 and isinstance(parts[0], dict):
            schema = {**{key: one for key, one in schema.items() if key != "allOf"}, **parts[0]}
        else:
            return schema
    return {}


_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def _fits(value: Any, schema: Json) -> bool:
    if schema.get(_INT_OR_STRING) is True or schema.get("format") == "int-or-string":
        return isinstance(value, int | str) and not isinstance(value, bool)
    for key in ("oneOf", "anyOf"):
        options = schema.get(key)
        if isinstance(options, list) and options and all(_is_type(option) for option in options):
            return any(_is_of(value, str(option["type"])) for option in options)
    wanted = schema.get("type")
    return not isinstance(wanted, str) or _is_of(value, wanted)


def _is_type(option: Any) -> bool:
    return isinstance(option, dict) and set(option) == {"type"}


def _is_of(value: Any, wanted: str) -> bool:
    if (types := _TYPES.get(wanted)) is None:
        return True
    if isinstance(value, bool) and bool not in types:
        return False
    return isinstance(value, types) or (
        wanted == "integer" and isinstance(value, float) and value.is_integer()
    )


def _wanted(schema: Json) -> str:
    return str(schema.get("type") or "another value")[:20]
