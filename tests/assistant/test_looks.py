"""A look at each homelab: what is meant is looked for once."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.assistant import looks
from custom_components.homelab_ai.assistant.looks import look_at
from custom_components.homelab_ai.health.situation import Situation
from custom_components.homelab_ai.language import matching
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant
from tests.systems import monitor_subentry, watch

from .conftest import Alerts


@pytest.fixture
async def homelab(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> MockConfigEntry:
    alerts.firing = {"DiskFull": "critical"}
    return await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))


async def test_one_match_per_look(
    hass: HomeAssistant, homelab: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def meant(situation: Situation, words: str) -> matching.Meant:
        asked.append(words)
        return matching.meant(situation, words)

    monkeypatch.setattr(looks, "meant", meant)
    (look,) = look_at(hass)
    for _ in range(2):
        assert look.knows("the disk")
        assert [one.name for one in look.find("the disk")] == ["DiskFull"]
        assert look.sources("the disk") == set()
        assert not look.knows("toaster")
    assert asked == ["the disk", "toaster"]
    # What needs no match has none.
    (problem,) = look.problems
    assert look.knows("backups")
    assert look.knows(problem.id)
    assert look.find(problem.id) == (problem,)
    assert len(asked) == 2
    # Another look is of another moment.
    assert look_at(hass)[0].knows("the disk")
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("words", "problems", "sources", "known"),
    [
        ("the disk", ["DiskFull"], 0, True),
        ("alerts", ["DiskFull"], 1, True),
        ("gpu", [], 1, True),
        ("backups", [], 0, True),
        ("toaster", [], 0, False),
        ("", [], 0, False),
    ],
)
async def test_what_is_meant(  # noqa: PLR0917
    hass: HomeAssistant, homelab: MockConfigEntry, words: str, problems: list[str], sources: int, known: bool
) -> None:
    (look,) = look_at(hass)
    assert [one.name for one in look.find(words)] == problems
    assert len(look.sources(words)) == sources
    assert look.knows(words) is known
