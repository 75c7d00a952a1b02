"""What every request to a server measured, per purpose."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from ..api.chat import Metrics

LEAST_TOKENS = 5
"""Tokens that tell a speed; the server measures a single one to take a microsecond."""
LEAST_LOAD = 0.25
"""Seconds of a request that loaded its model; where that was there already it is some hundredths."""


class Purpose(StrEnum):
    """What a request is for; voice goes first."""

    VOICE = "voice"
    TASK = "task"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One answered request, in seconds and tokens per second.

    A speed is None where nobody can tell it. That of a prompt can be told only of one that was evaluated as a
    whole: the server counts what it had in its cache among the tokens, and does not say how many they were.
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
        """Return these with the speed that a prewarm evaluated a prompt at: it is no request of its own.

        Nothing of the prompt may have been in a cache.
        """
        if self.last is None or (speed := _speed(metrics.prompt_tokens, metrics.prompt_time)) is None:
            return self
        return replace(self, last=replace(self.last, prompt_speed=speed))

    def with_failure(self) -> Measurements:
        """Return these and one more request that got no whole answer."""
        return replace(self, requests=self.requests + 1, failed_requests=self.failed_requests + 1)


def measure(model: str, time_to_first_token: float, metrics: Metrics) -> Measurement:
    """Return what a finished request measured."""
    evaluated_all = metrics.load_time >= LEAST_LOAD
    return Measurement(
        model=model,
        time_to_first_token=time_to_first_token,
        load_time=metrics.load_time,
        prompt_speed=_speed(metrics.prompt_tokens, metrics.prompt_time) if evaluated_all else None,
        generation_speed=_speed(metrics.generated_tokens, metrics.generation_time),
        prompt_tokens=metrics.prompt_tokens,
        generated_tokens=metrics.generated_tokens,
    )


def _speed(tokens: int, seconds: float) -> float | None:
    return tokens / seconds if tokens >= LEAST_TOKENS and seconds > 0 else None
