"""All that can go wrong with a hub: each has its words, nothing is lost, and the log stays readable."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from functools import partial
import logging
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.homelab_ai.agent import prompt
from custom_components.homelab_ai.api import transport
from custom_components.homelab_ai.hub import gate
from demo.servers.certificates import Certificates, make_certificates
from demo.servers.ollama import Fault, OllamaServer, Reply, Timing, ToolCall
from homeassistant.components import conversation
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm

from .common import (
    AGENT,
    MODEL,
    ai_task_subentry,
    ask,
    conversation_subentry,
    homelab_entry,
    is_error,
    set_up,
    speech,
)
from .turns import (
    Turn,
    assert_no_traceback,
    chats,
    do_task,
    error_text,
    furnish,
    is_on,
    listen,
    move_in,
    png,
    roles,
    sent,
    until,
)

SKY = "Why is the sky blue?"
"""What Home Assistant's own agent has no answer to."""


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration wrote into the log, but for what is only for developers."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.homelab_ai") and record.levelno > logging.DEBUG
    ]


async def assert_works(hass: HomeAssistant, hub: OllamaServer, conversation_id: str | None = None) -> None:
    """Fail if anything is left over from what went wrong."""
    hub.clear_faults()
    hub.hub.replies.clear()
    hub.script(Reply("All is well."))
    assert (await listen(hass, SKY, conversation_id=conversation_id)).answer == "All is well."
    assert not hub.generating


