"""Tools as the model sees them, and what small models make of them."""

from collections.abc import Callable, Mapping, Sequence
import json
from typing import Any

from probatio import to_openapi
import voluptuous as vol

from homeassistant.helpers import llm
from homeassistant.helpers.json import json_dumps

from ..api.chat import ToolCall
from . import tool_names

type JsonSchema = dict[str, Any]


class ToolBox:
    """The tools of one turn: their definitions, and calls made fit for them."""

    def __init__(self, tools: Sequence[llm.Tool], custom_serializer: Callable[[Any], Any] | None) -> None:
        """Turn each tool's parameters into the JSON schema that the model is shown."""
        self._schemas = {
            tool.name: _schema(tool.parameters, custom_serializer or llm.selector_serializer)
            for tool in tools
        }
        self.definitions: tuple[JsonSchema, ...] = tuple(
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description or "",
                    "parameters": self._schemas[tool.name],
                },
            }
            for tool in tools
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Return the tools' names."""
        return tuple(self._schemas)

    def resolve(self, name: str) -> str | None:
        """Return the tool that a model meant, with whatever sticks to its name; None if that is not one."""
        return tool_names.resolve(name, self._schemas)

    def candidates(self, name: str) -> list[str]:
        """Return the tools that a model may have meant."""
        return tool_names.candidates(name, self._schemas)

    def fit(self, call: ToolCall) -> ToolCall | None:
        """Return the call with its name and arguments repaired; None where there is no such tool."""
        name = self.resolve(call.name)
        if name is None:
            return None
        return ToolCall(name, _fit_object(call.arguments, self._schemas[name]))


def _schema(parameters: vol.Schema, serializer: Callable[[Any], Any]) -> JsonSchema:
    schema = to_openapi(parameters, custom_serializer=serializer, openapi_version="3.1.0")
    properties = {name: _for_wire(value) for name, value in schema.get("properties", {}).items()}
    return {**schema, "type": "object", "properties": properties}


def _for_wire(schema: JsonSchema) -> JsonSchema:
    """Say what a parameter is in the four words that the `ollama` package keeps of a schema.

    It knows `type`, `items`, `description` and `enum`: a choice between types becomes a list of types,
    and the fields of an object go into its description.
    """
    if fields := schema.get("properties"):
        said = f"{schema.get('description', '')} Fields: {json_dumps(fields)}".strip()
        return {**schema, "description": said}
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


def _fit_object(arguments: Mapping[str, Any], schema: JsonSchema) -> dict[str, Any]:
    """Return the arguments fitted to an object schema; what no rule helps stays for the tool to refuse.

    Empty values are left out: small models fill in every parameter, and an empty one fails the tool.
    """
    properties: Mapping[str, JsonSchema] = schema.get("properties", {})
    by_lower = {name.lower(): name for name in properties}
    fitted: dict[str, Any] = {}
    for given, value in arguments.items():
        name = by_lower.get(given.lower(), given)
        if value is None or value in ("", [], {}):
            continue
        fitted[name] = _fit_value(value, properties.get(name, {}))
    return fitted


def _fit_value(value: Any, schema: JsonSchema) -> Any:
    wanted = schema.get("type")
    types = wanted if isinstance(wanted, list) else [wanted]
    if isinstance(value, str) and ("array" in types or "object" in types):
        value = _parsed(value)
    if "array" in types and not isinstance(value, list) and wanted == "array":
        value = [value]
    if isinstance(value, list):
        return [_fit_value(item, schema.get("items", {})) for item in value]
    if isinstance(value, dict) and "object" in types:
        return _fit_object(value, schema)
    if isinstance(value, str) and "string" not in types:
        value = _fit_scalar(value, types)
    if "enum" in schema and isinstance(value, str) and value not in schema["enum"]:
        return next((known for known in schema["enum"] if str(known).lower() == value.strip().lower()), value)
    return value


def _fit_scalar(value: str, types: Sequence[Any]) -> Any:
    """Return the number or truth value that a string spells, where such a one is wanted."""
    text = value.strip()
    if "boolean" in types and text.lower() in ("true", "false", "yes", "no", "on", "off"):
        return text.lower() in ("true", "yes", "on")
    if "integer" in types or "number" in types:
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            return value
        return int(number) if number.is_integer() else number
    return value


def _parsed(text: str) -> Any:
    """Return what a string of JSON holds, or the string itself."""
    if text[:1] not in "[{":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
