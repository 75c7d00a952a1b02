"""Where models come from, and where newer models and servers are announced.

What is newer is asked only where a person switched that on; how large a model is, only for a download that a
person wants.

Model rule: that of Ollama's own desktop app (`app/ui/ui.go`, `checkModelUpstream`). The registry's
protocol is not a documented interface, so every unexpected answer means "not known".
"""

from dataclasses import dataclass
import re

import aiohttp

from ..values.moment import moment_of
from ..values.number import total
from .answers import Moment, Text, Whole, object_in, objects_in, text, whole
from .errors import ApiError
from .http import Connection, fetch, raise_for_status
from .ollama import InstalledModel

MODELS = "https://ollama.com"
MANIFESTS = "https://registry.ollama.ai"
"""Where the server itself pulls from."""
RELEASES = "https://api.github.com"
_MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
_MAX_MANIFEST = 1024**2
"""Bytes; one with a layer for each tensor is some 200 KiB."""
_PART = r"\w[\w.-]*"
_MODEL = re.compile(rf"(?:({_PART})/)?({_PART})(?::({_PART}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Upstream:
    """What the registry has under a model's name; `digest` is 64 hex digits."""

    digest: Text
    pushed_at: Moment | None

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

    Names with a host are of other registries, and `cloud` tags run elsewhere. What is no name at all must not
    become a path.
    """
    if (parts := _MODEL.fullmatch(model)) is None:
        return None
    namespace, name, tag = parts.groups("")
    if "." in namespace or "cloud" in tag:
        return None
    return f"/v2/{namespace or 'library'}/{name}/manifests/{tag or 'latest'}"


class RegistryClient:
    """Asks the places on the internet that this integration knows."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        models: str = MODELS,
        releases: str = RELEASES,
        manifests: str = MANIFESTS,
    ) -> None:
        self._session = session
        self._manifests = Connection(manifests, {"Accept": _MANIFEST_TYPE})
        self._models = Connection(models)
        self._releases = Connection(releases, {"Accept": "application/vnd.github+json"})

    async def upstream(self, model: str) -> Upstream | None:
        """Return what the registry has under a name; None where it has nothing or does not say."""
        if (path := manifest_path(model)) is None:
            return None
        answer = await fetch(self._session, self._models, "HEAD", path)
        digest = text(answer.headers.get("ollama-content-digest", "").removeprefix("sha256:"), 65)
        if answer.status != 200 or len(digest) != 64:
            return None
        return Upstream(digest, _pushed(answer.headers.get("ollama-push-time", "")))

    async def size(self, model: str) -> Whole | None:
        """Return the bytes that a model's files have; None where nobody says. Raises no ApiError.

        Source: the layers of an image manifest (ollama `server/manifest.go`; systems.md 1.14).
        """
        if (path := manifest_path(model)) is None:
            return None
        try:
            answer = await fetch(self._session, self._manifests, "GET", path, max_body=_MAX_MANIFEST)
            raise_for_status(answer.status, "")
            return await answer.read(_size)
        except ApiError:
            return None

    async def latest_server(self) -> Text | None:
        """Return the version of the newest server release; None where nobody says. Raises no ApiError."""
        try:
            answer = await fetch(self._session, self._releases, "GET", "/repos/ollama/ollama/releases/latest")
            raise_for_status(answer.status, "")
            release = answer.json()
        except ApiError:
            return None
        tag = object_in(release).get("tag_name")
        return text(tag.removeprefix("v"), 50) if isinstance(tag, str) else None


def _pushed(seconds: str) -> Moment | None:
    return moment_of(seconds) if seconds.isdecimal() else None


def _size(manifest: object) -> Whole | None:
    layers = objects_in(object_in(manifest).get("layers"))
    return (
        total(whole(layer.get("size")) or 0 for layer in layers if isinstance(layer.get("size"), int)) or None
    )
