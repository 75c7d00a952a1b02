"""Which hub answers: the first that can, the next one, one that has to be woken, or none."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from custom_components.homelab_ai.hub import gate, pool
from custom_components.homelab_ai.hub.measurements import Purpose
from demo.servers.ollama import Fault, OllamaServer, Reply, Timing
from homeassistant.components.assist_pipeline.default_pipeline import STREAM_RESPONSE_CHARS
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from tests.common import (
    MODEL,
    ai_task_subentry,
    ask,
    conversation_subentry,
    homelab_entry,
    hub_subentry,
    is_error,
    set_up,
    speech,
)
from tests.turns import (
    assert_no_traceback,
    chats,
    do_task,
    error_text,
    furnish,
    is_off,
    is_on,
    listen,
    roles,
    sent,
    turn_on,
    words,
)

WAKERS = ("script", "button", "switch", "input_button")


@pytest.fixture
async def standby(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    async with OllamaServer(timing=Timing.instant()) as server:
        yield server


async def move_in_with_standby(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer, **agent: Any
) -> None:
    await furnish(hass)
    subentries = (conversation_subentry(**agent), ai_task_subentry(), hub_subentry(standby.url))
    await set_up(hass, homelab_entry(hub.url, *subentries))
    hub.requests.clear()
    standby.requests.clear()


async def test_first_hub_that_answers_serves(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await move_in_with_standby(hass, hub, standby)
    hub.script(Reply("I am the first."))
    assert speech(await ask(hass, "Hello")) == "I am the first."
    assert not chats(standby)


@pytest.mark.parametrize("known", [True, False], ids=["known-to-be-off", "off-since-just-now"])
async def test_standby_serves_while_the_first_is_off(
    hass: HomeAssistant,
    hub: OllamaServer,
    standby: OllamaServer,
    caplog: pytest.LogCaptureFixture,
    known: bool,
) -> None:
    if known:
        await hub.stop()
    await move_in_with_standby(hass, hub, standby)
    await hub.stop()
    standby.script(turn_on(), Reply("Done, says the standby."))
    turn = await listen(hass, "Kitchen light!")
    assert turn.text == turn.answer == "Done, says the standby."
    assert is_on(hass)
    assert_no_traceback(caplog)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.drop_before_first_token("/api/chat"),
        Fault.status(500, path="/api/chat"),
        Fault.status(401, path="/api/chat"),
        Fault.garbage_line(after=0, path="/api/chat"),
        Fault.error_line("CUDA error", after=0, path="/api/chat"),
    ],
    ids=["cut", "500", "401", "no-json", "error-line"],
)
async def test_hub_that_fails_before_the_first_word_is_replaced_within_the_turn(
    hass: HomeAssistant,
    hub: OllamaServer,
    standby: OllamaServer,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
) -> None:
    await move_in_with_standby(hass, hub, standby)
    hub.inject(fault)
    standby.script(Reply("Good evening."))
    turn = await listen(hass, "Hello")
    assert turn.text == turn.answer == "Good evening."
    assert len(chats(hub)) == len(chats(standby)) == 1
    assert_no_traceback(caplog)


@pytest.mark.parametrize("thinking", ["", "Let me see."])
async def test_hub_that_dies_later_ends_the_turn_with_a_spoken_error(
    hass: HomeAssistant,
    hub: OllamaServer,
    standby: OllamaServer,
    caplog: pytest.LogCaptureFixture,
    thinking: str,
) -> None:
    await move_in_with_standby(hass, hub, standby, model="qwen3:8b" if thinking else MODEL)
    hub.script(Reply("Good evening, sir.", thinking=thinking))
    hub.inject(Fault.drop_after_first_token(after=2, path="/api/chat"))
    turn = await listen(hass, "Hello", language="de")
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text("answer_broken", "de", hub="Ollama")
    # A pipeline that speaks already says what is streamed, so the error is streamed too; else once.
    assert turn.text.endswith(turn.answer) if not thinking else not turn.text
    assert not chats(standby)
    assert_no_traceback(caplog)


async def test_tools_that_ran_stay_done_when_the_next_round_goes_to_the_standby(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await move_in_with_standby(hass, hub, standby)
    hub.script(turn_on(), Reply("Never heard."))

    @callback
    def die(_: Event) -> None:
        hub.inject(Fault.drop_before_first_token("/api/chat"))

    hass.bus.async_listen("call_service", die)
    standby.script(Reply("The light is on."))
    turn = await listen(hass, "Kitchen light!")
    assert turn.answer == "The light is on."
    assert is_on(hass)
    assert roles(sent(standby)) == "suat"


async def test_hub_without_the_model_is_passed_over(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    hub.hub.remove(hub.hub.find(MODEL))  # type: ignore[arg-type]
    await move_in_with_standby(hass, hub, standby)
    standby.script(Reply("I have it."))
    assert speech(await ask(hass, "Hello")) == "I have it."
    assert not chats(hub)


async def test_model_that_was_just_deleted_is_looked_for_on_the_standby(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await move_in_with_standby(hass, hub, standby)
    hub.hub.remove(hub.hub.find(MODEL))  # type: ignore[arg-type]
    standby.script(Reply("I have it."))
    assert speech(await ask(hass, "Hello")) == "I have it."
    assert [request.status for request in chats(hub)] == [404]


@pytest.mark.parametrize("known", [True, False], ids=["known-to-be-missing", "deleted-just-now"])
async def test_no_hub_has_the_model(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer, known: bool
) -> None:
    def delete() -> None:
        for server in (hub, standby):
            server.hub.remove(server.hub.find(MODEL))  # type: ignore[arg-type]

    if known:
        delete()
    await move_in_with_standby(hass, hub, standby)
    if not known:
        delete()
    result = await ask(hass, "Turn on the kitchen")
    # The hubs are there, so Home Assistant's own agent does not step in.
    assert is_error(result)
    assert speech(result) == error_text("model_missing", model=MODEL)
    assert is_off(hass)


async def test_model_that_has_come_since_is_found(hass: HomeAssistant, hub: OllamaServer) -> None:
    model = hub.hub.find(MODEL)
    assert model is not None
    hub.hub.remove(model)
    await set_up(hass, homelab_entry(hub.url))
    hub.hub.install(model)
    hub.script(Reply("There I am."))
    assert speech(await ask(hass, "Hello")) == "There I am."


async def test_hub_that_was_off_is_found_again_at_once(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url))
    assert is_error(await ask(hass, "Why is the sky blue?"))
    await hub.start()
    hub.script(Reply("Back again."))
    assert speech(await ask(hass, "Are you back?")) == "Back again."


async def switch_off(hub: OllamaServer, standby: OllamaServer) -> None:
    await hub.stop()
    await standby.stop()


async def test_home_assistants_own_agent_steps_in_while_all_hubs_are_off(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    await move_in_with_standby(hass, hub, standby)
    await switch_off(hub, standby)
    turn = await listen(hass, "Turn on the Kitchen")
    assert turn.result is not None
    assert not is_error(turn.result)
    assert is_on(hass)
    assert turn.text == turn.answer
    assert_no_traceback(caplog)


async def test_what_it_does_not_understand_needs_the_hub(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await move_in_with_standby(hass, hub, standby)
    await switch_off(hub, standby)
    turn = await listen(hass, "Why is the sky blue?", conversation_id="talk")
    assert turn.result is not None
    assert is_error(turn.result)
    assert (turn.text, turn.answer) == ("", error_text("hubs_offline"))
    # What Home Assistant's agent said to itself is no part of the conversation.
    await hub.start()
    hub.script(Reply("Scattering."))
    assert (await listen(hass, "And now?", conversation_id="talk")).answer == "Scattering."
    assert "a" not in roles(sent(hub))


async def test_conversation_goes_on_where_the_fallback_left_it(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await move_in_with_standby(hass, hub, standby)
    await switch_off(hub, standby)
    first = await ask(hass, "Turn on the Kitchen")
    assert is_on(hass)
    await hub.start()
    hub.script(Reply("I did."))
    second = await ask(hass, "Did you?", conversation_id=first.conversation_id)
    assert first.conversation_id == second.conversation_id
    messages = [message.get("content") for message in sent(hub)["messages"]]
    assert [messages[1], *messages[-2:]] == ["Turn on the Kitchen", speech(first), "Did you?"]


async def test_without_fallback_the_hub_is_said_to_be_off(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await move_in_with_standby(hass, hub, standby, offline_fallback=False)
    await switch_off(hub, standby)
    result = await ask(hass, "Turn on the Kitchen")
    assert is_error(result)
    assert speech(result) == error_text("hubs_offline")
    assert is_off(hass)


async def test_fallback_does_not_do_again_what_a_tool_has_done(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await move_in_with_standby(hass, hub, standby)
    await standby.stop()
    hub.script(turn_on())
    done: list[Event] = []

    @callback
    def count(event: Event) -> None:
        if event.data["domain"] == "light":
            done.append(event)
            hub.inject(Fault.drop_before_first_token("/api/chat"))

    hass.bus.async_listen("call_service", count)
    result = await ask(hass, "Turn on the Kitchen")
    assert is_error(result)
    assert speech(result) == error_text("hubs_offline")
    assert len(done) == 1


class Waker:
    """What wakes the hub: counts how often it was pressed, and does it where `wakes`."""

    def __init__(self, hass: HomeAssistant, hub: OllamaServer, entity_id: str, *, wakes: bool) -> None:
        self.pressed = 0
        self._hass = hass
        self._hub = hub if wakes else None
        self._entity_id = entity_id
        hass.bus.async_listen("call_service", self._count)

    @callback
    def _count(self, event: Event) -> None:
        entity_id = event.data["service_data"].get("entity_id")
        if entity_id != self._entity_id or event.data["service"] not in ("press", "turn_on"):
            return
        self.pressed += 1
        if self._hub is not None:
            self._hass.async_create_task(self._hub.start())


@pytest.fixture
async def house(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> HomeAssistant:
    """Return a house with one entity of each kind that may wake a hub, and with little patience."""
    monkeypatch.setattr(pool, "WAKE_TIME", 0.5)
    monkeypatch.setattr(pool, "_WAKE_INTERVAL", 0.02)
    template = {
        "button": {"name": "Wake", "default_entity_id": "button.wake", "press": []},
        "switch": {"name": "Wake", "default_entity_id": "switch.wake", "turn_on": [], "turn_off": []},
    }
    for domain, config in {
        "homeassistant": {},
        "script": {"wake": {"sequence": [{"event": "wake"}]}},
        "input_button": {"wake": {}},
        "template": [template],
    }.items():
        assert await async_setup_component(hass, domain, {domain: config})
    await hass.async_block_till_done()
    return hass


async def move_in_asleep(
    house: HomeAssistant, hub: OllamaServer, domain: str = "script", *, wakes: bool = True, **agent: Any
) -> Waker:
    """Set up a homelab whose hub is off and has something that wakes it."""
    await hub.stop()
    entity_id = f"{domain}.wake"
    subentries = (conversation_subentry(**agent), ai_task_subentry())
    await set_up(house, homelab_entry(hub.url, *subentries, options={"wake_entity": entity_id}))
    return Waker(house, hub, entity_id, wakes=wakes)


@pytest.mark.parametrize("domain", WAKERS)
async def test_hub_is_woken_once_and_waited_for(
    house: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, domain: str
) -> None:
    waker = await move_in_asleep(house, hub, domain)
    hub.script(Reply("Good evening."))
    turn = await listen(house, "Hello")
    waking = words("common.waking")
    assert turn.deltas[1] == {"content": f"{waking} "}
    assert turn.text == turn.answer == f"{waking} Good evening."
    assert waker.pressed == 1
    assert_no_traceback(caplog)


async def test_waking_is_said_in_the_language_of_the_turn(house: HomeAssistant, hub: OllamaServer) -> None:
    await move_in_asleep(house, hub)
    turn = await listen(house, "Guten Abend", language="de")
    assert turn.text.startswith(words("common.waking", "de"))


@pytest.mark.parametrize("language", ["en", "de"])
def test_waking_text_is_long_enough_to_be_spoken_at_once(language: str) -> None:
    """A pipeline begins to speak an answer that is still streaming once it has so many characters."""
    assert len(words("common.waking", language)) > STREAM_RESPONSE_CHARS


async def test_task_wakes_the_hub_without_a_word(house: HomeAssistant, hub: OllamaServer) -> None:
    waker = await move_in_asleep(house, hub)
    hub.script(Reply("Three."))
    assert await do_task(house, "How many?") == "Three."
    assert waker.pressed == 1


async def test_hub_that_is_awake_is_not_woken(house: HomeAssistant, hub: OllamaServer) -> None:
    waker = await move_in_asleep(house, hub)
    await hub.start()
    hub.script(Reply("I am awake."))
    assert (await listen(house, "Hello")).text == "I am awake."
    assert waker.pressed == 0


async def test_nothing_is_woken_while_a_standby_serves(
    house: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await hub.stop()
    options = {"wake_entity": "script.wake"}
    await set_up(
        house, homelab_entry(hub.url, conversation_subentry(), hub_subentry(standby.url), options=options)
    )
    waker = Waker(house, hub, "script.wake", wakes=True)
    standby.script(Reply("At your service."))
    assert (await listen(house, "Hello")).text == "At your service."
    assert waker.pressed == 0


@pytest.mark.parametrize("offline_fallback", [True, False])
async def test_hub_that_does_not_wake_up_is_given_up(
    house: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, offline_fallback: bool
) -> None:
    waker = await move_in_asleep(house, hub, wakes=False, offline_fallback=offline_fallback)
    turn = await listen(house, "Why is the sky blue?")
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text("hubs_offline")
    assert turn.text == f"{words('common.waking')} {turn.answer}"
    assert waker.pressed == 1
    assert_no_traceback(caplog)


async def test_hub_that_wakes_up_and_fails_is_not_woken_again(
    house: HomeAssistant, hub: OllamaServer
) -> None:
    waker = await move_in_asleep(house, hub, offline_fallback=False)
    hub.inject(Fault.drop_before_first_token("/api/chat", times=None))
    turn = await listen(house, "Hello")
    assert turn.answer == error_text("hubs_offline")
    assert waker.pressed == 1
    assert len(chats(hub)) == 1


async def test_own_agent_answers_after_a_hub_that_does_not_wake_up(
    house: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in_asleep(house, hub, wakes=False)
    turn = await listen(house, "Hello")
    assert turn.result is not None
    assert not is_error(turn.result)
    # A pipeline that has spoken the first part speaks the rest only where it is streamed, too.
    assert turn.text == f"{words('common.waking')} {turn.answer}"


async def test_task_of_a_hub_that_does_not_wake_up(house: HomeAssistant, hub: OllamaServer) -> None:
    waker = await move_in_asleep(house, hub, wakes=False)
    with pytest.raises(HomeAssistantError) as caught:
        await do_task(house, "How many?")
    assert caught.value.translation_key == "hubs_offline"
    assert waker.pressed == 1


async def test_hub_that_falls_asleep_between_two_rounds_is_woken_in_the_same_turn(
    house: HomeAssistant, hub: OllamaServer
) -> None:
    waker = await move_in_asleep(house, hub)
    await hub.start()
    hub.script(turn_on("Wake"), Reply("Now it is on."))

    @callback
    def fall_asleep(event: Event) -> None:
        if event.data["service"] == "turn_on":
            house.async_create_task(hub.stop())

    async_expose_entity(house, "conversation", "switch.wake", True)
    house.bus.async_listen("call_service", fall_asleep)
    turn = await listen(house, "Switch on Wake")
    assert turn.answer.endswith("Now it is on.")
    assert waker.pressed == 1


@pytest.mark.parametrize("entity_id", ["script.gone", "light.gone"])
async def test_what_is_to_wake_the_hub_is_gone(
    house: HomeAssistant,
    hub: OllamaServer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    entity_id: str,
) -> None:
    monkeypatch.setattr(pool, "WAKE_TIME", 60.0)
    await hub.stop()
    subentry = conversation_subentry(offline_fallback=False)
    await set_up(house, homelab_entry(hub.url, subentry, options={"wake_entity": entity_id}))
    turn = await listen(house, "Hello")
    assert turn.answer == error_text("hubs_offline")
    assert f"{entity_id} is to wake the hub, but does not exist" in caplog.text
    assert_no_traceback(caplog)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask a server whose queue is full again at once, and let tasks follow turns soon."""
    monkeypatch.setattr(gate, "QUIET", 0.05)
    for purpose, delays in pool.BUSY_DELAYS.items():
        monkeypatch.setitem(pool.BUSY_DELAYS, purpose, tuple(0.01 for _ in delays))


