"""One message of the model on its way into the chat log."""

from collections.abc import Set

from homeassistant.components import conversation
from homeassistant.helpers import llm
from homeassistant.util.json import JsonObjectType

from ..api.chat import ChatChunk, ToolCall
from .containment import NOT_IN_THIS_TURN, REFUSAL, TOO_MANY, TOO_MANY_CALLS, Allowance
from .textual_calls import TextualCalls
from .thinking import ThinkTags
from .tools import ToolBox

MOST_IN_MESSAGE = 40
"""Calls of one message that get an answer at all."""


class Answer:
    """One message of the model on its way into the chat log.

    Its words go there as they come, its tool calls once it is whole: an answer that breaks off has
    done nothing.
    """

    def __init__(self, tools: ToolBox, barred_tools: Set[str], allowance: Allowance | None = None) -> None:
        self._tools = tools
        self._barred = barred_tools
        self._allowance = allowance
        self._thinking = ThinkTags()
        self._textual = TextualCalls(tools.names) if tools.names else None
        self._calls: list[ToolCall] = []
        self.refused: list[tuple[llm.ToolInput, JsonObjectType]] = []
        """Calls that are not made, each with the error that lets the model correct itself."""
        self.is_empty = True
        self.cut = False

    def delta(self, chunk: ChatChunk) -> conversation.AssistantContentDeltaDict | None:
        """Return what a chunk adds to the chat log, None where it adds nothing yet."""
        text: str = chunk.content
        thought: str = chunk.thinking
        if chunk.metrics is not None:
            self.cut = chunk.metrics.done_reason == "length"
        if text and not self._thinking.done:
            text, more = self._thinking.feed(text)
            thought += more
        if text and self._textual is not None:
            text = self._textual.feed(text)
        self._calls += chunk.tool_calls
        return self._delta(text, thought) or None

    def rest(self) -> conversation.AssistantContentDeltaDict | None:
        """Return what was held back until the end of the message."""
        text = self._thinking.finish()
        calls = self._calls
        if self._textual is not None:
            text = self._textual.feed(text)
            held, printed = self._textual.finish()
            text += held
            calls += printed
        delta = self._delta(text, "")
        if calls:
            self.is_empty = False
            # What is over that many is not even refused: the errors alone would fill the context.
            delta["tool_calls"] = [self._tool_input(call) for call in calls[:MOST_IN_MESSAGE]]
        return delta or None

    def _delta(self, text: str, thought: str) -> conversation.AssistantContentDeltaDict:
        delta: conversation.AssistantContentDeltaDict = {}
        if text:
            delta["content"] = text
            self.is_empty = self.is_empty and not text.strip()
        if thought:
            delta["thinking_content"] = thought
        return delta

    def _tool_input(self, call: ToolCall) -> llm.ToolInput:
        fitted = self._tools.fit(call)
        if fitted is None:
            text = f"There is no tool {call.name}. Tools: {', '.join(self._tools.names)}"
            return self._refuse(call, "UnknownTool", text)
        if fitted.name in self._barred:
            return self._refuse(fitted, NOT_IN_THIS_TURN, REFUSAL)
        if self._allowance is not None and not self._allowance.take(fitted.name):
            return self._refuse(fitted, TOO_MANY_CALLS, TOO_MANY)
        return llm.ToolInput(tool_name=fitted.name, tool_args=dict(fitted.arguments))

    def _refuse(self, call: ToolCall, error: str, text: str) -> llm.ToolInput:
        # Marked as run elsewhere, so that Home Assistant does not try: it gets an error as its result.
        refused = llm.ToolInput(tool_name=call.name, tool_args=dict(call.arguments), external=True)
        self.refused.append((refused, {"error": error, "error_text": text}))
        return refused
