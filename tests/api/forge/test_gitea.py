"""Gitea: a real one. What would be a trap is tried on it, so that it stays known what it does."""

import asyncio
from collections.abc import Callable

import aiohttp
import pytest

from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiConflictError,
    ApiForbiddenError,
    ApiMovedError,
    ApiNotFoundError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.forge.change import Change, Create, Delete, PathError, Update
from custom_components.homelab_ai.api.forge.gitea import GiteaForge
from custom_components.homelab_ai.api.forge.pull_request import (
    Checks,
    FileState,
    ForgeKind,
    Proposal,
    PullRequest,
    Review,
    State,
)
from custom_components.homelab_ai.api.http import Connection
from demo.servers.forge.gitea import Gitea, home

from .changes import DISABLED, HEAD, KS, LIST, base_of, changes_of
from .conftest import ALLOWED, BOT, FILES, bearer

pytestmark = pytest.mark.skipif(home() is None, reason="Gitea is not here: scripts/gitea builds it")

type Reach = Callable[..., GiteaForge]


def proposal(head: str = HEAD, text: str = "Enable it") -> Proposal:
    return Proposal("0a1b2c3d", head, "main", text, text, ("homelab-ai",))


async def opened(forge: GiteaForge, head: str = HEAD) -> PullRequest:
    base = await base_of(forge)
    await forge.commit(head, base, "Enable paperless-ai", await changes_of(forge, base), ALLOWED)
    return await forge.open_draft(proposal(head))


async def test_what_it_is(reach: Reach, repository: str, gitea: Gitea) -> None:
    found = await reach().repository()
    assert (found.kind, found.name, found.default_branch) == (ForgeKind.GITEA, repository, "main")
    assert (found.version, found.url) == ("1.26.0", f"{gitea.url}/{repository}")
    assert not found.archived
    assert not found.empty


async def test_the_whole_conversation(reach: Reach, repository: str, gitea: Gitea) -> None:
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    sha = await forge.commit(HEAD, base, "Enable paperless-ai\n\nCloses #1", changes, ALLOWED)
    made = await forge.branch(HEAD)
    assert made is not None
    assert (made.sha, made.message) == (sha, "Enable paperless-ai\n\nCloses #1\n")
    files = (await forge.tree(sha, ALLOWED)).files
    assert {"kubernetes/apps/ai/paperless-ai/ks.yaml", LIST, KS} == set(files)
    assert await forge.read("kubernetes/apps/ai/paperless-ai/ks.yaml", sha) == FILES[DISABLED].encode()
    draft = await forge.open_draft(proposal())
    assert (draft.number, draft.state, draft.draft, draft.author) == (1, State.OPEN, True, BOT)
    assert (draft.head, draft.base, draft.head_sha, draft.proposal) == (HEAD, "main", sha, "0a1b2c3d")
    assert await forge.open_draft(proposal(text="Another time")) == draft
    assert await forge.pull_requests() == (draft,)
    states = {one.path: one.status for one in await forge.changed_files(1)}
    assert states == {
        "kubernetes/apps/ai/paperless-ai/ks.yaml": FileState.RENAMED,
        LIST: FileState.CHANGED,
    }
    assert "+  - ./paperless-ai/ks.yaml" in await forge.diff(1)
    # A person merges it, after taking the draft back.
    gitea.merge(repository, 1)
    merged = await forge.pull_request(1)
    assert (merged.state, merged.merged_by, merged.ours) == (State.MERGED, "homelab", True)
    assert merged.merged_at is not None
    assert await forge.pull_requests() == ()


async def test_a_draft_is_one_by_its_title_only(reach: Reach, repository: str, gitea: Gitea) -> None:
    draft = await opened(reach())
    for title, is_draft in (("Draft: x", False), ("[wip] x", True), ("WIP: x", True)):
        gitea.done("PATCH", f"/repos/{repository}/pulls/{draft.number}", {"title": title})
        assert (await reach().pull_request(draft.number)).draft is is_draft
    status, _ = gitea.ask("POST", f"/repos/{repository}/pulls/{draft.number}/merge", {"Do": "merge"})
    assert status == 405


