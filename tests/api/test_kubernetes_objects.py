"""What is read of the objects of a cluster, and what never leaves them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
import json
import time
from typing import Any

import pytest

from custom_components.homelab_ai.api.kubernetes import objects as read
from custom_components.homelab_ai.api.kubernetes.results import MASK, parse_finding
from demo.servers.kubernetes import objects as make
from demo.servers.kubernetes.objects import k8up

AT = datetime(2026, 11, 20, 3, 17, tzinfo=UTC)
PARSERS = (
    parse_finding,
    read.parse_kustomization,
    read.parse_helm_release,
    read.parse_application,
    read.parse_schedule,
    read.parse_backup,
    read.parse_snapshot,
    read.parse_volume,
    read.parse_node,
    read.parse_pod,
)
ODD: tuple[Any, ...] = (None, "", "text", 7, 1.5, True, [], ["x", None, {}], {}, {"x": {}})

# Results


def test_finding() -> None:
    found = parse_finding(
        make.result("Pod", "ai/webui-1", ["first", "second"], details="Do this.\nThen that.", created=AT)
    )
    assert (found.kind, found.name, found.created) == ("Pod", "ai/webui-1", AT)
    assert (found.text, found.explanation) == ("first\nsecond", "Do this.\nThen that.")


def test_content_is_kind_name_and_texts() -> None:
    def content(kind: str = "Pod", name: str = "a/b", *texts: str, **more: Any) -> str:
        return parse_finding(make.result(kind, name, texts or ("broken",), **more)).content_hash

    assert content() == content(details="other words each time", lifecycle="historical")
    assert content() == content(sensitive=["x"])
    others = {
        content("Service"),
        content("Pod", "a/c"),
        content("Pod", "a/b", "else"),
        content("Pod", "a/b", "broken", "else"),
    }
    assert len(others | {content()}) == 5


def test_back_off_that_counts_up_is_the_same_content() -> None:
    told = "back-off {} restarting failed container=app"
    hashes = {
        parse_finding(make.result("Pod", "a/b", [told.format(wait)])).content_hash
        for wait in ("10s", "1m20s", "5m0s")
    }
    assert len(hashes) == 1
    # A version is no duration.
    one, other = (parse_finding(make.result("Pod", "a/b", [f"image app:{tag}"])) for tag in ("v1", "v2"))
    assert one.content_hash != other.content_hash


@pytest.mark.parametrize(
    ("said", "words", "expected"),
    [
        ("a secret and another", ["secret", "and"], f"a {MASK} {MASK} another"),
        ("abcdef", ["abcd", "cdef"], MASK),
        ("abcdef", ["bc", "cd"], f"a{MASK}ef"),
        ("aaaa", ["aa"], MASK),
        ("x" * 3000, ["y"], "x" * 2000),
        ("x" * 1999 + "secret", ["secret"], "x" * 1999 + "*"),
    ],
)
def test_sensitive_words_are_masked(said: str, words: list[str], expected: str) -> None:
    found = parse_finding(make.result("Pod", "ai/webui", [said], sensitive=words))
    assert found.text == expected


def test_sensitive_word_is_masked_wherever_it_is_cut() -> None:
    word = "s3cret" * 1000
    texts = [f"{word} {'x' * (8000 - len(word) + shift)}" for shift in range(0, 200, 7)]
    for count in range(1, len(texts)):
        found = parse_finding(make.result("Pod", "ai/webui", texts[:count], sensitive=[word]))
        assert "s3cret" not in found.text


def test_thousands_of_sensitive_words_are_masked_in_no_time() -> None:
    words = [f"word-{number:06}" for number in range(20_000)]
    few, many = (
        make.result("Pod", "ai/webui", [" ".join(words[:count])] * 20, sensitive=words[:count])
        for count in (400, 20_000)
    )
    begun = time.process_time()
    assert parse_finding(few).text.count(MASK) >= 400
    assert parse_finding(many).text == MASK
    assert time.process_time() - begun < 1.0


def test_sensitive_words_never_leave() -> None:
    value = make.result(
        "Ingress",
        "web/shop",
        ["secret tls-shop-secret of host shop.example.org is missing", "tls-shop"],
        details="Create the secret tls-shop-secret in web.",
        sensitive=["tls-shop", "tls-shop-secret", "shop.example.org", ""],
    )
    found = parse_finding(value)
    assert found.text == f"secret {MASK} of host {MASK} is missing\n{MASK}"
    assert found.explanation == f"Create the secret {MASK} in web."
    assert "tls-shop" not in repr(found)
    # Nor do the words that stand for them: those are others in each analysis.
    assert value["spec"]["error"][0]["sensitive"][0]["masked"] not in repr(found)


def test_name_of_the_object_is_no_secret() -> None:
    found = parse_finding(make.result("Pod", "ai/webui", ["pod ai/webui waits"], sensitive=["webui", "ai"]))
    assert found.text == "pod ai/webui waits"


def test_texts_are_bounded() -> None:
    found = parse_finding(make.result("Pod", "a/b", ["x" * 100_000] * 5, details="y" * 1_000_000))
    assert len(found.text) == len(found.explanation) == read.MAX_TEXT


# Flux


@pytest.mark.parametrize(
    ("state", "ready", "stalled"),
    [
        ("ready", True, False),
        ("reconciling", None, False),
        ("new", None, False),
        ("failed", False, False),
        ("stalled", False, True),
    ],
)
def test_flux(state: Any, ready: bool | None, stalled: bool) -> None:
    for found in (
        read.parse_kustomization(make.kustomization("apps", state=state, at=AT)),
        read.parse_helm_release(make.helm_release("apps", namespace="flux-system", state=state, at=AT)),
    ):
        assert (found.namespace, found.name) == ("flux-system", "apps")
        assert (found.ready, found.stalled, found.suspended) == (ready, stalled, False)
        assert found.since == (None if state == "new" else AT)


def test_suspended_keeps_its_last_conditions() -> None:
    found = read.parse_kustomization(make.kustomization("apps", state="failed", suspended=True))
    assert (found.kind, found.suspended, found.ready) == ("Kustomization", True, False)
    assert found.reason == "HealthCheckFailed"


# Argo CD


def test_application() -> None:
    found = read.parse_application(
        make.application(
            "shop", sync="OutOfSync", health="Degraded", message="no pods", phase="Failed", at=AT, sources=2
        )
    )
    assert (found.namespace, found.name) == ("argocd", "shop")
    assert (found.sync, found.health, found.phase) == ("OutOfSync", "Degraded", "Failed")
    assert (found.message, found.operation_message) == ("no pods", "one or more tasks failed")
    assert found.finished == AT
    assert "unmasked" not in repr(found)


def test_new_application_says_nothing() -> None:
    found = read.parse_application(make.application("shop", sync=None, health=None, phase=None))
    assert (found.sync, found.health, found.phase, found.condition) == ("", "", "", "")


def test_condition_of_an_application() -> None:
    value = make.application("shop", sync="Unknown", conditions=[("ComparisonError", "no such path")])
    assert read.parse_application(value).condition == "no such path"


# K8up


@pytest.mark.parametrize(
    ("state", "succeeded"),
    [
        ("pending", None),
        ("running", None),
        ("succeeded", True),
        ("failed", False),
        ("pre_backup_failed", False),
    ],
)
def test_backup(state: k8up.State, succeeded: bool | None) -> None:
    value = make.backup("b1", namespace="ai", state=state, at=AT)
    found = read.parse_backup(value)
    assert (found.namespace, found.name, found.schedule) == ("ai", "b1", "schedule")
    assert found.succeeded is succeeded
    assert found.at == AT
    assert "unmasked" not in repr(found)


def test_backup_that_still_waits_for_its_pods() -> None:
    value = make.backup("b1", namespace="ai", state="pre_backup_failed")
    value["status"]["conditions"][0]["reason"] = "Waiting"
    assert read.parse_backup(value).succeeded is None


def test_schedule_of_a_backup() -> None:
    assert read.parse_backup(make.backup("b1", namespace="ai", schedule=None)).schedule == ""
    value = make.backup("b1", namespace="ai")
    del value["metadata"]["ownerReferences"]
    assert read.parse_backup(value).schedule == "schedule"


def test_schedule() -> None:
    value = make.schedule(namespace="ai")
    assert read.parse_schedule(value).backs_up
    del value["spec"]["backup"]
    found = read.parse_schedule(value)
    assert (found.namespace, found.name, found.backs_up) == ("ai", "schedule", False)


def test_snapshot() -> None:
    found = read.parse_snapshot(make.snapshot("a" * 64, namespace="ai", path="/data", date=AT))
    assert asdict(found) == {"namespace": "ai", "date": AT, "paths": ("/data",)}


# Longhorn, nodes and pods


def test_volume() -> None:
    value = make.volume("pvc-1", claim="data", claim_namespace="ai", robustness="degraded", last_backup_at=AT)
    found = read.parse_volume(value)
    assert (found.name, found.claim) == ("pvc-1", "ai/data")
    assert (found.state, found.robustness, found.last_backup) == ("attached", "degraded", AT)
    assert found.degraded is not None


def test_detached_volume() -> None:
    found = read.parse_volume(make.volume("pvc-1", state="detached"))
    assert (found.claim, found.robustness, found.last_backup, found.degraded) == ("", "unknown", None, None)


@pytest.mark.parametrize(("state", "ready"), [("ready", True), ("not_ready", False), ("gone", False)])
def test_node(state: Any, ready: bool) -> None:
    found = read.parse_node(make.node("n1", state=state, at=AT))
    assert (found.name, found.ready, found.since) == ("n1", ready, AT)


def test_node_that_has_just_joined() -> None:
    assert read.parse_node({"metadata": {"name": "n1"}}).ready is None


@pytest.mark.parametrize(
    ("state", "reason", "is_down"),
    [
        ("running", "Error", False),
        ("crash_loop", "CrashLoopBackOff", True),
        ("out_of_memory", "OOMKilled", True),
        ("node_gone", "Error", False),
    ],
)
def test_pod(state: Any, reason: str, is_down: bool) -> None:
    found = read.parse_pod(make.pod("web-1", namespace="ai", state=state, restarts=7, app="web"))
    assert (found.namespace, found.name, found.container) == ("ai", "web-1", "web")
    assert (found.restarts, found.reason) == (7, reason)
    assert (found.restarted_at is None) is is_down


def test_worst_container_counts() -> None:
    value = make.pod("web-1", namespace="ai", restarts=2)
    value["status"]["initContainerStatuses"] = [{"name": "init", "restartCount": 9}]
    found = read.parse_pod(value)
    assert (found.container, found.restarts, found.restarted_at) == ("init", 9, None)


@pytest.mark.parametrize("state", ["succeeded", "unscheduled", "evicted"])
def test_pods_that_do_not_restart(state: Any) -> None:
    assert read.parse_pod(make.pod("web-1", namespace="ai", state=state, restarts=9)).restarts == 0


# Whatever there is


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
def test_odd_objects_hide_no_others(parse: Callable[[Mapping[str, Any]], object]) -> None:
    for example in _examples():
        for path in _paths(example):
            for odd in ODD:
                spoiled = json.loads(json.dumps(example))
                _put(spoiled, path, odd)
                parse(spoiled)


def _examples() -> list[dict[str, Any]]:
    return [
        make.result("Pod", "a/b", ["broken"]),
        make.kustomization("apps"),
        make.application("shop", conditions=[("ComparisonError", "x")]),
        make.backup("b1", namespace="ai"),
        make.schedule(namespace="ai"),
        make.snapshot("a" * 64, namespace="ai", path="/data", date=AT - timedelta(days=1)),
        make.volume("pvc-1", claim="data"),
        make.node("n1"),
        make.pod("web-1", namespace="ai", state="crash_loop", restarts=3),
    ]


def _paths(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in _paths(one, *path, key))][0 if path else 1 :]


def _put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new
