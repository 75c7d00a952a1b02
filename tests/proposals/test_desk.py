"""What is read of a forge before a proposal, and what a branch that was left over comes to."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest

from custom_components.homelab_ai.api.errors import ApiConflictError, ApiNotFoundError
from custom_components.homelab_ai.api.forge.github import GitHubForge
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.proposals import desk
from custom_components.homelab_ai.proposals.audit import Record
from custom_components.homelab_ai.proposals.desk import clean, finish, open_draft, read_base
from custom_components.homelab_ai.proposals.refusal import Reason, RefusedError
from custom_components.homelab_ai.proposals.repository import FileEdit
from demo.servers.forge.github import WRITE, GitHub
from demo.servers.forge.repository import PLAIN, Repository

NAME = "home/k8s"
BRANCH = "homelab-ai/enable-x-01234567"
RECORD = Record(
    "0123456789abcdef",
    datetime(2026, 11, 28, tzinfo=UTC),
    "x",
    "person",
    title="Enable x",
    body="Because",
    branch=BRANCH,
    base="main",
)
PATH = "kubernetes/apps/x.yaml"


@pytest.fixture
async def github(socket_enabled: None) -> AsyncGenerator[GitHub]:
    async with GitHub() as server:
        yield server


@pytest.fixture
def repository(github: GitHub) -> Repository:
    return github.add(Repository(NAME, {PATH: "a: 1\n", "README.md": "#\n"}))


@pytest.fixture
async def forge(github: GitHub, repository: Repository) -> AsyncGenerator[GitHubForge]:
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {github.token('ha-bot', WRITE)}"}
        yield GitHubForge(session, Connection("", headers), github.url, NAME)


async def test_files_that_are_no_text_are_not_read(forge: GitHubForge, repository: Repository) -> None:
    files = dict(repository.files("main") or {})
    contents = {"latin.yaml": b"a: \xfc\n", "marked.yaml": b"\xef\xbb\xbfa: 1\n", "huge.yaml": b"#" * 300_000}
    for name, content in contents.items():
        files[f"kubernetes/apps/{name}"] = (PLAIN, repository.blob(content))
    before = repository.branches["main"]
    repository.branches["main"] = repository.commit(repository.tree(files), "x", [before], "anna").sha
    known: dict[str, str | None] = {}
    base = await read_base(forge, "main", ("",), known)
    assert base.repository.files[PATH] == "a: 1\n"
    assert [base.repository.files[f"kubernetes/apps/{name}"] for name in contents] == [None, None, None]
    assert base.repository.files["README.md"] is None
    assert len(known) == 4


async def test_what_is_too_large_is_refused(
    forge: GitHubForge, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ApiNotFoundError):
        await read_base(forge, "gone", ("",), {})
    monkeypatch.setattr(desk, "MAX_READ", 0)
    with pytest.raises(RefusedError) as refused:
        await read_base(forge, "main", ("",), {})
    assert refused.value.reason is Reason.TOO_LARGE
    monkeypatch.undo()
    repository.most_entries = 1
    with pytest.raises(RefusedError):
        await read_base(forge, "main", ("",), {})


async def test_only_what_changed_is_read_again(
    forge: GitHubForge, github: GitHub, repository: Repository
) -> None:
    known: dict[str, str | None] = {}
    await read_base(forge, "main", ("",), known)
    repository.change({"kubernetes/apps/y.yaml": "b: 2\n"})
    github.asked.clear()
    await read_base(forge, "main", ("",), known)
    read = [path for _, path in github.asked if "/contents/" in path]
    assert len(read) == 1
    assert "y.yaml" in read[0]


async def begun() -> None:
    """Nothing to remember."""


async def test_branch_of_another_proposal_stays(forge: GitHubForge, repository: Repository) -> None:
    base = await read_base(forge, "main", ("",), {})
    repository.branches[BRANCH] = repository.branches["main"]
    edits = [FileEdit(PATH, "a: 1\n", "a: 2\n")]
    with pytest.raises(ApiConflictError, match="another branch"):
        await open_draft(forge, base, RECORD, edits, ("kubernetes/apps",), begun)
    assert await finish(forge, RECORD) is None
    await clean(forge, RECORD)
    assert BRANCH in repository.branches


async def test_what_was_begun_is_finished_once(forge: GitHubForge, repository: Repository) -> None:
    base = await read_base(forge, "main", ("",), {})
    edits = [FileEdit(PATH, "a: 1\n", "a: 2\n")]
    draft, known = await open_draft(forge, base, RECORD, edits, ("kubernetes/apps",), begun)
    assert (draft.number, known) == (1, False)
    again, known = await open_draft(forge, base, RECORD, edits, ("kubernetes/apps",), begun)
    assert (again.number, known) == (1, True)
    finished = await finish(forge, RECORD)
    assert finished is not None
    assert finished.number == 1
    repository.close(1)
    reopened = await finish(forge, RECORD)
    assert reopened is not None
    assert reopened.number == 2
    await clean(forge, RECORD)
    assert BRANCH not in repository.branches
    await clean(forge, RECORD)


async def test_executable_stays_one_and_deletes_go(forge: GitHubForge, repository: Repository) -> None:
    base = await read_base(forge, "main", ("",), {})
    changes = desk.changes_of([FileEdit(PATH, "a: 1\n", None)], base, ("kubernetes/apps",))
    assert [type(one).__name__ for one in changes] == ["Delete"]
    assert replace(base, files={}).files == {}
    with pytest.raises(RefusedError) as refused:
        desk.changes_of([FileEdit("README.md", None, "x")], base, ("kubernetes/apps",))
    assert refused.value.reason is Reason.PATH
