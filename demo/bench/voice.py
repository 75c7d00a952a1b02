"""Voice turns through Home Assistant's own pipeline."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, field
import time
from typing import Any, override

from homeassistant.components import stt
from homeassistant.components.assist_pipeline import AudioSettings, Pipeline, PipelineEvent, PipelineStage
from homeassistant.components.assist_pipeline.pipeline import PipelineEventType, PipelineInput, PipelineRun
from homeassistant.components.stt.const import DATA_COMPONENT
from homeassistant.components.websocket_api.messages import event_message, message_to_json_bytes
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import chat_session

from .candidates import Candidate
from .errors import BenchError

_LANGUAGE = "en"
_CHUNK_SECONDS = 0.1
_SILENCE = bytes(3200)  # _CHUNK_SECONDS of 16 bit at 16 kHz
_METADATA = stt.SpeechMetadata(
    language=_LANGUAGE,
    format=stt.AudioFormats.WAV,
    codec=stt.AudioCodecs.PCM,
    bit_rate=stt.AudioBitRates.BITRATE_16,
    sample_rate=stt.AudioSampleRates.SAMPLERATE_16000,
    channel=stt.AudioChannels.CHANNEL_MONO,
)


class Ears(stt.SpeechToTextEntity):
    """Speech to text that listens until the audio ends and then knows what was said."""

    _attr_name = "Ears"
    entity_id = "stt.ears"

    def __init__(self, text: str) -> None:
        self._text = text

    @property
    @override
    def supported_languages(self) -> list[str]:
        return [_LANGUAGE]

    @property
    @override
    def supported_formats(self) -> list[stt.AudioFormats]:
        return [_METADATA.format]

    @property
    @override
    def supported_codecs(self) -> list[stt.AudioCodecs]:
        return [_METADATA.codec]

    @property
    @override
    def supported_bit_rates(self) -> list[stt.AudioBitRates]:
        return [_METADATA.bit_rate]

    @property
    @override
    def supported_sample_rates(self) -> list[stt.AudioSampleRates]:
        return [_METADATA.sample_rate]

    @property
    @override
    def supported_channels(self) -> list[stt.AudioChannels]:
        return [_METADATA.channel]

    @override
    async def async_process_audio_stream(
        self, metadata: stt.SpeechMetadata, stream: AsyncIterable[bytes]
    ) -> stt.SpeechResult:
        async for _ in stream:
            pass
        return stt.SpeechResult(self._text, stt.SpeechResultState.SUCCESS)


@dataclass(slots=True)
class Turn:
    """One turn. `first_word` is in seconds from the end of speech to text; `cpu` in seconds of this process.

    `pieces` of the answer came after the first one and before the last one was through, in `cpu` seconds.
    """

    conversation_id: str
    first_word: float = 0.0
    pieces: int = 0
    cpu: float = 0.0
    characters: int = 0


@dataclass(slots=True)
class _Watch:
    """Takes the events of one turn, and does with them what Home Assistant does for a browser."""

    turn: Turn
    _heard_at: float | None = None
    _cpu_at_first: float | None = None
    error: str = ""
    sent: list[bytes] = field(default_factory=list)

    def __call__(self, event: PipelineEvent) -> None:
        if event.type is PipelineEventType.INTENT_PROGRESS and event.data:
            self._progress(event.data.get("chat_log_delta") or {})
        elif event.type is PipelineEventType.STT_END:
            self._heard_at = time.perf_counter()
        elif event.type is PipelineEventType.INTENT_END and event.data:
            response = event.data["intent_output"]["response"]
            if response["response_type"] == "error":
                self.error = response["speech"]["plain"]["speech"]
        elif event.type is PipelineEventType.ERROR and event.data:
            self.error = event.data["message"]
        self.sent.append(message_to_json_bytes(event_message(1, event)))

    def _progress(self, delta: dict[str, Any]) -> None:
        if not (content := delta.get("content")) or delta.get("role", "assistant") != "assistant":
            return
        self.turn.characters += len(content)
        if self._cpu_at_first is None:
            assert self._heard_at is not None
            self.turn.first_word = time.perf_counter() - self._heard_at
            self._cpu_at_first = time.process_time()
            return
        self.turn.pieces += 1
        self.turn.cpu = time.process_time() - self._cpu_at_first


class Satellite:
    """Somebody in the house who asks one question again and again."""

    def __init__(self, hass: HomeAssistant, ears: Ears) -> None:
        self._hass = hass
        self._ears = ears

    async def turn(self, candidate: Candidate, listening: float, conversation_id: str | None = None) -> Turn:
        """Speak for `listening` seconds and wait for the whole answer; raises BenchError without one.

        Without an id a new conversation begins.
        """
        with chat_session.async_get_chat_session(self._hass, conversation_id, context=None) as session:
            watch = _Watch(Turn(session.conversation_id))
            run = PipelineRun(
                self._hass,
                context=Context(),
                pipeline=_pipeline(candidate, self._ears.entity_id),
                start_stage=PipelineStage.STT,
                end_stage=PipelineStage.INTENT,
                event_callback=watch,
                audio_settings=AudioSettings(is_vad_enabled=False),
            )
            await PipelineInput(
                run=run, session=session, stt_metadata=_METADATA, stt_stream=_audio(listening)
            ).execute(validate=True)
        if watch.error or not watch.turn.characters:
            raise BenchError(f"{candidate.domain} did not answer: {watch.error or 'nothing was said'}")
        return watch.turn


async def satellite(hass: HomeAssistant, question: str) -> Satellite:
    """Give the house ears that always hear this question."""
    ears = Ears(question)
    await hass.data[DATA_COMPONENT].async_add_entities([ears])
    return Satellite(hass, ears)


def _pipeline(candidate: Candidate, ears: str) -> Pipeline:
    return Pipeline(
        conversation_engine=candidate.agent,
        conversation_language=_LANGUAGE,
        language=_LANGUAGE,
        name=candidate.name,
        stt_engine=ears,
        stt_language=_LANGUAGE,
        tts_engine=None,
        tts_language=None,
        tts_voice=None,
        wake_word_entity=None,
        wake_word_id=None,
        id=f"bench_{candidate.name}",
    )


async def _audio(seconds: float) -> AsyncIterator[bytes]:
    ends_at = time.monotonic() + seconds
    while (left := ends_at - time.monotonic()) > 0:
        await asyncio.sleep(min(_CHUNK_SECONDS, left))
        yield _SILENCE
