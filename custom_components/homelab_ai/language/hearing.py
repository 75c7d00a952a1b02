"""How else the names of things are heard: what people leave out, and what a recogniser of speech writes."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
import re

from ..topology import Thing, ThingKind
from .called import CLUSTER_WORDS, LEFT_OUT, MODEL_WORDS, NODE_WORDS, NUMBER_WORDS, POINTS, SOUND_ALIKE
from .names import compact, tokens

_LEAST_MISHEARD, _MOST_MISHEARD, _LEAST_PART = 5, 14, 2
_LEAST_SHORT = 5
"""Letters of a name without its end: what is shorter is a part of too many sentences."""
_MOST_JOINED = 16
_USED = frozenset(
    {ThingKind.SYSTEM, ThingKind.APP, ThingKind.WORKLOAD, ThingKind.PAGE, ThingKind.HUB, ThingKind.MODEL}
)
_DECIMAL = re.compile(r"(?<!\d)(\d)\.(\d)(?!\d)")


def short_name(thing: Thing) -> str:
    """Return the name of an app without what people leave out at its end, empty where nothing is."""
    *stem, last = re.split(r"[-_ ]", thing.name.casefold()) if thing.name else [""]
    short = " ".join(stem)
    return short if last in LEFT_OUT and len(compact(short)) >= _LEAST_SHORT else ""


def is_heard(thing: Thing) -> bool:
    """Return whether a thing is often named in speech, and by a part of its name."""
    return thing.kind in _BY_KIND or thing.kind in _USED


def heard_as(thing: Thing, name: str) -> Iterator[str]:
    """Yield what may be heard where a person says a name of a thing."""
    if thing.kind in _USED:
        yield from _misheard_as(name)
    if (more := _BY_KIND.get(thing.kind)) is not None:
        yield from more(name)


def _misheard_as(text: str) -> Iterator[str]:
    """Yield what a recogniser of speech may write for a name: "jelly fin", "jellifin", "openwebui"."""
    if " " in text and len(joined := compact(text)) <= _MOST_JOINED:
        yield joined
    if not text.isalpha() or not _LEAST_MISHEARD <= len(text) <= _MOST_MISHEARD:
        return
    for at in range(_LEAST_PART, len(text) - _LEAST_PART + 1):
        yield f"{text[:at]} {text[at:]}"
        if len(text) - at == _LEAST_PART:
            yield f"{text[:at]} {text[at - 1 :]}"
    for written, heard in SOUND_ALIKE:
        if written in text:
            yield text.replace(written, heard)


def numbered(text: str) -> Iterator[str]:
    """Yield what a name is where the number at its end is said as a word."""
    stem, _, last = text.rpartition(" ")
    if stem:
        yield from (f"{stem} {word}" for word in NUMBER_WORDS.get(last, ()))


def _of_node(name: str) -> Iterator[str]:
    """Yield how a node may be called: "worker 2" of "pve worker 2", "node 2", "the control node"."""
    words = name.split()
    if len(words) > 1 and words[-1].isdigit():
        *stem, number = words
        shorter = [" ".join((*stem[at:], number)) for at in range(1, len(stem))]
        shorter += [f"{word} {number}" for word in NODE_WORDS]
        shorter += [f"{stem[-1]} {word} {number}" for word in NODE_WORDS]
        for short in shorter:
            yield short
            yield from numbered(short)
        words = stem
    yield from (f"{word} {kind}" for word, kind in product(words, NODE_WORDS) if len(word) >= _LEAST_SHORT)


def _of_model(name: str) -> Iterator[str]:
    """Yield how a model may be called: "qwen coder", "the coder model", "llama three point one"."""
    words = [word for word in tokens(name) if word.isalpha()]
    first = re.match(r"[a-z]{3,}", name)
    if first and words[:1] != [first[0]]:
        words = [first[0], *words]
    others = [word for word in words[1:] if len(word) >= _LEAST_SHORT]
    for word in others:
        yield f"{words[0]} {word}"
        yield from (f"{word} {kind}" for kind in MODEL_WORDS)
    for point in POINTS:
        if (spoken := _DECIMAL.sub(rf" \1 {point} \2", name)) != name:
            spoken = " ".join(spoken.split())
            yield from _with_words_for_figures(spoken)


def _with_words_for_figures(text: str) -> Iterator[str]:
    """Yield a text with its figures as words, of each language."""
    yield text
    for of_language in range(2):
        yield " ".join(
            figures[min(of_language, len(figures) - 1)] if (figures := NUMBER_WORDS.get(word)) else word
            for word in text.split()
        )


def _of_cluster(_name: str) -> Iterator[str]:
    """Yield how a cluster is called that has a name of its own."""
    yield from CLUSTER_WORDS


_BY_KIND: Mapping[ThingKind, Callable[[str], Iterator[str]]] = {
    ThingKind.CLUSTER: _of_cluster,
    ThingKind.NODE: _of_node,
    ThingKind.MODEL: _of_model,
}
