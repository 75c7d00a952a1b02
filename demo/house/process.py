"""The Home Assistant process and the folder it lives in."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import Iterator
from contextlib import contextmanager
import fcntl
import os
from pathlib import Path
import socket
import sys

from .errors import DemoError

# What a person chose for their own shell must not change what the demonstration runs.
_NOT_INHERITED = {"PYTHONPATH", "PYTHONHOME", "SETUP_PORT", "SUPERVISOR"}
_RESTART = 100  # the status by which Home Assistant asks to be started again
_SECONDS_TO_STOP = 30


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next port above it that nothing listens on."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                # Linux lets a second socket bind, but not listen, where the first allows reuse.
                probe.listen()
            except OSError:
                continue
            return port
    raise DemoError(f"No free port on {host} from {wanted} on")


@contextmanager
def claimed(directory: Path) -> Iterator[int]:
    """Keep a second demonstration out of this directory; yields the descriptor that holds the lock.

    Home Assistant inherits it: should it outlive us, the directory stays locked until it has ended, too.
    """
    directory.mkdir(parents=True, exist_ok=True)
    lock = directory / "lock"
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owners = lock.read_text().strip()
            raise DemoError(
                f"A demonstration (processes: {owners}) already uses {directory}; end it, or give --directory"
            ) from None
        _own(descriptor, os.getpid())
        yield descriptor
    finally:
        os.close(descriptor)


class HomeAssistantProcess:
    """One Home Assistant, started from `folder`; its output goes to `log`, from its start on.

    The log is opened for writing afresh when the process starts for the first time.
    """

    def __init__(self, folder: Path, log: Path, lock: int) -> None:
        self._folder = folder
        self._log = log
        self._lock = lock
        self._process: Process | None = None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    async def start(self, *, again: bool = False) -> None:
        """Start it; `again` keeps the log of the time before."""
        with self._log.open("ab" if again else "wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "homeassistant",
                "--config",
                str(self._folder),
                "--log-no-color",
                # Elsewhere Python would find another `custom_components` in the current folder.
                cwd=self._folder,
                env={name: value for name, value in os.environ.items() if name not in _NOT_INHERITED},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us; we end Home Assistant in our own time.
                start_new_session=True,
                pass_fds=[self._lock],
            )
        _own(self._lock, os.getpid(), self._process.pid)

    async def wait(self) -> int:
        """Until it ends by itself, started again as often as it asks for that; its status then."""
        while self._process and (status := await self._process.wait()) == _RESTART:
            await self.start(again=True)
        return status

    async def stop(self) -> None:
        """End it: gently, and by force if that takes too long or nobody wants to wait for it."""
        process = self._process
        if process is None or process.returncode is not None:
            return
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


def _own(descriptor: int, *processes: int) -> None:
    """Write into the lock whose it is."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, " ".join(map(str, processes)).encode(), 0)
