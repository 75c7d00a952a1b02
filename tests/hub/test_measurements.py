"""What requests measured: the figures of one, and what they add up to."""

from datetime import UTC, datetime

import pytest

from custom_components.homelab_ai.api.chat import Metrics
from custom_components.homelab_ai.hub.measurements import Measurement, Measurements, Purpose, measure

MODEL = "llama3.1:8b"


def metrics(**figures: float) -> Metrics:
    given = {"prompt_tokens": 1000, "prompt_time": 0.5, "generated_tokens": 30, "generation_time": 0.5}
    given |= {"load_time": 2.0, **figures}
    return Metrics(
        load_time=given["load_time"],
        done_reason="stop",
        finished_at=datetime(2026, 11, 21, tzinfo=UTC),
        prompt_tokens=int(given["prompt_tokens"]),
        prompt_time=given["prompt_time"],
        generated_tokens=int(given["generated_tokens"]),
        generation_time=given["generation_time"],
    )


def test_measures() -> None:
    assert measure(MODEL, 2.75, metrics()) == Measurement(
        model=MODEL,
        time_to_first_token=2.75,
        load_time=2.0,
        prompt_speed=2000.0,
        generation_speed=60.0,
        prompt_tokens=1000,
        generated_tokens=30,
    )


@pytest.mark.parametrize(
    ("figures", "prompt_speed", "generation_speed"),
    [
        ({"prompt_tokens": 0, "prompt_time": 0}, None, 60.0),  # all of it was in the server's cache
        ({"prompt_time": 0}, None, 60.0),
        ({"generated_tokens": 0, "generation_time": 0}, 2000.0, None),
        ({"generation_time": 0}, 2000.0, None),
        # A single token takes the server a microsecond.
        ({"generated_tokens": 1, "generation_time": 1e-6}, 2000.0, None),
        ({"generated_tokens": 4, "generation_time": 4e-6}, 2000.0, None),
        ({"prompt_tokens": 3, "prompt_time": 1e-6}, None, 60.0),
        # Part of the prompt may have been in the cache of a model that was there already.
        ({"load_time": 0.001, "prompt_time": 0.01}, None, 60.0),
        ({"load_time": 0.13, "prompt_time": 0.01}, None, 60.0),
    ],
)
def test_speed_is_unknown_without_its_figures(
    figures: dict[str, float], prompt_speed: float | None, generation_speed: float | None
) -> None:
    measured = measure(MODEL, 0.1, metrics(**figures))
    assert (measured.prompt_speed, measured.generation_speed) == (prompt_speed, generation_speed)


def test_adds_up() -> None:
    voice, task = measure(MODEL, 0.1, metrics()), measure("qwen3:8b", 0.2, metrics(prompt_tokens=50))
    begin = Measurements()
    both = begin.with_answer(Purpose.VOICE, voice).with_failure().with_answer(Purpose.TASK, task)
    assert (both.requests, both.failed_requests) == (3, 1)
    assert (both.prompt_tokens, both.generated_tokens) == (1050, 60)
    assert both.last == task
    assert both.by_purpose == {Purpose.VOICE: voice, Purpose.TASK: task}
    assert begin == Measurements()


def test_speed_of_a_prompt_that_the_server_held_is_a_fiction() -> None:
    """It counts tokens that it did not evaluate; what is known of the model stays."""
    first = measure(MODEL, 0.1, metrics())
    held = measure(MODEL, 0.1, metrics(prompt_time=0.001, load_time=0.02))
    assert held.prompt_speed is None
    measured = Measurements().with_answer(Purpose.VOICE, first).with_answer(Purpose.VOICE, held)
    assert measured.last is not None
    assert measured.last.prompt_speed == 2000.0


def test_speed_of_one_model_is_not_that_of_another() -> None:
    first, other = measure(MODEL, 0.1, metrics()), measure("qwen3:8b", 0.1, metrics(load_time=0.02))
    measured = Measurements().with_answer(Purpose.VOICE, first).with_answer(Purpose.VOICE, other)
    assert measured.last is not None
    assert measured.last.prompt_speed is None


def test_prewarm_tells_a_speed_and_counts_as_nothing() -> None:
    begin = Measurements()
    assert begin.with_prompt_speed(metrics()) is begin
    known = begin.with_answer(Purpose.VOICE, measure(MODEL, 0.1, metrics()))
    warmed = known.with_prompt_speed(metrics(prompt_tokens=500))
    assert warmed.last is not None
    assert (warmed.last.prompt_speed, warmed.requests) == (1000.0, 1)
    assert known.with_prompt_speed(metrics(prompt_tokens=0)) is known


def test_failure_leaves_the_last_answer() -> None:
    voice = measure(MODEL, 0.1, metrics())
    failed = Measurements().with_answer(Purpose.VOICE, voice).with_failure()
    assert failed.last == voice
    assert (failed.requests, failed.failed_requests, failed.prompt_tokens) == (2, 1, 1000)


def test_purposes_are_attributes() -> None:
    """A dashboard reads them by name."""
    assert [purpose.value for purpose in Purpose] == ["voice", "task", "background"]
