"""Things by the names that people give them, however they are written or misheard."""

from collections.abc import Collection, Iterable, Iterator
from difflib import SequenceMatcher
from itertools import chain
import re

from ..topology import Thing, ThingKind, Topology
from ..topology.index import Index
from .called import ALL, FILLERS, GROUP_WORDS, KIND_WORDS, NUMBERS, PLACED
from .hearing import heard_as, is_heard, numbered, short_name
from .names import app_of, compact, spoken_model, tokens

MOST_COMPARED = 2000
"""Names that are compared letter by letter where nothing is called so."""
_TIES = 2
"""Links between what is named and the thing of it that is meant: an app, its claim, its backup."""
_AROUND_ALL = frozenset({ThingKind.NAMESPACE, ThingKind.CLUSTER, ThingKind.HUB})
_SHORT = 3
"""Letters up to which a word must be a whole word of the name: "ai" is a part of too many."""
_ALIKE = 0.8
_MAX_WORDS = 12
_MAX_SPOKEN = 60
_SEPARATORS = re.compile(r"[^\w.']+|_")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BEFORE_NUMBER = re.compile(r"(?<=[a-z])(?=\d)")

_FAMILY = re.compile(r"[A-Za-z]{4,}(?=[\d:.-])")
"""What people call a model: "llama" of "llama3.1:8b"."""
_FLEETING = frozenset({ThingKind.POD, ThingKind.ALERT, ThingKind.DEVICE, ThingKind.INTEGRATION})
"""What is found by its name, but not waited for: pods come and go, and a device may call itself anything."""
# Who is meant where several things are called the same: what a person uses stands first.
_PREFERENCE = (
    ThingKind.SYSTEM,
    ThingKind.PAGE,
    ThingKind.HUB,
    ThingKind.CLUSTER,
    ThingKind.NODE,
    ThingKind.MODEL,
    ThingKind.APP,
    ThingKind.DEVICE,
    ThingKind.ENTITY,
    ThingKind.WORKLOAD,
    ThingKind.GITOPS,
)
_RANK = {kind: rank for rank, kind in reversed(list(enumerate((*_PREFERENCE, *ThingKind))))}


