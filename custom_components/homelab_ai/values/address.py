"""Addresses of web pages that a person may open; other systems tell of them, so none is taken as it is."""

from typing import NewType

from yarl import URL

WebAddress = NewType("WebAddress", str)
"""An absolute http or https address in one spelling, printable ASCII, without a user; or empty."""

NO_ADDRESS = WebAddress("")
MAX_ADDRESS = 2048
"""Characters; what is longer opens nowhere reliably, and half of it opens something else."""

_UNFIT = frozenset(' <>"\\`')


def web_address(value: object) -> WebAddress:
    """Return a foreign address of a page, empty for whatever a browser would not open as a page."""
    if not isinstance(value, str) or len(value) > MAX_ADDRESS or not value.isprintable():
        return NO_ADDRESS
    try:
        url = URL(value.strip())
        host, port = url.raw_host, url.explicit_port
    except ValueError:
        return NO_ADDRESS
    if url.scheme not in ("http", "https") or url.raw_user is not None or url.raw_password is not None:
        return NO_ADDRESS
    # A route of all hosts of a domain is no page.
    if not host or "*" in host or port == 0:
        return NO_ADDRESS
    shown = str(url)
    is_fit = shown.isascii() and shown.isprintable() and len(shown) <= MAX_ADDRESS
    return WebAddress(shown) if is_fit and not set(shown) & _UNFIT else NO_ADDRESS
