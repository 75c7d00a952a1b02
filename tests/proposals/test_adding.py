"""New files from templates and from a model, and what a check says of a plan as a whole."""

from dataclasses import replace

import pytest

from custom_components.homelab_ai.proposals.adding import MAX_WRITTEN, TEMPLATES, add, manifest, terraform
from custom_components.homelab_ai.proposals.graph import Graph, build
from custom_components.homelab_ai.proposals.plan import Consequence, Plan
from custom_components.homelab_ai.proposals.refusal import Reason, RefusedError
from custom_components.homelab_ai.proposals.repository import FileEdit, Repository
from custom_components.homelab_ai.proposals.switching import disable, enable, suspend
from custom_components.homelab_ai.proposals.verification import CheckKind, Result, Verified, verify
from custom_components.homelab_ai.proposals.yaml_text import documents

from .corpus import Layout, repository

HOME = "kubernetes/apps/ai/librechat/app"
VALUES = {
    "scrape_config": {"port": "9123"},
    "service_monitor": {},
    "prometheus_rule": {"cronjob": "paperless-ai", "hours": "2"},
    "k8up_schedule": {"secret": "backup", "bucket": "backups", "endpoint": "https://minio.lan:9000"},
    "recurring_job": {"schedule": "0 2 * * 1-5", "retain": "14"},
    "certificate": {"host": "chat.lan", "issuer": "home-ca"},
}
HOSTILE = ("a: b", "x\ny: z", "{{", "${A}", "#", "../..", "'", '"', "-", "*", "")


def _graph(*off: str, layout: Layout = Layout.LISTED, **files: str) -> Graph:
    return build(Repository({**repository(layout, off), **files}))


def _check(verified: Verified, kind: CheckKind) -> Result:
    return next(check.result for check in verified.checks if check.kind is kind)


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_makes_an_object_in_the_list_of_its_app(template: str) -> None:
    graph = _graph()
    plan = add(graph, graph.named("librechat"), template, VALUES[template])
    new, listing = plan.edits
    assert new.path == f"{HOME}/{template.replace('_', '-')}.yaml"
    assert listing.after == f"{listing.before}  - ./{new.path.rpartition('/')[2]}\n"
    (root,) = documents(new.after or "")
    assert root.text("metadata", "name").startswith("librechat")
    assert "{" not in (new.after or "").replace("{namespace=", "").replace("cronjob=", "")
    assert verify(graph, plan).may_open


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("value", HOSTILE)
def test_value_that_is_no_name_fits_no_slot(template: str, value: str) -> None:
    graph = _graph()
    for slot in TEMPLATES[template].slots:
        with pytest.raises(RefusedError) as refused:
            add(graph, graph.named("librechat"), template, {**VALUES[template], slot.name: value})
        assert refused.value.reason is Reason.TEMPLATE


def test_template_that_is_not_there() -> None:
    graph = _graph()
    with pytest.raises(RefusedError):
        add(graph, graph.named("librechat"), "pod", {})
    with pytest.raises(RefusedError):
        add(graph, graph.named("librechat"), "certificate", {**VALUES["certificate"], "run": "x"})


GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes\ndata:\n  a: b"


@pytest.mark.parametrize(
    ("text", "may_open"),
    [
        (GOOD, True),
        (GOOD.replace("notes", "Notes!"), False),
        (GOOD.replace("kind: ConfigMap\n", ""), False),
        (f"{GOOD}\n# ... rest unchanged\n", False),
        (f"{GOOD}\n a: [", False),
        (f"{GOOD}\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{a: b}}\n", False),
        (f"{GOOD}\n  key: -----BEGIN RSA PRIVATE KEY-----\n", False),
        ("just words", False),
    ],
)
def test_manifest_of_a_model_is_checked_and_marked(text: str, may_open: bool) -> None:
    graph = _graph()
    plan = manifest(graph, graph.named("librechat"), "notes.yaml", text)
    verified = verify(graph, plan)
    assert verified.may_open is may_open
    assert plan.written_by_model
    assert Consequence.UNVERIFIED in {effect.kind for effect in verified.effects}


@pytest.mark.parametrize(
    "name", ["../a.yaml", "a.yml", "a/b.yaml", ".github.yaml", "A.yaml", "helmrelease.yaml"]
)
def test_manifest_is_one_new_file_of_its_app(name: str) -> None:
    graph = _graph()
    with pytest.raises(RefusedError) as refused:
        manifest(graph, graph.named("librechat"), name, GOOD)
    assert refused.value.reason in (Reason.PATH, Reason.NAME_TAKEN)


@pytest.mark.parametrize("text", ["", "  \n", "x" * (MAX_WRITTEN + 1), "a: \x1b[31m", "a: \u202eb"])
def test_what_a_model_writes_is_bounded(text: str) -> None:
    graph = _graph()
    with pytest.raises(RefusedError):
        manifest(graph, graph.named("librechat"), "a.yaml", text)


def test_terraform_goes_where_there_is_some() -> None:
    files = {**repository(Layout.LISTED), "terraform/dns/main.tf": 'resource "a" "b" {}\n'}
    plan = terraform(files, "terraform/dns/chat.tf", 'resource "dns" "chat" {\n}\n')
    kinds = {effect.kind for effect in plan.effects}
    assert kinds == {Consequence.UNVERIFIED, Consequence.NOT_VALIDATED}
    assert verify(build(Repository(files)), plan).may_open
    for path in (
        "terraform/dns/main.tf",
        "elsewhere/a.tf",
        "../a.tf",
        "terraform/dns/a.sh",
        "/terraform/dns/a.tf",
    ):
        with pytest.raises(RefusedError):
            terraform(files, path, 'resource "a" "c" {}\n')


@pytest.mark.parametrize("layout", list(Layout))
def test_plans_of_ours_pass_their_checks(layout: Layout) -> None:
    graph = _graph("paperless-ai", "ollama", layout=layout)
    for plan in (enable(graph, ["paperless-ai"]), disable(graph, ["gatus"]), suspend(graph, "grafana")):
        verified = verify(graph, plan)
        assert verified.may_open, verified.checks


def test_enabling_tells_first_what_it_opens() -> None:
    path = "kubernetes/apps/ai/ollama/app/helmrelease.yaml"
    route = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: ollama}\n"
    graph = _graph("ollama", **{path: route})
    verified = verify(graph, enable(graph, ["ollama"]))
    assert verified.effects[0].kind is Consequence.EXPOSED
    assert verified.may_open
    assert _check(verified, CheckKind.POLICY) is Result.WARN


def _broken(plan: Plan) -> list[Plan]:
    """Return plans that do less, or more, than they say."""
    listing = next(edit for edit in plan.edits if edit.path.endswith("kustomization.yaml"))
    others = tuple(edit for edit in plan.edits if edit is not listing)
    more = (listing.after or "").replace("  - ./open-webui/ks.yaml\n", "")
    missing = f"{listing.after}  - ./gone/ks.yaml\n"
    return [
        replace(plan, edits=others),
        replace(plan, edits=(*others, FileEdit(listing.path, listing.before, more))),
        replace(plan, edits=(*others, FileEdit(listing.path, listing.before, missing))),
        replace(plan, edits=(listing,)),
    ]


def test_plan_that_does_something_else_does_not_pass() -> None:
    graph = _graph("ollama")
    for plan in _broken(enable(graph, ["ollama"])):
        verified = verify(graph, plan)
        assert _check(verified, CheckKind.REPOSITORY) is Result.FAILED
        assert not verified.may_open
