"""Words: what the docs call a field is what the form calls it, and our German is Home Assistant's."""

import json
from pathlib import Path
import re
from typing import Any

import pytest

import homeassistant.components
from homeassistant.util.json import load_json_object

from .translations import PACKAGE, flat, load

ROOT = PACKAGE.parent.parent
CORE = Path(homeassistant.components.__file__).parent
_ROW = re.compile(r"^\| ([^|]+) \|", re.MULTILINE)
# A page, the head of its table, and the forms whose fields it explains.
TABLES = {
    ("docs/hub.md", "setting of an agent"): ("config_subentries", "conversation"),
    ("README.md", "field"): ("config",),
    ("docs/kubernetes.md", "field"): ("config_subentries", "system"),
}
# Tables whose first column names entities.
ENTITIES = {("docs/hub.md", "entity"), ("docs/health.md", "entity")}
# Labels of fields that the docs write like this, beside names of entities and of others' forms.
OPTIONS = ("Look for updates", "Find habits", "Devices of the network", "Tools for every assistant")
LIKE_CORE = ("ollama", "openai_conversation", "portainer", "prometheus", "mqtt", "conversation", "update")
"""Integrations of Home Assistant's own, whose German forms were written by many."""
# English words of ours that Home Assistant says otherwise elsewhere, for a reason.
OWN_WORDS = {
    "Model": "a model of Ollama, not of a device",
}
NEVER = {
    r"\bAutomatisierung": "Automation",
    r"KI-Aufgabe": "KI-Task",
    r"\bServicekonto": "Dienstkonto",
    r"\bSchwere\b": "Schweregrad",
    r"Ersatz-Server": "Ersatzserver",
    r"\bAbsenden\b": "OK",
    r"Stille Alarme": "stummgeschaltete Alarme",
    r"\bNodes?\b": "Knoten",
    r"\bSie (?:können|müssen|sollten|haben)\b": "du",
    r"\d\.\d+ G": "Komma",
}
"""What our German does not say, and what it says instead."""


@pytest.mark.parametrize(("page", "head"), TABLES)
def test_docs_call_fields_as_forms_do(page: str, head: str) -> None:
    rows = rows_of(page, head)
    labels = {
        text
        for path, text in load("en").items()
        if path[: len(TABLES[page, head])] == TABLES[page, head] and path[-2] == "data"
    }
    assert rows
    written = {word for row in rows for word in re.split(r", (?=headers)", row)}
    known = {label.casefold() for label in labels}
    # Two fields of the same section share a row.
    assert {word for word in written if word.casefold() not in known} <= {"headers"}


def rows_of(page: str, head: str) -> list[str]:
    text = (ROOT / page).read_text()
    table = text[text.index(f"| {head} |") :].partition("\n\n")[0]
    return [row.strip() for row in _ROW.findall(table)][2:]


@pytest.mark.parametrize(("page", "head"), sorted(ENTITIES))
def test_docs_call_entities_as_home_assistant_does(page: str, head: str) -> None:
    names = {text for path, text in load("en").items() if path[0] == "entity" and path[-1] == "name"}
    written = {name for row in rows_of(page, head) for name in row.split(", ")}
    assert len(written) > 3
    assert written - names == set()


def test_docs_call_options_as_their_form_does() -> None:
    labels = {text for path, text in load("en").items() if path[:4] == ("options", "step", "init", "data")}
    docs = "".join(page.read_text() for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    for label in OPTIONS:
        assert label in labels
        assert label in " ".join(docs.split()), label
    assert "Check for updates" not in docs


def test_german_says_nothing_that_home_assistant_does_not() -> None:
    wrong = {
        ".".join(path): (text, instead)
        for path, text in load("de").items()
        for said, instead in NEVER.items()
        if re.search(said, text)
    }
    assert wrong == {}


def core_words() -> dict[str, set[str]]:
    """Return by English text the German ones that Home Assistant has for it."""
    found: dict[str, set[str]] = {}
    for name in LIKE_CORE:
        folder = CORE / name / "translations"
        english, german = (_texts(folder / f"{language}.json") for language in ("en", "de"))
        for path, text in english.items():
            if path in german:
                found.setdefault(text, set()).add(german[path])
    return found


def _texts(file: Path) -> dict[Any, str]:
    return dict(flat(load_json_object(file))) if file.exists() else {}


def test_german_is_that_of_home_assistant() -> None:
    """Where both say the same in English, ours is one of those that Home Assistant's own forms have."""
    german, theirs = load("de"), core_words()
    both = {path: text for path, text in load("en").items() if path[-2] == "data" and text in theirs}
    assert len({*both.values()}) >= 3, json.dumps(sorted({*both.values()}))
    other = {
        text: (german[path], sorted(theirs[text]))
        for path, text in both.items()
        if text not in OWN_WORDS and german[path] not in theirs[text]
    }
    assert other == {}
