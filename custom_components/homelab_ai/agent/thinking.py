"""Thinking that a model prints between tags instead of sending it apart.

Ollama takes thinking out of the text where it knows the model's template; imported models it does
not know print it. Thinking must never be spoken.
"""

_OPEN = "<think>"
_CLOSE = "</think>"


class ThinkTags:
    """Splits an answer that begins with a `<think>` block."""

    def __init__(self) -> None:
        """Begin before the first piece of the answer."""
        self._held = ""
        self._inside = False
        self._closed = False
        self.done = False
        """Whether the rest of the answer is plain text, so that `feed` need not be called again."""

    def feed(self, text: str) -> tuple[str, str]:
        """Take the next piece, and return what is text and what is thinking of it."""
        if self.done:
            return text, ""
        self._held += text
        if self._closed:
            return self._begin(), ""
        if not self._inside:
            start = self._held.lstrip()
            if not start or (_OPEN.startswith(start) and start != _OPEN):
                return "", ""
            if not start.startswith(_OPEN):
                return self._end(), ""
            self._inside = True
            self._held = start.removeprefix(_OPEN)
        thought, found, rest = self._held.partition(_CLOSE)
        if found:
            self._inside = False
            self._closed = True
            self._held = rest
            return self._begin(), thought
        keep = next((n for n in range(len(_CLOSE) - 1, 0, -1) if self._held.endswith(_CLOSE[:n])), 0)
        cut = len(self._held) - keep
        thought, self._held = self._held[:cut], self._held[cut:]
        return "", thought

    def finish(self) -> str:
        """Return text that was held back for a tag that did not come."""
        return "" if self._inside else self._end()

    def _begin(self) -> str:
        """Return the text behind the block, without the blank lines that models put between."""
        self._held = self._held.lstrip()
        return self._end() if self._held else ""

    def _end(self) -> str:
        self.done = True
        held, self._held = self._held, ""
        return held
