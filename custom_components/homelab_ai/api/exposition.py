"""The text format that exporters answer with (Prometheus, `exposition_formats.md`), as far as needed here."""

from collections.abc import Iterator
import re

from .answers import number

_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})?\s+(\S+)(?:\s+-?\d+)?\s*")


def samples(text: str) -> Iterator[tuple[str, str, float]]:
    """Yield name, labels as written (empty for none) and value of each sample that has a finite value."""
    # Not by all that Python takes for the end of a line: a label may hold such a character.
    for line in text.split("\n"):
        if (match := _SAMPLE.fullmatch(line)) and (value := number(match[3])) is not None:
            yield match[1], match[2] or "", value
