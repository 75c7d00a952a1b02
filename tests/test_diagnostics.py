"""What a person sends with a report: everything that explains a fault, and no secret."""

import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.homelab_ai.api.chat import ChatRequest, Message
from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.hub.measurements import Purpose
from demo.servers.certificates import make_certificates
from demo.servers.ollama import Fault, OllamaServer, Reply
from demo.servers.ollama.catalogue import GEMMA, LLAMA
from homeassistant.const import STATE_OFF
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from .common import MODEL, ai_task_subentry, conversation_subentry, homelab_entry, hub_subentry, set_up
from .looking import is_on, pass_time
from .systems import Alerts, monitor_subentry, watched_homelab

PERSON = "Mike lives at 5 Elm Street"
SECRETS = {
    "api_key": "sk-first-secret",
    "headers": {"X-Access": "header-secret", "Cookie": "session=cookie-secret"},
    "ca_certificate": make_certificates().ca,
}
STANDBY = {"api_key": "sk-standby-secret", "headers": {"X-Access": "standby-header-secret"}}
WORDS = (
    "sk-first-secret",
    "header-secret",
    "cookie-secret",
    "BEGIN CERTIFICATE",
    "sk-standby-secret",
    "Elm Street",
    "password-of-url",
    "127.0.0.1",
)


def homelab(url: str, other: str, **data: Any) -> MockConfigEntry:
    """A homelab with a secret wherever there can be one."""
    return homelab_entry(
        url,
        conversation_subentry(prompt=PERSON),
        ai_task_subentry(),
        hub_subentry(other, "Mini PC", **STANDBY),
        options={"vram_total": 16, "wake_entity": "button.wake"},
        **{**SECRETS, **data},
    )