CHAT = "/api/chat"
AT_ONCE = {
    "cut": (Fault.drop_before_first_token(CHAT), "hubs_offline"),
    "400": (Fault.status(400, {"error": "no"}, CHAT), "bad_response"),
    "401": (Fault.status(401, path=CHAT), "invalid_auth"),
    "403": (Fault.status(403, path=CHAT), "invalid_auth"),
    "404": (Fault.status(404, path=CHAT), "model_missing"),
    "500": (Fault.status(500, path=CHAT), "bad_response"),
    "502": (Fault.status(502, "<html>Bad Gateway</html>", CHAT), "hubs_offline"),
    "504": (Fault.status(504, "<html>Gateway Timeout</html>", CHAT), "hubs_offline"),
    "page": (Fault.status(200, "<html>Welcome</html>", CHAT), "bad_response"),
    "empty": (Fault.status(200, "", CHAT), "bad_response"),
    "no-json": (Fault.garbage_line(after=0, path=CHAT), "bad_response"),
    "error-line": (Fault.error_line("CUDA error: out of memory", after=0, path=CHAT), "bad_response"),
    "huge-line": (Fault.huge_line(2 * transport.MAX_LINE, after=0, path=CHAT), "bad_response"),
    "silence": (Fault.stall(after=0, path=CHAT), "hubs_offline"),
}
LATER = {
    "cut": Fault.drop_after_first_token(2, CHAT),
    "no-json": Fault.garbage_line(2, CHAT),
    "error-line": Fault.error_line("CUDA error: out of memory", 2, CHAT),
    "huge-line": Fault.huge_line(2 * transport.MAX_LINE, 2, CHAT),
    "silence": Fault.stall(after=2, path=CHAT),
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take little silence for a dead server."""
    monkeypatch.setattr(transport, "LOAD_TIMEOUT", 0.3)
    monkeypatch.setattr(transport, "SILENCE_TIMEOUT", 0.3)
    monkeypatch.setattr(gate, "QUIET", 0.0)


def again(fault: Fault) -> Fault:
    """Return a fresh copy of a fault, for two requests."""
    fault = Fault(**{name: getattr(fault, name) for name in Fault.__slots__})
    fault.times, fault.applied = 2, 0
    return fault


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("fault", "key"), AT_ONCE.values(), ids=AT_ONCE)
async def test_fault_before_the_first_word(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, fault: Fault, key: str
) -> None:
    await move_in(hass, hub.url, offline_fallback=False)
    hub.inject(again(fault))
    turn = await listen(hass, SKY, language="de", conversation_id="talk")
    assert turn.result is not None
    assert is_error(turn.result)
    # Who only listens is not told to check a key.
    heard = "hub_refuses" if key == "invalid_auth" else key
    start, _, _ = error_text(heard, "de", system="Homelab", model=MODEL, reason="*").partition("*")
    assert turn.answer.startswith(start)
    assert len(turn.answer) < 300
    await hass.async_block_till_done()
    with pytest.raises(HomeAssistantError) as caught:
        await do_task(hass, SKY)
    assert caught.value.translation_key == key
    await hass.async_block_till_done(wait_background_tasks=True)
    assert_no_traceback(caplog)
    assert said(caplog) == []
    await assert_works(hass, hub, "talk")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", LATER.values(), ids=LATER)
async def test_fault_in_the_middle_of_the_answer(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply("One two three four."), Reply("One two three four."))
    hub.inject(again(fault))
    turn = await listen(hass, "Turn on the Kitchen", conversation_id="talk")
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text("answer_broken", hub="Ollama")
    assert turn.text == f"One two{turn.answer}"
    assert not is_on(hass)
    await hass.async_block_till_done()
    # A task's answer is nothing until it is whole.
    with pytest.raises(HomeAssistantError):
        await do_task(hass, "Count")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert_no_traceback(caplog)
    assert said(caplog) == []
    await assert_works(hass, hub, "talk")
    assert "One two" not in str(sent(hub)["messages"])


async def test_tool_that_fails_while_the_hub_dies(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(tool_calls=[ToolCall("intent__HassTurnOn", {"name": "Cellar"})]))
    hub.inject(Fault.drop_after_first_token(1, CHAT))
    turn = await listen(hass, "Turn on the cellar")
    assert turn.answer == error_text("answer_broken", hub="Ollama")
    await hass.async_block_till_done()
    assert_no_traceback(caplog)
    await assert_works(hass, hub)


async def test_hub_that_is_switched_off_in_mid_sentence(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    await move_in(hass, hub.url)
    (turn,) = await in_mid_sentence(hass, hub)
    await hub.stop()
    assert (await turn).answer == error_text("answer_broken", hub="Ollama")
    assert (await listen(hass, SKY)).answer == error_text("hubs_offline")
    assert_no_traceback(caplog)
    await hub.start()
    await assert_works(hass, hub)


async def test_hub_that_is_off_is_told_once(
    hass: HomeAssistant,
    hub: OllamaServer,
    caplog: pytest.LogCaptureFixture,
    freezer: FrozenDateTimeFactory,
) -> None:
    async def wait(minutes: int) -> None:
        for _ in range(minutes):
            freezer.tick(timedelta(minutes=1))
            async_fire_time_changed(hass)
            await hass.async_block_till_done(wait_background_tasks=True)

    await hub.stop()
    await furnish(hass)
    entry = await set_up(hass, homelab_entry(hub.url))
    assert entry.state is ConfigEntryState.LOADED
    for _ in range(2):
        assert speech(await ask(hass, SKY)) == error_text("hubs_offline")
        await wait(3)
    assert not is_error(await ask(hass, "Turn on the Kitchen"))
    assert is_on(hass)
    (message,) = said(caplog)
    assert message.startswith("Ollama does not answer: ")
    await hub.start()
    await wait(3)
    await assert_works(hass, hub)
    await wait(3)
    assert said(caplog)[1:] == ["Ollama answers again"]
    assert_no_traceback(caplog)


@pytest.mark.parametrize("offline_fallback", [True, False])
async def test_wrong_key(
    hass: HomeAssistant,
    socket_enabled: None,
    caplog: pytest.LogCaptureFixture,
    offline_fallback: bool,
) -> None:
    async with OllamaServer(api_key="right") as hub:
        agent = conversation_subentry(offline_fallback=offline_fallback)
        await furnish(hass)
        entry = await set_up(hass, homelab_entry(hub.url, agent, ai_task_subentry(), api_key="wrong"))
        assert entry.state is ConfigEntryState.LOADED
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == SOURCE_REAUTH
        result = await ask(hass, SKY)
        assert is_error(result)
        assert speech(result) == error_text("hub_refuses")
        assert is_error(await ask(hass, "Turn on the Kitchen")) is not offline_fallback
        with pytest.raises(HomeAssistantError) as caught:
            await do_task(hass, SKY)
        assert caught.value.translation_key == "invalid_auth"
        assert_no_traceback(caplog)
        hass.config_entries.flow.async_abort(flow["flow_id"])


async def test_wrong_key_wakes_nothing(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer(api_key="right") as hub:
        await furnish(hass)
        agent = conversation_subentry(offline_fallback=False)
        options = {"wake_entity": "script.water_plants"}
        await set_up(hass, homelab_entry(hub.url, agent, options=options))
        turn = await listen(hass, SKY)
        assert (turn.text, turn.answer) == ("", error_text("hub_refuses"))


async def test_right_key_and_headers_go_with_every_request(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer(api_key="right") as hub:
        await set_up(hass, homelab_entry(hub.url, api_key="right", headers={"X-Homelab": "yes"}))
        await assert_works(hass, hub)
        assert {request.headers.get("X-Homelab") for request in hub.requests} == {"yes"}


async def test_cancelled_turn_stops_at_the_hub(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    await move_in(hass, hub.url)
    stall = hub.inject(Fault.stall(path=CHAT))
    turn = asyncio.create_task(listen(hass, SKY, conversation_id="talk"))
    await until(lambda: stall.spent and hub.generating)
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    await until(lambda: not hub.generating)
    assert chats(hub)[0].outcome == "cancelled"
    assert_no_traceback(caplog)
    await assert_works(hass, hub, "talk")
    # Nor does the turn keep others waiting.
    assert await asyncio.wait_for(do_task(hass, "Count"), 5)


async def test_two_turns_at_once(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply("First answer."), Reply("Second answer."))
    hub.inject(Fault.stall(seconds=0.1, path=CHAT))
    turns = await asyncio.gather(listen(hass, "First"), listen(hass, "Second"))
    assert {turn.text for turn in turns} == {"First answer.", "Second answer."}
    assert [roles(request.body or {}) for request in chats(hub)] == ["su", "su"]


async def test_two_turns_of_one_conversation_at_once(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply("First answer."), Reply("Second answer."))
    stall = hub.inject(Fault.stall(seconds=0.2, path=CHAT))
    first = hass.async_create_task(ask(hass, "First", conversation_id="talk"))
    await until(lambda: stall.spent)
    second = await ask(hass, "Second", conversation_id="talk")
    assert speech(await first) == "First answer."
    # Since 2026.11 Home Assistant refuses the second one itself.
    assert speech(second) in ("Second answer.", "This conversation is busy with another message")
    assert_no_traceback(caplog)
    await assert_works(hass, hub, "talk")


type Phase = Callable[[HomeAssistant, OllamaServer], Awaitable[list[asyncio.Task[Any]]]]
"""Begins a turn or a task, and returns when that is in the middle of something."""


async def before_the_first_word(hass: HomeAssistant, hub: OllamaServer) -> list[asyncio.Task[Any]]:
    stall = hub.inject(Fault.stall(after=0, path=CHAT))
    turn = hass.async_create_task(listen(hass, SKY))
    await until(lambda: stall.spent and hub.generating)
    return [turn]


async def in_mid_sentence(hass: HomeAssistant, hub: OllamaServer) -> list[asyncio.Task[Any]]:
    hub.inject(Fault.stall(after=2, path=CHAT))
    turn = Turn()
    task = hass.async_create_task(listen(hass, SKY, turn=turn))
    await until(lambda: turn.text)
    return [task]


async def between_two_attempts(hass: HomeAssistant, hub: OllamaServer) -> list[asyncio.Task[Any]]:
    hub.inject(Fault.status(503, path=CHAT, times=None))
    turn = hass.async_create_task(listen(hass, SKY))
    await until(lambda: chats(hub) and chats(hub)[0].status)
    return [turn]


async def while_waking(hass: HomeAssistant, hub: OllamaServer) -> list[asyncio.Task[Any]]:
    await hub.stop()
    turn = hass.async_create_task(listen(hass, SKY))
    await until(lambda: is_on(hass))
    return [turn]


async def in_a_task(hass: HomeAssistant, hub: OllamaServer) -> list[asyncio.Task[Any]]:
    stall = hub.inject(Fault.stall(path=CHAT))
    task = hass.async_create_task(do_task(hass, SKY))
    await until(lambda: stall.spent and hub.generating)
    return [task]


async def in_a_task_that_waits(hass: HomeAssistant, hub: OllamaServer) -> list[asyncio.Task[Any]]:
    turns = await in_mid_sentence(hass, hub)
    return [*turns, hass.async_create_task(do_task(hass, SKY))]


PHASES = (
    before_the_first_word,
    in_mid_sentence,
    between_two_attempts,
    while_waking,
    in_a_task,
    in_a_task_that_waits,
)


@pytest.mark.parametrize("reload", [False, True], ids=["unload", "reload"])
@pytest.mark.parametrize("phase", PHASES)
async def test_entry_is_unloaded_in_the_middle(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, phase: Phase, reload: bool
) -> None:
    await furnish(hass)
    options = {"wake_entity": "script.water_plants"}
    agent = conversation_subentry(offline_fallback=False)
    entry = await set_up(hass, homelab_entry(hub.url, agent, ai_task_subentry(), options=options))
    waiting = await phase(hass, hub)
    if reload:
        assert await hass.config_entries.async_reload(entry.entry_id)
    else:
        assert await hass.config_entries.async_unload(entry.entry_id)
    for ended in await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 3):
        if isinstance(ended, Turn):
            assert ended.answer == error_text("homelab_unloaded", system="Homelab")
        else:
            assert isinstance(ended, HomeAssistantError)
            assert ended.translation_key == "homelab_unloaded"
    await until(lambda: not hub.generating)
    assert_no_traceback(caplog)
    await hub.start()
    if not reload:
        assert await hass.config_entries.async_setup(entry.entry_id)
    await assert_works(hass, hub)


class Reload(llm.Tool):
    """What an assistant of an administrator may do."""

    name = "reload"
    description = "Reloads the homelab"
    integration = "homelab_ai"
    done = False

    async def async_call(self, hass: HomeAssistant, *_: object) -> llm.ToolResult:
        (entry,) = hass.config_entries.async_loaded_entries("homelab_ai")
        self.done = await hass.config_entries.async_reload(entry.entry_id)
        return llm.ToolResult({"reloaded": self.done})


class ReloadAPI(llm.API):
    """An API with that tool only."""

    tool = Reload()

    async def async_get_api_instance(self, llm_context: llm.LLMContext) -> llm.APIInstance:
        return llm.APIInstance(self, "", llm_context, [self.tool])


async def test_tool_that_reloads_the_homelab_comes_to_its_end(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    api = ReloadAPI(hass=hass, id="reload", name="Reload")
    llm.async_register_api(hass, api)
    await set_up(hass, homelab_entry(hub.url, conversation_subentry(llm_hass_api=["reload"])))
    hub.script(Reply(tool_calls=[ToolCall("reload")]), Reply("Never heard."))
    turn = await listen(hass, "Reload yourself!")
    assert api.tool.done
    assert turn.answer == error_text("homelab_unloaded", system="Homelab")
    assert_no_traceback(caplog)
    await assert_works(hass, hub)


async def test_entry_is_unloaded_while_prewarming(
    hass: HomeAssistant, socket_enabled: None, caplog: pytest.LogCaptureFixture
) -> None:
    async with OllamaServer(timing=Timing(load_seconds=0.5)) as hub:
        entry = await move_in(hass, hub.url)
        await conversation.async_prepare_agent(hass, AGENT, "en")
        await until(lambda: MODEL in hub.loaded)
        assert await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await until(lambda: hub.requests_to("/api/generate")[0].outcome == "cancelled")
        assert_no_traceback(caplog)


type ServeTls = Callable[[Certificates], Any]


@pytest.fixture
async def serve_tls(hass: HomeAssistant, socket_enabled: None) -> AsyncGenerator[ServeTls]:
    servers: list[OllamaServer] = []
    # In debug mode asyncio takes a client that hangs up in the handshake for an error.
    hass.loop.set_debug(False)

    async def serve(certificates: Certificates) -> OllamaServer:
        context = await hass.async_add_executor_job(certificates.server_context)
        server = OllamaServer(ssl_context=context)
        servers.append(server)
        await server.start()
        return server

    yield serve
    for server in servers:
        await server.stop()


@pytest.mark.parametrize("trust", ["ca_certificate", "verify_ssl"])
async def test_hub_with_a_certificate_of_its_own(
    hass: HomeAssistant, serve_tls: ServeTls, trust: str
) -> None:
    certificates = await hass.async_add_executor_job(make_certificates)
    hub = await serve_tls(certificates)
    data: dict[str, Any] = {"ca_certificate": certificates.ca}
    if trust == "verify_ssl":
        data = {"verify_ssl": False}
    await furnish(hass)
    await set_up(hass, homelab_entry(hub.url, **data))
    await assert_works(hass, hub)


@pytest.mark.parametrize("expired", [False, True], ids=["unknown-authority", "expired"])
async def test_certificate_that_cannot_be_trusted(
    hass: HomeAssistant, serve_tls: ServeTls, caplog: pytest.LogCaptureFixture, expired: bool
) -> None:
    certificates = await hass.async_add_executor_job(partial(make_certificates, expired=expired))
    hub = await serve_tls(certificates)
    data: dict[str, Any] = {"ca_certificate": certificates.ca} if expired else {}
    entry = await set_up(hass, homelab_entry(hub.url, **data))
    assert entry.state is ConfigEntryState.LOADED
    result = await ask(hass, SKY)
    assert is_error(result)
    reason = "certificate has expired" if expired else "self-signed certificate in certificate chain"
    assert speech(result) == error_text("certificate", system="Homelab", reason=reason)
    assert_no_traceback(caplog)


async def test_certificate_that_is_none_keeps_the_entry_from_loading(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, ca_certificate="no certificate"))
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "invalid_ca_certificate"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"GIF89a", "attachment_not_image"),
        (png() + bytes(200), "attachment_too_large"),
        (None, "attachment_unreadable"),
    ],
)
async def test_attachment_that_is_no_use_is_said(  # noqa: PLR0917
    hass: HomeAssistant,
    hub: OllamaServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    data: bytes | None,
    key: str,
) -> None:
    monkeypatch.setattr(prompt, "MAX_IMAGE", 200)
    await move_in(hass, hub.url)
    path = tmp_path / "door.png"
    if data:
        path.write_bytes(data)
    attachment = conversation.Attachment("media-source://camera/door", "image/png", path)
    turn = await listen(hass, SKY, attachments=[attachment], language="de")
    assert turn.answer == error_text(key, "de", file="door.png", type="image/png", limit=0)
    assert not chats(hub)


async def test_picture_of_a_conversation_is_sent(
    hass: HomeAssistant, hub: OllamaServer, tmp_path: Path
) -> None:
    await move_in(hass, hub.url, model="qwen2.5vl:7b")
    path = tmp_path / "door.png"
    path.write_bytes(png(320, 200))
    attachment = conversation.Attachment("media-source://camera/door", "image/png", path)
    turn = await listen(hass, "What is this?", attachments=[attachment])
    assert turn.answer == "I see 1 image: PNG 320 x 200 pixels."
