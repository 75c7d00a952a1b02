"""The gate: turns go first, background work waits and gives way, but is not starved."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
import time
from types import SimpleNamespace

import pytest

from custom_components.homelab_ai.hub import gate as gate_module
from custom_components.homelab_ai.hub.gate import MAX_PREEMPTIONS, Gate
from tests.turns import until

type Work = Callable[[], Awaitable[str]]


class Job:
    """Background work that ends when it is told to, and counts how often it was begun."""

    def __init__(self) -> None:
        self.begun = 0
        self.running = 0
        self.end = asyncio.Event()

    async def __call__(self) -> str:
        self.begun += 1
        self.running += 1
        try:
            await self.end.wait()
        finally:
            self.running -= 1
        return "done"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    monkeypatch.setattr(gate_module, "QUIET", 0.01)
    monkeypatch.setattr(gate_module, "LISTENING", 0.03)
    return Gate()


@pytest.fixture
async def job() -> AsyncGenerator[Job]:
    job = Job()
    yield job
    await until(lambda: not job.running)


async def turn(gate: Gate) -> None:
    with gate.turn():
        await asyncio.sleep(0)


async def test_work_runs_at_once_while_it_is_quiet(gate: Gate, job: Job) -> None:
    job.end.set()
    assert await asyncio.wait_for(gate.background(job), 0.5) == "done"


async def test_work_waits_for_every_turn_and_a_quiet_moment(gate: Gate, job: Job) -> None:
    job.end.set()
    with gate.turn():
        with gate.turn():
            work = asyncio.create_task(gate.background(job))
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.02)
        assert not job.begun
    await asyncio.sleep(0)
    assert not job.begun
    assert await work == "done"


async def test_turn_interrupts_work_which_is_then_begun_anew(gate: Gate, job: Job) -> None:
    work = asyncio.create_task(gate.background(job))
    await until(lambda: job.running)
    with gate.turn():
        await until(lambda: not job.running)
        job.end.set()
    assert await work == "done"
    assert job.begun == 2


async def test_work_runs_to_its_end_after_three_interruptions(gate: Gate, job: Job) -> None:
    work = asyncio.create_task(gate.background(job))
    for interruption in range(1, MAX_PREEMPTIONS + 1):
        await until(lambda: job.running)
        assert job.begun == interruption
        await turn(gate)
        await until(lambda: not job.running)
    await until(lambda: job.running)
    await turn(gate)
    await asyncio.sleep(0.02)
    assert job.running
    job.end.set()
    assert await work == "done"
    assert job.begun == MAX_PREEMPTIONS + 1


async def test_somebody_who_begins_to_speak_interrupts_too(gate: Gate, job: Job) -> None:
    work = asyncio.create_task(gate.background(job))
    await until(lambda: job.running)
    gate.expect_turn()
    await until(lambda: not job.running)
    job.end.set()
    await asyncio.sleep(0.01)
    assert job.begun == 1
    assert await work == "done"


async def test_turn_that_was_expected_ends_the_waiting_for_it(
    gate: Gate, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_module, "LISTENING", 60.0)
    gate.expect_turn()
    await turn(gate)
    job.end.set()
    assert await asyncio.wait_for(gate.background(job), 1) == "done"


async def test_works_run_one_after_another(gate: Gate, job: Job) -> None:
    works = [asyncio.create_task(gate.background(job)) for _ in range(3)]
    await until(lambda: job.running)
    await asyncio.sleep(0.01)
    assert job.running == 1
    job.end.set()
    assert await asyncio.gather(*works) == ["done"] * 3


@pytest.mark.parametrize("interruptions", [0, MAX_PREEMPTIONS])
async def test_who_cancels_the_caller_cancels_the_work(gate: Gate, job: Job, interruptions: int) -> None:
    work = asyncio.create_task(gate.background(job))
    for _ in range(interruptions):
        await until(lambda: job.running)
        await turn(gate)
        await until(lambda: not job.running)
    await until(lambda: job.running)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await until(lambda: not job.running)
    # and the next work may begin
    job.end.set()
    assert await gate.background(job) == "done"


async def test_error_of_the_work_is_the_callers(gate: Gate) -> None:
    async def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await gate.background(fail)


async def test_turn_that_fails_is_over(gate: Gate, job: Job) -> None:
    with pytest.raises(ValueError, match="no"), gate.turn():
        raise ValueError("no")
    job.end.set()
    assert await asyncio.wait_for(gate.background(job), 1) == "done"


async def test_evaluation_is_ended_by_any_turn_but_not_by_who_begins_to_speak(gate: Gate, job: Job) -> None:
    async def evaluate() -> None:
        await job()

    evaluation = asyncio.create_task(gate.until_turn(evaluate()))
    await until(lambda: job.running)
    gate.expect_turn()
    await asyncio.sleep(0)
    assert job.running
    await turn(gate)
    await evaluation
    assert not job.running


async def test_error_of_an_evaluation_is_the_callers(gate: Gate) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await gate.until_turn(fail())


async def test_waiting_for_a_turn_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Background work sleeps until the turn is over, and does not ask again and again."""
    asked: list[float] = []

    def monotonic() -> float:
        asked.append(time.monotonic())
        return asked[-1]

    monkeypatch.setattr(gate_module, "QUIET", 0.0)
    monkeypatch.setattr(gate_module, "time", SimpleNamespace(monotonic=monotonic))
    gate = Gate()

    async def work() -> str:
        return "done"

    with gate.turn():
        waiting = asyncio.create_task(gate.background(work))
        await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        assert not waiting.done()
    assert await waiting == "done"
    assert len(asked) < 20
