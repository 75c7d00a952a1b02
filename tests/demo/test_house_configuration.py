"""The configuration folder of the demonstration's Home Assistant."""

import json
from pathlib import Path
from typing import Any

import pytest

from demo.house import configuration
from demo.house.phrases import PHRASES, Phrases
from homeassistant.util.yaml import parse_yaml


@pytest.fixture(params=sorted(PHRASES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def phrases(language: str) -> Phrases:
    return PHRASES[language]


@pytest.fixture
def content(phrases: Phrases, language: str) -> dict[str, Any]:
    # Home Assistant alone reads other files into it.
    text = configuration.yaml(phrases, language).replace("!include automations.yaml", "[]")
    parsed = parse_yaml(text)
    assert isinstance(parsed, dict)
    return parsed


def test_things_bear_the_names_of_their_language(content: dict[str, Any], phrases: Phrases) -> None:
    things = [thing for template in content["template"] for group in template.values() for thing in group]
    assert {thing["unique_id"]: thing["name"] for thing in things} == {
        key: getattr(phrases, key)
        for key in (
            *("kitchen_light", "living_room_light", "bedroom_light", "bedroom_blinds", "kitchen_window"),
            *("living_room_temperature", "outdoor_temperature", "ups", "container"),
        )
    }


def test_the_house_speaks_its_language(content: dict[str, Any], language: str) -> None:
    assert content["homeassistant"]["language"] == language


def test_every_dial_is_turned_by_something(content: dict[str, Any], phrases: Phrases, language: str) -> None:
    text = configuration.yaml(phrases, language)
    assert len(content["input_number"]) == len(configuration.DIALS)
    assert all(f"entity_id: input_number.{dial}" in text for dial in content["input_number"])


def test_neither_downloads_nor_trial_settings(content: dict[str, Any]) -> None:
    assert not {"default_config", "http"} & content.keys()


def test_a_new_house_replaces_the_old_one(tmp_path: Path, phrases: Phrases, language: str) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "home-assistant_v2.db").touch()
    configuration.write(folder, phrases, language, "127.0.0.1", 8124)
    assert {path.name for path in folder.iterdir()} == {
        "automations.yaml",
        "configuration.yaml",
        "custom_components",
        ".storage",
    }
    assert (folder / "custom_components" / "homelab_ai" / "manifest.json").is_file()
    listening = json.loads((folder / ".storage" / "http").read_text(encoding="utf-8"))["data"]["stable"]
    assert (listening["server_host"], listening["server_port"]) == (["127.0.0.1"], 8124)


def test_a_new_house_leaves_the_integration_itself_alone(tmp_path: Path, phrases: Phrases) -> None:
    for _ in range(2):  # the second removes the link that the first made, not what it leads to
        configuration.write(tmp_path / "config", phrases, "en", "127.0.0.1", 8124)
    assert (configuration.INTEGRATION / "manifest.json").is_file()
