"""What an object of a cluster is and what it is tied to, whatever its kind: a few facts, and names of others.

Objects are named by their kind in small letters and their full name: "pod:media/jellyfin-0". A reader takes
any JSON object and raises nothing. What else stands in an object, its environment for example, is not looked
at. Sources: kubernetes/api `core/v1`, `apps/v1`, `batch/v1`, `networking/v1`; kustomize-controller
`internal/inventory` and helm-controller for the labels of Flux; argo-cd `util/argo/resource_tracking.go`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
import re
from typing import TypedDict, Unpack

from ...values.address import NO_ADDRESS, WebAddress
from ..answers import Json, Moment, Number, Text, Whole, text, whole
from .client import part
from .reading import items, name, namespace, shared

type FactValue = Text | Number | Whole | bool | Moment
type Facts = tuple[tuple[str, FactValue, str], ...]
type Ties = tuple[tuple[str, Text], ...]
type SketchReader = Callable[[Json], Sketch | None]

MOST_NAMED = 50
"""Objects of one kind that an object may name; more is not read."""
MAX_VALUE = 200

_HASH = "pod-template-hash"
_FLUX = {
    "helm.toolkit.fluxcd.io": "helmrelease",
    "kustomize.toolkit.fluxcd.io": "kustomization",
}
_TRACKING = "argocd.argoproj.io/tracking-id"
_INSTANCES = ("argocd.argoproj.io/instance", "app.kubernetes.io/instance")
_QUANTITY = re.compile(r"(\d{1,18}(?:\.\d{1,9})?)([numkMGTPE]i?|Ki)?")
_UNITS = {
    "": 1.0,
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    **{f"{unit}i": 1024.0**power for power, unit in enumerate("KMGTPE", start=1)},
}


@dataclass(frozen=True, slots=True)
class Sketch:
    """One object: its facts with their units, and its ties ("part_of", "deployment:media/jellyfin").

    `state` is "ok", "trouble", "off" or "unknown". `keys` are other names of the object. `labels` are those
    of the pods that a workload makes, `selector` those that a service looks for, `routes` the names of hosts
    that lead to a service here ("https://web.home", "service:media/jellyfin"), `ports` the pages that every
    node has of a service ("http", 30080).
    """

    kind: str
    namespace: Text
    name: Text
    state: str = "unknown"
    facts: Facts = ()
    ties: Ties = ()
    keys: tuple[Text, ...] = ()
    aliases: tuple[Text, ...] = ()
    url: WebAddress = NO_ADDRESS
    labels: frozenset[tuple[Text, Text]] = frozenset()
    selector: frozenset[tuple[Text, Text]] = frozenset()
    routes: tuple[tuple[Text, Text], ...] = ()
    ports: tuple[tuple[Text, Whole], ...] = ()

    @property
    def key(self) -> Text:
        """Return what the object is known by."""
        return key_of(self.kind, self.namespace, self.name)


class Known(TypedDict, total=False):
    """What may be known of an object beside its name, see `Sketch`."""

    state: str
    facts: Facts
    ties: Ties
    keys: tuple[Text, ...]
    aliases: tuple[Text, ...]
    url: WebAddress
    labels: frozenset[tuple[Text, Text]]
    selector: frozenset[tuple[Text, Text]]
    routes: tuple[tuple[Text, Text], ...]
    ports: tuple[tuple[Text, Whole], ...]


def key_of(kind: str, namespace: str, name: str) -> Text:
    """Return what an object is known by; one without a namespace by its name alone."""
    return shared(f"{kind.lower()}:{namespace}/{name}" if namespace else f"{kind.lower()}:{name}")


def sketch(obj: Json, kind: str, **known: Unpack[Known]) -> Sketch:
    """Return the sketch of an object, with what its metadata tell of its owner and of what delivers it."""
    ties = (*known.get("ties", ()), *owner_ties(obj), *delivery_ties(obj))
    known["ties"] = tuple(dict.fromkeys(ties))
    return Sketch(kind, namespace(obj), name(obj), **known)


def facts(*rows: tuple[str, FactValue | None] | tuple[str, FactValue | None, str]) -> Facts:
    """Return the facts that are known; empty texts are not."""
    kept: list[tuple[str, FactValue, str]] = []
    for key, value, *unit in rows:
        if value is None or value == "":
            continue
        shown = text(value, MAX_VALUE) if isinstance(value, str) else value
        kept.append((key, shown, unit[0] if unit else ""))
    return tuple(kept)


def owner_ties(obj: Json) -> Iterator[tuple[str, Text]]:
    """Yield what an object is a part of: what controls it.

    The replica set of a deployment stands for the deployment: its name is the deployment's and a hash, which
    is a label of the pod.
    """
    for owner in islice(items(obj, "metadata", "ownerReferences"), MOST_NAMED):
        kind, own = text(owner.get("kind")), text(owner.get("name"))
        if owner.get("controller") is not True or not kind or not own:
            continue
        yield "part_of", key_of(kind, namespace(obj), own)
        label = text(part(obj, "metadata", "labels").get(_HASH))
        if kind == "ReplicaSet" and label and own.endswith(f"-{label}"):
            yield "part_of", key_of("Deployment", namespace(obj), own.removesuffix(f"-{label}"))


def delivery_ties(obj: Json) -> Iterator[tuple[str, Text]]:
    """Yield what delivers an object: by the labels of Flux, or the tracking of Argo CD."""
    labels = part(obj, "metadata", "labels")
    is_flux = False
    for group, kind in _FLUX.items():
        if own := text(labels.get(f"{group}/name")):
            is_flux = True
            yield "delivered_by", key_of(kind, text(labels.get(f"{group}/namespace")), own)
    tracking = text(part(obj, "metadata", "annotations").get(_TRACKING))
    if tracked := tracking.partition(":")[0]:
        # An application outside of Argo CD's own namespace has its own before it.
        yield "delivered_by", text(f"application:{tracked.replace('_', '/', 1)}")
        return
    instances = [instance for key in _INSTANCES if (instance := text(labels.get(key)))]
    if instances and not is_flux:
        yield "delivered_by", text(f"application:{instances[0]}")


def claims_of(obj: Json, *path: str) -> Iterator[tuple[str, Text]]:
    """Yield the claims that the volumes of a pod, or of a template of pods, name."""
    for volume in islice(items(obj, *path, "volumes"), MOST_NAMED):
        if own := text(part(volume, "persistentVolumeClaim").get("claimName")):
            yield "stores_in", key_of("PersistentVolumeClaim", namespace(obj), own)


def image_of(obj: Json, *path: str) -> Text:
    """Return the image of the first container of a pod, or of a template of pods."""
    first = next(items(obj, *path, "containers"), {})
    return shared(text(first.get("image"), MAX_VALUE))


def label_set(labels: Json) -> frozenset[tuple[Text, Text]]:
    """Return labels so that they can be compared."""
    return frozenset(
        (shared(key), shared(value))
        for key, value in islice(labels.items(), MOST_NAMED)
        if isinstance(value, str)
    )


def quantity(value: object) -> Whole | None:
    """Return a quantity of Kubernetes ("10Gi", "500M") in bytes, None for anything else."""
    if not isinstance(value, str):
        return whole(value)
    match = _QUANTITY.fullmatch(value)
    return whole(float(match[1]) * _UNITS[match[2] or ""]) if match else None


def by_holding(holds: bool | None) -> str:
    """Return the state of an object whose condition holds, does not, or is not known."""
    return {True: "ok", False: "trouble", None: "unknown"}[holds]
