"""Which models are in memory: loading, sharing the VRAM, expiring.

Source: ollama server/sched.go; systems.md 1.6 and 1.10.
"""

import asyncio
from collections.abc import Callable
import time
from typing import Any

from .models import Model
from .runner import Runner, RunnerOptions, Slot
from .timing import Timing
from .wire import ApiError

DEFAULT_KEEP_ALIVE = 300.0
# OLLAMA_MAX_LOADED_MODELS defaults to three for each GPU.
_MOST_RUNNERS = 3
_GIB = 1024**3
_QUEUE_FULL = "server busy, please try again.  maximum pending requests exceeded"


class Scheduler:
    """The runners of one host with one GPU."""

    def __init__(
        self, timing: Timing, *, vram: int, max_queue: int, num_parallel: int, cache_ram: bool
    ) -> None:
        """Begin with nothing loaded."""
        self._timing = timing
        self._vram = vram
        self._max_queue = max_queue
        self._num_parallel = num_parallel
        self._cache_ram = cache_ram
        # Keyed by weights: models made of the same share the runner, whatever they are called.
        self._runners: dict[str, Runner] = {}
        self._dying: list[asyncio.Task[None]] = []
        self._changed = asyncio.Event()
        self._waiting = 0

    @property
    def default_num_ctx(self) -> int:
        """The context a request without num_ctx gets, by the size of the VRAM."""
        if self._vram >= 47 * _GIB:
            return 262_144
        return 32_768 if self._vram >= 23 * _GIB else 4096

    @property
    def runners(self) -> list[Runner]:
        """Runners in memory now, expired ones removed."""
        now = time.time()
        for runner in list(self._runners.values()):
            if runner.references == 0 and runner.expires_at is not None and runner.expires_at <= now:
                self._unload(runner)
        return list(self._runners.values())

    @property
    def generating(self) -> int:
        """How many slots evaluate or generate now."""
        return sum(runner.busy_slots for runner in self._runners.values())

    def find(self, model: Model) -> Runner | None:
        """The runner of a model, if it is in memory."""
        return next((runner for runner in self.runners if runner.model.weights == model.weights), None)

    def options(self, model: Model, options: dict[str, Any]) -> RunnerOptions:
        """The runner options a request asks for."""
        return RunnerOptions.of(options, model, self.default_num_ctx)

    async def acquire(
        self,
        model: Model,
        options: RunnerOptions,
        keep_alive: float | None,
        extra_seconds: Callable[[], float] = lambda: 0.0,
    ) -> tuple[Runner, float]:
        """Get a runner with these options and hold it; also the seconds loading took.

        Every call must be followed by `release`. Raises ApiError 503 when the queue is full.
        """
        waited = False
        while True:
            runner = self.find(model)
            if runner is None:
                if self._make_room(model, options):
                    return await self._load(model, options, keep_alive, extra_seconds())
            elif runner.options != options or runner.draining:
                runner.draining = True
                if runner.references == 0:
                    self._unload(runner)
                    continue
            elif not runner.loading:
                self._hold(runner, keep_alive)
                return runner, 0.0
            if not waited:
                self._check_queue()
                waited = True
            await self._wait_for_change()

    async def take_slot(self, runner: Runner, prompt: list[str]) -> Slot:
        """Wait for a slot of a held runner."""
        if runner.has_free_slot():
            return await runner.take_slot(prompt)
        self._check_queue()
        self._waiting += 1
        try:
            return await runner.take_slot(prompt)
        finally:
            self._waiting -= 1

    def release(self, runner: Runner) -> None:
        """Let go of a runner: its keep_alive begins to run when nobody holds it."""
        runner.references -= 1
        runner.last_used = time.time()
        if runner.references == 0 and self._runners.get(runner.model.weights) is runner:
            if runner.draining or runner.keep_alive <= 0:
                self._unload(runner)
            else:
                runner.expires_at = time.time() + runner.keep_alive
        self._notify()

    def expire(self, model: Model) -> None:
        """Unload a model: now when idle, otherwise after its last request."""
        runner = self.find(model)
        if runner is None:
            return
        runner.draining = True
        runner.keep_alive = 0.0
        if runner.references:
            return
        if self._timing.unload_seconds:
            runner.expires_at = time.time() + self._timing.unload_seconds
        else:
            self._unload(runner)

    async def close(self) -> None:
        """Unload everything at once, whatever is running."""
        for runner in list(self._runners.values()):
            self._unload(runner)
        await asyncio.gather(*self._dying, return_exceptions=True)
        self._dying.clear()

    def _hold(self, runner: Runner, keep_alive: float | None) -> None:
        runner.references += 1
        runner.expires_at = None
        if keep_alive is not None:
            runner.keep_alive = keep_alive

    async def _load(
        self, model: Model, options: RunnerOptions, keep_alive: float | None, extra: float
    ) -> tuple[Runner, float]:
        runner = Runner(
            model,
            options,
            self._timing,
            size_vram=max(min(self._wanted_vram(model, options), self._free_vram()), 0),
            num_parallel=self._num_parallel,
            cache_ram=self._cache_ram,
        )
        runner.keep_alive = DEFAULT_KEEP_ALIVE
        self._hold(runner, keep_alive)
        self._runners[model.weights] = runner
        seconds = self._timing.load_time(model.size) + extra
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            # The client left before the model was there: Ollama aborts the load.
            self._unload(runner)
            raise
        runner.loading = False
        self._notify()
        return runner, seconds

    def _wanted_vram(self, model: Model, options: RunnerOptions) -> int:
        size = model.memory(options.num_ctx, self._num_parallel)
        if options.num_gpu is None:
            return size
        # The output layer counts as one more.
        return size * min(options.num_gpu, model.layers + 1) // (model.layers + 1)

    def _free_vram(self) -> int:
        return self._vram - sum(runner.size_vram for runner in self._runners.values())

    def _make_room(self, model: Model, options: RunnerOptions) -> bool:
        """Evict idle runners, least recently used first; False when one has to be waited for."""
        needed = self._wanted_vram(model, options)
        while self._runners and (self._free_vram() < needed or len(self._runners) >= _MOST_RUNNERS):
            victim = min(self._runners.values(), key=lambda each: (each.references > 0, each.last_used))
            if victim.references:
                # One that is still loading serves its request first.
                victim.draining = victim.draining or not victim.loading
                return False
            self._unload(victim)
        return True

    def _unload(self, runner: Runner) -> None:
        if self._runners.get(runner.model.weights) is runner:
            del self._runners[runner.model.weights]
        self._dying = [task for task in self._dying if not task.done()] + runner.close()
        self._notify()

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _wait_for_change(self) -> None:
        self._waiting += 1
        try:
            await self._changed.wait()
        finally:
            self._waiting -= 1

    def _check_queue(self) -> None:
        if self._waiting >= self._max_queue:
            raise ApiError(503, _QUEUE_FULL)
