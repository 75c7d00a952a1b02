"""How many tokens a text may have, by the kind of its characters: rather too many than too few.

A tokenizer has whole words of the languages it was made for, and little else: figures, identifiers, marks and
other scripts cost nearly a token for each character, or more than one.
"""

from functools import lru_cache
import re

_RUN = re.compile(r"[A-Za-z0-9]+|[^\S\n]{2,}|\n+|[^\sA-Za-z0-9]")
_PER_LETTER = 1 / 3
"""Tokens of a letter in a word; English has about 1/5, German up to 1/3."""
_PER_CAPITAL = 1 / 2
_PER_FIGURE = 0.8
"""Tokens of each character in a run with figures: times, hashes, identifiers."""
_PER_MARK = 0.8
_PER_BLANK = 0.25
_PER_LATIN = 0.8
_PER_OTHER = 1.7
"""Tokens of a character of another script; small vocabularies know some of its bytes alone."""
_LAST_LATIN, _LAST_ALPHABET = "\u024f", "\u0700"


@lru_cache(maxsize=64)
def tokens_of(text: str) -> float:
    """Return about how many tokens a text has. The same texts are asked for in every turn."""
    return sum(_cost(run) for run in _RUN.findall(text))


def _cost(run: str) -> float:
    first = run[0]
    if first.isspace():
        return len(run) * _PER_BLANK
    if not first.isascii():
        return _PER_LATIN if first <= _LAST_LATIN else 1.0 if first < _LAST_ALPHABET else _PER_OTHER
    if not first.isalnum():
        return _PER_MARK
    if not run.isalpha():
        return len(run) * _PER_FIGURE
    return max(1.0, len(run) * (_PER_CAPITAL if run.isupper() else _PER_LETTER))
