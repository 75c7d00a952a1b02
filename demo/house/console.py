"""What the person at the terminal sees."""

from contextlib import suppress
import os
import sys
from typing import TextIO

_BOLD, _DIM, _RED, _GREEN, _YELLOW, _CYAN = "1", "2", "31", "32", "33", "36"


class Console:
    """Lines of progress and streamed text; coloured on a terminal, plain everywhere else.

    Unless it is `verbose`, only steps, warnings and what is not as it should be are shown.
    """

    def __init__(self, stream: TextIO = sys.stdout, *, verbose: bool = True) -> None:
        self.verbose = verbose
        self._stream = stream
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ

    def step(self, text: str) -> None:
        """A part of the work begins."""
        self._show(self._paint(_BOLD, f"==> {text}\n"))

    def note(self, text: str) -> None:
        """Something by the way."""
        self.line(self._paint(_DIM, f"    {text}"))

    def warning(self, text: str) -> None:
        """Something is not as it should be, and the work goes on."""
        self._show(self._paint(_YELLOW, f"    {text}\n"))

    def failure(self, text: str) -> None:
        """The work ends here."""
        self._show(self._paint(_RED, f"{text}\n"))

    def verdict(self, passed: bool, text: str) -> None:
        """One line of the self-check."""
        if passed:
            self.line(f"    {self._paint(_GREEN, '✓')} {text}")
        else:
            self._show(f"    {self._paint(_RED, '✗')} {text}\n")

    def happening(self, when: str, kind: str, text: str) -> None:
        """Something that was set off, and when."""
        self.line(f"    {self._paint(_DIM, f'{when:>8}')}  {self._paint(_CYAN, f'{kind:<10}')}  {text}")

    def speaker(self, name: str) -> None:
        """Who speaks what follows, on the same line."""
        self.write(self._paint(_CYAN, f"    {name:<8}"))

    def line(self, text: str = "") -> None:
        """A whole line."""
        self.write(f"{text}\n")

    def write(self, text: str) -> None:
        """Text that shows at once, though its line has not ended."""
        if self.verbose:
            self._show(text)

    def _show(self, text: str) -> None:
        # Where nobody reads any more, the work still has to come to its end.
        with suppress(OSError):
            self._stream.write(text)
            self._stream.flush()

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._coloured else text
