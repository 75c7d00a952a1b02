"""How fast the simulated hardware is."""

from dataclasses import dataclass
from math import inf, isinf
from typing import Self

# What an instant server reports in its metrics: a real one never reports zero, and
# figures derived from fixed rates (tokens per second) are the same in every test run.
_REPORTED_PROMPT_RATE = 2000.0
_REPORTED_RATE = 60.0
# Scheduling a request onto a loaded model costs a real server some milliseconds.
_SCHEDULING_SECONDS = 0.015


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Rates and delays; an infinite rate means no delay."""

    load_seconds: float = 0.0
    load_bytes_per_second: float = inf
    unload_seconds: float = 0.0
    prompt_tokens_per_second: float = inf
    tokens_per_second: float = inf
    batch_tokens: int = 2048
    restore_seconds: float = 0.0
    pull_bytes_per_second: float = inf

    @classmethod
    def instant(cls) -> Self:
        """No waiting at all."""
        return cls()

    @classmethod
    def realistic(cls) -> Self:
        """A home server with one 16 GB GPU and a 400 Mbit/s line."""
        return cls(
            load_seconds=1.5,
            load_bytes_per_second=2.5e9,
            unload_seconds=0.25,
            prompt_tokens_per_second=2000.0,
            tokens_per_second=60.0,
            restore_seconds=0.1,
            pull_bytes_per_second=50e6,
        )

    def load_time(self, size: int) -> float:
        """Seconds to load `size` bytes of weights."""
        return self.load_seconds + size / self.load_bytes_per_second

    def reported_prompt_seconds(self, tokens: int) -> float:
        """Seconds the metrics name for evaluating `tokens` tokens."""
        rate = self.prompt_tokens_per_second
        return tokens / (_REPORTED_PROMPT_RATE if isinf(rate) else rate)

    def reported_seconds(self, tokens: int) -> float:
        """Seconds the metrics name for generating `tokens` tokens."""
        rate = self.tokens_per_second
        return tokens / (_REPORTED_RATE if isinf(rate) else rate)

    @staticmethod
    def reported_load_seconds(loading: float) -> float:
        """Seconds the metrics name for getting the model ready."""
        return loading + _SCHEDULING_SECONDS
