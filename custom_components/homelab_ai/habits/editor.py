"""Writes an automation where Home Assistant's own editor does, by the same steps, and takes it away again.

What `components/config` does on a save: validate, load `automations.yaml`, change one item, dump, write at
once, reload that one automation. There is no function for it, so the steps are done here. One thing is done
better: an item is added to the text of the file, so comments, order and secrets of all others stay as they
are. Only a file that is not written as a plain list is dumped anew as the editor would, if nothing is lost
by that.
"""

from collections.abc import Mapping
from pathlib import Path
import re
import shutil
from typing import Any

import voluptuous as vol

from homeassistant.components.automation.config import (
    AUTOMATION_BLUEPRINT_SCHEMA,
    async_validate_config_item,
)
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint import Blueprint, BlueprintException
from homeassistant.config import AUTOMATION_CONFIG_PATH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util.file import WriteError, write_utf8_file_atomic
from homeassistant.util.yaml import Secrets, dump, load_yaml, load_yaml_dict

from .draft import PREFIX

AUTOMATION = "automation"
BACK_UP = ".before_homelab_ai"
"""What the name of the copy ends in that is made before each change."""
_TRIAL = ".homelab_ai"
_EMPTY = re.compile(r"^[ \t]*\[\s*\][ \t]*$", re.MULTILINE)
_ITEM = re.compile(r"^( *)-\s", re.MULTILINE)
_SPECIAL = re.compile(r"#|!\w")
"""Comments, secrets and included files: what would be lost if a file were dumped anew."""


class EditorError(Exception):
    """An automation that was not written; the file is as it was. `key` is that of a translated text."""

    def __init__(self, key: str, **placeholders: str) -> None:
        """Take what the text needs."""
        super().__init__(key)
        self.key = key
        self.placeholders = placeholders


async def async_add(hass: HomeAssistant, item: Mapping[str, Any], blueprint: tuple[str, Path]) -> str:
    """Write an automation that is off, and return its entity. Raises EditorError, and changes nothing then.

    It is written with `initial_state: false`, and once it is off without: a start of Home Assistant must not
    switch off what a person has switched on meanwhile.
    """
    if AUTOMATION not in hass.config.components:
        raise EditorError("automations_not_included")
    item_id = str(item["id"])
    await _async_install(hass, *blueprint)
    await _async_validate(hass, item_id, item)
    await hass.async_add_executor_job(_write_item, _path(hass), {**item, "initial_state": False})
    await _async_reload(hass, item_id)
    entity_id = written(hass, item_id)
    if entity_id is None or hass.states.get(entity_id) is None:
        await async_remove(hass, item_id)
        raise EditorError("automations_not_included")
    await hass.async_add_executor_job(_write_item, _path(hass), dict(item))
    await _async_reload(hass, item_id)
    return entity_id


async def async_remove(hass: HomeAssistant, item_id: str) -> None:
    """Take an automation of ours away again, as the editor does; nothing to do where it is gone already.

    Raises EditorError.
    """
    if not item_id.startswith(PREFIX):
        raise EditorError("automation_not_ours")
    await hass.async_add_executor_job(_remove_item, _path(hass), item_id)
    if (entity_id := written(hass, item_id)) is not None:
        er.async_get(hass).async_remove(entity_id)


def _path(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(AUTOMATION_CONFIG_PATH))


def written(hass: HomeAssistant, item_id: str) -> str | None:
    """Return the entity of an automation, None where there is none any more."""
    return er.async_get(hass).async_get_entity_id(AUTOMATION, AUTOMATION, item_id)


async def _async_reload(hass: HomeAssistant, item_id: str) -> None:
    await hass.services.async_call(AUTOMATION, "reload", {"id": item_id}, blocking=True)


