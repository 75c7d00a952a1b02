"""The dashboard of the documentation in a house of another language, and in one that has less."""

from typing import Any

from demo.house import dashboard
from demo.house.homelab import Entity, Homelab
from demo.house.phrases import PHRASES

_GERMAN = Homelab(
    "01ENTRY",
    {"hub": "Ollama", "lab": "Homelab", "metrics": "Prometheus"},
    (
        Entity("binary_sensor.ollama_erreichbar", "01ENTRY_online", "hub", True),
        Entity("sensor.homelab_probleme", "01ENTRY_problems", "lab", True),
        Entity("sensor.homelab_zustand", "01ENTRY_health", "lab", False),
        Entity("event.homelab_problem", "01ENTRY_problem", "lab", True),
        Entity("sensor.prometheus_gpu_temperatur", "01METRICS_query_gpu_temperatur", "metrics", True),
        Entity("conversation.jarvis", "01AGENT", "agent", True),
    ),
    {"Prometheus": "01METRICS"},
)


def localized(config: Any) -> Any:
    return dashboard.localized(config, _GERMAN, PHRASES["de"])


def tile(entity_id: str) -> dict[str, str]:
    return {"type": "tile", "entity": entity_id}


def test_entities_are_those_of_the_house() -> None:
    cards = [
        tile("binary_sensor.ollama_online"),
        tile("event.homelab_problem"),
        tile("sensor.prometheus_gpu_temperature"),
    ]
    assert [card["entity"] for card in localized(cards)] == [
        "binary_sensor.ollama_erreichbar",
        "event.homelab_problem",
        "sensor.prometheus_gpu_temperatur",
    ]


def test_entities_in_templates_are_those_of_the_house() -> None:
    card = {"type": "markdown", "content": "{{ states('sensor.homelab_problems') }}"}
    assert localized(card)["content"] == "{{ states('sensor.homelab_probleme') }}"


def test_headings_are_in_the_language_of_the_house() -> None:
    assert localized({"type": "heading", "heading": "AI hub"}) == {"type": "heading", "heading": "KI-Server"}


def test_cards_of_what_is_not_there_are_left_out() -> None:
    heading = {"type": "heading", "heading": "Apps"}
    sections = [
        {"type": "grid", "cards": [heading, tile("sensor.kubernetes_last_backup")]},
        {"type": "grid", "cards": [heading, tile("sensor.homelab_health"), tile("event.homelab_problem")]},
    ]
    assert localized(sections) == [{"type": "grid", "cards": [heading, tile("event.homelab_problem")]}]


def test_every_heading_has_a_german_word() -> None:
    text = dashboard.FILE.read_text(encoding="utf-8")
    headings = {
        line.partition("heading: ")[2] for line in text.splitlines() if line.lstrip().startswith("heading: ")
    }
    assert headings <= PHRASES["de"].dashboard.keys()
