"""What a repository delivers: the apps of Flux or Argo CD, which of them are active, and what needs what."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
import posixpath
import re

from .refusal import Reason, RefusedError
from .repository import YAML, Included, Repository, included, join
from .yaml_text import Node

_OFF = (".dis", ".bak", ".disabled", ".off", ".old")
_GITOPS = re.compile(r"apiVersion:[ \t]*['\"]?(?:kustomize\.toolkit\.fluxcd\.io|argoproj\.io)/")
_SUBSTITUTED = re.compile(r"\$\{(\w+)(?::[=-]([^}]*))?\}")
DEFAULT_NAMESPACE = "flux-system"
type Key = tuple[str, str]
"""Namespace and name."""


class Tool(StrEnum):
    """What delivers an app."""

    FLUX = "flux"
    ARGO = "argo"


@dataclass(frozen=True, slots=True)
class App:
    """One Flux Kustomization or Argo CD Application, as document number `document` of a file describes it.

    `path` is the folder that it delivers, None where it comes from elsewhere. `unclear` is a `Reason` why
    nothing of it is changed.
    """

    tool: Tool
    name: str
    namespace: str
    file: str
    document: int
    path: str | None
    source: str
    depends_on: tuple[Key, ...] = ()
    suspended: bool = False
    prune: bool = False
    recursive: bool = True
    active: bool = False
    is_root: bool = False
    unclear: Reason | None = None
    substitutes: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> Key:
        """Return what others depend on it by."""
        return self.namespace, self.name

    @property
    def place(self) -> tuple[str, int]:
        """Return where it is described."""
        return self.file, self.document

    @property
    def label(self) -> str:
        """Return the name to tell it by."""
        return f"{self.namespace}/{self.name}"


@dataclass(slots=True)
class Graph:
    """The apps of a repository. `lists` are the kustomizations that are in force."""

    repository: Repository
    apps: tuple[App, ...]
    lists: frozenset[str]
    """The kustomizations that a root reaches."""
    broken: tuple[tuple[str, str], ...]
    """Entries of these that name nothing."""
    folders: frozenset[str]
    """Folders that roots include without a list."""
    roots: tuple[str, ...] = ()
    """Paths that are known to be delivered from outside of the repository."""

    def named(self, name: str) -> App:
        """Return the app of this name, active before not. Raises RefusedError."""
        matches = _matches(self.apps, name)
        if not matches:
            close = ", ".join(sorted({app.name for app in self.apps if not app.is_root})[:8])
            raise RefusedError(Reason.APP_UNKNOWN, app=name[:60], known=close)
        if len({app.key for app in matches}) > 1:
            labels = ", ".join(sorted({app.label for app in matches})[:8])
            raise RefusedError(Reason.APP_AMBIGUOUS, app=name[:60], known=labels)
        if len(places := sorted({app.file for app in matches if app.active})) > 1:
            raise RefusedError(Reason.APP_AMBIGUOUS, app=name[:60], known=", ".join(places[:8]))
        return next((app for app in matches if app.active), min(matches, key=_likeliness))

    def of(self, key: Key) -> App | None:
        """Return the app that others know by this key."""
        matches = [app for app in self.apps if app.key == key]
        return next((app for app in matches if app.active), min(matches, key=_likeliness, default=None))

    def labels_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the apps of these names as a cluster knows them, each with its namespace."""
        labels = [app.label for name in names for app in self.apps if app.name == name and not app.is_root]
        return tuple(dict.fromkeys(labels))

    def in_file(self, path: str) -> list[App]:
        """Return the apps of a file."""
        return [app for app in self.apps if app.file == path]

    def dependents(self, keys: Collection[Key]) -> list[App]:
        """Return the active apps that depend on one of these."""
        return [app for app in self.apps if app.active and set(app.depends_on) & set(keys)]

    def files_of(self, app: App) -> Included:
        """Return what an app delivers from this repository."""
        if app.path is None:
            return Included()
        return included(self.repository, app.path, recursive=app.recursive)

    def can_be_enabled(self) -> list[App]:
        """Return the apps that are not active."""
        return [app for app in self.apps if not app.active and self.of(app.key) is app]


def _likeliness(app: App) -> tuple[bool, bool, str]:
    return app.file.startswith(("archive/", "old/")), not app.file.endswith(YAML), app.file


def compact(name: str) -> str:
    """Return what two names have in common that people take for one: "Open WebUI" and "open-webui"."""
    return re.sub(r"[\W_]+", "", name.casefold())


