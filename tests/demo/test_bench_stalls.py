"""That a stall of an event loop is measured as what it is."""

import asyncio
from collections.abc import Awaitable, Callable
import gc
import time

from demo.bench.stalls import Rounds, Stall, event_loop

LONG = 0.06


def compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def stall_of(work: Callable[[], Awaitable[None]]) -> Stall:
    """Return the longest round while this is done, in an event loop of its own."""
    rounds = Rounds()

    async def watched() -> Stall:
        with rounds.watched() as stall:
            await work()
        # What comes later is no business of the watch that has ended.
        compute(3 * LONG)
        await asyncio.sleep(0)
        return stall

    # A collection of all that the tests have imported may come at any time, and would be no error.
    gc.disable()
    try:
        with asyncio.Runner(loop_factory=event_loop(rounds)) as runner:
            return runner.run(watched())
    finally:
        gc.enable()


def test_work_counts_by_both_clocks() -> None:
    async def work() -> None:
        await asyncio.sleep(0.01)
        compute(LONG)
        await asyncio.sleep(0.01)

    stall = stall_of(work)
    assert LONG <= stall.cpu < 2 * LONG
    assert stall.wall >= LONG


def test_waiting_in_the_loop_is_a_stall_but_no_work() -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        time.sleep(LONG)  # noqa: ASYNC251 - to block is the point
        await asyncio.sleep(0)

    stall = stall_of(work)
    assert stall.cpu < LONG / 2
    assert stall.wall >= LONG


def test_waiting_for_the_loop_is_none() -> None:
    async def work() -> None:
        await asyncio.sleep(2 * LONG)

    assert stall_of(work).cpu < LONG / 2


def test_what_is_ready_at_once_is_one_stall() -> None:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(3):
            loop.call_soon(compute, LONG / 3)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    assert stall_of(work).cpu >= LONG


def test_what_lets_others_have_a_turn_is_several() -> None:
    async def work() -> None:
        for _ in range(6):
            compute(LONG / 6)
            await asyncio.sleep(0)

    assert stall_of(work).cpu < LONG / 2


def test_what_ends_without_a_further_round_counts() -> None:
    async def work() -> None:
        compute(LONG)

    assert stall_of(work).cpu >= LONG


def test_garbage_collection_counts() -> None:
    garbage = [[number] for number in range(300_000)]

    async def work() -> None:
        await asyncio.sleep(0)
        began = time.thread_time()
        gc.collect()
        collections.append(time.thread_time() - began)
        await asyncio.sleep(0)

    collections: list[float] = []
    assert stall_of(work).cpu >= collections[0] > 0
    del garbage
