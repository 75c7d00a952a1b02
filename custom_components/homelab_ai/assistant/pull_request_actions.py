"""What the actions on pull requests do: list those that are open, and explain one. They change nothing."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..agent.unlinked import unlinked
from ..coordinator import HomelabData, MonitorCoordinator
from ..errors import calling, invalid
from ..language.pull_requests import Counts, PullRequestFacts, counted, explained
from ..monitors.capabilities import ProposesChanges
from .calls import language_of, sources_of_call
from .listing import local_time

if TYPE_CHECKING:
    from ..api.forge.pull_request import ChangedFile
    from ..monitors.pull_requests import Watched

ATTR_NUMBER = "number"
ATTR_ONLY = "only"
ONLY: Mapping[str, Callable[[Watched], bool]] = {
    "proposals": lambda one: one.pull_request.ours,
    "updates": lambda one: one.update is not None,
    "major": lambda one: one.update is not None and one.update.major,
    "failing": lambda one: one.failing,
}
"""What may be asked for, and which pull requests that are."""
MOST_DIFF = 16_384
"""Characters of a diff in a response."""


async def list_pull_requests(call: ServiceCall) -> ServiceResponse:
    """List the open pull requests of the chosen repositories, or of all."""
    homelab, sources = sources_of_call(call)
    forges = [forge for forge in _forges(homelab) if not sources or forge.source in sources]
    if not forges:
        raise invalid("no_forge", homelab=homelab.name)
    wanted = [ONLY[only] for only in call.data[ATTR_ONLY]]
    open_ones = [(forge, watched) for forge in forges for watched in _watched(forge)]
    found = [
        (forge, open_one)
        for forge, open_one in open_ones
        if not wanted or any(is_so(open_one) for is_so in wanted)
    ]
    listed: list[JsonValueType] = [_listed(forge, item) for forge, item in found[: call.data["limit"]]]
    message = counted(_counts(open_one for _, open_one in open_ones), language_of(call))
    return {"pull_requests": listed, "total": len(found), "message": message}


async def explain_pull_request(call: ServiceCall) -> ServiceResponse:
    """Say what a pull request is, what it changes and what is in its way; composed from facts."""
    homelab, sources = sources_of_call(call)
    forge = _forge_of(homelab, sources, call.data[ATTR_NUMBER])
    monitor = forge.monitor
    assert isinstance(monitor, ProposesChanges)
    with calling(HomeAssistantError, forge.name):
        explanation = await monitor.explain(call.data[ATTR_NUMBER])
    watched, files = explanation.watched, explanation.files
    return {
        "pull_request": _listed(forge, watched),
        "explanation": explained(_facts(watched, files), language_of(call)),
        "files": [_file(file) for file in files],
        "diff": unlinked(explanation.diff[:MOST_DIFF]),
    }


def _forges(homelab: HomelabData) -> list[MonitorCoordinator]:
    return [monitor for monitor in homelab.monitors if isinstance(monitor.monitor, ProposesChanges)]


def _watched(forge: MonitorCoordinator) -> tuple[Watched, ...]:
    return forge.data.pull_requests if forge.data is not None else ()


def _forge_of(homelab: HomelabData, sources: frozenset[str], number: int) -> MonitorCoordinator:
    """Return the chosen repository, the only one, or the only one with such an open pull request.

    Raises ServiceValidationError.
    """
    forges = [forge for forge in _forges(homelab) if not sources or forge.source in sources]
    if not forges:
        raise invalid("no_forge", homelab=homelab.name)
    having = [
        forge for forge in forges if any(watched.pull_request.number == number for watched in _watched(forge))
    ]
    chosen = forges if len(forges) == 1 else having
    if len(chosen) != 1:
        raise invalid("several_forges")
    return chosen[0]


def _counts(watched: Iterable[Watched]) -> Counts:
    known = tuple(watched)
    numbers = {key: sum(1 for record in known if is_so(record)) for key, is_so in ONLY.items()}
    return Counts(open=len(known), **numbers)


def _listed(forge: MonitorCoordinator, one: Watched) -> JsonObjectType:
    pull_request, verdict, update = one.pull_request, one.verdict, one.update
    moments = {
        key: local_time(moment) if (moment := getattr(pull_request, key)) else None
        for key in ("created_at", "updated_at", "merged_at")
    }
    return {
        "number": pull_request.number,
        "title": unlinked(pull_request.title),
        "url": pull_request.url,
        "system": forge.name,
        "source": forge.source,
        "author": unlinked(pull_request.author),
        "state": pull_request.state.value,
        "draft": pull_request.draft,
        "ours": pull_request.ours,
        "head": pull_request.head,
        "base": pull_request.base,
        "checks": verdict.checks.value if verdict else "unknown",
        "failing": [unlinked(name) for name in verdict.failing] if verdict else [],
        "review": verdict.review.value if verdict else "none",
        "update": {"bot": update.bot, "major": update.major} if update else None,
        "merged_by": pull_request.merged_by,
        **moments,
    }


def _file(one: ChangedFile) -> JsonObjectType:
    return {
        "path": one.path,
        "status": one.status.value,
        "before": one.before,
        "additions": one.additions,
        "deletions": one.deletions,
    }


def _facts(one: Watched, files: Iterable[ChangedFile]) -> PullRequestFacts:
    pull_request, verdict = one.pull_request, one.verdict
    return PullRequestFacts(
        author=pull_request.author,
        ours=pull_request.ours,
        bot=one.update.bot if one.update else None,
        major=one.update is not None and one.update.major,
        state=pull_request.state.value,
        draft=pull_request.draft,
        merged_by=pull_request.merged_by,
        checks=verdict.checks.value if verdict else "unknown",
        failing=verdict.failing if verdict else (),
        review=verdict.review.value if verdict else "none",
        paths=[file.path for file in files],
    )
