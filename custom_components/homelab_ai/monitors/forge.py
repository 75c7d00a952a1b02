"""A repository on a forge: what waits there to be merged, and where changes may be proposed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.components.event import EventEntityDescription
from homeassistant.components.sensor import SensorStateClass
from homeassistant.helpers.selector import TextSelector

from ..api.errors import ApiMovedError, ApiNotFoundError, ApiTokenMissingError
from ..api.forge.address import find_forge, repository_url
from ..api.forge.forge import Forge
from ..api.forge.pull_request import Checks, ForgeKind, PullRequest, Repository, Rights
from ..health.evidence import Evidence, said_something
from ..health.problem import MAX_NAME, Problem, plain
from ..health.unseen import Reason, Unseen
from ..health.waiting import Waiting, WaitingKind
from ..timeline import EntryKind
from ..topology import Fact, Link, LinkKind, State, Thing, ThingKind
from ..values.address import web_address
from .capabilities import ProposesChanges, TellsWaiting
from .fields import TLS, TOKEN, Field, Privacy
from .monitor import Advice, Doubt, Happening, Monitor, MonitorSensor, Settings, by_id
from .pull_requests import FRESH, MOST_CHECKED, Explained, PullRequests, Turn, Watched, explain
from .suggestions import CONF_PATHS, suggestions

CONF_BRANCH = "branch"
INTERVAL = timedelta(minutes=5)
SOON = timedelta(seconds=30)
"""Between two looks while checks of a draft of ours run."""
_RIGHTS_INTERVAL = timedelta(hours=1)
_NAMES = {
    ForgeKind.GITEA: "Gitea",
    ForgeKind.FORGEJO: "Forgejo",
    ForgeKind.GITHUB: "GitHub",
    ForgeKind.GITLAB: "GitLab",
}
_ENTRIES = {
    "opened": EntryKind.PULL_REQUEST_OPENED,
    "merged": EntryKind.PULL_REQUEST_MERGED,
    "closed": EntryKind.PULL_REQUEST_CLOSED,
}
EVENT = EventEntityDescription(
    key="pull_request",
    translation_key="pull_request",
    event_types=["opened", "merged", "closed", "checks_failed"],
)


@dataclass(frozen=True, slots=True)
class ForgeData:
    """A repository as it was found. `turns` are what has happened since the look before."""

    repository: Repository
    rights: Rights
    pull_requests: tuple[Watched, ...]
    turns: tuple[Turn, ...]
    seen_at: datetime

    @property
    def proposals(self) -> tuple[Watched, ...]:
        """Return those that we opened."""
        return tuple(pull_request for pull_request in self.pull_requests if pull_request.pull_request.ours)

    @property
    def updates(self) -> tuple[Watched, ...]:
        """Return those of the bots that keep versions new."""
        return tuple(pull_request for pull_request in self.pull_requests if pull_request.update is not None)

    @property
    def failing(self) -> tuple[Watched, ...]:
        """Return those whose checks fail."""
        return tuple(pull_request for pull_request in self.pull_requests if pull_request.failing)


class ForgeMonitor(Monitor[ForgeData], ProposesChanges, TellsWaiting[ForgeData]):
    """One repository."""

    kind = "forge"
    manufacturer = "Forge"
    manual = "gateway.md#1-a-token-by-forge"
    scheme = "https"
    is_page = True
    fields = (
        TOKEN,
        Field(CONF_BRANCH, TextSelector(), privacy=Privacy.PRIVATE),
        Field(CONF_PATHS, TextSelector({"multiple": True}), privacy=Privacy.PRIVATE),
        *TLS,
    )
    refusals = {ApiNotFoundError: "repository_missing", ApiMovedError: "moved"}
    interval = INTERVAL
    event = EVENT

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._pull_requests = PullRequests()
        self._found: Forge | None = None
        self._rights: Rights | None = None
        self._rights_asked = datetime.min.replace(tzinfo=UTC)
        self._data: ForgeData | None = None
        self._things: dict[str, Thing] = {}

    @classmethod
    def address_of(cls, text: str) -> str:
        return repository_url(text)

    @classmethod
    def title_of(cls, url: str) -> str:
        return url.rpartition("/")[2]

    @classmethod
    def suggested(cls, things: Iterable[Thing]) -> Mapping[str, Any]:
        return suggestions(things)

    # What it is

    async def forge(self) -> Forge:
        if self._found is None:
            self._found = await find_forge(self.settings.session, self.settings.connection)
        return self._found

    async def explain(self, number: int) -> Explained:
        return await explain(await self.forge(), number)

    @property
    def base(self) -> str | None:
        data = self.settings.data.get(CONF_BRANCH) or (self._data and self._data.repository.default_branch)
        return data or None

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self.settings.data.get(CONF_PATHS) or ())

    async def fetch(self) -> ForgeData:
        forge = await self.forge()
        repository = await forge.repository()
        now = datetime.now(UTC)
        rights = self._rights
        if rights is None or now - self._rights_asked >= _RIGHTS_INTERVAL:
            rights = await forge.rights(self._base_of(repository))
            self._rights, self._rights_asked = rights, now
        found, turns = await self._pull_requests.look(forge, now)
        self._data = ForgeData(repository, rights, found, turns, now)
        return self._data

    def _base_of(self, repository: Repository) -> str:
        return self.settings.data.get(CONF_BRANCH) or repository.default_branch

    async def check(self) -> tuple[Doubt, ...]:
        if not self.settings.connection.headers.get("Authorization"):
            raise ApiTokenMissingError("a token is needed")
        forge = await self.forge()
        repository = await forge.repository()
        base = self._base_of(repository)
        if await forge.branch(base) is None:
            raise ApiNotFoundError(f"there is no branch {base}")
        return tuple(_doubts(await forge.rights(base), repository))

    def pace(self, data: ForgeData) -> timedelta:
        # While checks of a draft of ours run somebody waits for them.
        return SOON if any(map(_is_awaited, data.proposals)) else self.interval

    def forget(self) -> None:
        self._data = None
        self._things = {}

    def credential_expires(self) -> datetime | None:
        return self._rights.expires if self._rights else None

    def version(self, data: ForgeData) -> str | None:
        version = data.repository.version
        return f"{_NAMES[data.repository.kind]} {version}" if version else _NAMES[data.repository.kind]

    def remarks(self, data: ForgeData) -> Mapping[str, object]:
        rights = data.rights
        return {
            "forge": data.repository.kind.value,
            "archived": data.repository.archived,
            "may_write": rights.may_write,
            "may_merge": rights.may_merge,
            "token_expires": rights.expires is not None,
            "updates": len(data.updates),
            "proposals": len(data.proposals),
            "failing": len(data.failing),
        }

    # What is to be said of it

    def advice(self, data: ForgeData) -> Iterator[Advice]:
        repository, rights = data.repository, data.rights
        names = {"repository": repository.name, "branch": self._base_of(repository)}
        if repository.archived:
            yield Advice("forge_archived", names)
        elif self.paths and rights.may_write is False:
            yield Advice("forge_read_only", names)
        elif self.paths and rights.may_merge is True:
            yield Advice("forge_may_merge", names)

    def not_seen(self, data: ForgeData) -> tuple[Unseen, ...]:
        checks = [
            pull_request.verdict.checks if pull_request.verdict else None
            for pull_request in data.pull_requests[:MOST_CHECKED]
        ]
        if None in checks or len(data.pull_requests) > MOST_CHECKED:
            return (Unseen("checks", Reason.FAILED, essential=False),)
        return (Unseen("checks", Reason.FORBIDDEN, essential=False),) if Checks.UNKNOWN in checks else ()

    def problems(self, data: ForgeData) -> Mapping[str, Problem]:
        return by_id(self._problems(data))

    def _problems(self, data: ForgeData) -> Iterator[Problem]:
        for proposal in data.proposals:
            if proposal.failing:
                yield self._failing(proposal, data.repository)
        updates = data.updates
        failing = sum(update.failing for update in updates)
        major = sum(update.update is not None and update.update.major for update in updates)
        if failing or major:
            counts = {"updates": len(updates), "failing": failing, "major": major}
            yield self.problem(
                "updates_waiting", "updates", self.settings.name, _counted(counts), facts=counts
            )

    def _failing(self, one: Watched, repository: Repository) -> Problem:
        pull_request = one.pull_request
        names = ", ".join(one.verdict.failing) if one.verdict else ""
        return self.problem(
            "proposal_failing",
            str(pull_request.number),
            pull_request.title,
            f"the checks of pull request {pull_request.number} fail{f': {names}' if names else ''}",
            facts={"repository": repository.name, "number": pull_request.number, "checks": names},
        )

    async def evidence(self, data: ForgeData, problem: Problem) -> tuple[Evidence, ...]:
        wanted = data.proposals if problem.kind == "proposal_failing" else data.updates
        listed = {f"{item.pull_request.number}": _state(item) for item in wanted[:20]}
        return said_something(
            [Evidence.listed("Pull requests", listed), *await super().evidence(data, problem)]
        )

    def happenings(self, data: ForgeData) -> tuple[Happening, ...]:
        return tuple(
            Happening(
                type=turn.type,
                name=plain(turn.pull_request.title, MAX_NAME),
                thing=self._id(turn.pull_request),
                facts={
                    "number": turn.pull_request.number,
                    "title": plain(turn.pull_request.title, MAX_NAME),
                    "author": turn.pull_request.author,
                    "url": web_address(turn.pull_request.url),
                    "ours": turn.pull_request.ours,
                    "merged_by": turn.pull_request.merged_by,
                },
                entry=_ENTRIES.get(turn.type),
            )
            for turn in data.turns
        )

    def waiting(self, data: ForgeData) -> Iterator[Waiting]:
        for item in data.proposals:
            yield self._waiting(item.pull_request, WaitingKind.PROPOSAL)
        for item in data.updates:
            if item.failing and not item.pull_request.ours:
                yield self._waiting(item.pull_request, WaitingKind.UPDATE)

    def _waiting(self, pull_request: PullRequest, kind: WaitingKind) -> Waiting:
        name, url = plain(pull_request.title, MAX_NAME), web_address(pull_request.url)
        return Waiting(
            self._id(pull_request),
            kind,
            name,
            url,
            pull_request.created_at,
            pull_request.number,
            self.settings.source,
        )

    def _id(self, pull_request: PullRequest) -> str:
        return f"{self.settings.source}/pull_request/{pull_request.number}"

    def things(self, data: ForgeData) -> Mapping[str, Thing]:
        things = [self._thing(pull_request, data.repository) for pull_request in data.pull_requests]
        self._things = {
            thing.id: before if (before := self._things.get(thing.id)) == thing else thing for thing in things
        }
        return self._things

    def _thing(self, one: Watched, repository: Repository) -> Thing:
        pull_request = one.pull_request
        return Thing(
            id=self._id(pull_request),
            kind=ThingKind.PULL_REQUEST,
            name=plain(pull_request.title, MAX_NAME),
            source=self.settings.source,
            place=repository.name,
            state=_STATES.get(one.verdict.checks if one.verdict else Checks.UNKNOWN, State.UNKNOWN),
            facts=tuple(_facts(one)),
            links=(Link(LinkKind.PART_OF, self.settings.source),),
            keys=(f"pull_request:{repository.name}#{pull_request.number}",),
            aliases=(f"pull request {pull_request.number}", f"#{pull_request.number}"),
            url=web_address(pull_request.url),
        )

    def sensors(self) -> tuple[MonitorSensor[ForgeData], ...]:
        return _SENSORS


_STATES = {Checks.OK: State.OK, Checks.NONE: State.OK, Checks.FAILED: State.TROUBLE}


def _doubts(rights: Rights, repository: Repository) -> Iterator[Doubt]:
    if repository.archived:
        yield Doubt("repository_archived", repository.name)
    elif rights.may_write is False:
        yield Doubt("read_only", repository.name)


def _is_awaited(one: Watched) -> bool:
    """Return whether somebody may be waiting for the checks of one of ours."""
    checks = one.verdict.checks if one.verdict else Checks.NONE
    if checks is Checks.PENDING:
        return True
    updated = one.pull_request.updated_at
    return checks is Checks.NONE and updated is not None and datetime.now(UTC) - updated < FRESH


def _counted(counts: Mapping[str, int]) -> str:
    said = f"{counts['updates']} updates wait"
    failing = f", {counts['failing']} fail" if counts["failing"] else ""
    return said + failing + (f", {counts['major']} of a major version" if counts["major"] else "")


def _state(one: Watched) -> str:
    checks = one.verdict.checks.value if one.verdict else Checks.UNKNOWN.value
    failing = f" ({', '.join(one.verdict.failing)})" if one.verdict and one.verdict.failing else ""
    return f"{one.pull_request.title}: checks {checks}{failing}"


def _facts(one: Watched) -> Iterator[Fact]:
    pull_request, verdict = one.pull_request, one.verdict
    rows: tuple[tuple[str, str | int | bool | datetime | None], ...] = (
        ("number", pull_request.number),
        ("author", pull_request.author),
        ("draft", pull_request.draft),
        ("ours", pull_request.ours),
        ("checks", verdict.checks.value if verdict else None),
        ("failing", ", ".join(verdict.failing) or None if verdict else None),
        ("review", verdict.review.value if verdict else None),
        ("update", one.update.bot if one.update else None),
        ("major", one.update.major if one.update else None),
        ("opened", pull_request.created_at),
        ("folders", ", ".join(one.folders) or None if one.folders else None),
    )
    return (Fact(key, value) for key, value in rows if value is not None)


def _sensor(key: str, count: Callable[[ForgeData], int], **more: Any) -> MonitorSensor[ForgeData]:
    return MonitorSensor(
        key=key, translation_key=key, state_class=SensorStateClass.MEASUREMENT, value_fn=count, **more
    )


_SENSORS = (
    _sensor("pull_requests", lambda data: len(data.pull_requests)),
    _sensor("proposals", lambda data: len(data.proposals)),
    _sensor(
        "updates",
        lambda data: len(data.updates),
        attributes_fn=lambda data: {
            "failing": sum(update.failing for update in data.updates),
            "major": sum(update.update is not None and update.update.major for update in data.updates),
        },
    ),
    _sensor("failing_checks", lambda data: len(data.failing)),
)
