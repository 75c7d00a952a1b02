"""Calls without marks of their own: what may become one, and what was one."""

from collections.abc import Sequence
from enum import Enum
import re

from ..api.chat import ToolCall
from . import dialects
from .decoder import NotDecodableError, decode
from .dialects import Dialect
from .marks import Kind, Marks
from .offered import Offered
from .textual_calls import Calls, is_result, read_bare, read_marked

BRACKET = re.compile(r"[{}\[\]()]")
MAX_ATTEMPTS = 8
"""How often what is held is read before its end; brackets in strings make the count wrong."""

_LONGEST_SPACE = 40
_FIRST_KEY = re.compile(r"[\[\s]*\{\{?\s*[\"'“]?([\w ]{0,40})([\"'”]?\s*(?::|=>|=))?")
_NAME_VALUE = re.compile(
    r"[\"']?(?:name|tool|tool_name|function_name|function)[\"']?\s*:\s*[\"']([^\"'\n]{1,128})[\"']"
)
_CODE = re.compile(r"\[?(?:print\(|await )?([A-Za-z_][\w.]*)?(\s{0,2}[:=]?\s{0,3}[({]|\s{0,2}[:=]?\s{0,3}$)?")
_CODE_WORDS = ("print(", "await ", "functions.", "tools.", "tool.", "default_api.")
_OWN_TAG = re.compile(r"<([A-Za-z_][\w.:-]{0,127}|)(\s{0,4}>)?")
_TAGGED_NAME = re.compile(r"([A-Za-z_][\w.:-]*)\s{0,4}(</|<?$)")
_LINE_WORD = re.compile(r"\s*([\w.:-]*)")
_TAIL = 4_000
_MOST_STARTS = 40
_STARTS = re.compile(r"(?:^|\n|: ?|\. )[ \t]*(?=[{\[]|```|[A-Za-z_][\w.]*\()")


class Verdict(Enum):
    """Whether something is so, or cannot be told yet."""

    YES = 1
    NO = 2
    OPEN = 3


def may_open(text: str, offered: Offered) -> Verdict:
    """Return whether an object or a list at the beginning of a text may be a call."""
    if not offered.names:
        return Verdict.NO
    if text[0] == "[" and (code := may_be_code(text, offered)) is not Verdict.NO:
        return code
    match = _FIRST_KEY.match(text)
    if match is None:
        blank = not text.strip("[{ \t\r\n") and len(text) <= _LONGEST_SPACE
        return Verdict.OPEN if blank else Verdict.NO
    key, separator = match[1], match[2]
    if separator:
        return Verdict.YES if offered.is_key(key.strip()) else Verdict.NO
    if match.end() < len(text) and text[match.end() :].strip("\"'” \t\r\n"):
        return Verdict.NO
    return Verdict.OPEN if offered.may_be_key(key.strip()) and len(text) <= 2 * _LONGEST_SPACE else Verdict.NO


def may_be_code(text: str, offered: Offered) -> Verdict:
    """Return whether a text may begin with a call of one of the tools as code."""
    match = _CODE.match(text)
    if match is None or not offered.names:
        return Verdict.NO
    begun = text[: match.end()].removeprefix("[")
    for word in _CODE_WORDS:
        begun = begun.removeprefix(word)
    if match[2] and match[2][-1:] in ("(", "{"):
        name = begun.removesuffix(match[2]).removesuffix(".call")
        return Verdict.YES if name in offered.spellings else Verdict.NO
    if match.end() < len(text):
        return Verdict.NO
    begun = begun.rstrip(" \t\r\n:=")
    words = (*_CODE_WORDS, *(f"{spelling}.call" for spelling in offered.spellings))
    return Verdict.OPEN if any(word.startswith(begun) for word in words) else Verdict.NO


def may_be_fenced(text: str, offered: Offered, marks: Marks) -> Verdict:
    """Return whether a block of code may hold a call."""
    if not offered.names or not text:
        return Verdict.OPEN if offered.names else Verdict.NO
    if text[0] in "{[":
        return may_open(text, offered)
    if any(text.startswith(opening) for opening in marks.calls):
        return Verdict.YES
    if any(opening.startswith(text) for opening in marks.calls):
        return Verdict.OPEN
    line = line_call(text, offered)[1]
    return may_be_code(text, offered) if line is Verdict.NO else line


