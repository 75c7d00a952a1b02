"""Calls without marks of their own: what may become one, and what was one."""

from collections.abc import Sequence
from enum import Enum
import re

from ..api.chat import ToolCall
from . import call_words, dialects
from .decoder import NotDecodableError, decode
from .dialects import Dialect
from .marks import Kind, Marks
from .offered import Offered
from .textual_calls import Calls, is_result, read_bare, read_marked

BRACKET = re.compile(r"[{}\[\]()]")
MAX_ATTEMPTS = 8
"""How often what is held is read before its end; brackets in strings make the count wrong."""

_LONGEST_SPACE = 40
_FIRST_KEY = re.compile(
    r"\"?[\[\s]*\"?\{\{?\s*[\"'“]?([\w ]{0,40})([\"'”]?\s*(?::|=>|=)|[\"'”]\s{1,4}[\"'“])?"
)
_PAIR_IN_LIST = re.compile(r"\[\s*[\"']([\w.]{0,128})([\"']\s*(,\s*(\{)?)?)?")
_ESCAPES = re.compile(r"\\[ntr]|\\(?=[\"'])|\\$")
_NAME_VALUE = re.compile(
    r"[\"']?(?:name|tool|tool_name|function_name|function)[\"']?\s*:?\s*[\"']([^\"'\n]{1,128})[\"']"
)
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*")
_SQUASHED = re.compile(r"[\s*`]+")
_LONGEST_CONNECTOR = 80
_CONNECTORS = tuple(
    _SQUASHED.sub("", word).lower()
    for word in ("", *call_words.CONNECTORS, *(f"{word}:" for word in call_words.CONNECTORS))
)
_BRACKETED = re.compile(r"\[[\w.]{1,128}\]")
_OPENINGS = ("{", "<arg_key>")
# A pair of a key and a value behind a name: in its line, or indented in the next one.
_PAIR = re.compile(r"[ \t]+[A-Za-z_]\w{0,40} ?=[^=]|:?[ \t]*\n[ \t]*[A-Za-z_]\w{0,40}:[ \t\n]")
_PAIR_BEGINNING = re.compile(
    r"[ \t]+(?:[A-Za-z_]\w{0,40} ?=?)?|:?[ \t]*(?:\n[ \t]*(?:[A-Za-z_]\w{0,40}:?)?)?"
)
_OWN_TAG = re.compile(r"<([A-Za-z_][\w.:-]{0,127}|)(\s{0,4}>|\s{0,4}/|\s{1,4}[\w-])?")
_TAGGED_NAME = re.compile(r"([A-Za-z_][\w.:-]*)\s{0,4}(</|<?$)")
_NAME_TAGS = ("<tool_name>", "<function_name>", "<name>")
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
    if text[:1] == '"' and text[1:2] not in ("", "{", "["):
        text = "{" + text  # its first brace was lost
    if "\\" in text[: 2 * _LONGEST_SPACE]:
        text = _ESCAPES.sub("", text[: 2 * _LONGEST_SPACE])
    if match := _FIRST_KEY.match(text):
        return _first_key(match, offered)
    if pair := _PAIR_IN_LIST.match(text):
        return _pair_in_list(pair, offered)
    blank = not text.strip('"[{ \t\r\n') and len(text) <= _LONGEST_SPACE
    return Verdict.OPEN if blank else Verdict.NO


def _first_key(match: re.Match[str], offered: Offered) -> Verdict:
    """Return whether an object may be a call, by its first key."""
    text, key = match.string, match[1].strip()
    if match[2]:
        return Verdict.YES if offered.is_key(key) else Verdict.NO
    if match.end() < len(text) and text[match.end() :].strip("\"'” \t\r\n"):
        return Verdict.NO
    return Verdict.OPEN if offered.may_be_key(key) and len(text) <= 2 * _LONGEST_SPACE else Verdict.NO


def _pair_in_list(match: re.Match[str], offered: Offered) -> Verdict:
    """Return whether a list may be a tool's name and its arguments."""
    name, whole = match[1], match[2]
    if match[4]:
        return Verdict.YES if offered.knows(name) else Verdict.NO
    if match.end() < len(match.string):
        return Verdict.NO
    begun = offered.knows(name) if whole else any(word.startswith(name) for word in offered.spellings)
    return Verdict.OPEN if begun else Verdict.NO


def may_be_code(text: str, offered: Offered) -> Verdict:
    """Return whether a text may begin with a call of one of the tools as code, or by its name."""
    if not offered.names or (text and text[0] not in offered.beginnings):
        return Verdict.NO
    begun = text[1:] if text[:1] in call_words.SIGNS else text
    while word := next((word for word in call_words.CODE_WORDS if begun.startswith(word)), ""):
        begun = begun.removeprefix(word)
    match = _IDENTIFIER.match(begun)
    if match is None or any(word.startswith(begun) for word in call_words.CODE_WORDS):
        return Verdict.NO if begun and match is None else Verdict.OPEN
    name, rest = match[0].removesuffix(".call"), begun[match.end() :]
    if not rest:
        words = (*offered.spellings, *call_words.CALLERS, *(f"{word}.call" for word in offered.spellings))
        return Verdict.OPEN if any(word.startswith(match[0]) for word in words) else Verdict.NO
    if name in call_words.CALLERS and rest[0] == "(":
        return Verdict.YES
    return _connects(rest.removeprefix("]")) if name in offered.spellings else Verdict.NO


