"""What the server remembers of each request, for tests to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["running", "finished", "cut", "failed"]


@dataclass(slots=True, kw_only=True)
class Request:
    """One request; `path` is without the server's prefix, times are those of time.monotonic.

    `verb` and `resource` (`results.core.k8sgpt.ai`) are those that RBAC judges; both are empty for other
    paths. `lines` counts what a watch was sent.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    started_at: float
    verb: str = ""
    resource: str = ""
    namespace: str | None = None
    name: str | None = None
    status: int | None = None
    outcome: Outcome = "running"
    lines: int = 0
    finished_at: float | None = None
