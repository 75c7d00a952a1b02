"""Apps on and off: the file and the line that names it in one commit, with what they need and what goes."""

from collections.abc import Callable, Collection, Iterable, Iterator
import posixpath

from .consequences import of_disabling, of_enabling
from .graph import App, Graph, Key, Tool, home_of, in_order, off_ending, switched_name
from .plan import Change, Consequence, Effect, Plan, Step, merged
from .refusal import Reason, RefusedError
from .repository import FileEdit, Repository, commented_at, join, listed_at, resources_of
from .splice import add_item, add_key, comment_item, set_scalar, uncomment_item
from .yaml_text import NodeKind

type Backups = Callable[[str], str | None]
"""When the claims of a namespace were backed up last, as text; None where nothing is known of it."""


def enable(graph: Graph, names: Iterable[str], elsewhere: Collection[Key] = ()) -> Plan:
    """Return what enables apps and all that they depend on. Raises RefusedError.

    `elsewhere` are Kustomizations that the cluster has from other places than this repository.
    """
    wanted = [_changeable(graph.named(name)) for name in names]
    if off := [app for app in wanted if not app.active]:
        apps = _with_dependencies(graph, off, elsewhere)
    else:
        raise RefusedError(Reason.ALREADY, app=wanted[0].name)
    repository, edits, steps = graph.repository, list[FileEdit](), list[Step]()
    for file in dict.fromkeys(app.file for app in apps):
        new = list(_switch_on(graph, repository, next(app for app in apps if app.file == file)))
        repository = repository.with_edits(new)
        edits += new
        steps += [Step(app.name, "enabled", "off", "on", _target(app)) for app in apps if app.file == file]
    effects = [Effect(Consequence.ALSO, app.name) for app in apps if app not in wanted]
    for app in apps:
        effects += of_enabling(graph, app, apps)
    order = tuple(app.name for app in apps)
    named = [app.name for app in off]
    names_first = (*named, *(name for name in order if name not in named))
    return Plan(
        Change.ENABLE, names_first, merged(edits), tuple(steps), tuple(dict.fromkeys(effects)), order=order
    )


def disable(graph: Graph, names: Iterable[str], backups: Backups = lambda _: None) -> Plan:
    """Return what disables apps. Raises RefusedError while another active app depends on one of them."""
    wanted = [_changeable(graph.named(name)) for name in names]
    if any(not app.active for app in wanted):
        raise RefusedError(Reason.ALREADY, app=next(app.name for app in wanted if not app.active))
    if roots := [app.name for app in wanted for other in graph.in_file(app.file) if other.is_root]:
        raise RefusedError(Reason.ROOT, app=roots[0])
    apps = [other for file in dict.fromkeys(app.file for app in wanted) for other in graph.in_file(file)]
    keys = {app.key for app in apps}
    if needing := [app.name for app in graph.dependents(keys) if app.key not in keys]:
        raise RefusedError(Reason.NEEDED, app=wanted[0].name, by=", ".join(needing[:8]))
    ending, repository, edits = off_ending(graph.repository), graph.repository, list[FileEdit]()
    for file in dict.fromkeys(app.file for app in apps):
        new = list(_switch_off(graph, repository, file, ending))
        repository = repository.with_edits(new)
        edits += new
    effects = [Effect(Consequence.COULD_SUSPEND, app.name) for app in wanted if app.tool is Tool.FLUX]
    effects += [Effect(Consequence.ALSO, app.name) for app in apps if app not in wanted]
    for app in apps:
        effects += of_disabling(graph, app, backups(app.namespace))
    order = [app.name for app in reversed(in_order(apps))]
    steps = [Step(app.name, "enabled", "on", "off", app.file) for app in reversed(in_order(apps))]
    named = [app.name for app in wanted]
    return Plan(
        Change.DISABLE,
        (*named, *(name for name in order if name not in named)),
        merged(edits),
        tuple(steps),
        tuple(dict.fromkeys(effects)),
        order=tuple(order),
    )


def suspend(graph: Graph, name: str, *, resume: bool = False) -> Plan:
    """Return what lets Flux leave an app as it is, or look after it again. Raises RefusedError."""
    app = _changeable(graph.named(name))
    if app.tool is not Tool.FLUX:
        raise RefusedError(Reason.NO_SUSPEND, app=app.name)
    if app.is_root:
        raise RefusedError(Reason.ROOT, app=app.name)
    if app.suspended is not resume:
        raise RefusedError(Reason.ALREADY, app=app.name)
    text = graph.repository.text(app.file)
    root = graph.repository.documents(app.file)[app.document]
    spec, present = root.get("spec"), root.get("spec", "suspend")
    value = "false" if resume else "true"
    if spec is None:
        raise RefusedError(Reason.EMPTY, path=app.file)
    if present is not None:
        changed = set_scalar(text, app.document, present, value, key="suspend", name=app.file)
    else:
        changed = add_key(text, app.document, spec, "suspend", value, name=app.file)
    edits = (FileEdit(app.file, text, changed),)
    before = present.value if present is not None else "–"
    steps = (Step(app.name, "spec.suspend", before, value, app.file),)
    return Plan(Change.RESUME if resume else Change.SUSPEND, (app.name,), edits, steps)


