"""Where newer models and servers are announced. Asked only where a person switched that on.

Model rule: that of Ollama's own desktop app (`app/ui/ui.go`, `checkModelUpstream`). The registry's
protocol is not a documented interface, so every unexpected answer means "not known".
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp

from .errors import ApiError
from .http import Connection, fetch, raise_for_status
from .ollama import InstalledModel

MODELS = "https://ollama.com"
RELEASES = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class Upstream:
    """What the registry has under a model's name; `digest` is 64 hex digits."""

    digest: str
    pushed_at: datetime | None

    def is_newer_than(self, model: InstalledModel) -> bool:
        """Return whether the installed model is older.

        Manifests pulled before server 0.19 were encoded anew and have another digest than the same
        model upstream; those are told by their time.
        """
        if self.digest == model.digest:
            return False
        return not (self.pushed_at and model.modified_at and model.modified_at >= self.pushed_at)


def manifest_path(model: str) -> str | None:
    """Return the registry's path of a model; None for one that the registry does not have.

    Names with a host are of other registries, and `cloud` tags run elsewhere.
    """
    namespace, _, name = model.rpartition("/")
    name, _, tag = name.partition(":")
    if any(mark in namespace for mark in "/.:") or "cloud" in tag:
        return None
    return f"/v2/{namespace or 'library'}/{name}/manifests/{tag or 'latest'}"


class RegistryClient:
    """Asks the two places on the internet that this integration knows."""

    def __init__(
        self, session: aiohttp.ClientSession, models: str = MODELS, releases: str = RELEASES
    ) -> None:
        self._session = session
        self._models = Connection(models)
        self._releases = Connection(releases, {"Accept": "application/vnd.github+json"})

    async def upstream(self, model: str) -> Upstream | None:
        """Return what the registry has under a name; None where it has nothing or does not say."""
        if (path := manifest_path(model)) is None:
            return None
        answer = await fetch(self._session, self._models, "HEAD", path)
        digest = answer.headers.get("ollama-content-digest", "").removeprefix("sha256:")
        if answer.status != 200 or len(digest) != 64:
            return None
        return Upstream(digest, _time(answer.headers.get("ollama-push-time", "")))

    async def latest_server(self) -> str | None:
        """Return the version of the newest server release; None where nobody says. Raises no ApiError."""
        try:
            answer = await fetch(self._session, self._releases, "GET", "/repos/ollama/ollama/releases/latest")
            raise_for_status(answer.status, "")
            release = answer.json()
        except ApiError:
            return None
        tag = release.get("tag_name") if isinstance(release, dict) else None
        return tag.removeprefix("v")[:50] if isinstance(tag, str) else None


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except ValueError, OverflowError, OSError:
        return None
