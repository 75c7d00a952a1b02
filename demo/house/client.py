"""Home Assistant as its frontend reaches it: REST and WebSocket."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType

from .errors import DemoError

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login gives. `expires_in` is seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


class WebSocket:
    """One logged-in WebSocket connection; one command at a time."""

    def __init__(self, connection: ClientWebSocketResponse) -> None:
        self._connection = connection
        self._last_id = 0

    async def log_in(self, token: str) -> Self:
        """Answer the greeting; raises DemoError if the token is refused."""
        await self._receive()
        await self._connection.send_json({"type": "auth", "access_token": token})
        if (answer := await self._receive())["type"] != "auth_ok":
            raise DemoError(f"Home Assistant refused the login: {answer.get('message')}")
        return self

    async def command(self, kind: str, **fields: object) -> Any:
        """The result of one command."""
        await self._send(kind, fields)
        while (message := await self._receive()).get("id") != self._last_id or message["type"] != "result":
            pass  # events of an earlier subscription
        if not message["success"]:
            raise DemoError(f"{kind}: {message['error'].get('message') or message['error']}")
        return message["result"]

    async def events(self, kind: str, **fields: object) -> AsyncIterator[Json]:
        """What a subscription reports, without end: leave the loop when you have seen enough."""
        await self.command(kind, **fields)
        subscription = self._last_id
        while True:
            message = await self._receive()
            if message.get("id") == subscription and message["type"] == "event":
                yield message["event"]

    async def _send(self, kind: str, fields: Mapping[str, object]) -> None:
        self._last_id += 1
        await self._connection.send_json({"id": self._last_id, "type": kind, **fields})

    async def _receive(self) -> Json:
        message = await self._connection.receive()
        if message.type is not WSMsgType.TEXT:
            raise DemoError("Home Assistant closed the connection")
        received: Json = message.json()
        return received


class Client:
    """A Home Assistant at `url` (without a slash at its end)."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self.url = url
        self._token: str | None = None

    @property
    def client_id(self) -> str:
        """What the frontend calls itself when it logs in: the address it was loaded from."""
        return f"{self.url}/"

    def use(self, token: str) -> None:
        """Make every later request with this token."""
        self._token = token

    async def answers(self) -> bool:
        """Whether anything listens yet."""
        try:
            async with self._session.get(f"{self.url}/manifest.json") as response:
                return response.ok
        except ClientError, OSError:
            return False

    async def get(self, path: str) -> Any:
        """The JSON at this path."""
        return await self._request("GET", path)

    async def post(self, path: str, body: object = None) -> Any:
        """The JSON that answers this JSON body."""
        return await self._request("POST", path, json=body or {})

    async def post_form(self, path: str, **fields: str) -> Any:
        """The JSON that answers this HTML form."""
        return await self._request("POST", path, data=fields)

    async def act(self, action: str, **data: object) -> Any:
        """Run an action that returns no response."""
        return await self.post(f"/api/services/{action.replace('.', '/')}", data)

    async def asked(self, action: str, **data: object) -> Json:
        """Run an action that returns a response, and return that."""
        answer = await self.post(f"/api/services/{action.replace('.', '/')}?return_response", data)
        response: Json = answer["service_response"]
        return response

    async def tokens(self, code: str) -> Tokens:
        """The tokens that an authorization code stands for."""
        answer = await self.post_form(
            "/auth/token", grant_type="authorization_code", code=code, client_id=self.client_id
        )
        return Tokens(answer["access_token"], answer["refresh_token"], answer["expires_in"])

    @asynccontextmanager
    async def websocket(self) -> AsyncIterator[WebSocket]:
        """A WebSocket connection of its own."""
        try:
            # Home Assistant's lists of entities outgrow aiohttp's limit of 4 MiB in a large house.
            async with self._session.ws_connect(f"{self.url}/api/websocket", max_msg_size=0) as connection:
                yield await WebSocket(connection).log_in(self._token or "")
        except ClientError as err:
            raise DemoError(f"The connection to Home Assistant broke: {err}") from err

    async def command(self, kind: str, **fields: object) -> Any:
        """The result of one WebSocket command."""
        async with self.websocket() as websocket:
            return await websocket.command(kind, **fields)

    async def _request(self, method: str, path: str, **content: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            async with self._session.request(
                method, f"{self.url}{path}", headers=headers, **content
            ) as response:
                if not response.ok:
                    raise DemoError(f"{method} {path}: {response.status} {(await response.text())[:500]}")
                return await response.json()
        except (ClientError, TimeoutError) as err:
            raise DemoError(f"{method} {path}: {str(err) or 'no answer'}") from err
