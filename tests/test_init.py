"""A homelab from its setup to its end: what it needs, what it leaves behind, and what changes at runtime."""

import asyncio
import time
from types import MappingProxyType
from typing import Any

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.homelab_ai.api import ollama
from custom_components.homelab_ai.const import CONVERSATION, DOMAIN, HUB
from custom_components.homelab_ai.hub import connection
from demo.servers.certificates import Certificates, make_certificates
from demo.servers.ollama import Fault, OllamaServer, Reply, Timing
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry, ConfigSubentryDataWithId
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir

from .common import (
    AGENT,
    MODEL,
    TASK,
    ai_task_subentry,
    ask,
    conversation_subentry,
    homelab_entry,
    hub_subentry,
    is_error,
    set_up,
    speech,
)
from .looking import ENTRY_ID, assert_platform, device, is_on, issues, pass_time, sensor, standby, until
from .systems import monitor_subentry

HUB_DEVICE = f"{ENTRY_ID}_hub"


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return make_certificates()


class HangingServer(OllamaServer):
    """A hub that can be made to never tell which models are loaded."""

    hangs = False
    hanging = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.hangs and request.path == "/api/ps":
            self.hanging += 1
            await asyncio.sleep(60)
        return await super().handle(request)


def forgive_handshakes(hass: HomeAssistant) -> None:
    """Let a server of ours find that it is not trusted; asyncio reports that, and the tests would fail."""
    report = hass.loop.get_exception_handler()
    assert report is not None

    def report_others(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if "incoming connection" not in context["message"]:
            report(loop, context)

    hass.loop.set_exception_handler(report_others)


def entities(hass: HomeAssistant, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    return er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


def devices(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str | None, dr.DeviceEntry]:
    """Return the devices of a homelab by name."""
    return {one.name: one for one in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)}


# Setting up


async def test_loads(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    assert entry.state is ConfigEntryState.LOADED
    assert is_on(hass, "online") == STATE_ON


async def test_loads_while_the_hub_is_off(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """The house must not go without its other answers: the agent is there, and says itself what is wrong."""
    await hub.stop()
    entry = await set_up(hass, homelab_entry(hub.url))
    assert entry.state is ConfigEntryState.LOADED
    assert is_on(hass, "online") == STATE_OFF
    for agent in (AGENT, TASK):
        found = hass.states.get(agent)
        assert found is not None
        assert found.state == STATE_UNKNOWN
    await hub.start()
    await pass_time(hass, freezer)
    assert is_on(hass, "online") == STATE_ON


async def test_a_hub_that_hangs_does_not_keep_the_house_waiting(
    hass: HomeAssistant, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama, "ANSWER_TIMEOUT", 0.2)
    async with HangingServer() as hub:
        hub.hangs = True
        entry = await set_up(hass, homelab_entry(hub.url))
        assert entry.state is ConfigEntryState.LOADED
        assert is_on(hass, "online") == STATE_OFF


async def test_key_headers_and_path_are_used(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer(api_key="sk-secret", path_prefix="/ollama") as hub:
        await set_up(hass, homelab_entry(hub.url, api_key="sk-secret", headers={"X-Token": "abc"}))
        assert is_on(hass, "online") == STATE_ON
        assert {request.headers["X-Token"] for request in hub.requests} == {"abc"}


async def test_private_authority_is_trusted(
    hass: HomeAssistant, socket_enabled: None, certificates: Certificates
) -> None:
    async with OllamaServer(ssl_context=certificates.server_context()) as hub:
        await set_up(hass, homelab_entry(hub.url, ca_certificate=certificates.ca))
        assert is_on(hass, "online") == STATE_ON


async def test_verification_can_be_off(
    hass: HomeAssistant, socket_enabled: None, certificates: Certificates
) -> None:
    async with OllamaServer(ssl_context=certificates.server_context()) as hub:
        await set_up(hass, homelab_entry(hub.url, verify_ssl=False))
        assert is_on(hass, "online") == STATE_ON


async def test_certificate_that_is_not_trusted_is_a_hub_that_is_off(
    hass: HomeAssistant, socket_enabled: None, certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    forgive_handshakes(hass)
    async with OllamaServer(ssl_context=certificates.server_context()) as hub:
        entry = await set_up(hass, homelab_entry(hub.url))
    assert entry.state is ConfigEntryState.LOADED
    assert is_on(hass, "online") == STATE_OFF
    assert "Ollama does not answer: self-signed certificate" in caplog.text


@pytest.mark.parametrize("whose", ["Ollama", "Standby"])
async def test_authority_that_is_no_certificate(whose: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    """It cannot come from a flow; somebody wrote it into the storage."""
    broken: dict[str, Any] = {"ca_certificate": "no PEM"}
    entry = (
        homelab_entry(hub.url, **broken)
        if whose == "Ollama"
        else homelab_entry(hub.url, hub_subentry(hub.url, **broken))
    )
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "invalid_ca_certificate"
    assert str(entry.reason).startswith(f"The CA certificate of {whose} is not a valid PEM certificate")
    assert entities(hass, entry) == []


@pytest.mark.parametrize(
    "broken",
    [
        hub_subentry("http://mini-pc", "B", ca_certificate="no PEM"),
        monitor_subentry("web", "http://nas", "NAS", ca_certificate="no PEM"),
    ],
    ids=["standby", "system"],
)
async def test_set_up_that_fails_leaves_no_client(
    broken: ConfigSubentryDataWithId, hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ollama.OllamaClient] = []

    class NotedClient(ollama.OllamaClient):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made.append(self)

    monkeypatch.setattr(connection, "OllamaClient", NotedClient)
    entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(hub.url, "A"), broken))
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert [one._client._client.is_closed for one in made] == [True, True]


async def test_refused_key_starts_one_reauth(
    hass: HomeAssistant, socket_enabled: None, freezer: FrozenDateTimeFactory
) -> None:
    async with OllamaServer(api_key="sk-new") as hub:
        entry = await set_up(hass, homelab_entry(hub.url, api_key="sk-old"))
        for _ in range(3):
            await pass_time(hass, freezer)
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == "reauth"
        assert flow["context"]["entry_id"] == entry.entry_id
    assert entry.state is ConfigEntryState.LOADED
    assert is_on(hass, "online") == STATE_OFF
    assert issues(hass) == {}


async def test_reauth_is_not_started_by_an_outage(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await hub.stop()
    await pass_time(hass, freezer)
    assert hass.config_entries.flow.async_progress() == []


# Devices


async def test_devices(hass: HomeAssistant, hub: OllamaServer, snapshot: SnapshotAssertion) -> None:
    """Agents and standby hubs hang below the homelab's own hub, and that below the homelab."""
    async with OllamaServer(version="0.30.1") as other:
        entry = await set_up(
            hass,
            homelab_entry(
                hub.url, conversation_subentry(), ai_task_subentry(), hub_subentry(other.url, "Mini PC")
            ),
        )
        found = devices(hass, entry)
        assert sorted(map(str, found)) == ["AI Task", "Homelab", "Jarvis", "Mini PC", "Ollama"]
        homelab, first = found["Homelab"], found["Ollama"]
        for name, one in sorted(found.items(), key=str):
            if one not in (homelab, first):
                assert one.via_device_id == first.id
                (identifier,) = one.identifiers
                assert identifier == (DOMAIN, one.config_subentry_id)
            assert one == snapshot(
                name=str(name),
                exclude=props("configuration_url", "identifiers"),
            )
        assert (homelab.via_device_id, first.via_device_id) == (None, homelab.id)
        assert homelab.identifiers == {(DOMAIN, ENTRY_ID)}
        assert first.identifiers == {(DOMAIN, HUB_DEVICE)}
        assert first.configuration_url == hub.url
        assert found["Mini PC"].configuration_url == other.url
        assert (first.sw_version, found["Mini PC"].sw_version) == ("0.33.0", "0.30.1")


async def test_agents(hass: HomeAssistant, hub: OllamaServer, snapshot: SnapshotAssertion) -> None:
    """They have the name and the id of their subentry; what an AI task can do depends on Home Assistant."""
    subentries = [
        ConfigSubentryDataWithId(**conversation_subentry(), subentry_id="01JARVIS00000000000000000A"),
        ConfigSubentryDataWithId(**ai_task_subentry(), subentry_id="01AITASK00000000000000000A"),
    ]
    await set_up(hass, homelab_entry(hub.url, *subentries))
    assert_platform(hass, snapshot, "conversation")
    assert_platform(hass, snapshot, "ai_task", leave_out=("supported_features",))


async def test_device_of_a_hub_that_is_off_keeps_its_version(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    await hub.stop()
    await hass.config_entries.async_reload(entry.entry_id)
    found = device(hass, HUB_DEVICE)
    assert found is not None
    assert found.sw_version == "0.33.0"


async def test_unique_ids_are_of_the_entry_or_of_the_standby(hass: HomeAssistant, hub: OllamaServer) -> None:
    """They are a contract: a person's history hangs on them."""
    entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(hub.url)))
    stems = {ENTRY_ID: None, standby(entry): standby(entry)}
    keys: dict[str, set[str]] = {stem: set() for stem in stems}
    for one in entities(hass, entry):
        stem, _, key = one.unique_id.partition("_")
        assert one.config_subentry_id == stems[stem]
        keys[stem].add(f"{one.domain}.{key}")
    homelab = {
        "binary_sensor.problem",
        "event.problem",
        "sensor.critical_problems",
        "sensor.health",
        "sensor.muted_problems",
        "sensor.problems",
        "todo.inbox",
    }
    assert keys[ENTRY_ID] == keys[standby(entry)] | homelab
    assert keys[standby(entry)] == {
        "binary_sensor.contention",
        "binary_sensor.online",
        "binary_sensor.spilling",
        "button.cancel_download",
        "button.unload_models",
        "sensor.download",
        "sensor.failed_requests",
        "sensor.generated_tokens",
        "sensor.generation_speed",
        "sensor.load_time",
        "sensor.models_installed",
        "sensor.models_loaded",
        "sensor.models_size",
        "sensor.next_unload",
        "sensor.prompt_speed",
        "sensor.prompt_tokens",
        "sensor.ram_spill",
        "sensor.requests",
        "sensor.response_time",
        "sensor.time_to_first_token",
        "sensor.version",
        "sensor.vram_total",
        "sensor.vram_usage",
        "sensor.vram_used",
    }


# Changes at runtime


async def test_subentry_that_is_added_and_removed(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    async with OllamaServer() as other:
        await other.load("gemma3:4b", keep_alive=-1)
        new = (
            ConfigSubentry(
                data=MappingProxyType({"url": other.url, "verify_ssl": True}),
                subentry_type=HUB,
                title="Standby",
                unique_id=None,
            ),
            ConfigSubentry(
                data=MappingProxyType({"model": MODEL}),
                subentry_type=CONVERSATION,
                title="Friday",
                unique_id=None,
            ),
        )
        for one in new:
            hass.config_entries.async_add_subentry(entry, one)
            await hass.async_block_till_done()
        assert set(devices(hass, entry)) == {"Homelab", "Ollama", "Jarvis", "Standby", "Friday"}
        assert is_on(hass, "online", standby(entry)) == STATE_ON
        assert speech(await ask(hass, "Hello", agent="conversation.friday"))
        assert "model_pinned" in issues(hass)
        for one in new:
            hass.config_entries.async_remove_subentry(entry, one.subentry_id)
            await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        assert set(devices(hass, entry)) == {"Homelab", "Ollama", "Jarvis"}
        assert {one.config_subentry_id for one in entities(hass, entry)} == {
            None,
            next(iter(entry.subentries)),
        }
        assert issues(hass) == {}
        seen = len(other.requests)
        await entry.runtime_data.hubs[0].async_refresh()
        assert len(other.requests) == seen


async def test_changes_that_follow_each_other_are_all_used(hass: HomeAssistant, hub: OllamaServer) -> None:
    """The second comes while the homelab is being loaded again for the first."""
    entry = await set_up(hass, homelab_entry(hub.url))
    for gibibytes in (8, 16, 24):
        hass.config_entries.async_update_entry(entry, options={"vram_total": gibibytes})
    await hass.async_block_till_done()
    assert float(sensor(hass, "vram_total")) == 24


async def test_options_that_change_are_used_at_once(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    assert sensor(hass, "vram_total") == STATE_UNKNOWN
    hass.config_entries.async_update_entry(entry, options={"vram_total": 24})
    await hass.async_block_till_done()
    assert float(sensor(hass, "vram_total")) == 24


# Unloading and removing


async def test_unloading_leaves_nothing(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await hub.load(MODEL, 4096)
    entry = await set_up(hass, homelab_entry(hub.url))
    assert "context_conflict" in issues(hass)
    await ask(hass, "Hello")
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert is_on(hass, "online") == STATE_UNAVAILABLE
    assert issues(hass) == {}
    assert {request.outcome for request in hub.requests} == {"finished"}
    seen = len(hub.requests)
    await pass_time(hass, freezer, 120)
    assert len(hub.requests) == seen


async def test_a_look_under_way_leaves_nothing_either(
    hass: HomeAssistant, socket_enabled: None, caplog: pytest.LogCaptureFixture
) -> None:
    """That it is cut off is no outage, and raises no repair again."""
    async with HangingServer() as hub:
        await hub.load(MODEL, 4096)
        entry = await set_up(hass, homelab_entry(hub.url))
        assert "context_conflict" in issues(hass)
        hub.hangs = True
        look = hass.async_create_task(entry.runtime_data.hubs[0].async_refresh())
        await until(lambda: hub.hanging)
        assert await hass.config_entries.async_unload(entry.entry_id)
        async with asyncio.timeout(10):
            await look
        assert issues(hass) == {}
        assert "does not answer" not in caplog.text


async def test_goes_on_where_it_cannot_be_unloaded(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is still used must not be closed."""
    entry = await set_up(hass, homelab_entry(hub.url))

    async def refuse(*_args: object) -> bool:
        return False

    monkeypatch.setattr(hass.config_entries, "async_unload_platforms", refuse)
    assert not await hass.config_entries.async_unload(entry.entry_id)
    assert (await entry.runtime_data.hubs[0].server.look()).online


async def test_loads_again(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    for _ in range(2):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
        assert is_on(hass, "online") == STATE_ON
        assert not is_error(await ask(hass, "Hello"))


async def test_removing_leaves_nothing(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OllamaServer(api_key="sk-secret") as other:
        await hub.load("gemma3:4b", keep_alive=-1)
        entry = await set_up(
            hass,
            homelab_entry(
                hub.url, conversation_subentry(num_ctx=64), hub_subentry(other.url, api_key="sk-wrong")
            ),
        )
        assert is_error(await ask(hass, "Hello"))
        assert set(issues(hass)) == {"model_pinned", "hub_rejected", "prompt_too_large"}
        await hass.config_entries.async_remove(entry.entry_id)
        await hass.async_block_till_done()
        assert issues(hass) == {}
        assert [one for one in ir.async_get(hass).issues if one[0] == DOMAIN] == []
        assert entities(hass, entry) == []
        assert devices(hass, entry) == {}


@pytest.mark.parametrize("begun", [False, True], ids=["waiting", "speaking"])
async def test_a_turn_under_way_ends_with_an_error(
    begun: bool, hass: HomeAssistant, socket_enabled: None
) -> None:
    async with OllamaServer(timing=Timing(tokens_per_second=20)) as hub:
        entry = await set_up(hass, homelab_entry(hub.url))
        hub.script(Reply(content="word " * 1000))
        if not begun:
            hub.inject(Fault.slow_load(30))
        turn = hass.async_create_task(ask(hass, "Tell me everything"))
        await until(lambda: hub.loaded and (not begun or hub.requests[-1].generated_tokens > 2))
        assert await hass.config_entries.async_unload(entry.entry_id)
        async with asyncio.timeout(10):
            assert is_error(await turn)
        await until(lambda: hub.requests_to("/api/chat")[-1].outcome == "cancelled")


@pytest.mark.parametrize("expected_lingering_timers", [True])  # of the chat session
@pytest.mark.parametrize("begun", [False, True], ids=["waiting", "speaking"])
async def test_stopping_ends_what_is_under_way(
    begun: bool, hass: HomeAssistant, socket_enabled: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Home Assistant does not wait for a turn, a prewarming or a download when it stops."""
    timing = Timing(tokens_per_second=20, pull_bytes_per_second=1e6)
    async with OllamaServer(timing=timing) as hub:
        entry = await set_up(hass, homelab_entry(hub.url))
        hub.script(Reply(content="word " * 1000))
        if not begun:
            hub.inject(Fault.slow_load(30))
        pull = hass.async_create_task(entry.runtime_data.hubs[0].server.downloads.pull("qwen3:32b"))
        turn = hass.async_create_task(ask(hass, "Tell me everything"))
        await until(
            lambda: hub.loaded and (not begun or hub.requests_to("/api/chat")[-1].generated_tokens > 2)
        )
        begun_at = time.monotonic()
        await hass.async_stop()
        assert time.monotonic() - begun_at < 20
        assert turn.done()
        assert is_error(turn.result())
        assert pull.done()
        assert {one.outcome for one in hub.requests_to("/api/chat")} == {"cancelled"}
    assert "Timed out" not in caplog.text
    assert "Traceback" not in caplog.text


async def test_two_homelabs_do_not_share_anything(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    async with OllamaServer(version="0.30.1") as other:
        one = await set_up(hass, homelab_entry(hub.url))
        cabin = MockConfigEntry(
            domain=DOMAIN,
            title="Cabin",
            entry_id="01CABIN000000000000000000A",
            data={"url": other.url, "verify_ssl": True},
            subentries_data=[conversation_subentry("Friday")],
        )
        two = await set_up(hass, cabin)
        assert {one.state, two.state} == {ConfigEntryState.LOADED}
        assert (sensor(hass, "version"), sensor(hass, "version", cabin.entry_id)) == ("0.33.0", "0.30.1")
        other.script(Reply(content="From the cabin."))
        assert speech(await ask(hass, "Hello", agent="conversation.friday")) == "From the cabin."
        assert await hass.config_entries.async_unload(one.entry_id)
        await hub.stop()
        await pass_time(hass, freezer)
        assert is_on(hass, "online") == STATE_UNAVAILABLE
        assert is_on(hass, "online", cabin.entry_id) == STATE_ON
