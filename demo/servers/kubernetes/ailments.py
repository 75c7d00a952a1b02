"""What a whole API server suffers from: its start, its storage, a conversion webhook.

Seen on a Kubernetes 1.36.3 API server. Source of the words: kubernetes/apiserver pkg/server/healthz,
pkg/server/routine and pkg/storage/cacher.
"""

import asyncio

from aiohttp import web

from .access import ACCOUNT
from .wire import StatusError, text_response

HEALTH = frozenset({"/healthz", "/livez", "/readyz"})
ANYBODY = HEALTH | {"/version"}
"""What the role system:public-info-viewer shows to whoever asks."""
_NO_PATHS = (
    "the request has been made before all known HTTP paths have been installed, please retry: the server is"
    " currently unable to handle the request"
)
_INITIALIZING = "storage is (re)initializing"


class Ailments:
    """What is wrong with the server as a whole; at first nothing is."""

    def __init__(self) -> None:
        """Begin in health."""
        self._refused_until = self._unready_until = 0.0
        self._storage = asyncio.Event()
        self._storage.set()
        self.unconvertible: set[str] = set()

    def boot(self, refused: float, unready: float) -> None:
        """Begin a start: as long as no role has been read every token is refused, then paths are missing."""
        now = asyncio.get_running_loop().time()
        self._refused_until = now + refused
        self._unready_until = self._refused_until + unready

    def lose_storage(self) -> None:
        """Let etcd hang: what needs it never answers, and watches stay open without a word."""
        self._storage.clear()

    def regain_storage(self) -> None:
        """Let etcd answer again."""
        self._storage.set()

    @property
    def has_storage(self) -> bool:
        """Whether etcd answers."""
        return self._storage.is_set()

    def check_start(self, verb: str, path: str) -> None:
        """Raise StatusError while the server starts."""
        now = asyncio.get_running_loop().time()
        if now < self._refused_until:
            said = f'forbidden: User "{ACCOUNT}" cannot {verb} path "{path}"'
            raise StatusError(403, "Forbidden", said, details={})
        if now >= self._unready_until:
            return
        if verb == "watch":
            raise StatusError(429, "TooManyRequests", _INITIALIZING, details={"retryAfterSeconds": 1})
        if path not in HEALTH:
            raise StatusError(503, "ServiceUnavailable", _NO_PATHS, details={"retryAfterSeconds": 5})

    async def check_storage(self, qualified: str, verb: str) -> None:
        """Wait for etcd, or raise StatusError where an object cannot be converted."""
        if qualified in self.unconvertible:
            if verb == "watch":
                raise StatusError(429, "TooManyRequests", _INITIALIZING, details={"retryAfterSeconds": 1})
            said = (
                f"conversion webhook for {qualified} failed: Post"
                ' "https://webhook.system.svc:443/convert?timeout=30s": dial tcp 10.43.0.7:443: connect:'
                " connection refused"
            )
            raise StatusError(500, "InternalError", said, details={})
        if verb != "watch":
            await self._storage.wait()

    def health(self, path: str) -> web.Response:
        """What the server says of its own health."""
        checks = ["ping", "log", "etcd", "etcd-readiness", "poststarthook/rbac/bootstrap-roles"]
        starting = asyncio.get_running_loop().time() < self._unready_until
        failed = {"etcd", "etcd-readiness"} if not self.has_storage else set()
        failed |= {"poststarthook/rbac/bootstrap-roles"} if starting else set()
        if not failed:
            return text_response("ok")
        lines = [f"[-]{one} failed: reason withheld" if one in failed else f"[+]{one} ok" for one in checks]
        return text_response("\n".join([*lines, f"{path[1:]} check failed", ""]), 500)
