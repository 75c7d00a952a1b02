"""Values as small models write them: JSON, Python literals and what lies between.

Forgiven are a lost or wrong closing bracket, trailing and missing commas, single, typographic and lacking
quotes, comments, and raw line breaks in strings. Nothing is run, the time is linear in the text and nesting
bounded.
"""

from dataclasses import dataclass
import json
import re
from typing import Any

MAX_DEPTH = 24
"""Levels of nesting; the arguments of a tool have three or four."""

_SPACE = re.compile(r"[\s;]*")
_CLOSERS = {"{": "}", "[": "]", "(": ")"}
_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "‘": "’", "`": "`"}
# Gemma's own quotation marks: FunctionGemma's and Gemma 4's.
_LONG_QUOTES = ('"""', "'''", "<escape>", '<|"|>')
_CLOSED = re.compile(r"\s*(?:[,:=}\])]|$|\n|=>)")
_KEY = re.compile(r"[\w.$-]+")
_KEY_FOLLOWS = re.compile(r"[\"'“„‘`]|<escape>|<\|\"\|>|[\w.$-]+\s*(?:=>|[:=])|[\w.$-]*$")
_SEPARATOR = re.compile(r"\s*(?:=>|[:=])")
_COMMENT = re.compile(r"//[^\n]*\n|#[^\n]*\n|/\*[^*]*\*/")
# Nothing that is quoted stands in the rest of the line.
_NO_MORE = re.compile(r"[^\n<{\"]*(?:[\n<{]|$)")
_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?=[\s,}\]);]|$)")
_BARE = re.compile(r"[^,{}\[\]()\n\"'<>]+")
_WORDS: dict[str, Any] = {
    "true": True,
    "false": False,
    "null": None,
    "none": None,
    "undefined": None,
    "nil": None,
    "nan": None,
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_LONGEST_NUMBER = 40


class NotDecodableError(ValueError):
    """The text does not begin with a value."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A value and where it ends; `complete` unless closing brackets had to be added."""

    value: Any
    end: int
    complete: bool


def decode(text: str, start: int = 0, *, bare: bool = True) -> Decoded:
    """Return the value that a text holds from `start` on; what follows it is not looked at.

    Without `bare`, words without quotes are no values. Raises NotDecodableError.
    """
    start = _SPACE.match(text, start).end()  # type: ignore[union-attr]
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except ValueError, RecursionError:
        return _Decoder(text, bare=bare).decode(start)
    return Decoded(value, end, complete=True)


class _Decoder:
    def __init__(self, text: str, *, bare: bool) -> None:
        self._text = text
        self._bare = bare
        self._complete = True

    def decode(self, start: int) -> Decoded:
        value, end = self._value(start, 0)
        return Decoded(value, end, self._complete)

    def _value(self, at: int, depth: int) -> tuple[Any, int]:
        text = self._text
        if depth > MAX_DEPTH:
            raise NotDecodableError("nested too deeply")
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
        while text[at : at + 1] in ("/", "#") and (comment := _COMMENT.match(text, at)):
            at = _SPACE.match(text, comment.end()).end()  # type: ignore[union-attr]
        char = text[at : at + 1]
        for quote in _LONG_QUOTES:
            if text.startswith(quote, at):
                return self._long_string(at + len(quote), quote)
        if char == "{":
            return self._object(at + 1, depth)
        if char in ("[", "("):
            return self._list(at + 1, _CLOSERS[char], depth)
        if char in _QUOTES and char:
            return self._string(at + 1, _QUOTES[char])
        return self._scalar(at)

    def _object(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        text, result = self._text, dict[str, Any]()
        while True:
            before, at = at, self._skip(at)
            if at >= len(text):
                return self._ended(result), at
            if text[at] in "}])":
                return result, at + 1
            if text[at] == "{":
                # A new object where a key belongs: the brace of this one was lost.
                self._complete = False
                return result, at
            if result and not _KEY_FOLLOWS.match(text, at):
                # Something else where a key belongs: the brace was lost. Behind a comma, or with a quoted
                # text still to come, it is an error, for what is lost may have been to narrow what is done.
                if "," in text[before:at] or not _NO_MORE.match(text, at):
                    raise NotDecodableError("no key")
                self._complete = False
                return result, at
            key, at = self._key(at)
            result[key], at = self._value(at, depth + 1)

    def _ended[ValueT: (dict[str, Any], list[Any])](self, result: ValueT) -> ValueT:
        """Take a value whose closing bracket is missing; one that has not even begun is none."""
        if not result:
            raise NotDecodableError("nothing in the brackets")
        self._complete = False
        return result

    def _key(self, at: int) -> tuple[str, int]:
        text = self._text
        key: str
        if quote := next((quote for quote in _LONG_QUOTES if text.startswith(quote, at)), None):
            key, at = self._long_string(at + len(quote), quote)
        elif text[at] in _QUOTES:
            key, at = self._string(at + 1, _QUOTES[text[at]])
        elif match := _KEY.match(text, at):
            key, at = match[0], match.end()
        else:
            raise NotDecodableError("no key")
        separator = _SEPARATOR.match(text, at)
        if separator is None:
            raise NotDecodableError("no value behind a key")
        return key, separator.end()

    def _list(self, at: int, closer: str, depth: int) -> tuple[list[Any], int]:
        text, result = self._text, list[Any]()
        while True:
            at = self._skip(at)
            if at >= len(text):
                return self._ended(result), at
            if text[at] == closer or text[at] in "])":
                return result, at + 1
            if text[at] == "}":
                # Closes the object around this list, whose own bracket was lost.
                self._complete = False
                return result, at
            value, at = self._value(at, depth + 1)
            result.append(value)

    def _skip(self, at: int) -> int:
        text = self._text
        while at < len(text):
            if text[at] in ",;" or text[at].isspace():
                at += 1
            elif text[at] in "/#" and (comment := _COMMENT.match(text, at)):
                at = comment.end()
            else:
                break
        return at

    def _string(self, at: int, closer: str) -> tuple[str, int]:
        text, end = self._text, at
        while True:
            end = text.find(closer, end)
            if end < 0:
                raise NotDecodableError("a string is not closed")
            escaped = 0
            while end - 1 - escaped >= at and text[end - 1 - escaped] == "\\":
                escaped += 1
            # A quotation mark within a word is an apostrophe.
            if escaped % 2 == 0 and (closer == '"' or _CLOSED.match(text, end + 1)):
                return unescaped(text[at:end]), end + 1
            end += 1

    def _long_string(self, at: int, closer: str) -> tuple[str, int]:
        end = self._text.find(closer, at)
        if end < 0:
            raise NotDecodableError("a string is not closed")
        return self._text[at:end], end + len(closer)

    def _scalar(self, at: int) -> tuple[Any, int]:
        if (match := _NUMBER.match(self._text, at)) and len(match[0]) <= _LONGEST_NUMBER:
            # "+10" may mean ten more than there is: that stays to be seen.
            return match[0] if match[0][0] == "+" else _number(match[0]), match.end()
        match = _BARE.match(self._text, at)
        word = match[0].strip() if match else ""
        if match is None or not word:
            raise NotDecodableError("no value")
        if word.lower() in _WORDS:
            return _WORDS[word.lower()], match.end()
        if not self._bare:
            raise NotDecodableError("a word without quotes")
        return word, match.end()


def _number(text: str) -> float | int:
    try:
        return int(text.replace("_", ""))
    except ValueError:
        return float(text.replace("_", ""))


def unescaped(text: str) -> str:
    """Return a text with its escapes resolved, as in a string of JSON."""
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, code)
