"""Each rule with what it lets pass and what it finds; and that what was so before is no finding."""

import pytest

from custom_components.homelab_ai.proposals.policy import (
    RULES,
    Finding,
    Level,
    Neighbours,
    judge,
    quantity,
    registry_of,
)
from custom_components.homelab_ai.proposals.repository import FileEdit
from custom_components.homelab_ai.proposals.terraform import judge_terraform

OBJECT = "apiVersion: v1\nkind: {kind}\nmetadata: {{name: a{meta}}}\n{rest}"


def _object(rest: str = "", kind: str = "ConfigMap", meta: str = "") -> str:
    return OBJECT.format(kind=kind, rest=rest, meta=meta)


def _deployment(container: str, rest: str = "") -> str:
    return _object(
        f"spec:\n  {rest}\n  template: {{spec: {{containers: [{{name: c, {container}}}]}}}}", "Deployment"
    )


GOOD = "image: ghcr.io/a/b:1, resources: {requests: {cpu: 1}, limits: {cpu: 1}}, readinessProbe: {a: b}"

# Rule, what passes, what is found. Where there are two texts in each, before and after.
FIXTURES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "exposure",
        (_object("spec: {type: ClusterIP}", "Service"),),
        (_object("spec: {type: LoadBalancer}", "Service"),),
    ),
    (
        "exposure",
        (_object("spec: {values: {ingress: {enabled: false}}}"),),
        (_object("a: {ingress: {enabled: true}}"),),
    ),
    ("exposure", (_object("spec: {className: internal}"),), (_object("spec: {className: external}"),)),
    ("exposure", (_object(kind="Service"),), (_object(kind="HTTPRoute"),)),
    ("secret", (_object(kind="Secret"),), (_object("data: {a: Yg==}", "Secret"),)),
    (
        "credential",
        (_object("data: {password: '${PASSWORD}'}"),),
        (_object("data: {password: hunter2hunter2}"),),
    ),
    (
        "credential",
        (_object("a: {existingSecret: long-enough-name}"),),
        (_object("a: {apiKey: 0123456789}"),),
    ),
    (
        "credential",
        (_object("a: [{name: X, value: abcdefgh}]"),),
        (_object("a: [{name: DB_PASSWORD, value: abcdefgh}]"),),
    ),
    ("credential", (_object("a: ghp_short"),), (_object("a: ghp_0123456789abcdefghijkl"),)),
    ("credential", (_object("a: postgres://db:5432/x"),), (_object("a: postgres://me:geheim@db:5432/x"),)),
    ("privileged", (_object("a: {privileged: false}"),), (_object("a: {privileged: true}"),)),
    (
        "capabilities",
        (_object("capabilities: {drop: [ALL]}"),),
        (_object("capabilities: {add: [SYS_ADMIN]}"),),
    ),
    ("host_path", (_object("a: [{emptyDir: {}}]"),), (_object("a: [{hostPath: {path: /}}]"),)),
    ("host_path", (_object("a: {type: nfs}"),), (_object("a: {type: hostPath}"),)),
    ("host_namespaces", (_object("a: {hostNetwork: false}"),), (_object("a: {hostPID: true}"),)),
    ("socket", (_object("a: {path: /run/app.sock}"),), (_object("a: {path: /var/run/docker.sock}"),)),
    ("rights", (_object("rules: [{verbs: [get]}]", "Role"),), (_object("rules: [{verbs: ['*']}]", "Role"),)),
    ("rights", (_object(kind="RoleBinding"),), (_object(kind="ClusterRoleBinding"),)),
    ("rights", (_object("roleRef: {name: view}"),), (_object("roleRef: {name: cluster-admin}"),)),
    ("namespace", (_object(meta=", namespace: ai"),), (_object(meta=", namespace: kube-system"),)),
    ("crd", (_object(kind="Deployment"),), (_object(kind="CustomResourceDefinition"),)),
    ("admission", (_object(kind="Deployment"),), (_object(kind="MutatingWebhookConfiguration"),)),
    (
        "pruning",
        (_object("a: {prune: true}"),) * 2,
        (_object("a: {prune: false}"), _object("a: {prune: true}")),
    ),
    (
        "shrinks",
        (_object("a: {size: 1Gi}"), _object("a: {size: 2Gi}")),
        (_object("a: {size: 2Gi}"), _object("a: {size: 900Mi}")),
    ),
    (
        "storage_class",
        (_object("a: {storageClass: b}"),) * 2,
        (_object("a: {storageClass: b}"), _object("a: {storageClass: c}")),
    ),
    (
        "stateful_set",
        (_object("spec: {replicas: 1}", "StatefulSet"), _object("spec: {replicas: 2}", "StatefulSet")),
        (
            _object("spec: {selector: {a: b}}", "StatefulSet"),
            _object("spec: {selector: {a: c}}", "StatefulSet"),
        ),
    ),
    (
        "backup_gone",
        (_object("a: {k8up.io/backup: 'true'}"),) * 2,
        (_object("a: {k8up.io/backup: 'true'}"), _object("a: {k8up.io/backup: 'false'}")),
    ),
    ("source", (_object(kind="HelmRelease"),), (_object("spec: {url: 'https://a'}", "HelmRepository"),)),
    ("no_limits", (_deployment(GOOD),), (_deployment("image: a:1"),)),
    ("no_tag", (_object("image: a:1"),), (_object("image: a:latest"),)),
    (
        "no_tag",
        (_object("image: {repository: a, tag: '1'}"),),
        (_object("image: {repository: reg:5000/a, tag: ''}"),),
    ),
    ("none_run", (_object("spec: {replicas: 1}"),), (_object("spec: {replicas: 0}"),)),
    ("registry", (_object("image: ghcr.io/a/b:1"),), (_object("image: evil.example/a/b:1"),)),
    ("no_probes", (_deployment(GOOD),), (_deployment("image: a:1"),)),
)


