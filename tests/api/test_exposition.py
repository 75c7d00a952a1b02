"""The text format of exporters."""

import time

import pytest

from custom_components.homelab_ai.api.exposition import samples
from demo.servers.apps.librechat import LibreChatExporter


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("messages_total 1284", [("messages_total", "", 1284.0)]),
        ("messages_total 1.284e+03\r", [("messages_total", "", 1284.0)]),
        ("messages_total  7\t1763740800000 ", [("messages_total", "", 7.0)]),
        ("a:b_c 1", [("a:b_c", "", 1.0)]),
        ('per_model{model="llama3.1:8b"} 2', [("per_model", '{model="llama3.1:8b"}', 2.0)]),
        ("# HELP messages_total 5", []),
        ("# TYPE messages_total counter", []),
        ("messages_total NaN", []),
        ("messages_total +Inf", []),
        ("messages_total", []),
        ("messages_total many", []),
        ("1messages 1", []),
        (" messages 1", []),
        ("<!doctype html>", []),
        ("", []),
    ],
)
def test_line(line: str, expected: list[tuple[str, str, float]]) -> None:
    assert list(samples(line)) == expected


@pytest.mark.parametrize("end", ["\u2028", "\x0b", "\x0c", "\x1c", "\x85", "\r"])
def test_label_does_not_pass_for_a_line(end: str) -> None:
    """What people name their models must not become a figure."""
    assert list(samples(f'per_model{{model="x{end}messages_total 999{end}"}} 1\nmessages_total 3')) == [
        ("per_model", f'{{model="x{end}messages_total 999{end}"}}', 1.0),
        ("messages_total", "", 3.0),
    ]


def test_simulated_exporter() -> None:
    exporter = LibreChatExporter()
    found = {(name, labels): value for name, labels, value in samples(exporter.text())}
    assert found["librechat_messages_total", ""] == 1284
    assert found["librechat_input_tokens_total", ""] == 2_412_345
    assert found["librechat_messages_per_model_total", '{model="llama3.1:8b"}'] == 1020


@pytest.mark.parametrize("unit", ["a", "a ", " ", "a{", "a 1\n", "a{}", "1 "])
def test_megabytes_take_no_longer_than_their_length(unit: str) -> None:
    begun = time.thread_time()
    assert sum(1 for _ in samples("a" + unit * (1_000_000 // len(unit)))) in (0, 250_000)
    assert time.thread_time() - begun < 5
