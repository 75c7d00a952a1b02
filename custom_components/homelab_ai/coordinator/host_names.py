"""Which host names of our own systems stand for which address: others may know a system by its IP."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from ipaddress import ip_address
import socket

from homeassistant.core import HomeAssistant

PATIENCE = 2.0
"""Seconds that a resolver may take."""
LASTING = 3600.0
"""Seconds until a name is resolved anew."""
MOST_NAMES = 50


class HostNames:
    """Resolves the host names of our own settings, and no others; no address is looked up."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Know no name yet."""
        self._hass = hass
        self._known: dict[str, tuple[float, frozenset[str]]] = {}

    async def async_look(self, hosts: Iterable[str]) -> None:
        """Resolve what is not known, or was long ago, all at once; what fails keeps what it had."""
        now = self._hass.loop.time()
        wanted = [host for host in dict.fromkeys(hosts) if not _is_address(host)][:MOST_NAMES]
        self._known = {host: self._known[host] for host in wanted if host in self._known}
        due = [host for host in wanted if now - self._known.get(host, (-LASTING,))[0] >= LASTING]
        for host, addresses in zip(due, await asyncio.gather(*map(self._resolve, due)), strict=True):
            before = self._known.get(host, (now, frozenset()))[1]
            self._known[host] = (now, before if addresses is None else addresses)

    async def _resolve(self, host: str) -> frozenset[str] | None:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._hass.loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError, UnicodeError, TimeoutError:
            return None
        return frozenset(str(entry[4][0]) for entry in found)

    @property
    def by_address(self) -> Mapping[str, Collection[str]]:
        """Return the names that each address has among ours."""
        names: dict[str, list[str]] = {}
        for host, (_, addresses) in self._known.items():
            for address in addresses:
                names.setdefault(address, []).append(host)
        return names


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
