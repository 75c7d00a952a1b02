"""The actions for problems: listing, explaining, muting, and silencing in Alertmanager."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientSession
from freezegun.api import FrozenDateTimeFactory
import pytest

from demo.servers.apps.open_webui import KEY, OpenWebUIServer
from demo.servers.ollama import OllamaServer, Reply
from demo.servers.prometheus import LOGIN, Alertmanager, find
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from .acting import act, person, second_homelab
from .common import homelab_entry, set_up
from .looking import ENTRY_ID, device, pass_time, sensor
from .systems import DAMPING, Alerts, monitor_subentry, source, watch

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Alertmanager is not here: python -m demo.servers.prometheus unpacks it"
)
DISK = f"{source('Alerts')}:alert:print-DiskFull"
HOT = f"{source('Alerts')}:alert:print-Hot"
EXPLANATION = '{"explanation": "The disk is full of old backups.", "next_step": "Delete old backups."}'


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        server.firing = {"Hot": "warning", "DiskFull": "critical"}
        yield server


@pytest.fixture
async def watched(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    """A homelab with two alerts that fire."""
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))


def key(raised: pytest.ExceptionInfo[HomeAssistantError]) -> str | None:
    return raised.value.translation_key


async def names(hass: HomeAssistant, **data: Any) -> list[str]:
    response = await act(hass, "list_problems", **data)
    assert response["total"] >= len(response["problems"])
    return [one["name"] for one in response["problems"]]


def counted(hass: HomeAssistant) -> tuple[str, str]:
    return sensor(hass, "problems"), sensor(hass, "muted_problems")


# Listing


@pytest.mark.usefixtures("watched")
async def test_list(hass: HomeAssistant) -> None:
    response = await act(hass, "list_problems")
    assert response["total"] == 2
    disk, hot = response["problems"]
    assert disk == {
        "id": DISK,
        "source": source("Alerts"),
        "system": "Alerts",
        "kind": "alert",
        "name": "DiskFull",
        "severity": "critical",
        "summary": "DiskFull is firing",
        "since": disk["since"],
        "muted": False,
        "muted_until": None,
        "details": {"fingerprint": "print-DiskFull"},
        "consequences": [],
    }
    assert dt_util.parse_datetime(disk["since"]) == dt_util.parse_datetime("2026-11-21T11:00:00Z")
    assert hot["id"] == HOT


@pytest.mark.usefixtures("watched")
async def test_list_of_some(hass: HomeAssistant) -> None:
    system, other = device(hass, source("Alerts")), device(hass, f"{ENTRY_ID}_hub")
    assert system is not None
    assert other is not None
    assert await names(hass, severity=["warning"]) == ["Hot"]
    assert await names(hass, severity="critical") == ["DiskFull"]
    assert await names(hass, severity=["info"]) == []
    assert await names(hass, source=[system.id]) == ["DiskFull", "Hot"]
    assert await names(hass, source=other.id) == []
    assert await act(hass, "list_problems", limit=1) | {"problems": 1} == {"problems": 1, "total": 2}
    assert await names(hass, limit=1) == ["DiskFull"]
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "list_problems", source=["nothing"])
    assert key(raised) == "not_a_system"


@pytest.mark.usefixtures("watched")
async def test_device_tells_its_homelab(hass: HomeAssistant, hub: OllamaServer) -> None:
    """A device is enough, also of several homelabs; that of a homelab stands for all of its systems."""
    cabin = second_homelab(hub.url)
    await set_up(hass, cabin)
    system, whole, other = (
        device(hass, source("Alerts")),
        device(hass, ENTRY_ID),
        device(hass, cabin.entry_id, cabin.entry_id),
    )
    assert system
    assert whole
    assert other
    assert await names(hass, source=[system.id]) == ["DiskFull", "Hot"]
    assert await names(hass, source=[whole.id]) == ["DiskFull", "Hot"]
    assert await names(hass, source=[whole.id, system.id], severity="warning") == ["Hot"]
    assert await names(hass, source=[other.id]) == []
    in_cabin: dict[str, Any] = {"config_entry_id": cabin.entry_id}
    assert await names(hass, source=[other.id], **in_cabin) == []
    for chosen in ([], [system.id, other.id]):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, "list_problems", source=chosen)
        assert key(raised) == "service_found_multiple_config_entry_for_domain"
    (agent,) = cabin.subentries
    no_system = device(hass, agent, cabin.entry_id)
    assert no_system
    for wrong in ({"source": [system.id, no_system.id]}, {"source": [system.id], **in_cabin}):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, "list_problems", context=None, **wrong)
        assert key(raised) == "not_a_system"


@pytest.mark.usefixtures("watched")
async def test_list_of_muted_ones(hass: HomeAssistant) -> None:
    await act(hass, "mute_problem", problem_id=DISK, duration={"hours": 3})
    assert await names(hass) == ["Hot"]
    response = await act(hass, "list_problems", include_muted=True)
    assert {one["name"]: one["muted"] for one in response["problems"]} == {"DiskFull": True, "Hot": False}
    until = datetime.fromisoformat(response["problems"][0]["muted_until"])
    assert abs(until - dt_util.utcnow() - timedelta(hours=3)) < timedelta(minutes=1)


async def test_what_follows_from_another_is_listed_with_it(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    async with OpenWebUIServer(models=()) as app:
        await watch(hass, hub.url, monitor_subentry("open_webui", app.url, "Chat", api_key=KEY))
        assert await names(hass) == ["Chat"]
        await hub.stop()
        await pass_time(hass, freezer)
        response = await act(hass, "list_problems")
        muted = await act(hass, "mute_problem", problem_id="Chat")
    (cause,) = response["problems"]
    assert (cause["kind"], cause["system"], response["total"]) == ("hub_offline", "Ollama", 1)
    assert [(one["name"], one["source"]) for one in cause["consequences"]] == [("Chat", source("Chat"))]
    assert muted["problem_id"] == cause["consequences"][0]["id"]


# Explaining


@pytest.mark.usefixtures("watched")
async def test_explain(hass: HomeAssistant, hub: OllamaServer) -> None:
    hub.script(Reply(EXPLANATION))
    response = await act(hass, "explain_problem", problem_id=DISK, language="en")
    assert response["explanation"] == "The disk is full of old backups."
    assert response["next_step"] == "Delete old backups."
    assert (response["model"], response["reason"]) == ("llama3.1:8b", None)
    assert response["problem"]["id"] == DISK
    assert response["evidence"]
    assert all(set(one) == {"title", "text"} for one in response["evidence"])
    # A model is asked once.
    assert await act(hass, "explain_problem", problem_id=DISK, language="en") == response
    assert len(hub.requests_to("/api/chat")) == 1
    german = await act(hass, "explain_problem", problem_id=DISK, language="de")
    assert [one["title"] for one in german["evidence"]][:2] == ["Anmerkungen", "Labels"]


@pytest.mark.usefixtures("watched")
async def test_explain_without_a_hub(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.stop()
    response = await act(hass, "explain_problem", problem_id=DISK, language="de")
    assert (response["explanation"], response["next_step"], response["model"]) == (None, None, None)
    assert response["evidence"]
    assert response["reason"] == "Der KI-Server ist gerade aus."


# Which problem


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("named", [DISK, "DiskFull", "diskfull", " DiskFull "])
async def test_problem_by_id_or_name(named: str, hass: HomeAssistant) -> None:
    assert (await act(hass, "mute_problem", problem_id=named))["problem_id"] == DISK


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("action", ["explain_problem", "mute_problem", "unmute_problem", "silence_alert"])
async def test_problem_that_there_is_not(action: str, hass: HomeAssistant) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, action, problem_id=f"{DISK}!\x1b[31m")
    assert key(raised) == "problem_unknown"
    assert "\x1b" not in str(raised.value)


async def test_several_of_one_name(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    async with Alerts() as other:
        other.firing = {"DiskFull": "warning"}
        await watch(
            hass,
            hub.url,
            monitor_subentry("alertmanager", alerts.url, "Alerts"),
            monitor_subentry("alertmanager", other.url, "Others"),
        )
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, "mute_problem", problem_id="DiskFull")
        assert key(raised) == "problem_ambiguous"
        placeholders = raised.value.translation_placeholders
        assert placeholders is not None
        assert DISK in placeholders["ids"]
        assert (await act(hass, "mute_problem", problem_id=DISK))["problem_id"] == DISK


@pytest.mark.usefixtures("watched")
async def test_problem_tells_its_homelab(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, second_homelab(hub.url))
    assert (await act(hass, "mute_problem", problem_id=DISK))["problem_id"] == DISK
    assert (await act(hass, "unmute_problem", problem_id=DISK))["was_muted"] is True
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "mute_problem", problem_id=DISK, config_entry_id="01CABIN00000000000000000AB")
    assert key(raised) == "problem_none"


# Muting


@pytest.mark.usefixtures("watched")
async def test_mute(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    assert counted(hass) == ("2", "0")
    response = await act(hass, "mute_problem", problem_id=DISK, duration={"minutes": 30})
    until = datetime.fromisoformat(response["muted_until"])
    assert abs(until - dt_util.utcnow() - timedelta(minutes=30)) < timedelta(seconds=2)
    assert set(response) == {"problem_id", "muted_until"}
    assert counted(hass) == ("1", "1")
    assert sensor(hass, "health") == "degraded"
    # A longer one replaces it.
    await act(hass, "mute_problem", problem_id=DISK, duration={"hours": 2})
    await pass_time(hass, freezer, 31 * 60)
    assert counted(hass) == ("1", "1")
    await pass_time(hass, freezer, 90 * 60)
    assert counted(hass) == ("2", "0")


@pytest.mark.usefixtures("watched")
async def test_mute_for_a_day(hass: HomeAssistant) -> None:
    until = datetime.fromisoformat((await act(hass, "mute_problem", problem_id=DISK))["muted_until"])
    assert abs(until - dt_util.utcnow() - timedelta(days=1)) < timedelta(seconds=2)


@pytest.mark.usefixtures("watched")
async def test_unmute(hass: HomeAssistant) -> None:
    await act(hass, "mute_problem", problem_id=DISK)
    assert await act(hass, "unmute_problem", problem_id="DiskFull") == {"problem_id": DISK, "was_muted": True}
    assert counted(hass) == ("2", "0")
    assert await act(hass, "unmute_problem", problem_id=DISK) == {"problem_id": DISK, "was_muted": False}


@pytest.mark.usefixtures("watched")
async def test_unmute_what_is_gone(
    hass: HomeAssistant, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    await act(hass, "mute_problem", problem_id=DISK)
    del alerts.firing["DiskFull"]
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, DAMPING)
    assert (await act(hass, "unmute_problem", problem_id=DISK))["was_muted"] is True
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "unmute_problem", problem_id=DISK)
    assert key(raised) == "problem_unknown"


# Silencing


@pytest.mark.usefixtures("watched")
async def test_silence(hass: HomeAssistant, alerts: Alerts) -> None:
    ada = await person(hass, "Ada", admin=True)
    response = await act(
        hass, "silence_alert", context=ada, problem_id=DISK, duration={"hours": 8}, comment="new disk"
    )
    (made,) = alerts.silences
    assert response["silence_id"] == made["id"]
    assert response["matchers"] == {"alertname": "DiskFull", "severity": "critical"}
    until = datetime.fromisoformat(response["silenced_until"])
    assert abs(until - datetime.fromisoformat(made["endsAt"])) < timedelta(seconds=2)
    assert (made["createdBy"], made["comment"]) == ("Ada", "new disk")
    assert (counted(hass), sensor(hass, "alerts_silenced", source("Alerts"))) == (("1", "0"), "1")


@pytest.mark.usefixtures("watched")
async def test_silence_by_an_automation(hass: HomeAssistant, alerts: Alerts) -> None:
    await act(hass, "silence_alert", problem_id=DISK)
    (made,) = alerts.silences
    assert (made["createdBy"], made["comment"]) == ("Home Assistant", "Homelab AI: DiskFull")
    length = datetime.fromisoformat(made["endsAt"]) - datetime.fromisoformat(made["startsAt"])
    assert length == timedelta(hours=2)


@pytest.mark.usefixtures("watched")
async def test_silence_what_does_not_fire_any_more(hass: HomeAssistant, alerts: Alerts) -> None:
    del alerts.firing["DiskFull"]
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "silence_alert", problem_id=DISK)
    assert key(raised) == "alert_gone"
    assert alerts.silences == []


@pytest.mark.usefixtures("watched")
async def test_silence_without_alertmanager(hass: HomeAssistant, alerts: Alerts) -> None:
    await alerts.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "silence_alert", problem_id=DISK)
    assert (key(raised), isinstance(raised.value, ServiceValidationError)) == ("cannot_connect", False)


@pytest.mark.usefixtures("watched")
async def test_token_that_may_not_silence(hass: HomeAssistant, alerts: Alerts) -> None:
    alerts.faults.status(403, "forbidden", path="/api/v2/silences")
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "silence_alert", problem_id=DISK)
    assert key(raised) == "invalid_auth"


async def test_silence_what_is_no_alert(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url))
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "silence_alert", problem_id=f"{ENTRY_ID}:hub_offline")
    assert key(raised) == "not_an_alert"


async def test_alertmanager_itself_is_no_alert(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    await alerts.stop()
    await pass_time(hass, freezer)
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "silence_alert", problem_id=f"{source('Alerts')}:offline:offline")
    assert key(raised) == "not_an_alert"


@needs_binaries
async def test_silence_in_the_real_one(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with Alertmanager(login=LOGIN) as alertmanager, ClientSession(headers=LOGIN.headers) as session:
        given = [{"labels": {"alertname": "Full", "severity": "critical", "node": "pve-1"}}]
        async with session.post(f"{alertmanager.url}/api/v2/alerts", json=given) as response:
            assert response.status == 200
        settings = {"username": LOGIN.username, "password": LOGIN.password}
        await watch(hass, hub.url, monitor_subentry("alertmanager", alertmanager.url, "Alerts", **settings))
        assert await names(hass) == ["Full"]
        made = await act(hass, "silence_alert", problem_id="Full", comment="new disk")
        async with session.get(f"{alertmanager.url}/api/v2/silence/{made['silence_id']}") as response:
            assert (await response.json())["comment"] == "new disk"
        assert await names(hass) == []
        assert sensor(hass, "alerts_silenced", source("Alerts")) == "1"
