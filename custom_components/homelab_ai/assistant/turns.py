"""Which turn of which conversation a tool was called in, and what the person said in it.

Home Assistant gives a tool no conversation; its chat log is in the context that the call runs in. A client of
the MCP server has none: it is not known what a person said there, nor what the model has read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeassistant.components import conversation
from homeassistant.components.conversation.chat_log import current_chat_log
from homeassistant.helpers import llm

from ..agent.foreign import Origin, is_foreign, origins
from ..const import DOMAIN


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn: its conversation, its number in that, and the person's words.

    `has_read` is whether the model has read foreign text, of ours or of others, as far as it still sees that.
    """

    conversation_id: str
    number: int
    words: str
    has_read: bool


def turn_of(llm_context: llm.LLMContext) -> Turn | None:
    """Return the turn that is under way, None where there is none that we know of."""
    chat_log = current_chat_log.get()
    if chat_log is None:
        return None
    content = chat_log.content
    questions = [i for i, item in enumerate(content) if isinstance(item, conversation.UserContent)]
    if not questions:
        return None
    question = content[questions[-1]]
    assert isinstance(question, conversation.UserContent)
    # Only our own agent leaves out of later turns what an earlier one has read.
    since = questions[-1] if llm_context.platform == DOMAIN else 0
    known = origins(chat_log.llm_api.tools) if chat_log.llm_api else {}
    has_read = _has_read(content[since:], known)
    return Turn(chat_log.conversation_id, len(questions), question.content, has_read)


def _has_read(content: Sequence[conversation.Content], known: Mapping[str, Origin]) -> bool:
    results = (item for item in content if isinstance(item, conversation.ToolResultContent))
    return any(is_foreign(item, known) for item in results)