def _rules(texts: tuple[str, ...]) -> set[str]:
    before, after = (None, *texts)[-2:]
    neighbours = Neighbours(frozenset(("ghcr.io/a", "docker.io/library")))
    return {finding.rule for finding in judge([FileEdit("a.yaml", before, after)], neighbours)}


@pytest.mark.parametrize(("rule", "good", "bad"), FIXTURES, ids=[row[0] for row in FIXTURES])
def test_rule(rule: str, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    assert rule not in _rules(good)
    assert rule in _rules(bad)
    if len(bad) == 1:
        assert rule not in _rules((bad[0], bad[0])), "what was so before is no finding"


def test_every_rule_has_its_fixtures() -> None:
    assert {row[0] for row in FIXTURES} == {rule.id for rule in RULES}


def test_exposure_is_told_first() -> None:
    text = _object("spec: {type: LoadBalancer, replicas: 0, hostNetwork: true}", "Service")
    levels = [finding.level for finding in judge([FileEdit("a.yaml", None, text)])]
    assert levels == [Level.EXPOSURE, Level.BLOCK, Level.WARN]


def test_object_that_moves_is_as_it_was() -> None:
    text = _object("a: {privileged: true}")
    assert judge([FileEdit("ks.dis", text, None), FileEdit("ks.yaml", None, text)]) == []


def test_secret_itself_is_never_told() -> None:
    (finding,) = judge([FileEdit("a.yaml", None, _object("data: {password: hunter2hunter2}"))])
    assert finding == Finding("credential", Level.BLOCK, "a.yaml", "password")


def test_quantities_and_registries() -> None:
    assert [quantity(one) for one in ("1Gi", "1.5k", "x", "10")] == [2**30, 1500, None, 10]
    images = ("nginx:1", "a/b", "ghcr.io/a/b:1@sha256:0", "localhost:5000/x")
    assert [registry_of(one) for one in images] == [
        "docker.io/library",
        "docker.io/a",
        "ghcr.io/a",
        "localhost:5000",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('resource "a" "b" {\n  c = "d}"\n}\n', set()),
        ('provider "a" {}\n', {"provider"}),
        ("terraform {\n}\n", {"backend"}),
        ('resource "a" "b" {\n provisioner "x" {}\n}', {"provisioner"}),
        ('resource "null_resource" "b" {}', {"null_resource"}),
        ('module "x" {\n source = "git::https://evil"\n}\n', {"module"}),
        ('resource "a" "b" {\n password = "hunter2hunter2"\n}', {"credential"}),
        ('resource "a" "b" {\n password = "${var.p}"\n}', set()),
        ('resource "a" "b" {', {"syntax"}),
        ('locals { a = file("/etc/passwd") }', {"function"}),
    ],
)
def test_terraform(text: str, found: set[str]) -> None:
    findings = judge_terraform([FileEdit("a.tf", None, text)])
    assert {finding.detail for finding in findings} - {"syntax"} == found - {"syntax"}
    assert ("syntax" in found) <= ("syntax" in {finding.detail for finding in findings})


def test_existing_terraform_stays() -> None:
    (finding,) = judge_terraform([FileEdit("a.tf", "", 'resource "a" "b" {}')])
    assert finding.detail == "existing"
