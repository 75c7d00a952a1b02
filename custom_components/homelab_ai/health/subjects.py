"""Which thing has a problem, as the keys that a thing may answer to; see `topology.Thing`.

Objects of a cluster are known by their kind in small letters and their full name: "pod:media/jellyfin-0".
"""

from collections.abc import Callable, Iterable, Iterator

from .facts import Facts, text_of

type Subject = Callable[[str, Facts], tuple[str, ...]]

# The most special label first: an alert of a pod often names its node as well.
_LABELS_OF_A_NAMESPACE = (
    "pod",
    "persistentvolumeclaim",
    "deployment",
    "statefulset",
    "daemonset",
    "cronjob",
    "job_name",
    "helmrelease",
    "kustomization",
    "application",
)
_KIND_OF_LABEL = {"job_name": "job"}
_LABELS_OF_A_NODE = ("node", "nodename", "instance")
_LABELS_OF_A_KIND = ("kind", "customresource_kind")
_LABELS_OF_ITS_NAMESPACE = ("object_namespace", "namespace")
LABELS = (
    *_LABELS_OF_ITS_NAMESPACE,
    *_LABELS_OF_A_NAMESPACE,
    *_LABELS_OF_A_NODE,
    *_LABELS_OF_A_KIND,
    "name",
)
"""The labels of an alert that say which thing it is about."""


def nothing(_name: str, _facts: Facts) -> tuple[str, ...]:
    """Return no key: nothing else is known to be the same thing."""
    return ()


def of_kind(kind: str) -> Subject:
    """Return the subject of problems whose name is that of an object of this kind."""
    return lambda name, _facts: (f"{kind}:{name}",)


def of_object(name: str, facts: Facts) -> tuple[str, ...]:
    """Return the object whose kind is a fact."""
    kind = text_of(facts, "kind").lower()
    return (f"{kind}:{name}",) if kind else ()


def of_entity(_name: str, facts: Facts) -> tuple[str, ...]:
    """Return what an entity of Home Assistant belongs to, a device or an integration, by their ids there."""
    keys = {"entity": "entity", "device": "ha_device", "integration": "ha_integration"}
    return tuple(f"{key}:{said}" for fact, key in keys.items() if (said := text_of(facts, fact)))


def of_device(_name: str, facts: Facts) -> tuple[str, ...]:
    """Return a device of the network, by the id of its record."""
    return (f"device:{text_of(facts, 'device')}",)


def of_pull_request(_name: str, facts: Facts) -> tuple[str, ...]:
    """Return a pull request, by its repository and number."""
    return (f"pull_request:{text_of(facts, 'repository')}#{text_of(facts, 'number')}",)


def of_claim(name: str, facts: Facts) -> tuple[str, ...]:
    """Return a volume claim, by its labels where there are some."""
    return (*_labelled(facts), f"persistentvolumeclaim:{name}", f"volume:{name}")


def of_alert(_name: str, facts: Facts) -> tuple[str, ...]:
    """Return the thing that the labels of an alert name.

    Metrics of k8sgpt say kind and name, those that kube-state-metrics makes of custom resources
    `customresource_kind`, name and namespace.
    """
    return (*_of_its_kind(facts), *_labelled(facts))


def _of_its_kind(facts: Facts) -> Iterator[str]:
    kind, name = _first_of(facts, _LABELS_OF_A_KIND).lower(), text_of(facts, "name")
    if not kind or not name:
        return
    namespace = _first_of(facts, _LABELS_OF_ITS_NAMESPACE)
    if "/" in name or kind == "node" or not namespace:
        yield f"{kind}:{name}"
    else:
        yield f"{kind}:{namespace}/{name}"


def _first_of(facts: Facts, labels: Iterable[str]) -> str:
    return next((value for label in labels if (value := text_of(facts, label))), "")


def _labelled(facts: Facts) -> Iterator[str]:
    namespace = text_of(facts, "namespace")
    for label in _LABELS_OF_A_NAMESPACE if namespace else ():
        if name := text_of(facts, label):
            yield f"{_KIND_OF_LABEL.get(label, label)}:{namespace}/{name}"
    for label in _LABELS_OF_A_NODE:
        if name := text_of(facts, label):
            host = name.rpartition(":")[0] or name
            yield f"node:{name}"
            yield f"node:{host}"
            yield f"address:{host}"
