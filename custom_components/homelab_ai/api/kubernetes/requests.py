"""What is asked of a cluster beside reading: that Flux or Argo CD looks now, and what a dry run would say.

Each needs a right of its own that docs/kubernetes.md does not give unless somebody wants it. What it looks
at is set in an annotation and nothing else; a dry run persists nothing.

Sources: Flux "Reconcile requests" (`reconcile.fluxcd.io/requestedAt`, any value that is another one), Argo CD
`docs/operator-manual/declarative-setup` (`argocd.argoproj.io/refresh`), Kubernetes "Server-Side Apply" and
"Dry run".
"""

from datetime import datetime
import re
from urllib.parse import urlencode

from ..answers import Json
from ..errors import ApiResponseError
from .client import KubernetesClient

_ANNOTATION = "reconcile.fluxcd.io/requestedAt"
_REFRESH = "argocd.argoproj.io/refresh"
_MERGE = "application/merge-patch+json"
_APPLY = "application/apply-patch+yaml"
_MANAGER = "homelab-ai"
# As Kubernetes has them: what leads elsewhere in a path is no name.
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


async def look_now(
    client: KubernetesClient, collection: str, namespace: str, name: str, at: datetime
) -> None:
    """Ask the controller of an object to look at it; `collection` is the path of all of its kind.

    Raises ApiError.
    """
    path = object_path(collection, namespace, name)
    is_argo = "/argoproj.io/" in collection
    annotation = {_REFRESH: "normal"} if is_argo else {_ANNOTATION: at.isoformat()}
    await client.send("PATCH", path, {"metadata": {"annotations": annotation}}, _MERGE)


async def dry_run(client: KubernetesClient, collection: str, namespace: str, name: str, wanted: Json) -> None:
    """Ask whether the cluster would take an object, without that it does. Raises ApiError.

    The right that it needs is the one to do it; admission webhooks are asked, too.
    """
    query = urlencode({"dryRun": "All", "fieldManager": _MANAGER, "fieldValidation": "Strict"})
    path = object_path(collection, namespace, name)
    # Every JSON is YAML.
    await client.send("PATCH", f"{path}?{query}", wanted, _APPLY)


def object_path(collection: str, namespace: str, name: str) -> str:
    """Return the path of one object. Raises ApiResponseError for what names none."""
    if not _NAME.fullmatch(name) or (namespace and not _NAME.fullmatch(namespace)):
        raise ApiResponseError("that is no name of an object")
    root, _, plural = collection.rpartition("/")
    return f"{root}/namespaces/{namespace}/{plural}/{name}" if namespace else f"{collection}/{name}"
