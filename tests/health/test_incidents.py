"""Incidents: one cause, one event, whatever the order in which things are told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
import time

import pytest

from custom_components.homelab_ai.health.kinds import KINDS
from custom_components.homelab_ai.health.ledger import (
    CAUSE_PATIENCE,
    DAMPING,
    Change,
    ChangeKind,
    HealthData,
    Ledger,
)
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.health.subjects import of_alert, of_claim, of_object
from custom_components.homelab_ai.topology import Link, LinkKind, Thing, ThingKind, Topology

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def thing(
    key: str, *links: tuple[LinkKind, str], kind: ThingKind = ThingKind.APP, source: str = "c"
) -> Thing:
    return Thing(
        f"{source}/{key}", kind, key, source, links=tuple(Link(*link) for link in links), keys=(key,)
    )


def problem(
    subject: str, severity: Severity = Severity.WARNING, kind: str = "query", source: str = "c"
) -> Problem:
    key = f"{source}:{kind}:{subject}"
    return Problem(key, source, kind, subject, severity, f"{subject} is in trouble", subject=(subject,))


class Lab:
    """A homelab of things, whose problems are told one after the other."""

    def __init__(self, *things: Thing) -> None:
        self.topology = Topology()
        for source in dict.fromkeys(one.source for one in things):
            self.topology.report(source, {one.id: one for one in things if one.source == source})
        self.ledger = Ledger(topology=self.topology)
        self.problems: dict[str, dict[str, Problem]] = {}
        self.now = NOW
        self.tell("c", "other")

    def tell(self, *sources: str) -> HealthData:
        for source in sources:
            self.ledger.report(source, self.problems.setdefault(source, {}).copy(), self.now)
        return self.ledger.settle(self.now)

    def add(self, *problems: Problem) -> HealthData:
        for one in problems:
            self.problems.setdefault(one.source, {})[one.id] = one
        return self.tell(*{one.source for one in problems})

    def end(self, *problems: Problem) -> HealthData:
        for one in problems:
            del self.problems[one.source][one.id]
        return self.tell(*{one.source for one in problems})

    def wait(self, span: timedelta) -> HealthData:
        self.now += span
        return self.ledger.settle(self.now)


def told(*changes: Change) -> list[str]:
    return [f"{change.kind.value} {change.problem.name}" for change in changes]


@pytest.mark.parametrize("kind", LinkKind)
def test_every_link(kind: LinkKind) -> None:
    lab = Lab(thing("lower"), thing("upper", (kind, "lower")))
    data = lab.add(problem("upper"), problem("lower"))
    if kind is LinkKind.BACKED_UP_BY:
        assert {one.name for one in data.problems} == {"upper", "lower"}
        return
    assert [one.name for one in data.problems] == ["lower"]
    assert [one.name for one in data.consequences["c:query:lower"]] == ["upper"]
    assert data.why_grouped == {"c:query:upper": f"{kind.value} lower"}
    assert told(*data.changes) == ["raised lower"]


CHAIN = (
    thing("node", kind=ThingKind.NODE),
    thing("release", kind=ThingKind.GITOPS),
    thing("workload", (LinkKind.DELIVERED_BY, "release"), kind=ThingKind.WORKLOAD),
    thing("pod", (LinkKind.PART_OF, "workload"), (LinkKind.RUNS_ON, "node"), kind=ThingKind.POD),
    thing("page", (LinkKind.SERVED_BY, "workload"), kind=ThingKind.PAGE, source="other"),
)


@pytest.mark.parametrize("order", list(permutations(["pod", "workload", "release", "page"])))
def test_one_event_in_every_order(order: tuple[str, ...]) -> None:
    lab = Lab(*CHAIN)
    changes: list[Change] = []
    for name in order:
        changes += lab.add(problem(name, source="other" if name == "page" else "c")).changes
        changes += lab.wait(2 * SECOND).changes
    changes += lab.wait(CAUSE_PATIENCE).changes
    data = lab.wait(timedelta(hours=1))
    assert told(*changes, *data.changes) == ["raised release"]
    assert {one.name for one in data.consequences["c:query:release"]} == {"pod", "workload", "page"}
    assert [one.name for one in data.problems] == ["release"]


def test_what_nothing_explains_is_told_after_a_while() -> None:
    lab = Lab(*CHAIN)
    data = lab.add(problem("pod"))
    assert (told(*data.changes), [one.name for one in data.problems]) == ([], ["pod"])
    assert lab.ledger.next_deadline() == NOW + CAUSE_PATIENCE
    assert told(*lab.wait(CAUSE_PATIENCE - SECOND).changes) == []
    assert told(*lab.wait(SECOND).changes) == ["raised pod"]


def test_what_nothing_can_explain_is_told_at_once() -> None:
    lab = Lab(*CHAIN)
    assert told(*lab.add(problem("node")).changes) == ["raised node"]
    assert told(*lab.add(problem("unknown")).changes) == ["raised unknown"]


def test_a_consequence_that_goes_with_its_cause_says_nothing() -> None:
    lab = Lab(*CHAIN)
    lab.add(problem("node"), problem("pod"))
    lab.end(problem("node"), problem("pod"))
    assert told(*lab.wait(DAMPING).changes) == ["resolved node"]
    assert told(*lab.wait(timedelta(hours=1)).changes) == []


def test_what_is_still_wrong_after_its_cause_becomes_an_incident() -> None:
    lab = Lab(*CHAIN)
    lab.add(problem("node"), problem("pod"))
    data = lab.end(problem("node"))
    assert [one.name for one in data.problems] == ["pod"]
    assert told(*lab.wait(DAMPING - SECOND).changes) == []
    assert told(*lab.wait(SECOND).changes) == ["resolved node", "raised pod"]


def test_an_incident_is_as_bad_as_its_worst_member() -> None:
    lab = Lab(*CHAIN)
    data = lab.add(problem("node"))
    assert [change.problem.severity for change in data.changes] == [Severity.WARNING]
    data = lab.add(problem("pod", Severity.CRITICAL))
    assert [one.severity for one in data.problems] == [Severity.CRITICAL]
    assert [(change.kind, change.problem.severity) for change in data.changes] == [
        (ChangeKind.RAISED, Severity.CRITICAL)
    ]
    assert told(*lab.wait(timedelta(hours=1)).changes) == []


def test_a_muted_consequence_makes_no_incident_worse() -> None:
    lab = Lab(*CHAIN)
    bad = problem("pod", Severity.CRITICAL)
    lab.ledger.mute(bad.id, None)
    assert [one.severity for one in lab.add(problem("node"), bad).problems] == [Severity.WARNING]


def test_mere_information_explains_nothing() -> None:
    lab = Lab(*CHAIN)
    data = lab.add(problem("release", Severity.INFO), problem("workload"))
    assert [one.name for one in data.problems] == ["workload", "release"]


def test_information_is_told_with_what_explains_it() -> None:
    lab = Lab(*CHAIN)
    data = lab.add(problem("release"), problem("workload", Severity.INFO))
    assert [one.name for one in data.problems] == ["release"]


def test_several_problems_of_one_thing_are_one_incident() -> None:
    lab = Lab(*CHAIN)
    alert = problem("node", kind="alert", source="other")
    data = lab.add(problem("node", kind="node_not_ready"), alert)
    assert [one.kind for one in data.problems] == ["node_not_ready"]
    assert data.why_grouped == {alert.id: "same_thing"}


def test_things_of_two_clusters_are_not_mixed_up() -> None:
    lab = Lab(*CHAIN, thing("node", kind=ThingKind.NODE, source="other"))
    alert = problem("node", kind="alert", source="third")
    data = lab.add(problem("node"), problem("node", source="other"), alert)
    assert len(data.problems) == 3


def test_suppressed_problems_explain_nothing() -> None:
    lab = Lab(*CHAIN)
    data = lab.add(replace(problem("node"), suppressed=True), problem("pod"))
    assert [one.name for one in data.problems] == ["pod"]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"namespace": "media", "pod": "jellyfin-0"}, ["pod:media/jellyfin-0"]),
        ({"kind": "Pod", "name": "media/jellyfin-0", "object_namespace": "media"}, ["pod:media/jellyfin-0"]),
        (
            {"customresource_kind": "HelmRelease", "name": "jellyfin", "namespace": "media"},
            ["helmrelease:media/jellyfin"],
        ),
        ({"kind": "Node", "name": "worker-1", "namespace": "monitoring"}, ["node:worker-1"]),
        ({"name": "without a kind", "namespace": "a"}, []),
        ({"namespace": "a", "job_name": "dump-1"}, ["job:a/dump-1"]),
        ({"namespace": "a", "persistentvolumeclaim": "data"}, ["persistentvolumeclaim:a/data"]),
        ({"pod": "without a namespace"}, []),
        ({"node": "worker-1"}, ["node:worker-1", "node:worker-1", "address:worker-1"]),
        ({"instance": "10.0.0.5:9100"}, ["node:10.0.0.5:9100", "node:10.0.0.5", "address:10.0.0.5"]),
        ({}, []),
    ],
)
def test_labels_of_an_alert(labels: Mapping[str, str], expected: list[str]) -> None:
    assert list(of_alert("any", labels)) == expected


def test_objects_and_claims() -> None:
    assert of_object("media/shop", {"kind": "StatefulSet"}) == ("statefulset:media/shop",)
    assert of_object("media/shop", {}) == ()
    assert of_claim("media/data", {}) == ("persistentvolumeclaim:media/data", "volume:media/data")


def test_every_kind_of_problem_says_what_it_is_about() -> None:
    """But for queries: nobody knows what they measure."""
    facts = {"kind": "Pod", "namespace": "a", "pod": "b", "entity": "c", "device": "d", "integration": "e"}
    assert {key for key, row in KINDS.items() if not row.of_system and not row.subject("a/b", facts)} == {
        "query"
    }


def test_ten_thousand_problems_settle_in_time() -> None:
    """A budget ten times what it takes: what is meant is that nothing is quadratic."""
    nodes = [thing(f"node{number}", kind=ThingKind.NODE) for number in range(10)]
    pods = [
        thing(f"pod{number}", (LinkKind.RUNS_ON, f"node{number % 10}"), kind=ThingKind.POD)
        for number in range(10_000)
    ]
    lab = Lab(*nodes, *pods)
    lab.add(*(problem(one.name) for one in pods))
    started = time.process_time()
    data = lab.add(problem("node3"))
    assert time.process_time() - started < 2
    assert len(data.consequences["c:query:node3"]) == 1000
