"""The objects that a plan makes or changes, as a cluster would get them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .graph import App, Graph
from .plan import Change, Plan
from .refusal import RefusedError
from .schema import plain
from .yaml_text import Node, NodeKind, documents

_NOT_OF_CLUSTERS = "kustomize.config.k8s.io/"
MOST = 50


@dataclass(frozen=True, slots=True)
class PlannedObject:
    """An object as it will be; `before` is None where it is new."""

    api_version: str
    kind: str
    namespace: str
    name: str
    after: Mapping[str, Any] = field(repr=False)
    before: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """Return kind and name."""
        return f"{self.kind}/{self.name}"


def objects_of(graph: Graph, plan: Plan) -> tuple[PlannedObject, ...]:
    """Return the objects whose content is another one after a plan."""
    return tuple(_objects(graph, plan))[:MOST]


def _objects(graph: Graph, plan: Plan) -> Iterator[PlannedObject]:
    if plan.change is Change.TERRAFORM:
        return
    moved = {edit.before for edit in plan.edits if edit.after is None}
    for edit in plan.edits:
        # What only moves to another file is as it was.
        if edit.after is None or (edit.before is None and edit.after in moved):
            continue
        was = _roots(edit.before, edit.path) if edit.before is not None else []
        for number, root in enumerate(_roots(edit.after, edit.path)):
            before = was[number] if number < len(was) else None
            if root.kind is not NodeKind.MAPPING or not root.text("kind"):
                continue
            planned = _planned(graph, plan, root, before)
            if planned is not None and planned.before != planned.after:
                yield planned


def _planned(graph: Graph, plan: Plan, root: Node, before: Node | None) -> PlannedObject | None:
    api_version, name = root.text("apiVersion"), root.text("metadata", "name")
    if not api_version or not name or api_version.startswith(_NOT_OF_CLUSTERS):
        return None
    after, was = plain(root), plain(before) if before is not None else None
    if not isinstance(after, dict):
        return None
    namespace = root.text("metadata", "namespace") or _namespace(graph, plan)
    return PlannedObject(
        api_version, root.text("kind"), namespace, name, after, was if isinstance(was, dict) else None
    )


def _namespace(graph: Graph, plan: Plan) -> str:
    """Return where what an app delivers goes that does not say so itself."""
    try:
        app: App = graph.named(plan.apps[0])
    except RefusedError:
        return ""
    root = graph.repository.documents(app.file)[app.document]
    target = root.text("spec", "targetNamespace") or root.text("spec", "destination", "namespace")
    return target or next(filter(None, graph.files_of(app).files.values()), app.namespace)


def _roots(text: str, path: str) -> list[Node]:
    try:
        return documents(text, path)
    except RefusedError:
        return []
