"""The titles of pieces of evidence: whatever the code calls one, each language does."""

import ast
from pathlib import Path

import pytest

import custom_components.homelab_ai as package
from custom_components.homelab_ai.health.evidence import Evidence
from custom_components.homelab_ai.language.evidence import title_of
from custom_components.homelab_ai.language.german.evidence import TITLES

FOLDER = Path(package.__file__ or "").parent


def titles() -> set[str]:
    """Return the titles in the calls that make a piece."""
    found: set[str] = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) in ("Evidence.of", "Evidence.listed")
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found


def test_every_title_is_said_in_german() -> None:
    assert len(titles()) > 15
    assert titles() == TITLES.keys()


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Cause", "de", "Ursache"),
        ("Cause", "de-CH", "Ursache"),
        ("Cause", "en", "Cause"),
        ("Cause", "fr", "Cause"),
        ("PersistentVolumeClaim", "de", "PersistentVolumeClaim"),
    ],
)
def test_title(title: str, language: str, expected: str) -> None:
    assert title_of(Evidence(title, "text"), language) == expected
