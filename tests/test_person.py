"""What people met who talked to a homelab, looked at it and wrote automations for it, a test each."""

from collections.abc import AsyncGenerator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.homelab_ai.events import EVENT_PROBLEM
from custom_components.homelab_ai.health.kinds import KINDS
from custom_components.homelab_ai.health.problem import Severity
from demo.servers.kubernetes import ApiServer, homelab_cluster
from demo.servers.ollama import OllamaServer, Reply
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .acting import act
from .clusters import kubernetes
from .common import ask, conversation_subentry, speech
from .looking import pass_time, state
from .systems import Alerts, monitor_subentry, watch
from .translations import load

SMART = "Disk sdb of the NAS reports SMART errors"


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        server.summaries["NasDiskSmartFailure"] = SMART
        yield server


async def test_what_an_alert_says_is_said_everywhere(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    freezer: FrozenDateTimeFactory,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Its name alone helps nobody: in the message of a trigger, on the card, and when somebody asks why."""
    told = async_capture_events(hass, EVENT_PROBLEM)
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    alerts.firing = {"NasDiskSmartFailure": "critical"}
    await pass_time(hass, freezer)
    await pass_time(hass, freezer)
    assert SMART in told[0].data["message"]
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "homelab_ai/subscribe_problems", "language": "en"})
    assert (await client.receive_json())["success"]
    shown = (await client.receive_json())["event"]
    assert SMART in shown["problems"][0]["message"]
    assert SMART in speech(await ask(hass, "Why is NAS Disk Smart Failure firing?"))


async def test_problem_is_found_by_what_people_call_it(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    alerts.firing = {"NasDiskSmartFailure": "critical", "PaperlessDown": "warning"}
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    for called in ("paperless", "Paperless down", "the paperless"):
        explained = await act(hass, "explain_problem", problem_id=called)
        assert explained["problem"]["name"] == "PaperlessDown"


async def test_who_names_no_problem_learns_which_there_are(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    alerts.firing = {"NasDiskSmartFailure": "critical", "PaperlessDown": "warning"}
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "explain_problem", problem_id="garage")
    assert "There is no problem called garage" in str(raised.value)
    assert all(name in str(raised.value) for name in alerts.firing)


async def test_id_of_a_problem_that_is_over_means_no_other(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    """An automation that mutes by id must not mute what only sounds alike."""
    alerts.firing = {"PaperlessDown": "warning"}
    entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    over = f"{entry.runtime_data.monitors[0].source}:alert:paperlessdown"
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "mute_problem", problem_id=over)
    assert raised.value.translation_key == "problem_unknown"


async def test_no_quotation_where_it_is_no_reason(hass: HomeAssistant, hub: OllamaServer) -> None:
    """What the conditions of a suspended object say is of long ago: "Applied revision: main@sha1:5f9d"."""
    async with ApiServer() as server:
        homelab_cluster(server).suspend_flux()
        await watch(hass, hub.url, kubernetes(server))
        text = (await act(hass, "briefing", style="written"))["text"]
        assert "suspended" in text
        assert "Applied revision" not in text
        assert "“" not in text


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "fewer copies than it should"), ("de", "zu wenige Kopien")]
)
async def test_summaries_are_in_the_language_of_the_house(
    hass: HomeAssistant, hub: OllamaServer, language: str, expected: str
) -> None:
    """What we say ourselves; what a system has said stays as it said it."""
    hass.config.language = language
    async with ApiServer() as server:
        homelab_cluster(server).degrade_volume()
        await watch(hass, hub.url, kubernetes(server))
        problems = (await act(hass, "list_problems"))["problems"]
        (problem,) = (one for one in problems if one["kind"] == "volume_degraded")
        assert expected in problem["summary"]
        listed: list[dict[str, Any]] = state(hass, "sensor", "problems").attributes["problems"]
        assert problem["summary"] in [one["summary"] for one in listed]


OF_HOME_ASSISTANT = {
    *("friendly_name", "icon", "device_class", "state_class", "unit_of_measurement", "options"),
    *("event_type", "event_types", "supported_features", "entity_picture"),
}


def unnamed(hass: HomeAssistant) -> set[str]:
    """Return the attributes of our entities that have no name in one of the languages."""
    missing = set()
    for entity in er.async_get(hass).entities.values():
        shown = hass.states.get(entity.entity_id)
        if entity.platform != "homelab_ai" or shown is None or entity.domain in ("update", "conversation"):
            continue
        # A query is called as a person calls it, and what it lists are terms of Prometheus.
        if entity.translation_key is None:
            continue
        for attribute in shown.attributes.keys() - OF_HOME_ASSISTANT:
            key = ("entity", entity.domain, entity.translation_key, "state_attributes", attribute, "name")
            missing |= {f"{language}: {key}" for language in ("en", "de") if key not in load(language)}
    return missing


async def test_attributes_have_names(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    """What more-info shows beside an entity, in the language of who looks."""
    entry = await watch(
        hass,
        hub.url,
        monitor_subentry("alertmanager", alerts.url, "Alerts"),
        conversation_subentry(),
    )
    hub.script(Reply(content="Good evening, all lights are off."))
    await ask(hass, "Tell me a story")
    alerts.firing = {"NasDiskSmartFailure": "critical"}
    await pass_time(hass, freezer)
    await pass_time(hass, freezer)
    await entry.runtime_data.hubs[0].async_refresh()
    await hass.async_block_till_done()
    event = state(hass, "event", "problem")
    assert event.attributes["event_type"] == "raised"
    assert "voice" in state(hass, "sensor", "time_to_first_token").attributes
    assert unnamed(hass) == set()


def test_values_of_attributes_have_names() -> None:
    """Raw ones are for automations; who looks is shown the words of the form."""
    for language in ("en", "de"):
        texts = load(language)
        for attribute, options in (("kind", list(KINDS)), ("severity", [one.value for one in Severity])):
            for value in options:
                shown = ("entity", "event", "problem", "state_attributes", attribute, "state", value)
                offered = ("selector", attribute, "options", value)
                assert texts.get(shown) == texts.get(offered), value


@pytest.mark.parametrize("key", ["network", "pull_request"])
def test_facts_of_other_events_have_names(key: str) -> None:
    facts = {
        "network": {
            *("name", "device", "vendor", "hostname", "ip", "network", "private_address", "came_home"),
        },
        "pull_request": {"number", "title", "author", "url", "ours", "merged_by"},
    }
    for language in ("en", "de"):
        for fact in facts[key]:
            assert load(language)["entity", "event", key, "state_attributes", fact, "name"]


@pytest.mark.parametrize(("language", "words"), [("en", "The alert NasDisk"), ("de", "Der Alarm NasDisk")])
async def test_briefing_is_there_without_an_action(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, language: str, words: str
) -> None:
    """For a Markdown card, an e-mail or a display; it is not recorded."""
    hass.config.language = language
    alerts.firing = {"NasDiskSmartFailure": "critical"}
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    health = state(hass, "sensor", "health")
    assert words in health.attributes["briefing"]
    assert health.attributes["briefing"] == (await act(hass, "briefing", style="written"))["text"]
    assert health.state_info is not None
    assert "briefing" in health.state_info["unrecorded_attributes"]


async def test_what_is_muted_is_listed_with_its_end(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    alerts.firing = {"NasDiskSmartFailure": "critical", "PaperlessDown": "warning"}
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    assert state(hass, "sensor", "muted_problems").attributes["problems"] == []
    muted = await act(hass, "mute_problem", problem_id="paperless", duration={"hours": 2})
    (listed,) = state(hass, "sensor", "muted_problems").attributes["problems"]
    assert (listed["name"], listed["muted_until"]) == ("PaperlessDown", muted["muted_until"])
