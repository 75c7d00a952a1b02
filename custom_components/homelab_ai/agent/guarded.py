"""Tools whose mistakes stay theirs: what one raises unexpectedly is an error that the model reads."""

from dataclasses import dataclass, fields
from typing import override

import voluptuous as vol

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm

from ..const import LOGGER

_UNEXPECTED = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError),
    *(TypeError, ValueError),
)
"""What code raises that was given what it did not reckon with; a tool may be of any integration."""


@dataclass
class GuardedTools(llm.APIInstance):
    """The tools of a turn. Home Assistant makes results of the errors it knows; all others end the turn."""

    @override
    async def async_call_tool(self, tool_input: llm.ToolInput) -> llm.ToolResult:
        """Call a tool; an error that is not one of Home Assistant's is logged and told to the model."""
        try:
            return await super().async_call_tool(tool_input)
        except HomeAssistantError, vol.Invalid:
            raise
        except _UNEXPECTED as err:
            LOGGER.warning("The tool %s failed: %s", tool_input.tool_name, type(err).__name__)
            LOGGER.debug("The tool %s failed", tool_input.tool_name, exc_info=err)
            data: dict[str, str] = {"error": "ToolFailed", "error_text": "The tool cannot do that."}
            return llm.ToolResult(data=dict(data), error=True)


def guarded(api: llm.APIInstance) -> llm.APIInstance:
    """Return the tools of an API, guarded."""
    if isinstance(api, GuardedTools):
        return api
    return GuardedTools(**{field.name: getattr(api, field.name) for field in fields(api)})
