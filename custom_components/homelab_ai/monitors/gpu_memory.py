"""The memory of a GPU, as the exporters tell it that there are."""

from collections.abc import Mapping, Sequence

from ..api.prometheus import Sample
from .capabilities import Vram

# Used and total of each GPU, in bytes, by the exporter there may be. A GPU that several pods see counts once.
_EXPORTERS: Mapping[str, tuple[str, str]] = {
    "nvidia_gpu_exporter": (
        "max by (uuid) (nvidia_smi_memory_used_bytes)",
        "max by (uuid) (nvidia_smi_memory_total_bytes)",
    ),
    "dcgm": (
        "max by (UUID) (DCGM_FI_DEV_FB_USED) * 1048576",
        "max by (UUID) (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE) * 1048576",
    ),
    "windows_exporter": (
        "max by (luid) (windows_gpu_adapter_memory_dedicated_bytes)",
        "max by (luid) (windows_gpu_dedicated_video_memory_size_bytes) > 0",
    ),
}

QUERIES: Mapping[str, str] = {
    f"{figure} of {exporter}": query
    for exporter, queries in _EXPORTERS.items()
    for figure, query in zip(("used", "total"), queries, strict=True)
}
"""By what they are for."""


def vram_of(samples: Mapping[str, Sequence[Sample]]) -> Vram | None:
    """Return the memory of the largest GPU, None where no exporter tells of one."""
    for exporter in _EXPORTERS:
        totals = samples.get(f"total of {exporter}")
        if not totals:
            continue
        largest = max(totals, key=lambda sample: sample.value)
        same = [sample for sample in samples.get(f"used of {exporter}", ()) if _gpu(sample) == _gpu(largest)]
        if same:
            return Vram(int(same[0].value), int(largest.value))
    return None


def _gpu(sample: Sample) -> Sequence[str | None]:
    return [sample.labels.get(key) for key in ("uuid", "UUID", "luid")]
