"""What the integration says to people, and a guard that notices what it would say without words for it.

The guard stands in every test that uses Home Assistant (conftest.py): each flow result, error and repair of
ours that a test meets must have its English text, with a value for every placeholder in it. That the other
languages say the same is shown in test_translations.py.
"""

from collections.abc import Iterator, Mapping
from functools import cache
import json
from pathlib import Path
import string
from typing import Any

import pytest

from homeassistant.components.repairs import RepairsFlow
from homeassistant.config_entries import ConfigFlow, ConfigSubentryFlow, OptionsFlow
from homeassistant.data_entry_flow import FlowHandler, FlowManager, FlowResultType, section
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.selector import SelectSelector

DOMAIN = "homelab_ai"
PACKAGE = Path(__file__).parent.parent / "custom_components" / DOMAIN

type Keys = tuple[str, ...]


@cache
def load(language: str) -> dict[Keys, str]:
    """Return all texts of a language, by path: ``("config", "error", "unknown")``."""
    tree = json.loads((PACKAGE / "translations" / f"{language}.json").read_text())
    return dict(flat(tree))


def flat(tree: Mapping[str, Any], path: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Yield path and text of each leaf."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from flat(value, (*path, key))
        else:
            yield (*path, key), value


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


class Guard:
    """Collects what was shown without a text."""

    def __init__(self) -> None:
        self.texts = load("en")
        self.missing: list[str] = []

    def expect(self, *path: str, given: Mapping[str, Any] | None = None) -> None:
        """Note it if there is no text at this path, or nothing to put into one of its placeholders."""
        if (text := self.texts.get(path)) is None:
            self.missing.append(f"no text for {'.'.join(path)}")
        elif without := placeholders(text) - set(given or {}):
            self.missing.append(f"{'.'.join(path)} is shown without {', '.join(sorted(without))}")

    def accept(self, *path: str, given: Mapping[str, Any] | None = None) -> None:
        """Check the placeholders of a text that need not be there."""
        if path in self.texts:
            self.expect(*path, given=given)

    def step(self, base: Keys, result: Mapping[str, Any]) -> None:
        """Check what a step of a flow shows, whose texts are under ``base``."""
        if result.get("translation_domain") not in (None, DOMAIN):
            return  # words of Home Assistant's own
        given = result.get("description_placeholders")
        match result["type"]:
            case FlowResultType.FORM:
                self._form(base, result, given)
            case FlowResultType.MENU:
                step = (*base, "step", result["step_id"])
                self.expect(*step, "title", given=given)
                for option in result["menu_options"]:
                    self.expect(*step, "menu_options", option, given=given)
            case FlowResultType.SHOW_PROGRESS:
                self.expect(*base, "progress", result["progress_action"], given=given)
            case FlowResultType.ABORT:
                self.expect(*base, "abort", result["reason"], given=given)
            case FlowResultType.CREATE_ENTRY if result.get("description"):
                self.expect(*base, "create_entry", result["description"], given=given)

    def _form(self, base: Keys, result: Mapping[str, Any], given: Mapping[str, Any] | None) -> None:
        step = (*base, "step", result["step_id"])
        self.expect(*step, "title", given=given)
        self.accept(*step, "description", given=given)
        for error in (result.get("errors") or {}).values():
            self.expect(*base, "error", error, given=given)
        if schema := result.get("data_schema"):
            self._fields(step, schema.schema, given)

    def _fields(self, step: Keys, fields: Mapping[Any, Any], given: Mapping[str, Any] | None) -> None:
        for field, kind in fields.items():
            if isinstance(kind, section):
                inner = (*step, "sections", str(field))
                self.expect(*inner, "name", given=given)
                self._fields(inner, kind.schema.schema, given)
                continue
            self.expect(*step, "data", str(field), given=given)
            self.expect(*step, "data_description", str(field), given=given)
            if isinstance(kind, SelectSelector) and (key := kind.config.get("translation_key")):
                for option in kind.config["options"]:
                    if isinstance(option, str):
                        self.expect("selector", key, "options", option)

    def error(self, error: HomeAssistantError) -> None:
        """Check the text of an error."""
        if error.translation_domain == DOMAIN and error.translation_key:
            self.expect("exceptions", error.translation_key, "message", given=error.translation_placeholders)

    def issue(self, issue: ir.IssueEntry) -> None:
        """Check the texts of a repair."""
        if issue.domain != DOMAIN or not issue.translation_key:
            return
        path, given = ("issues", issue.translation_key), issue.translation_placeholders
        self.expect(*path, "title", given=given)
        if not issue.is_fixable:
            self.expect(*path, "description", given=given)


def _place(flow: FlowHandler[Any, Any, Any]) -> Keys | None:
    """Return where the texts of a flow of ours are."""
    if not type(flow).__module__.startswith(f"custom_components.{DOMAIN}"):
        return None
    match flow:
        case ConfigFlow():
            return ("config",)
        case OptionsFlow():
            return ("options",)
        case ConfigSubentryFlow():
            return ("config_subentries", flow.handler[1])
        case RepairsFlow():
            issue = ir.async_get(flow.hass).async_get_issue(DOMAIN, flow.issue_id)
            return ("issues", issue.translation_key, "fix_flow") if issue and issue.translation_key else None
    return None


def watch(monkeypatch: pytest.MonkeyPatch) -> Guard:
    """Look over Home Assistant's shoulder."""
    guard = Guard()
    handle_step = FlowManager._async_handle_step
    init = HomeAssistantError.__init__
    get_or_create = ir.IssueRegistry.async_get_or_create

    async def handled(
        manager: FlowManager[Any, Any, Any], flow: FlowHandler[Any, Any, Any], *args: Any
    ) -> Any:
        base = _place(flow)  # asked before the step, the last one of a repair removes it
        result = await handle_step(manager, flow, *args)
        if base is not None:
            guard.step(base, result)
        return result

    def raised(error: HomeAssistantError, *args: Any, **kwargs: Any) -> None:
        init(error, *args, **kwargs)
        guard.error(error)

    def raised_issue(registry: ir.IssueRegistry, *args: Any, **kwargs: Any) -> ir.IssueEntry:
        issue = get_or_create(registry, *args, **kwargs)
        guard.issue(issue)
        return issue

    monkeypatch.setattr(FlowManager, "_async_handle_step", handled)
    monkeypatch.setattr(HomeAssistantError, "__init__", raised)
    monkeypatch.setattr(ir.IssueRegistry, "async_get_or_create", raised_issue)
    return guard
