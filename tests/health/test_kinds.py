"""The rows of the kinds of problems: each is complete, and every kind that is reported has one."""

import ast
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
import re
from typing import Any

import pytest

import custom_components.homelab_ai as package
from custom_components.homelab_ai.health.facts import Facts, as_text, count_of, figure_of, moment_of, text_of
from custom_components.homelab_ai.health.kinds import ALIASES, KINDS, Family, Kind, kind_of, row_of
from custom_components.homelab_ai.health.problem import MAX_DETAIL, Problem, Severity, fact
from custom_components.homelab_ai.health.reasons import reason_of
from custom_components.homelab_ai.language.names import compact
from custom_components.homelab_ai.language.words import language_of

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
FOLDER = Path(package.__file__ or "").parent
REPORTING = {"problem", "report", "_report"}

# Facts for which a kind is told otherwise, beside none.
VARIANTS: dict[str, tuple[Facts, ...]] = {
    "scans_failed": ({"failures": 1}, {"failures": 4}),
    "overdue": ({"last": NOW},),
    "web_unexpected": ({"status": 503, "expected": 200},),
    "query": (
        {"side": "above", "value": 5.5},
        {"side": "below", "value": 5},
        {"side": "above", "value": 5.5, "series": "sda"},
        {"side": "below", "value": 5, "series": "sda"},
    ),
    "volume_full": ({"percent": 93}, {"percent": 93, "others": 1}, {"percent": 93, "others": 10}),
    "hub_unreachable": ({"models": 3},),
    "entity_bad": ({"state": "exited"},),
    "unknown_device": ({"private_address": "yes"},),
    "unknown_devices": ({"devices": 12},),
    "updates_waiting": (
        {"updates": 7, "failing": 2, "major": 0},
        {"updates": 7, "failing": 0, "major": 1},
        {"updates": 7, "failing": 2, "major": 1},
        {"updates": 1, "failing": 1, "major": 0},
        {"updates": 1, "failing": 0, "major": 1},
    ),
    "pod_restarting": ({"reason": "OOMKilled"},),
    "flux_not_ready": ({"reason": "DependencyNotReady"},),
    "node_pressure": ({"pressure": "memory"}, {"pressure": "disk"}, {"pressure": "network"}),
    "job_hanging": ({"reason": "NoPods"},),
    "pod_waiting": ({"reason": "ErrImagePull"}, {"reason": "Unschedulable"}),
    "k8sgpt_finding": ({"kind": "Node", "error": "type Ready"}, {"kind": "Pod", "error": "OOMKilled"}),
}


def reported() -> set[str]:
    """Return the kinds that are reported anywhere, by the calls that make a problem."""
    kinds: set[str] = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
                if name in REPORTING and isinstance(node.args[0].value, str):
                    kinds.add(node.args[0].value)
    return kinds


def test_every_kind_that_is_reported_has_a_row() -> None:
    assert len(reported()) > 15
    assert reported() <= KINDS.keys()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("key", sorted(KINDS))
def test_row_can_be_told(key: str, language: str) -> None:
    row, words = KINDS[key], language_of(language)
    assert row.key == key
    phrases = {row.phrase_of(facts) for facts in ({}, *VARIANTS.get(key, ()))}
    assert phrases <= words.phrases.keys()
    assert (row.variant is not None) == (len(phrases) > 1 or key == "k8sgpt_finding")
    assert row.over in {"", *words.phrases}
    nouns = {row.noun, *(one.noun for one in row.objects.values())}
    assert nouns <= {"", *words.nouns}


def test_no_phrase_is_left_over() -> None:
    """What no row, no reason of a finding and no other phrase leads to is never told."""
    told = {KINDS[key].phrase_of(facts) for key in KINDS for facts in ({}, *VARIANTS.get(key, ()))}
    told |= {row.over for row in KINDS.values()} | reasons()
    assert language_of("en").phrases.keys() == told - {""} == language_of("de").phrases.keys()


def reasons() -> set[str]:
    source = (FOLDER / "health" / "reasons.py").read_text()
    pairs = re.findall(r'^    \("([^"]+)", "([a-z_]+)"\),$', source, re.MULTILINE)
    assert all(reason_of("Pod", words) == phrase for words, phrase in pairs)
    return {"finding", *(phrase for _, phrase in pairs)}


def test_words_of_families_are_as_names_are_compared() -> None:
    assert ALIASES.keys() == set(Family)
    assert all(word == compact(word) for words in ALIASES.values() for word in words)
    assert all(word == compact(word) for row in KINDS.values() for word in row.aliases)


def test_kind_that_nobody_knows() -> None:
    problem = Problem("id", "s", "unheard_of", "Thing", Severity.INFO, "so")
    assert kind_of(problem) == row_of("unheard_of") == Kind(key="unheard_of")
    assert row_of("unheard_of").phrase_of({}) == "unheard_of"
    assert row_of("unheard_of").severity is Severity.WARNING


def test_aliases_of_its_own() -> None:
    row = replace(KINDS["volume_full"], aliases=frozenset(("disk",)))
    assert [row.is_called(word) for word in ("disk", "speicher", "backup")] == [True, True, False]


# Facts


@pytest.mark.parametrize(
    ("value", "kept", "text"),
    [
        (5, 5, "5"),
        (-3, -3, "-3"),
        (5.5, 5.5, "5.5"),
        (12.0, 12.0, "12"),
        (NOW, NOW, "2026-11-21T15:00:00+00:00"),
        ("a\nb", "a b", "a b"),
        ("x" * 5000, "x" * (MAX_DETAIL - 1) + "…", None),
        (True, "True", "True"),
        (None, "None", "None"),
        (float("inf"), "inf", "inf"),
        (float("nan"), "nan", "nan"),
        (10**20, str(10**20), None),
        (timedelta(hours=1), "1:00:00", "1:00:00"),
    ],
)
def test_facts_keep_their_type(value: object, kept: Any, text: str | None) -> None:
    found = fact(value)
    assert (found, type(found)) == (kept, type(kept))
    assert as_text(found) == (kept if text is None else text)
    problem = Problem("id", "s", "query", "Q", Severity.INFO, "so", facts={"n": found})
    assert problem.details == {"n": as_text(found)}


@pytest.mark.parametrize(
    ("value", "count", "figure", "moment"),
    [
        (5, 5, 5, None),
        (0, 0, 0, None),
        (-1, None, -1, None),
        (10**6, None, 10**6, None),
        (5.5, None, 5.5, None),
        (float("nan"), None, None, None),
        ("5", None, None, None),
        ("2026-11-21T15:00:00+00:00", None, None, None),
        (NOW, None, None, NOW),
        (NOW.replace(tzinfo=None), None, None, None),
    ],
)
def test_facts_are_read_as_what_they_are(value: Any, count: Any, figure: Any, moment: Any) -> None:
    facts = {"n": value}
    assert (count_of(facts, "n"), figure_of(facts, "n"), moment_of(facts, "n")) == (count, figure, moment)
    assert (count_of({}, "n"), figure_of({}, "n"), moment_of({}, "n"), text_of({}, "n")) == (None,) * 3 + (
        "",
    )
