"""A real server as a process of our own: a folder, a port, a wait until it is ready."""

from abc import ABC, abstractmethod
import asyncio
from asyncio.subprocess import Process
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
import json
from pathlib import Path
import socket
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout

from .binaries import Binaries, BinariesMissingError, find

_SECONDS_TO_START = 30
_SECONDS_TO_STOP = 5
_ATTEMPTS = 3


class ServiceError(Exception):
    """The server did not start; the text ends with what it said last."""


@dataclass(frozen=True, slots=True)
class Login:
    """A user; `digest` is the bcrypt of the password."""

    username: str
    password: str
    digest: str

    @property
    def headers(self) -> dict[str, str]:
        """What a client sends along."""
        credentials = b64encode(f"{self.username}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {credentials}"}


LOGIN = Login("homelab", "correct horse", "$2b$04$K6jBXiJVG1aYUuNNouqlCuRbsLb4J.K1QAaAdzQCQOQfBTidpELci")


class Service(ABC):
    """One of the two servers. It keeps its port, and nothing else, from one start to the next."""

    def __init__(self, *, login: Login | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        """Prepare a server that may want a login; port 0 takes any free one."""
        self.login = login
        self.host = host
        self.port = port
        self._folder: TemporaryDirectory[str] | None = None
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """Base URL without a trailing slash."""
        return f"http://{self.host}:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    @abstractmethod
    def command(self, binaries: Binaries, folder: Path) -> list[str]:
        """The command that starts it on its port, with `folder` for its data."""

    @abstractmethod
    def files(self, folder: Path) -> dict[str, Mapping[str, Any]]:
        """Its configuration files by name. They are written as JSON, which is YAML."""

    async def start(self) -> None:
        """Start it and wait until it is ready.

        Raises BinariesMissingError, ServiceError, or OSError when the port it was given is taken.
        """
        if self.running:
            return
        binaries = await asyncio.to_thread(find)
        if binaries is None:
            raise BinariesMissingError("Prometheus is not here: python -m demo.servers.prometheus unpacks it")
        chosen = self.port
        for attempt in range(_ATTEMPTS):
            self.port = _free_port(self.host, chosen)
            try:
                await self._start(binaries)
                return
            except ServiceError as error:
                # Somebody may have been quicker to take the port.
                if chosen or "address already in use" not in str(error) or attempt == _ATTEMPTS - 1:
                    raise

    async def stop(self) -> None:
        """End it, by force if it takes long, and remove its data."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(_SECONDS_TO_STOP):
                    await process.wait()
            except TimeoutError:
                pass
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        folder, self._folder = self._folder, None
        if folder is not None:
            await asyncio.to_thread(folder.cleanup)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    async def _start(self, binaries: Binaries) -> None:
        self._folder = await asyncio.to_thread(TemporaryDirectory, prefix="homelab-")
        folder = Path(self._folder.name)
        log = await asyncio.to_thread(self._prepare, folder)
        try:
            with log:
                command = self.command(binaries, folder)
                self._process = await asyncio.create_subprocess_exec(
                    *command,
                    cwd=Binaries.root(Path(command[0])),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # Ctrl-C is for us; we end it in our own time.
                    start_new_session=True,
                )
            await self._ready(self._process, folder)
        except BaseException:
            await self.stop()
            raise

    def _prepare(self, folder: Path) -> Any:
        files = dict(self.files(folder))
        if self.login is not None:
            files["web.yml"] = {"basic_auth_users": {self.login.username: self.login.digest}}
        for name, content in files.items():
            (folder / name).write_text(json.dumps(content, indent=1))
        return (folder / "log").open("wb")

    def web_options(self, folder: Path) -> list[str]:
        """The options both have: where to listen, and who may ask."""
        options = [f"--web.listen-address={self.host}:{self.port}", f"--web.external-url={self.url}"]
        if self.login is not None:
            options.append(f"--web.config.file={folder / 'web.yml'}")
        return options

    def client(self) -> ClientSession:
        """A session that logs in."""
        headers = {} if self.login is None else self.login.headers
        return ClientSession(headers=headers, timeout=ClientTimeout(total=2))

    async def _ready(self, process: Process, folder: Path) -> None:
        async with self.client() as session:
            try:
                async with asyncio.timeout(_SECONDS_TO_START):
                    while process.returncode is None:
                        if await _answers(session, f"{self.url}/-/ready"):
                            return
                        await asyncio.sleep(0.05)
            except TimeoutError:
                pass
        said = await asyncio.to_thread((folder / "log").read_text, errors="replace")
        raise ServiceError(f"{type(self).__name__} did not start: {said[-2000:]}")


async def _answers(session: ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except ClientError, TimeoutError:
        return False


def _free_port(host: str, wanted: int) -> int:
    """`wanted`, or any for 0; raises OSError if something listens on it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, wanted))
        # Linux lets a second socket bind, but not listen, where the first allows reuse.
        probe.listen()
        port: int = probe.getsockname()[1]
        return port
