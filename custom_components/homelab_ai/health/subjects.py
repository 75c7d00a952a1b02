"""Which thing has a problem, as the keys that a thing may answer to; see `topology.Thing`.

Objects of a cluster are known by their kind in small letters and their full name: "pod:media/jellyfin-0".
"""

from collections.abc import Callable, Iterator

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


def of_claim(name: str, facts: Facts) -> tuple[str, ...]:
    """Return a volume claim, by its labels where there are some."""
    return (*_labelled(facts), f"persistentvolumeclaim:{name}", f"volume:{name}")


def of_alert(_name: str, facts: Facts) -> tuple[str, ...]:
    """Return the thing that the labels of an alert name; those of k8sgpt's metrics say kind and name."""
    kind, name = text_of(facts, "kind").lower(), text_of(facts, "name")
    own = (f"{kind}:{name}",) if kind and ("/" in name or kind == "node") else ()
    return (*own, *_labelled(facts))


def _labelled(facts: Facts) -> Iterator[str]:
    namespace = text_of(facts, "namespace") or text_of(facts, "exported_namespace")
    for label in _LABELS_OF_A_NAMESPACE if namespace else ():
        if name := text_of(facts, label) or text_of(facts, f"exported_{label}"):
            yield f"{_KIND_OF_LABEL.get(label, label)}:{namespace}/{name}"
    for label in _LABELS_OF_A_NODE:
        if name := text_of(facts, label):
            host = name.rpartition(":")[0] or name
            yield f"node:{name}"
            yield f"node:{host}"
            yield f"address:{host}"
