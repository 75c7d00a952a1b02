"""Apps on and off in five layouts: what changes, what comes with it, and what is refused."""

import pytest

from custom_components.homelab_ai.proposals.graph import App, Graph, Tool, build
from custom_components.homelab_ai.proposals.plan import Consequence, Effect, Plan
from custom_components.homelab_ai.proposals.refusal import Reason, RefusedError
from custom_components.homelab_ai.proposals.repository import Repository
from custom_components.homelab_ai.proposals.switching import disable, enable, suspend

from .corpus import NAMESPACES, Layout, repository

LAYOUTS = list(Layout)
OFF = ("ollama", "open-webui", "librechat", "paperless-ai")
HOME = "kubernetes/apps/ai"


def _graph(layout: Layout, *off: str, **files: str) -> Graph:
    return build(Repository({**repository(layout, off), **files}))


def _active(graph: Graph) -> set[str]:
    return {app.name for app in graph.apps if app.active and not app.is_root}


def _after(graph: Graph, plan: Plan) -> Graph:
    return build(graph.repository.with_edits(list(plan.edits)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_graph_tells_what_is_active(layout: Layout) -> None:
    graph = _graph(layout, "ollama", "gatus")
    every = {app for apps in NAMESPACES.values() for app in apps}
    if layout is Layout.SEVERAL:
        every |= {f"{app}-extra" for app in every}
    off = {app for app in every if app.startswith(("ollama", "gatus"))}
    assert _active(graph) == every - off
    assert {app.name for app in graph.can_be_enabled()} == off
    assert {app.name for app in graph.apps if app.is_root} == {"cluster-apps"}
    assert graph.broken == ()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("app", ["ollama", "paperless-ai", "loki", "zigbee2mqtt", "gatus", "minio"])
def test_each_app_can_be_enabled_alone(layout: Layout, app: str) -> None:
    graph = _graph(layout, app)
    plan = enable(graph, [app])
    assert _active(_after(graph, plan)) == _active(_graph(layout))
    assert {edit.path.removeprefix("archive/apps/").split("/")[-1] for edit in plan.edits} <= {
        "kustomization.yaml",
        "ks.yaml",
        "ks.dis",
    }
    moved = {edit.after for edit in plan.edits if edit.before is None}
    assert moved == {edit.before for edit in plan.edits if edit.after is None}, "renamed as it is"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_disabling_and_enabling_leaves_no_trace(layout: Layout) -> None:
    graph = _graph(layout)
    off = _after(graph, disable(graph, ["gatus"]))
    assert "gatus" not in _active(off)
    again = _after(off, enable(off, ["gatus"]))
    assert dict(again.repository.files) == dict(graph.repository.files)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_order_of_the_homelab_falls_out_of_the_dependencies(layout: Layout) -> None:
    graph = _graph(layout, *OFF)
    plan = enable(graph, ["librechat", "paperless-ai"])
    order = [name for name in plan.order if not name.endswith("-extra")]
    assert order == ["ollama", "open-webui", "paperless-ai", "librechat"]
    assert order.index("ollama") < order.index("open-webui") < order.index("librechat")
    assert set(plan.apps[:2]) == {"librechat", "paperless-ai"}, "what was asked for stands first"
    assert Effect(Consequence.ALSO, "ollama") in plan.effects
    assert {"ollama", "open-webui"} <= _active(_after(graph, plan))


def test_enabling_is_two_edits_in_one_commit() -> None:
    plan = enable(_graph(Layout.LISTED, "ollama", "paperless-ai"), ["paperless-ai"])
    changed = {(edit.path, edit.before is None, edit.after is None) for edit in plan.edits}
    assert changed == {
        (f"{HOME}/kustomization.yaml", False, False),
        *((f"{HOME}/{app}/ks.dis", False, True) for app in ("ollama", "paperless-ai")),
        *((f"{HOME}/{app}/ks.yaml", True, False) for app in ("ollama", "paperless-ai")),
    }
    listing = next(edit for edit in plan.edits if edit.path.endswith("kustomization.yaml"))
    assert listing.after == f"{listing.before}  - ./ollama/ks.yaml\n  - ./paperless-ai/ks.yaml\n"


def test_commented_line_comes_back_where_it_stood() -> None:
    graph = _graph(Layout.COMMENTED, "open-webui")
    (edit,) = enable(graph, ["open-webui"]).edits
    assert edit.after == (edit.before or "").replace("# - ./open-webui", "- ./open-webui")


def test_several_in_one_file_come_together() -> None:
    graph = _graph(Layout.SEVERAL, "gatus")
    plan = enable(graph, ["gatus-extra"])
    assert plan.order == ("gatus", "gatus-extra")
    assert Effect(Consequence.ALSO, "gatus") in plan.effects


KS = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s}
spec:
  path: ./kubernetes/apps/ai/ollama/app
  sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}
  dependsOn: [%s]
