"""The other processes of the benchmark: servers, whose work is not Home Assistant's, and clean beginnings."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from multiprocessing import get_context
import sys

from .errors import BenchError

# Home Assistant and an ordinary house, but nothing of what is measured.
_IMPORTED_BEFORE = ["demo.bench.house"]


@asynccontextmanager
async def served(module: str, *arguments: str) -> AsyncIterator[str]:
    """Run `python -m module` while the body does; what is yielded is the line that it says when it serves."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if not (said := (await process.stdout.readline()).decode().strip()):
            raise BenchError(f"{module} did not start")
        yield said
    finally:
        process.stdin.close()
        await process.wait()


async def serve_until_released(said: str) -> None:
    """Say in that process that it serves, and return when nobody needs it any more."""
    print(said, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@contextmanager
def fresh() -> Iterator[ProcessPoolExecutor]:
    """Yield an executor that does each piece of work in a fresh process.

    It is forked off a server that has imported Home Assistant and nothing of the integrations: no work
    finds anything that another has left behind.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED_BEFORE)
    with ProcessPoolExecutor(1, context, max_tasks_per_child=1) as processes:
        yield processes
