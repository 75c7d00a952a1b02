"""quality_scale.yaml: every rule has a status, and what is done names what shows it."""

import ast
from pathlib import Path
import re
from typing import Any

import pytest

from homeassistant.util.yaml import load_yaml_dict

from .translations import PACKAGE

ROOT = PACKAGE.parent.parent
RULES: dict[str, dict[str, Any]] = load_yaml_dict(str(PACKAGE / "quality_scale.yaml"))["rules"]  # type: ignore[assignment]
# https://developers.home-assistant.io/docs/core/integration-quality-scale/
BRONZE = (
    "action-setup appropriate-polling brands common-modules config-flow config-flow-test-coverage"
    " dependency-transparency docs-actions docs-conditions docs-high-level-description"
    " docs-installation-instructions docs-removal-instructions docs-triggers entity-event-setup"
    " entity-unique-id has-entity-name runtime-data test-before-configure test-before-setup"
    " unique-config-entry"
)
SILVER = (
    "action-exceptions config-entry-unloading docs-configuration-parameters docs-installation-parameters"
    " entity-unavailable integration-owner log-when-unavailable parallel-updates reauthentication-flow"
    " test-coverage"
)
GOLD = (
    "devices diagnostics discovery discovery-update-info docs-data-update docs-examples"
    " docs-known-limitations docs-supported-devices docs-supported-functions docs-troubleshooting"
    " docs-use-cases dynamic-devices entity-category entity-device-class entity-disabled-by-default"
    " entity-translations exception-translations icon-translations reconfiguration-flow repair-issues"
    " stale-devices"
)
PLATINUM = "async-dependency inject-websession strict-typing"
DONE = [name for name, rule in RULES.items() if rule["status"] == "done"]
OTHERS = [name for name in RULES if name not in DONE]


def test_every_rule_has_a_status() -> None:
    assert list(RULES) == " ".join((BRONZE, SILVER, GOLD, PLATINUM)).split()
    assert len(RULES) == 54
    assert {rule["status"] for rule in RULES.values()} <= {"done", "exempt", "todo"}


@pytest.mark.parametrize("rule", DONE)
def test_what_is_done_is_shown(rule: str) -> None:
    shown = RULES[rule]["comment"].split()
    assert shown
    for reference in shown:
        assert fault(reference) is None, reference


@pytest.mark.parametrize("rule", OTHERS)
def test_what_is_not_done_has_a_reason(rule: str) -> None:
    assert len(RULES[rule]["comment"].split()) > 4


@pytest.mark.parametrize(
    "reference",
    [
        "tests/no_such_file.py",
        "tests/test_init.py::test_nobody",
        "README.md#nowhere",
        "pyproject.toml::unlikely",
    ],
)
def test_what_is_not_there_is_found_out(reference: str) -> None:
    assert fault(reference) is not None


def fault(reference: str) -> str | None:
    """Return what is wrong with a reference: ``path``, ``path::name`` or ``path#heading``."""
    path, mark, name = re.fullmatch(r"([^:#]+)(::|#)?(.*)", reference).groups()  # type: ignore[union-attr]
    file = ROOT / path
    if not file.exists():
        return "no such file"
    if mark == "#":
        return None if name in headings(file) else "no such heading"
    if mark == "::" and file.suffix == ".py":
        return None if name in names(file) else "no such name"
    if mark == "::":
        return None if name in file.read_text() else "no such word"
    return None


def headings(page: Path) -> set[str]:
    """Return the anchors of a page, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def names(module: Path) -> set[str]:
    """Return all that a module defines, imports or calls by a name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Name():
                found.add(node.id)
            case ast.Attribute():
                found.add(node.attr)
            case ast.keyword(arg=str(argument)):
                found.add(argument)
    return found


def test_every_platform_says_how_many_updates_run_at_once() -> None:
    platforms = [
        path
        for path in PACKAGE.glob("*.py")
        if "async_add_entities" in (source := path.read_text()) and "PARALLEL_UPDATES" not in source
    ]
    assert platforms == []
