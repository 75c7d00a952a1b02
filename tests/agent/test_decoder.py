"""Values as small models write them."""

from contextlib import suppress
import random
import time
from typing import Any
import warnings

import pytest

from custom_components.homelab_ai.agent.decoder import NotDecodableError, decode

VALUES: list[tuple[str, Any]] = [
    ('{"a": 1}', {"a": 1}),
    ('{"a": {"b": "c"}', {"a": {"b": "c"}}),
    ('{"a": {"b": ["c"', {"a": {"b": ["c"]}}),
    ('{"a": 1,}', {"a": 1}),
    ('{"a": [1, 2,],,}', {"a": [1, 2]}),
    ('{"a": ["b"}', {"a": ["b"]}),
    ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
    ("{'a': 'b'}", {"a": "b"}),
    ("{'a': 'Bob's lamp', 'b': True, 'c': None}", {"a": "Bob's lamp", "b": True, "c": None}),
    ("{a: b c, d-e: 3.5}", {"a": "b c", "d-e": 3.5}),
    ("{a = 1, b => 2}", {"a": 1, "b": 2}),
    ("{“a”: “b”, „c“: „d“}", {"a": "b", "c": "d"}),
    ('{"a": "x\ny"}', {"a": "x\ny"}),
    ('{"a": "x\\ny \\u00e4 \\"q\\""}', {"a": 'x\ny ä "q"'}),
    ("{a:<escape>b, c<escape>,d:<escape>e<escape>}", {"a": "b, c", "d": "e"}),
    ('{a:<|"|>b<|"|>}', {"a": "b"}),
    ('[{"a": {"b": 1}, {"a": 2}]', [{"a": {"b": 1}}, {"a": 2}]),
    ('{"a": {"b": 1}\n\nThe light is on.', {"a": {"b": 1}}),
    ("(1, 'a', True)", [1, "a", True]),
    ('"text"', "text"),
    ("-3.5e2", -350.0),
    ("{}", {}),
    ('{"a": undefined, "b": NULL}', {"a": None, "b": None}),
]
NO_VALUES = [
    *(
        "",
        "  ",
        "{",
        '{"a',
        '{"a"',
        '{"a":',
        '{"a": "b',
        '{"a": 1, "b',
        '{"a": 1, "b":',
        "['a', 'b",
        "}",
        '{"a" "b"}',
    ),
    *('{"a": 1, b', "[" * 100, '{"a":' * 100),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_value_is_read(text: str, value: Any) -> None:
    assert decode(text).value == value


@pytest.mark.parametrize("text", NO_VALUES)
def test_half_a_value_is_none(text: str) -> None:
    """What is missing may be what was to narrow a command."""
    with pytest.raises(NotDecodableError):
        decode(text)


def test_words_without_quotes_are_no_values_of_code() -> None:
    with pytest.raises(NotDecodableError):
        decode("kitchen", bare=False)
    assert decode("True", bare=False).value is True


def test_time_is_linear_and_nothing_warns() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for part in (
            "[",
            '{"a":',
            '{"' + '\\"',
            "{'a'",
            "{a",
            '"\\',
            "1",
            "a b ",
            "\\",
            '"d\\is": ',
            "[1,",
            "((",
        ):
            text = part * (200_000 // len(part))
            started = time.process_time()
            with suppress(NotDecodableError):
                decode(text)
            assert time.process_time() - started < 3, part


def test_made_up_text_raises_nothing_else() -> None:
    rng = random.Random(31)
    parts = [
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        '"',
        "'",
        ",",
        "=",
        "a",
        "1",
        "\\",
        " ",
        "\n",
        "true",
        "<escape>",
        "“",
        "\\u12",
    ]
    for _ in range(5000):
        text = "".join(rng.choice(parts) for _ in range(rng.randint(1, 40)))
        try:
            decoded = decode(text)
        except NotDecodableError:
            continue
        assert 0 < decoded.end <= len(text)


def test_number_with_a_plus_keeps_it() -> None:
    """It may be a change."""
    assert decode('{"brightness": +10, "x": -3,}').value == {"brightness": "+10", "x": -3}
