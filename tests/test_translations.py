"""Shows that the integration has words for all it says, in every language, and no words that nobody hears.

What flows, errors and repairs show while tests run is checked by the guard in translations.py.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
import json
from pkgutil import walk_packages
import re
from typing import Any, cast

from awesomeversion import AwesomeVersion
import pytest
import voluptuous as vol

from custom_components.homelab_ai.monitors import registry
from homeassistant.config_entries import HANDLERS, ConfigSubentryFlow
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.entity import EntityDescription
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict

from .translations import DOMAIN, PACKAGE, Guard, flat, load, placeholders

LANGUAGES = ("en", "de")

# What a German text may have in common with the English one, as a whole.
SAME_IN_GERMAN = {
    "Alertmanager",
    "App",
    "Backups",
    "Branch",
    "GitOps",
    "Homelab AI",
    "Homelab",
    "Jarvis",
    "Kubernetes",
    "LibreChat",
    "Name",
    "Ollama",
    "Open WebUI",
    "Paperless-AI",
    "Paperless-ngx",
    "Updates",
    "Problem",
    "Prometheus",
    "Status",
    "Server",
    "System",
    "Token",
    "Tokens",
    "URL",
    "Version",
    "Volumes",
    "k8sgpt",
}

# Said by Home Assistant's own methods, with a key of ours.
SAID_BY_HOME_ASSISTANT = {"already_configured", "already_in_progress", "default", "reauth", "reconfigure"}

# By name, as a description of Home Assistant's own type is an instance of a hidden twin of that type.
DESCRIBES = {f"{platform.title().replace('_', '')}EntityDescription": str(platform) for platform in Platform}

TOP_LEVEL = {
    "common",
    "conditions",
    "config",
    "config_subentries",
    "device",
    "entity",
    "exceptions",
    "issues",
    "options",
    "selector",
    "services",
    "system_health",
    "title",
    "triggers",
}


def _json(name: str) -> dict[str, Any]:
    """Return a JSON file of the integration, nothing if there is none."""
    path = PACKAGE / name
    content: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return content


def _yaml(name: str) -> dict[str, Any]:
    """Return a YAML file of the integration without its anchors, nothing if there is none."""
    path = PACKAGE / name
    content = load_yaml_dict(str(path)) if path.exists() else {}
    return {key: value or {} for key, value in content.items() if not key.startswith(".")}


ENGLISH: dict[str, Any] = _json("translations/en.json")
ICONS: dict[str, Any] = _json("icons.json")


# --- What the code says -------------------------------------------------------------------------------------


def _nodes() -> Iterator[ast.AST]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text()))


@cache
def _strings() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return all texts written in the code, and patterns of those with a gap (f-strings)."""
    texts, patterns = set[str](), []
    for node in _nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if any(isinstance(part, str) and len(part) > 3 for part in parts):  # else it fits anything
                patterns.append(
                    re.compile("".join(re.escape(str(part)) if part else r"[a-z0-9_]+" for part in parts))
                )
    return texts, patterns


def _is_said(key: str) -> bool:
    texts, patterns = _strings()
    return key in texts or any(pattern.fullmatch(key) for pattern in patterns)


def _literal_translation_keys() -> Iterator[tuple[str, ...]]:
    """Yield the path of the text that a call with a literal ``translation_key=`` speaks of."""
    for node in _nodes():
        if not isinstance(node, ast.Call):
            continue
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        match ast.unparse(node.func).rpartition(".")[2], given.get("translation_key"):
            case (("async_create_issue" | "create_issue"), ast.Constant(value=str(key))):
                yield "issues", key, "title"
            case "SelectSelectorConfig", ast.Constant(value=str(key)):
                yield "selector", key, "options"
            case (("DeviceInfo" | "ChildDeviceInfo"), ast.Constant(value=str(key))):
                yield "device", key, "name"
            case str(function), ast.Constant(value=str(key)) if function in DESCRIBES:
                yield "entity", DESCRIBES[function], key, "name"
            case _, ast.Constant(value=str(key)) if "translation_domain" in given:
                yield "exceptions", key, "message"


def _class_translation_keys() -> Iterator[tuple[str, str]]:
    """Yield module and key of each ``_attr_translation_key = "key"``."""
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case (
                    ast.Assign(targets=[target], value=ast.Constant(value=str(key)))
                    | ast.AnnAssign(target=target, value=ast.Constant(value=str(key)))
                ) if ast.unparse(target).rpartition(".")[2] == "_attr_translation_key":
                    yield path.stem, key