BUSY = pytest.mark.parametrize("code", [429, 503])


@pytest.mark.usefixtures("impatient")
@BUSY
async def test_busy_hub_is_asked_again(hass: HomeAssistant, hub: OllamaServer, code: int) -> None:
    await set_up(hass, homelab_entry(hub.url))
    hub.script(Reply("At last."), Reply("Three."))
    hub.inject(Fault.status(code, path="/api/chat", times=3))
    assert speech(await ask(hass, "Hello")) == "At last."
    hub.inject(Fault.status(code, path="/api/chat", times=4))
    assert await do_task(hass, "How many?") == "Three."
    assert [request.status for request in chats(hub)] == [code] * 3 + [200] + [code] * 4 + [200]


@pytest.mark.usefixtures("impatient")
@BUSY
async def test_hub_that_stays_busy_is_said_to_be(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    hub.inject(Fault.status(code, path="/api/chat", times=None))
    result = await ask(hass, "Turn on the Kitchen")
    assert is_error(result)
    assert speech(result) == error_text("busy", system="Homelab")
    assert len(chats(hub)) == 4
    with pytest.raises(HomeAssistantError) as caught:
        await do_task(hass, "How many?")
    assert caught.value.translation_key == "busy"
    assert_no_traceback(caplog)


@pytest.mark.usefixtures("impatient")
async def test_standby_serves_while_the_first_hub_is_busy(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await move_in_with_standby(hass, hub, standby)
    hub.inject(Fault.status(503, path="/api/chat", times=None))
    standby.script(Reply("I have time."))
    assert speech(await ask(hass, "Hello")) == "I have time."


async def test_nobody_waits_for_a_busy_hub_while_another_is_free(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pool.BUSY_DELAYS, Purpose.VOICE, (60.0,))
    await move_in_with_standby(hass, hub, standby)
    hub.inject(Fault.status(503, path="/api/chat", times=None))
    standby.script(Reply("I have time."))
    async with asyncio.timeout(10):
        assert speech(await ask(hass, "Hello")) == "I have time."
    assert [request.status for request in chats(hub)] == [503]


@pytest.mark.usefixtures("impatient")
async def test_busy_hub_is_waited_for_where_the_others_fail(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    await move_in_with_standby(hass, hub, standby)
    hub.inject(Fault.status(500, path="/api/chat", times=None))
    standby.inject(Fault.status(503, path="/api/chat", times=3))
    standby.script(Reply("At last."))
    assert speech(await ask(hass, "Hello")) == "At last."
    assert [len(chats(one)) for one in (hub, standby)] == [1, 4]


@pytest.mark.usefixtures("impatient")
async def test_busy_hub_is_waited_for_where_the_others_fail_after_it(
    hass: HomeAssistant, hub: OllamaServer, standby: OllamaServer
) -> None:
    """What goes wrong with another one later does not make it less busy."""
    await move_in_with_standby(hass, hub, standby)
    hub.inject(Fault.status(503, path="/api/chat", times=2))
    standby.inject(Fault.status(500, path="/api/chat", times=None))
    hub.script(Reply("At last."))
    assert speech(await ask(hass, "Hello")) == "At last."
    assert [request.status for request in chats(hub)] == [503, 503, 200]


def test_delays_between_attempts_fit_who_is_waiting() -> None:
    assert sum(pool.BUSY_DELAYS[Purpose.VOICE]) < 5
    for delays in pool.BUSY_DELAYS.values():
        assert list(delays) == sorted(delays)
