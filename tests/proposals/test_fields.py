"""What of an app can be set, by the names that people give it, and what becomes of a value."""

import pytest

from custom_components.homelab_ai.proposals.fields import Field, choose, fields_of, labels, set_field
from custom_components.homelab_ai.proposals.graph import Graph, build
from custom_components.homelab_ai.proposals.plan import Consequence
from custom_components.homelab_ai.proposals.refusal import Reason, RefusedError
from custom_components.homelab_ai.proposals.repository import Repository

from .corpus import HELM_RELEASE, HELM_RELEASE_FLOW, SHA, Layout, repository

FILE = "kubernetes/apps/observability/grafana/app/helmrelease.yaml"
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: grafana}
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: grafana
          image: registry.lan:5000/grafana/grafana:12.0.2 # the newest
          env:
            - name: GF_LOG_LEVEL
              value: info
        - name: sidecar
          image: sidecar
---
apiVersion: v1
kind: Secret
metadata: {name: grafana}
stringData: {password: geheim}
"""


def _graph(text: str) -> Graph:
    return build(Repository({**repository(Layout.LISTED), FILE: text}))


def _fields(text: str) -> list[Field]:
    graph = _graph(text)
    return fields_of(graph, graph.named("grafana"))


CONTAINER = HELM_RELEASE.format(name="grafana", major=12, minor=0, sha=SHA, ns="observability")
FLOW = HELM_RELEASE_FLOW.format(name="grafana", major=12, minor=0, ns="observability")


@pytest.mark.parametrize(
    ("text", "word", "value", "old", "new"),
    [
        (DEPLOYMENT, "version", "12.1", "grafana:12.0.2 #", "grafana:12.1 #"),
        (DEPLOYMENT, "replicas", "2", "replicas: 1", "replicas: 2"),
        (DEPLOYMENT, "GF_LOG_LEVEL.value", "debug", "value: info", "value: debug"),
        (FLOW, "version", "12.1", 'tag: "12.0"', 'tag: "12.1"'),
        (FLOW, "chart", "12.1.0", "version: 12.0.4", "version: 12.1.0"),
        (FLOW, "schedule", "0 4 * * *", "'0 3 * * *'", "'0 4 * * *'"),
        (FLOW, "main.host", "g.example.org", "grafana.example.org ", "g.example.org "),
        (FLOW, "verbose", "false", "verbose: yes", "verbose: false"),
        (CONTAINER, "tag", "12.1.0", f"tag: 12.0.1@{SHA}", "tag: 12.1.0"),
        (CONTAINER, "limits.memory", "2Gi", "memory: 1Gi", "memory: 2Gi"),
        (CONTAINER, "spec.values.controllers.grafana.replicas", "3", "replicas: 1", "replicas: 3"),
    ],
)
def test_field_is_found_and_set(text: str, word: str, value: str, old: str, new: str) -> None:
    graph = _graph(text)
    app = graph.named("grafana")
    field = choose(fields_of(graph, app), word)
    plan = set_field(graph, app, field, value, is_version=word == "version")
    (edit,) = plan.edits
    assert text.count(old) == 1
    assert edit.after == text.replace(old, new)
    assert plan.steps[0].after in new or value in new
    told = {effect.kind for effect in plan.effects}
    assert (Consequence.DIGEST in told) == (SHA in old)
    assert (Consequence.CHART in told) == (word == "chart")


@pytest.mark.parametrize(
    ("text", "word", "reason"),
    [
        (DEPLOYMENT, "password", Reason.FIELD_UNKNOWN),
        (DEPLOYMENT, "metadata.name", Reason.FIELD_UNKNOWN),
        (DEPLOYMENT, "", Reason.FIELD_UNKNOWN),
        (CONTAINER, "PORT", Reason.FIELD_UNKNOWN),
        (CONTAINER, "EMPTY", Reason.FIELD_UNKNOWN),
        (CONTAINER, "probes.liveness.enabled", Reason.FIELD_UNKNOWN),
        (FLOW, "extra", Reason.FIELD_UNKNOWN),
        (FLOW, "host", Reason.FIELD_AMBIGUOUS),
        (CONTAINER, "interval", Reason.FIELD_AMBIGUOUS),
        (CONTAINER, "prune", Reason.FIELD_UNKNOWN),
    ],
)
def test_what_cannot_be_set_is_not_there(text: str, word: str, reason: Reason) -> None:
    with pytest.raises(RefusedError) as refused:
        choose(_fields(text), word)
    assert refused.value.reason is reason


def test_same_value_is_no_change() -> None:
    graph = _graph(FLOW)
    app = graph.named("grafana")
    with pytest.raises(RefusedError) as refused:
        set_field(graph, app, choose(fields_of(graph, app), "version"), "12.0")
    assert refused.value.reason is Reason.NOTHING_CHANGES


def test_labels_name_one_field_each() -> None:
    fields = _fields(FLOW)
    assert len(labels(fields)) == len(set(labels(fields)))
    assert all(choose(fields, label).label == label for label in labels(fields))
