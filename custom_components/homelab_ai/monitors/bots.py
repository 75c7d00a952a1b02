"""The pull requests of bots that keep versions new: whose they are, and how large the step is.

Sources: Renovate's "Configuration Options" (`branchPrefix`, `commitMessageExtra`, table of a pull request)
and its preset for labels; GitHub's "About Dependabot version updates".
"""

from collections.abc import Iterator
from dataclasses import dataclass
import re

from ..api.forge.pull_request import PullRequest

_BOTS = ("renovate", "dependabot")
_NAME = re.compile(r"(?:self-hosted-)?(renovate|dependabot)(?:-bot|-preview)?(?:\[bot\])?", re.IGNORECASE)
_MAJOR_LABELS = frozenset(("major", "type/major", "update/major", "semver-major", "semver:major"))
_BREAKING = re.compile(r"\w{1,20}(?:\([^()]{0,80}\))?!:")
_VERSION = r"[`\"']?v?(\d{1,6})(?:\.[\w.+-]{0,60}+)?[`\"']?"
_STEP = re.compile(
    rf"{_VERSION}\s{{0,3}}(?:→|->|➔|➜|=>)\s{{0,3}}{_VERSION}(?![\w.])"
    rf"|\bfrom {_VERSION} to {_VERSION}(?![\w.])"
)
# Renovate names the whole version of any step but a major one.
_TO_MAJOR = re.compile(r"\bto v?\d{1,6}$")


@dataclass(frozen=True, slots=True)
class Update:
    """What a bot wants to be newer; `major` where the first number of a version changes."""

    bot: str
    major: bool


def update_of(pull_request: PullRequest) -> Update | None:
    """Return the update that a pull request is, None where no bot opened it.

    Bots of one's own have names of their own: their branches tell them.
    """
    if pull_request.ours:
        return None
    name = _NAME.fullmatch(pull_request.author)
    folder = pull_request.head.partition("/")[0].casefold()
    bot = name[1].casefold() if name else folder if folder in _BOTS and "/" in pull_request.head else None
    return None if bot is None else Update(bot, _is_major(pull_request))


def _is_major(pull_request: PullRequest) -> bool:
    labels = {label.casefold() for label in pull_request.labels}
    if labels & _MAJOR_LABELS or _BREAKING.match(pull_request.title):
        return True
    if pull_request.head.startswith("renovate/major-"):
        return True
    steps = list(_steps(pull_request))
    return any(before != after for before, after in steps) or bool(
        not steps and _TO_MAJOR.search(pull_request.title)
    )


def _steps(pull_request: PullRequest) -> Iterator[tuple[int, int]]:
    """Yield the first numbers of the versions between which it steps, as title and table say."""
    for text in (pull_request.title, *pull_request.body.splitlines()[:40]):
        if text is not pull_request.title and not text.startswith("|"):
            continue
        yield from ((int(step[1] or step[3]), int(step[2] or step[4])) for step in _STEP.finditer(text))
