"""Which tool a question asks for, and with what arguments."""

from collections import Counter
import re
from typing import Any

from demo.servers.ollama.reply import ToolCall

from .language import meaning, meanings, name_words, topic, translated, words

# What a word counts: in a tool's name, as a question after the homelab as a whole, in a name where it
# says little, in a description; and what a description counts that is about the question itself. One strong
# word is enough, or several weak ones.
_STRONG, _IMPLIED, _WEAK, _DESCRIBED, _SAME = 6, 5, 2, 2, 5
_ENOUGH = 5
# How many times the words of a question a description may have that is about that question.
_MOST_OTHERS = 8
# Words in names of tools that say little about what the tool is for.
_WEAK_WORDS = frozenset({"get", "set", "hass", "list", "live", "context", "all", "on", "off", "by", "of"})
# A tool named so does something; a question alone must not call it.
_DEEDS = frozenset(
    {
        *("turn", "set", "open", "close", "start", "stop", "pause", "unpause", "restart", "increase"),
        *("decrease", "add", "delete", "cancel", "create", "remember", "broadcast"),
    }
)

# Words that say how something is, not what it is.
_CONDITIONS = frozenset({"error", "health", "state"})

# Words of a question after something that does not work.
_TROUBLE = frozenset({"not", "nicht", "kein", "keine", "down", "off", "aus", "slow", "langsam", "problem"})

# Tools that a question after the homelab as a whole is for.
_OVERVIEWS = frozenset({"health", "state", "overview", "summary"})

_DEVICE = re.compile(
    r"(?:turn|switch)\s+(?:on|off)\s+(?P<one>.+)|(?:turn|switch|set|dim)\s+(?P<two>.+?)\s+(?:on|off|to|by)\b"
    r"|(?:schalte?|mache?|stelle?|dimme?)\s+(?P<three>.+?)\s+(?:an|ein|aus|auf)\b"
    r"|(?:open|close|start|stop|öffne|schließe|starte|stoppe)\s+(?P<four>.+)",
    re.IGNORECASE,
)
_AREA = re.compile(
    r"\b(?:in der|in dem|im|in the|in)\s+(?P<area>[\wäöüß]+(?:\s(?:room|zimmer))?)", re.IGNORECASE
)
_ARTICLE = re.compile(r"^(?:the|my|all|das|die|der|den|dem|mein|meine|alle)\s+", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„'«](.+?)[\"”“'»]")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_LOOSE_ENDS = re.compile(r"\s+(?:please|bitte|now|jetzt)$|[?.!,;]+$", re.IGNORECASE)
# Parameters that want the question itself.
_FREE_TEXT = frozenset({"query", "question", "text", "message", "search", "prompt", "frage", "q"})


def choose_call(question: str, tools: list[dict[str, Any]]) -> ToolCall | None:
    """The best fitting tool with its arguments, or None when none fits; of equals the first."""
    # What most names have in common tells nothing about any of them.
    asked = set(meanings(question))
    if "error" not in asked and _TROUBLE.isdisjoint(words(question)):
        # "Why" may be about anything, the colour of the sky among it.
        asked.discard("explain")
    shared = _shared_words([_own_name(tool["function"]) for tool in tools])
    best, best_score = None, _ENOUGH - 1
    for tool in tools:
        score = _score(asked, tool["function"], shared)
        if score > best_score:
            best, best_score = tool["function"], score
    if best is None:
        return None
    return ToolCall(best["name"], _Arguments(question, best).fitted(best.get("parameters") or {}))


def _own_name(function: dict[str, Any]) -> str:
    """The name of a tool without that of the system it comes from: `homeassistant__turn_on`."""
    return str(function["name"]).rpartition("__")[2]


def _shared_words(names: list[str]) -> set[str]:
    counted = Counter(word for name in names for word in set(name_words(name)))
    return {word for word, count in counted.items() if count > 2 and count * 2 > len(names)}


