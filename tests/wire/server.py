"""A server of raw bytes: the first part of the path says which answer it gives."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

type Play = Callable[[asyncio.StreamWriter], Awaitable[None]]
type Wire = bytes | Play

MOST = 8.0
"""Seconds that an answer without an end goes on."""


class RawServer:
    """Answers every request for `/<number>/...` with the answer of this number."""

    def __init__(self, answers: Mapping[str, Wire]) -> None:
        self._answers = list(answers.values())
        self._server: asyncio.Server | None = None
        self._names = list(answers)
        self._serving: set[asyncio.Task[None]] = set()

    def url(self, name: str) -> str:
        """Return the address at which everything has this answer."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/{self._names.index(name)}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self._server.abort_clients()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            async with asyncio.timeout(MOST):
                while True:
                    await self._answer(await reader.readuntil(b"\r\n\r\n"), reader, writer)
        writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for field in head.lower().split(b"\r\n"):
            if field.startswith(b"content-length:"):
                await reader.readexactly(int(field.partition(b":")[2]))
        answer = self._answers[int(head.split(b" ", 2)[1].split(b"/")[1])]
        if callable(answer):
            await answer(writer)
        else:
            writer.write(answer)
        await writer.drain()
