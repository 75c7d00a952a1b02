"""GitLab: a simulated server that is stricter than the real one, over a real socket."""

from collections.abc import Callable
from datetime import UTC, datetime

import aiohttp
import pytest

from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiConflictError,
    ApiForbiddenError,
    ApiMovedError,
    ApiNotFoundError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.forge.change import Change, Create, Delete, Update
from custom_components.homelab_ai.api.forge.gitlab import GitLabForge
from custom_components.homelab_ai.api.forge.pull_request import (
    Checks,
    FileState,
    ForgeKind,
    Proposal,
    Review,
    State,
)
from custom_components.homelab_ai.api.http import Connection
from demo.servers.forge.gitlab import READ, WRITE, GitLab
from demo.servers.forge.repository import Repository

from .changes import DISABLED, HEAD, KS, LIST, base_of, changes_of, proposed
from .conftest import ALLOWED, BOT, FILES, bearer

type Reach = Callable[..., GitLabForge]

NAME = "home/lab/k8s"
PROPOSAL = Proposal("0a1b2c3d", HEAD, "main", "Enable it", "Because !1\n\n/merge\n/approve", ("a,b", "c"))


@pytest.fixture
def repository(gitlab: GitLab) -> Repository:
    return gitlab.add(Repository(NAME, FILES))


@pytest.fixture
def reach(session: aiohttp.ClientSession, gitlab: GitLab, repository: Repository) -> Reach:
    """Make clients whose tokens have some scopes."""

    def make(scopes: frozenset[str] = WRITE, expires: str | None = None) -> GitLabForge:
        token = gitlab.token(BOT, scopes, expires)
        return GitLabForge(session, Connection("", bearer(token)), gitlab.url, NAME)

    return make


async def test_the_whole_conversation(reach: Reach, repository: Repository) -> None:
    forge = reach()
    found = await forge.repository()
    assert (found.kind, found.name, found.version) == (ForgeKind.GITLAB, NAME, "18.5.0")
    base = await base_of(forge)
    assert set((await forge.tree(base.sha, ALLOWED)).files) == {KS, DISABLED, LIST}
    sha = await forge.commit(HEAD, base, "Enable it", await changes_of(forge, base), ALLOWED)
    assert repository.branches == {"main": base.sha, HEAD: sha}
    assert await forge.read(DISABLED.replace(".dis", ".yaml"), sha) == FILES[DISABLED].encode()
    draft = await forge.open_draft(PROPOSAL)
    assert (draft.number, draft.state, draft.draft, draft.author) == (1, State.OPEN, True, BOT)
    assert (draft.head_sha, draft.proposal, draft.title) == (sha, "0a1b2c3d", "Draft: Enable it")
    assert draft.labels == ("a b", "c")
    # The real one would have merged it: a line that begins with a slash is a command.
    assert repository.pulls[1].body.startswith("Because &#33;1\n\n\\/merge\n\\/approve\n")
    assert (await forge.open_draft(PROPOSAL)).number == 1
    assert [one.number for one in await forge.pull_requests()] == [1]
    states = {one.path: one.status for one in await forge.changed_files(1)}
    assert states[DISABLED] is FileState.DELETED
    assert f"+++ b/{LIST}\n@@ -1 +1 @@\n-a: 1\n+a: 2\n" in await forge.diff(1)
    repository.merge(1)
    merged = await forge.pull_request(1)
    assert (merged.state, merged.merged_by, merged.ours) == (State.MERGED, "homelab", True)


async def test_what_the_token_may(reach: Reach, gitlab: GitLab, repository: Repository) -> None:
    rights = await reach(expires="2026-12-24").rights("main")
    assert (rights.may_write, rights.may_merge) == (True, True)
    assert rights.expires == datetime(2026, 12, 24, tzinfo=UTC)
    assert (await reach(READ).rights("main")).may_write is False
    repository.protected.add("main")
    assert (await reach().rights("main")).may_merge is False
    gitlab.levels[BOT] = 40
    assert (await reach().rights("main")).may_merge is True
    gitlab.levels[BOT] = 20
    assert (await reach().rights("main")).may_write is False


async def test_token_of_a_group_says_nothing_of_itself(reach: Reach, gitlab: GitLab) -> None:
    gitlab.failing["/personal_access_tokens/self"] = 403
    rights = await reach().rights("main")
    assert (rights.may_write, rights.expires) == (True, None)


async def test_token_that_may_only_read(reach: Reach, repository: Repository) -> None:
    forge = reach(READ)
    base = await base_of(forge)
    with pytest.raises(ApiForbiddenError, match="insufficient_scope"):
        await forge.commit(HEAD, base, "x", await changes_of(forge, base), ALLOWED)
    assert list(repository.branches) == ["main"]


async def test_refused(session: aiohttp.ClientSession, reach: Reach, gitlab: GitLab) -> None:
    for token, name, error in (
        ("nothing-at-all", NAME, ApiAuthenticationError),
        (None, "x/y", ApiNotFoundError),
    ):
        sent = bearer(token or gitlab.token(BOT, WRITE))
        with pytest.raises(error):
            await GitLabForge(session, Connection("", sent), gitlab.url, name).repository()


async def test_moved_and_archived(reach: Reach, gitlab: GitLab, repository: Repository) -> None:
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    repository.archived = True
    with pytest.raises(ApiForbiddenError):
        await forge.commit(HEAD, base, "x", changes, ALLOWED)
    gitlab.moved[NAME] = "home/new"
    with pytest.raises(ApiMovedError):
        await forge.repository()


