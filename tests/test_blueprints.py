"""The blueprints: imported as Home Assistant does it, and run against a homelab on real sockets."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_mock_service,
)

from demo.servers.apps.open_webui import KEY, OpenWebUIServer
from demo.servers.forge.github import WRITE, GitHub
from demo.servers.forge.repository import Repository as Lab
from demo.servers.http_server import HttpServer
from demo.servers.ollama import OllamaServer, Reply
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.importer import fetch_blueprint_from_url
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import Context, HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict

from .common import MODEL, homelab_entry, set_up
from .looking import pass_time, sensor, until
from .proposals.corpus import Layout, repository as corpus
from .systems import DAMPING, Alerts, monitor_subentry, source, watch
from .translations import PACKAGE

ROOT = PACKAGE.parent.parent
FOLDER = ROOT / "blueprints" / "automation" / "homelab_ai"
IMPORT = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="
REPOSITORY = "https://github.com/homelab-ai/homelab-ai/blob/main/"
BLUEPRINTS = sorted(path.stem for path in FOLDER.iterdir())
EXPLANATION = '{"explanation": "The disk is full of old backups.", "next_step": "Delete old backups."}'
SATELLITE = "assist_satellite.kitchen"
DISK = f"{source('Alerts')}:alert:print-DiskFull"
MUTE = f"HOMELAB_AI_MUTE {DISK}"
EXPLAIN = f"HOMELAB_AI_EXPLAIN {DISK}"


class Repository(HttpServer):
    """The files of this repository, as they are on the internet once they are published."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = ROOT / request.path.lstrip("/")
        return web.Response(text=path.read_text(), content_type="text/plain")


@pytest.fixture
async def repository(socket_enabled: None) -> AsyncGenerator[Repository]:
    async with Repository() as server:
        yield server


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


@pytest.fixture
async def watched(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    """A homelab in which nothing is wrong yet."""
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))


@pytest.fixture
def announced(hass: HomeAssistant) -> list[ServiceCall]:
    return async_mock_service(hass, "assist_satellite", "announce")


@pytest.fixture
def sent(hass: HomeAssistant) -> list[ServiceCall]:
    return async_mock_service(hass, "notify", "send_message")


@pytest.fixture
def phoned(hass: HomeAssistant) -> list[ServiceCall]:
    return async_mock_service(hass, "notify", "mobile_app_phone")


async def imported(hass: HomeAssistant, repository: Repository, name: str) -> Blueprint:
    """Import a blueprint by its address."""
    url = f"{repository.url}/{(FOLDER / name).relative_to(ROOT)}.yaml"
    return (await fetch_blueprint_from_url(hass, url)).blueprint


@pytest.fixture
def use(hass: HomeAssistant, repository: Repository, tmp_path: Path) -> Any:
    """Return what imports a blueprint and makes an automation of it."""

    async def made(name: str, **given: Any) -> None:
        hass.config.config_dir = str(tmp_path)
        blueprint = await imported(hass, repository, name)
        path = f"homelab_ai/{name}.yaml"
        await async_get_blueprints(hass).async_add_blueprint(blueprint, path)
        config = {"id": name, "alias": name, "use_blueprint": {"path": path, "input": given}}
        assert await async_setup_component(hass, "automation", {"automation": [config]})
        await hass.async_block_till_done()
        assert hass.states.async_entity_ids("automation") == [f"automation.{name}"]

    return made


def address(name: str) -> str:
    """Return where a blueprint says that it comes from."""
    found = load_yaml_dict(str(FOLDER / f"{name}.yaml"))["blueprint"]["source_url"]
    assert isinstance(found, str)
    return found


async def fire(hass: HomeAssistant, event: str = "up", **data: Any) -> None:
    hass.bus.async_fire(event, data)
    await hass.async_block_till_done()