def _score(asked: set[str], function: dict[str, Any], shared: set[str]) -> int:
    name = set(name_words(_own_name(function))) - shared
    if not name.isdisjoint(_DEEDS) and (name & _DEEDS).isdisjoint(asked):
        return 0
    score = sum(_WEAK if word in _WEAK_WORDS else _STRONG for word in name & asked)
    if "homelab" in asked and name & _OVERVIEWS and not name & asked:
        score += _IMPLIED
    description = set(meanings(function.get("description") or ""))
    if asked and asked <= description and len(description) <= _MOST_OTHERS * len(asked):
        score += _SAME
    described = description | _parameter_words(function)
    return score + _DESCRIBED * len((described & asked) - name - _WEAK_WORDS)


def _parameter_words(function: dict[str, Any]) -> set[str]:
    """The names of a tool's parameters and the values they may have."""
    found: set[str] = set()
    for key, schema in ((function.get("parameters") or {}).get("properties") or {}).items():
        found.update(name_words(key))
        found.update(str(value).lower() for value in schema.get("enum") or [])
    return found


class _Arguments:
    """Arguments from the words of a question; only what is required or was said."""

    def __init__(self, question: str, function: dict[str, Any]) -> None:
        self._question = question
        self._own_words = {*name_words(_own_name(function)), *_parameter_words(function), *_CONDITIONS}

    def fitted(self, parameters: dict[str, Any]) -> dict[str, Any]:
        required = parameters.get("required") or []
        arguments: dict[str, Any] = {}
        for name, schema in (parameters.get("properties") or {}).items():
            value = self._argument(name, schema, required=name in required)
            if value is not None:
                arguments[name] = value
        if "area" in arguments and "domain" in arguments and "name" not in required:
            # "the light in the kitchen" names an area and a kind, not a device of that name.
            arguments.pop("name", None)
        return arguments

    def _argument(self, name: str, schema: dict[str, Any], *, required: bool) -> Any:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((each for each in kind if each != "null"), "string")
        if options := schema.get("enum"):
            return _option(self._question, options, required=required)
        match kind:
            case "array":
                item = self._argument(name, schema.get("items") or {}, required=required)
                return None if item is None else [item]
            case "integer" | "number":
                return _number(self._question, schema, whole=kind == "integer", required=required)
            case "boolean":
                return True if required else None
            case "object":
                return self.fitted(schema) if required else None
        return self._string(name, required=required)

    def _string(self, name: str, *, required: bool) -> str | None:
        question = self._question
        match name:
            case "area":
                area = _AREA.search(question)
                return area["area"].lower() if area else ("home" if required else None)
            case "domain":
                return "light" if "light" in meanings(question) else None
            case "name" if device := _device(question):
                return device
        if name in _FREE_TEXT:
            return question
        if not required:
            return None
        quote = _QUOTED.search(question)
        subject = quote[1] if quote else self._subject()
        return translated(subject) if name == "name" else subject

    def _subject(self) -> str:
        """What the question is about besides what the tool is for."""
        about = topic(question := self._question)
        words = [word for word in about.split() if meaning(word.lower()) not in self._own_words]
        return " ".join(word for word in words if not word.isdigit()) or about or question


def _option(question: str, options: list[Any], *, required: bool) -> Any:
    said = {*words(question), *meanings(question)}
    mentioned = next((option for option in options if str(option).lower() in said), None)
    return options[0] if mentioned is None and required else mentioned


def _number(question: str, schema: dict[str, Any], *, whole: bool, required: bool) -> float | int | None:
    match = _NUMBER.search(question)
    if match is None and not required:
        return None
    value = float(match[0].replace(",", ".")) if match else float(schema.get("default") or 1)
    value = max(value, float(schema.get("minimum", value)))
    value = min(value, float(schema.get("maximum", value)))
    return round(value) if whole else value


def _device(question: str) -> str | None:
    match = _DEVICE.search(question)
    if match is None:
        return None
    device = next(group for group in match.groups() if group)
    device = _AREA.sub("", device)
    device = _LOOSE_ENDS.sub("", _LOOSE_ENDS.sub("", device.strip()))
    return _ARTICLE.sub("", device).strip() or None
