"""What Home Assistant wrote to its log."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
import re

from .configuration import DOMAIN
from .console import Console

_FIRST_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:.]+(?:[+-][\d:]+)? "
    r"(?P<level>[A-Z]+) \([^)]*\) \[(?P<logger>[^\]]+)\] (?P<text>.*)$"
)
_PROBLEMS = {"ERROR", "CRITICAL"}
_LINES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of the log; `text` is all its lines, a traceback among them."""

    level: str
    logger: str
    text: str

    @property
    def is_ours(self) -> bool:
        """Whether the integration wrote it or is to be seen in it."""
        return DOMAIN in self.logger or DOMAIN in self.text

    @property
    def is_problem(self) -> bool:
        """Whether something went wrong: an error, or a traceback at any level."""
        return self.level in _PROBLEMS or "Traceback (most recent call last)" in self.text


def records(lines: Iterable[str]) -> Iterator[Record]:
    """The entries in these lines; what stands before the first entry is one of level ERROR.

    Home Assistant writes there only what happens before its log is set up.
    """
    level, logger, text = "ERROR", "", list[str]()
    for line in lines:
        if match := _FIRST_LINE.match(line):
            if any(text):
                yield Record(level, logger, "\n".join(text).rstrip())
            level, logger, text = match["level"], match["logger"], [match["text"]]
        else:
            text.append(line.rstrip("\n"))
    if any(text):
        yield Record(level, logger, "\n".join(text).rstrip())


def read(log: Path) -> list[Record]:
    """All entries of this file, none if it does not exist."""
    if not log.exists():
        return []
    return list(records(log.read_text(encoding="utf-8", errors="replace").splitlines()))


def problems(log: Path) -> list[Record]:
    """The entries of this file that say something went wrong."""
    return [record for record in read(log) if record.is_problem]


def show_problems(log: Path, console: Console) -> None:
    """Print the entries that say something went wrong, of a long one the end."""
    for record in problems(log):
        first, *rest = record.text.splitlines()
        console.warning(f"{record.level} [{record.logger}] {first}")
        for line in rest[-_LINES_SHOWN:]:
            console.warning(line)
