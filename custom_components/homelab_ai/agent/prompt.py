"""The prompt of one request: from the chat log to messages, static part first, within the budget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
import re
from typing import Any

from homeassistant.components import conversation
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util

from ..api.chat import ChatRequest, Message, ToolCall
from ..const import DOMAIN
from ..hub.errors import HubError
from .cutting import LEAST, cut
from .estimate import tokens_of
from .wire_safe import dumps

MAX_IMAGE = 20 * 1024**2
"""Bytes of one attached picture."""
_BYTES = ("", "*/*", "application/octet-stream", "binary/octet-stream", "application/x-binary")
IMAGE_TOKENS = 800
"""Tokens of a picture, about: vision models take 256 to 1,600."""
MESSAGE_TOKENS = 8
"""Tokens that a template puts around a message."""
_MAX_FACTOR = 3.0
_SAFETY = 1.02
"""What is left out is not quite as dense as what is kept."""
CALL_TOKENS = 12
"""Tokens that a template puts around a call."""
_USUAL_CONTEXTS = tuple(2**power for power in range(12, 21))
_ANSWER_SHARE = 8
_MAX_ANSWER = 1024

# Home Assistant puts the time into the system prompt where no tool tells it; see _without_time.
_TIME = re.compile(r"Current time is \d\d:\d\d:\d\d\. Today's date is \d{4}-\d\d-\d\d\.\n?")
# What Home Assistant notes in the log for a turn that failed; the model never said it.
_FAILED = re.compile(r"Error: |\(no response\)$")


class PromptTooLargeError(HubError):
    """System prompt, tools and question need more `tokens` than the context of `num_ctx` has."""

    key = "prompt_too_large"

    def __init__(self, tokens: int, num_ctx: int) -> None:
        """Keep the figures."""
        text = f"the prompt needs {tokens} tokens of {num_ctx}"
        super().__init__(text, tokens=str(tokens), num_ctx=str(num_ctx))
        self.tokens = tokens
        self.num_ctx = num_ctx

    @property
    def suggestion(self) -> int:
        """Return the next usual context length that is large enough."""
        large = (size for size in _USUAL_CONTEXTS if size >= self.tokens and size > self.num_ctx)
        return next(large, self.tokens)


def read_images(content: Sequence[conversation.Content]) -> dict[Path, bytes]:
    """Return the pictures attached to questions. Blocking: reads files.

    Raises HomeAssistantError for an attachment that is no picture, too large, or gone.
    """
    return read_attachments(
        [
            attachment
            for message in content
            if isinstance(message, conversation.UserContent)
            for attachment in message.attachments or ()
        ]
    )


def read_attachments(attachments: Iterable[conversation.Attachment]) -> dict[Path, bytes]:
    """Return attached pictures, as `read_images` does."""
    images: dict[Path, bytes] = {}
    for attachment in attachments:
        try:
            size = attachment.path.stat().st_size
            data = attachment.path.read_bytes() if size <= MAX_IMAGE else b""
        except OSError as err:
            raise _attachment_error("attachment_unreadable", attachment) from err
        if size > MAX_IMAGE:
            raise _attachment_error("attachment_too_large", attachment)
        if not (_may_be_picture(attachment.mime_type) and _is_picture(data)):
            raise _attachment_error("attachment_not_image", attachment)
        images[attachment.path] = data
    return images


def _attachment_error(key: str, attachment: conversation.Attachment) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            "file": attachment.path.name,
            "type": attachment.mime_type,
            "limit": str(MAX_IMAGE // 1024**2),
        },
    )


def _may_be_picture(mime_type: str | None) -> bool:
    """Return whether a declared type speaks of a picture, or says nothing: cameras give just bytes."""
    return (mime_type or "").startswith("image/") or (mime_type or "") in _BYTES


def _is_picture(data: bytes) -> bool:
    """Return whether the bytes are of a format that Ollama decodes: PNG, JPEG or WebP."""
    return data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def messages_from(content: Sequence[conversation.Content], images: Mapping[Path, bytes]) -> list[Message]:
    """Return the chat log's content as messages.

    What changes with every turn must not stand before what does not, or the server evaluates all of
    it anew: so the time goes from the system prompt to each question, as the time it was asked at.
    """
    tells_time = any(
        isinstance(item, conversation.SystemContent) and _TIME.search(item.content) for item in content
    )
    messages: list[Message] = []
    for item in content:
        match item:
            case conversation.SystemContent():
                messages.append(Message("system", _TIME.sub("", item.content).rstrip()))
            case conversation.UserContent():
                asked_at = dt_util.as_local(item.created)
                text = f"{item.content}\n\n({asked_at:%A, %Y-%m-%d %H:%M})" if tells_time else item.content
                paths = [attachment.path for attachment in item.attachments or ()]
                messages.append(
                    Message("user", text, images=tuple(images[path] for path in paths if path in images))
                )
            case conversation.AssistantContent():
                if message := _assistant(item):
                    messages.append(message)
            case conversation.ToolResultContent():
                result = {"data": item.result.data, "error": item.result.error}
                messages.append(Message("tool", dumps(result), tool_name=item.tool_name))
    return messages


def _assistant(item: conversation.AssistantContent) -> Message | None:
    text = item.content or ""
    if not item.tool_calls and (not text or _FAILED.match(text)):
        return None
    calls = tuple(ToolCall(call.tool_name, call.tool_args) for call in item.tool_calls or ())
    # Thinking is not sent back: templates drop it, and it would fill the context.
    return Message("assistant", text, tool_calls=calls)


class Budget:
    """Keeps a prompt under the context length, by an estimate that each answer makes better."""

    def __init__(self, num_ctx: int) -> None:
        """`num_ctx` in tokens, answer included."""
        self.num_ctx = num_ctx
        self._factor = 1.0
        """Real tokens for each estimated one, the most that were seen."""

    @property
    def room(self) -> int:
        """Return the tokens a prompt may have; the rest is left for the answer."""
        return self.num_ctx - min(_MAX_ANSWER, self.num_ctx // _ANSWER_SHARE)

    def learn(self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]], tokens: int) -> None:
        """Take the server's own count for this prompt.

        It is a lower bound (a cached prompt may be left out), so it can only make the estimate
        more careful, never bolder. A prompt with pictures teaches nothing about text: a large
        picture may be many times the usual tokens.
        """
        counted = tokens - MESSAGE_TOKENS * len(messages)
        estimate = _estimate(messages, tools)
        if counted > 0 and estimate > 0 and not _images(messages):
            self._factor = min(max(self._factor, counted / estimate), _MAX_FACTOR)

    def learn_exactly(self, request: ChatRequest, tokens: int) -> None:
        """Take the server's word that a prompt has so many tokens, and that this is too long."""
        self.learn(request.messages, request.tools, int(max(tokens, self.num_ctx) * _SAFETY))

    def tokens(self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]]) -> int:
        """Return about how many tokens a prompt has."""
        return (
            int(_estimate(messages, tools) * self._factor)
            + MESSAGE_TOKENS * len(messages)
            + IMAGE_TOKENS * _images(messages)
        )

    def fit(
        self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]], max_rounds: int
    ) -> list[Message]:
        """Return the messages without the oldest rounds that do not fit; 0 rounds means no limit.

        A round is a question and all that follows it, so a tool's result never loses its call.
        Raises PromptTooLargeError where system prompt, tools and this turn alone do not fit.
        """
        first = next((i for i, message in enumerate(messages) if message.role == "user"), len(messages))
        system, rounds = list(messages[:first]), _rounds(messages[first:])
        if max_rounds:
            rounds = rounds[-max_rounds - 1 :]
        needed = self.tokens(system, tools)
        kept: list[list[Message]] = []
        for index, round in enumerate(reversed(rounds)):
            if index == 0:
                round = self._cut(round, self.room - needed)  # noqa: PLW2901
            needed += self.tokens(round, ())
            if needed > self.room:
                if index == 0:
                    # A larger context leaves more for the answer, so the present share would not do.
                    answer = min(_MAX_ANSWER, needed // (_ANSWER_SHARE - 1) + 1)
                    raise PromptTooLargeError(needed + answer, self.num_ctx)
                break
            kept.append(round)
        return [*system, *(message for other in reversed(kept) for message in other)]

    def _cut(self, messages: list[Message], room: int) -> list[Message]:
        """Return the messages of a turn with its largest results cut, as far as that makes them fit."""
        messages = list(messages)
        results = [index for index, message in enumerate(messages) if message.role == "tool"]
        for index in sorted(results, key=lambda index: -len(messages[index].content)):
            over = self.tokens(messages, ()) - room
            if over <= 0:
                break
            limit = int(tokens_of(messages[index].content) - over / self._factor) - 1
            content = cut(messages[index].content, max(limit, LEAST))
            if len(content) < len(messages[index].content):
                messages[index] = replace(messages[index], content=content)
        return messages


def without_earlier(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return instructions and the last round alone."""
    first = next((i for i, message in enumerate(messages) if message.role == "user"), len(messages))
    rounds = _rounds(messages[first:])
    return (*messages[:first], *(rounds[-1] if rounds else ()))


def _rounds(messages: Sequence[Message]) -> list[list[Message]]:
    rounds: list[list[Message]] = []
    for message in messages:
        if message.role == "user" or not rounds:
            rounds.append([])
        rounds[-1].append(message)
    return rounds


def _estimate(messages: Sequence[Message], tools: Sequence[Mapping[str, Any]]) -> float:
    """Return about how many tokens texts, calls and tools have, without what a template puts around them."""
    texts = (
        tokens_of(message.content)
        + sum(
            tokens_of(dumps(call.arguments)) + tokens_of(call.name) + CALL_TOKENS
            for call in message.tool_calls
        )
        for message in messages
    )
    return sum(texts) + (tokens_of(json_dumps(list(tools))) if tools else 0)


def _images(messages: Sequence[Message]) -> int:
    return sum(len(message.images) for message in messages)
