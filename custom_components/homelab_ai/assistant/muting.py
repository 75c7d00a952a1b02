"""A model mutes a problem: only what it may, for the log to tell, and so that health shows it."""

from collections.abc import Sequence
from datetime import datetime
import re

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, llm
from homeassistant.util import dt as dt_util

from ..agent.unlinked import unlinked
from ..const import DOMAIN, LOGGER
from ..coordinator import HomelabData
from ..errors import sentence
from ..health.model_mutes import Asked
from ..health.problem import Problem, Severity, plain
from ..language.names import spoken_alert, spoken_name
from .turns import turn_of

EVENT_LOGBOOK = "logbook_entry"
"""What Home Assistant's logbook shows as it is."""
_LEAST_LETTERS = 4
_MOST_SAID = 500
_WORD = re.compile(r"\w+")
# A person says that in their own language, or names the problem.
_YES = {"yes", "yeah", "yep", "yup", "sure", "ok", "okay", "confirm", "confirmed", "agreed"} | {
    *("ja", "jawohl", "jo", "klar", "bestätige", "bestätigt", "einverstanden", "gerne", "genau"),
}
_NO = {"no", "not", "nope", "never", "don", "dont", "cancel", "stop", "wait"} | {
    *("nein", "nö", "nicht", "kein", "keine", "nie", "abbrechen", "stopp", "halt", "warte"),
}


class MuteRefusedError(Exception):
    """A model may not mute that; it is told why."""


async def mute_for_model(
    hass: HomeAssistant,
    homelab: HomelabData,
    problems: Sequence[Problem],
    until: datetime,
    llm_context: llm.LLMContext,
) -> datetime:
    """Mute a problem, and return until when it is muted now. Raises MuteRefusedError."""
    problem, ledger = problems[0], homelab.health.ledger
    present = ledger.muted_until(problem.id)
    request = _asked(problem, llm_context)
    if why := homelab.health.model_mutes.take(
        problems, request, dt_util.utcnow(), is_muted=present is not None
    ):
        raise MuteRefusedError(why)
    if present is not None and present > until and not ledger.is_muted_by_model(problem.id):
        return present
    homelab.health.mute(problem.id, until, confirmed=problem.severity is Severity.CRITICAL)
    homelab.things.note_mute(problem, "model", until)
    await _tell(hass, homelab, problem, until)
    return until


def _asked(problem: Problem, llm_context: llm.LLMContext) -> Asked | None:
    turn = turn_of(llm_context)
    if turn is None:
        return None
    spoken, names = _words(turn.words), _names(turn.words, problem)
    agrees = bool(spoken & _YES or names) and not spoken & _NO
    is_ours = llm_context.platform == DOMAIN
    return Asked(turn.conversation_id, turn.number, agrees, names, turn.has_read, is_ours)


async def _tell(hass: HomeAssistant, homelab: HomelabData, problem: Problem, until: datetime) -> None:
    """Let the logbook tell of it."""
    time = f"{dt_util.as_local(until):%Y-%m-%d %H:%M}"
    name = unlinked(plain(problem.name))
    message = await sentence(
        hass, hass.config.language, "common.muted_by_model", problem=name.replace("{", "("), time=time
    )
    entry_id = homelab.health.config_entry.entry_id
    entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{entry_id}_health")
    data = {"name": homelab.name, "message": message, "domain": DOMAIN, "entity_id": entity_id}
    hass.bus.async_fire(EVENT_LOGBOOK, data)
    LOGGER.info("A model has muted %s until %s", name, time)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text[:_MOST_SAID].casefold()))


def _names(words: str, problem: Problem) -> bool:
    """Return whether a person names a problem, by a word of its name at least."""
    names = (problem.name, spoken_name(problem.name), spoken_alert(problem.name))
    name_words = {word for name in names for word in _words(name.replace("_", " "))}
    return bool(_words(words) & {word for word in name_words if len(word) >= _LEAST_LETTERS})
