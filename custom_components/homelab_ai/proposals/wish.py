"""A wish in a form: which change of which apps; and the plan that code makes of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .adding import add, manifest, terraform
from .fields import choose, fields_of, set_field
from .graph import Graph, Key
from .plan import Change, Plan
from .refusal import Reason, RefusedError
from .switching import Backups, disable, enable, suspend

_VERSION_WORDS = ("version", "tag")
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for. Which parts it needs depends on the change; what it does not need is empty."""

    change: Change
    apps: tuple[str, ...] = ()
    field: str = ""
    value: str = ""
    template: str = ""
    values: Mapping[str, str] = _NONE
    file: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the repository: Kustomizations from elsewhere, and backups."""

    elsewhere: Collection[Key] = frozenset()
    backups: Backups = lambda _: None


def plan_of(graph: Graph, wish: Wish, around: Surroundings) -> Plan:
    """Return the plan for a wish. Raises RefusedError."""
    if wish.change is Change.TERRAFORM:
        return terraform(graph.repository.files, wish.file, wish.content)
    if not wish.apps:
        raise RefusedError(Reason.REQUEST)
    if wish.change is Change.ENABLE:
        return enable(graph, wish.apps, around.elsewhere)
    if wish.change is Change.DISABLE:
        return disable(graph, wish.apps, around.backups)
    if len(wish.apps) != 1:
        raise RefusedError(Reason.APP_UNKNOWN, app=", ".join(wish.apps)[:60], known="")
    return _of_one(graph, wish, wish.apps[0])


def _of_one(graph: Graph, wish: Wish, name: str) -> Plan:
    if wish.change in (Change.SUSPEND, Change.RESUME):
        return suspend(graph, name, resume=wish.change is Change.RESUME)
    app = graph.named(name)
    if wish.change is Change.ADD:
        return add(graph, app, wish.template, wish.values)
    if wish.change is Change.MANIFEST:
        return manifest(graph, app, wish.file, wish.content)
    chosen = choose(fields_of(graph, app), wish.field, app.name)
    return set_field(graph, app, chosen, wish.value, is_version=wish.field in _VERSION_WORDS)
