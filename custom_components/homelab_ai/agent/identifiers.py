"""What no one can listen to in plain words: identifiers, addresses, JSON, templates and formulas.

Works word by word on a text as it comes. A word that is only letters goes through at once, unless an
identifier may begin with it; everything else waits for the end of the word. So what is made of a word begins
with the letters that may have gone through already, however the text is cut.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
import html
import json
import re
from typing import Any

from homeassistant.const import Platform

from .decoder import NotDecodableError, decode

_DOMAINS = frozenset(
    (
        *map(str, Platform),
        *(
            "automation",
            "script",
            "scene",
            "group",
            "input_boolean",
            "input_number",
            "input_select",
            "person",
        ),
        *(
            "input_text",
            "input_datetime",
            "input_button",
            "counter",
            "timer",
            "zone",
            "sun",
            "schedule",
            "plant",
        ),
    )
)
_SCHEMES = ("mailto", "ftp", "sftp", "file", "ssh", "smb", "rtsp", "mqtt", "ws", "wss", "tel", "data", "git")
_TLDS = (
    "com|org|net|de|at|ch|eu|io|dev|app|ai|info|local|lan|home|internal|arpa|gov|edu|uk|fr|nl|be|me|cloud|gg"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[^\W\d_]+[.,;:!?…)\"”»]*").fullmatch
_NEXT_WORD = re.compile(r" ((?![\da-f]+$)[^\W\d_]+)").fullmatch
_HEXADECIMAL = re.compile(r"[\da-f]+").fullmatch
_WORD_OR_SPACE = re.compile(r"\s+|\S{1,300}")
_ENTITY = re.compile(r"(?<![\w.])([a-z_]+)\.([a-z0-9_]+)(?!\w)")
_UUID = re.compile(
    r"(?<!\w)(?:[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}"
    r"|(?=[a-f]*\d)[\da-f]{16,})(?!\w)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    rf"(?<!\w)(?:{'|'.join(_SCHEMES)}):[^\s<>)\]\"”]*?(?=[.,;:!?)]*$|[\s<>)\]\"”])|@[\w-]+(?:\.[\w-]+)+"
    rf"|(?<=\w)\.(?:{_TLDS})(?:[:/]\S*?)?(?=[.,;:!?)\"'”]*$)|(?<=\d):\d{{2,5}}/\S*"
)
_FORMULA = (
    (re.compile(r"\\(?:text|mathrm|mathbf|mathit|operatorname|textbf|textit|boxed)\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}"), r"\1/\2"),
    (re.compile(r"\^?\{?\\(?:circ|degree)\}?"), "°"),
    (re.compile(r"\\times\b"), "×"),
    (re.compile(r"\\(?:approx|sim)\b"), "≈"),
    (re.compile(r"\\pm\b"), "±"),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\^\{?2\}?"), "²"),
    (re.compile(r"\^\{?3\}?"), "³"),
    (re.compile(r"\\[A-Za-z]+|\\[()\[\],;!{}|]|[{}^]"), ""),
)
_MATHS = re.compile(r"\\[A-Za-z(\[%]|\\$|\\[)\]]|\w\^[\w{]")
_DOLLARS = re.compile(r"\$\$|\$(?=[A-Za-z\\(]|[^\s$]*[\\^=])|(?<=[A-Za-z})°])\$|(?<=\^\d)\$|(?<=[²³])\$")
_BRACKET = re.compile(r"\"(?:[^\"\\]|\\.)*(?:\"|\\?$)|[{}\[\]]", re.DOTALL)
_QUOTED_VALUE = re.compile(r"^[\"'“„‘(]{1,2}(?=\{)")
_LIST = re.compile(r"\[\s*[\[{\"]")
_SPOKEN_KEYS = ("response", "answer", "speech", "message", "text", "content", "reply", "output", "result")
_LONGEST_WORD, _LONGEST_VALUE = 300, 2_000
_NAME = re.compile(r"[A-Za-z_]\w*")
_UNDERSCORE = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")
_MARKS = '.,;:!?…)"”»'
_QUOTES = ("'", '"', "”", "’", ")", "“")
_PUNCTUATION = re.compile(r"[.,;:!?…]+").fullmatch


def prefixes_of(words: Mapping[str, str]) -> frozenset[str]:
    """Return what the words that are no speech may begin with, `words` among them."""
    all_words = (*words, *_DOMAINS, *_SCHEMES)
    return frozenset(word[:length] for word in all_words for length in range(1, len(word) + 1))


@dataclass(frozen=True, slots=True)
class Names:
    """What is said for identifiers: `words` for the names of tools, `entity` for an id, None if not known."""

    words: Mapping[str, str] = field(default_factory=dict)
    prefixes: frozenset[str] = field(default_factory=lambda: prefixes_of({}))
    entity: Callable[[str], str | None] = lambda _: None


class Identifiers:
    """Turns words that nobody can listen to into those that people say, or leaves them out."""

    def __init__(self, names: Names = Names()) -> None:
        """Begin before the first piece."""
        self._words = names.words
        self._prefixes = names.prefixes
        self._name = names.entity
        self._held = ""
        self._passed = ""  # of the word that is not over yet
        self._space = ""
        self._spoken = False

    def feed(self, text: str) -> str:
        """Take the next piece, and return what can be heard of it now."""
        # The usual case, kept short: a word begins that is no beginning of an identifier.
        if (
            not (self._held or self._space)
            and self._spoken
            and (match := _NEXT_WORD(text))
            and match[1] not in self._prefixes
        ):
            self._passed = match[1]
            return text
        self._held += text
        return "".join(self._ready(final=False))

    def finish(self) -> str:
        """Return what was held."""
        return "".join(self._ready(final=True))

    def _ready(self, *, final: bool) -> Iterator[str]:
        while self._held:
            if not self._passed:
                self._held = _QUOTED_VALUE.sub("", self._held, count=1)
            if not self._passed and self._held[0] in "{[":
                end = _value_end(self._held, final=final)
                if end is None:
                    return
                if end:
                    value, self._held = self._held[:end], self._held[end:]
                    yield from self._say(_spoken_value(value))
                    continue
            match = _WORD_OR_SPACE.match(self._held)
            assert match is not None
            piece = match[0]
            if piece.isspace():
                self._space, self._passed = ("\n" if "\n" in self._space + piece else " "), ""
            elif match.end() < len(self._held) or final:
                yield from self._word(piece)
            else:
                length = self._passable(piece)
                yield from self._say(piece[:length])
                self._passed += piece[:length]
                self._held = self._held[length:]
                return
            self._held = self._held[match.end() :]

    def _passable(self, piece: str) -> int:
        """Return how much of a word that is not whole yet stays as it is, whatever comes."""
        letters = _LETTERS.match(piece)
        if letters is None or (self._passed and not self._passed[-1].isalpha()):
            return 0
        known = letters[0] in self._prefixes or _HEXADECIMAL(letters[0])
        return 0 if known and not self._passed else letters.end()

    def _word(self, piece: str) -> Iterator[str]:
        before, self._passed = self._passed, ""
        yield from self._say(self._speakable(before + piece).removeprefix(before))

    def _say(self, text: str) -> Iterator[str]:
        if not text or (not self._spoken and not any(map(str.isalnum, text)) and text in _QUOTES):
            return
        if self._space and self._spoken and not _PUNCTUATION(text):
            yield self._space
        self._space, self._spoken = "", True
        yield text

    def _speakable(self, word: str) -> str:
        """Return what is heard of a word."""
        if _PLAIN(word) and word.rstrip(_MARKS) not in self._words:
            return word
        core = word.strip(".,;:!?…()\"'“”„«»")
        if core in self._words:
            return word.replace(core, self._words[core])
        word = _NAME.sub(lambda match: self._words.get(match[0], match[0]), word)
        if "&" in word:
            word = html.unescape(word)
        word = _DOLLARS.sub("", word) if "$" in word else word
        if ("\\" in word or "^" in word) and _MATHS.search(word):
            for pattern, spoken in _FORMULA:
                word = pattern.sub(spoken, word)
        named = _ENTITY.sub(self._entity, word)
        return _UNDERSCORE.sub(" ", _ADDRESS.sub("", _UUID.sub("", named)))

    def _entity(self, match: re.Match[str]) -> str:
        if match[1] not in _DOMAINS:
            return match[0]
        name = self._name(match[0])
        if name is None and not any(char.isdigit() for char in match[2]):
            return match[2].replace("_", " ").strip()
        return name or ""


def _value_end(text: str, *, final: bool) -> int | None:
    """Return where a value in brackets ends that a text begins with; 0 for none, None if not known yet."""
    if text[0] == "[" and not _LIST.match(text):
        return None if not final and not text[1:].strip() and len(text) < _LONGEST_WORD else 0
    depth = 0
    for match in _BRACKET.finditer(text, 0, _LONGEST_VALUE):
        if match[0] in "{[":
            depth += 1
        elif match[0] in "}]":
            depth -= 1
        if depth == 0 and match[0] in "}]":
            return match.end()
    return min(len(text), _LONGEST_VALUE) if final or len(text) >= _LONGEST_VALUE else None


def _spoken_value(text: str) -> str:
    """Return what is heard of a JSON value, or of words in braces: its text, if it holds one."""
    if text.startswith(("{{", "{%", "{#")):
        return ""
    try:
        value: Any = json.loads(text)
    except ValueError:
        try:
            value = decode(text).value
        except NotDecodableError:
            return "" if '"' in text or ":" in text else text.strip("{}[] ")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, dict):
        texts = [value[key] for key in _SPOKEN_KEYS if isinstance(value.get(key), str)]
        return next((item for item in texts if " " in item), "")
    return ""
