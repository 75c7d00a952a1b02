"""Parameters of tools as JSON schema: what the model is shown, and what its calls are fitted to."""

from collections.abc import Callable, Mapping
from typing import Any

from probatio import to_openapi
import voluptuous as vol

from homeassistant.helpers.json import json_dumps

type JsonSchema = dict[str, Any]


def schema_of(parameters: vol.Schema, serializer: Callable[[Any], Any]) -> JsonSchema:
    """Return the JSON schema of a tool's parameters."""
    schema = to_openapi(parameters, custom_serializer=serializer, openapi_version="3.1.0")
    properties = {name: _for_wire(value) for name, value in schema.get("properties", {}).items()}
    return {**schema, "type": "object", "properties": properties}


def _for_wire(schema: JsonSchema) -> JsonSchema:
    """Say what a parameter is in the four words that the `ollama` package keeps of a schema.

    It knows `type`, `items`, `description` and `enum`: a choice between types becomes a list of types,
    several conditions at once become one, and the fields of an object go into its description.
    """
    if "allOf" in schema:
        schema = _united(schema)
    if fields := schema.get("properties"):
        description = f"{schema.get('description', '')} Fields: {json_dumps(fields)}".strip()
        return {**schema, "description": description}
    choices = [choice for choice in schema.get("anyOf", ()) if isinstance(choice, dict)]
    types = [choice["type"] for choice in choices if isinstance(choice.get("type"), str)]
    if not choices or len(types) != len(choices):
        return schema
    flat = {key: value for key, value in schema.items() if key != "anyOf"}
    if items := next((choice["items"] for choice in choices if "items" in choice), None):
        flat["items"] = items
    if all("enum" in choice for choice in choices):
        flat["enum"] = [value for choice in choices for value in choice["enum"]]
    return {**flat, "type": types[0] if len(set(types)) == 1 else list(dict.fromkeys(types))}


def _united(schema: JsonSchema) -> JsonSchema:
    """Return several conditions as one: an integer that is a number from 0 to 100 is such an integer."""
    parts = [part for part in schema["allOf"] if isinstance(part, Mapping)]
    united: JsonSchema = {key: value for key, value in schema.items() if key != "allOf"}
    for part in parts:
        united = {**part, **united}
    types = {part["type"] for part in parts if isinstance(part.get("type"), str)}
    if types == {"integer", "number"}:
        united["type"] = "integer"
    return united if len(types) < 2 or types == {"integer", "number"} else schema
