"""Text that forges do not act on."""

import time

import pytest

from custom_components.homelab_ai.api.forge.forge import commit_message
from custom_components.homelab_ai.api.forge.prose import fenced, plain_title, quoted, unarmed


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("closes #12", "closes &#35;12"),
        ("@admin please", "&#64;admin please"),
        ("<img src=x>", "&#60;img src=x&#62;"),
        ("[here](https://evil.example)", "&#91;here&#93;&#40;https&#58;\u200b//evil.example&#41;"),
        ("a\n\n/merge", "a /merge"),
        ("`code` ``` x", "&#96;code&#96; &#96;&#96;&#96; x"),
        ("a | b", "a &#124; b"),
    ],
)
def test_quoted(foreign: str, shown: str) -> None:
    assert quoted(foreign) == shown


def test_quoted_is_bounded() -> None:
    assert quoted("a" * 1000, 10) == "aaaaaaaaa…"


def test_fence_is_longer_than_those_within() -> None:
    assert fenced("```\n@admin\n````\n", "yaml") == "`````yaml\n```\n@admin\n````\n`````"


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Hello @admin, closes #12 and !7", "Hello &#64;admin, closes &#35;12 and &#33;7"),
        ("/merge", "\\/merge"),
        ("x\n  /approve\n", "x\n  \\/approve\n"),
        ("a/b and / c", "a/b and / c"),
        ("`image@sha256` stays", "`image@sha256` stays"),
        ("```diff\n+ @x #1\n```\n@y", "```diff\n+ @x #1\n```\n&#64;y"),
        ("```\n/merge\n```", "```\n\\/merge\n```"),
        ("mail@example.org", "mail&#64;example.org"),
        ("![picture](x)", "![picture](x)"),
    ],
)
def test_unarmed(markdown: str, shown: str) -> None:
    assert unarmed(markdown) == shown
    assert unarmed(shown) == shown


def test_fences_that_never_end_cost_nothing() -> None:
    hostile = "```x\n~~~~x\n@y\n" * 4_000
    began = time.process_time()
    assert "@y" not in unarmed(hostile)
    assert time.process_time() - began < 2


def test_title() -> None:
    assert plain_title("/merge\nfixes #3 of @admin") == "merge fixes #\u20603 of @\u2060admin"


def test_message_of_a_commit() -> None:
    assert commit_message("Enable x\n\nCloses #3\n/merge") == "Enable x\n\nCloses #\u20603\nmerge\n"
    assert commit_message("Enable x") == "Enable x\n"
