"""GitHub: a simulated server that is stricter than the real one, over a real socket."""

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
from custom_components.homelab_ai.api.forge.change import Create, Delete, Update
from custom_components.homelab_ai.api.forge.github import GitHubForge
from custom_components.homelab_ai.api.forge.pull_request import (
    Checks,
    FileState,
    ForgeKind,
    Proposal,
    Review,
    State,
)
from custom_components.homelab_ai.api.http import Connection
from demo.servers.forge.github import READ, WRITE, GitHub
from demo.servers.forge.repository import EXECUTABLE, LINK, Repository

from .changes import DISABLED, HEAD, KS, LIST, base_of, changes_of, proposed
from .conftest import ALLOWED, BOT, FILES, bearer

type Reach = Callable[..., GitHubForge]

NAME = "homelab/k8s"
PROPOSAL = Proposal("0a1b2c3d", HEAD, "main", "Enable it", "Because @homelab, closes #1", ("homelab-ai",))


@pytest.fixture
def repository(github: GitHub) -> Repository:
    return github.add(Repository(NAME, FILES))


@pytest.fixture
def reach(session: aiohttp.ClientSession, github: GitHub, repository: Repository) -> Reach:
    """Make clients whose tokens have some rights."""

    def make(rights: frozenset[str] = WRITE, expires: str | None = None) -> GitHubForge:
        token = github.token(BOT, rights, expires)
        return GitHubForge(session, Connection("", bearer(token)), github.url, NAME)

    return make


async def test_the_whole_conversation(reach: Reach, repository: Repository) -> None:
    repository.paid = True
    forge = reach()
    found = await forge.repository()
    assert (found.kind, found.name, found.version) == (ForgeKind.GITHUB, NAME, "3.18.0")
    base = await base_of(forge)
    assert set((await forge.tree(base.sha, ALLOWED)).files) == {KS, DISABLED, LIST}
    sha = await forge.commit(HEAD, base, "Enable it", await changes_of(forge, base), ALLOWED)
    assert repository.branches == {"main": base.sha, HEAD: sha}
    assert await forge.read(DISABLED.replace(".dis", ".yaml"), sha) == FILES[DISABLED].encode()
    draft = await forge.open_draft(PROPOSAL)
    assert (draft.number, draft.state, draft.draft, draft.author) == (1, State.OPEN, True, BOT)
    assert (draft.head_sha, draft.proposal, draft.title) == (sha, "0a1b2c3d", "Enable it")
    assert repository.pulls[1].labels == ["homelab-ai"]
    assert repository.pulls[1].body.startswith("Because &#64;homelab, closes &#35;1\n")
    assert (await forge.open_draft(PROPOSAL)).number == 1
    assert [one.number for one in await forge.pull_requests()] == [1]
    states = {one.path: one.status for one in await forge.changed_files(1)}
    assert states[DISABLED] is FileState.DELETED
    repository.merge(1)
    merged = await forge.pull_request(1)
    assert (merged.state, merged.merged_by, merged.ours) == (State.MERGED, "homelab", True)


async def test_private_and_free_has_no_drafts(reach: Reach) -> None:
    """The normal case of a homelab; the title says then what it is."""
    forge = reach()
    await proposed(forge)
    draft = await forge.open_draft(PROPOSAL)
    assert (draft.draft, draft.title, draft.ours) == (False, "[Draft] Enable it", True)


async def test_what_the_token_may(reach: Reach, repository: Repository) -> None:
    rights = await reach(expires="2026-12-24 18:00:00 UTC").rights("main")
    assert (rights.may_write, rights.may_merge) == (True, True)
    assert rights.expires == datetime(2026, 12, 24, 18, tzinfo=UTC)
    offset = await reach(expires="2026-12-24 18:00:00 +0100").rights("main")
    assert offset.expires == datetime(2026, 12, 24, 17, tzinfo=UTC)
    # The permissions are the user's; only a try shows what the token may.
    reader = await reach(READ).rights("main")
    assert (reader.may_write, reader.may_merge, reader.expires) == (False, False, None)
    repository.protected.add("main")
    assert (await reach().rights("main")).may_merge is None
    repository.rules = [{"type": "pull_request", "parameters": {"required_approving_review_count": 1}}]
    assert (await reach().rights("main")).may_merge is False
    assert repository.log == []


