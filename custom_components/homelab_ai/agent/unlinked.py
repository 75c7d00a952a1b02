"""Words that a page shows as words: no image, no link, no HTML.

The frontend's chat dialog renders Markdown (CommonMark with GitHub's autolinks), and fetches an image without
a click: its address could carry out of the house what a model has read. Each construct begins with two
characters that must touch; a space between them makes text of it, and nothing else of the text is lost.
"""

from collections.abc import AsyncGenerator
import re
from typing import cast

from homeassistant.components import conversation

# An image, a link or a definition, HTML or an autolink in angle brackets, any address, a host, an address of
# e-mail. Every alternative looks one or two characters ahead, so the whole is linear.
_JOINT = re.compile(r"!(?=\[)|\](?=[(\[:<])|<(?=[a-z/!?])|:(?=//)|www(?=\.)|@(?=\w)", re.IGNORECASE)
# What may be the first part of one of these.
_OPEN_END = re.compile(r"(?:!|\]|<|:/?|w{1,3}|@)\Z", re.IGNORECASE)


def unlinked(text: str) -> str:
    """Return the text with its images, links and tags as the plain characters they consist of."""
    return _JOINT.sub(_apart, text)


def _apart(joint: re.Match[str]) -> str:
    return "(" if joint[0] == "<" else f"{joint[0]} "


class UnlinkedStream:
    """Does what `unlinked` does to a text that comes in pieces."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what can be shown so far: at most three characters wait for what follows them."""
        text = self._held + text
        end = _OPEN_END.search(text, max(0, len(text) - 3))
        self._held = end[0] if end else ""
        return unlinked(text).removesuffix(self._held)

    def rest(self) -> str:
        """Return what was held back at the end."""
        held, self._held = self._held, ""
        return held


type _Delta = conversation.AssistantContentDeltaDict | conversation.ToolResultContentDeltaDict


async def unlinking(deltas: AsyncGenerator[_Delta]) -> AsyncGenerator[_Delta]:
    """Yield the deltas of one message with its words and its thoughts as plain words."""
    words, thoughts = UnlinkedStream(), UnlinkedStream()
    async for delta in deltas:
        # The results of calls come last.
        if "tool_call_id" in delta:
            yield delta
            continue
        message = cast("conversation.AssistantContentDeltaDict", delta)
        if text := message.get("content"):
            message["content"] = words.feed(text)
        if thought := message.get("thinking_content"):
            message["thinking_content"] = thoughts.feed(thought)
        if "tool_calls" in message and (rest := words.rest()):
            message["content"] = (message.get("content") or "") + rest
        yield message
    if rest := words.rest():
        yield {"content": rest}
    if rest := thoughts.rest():
        yield {"thinking_content": rest}
