"""The actions: what a person or an automation may ask of the homelab, and tell it to do.

Those that change a hub or Alertmanager are for administrators; what runs without a person, as most
automations do, is not asked who it is, as everywhere in Home Assistant.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, CONF_MODEL
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv, service

from .assistant import (
    delivery_actions,
    habit_actions,
    model_actions,
    network_actions,
    problem_actions,
    proposal_actions,
    pull_request_actions,
    thing_actions,
    trying,
)
from .assistant.calls import ATTR_LANGUAGE, ATTR_PROBLEM_ID, ATTR_USER_ID
from .assistant.habit_actions import ATTR_HABIT_ID
from .assistant.network_actions import ATTR_DEVICE, ATTR_VERDICT
from .const import CONF_KEEP_ALIVE, CONF_NUM_CTX, DOMAIN
from .health.problem import Severity
from .language.briefing import Style
from .language.questions.question import Period

MUTE = timedelta(days=1)
SILENCE = timedelta(hours=2)
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=365)
MOST_LISTED = 100
_MOST = 1000
_VERDICTS = ("new", "known", "guest", "ignored")
_MONTH = 30 * 24
_LONGEST_CONTEXT = 2**20
_LAST_PULL_REQUEST = 10**9

_TEXT = vol.All(cv.string, vol.Strip, vol.Length(min=1))
_NAME = vol.All(cv.string, vol.Strip, vol.Length(min=1, max=250))
_DURATION = vol.All(cv.positive_time_period, vol.Range(min=SHORTEST, max=LONGEST))

type _Run = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
type _Fields = dict[vol.Marker, Any]

_TARGET = cast("_Fields", cv.ENTITY_SERVICE_FIELDS)
_HOMELAB: _Fields = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string, **_TARGET}
_HUB = _HOMELAB
_MODEL: _Fields = {**_HUB, vol.Required(CONF_MODEL): _NAME}
_LANGUAGE: _Fields = {vol.Optional(ATTR_LANGUAGE): cv.string}
_SOURCE: _Fields = {vol.Optional("source", default=list): vol.All(cv.ensure_list, [cv.string])}
_NUMBER: _Fields = {
    vol.Required("number"): vol.All(vol.Coerce(int), vol.Range(min=1, max=_LAST_PULL_REQUEST))
}
_HABIT: _Fields = {
    **_HOMELAB,
    vol.Required(ATTR_HABIT_ID): _NAME,
    vol.Optional("undo", default=False): cv.boolean,
}
_PROBLEM: _Fields = {**_HOMELAB, vol.Required(ATTR_PROBLEM_ID): _TEXT}


@dataclass(frozen=True, slots=True)
class _Action:
    """An action; `answers_only` where it has no effect that anybody could want without the answer."""

    run: _Run
    fields: _Fields
    answers_only: bool = False
    admin: bool = False


_ACTIONS = {
    "ask": _Action(
        problem_actions.answer_question,
        {
            **_HOMELAB,
            vol.Required("question"): _TEXT,
            vol.Optional(CONF_MODEL): _NAME,
            vol.Optional("system"): cv.string,
        },
        answers_only=True,
    ),
    "briefing": _Action(
        problem_actions.give_briefing,
        {
            **_HOMELAB,
            **_LANGUAGE,
            vol.Optional("style", default=Style.SPOKEN.value): vol.In([style.value for style in Style]),
            vol.Optional("phrased", default=False): cv.boolean,
            vol.Optional("since"): vol.Any(vol.In([other.value for other in Period]), cv.datetime),
        },
        answers_only=True,
    ),
    "list_problems": _Action(
        problem_actions.list_problems,
        {
            **_HOMELAB,
            vol.Optional("severity", default=list): vol.All(
                cv.ensure_list, [vol.In([severity.value for severity in Severity])]
            ),
            **_SOURCE,
            vol.Optional("include_muted", default=False): cv.boolean,
            vol.Optional("grouped", default=True): cv.boolean,
            vol.Optional("limit", default=MOST_LISTED): vol.All(vol.Coerce(int), vol.Range(min=1, max=_MOST)),
        },
        answers_only=True,
    ),
    "explain_problem": _Action(problem_actions.explain_problem, {**_PROBLEM, **_LANGUAGE}, answers_only=True),
    "mute_problem": _Action(
        problem_actions.mute_problem,
        {
            **_PROBLEM,
            vol.Optional("duration", default=MUTE): _DURATION,
            vol.Optional(ATTR_USER_ID): cv.string,
        },
    ),
    "unmute_problem": _Action(problem_actions.unmute_problem, _PROBLEM),
    "silence_alert": _Action(
        problem_actions.silence_alert,
        {
            **_PROBLEM,
            vol.Optional("duration", default=SILENCE): _DURATION,
            vol.Optional("comment"): vol.All(cv.string, vol.Length(max=1000)),
        },
        admin=True,
    ),
    "look_up": _Action(
        thing_actions.look_up, {**_HOMELAB, **_LANGUAGE, vol.Required("name"): _NAME}, answers_only=True
    ),
    "timeline": _Action(
        thing_actions.list_timeline,
        {
            **_HOMELAB,
            **_LANGUAGE,
            vol.Exclusive("hours", "begin"): vol.All(vol.Coerce(int), vol.Range(min=1, max=_MONTH)),
            vol.Exclusive("since", "begin"): cv.datetime,
            vol.Optional("thing"): _NAME,
            vol.Optional("limit", default=MOST_LISTED): vol.All(vol.Coerce(int), vol.Range(min=1, max=_MOST)),
        },
        answers_only=True,
    ),
    "list_pull_requests": _Action(
        pull_request_actions.list_pull_requests,
        {
            **_HOMELAB,
            **_LANGUAGE,
            **_SOURCE,
            vol.Optional("only", default=list): vol.All(
                cv.ensure_list, [vol.In(list(pull_request_actions.ONLY))]
            ),
            vol.Optional("limit", default=MOST_LISTED): vol.All(vol.Coerce(int), vol.Range(min=1, max=_MOST)),
        },
        answers_only=True,
    ),
    "explain_pull_request": _Action(
        pull_request_actions.explain_pull_request,
        {
            **_HOMELAB,
            **_LANGUAGE,
            **_NUMBER,
            **_SOURCE,
        },
        answers_only=True,
    ),
    "propose_change": _Action(
        proposal_actions.propose_change,
        {
            **_HOMELAB,
            **_LANGUAGE,
            vol.Optional(proposal_actions.ATTR_REQUEST): vol.All(_TEXT, vol.Length(max=2000)),
            vol.Optional("change"): vol.In(proposal_actions.CHANGES),
            vol.Optional("app"): vol.All(cv.ensure_list, [_NAME], vol.Length(min=1, max=10)),
            vol.Optional("field"): _NAME,
            vol.Optional("value"): vol.All(cv.string, vol.Length(max=500)),
            vol.Optional("template"): vol.In(proposal_actions.TEMPLATES),
            vol.Optional("values"): vol.Schema({cv.string: cv.string}),
            vol.Optional("file"): _NAME,
            vol.Optional("content"): vol.All(cv.string, vol.Length(max=32_768)),
            vol.Optional("agent"): _NAME,
            vol.Optional("preview", default=False): cv.boolean,
            **_SOURCE,
        },
        admin=True,
    ),
    "withdraw_proposal": _Action(
        proposal_actions.withdraw_proposal,
        {
            **_HOMELAB,
            **_LANGUAGE,
            **_NUMBER,
            **_SOURCE,
        },
        admin=True,
    ),
    "list_proposals": _Action(
        proposal_actions.list_proposals,
        {
            **_HOMELAB,
            **_LANGUAGE,
            vol.Optional("status", default=list): vol.All(
                cv.ensure_list, [vol.In(proposal_actions.STATUSES)]
            ),
            **_SOURCE,
            vol.Optional("limit", default=MOST_LISTED): vol.All(vol.Coerce(int), vol.Range(min=1, max=_MOST)),
        },
        answers_only=True,
        admin=True,
    ),
    "reconcile": _Action(
        delivery_actions.reconcile,
        {
            **_HOMELAB,
            vol.Required(delivery_actions.ATTR_NAME): _NAME,
            vol.Optional(delivery_actions.ATTR_WITH_SOURCE, default=True): cv.boolean,
        },
        admin=True,
    ),
    "list_habits": _Action(
        habit_actions.list_habits,
        {
            **_HOMELAB,
            **_LANGUAGE,
            vol.Optional("include_answered", default=False): cv.boolean,
            vol.Optional("limit", default=MOST_LISTED): vol.All(vol.Coerce(int), vol.Range(min=1, max=_MOST)),
        },
        answers_only=True,
    ),
    "accept_habit": _Action(habit_actions.accept_habit, _HABIT, admin=True),
    "dismiss_habit": _Action(
        habit_actions.dismiss_habit, {**_HABIT, vol.Optional("not_now", default=False): cv.boolean}
    ),
    "list_devices": _Action(
        network_actions.list_devices,
        {
            **_HOMELAB,
            **_LANGUAGE,
            vol.Optional(ATTR_VERDICT, default=list): vol.All(cv.ensure_list, [vol.In(_VERDICTS)]),
            vol.Optional("limit", default=MOST_LISTED): vol.All(vol.Coerce(int), vol.Range(min=1, max=_MOST)),
        },
        answers_only=True,
        admin=True,
    ),
    "review_device": _Action(
        network_actions.review_device,
        {
            **_HOMELAB,
            vol.Required(ATTR_DEVICE): _NAME,
            vol.Required(ATTR_VERDICT): vol.In(_VERDICTS[1:]),
            vol.Optional("name"): _NAME,
        },
        admin=True,
    ),
    "list_models": _Action(model_actions.list_models, _HUB, answers_only=True),
    "pull_model": _Action(
        model_actions.pull_model,
        {
            **_MODEL,
            vol.Optional("wait", default=False): cv.boolean,
            vol.Optional("only_if_fits", default=False): cv.boolean,
        },
        admin=True,
    ),
    "cancel_pull": _Action(model_actions.cancel_pull, _MODEL, admin=True),
    "delete_model": _Action(
        model_actions.delete_model, {**_MODEL, vol.Optional("force", default=False): cv.boolean}, admin=True
    ),
    "copy_model": _Action(
        model_actions.copy_model, {**_MODEL, vol.Required("destination"): _NAME}, admin=True
    ),
    "load_model": _Action(
        model_actions.load_model,
        {
            **_MODEL,
            vol.Optional(CONF_NUM_CTX): vol.All(vol.Coerce(int), vol.Range(min=512, max=_LONGEST_CONTEXT)),
            vol.Optional(CONF_KEEP_ALIVE): vol.All(vol.Coerce(int), vol.Any(-1, vol.Range(min=1))),
        },
        admin=True,
    ),
    "test_model": _Action(trying.test_model, {**_MODEL, **_LANGUAGE}, answers_only=True, admin=True),
    "unload_model": _Action(
        model_actions.unload_model, {**_HUB, vol.Optional(CONF_MODEL): _NAME}, admin=True
    ),
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Offer the actions for as long as Home Assistant runs; without a homelab they say that there is none."""
    for name, action in _ACTIONS.items():
        schema = vol.Schema(action.fields)
        response = SupportsResponse.ONLY if action.answers_only else SupportsResponse.OPTIONAL
        if action.admin:
            service.async_register_admin_service(hass, DOMAIN, name, action.run, schema, response)
        else:
            hass.services.async_register(DOMAIN, name, action.run, schema, response)
