"""Lists, whole or page by page.

Source: kubernetes/website api-concepts (chunks); systems.md 4.1.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
import json
import time

from demo.servers.ollama.wire import encode

from .resources import Resource
from .scope import Scope, flag, number
from .store import Key, Stored
from .versions import decoded, encoded
from .wire import Object, StatusError, bad_request, expired

_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list"
    " without the continue parameter, or use the continue token in this response to retrieve the remainder of"
    " the results. Continuing with the provided token results in an inconsistent list - objects that were"
    " created, modified, or deleted between the time the first chunk was returned and now may show up in the"
    " list."
)
# Pages remembered at once; more than a client needs, few enough for whole lists to be kept.
_MOST_PAGES = 64


@dataclass(frozen=True, slots=True)
class Page:
    """What a list has yet to give: objects as they were when it began, from an offset on."""

    objects: list[Stored]
    offset: int
    revision: int
    until: float


@dataclass(frozen=True, slots=True)
class Listing:
    """One answer to a list."""

    resource: Resource
    metadata: Object
    items: list[bytes]

    @property
    def head(self) -> bytes:
        """Everything up to the first item."""
        kind = {"kind": f"{self.resource.kind}List", "apiVersion": self.resource.api_version}
        return encode({**kind, "metadata": self.metadata})[:-1] + b',"items":['

    @property
    def body(self) -> bytes:
        """The document."""
        return b"".join((self.head, b",".join(self.items), b"]}\n"))


class Pages:
    """The lists that are being read page by page; the token of each page expires."""

    def __init__(self, seconds: float) -> None:
        """Keep pages for this long."""
        self._seconds = seconds
        self._pages: dict[str, Page] = {}
        self._count = 0

    def expire(self) -> None:
        """Let every token be too old."""
        self._pages.clear()

    def listing(self, scope: Scope, query: Mapping[str, str], revision: int) -> Listing:
        """Answer a list; raises StatusError 400 or 410."""
        limit, token = number(query, "limit"), query.get("continue", "")
        if limit < 0:
            raise bad_request("limit: Invalid value: must be greater than or equal to 0")
        if flag(query, "sendInitialEvents"):
            raise _invalid(scope.collection.resource, "sendInitialEvents is forbidden for list")
        wanted = query.get("resourceVersion", "")
        if token:
            if wanted not in ("", "0"):
                raise bad_request("specifying resource version is not allowed when using continue")
            page = self._page(token, scope, revision)
        else:
            _check_revision(scope.collection.resource, wanted, revision)
            if wanted == "0":
                # Any version will do, so it comes from a cache that knows no pages.
                limit = 0
            page = Page(scope.objects(), 0, revision, 0)
        end = page.offset + limit if limit else len(page.objects)
        metadata: Object = {"resourceVersion": encoded(page.revision)}
        custom = scope.collection.resource.custom
        if end < len(page.objects):
            metadata["continue"] = self._token(page, end)
            if not scope.selector:
                metadata["remainingItemCount"] = len(page.objects) - end
        elif custom:
            metadata["continue"] = ""
        items = [stored.whole if custom else stored.item for stored in page.objects[page.offset : end]]
        return Listing(scope.collection.resource, metadata, items)

    def _token(self, page: Page, offset: int) -> str:
        self._count += 1
        start = "/".join(page.objects[offset].key)
        content = {"v": "meta.k8s.io/v1", "rv": encoded(page.revision), "start": start, "n": self._count}
        token = urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
        while len(self._pages) >= _MOST_PAGES:
            del self._pages[next(iter(self._pages))]
        self._pages[token] = Page(page.objects, offset, page.revision, time.monotonic() + self._seconds)
        return token

    def _page(self, token: str, scope: Scope, revision: int) -> Page:
        start = _start(token)
        page = self._pages.get(token)
        if page is not None and time.monotonic() < page.until:
            return page
        objects = scope.objects()
        offset = bisect_left(objects, start, key=lambda stored: stored.key)
        if offset == len(objects):
            raise expired(_TOO_OLD)
        raise expired(_TOO_OLD, continuation=self._token(Page(objects, offset, revision, 0), offset))


def _start(token: str) -> Key:
    try:
        content = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        namespace, _, name = content["start"].partition("/")
    except ValueError, KeyError, TypeError:
        raise bad_request("continue key is not valid: illegal base64 data at input byte 0") from None
    return namespace, name


def _check_revision(resource: Resource, text: str, revision: int) -> None:
    """Refuse a version that is none, or of a future that has not come."""
    if text in ("", "0"):
        return
    if revision_of(resource, text) > revision:
        said = f"Too large resource version: {text}, current: {encoded(revision)}"
        raise StatusError(504, "Timeout", said, details={"retryAfterSeconds": 1})


def revision_of(resource: Resource, text: str) -> int:
    """Read a resourceVersion; raises StatusError 422."""
    try:
        return decoded(text)
    except ValueError:
        raise _invalid(resource, f'resourceVersion: Invalid value: "{text}"') from None


def _invalid(resource: Resource, said: str) -> StatusError:
    return StatusError(422, "Invalid", f'{resource.kind}.{resource.group} "" is invalid: {said}', details={})
