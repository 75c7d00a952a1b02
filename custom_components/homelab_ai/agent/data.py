"""Data of an AI task: what a model answered, fitted to the structure that was asked for, or refused."""

from collections.abc import Iterator, Mapping
import json
from typing import Any, NoReturn

import voluptuous as vol

from ..hub.errors import HubError
from .argument_values import JsonSchema, fit_value, types_of, unit_of
from .wire_safe import UnfitValueError, safe

MAX_TEXT = 200_000
LONGEST_TEXT, MOST_ITEMS = 2000, 200
"""Characters of a text and entries of a list that a model may write, where the structure has no bound."""
_MOST_OBJECTS = 20
_LONGEST_REASON = 300


class DataMisfitError(HubError):
    """What the model answered is not in the form asked for; its text says why."""

    key = "answer_no_json"


def data_from(text: str, structure: vol.Schema, schema: JsonSchema) -> dict[str, Any]:
    """Return the object in an answer, checked against the structure; `schema` is that in JSON schema.

    A fence, a sentence or a wrapper around it goes, values in another shape are fitted where that is certain.
    Raises DataMisfitError.
    """
    problem = "no JSON object"
    for answer in _objects(text[:MAX_TEXT]):
        for candidate in _unwrapped(answer, schema):
            try:
                checked: dict[str, Any] = structure(_fitted(candidate, schema))
                return checked
            except (vol.Invalid, UnfitValueError) as err:
                problem = str(err)
    raise DataMisfitError(problem[:_LONGEST_REASON])


def bounded(schema: JsonSchema) -> JsonSchema:
    """Return a schema in which no text and no list is endless: the server holds a model to it."""
    fields = {name: _bounded(field) for name, field in schema.get("properties", {}).items()}
    return {**schema, "properties": fields} if fields else schema


def _bounded(field: JsonSchema) -> JsonSchema:
    kind = field.get("type")
    if kind == "string" and "enum" not in field:
        return {"maxLength": LONGEST_TEXT, **field}
    if kind == "array":
        return {"maxItems": MOST_ITEMS, **field, "items": _bounded(field.get("items", {}))}
    return bounded(field) if kind == "object" else field


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON objects in a text, from its beginning on."""
    decoder = json.JSONDecoder(parse_constant=_refuse)
    start, tries = text.find("{"), 0
    while start >= 0 and tries < _MOST_OBJECTS:
        tries += 1
        end = start + 1
        try:
            value, end = decoder.raw_decode(text, start)
        except ValueError, RecursionError:
            value = _repaired(decoder, text[start:])
        if isinstance(value, Mapping):
            yield value
        start = text.find("{", end)


def _repaired(decoder: json.JSONDecoder, text: str) -> Any:
    """Return what a text holds that has a comma too much, or single quotes; None for all else."""
    text = text[: text.rfind("}") + 1]
    commas = text.replace(",}", "}").replace(", }", "}").replace(",]", "]")
    for candidate in (commas, commas.replace("'", '"') if '"' not in commas else ""):
        try:
            return decoder.raw_decode(candidate)[0]
        except ValueError, RecursionError:
            continue
    return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _unwrapped(value: Mapping[str, Any], schema: JsonSchema) -> Iterator[Mapping[str, Any]]:
    """Yield an object, and the one that is all that it, or a list in it, holds."""
    yield value
    if len(value) == 1 and not value.keys() & schema.get("properties", {}).keys():
        (inner,) = value.values()
        if isinstance(inner, list) and len(inner) == 1:
            inner = inner[0]
        if isinstance(inner, Mapping):
            yield inner


def _fitted(mapping: Mapping[str, Any], schema: JsonSchema) -> dict[str, Any]:
    """Return the fields that were asked for, each in its shape; what is null was not given."""
    properties: Mapping[str, JsonSchema] = schema.get("properties", {})
    by_lower = {name.lower(): name for name in properties}
    named = {by_lower.get(str(key).strip().lower(), key): value for key, value in mapping.items()}
    fitted = {
        name: safe(fit_value(named[name], field, unit_of(name, field, properties)))
        for name, field in properties.items()
        if named.get(name) is not None
    }
    for name, value in fitted.items():
        _check_type(name, value, properties[name])
    return fitted


def _check_type(name: str, value: Any, field: JsonSchema) -> None:
    """Raise UnfitValueError where a selector would take what it is not: "maybe" for true."""
    types = types_of(field)
    if types == ["boolean"] and not isinstance(value, bool):
        raise UnfitValueError(f"{name} must be true or false")
    if isinstance(value, bool) and types and "boolean" not in types:
        raise UnfitValueError(f"{name} must be {types[0]}, not true or false")