async def _async_install(hass: HomeAssistant, path: str, source: Path) -> None:
    """Put a blueprint into the house if it is not there; one that somebody has changed stays."""
    blueprints = async_get_blueprints(hass)
    target = blueprints.blueprint_folder / path
    if await hass.async_add_executor_job(target.exists):
        return
    try:
        data = await hass.async_add_executor_job(load_yaml_dict, source)
        made = Blueprint(data, path=path, expected_domain=AUTOMATION, schema=AUTOMATION_BLUEPRINT_SCHEMA)
        await blueprints.async_add_blueprint(made, path)
    except (BlueprintException, HomeAssistantError, OSError) as err:
        raise EditorError("automation_invalid", reason=str(err)) from err


async def _async_validate(hass: HomeAssistant, item_id: str, item: Mapping[str, Any]) -> None:
    try:
        await async_validate_config_item(hass, item_id, dict(item))
    except (vol.Invalid, HomeAssistantError) as err:
        raise EditorError("automation_invalid", reason=str(err)) from err


def _write_item(path: Path, item: dict[str, Any]) -> None:
    """Add an item, or put it in the place of its predecessor."""
    text, items = _read(path)
    rest = [other for other in items if other.get("id") != item["id"]]
    base = _without(text, str(item["id"])) if len(rest) < len(items) else text
    _replace(path, text, [_with(base, item)], [*rest, item])


def _remove_item(path: Path, item_id: str) -> None:
    text, items = _read(path)
    rest = [item for item in items if item.get("id") != item_id]
    if len(rest) < len(items):
        _replace(path, text, [_without(text, item_id)], rest)


def _read(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """Return the text of the file and its items. Raises EditorError for anything but a list."""
    try:
        # Bytes: line ends stay as they are.
        text = path.read_bytes().decode() if path.exists() else ""
        items = _load(path) if text else []
    except (OSError, UnicodeDecodeError, HomeAssistantError) as err:
        raise EditorError("automations_unreadable", reason=str(err)) from err
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise EditorError("automations_unreadable", reason=type(items).__name__)
    return text, items


def _load(path: Path) -> Any:
    # An empty file is none or a mapping, by the version of the loader.
    return load_yaml(path, Secrets(path.parent)) or []


def _with(text: str, item: dict[str, Any]) -> str:
    """Return the text with an item at its end."""
    if not (first := _ITEM.search(text)):
        text = _EMPTY.sub("", text, count=1)
    indent = first[1] if first else ""
    block = "".join(f"{indent}{line}" for line in dump([item]).splitlines(keepends=True))
    border = "" if not text.strip() or text.endswith("\n") else "\n"
    return f"{text if text.strip() else ''}{border}{block}"


def _without(text: str, item_id: str) -> str:
    """Return the text without the item of an id at its beginning; as it is where there is none."""
    begin = re.search(rf"^( *)- id: ['\"]?{re.escape(item_id)}['\"]?[ \t\r]*$", text, re.MULTILINE)
    if begin is None:
        return text
    end = re.compile(rf"^ {{0,{len(begin[1])}}}\S", re.MULTILINE).search(text, begin.end())
    rest = text[: begin.start()] + (text[end.start() :] if end else "")
    return rest if rest.strip() else "[]\n"


def _replace(path: Path, before: str, texts: list[str], items: list[dict[str, Any]]) -> None:
    """Write the first text that is read as these items; the file is copied before, and read again after."""
    if not _SPECIAL.search(before):
        texts = [*texts, dump(items)]
    chosen = next((text for text in texts if _is_read_as(path, text, items)), None)
    if chosen is None:
        raise EditorError("automations_unreadable", reason="")
    try:
        if path.exists():
            shutil.copy2(path, path.with_name(path.name + BACK_UP))
        write_utf8_file_atomic(str(path), chosen.encode(), mode="wb")
    except (OSError, WriteError) as err:
        raise EditorError("automations_unreadable", reason=str(err)) from err


def _is_read_as(path: Path, text: str, items: list[dict[str, Any]]) -> bool:
    """Return whether Home Assistant would read exactly this; tried beside the file, for what it includes."""
    trial = path.with_name(path.name + _TRIAL)
    try:
        trial.write_bytes(text.encode())
        return bool(_load(trial) == items)
    except HomeAssistantError, OSError:
        return False
    finally:
        trial.unlink(missing_ok=True)
