"""What a cluster is asked beside what is wrong: to look at Git now, and what it would say to an object."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from homeassistant.helpers.selector import BooleanSelector

from ...api.errors import ApiNotFoundError
from ...api.kubernetes.client import KubernetesClient, Resource
from ...api.kubernetes.openapi import Schema, Schemas
from ...api.kubernetes.requests import dry_run, look_now
from ...api.kubernetes.watch import Groups
from ...topology import Thing
from ..capabilities import AsksForDelivery, ChecksObjects
from ..fields import Field
from ..monitor import Settings

CONF_DRY_RUN = "dry_run"
DRY_RUN = Field(CONF_DRY_RUN, BooleanSelector(), default=False)


def _resource(group: str, plural: str, *versions: str) -> Resource[None]:
    return Resource(group, versions, plural, lambda _: None)


_SOURCES = "source.toolkit.fluxcd.io"
_ASKED = {
    "Kustomization": _resource("kustomize.toolkit.fluxcd.io", "kustomizations", "v1", "v1beta2"),
    "HelmRelease": _resource("helm.toolkit.fluxcd.io", "helmreleases", "v2", "v2beta2"),
    "GitRepository": _resource(_SOURCES, "gitrepositories", "v1", "v1beta2"),
    "OCIRepository": _resource(_SOURCES, "ocirepositories", "v1", "v1beta2"),
    "HelmRepository": _resource(_SOURCES, "helmrepositories", "v1", "v1beta2"),
    "HelmChart": _resource(_SOURCES, "helmcharts", "v1", "v1beta2"),
    "Bucket": _resource(_SOURCES, "buckets", "v1", "v1beta2"),
    "Application": _resource("argoproj.io", "applications", "v1alpha1"),
}
"""By kind."""


class AskedCluster(AsksForDelivery, ChecksObjects):
    """A cluster that is asked to look at Git, what objects of a kind look like, and if it would take one."""

    settings: Settings
    _client: KubernetesClient
    _groups: Groups

    def can_ask(self, thing: Thing) -> bool:
        return thing.detail in _ASKED

    async def ask_for_delivery(self, thing: Thing) -> None:
        if (collection := self._groups.path(_ASKED[thing.detail])) is None:
            raise ApiNotFoundError(f"the cluster has no {thing.detail}")
        await look_now(self._client, collection, thing.place, thing.name, datetime.now(UTC))

    @cached_property
    def _schemas(self) -> Schemas:
        return Schemas(self._client)

    @property
    def dry_runs(self) -> bool:
        return bool(self.settings.data.get(CONF_DRY_RUN))

    async def schema_of(self, api_version: str, kind: str) -> Schema | None:
        return await self._schemas.of(api_version, kind)

    async def dry_run(
        self, api_version: str, kind: str, namespace: str, name: str, wanted: Mapping[str, Any]
    ) -> None:
        if (served := await self._schemas.served(api_version, kind)) is None:
            raise ApiNotFoundError(f"the cluster has no {kind}")
        await dry_run(self._client, served.collection, namespace if served.namespaced else "", name, wanted)
