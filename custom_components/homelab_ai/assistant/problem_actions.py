"""The actions that ask about the homelab and its problems, and that make one of them quiet."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..agent.unlinked import unlinked
from ..coordinator import HomelabData
from ..errors import KNOWN_ERRORS, calling, invalid, translated
from ..health.problem import Problem, Severity
from ..health.situation import Situation
from ..hub.pool import ModelMissingError
from ..hub.state import full_name
from ..language.briefing import MOST_WRITTEN, Style, brief
from ..language.evidence import title_of
from ..language.names import written
from ..language.questions.changes import news, news_of
from ..language.questions.question import Period
from ..language.questions.speaker import together
from ..monitors.capabilities import SilencesAlerts
from .asking import ask
from .calls import ATTR_USER_ID, homelab_of, language_of, muted_of, problem_of, sources_of_call
from .explaining import explain, general_agent
from .knowing import knowledge_of
from .listing import listed_problem, local_time
from .phrasing import phrased

PERSON = "person"
MOST_TOLD = 100
"""Problems and happenings that a briefing lists beside its text."""
_MAX_LINE = 300


async def answer_question(call: ServiceCall) -> ServiceResponse:
    """Answer a question with the general model, or for an administrator with the one that was named."""
    homelab = homelab_of(call)
    agent = general_agent(homelab)
    if agent is None:
        raise invalid("no_agent", homelab=homelab.name)
    model = call.data.get("model")
    # Another one takes the memory from that which people are talking to.
    if model and full_name(model) != full_name(agent.settings.model) and not await _may_change_hub(call):
        raise Unauthorized(context=call.context)
    try:
        answer = await ask(agent, call.data["question"], system=call.data.get("system"), model=model)
    except ModelMissingError as err:
        # That of the agent is a fault of the homelab, and has a repair.
        raise translated(ServiceValidationError if model else HomeAssistantError, err, homelab.name) from err
    except KNOWN_ERRORS as err:
        raise translated(HomeAssistantError, err, homelab.name) from err
    finally:
        homelab.hurry()
    return {
        "answer": unlinked(answer.text),
        "model": answer.model,
        "tokens": answer.tokens,
        "seconds": round(answer.seconds, 2),
    }


async def give_briefing(call: ServiceCall) -> ServiceResponse:
    """Say how the homelab is; a model may phrase it, but what is said is composed without one."""
    homelab, language = homelab_of(call), language_of(call)
    situation = homelab.situation()
    style = Style(call.data["style"])
    # Over thousands of problems longer than the event loop should wait.
    plain = await call.hass.async_add_executor_job(brief, situation, language, style)
    # A written one is to be read, line by line: in a model's words it would have none.
    is_to_phrase = call.data["phrased"] and style is Style.SPOKEN
    happened = _news(homelab, situation, call, language) if "since" in call.data else []
    if happened:
        plain = _with_news(plain, happened, style)
    text = await phrased(homelab, plain, language) if is_to_phrase else plain
    return {
        "text": unlinked(text),
        "phrased": text != plain,
        "health": situation.health.health.value,
        "problems": _listed(homelab, situation.health.problems[:MOST_TOLD], situation, language),
        "total": len(situation.health.problems),
        **({"happened": [unlinked(other) for other in happened[:MOST_TOLD]]} if happened else {}),
    }


def _news(homelab: HomelabData, situation: Situation, call: ServiceCall, language: str) -> list[str]:
    """Return what happened since the time that a call names, a sentence each."""
    who, since = call.context.user_id or "", call.data["since"]
    known = knowledge_of(homelab, situation, homelab.askers.last(who))
    homelab.askers.note(who, situation.now)
    if isinstance(since, datetime):
        return news(known, language, dt_util.as_local(since))
    return news_of(known, language, Period(since))


def _with_news(text: str, happened: Sequence[str], style: Style) -> str:
    if style is Style.SPOKEN:
        return f"{text} {together(happened)}"
    return "\n".join((text, *(f"- {written(other, _MAX_LINE)}" for other in happened[:MOST_WRITTEN])))


async def list_problems(call: ServiceCall) -> ServiceResponse:
    """List the problems, worst first; those that are explained by another are listed with that.

    Not `grouped` they are listed by themselves as well.
    """
    homelab, sources = sources_of_call(call)
    severities = frozenset(Severity(other) for other in call.data["severity"]) or frozenset(Severity)
    situation = homelab.situation()
    problems = list(situation.health.problems)
    if not call.data["grouped"]:
        problems += chain.from_iterable(situation.health.consequences.values())
        problems.sort(key=lambda problem: problem.severity.rank)
    if call.data["include_muted"]:
        problems = sorted([*problems, *situation.health.muted], key=lambda problem: problem.severity.rank)
    problems = [
        problem
        for problem in problems
        if problem.severity in severities and (not sources or problem.source in sources)
    ]
    listed = _listed(homelab, problems[: call.data["limit"]], situation, language_of(call))
    return {"problems": listed, "total": len(problems)}


async def explain_problem(call: ServiceCall) -> ServiceResponse:
    """Explain a problem; without a hub that answers there is the evidence, and the reason why only that."""
    homelab, problem = problem_of(call)
    language = language_of(call)
    explained = await explain(call.hass, homelab, problem, language)
    return {
        "problem": listed_problem(problem, homelab.situation(), homelab.health.page, language),
        "explanation": explained.explanation,
        "next_step": explained.next_step,
        "evidence": [
            {"title": title_of(part, language), "text": unlinked(part.text)} for part in explained.evidence
        ],
        "model": explained.model,
        "reason": explained.reason,
    }


async def mute_problem(call: ServiceCall) -> ServiceResponse:
    """Do not count a problem for a while, also where it goes and comes back in that time."""
    homelab, problem = problem_of(call)
    await _refuse_for_others(call)
    until = dt_util.utcnow() + call.data["duration"]
    homelab.health.mute(problem.id, until)
    homelab.things.note_mute(problem, PERSON, until)
    return {"problem_id": problem.id, "muted_until": local_time(until)}


async def unmute_problem(call: ServiceCall) -> ServiceResponse:
    """Count a problem again."""
    homelab, problem_id = muted_of(call)
    problem = homelab.health.data.find(problem_id)
    was_muted = homelab.health.unmute(problem_id)
    if was_muted and problem is not None:
        homelab.things.note_mute(problem, PERSON)
    return {"problem_id": problem_id, "was_muted": was_muted}


async def silence_alert(call: ServiceCall) -> ServiceResponse:
    """Silence an alert in Alertmanager, for everybody who would be notified of it."""
    homelab, problem = problem_of(call)
    coordinator = next((monitor for monitor in homelab.monitors if monitor.source == problem.source), None)
    monitor: object = coordinator.monitor if coordinator else None
    if coordinator is None or not isinstance(monitor, SilencesAlerts) or not monitor.can_silence(problem):
        raise invalid("not_an_alert", problem=problem.name)
    duration: timedelta = call.data["duration"]
    with calling(HomeAssistantError, coordinator.name):
        silence = await monitor.silence(
            problem,
            duration,
            comment=call.data.get("comment") or f"Homelab AI: {problem.name}",
            created_by=await _caller(call),
        )
    if silence is None:
        raise invalid("alert_gone", problem=problem.name, system=coordinator.name)
    await coordinator.async_refresh()
    return {
        "silence_id": silence.id,
        "silenced_until": local_time(dt_util.utcnow() + duration),
        "matchers": dict(silence.labels),
    }


def _listed(
    homelab: HomelabData, problems: Iterable[Problem], situation: Situation, language: str
) -> list[JsonValueType]:
    return [listed_problem(problem, situation, homelab.health.page, language) for problem in problems]


async def _refuse_for_others(call: ServiceCall) -> None:
    """Raise Unauthorized where the call is made for somebody who is no administrator, or for nobody.

    An automation has no user of its own; it says for whom it acts, as whoever pressed a button.
    """
    if ATTR_USER_ID not in call.data:
        return
    user = await call.hass.auth.async_get_user(call.data[ATTR_USER_ID])
    if user is None or not user.is_admin:
        raise Unauthorized(context=call.context)


async def _may_change_hub(call: ServiceCall) -> bool:
    """Return whether an administrator asks, or nobody: as with the actions that are for administrators."""
    if (user_id := call.context.user_id) is None:
        return True
    user = await call.hass.auth.async_get_user(user_id)
    return user is not None and user.is_admin


async def _caller(call: ServiceCall) -> str:
    """Return who asks: the person's name, Home Assistant's for an automation."""
    user_id = call.context.user_id
    user = await call.hass.auth.async_get_user(user_id) if user_id else None
    return (user and user.name) or "Home Assistant"
