"""From the chat log to messages, and how they are kept within the context length."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custom_components.homelab_ai.agent import prompt
from custom_components.homelab_ai.agent.prompt import (
    IMAGE_TOKENS,
    MESSAGE_TOKENS,
    Budget,
    PromptTooLargeError,
    messages_from,
    read_attachments,
    read_images,
)
from custom_components.homelab_ai.api.chat import Message, ToolCall
from homeassistant.components import conversation
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
from tests.turns import png

TIME = "Current time is 10:15:00. Today's date is 2026-11-21.\n"
TOOLS = ({"type": "function", "function": {"name": "t", "description": "x" * 270}},)


def asked(text: str, *attachments: conversation.Attachment) -> conversation.UserContent:
    content = conversation.UserContent(text, attachments=list(attachments) or None)
    object.__setattr__(content, "created", datetime(2026, 11, 21, 10, 15, tzinfo=UTC))
    return content


def answered(text: str | None, *calls: llm.ToolInput, thought: str | None = None) -> conversation.Content:
    return conversation.AssistantContent(
        "conversation.jarvis", text, thinking_content=thought, tool_calls=list(calls) or None
    )


def picture(path: Path, mime_type: str = "image/png") -> conversation.Attachment:
    return conversation.Attachment("media-source://camera/door", mime_type, path)


def test_content_becomes_messages() -> None:
    call = llm.ToolInput("intent__HassTurnOn", {"name": "Kitchen"})
    result = llm.ToolResult({"success": ["Kitchen"]})
    assert messages_from(
        [
            conversation.SystemContent("Be brief."),
            asked("Light!"),
            answered(None, call, thought="A light."),
            conversation.ToolResultContent("agent", call.id, call.tool_name, result),
            answered("Done."),
        ],
        {},
    ) == [
        Message("system", "Be brief."),
        Message("user", "Light!"),
        Message("assistant", "", tool_calls=(ToolCall("intent__HassTurnOn", {"name": "Kitchen"}),)),
        Message("tool", '{"data":{"success":["Kitchen"]},"error":false}', tool_name="intent__HassTurnOn"),
        Message("assistant", "Done."),
    ]


@pytest.mark.parametrize("text", ["Error: the hub is offline", "(no response)", "", None])
def test_what_the_model_never_said_is_left_out(text: str | None) -> None:
    assert messages_from([asked("Hi"), answered(text)], {}) == [Message("user", "Hi")]


@pytest.mark.parametrize("text", ["An Error: none", "It was (no response) at all"])
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert messages_from([answered(text)], {}) == [Message("assistant", text)]


@pytest.mark.parametrize("system", [f"Be brief.\n{TIME}", f"Be brief.\n{TIME}\nMore", TIME])
def test_time_goes_from_the_system_prompt_to_the_questions(system: str) -> None:
    first, second = messages_from([conversation.SystemContent(system), asked("How late is it?")], {})
    assert "10:15" not in first.content
    assert first.content == first.content.rstrip()
    assert second.content == "How late is it?\n\n(Saturday, 2026-11-21 10:15)"


def test_no_time_is_added_where_a_tool_tells_it() -> None:
    messages = messages_from([conversation.SystemContent("Be brief."), asked("Hi")], {})
    assert messages[1].content == "Hi"


def test_pictures_go_with_their_question(tmp_path: Path) -> None:
    door = picture(tmp_path / "door.png")
    door.path.write_bytes(png())
    content = [asked("Who is that?", door), answered("Nobody."), asked("And now?")]
    images = read_images(content)
    assert [message.images for message in messages_from(content, images)] == [(png(),), (), ()]


@pytest.mark.parametrize("data", [png(), b"\xff\xd8\xff\xe0 a JPEG", b"RIFF\0\0\0\0WEBPVP8 "])
def test_pictures_that_ollama_decodes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "picture"
    path.write_bytes(data)
    assert read_attachments([picture(path, "image/x")]) == {path: data}


@pytest.mark.parametrize(
    ("data", "mime_type", "key"),
    [
        (None, "image/png", "attachment_unreadable"),
        (b"GIF89a", "image/gif", "attachment_not_image"),
        (b"", "image/png", "attachment_not_image"),
        (png(), "application/pdf", "attachment_not_image"),
        (png() + bytes(100), "image/png", "attachment_too_large"),
    ],
)
def test_attachment_that_is_no_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes | None, mime_type: str, key: str
) -> None:
    monkeypatch.setattr(prompt, "MAX_IMAGE", len(png()))
    path = tmp_path / "door.png"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(HomeAssistantError) as caught:
        read_attachments([picture(path, mime_type)])
    assert caught.value.translation_key == key
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["file"] == "door.png"


def rounds(count: int, size: int = 300) -> list[Message]:
    """Return so many rounds of a question, a call with its result, and an answer."""
    return [
        message
        for number in range(count)
        for message in (
            Message("user", f"{number}".ljust(size)),
            Message("assistant", tool_calls=(ToolCall("t", {"n": number}),)),
            Message("tool", f"{number}".ljust(size), tool_name="t"),
            Message("assistant", f"{number}".ljust(size)),
        )
    ]


SYSTEM = Message("system", "s" * 300)


def numbers(messages: list[Message]) -> list[str]:
    return [message.content.strip() for message in messages if message.role == "user"]


def test_everything_stays_that_fits() -> None:
    messages = [SYSTEM, *rounds(3)]
    assert Budget(8192).fit(messages, TOOLS, 20) == messages


@pytest.mark.parametrize(
    ("max_history", "kept"),
    [(0, list("01234")), (1, list("34")), (3, list("1234")), (4, list("01234")), (20, list("01234"))],
)
def test_so_many_earlier_rounds_stay(max_history: int, kept: list[str]) -> None:
    assert numbers(Budget(100_000).fit([SYSTEM, *rounds(5)], (), max_history)) == kept


@pytest.mark.parametrize("num_ctx", range(800, 3400, 200))
def test_oldest_whole_rounds_leave_and_calls_keep_their_results(num_ctx: int) -> None:
    budget = Budget(num_ctx)
    everything = [SYSTEM, *rounds(7)]
    kept = budget.fit(everything, TOOLS, 0)
    assert budget.tokens(kept, TOOLS) <= budget.room < num_ctx
    assert kept[0] == SYSTEM
    assert kept[1:] == everything[len(everything) - len(kept) + 1 :]
    assert len(kept[1:]) % 4 == 0
    if len(kept) < len(everything):
        with_one_more = [SYSTEM, *everything[len(everything) - len(kept) - 3 :]]
        assert budget.tokens(with_one_more, TOOLS) > budget.room


@pytest.mark.parametrize("size", [6000, 10_000, 20_000, 21_000, 22_000, 30_000])
def test_prompt_that_cannot_fit_says_what_it_needs(size: int) -> None:
    budget = Budget(2048)
    messages = [SYSTEM, *rounds(3), Message("user", "q" * size)]
    with pytest.raises(PromptTooLargeError) as caught:
        budget.fit(messages, TOOLS, 20)
    assert caught.value.num_ctx == 2048
    assert caught.value.tokens > budget.tokens([SYSTEM, messages[-1]], TOOLS)
    # With that much it fits, answer included.
    for enough in (caught.value.tokens, caught.value.suggestion):
        assert Budget(enough).fit(messages, TOOLS, 0)[-1] == messages[-1]


@pytest.mark.parametrize(
    ("tokens", "suggestion"),
    [(100, 4096), (4096, 4096), (4097, 8192), (300_000, 524_288), (2_000_000, 2_000_000)],
)
def test_suggestion_is_a_usual_context_length(tokens: int, suggestion: int) -> None:
    assert PromptTooLargeError(tokens, 2048).suggestion == suggestion


@pytest.mark.parametrize(("num_ctx", "room"), [(2048, 1792), (8192, 7168), (131_072, 130_048)])
def test_room_is_left_for_the_answer(num_ctx: int, room: int) -> None:
    assert Budget(num_ctx).room == room


def test_chat_without_a_question() -> None:
    assert Budget(2048).fit([SYSTEM], (), 5) == [SYSTEM]


def test_pictures_and_messages_count() -> None:
    plain = Message("user", "x" * 30)
    budget = Budget(8192)
    assert budget.tokens([plain], ()) == 10 + MESSAGE_TOKENS
    assert budget.tokens([replace(plain, images=(b"1", b"2"))], ()) == 10 + MESSAGE_TOKENS + 2 * IMAGE_TOKENS


@pytest.mark.parametrize(
    ("counted", "estimate"),
    [
        (0, 108),  # a server that says nothing
        (50, 108),  # less than expected: most may have come from its cache
        (208, 208),  # a language that needs many tokens
        (100_000, 308),  # not even one character a token
    ],
)
def test_estimate_learns_to_be_careful(counted: int, estimate: int) -> None:
    messages = [Message("user", "x" * 300)]
    budget = Budget(8192)
    budget.learn(messages, (), counted)
    assert budget.tokens(messages, ()) == estimate


@pytest.mark.parametrize("taught", [Message("user"), Message("user", "What is this?", images=(b"large",))])
def test_what_is_no_text_teaches_nothing_about_it(taught: Message) -> None:
    budget = Budget(8192)
    budget.learn([taught], (), 5000)
    assert budget.tokens([Message("user", "x" * 300)], ()) == 108
