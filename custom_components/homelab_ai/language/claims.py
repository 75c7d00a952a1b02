"""Whether a text says truthfully that something was not done.

Decided strictly, and for every language that has words for it, since a model answers in any: what is not
plainly true is not believed. A text that is not believed may still be true; then the plain account of the
deeds is said in its place, which is true as well.
"""

from collections.abc import Sequence
from functools import cache
import re

from .claim_words import ClaimWords
from .english.claims import ENGLISH_CLAIMS
from .german.claims import GERMAN_CLAIMS

_LANGUAGES = (ENGLISH_CLAIMS, GERMAN_CLAIMS)
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
_NUMBER_DOT = re.compile(r"(?<=\d)[.,](?=\d)")
_MARKS = re.compile(
    r"[,;:()\[\]\"“”„«»*_`–—|]| - |\s{1,3}(?:and|und)\s{1,3}(?=(?:i|it|the|ich|es|das|die|der)\b)"
)
_EDGES = re.compile(r"^\W+|\W+$")
_WORD = re.compile(r"[^\W_]{3,}")
_UNREADABLE = re.compile(r"[{}<>\\=]|\w_\w|\w(?:Error|Exception|Call)\b|\bHass[A-Z]")
_MOST = 2_000
_FEW = 4


class _Rules:
    """The words of a language, compiled."""

    def __init__(self, words: ClaimWords) -> None:
        self.failure, self.reversal, self.claim, self.deed, self.state, self.question = (
            re.compile("|".join(patterns))
            for patterns in (
                *(words.failure, words.reversal, words.claim, words.deed, words.state, words.question),
            )
        )
        self.command, self.own_deed, self.not_now = (
            re.compile("|".join(patterns)) for patterns in (words.command, words.own_deed, words.not_now)
        )
        self.harmless = re.compile("|".join(words.harmless))


@cache
def _rules() -> tuple[_Rules, ...]:
    return tuple(_Rules(words) for words in _LANGUAGES)


@cache
def _joint() -> re.Pattern[str]:
    words = "|".join(word for words in _LANGUAGES for word in words.joints)
    return re.compile(rf"(?:^|\s)(?:{words})\s")


@cache
def _everything() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(word for words in _LANGUAGES for word in words.everything)})\b")


def claims_a_deed(text: str) -> bool:
    """Return whether a text plainly claims that something was done."""
    return any(
        rules.deed.search(clause) and not rules.failure.search(clause)
        for _, clauses in _clauses(text[:_MOST])
        for clause in clauses
        for rules in _rules()
    )


def asks_for_a_deed(text: str) -> bool:
    """Return whether a person asks that something be done: in the words of a command, or with a few cries."""
    sentences = _clauses(text[:_MOST])
    if any(
        rules.command.search(clause) for _, clauses in sentences for clause in clauses for rules in _rules()
    ):
        return True
    return text.rstrip().endswith("!") and len(text.split()) <= _FEW


def claims_own_deed(text: str) -> bool:
    """Return whether a text says for certain that what was asked for has just been done."""
    return any(
        rules.own_deed.search(clause)
        and not any(other.not_now.search(clause) or other.failure.search(clause) for other in _rules())
        for is_question, clauses in _clauses(text[:_MOST])
        if not is_question
        for clause in clauses
        for rules in _rules()
    )


def only_fails(text: str) -> bool:
    """Return whether a text tells of a failure, and of nothing that was done or is as it should be."""
    clauses = [clause for _, parts in _clauses(text[:_MOST]) for clause in parts]
    failed = [any(rules.failure.search(clause) for rules in _rules()) for clause in clauses]
    done = any(
        rules.deed.search(clause) or rules.state.search(clause)
        for clause, fails in zip(clauses, failed, strict=True)
        if not fails
        for rules in _rules()
    )
    return any(failed) and not done


def only_shows(text: str) -> bool:
    """Return whether words around a tool call explain it or ask about it, so that it is an example."""
    lower = _without_offers(text)
    return "?" in lower or _example().search(lower) is not None


def confirms(text: str) -> bool:
    """Return whether words behind a tool call take it for made, as a model does that does not wait."""
    clauses = [clause for _, parts in _clauses(_without_offers(text[:_MOST])) for clause in parts]
    if not clauses:
        return True
    failed = any(rules.failure.search(clause) for clause in clauses for rules in _rules())
    claimed = any(
        rules.deed.search(clause) or rules.state.search(clause) for clause in clauses for rules in _rules()
    )
    return claimed and not failed and not only_shows(text)


