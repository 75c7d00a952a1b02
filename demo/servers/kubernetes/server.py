"""The simulated API server: who may ask, what for, and what tests may do to it.

Source: kubernetes/website api-concepts; systems.md 4.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
import hmac
import json
import ssl
import time
from typing import Literal

from aiohttp import web

from demo.servers.http_server import HttpServer, hang_up

from . import discovery, openapi
from .access import READ_ONLY, Access, Rule
from .ailments import ANYBODY, HEALTH, Ailments
from .faults import GARBAGE, INSTEAD, WITHIN, Fault, Faults, Kind, write_huge
from .listing import Listing, Pages
from .patching import patched
from .record import Request
from .scope import Target, scope, target
from .store import Collection, Store
from .watching import Watches
from .wire import (
    Object,
    StatusError,
    anonymous_forbidden,
    bad_request,
    body_response,
    expired,
    json_response,
    method_not_allowed,
    not_found,
    page_not_found,
    unauthorized,
    unknown_resource,
)

System = Literal[
    "k8sgpt", "flux", "argocd", "k8up", "longhorn", "velero", "volsync", "cert-manager", "traefik", "gateway"
]

TOKEN = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImRlbW8ifQ.homelab"
_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_ACCEPTED = ("*/*", "application/*", "application/json")


class ApiServer(HttpServer):
    """A Kubernetes API server on a real socket, with one service account.

    `history` is how many changes of a resource a watch may go back, `page_seconds` how long a page token
    lives, `bookmark_seconds` how often watches get a bookmark.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        ssl_context: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        version: str = "v1.33.4+k3s1",
        rbac: Iterable[Rule] = READ_ONLY,
        systems: Iterable[System] = (),
        path_prefix: str = "",
        history: int = 1000,
        page_seconds: float = 300,
        bookmark_seconds: float = 60,
    ) -> None:
        """Prepare a cluster that has nothing but these systems' API groups."""
        super().__init__(host=host, port=port, ssl_context=ssl_context, path_prefix=path_prefix)
        # None while every token is refused; a new one may be set at any time.
        self.token: str | None = token
        # Whether anybody may read the version, as a cluster allows unless it is told otherwise.
        self.anonymous = False
        self.version = version
        self.access = Access(rbac)
        self.store = Store(history=history)
        self.faults = Faults()
        self.ailments = Ailments()
        self.requests: list[Request] = []
        self._pages = Pages(page_seconds)
        self._watches = Watches(self.store, self.faults, bookmark_seconds)
        self._watches.initial_events = discovery.minor(version) >= 32
        for system in systems:
            self.install(system)

    async def stop(self) -> None:
        """Cut every open connection and free the port; objects and history stay."""
        await super().stop()
        self._watches.quiet.end()

    async def restart(self, *, refused: float = 0.5, unready: float = 0.5) -> None:
        """Stop and start, as a real one does: it refuses every token for so many seconds, then is unready."""
        await self.stop()
        self.ailments.boot(refused, unready)
        await self.start()

    # What the cluster consists of

    def install(self, system: System) -> None:
        """Bring the API groups of a system."""
        self.store.install(system)

    def uninstall(self, system: System) -> None:
        """Delete a system's objects and API groups; its watches end."""
        for collection in self.store.uninstall(system):
            for watch in self._watches.open:
                if watch.scope.collection is collection:
                    watch.end()

    def apply(self, obj: Object) -> Object:
        """Create or update an object; returns it as the server has it now."""
        return self.store.apply(obj).value

    def load(self, objects: Iterable[Object]) -> None:
        """Create or update many."""
        for obj in objects:
            self.store.apply(obj)

    def delete(self, resource: str, namespace: str, name: str) -> None:
        """Delete an object; `resource` is a kind, a plural or `plural.group`. Raises LookupError."""
        self.store.delete(self.store.named(resource), namespace, name)

    def get(self, resource: str, namespace: str, name: str) -> Object:
        """An object as it is now; raises LookupError."""
        return self.store.named(resource).objects[namespace, name].value

    def objects(self, resource: str) -> list[Object]:
        """All objects of a resource."""
        return [stored.value for stored in self.store.named(resource).within(None)]

    @property
    def clock_skew(self) -> float:
        """Seconds by which creationTimestamps are ahead."""
        return self.store.clock_skew

    @clock_skew.setter
    def clock_skew(self, seconds: float) -> None:
        self.store.clock_skew = seconds

    # What tests look at

    @property
    def watchers(self) -> Counter[str]:
        """Open watches by resource, named like `results.core.k8sgpt.ai` or `pods`."""
        return self._watches.counted

    def requests_to(self, resource: str, *verbs: str) -> list[Request]:
        """The requests for a resource, oldest first, all of them unless verbs are named."""
        return [
            request
            for request in self.requests
            if request.resource == resource and (not verbs or request.verb in verbs)
        ]

    # What can go wrong

    def revoke_token(self) -> None:
        """Refuse every token from now on; open watches go on, as they do in a real cluster."""
        self.token = None

    def deny(self, resource: str, *verbs: str) -> None:
        """Take the account's rights on `plural.group` away, all of them unless verbs are named."""
        self.access.deny(resource, *verbs)

    def allow(self, resource: str) -> None:
        """Give back what `deny` took."""
        self.access.allow(resource)

    def drop_watches(self) -> None:
        """Cut the connections of all open watches."""
        for watch in self._watches.open:
            watch.cut()

    def end_watches(self) -> None:
        """Let all open watches end as if their time were up."""
        for watch in self._watches.open:
            watch.end()

    def fail_watches(self, code: int = 410, reason: str = "Expired", message: str = "too old") -> None:
        """Let all open watches end on an ERROR event inside their 200."""
        for watch in self._watches.open:
            watch.end(expired(message) if code == 410 else StatusError(code, reason, message))

    def silence_watches(self, seconds: float) -> None:
        """Let open and new watches get nothing for a time, no bookmark and no end; 0 ends it."""
        self._watches.quiet.begin(seconds)

    def lose_storage(self) -> None:
        """Let etcd hang: lists never answer, watches stay open without a word, only the version is told."""
        self.ailments.lose_storage()
        self.silence_watches(3600)

    def regain_storage(self) -> None:
        """Let etcd answer again."""
        self.ailments.regain_storage()
        self.silence_watches(0)

    def break_conversion(self, resource: str) -> None:
        """Let nobody answer for the conversion webhook of a resource, until `mend_conversion`."""
        self.ailments.unconvertible.add(resource)
        for watch in self._watches.open:
            if watch.resource.qualified == resource:
                watch.cut()

    def mend_conversion(self, resource: str) -> None:
        """Let somebody answer again."""
        self.ailments.unconvertible.discard(resource)

    def send_bookmarks(self) -> None:
        """Send a bookmark to every open watch that takes them."""
        for watch in self._watches.open:
            watch.mark(self.store.revision)

    def expire_history(self, *, as_status: bool = False) -> None:
        """Make every resourceVersion and page token given out so far too old.

        A watch from one is answered with an ERROR event inside a 200, or with a plain 410 (`as_status`).
        Open watches go on.
        """
        self._watches.expired_as_status = as_status
        self.store.forget()
        self._pages.expire()

    def inject(
        self,
        kind: Kind = "status",
        *,
        status: int = 500,
        retry_after: int | None = None,
        times: int | None = 1,
        path: str | None = None,
        watch: bool | None = None,
        seconds: float | None = None,
        size: int = 0,
        clean: bool = False,
    ) -> Fault:
        """Let something go wrong at the next matching requests, see Fault."""
        return self.faults.add(
            Fault(
                kind=kind,
                status=status,
                retry_after=retry_after,
                times=times,
                path=path,
                watch=watch,
                seconds=seconds,
                size=size,
                clean=clean,
            )
        )

    # Answering

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request and keep a record of it."""
        record = Request(
            method=request.method,
            path=request.path.removeprefix(self.path_prefix) or "/",
            query=request.query,
            headers=request.headers,
            started_at=time.monotonic(),
        )
        self.requests.append(record)
        try:
            try:
                response = await self._answer(request, record)
            except StatusError as refusal:
                response = refusal.response()
            record.status = response.status
            record.outcome = "finished" if response.status < 400 else "failed"
        except ConnectionResetError:
            # The connection went between two writes, before aiohttp cancelled the handler.
            raise asyncio.CancelledError from None
        finally:
            if record.outcome == "running":
                record.outcome = "cut"
            record.finished_at = time.monotonic()
        return response

    async def _answer(self, request: web.Request, record: Request) -> web.StreamResponse:
        if not request.path.startswith(f"{self.path_prefix}/"):
            return page_not_found()
        wanted = target(record.path)
        if wanted is not None:
            record.verb = wanted.verb(request.method, request.query)
            record.resource = wanted.as_resource().qualified
            record.namespace, record.name = wanted.namespace, wanted.name
        fault = self.faults.take(record.path, INSTEAD, watch=record.verb == "watch")
        if fault is not None:
            if fault.kind != "stall":
                return fault.response()
            await _wait(fault.seconds)
        self._check_token(request, record)
        self.ailments.check_start(record.verb or request.method.lower(), record.path)
        accepted = request.headers.get("Accept", "*/*")
        if not any(kind.partition(";")[0].strip() in _ACCEPTED for kind in accepted.split(",")):
            said = "only the following media types are accepted: application/json, application/yaml"
            raise StatusError(406, "NotAcceptable", said)
        if record.path == _REVIEWS and request.method == "POST":
            return json_response(self.access.review(await _body(request)), 201)
        if wanted is None:
            self.access.check_path(request.method.lower().replace("head", "get"), record.path)
            if record.path in HEALTH:
                return self.ailments.health(record.path)
            documents = discovery.documents(self.version, self.store.collections)
            if record.path.startswith("/openapi/"):
                documents = openapi.documents(self.store.collections)
            document = documents.get(record.path)
            return page_not_found() if document is None else json_response(document)
        return await self._resource(wanted, request, record)

    async def _resource(self, wanted: Target, request: web.Request, record: Request) -> web.StreamResponse:
        self.access.check(record.verb, wanted.as_resource(), wanted.namespace, wanted.name)
        collection = self.store.find(wanted.group, wanted.version, wanted.plural)
        if collection is None or (wanted.namespace is not None and not collection.resource.namespaced):
            if not wanted.group:
                raise unknown_resource()
            return page_not_found()
        if record.verb == "patch" and wanted.name is not None and not wanted.subresource:
            return await patched(self.store, collection, wanted, self.access, request)
        if record.verb not in ("get", "list", "watch"):
            raise method_not_allowed()
        if wanted.subresource:
            raise unknown_resource()
        await self.ailments.check_storage(collection.resource.qualified, record.verb)
        if wanted.name is not None:
            return json_response(_object(collection, wanted.namespace, wanted.name))
        asked = scope(collection, wanted.namespace, request.query)
        if record.verb == "watch":
            return await self._watches.serve(asked, request.query, request, record)
        listing = self._pages.listing(asked, request.query, self.store.revision)
        fault = self.faults.take(record.path, WITHIN, watch=False)
        if fault is not None:
            return await _spoiled(listing, fault, request)
        compressible = "gzip" in request.headers.get("Accept-Encoding", "")
        return body_response(listing.body, compressible=compressible)

    def _check_token(self, request: web.Request, record: Request) -> None:
        """Raise StatusError for who is not the account, unless anybody may see this."""
        if self._knows(request):
            return
        if not self.anonymous or "Authorization" in request.headers:
            raise unauthorized()
        if record.path not in ANYBODY:
            raise anonymous_forbidden(record.verb or request.method.lower(), record.path)

    def _knows(self, request: web.Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return (
            self.token is not None
            and kind.lower() == "bearer"
            and hmac.compare_digest(token.encode(errors="surrogateescape"), self.token.encode())
        )


def _object(collection: Collection, namespace: str | None, name: str) -> Object:
    stored = collection.objects.get((namespace or "", name))
    if stored is None:
        raise not_found(collection.resource, name)
    return stored.value


async def _body(request: web.Request) -> object:
    try:
        return json.loads(await request.read())
    except ValueError:
        raise bad_request("the body of the request was in an unknown format") from None


async def _wait(seconds: float | None) -> None:
    """Wait, for ever without a number."""
    if seconds is None:
        await asyncio.get_running_loop().create_future()
    else:
        await asyncio.sleep(seconds)


async def _spoiled(listing: Listing, fault: Fault, request: web.Request) -> web.StreamResponse:
    """Answer a list that a fault has struck."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    if fault.kind == "huge_object":
        await response.write(listing.head)
        await write_huge(response, listing.resource, fault.size)
        await response.write(b"]}\n")
    elif fault.kind == "garbage_line":
        await response.write(GARBAGE + listing.body)
    else:
        await response.write(listing.body[: len(listing.body) // 2])
        if not fault.clean:
            await hang_up(request)
    await response.write_eof()
    return response