async def test_a_token_that_may_only_read_is_not_told_by_the_permissions(
    reach: Reach, repository: str, gitea: Gitea
) -> None:
    told = gitea.done("GET", f"/repos/{repository}", user=BOT)
    assert told["permissions"]["push"] is True
    reader = reach("read:repository")
    assert (await reader.rights("main")).may_write is False
    base = await base_of(reader)
    with pytest.raises(ApiForbiddenError, match="required scope"):
        await reader.commit(HEAD, base, "x", await changes_of(reader, base), ALLOWED)
    assert gitea.done("GET", f"/repos/{repository}/pulls") == []


async def test_a_person_who_may_only_read(reach: Reach, repository: str, gitea: Gitea) -> None:
    gitea.add_collaborator(repository, BOT, "read")
    rights = await reach().rights("main")
    assert (rights.may_write, rights.may_merge) == (False, False)


async def test_whether_the_bot_could_merge_alone(reach: Reach, repository: str, gitea: Gitea) -> None:
    assert (await reach().rights("main")).may_merge is True
    protection = {"rule_name": "main", "required_approvals": 1, "enable_push": False}
    gitea.done("POST", f"/repos/{repository}/branch_protections", protection)
    rights = await reach().rights("main")
    assert (rights.may_write, rights.may_merge, rights.expires) == (True, False, None)
    # And nothing was made by looking.
    assert gitea.done("GET", f"/repos/{repository}/pulls?state=all") == []


async def test_a_repository_that_is_not_visible_is_as_one_that_is_not_there(
    reach: Reach, gitea: Gitea
) -> None:
    private = gitea.add_repository("hidden", {})
    for name in (private, "homelab/nothing"):
        with pytest.raises(ApiNotFoundError, match="not visible"):
            await reach(name=name).repository()
    gitea.done("DELETE", f"/repos/{private}")


async def test_a_token_that_is_not_accepted(
    session: aiohttp.ClientSession, gitea: Gitea, repository: str
) -> None:
    forge = GiteaForge(session, Connection("", bearer("0" * 40)), gitea.url, repository)
    with pytest.raises(ApiAuthenticationError) as caught:
        await forge.repository()
    assert "0000" not in str(caught.value)


async def test_a_token_that_may_nothing_here(reach: Reach) -> None:
    with pytest.raises(ApiAuthenticationError):
        await reach("read:user").repository()


async def test_base_moved_before_the_commit(reach: Reach, repository: str, gitea: Gitea) -> None:
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    gitea.change(repository, {"README.md.new": ("create", "x")})
    with pytest.raises(ApiConflictError, match="moved"):
        await forge.commit(HEAD, base, "x", changes, ALLOWED)
    assert await forge.branch(HEAD) is None


async def test_base_moved_in_the_middle(reach: Reach, repository: str, gitea: Gitea) -> None:
    """Nobody can be kept from being faster; then nothing of ours stays."""
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    gitea.change(repository, {"README.md.new": ("create", "x")})
    with pytest.raises(ApiConflictError, match="moved"):
        await forge._commit(HEAD, base, "x", changes)
    assert await forge.branch(HEAD) is None


@pytest.mark.parametrize(
    "change",
    [Update(KS, "a: 2\n", "0" * 40), Delete(KS, "0" * 40), Create(KS, "a: 2\n")],
    ids=lambda change: type(change).__name__,
)
async def test_a_file_that_is_not_as_it_was(reach: Reach, change: Change) -> None:
    """One file that does not fit, and nothing is there: no branch, no other file."""
    forge = reach()
    base = await base_of(forge)
    with pytest.raises(ApiConflictError):
        await forge.commit(HEAD, base, "x", [Create("kubernetes/apps/new.yaml", ""), change], ALLOWED)
    assert await forge.branch(HEAD) is None


async def test_a_branch_that_was_left_over(reach: Reach) -> None:
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    sha = await forge.commit(HEAD, base, "Enable it", changes, ALLOWED)
    assert await forge.of_branch(HEAD, "main") is None
    with pytest.raises(ApiConflictError, match="already"):
        await forge.commit(HEAD, base, "Enable it", changes, ALLOWED)
    left = await forge.branch(HEAD)
    assert left is not None
    assert (left.sha, left.message) == (sha, "Enable it\n")
    # It can be gone on with, or be cleaned away.
    assert (await forge.open_draft(proposal())).head_sha == sha
    await forge.delete_branch(HEAD)
    await forge.delete_branch(HEAD)
    assert await forge.branch(HEAD) is None


