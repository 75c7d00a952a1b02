"""What the homelab tells of systems that could be added: they are offered, and never added unasked."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yarl import URL

from homeassistant.const import CONF_URL

from ..api.errors import ApiError
from ..coordinator import HomelabConfigEntry
from ..monitors import kind_of
from ..monitors.capabilities import KnowsSystems
from ..topology import Thing, ThingKind
from ..values.address import web_address

MOST_OFFERED = 10
_PATIENCE = 3.0
"""Seconds for which a person who opens the menu waits at most."""
_APPS = {
    "open-webui": "open_webui",
    "librechat": "librechat",
    "paperless-ai": "paperless_ai",
    "prometheus": "prometheus",
    "alertmanager": "alertmanager",
}
"""The kind of system that a workload is, by its name without what a chart puts around it."""
_WORKLOADS = frozenset({ThingKind.WORKLOAD, ThingKind.APP})


@dataclass(frozen=True, slots=True)
class Offer:
    """A system that could be added: its kind, and where it is."""

    kind: str
    url: str


async def offers(entry: HomelabConfigEntry) -> tuple[Offer, ...]:
    """Return what the systems of a homelab that runs tell of others, without what it has already."""
    homelab = entry.runtime_data
    told = [*_of_things(homelab.things.topology)]
    for coordinator in homelab.monitors:
        monitor: object = coordinator.monitor
        if isinstance(monitor, KnowsSystems):
            told += await _of_system(monitor)
    known = set(_known(entry))
    new = (fromkey for fromkey in dict.fromkeys(told) if (fromkey.kind, _place(fromkey.url)) not in known)
    return tuple(new)[:MOST_OFFERED]


def _of_things(things: Iterable[Thing]) -> Iterator[Offer]:
    for thing in things:
        if thing.kind in _WORKLOADS and thing.url and (kind := kind_of_workload(thing.name)):
            yield Offer(kind, thing.url)


def kind_of_workload(name: str) -> str | None:
    """Return the kind of system that a workload is called after, None for what only belongs to one."""
    own = name.lower().removesuffix("-server")
    return next((kind for app, kind in _APPS.items() if own == app or own.endswith(f"-{app}")), None)


async def _of_system(monitor: KnowsSystems) -> list[Offer]:
    try:
        async with asyncio.timeout(_PATIENCE):
            told = await monitor.known_systems()
    except ApiError, TimeoutError:
        # Nobody has asked for it: then there is nothing to offer.
        return []
    return [Offer(kind, url) for kind, address in told if (url := web_address(address))]


def _known(entry: HomelabConfigEntry) -> Iterator[tuple[str, tuple[str | None, int | None]]]:
    for subentry in entry.subentries.values():
        if (kind := kind_of(subentry)) and isinstance(url := subentry.data.get(CONF_URL), str):
            yield kind, _place(url)


def _place(url: str) -> tuple[str | None, int | None]:
    """Return host and port: a system is there once, whatever else its address has."""
    return URL(url).host, URL(url).port
