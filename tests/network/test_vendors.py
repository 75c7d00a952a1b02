"""The makers of devices: from the table where it is there, unknown without it."""

from collections.abc import Callable
from typing import Any

from custom_components.homelab_ai.network import vendors


async def test_without_the_table() -> None:
    async def missing(_job: Callable[[], Any]) -> Any:
        raise ImportError("aiooui")

    assert (await vendors.load(missing))("240ac4112233") == ""


async def test_with_the_table() -> None:
    async def run(job: Callable[[], Any]) -> Any:
        return job()

    vendor = await vendors.load(run)
    assert vendor("240ac4112233").startswith("Espressif")
    # An address that a device has made up has no maker, whatever it begins with.
    assert vendor("260ac4112233") == ""
