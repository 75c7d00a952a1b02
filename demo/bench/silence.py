"""An address at which there is no machine, as that of a hub that is switched off."""

from collections.abc import Iterator
from contextlib import contextmanager
import socket

from demo.house.options import LOOPBACK

_CALLERS = 4


@contextmanager
def silent(port: int) -> Iterator[None]:
    """Let nothing come of a connection to this port of the loopback, on which nobody listens yet.

    A socket with a full queue drops further callers without a word, which a port that is closed does not:
    Linux refuses for that.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(0)
        callers = [socket.socket() for _ in range(_CALLERS)]
        try:
            for caller in callers:
                caller.setblocking(False)
                caller.connect_ex((LOOPBACK, port))
            yield
        finally:
            for caller in callers:
                caller.close()
