"""The k8sgpt operator: what it does to Results when it has analysed the cluster.

Source: k8sgpt-operator pkg/resources/results.go, internal/controller/k8sgpt; systems.md 3.2.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .objects.k8sgpt import NAMESPACE, result
from .server import ApiServer
from .wire import Object


@dataclass(frozen=True, slots=True)
class Finding:
    """What an analysis finds wrong with one object; `details` is what the model says to it."""

    kind: str
    name: str
    texts: tuple[str, ...]
    details: str = ""


class Operator:
    """Writes Results as the real one does, lapses included.

    A Result has no status when it is new and is `updated` and then `historical` in the passes after. Two
    findings on objects of one name share a Result: the later overwrites the earlier.
    """

    def __init__(self, server: ApiServer, *, namespace: str = NAMESPACE) -> None:
        """Work on this server's Results."""
        self._server = server
        self._namespace = namespace
        # While its model does not answer it writes nothing and cleans nothing up.
        self.broken = False
        # After too many failed calls it goes on without a model until it is restarted.
        self.without_model = False

    def analyse(self, *findings: Finding) -> None:
        """One pass: Results for these findings, and none for anything else."""
        if self.broken:
            return
        known = {value["metadata"]["name"]: value for value in self._server.objects("results.core.k8sgpt.ai")}
        kept = set()
        for value in self._results(findings):
            name = value["metadata"]["name"]
            before = known.get(name)
            if before is not None:
                value["status"] = _status(value, before)
            known[name] = self._server.apply(value)
            kept.add(name)
        for name in known.keys() - kept:
            self._server.delete("results.core.k8sgpt.ai", self._namespace, name)

    def _results(self, findings: Iterable[Finding]) -> Iterable[Object]:
        for finding in findings:
            details = "" if self.without_model else finding.details
            yield result(
                finding.kind,
                finding.name,
                finding.texts,
                details=details,
                lifecycle="created",
                namespace=self._namespace,
            ) | {"status": {}}


def _status(value: Object, before: Object) -> Object:
    """Its status in a later pass: what the first pass sent was dropped, so the second calls it updated."""
    spec = value["spec"]
    again = result(
        spec["kind"], spec["name"], [error["text"] for error in spec["error"]], lifecycle="historical"
    )
    status: Object = again["status"]
    if before.get("status", {}).get("contentHash") != status["contentHash"]:
        status["lifecycle"] = "updated"
    return status
