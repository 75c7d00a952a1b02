"""What in a tool's result somebody else wrote, by a table of tools.

Only free text can be an order. Numbers, times, and the one or two words of a state ("playing", "heat_cool",
"0.6.5") cannot, and are read as they are: so a model that looks which lamps are on may switch them off in the
same turn. All other text is taken for foreign, unless the table says that the house itself wrote it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum, auto
import re
from typing import Any

from homeassistant.components import conversation
from homeassistant.helpers import llm

from ..const import DOMAIN
from .fence import UNTRUSTED, fence

LEFT_OUT = "(left out)"
KNOWN = "known"
"""In what our tools say of a call that failed: names of what there is."""
MAX_TEXT = 16_000
"""Characters of one foreign text that a model reads."""
MAX_VALUES = 2000
MAX_DEPTH = 12
MAX_TOKEN = 40

_TOKEN = re.compile(rf"[\w.:+%/-]{{0,{MAX_TOKEN}}}", re.ASCII)
_WORD = re.compile(r"[A-Z][a-z]+|[a-z]{2,}|[A-Z]{2,}")
_MOST_WORDS = 2
_LIVE_CONTEXT = "GetLiveContext"
_OVERVIEW = "Live Context:"
# A field of that overview, as YAML in blocks has it. A value that goes on in further lines is indented deeper
# than its own field, so no value can pose as one of the names or areas.
_FIELD = re.compile(r"(?P<begin>(?:- |  |    )(?P<key>\w+):)(?: (?P<value>.*))?")
_OF_HOUSE = ("- names:", "  names:", "  areas:", "  domain:")
_TITLES = "media_"

type Show = Callable[[str], str]


class Origin(Enum):
    """Who wrote the result of a tool."""

    HOMELAB = auto()
    """Systems of the homelab, whose texts strangers can write: nothing is done in that turn any more."""
    HOUSE = auto()
    """Home Assistant: it says what it has done, by names that people of the house gave."""
    OVERVIEW = auto()
    """Home Assistant's overview of states: names and areas are of the house, free text in a state is not."""
    ANYBODY = auto()
    """Not known: all free text in it is foreign."""


# The first row that fits a tool decides. What no row fits, and a tool that is not offered any more, is
# anybody's: calendars, to-do lists, scripts with a response, histories, servers of other makers.
_ORIGINS: tuple[tuple[Callable[[llm.Tool], bool], Origin], ...] = (
    (lambda tool: tool.integration == DOMAIN, Origin.HOMELAB),
    (lambda tool: _is_of(tool, "homeassistant", _LIVE_CONTEXT), Origin.OVERVIEW),
    (lambda tool: _is_of(tool, "llm", "GetDateTime"), Origin.HOUSE),
    # An intent that acts on the house alone. One that only reads may say a state or the name of a timer.
    (lambda tool: _is_intent(tool) and not tool.annotations.read_only, Origin.HOUSE),
)
_OF_HOMELAB = "Homelab"
"""How the names of our intents begin."""


def origins(tools: Collection[llm.Tool]) -> Mapping[str, Origin]:
    """Return who writes the results of these tools, by their names."""
    return {
        tool.name: next((origin for fits, origin in _ORIGINS if fits(tool)), Origin.ANYBODY) for tool in tools
    }


def origin_of(item: conversation.ToolResultContent, origins: Mapping[str, Origin]) -> Origin:
    """Return who wrote a result: by its tool, and Home Assistant where it refused the arguments."""
    origin = origins.get(item.tool_name) or _origin_of_intent(item.tool_name, origins)
    if origin is Origin.ANYBODY and item.tool_name in origins and _is_refused(item.result):
        return Origin.HOUSE
    return origin


def _is_refused(result: llm.ToolResult) -> bool:
    """Return whether a tool's parameters refused the arguments: the text names one and what fits there.

    What a server adds to an answer of its own stands beside that answer, and is not taken for this.
    """
    is_as_noted = result.error and result.data.keys() <= {"error", "error_text"}
    return is_as_noted and str(result.data.get("error", "")).endswith("Invalid")


