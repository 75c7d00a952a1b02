"""From a sentence or a form to a draft: what is wished for, what is said of it, and refusals in words.

Imported when somebody proposes something.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError

from ..agent.agent import Agent
from ..agent.unlinked import unlinked
from ..const import AI_TASK_DATA
from ..coordinator import HomelabData
from ..coordinator.proposals import Asking, Outcome, ProposalCoordinator, Snapshot
from ..errors import calling, invalid, sentence
from ..health.problem import plain
from ..language.proposals import MAX_REQUEST, heard, proposal_words
from ..proposals.audit import Record, Status
from ..proposals.draft import effects_told
from ..proposals.plan import Change, Consequence
from ..proposals.refusal import Reason, RefusedError
from ..proposals.wish import Surroundings, Wish
from ..topology import ThingKind
from .calls import language_of
from .explaining import general_agent
from .listing import local_time
from .proposal_model import Chosen, choose, write

MAX_FACT = 300
_LISTED = 200


async def by_action(
    homelab: HomelabData, proposals: ProposalCoordinator, source: str, call: ServiceCall
) -> ServiceResponse:
    """Propose what an action asks for. Raises ServiceValidationError, HomeAssistantError."""
    data, language = call.data, language_of(call)
    by = "person" if call.context.user_id else "automation"
    agent = _agent(homelab, data.get("agent"))
    with refusing(homelab):
        try:
            chosen = await _wish(proposals, source, data, agent, language)
        except RefusedError as err:
            if not data["preview"]:
                asking = Asking(by, language, call.context.user_id or "", data.get("request", ""))
                await proposals.note_refusal(source, data.get("change", ""), (), asking, err)
            raise
        asking = Asking(
            by,
            language,
            call.context.user_id or "",
            data.get("request", ""),
            chosen.model,
            chosen.exchanges,
        )
        outcome = await proposals.propose(
            source, chosen.wish, surroundings(homelab), asking, preview=data["preview"]
        )
    return _response(outcome, language)


async def by_tool(homelab: HomelabData, wanted: Mapping[str, str], words: str, language: str) -> str:
    """Open a draft for a model's tool, and return what is said of it, or why it is refused.

    Raises ApiError.
    """
    proposals = homelab.proposals
    assert proposals is not None
    field, value = wanted.get("field", ""), wanted.get("value", "")
    wish = Wish(Change(wanted["change"]), (wanted["app"],), field, value)
    asking = Asking("voice", language, request=words[:MAX_REQUEST])
    source = proposals.forges[0].source
    try:
        outcome = await proposals.propose(source, wish, surroundings(homelab), asking, preview=False)
    except RefusedError as err:
        error = refusal(err)
        key = f"exceptions.{error.translation_key}.message"
        return await sentence(proposals.hass, language, key, **(error.translation_placeholders or {}))
    return spoken(outcome, language)


async def withdrawn(
    homelab: HomelabData, proposals: ProposalCoordinator, source: str, number: int, language: str
) -> ServiceResponse:
    """Close a draft of ours. Raises ServiceValidationError, HomeAssistantError."""
    with refusing(homelab):
        record = await proposals.withdraw(source, number)
    message = proposal_words(language)["withdrawn"].format(number=number)
    return {"message": message, "proposal": _listed(record) if record else None}


def listed(
    proposals: ProposalCoordinator, status: Sequence[str], limit: int, language: str
) -> ServiceResponse:
    """Return what was proposed, the latest first."""
    records = [record for record in reversed(proposals.records) if not status or record.status in status]
    words = proposal_words(language)
    count_open = sum(record.status is Status.OPEN for record in records)
    key = {0: "listed_none", 1: "listed_one"}.get(len(records), "listed")
    message = words[key].format(count=len(records), open=count_open)
    return {
        "proposals": [_listed(record) for record in records[:limit]],
        "total": len(records),
        "message": message,
    }


@contextmanager
def refusing(homelab: HomelabData) -> Iterator[None]:
    """Raise refusals and errors of the forge in words."""
    try:
        with calling(HomeAssistantError, homelab.name):
            yield
    except RefusedError as err:
        raise refusal(err) from err


def refusal(err: RefusedError) -> HomeAssistantError:
    """Return a refusal as an error in words; names in it are foreign text."""
    facts = {key: unlinked(plain(value, MAX_FACT)) for key, value in err.facts.items()}
    return invalid(f"proposal_{err.reason.value}", **facts)


def surroundings(homelab: HomelabData) -> Surroundings:
    """Return what is known beside the repository."""
    gitops = homelab.things.topology.of_kind(ThingKind.GITOPS)
    elsewhere = frozenset((thing.place, thing.name) for thing in gitops)
    backups = {backup.name: backup.last_good for backup in homelab.situation().backups}

    def last_of(namespace: str) -> str | None:
        times = [at for name, at in backups.items() if at is not None and namespace in name.split("/")]
        return local_time(min(times)) if times else None

    return Surroundings(elsewhere, last_of)


async def _wish(
    proposals: ProposalCoordinator, source: str, data: Any, agent: Agent | None, language: str
) -> Chosen:
    """Return what is wished for: a form as it is, a sentence as code or a model understands it."""
    if change := data.get("change"):
        apps = tuple(data.get("app", ()))
        wish = Wish(
            Change(change),
            apps,
            data.get("field", ""),
            data.get("value", ""),
            data.get("template", ""),
            data.get("values", {}),
            data.get("file", ""),
            data.get("content", ""),
        )
        if wish.change in (Change.MANIFEST, Change.TERRAFORM) and not wish.content:
            if agent is None or not data.get("request"):
                raise RefusedError(Reason.REQUEST)
            return await write(agent, wish, data["request"])
        return Chosen(wish)
    request = data.get("request", "")
    snapshot = await proposals.snapshot(source)
    if (understood := simple(snapshot, request, language)) is not None:
        return Chosen(understood)
    if agent is None:
        raise RefusedError(Reason.REQUEST)
    return await choose(agent, request, snapshot.graph)


def simple(snapshot: Snapshot, request: str, language: str) -> Wish | None:
    """Return what a simple sentence wishes for, None where it is none. Raises RefusedError."""
    error: RefusedError | None = None
    for item in heard(request, language):
        try:
            apps = tuple(snapshot.graph.named(app).label for app in item.apps)
        except RefusedError as err:
            error = error or err
            continue
        return Wish(Change(item.change), apps, item.field, item.value)
    if error is not None:
        raise error
    return None


def _agent(homelab: HomelabData, wanted: str | None) -> Agent | None:
    """Return whose model has a part in it: the chosen AI task's, else the homelab's first."""
    if wanted is None:
        return general_agent(homelab)
    for subentry in homelab.health.config_entry.get_subentries_of_type(AI_TASK_DATA):
        if wanted in (subentry.subentry_id, subentry.title):
            return homelab.agents.get(subentry.subentry_id)
    raise invalid("proposal_agent", agent=plain(wanted, MAX_FACT))


def spoken(outcome: Outcome, language: str) -> str:
    """Return what is said of an outcome, in one to three sentences."""
    words, plan = proposal_words(language), outcome.verified.plan
    record = outcome.record
    key = "preview" if record is None else "there_already" if outcome.known else "opened"
    parts = [words[key].format(title=outcome.title, number=record.number if record else "")]
    kinds = {effect.kind for effect in outcome.verified.effects}
    if Consequence.EXPOSED in kinds:
        parts.append(words["risk_exposed"])
    if Consequence.DELETES in kinds:
        parts.append(words["risk_deletes"])
    if also := [effect.name for effect in plan.effects if effect.kind is Consequence.ALSO]:
        parts.append(words["also_short"].format(apps=", ".join(also[:4])))
    return unlinked(" ".join(parts))


def _response(outcome: Outcome, language: str) -> ServiceResponse:
    words, verified, record = proposal_words(language), outcome.verified, outcome.record
    return {
        "title": unlinked(outcome.title),
        "message": spoken(outcome, language),
        "diff": unlinked(outcome.diff),
        "body": outcome.body,
        "order": list(verified.plan.order),
        "apps": list(verified.plan.apps),
        "files": [edit.path for edit in verified.plan.edits],
        "checks": [
            {"check": check.kind.value, "result": check.result.value, "details": list(check.details)}
            for check in verified.checks
        ],
        "findings": [
            {
                "rule": finding.rule,
                "level": finding.level.value,
                "file": finding.path,
                "detail": unlinked(finding.detail),
            }
            for finding in verified.findings[:_LISTED]
        ],
        "consequences": [unlinked(other) for other in effects_told(verified.effects, words)],
        "may_open": verified.may_open,
        "unverified": verified.plan.written_by_model,
        "url": record.url if record else None,
        "number": record.number if record else None,
        "id": record.id if record else None,
        "known": outcome.known,
    }


def _listed(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "at": local_time(record.at),
        "status": record.status.value,
        "title": unlinked(record.title),
        "change": record.change,
        "apps": list(record.apps),
        "asked_by": record.asked_by,
        "user": record.user or None,
        "request": unlinked(record.request),
        "number": record.number,
        "url": record.url or None,
        "branch": record.branch or None,
        "reason": record.reason or None,
        "merged_by": unlinked(record.merged_by) or None,
        "delivered_at": local_time(record.delivered_at) if record.delivered_at else None,
        "model": record.model or None,
        "exchanges": [{"asked": asked, "answered": answered} for asked, answered in record.exchanges],
    }