async def tap(hass: HomeAssistant, action: str, user_id: str | None) -> None:
    """Tap a button of a message, as the app tells it: in the context of its user."""
    context = Context(user_id=user_id)
    hass.bus.async_fire("mobile_app_notification_action", {"action": action}, context=context)
    await hass.async_block_till_done()


def runs(hass: HomeAssistant, name: str) -> int:
    """Return how many runs of an automation are under way."""
    automation = hass.states.get(f"automation.{name}")
    assert automation is not None
    current: int = automation.attributes["current"]
    return current


UP = [{"trigger": "event", "event_type": "up"}]


# All of them


def test_blueprints() -> None:
    """Each in English and in German."""
    names = (
        "announce_problem",
        "ask_on_satellite",
        "hub_by_power",
        "hub_by_presence",
        "morning_briefing",
        "notify_with_mute",
        "wake_hub",
    )
    assert sorted([*names, *(f"{name}_de" for name in names)]) == BLUEPRINTS


def texts(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the texts that people read of a blueprint, with where they stand."""
    for key, value in found.items() if isinstance(found, dict) else enumerate(found):
        here = (*path, str(key))
        if isinstance(value, (dict, list)):
            yield from texts(value, here)
        elif key in ("name", "description", "label") or (here[-1] == "default" or "default" in here):
            yield here, str(value)


def without_texts(found: Any) -> Any:
    """Return a blueprint without what people read and say."""
    if isinstance(found, dict):
        return {
            key: None
            if key in ("name", "description", "label", "default", "source_url")
            else without_texts(one)
            for key, one in found.items()
        }
    return [without_texts(one) for one in found] if isinstance(found, list) else found


@pytest.mark.parametrize("name", [name for name in BLUEPRINTS if not name.endswith("_de")])
def test_both_languages_do_the_same(name: str) -> None:
    english, german = (load_yaml_dict(str(FOLDER / f"{each}.yaml")) for each in (name, f"{name}_de"))
    assert without_texts(german) == without_texts(english)
    said, gesagt = (dict(texts(each["blueprint"]["input"])) for each in (english, german))
    assert said.keys() == gesagt.keys()
    for path, text in said.items():
        if path[-1] == "description" or " " in text:
            assert gesagt[path] != text, path


@pytest.mark.parametrize("name", BLUEPRINTS)
async def test_import(name: str, hass: HomeAssistant, repository: Repository) -> None:
    blueprint = await imported(hass, repository, name)
    assert blueprint.domain == "automation"
    assert blueprint.validate() is None
    assert address(name) == f"{REPOSITORY}{(FOLDER / name).relative_to(ROOT)}.yaml"
    assert blueprint.metadata["homeassistant"]["min_version"] == "2026.10.0"
    for key, given in blueprint.inputs.items():
        assert given["name"], key
        assert given["description"], key
        assert given["selector"], key


# Announcing a problem


@pytest.mark.usefixtures("watched")
async def test_announce(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    *,
    use: Any,
    announced: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    await use("announce_problem", satellites=[SATELLITE], opening="Attention!")
    hub.script(Reply(EXPLANATION))
    alerts.firing = {"DiskFull": "critical", "Hot": "warning"}
    await pass_time(hass, freezer)
    (call,) = announced
    assert call.data["entity_id"] == [SATELLITE]
    assert call.data["message"] == (
        "Attention! The alert Disk Full is firing: “DiskFull is firing”."
        " The disk is full of old backups. Delete old backups."
    )


@pytest.mark.usefixtures("watched")
async def test_announce_on_speakers(
    hass: HomeAssistant,
    alerts: Alerts,
    *,
    use: Any,
    announced: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """In German, as a German house imports it."""
    hass.config.language = "de"
    spoken = async_mock_service(hass, "tts", "speak")
    await use("announce_problem_de", speakers=["media_player.hall"], tts="tts.voice")
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    (call,) = spoken
    assert call.data["entity_id"] == ["tts.voice"]
    assert call.data["media_player_entity_id"] == ["media_player.hall"]
    assert call.data["message"].startswith(
        "Achtung, ein Problem im Homelab. Der Alarm Disk Full ist aktiv: „DiskFull is firing“."
    )
    assert announced == []


@pytest.mark.parametrize("name", ["announce_problem", "notify_with_mute"])
async def test_once_per_incident(
    name: str,
    hass: HomeAssistant,
    hub: OllamaServer,
    *,
    use: Any,
    announced: list[ServiceCall],
    phoned: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """What follows from the hub that is off is not told on its own."""
    where: dict[str, Any] = {
        "announce_problem": {"satellites": [SATELLITE]},
        "notify_with_mute": {"notify_action": "notify.mobile_app_phone"},
    }
    async with OpenWebUIServer() as app:
        await watch(hass, hub.url, monitor_subentry("open_webui", app.url, "Chat", api_key=KEY))
        await use(name, severity=["critical", "warning", "info"], **where[name])
        await hub.stop()
        await pass_time(hass, freezer)
        app.ollama_reachable = False
        await pass_time(hass, freezer)
        assert [call.data["message"] for call in (*announced, *phoned) if "Ollama" in call.data["message"]]
        assert len((*announced, *phoned)) == 1


@pytest.mark.usefixtures("watched")
async def test_announce_without_a_hub(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    *,
    use: Any,
    announced: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    await use("announce_problem", satellites=[SATELLITE], severity=["critical", "warning"])
    await hub.stop()
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    said = [call.data["message"] for call in announced]
    message = "The alert Disk Full is firing: “DiskFull is firing”."
    assert f"Attention, a problem in the homelab. {message}" in said


@pytest.mark.usefixtures("watched")
async def test_announce_only_then(
    hass: HomeAssistant,
    alerts: Alerts,
    use: Any,
    announced: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    day = {"condition": "state", "entity_id": "input_boolean.day", "state": "on"}
    await use("announce_problem", satellites=[SATELLITE], conditions=[day])
    hass.states.async_set("input_boolean.day", "off")
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    assert announced == []
    hass.states.async_set("input_boolean.day", "on")
    alerts.firing |= {"Node": "critical"}
    await pass_time(hass, freezer)
    assert ["Node" in call.data["message"] for call in announced] == [True]


# The briefing


async def test_briefing_in_the_morning(
    hass: HomeAssistant,
    hub: OllamaServer,
    *,
    use: Any,
    announced: list[ServiceCall],
    sent: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.move_to("2026-11-22T06:59:30-08:00")
    await hass.config.async_set_time_zone("US/Pacific")
    await set_up(hass, homelab_entry(hub.url))
    await use("morning_briefing", satellites=[SATELLITE], notify=["notify.ada"])
    await pass_time(hass, freezer)
    assert [call.data["entity_id"] for call in announced] == [[SATELLITE]]
    assert [call.data["entity_id"] for call in sent] == [["notify.ada"]]
    assert announced[0].data["message"]
    assert sent[0].data["message"]
    await pass_time(hass, freezer, 24 * 3600)
    assert len(announced) == 2
    # What waits for a time is not ended with the test.
    target = {"entity_id": "automation.morning_briefing"}
    await hass.services.async_call("automation", "turn_off", target, blocking=True)


@pytest.mark.parametrize(("once", "times"), [(True, 1), (False, 2)])
async def test_briefing_once_a_day(
    once: bool,
    times: int,
    hass: HomeAssistant,
    hub: OllamaServer,
    *,
    use: Any,
    announced: list[ServiceCall],
    sent: list[ServiceCall],
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await use("morning_briefing", triggers=UP, satellites=[SATELLITE], once_a_day=once, phrased=True)
    for _ in range(2):
        await fire(hass)
    assert (len(announced), sent) == (times, [])


async def test_briefing_only_if_something_is_wrong(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    *,
    use: Any,
    announced: list[ServiceCall],
    sent: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    await use("morning_briefing", triggers=UP, notify=["notify.ada"], once_a_day=False, only_if_wrong=True)
    await fire(hass)
    assert sent == []
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    await fire(hass)
    assert len(sent) == 1
    assert announced == []


async def test_briefing_only_then(
    hass: HomeAssistant, hub: OllamaServer, use: Any, announced: list[ServiceCall]
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    home = {"condition": "state", "entity_id": "person.ada", "state": "home"}
    await use("morning_briefing", triggers=UP, satellites=[SATELLITE], conditions=[home])
    hass.states.async_set("person.ada", "not_home")
    await fire(hass)
    assert announced == []
    hass.states.async_set("person.ada", "home")
    await fire(hass)
    assert len(announced) == 1


# The message with its button


@pytest.mark.usefixtures("watched")
async def test_notify_and_mute(
    hass: HomeAssistant,
    alerts: Alerts,
    *,
    use: Any,
    phoned: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
    hass_admin_user: MockUser,
    hass_read_only_user: MockUser,
) -> None:
    await use("notify_with_mute", notify_action="notify.mobile_app_phone", duration={"hours": 2})
    alerts.firing = {"DiskFull": "critical", "News": "info"}
    await pass_time(hass, freezer)
    (call,) = phoned
    assert call.data == {
        "message": "The alert Disk Full is firing: “DiskFull is firing”.",
        "data": {
            "tag": DISK,
            "group": "homelab_ai",
            "actions": [{"action": MUTE, "title": "Mute"}, {"action": EXPLAIN, "title": "Explain"}],
        },
    }
    # Other buttons of other messages are none of ours.
    for action in ("SOMETHING_ELSE", "", None, 5):
        await fire(hass, "mobile_app_notification_action", action=action)
    await fire(hass, "mobile_app_notification_action")
    assert sensor(hass, "muted_problems") == "0"
    # The app says who has tapped; nobody is no administrator, and neither is everybody.
    for user_id in (None, hass_read_only_user.id):
        await tap(hass, MUTE, user_id)
        assert sensor(hass, "muted_problems") == "0"
    await tap(hass, MUTE, hass_admin_user.id)
    assert (sensor(hass, "muted_problems"), sensor(hass, "critical_problems")) == ("1", "0")
    await pass_time(hass, freezer, 2 * 3600 + 60)
    assert sensor(hass, "muted_problems") == "0"


@pytest.mark.usefixtures("watched")
async def test_phones_are_chosen_as_devices(
    hass: HomeAssistant, alerts: Alerts, use: Any, phoned: list[ServiceCall], freezer: FrozenDateTimeFactory
) -> None:
    app = MockConfigEntry(domain="mobile_app")
    app.add_to_hass(hass)
    registry = dr.async_get(hass)
    phones = [
        registry.async_get_or_create(
            config_entry_id=app.entry_id, identifiers={("mobile_app", name)}, name=name
        )
        for name in ("Phone", "Adas Gerät")
    ]
    registry.async_update_device(phones[0].id, name_by_user="The old one")
    other = async_mock_service(hass, "notify", "mobile_app_adas_gerat")
    await use("notify_with_mute_de", phones=[phone.id for phone in phones])
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    assert [len(phoned), len(other)] == [1, 1]
    assert phoned[0].data == other[0].data
    assert [one["title"] for one in phoned[0].data["data"]["actions"]] == ["Stummschalten", "Erklären"]


@pytest.mark.parametrize(("time", "sent"), [("12:00:00", ["Hot", "Disk Full"]), ("23:00:00", ["Disk Full"])])
async def test_only_what_is_critical_in_quiet_hours(
    time: str,
    sent: list[str],
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    *,
    use: Any,
    phoned: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(f"2026-11-22T{time}+00:00")
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    quiet = {"quiet_from": "22:00:00", "quiet_until": "07:00:00"}
    await use("notify_with_mute", notify_action="notify.mobile_app_phone", **quiet)
    for name, severity in (("Hot", "warning"), ("DiskFull", "critical")):
        alerts.firing[name] = severity
        await pass_time(hass, freezer)
    assert [call.data["message"].split(" is firing")[0].removeprefix("The alert ") for call in phoned] == sent


@pytest.mark.usefixtures("watched")
async def test_message_disappears(
    hass: HomeAssistant, alerts: Alerts, use: Any, phoned: list[ServiceCall], freezer: FrozenDateTimeFactory
) -> None:
    await use("notify_with_mute", notify_action="notify.mobile_app_phone", button="Ruhe")
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    alerts.firing.clear()
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, DAMPING)
    first, last = phoned
    assert first.data["data"]["actions"][0]["title"] == "Ruhe"
    assert last.data == {"message": "clear_notification", "data": {"tag": DISK}}


@pytest.mark.usefixtures("watched")
async def test_message_of_what_is_less_bad_by_now_disappears(
    hass: HomeAssistant, alerts: Alerts, use: Any, phoned: list[ServiceCall], freezer: FrozenDateTimeFactory
) -> None:
    await use("notify_with_mute", notify_action="notify.mobile_app_phone", severity=["critical"])
    for severity in ("critical", "warning"):
        alerts.firing = {"DiskFull": severity}
        await pass_time(hass, freezer)
    assert len(phoned) == 1
    alerts.firing.clear()
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, DAMPING)
    _, last = phoned
    assert last.data == {"message": "clear_notification", "data": {"tag": DISK}}


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("announce_problem", {"satellites": [SATELLITE], "opening": "Achtung!"}),
        ("notify_with_mute", {"notify_action": "notify.mobile_app_phone"}),
    ],
)
async def test_messages_can_be_read_aloud(
    *,
    name: str,
    given: dict[str, Any],
    hass: HomeAssistant,
    alerts: Alerts,
    use: Any,
    announced: list[ServiceCall],
    phoned: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """In the language of the house, and without identifiers."""
    hass.config.language = "de"
    await use(name, **given)
    alerts.firing = {"KubePersistentVolumeFillingUp": "critical"}
    await pass_time(hass, freezer)
    (call,) = (*announced, *phoned)
    # What a model says follows.
    said = call.data["message"].removeprefix("Achtung! ")
    assert said.startswith("Der Alarm Kube Persistent Volume Filling Up ist aktiv: „")


# Waking the hub


async def test_wake_and_load(hass: HomeAssistant, hub: OllamaServer, use: Any) -> None:
    await hub.stop()
    entry = await set_up(hass, homelab_entry(hub.url))
    woken = async_mock_service(hass, "test", "wake")
    await use("wake_hub", triggers=UP, wake=[{"action": "test.wake"}], model=MODEL)
    hass.bus.async_fire("up")
    await until(lambda: woken)
    assert hub.loaded == {}
    await hub.start()
    coordinator = entry.runtime_data.hubs[0]
    while not coordinator.data.state.online:
        await coordinator.async_refresh()
    # Seconds, that the blueprint waits for: to set the clock on would end the requests that are under way.
    await until(lambda: MODEL in hub.loaded)
    await until(lambda: runs(hass, "wake_hub") == 0)
    await hass.async_block_till_done(wait_background_tasks=True)
    # It need not be woken now, but the model is to be there again.
    hub.unload(MODEL)
    hass.bus.async_fire("up")
    await until(lambda: MODEL in hub.loaded)
    await until(lambda: runs(hass, "wake_hub") == 0)
    assert len(woken) == 1


async def test_hub_that_does_not_wake_up(hass: HomeAssistant, hub: OllamaServer, use: Any) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url))
    woken = async_mock_service(hass, "test", "wake")
    await use("wake_hub", triggers=UP, wake=[{"action": "test.wake"}], model=MODEL, patience=10)
    hass.bus.async_fire("up")
    await until(lambda: woken)

    await until(lambda: runs(hass, "wake_hub") == 0)
    assert len(woken) == 1


async def test_wake_only_then(hass: HomeAssistant, hub: OllamaServer, use: Any) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url))
    woken = async_mock_service(hass, "test", "wake")
    evening = {"condition": "state", "entity_id": "sun.sun", "state": "below_horizon"}
    await use("wake_hub", triggers=UP, wake=[{"action": "test.wake"}], conditions=[evening])
    await fire(hass)
    assert woken == []


# The buttons of the message


@pytest.mark.usefixtures("watched")
async def test_explain_and_page(
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    *,
    use: Any,
    phoned: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = "http://prometheus.home:9090/graph"
    alert = alerts._alert
    monkeypatch.setattr(alerts, "_alert", lambda *told: {**alert(*told), "generatorURL": page})
    await use("notify_with_mute", notify_action="notify.mobile_app_phone")
    hub.script(Reply(EXPLANATION))
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    assert phoned[0].data["data"]["actions"][2] == {"action": "URI", "title": "Open", "uri": page}
    await tap(hass, EXPLAIN, None)
    assert phoned[1].data == {
        "message": "The disk is full of old backups. Delete old backups.",
        "data": {"tag": DISK, "group": "homelab_ai"},
    }


@pytest.mark.parametrize(
    ("time", "said"), [("21:59:00", 1), ("22:01:00", 0), ("02:00:00", 0), ("06:59:00", 0), ("07:01:00", 1)]
)
async def test_quiet_hours(
    time: str,
    said: int,
    hass: HomeAssistant,
    hub: OllamaServer,
    alerts: Alerts,
    *,
    use: Any,
    announced: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(f"2026-11-22T{time}+00:00")
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    await use("announce_problem", satellites=[SATELLITE], quiet_from="22:00:00", quiet_until="07:00:00")
    hub.script(Reply(EXPLANATION))
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    assert len(announced) == said


# Asking


@pytest.fixture
async def repository_of_lab(socket_enabled: None) -> AsyncGenerator[tuple[GitHub, Lab]]:
    """A forge with a repository in which something can be enabled."""
    async with GitHub() as github:
        lab = github.add(Lab("home/k8s", corpus(Layout.LISTED, ("ollama", "paperless-ai"))))
        lab.private = False
        yield github, lab


@pytest.mark.parametrize(
    ("name", "answer", "opened"),
    [
        ("ask_on_satellite", "yes", 1),
        ("ask_on_satellite_de", "yes", 1),
        ("ask_on_satellite", "no", 0),
        ("ask_on_satellite", None, 0),
    ],
)
async def test_ask(
    name: str,
    answer: str | None,
    opened: int,
    hass: HomeAssistant,
    hub: OllamaServer,
    *,
    alerts: Alerts,
    repository_of_lab: tuple[GitHub, Lab],
    use: Any,
    announced: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Yes opens a draft, once; no, silence and an error do nothing."""
    github, lab = repository_of_lab
    settings: dict[str, Any] = {"token": github.token("ha-bot", WRITE, None), "paths": ["kubernetes/apps"]}
    forge = monitor_subentry("forge", f"{github.url}/home/k8s", "Lab", **settings)
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"), forge)
    questions: list[ServiceCall] = []

    async def ask_question(call: ServiceCall) -> dict[str, Any]:
        questions.append(call)
        if answer is None:
            raise HomeAssistantError("no answer")
        return {"id": answer, "sentence": answer, "slots": {}}

    hass.services.async_register(
        "assist_satellite", "ask_question", ask_question, supports_response=SupportsResponse.ONLY
    )
    base = lab.branches["main"]
    await use(name, satellite=SATELLITE, kind=["alert"], request="Enable {name}")
    alerts.firing = {"paperless-ai": "critical", "News": "info"}
    await pass_time(hass, freezer)
    await until(lambda: runs(hass, name) == 0)
    (question,) = questions
    asked = "Soll ich einen Vorschlag eröffnen?" if name.endswith("_de") else "Shall I open a proposal?"
    assert question.data["question"].startswith("The alert paperless-ai is firing")
    assert question.data["question"].endswith(asked)
    assert [(pull.state, pull.draft) for pull in lab.pulls.values()] == [("open", True)] * opened
    assert lab.branches["main"] == base
    assert [call.data["message"] for call in announced] == [
        "Enable paperless-ai, ollama: draft 1 is open. With it come ollama."
    ] * opened


async def test_nobody_is_asked_at_night(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, use: Any, freezer: FrozenDateTimeFactory
) -> None:
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to("2026-11-22T23:00:00+00:00")
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    asked = async_mock_service(hass, "assist_satellite", "ask_question")
    quiet = {"quiet_from": "22:00:00", "quiet_until": "07:00:00"}
    await use("ask_on_satellite", satellite=SATELLITE, request="Enable {name}", **quiet)
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    assert asked == []


# The hub, by presence and by power


async def test_hub_by_presence(
    hass: HomeAssistant, hub: OllamaServer, use: Any, freezer: FrozenDateTimeFactory
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    woken, slept = (async_mock_service(hass, "test", name) for name in ("wake", "sleep"))
    for person in ("ada", "bob"):
        hass.states.async_set(f"person.{person}", "home")
    given: dict[str, Any] = {"people": ["person.ada", "person.bob"], "patience": {"minutes": 1}}
    await use("hub_by_presence", **given, wake=[{"action": "test.wake"}], sleep=[{"action": "test.sleep"}])
    await hub.load(MODEL)
    hass.states.async_set("person.ada", "not_home")
    await pass_time(hass, freezer, 90)
    assert (slept, MODEL in hub.loaded) == ([], True)
    hass.states.async_set("person.bob", "not_home")
    await pass_time(hass, freezer, 90)
    await until(lambda: len(slept) == 1)
    assert MODEL not in hub.loaded
    # It is on still: nothing to wake.
    hass.states.async_set("person.ada", "home")
    await hass.async_block_till_done()
    assert woken == []
    hass.states.async_set("person.ada", "not_home")
    await hub.stop()
    await pass_time(hass, freezer)
    hass.states.async_set("person.bob", "home")
    await hass.async_block_till_done()
    assert len(woken) == 1
    # What waits for a time is not ended with the test.
    target = {"entity_id": "automation.hub_by_presence"}
    await hass.services.async_call("automation", "turn_off", target, blocking=True)


@pytest.mark.parametrize(("direction", "cheap", "dear"), [("below", "0.1", "0.4"), ("above", "0.4", "0.1")])
async def test_hub_by_power(
    direction: str,
    cheap: str,
    dear: str,
    hass: HomeAssistant,
    hub: OllamaServer,
    *,
    use: Any,
    freezer: FrozenDateTimeFactory,
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    hass.states.async_set("sensor.power", dear)
    given: dict[str, Any] = {"sensor": "sensor.power", "direction": direction, "limit": 0.25, "model": MODEL}
    await use("hub_by_power", **given, patience={"minutes": 5})
    hass.states.async_set("sensor.power", cheap)
    await pass_time(hass, freezer, 60)
    assert MODEL not in hub.loaded
    await pass_time(hass, freezer, 300)
    await until(lambda: MODEL in hub.loaded)
    hass.states.async_set("sensor.power", dear)
    await pass_time(hass, freezer, 360)
    await until(lambda: MODEL not in hub.loaded)


# What people are told about them


def test_links_to_import_them() -> None:
    """Each is linked where people look for it, by the address that Home Assistant imports it from."""
    pages = [(ROOT / page).read_text() for page in ("docs/actions.md", "README.md")]
    for name in BLUEPRINTS:
        assert [f"{IMPORT}{address(name)})" in page for page in pages] == [True, not name.endswith("_de")]
