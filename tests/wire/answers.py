"""The answers: bodies, statuses, redirects, framing, headers, encodings, and those that do not end."""

# ruff: noqa: E501 - a row of a table is a line

import asyncio
from collections.abc import Callable
from compression import zstd
import gzip
import zlib

from .server import Wire

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LINES = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n"


def whole(body: bytes, status: str = "200 OK", fields: str = "") -> bytes:
    """Return an answer with a length."""
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{fields}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("latin-1") + body


def headed(*fields: bytes, body: bytes = b"{}") -> bytes:
    """Return an answer with these fields and its length."""
    lines = b"".join(field + b"\r\n" for field in fields)
    return HEAD + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body


def framed(*fields: bytes, body: bytes = b"") -> bytes:
    """Return an answer whose length is what these fields say."""
    return HEAD + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def chunked(*parts: bytes) -> bytes:
    """Return an answer in pieces."""
    return framed(b"Transfer-Encoding: chunked", body=b"".join(parts))


def drip(head: bytes, piece: bytes, seconds: float = 0.05) -> Wire:
    """Send the beginning, and then a byte at a time."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            for byte in piece:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(seconds)

    return play


def endless(head: bytes, piece: bytes, pause: float = 0.01) -> Wire:
    """Send the beginning, and then the same for ever."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return play


def cut(begin: bytes, *, abort: bool = False) -> Wire:
    """Send the beginning and hang up."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        await writer.drain()
        if abort:
            writer.transport.abort()
        raise ConnectionError

    return play


def stall(begin: bytes) -> Wire:
    """Send the beginning and nothing more."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        await writer.drain()
        await asyncio.sleep(60)

    return play


def bomb(encoding: str) -> bytes:
    """Return 64 MiB of nothing, packed into some KiB."""
    plain = b"\0" * (64 * 1024**2)
    pack: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "zstd": zstd.compress,
    }
    packed = pack[encoding](plain)
    return framed(b"Content-Encoding: " + encoding.encode(), b"Content-Length: %d" % len(packed), body=packed)


