"""Names of things: as a person says them, as a notification shows them, and as they are compared."""

import re
import unicodedata

from ..health.problem import plain

MAX_SPOKEN_NAME = 40
MAX_WRITTEN_NAME = 90
MAX_QUOTE = 160

# What Kubernetes makes up names from: no vowels, so that no word comes about.
_RANDOM = "[bcdfghjklmnpqrstvwxz2456789]"
_OF_REPLICA_SET = re.compile(rf"-{_RANDOM}{{6,10}}-{_RANDOM}{{5}}$")
_OF_CRON_JOB = re.compile(rf"-\d{{8}}(?:-{_RANDOM}{{5}})?$")
_OF_OWNER = re.compile(rf"-(?:{_RANDOM}{{5}}|\d{{1,3}})$")
_REPLICA_SET = re.compile(rf"-{_RANDOM}{{6,10}}$")
_OBJECT = re.compile(r"[a-z0-9.-]+/[a-z0-9.-]+")

_ADDRESS = ("://", "@", "www.")
_SCHEME = re.compile(r"\b(?:[a-z][a-z0-9+.-]{0,20}://|w{3,}\.)", re.IGNORECASE)
_HEX = re.compile(
    r"\b(?:pvc-|sha256[:-])?(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-f]*\d)[0-9a-f]{10,})\b"
    r"|\bpvc-[0-9a-f]{6,}\b",
    re.IGNORECASE,
)
_NOT_SPOKEN = re.compile(r"[^\w\s.'’°%+-]|_")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Markdown and HTML: a notification would make a link or an image of them.
_INERT = str.maketrans({"[": "(", "]": ")", "<": "(", ">": ")", "`": "'", "*": "·", "|": "/", "~": "-"})

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_MAX_COMPARED = 200
_SEPARATORS = "".join(sign for sign in map(chr, range(128)) if not sign.isalnum())
_SPACED = str.maketrans(dict.fromkeys(_SEPARATORS, " "))
_JOINED = str.maketrans(dict.fromkeys(_SEPARATORS, ""))


def app_of(name: str, kind: str = "Pod") -> str:
    """Return the name of the app that an object of this kind belongs to, with its namespace."""
    for made_up in (_OF_REPLICA_SET, _OF_CRON_JOB):
        if (shorter := made_up.sub("", name)) != name:
            return shorter
    if kind in ("Pod", "Job"):
        return _OF_OWNER.sub("", name)
    return _REPLICA_SET.sub("", name) if kind == "ReplicaSet" else name


def spoken_name(name: str, limit: int = MAX_SPOKEN_NAME) -> str:
    """Return a name as a person would say it, empty where there is nothing to say.

    Without namespace, address, checksum, and without anything that a speech synthesis would stumble over.
    """
    line = plain(name, 4 * limit)
    if _OBJECT.fullmatch(line):
        line = line.partition("/")[2]
    named = " ".join(word for word in line.split() if not any(sign in word.lower() for sign in _ADDRESS))
    words = _NOT_SPOKEN.sub(" ", _HEX.sub(" ", named)).split()
    spoken = ""
    for word in words:
        longer = f"{spoken} {word}".lstrip()
        if len(longer) > limit:
            break
        spoken = longer
    return (spoken or " ".join(words)[:limit]).strip(" .'’+-")


def spoken_alert(name: str) -> str:
    """Return the name of an alert in words: most are written as one."""
    return spoken_name(_HUMP.sub(" ", name[: 4 * MAX_SPOKEN_NAME]))


def spoken_model(name: str) -> str:
    """Return the name of a model without where it comes from; "latest" goes without saying."""
    return spoken_name(name.rpartition("/")[2].removesuffix(":latest"))


def written(text: str, limit: int = MAX_WRITTEN_NAME) -> str:
    """Return foreign text for a notification: bounded, without markup, and with nothing to click."""
    return plain(_SCHEME.sub("", plain(text, 2 * limit)).translate(_INERT), limit)


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a name in small letters, without accents."""
    return tuple(_plain_letters(text).translate(_SPACED).split())


def compact(text: str) -> str:
    """Return a name so that all ways to write it are one: "Open WebUI", "open-webui", "open web ui"."""
    return _plain_letters(text).translate(_JOINED)


def _plain_letters(text: str) -> str:
    line = text[:_MAX_COMPARED].casefold()
    if line.isascii():
        return line
    return unicodedata.normalize("NFKD", line.translate(_UMLAUTS)).encode("ascii", "ignore").decode()
