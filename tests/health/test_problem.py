"""A problem's texts are plain and bounded, whatever a cluster or an alert says."""

import time

import pytest

from custom_components.homelab_ai.health.problem import MAX_SUMMARY, Severity, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pod ai/open-webui cannot start", "Pod ai/open-webui cannot start"),
        ("Zpráva: 温度 85 °C – größer", "Zpráva: 温度 85 °C – größer"),
        ("", ""),
        (" \t\r\n ", ""),
        ("two\nlines\r\n\tand  a gap", "two lines and a gap"),
        ("next\x85line\u2028and\u2029paragraph\u3000wide", "next line and paragraph wide"),
        ("bell\x07 null\x00 delete\x7f c1\x90", "bell null delete c1"),
        ("\x1b[31mred\x1b[0m \x1b[1;38;5;196mbright\x1b[m", "red bright"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x1b]0;title\x07text \x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "text link"),
        ("\x1bcreset \x1b(Bset", "reset Bset"),
        ("half \x1b[31", "half 31"),
        ("end \x1b", "end"),
        ("\x1b\nnext", "next"),
        ("abc\u202edcba\u202c \u2066isolated\u2069 \u200fmark", "abcdcba isolated mark"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen join\u200der", "zerowidth softhyphen joiner"),
        ("tag\U000e0041\U000e0042 selector\U000e0100\U000e01ef", "tag selector"),
        ("filler\u3164\u115f\uffa0 grapheme\u034f", "filler grapheme"),
        ("surrogate\ud800 private\ue000 unassigned\U000e0fff", "surrogate private unassigned"),
        (None, "None"),
        (42, "42"),
    ],
)
def test_plain(text: object, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [(10, "x" * 10), (11, "x" * 9 + "…")],
)
def test_plain_is_cut_at_its_limit(length: int, expected: str) -> None:
    assert plain("x" * length, 10) == expected


def test_nothing_hangs_between_the_text_and_its_dots() -> None:
    assert plain("12345678 and more", 10) == "12345678…"


@pytest.mark.parametrize(
    "unit",
    ["x", "a\u202eb", "\x1b[31mx", "\x1b]", "\x00", " ", "\x1b[", "\x1b[1;", "\U000e0041"],
    ids=repr,
)
def test_megabytes_are_bounded_at_once(unit: str) -> None:
    text = unit * (10_000_000 // len(unit))
    begun = time.perf_counter()
    result = plain(text)
    assert len(result) <= MAX_SUMMARY
    assert result.isprintable()
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Severity.CRITICAL, Severity.WARNING, True),
        (Severity.WARNING, Severity.WARNING, True),
        (Severity.INFO, Severity.WARNING, False),
    ],
)
def test_severities_have_an_order(one: Severity, other: Severity, expected: bool) -> None:
    assert one.at_least(other) is expected


def test_the_worst_is_first() -> None:
    assert [severity.rank for severity in (Severity.CRITICAL, Severity.WARNING, Severity.INFO)] == [0, 1, 2]
