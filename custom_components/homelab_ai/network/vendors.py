"""Who has made a device, by the first half of its address; from a table on this computer, or not at all.

The package `aiooui` has that table (IEEE's, as of its release). Home Assistant brings it with Bluetooth;
where it is not there no vendor is known.
"""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from ..values.text import line
from .address import is_made_up

MAX_VENDOR = 60
_NOBODY = frozenset({"IEEE Registration Authority", "Private"})
"""Whom the table names for blocks that were divided further, or are kept secret."""

type Vendors = Callable[[str], str]


def nobody(_mac: str) -> str:
    """Know no vendor."""
    return ""


type Job = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Runs a function in a thread: importing reads files."""


async def load(run: Job) -> Vendors:
    """Return who knows the vendors; whatever is wrong with the package, it is the same as none."""
    try:
        package = await run(lambda: import_module("aiooui"))
        await package.async_load()
        table: Callable[[str], str | None] = package.get_vendor
    except AttributeError, ImportError, OSError, ValueError:
        return nobody

    def vendor(mac: str) -> str:
        name = None if is_made_up(mac) else table(mac)
        return "" if name is None or name in _NOBODY else line(name, MAX_VENDOR)

    return vendor
