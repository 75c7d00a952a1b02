"""Flux: kustomizations and Helm releases.

Sources: fluxcd/kustomize-controller api/v1, fluxcd/helm-controller api/v2; systems.md 5.1.
"""

from datetime import datetime
from typing import Literal

from demo.servers.kubernetes.wire import Object

from .parts import condition, metadata, moment

State = Literal["ready", "reconciling", "failed", "stalled", "new"]

REVISION = "main@sha1:5f9d3c0b7a1e4f2d8c6b9a0e1d2c3b4a5f6e7d8c"


def kustomization(
    name: str,
    *,
    state: State = "ready",
    suspended: bool = False,
    reason: str = "HealthCheckFailed",
    message: str = "",
    path: str = "",
    depends_on: tuple[str, ...] = (),
    namespace: str = "flux-system",
    at: datetime | None = None,
) -> Object:
    """A Kustomization; a suspended one keeps the conditions of its last `state`."""
    spec: Object = {
        "interval": "10m0s",
        "path": path or f"./apps/{name}",
        "prune": True,
        "sourceRef": {"kind": "GitRepository", "name": "flux-system"},
        "timeout": "5m0s",
        "wait": True,
    }
    if depends_on:
        spec["dependsOn"] = [{"name": other} for other in depends_on]
    applied = f"Applied revision: {REVISION}"
    status = _status(state, ("ReconciliationSucceeded", applied), reason, message, at)
    if state != "new":
        status["lastAttemptedRevision"] = REVISION
    if state in ("ready", "reconciling"):
        status["lastAppliedRevision"] = REVISION
        entry = {"digest": f"sha256:{'0f' * 32}", "firstReconciled": moment(at), "lastReconciled": moment(at)}
        status["history"] = [
            {
                **entry,
                "lastReconciledStatus": "ReconciliationSucceeded",
                "totalReconciliations": 1,
                "lastReconciledDuration": "1.204s",
            }
        ]
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        **_rest(name, namespace, spec, status, suspended=suspended),
    }


def helm_release(
    name: str,
    *,
    namespace: str,
    state: State = "ready",
    suspended: bool = False,
    reason: str = "UpgradeFailed",
    message: str = "",
    chart: str = "",
    chart_version: str = "1.0.0",
    app_version: str = "1.0.0",
    at: datetime | None = None,
) -> Object:
    """A HelmRelease; a suspended one keeps the conditions of its last `state`."""
    chart = chart or name
    source = {"kind": "HelmRepository", "name": chart, "namespace": "flux-system"}
    spec: Object = {
        "interval": "30m0s",
        "chart": {"spec": {"chart": chart, "version": chart_version, "sourceRef": source}},
        # Values are where people leave passwords.
        "values": {"auth": {"password": "unmasked-helm-password"}},
    }
    done = f"Helm upgrade succeeded for release {namespace}/{name}.v1 with chart {chart}@{chart_version}"
    status = _status(state, ("UpgradeSucceeded", done), reason, message, at)
    if state != "new":
        failed = state in ("failed", "stalled")
        deployed = {
            "chartName": chart,
            "chartVersion": chart_version,
            "appVersion": app_version,
            "version": 1,
        }
        status["history"] = [
            {
                **deployed,
                "name": name,
                "namespace": namespace,
                "status": "failed" if failed else "deployed",
                "firstDeployed": moment(at),
                "lastDeployed": moment(at),
                "digest": f"sha256:{'1f' * 32}",
                "configDigest": f"sha256:{'2e' * 32}",
            }
        ]
        status["lastAttemptedRevision"] = chart_version
        if failed:
            status |= {"failures": 3, "upgradeFailures": 3}
            released = condition("Released", "False", reason, message or _FAILED, at=at)
        else:
            released = condition("Released", "True", "UpgradeSucceeded", done, at=at)
        status["conditions"].append({**released, "observedGeneration": 1})
    return {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        **_rest(name, namespace, spec, status, suspended=suspended),
    }


_FAILED = "timeout waiting for: [Deployment/default/app status: 'InProgress']: context deadline exceeded"


def _status(state: State, ready: tuple[str, str], reason: str, message: str, at: datetime | None) -> Object:
    if state == "new":
        # Nobody has looked at it yet.
        return {"observedGeneration": -1}
    if state == "reconciling":
        told = message or "Running health checks for revision with a timeout of 4m30s"
        conditions = [
            condition("Reconciling", "True", "Progressing", told, at=at),
            condition("Ready", "Unknown", "Progressing", "Reconciliation in progress", at=at),
        ]
    elif state == "ready":
        conditions = [condition("Ready", "True", *ready, at=at)]
    else:
        conditions = [condition("Ready", "False", reason, message or _FAILED, at=at)]
        if state == "stalled":
            conditions.append(condition("Stalled", "True", "RetriesExceeded", "Failed to upgrade", at=at))
    return {"observedGeneration": 1, "conditions": [{**each, "observedGeneration": 1} for each in conditions]}


def _rest(name: str, namespace: str, spec: Object, status: Object, *, suspended: bool) -> Object:
    return {
        # The controller leaves suspended objects alone: it has not even observed that they are.
        "metadata": metadata(name, namespace, generation=2 if suspended else 1),
        "spec": {**spec, "suspend": True} if suspended else spec,
        "status": status,
    }
