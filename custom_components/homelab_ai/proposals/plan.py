"""A plan: what a change does to which files, in which order, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .repository import FileEdit


class Change(StrEnum):
    """What a person may ask for."""

    ENABLE = "enable"
    DISABLE = "disable"
    SUSPEND = "suspend"
    RESUME = "resume"
    SET = "set"
    ADD = "add"
    MANIFEST = "manifest"
    TERRAFORM = "terraform"


class Consequence(StrEnum):
    """What follows from a change; each has its words in each language."""

    ALSO = "also"
    """Another app is switched with it: it is in the same file, or needed."""
    DELETES = "deletes"
    """A claim goes with the app."""
    DELETES_ALL = "deletes_all"
    """Everything that the app made goes with it."""
    NO_BACKUP = "no_backup"
    LAST_BACKUP = "last_backup"
    COULD_SUSPEND = "could_suspend"
    NEEDS = "needs"
    """Something that no manifest states as a dependency: a secret, a storage class, another service."""
    NEEDS_OFF = "needs_off"
    """It speaks to an app that is off."""
    NEEDS_SUSPENDED = "needs_suspended"
    CHART = "chart"
    """What changes is the version of the chart, which is not that of the app."""
    DIGEST = "digest"
    """An image was pinned to a digest and is no longer."""
    UNVERIFIED = "unverified"
    """A model wrote it."""
    NOT_VALIDATED = "not_validated"
    EXPOSED = "exposed"


@dataclass(frozen=True, slots=True)
class Effect:
    """A consequence of a change for what is named; `detail` is a time, a file or the like."""

    kind: Consequence
    name: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that changes: of `app`, what was `before` and will be `after`, in a file."""

    app: str
    what: str
    before: str
    after: str
    file: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A change as a whole: `steps` in the order in which they come into force."""

    change: Change
    apps: tuple[str, ...]
    """Those that a person named first, then those that come with them."""
    edits: tuple[FileEdit, ...]
    steps: tuple[Step, ...]
    effects: tuple[Effect, ...] = ()
    written_by_model: bool = False
    order: tuple[str, ...] = field(default=())
    """Apps in the order in which they start, where that matters."""


def merged(edits: Sequence[FileEdit]) -> tuple[FileEdit, ...]:
    """Return one edit for each file from edits that follow one another."""
    first: dict[str, str | None] = {}
    last: dict[str, str | None] = {}
    for edit in edits:
        first.setdefault(edit.path, edit.before)
        last[edit.path] = edit.after
    return tuple(FileEdit(path, first[path], last[path]) for path in first if first[path] != last[path])