def _changeable(app: App) -> App:
    if app.unclear is not None:
        raise RefusedError(app.unclear, app=app.name, path=app.file)
    return app


def _with_dependencies(graph: Graph, wanted: list[App], elsewhere: Collection[Key]) -> list[App]:
    """Return apps that are off with those that they need and that share their files, in order."""
    known: dict[Key, App] = {}
    waiting = list(wanted)
    while waiting:
        app = _changeable(waiting.pop())
        if app.key in known:
            continue
        known[app.key] = app
        waiting += [other for other in graph.in_file(app.file) if other.key not in known]
        for key in app.depends_on:
            needed = graph.of(key)
            if needed is None:
                if key not in elsewhere:
                    raise RefusedError(Reason.DEPENDENCY_MISSING, app=app.name, needs="/".join(key))
            elif not needed.active:
                waiting.append(needed)
    return in_order(known.values())


def _target(app: App) -> str:
    return join(home_of(app), switched_name(app.file))


def _switch_on(graph: Graph, repository: Repository, app: App) -> Iterator[FileEdit]:
    """Yield the edits that bring the file of an app into force."""
    target = _target(app)
    for item in graph.in_file(app.file):
        if item.path is not None and not repository.is_folder(item.path) and not _is_elsewhere(graph, item):
            raise RefusedError(Reason.PATH_MISSING, app=item.name, path=item.path)
        if (other := graph.of(item.key)) is not None and other.active and other.file != app.file:
            raise RefusedError(Reason.NAME_TAKEN, app=item.name, path=other.file)
    if target != app.file:
        if target in repository.files:
            raise RefusedError(Reason.NAME_TAKEN, app=app.name, path=target)
        text = repository.text(app.file)
        yield FileEdit(app.file, text, None)
        yield FileEdit(target, None, text)
    yield from _list(graph, repository, app, target)


def _is_elsewhere(graph: Graph, app: App) -> bool:
    """Return whether what an app delivers is in another repository."""
    sources = {root.source for root in graph.apps if root.is_root}
    return bool(sources) and app.source not in sources


def _list(graph: Graph, repository: Repository, app: App, target: str) -> Iterator[FileEdit]:
    """Yield the edit that names a file in the list around it, where there is a list."""
    holder, folder = _holder(graph, repository, posixpath.dirname(target), app)
    if holder is None:
        return
    resources, text = resources_of(repository, holder), repository.text(holder)
    if resources is None or resources.kind is not NodeKind.SEQUENCE:
        raise RefusedError(Reason.LIST_NOT_UNDERSTOOD, path=holder)
    if listed_at(folder, resources, target) is not None:
        return
    if (row := commented_at(text, folder, target)) is not None:
        yield FileEdit(holder, text, uncomment_item(text, row, resources, holder))
        return
    dotted = any(child.value.startswith("./") for child in resources.children)
    entry = ("./" if dotted else "") + posixpath.relpath(target, folder or ".")
    yield FileEdit(holder, text, add_item(text, resources, entry, holder))


def _holder(graph: Graph, repository: Repository, folder: str, app: App) -> tuple[str | None, str]:
    """Return the list that decides on files in a folder, None where the folder alone decides."""
    while True:
        if (listing := repository.kustomization_in(folder)) is not None:
            if listing not in graph.lists:
                raise RefusedError(Reason.NAMESPACE_OFF, app=app.name, path=listing)
            return listing, folder
        if folder in graph.folders:
            return None, folder
        if not folder:
            raise RefusedError(Reason.NAMESPACE_OFF, app=app.name, path=app.file)
        folder = posixpath.dirname(folder)


def _switch_off(graph: Graph, repository: Repository, file: str, ending: str) -> Iterator[FileEdit]:
    """Yield the edits that take a file out of force: its line is commented out, the file renamed."""
    app, target = graph.in_file(file)[0], f"{file.rpartition('.')[0]}{ending}"
    holder, folder = _holder(graph, repository, posixpath.dirname(file), app)
    if holder is not None:
        resources, text = resources_of(repository, holder), repository.text(holder)
        index = listed_at(folder, resources, file) if resources is not None else None
        if resources is None or index is None:
            raise RefusedError(Reason.LIST_NOT_UNDERSTOOD, path=holder)
        if len(resources.children) == 1:
            raise RefusedError(Reason.LAST_ENTRY, path=holder, app=app.name)
        yield FileEdit(holder, text, comment_item(text, resources, index, holder))
    if target in repository.files:
        raise RefusedError(Reason.NAME_TAKEN, app=app.name, path=target)
    text = repository.text(file)
    yield FileEdit(file, text, None)
    yield FileEdit(target, None, text)
