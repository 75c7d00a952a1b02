"""The marks of all dialects, and where in a piece of text the next one is or may begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
import re

from . import dialects
from .dialects import Block, Dialect, Header


class Kind(StrEnum):
    """What a mark is for."""

    CALL = "call"
    THINK = "think"
    UNTHINK = "unthink"
    RESULT = "result"
    HEADER = "header"
    TURN = "turn"
    END = "end"
    STRAY = "stray"
    FENCE = "fence"
    LINE = "line"
    TICK = "tick"
    BRACE = "brace"
    GARBAGE = "garbage"
    PROMPT = "prompt"


SPEAKABLE = frozenset({Kind.LINE, Kind.TICK, Kind.BRACE, Kind.FENCE, Kind.PROMPT})
_STOPPING = frozenset({Kind.HEADER, Kind.TURN, Kind.END, Kind.RESULT})
LONGEST_TOKEN = 48
"""Characters between the brackets of a special token."""
_MOST_REMOVALS = 8

# Special tokens that no table names, and the placeholders of templates that were printed instead of filled.
_TOKEN = (
    rf"<\|[^|<>\[\]&\n]{{1,{LONGEST_TOKEN}}}\|>|</?｜[^｜<>\n]{{1,{LONGEST_TOKEN}}}｜[^<>\n]{{0,{LONGEST_TOKEN}}}>"
    rf"|<unused\d{{1,4}}>|<reserved_\d{{1,4}}>|<extra_id_\d{{1,3}}>|<0x[0-9A-F]{{2}}>|<SPECIAL_\d{{1,4}}>"
    r"|\{\{-? ?(?:if |range |end |else )?\$?\.(?:System|Prompt|Response|Messages|Tools|Content|Role|Suffix)\b"
    rf"[^{{}}\n]{{0,{LONGEST_TOKEN}}}\}}\}}"
)
_HALF_TOKEN = re.compile(r"(?:<[|｜][\w▁:]{2,32}[|｜]?|<(?:end|start)_of_\w{0,16}|</s)$")
_TOKEN_BEGINNING = re.compile(
    rf"<(?:\|(?:[^|<>\[\]&\n]{{0,{LONGEST_TOKEN}}}\|?)?|/?｜(?:[^｜<>\n]{{0,{LONGEST_TOKEN}}}(?:｜[^<>\n]{{0,"
    rf"{LONGEST_TOKEN}}})?)?|/|[a-zA-Z]\w{{0,9}}_?\d{{0,4}}|0(?:x[0-9A-F]{{0,2}})?)?$"
    rf"|\{{\{{?$|\{{\{{-? ?(?:(?:if|range|end|else) ?)?\$?(?:\.\w{{0,{LONGEST_TOKEN}}}[^{{}}\n]{{0,"
    rf"{LONGEST_TOKEN}}}\}}?)?$"
)
# How a server prints an object that its template did not know how to write.
_GARBAGE = ("{object <nil>", "{object map[", "{object [", "{function <nil> {", "<nil> {", "<nil> [")


@dataclass(frozen=True)
class Marks:
    """The compiled tables. `pattern` finds any mark, `stops` those that end whatever is open."""

    trigger: re.Pattern[str]
    """What a text has none of that can be said at once."""
    pattern: re.Pattern[str]
    stops: re.Pattern[str]
    kinds: dict[str, Kind]
    calls: dict[str, Dialect]
    blocks: dict[str, Block]
    headers: dict[str, Header]
    beginnings: frozenset[str]

    def kind(self, mark: str) -> Kind:
        """Return what a mark that `pattern` matched is for."""
        return self.kinds.get(mark, Kind.STRAY)

    def unmarked(self, text: str) -> str:
        """Return a text without its marks, and without those that come of what stood around them."""
        for _ in range(_MOST_REMOVALS):
            before, text = text, self.pattern.sub(self._unless_special, text)
            if text == before:
                break
        return text

    def _unless_special(self, match: re.Match[str]) -> str:
        return match[0] if self.kind(match[0]) in SPEAKABLE else " "

    @staticmethod
    def cut_off(text: str) -> int:
        """Return where a special token begins that the end of the message has cut off; its length if none."""
        match = _HALF_TOKEN.search(text)
        return match.start() if match else len(text)

    def beginning(self, text: str) -> int:
        """Return where a mark may begin at the end of the text that is not whole yet; its length if none."""
        start = max(0, len(text) - 3 * LONGEST_TOKEN)
        for match in self.trigger.finditer(text, start):
            tail = text[match.start() :]
            if tail in self.beginnings or (tail[0] in "<{" and _TOKEN_BEGINNING.match(tail)):
                return match.start()
        return len(text)


@cache
def compiled(calls: Sequence[Dialect] = dialects.CALLS, blocks: Sequence[Block] = dialects.THINKING) -> Marks:
    """Return the marks of dialects and of thinking, and all others."""
    kinds: dict[str, Kind] = dict.fromkeys(dialects.STRAYS, Kind.STRAY)
    kinds |= dict.fromkeys(
        (end for row in calls for end in row.closings if end not in ("</function>", "</tool>")), Kind.STRAY
    )
    kinds |= dict.fromkeys(dialects.ENDS, Kind.END)
    kinds |= dict.fromkeys((end for row in blocks for end in row.closings), Kind.UNTHINK)
    kinds |= dict.fromkeys((end for row in dialects.RESULTS for end in row.closings), Kind.STRAY)
    kinds |= dict.fromkeys(("<|end|>",), Kind.END)  # closes thinking in one dialect, an answer in others
    kinds |= dict.fromkeys((row.opening for row in calls), Kind.CALL)
    kinds |= dict.fromkeys((row.opening for row in blocks), Kind.THINK)
    kinds |= dict.fromkeys((row.opening for row in dialects.RESULTS), Kind.RESULT)
    kinds |= dict.fromkeys(dialects.TURNS, Kind.TURN)
    kinds |= dict.fromkeys((row.opening for row in dialects.HEADERS), Kind.HEADER)
    kinds |= dict.fromkeys(_GARBAGE, Kind.GARBAGE)
    kinds |= {"```": Kind.FENCE, "\n": Kind.LINE, "`": Kind.TICK, "{": Kind.BRACE}
    kinds |= dict.fromkeys(dialects.DECORATED, Kind.BRACE) | {dialects.PROMPT: Kind.PROMPT}
    by_length = sorted(kinds, key=len, reverse=True)
    stopping = [mark for mark in by_length if kinds[mark] in _STOPPING and mark[0] == "<"]
    stopping.remove("<|channel|>")  # sticks to the names of tools
    first = "".join(map(re.escape, sorted({mark[0] for mark in kinds})))
    return Marks(
        trigger=re.compile(f"[{first}]"),
        pattern=re.compile("|".join([*map(re.escape, by_length[: -len("\n`{")]), _TOKEN, "[\n`{]"])),
        stops=re.compile("|".join(map(re.escape, stopping))),
        kinds=kinds,
        calls={row.opening: row for row in calls},
        blocks={row.opening: row for row in (*blocks, *dialects.RESULTS)},
        headers={row.opening: row for row in dialects.HEADERS},
        beginnings=frozenset(mark[:n] for mark in kinds for n in range(1, len(mark))),
    )


_SPECIAL = re.compile(_TOKEN)


def scrubbed(text: str) -> str:
    """Return a text without special tokens."""
    return _SPECIAL.sub("", text) if "<" in text or "{{" in text else text
