"""Whose turn it is: what stands in a header, and how a line of a made-up conversation begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
import re

from . import dialects
from .dialects import Header

FIRST: tuple[str, ...] = dialects.OWN_LABELS
"""What may stand before an answer has begun."""
LATER: tuple[str, ...] = (*dialects.SPEAKERS, *dialects.NAMED_SPEAKERS)
"""What may stand at the beginning of a line afterwards."""
LABELS: tuple[str, ...] = (*dialects.FINAL_LABELS, *dialects.THOUGHT_LABELS, *dialects.CALL_LABELS)
"""What may stand at the beginning of any line."""

_OWN = re.compile(r"assistant|model|chatbot|\bbot\b|<bot>|\bai\b|_bot\b", re.IGNORECASE)
_RECIPIENT = re.compile(r"\bto=([^\s<]+)")
_CHANNEL = re.compile(r"analysis|commentary|final", re.IGNORECASE)
_THINKS = frozenset({"analysis", "commentary"})
_SENTENCE_END = ".!?…\"”'*)"
_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether the model speaks itself, to which tool, and whether it only thinks."""

    own: bool
    recipient: str | None = None
    thinks: bool = False


@cache
def words_of(*, answered: bool) -> Mapping[str, tuple[str, ...]]:
    """Return what a line may begin with, by its first character: lines are many, and few begin so."""
    words = (*(LATER if answered else FIRST), *LABELS)
    return {word[0]: tuple(other for other in words if other[0] == word[0]) for word in words}


def is_own(mark: str) -> bool:
    """Return whether a mark begins a turn of the model itself."""
    return _OWN.search(mark) is not None


def read(header: Header, role: str) -> Turn:
    """Read what stands between a header's opening and its end."""
    channel = _CHANNEL.search(role)
    recipient = _RECIPIENT.search(role)
    if not header.goes_on:
        return Turn(is_own(header.opening + role) or not role.strip())
    speaker = role.split("<", 1)[0].split("to=", 1)[0].strip()
    own = header.opening == "<|channel|>" or not speaker or is_own(speaker)
    if recipient is None:
        return Turn(own, thinks=channel is not None and channel[0].lower() in _THINKS)
    if recipient[1] == "self":
        return Turn(own, thinks=True)
    if is_own(recipient[1]) or recipient[1] in ("user", "all"):
        return Turn(own and recipient[1] in ("user", "all"))
    return Turn(own, recipient=recipient[1])


def split(text: str) -> tuple[str, str]:
    """Return the role and the rest of a header whose end is missing."""
    channel = _CHANNEL.search(text)
    if channel is not None:
        return text[: channel.end()], text[channel.end() :]
    role, _, rest = text.partition("\n")
    return role, rest


def beginning(text: str, marks: Sequence[str]) -> int:
    """Return where one of a few marks may begin at the end of a text; its length if none."""
    longest = max(map(len, marks), default=1)
    for at in range(max(0, len(text) - longest + 1), len(text)):
        tail = text[at:]
        if any(mark.startswith(tail) for mark in marks):
            return at
    return len(text)


def is_invented(line: str, before: str) -> bool:
    """Return whether a line that begins with a speaker's name goes on as a conversation does.

    `before` is the last character of what was said. "User: admin" is a line of a listing.
    """
    name, _, words = line.partition(":")
    spoken = words.strip()
    if not spoken:
        return name.lower() == "human"
    is_sentence = spoken[-1] in ".!?…" or len(spoken.split()) >= _FEW_WORDS
    return is_sentence and (name.lower() in ("human", "mensch") or before in _SENTENCE_END)