def _weak_tag(opening: str, name: str, content: str, offered: Offered) -> tuple[Dialect, Verdict]:
    """Return the dialect of a tag that may stand around anything, by what it does stand around."""
    named = _TAGGED_NAME.match(content)
    if named and offered.knows(named[1]):
        whole = named[2] == "</"
        return Dialect("named", opening, kept=True), Verdict.YES if whole else Verdict.OPEN
    inner = may_open(content, offered) if content[:1] in ("{", "[") else may_be_code(content, offered)
    return Dialect("weak", opening, (f"</{name}>",)), inner if content else Verdict.OPEN


def own_tag(text: str, offered: Offered) -> tuple[Dialect | None, Verdict]:
    """Return the dialect of a tag that is named like a tool."""
    match = _OWN_TAG.match(text)
    if match is None or not offered.names:
        return None, Verdict.NO
    name = match[1]
    if match[2] and name in dialects.WEAK_TAGS:
        return _weak_tag(match[0], name, text[match.end() :].lstrip(), offered)
    if match[2]:
        row = Dialect("tag", match[0], (f"</{name}>",), kept=True)
        return row, Verdict.YES if offered.knows(name) else Verdict.NO
    words = (*offered.spellings, *dialects.WEAK_TAGS)
    undecided = match.end() == len(text) and any(word.startswith(name) for word in words)
    return None, Verdict.OPEN if undecided else Verdict.NO


def line_call(text: str, offered: Offered) -> tuple[Dialect | None, Verdict]:
    """Return the dialect whose calls begin a line as a text does, if a tool's name or code follows."""
    rows = dialects.LINE_CALLS if offered.names else ()
    if row := next((row for row in rows if text.startswith(row.opening)), None):
        return row, Verdict.YES if row.opening.endswith("[") else _follows(text[len(row.opening) :], offered)
    row = next((row for row in rows if row.opening.startswith(text)), None)
    return row, Verdict.OPEN if row else Verdict.NO


def _follows(text: str, offered: Offered) -> Verdict:
    match = _LINE_WORD.match(text)
    assert match is not None
    code = text[match.end() :]
    if not match[1] and code[:1] == "`":
        return Verdict.YES if code.startswith("```") else Verdict.OPEN
    if not code and len(text) < 2 * _LONGEST_SPACE:
        return Verdict.OPEN
    return Verdict.YES if match[1] and offered.knows(match[1]) else Verdict.NO


def read(text: str, offered: Offered, *, cut: bool) -> tuple[Calls, bool]:
    """Return the calls that a text begins with, and whether it is a whole value that is none."""
    calls = read_bare(text, offered, cut=cut)
    if calls.calls:
        return calls, True
    try:
        decoded = decode(text)
    except NotDecodableError:
        return calls, text[:1] not in ("{", "[")
    return calls, decoded.complete


def is_imitation(text: str, *, settled: bool) -> bool:
    """Return whether a whole object is a tool's result as the hub writes it."""
    return settled and text[:1] == "{" and is_result(text)


def is_begun(text: str, offered: Offered) -> bool:
    """Return whether a text that breaks off was to be a call of one of the tools."""
    if may_be_code(text, offered) is Verdict.YES:
        return True
    return any(offered.knows(match[1]) for match in _NAME_VALUE.finditer(text))


def is_attempt(opening: str, body: str, offered: Offered) -> bool:
    """Return whether what stands between a dialect's marks was meant to be a call."""
    begun = body.lstrip()
    if not begun or opening.startswith(("<|", "<｜", "[TOOL", "<start_f", "<function", "<invoke")):
        return True
    word = _LINE_WORD.match(begun)
    return begun[0] in "{[<" or (word is not None and bool(word[1]) and offered.knows(word[1]))


def thought_calls(text: str, offered: Offered, marks: Marks, *, answered: bool) -> Sequence[ToolCall]:
    """Return the calls of a thought: between marks, or at its end if nothing was said."""
    if not text.strip() or not offered.names:
        return ()
    for match in marks.pattern.finditer(text):
        if marks.kind(match[0]) is Kind.CALL:
            row = marks.calls[match[0]]
            start = match.start() if row.kept else match.end()
            end = min((at for end in row.closings if (at := text.find(end, start)) >= 0), default=len(text))
            calls = read_marked(text[start:end], offered)
            if calls and all(offered.knows(call.name) for call in calls):
                return calls
    return () if answered else _last_calls(text, offered)


def _last_calls(text: str, offered: Offered) -> Sequence[ToolCall]:
    tail = text[-_TAIL:].rstrip("` \t\r\n")
    for match in list(_STARTS.finditer(tail))[-_MOST_STARTS:]:
        code = re.sub(r"^```\w*\s*", "", tail[match.end() :])
        calls = read_bare(code, offered)
        if calls.calls and calls.known and not code[calls.end :].strip(" \t\r\n`;,."):
            return calls.calls
    return ()
