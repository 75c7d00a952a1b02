"""The Results of k8sgpt, without what it considers sensitive."""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
import re

from ..answers import Json, Moment, Text, text
from .client import Resource, part
from .reading import bounded, created, items, shared

MASK = "***"
_MOST_SECRETS = 500
_SEARCHED = 16 * 1024
"""Characters of a text in which sensitive words are looked for: more than is told, or than a word is long."""

# A back-off counts up while the same thing stays wrong.
_DURATION = re.compile(r"\b(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s)){1,6}\b")


@dataclass(frozen=True, slots=True)
class Finding:
    """A Result of k8sgpt: what is wrong with the object `name`, which is "namespace/name" or just a name.

    `explanation` is what a model says to it, empty without one. `content_hash` is of kind, name and error
    texts. The texts have a mask for what k8sgpt considers sensitive.
    """

    kind: Text
    name: Text
    text: Text
    explanation: Text
    content_hash: Text
    created: Moment | None


def parse_finding(obj: Json) -> Finding:
    """Read a Result."""
    spec = part(obj, "spec")
    kind, subject = shared(spec.get("kind")), text(spec.get("name"))
    errors = list(items(spec, "error"))
    texts = "\n".join(text(error.get("text")) for error in errors)
    # What is in the object's own name is no secret, and without it nobody would understand the text.
    secrets = {
        word
        for error in errors
        for item in items(error, "sensitive")
        if (word := text(item.get("unmasked"))) and word not in subject
    }
    identity = "\n".join((kind, subject, _DURATION.sub("~", texts)))
    return Finding(
        kind,
        subject,
        bounded(_masked(texts, secrets)),
        bounded(_masked(text(spec.get("details")), secrets)),
        text(sha256(identity.encode()).hexdigest(), 12),
        created(obj),
    )


def _masked(message: str, secrets: Collection[str]) -> str:
    """Return the beginning of a text without these words, also where one lies over another.

    Not with the words that k8sgpt has put in their place: those are other ones in each analysis, and the
    text would change every half minute. Where there are too many words, nothing of the text is told.
    """
    if len(secrets) > _MOST_SECRETS:
        return MASK if message else message
    searched = message[:_SEARCHED]
    hidden = bytearray(len(searched))
    for word in secrets:
        at = searched.find(word)
        while at >= 0:
            hidden[at : at + len(word)] = b"\1" * len(word)
            at = searched.find(word, at + len(word))
    # A word of which only the beginning was searched must not be told either.
    is_cut = len(message) > len(searched)
    end = len(searched) - (max(map(len, secrets), default=0) if is_cut else 0)
    return _without(hidden, searched[: max(0, end)])


def _without(hidden: bytearray, said: str) -> str:
    """Return a text with a mask for each run of characters that are marked as hidden."""
    parts: list[str] = []
    at = 0
    while 0 <= at < len(said):
        begin = hidden.find(1, at, len(said))
        if begin < 0:
            return "".join((*parts, said[at:]))
        parts += (said[at:begin], MASK)
        at = hidden.find(0, begin)
    return "".join(parts)


FINDINGS = Resource("core.k8sgpt.ai", ("v1alpha1",), "results", parse_finding)
