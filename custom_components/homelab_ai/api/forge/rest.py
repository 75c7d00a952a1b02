"""What is read of every forge in the same way, from the paths and the shapes that each says for itself."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from ..answers import Json, Text, object_in, text, when_object
from .asking import Api, below, raise_unless_a_sha, segment
from .change import MAX_FILE
from .forge import MAX_DIFF, MAX_OPEN, Forge
from .pull_request import Branch, ChangedFile, FileState, PullRequest
from .reading import MAX_NAME, changed_file

MOST_FILES = 300
"""Files of one pull request."""


class RestForge(Forge):
    """A repository below `_repo` of an API; a class for each kind of forge says the rest."""

    branches: ClassVar[str] = "branches"
    pulls: ClassVar[str] = "pulls"
    page: ClassVar[int] = 100
    """Items of a list."""
    per_page: ClassVar[str] = "per_page"
    """What asks for so many."""
    opened: ClassVar[str]
    """What lists the open pull requests, those that changed last first."""
    raw: ClassVar[str | None] = None
    """The media type of a file as it is, None where its path says that."""
    diffs: ClassVar[str | None] = None
    """The media type of a diff, None where its path says that."""
    states: ClassVar[Mapping[str, FileState]] = {state.value: state for state in FileState}
    """What becomes of a file, by the forge's own word."""

    def __init__(self, api: Api, repo: str) -> None:
        """Ask nothing yet."""
        self._api = api
        self._repo = repo

    @staticmethod
    @abstractmethod
    def read_pull_request(told: Json) -> PullRequest:
        """Return a pull request as the forge tells it."""

    @abstractmethod
    def _file(self, path: str, commit: str) -> str:
        """Return the path of a file as it is in a commit."""

    def _branch(self, name: str) -> str:
        return f"{self._repo}/{self.branches}/{segment(name)}"

    def _pull(self, number: int) -> str:
        return f"{self._repo}/{self.pulls}/{int(number)}"

    async def _items(self, path: str, most: int) -> tuple[Json, ...]:
        joint = "&" if "?" in path else "?"
        return await self._api.items(f"{path}{joint}{self.per_page}={self.page}", most, self.page)

    async def branch(self, name: str) -> Branch | None:
        if (answer := await self._api.find(self._branch(name))) is None:
            return None
        commit = object_in(answer.json(), "commit")
        sha = text(commit.get("id") or commit.get("sha"), 64)
        raise_unless_a_sha(sha)
        message = text(commit.get("message") or object_in(commit, "commit").get("message"))
        return Branch(text(name, MAX_NAME), sha, message)

    async def read(self, path: str, commit: str) -> bytes:
        raise_unless_a_sha(commit)
        return (await self._api.get(self._file(path, commit), accept=self.raw, max_body=MAX_FILE)).body

    async def pull_requests(self) -> tuple[PullRequest, ...]:
        listed = await self._items(f"{self._repo}/{self.pulls}?{self.opened}", MAX_OPEN)
        return tuple(map(self.read_pull_request, listed))

    async def pull_request(self, number: int) -> PullRequest:
        return self.read_pull_request(when_object((await self._api.get(self._pull(number))).json()))

    async def of_branch(self, head: str, base: str) -> PullRequest | None:
        asked = f"{self._repo}/{self.pulls}?{self._between(head, base)}"
        listed = map(self.read_pull_request, await self._items(asked, MAX_OPEN))
        return next((pull for pull in listed if pull.leads(head, base)), None)

    def _between(self, head: str, base: str) -> str:
        """Return what lists the open pull requests from one branch into another, or all where none does."""
        return self.opened

    async def changed_files(self, number: int) -> tuple[ChangedFile, ...]:
        items = await self._items(f"{self._pull(number)}/files", MOST_FILES)
        return tuple(changed_file(item, self.states) for item in items)

    async def diff(self, number: int) -> Text:
        path = self._pull(number) if self.diffs else f"{self._pull(number)}.diff"
        answer = await self._api.get(path, accept=self.diffs)
        return text(answer.body[: MAX_DIFF * 4].decode(errors="replace"), MAX_DIFF)


def repository_path(name: str) -> str:
    """Return the path of a repository, "owner/name"."""
    return f"/repos/{below(name)}"
