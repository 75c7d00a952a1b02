"""The scalars of an app that can be set: a list to choose from, for people and models alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
import re

from .graph import App, Graph
from .plan import Change, Consequence, Effect, Plan, Step
from .refusal import Reason, RefusedError
from .repository import FileEdit, Repository
from .splice import check_scalar, set_scalar
from .yaml_text import Node, NodeKind

MOST_FIELDS = 2000
_IMAGE = re.compile(r"(?P<name>[^\s@:]+(?::\d+/[^\s@:]+)?):(?P<tag>[\w.-]+)(?P<digest>@sha256:[0-9a-f]{64})?")
_TAG = re.compile(r"(?P<tag>[\w.-]+)(?P<digest>@sha256:[0-9a-f]{64})?")
_LOCKED = {"apiVersion", "kind", "name", "namespace", "prune", "deletionPolicy"}
"""Keys that say what an object is: to change them makes another object."""


@dataclass(frozen=True, slots=True)
class Field:
    """A scalar that can be set. `label` is its path: keys, and items of a list by their name."""

    file: str
    document: int
    object: str
    """Kind and name of the object that it is of."""
    path: tuple[str, ...]
    value: str

    @property
    def label(self) -> str:
        """Return the path as a person writes it; a part with a dot in it stands in brackets."""
        parts = (f"[{part}]" if "." in part else f".{part}" for part in self.path)
        return "".join(parts).removeprefix(".")

    @property
    def key(self) -> str:
        """Return the last part of the path."""
        return self.path[-1]


type _Row = tuple[str, ...]
WORDS: dict[str, tuple[_Row, ...]] = {
    "version": (("tag",), ("image",), ("spec", "ref", "tag"), ("spec", "chart", "spec", "version")),
    "tag": (("tag",), ("image",), ("spec", "ref", "tag")),
    "image": (("image",), ("repository",)),
    "chart": (("spec", "chart", "spec", "version"), ("spec", "ref", "tag"), ("spec", "ref", "semver")),
    "replicas": (("replicas",), ("replicaCount",)),
    "memory": (("limits", "memory"), ("requests", "memory")),
    "cpu": (("limits", "cpu"), ("requests", "cpu")),
    "schedule": (("schedule",), ("cron",)),
    "size": (("storage",), ("size",)),
}
"""What people say for the end of a path, the likeliest first."""
_CHARTS = {("spec", "chart", "spec", "version"), ("spec", "ref", "tag"), ("spec", "ref", "semver")}


def fields_of(graph: Graph, app: App) -> list[Field]:
    """Return what can be set of an app: in the document that describes it, and in what it delivers."""
    fields = list(_of_document(graph.repository, app.file, app.document))
    for path in sorted(graph.files_of(app).files):
        if path == app.file or graph.in_file(path):
            continue
        for number in range(len(graph.repository.documents(path))):
            fields += _of_document(graph.repository, path, number)
    return fields[:MOST_FIELDS]


def _of_document(repository: Repository, file: str, number: int) -> Iterator[Field]:
    root = repository.documents(file)[number]
    kind = root.text("kind")
    # Kustomize's own lists are changed by switching, what is kept secret never.
    if kind == "Secret" or root.text("sops", "version") or root.get("sops") is not None:
        return
    if not kind or root.text("apiVersion").startswith("kustomize.config"):
        return
    name = f"{kind}/{root.text('metadata', 'name')}"
    for path, _ in settable(root):
        if path[-1] not in _LOCKED and path[0] != "metadata":
            node = _at(root, path)
            yield Field(file, number, name, path, node.value)


def settable(root: Node) -> list[tuple[tuple[str, ...], Node]]:
    """Return the scalars of a document that can be replaced, by paths that name each once.

    What has an anchor or stands below one, blocks, and items that no name tells apart are left out.
    """
    found: list[tuple[tuple[str, ...], Node]] = []
    waiting: list[tuple[tuple[str, ...], Node]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        if node.anchor:
            continue
        if node.kind is NodeKind.SCALAR and path:
            if _is_settable(node):
                found.append((path, node))
        else:
            waiting += [((*path, part), child) for part, child in reversed(list(_parts(node)))]
    return found


def _parts(node: Node) -> Iterator[tuple[str, Node]]:
    if node.kind is NodeKind.MAPPING:
        yield from ((key, child) for key, child in node.items() if key != "<<")
        return
    names = [
        child.text("name") or (child.value if child.kind is NodeKind.SCALAR else "")
        for child in node.children
    ]
    yield from (
        (name, child)
        for name, child in zip(names, node.children, strict=True)
        if name and names.count(name) == 1
    )


def _is_settable(node: Node) -> bool:
    try:
        check_scalar(node)
    except RefusedError:
        return False
    return True


def _at(root: Node, path: tuple[str, ...]) -> Node:
    node = root
    for part in path:
        node = next(child for name, child in _parts(node) if name == part)
    return node


def choose(fields: list[Field], wanted: str, app: str = "") -> Field:
    """Return the field that a person means: a label, the end of one, or a word of `WORDS`.

    Raises RefusedError where there is none, or several that fit equally well.
    """
    exact = [field for field in fields if field.label == wanted]
    if len(exact) > 1:
        exact = [field for field in exact if field.object.startswith(("HelmRelease", "Deployment"))] or exact
    matches = exact or _by_word(fields, wanted) or _by_end(fields, wanted)
    if len(matches) == 1:
        return matches[0]
    if not matches:
        known = ", ".join(dict.fromkeys(field.label for field in fields))[:300]
        raise RefusedError(Reason.FIELD_UNKNOWN, field=wanted[:80], app=app, known=known)
    known = ", ".join(field.label for field in matches[:6])[:300]
    raise RefusedError(Reason.FIELD_AMBIGUOUS, field=wanted[:80], app=app, known=known)


def _by_word(fields: list[Field], wanted: str) -> list[Field]:
    for end in WORDS.get(wanted.casefold().strip(), ()):
        matches = [field for field in fields if _can_be(field, end)]
        # One image in two containers of the same value is still two places: the person has to say which.
        if matches:
            return matches
    return []


def _can_be(field: Field, end: _Row) -> bool:
    if field.path[-len(end) :] != end:
        return False
    # The tag of an OCIRepository and the version of a chart are told as what they are.
    is_chart = field.path in _CHARTS
    return is_chart == (end in _CHARTS) and (end != ("image",) or _IMAGE.fullmatch(field.value) is not None)


def _by_end(fields: list[Field], wanted: str) -> list[Field]:
    tail = f".{wanted}"
    return [field for field in fields if f".{field.label}".endswith(tail)]


def set_field(graph: Graph, app: App, field: Field, value: str, *, is_version: bool = False) -> Plan:
    """Return what gives a field another value. Raises RefusedError.

    Where a version is set of a whole image reference, only its tag changes.
    """
    if app.unclear is not None:
        raise RefusedError(app.unclear, app=app.name, path=app.file)
    new, effects = _new_value(field, value.strip(), is_version=is_version)
    if new == field.value:
        raise RefusedError(Reason.NOTHING_CHANGES, app=app.name, value=new[:60])
    if field.path in _CHARTS:
        effects.append(Effect(Consequence.CHART, app.name, new))
    text = graph.repository.text(field.file)
    node = _at(graph.repository.documents(field.file)[field.document], field.path)
    changed = set_scalar(text, field.document, node, new, key=field.key, name=field.file)
    edit = FileEdit(field.file, text, changed)
    step = Step(app.name, f"{field.object} {field.label}", field.value, new, field.file)
    return Plan(Change.SET, (app.name,), (edit,), (step,), tuple(effects))


def _new_value(field: Field, value: str, *, is_version: bool) -> tuple[str, list[Effect]]:
    """Return what stands there then, and what is lost by that."""
    match = (_IMAGE if field.key == "image" else _TAG).fullmatch(field.value)
    pinned = match is not None and match["digest"] is not None and "@" not in value
    effects = [Effect(Consequence.DIGEST, field.value[:60])] if pinned else []
    if field.key == "image" and is_version and match is not None:
        return f"{match['name']}:{value}", effects
    return value, effects


def labels(fields: Iterable[Field]) -> list[str]:
    """Return the labels that name exactly one field each."""
    names = [field.label for field in fields]
    return [name for name in names if names.count(name) == 1]
