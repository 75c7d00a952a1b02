"""A whole voice pipeline with a voice that streams: what people hear."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.homelab_ai.hub import pool
from demo.servers.ollama import Fault, OllamaServer, Reply
from homeassistant.components import tts
from homeassistant.components.tts.const import DATA_COMPONENT
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .common import AGENT, conversation_subentry, homelab_entry, set_up
from .turns import assert_no_traceback, error_text, furnish, is_on, move_in, turn_on, words

LONG = "Good evening, sir. All is well in the house, and every light is off except the one in the hall."


class Voice(tts.TextToSpeechEntity):
    """Speaks by writing down what it is given."""

    _attr_name = "Voice"
    _attr_default_language = "en"
    _attr_supported_languages = ["en"]

    def __init__(self) -> None:
        self.spoken: list[str] = []

    def async_supports_streaming_input(self) -> bool:
        return True

    async def async_stream_tts_audio(self, request: tts.TTSAudioRequest) -> tts.TTSAudioResponse:
        async def audio() -> AsyncGenerator[bytes]:
            async for piece in request.message_gen:
                self.spoken.append(piece)
                yield b"sound"

        return tts.TTSAudioResponse("mp3", audio())


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Keep what was spoken out of the next test."""
    return str(tmp_path)


@pytest.fixture
async def voice(hass: HomeAssistant) -> Voice:
    for domain in ("homeassistant", "assist_pipeline"):
        assert await async_setup_component(hass, domain, {})
    voice = Voice()
    await hass.data[DATA_COMPONENT].async_add_entities([voice])
    return voice


async def speak(hass: HomeAssistant, connect: WebSocketGenerator, text: str) -> dict[str, Any]:
    """Ask over a pipeline, let its answer be spoken, and return the last event of each kind."""
    client = await connect(hass)
    await client.send_json_auto_id(
        {
            "type": "assist_pipeline/pipeline/create",
            "name": "Test",
            "language": "en",
            "conversation_engine": AGENT,
            "conversation_language": "en",
            "stt_engine": None,
            "stt_language": None,
            "tts_engine": "tts.voice",
            "tts_language": "en",
            "tts_voice": None,
            "wake_word_entity": None,
            "wake_word_id": None,
        }
    )
    pipeline = (await client.receive_json())["result"]["id"]
    await client.send_json_auto_id(
        {
            "type": "assist_pipeline/run",
            "start_stage": "intent",
            "end_stage": "tts",
            "input": {"text": text},
            "pipeline": pipeline,
        }
    )
    events: dict[str, Any] = {}
    while "run-end" not in events:
        message = await client.receive_json()
        if message["type"] == "event":
            events[message["event"]["type"]] = message["event"]["data"]
    stream = tts.async_get_stream(hass, events["run-start"]["tts_output"]["token"])
    assert stream is not None
    async for _ in stream.async_stream_result():
        pass
    return events


async def test_answer_is_spoken(
    hass: HomeAssistant, hub: OllamaServer, voice: Voice, hass_ws_client: WebSocketGenerator
) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on(), Reply("The light is on."))
    events = await speak(hass, hass_ws_client, "Kitchen light!")
    assert is_on(hass)
    assert "".join(voice.spoken) == "The light is on."
    assert events["intent-end"]["processed_locally"] is False


async def test_markup_is_not_spoken(
    hass: HomeAssistant, hub: OllamaServer, voice: Voice, hass_ws_client: WebSocketGenerator
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply("- **Kitchen** is `on` 💡\n- See [the manual](https://example.org)."))
    await speak(hass, hass_ws_client, "Lights?")
    assert "".join(voice.spoken) == "Kitchen is on\nSee the manual."


async def test_error_is_spoken_behind_the_words_that_came_before(
    hass: HomeAssistant,
    hub: OllamaServer,
    voice: Voice,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(LONG))
    hub.inject(Fault.drop_after_first_token(25, "/api/chat"))
    await speak(hass, hass_ws_client, "How is the house?")
    spoken = "".join(voice.spoken)
    begun, _, _ = spoken.partition(error_text("answer_broken", hub="Ollama"))
    assert len(begun) > 60
    assert LONG.startswith(begun)
    assert spoken == begun + error_text("answer_broken", hub="Ollama")
    assert_no_traceback(caplog)


async def test_error_before_the_first_word_is_spoken_once(
    hass: HomeAssistant, hub: OllamaServer, voice: Voice, hass_ws_client: WebSocketGenerator
) -> None:
    await move_in(hass, hub.url, offline_fallback=False)
    await hub.stop()
    await speak(hass, hass_ws_client, "How is the house?")
    assert "".join(voice.spoken) == error_text("hubs_offline")


@pytest.mark.parametrize("wakes", [True, False])
async def test_waking_is_spoken_and_then_the_answer(  # noqa: PLR0917
    hass: HomeAssistant,
    hub: OllamaServer,
    voice: Voice,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
    wakes: bool,
) -> None:
    monkeypatch.setattr(pool, "WAKE_TIME", 0.3)
    monkeypatch.setattr(pool, "_WAKE_INTERVAL", 0.02)
    await hub.stop()
    await furnish(hass)
    options = {"wake_entity": "script.water_plants"}
    await set_up(hass, homelab_entry(hub.url, conversation_subentry(), options=options))
    if wakes:
        hass.bus.async_listen_once("script_started", lambda _: hass.create_task(hub.start()))
    hub.script(Reply("All is well."))
    await speak(hass, hass_ws_client, "Why is the sky blue?")
    answer = "All is well." if wakes else error_text("hubs_offline")
    assert "".join(voice.spoken) == f"{words('common.waking')} {answer}"