def _origin_of_intent(name: str, origins: Mapping[str, Origin]) -> Origin:
    """Return who wrote the result of an intent that Home Assistant's own agent has run.

    It notes it under its bare name; who offers it to models as a tool has said what it does.
    """
    if name.startswith(_OF_HOMELAB):
        return Origin.HOMELAB
    return next((origin for tool, origin in origins.items() if tool.endswith(f"__{name}")), Origin.ANYBODY)


def is_foreign(item: conversation.ToolResultContent, origins: Mapping[str, Origin]) -> bool:
    """Return whether a model that has read this result has read what somebody else wrote."""
    origin = origin_of(item, origins)
    if origin is Origin.HOMELAB:
        # Why a call of ours failed are our own words, but for the names of what there is.
        return not item.result.error or bool(item.result.data.get(KNOWN))
    return stripped(item.result, origin) is not item.result


def _is_of(tool: llm.Tool, integration: str, name: str) -> bool:
    return tool.integration == integration and tool.name.endswith(name)


def _is_intent(tool: llm.Tool) -> bool:
    inner = tool.tool if isinstance(tool, llm.NamespacedTool) else tool
    return isinstance(inner, llm.IntentTool) and not tool.annotations.open_world


def is_free(text: str, words: int = _MOST_WORDS) -> bool:
    """Return whether a text has room for an order: it is more than so many plain words, or a figure."""
    return not _TOKEN.fullmatch(text) or len(_WORD.findall(text)) > words


def fenced(result: llm.ToolResult, origin: Origin) -> llm.ToolResult:
    """Return the result with its foreign texts in their fence; the very same one if it has none."""
    return _read(result, origin, lambda text: fence(text, MAX_TEXT), UNTRUSTED)


def stripped(result: llm.ToolResult, origin: Origin) -> llm.ToolResult:
    """Return the result without its foreign texts; the very same one if it has none."""
    return _read(result, origin, lambda text: LEFT_OUT, f"{LEFT_OUT}: call the tool again if it is needed.")


def _read(result: llm.ToolResult, origin: Origin, show: Show, note: str) -> llm.ToolResult:
    if origin in (Origin.HOUSE, Origin.HOMELAB):
        return result
    reading = _Reading(show, origin)
    data = reading.value(result.data)
    if not reading.is_foreign:
        return result
    return llm.ToolResult(data={"note": note, **data}, error=result.error)


class _Reading:
    """One walk over a result; its work is bounded by `MAX_VALUES`."""

    def __init__(self, show: Show, origin: Origin) -> None:
        self._show = show
        self._origin = origin
        self._left = MAX_VALUES
        self.is_foreign = False

    def value(self, value: Any, depth: int = 0) -> Any:
        """Return the value with its foreign texts shown as they are to be."""
        self._left -= 1
        match value:
            case str():
                return self._text(value)
            case None | bool() | int() | float():
                return value
            case _ if self._left < 0 or depth > MAX_DEPTH:
                return self._foreign("…")
            case Mapping():
                return {self._text(str(key)): self.value(item, depth + 1) for key, item in value.items()}
            case list() | tuple():
                return [self.value(item, depth + 1) for item in value]
        return self._text(str(value))

    def _text(self, text: str) -> str:
        if self._origin is Origin.OVERVIEW and text.startswith(_OVERVIEW):
            return "\n".join(self._lines(text))
        return self._foreign(text) if is_free(text) else text

    def _foreign(self, text: str) -> str:
        self.is_foreign = True
        return self._show(text)

    def _lines(self, text: str) -> Iterator[str]:
        """Yield the lines of the overview, field by field."""
        heading, *lines = text.split("\n")  # and at nothing else: values have other ends of lines
        yield heading
        field: list[str] = []
        for line in lines:
            if _FIELD.fullmatch(line) and field:
                yield from self._field(field)
                field = []
            field.append(line)
        yield from self._field(field)

    def _field(self, lines: list[str]) -> list[str]:
        match = _FIELD.fullmatch(lines[0]) if lines else None
        if match is None:
            return [self._foreign("\n".join(lines))] if any(lines) else lines
        if match["begin"] in _OF_HOUSE:
            return lines
        value = " ".join(((match["value"] or "").strip(), *(line.strip() for line in lines[1:]))).strip()
        text = value.strip("'\"")
        if is_free(text, 1 if match["key"].startswith(_TITLES) else _MOST_WORDS):
            return [f"{match['begin']} {self._foreign(text)}"]
        return lines
