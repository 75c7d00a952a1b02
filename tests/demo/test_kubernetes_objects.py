"""Objects with the traps of the systems that write them, and the homelab they make up."""

from collections import Counter
from datetime import UTC, datetime
import json
import re
from typing import Any

import pytest

from demo.servers.kubernetes import ApiServer, Finding, Operator, homelab_cluster, objects
from demo.servers.kubernetes.homelab import APPS, App
from demo.servers.kubernetes.objects import kinds, kustomization

NAMESPACE = "k8sgpt-operator-system"
WHEN = datetime(2026, 11, 20, 3, 17, tzinfo=UTC)


def condition(value: dict[str, Any], kind: str) -> tuple[str, str] | None:
    """Status and reason of a condition."""
    for each in value["status"].get("conditions", []):
        if each["type"] == kind:
            return each["status"], each["reason"]
    return None


def server(*systems: str) -> ApiServer:
    return ApiServer(systems=systems)  # type: ignore[arg-type]


def test_result_has_what_its_schema_requires() -> None:
    value = objects.result("Pod", "default/broken-pod-7d9f", ["Back-off"], details="Check it")
    assert value["metadata"]["name"] == "defaultbrokenpod7d9f"
    assert value["metadata"]["namespace"] == NAMESPACE
    assert set(value["spec"]) == {
        *("backend", "autoRemediationStatus", "kind", "name", "error", "details", "parentObject")
    }
    assert value["spec"]["parentObject"] == ""
    assert value["spec"]["error"][0]["sensitive"][0]["unmasked"] == "broken-pod-7d9f"
    assert value["spec"]["error"][0]["sensitive"][0]["masked"] != "broken-pod-7d9f"
    del value["spec"]["details"]
    with pytest.raises(ValueError, match=r"spec\.details: Required value"):
        server("k8sgpt").apply(value)


def test_results_of_one_name_overwrite_each_other() -> None:
    cluster = server("k8sgpt")
    first = cluster.apply(objects.result("Deployment", "default/foo", ["a"]))
    second = cluster.apply(objects.result("Service", "default/foo", ["b"]))
    assert first["metadata"]["uid"] == second["metadata"]["uid"]
    assert [value["spec"]["kind"] for value in cluster.objects("results")] == ["Service"]
    assert objects.result_name("a-b/c") == objects.result_name("ab/c")


def test_what_does_not_fit_is_refused() -> None:
    cluster = server("k8up", "longhorn")
    with pytest.raises(LookupError, match='no matches for kind "Result"'):
        cluster.apply(objects.result("Pod", "default/a", ["b"]))
    with pytest.raises(LookupError, match=r"backups is ambiguous: backups\.k8up\.io, backups\.longhorn\.io"):
        cluster.delete("backups", "home", "a")
    with pytest.raises(LookupError):
        cluster.delete("pods", "home", "a")
    with pytest.raises(ValueError, match="not namespaced"):
        cluster.apply(objects.node("pve") | {"metadata": {"name": "pve", "namespace": "home"}})
    with pytest.raises(ValueError, match=r"metadata\.name"):
        cluster.apply({"apiVersion": "v1", "kind": "Node", "metadata": {}})
    cluster.apply(objects.backup("a", namespace="home"))
    cluster.delete("backups.k8up.io", "home", "a")


def test_objects_are_the_servers_own() -> None:
    cluster = server()
    given = objects.pod("a", namespace="home")
    cluster.apply(given)
    given["status"]["phase"] = "Failed"
    assert cluster.get("pods", "home", "a")["status"]["phase"] == "Running"


def test_life_of_results() -> None:
    """No status at first, then updated, then historical; what is mended is deleted."""
    cluster = server("k8sgpt")
    operator = Operator(cluster)
    finding = Finding("Pod", "default/a", ("broken",), "Mend it")
    seen = []
    for _ in range(4):
        operator.analyse(finding)
        (value,) = cluster.objects("results")
        seen.append(value["status"].get("lifecycle"))
    assert seen == [None, "updated", "historical", "historical"]
    version = value["metadata"]["resourceVersion"]
    operator.analyse(finding)
    assert cluster.objects("results")[0]["metadata"]["resourceVersion"] == version
    operator.analyse(Finding("Pod", "default/a", ("broken", "worse"), "Mend it"))
    assert cluster.objects("results")[0]["status"]["lifecycle"] == "updated"
    operator.broken = True
    operator.analyse()
    assert len(cluster.objects("results")) == 1
    operator.broken = False
    operator.without_model = True
    operator.analyse(finding)
    assert cluster.objects("results")[0]["spec"]["details"] == ""
    operator.analyse()
    assert cluster.objects("results") == []


