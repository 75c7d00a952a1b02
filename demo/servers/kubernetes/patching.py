"""What a cluster does with a PATCH: a merge patch of one object, and a server-side apply.

Sources: kubernetes/apiserver `pkg/endpoints/handlers/patch.go`; kubernetes/website "Server-Side Apply",
"Field validation". Stricter than the real one: nothing but annotations may be merged.
"""

import json
from typing import Any

from aiohttp import web

from .access import Access
from .scope import Target
from .store import Collection, Store, Stored
from .wire import Object, StatusError, bad_request, json_response, not_found

_MERGE = "application/merge-patch+json"
_APPLY = "application/apply-patch+yaml"


async def patched(
    store: Store, collection: Collection, target: Target, access: Access, request: web.Request
) -> web.Response:
    """The object as it is then; raises StatusError."""
    query, content_type = request.query, request.headers.get("Content-Type", "")
    present = collection.objects.get((target.namespace or "", target.name or ""))
    given = _parsed(await request.read())
    if content_type == _MERGE:
        return json_response(_merged(store, collection, target, present, given))
    if content_type != _APPLY:
        said = f"the body of the request was in an unknown format - accepted media types include: {_MERGE}"
        raise StatusError(415, "UnsupportedMediaType", said)
    if not query.get("fieldManager"):
        raise bad_request("PatchOptions.meta.k8s.io is invalid: fieldManager: Required value")
    if query.get("dryRun") not in (None, "All"):
        raise bad_request("PatchOptions.meta.k8s.io is invalid: dryRun: Unsupported value")
    if present is None:
        access.check("create", target.as_resource(), target.namespace, target.name)
    made = _applied(store, collection, target, given, dry="dryRun" in query)
    return json_response(made, 201 if present is None else 200)


def _merged(
    store: Store, collection: Collection, target: Target, present: Stored | None, given: Object
) -> Object:
    if present is None:
        raise not_found(collection.resource, target.name or "")
    annotations = given.get("metadata", {}).get("annotations") if set(given) == {"metadata"} else None
    if not isinstance(annotations, dict) or set(given["metadata"]) != {"annotations"}:
        raise bad_request("nothing but annotations is taken here")
    if not all(isinstance(value, str) for value in annotations.values()):
        raise bad_request("json: cannot unmarshal into Go struct field ObjectMeta.metadata.annotations")
    metadata = present.value["metadata"]
    merged = {**metadata.get("annotations", {}), **annotations}
    return store.apply({**present.value, "metadata": {**metadata, "annotations": merged}}).value


def _applied(store: Store, collection: Collection, target: Target, given: Object, *, dry: bool) -> Object:
    resource = collection.resource
    metadata = given.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    if (given.get("apiVersion"), given.get("kind")) != (resource.api_version, resource.kind):
        raise bad_request("the API version in the data does not match the expected API version")
    if named.get("name") != target.name or named.get("namespace", target.namespace) != target.namespace:
        raise bad_request("the name of the object does not match the name on the URL")
    whole = {**given, "metadata": {**named, **({"namespace": target.namespace} if target.namespace else {})}}
    try:
        store.check(whole)
    except ValueError as err:
        raise StatusError(422, "Invalid", str(err), details={}) from err
    return whole if dry else store.apply(whole).value


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except ValueError:
        raise bad_request("error decoding patch") from None
    if not isinstance(given, dict):
        raise bad_request("error decoding patch")
    return given
