"""MAC addresses: twelve small hexadecimal digits without separators, as Home Assistant's DHCP has them."""

import re

_SEPARATED = re.compile(r"(?<![0-9a-f])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![0-9a-f:-])")
_PLAIN = re.compile(r"(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])")
_LONGEST = 200
"""Characters of a text in which an address is looked for; unique ids are shorter."""
_GROUP = frozenset("13579bdf")
"""Second digits of the addresses of groups, which are no device."""
_LOCAL = frozenset("26ae")
_NOBODY = "0" * 12


def mac_in(text: object) -> str | None:
    """Return the address of a device in a text like "default-AA:BB:CC:00:11:22", None where there is none."""
    if not isinstance(text, str):
        return None
    lowered = text[:_LONGEST].lower()
    if (match := _SEPARATED.search(lowered) or _PLAIN.search(lowered)) is None:
        return None
    mac = match[0].replace(":", "").replace("-", "")
    return None if mac == _NOBODY or mac[1] in _GROUP else mac


def is_made_up(mac: str) -> bool:
    """Return whether a device has made up its address: its locally administered bit is set."""
    return mac[1] in _LOCAL


def shown(mac: str) -> str:
    """Return an address as people write it."""
    return ":".join(mac[start : start + 2] for start in range(0, len(mac), 2))