def _connects(text: str) -> Verdict:
    """Return whether arguments begin behind the name of a tool."""
    if _PAIR.match(text):
        return Verdict.YES
    squashed = _SQUASHED.sub("", text[:_LONGEST_CONNECTOR]).lower()
    if squashed[:1] == "(":
        return Verdict.YES
    begins = [word + opening for word in _CONNECTORS for opening in _OPENINGS]
    if any(squashed.startswith(begin) for begin in begins):
        return Verdict.YES
    is_begun = len(text) < _LONGEST_CONNECTOR and any(begin.startswith(squashed) for begin in begins)
    return Verdict.OPEN if is_begun or _PAIR_BEGINNING.fullmatch(text) else Verdict.NO


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
    if content[:1] == "<":
        return Dialect("weak", opening, (f"</{name}>",)), _begins_with_name(content, offered)
    named = _TAGGED_NAME.match(content)
    if named and offered.knows(named[1]):
        whole = named[2] == "</"
        return Dialect("named", opening, kept=True), Verdict.YES if whole else Verdict.OPEN
    inner = may_open(content, offered) if content[:1] in ("{", "[") else may_be_code(content, offered)
    return Dialect("weak", opening, (f"</{name}>",)), inner if content else Verdict.OPEN


def _begins_with_name(content: str, offered: Offered) -> Verdict:
    """Return whether the first element in a tag is the name of a tool."""
    tag = next((tag for tag in _NAME_TAGS if content.startswith(tag)), None)
    if tag is None:
        return Verdict.OPEN if any(tag.startswith(content) for tag in _NAME_TAGS) else Verdict.NO
    word, whole, _ = content[len(tag) :].strip().partition("<")
    if whole:
        return Verdict.YES if offered.knows(word) else Verdict.NO
    begun = not word or any(spelling.startswith(word) for spelling in offered.spellings)
    return Verdict.OPEN if begun else Verdict.NO


def own_tag(text: str, offered: Offered) -> tuple[Dialect | None, Verdict]:
    """Return the dialect of a tag that is named like a tool."""
    match = _OWN_TAG.match(text)
    if match is None or not offered.names:
        return None, Verdict.NO
    name, closed = match[1], (match[2] or "").endswith(">")
    if closed and name in dialects.WEAK_TAGS:
        return _weak_tag(match[0], name, text[match.end() :].lstrip(), offered)
    if match[2]:
        row = Dialect("tag", f"<{name}", (f"</{name}>",) if closed else (f"</{name}>", "/>"), kept=True)
        return row, Verdict.YES if offered.knows(name) else Verdict.NO
    words = (*offered.spellings, *dialects.WEAK_TAGS)
    undecided = not text[match.end() :].strip() and any(word.startswith(name) for word in words)
    return None, Verdict.OPEN if undecided else Verdict.NO


def line_call(text: str, offered: Offered) -> tuple[Dialect | None, Verdict]:
    """Return the dialect whose calls begin a line as a text does, if a tool's name or code follows."""
    rows = dialects.LINE_CALLS if offered.names else ()
    if row := next((row for row in rows if text.startswith(row.opening)), None):
        return row, Verdict.YES if row.opening[-1] in "[>" and row.opening != dialects.PROMPT else _follows(
            text[len(row.opening) :], offered
        )
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


def read(text: str, offered: Offered, *, cut: bool, whole: bool) -> tuple[Calls, bool]:
    """Return the calls that a text begins with, and whether it is a whole value that is none.

    `whole` where no more of it will come.
    """
    if not whole and _is_open_ended(text):
        return Calls((), 0, known=False), False
    calls = read_bare(text, offered, cut=cut, whole=whole)
    if not calls.calls and whole and text[:1] == '"':
        braced = read_bare("{" + text, offered, cut=cut)
        calls = Calls(braced.calls, max(0, braced.end - 1), braced.known)
    if calls.calls:
        return calls, True
    if not whole and text[:1] == '"':
        return calls, False
    try:
        decoded = decode(text)
    except NotDecodableError:
        return calls, text[:1] not in ("{", "[")
    return calls, decoded.complete


def _is_open_ended(text: str) -> bool:
    """Return whether only what is still to come tells where a call ends: it is in pairs, or only its name."""
    match = _IDENTIFIER.match(text)
    has_pairs = match is not None and _PAIR.match(text, match.end()) is not None
    return has_pairs or _BRACKETED.fullmatch(text) is not None


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
