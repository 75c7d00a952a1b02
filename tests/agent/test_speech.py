"""What is heard of an answer, piece by piece as it comes."""

import time

import pytest

from custom_components.homelab_ai.agent.speech import Speech

from .messages import cuttings

# What the model writes, and what is heard.
HEARD = [
    ("1. **Kitchen** is `on` 💡\n2. **Hall** is off", "Kitchen is on\nHall is off"),
    ("See [the manual](https://x.org/a_b) for it.", "See the manual for it."),
    ("It is https://example.org/x?y=1 there.", "It is there."),
    ("## Lights\n\n- Kitchen: on\n- Hall: off", "Lights\nKitchen: on\nHall: off"),
    ("Done! 😊", "Done!"),
    ("Should I? 😊", "Should I?"),
    ("**Which?**", "Which?"),
    ("2 * 3 is 6, 2*3 too.", "2 * 3 is 6, 2*3 too."),
    ("snake_case and _soft_ words", "snake_case and soft words"),
    ("a < b & c > d", "a < b & c > d"),
    ("<b>bold</b> text<br>next", "bold text\nnext"),
    ("| Lamp | State |\n|---|---|\n| Hall | on |", "Lamp, State\nHall, on"),
    ("> quoted", "quoted"),
    ("---\nHi", "Hi"),
    ("~~old~~ new", "old new"),
    ("```yaml\na: 1\n```\nThat is it.", "That is it."),
    ("```\nonly code\n```", "only code"),
    ("![Cat](https://x.org/c.png) A cat.", "Cat A cat."),
    ("21 °C & 5 € – 3 %", "21 °C & 5 € – 3 %"),
    ("In 2024. It was.", "In 2024. It was."),
    ("2024. Was.", "2024. Was."),
    ("- [x] milk\n- [ ] eggs", "milk\neggs"),
    ("Tom &amp; Jerry", "Tom & Jerry"),
    ("It is warm.", "It is warm."),
    ("Hallo, wie geht es dir?", "Hallo, wie geht es dir?"),
    ("The  light", "The light"),
    ("👍🏽 Ok ☀️ 🇩🇪 1️⃣ one", "Ok 1 one"),
    ("* item one\n* item two", "item one\nitem two"),
    ("*emphasis* here", "emphasis here"),
    ("Note [1] and (see).", "Note [1] and (see)."),
    ("http is a protocol", "http is a protocol"),
    ("www is old", "www is old"),
    ("Use #1 now", "Use #1 now"),
    ("The house", "The house"),
    ("<https://example.org> ok", "ok"),
    ("Wow!", "Wow!"),
    ("-5 °C", "-5 °C"),
    ("- 5 °C", "5 °C"),
    ("5 - 3", "5 - 3"),
    ("C# and F#", "C# and F#"),
    ("Kitchen:\n\n\nOn", "Kitchen:\nOn"),
    ("(**bold**)", "(bold)"),
    ('"`x`"', '"x"'),
]


def heard(pieces: list[str]) -> str:
    speech = Speech()
    return "".join(speech.feed(piece) for piece in pieces) + speech.finish()


@pytest.mark.parametrize(("written", "spoken"), HEARD)
def test_markup_is_not_heard(written: str, spoken: str) -> None:
    for pieces in cuttings(written, seed=17, count=12):
        assert heard(pieces) == spoken, pieces


def test_plain_words_are_heard_as_they_come() -> None:
    speech = Speech()
    assert [speech.feed(word) for word in ("It", " is", " warm", " outside", ".")] == [
        *("It", " is", " warm", " outside", "."),
    ]


def test_speech_takes_time_in_proportion_to_the_text() -> None:
    for part in (
        "[",
        "<b ",
        "`",
        "*",
        "_",
        "http",
        "| ",
        "- ",
        "> ",
        "😊",
        "&",
        "\n",
        "1. ",
        "[a](",
        "word ",
    ):
        text = part * (50_000 // len(part))
        started = time.process_time()
        heard([text[at : at + 4] for at in range(0, len(text), 4)])
        assert time.process_time() - started < 5, part