async def test_left_alone_for_a_while(reach: Reach, gitlab: GitLab) -> None:
    forge = reach()
    gitlab.limited = True
    with pytest.raises(ApiBusyError) as caught:
        await forge.pull_requests()
    assert caught.value.retry_after == 60


async def test_base_moved(reach: Reach, repository: Repository) -> None:
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    repository.change({KS: "a: 2\n"})
    with pytest.raises(ApiConflictError, match="moved"):
        await forge.commit(HEAD, base, "x", changes, ALLOWED)
    # Even were it to move in between: the branch begins at the commit that was read.
    sha = await forge._commit(HEAD, base, "x", changes)
    assert repository.commits[sha].parents == (base.sha,)


@pytest.mark.parametrize(
    "change", [Create(KS, ""), Update("kubernetes/apps/x", "", "0"), Delete("kubernetes/apps/x", "0")]
)
async def test_files_that_are_not_as_they_were(reach: Reach, repository: Repository, change: Change) -> None:
    forge = reach()
    base = await base_of(forge)
    with pytest.raises(ApiResponseError) as caught:
        await forge.commit(HEAD, base, "x", [change], ALLOWED)
    assert caught.value.status == 400
    assert list(repository.branches) == ["main"]


async def test_branch_left_over(reach: Reach, repository: Repository) -> None:
    forge = reach()
    await proposed(forge)
    with pytest.raises(ApiConflictError, match="already"):
        await proposed(forge)
    assert (await forge.open_draft(PROPOSAL)).number == 1
    await forge.delete_branch(HEAD)
    await forge.delete_branch(HEAD)
    assert list(repository.branches) == ["main"]


async def test_what_another_opened_from_the_branch(reach: Reach, repository: Repository) -> None:
    """A merge request that is not into our base does not count, and the forge refuses a second one."""
    forge = reach()
    await proposed(forge)
    repository.branches["release"] = repository.branches["main"]
    repository.open("x", HEAD, base="release")
    with pytest.raises(ApiConflictError, match="Another open merge request"):
        await forge.open_draft(PROPOSAL)


async def test_withdrawn(reach: Reach, repository: Repository) -> None:
    forge = reach()
    await proposed(forge)
    draft = await forge.open_draft(PROPOSAL)
    assert (await forge.withdraw(draft.number)).state is State.CLOSED
    assert list(repository.branches) == ["main"]
    other = repository.open("Update x", "renovate/x")
    lookalike = repository.open("x", HEAD, body="<!-- homelab_ai:0a1b2c3d -->", fork="stranger/k8s")
    for one in (other, lookalike):
        with pytest.raises(ApiForbiddenError, match="not ours"):
            await forge.withdraw(one.number)
        assert one.state == "open"


async def test_tree_in_pages(reach: Reach, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.change({f"kubernetes/apps/x/{number}.yaml": f"a: {number}" for number in range(250)})
    forge = reach()
    base = await base_of(forge)
    found = await forge.tree(base.sha, ("kubernetes/apps/x", "nothing/here"))
    assert (len(found.files), found.complete) == (250, True)
    monkeypatch.setattr("custom_components.homelab_ai.api.forge.gitlab._MAX_PAGES", 2)
    assert not (await forge.tree(base.sha)).complete


@pytest.mark.parametrize(
    ("pipeline", "expected"),
    [
        (None, Checks.NONE),
        ("success", Checks.OK),
        ("manual", Checks.OK),
        ("created", Checks.PENDING),
        ("waiting_for_resource", Checks.PENDING),
        ("running", Checks.PENDING),
        ("failed", Checks.FAILED),
        ("canceled", Checks.FAILED),
    ],
)
async def test_pipeline(reach: Reach, repository: Repository, pipeline: str | None, expected: Checks) -> None:
    pull = repository.open("Update x", "renovate/x")
    if pipeline is not None:
        repository.checks[pull.head_sha] = [{"pipeline": pipeline}]
    jobs = [("lint", "failed", True), ("flate", "failed", False), ("plan", "success", False)]
    repository.statuses[pull.head_sha] = [
        {"id": name, "path": "", "name": name, "status": state, "allow_failure": allowed}
        for name, state, allowed in jobs
    ]
    forge = reach()
    found = await forge.verdict(await forge.pull_request(pull.number))
    assert found.checks is expected
    assert found.failing == (("flate",) if expected is Checks.FAILED else ())


async def test_approvals(reach: Reach, gitlab: GitLab, repository: Repository) -> None:
    pull = repository.open("Update x", "renovate/x")
    forge = reach()
    seen = await forge.pull_request(pull.number)
    # Where nobody has to approve, all is called approved.
    assert (await forge.verdict(seen)).review is Review.NONE
    pull.reviews.append({"user": {"username": "anna"}})
    assert (await forge.verdict(seen)).review is Review.APPROVED
    gitlab.failing["/approvals"] = 404
    assert (await forge.verdict(seen)).review is Review.NONE


async def test_many_pages(reach: Reach, repository: Repository) -> None:
    for number in range(230):
        repository.open(f"Update {number}", "renovate/x")
    listed = await reach().pull_requests()
    assert len(listed) == len({one.number for one in listed}) == 200
