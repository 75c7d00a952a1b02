"""Foreign text is valid, shows what it is, and is bounded."""

import json
import time
from typing import Any

import pytest

from custom_components.homelab_ai.values.text import MAX_TEXT, line, text, without_users, words

# What no text keeps, whoever it is for.
UNFIT = {
    "half an emoji": "\ud83d",
    "the other half": "\ude00",
    "null": "\0",
    "bell": "\a",
    "backspace": "\b",
    "delete": "\x7f",
    "C1": "\x90",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "deprecated format": "\u206a",
    "no character": "\uffff",
    "annotation": "\ufff9",
    "tag": "\U000e0041",
    "selector": "\U000e01ef",
}
# What hides in a name, but belongs into sentences of some languages.
HIDDEN = {
    "zero width space": "\u200b",
    "right-to-left mark": "\u200f",
    "Arabic mark": "\u061c",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
}


@pytest.mark.parametrize("unfit", UNFIT.values(), ids=UNFIT)
def test_unfit_characters_are_gone_and_nothing_else(unfit: str) -> None:
    for gate in (text, words):
        assert gate(f"a{unfit}b{unfit * 3}") == "ab"
    assert line(f"{unfit}a b", 10) == "a b"


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_what_hides_in_a_name_may_stand_in_a_sentence(hidden: str) -> None:
    assert text(f"a{hidden}b") == "ab"
    assert words(f"a{hidden}b") == f"a{hidden}b"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("Zpráva: 温度 85 °C – größer 👩\u200d🚒 ❤️", "Zpráva: 温度 85 °C – größer 👩\u200d🚒 ❤️"),
        ("two\nlines\twith a tab", "two\nlines\twith a tab"),
        ("Windows\r\nold Mac\rform\x0cnext\x85line", "Windows\nold Mac\nform\nnext\nline"),
        ("\x1b[31mred\x1b[0m \x9b1mbright", "red bright"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        (None, ""),
        (7, ""),
        (["a"], ""),
        ({"a": 1}, ""),
        (b"bytes", ""),
    ],
)
def test_text(value: Any, expected: str) -> None:
    assert text(value) == expected
    assert words(value) == expected


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("https://anna:secret@git.home/x", "https://**REDACTED**@git.home/x"),
        ("https://anna:s@cr@t@git.home/x", "https://**REDACTED**@git.home/x"),
        ("see ssh://git@host and https://a:b@c", "see ssh://**REDACTED**@host and https://**REDACTED**@c"),
        ("https://git.home/@scope/x a@b.c", "https://git.home/@scope/x a@b.c"),
        ("mail anna@example.org", "mail anna@example.org"),
    ],
)
def test_user_and_password_of_an_address_are_masked(said: str, shown: str) -> None:
    assert text(said) == shown
    assert line(said, 200) == shown
    assert words(said) == said


def test_text_is_bounded() -> None:
    assert len(text("x" * 10_000_000)) == MAX_TEXT
    assert text("x" * 100, 7) == "x" * 7
    assert len(text("://@" * 100, 50)) == 50


@pytest.mark.parametrize("unit", ["x", "é", "\ud800", "\x1b[", "\x1b]", "://", "://a", "@", "\r", "\u202e"])
def test_a_mebibyte_is_as_cheap_as_its_beginning(unit: str) -> None:
    value = unit * (2**20 // len(unit))
    for gate in (text, words, lambda said: line(said, 500)):
        begun = time.thread_time()
        json.dumps(gate(value)).encode()
        assert time.thread_time() - begun < 0.05


def test_every_character_there_is_can_be_written() -> None:
    """Whatever a database, a log and a page write is UTF-8."""
    every = [chr(code) for code in range(0x110000)]
    for begin in range(0, len(every), 4096):
        said = "".join(every[begin : begin + 4096])
        for shown in (text(said), words(said)):
            assert shown.encode().decode() == shown
        assert line(said, 20_000).isprintable()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://ada:pw@git.lan/x", "https://git.lan/x"),
        ("https://ada:p@ss@w0rd@git.lan/x", "https://git.lan/x"),
        ("//ada:p@ss@git.lan and ssh://git:k@y@host:22/y", "//git.lan and ssh://host:22/y"),
        ("https://git.lan/@ada/x?mail=a@b", "https://git.lan/@ada/x?mail=a@b"),
        ("// a note to ada@home.lan", "// a note to ada@home.lan"),
    ],
)
def test_no_part_of_a_password_is_left(given: str, kept: str) -> None:
    """Also one with an "@" in it."""
    assert without_users(given) == kept
    assert without_users(text(given)) == kept
    assert without_users(line(given, 200)) == kept
