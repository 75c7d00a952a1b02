"""Pull requests, explained and counted in sentences; no model is asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
import re

from ..topology import Thing
from .english.pull_requests import PULL_REQUESTS as ENGLISH
from .german.pull_requests import PULL_REQUESTS as GERMAN
from .names import spoken_name
from .words import Language, language_of

_SENTENCES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "de": GERMAN}
_MOST_FOLDERS = 3
_FOLDER = re.compile(r"[\w.+-]{1,60}(?:/[\w.+-]{1,60})*")
_DEPTH = 4
"""Folders of a path that say where something is; what is deeper is the app's own business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestFacts:
    """What is known of one.

    `bot` is the name of the bot that wants an update. `state` is open, merged or closed; `checks` none,
    pending, ok, failed or unknown; `review` none, approved or changes. `paths` are those of its files.
    """

    author: str
    ours: bool = False
    bot: str | None = None
    major: bool = False
    state: str = "open"
    draft: bool = False
    merged_by: str | None = None
    checks: str = "unknown"
    failing: Sequence[str] = ()
    review: str = "none"
    paths: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many are open, and how many of them are ours, updates, failing, or to a major version."""

    open: int
    proposals: int = 0
    updates: int = 0
    failing: int = 0
    major: int = 0


def explained(facts: PullRequestFacts, language: str) -> str:
    """Return what a pull request is, in a few sentences."""
    words = language_of(language)
    return " ".join(_SENTENCES[words.tag][key].format(**values) for key, values in _parts(facts, words))


def counted(counts: Counts, language: str) -> str:
    """Return how many pull requests are open, and what they are, in a few sentences."""
    words = language_of(language)
    said = _SENTENCES[words.tag]
    if not counts.open:
        return said["none_open"]
    sentences = [
        said[f"{key}_one" if number == 1 else key].format(count=words.count(number))
        for key in ("open", "proposals", "updates", "failing", "major")
        if (number := getattr(counts, key))
    ]
    return " ".join(f"{text[:1].upper()}{text[1:]}" for text in sentences)


def risks_of(pull_requests: Iterable[Thing], language: str) -> list[str]:
    """Return how many pull requests fail their checks, or lead to a major version, a sentence each."""
    known = tuple(pull_requests)
    words = language_of(language)
    numbers = {
        "failing": sum(record.fact("checks") == "failed" for record in known),
        "major": sum(record.fact("major") is True for record in known),
    }
    said = _SENTENCES[words.tag]
    sentences = [
        said[f"{key}_one" if number == 1 else key].format(count=words.count(number))
        for key, number in numbers.items()
        if number
    ]
    return [f"{text[:1].upper()}{text[1:]}" for text in sentences]


def counted_things(pull_requests: Iterable[Thing], language: str) -> str | None:
    """Return the same of the things that pull requests are, None where there are none."""
    known = tuple(pull_requests)
    counts = Counts(
        open=len(known),
        proposals=sum(record.fact("ours") is True for record in known),
        updates=sum(record.fact("update") is not None for record in known),
        failing=sum(record.fact("checks") == "failed" for record in known),
        major=sum(record.fact("major") is True for record in known),
    )
    return counted(counts, language) if known else None


def _parts(facts: PullRequestFacts, words: Language) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the keys of the sentences in their order, with what stands in each."""
    yield _opened(facts)
    if facts.paths:
        yield _files(facts.paths, words)
    if facts.state == "merged":
        person = spoken_name(facts.merged_by or "")
        yield ("merged", {"person": person}) if person else ("merged_unknown", {})
        return
    if facts.state == "closed":
        yield "closed", {}
        return
    yield _checks(facts, words)
    if facts.review != "none":
        yield f"review_{facts.review}", {}
    if facts.draft:
        yield "draft", {}


def _opened(facts: PullRequestFacts) -> tuple[str, dict[str, str]]:
    if facts.ours:
        return "ours", {}
    if facts.bot is not None:
        return "update_major" if facts.major else "update", {"bot": facts.bot.title()}
    return "other", {"author": spoken_name(facts.author) or "?"}


def _files(paths: Sequence[str], words: Language) -> tuple[str, dict[str, str]]:
    folders = dict.fromkeys("/".join(path.split("/")[:-1][:_DEPTH]) for path in paths)
    # A path may be a sentence, or markup.
    named = [folder for folder in folders if _FOLDER.fullmatch(folder)]
    values = {"count": words.count(len(paths)), "folders": words.names(named[:_MOST_FOLDERS], len(named))}
    place = "" if named else "_root"
    return f"files{place}{'_one' if len(paths) == 1 else ''}", values


def _checks(facts: PullRequestFacts, words: Language) -> tuple[str, dict[str, str]]:
    names = [name for name in map(spoken_name, facts.failing) if name]
    if facts.checks == "failed" and names:
        return "checks_failing", {"names": words.names(names, len(names))}
    return f"checks_{facts.checks}", {}
