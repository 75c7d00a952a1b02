"""What the API server demands of the objects that it stores, for each kind that it serves.

Of the CRDs and of the API's own validation these are the facts and no copies: which fields there are, which
must be there, of which type and with which values. Each module names its source.
"""

from collections.abc import Mapping
from typing import Any

from demo.servers.kubernetes.resources import Resource

from . import argocd, cert_manager, core, flux, k8sgpt, k8up, longhorn, routes, velero, volsync
from .schema import Schema

SCHEMAS: Mapping[str, Schema] = {
    **core.SCHEMAS,
    **k8sgpt.SCHEMAS,
    **flux.SCHEMAS,
    **argocd.SCHEMAS,
    **k8up.SCHEMAS,
    **longhorn.SCHEMAS,
    **velero.SCHEMAS,
    **volsync.SCHEMAS,
    **routes.SCHEMAS,
    **cert_manager.SCHEMAS,
}


def check(resource: Resource, given: Mapping[str, Any]) -> None:
    """Raise ValueError in the words of the API server where an object does not fit its schema."""
    schema = SCHEMAS.get(resource.qualified)
    if schema is not None and (wrong := next(schema.errors(given), "")):
        raise ValueError(f"{resource.kind} is invalid: {wrong}")
