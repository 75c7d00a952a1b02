"""What a model may still do after it has read what other systems wrote.

A finding, an alert or the name of a model may hold words that somebody put there to be obeyed, and small
models obey. No wording of a prompt prevents that for certain; this does: once the result of one of the
homelab's tools has entered a turn, the rest of that turn can only read, or mute a problem for a day at most.
Later turns get such a result without its text.
"""

from collections.abc import Collection, Sequence, Set
from dataclasses import replace
from typing import TypeIs

from homeassistant.components import conversation
from homeassistant.helpers import llm

from ..const import DOMAIN

REFUSAL = (
    "Not possible in a turn that has read text of other systems. Tell the person what you found, and that "
    "they can ask for this in a sentence of its own."
)
_LEFT_OUT = llm.ToolResult(data={"left_out": "Was told in an earlier turn. Call the tool again if needed."})


def barred(content: Sequence[conversation.Content], tools: Collection[llm.Tool]) -> Set[str]:
    """Return the names of the tools that may not be called any more in the turn that the chat log ends with.

    What only reads may be called on, unless it reaches out of the house: its arguments could carry something
    there.
    """
    sources = _sources(tools)
    if not any(_is_from(item, sources) for item in content[_turn(content) :]):
        return frozenset()
    return {tool.name for tool in tools if not _is_harmless(tool)}


def without_told(
    content: Sequence[conversation.Content], tools: Collection[llm.Tool], *, over: bool = False
) -> list[conversation.Content]:
    """Return the chat log without what other systems wrote in earlier turns; in this too if it is `over`."""
    sources = _sources(tools)
    end = len(content) if over else _turn(content)
    return [
        replace(item, result=_LEFT_OUT) if index < end and _is_from(item, sources) else item
        for index, item in enumerate(content)
    ]


def _is_from(item: conversation.Content, sources: Set[str]) -> TypeIs[conversation.ToolResultContent]:
    return isinstance(item, conversation.ToolResultContent) and item.tool_name in sources


def _sources(tools: Collection[llm.Tool]) -> Set[str]:
    """Return the names of the tools whose results hold text of other systems: those of the homelab."""
    return {tool.name for tool in tools if tool.integration == DOMAIN}


def _turn(content: Sequence[conversation.Content]) -> int:
    """Return where the last turn begins: at its question."""
    questions = (i for i, item in enumerate(content) if isinstance(item, conversation.UserContent))
    return max(questions, default=0)


def _is_harmless(tool: llm.Tool) -> bool:
    told = tool.annotations
    if tool.integration == DOMAIN:
        return told.read_only or (told.idempotent and not told.destructive)
    return told.read_only and not told.open_world
