"""Keys and passwords in what systems say: careless proxies repeat what they were sent, however spelled."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from html import escape
import json
import re
from urllib.parse import quote, quote_plus

REDACTED = b"**REDACTED**"
LEAST = 4
"""Letters; what is shorter is no secret, and a part of too many words."""
LEAST_IN_ANSWER = 8
"""The same of what is no error; a word of letters alone may be an honest one there, as "prometheus" is."""
_HARMLESS = frozenset(("accept", "accept-encoding", "content-length", "content-type", "host", "user-agent"))
_WITH_SCHEME = frozenset(("authorization", "proxy-authorization"))
_PIECE = re.compile(r"[;,\s]+")


def without_secrets(text: bytes, sent: Mapping[str, str], *, is_error: bool = True) -> bytes:
    """Return what was said without the secrets of the headers that it is the answer to.

    Linear in its length, whatever is in it.
    """
    lowered = text.lower()
    for spelling in _spellings(tuple(sent.items()), is_error):
        if spelling not in lowered:
            continue
        parts, at = [], 0
        for part in lowered.split(spelling):
            parts.append(text[at : at + len(part)])
            at += len(part) + len(spelling)
        text = REDACTED.join(parts)
        lowered = text.lower()
    return text


def headers_without_secrets(headers: Mapping[str, str], sent: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of an answer, their names in lower case, without the secrets of its request."""
    return {
        name.lower(): without_secrets(value.encode(errors="replace"), sent).decode(errors="replace")
        for name, value in headers.items()
    }


@lru_cache(maxsize=64)
def _spellings(sent: tuple[tuple[str, str], ...], is_error: bool) -> tuple[bytes, ...]:
    """Return how the secrets may be written, in lower case, the longest first: one may be part of another."""
    spellings: set[bytes] = set()
    for secret in _secrets(sent):
        if len(secret) >= LEAST if is_error else len(secret) >= LEAST_IN_ANSWER and not secret.isalpha():
            spellings.update(spelling.lower() for spelling in _spelled(secret) if len(spelling) >= LEAST)
    return tuple(sorted(spellings, key=lambda spelling: (-len(spelling), spelling)))


def _secrets(sent: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Yield what is secret in headers: their values, what stands behind a scheme, and cookies one by one."""
    for name, value in sent:
        if name.lower() in _HARMLESS:
            continue
        scheme, _, credential = value.partition(" ")
        if not credential or name.lower() not in _WITH_SCHEME:
            yield value
        if credential:
            yield credential
        if scheme.lower() == "basic":
            with suppress(ValueError):
                pair = b64decode(credential).decode(errors="replace")
                yield from (pair, pair.partition(":")[2])
        for piece in _PIECE.split(value):
            if "=" in piece:
                yield piece.partition("=")[2].strip('"')


def _spelled(secret: str) -> Iterator[bytes]:
    """Yield the usual spellings of a text: as it is, and as URLs, HTML, JSON, base64 and hex have it."""
    plain = secret.encode(errors="replace")
    in_json = json.dumps(secret)[1:-1]
    texts = (
        secret,
        secret.upper(),
        secret.lower(),
        quote(plain, safe=""),
        quote(plain),
        quote_plus(plain),
        escape(secret),
        escape(secret, quote=False),
        escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        in_json,
        in_json.replace("/", "\\/"),
        # Go's encoder keeps what HTML would read from itself.
        in_json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
        "".join(f"%{byte:02x}" for byte in plain),
        plain.hex(),
    )
    yield from (text.encode(errors="replace") for text in texts)
    if len(plain) >= LEAST_IN_ANSWER:
        yield from _in_base64(plain)


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """Yield what base64 makes of a text within a longer one: only its inner letters are sure."""
    for before in range(3):
        coded = b64encode(b"\0" * before + plain)
        begin, end = (0, 2, 3)[before], (before + len(plain)) * 8 // 6
        inner = coded[begin:end]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")
