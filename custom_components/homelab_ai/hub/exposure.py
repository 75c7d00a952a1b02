"""Whether a server answers anybody who reaches it: Ollama itself asks nobody for a key."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from yarl import URL

from ..api.errors import ApiError
from ..api.ollama import OllamaClient

INTERVAL = timedelta(days=1)
PATIENCE = timedelta(hours=1)
"""After which it is tried again where it could not be found out."""


class Exposure:
    """What is known of it. `answers_anybody` is None where it is not known, or nobody else can reach it."""

    def __init__(self, client: OllamaClient) -> None:
        """Know nothing yet, unless nothing needs to be asked."""
        self._client = client
        self._due = datetime.min.replace(tzinfo=UTC)
        is_open = not client.has_credentials and not is_loopback(client.url)
        self.answers_anybody: bool | None = True if is_open else None

    def is_due(self, now: datetime) -> bool:
        """Return whether it is time to ask; where we have no key ourselves there is nothing to find out."""
        return self._client.has_credentials and now >= self._due

    async def look(self, now: datetime) -> None:
        """Ask without the key; what fails is tried again later."""
        self._due = now + INTERVAL
        try:
            self.answers_anybody = await self._client.answers_anybody()
        except ApiError:
            self._due = now + PATIENCE


def is_loopback(url: str) -> bool:
    """Return whether an address is of the machine itself, so that no other one reaches it by that."""
    host = URL(url).host or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
