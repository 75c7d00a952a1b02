"""A simulated Ollama server, faithful to v0.33.0 (systems.md 1)."""

from .faults import Fault
from .models import Model
from .reply import Reply, ToolCall
from .request import Request
from .server import OllamaServer
from .timing import Timing

__all__ = ["Fault", "Model", "OllamaServer", "Reply", "Request", "Timing", "ToolCall"]