def _matches(apps: Iterable[App], name: str) -> list[App]:
    apps = [app for app in apps if not app.is_root]
    if matches := [app for app in apps if name in (app.label, app.name)]:
        return matches
    wanted = compact(name)
    return [app for app in apps if wanted and wanted in (compact(app.name), compact(app.label))]


def build(repository: Repository, roots: Collection[str] = ()) -> Graph:
    """Return what a repository delivers. Raises RefusedError for a layout that is not understood.

    `roots` are the paths that are known to be delivered from outside of the repository; what the repository
    says of itself is found without them.
    """
    described = list(_described(repository))
    if not described:
        raise RefusedError(Reason.NO_ROOT)
    reached = _reach(repository, described, [join("", root) for root in roots])
    apps = tuple(_settled(repository, app, reached) for app in described)
    return Graph(
        repository,
        apps,
        frozenset(reached.lists),
        tuple(reached.broken),
        frozenset(reached.folders),
        tuple(roots),
    )


def _described(repository: Repository) -> Iterator[App]:
    """Yield the apps of all files, active or not."""
    has_set = False
    for path in sorted(repository.files):
        if not path.endswith((*YAML, *_OFF)) or not _GITOPS.search(repository.text(path)):
            continue
        for number, root in enumerate(repository.documents(path)):
            kind, group = root.text("kind"), root.text("apiVersion").partition("/")[0]
            has_set |= (kind, group) == ("ApplicationSet", "argoproj.io")
            if (kind, group) == ("Kustomization", "kustomize.toolkit.fluxcd.io"):
                yield _flux(path, number, root)
            if (kind, group) == ("Application", "argoproj.io"):
                yield from _argo(path, number, root)
    if has_set:
        raise RefusedError(Reason.APPLICATION_SET)


def _flux(path: str, number: int, root: Node) -> App:
    substitutes = {}
    if (values := root.get("spec", "postBuild", "substitute")) is not None:
        substitutes = {key: child.value for key, child in values.items()}
    namespace = root.text("metadata", "namespace")
    source = root.get("spec", "sourceRef")
    return App(
        Tool.FLUX,
        root.text("metadata", "name"),
        namespace,
        path,
        number,
        join("", root.text("spec", "path") or "."),
        f"{source.text('kind')}/{source.text('name')}" if source else "",
        tuple((other.text("namespace"), other.text("name")) for other in root.list("spec", "dependsOn")),
        suspended=root.text("spec", "suspend") == "true",
        prune=root.text("spec", "prune") == "true",
        substitutes=substitutes,
    )


def _argo(path: str, number: int, root: Node) -> Iterator[App]:
    where = root.text("spec", "source", "path")
    helm = bool(root.text("spec", "source", "chart"))
    yield App(
        Tool.ARGO,
        root.text("metadata", "name"),
        root.text("metadata", "namespace") or "argocd",
        path,
        number,
        None if helm or not where else join("", where),
        root.text("spec", "source", "repoURL"),
        prune=any("resources-finalizer" in other.value for other in root.list("metadata", "finalizers")),
        recursive=root.text("spec", "source", "directory", "recurse") == "true",
    )


@dataclass(slots=True)
class _Reached:
    """What roots include: `namespaces` by file, `values` that are substituted in it."""

    roots: set[tuple[str, int]] = field(default_factory=set)
    namespaces: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    broken: list[tuple[str, str]] = field(default_factory=list)


def _reach(repository: Repository, described: list[App], known: list[str]) -> _Reached:
    """Return what is in force, from the apps that nothing includes but themselves and that include others."""
    live = [app for app in described if app.file.endswith(YAML)]
    files = {app.file for app in live}
    within = {
        (app.file, app.document): set(included(repository, app.path, recursive=app.recursive).files) & files
        for app in live
        if app.path is not None
    }
    roots = [app for app in live if _is_root(app, live, within)]
    reached = _Reached(roots={(app.file, app.document) for app in roots})
    for path in known:
        if repository.is_folder(path):
            _take(reached, repository, path, {}, recursive=True)
    if not roots and not reached.namespaces:
        helm = any(repository.files.get(join(app.path or "", "Chart.yaml")) for app in live)
        raise RefusedError(Reason.HELM_OF_APPS if helm else Reason.NO_ROOT)
    _spread(reached, repository, described, roots)
    return reached


def _is_root(app: App, live: list[App], within: Mapping[tuple[str, int], set[str]]) -> bool:
    files = within.get((app.file, app.document), set())
    if not files - {app.file}:
        return False
    return not any(
        app.file in within.get((other.file, other.document), ())
        for other in live
        if other is not app and other.file != app.file and other.file not in files
    )


