"""The pull requests of a repository: what checks say of each, and what has become of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..api.errors import ApiBusyError, ApiError, ApiNotFoundError
from ..api.forge.forge import Forge
from ..api.forge.pull_request import ChangedFile, Checks, PullRequest, State, Verdict
from .bots import Update, update_of
from .parts import ask_all

MOST_CHECKED = 60
"""Open pull requests whose checks are looked at, those that changed last."""
MOST_PLACED = 30
"""Open pull requests of which it is asked where they change files."""
MOST_FOLDERS = 20
MOST_GONE = 20
"""Pull requests of one look of which it is asked what has become of them."""
CHECKED_AGAIN = timedelta(minutes=30)
"""After that checks are looked at again though nothing else has changed: they can be repeated."""
FRESH = timedelta(minutes=15)
"""How long after its last change a pull request may still get checks that nobody sees yet."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An open pull request; `verdict` is None where nobody has looked at its checks."""

    pull_request: PullRequest
    verdict: Verdict | None
    update: Update | None
    folders: tuple[str, ...] | None = None
    """Where it changes files; None where nobody has looked."""

    @property
    def failing(self) -> bool:
        """Return whether its checks fail."""
        return self.verdict is not None and self.verdict.checks is Checks.FAILED


@dataclass(frozen=True, slots=True)
class Explained:
    """A pull request with all that it changes."""

    watched: Watched
    files: tuple[ChangedFile, ...]
    diff: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What has happened to a pull request: `opened`, `merged`, `closed` or `checks_failed`."""

    type: str
    pull_request: PullRequest


@dataclass(frozen=True, slots=True)
class _Known:
    watched: Watched
    looked_at: datetime


class PullRequests:
    """What is known of the pull requests of one repository, from one look to the next."""

    def __init__(self) -> None:
        """Know nothing: what is there at the first look is not new."""
        self._known: dict[int, _Known] | None = None

    async def look(self, forge: Forge, now: datetime) -> tuple[tuple[Watched, ...], tuple[Turn, ...]]:
        """Return the open pull requests, and what has happened since the last look. Raises ApiError."""
        listed = await forge.pull_requests()
        verdicts = await self._verdicts(forge, listed, now)
        folders = await self._folders(forge, listed)
        gone = [] if self._known is None else await self._gone(forge, listed)
        before, self._known = self._known, {}
        for pull_request in listed:
            number = pull_request.number
            watched = Watched(
                pull_request, verdicts.get(number), update_of(pull_request), folders.get(number)
            )
            self._known[number] = self._noted(watched, before, now)
        found = tuple(record.watched for record in self._known.values())
        turns = () if before is None else tuple(_turns(before, self._known, gone))
        return found, turns

    @staticmethod
    def _noted(watched: Watched, before: Mapping[int, _Known] | None, now: datetime) -> _Known:
        known = (before or {}).get(watched.pull_request.number)
        same = known is not None and known.watched.verdict is watched.verdict
        return _Known(watched, known.looked_at if known is not None and same else now)

    async def _verdicts(
        self, forge: Forge, listed: Iterable[PullRequest], now: datetime
    ) -> dict[int, Verdict | None]:
        """Return what checks say; of those that are as they were what was said before."""
        known = self._known or {}
        verdicts: dict[int, Verdict | None] = {}
        asked: dict[str, PullRequest] = {}
        for pull_request in list(listed)[:MOST_CHECKED]:
            before = known.get(pull_request.number)
            if before is not None and _still_holds(before, pull_request, now):
                verdicts[pull_request.number] = before.watched.verdict
            else:
                asked[str(pull_request.number)] = pull_request
        answers = await ask_all({key: forge.verdict(other) for key, other in asked.items()})
        for key, answer in answers.items():
            if isinstance(answer, ApiBusyError):
                raise answer
            verdicts[int(key)] = None if isinstance(answer, ApiError) else answer
        return verdicts

    async def _folders(self, forge: Forge, listed: Iterable[PullRequest]) -> dict[int, tuple[str, ...]]:
        """Return where pull requests change files; of those with the same commits what was said before."""
        folders: dict[int, tuple[str, ...]] = {}
        asked: dict[str, PullRequest] = {}
        for pull_request in list(listed)[:MOST_PLACED]:
            before = (self._known or {}).get(pull_request.number)
            same = before is not None and before.watched.pull_request.head_sha == pull_request.head_sha
            if before is not None and same and before.watched.folders is not None:
                folders[pull_request.number] = before.watched.folders
            else:
                asked[str(pull_request.number)] = pull_request
        answers = await ask_all({key: forge.changed_files(other.number) for key, other in asked.items()})
        for key, answer in answers.items():
            if isinstance(answer, ApiBusyError):
                raise answer
            if not isinstance(answer, ApiError):
                paths = (path for other in answer for path in (other.path, other.before) if path)
                named = dict.fromkeys(path.rpartition("/")[0] for path in paths)
                folders[int(key)] = tuple(named)[:MOST_FOLDERS]
        return folders

    async def _gone(self, forge: Forge, listed: Iterable[PullRequest]) -> list[PullRequest]:
        """Return what has become of those that are not open any more; raises ApiError."""
        there = {other.number for other in listed}
        numbers = [number for number in self._known or {} if number not in there]
        gone = []
        for number in numbers[:MOST_GONE]:
            try:
                gone.append(await forge.pull_request(number))
            except ApiNotFoundError:
                # Deleted with all that it was.
                continue
        return gone


async def explain(forge: Forge, number: int) -> Explained:
    """Return all that is known of a pull request, whatever has become of it. Raises ApiError."""
    pull_request = await forge.pull_request(number)
    answers = await ask_all(
        {
            "verdict": forge.verdict(pull_request),
            "files": forge.changed_files(number),
            "diff": forge.diff(number),
        }
    )
    verdict, files, diff = answers["verdict"], answers["files"], answers["diff"]
    return Explained(
        # What cannot be had of it costs only that.
        Watched(pull_request, verdict if isinstance(verdict, Verdict) else None, update_of(pull_request)),
        files if isinstance(files, tuple) else (),
        diff if isinstance(diff, str) else "",
    )


def _still_holds(known: _Known, pull_request: PullRequest, now: datetime) -> bool:
    before, verdict = known.watched.pull_request, known.watched.verdict
    if verdict is None or (before.head_sha, before.updated_at) != (
        pull_request.head_sha,
        pull_request.updated_at,
    ):
        return False
    if verdict.checks is Checks.PENDING or now - known.looked_at >= CHECKED_AGAIN:
        return False
    is_fresh = pull_request.updated_at is not None and now - pull_request.updated_at < FRESH
    return verdict.checks is not Checks.NONE or not is_fresh


def _turns(
    before: Mapping[int, _Known], after: Mapping[int, _Known], gone: Iterable[PullRequest]
) -> Iterator[Turn]:
    for number, known in after.items():
        watched, was = known.watched, before.get(number)
        if was is None:
            yield Turn("opened", watched.pull_request)
        if watched.failing and (was is None or not was.watched.failing):
            yield Turn("checks_failed", watched.pull_request)
    for pull_request in gone:
        if pull_request.state is not State.OPEN:
            yield Turn("merged" if pull_request.state is State.MERGED else "closed", pull_request)
