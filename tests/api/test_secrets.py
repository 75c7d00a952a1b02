"""What a system repeats of what it was sent."""

from base64 import b64encode, urlsafe_b64encode
from html import escape
import json
import time
from urllib.parse import quote, quote_plus

import aiohttp
from aiohttp import web
import pytest

from custom_components.homelab_ai.api.errors import ApiResponseError
from custom_components.homelab_ai.api.http import Connection, fetch
from custom_components.homelab_ai.api.secrets import without_secrets

from .conftest import Serve

BASIC = b64encode(b"anna:correct horse").decode()


@pytest.mark.parametrize(
    ("headers", "said", "left"),
    [
        ({}, b"refused", b"refused"),
        ({"Authorization": "Bearer abcdef"}, b"Bearer abcdef is wrong", b"Bearer **REDACTED** is wrong"),
        ({"authorization": "Bearer abcdef"}, b"token abcdef", b"token **REDACTED**"),
        ({"Authorization": f"Basic {BASIC}"}, BASIC.encode(), b"**REDACTED**"),
        ({"Authorization": f"Basic {BASIC}"}, b"anna:correct horse", b"**REDACTED**"),
        ({"Authorization": f"Basic {BASIC}"}, b"no correct horse", b"no **REDACTED**"),
        ({"Authorization": "Basic ä"}, b"Basic", b"Basic"),
        ({"X-Api-Key": "abcdef"}, b"abcdef abcdef", b"**REDACTED** **REDACTED**"),
        ({"X-Phrase": "open sesame"}, b"no open sesame", b"no **REDACTED**"),
        ({"X-Number": "1", "Accept": "text/html"}, b"1 text/html", b"1 text/html"),
    ],
)
def test_without_secrets(headers: dict[str, str], said: bytes, left: bytes) -> None:
    assert without_secrets(said, headers) == left


SECRET = "sk-9f/3+b & <é>'x"
SPELLINGS = {
    "plain": SECRET,
    "upper case": SECRET.upper(),
    "lower case": SECRET.lower(),
    "URL": quote(SECRET, safe=""),
    "URL with slashes": quote(SECRET),
    "URL of a form": quote_plus(SECRET),
    "URL in lower case": quote(SECRET, safe="").lower(),
    "every byte of a URL": "".join(f"%{byte:02X}" for byte in SECRET.encode()),
    "HTML": escape(SECRET),
    "HTML without quotes": escape(SECRET, quote=False),
    "HTML of Go": escape(SECRET).replace("&#x27;", "&#39;"),
    "JSON": json.dumps({"error": SECRET}),
    "JSON in UTF-8": json.dumps(SECRET, ensure_ascii=False),
    "JSON of PHP": json.dumps(SECRET).replace("/", "\\/"),
    "JSON of Go": json.dumps(SECRET).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
    "base64": b64encode(SECRET.encode()).decode(),
    "base64 with more before it": b64encode(f"Bearer {SECRET} and more".encode()).decode(),
    "base64 with one letter before it": b64encode(f"x{SECRET}".encode()).decode(),
    "base64 of URLs": urlsafe_b64encode(f"xy{SECRET}".encode()).decode(),
    "hex": SECRET.encode().hex(),
}


@pytest.mark.parametrize("is_error", [True, False])
@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {SECRET}"},
        {"X-Token": f"Token {SECRET}"},
        {"X-Api-Key": SECRET},
        {"Authorization": f"Basic {b64encode(f'anna:{SECRET}'.encode()).decode()}"},
    ],
    ids=["bearer", "scheme of its own", "header", "password"],
)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_in_any_spelling(spelling: str, headers: dict[str, str], is_error: bool) -> None:
    said = f"before {SPELLINGS[spelling]} after {SPELLINGS[spelling]}".encode()
    left = without_secrets(said, headers, is_error=is_error).decode()
    assert left.count("**REDACTED**") == 2
    assert SPELLINGS[spelling].strip('{}"') not in left


@pytest.mark.parametrize("cookie", ["session=abc-0123456789", 'a=b; session="abc-0123456789"; c=d'])
def test_a_cookie_is_a_secret(cookie: str) -> None:
    assert without_secrets(b"said abc-0123456789", {"Cookie": cookie}) == b"said **REDACTED**"


@pytest.mark.parametrize("secret", ["ollama", "prometheus", "abc123"])
def test_a_secret_that_is_a_word_stays_in_what_is_no_error(secret: str) -> None:
    """Else a key of "ollama", which many have, would break the names of models."""
    said = f"the models of {secret}".encode()
    headers = {"Authorization": f"Bearer {secret}"}
    assert without_secrets(said, headers, is_error=False) == said
    assert secret.encode() not in without_secrets(said, headers)


def test_masking_is_linear() -> None:
    headers = {
        "Authorization": f"Bearer {SECRET}",
        **{f"X-{number}": f"key-{number:09}" for number in range(20)},
    }
    for unit in (b"sk-9f/3+", b"key-0000000", SECRET.encode(), b" ", b"%"):
        begun = time.thread_time()
        without_secrets(unit * (2**20 // len(unit)), headers)
        assert time.thread_time() - begun < 1


@pytest.mark.parametrize("status", [200, 302, 500])
async def test_what_an_answer_repeats(status: int, serve: Serve, session: aiohttp.ClientSession) -> None:
    """In its body, in where it leads, and in every other header."""

    async def parrot(request: web.Request) -> web.StreamResponse:
        key = request.headers["Authorization"].removeprefix("Bearer ")
        headers = {"Location": f"http://other/?key={key}", "X-Version": key}
        return web.Response(status=status, text=f'{{"version": "{key}"}}', headers=headers)

    server = await serve(parrot)
    connection = Connection(server.url, {"Authorization": "Bearer sk-0123456789"})
    answer = await fetch(session, connection, "GET", "/")
    assert answer.json() == {"version": "**REDACTED**"}
    assert answer.headers["location"] == "http://other/?key=**REDACTED**"
    assert answer.headers["X-Version"] == "**REDACTED**"
    if status != 200:
        with pytest.raises(ApiResponseError) as raised:
            answer.raise_for_status()
        assert "0123456789" not in str(raised.value)
