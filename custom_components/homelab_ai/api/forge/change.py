"""What a proposal changes in a repository, and which paths it may touch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import re

MAX_FILES = 20
"""Files of one proposal."""
MAX_FILE = 1024**2
"""Bytes of one file."""

# No control character, no backslash, no wildcard; forges differ in what they make of these.
_SEGMENT = re.compile(r"[\w@+=,~() .-]+")
# What a forge runs, and what decides who reviews or merges: bots and owners of code among it.
_PIPELINE = re.compile(
    r"\.(?:woodpecker|drone|circleci|buildkite|travis|tekton|cirrus|appveyor|semaphore)(?:\.ya?ml)?"
    r"|(?:azure|bitbucket)-pipelines\.ya?ml|Jenkinsfile|CODEOWNERS"
    r"|\.mergify(?:\.ya?ml)?|dependabot\.ya?ml",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\.(?:sops|enc)(?:\.|$)|(?:^|\.)(?:agekey|pem|key|kubeconfig|env|p12|pfx)$|^\.env(?:\.|$)"
    r"|^id_(?:rsa|ed25519|ecdsa)",
    re.IGNORECASE,
)


class PathError(ValueError):
    """A path that no proposal may touch; its text says why."""


@dataclass(frozen=True, slots=True)
class Create:
    """A new file. `text` is stored as UTF-8, as it is."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Update:
    """A file with other content; `sha` is the blob that it had when it was read."""

    path: str
    text: str
    sha: str
    executable: bool = False
    """As it was: some forges would lose it."""


@dataclass(frozen=True, slots=True)
class Delete:
    """A file that goes; `sha` is the blob that it had when it was read."""

    path: str
    sha: str


type Change = Create | Update | Delete
"""A file that is renamed is deleted and created in one commit: every forge shows that as renamed."""


def check_changes(changes: Sequence[Change], allowed: Iterable[str]) -> None:
    """Raise PathError unless every change is of a path that a proposal may touch, and of bounded size.

    `allowed` are the folders (or files) below which anything may be changed; "" is the whole repository.
    """
    allowed = tuple(allowed)
    if not 0 < len(changes) <= MAX_FILES:
        raise PathError(f"a proposal changes 1 to {MAX_FILES} files, not {len(changes)}")
    if len({change.path.casefold() for change in changes}) != len(changes):
        raise PathError("a file is changed twice")
    for change in changes:
        check_path(change.path, allowed)
        if not isinstance(change, Delete) and len(change.text.encode()) > MAX_FILE:
            raise PathError(f"{change.path} is larger than {MAX_FILE} bytes")


def check_path(path: str, allowed: Iterable[str]) -> None:
    """Raise PathError unless a proposal may touch this path."""
    segments = path.split("/")
    for segment in segments:
        if not _SEGMENT.fullmatch(segment) or segment in (".", "..") or segment != segment.strip():
            raise PathError(f"{path!r} is no path within a repository")
    # Git's own files, their short name on Windows, and the workflows of GitHub, Gitea and GitLab.
    if any(segment.casefold().startswith((".git", "git~", ".forgejo")) for segment in segments):
        raise PathError(f"{path} belongs to Git or the forge")
    if any(_PIPELINE.fullmatch(segment) for segment in segments):
        raise PathError(f"{path} is run by the forge")
    if _SECRET.search(segments[-1]):
        raise PathError(f"{path} holds secrets")
    if not is_under(path, allowed):
        raise PathError(f"{path} is outside of the paths where changes are allowed")


def is_under(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of the folders (or files), or in one of them; "" is the root."""
    shortened = [folder.strip("/") for folder in folders]
    return any(not folder or path == folder or path.startswith(f"{folder}/") for folder in shortened)