@pytest.mark.parametrize(
    ("state", "completed"),
    [
        ("succeeded", ("True", "Succeeded")),
        ("failed", ("True", "Failed")),
        ("running", None),
        ("pre_backup_failed", None),
        ("pending", None),
    ],
)
def test_failed_backups_are_completed_too(state: Any, completed: tuple[str, str] | None) -> None:
    value = objects.backup("a", namespace="home", state=state, at=WHEN)
    assert condition(value, "Completed") == completed
    assert value["metadata"]["ownerReferences"][0]["kind"] == "Schedule"
    if state == "pre_backup_failed":
        assert condition(value, "PreBackupPodReady") == ("False", "CreationFailed")
    if state == "running":
        assert condition(value, "Progressing") == ("True", "Started")


def test_other_objects_of_k8up() -> None:
    assert "schedule" not in objects.backup("a", namespace="home", schedule=None)["metadata"]
    check = objects.job("Check", "a", namespace="home")
    assert (check["kind"], condition(check, "PreBackupPodReady")) == ("Check", None)
    snapshot = objects.snapshot("0123456789abcdef", namespace="home", path="/data/x", date=WHEN)
    assert snapshot["metadata"]["name"] == "01234567"
    assert snapshot["spec"]["date"] == "2026-11-20T03:17:00Z"
    assert "unmasked" in snapshot["spec"]["repository"]


def test_suspended_objects_keep_stale_conditions() -> None:
    value = objects.kustomization("apps", suspended=True)
    assert value["spec"]["suspend"] is True
    assert condition(value, "Ready") == ("True", "ReconciliationSucceeded")
    assert value["metadata"]["generation"] > value["status"]["observedGeneration"]
    assert "suspend" not in objects.kustomization("apps")["spec"]
    failed = objects.helm_release("app", namespace="home", suspended=True, state="failed")
    assert condition(failed, "Ready") == ("False", "UpgradeFailed")


@pytest.mark.parametrize(
    ("state", "ready", "more"),
    [
        ("ready", ("True", "ReconciliationSucceeded"), None),
        ("reconciling", ("Unknown", "Progressing"), "Reconciling"),
        ("failed", ("False", "HealthCheckFailed"), None),
        ("stalled", ("False", "HealthCheckFailed"), "Stalled"),
        ("new", None, None),
    ],
)
def test_states_of_flux(state: Any, ready: tuple[str, str] | None, more: str | None) -> None:
    value = objects.kustomization("apps", state=state, depends_on=("infrastructure",))
    assert condition(value, "Ready") == ready
    if more is not None:
        assert condition(value, more) is not None
    release = objects.helm_release("app", namespace="home", state=state)
    assert (condition(release, "Ready") is None) is (ready is None)


def test_longhorn_writes_sizes_as_text() -> None:
    value = objects.volume("pvc-1", size=1024, actual_size=512, claim="data", claim_namespace="home")
    assert (value["spec"]["size"], value["status"]["actualSize"]) == ("1024", 512)
    assert value["status"]["lastBackupAt"] == ""
    assert objects.volume("pvc-1", state="detached")["status"]["robustness"] == "unknown"
    assert (
        objects.volume("pvc-1", state="detached", robustness="faulted")["status"]["robustness"] == "faulted"
    )
    assert condition(objects.volume("pvc-1", scheduled=False), "Scheduled") == (
        "False",
        "ReplicaSchedulingFailure",
    )
    failed = objects.longhorn_backup("b", volume="pvc-1", state="Error", error="no route")
    assert (failed["status"]["size"], failed["status"]["backupCreatedAt"]) == ("", "")
    assert objects.backup_volume("pvc-1")["status"]["lastBackupAt"] == ""
    assert objects.backup_target(available=False)["status"]["available"] is False


def test_applications_may_lack_any_part_of_their_status() -> None:
    assert "status" not in objects.application("app", sync=None, health=None, phase=None)
    assert "sync" not in objects.application("app", sync=None)["status"]
    assert "health" not in objects.application("app", health=None)["status"]
    several = objects.application(
        "app", sources=2, phase="Running", message="x", conditions=[("SyncError", "x")]
    )
    assert len(several["status"]["sync"]["revisions"]) == 2
    assert "finishedAt" not in several["status"]["operationState"]
    assert several["status"]["conditions"][0]["type"] == "SyncError"
    assert len(json.dumps(objects.application("app", resources=5000))) > 500_000


@pytest.mark.parametrize(
    ("state", "phase", "waiting"),
    [
        ("running", "Running", None),
        ("starting", "Pending", "ContainerCreating"),
        ("image_pull", "Pending", "ImagePullBackOff"),
        ("crash_loop", "Running", "CrashLoopBackOff"),
        ("out_of_memory", "Running", None),
        ("succeeded", "Succeeded", None),
        ("failed", "Failed", None),
        ("node_gone", "Running", None),
    ],
)
def test_pods(state: Any, phase: str, waiting: str | None) -> None:
    value = objects.pod("a", namespace="home", state=state, restarts=3)
    assert value["status"]["phase"] == phase
    (container,) = value["status"]["containerStatuses"]
    assert container["restartCount"] == 3
    assert container["state"].get("waiting", {}).get("reason") == waiting
    assert container["ready"] is (state in ("running", "node_gone"))


