"""The fence around text of other systems, as the assistant puts it: see `agent.fence`."""

from ..agent.fence import CLOSE, MAX_FENCED, OPEN, UNTRUSTED, fence

__all__ = ("CLOSE", "MAX_FENCED", "OPEN", "UNTRUSTED", "fence")
