"""Whether a call that worked made good an earlier one that had failed.

Small models call one thing after another. "Turn on cellar and hall" ends with a failed call for the cellar,
and one for the hall that worked: that is no correction. One for "Kitchn" and then one for "Kitchen" is.
"""

from difflib import SequenceMatcher
import re

_ALIKE = 0.6
_DIGITS = re.compile(r"\d+")


def is_correction(failed: str, worked: str, question: str) -> bool:
    """Return whether a call for one thing is a correction of one for another, by what the person said.

    Who names both wants both. A name that is not among the person's words was the model's guess for one that
    is, or that it found afterwards.
    """
    before, after, words = _plain(failed), _plain(worked), _plain(question)
    if not before or not after or before == after:
        return True
    if _DIGITS.findall(before) != _DIGITS.findall(after):
        return False
    within = before in after or after in before
    if before in words and after in words:
        return within
    return within or (before in words) is not (after in words) or _alike(before, after)


def _alike(one: str, other: str) -> bool:
    return bool(set(one.split()) & set(other.split())) or SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
