"""A loaded model: its memory, its slots, and the prompts they hold.

Source: llama-server as Ollama starts it (`cache_prompt: true`, `--cache-ram`); systems.md 1.19.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .models import Model
from .timing import Timing
from .tokens import common_prefix

# Options a runner is started with; another value of any of them means a reload.
RUNNER_OPTIONS = ("num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread")
# How many evicted prompts the host memory holds.
_CACHED_PROMPTS = 8
# A slot's prompt is put aside when less than this part of it is going to be reused.
_WORTH_SAVING = 0.5


class Slot:
    """One place to evaluate prompts and generate, with what it evaluated last."""

    def __init__(self, timing: Timing, cached_prompts: list[list[str]] | None) -> None:
        """Begin empty; `cached_prompts` is the runner's host memory, None without one."""
        self.tokens: list[str] = []
        self.busy = False
        self._timing = timing
        self._cached_prompts = cached_prompts
        self._batch: asyncio.Task[None] | None = None

    async def evaluate(self, prompt: list[str], speed: float) -> None:
        """Evaluate what the slot does not hold of a prompt, batch by batch.

        Cancelled, the batch at work still goes on to its end; what was evaluated stays.
        """
        start = self.reusable(prompt)
        del self.tokens[start:]
        for at in range(start, len(prompt), self._timing.batch_tokens):
            batch = prompt[at : at + self._timing.batch_tokens]
            self._batch = asyncio.create_task(self._evaluate_batch(batch, speed))
            await asyncio.shield(self._batch)

    async def _evaluate_batch(self, batch: list[str], speed: float) -> None:
        await asyncio.sleep(len(batch) / (self._timing.prompt_tokens_per_second * speed))
        self.tokens.extend(batch)

    async def prepare(self, prompt: list[str]) -> None:
        """Swap in an evicted prompt from host memory when it begins more like the new one."""
        if self._cached_prompts is None:
            return
        held = common_prefix(self.tokens, prompt)
        best = max(self._cached_prompts, key=lambda saved: common_prefix(saved, prompt), default=[])
        better = common_prefix(best, prompt) > held
        if held < len(self.tokens) * _WORTH_SAVING:
            self._cached_prompts.append(list(self.tokens))
        if better:
            self._cached_prompts.remove(best)
            self.tokens = list(best)
            await asyncio.sleep(self._timing.restore_seconds)
        del self._cached_prompts[:-_CACHED_PROMPTS]

    def reusable(self, prompt: list[str]) -> int:
        """Count the tokens of a prompt that need no evaluation; the last one always does."""
        return min(common_prefix(self.tokens, prompt), len(prompt) - 1)

    def likeness(self, prompt: list[str]) -> int:
        """How much of a prompt the slot holds, by which a free slot is chosen."""
        return common_prefix(self.tokens, prompt)

    def when_idle(self, done: Callable[[], None]) -> None:
        """Call back when no batch is at work any more, at once if there is none."""
        if self._batch is None or self._batch.done():
            done()
        else:
            self._batch.add_done_callback(lambda _: done())

    def close(self) -> asyncio.Task[None] | None:
        """Kill the batch at work; the task is to be awaited."""
        if self._batch is not None:
            self._batch.cancel()
        return self._batch


@dataclass(frozen=True, slots=True)
class RunnerOptions:
    """The options a runner is started with."""

    values: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, options: dict[str, Any], model: Model, default_num_ctx: int) -> RunnerOptions:
        """Fill in the model's parameters and the server's default context."""
        merged = {"num_ctx": default_num_ctx, **dict(model.parameters)}
        merged |= {name: value for name, value in options.items() if value is not None}
        num_ctx = max(int(merged["num_ctx"]), 4)
        merged["num_ctx"] = min(num_ctx, model.context_length)
        return cls(tuple((name, merged.get(name)) for name in RUNNER_OPTIONS))

    @property
    def num_ctx(self) -> int:
        """The context of one slot, in tokens."""
        return int(dict(self.values)["num_ctx"])

    @property
    def num_gpu(self) -> int | None:
        """How many layers go to the GPU; None leaves it to the server."""
        value = dict(self.values)["num_gpu"]
        return None if value is None or value < 0 else int(value)


class Runner:
    """A model in memory. Times are wall clock seconds; sizes are bytes."""

    def __init__(
        self,
        model: Model,
        options: RunnerOptions,
        timing: Timing,
        *,
        size_vram: int,
        num_parallel: int,
        cache_ram: bool,
    ) -> None:
        """Make a runner that still has to load."""
        self.model = model
        self.options = options
        self.size = model.memory(options.num_ctx, num_parallel)
        self.size_vram = min(size_vram, self.size)
        self.keep_alive = 0.0
        self.expires_at: float | None = None
        self.last_used = 0.0
        self.loading = True
        self.draining = False
        self.references = 0
        cached_prompts: list[list[str]] | None = [] if cache_ram else None
        self.slots = [Slot(timing, cached_prompts) for _ in range(num_parallel)]
        self._waiting: list[asyncio.Future[Slot]] = []

    @property
    def num_ctx(self) -> int:
        """The context of one slot, in tokens."""
        return self.options.num_ctx

    @property
    def speed(self) -> float:
        """How fast it is compared to one wholly in VRAM."""
        return 0.15 + 0.85 * self.size_vram / self.size

    @property
    def waiting(self) -> int:
        """How many requests stand in line for a slot."""
        return len(self._waiting)

    @property
    def busy_slots(self) -> int:
        """How many slots are evaluating or generating."""
        return sum(slot.busy for slot in self.slots)

    def has_free_slot(self) -> bool:
        """Whether a request would get a slot at once."""
        return any(not slot.busy for slot in self.slots)

    async def take_slot(self, prompt: list[str]) -> Slot:
        """Wait in line for a slot; of several free ones take that which holds most of the prompt."""
        if self.has_free_slot():
            free = [slot for slot in self.slots if not slot.busy]
            slot = max(free, key=lambda candidate: candidate.likeness(prompt))
            slot.busy = True
            return slot
        turn: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif not turn.cancelled():
                self._hand_on(turn.result())
            raise

    def leave_slot(self, slot: Slot) -> None:
        """Give the slot back; the next in line gets it when its batch at work is through."""
        slot.when_idle(lambda: self._hand_on(slot))

    def _hand_on(self, slot: Slot) -> None:
        while self._waiting:
            turn = self._waiting.pop(0)
            if not turn.done():
                turn.set_result(slot)
                return
        slot.busy = False

    def close(self) -> list[asyncio.Task[None]]:
        """Kill the process, whatever it is doing; the tasks are to be awaited."""
        return [batch for slot in self.slots if (batch := slot.close())]
