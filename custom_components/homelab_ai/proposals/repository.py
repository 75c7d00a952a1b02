"""The files of a repository as text, what Kustomize makes of its folders, and edits of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
import posixpath
import re

from .refusal import RefusedError
from .yaml_text import Node, NodeKind, documents

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
YAML = (".yaml", ".yml")
_REMOTE = re.compile(r"://|^git@|\?ref=|^[\w.-]+\.[a-z]{2,}/")
_COMMENTED = re.compile(r"[ \t]*#[ \t]*-[ \t]+(['\"]?)(?P<entry>[^\s'\"#]+)\1[ \t]*(?:#.*)?\r?\n?")
MAX_WALKED = 5000
"""Folders and files that one path may include."""


@dataclass(frozen=True, slots=True)
class FileEdit:
    """What a file is before and after; None where it is not there. A rename is two edits."""

    path: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Repository:
    """Files by path. A text of None was not read: too large, no text, or kept secret (`*.sops.*`)."""

    files: Mapping[str, str | None]
    _parsed: dict[str, list[Node]] = field(default_factory=dict, repr=False)
    _folders: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for path in sorted(self.files):
            folder = path
            while folder:
                parent = posixpath.dirname(folder)
                names = self._folders.setdefault(parent, [])
                if (name := posixpath.basename(folder)) in names[-1:]:
                    break
                if name not in names:
                    names.append(name)
                folder = parent

    def is_folder(self, path: str) -> bool:
        """Return whether there is a folder; "" is the root."""
        return path in self._folders

    def names_in(self, folder: str) -> list[str]:
        """Return the names of the files and folders in a folder."""
        return self._folders.get(folder, [])

    def text(self, path: str) -> str:
        """Return the text of a file, empty where it was not read."""
        return self.files.get(path) or ""

    def documents(self, path: str) -> list[Node]:
        """Return the documents of a file; none where it is not understood."""
        if path not in self._parsed:
            try:
                self._parsed[path] = documents(self.text(path), path)
            except RefusedError:
                self._parsed[path] = []
        return self._parsed[path]

    def kustomization_in(self, folder: str) -> str | None:
        """Return the path of the kustomization.yaml in a folder, None without one."""
        names = self.names_in(folder)
        return next((join(folder, name) for name in KUSTOMIZATIONS if name in names), None)

    def with_edits(self, edits: list[FileEdit]) -> Repository:
        """Return the repository as it would be."""
        files = dict(self.files)
        for edit in edits:
            files.pop(edit.path, None)
        files |= {edit.path: edit.after for edit in edits if edit.after is not None}
        return Repository(files)


@dataclass(slots=True)
class Included:
    """What a folder makes: `files` by path with the namespace that their kustomization sets.

    `lists` are the kustomizations that were read, `broken` what they name that is not there.
    """

    files: dict[str, str] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    broken: list[tuple[str, str]] = field(default_factory=list)


def join(folder: str, name: str) -> str:
    """Return a path of the repository, normal; what leads out of it begins with "..".

    The root is "".
    """
    path = posixpath.normpath(posixpath.join(folder, name))
    return "" if path == "." else path.lstrip("/")


def included(repository: Repository, folder: str, *, recursive: bool = True) -> Included:
    """Return what Kustomize makes of a folder, or Flux of one without a kustomization.yaml.

    Source: fluxcd/pkg kustomize_generator.go: of a folder without one every .yaml and .yml is taken, and each
    folder below that has one as a whole. Argo CD takes those of the folder alone unless told to `recurse`.
    """
    result = Included()
    waiting = [(folder, "", False)]
    seen: set[str] = set()
    while waiting and len(seen) < MAX_WALKED:
        here, namespace, _ = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if (listing := repository.kustomization_in(here)) is not None:
            result.lists.add(listing)
            waiting += _listed(repository, here, listing, namespace, result)
            continue
        for name in repository.names_in(here):
            path = join(here, name)
            if path in repository.files:
                if name.endswith(YAML):
                    result.files.setdefault(path, namespace)
            elif recursive:
                waiting.append((path, namespace, True))
    return result


def _listed(
    repository: Repository, folder: str, listing: str, outer: str, result: Included
) -> Iterator[tuple[str, str, bool]]:
    root = next(iter(repository.documents(listing)), None)
    if root is None:
        result.broken.append((listing, ""))
        return
    # The outermost namespace wins: Kustomize applies transformers from the inside out.
    namespace = outer or root.text("namespace")
    for key in ("resources", "components", "bases"):
        for item in root.list(key):
            entry = item.value
            if item.kind is not NodeKind.SCALAR:
                continue
            path = join(folder, entry)
            if path in repository.files:
                result.files[path] = namespace
            elif repository.is_folder(path):
                yield path, namespace, False
            elif entry.startswith(".") or not _REMOTE.search(entry):
                result.broken.append((listing, entry))


def resources_of(repository: Repository, listing: str) -> Node | None:
    """Return the list of resources of a kustomization.yaml, None where it has none."""
    root = next(iter(repository.documents(listing)), None)
    return root.get("resources") if root is not None else None


def listed_at(folder: str, resources: Node, path: str) -> int | None:
    """Return the place of a path in a list of resources."""
    for index, item in enumerate(resources.children):
        if item.kind is NodeKind.SCALAR and join(folder, item.value) == path:
            return index
    return None


def commented_at(text: str, folder: str, path: str) -> int | None:
    """Return the line, from 0, of a commented-out item that names a path."""
    for number, row in enumerate(text.splitlines(keepends=True)):
        match = _COMMENTED.fullmatch(row)
        if match and join(folder, match["entry"]) == path:
            return number
    return None


def name_of(path: str) -> str:
    """Return the name of a file without its ending."""
    return PurePosixPath(path).stem