async def test_closed_by_hand_and_proposed_again(reach: Reach, repository: str, gitea: Gitea) -> None:
    forge = reach()
    first = await opened(forge)
    gitea.done("PATCH", f"/repos/{repository}/pulls/{first.number}", {"state": "closed"})
    gitea.done("DELETE", f"/repos/{repository}/branches/{HEAD.replace('/', '%2F')}")
    closed = await forge.pull_request(first.number)
    assert (closed.state, closed.head, closed.ours) == (State.CLOSED, HEAD, True)
    again = await opened(forge)
    assert (again.number, again.state) == (first.number + 1, State.OPEN)


async def test_deleting_the_branch_closes_its_draft(reach: Reach) -> None:
    forge = reach()
    draft = await opened(forge)
    await forge.delete_branch(HEAD)
    # It is done in the background.
    async with asyncio.timeout(10):
        while (await forge.pull_request(draft.number)).state is State.OPEN:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_withdrawn(reach: Reach) -> None:
    forge = reach()
    draft = await opened(forge)
    withdrawn = await forge.withdraw(draft.number)
    assert (withdrawn.state, withdrawn.ours) == (State.CLOSED, True)
    assert await forge.branch(HEAD) is None
    assert await forge.withdraw(draft.number) == withdrawn


async def test_those_of_others_are_not_withdrawn(reach: Reach, repository: str, gitea: Gitea) -> None:
    """Neither what another bot opened, nor what only looks like ours in one of two ways."""
    forge = reach()
    mark = "<!-- homelab_ai:0a1b2c3d -->"
    for branch, text in (("renovate/x", "Update x"), ("homelab-ai/mine", "By hand"), ("feature", mark)):
        gitea.done("POST", f"/repos/{repository}/branches", {"new_branch_name": branch})
        gitea.change(repository, {"README.md.new": ("create", branch)}, branch=branch)
        pull = {"head": branch, "base": "main", "title": text, "body": text}
        number = gitea.done("POST", f"/repos/{repository}/pulls", pull)["number"]
        with pytest.raises(ApiForbiddenError, match="not ours"):
            await forge.withdraw(number)
        assert (await forge.pull_request(number)).state is State.OPEN
        assert await forge.branch(branch) is not None


async def test_only_branches_of_ours_are_written(reach: Reach) -> None:
    forge = reach()
    base = await base_of(forge)
    for branch in ("main", "feature", "homelab-ai/", "homelab-ai/../main", "homelab-ai/A", "refs/heads/x"):
        with pytest.raises(ValueError, match="no branch of ours"):
            await forge.commit(branch, base, "x", [Create("kubernetes/apps/x.yaml", "")], ALLOWED)
        with pytest.raises(ValueError, match="no branch of ours"):
            await forge.open_draft(proposal(branch))
        with pytest.raises(ValueError, match="no branch of ours"):
            await forge.delete_branch(branch)


async def test_nothing_is_proposed_into_a_branch_of_ours(reach: Reach) -> None:
    forge = reach()
    draft = await opened(forge)
    base = await forge.branch(draft.head)
    assert base is not None
    with pytest.raises(ValueError, match="no branch to propose"):
        await forge.commit("homelab-ai/second", base, "x", [Create("kubernetes/apps/x", "")], ALLOWED)


async def test_a_path_outside_is_refused_before_anything_is_sent(reach: Reach) -> None:
    forge = reach()
    base = await base_of(forge)
    for path in ("kubernetes/flux/x.yaml", ".gitea/workflows/x.yaml", "kubernetes/apps/../../x"):
        with pytest.raises(PathError):
            await forge.commit(HEAD, base, "x", [Create(path, "")], ALLOWED)
    assert await forge.branch(HEAD) is None


async def test_no_checks_are_not_pending_ones(reach: Reach, repository: str, gitea: Gitea) -> None:
    forge = reach()
    draft = await opened(forge)
    told = gitea.done("GET", f"/repos/{repository}/commits/{draft.head_sha}/status")
    assert (told["state"], told["total_count"]) == ("pending", 0)
    assert (await forge.verdict(draft)).checks is Checks.NONE
    expected = Checks.NONE
    for context, state, expected in (
        ("lint", "pending", Checks.PENDING),
        ("lint", "success", Checks.OK),
        ("policy", "warning", Checks.OK),
        ("flate", "failure", Checks.FAILED),
    ):
        body = {"context": context, "state": state}
        gitea.done("POST", f"/repos/{repository}/statuses/{draft.head_sha}", body)
        assert (await forge.verdict(draft)).checks is expected
    assert (await forge.verdict(draft)).failing == ("flate",)


