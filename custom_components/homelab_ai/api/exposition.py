"""The text format that exporters answer with (Prometheus, `exposition_formats.md`), as far as needed here."""

from collections.abc import Iterator
import re

from .answers import Number, number

MAX_LINE = 8192
"""Characters; a longer one is no sample of ours."""
_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]{0,199})(\{[^}]*\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?\s*")


def samples(text: str, prefix: str = "") -> Iterator[tuple[str, str, Number]]:
    """Yield name, labels as written (empty for none) and value of each sample that has a finite value.

    Only those whose names begin with `prefix`.
    """
    # Not by all that Python takes for the end of a line: a label may hold such a character.
    for line in text.split("\n"):
        if not line.startswith(prefix) or len(line) > MAX_LINE:
            continue
        if (match := _SAMPLE.fullmatch(line)) and (value := number(match[3])) is not None:
            yield match[1], match[2] or "", value
