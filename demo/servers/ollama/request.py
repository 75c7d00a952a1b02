"""What the server remembers of each request, for tests to look at."""

from dataclasses import dataclass
from typing import Any, Literal

from multidict import CIMultiDictProxy

Outcome = Literal["running", "finished", "cancelled", "failed"]


@dataclass(slots=True, kw_only=True)
class Request:
    """One request. Times are those of time.monotonic; `path` is without the server's prefix."""

    method: str
    path: str
    headers: CIMultiDictProxy[str]
    started_at: float
    body: dict[str, Any] | None = None
    outcome: Outcome = "running"
    status: int | None = None
    first_token_at: float | None = None
    finished_at: float | None = None
    prompt_tokens: int = 0
    cached_tokens: int = 0
    generated_tokens: int = 0
