"""Thinking between tags: kept apart from what is spoken, however it is cut into pieces."""

import pytest

from custom_components.homelab_ai.agent.reader import Reader

CASES = {
    "plain": ("Good evening.", "Good evening.", ""),
    "block": ("<think>Hm, easy.</think>Good evening.", "Good evening.", "Hm, easy."),
    "blank-lines": ("\n<think>\nHm.\n</think>\n\nGood evening.", "Good evening.", "\nHm.\n"),
    "empty-block": ("<think></think>Yes.", "Yes.", ""),
    "never-closed": ("<think>Hm, and then <b>", "", "Hm, and then <b>"),
    "closed-by-half": ("<think>Hm</thin", "", "Hm"),
    "tag-in-thoughts": ("<think>a <think> b</think>c", "c", "a <think> b"),
    "tag-later": ("So <think>a thought</think>it is.", "So it is.", "a thought"),
    "tag-later-never-closed": ("The <think> tag opens a thought.", "The  tag opens a thought.", ""),
    "tag-as-code": ("The `<think>` tag opens a thought.", "The `<think>` tag opens a thought.", ""),
    "other-tag": ("<b>Bold</b>", "<b>Bold</b>", ""),
    "half-a-tag": ("<thin", "<thin", ""),
    "less-than": ("<3", "<3", ""),
    "nothing": ("", "", ""),
}


@pytest.mark.parametrize(("given", "text", "thought"), CASES.values(), ids=CASES)
def test_splits(given: str, text: str, thought: str) -> None:
    for size in (1, 2, 5, 100):
        reader = Reader()
        parts = [reader.feed(given[at : at + size]) for at in range(0, len(given), size)]
        parts.append(reader.finish())
        assert "".join(part for part, _ in parts) == text
        assert "".join(part for _, part in parts) == thought


def test_thoughts_are_shown_while_they_come() -> None:
    reader = Reader()
    assert [reader.feed(piece) for piece in ("<think>", "Hm", ", a", " <")] == [
        ("", ""),
        ("", "Hm"),
        ("", ", a"),
        ("", " "),
    ]