async def test_token_that_may_only_read(reach: Reach, repository: Repository) -> None:
    forge = reach(READ)
    base = await base_of(forge)
    with pytest.raises(ApiForbiddenError, match="not accessible"):
        await forge.commit(HEAD, base, "x", await changes_of(forge, base), ALLOWED)
    assert list(repository.branches) == ["main"]


async def test_refused(session: aiohttp.ClientSession, reach: Reach, github: GitHub) -> None:
    forge = GitHubForge(session, Connection("", bearer("expired-token")), github.url, NAME)
    with pytest.raises(ApiAuthenticationError, match="Bad credentials"):
        await forge.repository()
    with pytest.raises(ApiNotFoundError, match="not visible"):
        await reach(frozenset()).repository()


async def test_moved(reach: Reach, github: GitHub) -> None:
    github.moved[NAME] = "homelab/lab"
    with pytest.raises(ApiMovedError) as caught:
        await reach().repository()
    assert caught.value.location.endswith("/repositories/1")


async def test_archived(reach: Reach, repository: Repository) -> None:
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    repository.archived = True
    assert (await forge.rights("main")).may_write is False
    with pytest.raises(ApiForbiddenError, match="archived"):
        await forge.commit(HEAD, base, "x", changes, ALLOWED)


async def test_left_alone_for_a_while(reach: Reach, github: GitHub) -> None:
    """Whoever asks too often is refused with the status of a missing right."""
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    github.limited = True
    for refused in (
        forge.repository(),
        forge.commit(HEAD, base, "x", changes, ALLOWED),
        forge.rights("main"),
    ):
        with pytest.raises(ApiBusyError) as caught:
            await refused
        assert caught.value.retry_after == 60


async def test_base_moved(reach: Reach, repository: Repository) -> None:
    forge = reach()
    base = await base_of(forge)
    changes = await changes_of(forge, base)
    repository.change({"README.md": "new"})
    with pytest.raises(ApiConflictError, match="moved"):
        await forge.commit(HEAD, base, "x", changes, ALLOWED)


async def test_nothing_is_seen_of_a_commit_that_fails(
    reach: Reach, github: GitHub, repository: Repository
) -> None:
    forge = reach()
    base = await base_of(forge)
    gone = [Create("kubernetes/apps/x.yaml", ""), Delete("kubernetes/apps/gone.yaml", "0" * 40)]
    with pytest.raises(ApiConflictError):
        await forge.commit(HEAD, base, "x", gone, ALLOWED)
    github.failing["/git/refs"] = 500
    with pytest.raises(ApiResponseError):
        await forge.commit(HEAD, base, "x", await changes_of(forge, base), ALLOWED)
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
    assert (await forge.pull_request(1)).state is State.CLOSED


async def test_without_a_change_nothing_is_opened(reach: Reach, repository: Repository) -> None:
    forge = reach()
    repository.branches[HEAD] = repository.branches["main"]
    with pytest.raises(ApiConflictError, match="No commits"):
        await forge.open_draft(PROPOSAL)


async def test_withdrawn(reach: Reach, repository: Repository) -> None:
    forge = reach()
    await proposed(forge)
    draft = await forge.open_draft(PROPOSAL)
    assert (await forge.withdraw(draft.number)).state is State.CLOSED
    assert list(repository.branches) == ["main"]
    other = repository.open("Update x", "renovate/x")
    lookalike = repository.open("x", HEAD, body="<!-- homelab_ai:0a1b2c3d -->", fork="stranger/k8s")
    orphan = repository.open("x", HEAD, body="<!-- homelab_ai:0a1b2c3d -->", fork="deleted")
    for one in (other, lookalike, orphan):
        with pytest.raises(ApiForbiddenError, match="not ours"):
            await forge.withdraw(one.number)
        assert one.state == "open"


async def test_tree_that_is_cut(reach: Reach, repository: Repository) -> None:
    """What is asked for may still be whole: folder by folder."""
    forge = reach()
    repository.most_entries = 8
    base = await base_of(forge)
    assert not (await forge.tree(base.sha)).complete
    found = await forge.tree(base.sha, ("kubernetes/apps/ai/ollama", "README.md", "nothing/here"))
    assert (set(found.files), found.complete) == ({KS, "README.md"}, True)
    assert not (await forge.tree(base.sha, ("kubernetes",))).complete


