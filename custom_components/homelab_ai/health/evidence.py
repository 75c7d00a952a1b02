"""Evidence: what systems say about one problem, beside that it is there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import re

from .problem import plain

MAX_EVIDENCE = 1500
"""Characters of one piece."""
_MAX_PART = 500

# What changes while the same thing stays wrong: moments, spans, figures. What is a part of a word is none of
# these: the tag of an image, the number of a node.
_MOMENT = re.compile(r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_FIGURE = re.compile(
    r"(?<![\w.:/@-])\d+(?:[.,:]\d+)*(?:\s?%|[KMGT]i?B?\b|(?:h|ms|m|s|d)(?:\d+(?:\.\d+)?(?:ms|m|s))*\b|×)?"
    r"(?![\w/@-])"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence; `title` is ours, `text` is what a system says: plain, one line, bounded."""

    title: str
    text: str

    @classmethod
    def of(cls, title: str, *parts: object) -> Evidence:
        """Return what was said in several parts, with each of them bounded; empty ones are left out."""
        texts = (plain(part, _MAX_PART) for part in parts)
        return cls(title, plain("; ".join(part for part in texts if part), MAX_EVIDENCE))

    @classmethod
    def listed(cls, title: str, facts: Mapping[str, object]) -> Evidence:
        """Return what was said by name."""
        return cls.of(
            title, *(f"{name}: {value}" for name, value in facts.items() if value not in (None, ""))
        )

    @property
    def lasting(self) -> str:
        """Return what stays the same while the same thing is wrong, whatever moments and figures say."""
        text = _FIGURE.sub("#", _MOMENT.sub("#", self.text))
        # What happened last stands first, so the order of the same events changes.
        return "; ".join((self.title, *sorted(text.split("; "))))


def said_something(pieces: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the pieces that have a text."""
    return tuple(piece for piece in pieces if piece.text)
