"""The chapter of the tour about habits."""

from io import StringIO

import pytest

from demo.house.console import Console
from demo.house.tour.habits import told


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Switch “Coffee machine” on at 06:4"),
        ("de", "„Kaffeemaschine“ an Arbeitstagen um 06:4"),
    ],
)
def test_a_year_is_told(language: str, title: str) -> None:
    shown = StringIO()
    findings = told(Console(shown), language)
    assert [finding.passed for finding in findings] == [True, True]
    assert [finding.text for finding in findings] == [
        "5 of 5 planted habits were found",
        "0 others were suggested",
    ]
    assert title in shown.getvalue()
    assert "light." not in shown.getvalue()
