"""Answers that go in circles are ended, and nothing else is."""

import pytest

from custom_components.homelab_ai.agent.repetition import Repetition

from .messages import cuttings

CIRCLES = {
    "sentence": "The light is on. " * 40,
    "cycle2": "The light is on. The door is shut. " * 40,
    "cycle3": "I can help. What do you need? Tell me more. " * 40,
    "cycle4": "One thing is. Two things are. Three things go. Four things come. " * 30,
    "lines": "The light is on\n" * 40,
    "short": "Yes. " * 100,
    "the": "the " * 200,
    "md": "tool" + "_md" * 200,
    "newlines": "Yes." + "\n" * 1000,
    "digits": "0" * 1000,
    "german": "Das Licht ist an. " * 40,
    "haha": "ha " * 300,
    "prefixed": "Good evening, sir. " + "How can I help you? " * 40,
    "para": "The lamp is on.\n\n" * 30,
    "quest": "What? " * 60,
    "bullet": "- The light is on.\n" * 40,
    "exclaim": "I am sorry! " * 40,
    "caps": "The light is ON. The light is on. " * 20,
    "long": ("As an assistant I cannot do that for you, because I have no way of doing it in here. ") * 12,
    "chars": "🙂" * 500,
    "jp": "電気がついています。 " * 40,
}
"""Each long enough to be told for certain."""

ANSWERS = {
    "list": "- Kitchen: on\n- Hall: on\n- Bath: off\n- Attic: on\n",
    "same list": "- Milk\n- Milk\n- Milk\n- Eggs\n",
    "poem": (
        "Row, row, row your boat,\nGently down the stream.\n"
        "Merrily, merrily, merrily, merrily,\nLife is but a dream.\n"
    )
    * 2,
    "birthday": "Happy birthday to you,\nHappy birthday to you,\nHappy birthday,"
    " dear Anna,\nHappy birthday to you!\n",
    "ha": "Ha! Ha! Ha! Very funny.",
    "no": "No. No. No. That is wrong.",
    "table": "| a | b |\n|-----------|-----------|\n| 1 | 2 |\n| 1 | 2 |\n| 1 | 2 |\n",
    "rule": "Title\n" + "=" * 80 + "\nText\n" + "-" * 80 + "\n",
    "code": "```\nx = 1\nx = 1\nx = 1\nx = 1\n```\n",
    "twice": "The light is on. The light is on. Good.",
    "refrain": "We walk. \nLa la la.\nWe run.\nLa la la.\nWe sleep.\nLa la la.\nEnd.\n",
    "yaml": "- platform: template\n  name: a\n- platform: template\n  name:"
    " b\n- platform: template\n  name: c\n",
    "count": "1. One.\n2. Two.\n3. Three.\n",
    "on": "Kitchen: on.\nHall: on.\nBath: on.\n",
    "zeros": "The number is 1000000000000000000000.",
    "dots": "Wait" + "." * 60 + " now.",
    "states": "on\non\non\non\noff\n",
    "schedule": "".join(
        f"{d}: The alarm rings at 7. The coffee runs at 8.\n"
        for d in ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    ),
    "knock": "Knock knock. Who's there? Boo. Boo who? Don't cry. Knock knock."
    " Who's there? Lettuce. Lettuce who? Let us in.",
    "jingle": "Jingle bells, jingle bells, jingle all the way. Oh what fun it is to ride. " * 2,
    "bruder": "Bruder Jakob, Bruder Jakob,\nschläfst du noch? Schläfst du noch?\nHörst"
    " du nicht die Glocken? Hörst du nicht die Glocken?\nDing dang dong. Ding dang dong.\n",
    "csv": "a,1\na,1\na,1\n",
    "jaja": "Ja, ja, ja, ja, ja. Gut.",
    "spaces": "a" + " " * 300 + "b",
    "hex": "ff ff ff ff ff ff ff ff",
}


def watched(pieces: list[str], *, structured: bool = False) -> tuple[str, bool]:
    repetition = Repetition(structured=structured)
    return "".join(repetition.feed(piece) for piece in pieces).rstrip(), repetition.found


@pytest.mark.parametrize("text", CIRCLES.values(), ids=CIRCLES)
def test_circle_is_ended(text: str) -> None:
    said = {watched(pieces) for pieces in cuttings(text, seed=19, count=8)}
    ((words, found),) = said
    assert found
    assert text.startswith(words)
    assert len(words) < min(len(text), 450)


@pytest.mark.parametrize("text", ANSWERS.values(), ids=ANSWERS)
def test_list_or_verse_is_not_cut(text: str) -> None:
    for pieces in cuttings(text, seed=23, count=8):
        assert watched(pieces) == (text.rstrip(), False)


def test_sentence_is_ended_at_its_third_time() -> None:
    assert watched(["The light is on. " * 9]) == ("The light is on. The light is on. The light is on.", True)


def test_data_may_repeat_itself_but_not_without_an_end() -> None:
    rows = ", ".join(['{"state": "The light is on. Yes."}'] * 6)
    assert watched([f"[{rows}]"], structured=True)[1] is False
    assert watched(['{"text": "' + "very " * 400], structured=True)[1] is True
