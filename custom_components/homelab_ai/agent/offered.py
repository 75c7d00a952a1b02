"""The tools that a model was offered, as it may write them."""

from dataclasses import dataclass
from functools import cached_property

from . import call_words, tool_names

_KEYS = {
    *call_words.NAME_KEYS,
    *call_words.WEAK_NAME_KEYS,
    *call_words.ARGUMENT_KEYS,
    *call_words.WEAK_ARGUMENT_KEYS,
    *call_words.WRAPPER_KEYS,
    *call_words.OTHER_KEYS,
}
RESULT_KEYS = frozenset({"data", "error"})
"""The keys of a result as the model is given it."""


@dataclass(frozen=True)
class Offered:
    """The names of the tools that a model was offered."""

    names: tuple[str, ...]

    def knows(self, name: str) -> bool:
        """Return whether a name means one of the tools, or may mean several."""
        return bool(tool_names.candidates(name, self.names))

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Return how the tools' names may be spelled in code."""
        return frozenset(spelling for name in self.names for spelling in tool_names.spellings(name))

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Return the characters that a call as code may begin with."""
        words = (*self.spellings, *call_words.CODE_WORDS, *call_words.CALLERS, *call_words.SIGNS)
        return frozenset(word[0] for word in words)

    def is_key(self, word: str) -> bool:
        """Return whether an object that begins with this key may be a call."""
        return word in _KEYS or word in RESULT_KEYS or self.knows(word)

    def may_be_key(self, word: str) -> bool:
        """Return whether a word may still become such a key."""
        return any(key.startswith(word) for keys in (_KEYS, RESULT_KEYS, self.spellings) for key in keys)
