"""What a kind of object looks like, in one line for each of its parts, and how that is checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
import re
from typing import Any, NamedTuple

STRICT_CONDITION = (
    "lastTransitionTime!:time message! observedGeneration:int reason!+ status!=True|False|Unknown type!"
)
"""The conditions of apimachinery, all of whose fields are required."""
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "": str,
    "any": object,
    "bool": bool,
    "dur": str,
    "int": int,
    "list": list,
    "map": dict,
    "num": (int, float),
    "time": str,
}
_FORMS: Mapping[str, re.Pattern[str]] = {
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\Z"),
    "dur": re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h))+\Z"),
}


@dataclass(frozen=True, slots=True)
class Schema:
    """What the API server demands of a kind, by the path of each part: "spec", "status.conditions[]".

    A part is told by the names of its fields. What follows a name: `!` where it is required, `?` where it
    may be null, `+` where it is not empty, `:` and its type where that is no text, `=` and its values where
    there are only some. What has other fields is refused, though a server would only drop them; what is
    below a part that has no line is not looked at. Of the paths of a `one_of` exactly one is there.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    """The only names that objects of the kind may have."""

    def errors(self, value: Mapping[str, Any]) -> Iterator[str]:
        """Yield what is wrong with an object, in the words of the API server."""
        if self.names and value["metadata"]["name"] not in self.names:
            yield f'metadata.name: Unsupported value: "{value["metadata"]["name"]}"'
        yield from (f"{name}: Required value" for name in self.required if name not in value)
        for path, line in self.parts.items():
            for where, part in _at(value, path):
                yield from _wrong(where, part, _fields(line))
        for paths in self.one_of:
            if sum(bool(list(_at(value, path))) for path in paths) != 1 and "spec" in value:
                yield f"{' or '.join(paths)}: Invalid value: exactly one of them must be set"


class _Field(NamedTuple):
    required: bool
    nullable: bool
    filled: bool
    type: str
    values: frozenset[str]


@cache
def _fields(line: str) -> Mapping[str, _Field]:
    fields = {}
    for word in line.split():
        said, _, values = word.partition("=")
        said, _, kind = said.partition(":")
        name = said.rstrip("!?+")
        marks = said[len(name) :]
        fields[name] = _Field(
            "!" in marks, "?" in marks, "+" in marks, kind, frozenset(values.split("|") if values else ())
        )
    return fields


def _at(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield what is at a path, with where it is: of a list each entry."""
    found: list[tuple[str, Any]] = [("", value)]
    for step in path.split(".") if path else ():
        key = step.removesuffix("[]")
        found = [
            (f"{where}.{key}".removeprefix("."), part[key])
            for where, part in found
            if isinstance(part, Mapping) and part.get(key) is not None
        ]
        if step.endswith("[]"):
            found = [
                (f"{where}[{number}]", entry)
                for where, part in found
                if isinstance(part, list)
                for number, entry in enumerate(part)
            ]
    return iter(found)


def _wrong(where: str, part: Any, fields: Mapping[str, _Field]) -> Iterator[str]:
    if not isinstance(part, Mapping):
        yield f"{where}: Invalid value: must be of type object"
        return
    dot = f"{where}." if where else ""
    yield from (
        f"{dot}{name}: Required value" for name, one in fields.items() if one.required and name not in part
    )
    for name, value in part.items():
        if name not in fields:
            yield f'unknown field "{dot}{name}"'
        elif said := _misfit(value, fields[name]):
            yield f"{dot}{name}: {said}"


def _misfit(value: Any, one: _Field) -> str:
    """Return what is wrong with the value of a field, an empty text where nothing is."""
    if value is None:
        return "" if one.nullable else "Invalid value: null"
    wanted = _TYPES[one.type]
    if not isinstance(value, wanted) or (one.type in ("int", "num") and isinstance(value, bool)):
        return f"Invalid value: {value!r} is not of type {one.type or 'string'}"
    if one.values and value not in one.values:
        return f'Unsupported value: "{value}"'
    form = _FORMS.get(one.type)
    if form is not None and isinstance(value, str) and not form.match(value):
        return f'Invalid value: "{value}"'
    return "Required value" if value == "" and (one.filled or (one.required and one.values)) else ""
