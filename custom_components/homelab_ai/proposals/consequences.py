"""What follows from switching an app, as far as its files say."""

from collections.abc import Collection, Iterator
import re

from .graph import App, Graph
from .plan import Consequence, Effect
from .yaml_text import Node, NodeKind, walk

_KEEP = "helm.sh/resource-policy"
_HOST = re.compile(
    r"(?:https?://|\b)([a-z0-9][a-z0-9-]{1,62}+)(?:\.[a-z0-9-]{1,63}+\.svc[\w.]{0,80}+)?:\d{2,5}\b"
)
_SECRETS = {"secretRef", "secretKeyRef", "configMapRef", "configMapKeyRef"}
MOST_TOLD = 12


def of_enabling(graph: Graph, app: App, together: Collection[App]) -> list[Effect]:
    """Return what an app needs that no dependency states: to be looked at, not edited."""
    effects: list[Effect] = []
    for key in app.depends_on:
        needed = graph.of(key)
        if needed is not None and needed.active and needed.suspended:
            effects.append(Effect(Consequence.NEEDS_SUSPENDED, needed.name, app.name))
    hosts: set[str] = set()
    for path in graph.files_of(app).files:
        text = graph.repository.text(path)
        hosts |= {match[1] for match in _HOST.finditer(text)}
        for root in graph.repository.documents(path):
            effects += _named(root, app)
    coming = {other.name for other in together}
    for other in graph.can_be_enabled():
        if other.name in hosts and other.name not in coming:
            effects.append(Effect(Consequence.NEEDS_OFF, other.name, app.name))
    return list(dict.fromkeys(effects))[:MOST_TOLD]


def _named(root: Node, app: App) -> Iterator[Effect]:
    """Yield the secrets, settings and storage classes that a document names."""
    for node, _ in walk(root):
        for key, child in node.items() if node.kind is NodeKind.MAPPING else ():
            if key in _SECRETS and (name := child.text("name")):
                yield Effect(Consequence.NEEDS, name, app.name)
            if key == "storageClassName" or (key == "storageClass" and child.kind is NodeKind.SCALAR):
                yield Effect(Consequence.NEEDS, child.value, app.name)
            if key == "valuesFrom":
                yield from (
                    Effect(Consequence.NEEDS, other.text("name"), app.name) for other in child.children
                )


def of_disabling(graph: Graph, app: App, last_backup: str | None) -> list[Effect]:
    """Return what goes with an app: with `prune` all that it made, its claims by name."""
    if not app.prune:
        return []
    claims = list(dict.fromkeys(claims_of(graph, app)))
    effects = [Effect(Consequence.DELETES_ALL, app.name)]
    effects += [Effect(Consequence.DELETES, claim, app.name) for claim in claims]
    if claims and last_backup:
        effects.append(Effect(Consequence.LAST_BACKUP, app.namespace, last_backup))
    elif claims:
        effects.append(Effect(Consequence.NO_BACKUP, app.namespace))
    return effects


def claims_of(graph: Graph, app: App) -> Iterator[str]:
    """Yield the names of the claims that an app makes; those of a Helm chart as far as its values say."""
    for path in graph.files_of(app).files:
        for root in graph.repository.documents(path):
            if root.text("metadata", "annotations", _KEEP) == "keep":
                continue
            kind = root.text("kind")
            if kind == "PersistentVolumeClaim":
                yield root.text("metadata", "name")
            elif kind == "StatefulSet":
                yield from (
                    other.text("metadata", "name") for other in root.list("spec", "volumeClaimTemplates")
                )
            elif kind == "HelmRelease":
                yield from _of_chart(root, app)


def _of_chart(root: Node, app: App) -> Iterator[str]:
    persistence = root.get("spec", "values", "persistence")
    if persistence is None or persistence.kind is not NodeKind.MAPPING:
        return
    if "enabled" in dict(persistence.items()):  # the values of one volume, not of several
        if persistence.text("enabled") == "true" and not persistence.text("existingClaim"):
            yield app.name
        return
    for name, volume in persistence.items():
        is_claim = volume.text("type") in ("", "persistentVolumeClaim") and volume.text("enabled") != "false"
        if is_claim and not volume.text("existingClaim") and volume.text("retain") != "true":
            yield f"{app.name}-{name}"
