"""What is said to follow from a problem: things, never an alert that says the same once more."""

from dataclasses import replace

import pytest

from custom_components.homelab_ai.health.kinds import kind_of
from custom_components.homelab_ai.health.problem import Problem
from custom_components.homelab_ai.language.answers import why
from custom_components.homelab_ai.language.telling import consequence_of
from custom_components.homelab_ai.language.words import language_of

from .situations import THIS_MORNING, finding, problem, situation


def with_subject(problem: Problem) -> Problem:
    return replace(problem, subject=kind_of(problem).subject(problem.name, problem.facts))


RELEASE = problem("flux_not_ready", "ai/open-webui", THIS_MORNING, object_kind="HelmRelease")
POD = with_subject(
    finding("Pod", "ai/open-webui-7d9f8b6c5d-x2x4q", 'Back-off pulling image "open-webui:v9"', THIS_MORNING)
)


def alert(name: str, **labels: str) -> Problem:
    return with_subject(problem("alert", name, THIS_MORNING, source="alerts", **labels))


OWN = alert("PodImageBroken", namespace="ai", pod="open-webui-7d9f8b6c5d-x2x4q")
OTHER = alert("PodNotReady", namespace="ai", pod="librechat-5c9f8b6c5d-z2x4q")
PLACELESS = alert("TooSlow", namespace="ai")


@pytest.mark.parametrize(
    ("consequences", "expected"),
    [
        ((POD, OWN), ""),
        ((OTHER,), "That is why librechat does not work either."),
        ((OTHER, POD, OWN), "That is why librechat does not work either."),
        ((PLACELESS,), ""),
        ((alert("NodeHot", node="worker-1"),), "That is why worker-1 does not work either."),
    ],
)
def test_an_alert_is_not_what_does_not_work(consequences: tuple[Problem, ...], expected: str) -> None:
    now = situation(RELEASE)
    now = replace(now, health=replace(now.health, consequences={RELEASE.id: consequences}))
    assert consequence_of(RELEASE, now, language_of("en")) == expected


@pytest.mark.parametrize("consequences", [(POD, OWN), (OWN, POD)])
def test_of_what_is_told_twice_the_reason_is_said(consequences: tuple[Problem, ...]) -> None:
    now = situation(RELEASE)
    now = replace(now, health=replace(now.health, consequences={RELEASE.id: consequences}))
    assert why(now, "open webui", "en") == (
        "Flux has been unable to deploy open-webui since this morning."
        " The pod open-webui has been unable to pull its image since this morning."
    )
