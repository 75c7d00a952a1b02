"""Thinking between tags: kept apart from what is spoken, however it is cut into pieces."""

import pytest

from custom_components.homelab_ai.agent.thinking import ThinkTags

CASES = {
    "plain": ("Good evening.", "Good evening.", ""),
    "block": ("<think>Hm, easy.</think>Good evening.", "Good evening.", "Hm, easy."),
    "blank-lines": ("\n<think>\nHm.\n</think>\n\nGood evening.", "Good evening.", "\nHm.\n"),
    "empty-block": ("<think></think>Yes.", "Yes.", ""),
    "never-closed": ("<think>Hm, and then <b>", "", "Hm, and then <b>"),
    "closed-by-half": ("<think>Hm</thin", "", "Hm"),
    "tag-in-thoughts": ("<think>a <think> b</think>c", "c", "a <think> b"),
    "tag-later": ("So <think>no thought</think>.", "So <think>no thought</think>.", ""),
    "other-tag": ("<b>Bold</b>", "<b>Bold</b>", ""),
    "half-a-tag": ("<thin", "<thin", ""),
    "less-than": ("<3", "<3", ""),
    "nothing": ("", "", ""),
}


@pytest.mark.parametrize(("given", "text", "thought"), CASES.values(), ids=CASES)
def test_splits(given: str, text: str, thought: str) -> None:
    for size in (1, 2, 5, 100):
        tags = ThinkTags()
        parts = [tags.feed(given[at : at + size]) for at in range(0, len(given), size)]
        rest = tags.finish()
        assert "".join(part for part, _ in parts) + rest == text
        assert "".join(part for _, part in parts) == thought


def test_thoughts_are_shown_while_they_come() -> None:
    tags = ThinkTags()
    assert [tags.feed(piece) for piece in ("<think>", "Hm", ", a", " <")] == [
        ("", ""),
        ("", "Hm"),
        ("", ", a"),
        ("", " "),
    ]


@pytest.mark.parametrize("pieces", [["Hi"], ["<think>a</think>", "Hi"]])
def test_done_says_that_only_text_follows(pieces: list[str]) -> None:
    tags = ThinkTags()
    seen = [tags.done]
    for piece in pieces:
        tags.feed(piece)
        seen.append(tags.done)
    assert seen == [False] * len(pieces) + [True]
    assert tags.feed(" <think>") == (" <think>", "")