async def test_what_people_say(reach: Reach, repository: str, gitea: Gitea) -> None:
    forge = reach()
    draft = await opened(forge)
    reviews = f"/repos/{repository}/pulls/{draft.number}/reviews"
    for event, expected in (
        ("APPROVED", Review.APPROVED),
        ("REQUEST_CHANGES", Review.CHANGES),
        ("COMMENT", Review.CHANGES),
        ("APPROVED", Review.APPROVED),
    ):
        gitea.done("POST", reviews, {"event": event, "body": "x"})
        assert (await forge.verdict(draft)).review is expected


async def test_a_label_is_put_on_where_it_may_be_seen(reach: Reach, repository: str, gitea: Gitea) -> None:
    gitea.done("POST", f"/repos/{repository}/labels", {"name": "homelab-ai", "color": "#336699"})
    assert (await opened(reach(), "homelab-ai/first")).labels == ()
    forge = reach("write:repository", "read:issue")
    assert (await opened(forge, "homelab-ai/second")).labels == ("homelab-ai",)


async def test_a_repository_that_was_renamed(reach: Reach, repository: str, gitea: Gitea) -> None:
    forge = reach()
    gitea.done("PATCH", f"/repos/{repository}", {"name": f"{repository.partition('/')[2]}-new"})
    with pytest.raises(ApiMovedError) as caught:
        await forge.repository()
    assert caught.value.location.endswith(f"{repository}-new")


async def test_a_repository_that_was_archived(reach: Reach, repository: str, gitea: Gitea) -> None:
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    gitea.done("PATCH", f"/repos/{repository}", {"archived": True})
    assert (await forge.repository()).archived
    assert (await forge.rights("main")).may_write is False
    with pytest.raises(ApiResponseError) as caught:
        await forge.commit(HEAD, base, "x", changes, ALLOWED)
    assert caught.value.status == 423


async def test_a_tree_of_several_pages(
    reach: Reach, repository: str, gitea: Gitea, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.homelab_ai.api.forge.gitea._TREE_PAGE", 4)
    forge = reach()
    base = await base_of(forge)
    found = await forge.tree(base.sha)
    assert (set(found.files), found.complete) == (set(FILES), True)
    monkeypatch.setattr("custom_components.homelab_ai.api.forge.gitea._MAX_PAGES", 2)
    assert not (await forge.tree(base.sha)).complete


async def test_what_is_not_there(reach: Reach) -> None:
    forge = reach()
    base = await base_of(forge)
    assert await forge.branch("nothing") is None
    with pytest.raises(ApiNotFoundError):
        await forge.read("kubernetes/nothing.yaml", base.sha)
    with pytest.raises(ApiNotFoundError):
        await forge.pull_request(99)
    with pytest.raises(ApiResponseError, match="no commit"):
        await forge.tree("main")


async def test_text_of_a_model_calls_nobody(reach: Reach, repository: str, gitea: Gitea) -> None:
    issue = gitea.done("POST", f"/repos/{repository}/issues", {"title": "Keep me open"})["number"]
    forge = reach()
    base = await base_of(forge)
    hostile = f"Closes #{issue}, thanks @homelab\n\nfixes #{issue}\n<!-- homelab_ai:ffffffff -->"
    await forge.commit(HEAD, base, hostile, await changes_of(forge, base), ALLOWED)
    draft = await forge.open_draft(proposal(text=hostile))
    assert draft.proposal == "0a1b2c3d"
    gitea.merge(repository, draft.number)
    assert gitea.done("GET", f"/repos/{repository}/issues/{issue}")["state"] == "open"
    told = gitea.done("GET", f"/repos/{repository}/issues/{draft.number}/timeline")
    assert not [one for one in told if one["type"] == "pull_ref"]
    assert gitea.done("GET", f"/repos/{repository}/issues/{issue}/timeline") is None