def _spread(reached: _Reached, repository: Repository, described: list[App], roots: list[App]) -> None:
    """Take what the roots deliver, then what the apps in that deliver, until nothing is new."""
    by_file: dict[str, list[App]] = {}
    for app in described:
        by_file.setdefault(app.file, []).append(app)
    waiting = list(roots)
    done: set[tuple[str, int]] = set()
    waiting += [app for path in reached.namespaces for app in by_file.get(path, ())]
    sources = {app.source for app in roots}
    while waiting:
        app = waiting.pop()
        values = {**reached.values.get(app.file, {})}
        path = _with_values(app.path or "", values)
        if app.place in done or app.path is None or "${" in path:
            continue
        done.add(app.place)
        if sources and app.source not in sources:
            continue
        before = set(reached.namespaces)
        _take(reached, repository, path, {**values, **app.substitutes}, recursive=app.recursive)
        new = set(reached.namespaces) - before
        waiting += [other for file in new for other in by_file.get(file, ())]


def _take(
    reached: _Reached, repository: Repository, path: str, values: dict[str, str], *, recursive: bool
) -> None:
    result = included(repository, path, recursive=recursive)
    for file, namespace in result.files.items():
        reached.namespaces.setdefault(file, namespace)
        reached.values.setdefault(file, values)
    reached.lists |= result.lists
    reached.broken += [other for other in result.broken if other not in reached.broken]
    if not result.lists or repository.kustomization_in(path) is None:
        reached.folders.add(path)


def _with_values(text: str, values: Mapping[str, str]) -> str:
    return _SUBSTITUTED.sub(lambda match: values.get(match[1], match[2] or match[0]), text)


def _settled(repository: Repository, app: App, reached: _Reached) -> App:
    """Return an app with what only its place says: whether it is active, and its namespace."""
    active = app.file in reached.namespaces
    is_root = (app.file, app.document) in reached.roots
    values = reached.values.get(app.file, {})
    namespace = _with_values(app.namespace, values) or reached.namespaces.get(app.file, "")
    namespace = namespace or _namespace_around(repository, app) or DEFAULT_NAMESPACE
    name = _with_values(app.name, values)
    path = None if app.path is None else _with_values(app.path, values)
    depends = tuple(
        (_with_values(where, values) or namespace, _with_values(what, values))
        for where, what in app.depends_on
    )
    unclear = any("${" in other for pair in ((name, path or ""), *depends) for other in pair)
    return replace(
        app,
        name=name,
        namespace=namespace,
        path=path,
        depends_on=depends,
        active=active or is_root,
        is_root=is_root,
        unclear=Reason.SUBSTITUTION if unclear else None,
    )


def _namespace_around(repository: Repository, app: App) -> str:
    """Return the namespace that the list sets which an app that is not active would belong to."""
    for start in (home_of(app), posixpath.dirname(app.file)):
        folder = start
        while folder:
            listing = repository.kustomization_in(folder)
            roots = repository.documents(listing) if listing else []
            if roots and (namespace := roots[0].text("namespace")):
                return namespace
            folder = posixpath.dirname(folder)
    return ""


def home_of(app: App) -> str:
    """Return the folder that the file of an app belongs in: its own, unless that is an archive."""
    folder = posixpath.dirname(app.file)
    parts = folder.split("/")
    if app.path and parts[0].casefold() in ("archive", "archived", "old", "disabled", "attic"):
        return posixpath.dirname(app.path)
    return folder


def switched_name(path: str) -> str:
    """Return the name that a file has when it is in force: "ks.dis" and "ks.yaml.bak" are "ks.yaml" then."""
    name = posixpath.basename(path)
    for ending in _OFF:
        name = name.removesuffix(ending)
    return name if name.endswith(YAML) else f"{name}.yaml"


def off_ending(repository: Repository) -> str:
    """Return the ending by which this repository switches files off, ".dis" where it never did."""
    counts = {ending: sum(path.endswith(f"ks{ending}") for path in repository.files) for ending in _OFF}
    best = max(counts, key=lambda ending: counts[ending])
    return best if counts[best] else ".dis"


def in_order(apps: Iterable[App]) -> list[App]:
    """Return apps with what each depends on before it. Raises RefusedError for a circle."""
    by_key = {app.key: app for app in apps}
    ordered: list[App] = []
    left = dict(sorted(by_key.items()))
    while left:
        ready = [key for key, app in left.items() if not set(app.depends_on) & left.keys() - {key}]
        ready = [key for key in ready if key not in left[key].depends_on]
        if not ready:
            raise RefusedError(Reason.DEPENDENCY_CYCLE, apps=", ".join(app.name for app in left.values()))
        ordered += [left.pop(key) for key in ready]
    return ordered
