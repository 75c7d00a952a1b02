"""Flux, as far as a delivery is seen: what Git lists is a Kustomization each, and what it lists no more goes.

Source: fluxcd/kustomize-controller `docs/spec/v1/kustomizations.md` (Reconcile requests, garbage collection)
and source-controller `docs/spec/v1/gitrepositories.md`. Helm and pods are not played.
"""

from collections.abc import Iterator, Mapping
import posixpath
from typing import Any

import yaml

from .objects.flux import kustomization
from .objects.kinds import with_ready
from .server import ApiServer
from .wire import Object

REQUESTED = "reconcile.fluxcd.io/requestedAt"
_REPOSITORIES = "gitrepositories.source.toolkit.fluxcd.io"
_KUSTOMIZATIONS = "kustomizations.kustomize.toolkit.fluxcd.io"
_SOURCE = ("flux-system", "flux-system")

type Files = Mapping[str, str]


class Flux:
    """The source and the Kustomizations of one repository in one cluster."""

    def __init__(
        self, server: ApiServer, others: set[tuple[str, str]] | None = None, root: str = "kubernetes/apps"
    ) -> None:
        """Begin with a source that has fetched nothing; `others` is told what of the cluster is of it."""
        self._server = server
        self._others = others if others is not None else set()
        self._others.add(("GitRepository", _SOURCE[1]))
        self._root = root
        self._made: set[tuple[str, str]] = set()
        server.apply(with_ready("GitRepository", _SOURCE[1]))

    @property
    def requested(self) -> str:
        """What the source was asked last, empty before it was."""
        metadata = self._server.get(_REPOSITORIES, *_SOURCE)["metadata"]
        return str(metadata.get("annotations", {}).get(REQUESTED, ""))

    def deliver(self, files: Files, sha: str) -> None:
        """Fetch a commit and apply what it lists."""
        revision = f"main@sha1:{sha}"
        listed = dict(self._listed(files))
        for (namespace, name), spec in listed.items():
            made = kustomization(name, namespace=namespace, path=str(spec.get("path")))
            made["status"] |= {"lastAppliedRevision": revision, "lastAttemptedRevision": revision}
            self._server.apply(made)
            self._others.add(("Kustomization", name))
        for namespace, name in self._made - set(listed):
            self._server.delete(_KUSTOMIZATIONS, namespace, name)
        self._made = set(listed)
        source = self._server.get(_REPOSITORIES, *_SOURCE)
        status = {**source["status"], "lastHandledReconcileAt": self.requested}
        self._server.apply({**source, "status": status})

    def _listed(self, files: Files) -> Iterator[tuple[tuple[str, str], Object]]:
        """The Kustomizations of each folder below the root that has a list, by namespace and name."""
        for path, text in files.items():
            folder = posixpath.dirname(path)
            if posixpath.basename(path) != "kustomization.yaml" or posixpath.dirname(folder) != self._root:
                continue
            (listing,) = _documents(text)
            for entry in listing.get("resources") or ():
                named = posixpath.normpath(posixpath.join(folder, entry))
                for found in _documents(files[named]):
                    if found["kind"] == "Kustomization":
                        metadata = found["metadata"]
                        namespace = str(metadata.get("namespace") or listing.get("namespace"))
                        yield (namespace, str(metadata["name"])), found["spec"]


def _documents(text: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(text) if one]
