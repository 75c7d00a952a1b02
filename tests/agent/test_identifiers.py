"""What nobody can listen to is left out of speech, or said as people say it; however the text is cut."""

import random
import time

import pytest

from custom_components.homelab_ai.agent.identifiers import Names, prefixes_of
from custom_components.homelab_ai.agent.speech import Heard

from .messages import cuttings
from .test_reader import INTACT

TOOLS = {
    "HassTurnOn": "turn on",
    "intent__HassTurnOn": "turn on",
    "homelab_ai__get_health": "health",
    "get_health": "health",
}
NAMES = Names(TOOLS, prefixes_of(TOOLS), {"light.kitchen": "Kitchen lamp"}.get)

HEARD = [
    ('\'{"name": "HassTurnOn", "arguments": {}}\'', ""),
    ("He said '{\"a\": 1}' twice", "He said ' twice"),
    ('HassTurnOn("Kitchen")', 'turn on("Kitchen")'),
    ("The light.kitchen is on.", "The Kitchen lamp is on."),
    ("I turned on light.kitchen.", "I turned on Kitchen lamp."),
    ("`light.kitchen` is on", "Kitchen lamp is on"),
    ("Turn on the light. Now.", "Turn on the light. Now."),
    ("sensor.washing_machine_power is 21 W.", "washing machine power is 21 W."),
    ("sensor.0x00158d is on", "is on"),
    ("I call HassTurnOn now.", "I call turn on now."),
    ("I use intent__HassTurnOn.", "I use turn on."),
    ('{"success": true}', ""),
    ('{"response": "The light is on."}', "The light is on."),
    ('Here: {"a": 1} ok', "Here: ok"),
    ('["milk", "eggs"]', "milk, eggs"),
    ("Its id is 3f2b8c1e-1234-4abc-9def-0123456789ab.", "Its id is."),
    ("{{ states('light.kitchen') }} is it", "is it"),
    ("It is \\(21^\\circ\\text{C}\\).", "It is 21°C."),
    ("$x^2$ is", "x² is"),
    ("It is $21^\\circ C$ now", "It is 21° C now"),
    ("Costs $5 or 5$.", "Costs $5 or 5$."),
    ("See ftp://x.org/a now.", "See now."),
    ("Open file:///etc/passwd.", "Open."),
    ("Write to mailto:a@b.org please", "Write to please"),
    ("Ask user@example.com now", "Ask user now"),
    ("Visit example.com today", "Visit example today"),
    ("Go to homeassistant.local:8123.", "Go to homeassistant."),
    ("caf&eacute; and &#233;t&eacute;", "café and été"),
    ("It is warm outside.", "It is warm outside."),
    ("Note [1] and (see).", "Note [1] and (see)."),
    ("{curly} things", "curly things"),
    ("snake_case and soft", "snake case and soft"),
    ("21 °C & 5 €", "21 °C & 5 €"),
    ("C:\\name", "C:"),
    ("a face in bed", "a face in bed"),
    ("It's 21.5 degrees.", "It's 21.5 degrees."),
    ("Das z.B. ist gut, usw.", "Das z.B. ist gut, usw."),
    ("2024-05-01 at 10:30", "2024-05-01 at 10:30"),
    ("192.168.1.5 is up", "192.168.1.5 is up"),
    ("Has it?", "Has it?"),
    ("in the house", "in the house"),
    ("Hass", "Hass"),
    ("light", "light"),
    ("light.", "light."),
    ("The lights.", "The lights."),
    ("automation", "automation"),
    ('[{"a": 1}]', ""),
    ("{", ""),
    ("[", "["),
    ("a < b", "a < b"),
    ("It costs 3,50.", "It costs 3,50."),
    ("the light.kitchen's bulb", "the Kitchen lamp's bulb"),
    ("config.yaml", "config.yaml"),
    ("\\frac{1}{2} cup", "1/2 cup"),
    ("3 * 4", "3 * 4"),
    ("e.g. this", "e.g. this"),
    ('He said "light.kitchen".', 'He said "Kitchen lamp".'),
    ("Ok.Then", "Ok.Then"),
]


def heard(pieces: list[str]) -> str:
    speech = Heard(NAMES)
    return "".join(speech.feed(piece) for piece in pieces) + speech.finish()


@pytest.mark.parametrize(("written", "spoken"), HEARD)
def test_what_is_heard(written: str, spoken: str) -> None:
    for pieces in cuttings(written, seed=19, count=12):
        assert heard(pieces) == spoken, pieces


def test_plain_words_are_heard_as_they_come() -> None:
    speech = Heard(NAMES)
    assert [speech.feed(word) for word in ("It", " is", " warm", " outside", " today")] == [
        *("It", " is", " warm", " outside", " today"),
    ]


def test_words_that_may_be_an_identifier_wait_for_their_end() -> None:
    speech = Heard(NAMES)
    assert [speech.feed(word) for word in ("The", " light", " is", " on")] == ["The", "", " light is", " on"]


@pytest.mark.parametrize("part", ["{", "[", '{"a": 1} ', "light.", "a.", "\\", "$", "&", "word ", "1"])
def test_it_takes_time_in_proportion_to_the_text(part: str) -> None:
    text = part * (30_000 // len(part))
    started = time.process_time()
    heard([text[at : at + 4] for at in range(0, len(text), 4)])
    assert time.process_time() - started < 5


PARTS = (
    *(
        "light.",
        "sensor.x_1",
        ".com",
        "{",
        "}",
        "]",
        '"',
        "`",
        "**",
        "\n",
        " ",
        "$",
        "\\(",
        "\\",
        "&eacute;",
        "_",
    ),
    *(
        "HassTurnOn",
        "get_",
        "http://x.y",
        "a",
        "1",
        "3f2b",
        "💡",
        "|",
        "- ",
        "<b>",
        "mailto:",
        "@",
        ":",
        "'",
        ".",
    ),
)


def test_mutated_text_is_heard_the_same_however_it_is_cut() -> None:
    dice = random.Random(20261128)
    seeds = [text for text in (*(written for written, _ in HEARD), *INTACT) if "](" not in text]
    for number in range(400):
        text = dice.choice(seeds)
        for _ in range(dice.randint(0, 4)):
            at = dice.randint(0, len(text))
            text = text[:at] + dice.choice(PARTS) + text[at:]
        assert len({heard(pieces) for pieces in cuttings(text, number, 2)}) == 1, text
