"""Whether a report in other words says what its facts say.

No understanding is needed for that, only distrust: every word must come from the facts or be one that claims
nothing, every name must be there, and names, numbers and states must belong together as they did. A faithful
report may be refused; one that adds, drops, swaps or denies something should not get through.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
import re

from .languages import is_foreign
from .vocabulary import VOCABULARIES, Vocabulary

_LONGER = 1.5
_ROOM = 40
_TOKEN = re.compile(r"%|\d+(?:[.,:]\d+)+(?![^\W_]|[-/]\w)|[^\W_]+(?:[-_./:@’'][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_CLAUSE = re.compile(r"(?<![,;:.!–—()])[,;:.!–—()]+(?:\s|$)|\n")
_SENTENCE = re.compile(r"(?<![.!])[.!]+(?:\s|$)|\n")
_ODD = re.compile(r"[^\w\s.,;:!%'’\"„“”()–—\-/°…+&@]|_|\w://|\bwww\.|^\s*[-–•]\s|\n[^\S\n]*[-–•\d]+[.)]?\s")
_PARTS = re.compile(r"[-_./:@’']")
_OWNED = re.compile(r"['’]s?$")
_AS_WELL = re.compile(r"\bas well(?: as)?\b", re.IGNORECASE)
_LEAST_STEM = 3


@dataclass(frozen=True, slots=True)
class _Clause:
    """What one clause is about, and how it says that it is."""

    names: frozenset[str]
    content: frozenset[str]
    numbers: tuple[tuple[str, tuple[str, ...]], ...]
    negated: bool
    good: bool
    bad: bool
    rest: bool

    @property
    def is_trouble(self) -> bool:
        return self.negated or self.bad

    @property
    def subjects(self) -> frozenset[str]:
        return self.names | self.content


def doubts(text: str, facts: str, language: str, names: Collection[str] = ()) -> Iterator[str]:
    """Yield why `text` is not believed; nothing where it tells the facts and nothing else.

    `language` is a supported one; `names` are those that must be kept where the facts have them.
    """
    if formal := _formal(text, facts, language):
        yield formal
        return
    words = VOCABULARIES[language]
    # "As well" says that there is more, not that anything is well.
    text = _AS_WELL.sub("also", text)
    truth = _Facts(facts, words, names)
    yield from truth.foreign_words(text)
    yield from truth.dropped(text)
    claims = [truth.clause(part) for part in _parts(text, words)]
    for claim in claims:
        yield from truth.numbers_of(claim)
        yield from truth.states_of(claim)
    yield from truth.turned(_sentences(text, truth))


def _formal(text: str, facts: str, language: str) -> str:
    """Return what is wrong with the form, empty where nothing is."""
    if not text.strip() or not any(letter.isalpha() for letter in text):
        return "it is empty"
    if len(text) > len(facts) * _LONGER + _ROOM:
        return "it is too long"
    if odd := _ODD.search(text):
        return f"it has markup or a link: {odd[0]!r}"
    return "it is in another language" if is_foreign(text, language) else ""


class _Facts:
    """The facts, as far as claims can be compared with them."""

    def __init__(self, facts: str, words: Vocabulary, names: Collection[str] = ()) -> None:
        self._words = words
        self._text = " ".join(facts.casefold().split())
        free = (words.function, words.ordinary, words.generic, words.negations, words.rest, words.joining)
        everything = (*free, words.good, words.bad, words.bound)
        self._common = {self._stem(word) for group in everything for word in group} | {*words.numbers, "%"}
        self._free = {self._stem(word) for group in (*free, words.good) for word in group}
        self._sets = {
            name: {self._stem(word) for word in getattr(words, name)}
            for name in ("function", "generic", "good", "bad", "negations", "rest", "critical", "hedges")
        }
        tokens = _tokens(facts)
        self._tokens = {part for token in tokens for part in _whole_parts(token)}
        self._stems = {self._stem(part) for token in tokens for part in _PARTS.split(token)}
        self._numbers = {value for token in tokens if (value := self._value(token))}
        spelled = {" ".join(name.casefold().split()) for name in names}
        self._spelled = sorted(name for name in spelled if name in self._text and _has(self._text, name))
        # A name may be an ordinary word: "documents", "vault".
        given = {self._plain(token) for name in self._spelled for token in _tokens(name)}
        self._names = {
            plain
            for token in tokens
            for plain in (self._plain(token),)
            if self._is_name(token) or (plain in given and not self._is_common(token))
        }
        self._clauses = [self.clause(part) for part in _parts(facts, words)]

    def foreign_words(self, text: str) -> Iterator[str]:
        """Yield the words that the facts do not have, and that claim something."""
        for token in _tokens(text):
            if not self._may_say(token):
                yield f"the facts do not say {token!r}"

    def dropped(self, text: str) -> Iterator[str]:
        """Yield names, numbers and reservations that are not told, and that something is critical."""
        tokens = _tokens(text)
        parts = {part for token in tokens for part in _whole_parts(token)}
        yield from (f"{name!r} is missing" for name in sorted(self._names - parts))
        line = " ".join(text.casefold().split())
        yield from (f"{name!r} is missing" for name in self._spelled if not _has(line, name))
        # "One problem" may well be "a problem".
        numbers = self._numbers - {"1"} - {self._value(token) for token in tokens}
        yield from (f"{number} is missing" for number in sorted(numbers))
        stems = {self._stem(token) for token in tokens}
        for hedge in sorted(self._stems & self._sets["hedges"] - stems):
            yield f"{hedge!r} is missing"
        if self._stems & self._sets["critical"] and not stems & self._sets["critical"]:
            yield "it is not critical any more"

    def clause(self, text: str) -> _Clause:
        """Return what a part of a report claims."""
        tokens = _tokens(text)
        stems = [self._stem(token) for token in tokens]
        sets = self._sets
        numbers = [
            (value, tuple(self._counted(tokens, index)))
            for index, token in enumerate(tokens)
            if (value := self._value(token))
        ]
        silent = sets["function"] | sets["generic"] | sets["negations"] | sets["rest"]
        return _Clause(
            names=frozenset(self._plain(token) for token in tokens) & frozenset(self._names),
            content=frozenset(stem for stem in stems if stem not in silent and not stem.isdigit()),
            numbers=tuple(numbers),
            negated=any(stem in sets["negations"] for stem in stems),
            good=any(stem in sets["good"] for stem in stems),
            bad=any(stem in sets["bad"] for stem in stems),
            rest=any(stem in sets["rest"] for stem in stems),
        )

    def numbers_of(self, claim: _Clause) -> Iterator[str]:
        """Yield the numbers that count something else than in the facts, or belong to something else."""
        for value, counted in claim.numbers:
            same = [
                (clause, of) for clause in self._clauses for other, of in clause.numbers if other == value
            ]
            facts = {word for _, of in same for word in of}
            if ":" not in value and counted and facts and not self._alike(counted[0], facts):
                yield f"{value} counts {counted[0]!r}"
            owners = {name for clause, _ in same for name in clause.names}
            if owners and claim.names and not owners & claim.names:
                yield f"{value} belongs to {', '.join(sorted(owners))}"

    def states_of(self, claim: _Clause) -> Iterator[str]:
        """Yield what is said to be well, wrong, or not so, without the facts saying it."""
        if claim.negated and not any(self._denies(fact, claim) for fact in self._clauses):
            yield "it denies what the facts do not deny"
        if claim.good and not claim.negated and not any(_praises(fact, claim) for fact in self._clauses):
            yield "it calls something well"
        if claim.bad and claim.names:
            same = [fact for fact in self._clauses if fact.names & claim.names]
            if not any(fact.is_trouble for fact in same):
                yield f"it calls {', '.join(sorted(claim.names))} wrong"

    def turned(self, sentences: Iterable[_Clause]) -> Iterator[str]:
        """Yield the names that something is wrong with, and that are told as if nothing were."""
        troubled = {name for claim in sentences if claim.is_trouble for name in claim.names}
        for fact in self._clauses:
            if fact.is_trouble and fact.names and not fact.names & troubled:
                yield f"nothing is wrong with {', '.join(sorted(fact.names))}"

    def _denies(self, fact: _Clause, claim: _Clause) -> bool:
        """Return whether a fact is the ground for a denial."""
        if fact.negated:
            return bool(fact.subjects & claim.subjects) and (fact.bad or not claim.bad)
        # "It did not succeed" is "it failed", but "it did not fail" is not.
        return fact.bad and not claim.bad and bool(fact.names & claim.names)

    def _alike(self, counted: str, facts: set[str]) -> bool:
        generic = self._sets["generic"]
        return counted in facts or (counted in generic and not facts.isdisjoint(generic))

    def _counted(self, tokens: list[str], index: int) -> Iterator[str]:
        """Yield what a number counts: the next two words that say something, else the one before."""
        after = [stem for token in tokens[index + 1 :] if (stem := self._telling(token))]
        if after:
            yield from after[:2]
            return
        before = (stem for token in reversed(tokens[:index]) if (stem := self._telling(token)))
        yield from list(before)[:1]

    def _telling(self, token: str) -> str:
        stem = self._stem(token)
        return "" if stem in self._sets["function"] or self._value(token) else stem

    def _may_say(self, token: str) -> bool:
        plain = self._plain(token)
        if value := self._value(token):
            return value in self._numbers
        if plain in self._tokens or self._stem(token) in self._free:
            return True
        if _looks_like_identifier(token) and "-" not in token and "’" not in token and "'" not in token:
            return False
        parts = [part for part in re.split(r"[-'’]", plain) if part]
        if len(parts) > 1:
            return all(self._may_say(part) for part in parts if len(part) > 1)
        is_known = self._stem(token) in self._stems
        # A name must be spelled as it is; a word may be inflected.
        return is_known and (not token[0].isupper() or self._stem(token) in self._common)

    def _is_name(self, token: str) -> bool:
        return not self._is_common(token) and (_looks_like_identifier(token) or token[0].isupper())

    def _is_common(self, token: str) -> bool:
        """Return whether a token is a number or consists of words that everybody uses."""
        return bool(self._value(token)) or all(self._stem(part) in self._common for part in token.split("-"))

    def _value(self, token: str) -> str:
        """Return a number in one spelling, empty where it is none."""
        if _NUMBER.fullmatch(token):
            return re.sub(r"[.,]", "" if _THOUSANDS.fullmatch(token) else ".", token)
        return self._words.numbers.get(token.casefold(), "")

    def _plain(self, token: str) -> str:
        return _OWNED.sub("", token.casefold())

    def _stem(self, token: str) -> str:
        word = token.casefold()
        if word in ("percent", "prozent"):
            return "%"
        for ending in self._words.endings:
            if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
                word = word.removesuffix(ending)
        return word


def _praises(fact: _Clause, claim: _Clause) -> bool:
    """Return whether a fact is the ground for saying that something is well."""
    if not fact.good or fact.negated or (fact.rest and not claim.rest):
        return False
    return bool(fact.names & claim.names) if claim.names else not fact.names


def _parts(text: str, words: Vocabulary) -> list[str]:
    """Return the clauses of a text."""
    joining = "|".join(sorted(words.joining))
    pieces = (re.split(rf"\b(?:{joining})\b", part, flags=re.IGNORECASE) for part in _CLAUSE.split(text))
    return [piece for several in pieces for piece in several if piece.strip()]


def _sentences(text: str, facts: _Facts) -> list[_Clause]:
    return [facts.clause(part) for part in _SENTENCE.split(text) if part.strip()]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _whole_parts(token: str) -> set[str]:
    """Return the spellings by which a token may be told: without what owns it, or without its namespace."""
    plain = _OWNED.sub("", token.casefold())
    return {plain, *plain.split("/")}


def _looks_like_identifier(token: str) -> bool:
    if any(character in token for character in "-_./:@"):
        return True
    has_digit = any(character.isdigit() for character in token)
    return (has_digit and not token.isdigit()) or any(character.isupper() for character in token[1:])


def _has(text: str, name: str) -> bool:
    """Return whether a text has a name as a whole."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
