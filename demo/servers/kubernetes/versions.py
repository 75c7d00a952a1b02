"""Resource versions that tell nothing: not a number, not in order (systems.md 4.1: opaque)."""

_SPACE = 2**40
# Odd: every revision has one text, and the text gives it back. Golden: neighbours are far apart.
_FACTOR = 0x9E3779B97F
_INVERSE = pow(_FACTOR, -1, _SPACE)
_SIGN = "v"


def encoded(revision: int) -> str:
    """The resourceVersion of a revision."""
    return f"{_SIGN}{revision * _FACTOR % _SPACE:010x}"


def decoded(text: str) -> int:
    """The revision of a resourceVersion; raises ValueError for what no server gave out."""
    if len(text) != 11 or not text.startswith(_SIGN):
        raise ValueError(text)
    return int(text[1:], 16) * _INVERSE % _SPACE
