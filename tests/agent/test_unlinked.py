"""Words that a page shows as words."""

from collections.abc import AsyncGenerator, Iterable

import pytest

from custom_components.homelab_ai.agent.unlinked import UnlinkedStream, unlinked, unlinking
from homeassistant.components import conversation
from tests.security.markup import MARKUP, fetched


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_nothing_is_fetched(text: str) -> None:
    assert fetched(text)
    assert not fetched(unlinked(text))


@pytest.mark.parametrize(
    "text",
    ["[x]<evil.example/a)", "<img src='//evil.example/p.png'", "[x](javascript:alert(1))", "]<(", "!<["],
)
def test_nothing_comes_about(text: str) -> None:
    """What is no markup yet must not become some."""
    assert not fetched(unlinked(text))
    assert not fetched(f"{unlinked(text)}>")


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pieces_are_as_the_whole(text: str, size: int) -> None:
    stream = UnlinkedStream()
    pieces = [stream.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join(pieces) + stream.rest() == unlinked(text)


@pytest.mark.parametrize(
    "text",
    [
        "All is well! The disk is 93 % full (since 12:30); 3 < 5, a[0] and [pve].",
        "Nothing: at all. Really?! www, then. a -> b",
        "",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert unlinked(text) == text


def test_little_is_held_back() -> None:
    stream = UnlinkedStream()
    assert stream.feed("Hello wor") == "Hello wor"
    assert stream.feed("ld! htt") == "ld! htt"
    assert stream.feed("p:") == "p"
    assert stream.feed("/") == ""
    assert stream.feed("/x") == ": //x"


@pytest.mark.parametrize("worst", ["!", "[", "]", "<", ":/", "w", "@", "![", "](", "a@"])
def test_work_is_linear(worst: str) -> None:
    assert len(unlinked(worst * 200_000)) >= 200_000


async def test_order_of_a_message() -> None:
    """Words come before the calls and the results of their message."""
    deltas: list[conversation.AssistantContentDeltaDict | conversation.ToolResultContentDeltaDict] = [
        {"role": "assistant"},
        {"content": "See "},
        {"thinking_content": "![a](http://x) ht"},
        {"content": "http:", "tool_calls": []},
        {"role": "tool_result", "tool_call_id": "1", "tool_name": "x"},
    ]
    shown = [delta async for delta in unlinking(_stream(deltas))]
    assert [next(iter(delta)) for delta in shown] == [
        "role",
        "content",
        "thinking_content",
        "content",
        "role",
    ]
    assert "".join(str(delta.get("content", "")) for delta in shown) == "See http:"
    assert shown[2].get("thinking_content") == "! [a] (http: //x) ht"


async def _stream[DeltaT](deltas: Iterable[DeltaT]) -> AsyncGenerator[DeltaT]:
    for delta in deltas:
        yield delta