def test_pods_without_containers() -> None:
    for state in ("unscheduled", "evicted"):
        value = objects.pod("a", namespace="home", state=state)
        assert "containerStatuses" not in value["status"]
    assert "nodeName" not in objects.pod("a", namespace="home", state="unscheduled")["spec"]


def test_nodes() -> None:
    assert condition(objects.node("a"), "Ready") == ("True", "KubeletReady")
    assert condition(objects.node("a", state="not_ready"), "Ready") == ("False", "KubeletNotReady")
    assert condition(objects.node("a", state="gone"), "Ready") == ("Unknown", "NodeStatusUnknown")
    assert objects.node("a", schedulable=False)["spec"]["unschedulable"] is True


def test_core_objects_are_taken() -> None:
    cluster = server()
    cluster.load(
        [
            objects.event("Pod", "a", "BackOff", "again", namespace="home"),
            objects.persistent_volume_claim("data", namespace="home", volume="pvc-1", bound=False),
            objects.deployment("app", namespace="home", available=False),
            objects.namespace("home"),
        ]
    )
    deployment = cluster.get("deployments", "home", "app")
    assert "readyReplicas" not in deployment["status"]
    assert cluster.get("persistentvolumeclaims", "home", "data")["status"] == {"phase": "Pending"}


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_pods_belong_to_what_was_delivered(app: App) -> None:
    """A pod names its replica set, that names the deployment, and only that names what delivered it."""
    cluster = ApiServer()
    homelab_cluster(cluster)
    made = cluster.get("pods", app.namespace, app.pod)
    for kind in ("ReplicaSet", "Deployment"):
        (owner,) = made["metadata"]["ownerReferences"]
        assert (owner["kind"], owner["controller"]) == (kind, True)
        assert "helm.toolkit.fluxcd.io/name" not in made["metadata"]["labels"]
        made = cluster.get(kind, app.namespace, owner["name"])
        assert made["metadata"]["uid"] == owner["uid"]
    metadata = made["metadata"]
    if app.deployed_by == "flux":
        release = [metadata["labels"][f"helm.toolkit.fluxcd.io/{key}"] for key in ("namespace", "name")]
        assert cluster.get("helmreleases", *release)
    else:
        tracked = metadata["annotations"]["argocd.argoproj.io/tracking-id"]
        assert tracked == f"{app.name}:apps/Deployment:{app.namespace}/{app.name}"
        assert cluster.get("applications", "argocd", app.name)


def test_homelab() -> None:
    cluster = ApiServer()
    homelab = homelab_cluster(cluster)
    assert len(cluster.objects("namespaces")) >= 12
    assert cluster.objects("results") == []
    before = everything(cluster)
    homelab.break_pod_image()
    homelab.fail_backup()
    homelab.suspend_flux()
    homelab.degrade_volume()
    homelab.out_of_sync()
    homelab.lose_node()
    found = Counter(value["spec"]["kind"] for value in cluster.objects("results"))
    assert found == {"Pod": 1, "Deployment": 1, "Node": 1}
    changed = {key for key, value in everything(cluster).items() if before.get(key) != value}
    assert {kind for _, kind, *_ in changed} == {
        *("Pod", "Deployment", "Event", "HelmRelease", "Result", "Backup", "Kustomization", "Volume"),
        *("Application", "Node", "ReplicaSet"),
    }
    homelab.mend()
    assert everything(cluster) == before
    homelab.break_pod_image(next(app for app in APPS if app.deployed_by == "argocd"))
    health = cluster.get("applications", "argocd", "jellyfin")["status"]["health"]["status"]
    assert health == "Degraded"


def everything(cluster: ApiServer) -> dict[tuple[str, ...], dict[str, Any]]:
    """All objects without what changes with each write."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for collection in cluster.store.collections.values():
        for stored in collection.within(None):
            value = json.loads(stored.whole)
            del value["metadata"]["resourceVersion"], value["metadata"]["generation"]
            found[value["apiVersion"], value["kind"], *stored.key] = value
    return found


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (kinds.with_ready("GitRepository", "a") | {"spec": {"interval": "1m"}}, "spec.url: Required value"),
        (kinds.recurring_job(task="sleep"), "spec.task: Unsupported value"),
        (kinds.certificate("a") | {"spec": {"secretName": "a"}}, "spec.issuerRef: Required value"),
        (kinds.application_set("a") | {"spec": {"generators": [{}]}}, "spec.template: Required value"),
        (
            kinds.flux_report() | {"metadata": {"name": "other", "namespace": "flux-system"}},
            "metadata.name: Unsupported value",
        ),
        (
            kustomization("a") | {"status": {"conditions": [{"type": "Ready", "status": "True"}]}},
            "status.conditions[0].lastTransitionTime: Required value",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else one["kind"],
)
def test_what_the_schemas_of_the_systems_refuse(value: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        server("flux", "argocd", "longhorn", "cert-manager").apply(value)
