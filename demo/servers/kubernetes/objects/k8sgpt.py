"""What k8sgpt found, as its operator writes it.

Source: k8sgpt-operator api/v1alpha1, pkg/resources/results.go; systems.md 3.1 and 3.2.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from demo.servers.kubernetes.wire import Object

from .parts import metadata

NAMESPACE = "k8sgpt-operator-system"
_API = "core.k8sgpt.ai/v1alpha1"


def k8sgpt(
    name: str = "k8sgpt",
    *,
    interval: str = "30s",
    base_url: str = "http://ollama.home:11434/v1",
    model: str = "llama3.1:8b",
    namespace: str = NAMESPACE,
) -> Object:
    """The order to analyse the cluster; its status is always empty, there is no Ready to read."""
    return {
        "apiVersion": _API,
        "kind": "K8sGPT",
        "metadata": metadata(name, namespace),
        "spec": {
            "version": "v0.4.26",
            "noCache": False,
            "analysis": {"interval": interval},
            "ai": {
                "enabled": True,
                # Its enum has no "ollama".
                "backend": "localai",
                "baseUrl": base_url,
                "model": model,
                "anonymized": True,
                "language": "english",
                "maxTokens": "2048",
                "topk": "50",
                "backOff": {"enabled": True, "maxRetries": 5},
            },
        },
        "status": {},
    }


def result(
    kind: str,
    name: str,
    texts: Sequence[str],
    *,
    details: str = "",
    sensitive: Iterable[str] | None = None,
    backend: str = "localai",
    lifecycle: str | None = None,
    k8sgpt: str = "k8sgpt",
    namespace: str = NAMESPACE,
    created: datetime | None = None,
) -> Object:
    """One finding on the object `name`, which is "namespace/name" or the name of a cluster-wide object.

    Every error carries what was masked before the model saw it, in clear (`sensitive`, the name unless
    told otherwise). Without a `lifecycle` there is no status, as on every new Result: the API server
    drops what the operator sends along.
    """
    words = [name.rpartition("/")[2]] if sensitive is None else list(sensitive)
    masks = [
        {"unmasked": word, "masked": b64encode(sha256(word.encode()).digest()).decode()} for word in words
    ]
    value: Object = {
        "apiVersion": _API,
        "kind": "Result",
        "metadata": metadata(
            result_name(name),
            namespace,
            created=created,
            labels={
                "k8sgpts.k8sgpt.ai/name": k8sgpt,
                "k8sgpts.k8sgpt.ai/namespace": namespace,
                "k8sgpts.k8sgpt.ai/backend": backend,
            },
        ),
        "spec": {
            "backend": backend,
            "autoRemediationStatus": {},
            "kind": kind,
            "name": name,
            "error": [{"text": text, "sensitive": masks} for text in texts],
            "details": details,
            # Lost between two spellings of the field, whatever the parent is.
            "parentObject": "",
        },
    }
    if lifecycle is not None:
        value["status"] = {"lifecycle": lifecycle, "webhook": "", "contentHash": _hash(kind, name, texts)}
    return value


def result_name(name: str) -> str:
    """The name of the Result on an object: neither its kind nor where one name ends tells in it."""
    return name.replace("-", "").replace("/", "")


def many_results(count: int, *, kind: str = "Pod", size: int = 600) -> Iterator[Object]:
    """Findings on as many objects in a hundred namespaces, each with `size` characters of advice."""
    advice = ("Check the image name and the pull secret. " * (size // 42 + 1))[:size]
    for number in range(count):
        name = f"tenant{number % 100:02}/app{number:05}"
        yield result(kind, name, [f"Back-off pulling image app:{number}"], details=advice)


def _hash(kind: str, name: str, texts: Sequence[str]) -> str:
    # Not the advice: a model words it anew each time.
    return sha256("\n".join([kind, name, "", str(len(texts)), *texts]).encode()).hexdigest()
