"""What is heard of an answer: its words without markup, links, emoji and list marks.

Works on the text as it comes. What cannot be judged yet (half a link, a star that may be the first of two) is
held, plain words are not.
"""

import re

from .identifiers import Identifiers, Names

_EMOJI = (
    "\U0001f000-\U0001faff\U0001fb00-\U0001fbff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u200d\u20e3"
    "\U000e0020-\U000e007f\u2300-\u23ff\u25a0-\u25ff"
)
_TAGS = (
    "a|abbr|b|big|blockquote|br|center|code|del|details|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|"
    "samp|small|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|var"
)
# At the beginning of a line: quotes, headings, list marks and rules.
_LINE_MARK = re.compile(
    r"[ \t]*+(?:(?:>[ \t]?)+|#{1,6}[ \t]+|[-*+•‣◦–][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,2}[.)][ \t]+"
    r"|(?:[-*_=][ \t]*+){3,}(?=\n)|\|?(?:[ \t]*+:?-{2,}:?[ \t]*+\|)+[ \t]*+(?::?-{2,}:?)?(?=\n))"
)
_LINE_MARK_BEGINNING = re.compile(
    r"[ \t]*(?:(?:>[> \t]*+|#{1,6}|[-*+•‣◦–|:=_][-*+•‣◦–|:=_ \t]*+(?:\[[ xX]?\]?)?|\d{1,2}[.)]?)[ \t]*)?$"
)
_MARKUP = re.compile(
    r"(?P<image>!?\[(?P<label>[^\[\]\n]{0,200})\]\((?P<target>[^()\s]{0,500})(?:[ \t]\"[^\"\n]{0,100}\")?\))"
    r"|(?P<url>(?:https?://|www\.)[^\s<>)\]\"”’'*]+|<https?://[^\s<>]{0,500}>)"
    rf"|(?P<tag></?(?:{_TAGS})(?:\s[^<>\n]{{0,200}})?/?>)"
    r"|(?P<fence>```[\w+#.-]{0,24})"
    r"|(?P<stars>\*+|~~|`)"
    r"|(?P<low>_{1,3})"
    rf"|(?P<emoji>[{_EMOJI}]+)"
    r"|(?P<bar>(?<![ \t])[ \t]*\|[ \t]*)"
    r"|(?P<entity>&(?:nbsp|amp|lt|gt|quot);)",
    re.IGNORECASE,
)
_SPECIAL = re.compile(rf"[\[!<`*~_|&\n\t{_EMOJI}]|https?:|www\.|  | [.,;:!?]", re.IGNORECASE)
# What may still become markup: half of any of the above at the end.
_BEGINNING = re.compile(
    r"(?:!?\[[^\[\]\n]{0,200}(?:\](?:\([^()\n]{0,600})?)?|!"
    r"|(?:https?://|www\.)[^\s<>)\]\"”’'*]*|\bh(?:t(?:t(?:ps?:?/?/?)?)?)?|\bw{1,3}\.?"
    r"|<(?:https?:[^\s<>]{0,500}|/?[a-zA-Z0-9]{0,12}(?:\s[^<>\n]{0,200})?/?)?"
    r"|`{1,3}|```[\w+#.-]{0,24}|\*+|~{1,2}|_{1,3}|(?<![ \t])[ \t]*\|[ \t]*|&\w{0,5}"
    rf"|[{_EMOJI}]+)$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"</?(?:br|p|div|li|tr|hr|h\d|ul|ol|table|blockquote)\b", re.IGNORECASE)
_PLAIN = re.compile(r" ?(?!(?:h(?:t(?:tp?s?)?)?|w{1,3})$)[^\W_]+[.,;?]?|[.,;?]", re.IGNORECASE).fullmatch
_ENTITIES = {"nbsp": " ", "amp": "&", "lt": "<", "gt": ">", "quot": '"'}
_LONGEST = 900
_COMMA = ", "


class Speech:
    """Turns the text of an answer into what is heard of it."""

    def __init__(self) -> None:
        """Begin before the first piece."""
        self._held = ""
        self._line_begins = True
        self._space = ""
        self._last = ""  # of the text as it was written
        self._spoken = ""  # the last character that was let through
        self._in_code = False
        self._code: list[str] = []

    def feed(self, text: str) -> str:
        """Take the next piece, and return what can be heard of it now."""
        # The usual case, kept short: nothing is held, and this is a word that is no beginning of an address.
        if (
            self._spoken
            and _PLAIN(text)
            and not (self._held or self._line_begins or self._in_code or self._space)
        ):
            self._last = self._spoken = text[-1]
            return text
        return self._advance(text, final=False)

    def finish(self) -> str:
        """Return what was held; code alone is read out, for there is nothing else to hear."""
        text = self._advance("", final=True)
        if not (text or self._spoken) and self._code:
            return " ".join("".join(self._code).split())
        return text

    def _advance(self, text: str, *, final: bool) -> str:
        self._held += text
        parts: list[str] = []
        while self._held and (piece := self._next(final=final)) is not None:
            parts.append(self._spaced(piece))
        return "".join(parts)

    def _next(self, *, final: bool) -> str | None:
        """Take one piece of what is held, and return what is heard of it; None where more must come first."""
        held = self._held
        if self._in_code:
            return self._code_piece(final=final)
        if self._line_begins:
            beginning = _LINE_MARK_BEGINNING.match(held)
            if beginning and not final and len(held) < _LONGEST:
                return None
            if mark := _LINE_MARK.match(held):
                return self._taken(mark.end(), "", begins=True)
            self._line_begins = False
        return self._inline(held, len(held) if final else self._half(held))

    def _inline(self, held: str, limit: int) -> str | None:
        """Do the same within a line; from `limit` on it is not clear yet what is meant."""
        match = _MARKUP.search(held)
        newline = held.find("\n")
        if newline >= 0 and (match is None or newline <= match.start()) and newline < limit:
            return self._taken(newline + 1, held[:newline] + "\n", begins=True)
        if match is None or match.start() >= limit or (match.end() == len(held) and limit < match.end()):
            return self._taken(limit, held[:limit]) if limit else None
        if match.start():
            return self._taken(match.start(), held[: match.start()])
        return self._markup(match)

    @staticmethod
    def _half(held: str) -> int:
        match = _BEGINNING.search(held, max(0, len(held) - _LONGEST))
        return match.start() if match else len(held)

    def _taken(self, length: int, heard: str, *, begins: bool = False) -> str:
        if length:
            self._last = self._held[length - 1]
        self._held = self._held[length:]
        self._line_begins = begins
        return heard

    def _markup(self, match: re.Match[str]) -> str:
        """Return what is heard of markup that stands first in what is held."""
        before, after = self._last, self._held[match.end() : match.end() + 1]
        heard = ""
        match match.lastgroup:
            case "target" | "label" | "image":
                self._held = match["label"] + self._held[match.end() :]
                return ""
            case "url" if before.isalnum() and match[0][0] != "<":
                # Within a word there is no address.
                return self._taken(1, self._held[0])
            case "fence":
                self._in_code = True
            case "stars" if match[0][0] == "*":
                # Multiplication keeps its sign.
                alone = before.isspace() and after.isspace()
                digits = before.isdigit() and after.isdigit()
                heard = match[0] if match[0] == "*" and (alone or digits) else ""
            case "low":
                heard = match[0] if before.isalnum() and after.isalnum() else ""
            case "tag" if _BREAK.match(match[0]):
                heard = "\n"
            case "bar":
                heard = _COMMA if before and before != "\n" and after and after != "\n" else ""
            case "entity":
                heard = _ENTITIES[match[0][1:-1].lower()]
        return self._taken(match.end(), heard)

    def _code_piece(self, *, final: bool) -> str | None:
        end = self._held.find("```")
        if end < 0:
            keep = 0 if final else len(self._held) - len(self._held.rstrip("`"))
            end = len(self._held) - keep
            self._code.append(self._held[:end])
            self._held = self._held[end:]
            return "" if final and not self._held else None
        self._code.append(self._held[:end])
        self._in_code = False
        return self._taken(end + 3, "")

    def _spaced(self, text: str) -> str:
        """Return a text whose spaces are single, and without those at the beginning and the end of all."""
        if not text:
            return ""
        if not self._space and not _SPECIAL.search(text) and text[-1] != " " and text[0] != " ":
            self._spoken = text[-1]
            return text
        words = re.split(r"(\s+)", text)
        parts: list[str] = []
        for word in words:
            if not word:
                continue
            if word.isspace():
                self._space = "\n" if "\n" in word + self._space else " "
                continue
            if self._space and self._spoken and not (word[0] in ".,;:!?" and self._space == " "):
                parts.append(self._space)
            self._space = ""
            parts.append(word)
            self._spoken = word[-1]
        return "".join(parts)


class Heard:
    """What is heard of an answer: its words without markup, and without identifiers."""

    def __init__(self, names: Names) -> None:
        """Begin before the first piece."""
        self._speech = Speech()
        self._identifiers = Identifiers(names)

    def feed(self, text: str) -> str:
        """Take the next piece, and return what can be heard of it now."""
        return self._identifiers.feed(self._speech.feed(text))

    def finish(self) -> str:
        """Return what was held."""
        return self._identifiers.feed(self._speech.finish()) + self._identifiers.finish()
