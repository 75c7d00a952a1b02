"""The tools for things and for what happened: they answer what is asked in words that no grammar knows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

import voluptuous as vol

from ..language.answers import hub_status
from ..language.names import compact
from ..language.naming import kinds_called
from ..language.pull_requests import counted_things
from ..language.questions.answering import answer
from ..language.questions.knowledge import Knowledge
from ..language.questions.portrait import chronicle, portrait, roll_call, with_parts
from ..language.questions.question import Ask, Question
from ..topology import Thing, ThingKind
from .fence import UNTRUSTED, fence
from .knowing import knowledge_of
from .looks import MOST_SAID, Look
from .tool import HomelabTool, Result, ToolError, with_list

MOST_NAMED = 12
"""Things that are named where nothing is called as the model says."""
MOST_ENTRIES = 30
DAY, LEAST_HOURS, MOST_HOURS = 24.0, 0.25, 720.0
_MAX_SENTENCE = 200


_SUMMARIES: Mapping[ThingKind, Callable[[Knowledge, str], str | None]] = {
    ThingKind.HUB: lambda known, language: hub_status(known.situation, language),
    ThingKind.BACKUP_PLAN: lambda known, language: answer(Question(Ask.BACKUPS), known, language),
    ThingKind.PULL_REQUEST: lambda known, language: counted_things(
        known.topology.of_kind(ThingKind.PULL_REQUEST), language
    ),
}
"""What is said of all hubs and all backups, also of those that are no things."""


class LookUp(HomelabTool):
    """What is known of Paperless, or of all backups?"""

    name = "homelab_ai__look_up"
    title = "Look up something in the homelab"
    description = "All about any app, node, model, GPU… or all backups, pods…"
    fields = {vol.Required("name"): str}

    async def answer(self, looks: Sequence[Look], language: str, **wanted: Any) -> Result:
        """Return how it is, and what else is known of it, by its name or kind."""
        name, told = wanted["name"], list[str]()
        for look in looks:
            told += looked_up(knowledge_of(look.homelab, look.situation), name, language)
        if not told:
            raise ToolError("Nothing in the homelab is called so.", _names(looks))
        answer, *facts = told
        result: Result = {"note": UNTRUSTED, "answer": fence(answer, MOST_SAID)}
        return with_list(result, "facts", (fence(fact, _MAX_SENTENCE) for fact in facts))


class GetTimeline(HomelabTool):
    """What happened last night?"""

    name = "homelab_ai__get_timeline"
    title = "Get what happened in the homelab"
    description = "What happened in the homelab"
    fields = {
        vol.Optional("hours"): vol.Coerce(float),
        vol.Optional("name"): str,
    }

    async def answer(self, looks: Sequence[Look], language: str, **wanted: Any) -> Result:
        """Return what happened in the last hours, a day where none are given, of all or of one thing."""
        hours = max(LEAST_HOURS, min(wanted.get("hours", DAY), MOST_HOURS))
        name, told = wanted.get("name", ""), list[str]()
        count, is_known = 0, not name
        for look in looks:
            known = knowledge_of(look.homelab, look.situation)
            ids = _ids(known, name) if name else None
            is_known |= bool(ids)
            if ids or not name:
                entries = known.timeline.between(known.situation.now - timedelta(hours=hours), things=ids)
                told += chronicle(known, entries[-MOST_ENTRIES:], language)
                count += len(entries)
        if not is_known:
            raise ToolError("Nothing in the homelab is called so.", _names(looks))
        result: Result = {"note": UNTRUSTED, "hours": hours, "count": count}
        return with_list(result, "happened", (fence(item, _MAX_SENTENCE) for item in told), count)


def looked_up(known: Knowledge, name: str, language: str) -> list[str]:
    """Return what is known of what is called so, a thing or all of a kind; a summary stands first."""
    things, kinds = known.find(name), kinds_called(name)
    if things and not (kinds and not _is_named(things[0], name)):
        kinds, told = {things[0].kind}, portrait(known, things, language)
    else:
        told = roll_call(known, kinds, language) if kinds else []
    summaries = (say(known, language) for kind, say in _SUMMARIES.items() if kinds == {kind})
    return [*filter(None, summaries), *told]


def _ids(known: Knowledge, name: str) -> set[str]:
    """Return the ids of what is called so and what belongs to it, or of all of a kind."""
    if things := known.find(name):
        return with_parts(things, known)
    kinds = kinds_called(name)
    return {thing.id for thing in known.topology if thing.kind in kinds}


def _is_named(thing: Thing, name: str) -> bool:
    return any(compact(aliase) == compact(name) for aliase in (thing.name, *thing.aliases))


def _names(looks: Sequence[Look]) -> list[str]:
    """Return some names that could be meant: of problems first, then of what people use."""
    problems = (problem.name for look in looks for problem in look.problems)
    systems = (name for look in looks for name in look.names.values())
    names: Mapping[str, None] = dict.fromkeys((*islice(problems, MOST_NAMED), *systems))
    return list(islice(names, MOST_NAMED))