async def test_modes(reach: Reach, github: GitHub, repository: Repository) -> None:
    files = dict(repository.files("main") or {})
    files["kubernetes/apps/run.sh"] = (EXECUTABLE, repository.blob("#!/bin/sh\n"))
    files["kubernetes/apps/link"] = (LINK, repository.blob("../../.github"))
    before = repository.branches["main"]
    repository.branches["main"] = repository.commit(repository.tree(files), "x", [before], "homelab").sha
    forge = reach()
    base = await base_of(forge)
    found = (await forge.tree(base.sha, ALLOWED)).files
    assert "kubernetes/apps/link" not in found
    script = next(file for path, file in found.items() if path == "kubernetes/apps/run.sh")
    assert script.executable
    change = Update("kubernetes/apps/run.sh", "#!/bin/bash\n", script.sha, script.executable)
    await forge.commit(HEAD, base, "x", [change], ALLOWED)
    assert (repository.files(HEAD) or {})["kubernetes/apps/run.sh"][0] == EXECUTABLE


def run(name: str, conclusion: str | None) -> dict[str, str | None]:
    return {"name": name, "status": "completed" if conclusion else "in_progress", "conclusion": conclusion}


@pytest.mark.parametrize(
    ("runs", "statuses", "expected"),
    [
        ([], [], ((Checks.NONE, ()))),
        ([run("lint", "success"), run("plan", "skipped")], [], (Checks.OK, ())),
        ([run("lint", "success")], [{"context": "flate", "state": "pending"}], (Checks.PENDING, ())),
        ([run("lint", None)], [], (Checks.PENDING, ())),
        ([run("lint", "timed_out"), run("x", None)], [], (Checks.FAILED, ("lint",))),
        ([run("lint", "success")], [{"context": "flate", "state": "error"}], (Checks.FAILED, ("flate",))),
    ],
)
async def test_checks_are_in_two_places(
    reach: Reach,
    repository: Repository,
    runs: list[dict[str, str | None]],
    statuses: list[dict[str, str]],
    expected: tuple[Checks, tuple[str, ...]],
) -> None:
    pull = repository.open("Update x", "renovate/x")
    repository.checks[pull.head_sha], repository.statuses[pull.head_sha] = runs, statuses
    forge = reach()
    found = await forge.verdict(await forge.pull_request(pull.number))
    assert (found.checks, found.failing) == expected


async def test_checks_that_the_token_may_not_see(reach: Reach, repository: Repository) -> None:
    pull = repository.open("Update x", "renovate/x")
    repository.checks[pull.head_sha] = [run("lint", "success"), run("lint", "failure")]
    blind = WRITE - {"checks:read"}
    forge = reach(blind)
    seen = await forge.pull_request(pull.number)
    assert (await forge.verdict(seen)).checks is Checks.UNKNOWN
    # Workflows are most checks; the newest run of each counts.
    assert (await reach(blind | {"actions:read"}).verdict(seen)).checks is Checks.OK


async def test_reviews(reach: Reach, repository: Repository) -> None:
    pull = repository.open("Update x", "renovate/x")
    forge = reach()
    seen = await forge.pull_request(pull.number)
    assert (await forge.verdict(seen)).review is Review.NONE
    for person, state, expected in (
        ("anna", "CHANGES_REQUESTED", Review.CHANGES),
        ("ben", "APPROVED", Review.CHANGES),
        ("anna", "COMMENTED", Review.CHANGES),
        ("anna", "DISMISSED", Review.APPROVED),
    ):
        pull.reviews.append({"user": {"login": person}, "state": state})
        assert (await forge.verdict(seen)).review is expected


async def test_many_pages(reach: Reach, repository: Repository) -> None:
    for number in range(230):
        repository.open(f"Update {number}", "renovate/x")
    listed = await reach().pull_requests()
    assert len(listed) == len({one.number for one in listed}) == 200


async def test_diff(reach: Reach, repository: Repository) -> None:
    pull = repository.open("Update x", "renovate/x", diff="+a: 2\n" * 30_000)
    assert len(await reach().diff(pull.number)) == 64 * 1024
