"""Tools as the model sees them, and what small models make of them."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import Any

from homeassistant.helpers import llm

from ..api.chat import ToolCall
from ..values.text import line
from . import tool_names
from .arguments import MisfitError, check_arguments, fit_arguments, form_of
from .house import House
from .identifiers import Names, prefixes_of
from .schemas import JsonSchema, schema_of
from .wire_safe import UnfitValueError, safe

_LONGEST_TITLE = 60


def nowhere() -> House:
    """Return a house without anything in it."""
    return House({}, {}, {})


class ToolBox:
    """The tools of one turn: their definitions, and calls made fit for them."""

    def __init__(
        self,
        tools: Sequence[llm.Tool],
        custom_serializer: Callable[[Any], Any] | None,
        house: Callable[[], House] = nowhere,
    ) -> None:
        """Turn each tool's parameters into the JSON schema that the model is shown.

        `house` is asked for when a call names something in it.
        """
        serializer = custom_serializer or llm.selector_serializer
        self._schemas = {tool.name: schema_of(tool.parameters, serializer) for tool in tools}
        self._forms = {tool.name: form_of(tool, self._schemas[tool.name]) for tool in tools}
        self._titles = {tool.name: line(tool.title, _LONGEST_TITLE) for tool in tools}
        self._house = cache(house)
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

    @cached_property
    def spoken(self) -> Names:
        """Return what is said for the tools' names: their titles, where they have one."""
        words = {
            spelling: title
            for name, title in self._titles.items()
            for spelling in (name, tool_names.own_name(name))
            if tool_names.is_identifier(spelling)
        }
        return Names(words, prefixes_of(words))

    def resolve(self, name: str) -> str | None:
        """Return the tool that a model meant, with whatever sticks to its name; None if that is not one."""
        return tool_names.resolve(name, self._schemas)

    def candidates(self, name: str) -> list[str]:
        """Return the tools that a model may have meant."""
        return tool_names.candidates(name, self._schemas)

    def fit(self, call: ToolCall) -> ToolCall | None:
        """Return the call with its name and arguments repaired; None where there is no such tool.

        Raises MisfitError where the arguments do not say surely what to do; then nothing may be done.
        """
        name = self.resolve(call.name)
        if name is None:
            return None
        try:
            arguments = safe(call.arguments)
        except UnfitValueError as err:
            raise MisfitError(f"Not done: {err}.") from err
        return ToolCall(name, fit_arguments(arguments, self._forms[name], self._house))

    def check(self, call: ToolCall) -> None:
        """Raise MisfitError where a fitted call has arguments that its tool does not take."""
        check_arguments(call.arguments, self._forms[call.name])
