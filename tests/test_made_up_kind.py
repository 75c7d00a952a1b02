"""A new kind of problem is a row and a phrase in each language: nothing else in the house must change."""

from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.events import EVENT_PROBLEM
from custom_components.homelab_ai.health.kinds import KINDS, Kind
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.language.english.words import English
from custom_components.homelab_ai.language.german.words import German
from custom_components.homelab_ai.language.words.language import Phrase
from custom_components.homelab_ai.monitors.alertmanager import AlertmanagerData, AlertmanagerMonitor
from custom_components.homelab_ai.monitors.monitor import by_id
from demo.servers.ollama import OllamaServer
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm

from .acting import act
from .looking import pass_time, sensor
from .systems import Alerts, monitor_subentry, source, watch

LEAK = Kind(
    key="water_leak",
    severity=Severity.CRITICAL,
    needs_hub=True,
    patience=timedelta(minutes=10),
    cause=1,
    aliases=frozenset(("water", "wasser")),
)
ENGLISH = Phrase(
    "{subject} {always_has} lost {liters} liters in {drops:count} drops {time}",
    "{subject} {is} leaking {time}",
)
GERMAN = Phrase(
    "{subject} hat {time} {liters} Liter in {drops:count} Tropfen verloren", "{subject} lecken {time}"
)


def leaks(monitor: AlertmanagerMonitor, data: AlertmanagerData) -> Mapping[str, Problem]:
    return by_id(
        monitor.problem(
            "water_leak",
            alert.name,
            alert.name,
            f"{alert.name} is leaking",
            since=alert.starts_at,
            facts={"liters": 3.5, "drops": 4, "seen": alert.starts_at},
        )
        for alert in data.active
    )


@pytest.fixture
async def homelab(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch, socket_enabled: None
) -> AsyncGenerator[Alerts]:
    monkeypatch.setitem(KINDS, LEAK.key, LEAK)
    monkeypatch.setitem(dict_of(English.phrases), LEAK.key, ENGLISH)
    monkeypatch.setitem(dict_of(German.phrases), LEAK.key, GERMAN)
    monkeypatch.setattr(AlertmanagerMonitor, "problems", leaks)
    async with Alerts() as server:
        await watch(hass, hub.url, monitor_subentry("alertmanager", server.url, "Alerts"))
        server.firing = {"Boiler": "info"}
        yield server


def dict_of(phrases: Mapping[str, Phrase]) -> dict[str, Phrase]:
    assert isinstance(phrases, dict)
    return phrases


async def test_ledger_and_event(hass: HomeAssistant, homelab: Alerts, freezer: FrozenDateTimeFactory) -> None:
    """Severity, need of the hub and patience are those of the row."""
    told = async_capture_events(hass, EVENT_PROBLEM)
    await pass_time(hass, freezer)
    assert (sensor(hass, "health"), sensor(hass, "critical_problems")) == ("critical", "1")
    await pass_time(hass, freezer, 60)
    assert [one.data for one in told] == [
        {
            "type": "raised",
            "id": f"{source('Alerts')}:water_leak:Boiler",
            "source": source("Alerts"),
            "kind": "water_leak",
            "name": "Boiler",
            "severity": "critical",
            "summary": "Boiler is leaking",
            "message": "Boiler has lost 3.5 liters in four drops.",
            "consequences": [],
            "entity_id": "event.homelab_latest_news",
        }
    ]


async def test_what_needs_the_hub_has_the_patience_of_its_row(
    hass: HomeAssistant, homelab: Alerts, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await hub.stop()
    await pass_time(hass, freezer)
    await pass_time(hass, freezer)
    (off,) = (await act(hass, "list_problems"))["problems"]
    assert (off["kind"], [one["kind"] for one in off["consequences"]]) == ("hub_offline", ["water_leak"])
    told = async_capture_events(hass, EVENT_PROBLEM)
    await hub.start()
    for _ in range(18):
        await pass_time(hass, freezer)
    assert [one.data["kind"] for one in told if one.data["type"] == "raised"] == []
    for _ in range(4):
        await pass_time(hass, freezer)
    assert [one.data["kind"] for one in told if one.data["type"] == "raised"] == ["water_leak"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Boiler has lost 3.5 liters in four drops for an hour."),
        ("de", "Boiler hat seit einer Stunde 3,5 Liter in vier Tropfen verloren."),
    ],
)
async def test_briefing_and_actions(
    hass: HomeAssistant, homelab: Alerts, freezer: FrozenDateTimeFactory, language: str, text: str
) -> None:
    freezer.move_to("2026-11-21T12:00:00+00:00")
    await pass_time(hass, freezer)
    assert (await act(hass, "briefing", language=language))["text"] == text
    (problem,) = (await act(hass, "list_problems"))["problems"]
    assert problem["details"] == {"liters": "3.5", "drops": "4", "seen": "2026-11-21T11:00:00+00:00"}
    explained = await act(hass, "explain_problem", problem_id="Boiler")
    assert "liters: 3.5" in explained["evidence"][0]["text"]


@pytest.mark.parametrize("words", ["water", "Wasser", "the boiler"])
async def test_tools_and_answers(
    hass: HomeAssistant, homelab: Alerts, freezer: FrozenDateTimeFactory, words: str
) -> None:
    """A person may call it by the words of its row."""
    await pass_time(hass, freezer)
    context = llm.LLMContext("test", Context(), "en", "conversation", None)
    tools = await llm.async_get_api(hass, [DOMAIN], context)

    async def call(name: str, **arguments: Any) -> Any:
        result = await tools.async_call_tool(llm.ToolInput(f"homelab_ai__{name}", arguments))
        assert not result.error, result.data
        return result.data

    (listed,) = (await call("list_problems", severity="critical"))["problems"]
    assert "lost 3.5 liters in four drops" in listed["says"]
    explained = await call("explain_problem", problem=words)
    assert "Boiler has lost 3.5 liters in four drops" in explained["answer"]
    assert explained["severity"] == "critical"
    # Critical as its row says: a model may not mute it for anybody, a person may.
    refused = await tools.async_call_tool(llm.ToolInput("homelab_ai__mute_problem", {"problem": words}))
    assert refused.error
    assert sensor(hass, "muted_problems") == "0"
    await act(hass, "mute_problem", problem_id="Boiler")
    assert sensor(hass, "muted_problems") == "1"
