"""What the simulated models answer: decided by words, without chance.

A model here calls the tool that fits the question, answers from what the tool returned, fills
any JSON schema, rephrases a report, says what a picture measures, and otherwise answers shortly in
the language of the question.
"""

from dataclasses import dataclass, field
import json
from typing import Any

from demo.servers.ollama.images import Picture
from demo.servers.ollama.payload import Message
from demo.servers.ollama.reply import Reply

from .answers import describe_pictures, from_results, plain_answer, quoted_alone, rephrased, thoughts
from .choice import choose_call
from .language import is_german
from .structured import instance

__all__ = ["Conversation", "compose"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """All a model knows when it begins to answer."""

    model: str
    messages: list[Message]
    tools: list[dict[str, Any]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    thinks: bool = False
    format: Any = None
    suffix: str = ""

    @property
    def question(self) -> str:
        """What the user said last."""
        return next((m.content for m in reversed(self.messages) if m.role == "user"), "")

    @property
    def results(self) -> list[Message]:
        """What tools returned since then."""
        results: list[Message] = []
        for message in reversed(self.messages):
            if message.role == "user":
                break
            if message.role == "tool":
                results.insert(0, message)
        return results


def compose(conversation: Conversation) -> Reply:
    """Make up the answer; the same conversation always gets the same one."""
    question, results = conversation.question, conversation.results
    german = is_german(question)
    thinking = thoughts(question, german) if conversation.thinks else ""
    call = None if results else choose_call(question, conversation.tools)
    if call is not None:
        return Reply(thinking=thinking, tool_calls=[call])
    return Reply(content=_content(conversation, question, results, german), thinking=thinking)


def _content(conversation: Conversation, question: str, results: list[Message], german: bool) -> str:
    if conversation.format is not None:
        schema = conversation.format if isinstance(conversation.format, dict) else {"type": "object"}
        everything = "\n".join(message.content for message in conversation.messages)
        return json.dumps(instance(schema, question, everything), ensure_ascii=False)
    if conversation.suffix:
        return "    return result\n"
    if results:
        return from_results([message.content for message in results], german)
    if report := quoted_alone(question):
        return rephrased(report, german)
    if conversation.pictures:
        return describe_pictures(conversation.pictures, german)
    return plain_answer(question, conversation.model, german)
