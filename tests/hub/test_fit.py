"""Whether a model fits: estimates against what models of known architecture take."""

import pytest

from custom_components.homelab_ai.hub.fit import Verdict, fit, typical_kv

GIB = 1024**3
GB = 1_000_000_000

# Bytes of the files, and layers, KV heads and length of a head, as their authors publish them.
ARCHITECTURES = {
    "qwen3:0.6b": (523_000_000, 28, 8, 128),
    "llama3.2:3b": (2_019_000_000, 28, 8, 128),
    "qwen3:4b": (2_497_000_000, 36, 8, 128),
    "qwen2.5:7b": (4_683_000_000, 28, 4, 128),
    "llama3.1:8b": (4_921_000_000, 32, 8, 128),
    "qwen3:8b": (5_225_000_000, 36, 8, 128),
    "qwen3:32b": (20_201_000_000, 64, 8, 128),
    "llama3.1:70b": (42_520_000_000, 80, 8, 128),
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_rule_of_thumb_is_near_the_truth(name: str) -> None:
    """The cache is a fraction of what a model takes; all in all the estimate is a few percent off."""
    size, layers, heads, length = ARCHITECTURES[name]
    exact = 2 * layers * heads * length * 2
    estimated, true = fit(size, None, 8192).needed, fit(size, None, 8192, exact).needed
    assert estimated is not None
    assert true is not None
    assert 0.93 * true < estimated < 1.12 * true
    assert typical_kv(size) > 0.85 * exact, "rather too much than too little"


def test_exact_where_the_architecture_is_known() -> None:
    found = fit(4_921_000_000, 16 * GIB, 8192, 131_072)
    assert found.needed == 4_921_000_000 + 492_100_000 + GIB
    assert (found.verdict, found.size, found.available) == (Verdict.FITS, 4_921_000_000, 16 * GIB)


def test_small_models_need_buffers_too() -> None:
    assert fit(GB, None, 0).needed == GB + 457 * 1024**2


@pytest.mark.parametrize(
    ("size", "vram", "num_ctx", "verdict"),
    [
        (5 * GB, 16 * GIB, 8192, Verdict.FITS),
        (5 * GB, 8 * GIB, 8192, Verdict.FITS),
        (5_200_000_000, 8 * GIB, 16384, Verdict.TIGHT),
        (5 * GB, 8 * GIB, 32768, Verdict.TOO_LARGE),
        (20 * GB, 16 * GIB, 2048, Verdict.TOO_LARGE),
        (5 * GB, None, 8192, Verdict.UNKNOWN),
        (None, 16 * GIB, 8192, Verdict.UNKNOWN),
        (0, 16 * GIB, 8192, Verdict.UNKNOWN),
    ],
)
def test_verdict(size: int | None, vram: int | None, num_ctx: int, verdict: Verdict) -> None:
    found = fit(size, vram, num_ctx)
    assert found.verdict is verdict
    assert (found.needed is None) is (not size)
    assert found.available == vram