class ThingNames:
    """The names of all things of a topology, kept up to date with what has changed."""

    def __init__(self) -> None:
        """Know no name yet."""
        self._names: dict[str, frozenset[str]] = {}
        """By id: all names of a thing, as they are compared."""
        self._by_name = Index()
        self._by_word = Index()
        self._words: dict[str, frozenset[str]] = {}
        self._spoken: dict[str, frozenset[str]] = {}
        self._heard: dict[str, Thing] = {}
        """What people use or name by a part of its name, by its id."""
        self._by_short = Index()
        self._shorts: dict[str, frozenset[str]] = {}
        self._places: dict[str, str] = {}
        self.revision = 0
        """Counts the changes of what is `spoken`."""

    def update(self, topology: Topology, changed: Iterable[str]) -> None:
        """Take the names of things that came, changed or went."""
        for thing_id in changed:
            thing = topology.get(thing_id)
            names = frozenset(_names(thing)) if thing else frozenset()
            words = frozenset(tokens(f"{thing.name} {' '.join(thing.aliases)}")) if thing else frozenset()
            self._by_name.move(thing_id, self._names.pop(thing_id, frozenset()), names)
            self._by_word.move(thing_id, self._words.pop(thing_id, frozenset()), words)
            if thing:
                self._names[thing_id], self._words[thing_id] = names, words
            shorts = frozenset((compact(short),)) if thing and (short := short_name(thing)) else frozenset()
            self._by_short.move(thing_id, self._shorts.pop(thing_id, frozenset()), shorts)
            if shorts:
                self._shorts[thing_id] = shorts
            self._say(thing_id, thing)
            self._place(thing_id, thing)

    @property
    def spoken(self) -> frozenset[str]:
        """Return the names that people say, of all but what comes and goes all the time."""
        return frozenset(name for names in self._spoken.values() for name in names)

    @property
    def heard(self) -> Iterator[tuple[str, str]]:
        """Yield what a recogniser of speech may write, with the name that is meant by it."""
        for name in self.spoken:
            yield from ((heard, name) for heard in numbered(name))
        for thing_id, thing in self._heard.items():
            meant = spoken_of(thing.name)
            for name in self._spoken.get(thing_id, ()):
                yield from ((heard, meant) for heard in heard_as(thing, name))
            if short := short_name(thing):
                yield short, meant

    @property
    def places(self) -> frozenset[str]:
        """Return the places of things as people say them: their namespaces."""
        return frozenset(
            _SEPARATORS.sub(" ", place.casefold()).strip() for place in set(self._places.values())
        )

    def find(self, words: str, topology: Topology) -> list[Thing]:
        """Return the things that are called so, the likeliest first; empty where nothing is.

        First what is called so where it is said to be, then what is called exactly so, then what has all
        these words in its name, then what sounds alike.
        """
        if things := self._in_place(words, topology):
            return things
        for kinds, name in _readings(words):
            for ids in self._candidates(kinds, name, topology):
                things = [thing for id in ids if (thing := topology.get(id)) and _is_one_of(thing, kinds)]
                if things and not (_is_number(name) and len(things) > 1):
                    own = "".join(name)
                    return sorted(things, key=lambda thing: (not _is_called(thing, own), *_likeliest(thing)))
        ids = self._misheard(compact(" ".join(_significant(words))))
        return sorted((thing for id in ids if (thing := topology.get(id))), key=_likeliest)

    def _candidates(
        self, kinds: Collection[ThingKind], name: Collection[str], topology: Topology
    ) -> Iterator[Collection[str]]:
        """Yield the ids of what is called so: itself, in short, tied to what is, and by its words."""
        called = self._called(name) or self._in_short(name, topology)
        yield called
        if kinds:
            yield self._tied_to(called, kinds, topology)
        yield self._with_words(name)

    def _in_short(self, words: Collection[str], topology: Topology) -> Collection[str]:
        """Return what is called so in short, where that is one name only."""
        ids = self._by_short.get("".join(words))
        return ids if len({compact(thing.name) for id in ids if (thing := topology.get(id))}) == 1 else ()

    @staticmethod
    def _tied_to(ids: Collection[str], kinds: Collection[ThingKind], topology: Topology) -> Collection[str]:
        """Return the things of a kind that belong to what is called so: "the volume of gitea"."""
        found: dict[str, None] = {}
        level = [thing for id in ids if (thing := topology.get(id)) and thing.kind is not ThingKind.NAMESPACE]
        for _ in range(_TIES):
            level = [
                other
                for thing in level
                for _, other in chain(topology.targets(thing), topology.dependents(thing))
                if other.kind not in _AROUND_ALL
            ]
            found |= {other.id: None for other in level if other.kind in kinds}
            if found:
                break
        return found

    def _in_place(self, words: str, topology: Topology) -> list[Thing]:
        """Return what "jellyfin in the namespace media" means: not "jellyfin-media", another thing."""
        parts = _significant(words)
        at = next((index for index, word in enumerate(parts) if word in PLACED), 0)
        place = "".join(word for word in parts[at:] if word not in PLACED)
        if not at or not place:
            return []
        return [thing for thing in self.find(" ".join(parts[:at]), topology) if compact(thing.place) == place]

    def _say(self, thing_id: str, thing: Thing | None) -> None:
        names = frozenset(_spoken(thing)) if thing and thing.kind not in _FLEETING else frozenset()
        if names != self._spoken.pop(thing_id, frozenset()):
            self.revision += 1
        if names:
            self._spoken[thing_id] = names
        self._heard.pop(thing_id, None)
        if thing and is_heard(thing):
            self._heard[thing_id] = thing

    def _place(self, thing_id: str, thing: Thing | None) -> None:
        place = thing.place if thing and thing.kind not in _FLEETING else ""
        if place != self._places.pop(thing_id, ""):
            self.revision += 1
        if place:
            self._places[thing_id] = place

    def _called(self, words: Collection[str]) -> Collection[str]:
        return self._by_name.get("".join(words))

    def _with_words(self, words: Collection[str]) -> Collection[str]:
        groups = [self._by_word.get(word) for word in words]
        if not groups or not all(groups):
            return ()
        smallest = min(groups, key=len)
        return [thing_id for thing_id in smallest if all(thing_id in group for group in groups)]

    def _misheard(self, key: str) -> Collection[str]:
        if len(key) <= _SHORT:
            return ()
        digits = _digits(key)
        matcher = SequenceMatcher(b=key, autojunk=False)
        alike: dict[str, float] = {}
        for _, name in zip(range(MOST_COMPARED), self._by_name, strict=False):
            if _digits(name) != digits:
                continue  # a number is not misheard: node 7 is not node 1
            matcher.set_seq1(name)
            if matcher.real_quick_ratio() >= _ALIKE <= matcher.quick_ratio():
                alike[name] = matcher.ratio()
        best = max(alike.values(), default=0.0)
        if best < _ALIKE:
            return ()
        return [
            thing_id for name, ratio in alike.items() if ratio == best for thing_id in self._by_name.get(name)
        ]