"""


def _with(name: str, *needs: str, ending: str = "dis") -> dict[str, str]:
    listed = ", ".join(f"{{name: {one}}}" for one in needs)
    return {f"{HOME}/{name}/ks.{ending}": KS % (name, listed)}


@pytest.mark.parametrize(
    ("files", "app", "reason", "named"),
    [
        (_with("new", "gone"), "new", Reason.DEPENDENCY_MISSING, "ai/gone"),
        (_with("one", "two") | _with("two", "one"), "one", Reason.DEPENDENCY_CYCLE, "one"),
        (_with("self", "self"), "self", Reason.DEPENDENCY_CYCLE, "self"),
        ({}, "ollama", Reason.ALREADY, "ollama"),
        ({}, "nobody", Reason.APP_UNKNOWN, "nobody"),
        ({}, "cluster-apps", Reason.APP_UNKNOWN, "cluster-apps"),
        ({}, "", Reason.APP_UNKNOWN, ""),
        (
            {
                "kubernetes/apps/off/x/ks.dis": KS % ("x", ""),
                "kubernetes/apps/off/kustomization.yaml": "a: b\n",
            },
            "x",
            Reason.LIST_NOT_UNDERSTOOD,
            "off",
        ),
        ({"elsewhere/x/ks.dis": KS % ("x", "")}, "x", Reason.NAMESPACE_OFF, "elsewhere/x"),
        (
            {"archive/apps/ai/y/ks.dis": (KS % ("y", "")).replace("ollama/app", "y/app")},
            "y",
            Reason.PATH_MISSING,
            "ai/y/app",
        ),
        (
            {f"{HOME}/z/ks.dis": (KS % ("z", "")).replace("./kubernetes", "./${ROOT}")},
            "z",
            Reason.SUBSTITUTION,
            "z",
        ),
        (_with("w") | {f"{HOME}/w/ks.yaml": "a: b\n"}, "w", Reason.NAME_TAKEN, "w/ks.yaml"),
    ],
)
def test_enabling_is_refused_with_the_reason(
    files: dict[str, str], app: str, reason: Reason, named: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        enable(_graph(Layout.LISTED, **files), [app])
    assert refused.value.reason is reason
    assert named in str(refused.value)


def test_dependency_from_elsewhere_is_no_obstacle() -> None:
    graph = _graph(Layout.LISTED, **_with("new", "gone"))
    assert enable(graph, ["new"], elsewhere={("ai", "gone")}).order == ("new",)


def test_soft_dependencies_are_told_not_edited() -> None:
    graph = _graph(Layout.LISTED, "ollama", "gatus")
    text = "kind: ConfigMap\ndata:\n  url: http://ollama.ai.svc.cluster.local:11434\n"
    app = next(path for path in graph.repository.files if path.endswith("gatus/app/helmrelease.yaml"))
    files = {**graph.repository.files, app: text}
    plan = enable(build(Repository(files)), ["gatus"])
    assert Effect(Consequence.NEEDS_OFF, "ollama", "gatus") in plan.effects
    assert plan.order == ("gatus",)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_disabling_is_refused_while_somebody_needs_it(layout: Layout) -> None:
    graph = _graph(layout)
    with pytest.raises(RefusedError) as refused:
        disable(graph, ["ollama"])
    assert refused.value.reason is Reason.NEEDED
    assert {"open-webui", "paperless-ai"} <= set(refused.value.facts["by"].split(", "))
    plan = disable(graph, ["ollama", "open-webui", "librechat", "paperless-ai"])
    assert not _active(_after(graph, plan)) & set(OFF)
    assert plan.order.index("librechat") < plan.order.index("open-webui") < plan.order.index("ollama")


def test_disabling_names_what_goes_and_offers_to_suspend_first() -> None:
    graph = _graph(Layout.LISTED)
    effects = disable(graph, ["gatus"], lambda namespace: f"yesterday, {namespace}").effects
    assert effects[0] == Effect(Consequence.COULD_SUSPEND, "gatus")
    assert Effect(Consequence.DELETES_ALL, "gatus") in effects
    claims = [effect.name for effect in effects if effect.kind is Consequence.DELETES]
    assert claims in (["gatus"], ["gatus-data"])
    assert effects[-1] == Effect(Consequence.LAST_BACKUP, "observability", "yesterday, observability")
    assert disable(graph, ["gatus"]).effects[-1].kind is Consequence.NO_BACKUP


def test_last_of_a_list_stays() -> None:
    files = {
        "kubernetes/apps/ai/kustomization.yaml": "namespace: ai\nresources:\n  - ./ollama/ks.yaml\n",
    }
    graph = _graph(Layout.LISTED, "open-webui", "librechat", "paperless-ai", **files)
    with pytest.raises(RefusedError) as refused:
        disable(graph, ["ollama"])
    assert refused.value.reason is Reason.LAST_ENTRY


@pytest.mark.parametrize("layout", LAYOUTS)
def test_suspend_and_resume(layout: Layout) -> None:
    graph = _graph(layout)
    plan = suspend(graph, "grafana")
    (edit,) = plan.edits
    assert edit.after == (edit.before or "").replace("spec:\n", "spec:\n  suspend: true\n", 1)
    after = _after(graph, plan)
    assert after.named("grafana").suspended
    (back,) = suspend(after, "grafana", resume=True).edits
    assert back.after == (edit.after or "").replace("suspend: true", "suspend: false")
    with pytest.raises(RefusedError) as refused:
        suspend(graph, "grafana", resume=True)
    assert refused.value.reason is Reason.ALREADY


ARGO_ROOT = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: root, namespace: argocd}
spec:
  source: {repoURL: https://git.example/lab, path: argo/apps, targetRevision: HEAD}
"""
ARGO = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: %s
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  source: {repoURL: https://git.example/lab, path: apps/%s}
"""


def _argo() -> dict[str, str]:
    return {
        "argo/root.yaml": ARGO_ROOT,
        "argo/apps/grafana.yaml": ARGO % ("grafana", "grafana"),
        "argo/apps/loki.yaml.dis": ARGO % ("loki", "loki"),
        "apps/grafana/claim.yaml": "kind: PersistentVolumeClaim\nmetadata: {name: dashboards}\n",
        "apps/loki/deployment.yaml": "kind: Deployment\n",
    }


def test_argo_apps_of_an_app() -> None:
    graph = build(Repository(_argo()))
    assert {app.name: app.active for app in graph.apps} == {"root": True, "grafana": True, "loki": False}
    plan = enable(graph, ["loki"])
    assert {edit.path for edit in plan.edits} == {"argo/apps/loki.yaml.dis", "argo/apps/loki.yaml"}
    off = disable(graph, ["grafana"])
    assert {edit.path for edit in off.edits} == {"argo/apps/grafana.yaml", "argo/apps/grafana.dis"}
    assert Effect(Consequence.DELETES, "dashboards", "grafana") in off.effects
    assert all(effect.kind is not Consequence.COULD_SUSPEND for effect in off.effects)
    with pytest.raises(RefusedError) as refused:
        suspend(graph, "grafana")
    assert refused.value.reason is Reason.NO_SUSPEND


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, Reason.NO_ROOT),
        ({"a.yaml": "kind: Deployment\n"}, Reason.NO_ROOT),
        (_with("alone", ending="yaml"), Reason.NO_ROOT),
        (
            _argo() | {"set.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n"},
            Reason.APPLICATION_SET,
        ),
        (
            {
                "root.yaml": ARGO_ROOT,
                "argo/apps/Chart.yaml": "name: apps\n",
                "argo/apps/templates/a.yaml": "a: b",
            },
            Reason.HELM_OF_APPS,
        ),
    ],
)
def test_layout_that_is_not_understood_is_refused(files: dict[str, str], reason: Reason) -> None:
    with pytest.raises(RefusedError) as refused:
        build(Repository(files))
    assert refused.value.reason is reason


def test_path_of_the_cluster_is_a_root() -> None:
    files = dict(repository(Layout.LISTED, ("gatus",)))
    del files["kubernetes/flux/cluster/ks.yaml"]
    graph = build(Repository(files), roots=["./kubernetes/apps"])
    assert "grafana" in _active(graph)
    assert "gatus" not in _active(graph)


def test_substitutes_of_the_root_are_known() -> None:
    files = dict(repository(Layout.LISTED))
    root = files["kubernetes/flux/cluster/ks.yaml"]
    files["kubernetes/flux/cluster/ks.yaml"] = f"{root}  postBuild:\n    substitute:\n      WHERE: ollama\n"
    files[f"{HOME}/ollama/ks.yaml"] = files[f"{HOME}/ollama/ks.yaml"].replace(
        "ai/ollama/app", "ai/${WHERE}/app"
    )
    app = build(Repository(files)).named("ollama")
    assert (app.path, app.unclear) == (f"{HOME}/ollama/app", None)


def test_same_name_twice_has_to_be_told_apart() -> None:
    files = {f"{HOME}/grafana/ks.dis": KS % ("grafana", "")}
    graph = _graph(Layout.LISTED, **files)
    with pytest.raises(RefusedError) as refused:
        graph.named("Grafana")
    assert refused.value.reason is Reason.APP_AMBIGUOUS
    assert graph.named("ai/grafana").file == f"{HOME}/grafana/ks.dis"


def test_names_as_people_say_them() -> None:
    graph = _graph(Layout.LISTED)
    assert graph.named("Open WebUI").name == "open-webui"
    assert graph.named("paperless AI").tool is Tool.FLUX
    assert isinstance(graph.named("zigbee2mqtt"), App)


def test_folder_with_a_dot_in_its_name_is_no_address() -> None:
    listing = f"{HOME}/kustomization.yaml"
    files = dict(repository(Layout.LISTED))
    files[listing] += "  - auth.example/ks.yaml\n  - https://example.org/x.yaml\n  - github.com/a/b?ref=v1\n"
    files[f"{HOME}/auth.example/ks.yaml"] = KS % ("auth", "")
    graph = build(Repository(files))
    assert graph.named("auth").active
    assert graph.broken == ()
