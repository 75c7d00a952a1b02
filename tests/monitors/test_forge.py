"""What a forge's monitor knows without a forge: what is suggested, and which changes are news."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from custom_components.homelab_ai.api.answers import Line, Moment, Text, Whole
from custom_components.homelab_ai.api.errors import ApiBusyError, ApiNotFoundError, ApiResponseError
from custom_components.homelab_ai.api.forge.forge import Forge
from custom_components.homelab_ai.api.forge.pull_request import (
    ChangedFile,
    Checks,
    FileState,
    PullRequest,
    State,
    Verdict,
)
from custom_components.homelab_ai.monitors.pull_requests import CHECKED_AGAIN, FRESH, PullRequests
from custom_components.homelab_ai.monitors.suggestions import suggestions
from custom_components.homelab_ai.topology import Fact, Link, LinkKind, Thing, ThingKind

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
URL = "https://github.com/home/k8s"


def source(name: str, address: str, kind: str = "GitRepository") -> Thing:
    key = f"{kind.lower()}:flux-system/{name}"
    return Thing(
        f"c/{key}", ThingKind.SOURCE, name, "c", detail=kind, facts=(Fact("address", address),), keys=(key,)
    )


def kustomization(name: str, path: str, of: str) -> Thing:
    link = Link(LinkKind.DELIVERED_BY, f"gitrepository:flux-system/{of}")
    return Thing(f"c/{name}", ThingKind.GITOPS, name, "c", facts=(Fact("path", path),), links=(link,))


def application(name: str, address: str, path: str) -> Thing:
    facts = (Fact("address", address), Fact("path", path))
    return Thing(f"c/{name}", ThingKind.GITOPS, name, "c", detail="Application", facts=facts)


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        ([], {}),
        (
            [
                source("lab", "ssh://git@github.com/home/k8s.git"),
                kustomization("cluster", "./kubernetes/apps", "lab"),
                kustomization("ollama", "./kubernetes/apps/ai/ollama/app", "lab"),
                kustomization("flux", "./kubernetes/flux", "lab"),
            ],
            {"url": URL, "paths": ["kubernetes/apps", "kubernetes/flux"]},
        ),
        ([source("lab", URL)], {"url": URL}),
        ([source("lab", URL), kustomization("all", "./", "lab")], {"url": URL}),
        ([source("charts", "https://charts.example.org/x", "HelmRepository")], {}),
        # Of two repositories nobody knows which is meant.
        ([source("lab", URL), source("other", "https://github.com/home/other")], {}),
        (
            [application("a", f"{URL}.git", "apps/a"), application("b", URL, "apps/b")],
            {"url": URL, "paths": ["apps/a", "apps/b"]},
        ),
        ([application("a", "https://charts.example.org", "x")], {}),
        ([source("lab", "file:///nowhere")], {}),
    ],
)  # fmt: skip
def test_suggestions(things: list[Thing], expected: dict[str, Any]) -> None:
    assert suggestions(things) == expected


def pull(
    number: int, sha: str = "a", updated: datetime = NOW - timedelta(hours=2), **more: Any
) -> PullRequest:
    return PullRequest(
        number=Whole(number),
        title=Line(Text(f"Number {number}")),
        url=Text(""),
        state=more.get("state", State.OPEN),
        draft=False,
        author=Line(Text("anna")),
        head=Text(f"feature-{number}"),
        base=Text("main"),
        head_sha=Text(sha * 40),
        updated_at=Moment(updated),
    )


class Canned:
    """What a forge answers, and what it was asked."""

    def __init__(self) -> None:
        self.listed: list[PullRequest] = []
        self.gone: dict[int, PullRequest] = {}
        self.checks: dict[int, Checks | Exception] = {}
        self.asked: list[int] = []
        self.placed: list[int] = []

    async def pull_requests(self) -> tuple[PullRequest, ...]:
        return tuple(self.listed)

    async def pull_request(self, number: int) -> PullRequest:
        if number not in self.gone:
            raise ApiNotFoundError("gone", 404)
        return self.gone[number]

    async def verdict(self, pull_request: PullRequest) -> Verdict:
        self.asked.append(pull_request.number)
        said = self.checks.get(pull_request.number, Checks.OK)
        if isinstance(said, Exception):
            raise said
        return Verdict(said)

    async def changed_files(self, number: int) -> tuple[ChangedFile, ...]:
        self.placed.append(number)
        paths = (f"apps/{number}/a.yaml", f"apps/{number}/b.yaml", "README.md")
        return tuple(ChangedFile(Text(path), FileState.CHANGED) for path in paths)

    async def look(self, known: PullRequests, now: datetime = NOW) -> list[tuple[str, int]]:
        self.asked, self.placed = [], []
        _, turns = await known.look(cast("Forge", self), now)
        return [(turn.type, turn.pull_request.number) for turn in turns]


async def test_checks_are_asked_again_only_when_they_may_have_changed() -> None:
    forge, known = Canned(), PullRequests()
    forge.listed = [pull(1), pull(2), pull(3, updated=NOW), pull(4)]
    forge.checks = {2: Checks.PENDING, 3: Checks.NONE, 4: Checks.NONE}
    await forge.look(known)
    assert sorted(forge.asked) == [1, 2, 3, 4]
    # One that runs may have ended, one that is new may get its first; all others stay as they are.
    await forge.look(known, NOW + timedelta(minutes=5))
    assert sorted(forge.asked) == [2, 3]
    await forge.look(known, NOW + FRESH)
    assert forge.asked == [2]
    forge.listed[0] = pull(1, "b")
    forge.listed[3] = pull(4, updated=NOW)
    await forge.look(known, NOW + timedelta(minutes=16))
    assert sorted(forge.asked) == [1, 2, 4]
    await forge.look(known, NOW + timedelta(minutes=16) + CHECKED_AGAIN)
    assert sorted(forge.asked) == [1, 2, 3, 4]


async def test_where_it_changes_files_is_asked_once_for_its_commits() -> None:
    forge, known = Canned(), PullRequests()
    forge.listed = [pull(1), pull(2)]
    found, _ = await known.look(cast("Forge", forge), NOW)
    assert [one.folders for one in found] == [("apps/1", ""), ("apps/2", "")]
    await forge.look(known)
    assert forge.placed == []
    forge.listed = [pull(1, "b"), pull(2)]
    await forge.look(known)
    assert forge.placed == [1]


async def test_what_is_news() -> None:
    forge, known = Canned(), PullRequests()
    forge.listed = [pull(1), pull(2), pull(3)]
    forge.checks = {1: Checks.FAILED}
    assert await forge.look(known) == []
    forge.listed = [pull(1), pull(4)]
    forge.gone = {2: pull(2, state=State.MERGED)}
    # One that was deleted with all that it was is no news that anybody could tell.
    assert await forge.look(known) == [("opened", 4), ("merged", 2)]
    assert await forge.look(known) == []
    forge.listed = [pull(1, "b"), pull(4, "b")]
    forge.checks = {1: Checks.OK, 4: Checks.FAILED}
    assert await forge.look(known) == [("checks_failed", 4)]
    forge.listed = [pull(1, "c"), pull(4, "c")]
    forge.checks = {1: Checks.FAILED, 4: Checks.FAILED}
    assert await forge.look(known) == [("checks_failed", 1)]


async def test_one_whose_checks_cannot_be_had_costs_only_these() -> None:
    forge, known = Canned(), PullRequests()
    forge.listed = [pull(1), pull(2)]
    forge.checks = {1: ApiResponseError("500", 500)}
    found, _ = await known.look(cast("Forge", forge), NOW)
    assert [one.verdict and one.verdict.checks for one in found] == [None, Checks.OK]
    await forge.look(known)
    assert forge.asked == [1]


async def test_whoever_wants_to_be_left_alone_is() -> None:
    forge, known = Canned(), PullRequests()
    forge.listed = [pull(1)]
    forge.checks = {1: ApiBusyError("429", 429, 60)}
    with pytest.raises(ApiBusyError):
        await forge.look(known)
    forge.checks = {}
    assert await forge.look(known) == []


async def test_a_failed_look_forgets_nothing() -> None:
    forge, known = Canned(), PullRequests()
    forge.listed = [pull(1), pull(2)]
    await forge.look(known)
    forge.listed = [pull(2)]
    forge.gone = {1: pull(1, state=State.CLOSED)}
    forge.checks = {2: ApiBusyError("429", 429, 60)}
    forge.listed = [pull(2, "b")]
    with pytest.raises(ApiBusyError):
        await forge.look(known)
    forge.checks = {}
    assert await forge.look(known) == [("closed", 1)]
