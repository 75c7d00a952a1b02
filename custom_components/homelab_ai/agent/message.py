"""One message of the model on its way into the chat log."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from homeassistant.components import conversation
from homeassistant.helpers import llm
from homeassistant.util.json import JsonObjectType

from ..api.chat import ChatChunk, ToolCall
from .arguments import MisfitError
from .containment import NOT_IN_THIS_TURN, REFUSAL, TOO_MANY, TOO_MANY_CALLS, Allowance
from .dialects import Block
from .identifiers import Names
from .marks import scrubbed
from .reader import Reader
from .repetition import Repetition
from .speech import Heard
from .tools import ToolBox
from .wire_safe import shown

MOST_IN_MESSAGE = 40
"""Calls of one message that get an answer at all."""
LEAST_OF_A_CALL = 3
"""Tokens; what is shorter is the end of an answer, and not a call that was lost."""
_UNREADABLE = ToolCall("unreadable", {})
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Manner:
    """How a message is to be read.

    `heard` where it is spoken and not shown; `opens_thinking` where the model's template begins the answer
    within a thought, `for_certain` if an answer has shown that; `prose` see Reader; `structured` where JSON
    is wanted; `held` where its words wait for its end: they may tell wrongly what was not done;
    `names` are what is said for identifiers.
    """

    heard: bool = False
    opens_thinking: bool = False
    for_certain: bool = False
    prose: tuple[Block, ...] = ()
    structured: bool = False
    held: bool = False
    names: Names = field(default_factory=Names)


class Answer:
    """One message of the model on its way into the chat log.

    Its words go there as they come, its tool calls once it is whole: an answer that breaks off has
    done nothing.
    """

    def __init__(
        self,
        tools: ToolBox,
        barred_tools: Set[str],
        allowance: Allowance | None = None,
        manner: Manner = Manner(),
    ) -> None:
        self._tools = tools
        self._barred = barred_tools
        self._allowance = allowance
        self._manner = manner
        self._reader = self._reader_of(opens_thinking=manner.opens_thinking)
        self._repetition = Repetition(structured=manner.structured)
        self._speech = Heard(manner.names) if manner.heard else None
        self._calls: list[ToolCall] = []
        self._begun = False
        self._thought: list[str] = []
        self.refused: list[tuple[llm.ToolInput, JsonObjectType]] = []
        """Calls that are not made, each with the error that lets the model correct itself."""
        self.is_empty = True
        self.cut = False
        self.calls = False
        """Whether it calls tools; known at its end."""
        self.delivered = False
        """Whether the hub has passed on anything of it, thinking among it."""
        self.generated = 0
        """Tokens that the hub has counted."""
        self.text = ""
        """What was said."""
        self.retracted = ""
        """What was said before it turned out to be thinking."""

    def _reader_of(self, *, opens_thinking: bool) -> Reader:
        return Reader(self._tools.names, opens_thinking=opens_thinking, prose=self._manner.prose)

    @property
    def is_held(self) -> bool:
        """Return whether its words wait for its end, where they are in `text`."""
        return self._manner.held

    @property
    def over(self) -> bool:
        """Return whether the rest is not worth waiting for: a turn made up, or the same again and again."""
        return self._reader.over or self._repetition.found

    @property
    def opens_thinking(self) -> bool | None:
        """Return whether the model's template opens a thought, as far as this answer shows it."""
        if self._reader.closed_unopened:
            return True
        return False if self._reader.unclosed and not self.cut else None

    @property
    def swallowed(self) -> bool:
        """Return whether the hub's own reading of calls has lost one: counted, and nothing passed on."""
        return not self.delivered and self.generated >= LEAST_OF_A_CALL and not self.cut

    def delta(self, chunk: ChatChunk) -> conversation.AssistantContentDeltaDict | None:
        """Return what a chunk adds to the chat log, None where it adds nothing yet."""
        text: str = chunk.content
        thought: str = chunk.thinking
        self.delivered = self.delivered or bool(text or thought or chunk.tool_calls)
        if chunk.metrics is not None:
            self.cut = chunk.metrics.done_reason == "length"
            self.generated = chunk.metrics.generated_tokens
        if thought and not self._begun:
            # The server takes thinking out itself, so it is not in the text.
            self._begun = True
            if self._manner.opens_thinking:
                self._reader = self._reader_of(opens_thinking=False)
        if thought:
            self._reader.overhear(thought)
        if text:
            self._begun = True
            text, more = self._reader.feed(text)
            thought += more
            self._retract()
        self._calls += chunk.tool_calls
        return self._delta(text, thought) or None

    def rest(self) -> conversation.AssistantContentDeltaDict | None:
        """Return what was held back until the end of the message."""
        text, thought = self._reader.finish(cut=self.cut)
        self._retract()
        if self._reader.unclosed and not (self.cut or self._manner.for_certain or self._reader.speaks):
            # The template had it that a thought comes first. None has ended, so this was the answer.
            text += "".join(self._thought) + thought
        delta = self._delta(text, thought, last=True)
        calls = self._calls or list(self._reader.calls)
        if not calls and self._reader.unreadable:
            calls = [_UNREADABLE]
        if calls:
            self.is_empty, self.calls = False, True
            if self._speech is not None and self.text and not self.is_held:
                # What is said next is another sentence.
                delta["content"] = (delta.get("content") or "") + " "
            # What is over that many is not even refused: the errors alone would fill the context.
            delta["tool_calls"] = [self._tool_input(call) for call in calls[:MOST_IN_MESSAGE]]
        return delta or None

    def _retract(self) -> None:
        if self._reader.retracts():
            self.retracted += self.text
            self.text = ""
            self.is_empty = True

    def _delta(
        self, text: str, thought: str, *, last: bool = False
    ) -> conversation.AssistantContentDeltaDict:
        delta: conversation.AssistantContentDeltaDict = {}
        if text:
            text = self._repetition.feed(text)
        if self._speech is not None:
            text = self._speech.feed(text) if text else ""
            text += self._speech.finish() if last else ""
        if text:
            if not self._manner.held:
                delta["content"] = text
            self.text += text
            self.is_empty = self.is_empty and not text.strip()
        if thought:
            if self._manner.opens_thinking:
                self._thought.append(thought)
            if thought := scrubbed(thought):
                delta["thinking_content"] = thought
        return delta

    def _tool_input(self, call: ToolCall) -> llm.ToolInput:
        if call is _UNREADABLE:
            return self._refuse(
                call, "UnreadableCall", "What was to be a tool call cannot be read. Try again."
            )
        try:
            if fitted := self._tools.fit(call):
                self._tools.check(fitted)
        except MisfitError as err:
            return self._refuse(call, err.kind, str(err))
        if fitted is None:
            return self._refuse(call, "UnknownTool", self._unknown(call.name))
        if fitted.name in self._barred:
            return self._refuse(fitted, NOT_IN_THIS_TURN, REFUSAL)
        if self._allowance is not None and not self._allowance.take(fitted.name):
            return self._refuse(fitted, TOO_MANY_CALLS, TOO_MANY)
        return llm.ToolInput(tool_name=fitted.name, tool_args=dict(fitted.arguments))

    def _unknown(self, name: str) -> str:
        candidates: Sequence[str] = self._tools.candidates(name)
        if candidates:
            return f"{name} may mean {' or '.join(candidates)}. Call the one that is meant."
        return f"There is no tool {name[:_LONGEST_NAME]}. Tools: {', '.join(self._tools.names)}"

    def _refuse(self, call: ToolCall, error: str, text: str) -> llm.ToolInput:
        # Marked as run elsewhere, so that Home Assistant does not try: it gets an error as its result.
        name = scrubbed(call.name)[:_LONGEST_NAME]
        refused = llm.ToolInput(tool_name=name, tool_args=shown(call.arguments), external=True)
        self.refused.append((refused, {"error": error, "error_text": text}))
        return refused
