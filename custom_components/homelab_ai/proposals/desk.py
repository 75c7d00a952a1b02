"""Where a plan becomes a draft on a forge: the only module here that talks to one.

It reads the base branch, makes one commit on a new branch of ours, and opens a draft. There is nothing in it
that merges, approves or writes to another branch.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, MutableMapping
from dataclasses import dataclass

from ..api.errors import ApiConflictError, ApiNotFoundError
from ..api.forge.change import Change, Create, Delete, PathError, Update, check_changes
from ..api.forge.forge import Forge
from ..api.forge.pull_request import BRANCHES, Branch, File, Proposal, PullRequest, State
from .audit import Record
from .refusal import Reason, RefusedError
from .repository import FileEdit, Repository
from .yaml_text import MAX_FILE

MAX_READ = 2000
"""Files of a repository that are read."""
_TOGETHER = 6
_READ = (".yaml", ".yml", ".dis", ".bak", ".disabled", ".off", ".old", ".tf", ".tofu")
_SECRET = (".sops.",)


@dataclass(frozen=True, slots=True)
class Base:
    """The base branch as it was read: its files, and the blobs that they have."""

    branch: Branch
    files: Mapping[str, File]
    repository: Repository


async def read_base(
    forge: Forge, name: str, under: Collection[str], known: MutableMapping[str, str | None]
) -> Base:
    """Return the base branch with the text of all files that may matter. Raises ApiError, RefusedError.

    `known` are texts by their blobs' SHA: only what has changed since is read again. It is changed in place.
    """
    branch = await forge.branch(name)
    if branch is None:
        raise ApiNotFoundError(f"there is no branch {name}")
    tree = await forge.tree(branch.sha, under)
    entries: dict[str, File] = {path: file for path, file in tree.files.items()}  # noqa: C416 - other keys
    wanted = [path for path in entries if _is_read(path)]
    if not tree.complete or len(wanted) > MAX_READ:
        raise RefusedError(Reason.TOO_LARGE, path=name)
    missing = {entries[path].sha: path for path in wanted if entries[path].sha not in known}
    limit = asyncio.Semaphore(_TOGETHER)

    async def read(sha: str, path: str) -> tuple[str, str | None]:
        size = entries[path].size
        if size is not None and size > MAX_FILE:
            return sha, None
        async with limit:
            return sha, _decoded(await forge.read(path, branch.sha))

    tasks = [asyncio.ensure_future(read(sha, path)) for sha, path in missing.items()]
    try:
        texts = {**known, **dict(await asyncio.gather(*tasks))}
    finally:
        for task in tasks:
            task.cancel()
    files: dict[str, str | None] = dict.fromkeys(tree.files)
    files |= {path: texts[entries[path].sha] for path in wanted}
    known.clear()
    known.update({entries[path].sha: texts[entries[path].sha] for path in wanted})
    return Base(branch, entries, Repository(files))


def _is_read(path: str) -> bool:
    return path.endswith(_READ) and not any(part in path for part in _SECRET)


def _decoded(content: bytes) -> str | None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    # A mark at the beginning would move every place by one.
    return None if len(text) > MAX_FILE or text.startswith("\ufeff") else text


def changes_of(edits: Iterable[FileEdit], base: Base, allowed: Collection[str]) -> list[Change]:
    """Return edits as a forge takes them. Raises RefusedError for what no proposal may touch."""
    changes: list[Change] = []
    for edit in edits:
        file = base.files.get(edit.path)
        if edit.after is None and file is not None:
            changes.append(Delete(edit.path, file.sha))
        elif edit.after is not None and edit.before is None:
            changes.append(Create(edit.path, edit.after))
        elif edit.after is not None and file is not None:
            changes.append(Update(edit.path, edit.after, file.sha, file.executable))
    try:
        check_changes(changes, allowed)
    except PathError as err:
        raise RefusedError(Reason.PATH, path=str(err)[:200]) from err
    return changes


async def open_draft(  # noqa: PLR0917
    forge: Forge,
    base: Base,
    record: Record,
    edits: Iterable[FileEdit],
    allowed: Collection[str],
    begun: Callable[[], Awaitable[None]],
) -> tuple[PullRequest, bool]:
    """Return the draft of a record, and whether it was there already. Raises ApiError, RefusedError.

    `begun` is awaited before anything is written: what stands on the disk then is enough for `finish`.
    Raises ApiConflictError where the base has moved; nothing was made then.
    """
    changes = changes_of(edits, base, allowed)
    if (known := await forge.of_branch(record.branch, record.base)) is not None:
        return known, True
    await begun()
    present = await forge.branch(record.branch)
    if present is None:
        message = f"{record.title}\n\n{_mark(record)}"
        await forge.commit(record.branch, base.branch, message, changes, allowed)
    elif record.id not in present.message:
        raise ApiConflictError(f"there is another branch {record.branch}")
    return await forge.open_draft(_proposal(record)), False


async def finish(forge: Forge, record: Record) -> PullRequest | None:
    """Open the draft of a commit that was made before Home Assistant was stopped; None where none was made.

    Raises ApiError.
    """
    if (known := await forge.of_branch(record.branch, record.base)) is not None:
        return known
    present = await forge.branch(record.branch)
    if present is None or record.id not in present.message:
        return None
    return await forge.open_draft(_proposal(record))


async def open_ones(forge: Forge) -> int:
    """Return how many proposals of ours are open. Raises ApiError."""
    return sum(other.ours and other.state is State.OPEN for other in await forge.pull_requests())


async def clean(forge: Forge, record: Record) -> None:
    """Delete the branch of a proposal that never became a pull request. Raises ApiError."""
    present = await forge.branch(record.branch)
    if present is not None and record.id in present.message:
        await forge.delete_branch(record.branch)


def branch_name(slug: str) -> str:
    """Return the whole name of a branch of ours."""
    return f"{BRANCHES}{slug}"


def _proposal(record: Record) -> Proposal:
    return Proposal(record.id, record.branch, record.base, record.title, record.body, record.labels)


def _mark(record: Record) -> str:
    return f"homelab_ai {record.id}"
