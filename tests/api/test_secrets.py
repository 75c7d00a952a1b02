"""What a system repeats of what it was sent."""

from base64 import b64encode

import pytest

from custom_components.homelab_ai.api.secrets import without_secrets

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
