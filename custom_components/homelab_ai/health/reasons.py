"""The reason of a finding of k8sgpt, by the words of Kubernetes in it."""

from functools import lru_cache

FINDING = "finding"
"""The phrase of a finding whose reason is not known."""
NODE_NOT_READY = "node_not_ready"

_SEEN = 300
"""Characters of a finding that are searched for its reason."""
# In small letters; the first that is found decides.
_REASONS: tuple[tuple[str, str], ...] = (
    ("errimagepull", "image"),
    ("imagepullbackoff", "image"),
    ("back-off pulling image", "image"),
    ("invalidimagename", "image"),
    ("errimageneverpull", "image"),
    ("failed to pull image", "image"),
    ("oomkilled", "memory"),
    ("crashloopbackoff", "crash"),
    ("back-off restarting", "crash"),
    ("runcontainererror", "crash"),
    ("createcontainerconfigerror", "configuration"),
    ("createcontainererror", "configuration"),
    ("failedmount", "mount"),
    ("failedattachvolume", "mount"),
    ("mountvolume.", "mount"),
    ("attachvolume.", "mount"),
    ("evicted", "evicted"),
    ("probe failed", "unhealthy"),
    ("unhealthy", "unhealthy"),
    ("unbound immediate persistentvolumeclaim", "storage"),
    ("unschedulable", "unschedulable"),
    ("failedscheduling", "unschedulable"),
    ("nodes are available", "unschedulable"),
    ("provisioningfailed", "storage"),
    ("storageclass", "storage"),
    ("diskpressure", "disk_pressure"),
    ("memorypressure", "memory_pressure"),
    ("no endpoints", "endpoints"),
    ("not ready endpoints", "endpoints"),
    ("backofflimitexceeded", "job_failed"),
    ("deadlineexceeded", "job_failed"),
    ("replicas but", "replicas"),
    ("pending", "pending"),
)
_NODE_READY = ("type ready", "notready", "nodenotready", "nodestatusunknown")


def reason_of(object_kind: str, error: str) -> str:
    """Return the phrase that tells what is wrong with an object of Kubernetes."""
    return _reason(object_kind == "Node", error[:_SEEN])


@lru_cache(maxsize=1024)
def _reason(of_node: bool, error: str) -> str:
    """Return the phrase; remembered, for thousands of findings say the same and are told again and again."""
    error = error.lower()
    if of_node and any(words in error for words in _NODE_READY):
        return NODE_NOT_READY
    return next((phrase for words, phrase in _REASONS if words in error), FINDING)
