"""What scripts/demo makes of Home Assistant's log."""

import io
from pathlib import Path

from demo.house import check, journal
from demo.house.console import Console
from demo.house.journal import Record

_LOG = """\
2026-11-21 20:31:47.760+00:00 WARNING (SyncWorker_0) [homeassistant.loader] We found homelab_ai, untested
2026-11-21 20:31:48.000+00:00 INFO (MainThread) [homeassistant.core] Starting
2026-11-21 20:31:49.000+00:00 ERROR (MainThread) [homeassistant.components.demo] Not ours
2026-11-21 20:31:50.000 ERROR (MainThread) [custom_components.homelab_ai.hub] Ours
2026-11-21 20:31:51.000+00:00 WARNING (MainThread) [homeassistant.core] Something raised
Traceback (most recent call last):
  File "/config/custom_components/homelab_ai/sensor.py", line 1, in x
ValueError: 7
2026-11-21 20:31:52.000+00:00 CRITICAL (MainThread) [homeassistant.core] The end
"""


def test_records_keep_their_lines_together() -> None:
    assert [(record.level, record.logger) for record in journal.records(_LOG.splitlines())] == [
        ("WARNING", "homeassistant.loader"),
        ("INFO", "homeassistant.core"),
        ("ERROR", "homeassistant.components.demo"),
        ("ERROR", "custom_components.homelab_ai.hub"),
        ("WARNING", "homeassistant.core"),
        ("CRITICAL", "homeassistant.core"),
    ]


def test_errors_and_tracebacks_are_problems(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(_LOG, encoding="utf-8")
    problems = journal.problems(log)
    assert [record.text.splitlines()[0] for record in problems] == [
        "Not ours",
        "Ours",
        "Something raised",
        "The end",
    ]
    assert [record.is_ours for record in problems] == [False, True, True, False]


def test_what_comes_before_the_log_is_a_problem() -> None:
    assert list(journal.records(["", "/usr/bin/python: No module named homeassistant"])) == [
        Record("ERROR", "", "\n/usr/bin/python: No module named homeassistant")
    ]


def test_no_log_has_no_problems(tmp_path: Path) -> None:
    assert journal.problems(tmp_path / "missing") == []


def test_problems_are_shown_with_their_ends(tmp_path: Path) -> None:
    log = tmp_path / "log"
    lines = "\n".join(f"line {number}" for number in range(50))
    log.write_text(f"2026-11-21 20:31:52.000 ERROR (MainThread) [demo] First\n{lines}\n", encoding="utf-8")
    shown = io.StringIO()
    journal.show_problems(log, Console(shown))
    assert shown.getvalue().splitlines() == [
        "    ERROR [demo] First",
        *(f"    line {number}" for number in range(38, 50)),
    ]


def test_the_self_check_minds_only_our_own_problems(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(_LOG.splitlines()[2], encoding="utf-8")
    assert check.log_is_clean(log).passed
    log.write_text(_LOG, encoding="utf-8")
    finding = check.log_is_clean(log)
    assert not finding.passed
    assert finding.text.endswith("– Ours")
