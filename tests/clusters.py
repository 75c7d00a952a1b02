"""Kubernetes clusters for tests: what is stored of one, and a monitor that is not kept waiting."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.api.kubernetes.watch import Timing
from custom_components.homelab_ai.coordinator import MonitorCoordinator
from custom_components.homelab_ai.monitors.kubernetes import cluster
from demo.servers.kubernetes import TOKEN, ApiServer
from homeassistant.config_entries import ConfigSubentryDataWithId

from .looking import until
from .systems import monitor_subentry, source

CLUSTER = source("Cluster")
RESULTS = "results.core.k8sgpt.ai"
EVERYWHERE = 7
"""Resources that every cluster has and that are watched."""
WATCHED = 17
"""Resources that are watched in the cluster of the homelab: of k8sgpt, Flux, Argo CD, K8up and Longhorn."""


def kubernetes(server: ApiServer, **data: Any) -> ConfigSubentryDataWithId:
    """Return the settings of a cluster, as its flow stores them."""
    return monitor_subentry("kubernetes", server.url, "Cluster", **{"token": TOKEN, **data})


def hurry(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> None:
    """Shorten all that a cluster is waited for; see `Timing`."""
    timing = {
        "stale": 0.0,
        "left_out": 0.05,
        "first_retry": 0.02,
        "last_retry": 0.1,
        "doubt": 0.0,
        **seconds,
    }
    monkeypatch.setattr(cluster, "Timing", lambda: Timing(**timing))


def coordinator(entry: MockConfigEntry) -> MonitorCoordinator:
    """Return what looks at the cluster, the first system of the homelab."""
    found: MonitorCoordinator = entry.runtime_data.monitors[0]
    assert found.monitor.kind == "kubernetes"
    return found


async def watched(server: ApiServer, resources: int = WATCHED) -> None:
    """Wait until all watches stand."""
    await until(lambda: server.watchers.total() == resources)
