"""Keys and passwords in what systems say: careless proxies repeat in an error what they were sent."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import suppress

REDACTED = b"**REDACTED**"
_HARMLESS = frozenset(("accept", "accept-encoding", "content-length", "content-type", "host", "user-agent"))
_WITH_SCHEME = frozenset(("authorization", "proxy-authorization"))
_LEAST = 4
"""Letters; what is shorter is no secret, and a part of too many words."""


def without_secrets(body: bytes, sent: Mapping[str, str]) -> bytes:
    """Return a body without the secrets of the headers that it is the answer to."""
    for secret in sorted(set(_secrets(sent)), key=len, reverse=True):
        body = body.replace(secret, REDACTED)
    return body


def _secrets(headers: Mapping[str, str]) -> Iterator[bytes]:
    for name, value in headers.items():
        if name.lower() in _HARMLESS:
            continue
        scheme, _, credential = value.partition(" ")
        if not credential or name.lower() not in _WITH_SCHEME:
            credential = value
        parts = [credential.encode()]
        if scheme.lower() == "basic":
            with suppress(ValueError):
                pair = b64decode(credential)
                parts += [pair, pair.partition(b":")[2]]
        yield from (part for part in parts if len(part) >= _LEAST)
