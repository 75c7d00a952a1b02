"""Values valid under a JSON schema, taken from the prompt where it says something fitting.

Stands for llama-server's grammar made of the schema (`json_schema`).
"""

import re
from typing import Any

from demo.servers.ollama.prompt import llama_server_error

from .language import topic, words

_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
_DEEPEST = 6
_QUOTED = re.compile(r"[\"“„«]([^\"”“»\n]{1,80})[\"”“»]")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
# English and German: of what a thing says, and of what delivers it.
_EXPLAINED = {
    "explanation": (
        "Something is wrong with {name}. It says: {said}.",
        "Mit {name} stimmt etwas nicht. Die Meldung ist: {said}.",
    ),
    "next_step": ("Look at {owner}, and correct it in Git.", "Sieh dir {owner} an und korrigiere es in Git."),
}
_LONGEST_SAID = 120
# What a replica set and its pods have behind their name.
_HASHES = re.compile(r"-[0-9a-f]{8,10}(?:-[0-9a-z]{5,6})?$")
_FORMATS = {
    "date": "2026-11-21",
    "time": "20:15:00Z",
    "date-time": "2026-11-21T20:15:00Z",
    "uuid": "3f2b1c7e-5d44-4c1a-9a57-0d6f6f0c1b2a",
    "email": "someone@example.com",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.10",
}


def instance(schema: Any, question: str, everything: str = "") -> Any:
    """Make a value valid under the schema; raises ApiError 400 for what is no schema."""
    return _Instances(schema, question, everything or question).make(schema, "", 0)


class _Instances:
    """Makes values; quoted strings and numbers of the prompt are used up one after another."""

    def __init__(self, root: Any, question: str, everything: str) -> None:
        self._root = root
        self._question = question
        self._everything = everything
        self._quoted = _QUOTED.findall(question)
        self._numbers = [float(number) for number in _NUMBER.findall(question)]

    def make(self, schema: Any, name: str, depth: int) -> Any:
        if schema is True or schema == {}:
            schema = {"type": "string"}
        if not isinstance(schema, dict):
            raise llama_server_error(400, f"JSON schema conversion failed: Unrecognized schema: {schema}")
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self._option(schema["enum"], name)
        return self._typed(self._kind(schema), schema, name, depth)

    def _typed(self, kind: str, schema: dict[str, Any], name: str, depth: int) -> Any:
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer" | "number":
                return self._number(schema, whole=kind == "integer")
            case "boolean":
                return self._boolean(name)
            case "null":
                return None
        return self._string(schema, name)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Follow references, take the first alternative, merge all of `allOf`."""
        for _ in range(_DEEPEST):
            if reference := schema.get("$ref"):
                schema = self._referenced(reference)
            elif choices := schema.get("anyOf") or schema.get("oneOf"):
                schema = next((each for each in choices if each.get("type") != "null"), choices[0])
            elif parts := schema.get("allOf"):
                schema = {key: value for key, value in schema.items() if key != "allOf"}
                for part in map(self._resolved, parts):
                    properties = {**schema.get("properties", {}), **part.get("properties", {})}
                    required = [*schema.get("required", []), *part.get("required", [])]
                    schema = {**part, **schema}
                    if properties:
                        schema |= {"properties": properties, "required": required}
            else:
                return schema
        return schema

    def _referenced(self, reference: str) -> dict[str, Any]:
        found: Any = self._root
        for part in reference.removeprefix("#").strip("/").split("/"):
            if part:
                found = found.get(part) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise llama_server_error(400, f"JSON schema conversion failed: Error resolving ref {reference}")
        return found

    def _kind(self, schema: dict[str, Any]) -> str:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((each for each in kind if each != "null"), "null")
        if kind is None:
            kind = "object" if "properties" in schema else "array" if "items" in schema else "string"
        if kind not in _TYPES:
            raise llama_server_error(400, f"JSON schema conversion failed: Unrecognized schema: {schema}")
        return str(kind)

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties") or {}
        required = schema.get("required") or []
        made = {
            name: self.make(each, name, depth + 1)
            for name, each in properties.items()
            if name in required or depth < _DEEPEST
        }
        for name in required:
            if name not in made:
                made[name] = self._string({}, name)
        if not properties and isinstance(schema.get("additionalProperties"), dict):
            made["value"] = self.make(schema["additionalProperties"], "value", depth + 1)
        elif not properties and depth == 0:
            made["answer"] = topic(self._question) or self._question
        return made

    def _array(self, schema: dict[str, Any], name: str, depth: int) -> list[Any]:
        prefix = [self.make(each, name, depth + 1) for each in schema.get("prefixItems") or []]
        if depth >= _DEEPEST and not schema.get("minItems"):
            return prefix
        count = max(int(schema.get("minItems", 0)), min(1, int(schema.get("maxItems", 1))))
        more = range(len(prefix), count)
        return prefix + [self.make(schema.get("items", {}), name, depth + 1) for _ in more]

    def _option(self, options: list[Any], name: str) -> Any:
        said = words(self._question)
        value = self._line_value(name)
        for option in options:
            if str(option).lower() in said or str(option) == value:
                return option
        return options[0]

    def _number(self, schema: dict[str, Any], *, whole: bool) -> float | int:
        low = schema.get("minimum", schema.get("exclusiveMinimum"))
        high = schema.get("maximum", schema.get("exclusiveMaximum"))
        step = 1 if whole else 0.5
        low = low + step if low is not None and "minimum" not in schema else low
        high = high - step if high is not None and "maximum" not in schema else high
        value = self._numbers.pop(0) if self._numbers else 1.0
        value = min(value, high) if high is not None else value
        value = max(value, low) if low is not None else value
        return round(value) if whole else value

    def _boolean(self, name: str) -> bool:
        said = words(self._question)
        return any(word in said for word in words(name.replace("_", " ")))

    def _string(self, schema: dict[str, Any], name: str) -> str:
        if (known := _FORMATS.get(schema.get("format", ""))) is not None:
            return known
        text = self._line_value(name) or self._explained(name)
        if not text and self._quoted:
            text = self._quoted.pop(0)
        text = text or topic(self._question) or name or "text"
        text = text[: schema.get("maxLength", 200)]
        return text.ljust(schema.get("minLength", 0), ".")

    def _explained(self, name: str) -> str:
        """What a model says of a problem that it has evidence of, in the language it was told to speak."""
        about, sentences = self._quoted_line("name"), _EXPLAINED.get(name)
        if not about or sentences is None:
            return ""
        summary = self._quoted_line("summary")
        app = _HASHES.sub("", about.rpartition("/")[2])
        return sentences["in German" in self._everything].format(
            name=app,
            said=(summary.partition(": ")[2] or summary)[:_LONGEST_SAID].rstrip("."),
            owner=" ".join(self._quoted_line("gitops").split()[:2]) or app,
        )

    def _quoted_line(self, name: str) -> str:
        return self._line_value(name).strip("⟦⟧ ")

    def _line_value(self, name: str) -> str:
        """What a line `name: value` of the prompt says."""
        if not name:
            return ""
        label = re.escape(name).replace("_", "[_ ]")
        match = re.search(rf"^\W*{label}\W*[:=]\s*(\S.*)$", self._everything, re.IGNORECASE | re.MULTILINE)
        return match[1].strip().strip("\"'`,") if match else ""
