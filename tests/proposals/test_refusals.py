"""Where a change cannot be promised: refusals of edits and of the switch, and what follows from charts."""

import pytest

from custom_components.homelab_ai.proposals.adding import add
from custom_components.homelab_ai.proposals.consequences import claims_of, of_disabling, of_enabling
from custom_components.homelab_ai.proposals.graph import Graph, build
from custom_components.homelab_ai.proposals.objects import objects_of
from custom_components.homelab_ai.proposals.plan import Change, Consequence, Plan
from custom_components.homelab_ai.proposals.refusal import Reason, RefusedError
from custom_components.homelab_ai.proposals.repository import FileEdit, Repository
from custom_components.homelab_ai.proposals.splice import add_item, add_key, comment_item
from custom_components.homelab_ai.proposals.switching import disable, enable, suspend
from custom_components.homelab_ai.proposals.yaml_text import documents

from .corpus import Layout, repository

AI = "kubernetes/apps/ai"
LIST = f"{AI}/kustomization.yaml"
OFF = ("ollama", "paperless-ai")


def graph_of(off: tuple[str, ...] = (), **changes: str | None) -> Graph:
    """The listed layout, with files that are other ones; None is gone."""
    files = repository(Layout.LISTED, off)
    for path, text in changes.items():
        if text is None:
            files.pop(path)
        else:
            files[path] = text
    return build(Repository(dict(files)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("resources: {a: b}\n", Reason.LIST_NOT_UNDERSTOOD),
        ("other: 1\nresources: [ ] # none\n", None),
        ("resources: &x []\n", Reason.LIST_NOT_UNDERSTOOD),
    ],
)
def test_item_of_a_list_that_is_none(text: str, reason: Reason | None) -> None:
    (root,) = documents(text)
    resources = root.get("resources")
    assert resources is not None
    if reason is None:
        assert add_item(text, resources, "a.yaml").startswith("other: 1\nresources:\n  - a.yaml")
        return
    with pytest.raises(RefusedError) as refused:
        add_item(text, resources, "a.yaml")
    assert refused.value.reason is reason


@pytest.mark.parametrize("text", ["resources: [a.yaml]\n", "resources:\n  -\n    a.yaml\n"])
def test_item_that_cannot_be_commented_out(text: str) -> None:
    (root,) = documents(text)
    resources = root.get("resources")
    assert resources is not None
    with pytest.raises(RefusedError) as refused:
        comment_item(text, resources, 0)
    assert refused.value.reason in (Reason.LIST_NOT_UNDERSTOOD, Reason.NOT_VERIFIED)


@pytest.mark.parametrize("text", ["spec: {a: b}\n", "spec: {}\n", "spec: &x\n  a: b\n"])
def test_key_of_a_mapping_in_another_form(text: str) -> None:
    (root,) = documents(text)
    spec = root.get("spec")
    assert spec is not None
    with pytest.raises(RefusedError) as refused:
        add_key(text, 0, spec, "suspend", "true")
    assert refused.value.reason is Reason.ANCHOR


def test_roots_are_left_alone() -> None:
    graph = graph_of()
    root = next(app for app in graph.apps if app.is_root)
    with pytest.raises(RefusedError):
        disable(graph, [root.name])
    with pytest.raises(RefusedError):
        suspend(graph, root.name)


def test_list_in_a_form_that_is_not_understood() -> None:
    files = dict(repository(Layout.LISTED, OFF))
    files[LIST] = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [./x]\n"
    with pytest.raises(RefusedError) as refused:
        enable(build(Repository(files)), ["ollama"])
    assert refused.value.reason is Reason.LIST_NOT_UNDERSTOOD
    files = dict(repository(Layout.LISTED))
    files[f"{AI}/librechat/ks.dis"] = files[f"{AI}/librechat/ks.yaml"]
    with pytest.raises(RefusedError) as refused:
        disable(build(Repository(files)), ["librechat"])
    assert refused.value.reason is Reason.NAME_TAKEN


def test_namespace_that_is_off_has_no_app_that_is_on() -> None:
    files = dict(repository(Layout.LISTED, OFF))
    flux = "kubernetes/flux/cluster/ks.yaml"
    files[flux] = files[flux].replace("./kubernetes/apps", "./kubernetes/apps/media")
    with pytest.raises(RefusedError) as refused:
        enable(build(Repository(files)), ["ollama"])
    assert refused.value.reason is Reason.NAMESPACE_OFF


def test_template_of_a_name_that_is_taken() -> None:
    graph = graph_of()
    app = graph.named("grafana")
    plan = add(graph, app, "scrape_config", {"port": "9123"})
    again = build(graph.repository.with_edits(list(plan.edits)))
    with pytest.raises(RefusedError) as refused:
        add(again, again.named("grafana"), "scrape_config", {"port": "9123"})
    assert refused.value.reason is Reason.NAME_TAKEN


CLAIMS = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: plain}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec: {volumeClaimTemplates: [{metadata: {name: data}}]}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: chart}
spec: {values: {other: 1}, valuesFrom: [{kind: Secret, name: hidden}]}
"""


def test_what_goes_with_an_app_and_what_it_needs() -> None:
    folder = "kubernetes/apps/observability/grafana/app"
    files = dict(repository(Layout.LISTED))
    files[f"{folder}/helmrelease.yaml"] = CLAIMS
    graph = build(Repository(files))
    app = graph.named("grafana")
    assert list(claims_of(graph, app)) == ["plain", "data"]
    kinds = [one.kind for one in of_disabling(graph, app, "yesterday")]
    assert kinds == [
        Consequence.DELETES_ALL,
        Consequence.DELETES,
        Consequence.DELETES,
        Consequence.LAST_BACKUP,
    ]
    needed = {one.name for one in of_enabling(graph, app, [])}
    assert "hidden" in needed
    ks = "kubernetes/apps/observability/grafana/ks.yaml"
    files[ks] = files[ks].replace("prune: true", "prune: false")
    graph = build(Repository(files))
    assert of_disabling(graph, graph.named("grafana"), None) == []
    files[ks] = files[ks].replace("  interval: 1h", "  dependsOn:\n    - name: loki\n  interval: 1h")
    loki = "kubernetes/apps/observability/loki/ks.yaml"
    files[loki] = files[loki].replace("  wait: false", "  wait: false\n  suspend: true")
    graph = build(Repository(files))
    told = {one.kind for one in of_enabling(graph, graph.named("grafana"), [])}
    assert Consequence.NEEDS_SUSPENDED in told


def test_objects_of_files_that_say_nothing() -> None:
    graph = graph_of()
    texts = ("a: b: c\n", "- a\n", "kind: X\n", "apiVersion: v1\nkind: {a: b}\n", "kind: X\napiVersion: v1\n")
    edits = tuple(FileEdit(f"a{number}.yaml", None, text) for number, text in enumerate(texts))
    assert objects_of(graph, Plan(Change.MANIFEST, ("nobody",), edits, ())) == ()
    good = FileEdit("a.yaml", None, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    (found,) = objects_of(graph, Plan(Change.MANIFEST, ("nobody",), (good,), ()))
    assert (found.namespace, found.label) == ("", "ConfigMap/a")
    assert objects_of(graph, Plan(Change.TERRAFORM, ("terraform",), (good,), ())) == ()
