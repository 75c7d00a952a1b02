"""What happens in the house: changes of problems, automations that run, and what these have to say."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import monotonic

from .client import Client, Json
from .console import Console

_NO_EVENT = {"unknown", "unavailable"}
_LONGEST_LINE = 120
_SECONDS_TO_FOLLOW = 0.2


class Kind(StrEnum):
    """What it is."""

    RAISED = "raised"
    RESOLVED = "resolved"
    AUTOMATION = "automation"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, `at` a time of the monotonic clock.

    `name` is that of the problem or the automation, `text` the summary or the title of the notification that
    was made; `data` is all that the event entity tells.
    """

    at: float
    kind: Kind
    name: str
    text: str
    data: Json = field(default_factory=dict)

    @property
    def told(self) -> str:
        """As it is told in one line."""
        if self.kind is Kind.AUTOMATION:
            return f"“{self.name}” → “{self.text}”"
        # Most summaries name what they are about.
        said = self.text if self.name in self.text else f"{self.name}: {self.text}"
        return _line(f"{self.data['severity']:<8}  {said}")


class Happenings:
    """Listens to one Home Assistant, and tells the console when it is asked to."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._known: list[Happening] = []
        self._told = 0
        self._began = monotonic()
        self._arrived = asyncio.Condition()
        self._last: tuple[object, ...] = ()
        self._automations: dict[str, str] = {}

    @property
    def known(self) -> tuple[Happening, ...]:
        """All that has happened, oldest first."""
        return tuple(self._known)

    @property
    def since_begin(self) -> tuple[Happening, ...]:
        """What has happened since `begin`."""
        return tuple(one for one in self._known if one.at >= self._began)

    def begin(self) -> None:
        """Count the seconds from now on, and pass over in silence what has happened before."""
        self._began, self._told = monotonic(), len(self._known)

    async def until(self, *wanted: Callable[[Happening], bool], seconds: float) -> bool:
        """Tell what happens until each of these has since `begin`; returns whether that was in time."""
        missing, seen = list(wanted), 0
        try:
            async with asyncio.timeout(seconds), self._arrived:
                while True:
                    happened = self.since_begin
                    for one in happened[seen:]:
                        missing = [each for each in missing if not each(one)]
                    seen = len(happened)
                    self._tell()
                    if not missing:
                        break
                    await self._arrived.wait()
        except TimeoutError:
            return False
        # What happens along with it is told along with it.
        await asyncio.sleep(_SECONDS_TO_FOLLOW)
        self._tell()
        return True

    async def forever(self) -> None:
        """Tell what happens with the time of day, until cancelled."""
        self.begin()
        while True:
            async with self._arrived:
                await self._arrived.wait()
            self._tell(f"{datetime.now().astimezone():%H:%M:%S}")

    async def take(self, event: Json) -> None:
        """Note what an event of Home Assistant's bus says, if it is one of ours."""
        found = self._read(event)
        if found is not None:
            async with self._arrived:
                self._known.append(found)
                self._arrived.notify_all()

    def _tell(self, when: str | None = None) -> None:
        """Print what has not been told."""
        for one in self._known[self._told :]:
            self._console.happening(when or f"{one.at - self._began:.1f} s", one.kind, one.told)
        self._told = len(self._known)

    def _read(self, event: Json) -> Happening | None:
        data, context = event["data"], event["context"]["id"]
        match event["event_type"]:
            case "state_changed" if data["entity_id"].startswith("event."):
                return self._problem(data["new_state"])
            case "automation_triggered":
                self._automations[context] = data["name"]
            # An automation acts in the context that it was triggered in.
            case "call_service" if context in self._automations and data["service"] == "create":
                title = data["service_data"]["title"]
                return Happening(monotonic(), Kind.AUTOMATION, self._automations[context], title)
        return None

    def _problem(self, state: Json | None) -> Happening | None:
        if state is None or state["state"] in _NO_EVENT:
            return None
        told = state["attributes"]
        if told.get("event_type") not in {Kind.RAISED, Kind.RESOLVED}:
            return None
        # After a reload of the integration the entity shows its last event anew.
        if (this := (state["state"], told["event_type"], told["id"])) == self._last:
            return None
        self._last = this
        return Happening(monotonic(), Kind(told["event_type"]), told["name"], told["summary"], dict(told))


def _line(text: str) -> str:
    """The text on one line, cut where it would fill the screen."""
    line = text.replace("\n", " ")
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


@asynccontextmanager
async def watched(client: Client, console: Console) -> AsyncIterator[Happenings]:
    """Listen for as long as the context lasts."""
    happenings = Happenings(console)
    listening = asyncio.Event()

    async def listen() -> None:
        async with client.websocket() as websocket:
            events = websocket.events("subscribe_events")
            listening.set()
            async for event in events:
                await happenings.take(event)

    listener = asyncio.create_task(listen())
    try:
        await listening.wait()
        yield happenings
    finally:
        listener.cancel()