async def everything(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of the entry and of each of its devices by name, as they are downloaded."""
    files: dict[str, Any] = {"": await get_diagnostics_for_config_entry(hass, hass_client, entry)}
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id):
        files[str(device.name)] = await get_diagnostics_for_device(hass, hass_client, entry, device)
    return files


@pytest.mark.freeze_time("2026-11-21 12:00:00+00:00")
async def test_diagnostics(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
    snapshot: SnapshotAssertion,
) -> None:
    async with (
        OllamaServer([LLAMA, GEMMA], api_key="sk-first-secret") as hub,
        OllamaServer([GEMMA], api_key="another") as other,
    ):
        await hub.load(MODEL, num_ctx=4096)
        entry = await set_up(hass, homelab(hub.url, other.url))
        hub.script(Reply(content="Good evening."))
        request = ChatRequest(MODEL, (Message("user", "Hello"),), num_ctx=4096)
        async with entry.runtime_data.hubs[0].server.chat(request, Purpose.VOICE, "jarvis") as chunks:
            [chunk async for chunk in chunks]
        await pass_time(hass, freezer)
        # Whether the hub answers without its key is found out in the background.
        await hass.async_block_till_done(wait_background_tasks=True)
        files = await everything(hass, hass_client, entry)
        assert set(files) == {"", "Homelab", "Ollama", "Mini PC", "Jarvis", "AI Task"}
        for name, found in files.items():
            assert found == snapshot(name=name or "entry")


async def test_no_secret_is_in_them(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Not while all is well, and not in what is said of a fault either."""
    async with OllamaServer() as hub, OllamaServer() as other:
        entry = await set_up(hass, homelab(hub.url, other.url))
        files = [await everything(hass, hass_client, entry)]
        # A proxy that repeats what it was given.
        given = "Bearer sk-first-secret with X-Access header-secret is not known"
        for status in (401, 500):
            hub.inject(Fault.status(status, given, path="/api/tags"))
            await pass_time(hass, freezer)
            assert is_on(hass, "online") == STATE_OFF
            files.append(await everything(hass, hass_client, entry))
        await hub.stop()
        await other.stop()
        await pass_time(hass, freezer)
        assert is_on(hass, "online") == STATE_OFF
        files.append(await everything(hass, hass_client, entry))
    for one in files:
        text = json.dumps(one)
        assert [word for word in WORDS if word in text] == []


async def test_address_that_was_written_into_the_storage(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, hub: OllamaServer
) -> None:
    """The flow takes no address with a password, but an old entry might have one."""
    url = hub.url.replace("http://", "http://mike:password-of-url@")
    entry = await set_up(hass, homelab(url, url))
    text = json.dumps(await everything(hass, hass_client, entry))
    assert [word for word in WORDS if word in text] == []


async def test_faults_are_in_them(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    await set_up(hass, entry := homelab_entry(hub.url))
    hub.inject(Fault.status(500, {"error": "model list cache unavailable"}, path="/api/tags"))
    await pass_time(hass, freezer)
    (found,) = (await everything(hass, hass_client, entry))[""]["hubs"]
    assert found["offline_since"]
    assert found["state"]["online"] is False
    assert "model list cache unavailable" in found["state"]["problem"]


async def test_system(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """How much a system says is in them, not what it says; and never what opens it."""
    secrets: dict[str, Any] = {
        "token": "token-secret",
        "username": "mike-secret",
        "password": "password-secret",
        "api_key": "key-secret",
        "ca_certificate": make_certificates().ca,
        "metrics_url": "http://metrics-secret:9/metrics",
        "paperless_url": "http://paperless-secret:9",
    }
    async with Alerts() as alerts:
        alerts.firing = {"Disk": "critical", "Fan": "info"}
        entry = await set_up(
            hass, watched_homelab(hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts", **secrets))
        )
        files = await everything(hass, hass_client, entry)
        expected = {
            "kind": "alertmanager",
            "settings": dict.fromkeys(("url", *secrets), "**REDACTED**"),
            "online": True,
            "failure": None,
            "version": "0.28.1",
            "data": {"version": 1, "active": 2, "silenced": 0, "problems": 2, "kept_back": 0, "failed": 1},
            "not_seen": [],
            "unknown_severities": [],
            "forbidden": [],
            "problems": ["alert", "alert"],
        }
        assert files["Alerts"] == expected
        assert files[""]["monitors"] == [expected]
        assert files["Homelab"] == files[""]["health"]
        assert files["Homelab"] == {
            "health": "critical",
            "problems": {"critical": 1, "warning": 0, "info": 1},
            "muted": 0,
            "not_seen": [],
            "consequences": 0,
        }
        alerts.faults.status(500, "Bearer token-secret of mike-secret is not known")
        await pass_time(hass, freezer)
        failed = await everything(hass, hass_client, entry)
    assert (failed["Alerts"]["online"], failed["Alerts"]["data"]) == (False, expected["data"])
    assert failed["Alerts"]["failure"] == "500: Bearer **REDACTED** of **REDACTED** is not known"
    assert failed["Alerts"]["problems"] == ["alert", "alert", "offline"]
    text = json.dumps([files, failed])
    assert [word for word in (*WORDS, "-secret", "Disk") if word in text] == []


async def test_what_a_person_looks_for_is_not_in_them(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, hub: OllamaServer
) -> None:
    """Queries and texts name what runs in a house; how many and how bad they are does not."""
    query = {"name": "Queue", "query": 'rate(mails_total{instance="vault.lan:9090"}[5m])', "above": 3}
    url = "http://127.0.0.1:9"
    entry = await set_up(
        hass,
        watched_homelab(
            hub.url,
            monitor_subentry("prometheus", url, "Prometheus", queries=[query]),
            monitor_subentry("web", url, "Router", contains="Welcome to Elm Street"),
        ),
    )
    files = await everything(hass, hass_client, entry)
    redacted = [{**query, "query": "**REDACTED**"}]
    assert files["Prometheus"]["settings"] == {"url": "**REDACTED**", "queries": redacted}
    assert files["Router"]["settings"] == {"url": "**REDACTED**", "contains": "**REDACTED**"}
    text = json.dumps(files)
    assert [word for word in (*WORDS, "mails_total", "vault.lan", "Welcome") if word in text] == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Connect call failed ('192.168.1.10', 6443)", "Connect call failed ('**REDACTED**', 6443)"),
        ("dial tcp [fd00:1::7%eth0]:443: refused.", "dial tcp [**REDACTED**]:443: refused."),
        ("no route to fe80::1:2.", "no route to **REDACTED**."),
        ("::ffff:10.0.0.7 is gone", "**REDACTED** is gone"),
        ('Get "https://ada:pw@vault.lan:8200/v1?x=1": EOF', 'Get "https://**REDACTED**/v1?x=1": EOF'),
        # Another system of the same homelab, whatever the case of its letters.
        ("lookup NAS.example on Mini-PC: no such host", "lookup **REDACTED** on **REDACTED**: no such host"),
        ("key another-key of müller.example", "key **REDACTED** of **REDACTED**"),
        ("xn--mller-kva.example", "**REDACTED**"),
        # Neither a time, a version nor a model is an address.
        ("12:30:45 llama3.1:8b 0.33.0 std::vector", "12:30:45 llama3.1:8b 0.33.0 std::vector"),
    ],
)
async def test_addresses_are_not_in_what_a_system_says(
    *,
    said: str,
    expected: str,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    async with Alerts() as alerts:
        # Names that nobody asks: here they could not be resolved.
        paperless = {"api_key": "another-key", "paperless_url": "http://müller.example"}
        entry = watched_homelab(
            hub.url,
            monitor_subentry("alertmanager", alerts.url, "Alerts", metrics_url="http://mini-pc:9"),
            monitor_subentry("web", "http://127.0.0.1:9", "NAS", metrics_url="http://nas.example"),
            monitor_subentry("web", "http://127.0.0.1:9", "Shop", **paperless),
        )
        await set_up(hass, entry)
        alerts.faults.status(500, said)
        hub.inject(Fault.status(500, said, path="/api/tags"))
        await pass_time(hass, freezer)
        files = await everything(hass, hass_client, entry)
    assert files["Alerts"]["failure"] == f"500: {expected}"
    assert files["Ollama"]["state"]["problem"] == f"500: {expected}"


async def test_secret_that_is_a_part_of_another(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The longest goes first, or the rest of it would be left."""
    keys = [f"sesame{'-open' * number}" for number in range(8)]
    headers = {f"X-Key-{number}": key for number, key in enumerate(keys)}
    async with Alerts() as alerts:
        entry = homelab_entry(
            hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"), headers=headers
        )
        await set_up(hass, entry)
        alerts.faults.status(500, " ".join(keys))
        await pass_time(hass, freezer)
        files = await everything(hass, hass_client, entry)
    assert files["Alerts"]["failure"] == f"500: {' '.join(['**REDACTED**'] * len(keys))}"


async def test_system_that_never_answered(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, hub: OllamaServer
) -> None:
    url = "http://127.0.0.1:9"
    entry = await set_up(hass, watched_homelab(hub.url, monitor_subentry("web", url, "Router")))
    found = (await everything(hass, hass_client, entry))["Router"]
    assert (found["online"], found["version"], found["data"]) == (False, None, {})
    assert "127.0.0.1" not in found["failure"]


async def test_device_that_is_none_of_ours(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, hub: OllamaServer
) -> None:
    """One that an earlier version left behind, for example."""
    entry = await set_up(hass, homelab_entry(hub.url))
    left = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "left")}, name="Left"
    )
    assert await get_diagnostics_for_device(hass, hass_client, entry, left) == {}


async def test_entry_that_could_not_be_set_up(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, hub: OllamaServer
) -> None:
    """Home Assistant offers the file then, too, and that is when it is wanted."""
    entry = await set_up(hass, homelab_entry(hub.url, ca_certificate="no PEM"))
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert (found["hubs"], found["monitors"], found["health"]) == ([], [], None)
    assert "no PEM" not in json.dumps(found)
