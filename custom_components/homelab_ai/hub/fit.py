"""Whether a model fits in the GPU's memory, estimated before it is downloaded or loaded.

Ollama tells it only afterwards (`/api/ps`). What a runner takes is its weights, the KV cache of its context
and the buffers it computes in; sources of each figure are at its constant.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

BUFFERS = 0.1
"""Compute buffers as a part of the weights: the field's rule of thumb, weights × 1.1 + KV cache."""
LEAST_BUFFERS = 457 * 1024**2
"""Bytes that Ollama itself reserves on a GPU at least (`cudaMinimumMemory` in its discovery of GPUs)."""
TYPICAL_KV = 128 * 1024
"""Bytes of KV cache per token where the architecture is not known: that of llama3.1:8b.

2 (keys and values) × 32 layers × 8 KV heads × 128 × 2 bytes (f16, the server's default).
"""
TYPICAL_WEIGHTS = 4_900_000_000
"""Bytes of llama3.1:8b, four bits a weight. Models below it have about the same cache per token (qwen3:4b
144 KiB, llama3.2:3b 112 KiB), those above grow with the root of their size (qwen3:32b 256 KiB at 20 GB,
llama3.1:70b 320 KiB at 43 GB)."""
TIGHT = 0.9
"""From this part of the memory on it is tight: a desktop, a browser and other programs want the rest."""


class Verdict(StrEnum):
    """Whether a model fits; also the key of its words."""

    FITS = "fits"
    TIGHT = "tight"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fit:
    """An estimate in bytes: the model's files, all that its runner takes, the GPU's memory. None: unknown."""

    verdict: Verdict
    size: int | None = None
    needed: int | None = None
    available: int | None = None


def fit(size: int | None, vram_total: int | None, num_ctx: int, kv_per_token: int | None = None) -> Fit:
    """Estimate whether a model of `size` bytes fits with a context of `num_ctx` tokens.

    `vram_total` in bytes, None where nobody says it; `kv_per_token` in bytes where the architecture is known.
    """
    if not size:
        return Fit(Verdict.UNKNOWN, available=vram_total)
    per_token = kv_per_token or typical_kv(size)
    needed = size + max(int(size * BUFFERS), LEAST_BUFFERS) + num_ctx * per_token
    if not vram_total:
        return Fit(Verdict.UNKNOWN, size, needed)
    if needed > vram_total:
        verdict = Verdict.TOO_LARGE
    else:
        verdict = Verdict.TIGHT if needed > TIGHT * vram_total else Verdict.FITS
    return Fit(verdict, size, needed, vram_total)


def typical_kv(size: int) -> int:
    """Return the bytes of KV cache per token that a model of this many bytes has, more or less."""
    return int(TYPICAL_KV * max(1.0, sqrt(size / TYPICAL_WEIGHTS)))
