"""What every request to a server measured, per purpose."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from ..api.chat import Metrics


class Purpose(StrEnum):
    """What a request is for; voice goes first."""

    VOICE = "voice"
    TASK = "task"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One answered request, in seconds and tokens per second.

    A speed is None where the server did not say, for example for a prompt that was all in its cache.
    """

    model: str
    time_to_first_token: float
    load_time: float
    prompt_speed: float | None
    generation_speed: float | None
    prompt_tokens: int
    generated_tokens: int


@dataclass(frozen=True, slots=True)
class Measurements:
    """The last measurement of each purpose, and totals since the start."""

    last: Measurement | None = None
    by_purpose: dict[Purpose, Measurement] = field(default_factory=dict)
    requests: int = 0
    failed_requests: int = 0
    prompt_tokens: int = 0
    generated_tokens: int = 0

    def with_answer(self, purpose: Purpose, measurement: Measurement) -> Measurements:
        """Return these and one more answered request; a speed it could not tell stays as it was."""
        if (before := self.last) is not None and before.model == measurement.model:
            measurement = replace(
                measurement,
                prompt_speed=measurement.prompt_speed or before.prompt_speed,
                generation_speed=measurement.generation_speed or before.generation_speed,
            )
        return replace(
            self,
            last=measurement,
            by_purpose={**self.by_purpose, purpose: measurement},
            requests=self.requests + 1,
            prompt_tokens=self.prompt_tokens + measurement.prompt_tokens,
            generated_tokens=self.generated_tokens + measurement.generated_tokens,
        )

    def with_prompt_speed(self, metrics: Metrics) -> Measurements:
        """Return these with the speed that a prewarm evaluated a prompt at: it is no request of its own."""
        if self.last is None or (speed := _speed(metrics.prompt_tokens, metrics.prompt_time)) is None:
            return self
        return replace(self, last=replace(self.last, prompt_speed=speed))

    def with_failure(self) -> Measurements:
        """Return these and one more request that got no whole answer."""
        return replace(self, requests=self.requests + 1, failed_requests=self.failed_requests + 1)


def measure(model: str, time_to_first_token: float, metrics: Metrics, *, held: bool = False) -> Measurement:
    """Return what a finished request measured.

    `held` where the server had this prompt already: it then counts tokens that it did not evaluate, and
    their speed would be a fiction.
    """
    return Measurement(
        model=model,
        time_to_first_token=time_to_first_token,
        load_time=metrics.load_time,
        prompt_speed=None if held else _speed(metrics.prompt_tokens, metrics.prompt_time),
        generation_speed=_speed(metrics.generated_tokens, metrics.generation_time),
        prompt_tokens=metrics.prompt_tokens,
        generated_tokens=metrics.generated_tokens,
    )


def _speed(tokens: int, seconds: float) -> float | None:
    return tokens / seconds if tokens and seconds else None
