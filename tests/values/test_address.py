"""Addresses that other systems tell of: only a web page that a person may open passes."""

import random

import pytest
from yarl import URL

from custom_components.homelab_ai.values.address import MAX_ADDRESS, web_address


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("https://git.home/owner/repo/pulls/3", "https://git.home/owner/repo/pulls/3"),
        (
            "http://192.168.1.5:9090/graph?g0.expr=up&g0.tab=1",
            "http://192.168.1.5:9090/graph?g0.expr=up&g0.tab=1",
        ),
        ("  https://web.home ", "https://web.home"),
        ("HTTPS://Web.Home/", "https://web.home/"),
        ("http://[fd00::1]:8080/x#part", "http://[fd00::1]:8080/x#part"),
        # A host that only looks like another is spelt out.
        ("https://g\u0456thub.com/login", "https://xn--gthub-n2e.com/login"),
    ],
)
def test_pages(told: str, expected: str) -> None:
    assert web_address(told) == expected


@pytest.mark.parametrize(
    "told",
    [
        *("", None, 7, [], "web.home", "//web.home/x", "/x", "https://", "https:///x"),
        *("javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "file:///etc/passwd"),
        *(
            "homeassistant://navigate/config",
            "intent://x",
            "app://x",
            "ftp://web.home",
            "view-source:https://x.home",
        ),
        *("https://me:secret@web.home/", "https://me@web.home/", "https://trusted.home@evil.home/"),
        *("https://*.home/", "https://web.home:0/", "https://web.home:99999/", "https://web.home:x/"),
        *(
            "https://web.home/\nx",
            "https://web.home/\u202egpj.exe",
            "java\tscript:x",
            "https://we\x00b.home/",
        ),
        "https://web.home/" + "x" * MAX_ADDRESS,
    ],
)
def test_what_is_no_page(told: object) -> None:
    assert web_address(told) == ""


def test_whatever_is_told() -> None:
    """What passes is a page, is the same when it passes again, and cannot end what it is written into."""
    chance = random.Random(14)
    passed_at_all = 0
    for _ in range(3000):
        start = chance.choice(("", "https://", "http://h/", "https://h:1/?q=", "HTTP://"))
        told = start + "".join(chance.choices('ah.:/@?#[]%<>"`\\ \n\x00\u202e\u00e4\u0456\U0001f600*0', k=8))
        if not (passed := web_address(told)):
            continue
        passed_at_all += 1
        url = URL(passed)
        assert url.scheme in ("http", "https")
        assert url.host
        assert (url.user, url.password) == (None, None)
        assert passed.isascii()
        assert passed.isprintable()
        assert not set(passed) & set(' <>"`\\')
        assert web_address(passed) == passed
    assert passed_at_all > 100