def kinds_called(words: str) -> Collection[ThingKind]:
    """Return the kinds of things that words mean which name no thing: "all nodes", "the backups"."""
    said = [word for word in _significant(words) if word not in ALL]
    groups = [GROUP_WORDS.get(word, ()) for word in said]
    return frozenset(kind for group in groups for kind in group) if groups and all(groups) else ()


def _digits(name: str) -> str:
    return "".join(character for character in name if character.isdigit())


def _is_called(thing: Thing, name: str) -> bool:
    """Return whether that is a thing's own name, without where it is."""
    return any(
        compact(short_name) == name for short_name in (thing.name, *thing.aliases, *_short_names(thing))
    )


def _names(thing: Thing) -> Iterator[str]:
    """Yield the names of a thing as they are compared: alone, and with its place."""
    for name in (thing.name, *thing.aliases, *_short_names(thing)):
        yield compact(name)
        if thing.place:
            yield compact(f"{thing.place} {name}")
            yield compact(f"{name} {thing.place}")


def spoken_of(name: str) -> str:
    """Return a name in words."""
    return _SEPARATORS.sub(" ", name[:_MAX_SPOKEN].casefold()).strip()


def _spoken(thing: Thing) -> Iterator[str]:
    """Yield how a thing may be said: its names in words, with its number apart."""
    for name in (thing.name, *thing.aliases, *_short_names(thing)):
        spoken = spoken_of(name)
        yield spoken
        yield _SEPARATORS.sub(" ", _HUMP.sub(" ", name[:_MAX_SPOKEN]).casefold()).strip()
        yield _BEFORE_NUMBER.sub(" ", spoken)


def _short_names(thing: Thing) -> Iterator[str]:
    if thing.kind is ThingKind.MODEL:
        yield thing.name.partition(":")[0]
        yield spoken_model(thing.name)
        if family := _FAMILY.match(thing.name.rpartition("/")[2]):
            yield family[0]
    if thing.kind is ThingKind.POD:
        yield app_of(thing.name)


def _significant(words: str) -> list[str]:
    spoken = [NUMBERS.get(word, word) for word in tokens(words)[:_MAX_WORDS]]
    return [word for word in spoken if word not in FILLERS] or spoken


def _readings(words: str) -> Iterator[tuple[Collection[ThingKind], list[str]]]:
    """Yield how words may be meant: as a whole name, and as a kind with a name."""
    parts = _significant(words)
    yield (), parts
    without_place = [word for word in parts if word not in PLACED]
    if without_place != parts:
        yield (), without_place
    spoken = [word for word in without_place if word in KIND_WORDS]
    for word in spoken:
        # "worker" is a kind in "worker two", and a part of the name in "node worker 2".
        if rest := [other for other in without_place if other != word]:
            yield KIND_WORDS[word], rest
    rest = [word for word in without_place if word not in KIND_WORDS]
    if len(spoken) > 1 and rest:
        yield [kind for word in spoken for kind in KIND_WORDS[word]], rest


def _is_number(words: Collection[str]) -> bool:
    """Return whether words are only a number: then it must be the only thing with it."""
    return all(word.isdigit() for word in words)


def _is_one_of(thing: Thing, kinds: Collection[ThingKind]) -> bool:
    return not kinds or thing.kind in kinds


def _likeliest(thing: Thing) -> tuple[int, str]:
    return _RANK[thing.kind], thing.id
