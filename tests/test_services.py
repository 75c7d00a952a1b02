"""The actions that ask: who may call which, which homelab is meant, questions and briefings."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service
import voluptuous as vol

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.timeline import Entry, EntryKind
from demo.servers.ollama import Fault, OllamaServer, Reply, Timing
from demo.servers.ollama.catalogue import GEMMA
from homeassistant.core import Context, HomeAssistant, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import config_validation as cv, service
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .acting import CHANGING, act, person, second_homelab
from .common import MODEL, ai_task_subentry, conversation_subentry, homelab_entry, hub_subentry, set_up
from .looking import ENTRY_ID, until
from .systems import Alerts, monitor_subentry, watch

# Each with what it cannot be called without.
ACTIONS: dict[str, dict[str, Any]] = {
    "ask": {"question": "Why?"},
    "briefing": {},
    "list_problems": {},
    "look_up": {"name": "x"},
    "timeline": {},
    "explain_problem": {"problem_id": "x"},
    "mute_problem": {"problem_id": "x"},
    "unmute_problem": {"problem_id": "x"},
    "silence_alert": {"problem_id": "x"},
    "list_pull_requests": {},
    "explain_pull_request": {"number": 1},
    "propose_change": {"request": "Enable x"},
    "reconcile": {"name": "x"},
    "withdraw_proposal": {"number": 1},
    "list_proposals": {},
    "list_models": {},
    "pull_model": {"model": MODEL},
    "cancel_pull": {"model": MODEL},
    "delete_model": {"model": MODEL},
    "copy_model": {"model": MODEL, "destination": "copy"},
    "load_model": {"model": MODEL},
    "test_model": {"model": MODEL},
    "unload_model": {},
    "list_habits": {},
    "accept_habit": {"habit_id": "x"},
    "dismiss_habit": {"habit_id": "x"},
    "list_devices": {},
    "review_device": {"device": "x", "verdict": "known"},
}
TARGET = {str(marker) for marker in cv.ENTITY_SERVICE_FIELDS}
ANSWERS_ONLY = {
    *("ask", "briefing", "list_problems", "explain_problem", "list_models"),
    *("look_up", "timeline", "test_model", "list_pull_requests", "explain_pull_request"),
    *("list_habits", "list_devices", "list_proposals"),
}


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


async def watched(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    """Set up a homelab with two alerts that fire."""
    alerts.firing = {"DiskFull": "critical", "Hot": "warning"}
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))


def key(raised: pytest.ExceptionInfo[HomeAssistantError]) -> str | None:
    return raised.value.translation_key


# Which, and for whom


async def test_actions(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    assert set(hass.services.async_services_for_domain(DOMAIN)) == set(ACTIONS)
    for action in ACTIONS:
        expected = SupportsResponse.ONLY if action in ANSWERS_ONLY else SupportsResponse.OPTIONAL
        assert hass.services.supports_response(DOMAIN, action) is expected
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert set(hass.services.async_services_for_domain(DOMAIN)) == set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
async def test_without_a_homelab(action: str, hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, action, **ACTIONS[action])
    assert key(raised) == "service_found_no_config_entry_for_domain"


@pytest.mark.parametrize("action", ACTIONS)
async def test_homelab_that_is_not_loaded(action: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    assert await hass.config_entries.async_unload(entry.entry_id)
    for data in (ACTIONS[action], {**ACTIONS[action], "config_entry_id": ENTRY_ID}):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, action, **data)
        assert key(raised) == "service_config_entry_not_loaded"


@pytest.mark.parametrize("action", ACTIONS)
async def test_only_administrators_change_other_systems(
    action: str, hass: HomeAssistant, hub: OllamaServer
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    guest, owner = await person(hass, "Guest", admin=False), await person(hass, "Owner", admin=True)
    hub.requests.clear()
    if action in CHANGING:
        with pytest.raises(Unauthorized):
            await act(hass, action, context=guest, **ACTIONS[action])
        assert hub.requests == []
    for context in (owner, None) if action in CHANGING else (guest, owner, None):
        try:
            await act(hass, action, context=context, **ACTIONS[action])
        except Unauthorized:
            raise
        except HomeAssistantError:
            pass  # there is no such problem, no download …


async def test_which_homelab(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    async with OllamaServer([GEMMA], timing=Timing.instant()) as other:
        await set_up(hass, second_homelab(other.url))
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, "list_models")
        assert key(raised) == "service_found_multiple_config_entry_for_domain"
        found = await act(hass, "list_models", config_entry_id="01CABIN00000000000000000AB")
        assert [one["name"] for one in found["models"]] == [GEMMA.name]
        found = await act(hass, "list_models", config_entry_id=ENTRY_ID)
        assert MODEL in [one["name"] for one in found["models"]]
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, "briefing", config_entry_id="nothing")
        assert key(raised) == "service_config_entry_not_found"


# Asking


async def test_ask(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    hub.script(Reply("<think>Hm.</think>A piece of software."))
    hub.requests.clear()
    response = await act(hass, "ask", question=" What is a pod? ", system="Be brief.")
    assert response["answer"] == "A piece of software."
    assert response["model"] == MODEL
    assert response["tokens"] > 5
    assert 0 <= response["seconds"] < 10
    assert set(response) == {"answer", "model", "tokens", "seconds"}
    (request,) = hub.requests_to("/api/chat")
    assert (request.body or {})["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is a pod?"},
    ]
    assert not (request.body or {}).get("tools")


async def test_ask_the_task_first(hass: HomeAssistant, hub: OllamaServer) -> None:
    jarvis = conversation_subentry(model="qwen3:8b")
    await set_up(hass, homelab_entry(hub.url, jarvis, ai_task_subentry(model=MODEL)))
    assert (await act(hass, "ask", question="Why?"))["model"] == MODEL


async def test_ask_another_model(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    assert (await act(hass, "ask", question="Why?", model=GEMMA.name))["model"] == GEMMA.name
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "ask", question="Why?", model="nobody:1b")
    assert key(raised) == "model_missing"


async def test_only_administrators_ask_another_model(hass: HomeAssistant, hub: OllamaServer) -> None:
    """Loading it may unload the one that people are talking to."""
    await set_up(hass, homelab_entry(hub.url, ai_task_subentry(model=GEMMA.name)))
    guest, owner = await person(hass, "Guest", admin=False), await person(hass, "Owner", admin=True)
    hub.requests.clear()
    for stranger in (guest, Context(user_id="gone")):
        with pytest.raises(Unauthorized):
            await act(hass, "ask", context=stranger, question="Why?", model=MODEL)
    assert hub.requests == []
    for context in (owner, None):
        assert (await act(hass, "ask", context=context, question="Why?", model=MODEL))["model"] == MODEL
    for model in ({}, {"model": GEMMA.name}):
        assert (await act(hass, "ask", context=guest, question="Why?", **model))["model"] == GEMMA.name


async def test_model_of_the_agent_is_missing(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url, ai_task_subentry(model="nobody:1b")))
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "ask", question="Why?")
    assert key(raised) == "model_missing"
    assert not isinstance(raised.value, ServiceValidationError)


async def test_nobody_to_ask(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url, hub_subentry(hub.url)))
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "ask", question="Why?")
    assert key(raised) == "no_agent"


async def test_ask_while_the_hub_is_off(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await hub.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "ask", question="Why?")
    assert key(raised) == "hubs_offline"


async def test_ask_wakes_the_hub(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.stop()
    pressed = async_mock_service(hass, "input_button", "press")
    hass.states.async_set("input_button.wake", "unknown")
    await set_up(hass, homelab_entry(hub.url, options={"wake_entity": "input_button.wake"}))
    asking = hass.async_create_task(act(hass, "ask", question="Why?"))
    await until(lambda: pressed)
    await hub.start()
    assert (await asking)["answer"]
    assert len(pressed) == 1


async def test_hub_refuses(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    hub.inject(Fault.status(500, path="/api/chat"))
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "ask", question="Why?")
    assert key(raised) == "bad_response"


async def test_question_that_does_not_fit(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url, ai_task_subentry(num_ctx=2048)))
    hub.requests.clear()
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "ask", question="Why? " * 5000)
    assert key(raised) == "prompt_too_large"
    assert hub.requests_to("/api/chat") == []


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("ask", {}),
        ("ask", {"question": "  "}),
        ("ask", {"question": "Why?", "model": ""}),
        ("ask", {"question": "Why?", "temperature": 1}),
        ("briefing", {"style": "rhymed"}),
        ("list_problems", {"severity": "awful"}),
        ("list_problems", {"limit": 0}),
        ("look_up", {}),
        ("look_up", {"name": " "}),
        ("timeline", {"hours": 0}),
        ("timeline", {"hours": 721}),
        ("timeline", {"hours": 1, "since": "2026-11-21 10:00:00"}),
        ("explain_problem", {}),
        ("mute_problem", {"problem_id": "x", "duration": {"seconds": 59}}),
        ("mute_problem", {"problem_id": "x", "duration": {"days": 366}}),
        ("mute_problem", {"problem_id": "x", "duration": {"days": -1}}),
        ("silence_alert", {"problem_id": "x", "duration": 0}),
        ("silence_alert", {"problem_id": "x", "comment": "x" * 1001}),
        ("pull_model", {}),
        ("copy_model", {"model": MODEL}),
        ("load_model", {"model": MODEL, "keep_alive": 0}),
        ("load_model", {"model": MODEL, "keep_alive": -2}),
        ("load_model", {"model": MODEL, "num_ctx": 1}),
        ("load_model", {"model": "x" * 251}),
    ],
)
async def test_what_is_no_call(action: str, data: dict[str, Any], hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(vol.Invalid):
        await act(hass, action, **data)


# The briefing


async def test_briefing(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    await watched(hass, hub, alerts)
    spoken = await act(hass, "briefing")
    assert "DiskFull" in spoken["text"] or "Disk Full" in spoken["text"]
    assert (spoken["health"], spoken["total"]) == ("critical", 2)
    assert [one["name"] for one in spoken["problems"]] == ["DiskFull", "Hot"]
    assert set(spoken) == {"text", "phrased", "health", "problems", "total"}
    assert spoken["phrased"] is False
    german = await act(hass, "briefing", language="de-CH")
    assert german["text"] != spoken["text"]
    hass.config.language = "de"
    assert (await act(hass, "briefing"))["text"] == german["text"]
    assert (await act(hass, "briefing", language="en"))["text"] == spoken["text"]
    assert (await act(hass, "briefing", style="written"))["text"] != german["text"]
    assert hub.requests_to("/api/chat") == []


async def test_briefing_since(hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory) -> None:
    """With what happened since a moment, in a period, or since the same person asked last."""
    entry = await set_up(hass, homelab_entry(hub.url))
    now = dt_util.now()
    things = entry.runtime_data.things
    things.timeline.add(Entry(now - timedelta(minutes=50), EntryKind.BACKED_UP, "vault", "01CLUSTER"))
    plain = (await act(hass, "briefing"))["text"]
    vault = "50 minutes ago: Vault was backed up."
    for since in ("hour", "week", (now - timedelta(hours=2)).isoformat()):
        told = await act(hass, "briefing", since=since)
        assert (told["text"], told["happened"]) == (f"{plain} {vault}", [vault]), since
    written = await act(hass, "briefing", since="hour", style="written", language="de")
    assert written["text"].endswith("\n- Vor 50 Minuten: Vault wurde gesichert.")
    nothing = await act(hass, "briefing", since=(now - timedelta(minutes=10)).isoformat())
    assert nothing["happened"] == ["Nothing happened since then."]
    assert (await act(hass, "briefing", since="asked"))["happened"] == [
        "Nothing happened since you last asked."
    ]
    freezer.tick(timedelta(minutes=5))
    things.timeline.add(Entry(dt_util.now(), EntryKind.BACKED_UP, "photos", "01CLUSTER"))
    (photos,) = (await act(hass, "briefing", since="asked"))["happened"]
    assert "Photos" in photos
    with pytest.raises(vol.Invalid):
        await act(hass, "briefing", since="the flood")


async def test_briefing_of_a_homelab_that_is_well(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    response = await act(hass, "briefing")
    assert response["text"]
    assert (response["health"], response["problems"], response["total"]) == ("ok", [], 0)


async def test_briefing_that_the_model_phrases(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    plain = (await act(hass, "briefing"))["text"]
    hub.script(Reply("In the homelab, all is well."), Reply("Everything burns, 17 times."))
    answers = [await act(hass, "briefing", phrased=True) for _ in range(2)]
    assert [(one["text"], one["phrased"]) for one in answers] == [
        ("In the homelab, all is well.", True),
        (plain, False),
    ]
    assert len(hub.requests_to("/api/chat")) == 2
    await hub.stop()
    assert (await act(hass, "briefing", phrased=True))["phrased"] is False


async def test_written_briefing_keeps_its_lines(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    await watched(hass, hub, alerts)
    written = await act(hass, "briefing", style="written", phrased=True)
    assert written == await act(hass, "briefing", style="written")
    assert (len(written["text"].splitlines()), written["phrased"]) == (3, False)
    assert hub.requests_to("/api/chat") == []


async def test_briefing_with_the_hub_off(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url))
    response = await act(hass, "briefing")
    assert (response["health"], response["total"]) == ("degraded", 1)
    assert "Ollama" in response["text"]


# The editor's form


async def test_form_says_what_the_schema_says(hass: HomeAssistant) -> None:
    """What is required, what is filled in beforehand, and which choices there are."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, DOMAIN, {})
    described = (await service.async_get_all_descriptions(hass))[DOMAIN]
    for name, action in hass.services.async_services_for_domain(DOMAIN).items():
        assert isinstance(action.schema, vol.Schema)
        fields = described[name]["fields"]
        assert described[name]["response"] == {"optional": name not in ANSWERS_ONLY}
        for marker, validate in action.schema.schema.items():
            if str(marker) in TARGET:
                assert described[name]["target"]["entity"], name
                continue
            field = fields[str(marker)]
            assert field.get("required", False) is isinstance(marker, vol.Required), (name, marker)
            if "default" in field:
                told, used = vol.Schema(validate)(field["default"]), marker.default()
                assert told == used, (name, marker)
            (kind, config), *others = field["selector"].items()
            assert others == []
            if kind == "select":
                assert [vol.Schema(validate)(one) for one in config["options"]], (name, marker)
            if kind == "number":
                for bound in (config["min"], config["max"]):
                    assert vol.Schema(validate)(bound) == bound, (name, marker)