_HUGE = b"9" * 400
BODIES: dict[str, bytes] = {
    "null": b"null",
    "true": b"true",
    "number": b"5",
    "text": b'"x"',
    "list": b"[]",
    "object": b"{}",
    "NaN": b"NaN",
    "infinite": b'{"version": Infinity, "models": Infinity}',
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep and closed": b"[" * 5000 + b"]" * 5000,
    "digits": b"[" + b"9" * 5000 + b"]",
    "UTF-16": '{"version":"1"}'.encode("utf-16"),
    "UTF-16 of another end": '{"version":"1"}'.encode("utf-16-be"),
    "UTF-32": '{"version":"1"}'.encode("utf-32"),
    "mark": b"\xef\xbb\xbf{}",
    "nulls": b"\0" * 100,
    "Latin": b'{"version": "\xff\xfe"}',
    "half an emoji": b'{"version": "\\ud800", "models": [{"model": "\\ud800"}], "status": "\\ud800", "error": "\\ud800"}',
    "twice": b'{"version": "1", "version": 2, "models": [], "models": 5}',
    "wrong types": b'{"version": [], "models": {"a": 1}, "data": 5, "items": 7, "groups": {}, "metadata": [],'
    b' "status": {}, "features": 1, "gitVersion": 3}',
    "models of junk": b'{"models": [1, null, {}, {"model": 5}, {"model": "a", "size": "x"}, {"model": "a", "details": 3}]}',
    "metrics of junk": b'{"status":"success","data":{"alerts":[1,{"labels":[1],"state":"firing"}],"resultType":"vector",'
    b'"result":[1,{"metric":5,"value":[1]},{"value":{"a":1}}]},"versionInfo":[1]}',
    "web page": b"<html>sign in</html>",
    "empty": b"",
    "space": b" " * 1000,
    "lines of junk": b'{"a":1}\n\n\xff\n[1]\n',
    "error of a number": b'{"error": 5}',
    "error of an object": b'{"error": {"message": "x"}}',
    "error of a list": b'{"error": ["x"]}',
    "error of a megabyte": b'{"error": "' + b"x" * 1_000_000 + b'"}',
    "content of a number": b'{"message": {"content": 5}, "done": true}\n',
    "call of junk": b'{"message": {"tool_calls": [{"function": {"name": 5, "arguments": "x"}}]}, "done": false}\n',
    "call without arguments": b'{"message": {"tool_calls": [{"function": {"name": "x"}}]}, "done": true}\n',
    "calls of junk": b'{"message": {"tool_calls": [1, null, {}, {"function": []}]}, "done": true}\n',
    "no message": b'{"message": null, "done": true}\n',
    "huge figures": b'{"message": {"content":"a"}, "done": true, "load_duration": '
    + _HUGE
    + b', "eval_count": '
    + _HUGE
    + b"}\n",
    "created at junk": b'{"message": {"content":"a"}, "done": true, "created_at": "x"}\n',
    "probabilities of junk": b'{"message": {"content":"a"}, "done": true, "logprobs": [{"token": null}, 5]}\n',
    "progress of junk": b'{"status": 5}\n{"status": "x", "digest": ["a"], "total": "y"}\n',
    "huge progress": b'{"status": "x", "digest": "a", "total": '
    + _HUGE
    + b', "completed": -5}\n{"status":"success"}\n',
    "events of junk": b'{"type": "ADDED", "object": 5}\n{"type": 3}\n[]\n',
    "event of an error": b'{"type": "ERROR", "object": {"code": 1e400, "message": ["x"]}}\n',
    "event of an error with 200": b'{"type": "ERROR", "object": {"code": 200, "message": "x"}}\n',
    "half an event": b'{"type": "ADDED"',
    "objects of junk": b'{"items": [1, {}, {"metadata": 5, "spec": [], "status": "x"}], "metadata": {"continue": 7}}',
}
_FAILING = (
    "null",
    "number",
    "text",
    "list",
    "half an emoji",
    "deep",
    "error of a number",
    "error of an object",
    "error of a list",
    "error of a megabyte",
    "web page",
    "UTF-16",
    "nulls",
    "Latin",
)
STATUSES = (
    "100 Continue",
    "199 X",
    "201 Created",
    "204 No Content",
    "205 Reset",
    "206 Partial",
    "226 IM",
    "299 X",
    "300 Multiple",
    "304 Not Modified",
    "399 X",
    "400 Bad",
    "401 Unauthorized",
    "402 Payment",
    "403 Forbidden",
    "404 Not Found",
    "407 Proxy",
    "410 Gone",
    "418 Teapot",
    "429 Too Many",
    "451 Legal",
    "499 X",
    "500 Error",
    "501 Not Implemented",
    "502 Bad Gateway",
    "503 Unavailable",
    "504 Timeout",
    "599 X",
    "600 X",
    "999 X",
    "099 X",
    "-1 X",
    "99999 X",
    "abc X",
)
REDIRECTS = (
    (301, "file:///etc/passwd"),
    (302, "http://169.254.169.254/latest"),
    (307, "http://127.0.0.1:1/"),
    (308, "//other.host/"),
    (303, "/api/version"),
    (302, "gopher://x"),
    (302, ""),
    (302, "\xe9\xff"),
    (302, "javascript:1"),
    (302, "http://["),
    (302, "http://a:b@c:99999999/"),
    (302, "x" * 5000),
)
_ZIPPED = gzip.compress(b"{}" * 500)
FRAMING: dict[str, Wire] = {
    "garbage": b"\x00\xff\x16\x03\x01garbage\r\n\r\n",
    "TLS": b"\x15\x03\x03\x00\x02\x02\x28",
    "HTTP/0.9": b"<html>hi</html>",
    "HTTP/9.9": b"HTTP/9.9 200 OK\r\n\r\n{}",
    "ICY": b"ICY 200 OK\r\n\r\n{}",
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}",
    "line feeds only": b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
    "negative length": framed(b"Content-Length: -5", body=b"{}"),
    "length of letters": framed(b"Content-Length: abc", body=b"{}"),
    "huge length": framed(b"Content-Length: 99999999999999999999999", body=b"{}"),
    "two lengths": framed(b"Content-Length: 2", b"Content-Length: 3", body=b"{}"),
    "length and pieces": framed(
        b"Content-Length: 2", b"Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\n\r\n"
    ),
    "too short": cut(framed(b"Content-Length: 100", body=b"{}")),
    "odd transfer": framed(b"Transfer-Encoding: chunked, identity, gzip", body=b"{}"),
    "piece of junk": chunked(b"zz\r\n{}\r\n"),
    "huge piece": chunked(b"FFFFFFFFFFFFFFFFFF\r\n{}"),
    "negative piece": chunked(b"-1\r\n{}\r\n"),
    "extension of a megabyte": chunked(b"2;" + b"x" * 1_000_000 + b"\r\n{}\r\n0\r\n\r\n"),
    "pieces without an end": stall(chunked(b"2\r\n{}")),
    "many trailers": chunked(b"2\r\n{}\r\n0\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"),
    "two answers": whole(b"{}") + whole(b"[]"),
    "switching protocols": b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "many early hints": b"HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\n" * 20_000 + whole(b"{}"),
    "hang up": cut(b""),
    "hang up in the body": cut(framed(b"Content-Length: 100", body=b"{}"), abort=True),
}
HEADERS: dict[str, Wire] = {
    "no colon": headed(b"foo bar"),
    "null": headed(b"X: a\0b"),
    "value of 100 KB": headed(b"X: " + b"a" * 100_000),
    "name of 100 KB": headed(b"a" * 100_000 + b": x"),
    "20,000": headed(*[b"X-A: b"] * 20_000),
    "Latin": headed(b"X: \xff\xfe"),
    "folded": headed(b"X: a\r\n b"),
    "odd type": headed(b"Content-Type: ;;;=\xff"),
    "unknown charset": headed(b"Content-Type: application/json; charset=undefined"),
    "charset rot13": b"HTTP/1.1 500 E\r\nContent-Type: text/plain; charset=rot13\r\nContent-Length: 2\r\n\r\n{}",
    "charset idna": b"HTTP/1.1 500 E\r\nContent-Type: application/json; charset=idna\r\nContent-Length: 5\r\n\r\n{\xff\xfe}1",
    "charset zlib": b"HTTP/1.1 500 E\r\nContent-Type: application/json; charset=zlib_codec\r\nContent-Length: 5\r\n\r\n{\xff\xfe}1",
    "retry on no day": whole(b"", "503 S", "Retry-After: Mon, 99 Foo 99999 99:99:99 GMT\r\n"),
    "retry in ages": whole(b"", "503 S", "Retry-After: 999999999999999999999\r\n"),
    "retry after digits": whole(b"", "503 S", f"Retry-After: {'9' * 5000}\r\n"),
    "retry before": whole(b"", "503 S", "Retry-After: -5\r\n"),
    "retry in year 1": whole(b"", "429 S", "Retry-After: Mon, 01 Jan 0001 00:00:00 +2359\r\n"),
    "retry in year 9999": whole(b"", "429 S", "Retry-After: Fri, 31 Dec 9999 23:59:59 -2359\r\n"),
    "fifty cookies": headed(*(b"Set-Cookie: c%d=%s; Path=/" % (number, b"x" * 2000) for number in range(50))),
    "digest of junk": headed(
        b"ollama-content-digest: sha256:" + b"\xff" * 64, b"ollama-push-time: " + b"9" * 400
    ),
}
ENCODINGS: dict[str, Wire] = {
    "gzip of junk": headed(b"Content-Encoding: gzip", body=b"hello"),
    "brotli": headed(b"Content-Encoding: br", body=b"hello"),
    "zstd of junk": headed(b"Content-Encoding: zstd", body=b"hello"),
    "empty zstd": headed(b"Content-Encoding: zstd", body=b""),
    "gzip twice": headed(b"Content-Encoding: gzip, gzip", body=b"hello"),
    "gzip that is cut": headed(b"Content-Encoding: gzip", body=_ZIPPED[:20]),
    "no encoding": headed(b"Content-Encoding: \xff\xfe"),
    "gzip": headed(b"Content-Encoding: gzip", body=gzip.compress(b"{}")),
    "bomb of gzip": bomb("gzip"),
    "bomb of deflate": bomb("deflate"),
    "bomb of zstd": bomb("zstd"),
}
WITHOUT_END: dict[str, Wire] = {
    "silence": stall(b""),
    "silence in the body": stall(framed(b"Content-Length: 10", body=b"{")),
    "a byte of the head at a time": drip(b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "a byte of the body at a time": drip(framed(b"Content-Length: 100000"), b"{"),
    "a byte of a line at a time": drip(LINES, b"{"),
    "head": endless(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 1000 + b"\r\n"),
    "body": endless(framed(), b" " * 65536, 0),
    "pieces": endless(chunked(), b"1\r\n \r\n"),
    "lines that say nothing": endless(LINES, b'{"message":{"role":"assistant","content":""},"done":false}\n'),
    "progress that makes none": endless(LINES, b'{"status":"pulling","digest":"a","total":5}\n'),
    "early hints": endless(b"", b"HTTP/1.1 103 E\r\n\r\n"),
    "blank lines": endless(LINES, b"\n\n\n"),
    "blank lines at once": endless(LINES, b"\n" * 65536, 0),
    "bookmarks": endless(LINES, b'{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"1"}}}\n'),
}

ANSWERS: dict[str, Wire] = {
    **{f"body: {name}": whole(body) for name, body in BODIES.items()},
    **{f"500 with {name}": whole(BODIES[name], "500 Oops") for name in _FAILING},
    **{f"status {status}": whole(b'{"error":"x"}', status) for status in STATUSES},
    **{
        f"redirect {code} to {where[:30]!r}": whole(b"", f"{code} R", f"Location: {where}\r\n")
        for code, where in REDIRECTS
    },
    **{f"framing: {name}": answer for name, answer in FRAMING.items()},
    **{f"headers: {name}": answer for name, answer in HEADERS.items()},
    **{f"encoding: {name}": answer for name, answer in ENCODINGS.items()},
    **{f"endless: {name}": answer for name, answer in WITHOUT_END.items()},
}
