"""Text that forges do not act on: what others said calls nobody, closes nothing and commands nothing.

Facts: GitHub, GitLab and Gitea notify whoever is named with "@", link "#1" and "!1", close an issue where a
keyword stands before its number, and GitLab runs lines that begin with a slash ("/merge") as commands.
"""

from collections.abc import Sequence
import re

from ...values.text import line, text

_ACTIVE = re.compile(r"[\\`*_{}\[\]()<>#@!~|&$%^:+-]")
_FENCES = re.compile(r"`{3,}|~{3,}")
_COMMAND = re.compile(r"^([ \t]*)/(?=\w)", re.MULTILINE)
_MENTION = re.compile(r"@(?=[\w-])")
_NUMBER = re.compile(r"(?<!&)([#!])(?=\d)")
_OPENING = re.compile(r"\A(?:`{3,}|~{3,})")
_SPAN = re.compile(r"`[^`\n]+`")


def quoted(foreign: str, limit: int = 500) -> str:
    """Return foreign text as one line of Markdown in which nothing but letters means anything."""
    shown = line(foreign, limit).replace("://", ":\u200b//")
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", shown)


def fenced(foreign: str, language: str = "", limit: int = 65_536) -> str:
    """Return foreign text as a block of code, whatever fences it has itself."""
    shown = text(foreign, limit)
    longest = max((len(match) for match in _FENCES.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown.rstrip()}\n{fence}"


def unarmed(markdown: str) -> str:
    """Return Markdown that names nobody, links no number and commands nothing; code stays as it is.

    What begins a line with a slash is told to be text in code, too: it is not known to end where we think.
    """
    kept: list[str] = []
    rows = markdown.split("\n")
    endless: dict[str, int] = {}
    at = 0
    while at < len(rows):
        end = _end_of_block(rows, at, endless)
        kept += rows[at:end] if end else [_disarmed(rows[at])]
        at = end or at + 1
    return _COMMAND.sub(r"\1\\/", "\n".join(kept))


def _end_of_block(rows: Sequence[str], begin: int, endless: dict[str, int]) -> int:
    """Return where a block of code ends that begins with this row, 0 where none does, or it never ends.

    `endless` has, by the character of a fence, the shortest that is known to have none.
    """
    if (opening := _OPENING.match(rows[begin])) is None:
        return 0
    fence = opening[0]
    if len(fence) >= endless.get(fence[0], len(fence) + 1):
        return 0
    for at in range(begin + 1, len(rows)):
        row = rows[at].rstrip(" \t")
        if len(row) >= len(fence) and not row.strip(fence[0]):
            return at + 1
    endless[fence[0]] = len(fence)
    return 0


def plain_title(foreign: str, limit: int = 200) -> str:
    """Return a title or the first line of a commit: one line that mentions nobody and closes nothing."""
    shown = line(foreign, limit).lstrip("/ ")
    # Forges know no Markdown here; what shows nothing keeps the number from being one.
    return _NUMBER.sub("\\1\u2060", _MENTION.sub("@\u2060", shown))


def _disarmed(row: str) -> str:
    """Return a row whose spans of code stay as they are."""
    parts, at = [], 0
    for code in _SPAN.finditer(row):
        parts += [_plain(row[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, _plain(row[at:])])


def _plain(text_of_row: str) -> str:
    return _NUMBER.sub(lambda match: f"&#{ord(match[1])};", _MENTION.sub("&#64;", text_of_row))