def _described(value: object, seen: dict[int, object]) -> Iterator[EntityDescription]:
    """Yield the entity descriptions within a value, however they are packed."""
    if id(value) in seen:
        return
    seen[id(value)] = value  # held, so that no other object gets its id
    if "EntityDescription" in (base.__name__ for base in type(value).__mro__):
        yield cast("EntityDescription", value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _described(inner, seen)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _described(inner, seen)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _described(getattr(value, field.name, None), seen)


@cache
def _descriptions() -> tuple[tuple[str, EntityDescription], ...]:
    """Return the platform and description of every described entity."""
    package, seen = import_module(f"custom_components.{DOMAIN}"), dict[int, object]()
    found = []
    for info in walk_packages(package.__path__, f"{package.__name__}."):
        for value in vars(import_module(info.name)).values():
            for description in _described(value, seen):
                bases = [base.__name__ for base in type(description).__mro__]
                found.append((next(DESCRIBES[base] for base in bases if base in DESCRIBES), description))
    return tuple(found)


def _entity_keys() -> set[tuple[str, ...]]:
    """Return platform and key of each entity that needs a name of ours."""
    described: set[tuple[str, ...]] = {
        (platform, description.translation_key or description.key)
        for platform, description in _descriptions()
        if description.translation_key or not description.device_class
    }
    # An entity for each of what cannot be known beforehand is described where it is made.
    described |= {keys[1:3] for keys in _literal_translation_keys() if keys[0] == "entity"}
    return described | {(module, key) for module, key in _class_translation_keys() if module in set(Platform)}


# --- Every language -----------------------------------------------------------------------------------------


def test_there_are_translations() -> None:
    assert {path.stem for path in (PACKAGE / "translations").glob("*.json")} == set(LANGUAGES)
    assert ENGLISH.keys() <= TOP_LEVEL
    assert load("en")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_languages_say_the_same(language: str) -> None:
    english, other = load("en"), load(language)
    assert list(other) == list(english), "same keys in the same order"
    different = {
        ".".join(keys): (placeholders(text), placeholders(other[keys]))
        for keys, text in english.items()
        if placeholders(text) != placeholders(other[keys])
    }
    assert different == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_what_home_assistant_accepts(language: str) -> None:
    bad = {
        ".".join(keys): text
        for keys, text in load(language).items()
        if not isinstance(text, str)
        or not text
        or text != text.strip()
        or re.search(r"</?[a-zA-Z][^>]*>", text)  # HTML
        or re.search(r"'\{\w+\}'", text)  # the frontend takes a quoted placeholder literally
        or re.search(r"(https?://|www\.)[a-z0-9-]+\.[a-z]{2,}", text)  # belongs into a placeholder
        or "[%key:" in text  # resolved for Home Assistant's own integrations only
    }
    assert bad == {}
    keys = {key for keys in load(language) for key in keys}
    assert [key for key in keys if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", key)] == []


def test_german_is_german() -> None:
    german = load("de")
    same = {
        ".".join(keys): text
        for keys, text in load("en").items()
        if german.get(keys) == text
        and text not in SAME_IN_GERMAN
        and re.sub(r"\{\w+\}", "", text).strip(" :·–-()")  # more than placeholders
    }
    assert same == {}


# --- What is said has words, what has words is said ---------------------------------------------------------


def test_named_translation_keys_exist() -> None:
    known = {keys[:depth] for keys in load("en") for depth in range(len(keys) + 1)}
    assert [".".join(keys) for keys in _literal_translation_keys() if keys not in known] == []


@pytest.mark.parametrize("category", ["exceptions", "issues"])
def test_errors_and_repairs_are_used(category: str) -> None:
    assert [key for key in ENGLISH.get(category, {}) if not _is_said(key)] == []


def test_flow_texts_are_used() -> None:
    flows = [
        ENGLISH.get("config", {}),
        ENGLISH.get("options", {}),
        *ENGLISH.get("config_subentries", {}).values(),
    ]
    flows += [issue["fix_flow"] for issue in ENGLISH.get("issues", {}).values() if "fix_flow" in issue]
    unused = {
        key
        for flow in flows
        for part in ("step", "error", "abort", "progress", "create_entry")
        for key in flow.get(part, {})
        if key not in SAID_BY_HOME_ASSISTANT and not _is_said(key) and not _is_said(f"async_step_{key}")
    }
    # A step's method is a name, not a text, in the code.
    methods = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    assert {key for key in unused if f"def async_step_{key}(" not in methods} == set()


def test_described_fields_exist() -> None:
    """An explanation of a field that has no name would never be shown."""
    texts = load("en")
    orphans = [
        ".".join(keys)
        for keys in texts
        if len(keys) > 2 and keys[-2] == "data_description" and (*keys[:-2], "data", keys[-1]) not in texts
    ]
    assert orphans == []


def test_subentries_have_words(hass: HomeAssistant) -> None:
    import_module(f"custom_components.{DOMAIN}.config_flow")
    handler = HANDLERS[DOMAIN]
    # The types do not depend on the entry; without one a wrong use of it shows.
    types: dict[str, type[ConfigSubentryFlow]] = handler.async_get_supported_subentry_types(None)  # type: ignore[arg-type]
    subentries = ENGLISH.get("config_subentries", {})
    assert set(subentries) == set(types)
    for kind, flow in types.items():
        assert subentries[kind]["entry_type"]
        wanted = {"user"} | ({"reconfigure"} if hasattr(flow, "async_step_reconfigure") else set())
        assert wanted <= set(subentries[kind]["initiate_flow"])


def test_entities_have_names() -> None:
    names = {(platform, key) for platform, keys in ENGLISH.get("entity", {}).items() for key in keys}
    assert _entity_keys() - names == set()
    described = {(platform, d.translation_key or d.key) for platform, d in _descriptions()}
    assert names - _entity_keys() - described == set(), "named, but nowhere described"
    assert [key for key in names if not ENGLISH["entity"][key[0]][key[1]].get("name")] == []


def test_states_have_names() -> None:
    missing = []
    for platform, description in _descriptions():
        words = ENGLISH["entity"].get(platform, {}).get(description.translation_key or description.key, {})
        states = words.get("state", {})
        missing += [
            f"{platform}.{description.key}: {o}"
            for o in getattr(description, "options", None) or ()
            if o not in states
        ]
        events = words.get("state_attributes", {}).get("event_type", {}).get("state", {})
        missing += [
            f"{platform}.{description.key}: {e}"
            for e in getattr(description, "event_types", None) or ()
            if e not in events
        ]
    assert missing == []


def test_entities_have_icons() -> None:
    """Each entity has an icon of its own, unless its device class brings one."""
    icons = {(platform, key) for platform, keys in ICONS.get("entity", {}).items() for key in keys}
    classed = {(platform, d.translation_key or d.key) for platform, d in _descriptions() if d.device_class}
    assert _entity_keys() - classed - icons == set()
    names = {(platform, key) for platform, keys in ENGLISH.get("entity", {}).items() for key in keys}
    assert icons - names == set(), "an icon for nothing"


def test_icons_are_icons() -> None:
    assert ICONS.keys() <= {"conditions", "entity", "services", "triggers"}
    assert [value for _, value in flat(ICONS) if not re.fullmatch(r"mdi:[a-z0-9]+(-[a-z0-9]+)*", value)] == []


# --- The guard ----------------------------------------------------------------------------------------------


def _form(**result: Any) -> dict[str, Any]:
    return {"type": FlowResultType.FORM, "step_id": "user", **result}


GUARDED: dict[str, Callable[[Guard], None]] = {
    "config.step.nowhere.title": lambda guard: guard.step(("config",), _form(step_id="nowhere")),
    "config.step.user.data.nothing": lambda guard: guard.step(
        ("config",), _form(data_schema=vol.Schema({vol.Required("nothing"): str}))
    ),
    "config.error.nonsense": lambda guard: guard.step(("config",), _form(errors={"base": "nonsense"})),
    "config.abort.nonsense": lambda guard: guard.step(
        ("config",), {"type": FlowResultType.ABORT, "reason": "nonsense"}
    ),
    "exceptions.nonsense.message": lambda guard: guard.error(
        HomeAssistantError(translation_domain=DOMAIN, translation_key="nonsense")
    ),
}


@pytest.mark.parametrize(("missing", "show"), GUARDED.items(), ids=GUARDED)
def test_guard_misses_words(missing: str, show: Callable[[Guard], None]) -> None:
    guard = Guard()
    show(guard)
    assert f"no text for {missing}" in guard.missing


def test_guard_misses_placeholders() -> None:
    guard = Guard()
    keys, text = next((keys, text) for keys, text in load("en").items() if placeholders(text))
    guard.expect(*keys, given=dict.fromkeys(placeholders(text), ""))
    assert guard.missing == []
    guard.expect(*keys, given={})
    assert guard.missing


# --- Actions, triggers and conditions -----------------------------------------------------------------------


async def test_actions_have_words(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "homeassistant", {})  # conversation relies on it
    assert await async_setup_component(hass, DOMAIN, {})
    registered = hass.services.async_services_for_domain(DOMAIN)
    _compare("services", "service", set(registered), _yaml("services.yaml"))
    described = _yaml("services.yaml")
    for name, action in registered.items():
        # An entity action wraps its schema; which fields it takes is shown by its own tests.
        schema = getattr(action.schema, "schema", None)
        if isinstance(schema, dict):
            target = {str(key) for key in cv.ENTITY_SERVICE_FIELDS} if "target" in described[name] else set()
            assert {str(key) for key in schema} - target == set(described[name].get("fields", {})), name
    await service.async_get_all_descriptions(hass)  # Home Assistant can read them


async def test_triggers_have_words(hass: HomeAssistant) -> None:
    names = await _offered(hass, "trigger", "async_get_triggers")
    _compare("triggers", "trigger", names, _yaml("triggers.yaml"))


async def test_conditions_have_words(hass: HomeAssistant) -> None:
    names = await _offered(hass, "condition", "async_get_conditions")
    _compare("conditions", "condition", names, _yaml("conditions.yaml"))


async def _offered(hass: HomeAssistant, module: str, function: str) -> set[str]:
    """Return the names of the triggers or conditions, none if there is no such module."""
    if not (PACKAGE / f"{module}.py").exists():
        return set()
    offered = await getattr(import_module(f"custom_components.{DOMAIN}.{module}"), function)(hass)
    return set(offered)


def _compare(category: str, icon: str, names: set[str], described: dict[str, Any]) -> None:
    """Compare what is offered with its description for the editor, its texts and its icons."""
    assert set(described) == names
    words, icons = ENGLISH.get(category, {}), ICONS.get(category, {})
    assert set(words) == names
    assert set(icons) == names
    for name in names:
        assert words[name]["name"]
        assert words[name]["description"]
        assert isinstance(icons[name], str) or icons[name].get(icon)
        wanted = described[name].get("fields", {})
        texts = words[name].get("fields", {})
        assert set(texts) == set(wanted), name
        for field, text in texts.items():
            assert text["name"], (name, field)
            assert text["description"], (name, field)


def test_options_of_fields_have_words() -> None:
    missing = []
    for file in ("services.yaml", "triggers.yaml", "conditions.yaml"):
        for name, described in _yaml(file).items():
            for field, settings in described.get("fields", {}).items():
                select = settings.get("selector", {}).get("select") or {}
                words = ENGLISH.get("selector", {}).get(select.get("translation_key"), {}).get("options", {})
                missing += [
                    f"{name}.{field}: {option}"
                    for option in select.get("options", ())
                    if isinstance(option, str) and option not in words
                ]
    assert missing == []


# --- The manifest -------------------------------------------------------------------------------------------


def test_manifest_is_complete() -> None:
    manifest = _json("manifest.json")
    keys = list(manifest)
    assert keys == ["domain", "name", *sorted(keys[2:])], "hassfest's order"
    assert manifest["domain"] == DOMAIN == PACKAGE.name
    assert AwesomeVersion(manifest["version"]).valid
    assert manifest["config_flow"] is (PACKAGE / "config_flow.py").exists()
    assert manifest["documentation"].startswith("https://")
    assert manifest["issue_tracker"].startswith("https://")
    assert manifest["iot_class"] in {"local_polling", "local_push"}
    assert all(owner.startswith("@") for owner in manifest["codeowners"])
    assert manifest["codeowners"]
    assert manifest["requirements"] == sorted(manifest["requirements"])


def test_version_is_the_same_everywhere() -> None:
    project = (PACKAGE.parent.parent / "pyproject.toml").read_text()
    assert f'\nversion = "{_json("manifest.json")["version"]}"\n' in project


def test_the_menu_of_systems_has_words() -> None:
    system = ENGLISH["config_subentries"]["system"]["step"]
    kinds = list(registry.CLASSES)
    assert list(system["user"]["menu_options"]) == ["offered", *kinds]
    assert list(system["user"]["menu_option_descriptions"]) == ["offered", *kinds]
    assert set(system) == {"user", "offered", "presets", *kinds, *(f"reconfigure_{kind}" for kind in kinds)}
