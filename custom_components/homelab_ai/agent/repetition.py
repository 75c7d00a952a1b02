"""Notices that an answer repeats itself, as small models do once they have lost the thread.

A list with equal entries, a refrain or a laugh are none of that: it takes the same sentence three times in a
row, a few sentences in a circle, or one short piece over and over without an end.
"""

from collections import deque
import re

MOST_IN_CIRCLE = 4
"""Sentences of a circle at most."""

_END = re.compile(r"(?<![.!?…。！？])[.!?…。！？]+[\"”'’)*_]{0,4}(?=\s)|\n")
_HINT = re.compile(r"[.!?…。！？\n]").search
_LONGEST_END = 8
_WORD_END = ".!?…。！？"
_TIMES = 3
# Short cries ("Ha! Ha! Ha!"), and lines of a list or a verse, may well be repeated a few times.
_SHORT, _TIMES_SHORT = 12, 8
_TIMES_LINE = 5
_TIMES_CODE = 12
_TAIL = 480
_LONGEST_PIECE = 60
_TIMES_PIECE = 8
_LEAST, _LEAST_RULER, _LEAST_STRUCTURED = 160, 400, 480
_LONGEST_SENTENCE = 2_000


class Repetition:
    """Watches an answer; `found` once it goes in circles."""

    def __init__(self, *, structured: bool = False) -> None:
        """Where the answer is `structured` data, only what has no end counts."""
        self._structured = structured
        self._sentences: deque[tuple[str, bool]] = deque(maxlen=MOST_IN_CIRCLE * _TIMES_CODE)
        self._sentence = ""
        self._tail = ""
        self._room = _LONGEST_PIECE
        self._in_code = False
        self._within = False  # whether no sentence can end but with one of its marks
        self.found = False

    def feed(self, text: str) -> str:
        """Take what is said next, and return as much of it as is no repetition yet."""
        # The usual case, kept short: within a sentence.
        if self._within and len(text) < self._room and not _HINT(text):
            self._sentence += text
            self._tail += text
            self._room -= len(text)
            return text
        self._within = not (_HINT(text) or self._structured)
        parts: list[str] = []
        while text and not self.found:
            room = self._room
            parts.append(self._watch(text[:room]))
            text = text[room:]
        self._within = self._within and not self.found
        return "".join(parts)

    def _watch(self, text: str) -> str:
        """Do the same with a text that reaches at most to the next look for pieces."""
        if self.found:
            return ""
        kept = text if self._structured else self._watch_sentences(text)
        self._tail += kept
        self._room -= len(kept)
        if self._room <= 0:
            self._room = _LONGEST_PIECE
            self._tail = self._tail[-_TAIL:]
            self.found = self.found or self._is_periodic()
        return kept

    def _watch_sentences(self, text: str) -> str:
        before = len(self._sentence)
        self._sentence += text
        start = 0
        for match in _END.finditer(self._sentence, max(0, before - _LONGEST_END)):
            self._take(self._sentence[start : match.end()])
            start = match.end()
            if self.found:
                return self._sentence[before:start] if start > before else ""
        if start or len(self._sentence) > _LONGEST_SENTENCE:
            self._sentence = self._sentence[start:][-_LONGEST_SENTENCE:]
        return text

    def _take(self, sentence: str) -> None:
        if sentence.lstrip().startswith("```"):
            self._in_code = not self._in_code
        words = " ".join(sentence.split()).casefold()
        if not words:
            return
        self._sentences.append((words, words.rstrip("\"”'’)*_")[-1:] in _WORD_END))
        self.found = self.found or any(self._circles(length) for length in range(1, MOST_IN_CIRCLE + 1))

    def _circles(self, length: int) -> bool:
        """Return whether the last sentences are the same few, often enough for what they are."""
        sentences = self._sentences
        if len(sentences) <= length or sentences[-1] != sentences[-1 - length]:
            return False
        latest = list(sentences)[-length:]
        if length > 1 and len(set(latest)) == 1:
            return False
        characters = sum(char.isalnum() for words, _ in latest for char in words)
        if characters == 0:
            return False
        times = _TIMES if all(ended for _, ended in latest) else _TIMES_LINE
        if characters < _SHORT:
            times = _TIMES_SHORT
        if self._in_code:
            times = _TIMES_CODE
        return list(sentences)[-length * times :] == latest * times

    def _is_periodic(self) -> bool:
        """Return whether a short piece, over and over, is all there is at the end of the answer."""
        tail = self._tail
        least = _LEAST_STRUCTURED if self._structured else _LEAST
        if len(tail) < least:
            return False
        # The nearest earlier occurrence of the end tells the only period that can be.
        end = tail[-_LONGEST_PIECE:]
        at = tail.rfind(end, 0, len(tail) - 1)
        if at < 0:
            return False
        period = len(tail) - _LONGEST_PIECE - at
        piece = tail[-period:]
        if not any(char.isalnum() for char in piece):
            least = max(least, _LEAST_RULER)
        length = max(least, period * _TIMES_PIECE)
        if period > _LONGEST_PIECE or length > len(tail):
            return False
        run = tail[-length:]
        return run[period:] == run[:-period]
