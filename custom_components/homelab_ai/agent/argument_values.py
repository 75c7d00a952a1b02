"""One value of a call, fitted to the JSON schema of its parameter: what another shape says as certainly."""

from collections.abc import Mapping, Sequence
import json
from math import isfinite
import re
from typing import Any

from .argument_words import CHANGES, NOTHING, UNITS

type JsonSchema = dict[str, Any]

_NUMBER = re.compile(r"([+-]?\d{1,15}(?:[.,]\d{1,10})?)\s*(\D*)", re.ASCII)
LEAST_KELVIN, MOST_KELVIN = 1_000, 20_000
"""What a light may have; less is a temperature of a room, or a step."""
_INNER = frozenset(("value", "name", "id", "entity_id", "text"))


def is_nothing(value: Any) -> bool:
    """Return whether a model says with this value that it gives none."""
    if isinstance(value, str):
        content = parsed(value)
        return value.strip().lower() in NOTHING if isinstance(content, str) else is_nothing(content)
    if isinstance(value, Mapping):
        return all(is_nothing(item) for item in value.values())
    return value is None or (isinstance(value, (list, tuple)) and all(is_nothing(item) for item in value))


def is_number(value: Any) -> bool:
    """Return whether a value is a number, as text too."""
    if isinstance(value, str):
        return value.strip().rstrip("%").strip().replace(".", "", 1).isdecimal()
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def types_of(schema: Mapping[str, Any]) -> Sequence[Any]:
    """Return the JSON types that a parameter takes; empty where its schema does not say."""
    types = schema.get("type")
    return types if isinstance(types, list) else [types] if types else []


def unit_of(name: str, schema: Mapping[str, Any], properties: Mapping[str, Any]) -> str | None:
    """Return the unit that a parameter is in, as a key of UNITS; None where it is not known."""
    if schema.get("minimum") == 0 and schema.get("maximum") == 100:
        return "percent"
    if name == "temperature":
        # The temperature of a light's colour, or of a room.
        return "kelvin" if "brightness" in properties else "degrees"
    last = name.rpartition("_")[2].lower()
    if last in CHANGES:
        return "change"
    return last if last in UNITS else None


def fit_value(value: Any, schema: JsonSchema, unit: str | None = None) -> Any:
    """Return the value in the shape that the schema wants; what no rule helps stays for the tool."""
    types = types_of(schema)
    value = _as_container(value, types) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        value = _fit_mapping(value, schema, types)
    if types == ["array"] and not isinstance(value, list):
        value = _split(value) if _is_choice(schema.get("items", {})) else [value]
    if isinstance(value, list) and types and "array" not in types and len(value) == 1:
        value = fit_value(value[0], schema, unit)
    if isinstance(value, list):
        return [fit_value(item, schema.get("items", {})) for item in value]
    if isinstance(value, str) and "string" not in types:
        value = _scalar(value, types, unit)
    if unit == "percent" and isinstance(value, float) and 0 < value < 1 and "integer" in types:
        value = round(value * 100)
    return _chosen(value, schema)


def parsed(text: str) -> Any:
    """Return the list or object that a text holds, in JSON or as Python writes it; else the text."""
    if text.strip()[:1] not in ("[", "{") or len(text) > 10_000:
        return text
    for candidate in (text, text.replace("'", '"') if '"' not in text else ""):
        try:
            return json.loads(candidate)
        except ValueError, RecursionError:
            continue
    return text


def _as_container(text: str, types: Sequence[Any]) -> Any:
    return parsed(text) if "array" in types or "object" in types else text


def _fit_mapping(value: Mapping[str, Any], schema: JsonSchema, types: Sequence[Any]) -> Any:
    """Return an object fitted to its fields, or what a wrapper like `{"value": x}` holds."""
    if "object" in types:
        properties: Mapping[str, JsonSchema] = schema.get("properties", {})
        by_lower = {name.lower(): name for name in properties}
        named = {by_lower.get(key.lower(), key): inner for key, inner in value.items()}
        fitted = {
            key: fit_value(inner, properties.get(key, {}), unit_of(key, properties.get(key, {}), properties))
            for key, inner in named.items()
            if not is_nothing(inner)
        }
        # Of an object that limits nothing any more, not even the empty fields may go.
        return fitted or value
    if types and len(value) == 1 and (key := next(iter(value))) in _INNER:
        return value[key]
    return value


def _split(value: Any) -> list[Any]:
    """Return the words of a text like "light, switch", of which each is one of a closed set."""
    if not isinstance(value, str):
        return [value]
    return [part.strip() for part in value.split(",") if part.strip()]


def _is_choice(schema: Mapping[str, Any]) -> bool:
    return "enum" in schema or bool(schema.get("x-words"))


def _scalar(text: str, types: Sequence[Any], unit: str | None) -> Any:
    """Return the number or truth value that a text spells, where such a one is wanted."""
    words = text.strip().lower()
    if "boolean" in types and words in ("true", "false", "yes", "no", "on", "off"):
        return words in ("true", "yes", "on")
    if "integer" not in types and "number" not in types:
        return text
    match = _NUMBER.fullmatch(words)
    if match is None or not _fits_unit(match[2].strip(), unit):
        return text
    if match[1][0] == "+" and unit != "change":
        # "+10" is ten more than there is, and not ten.
        return text
    number = float(match[1].replace(",", "."))
    return int(number) if number.is_integer() else number


def _fits_unit(written: str, unit: str | None) -> bool:
    """Return whether what stands behind a number is nothing, or the unit that the parameter is in."""
    return (
        not written or (written == "%" and unit in (None, "change")) or written in UNITS.get(unit or "", ())
    )


def _chosen(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return the one of a closed set of words that is meant, by another case or with a plural's s."""
    if "enum" not in schema or not isinstance(value, str) or value in schema["enum"]:
        return value
    text = value.strip().lower()
    for form in (text, text.removesuffix("s"), text.replace(" ", "_")):
        if choice := next((choice for choice in schema["enum"] if str(choice).lower() == form), None):
            return choice
    return value


def misfit_of(name: str, value: Any, schema: Mapping[str, Any], unit: str | None) -> str | None:
    """Return what is wrong with a fitted value where the parameter takes a number; None for nothing."""
    types = types_of(schema)
    if not types or not set(types) <= {"integer", "number"}:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        change = isinstance(value, str) and value.strip()[:1] == "+"
        return f"{name} must be {'what it is to be in the end, not a change' if change else 'a number'}"
    if unit == "kelvin" and not LEAST_KELVIN <= value <= MOST_KELVIN:
        return f"{name} is that of the light's colour in kelvin, from {LEAST_KELVIN} to {MOST_KELVIN}"
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and value < least:
        return f"{name} must be at least {least}"
    if most is not None and value > most:
        return f"{name} must be at most {most}"
    return None