def asks_first(text: str) -> bool:
    """Return whether words behind a tool call ask whether to make it, or call it an example."""
    lower = _without_offers(text)
    return "?" in lower or _permission().search(lower) is not None


def _without_offers(text: str) -> str:
    """Return a text in lower case, without the sentences that only offer more help."""
    lower = text.replace("’", "'").lower()
    return _SENTENCE.sub(lambda match: "" if _offer().match(_EDGES.sub("", match[0])) else match[0], lower)


@cache
def _offer() -> re.Pattern[str]:
    return re.compile("|".join(pattern for words in _LANGUAGES for pattern in words.offer))


@cache
def _example() -> re.Pattern[str]:
    return re.compile("|".join(pattern for words in _LANGUAGES for pattern in words.example))


@cache
def _permission() -> re.Pattern[str]:
    return re.compile("|".join(pattern for words in _LANGUAGES for pattern in words.permission))


def tells_failure(text: str, done: Sequence[str], failed: Sequence[str]) -> bool:
    """Return whether a text says truthfully that something was not done, and claims nothing else.

    `done` and `failed` are the names of what was done and what was not. Where something was done, each that
    was not must be named.
    """
    if not text.strip() or len(text) > _MOST or _UNREADABLE.search(text):
        return False
    names = _Names(done, failed)
    clauses = [
        (clause, is_question and number == len(parts) - 1)
        for is_question, parts in _clauses(text)
        for number, clause in enumerate(parts)
    ]
    kinds = [_kind(clause, names, is_question=is_question) for clause, is_question in clauses]
    if "false" in kinds:
        return False
    told = " ".join(clause for (clause, _), kind in zip(clauses, kinds, strict=True) if kind == "failure")
    if not told:
        return not done and "question" in kinds
    return names.covers_failed(told)


def _kind(clause: str, names: _Names, *, is_question: bool) -> str:
    """Return what a clause does: "failure", "question", "done", "other", or "false"."""
    if is_question:
        return "question" if any(rules.question.match(clause) for rules in _rules()) else "other"
    reversed_ = any(rules.reversal.search(clause) for rules in _rules())
    if any(rules.failure.search(clause) for rules in _rules()):
        return "false" if reversed_ or names.has_done(clause) or _claims_beside(clause) else "failure"
    if names.has_done(clause) and not names.has_failed(clause) and not _everything().search(clause):
        return "done"
    if not reversed_ and any(rules.harmless.match(clause) for rules in _rules()):
        return "other"
    return "false" if reversed_ or any(rules.claim.search(clause) for rules in _rules()) else "other"


def _claims_beside(clause: str) -> bool:
    """Return whether a clause that tells a failure claims a deed in the same breath."""
    parts = re.split(r"\s(?:and|und|then|oder|or)\s", clause)
    return len(parts) > 1 and any(
        rules.deed.search(part) for part in parts for rules in _rules() if not rules.failure.search(part)
    )


def _clauses(text: str) -> list[tuple[bool, list[str]]]:
    """Return the clauses of each sentence, and whether it is a question."""
    plain = _NUMBER_DOT.sub("·", " ".join(text.replace("’", "'").lower().split(" ")))
    sentences = []
    for match in _SENTENCE.finditer(plain):
        sentence = match[0].strip()
        parts = [_EDGES.sub("", part) for piece in _MARKS.split(sentence) for part in _joint().split(piece)]
        clauses = [" ".join(part.split()) for part in parts if any(char.isalnum() for char in part)]
        if clauses:
            sentences.append((sentence.endswith("?"), clauses))
    return sentences


class _Names:
    """Names of things, and the words by which people tell them apart."""

    def __init__(self, done: Sequence[str], failed: Sequence[str]) -> None:
        self._done = [_words(name) for name in done]
        self._failed = [_words(name) for name in failed]
        common = {word for words in self._done for word in words} & {w for ws in self._failed for w in ws}
        self._own_done = {word for words in self._done for word in words} - common
        self._own_failed = [words - common for words in self._failed]

    def has_done(self, clause: str) -> bool:
        """Return whether a clause names something that was done."""
        return any(word in clause for word in self._own_done)

    def has_failed(self, clause: str) -> bool:
        """Return whether a clause names something that was not done."""
        return any(word in clause for words in self._own_failed for word in words)

    def covers_failed(self, told: str) -> bool:
        """Return whether all that was not done is told: each by name, or all of it where nothing was done."""
        named = [any(word in told for word in words) for words in self._own_failed]
        return all(named) if self._done or any(named) else True


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(name.lower()))
