"""Foreign text: valid Unicode that shows what it is, and bounded.

A `Text` may have several lines; a `Line` is one that can be printed as it is. Both are made here and nowhere
else, so mypy refuses a text that has not passed.
"""

import re
from typing import NewType
import unicodedata

Text = NewType("Text", str)
"""Without controls (but tab and line end), escape sequences, half characters, marks that reorder or hide."""
Line = NewType("Line", Text)
"""A text of one line, printable throughout."""

MAX_TEXT = 8192
"""Characters of one foreign text, unless its reader says otherwise."""
REDACTED = "**REDACTED**"

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # a control sequence
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # a title or a link
    r"|\x1b."
)
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1f\x85]")
# Controls, half characters, marks that reorder what follows, and code points that stand for nothing.
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff"
    "\u202a-\u202e\u2065-\u206f\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
# What languages need within a sentence, and no name does: it hides there.
_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u2028\u2029\u2060-\u2064\ufeff]")
# What shows nothing though Unicode calls it a letter or a mark.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_UNPRINTABLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
# Up to the last "@": a password may have one in it.
_USER = re.compile(r"(?<=//)[^\s/?#]*@")


def text(value: object, limit: int = MAX_TEXT) -> Text:
    """Return a foreign text of at most `limit` characters; empty for anything but a text.

    The user and password of an address in it are masked.
    """
    if not isinstance(value, str):
        return Text("")
    shown = words(value, limit)
    if not shown.isascii():
        shown = Text(_HIDDEN.sub("", shown))
    return Text(_USER.sub(f"{REDACTED}@", shown)[:limit]) if "@" in shown and "//" in shown else shown


def words(value: object, limit: int = MAX_TEXT) -> Text:
    """Return what a model says, like `text`; an address in it is the model's own."""
    if not isinstance(value, str):
        return Text("")
    # Cut first: a hostile text may be megabytes long.
    shown = value[:limit]
    if shown.isascii() and shown.isprintable():
        return Text(shown)
    shown = _LINE_ENDS.sub("\n", _ESCAPES.sub("", shown) if "\x1b" in shown or "\x9b" in shown else shown)
    return Text(_UNFIT.sub("", shown))


def without_users(shown: str) -> str:
    """Return a text without the users and passwords that the addresses in it may have, and without a mask."""
    return _USER.sub("", shown)


def line(value: object, limit: int) -> Line:
    """Return foreign text as one plain line of at most `limit` characters, its end marked where it was cut.

    Without escape sequences, control characters, and those that reorder or hide text.
    """
    # Cut first: a hostile text may be megabytes long.
    shown = str(value)[: limit * 4]
    # Printable ASCII has nothing to hide, and nearly all texts are that: there are tens of thousands of them.
    if not (shown.isascii() and shown.isprintable()):
        shown = _UNSEEN.sub("", _ESCAPES.sub("", shown))
    if not shown.isprintable():
        shown = "".join(
            " " if character.isspace() else character
            for character in shown
            if character.isspace() or unicodedata.category(character) not in _UNPRINTABLE
        )
    shown = " ".join(shown.split())
    if "@" in shown and "//" in shown:
        shown = _USER.sub(f"{REDACTED}@", shown)
    return Line(Text(shown if len(shown) <= limit else f"{shown[: limit - 1].rstrip()}…"))
