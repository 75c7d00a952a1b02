"""The Ollama server that the house uses: the simulated one, or one of the person's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from demo.ollama import OllamaServer, Timing

from .errors import DemoError
from .options import LOOPBACK, Options

GPU_MEMORY = 16  # GiB, of the simulated one


@asynccontextmanager
async def hub(options: Options, port: int = 0) -> AsyncIterator[str]:
    """The address of a running hub; the simulated one takes this port, any free one if it is 0."""
    if options.hub:
        yield options.hub
        return
    server = OllamaServer(
        timing=Timing.realistic(),
        vram=GPU_MEMORY * 1024**3,
        api_key=options.api_key,
        host=LOOPBACK,
        port=port,
    )
    try:
        await server.start()
    except OSError as err:
        raise DemoError(f"The simulated hub cannot listen on port {port}: {err}") from err
    try:
        yield server.url
    finally:
        await server.stop()
