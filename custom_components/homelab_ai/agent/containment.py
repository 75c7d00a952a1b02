"""What a model may still do after it has read what somebody else wrote, and what later turns see of that.

A finding, an alert, a title or the name of a model may hold words that somebody put there to be obeyed, and
small models obey. No wording of a prompt prevents that for certain; this does:

* Once a turn has read text of the homelab's systems, the rest of it can only read, or mute a problem.
* Once it has read other foreign text (a title in the overview of the house, an event of a calendar), a call
  that acts is not made; the model decides anew without that text and without what it has said since. So what
  is done was decided from the person's words and from states alone.
* Later turns see neither the text, nor what the model said or called after it had read it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from homeassistant.components import conversation
from homeassistant.helpers import llm

from ..const import DOMAIN
from .foreign import Origin, fenced, origin_of, origins, stripped

NOT_IN_THIS_TURN = "NotInThisTurn"
REFUSAL = (
    "Not possible in a turn that has read text of other systems. Tell the person what you found, and that "
    "they can ask for this in a sentence of its own."
)
FOREIGN_WORDS = "homelab_ai.foreign_words"
"""Marks (`native`) an answer that was composed without a model, and has words of other systems in it."""
TOLD = "(I have told what was found.)"
MOST_DECISIONS = 2
"""Times that a model decides anew in one turn; after that it is told that it cannot be done."""
MOST_CALLS, MOST_REACHING = 32, 8
"""Calls of one turn, and those of them that may reach the network."""
TOO_MANY_CALLS = "TooManyCalls"
_REMOTE = ("mcp", None)
TOO_MANY = f"This turn has made {MOST_REACHING} such calls already. Answer with what you have."

_LEFT_OUT = llm.ToolResult(data={"left_out": "Was told in an earlier turn. Call the tool again if needed."})


def barred(content: Sequence[conversation.Content], tools: Collection[llm.Tool]) -> Set[str]:
    """Return the names of the tools that may not be called any more in the turn that the chat log ends with.

    What only reads may be called on, unless it reaches out of the house: its arguments could carry something
    there.
    """
    turn = _last_turn(content, tools)
    return frozenset(tool.name for tool in tools if not _is_harmless(tool)) if turn.read else frozenset()


def is_contained(content: Sequence[conversation.Content], tools: Collection[llm.Tool]) -> bool:
    """Return whether foreign text was read at any time in the turn that the chat log ends with."""
    turn = _last_turn(content, tools)
    return turn.read is not None or turn.decisions > 0


def without_told(
    content: Sequence[conversation.Content], tools: Collection[llm.Tool], *, over: bool = False
) -> list[conversation.Content]:
    """Return the chat log as a model may read it: without foreign text of earlier turns, and what came of it.

    In this turn it stands in its fence, or is left out as well where the turn is `over`.
    """
    by_tool = origins(tools)
    *earlier, last = _turns(content)
    shown = [item for items in earlier for item in _Turn(items, by_tool).told()]
    turn = _Turn(last, by_tool)
    return shown + (turn.told() if over else turn.current())


def _last_turn(content: Sequence[conversation.Content], tools: Collection[llm.Tool]) -> _Turn:
    return _Turn(_turns(content)[-1], origins(tools))


def _turns(content: Sequence[conversation.Content]) -> list[list[conversation.Content]]:
    """Return the chat log turn by turn: each begins at its question, the first with the system prompt."""
    turns: list[list[conversation.Content]] = [[]]
    for item in content:
        if isinstance(item, conversation.UserContent):
            turns.append([])
        turns[-1].append(item)
    return turns


@dataclass(slots=True)
class _Turn:
    """One turn, read in order. `read` is the worst that the model has read since it last decided anew."""

    items: Sequence[conversation.Content]
    known: Mapping[str, Origin]
    read: Origin | None = None
    decisions: int = 0
    kept: list[tuple[conversation.Content, bool]] = field(default_factory=list)
    """What is a part of the turn still, and whether the model had read foreign text when it said that."""
    _since: int | None = None
    """Where in `kept` stands what the model said first after it had read."""
    _fresh: int = 0
    """What of `kept` is older than the last decision."""
    _unmade: Set[str] = frozenset()
    """The ids of the calls that were answered with an error of ours, and not made."""

    def __post_init__(self) -> None:
        self._unmade = _unmade(self.items)
        dropping = False
        for item in self.items:
            if isinstance(item, conversation.AssistantContent):
                dropping = False
                if self.read is not None and self._since is None:
                    self._since = len(self.kept)
            if dropping:
                continue
            if self._is_refusal(item) and self._may_decide_anew:
                self._decide_anew()
                dropping = True
                continue
            self.kept.append((item, self._since is not None))
            self._note(item)

    @property
    def _may_decide_anew(self) -> bool:
        return (
            self.read not in (None, Origin.HOMELAB)
            and self._since is not None
            and self.decisions < MOST_DECISIONS
        )

    def _decide_anew(self) -> None:
        """Forget what was read, and all that the model has said since."""
        del self.kept[self._since :]
        self.decisions += 1
        self.read = self._since = None
        self._fresh = len(self.kept)

    def _note(self, item: conversation.Content) -> None:
        if not isinstance(item, conversation.ToolResultContent):
            return
        origin = self._origin(item)
        is_foreign = origin is Origin.HOMELAB or stripped(item.result, origin) is not item.result
        if is_foreign and self.read is not Origin.HOMELAB:
            self.read = origin

    def _origin(self, item: conversation.ToolResultContent) -> Origin:
        return Origin.HOUSE if item.tool_call_id in self._unmade else origin_of(item, self.known)

    def _is_refusal(self, item: conversation.Content) -> bool:
        """Return whether a call was not made because of what was read before it."""
        return (
            isinstance(item, conversation.ToolResultContent)
            and item.tool_call_id in self._unmade
            and item.result.data.get("error") == NOT_IN_THIS_TURN
        )

    def current(self) -> list[conversation.Content]:
        """Return it as the model reads it while it goes on."""
        return [
            self._with_result(item, fences=index >= self._fresh) for index, (item, _) in enumerate(self.kept)
        ]

    def told(self) -> list[conversation.Content]:
        """Return it as later turns see it."""
        return [self._unsaid(item) if tainted else self._past(item) for item, tainted in self.kept]

    def _past(self, item: conversation.Content) -> conversation.Content:
        if isinstance(item, conversation.ToolResultContent) and self._origin(item) is Origin.HOMELAB:
            return replace(item, result=_without_facts(item.result))
        if isinstance(item, conversation.AssistantContent) and item.native == FOREIGN_WORDS:
            return self._unsaid(item)
        return self._with_result(item, fences=False)

    def _unsaid(self, item: conversation.Content) -> conversation.Content:
        """Return what was said or called after foreign text, without any word of it."""
        match item:
            case conversation.ToolResultContent() if not self._is_refusal(item):
                return replace(item, result=_LEFT_OUT)
            case conversation.AssistantContent():
                calls = [replace(call, tool_args={}) for call in item.tool_calls or ()]
                text = TOLD if item.content and not calls else ""
                return replace(item, content=text, thinking_content=None, tool_calls=calls or None)
        return item

    def _with_result(self, item: conversation.Content, *, fences: bool) -> conversation.Content:
        if not isinstance(item, conversation.ToolResultContent):
            return item
        shown = (fenced if fences else stripped)(item.result, self._origin(item))
        return item if shown is item.result else replace(item, result=shown)


def _without_facts(result: llm.ToolResult) -> llm.ToolResult:
    """Return what may be kept of a result of ours: why a call failed, which we say in our own words."""
    why = result.data.get("error") if result.error else None
    return llm.ToolResult(data={"error": why}, error=True) if isinstance(why, str) else _LEFT_OUT


def _unmade(items: Sequence[conversation.Content]) -> Set[str]:
    """Return the ids of the calls whose error is ours: they are marked as run elsewhere, and were not run."""
    external = {call.id for item in items for call in _calls_of(item) if call.external}
    results = (item for item in items if isinstance(item, conversation.ToolResultContent))
    return {item.tool_call_id for item in results if item.result.error and item.tool_call_id in external}


def _calls_of(item: conversation.Content) -> Iterator[llm.ToolInput]:
    if isinstance(item, conversation.AssistantContent):
        yield from item.tool_calls or ()


def _is_harmless(tool: llm.Tool) -> bool:
    annotations = tool.annotations
    if tool.integration == DOMAIN:
        return annotations.read_only or (annotations.idempotent and not annotations.destructive)
    return annotations.read_only and not _reaches_out(tool)


def _reaches_out(tool: llm.Tool) -> bool:
    """Return whether a call may leave the house.

    An MCP server says itself what its tools do, and each call goes there. Nobody vouches for what names no
    integration.
    """
    return tool.annotations.open_world or tool.integration in _REMOTE


class Allowance:
    """The calls that a turn may still make."""

    def __init__(self, content: Sequence[conversation.Content], tools: Collection[llm.Tool]) -> None:
        """Count those that the turn at the end of the chat log has made."""
        self._reaching = {tool.name for tool in tools if _reaches_out(tool) or tool.integration == DOMAIN}
        items = _turns(content)[-1]
        made = [call for item in items for call in _calls_of(item) if not call.external]
        self._left = MOST_CALLS - len(made)
        self._left_reaching = MOST_REACHING - sum(call.tool_name in self._reaching for call in made)

    def take(self, name: str) -> bool:
        """Take one more call of a tool, if there is one left."""
        reaches = name in self._reaching
        if self._left <= 0 or (reaches and self._left_reaching <= 0):
            return False
        self._left -= 1
        self._left_reaching -= reaches
        return True
