"""The one flow of every monitored system: a form by its kind, and a look at the system before it is saved."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import (
    CONF_API_KEY,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_TOKEN,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    ObjectSelector,
    ObjectSelectorConfig,
    Selector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..api.errors import ApiError, ApiForbiddenError
from ..connection import normalized_url
from ..const import CONF_ADVANCED, CONF_CA_CERTIFICATE
from ..monitors import MONITORS
from ..monitors.alertmanager import CONF_IGNORED
from ..monitors.alerts import DEFAULT_IGNORED
from ..monitors.connection import create_monitor
from ..monitors.kubernetes import CONF_MAX_RESTARTS, CONF_RPO_HOURS, DEFAULT_MAX_RESTARTS, DEFAULT_RPO_HOURS
from ..monitors.librechat import CONF_METRICS_URL
from ..monitors.paperless_ai import CONF_OVERDUE_HOURS, CONF_PAPERLESS_URL, DEFAULT_OVERDUE_HOURS
from ..monitors.prometheus import CONF_ABOVE, CONF_BELOW, CONF_QUERIES, CONF_QUERY, CONF_UNIT
from ..monitors.web import (
    CONF_CERTIFICATE_DAYS,
    CONF_CONTAINS,
    CONF_EXPECTED_STATUS,
    DEFAULT_CERTIFICATE_DAYS,
    DEFAULT_EXPECTED_STATUS,
)
from .connection import CONNECTION_TIMEOUT, KEPT, advanced, form_error
from .form import FormError, FormFlow, SubentryFlow

_MANUAL = "https://github.com/homelab-ai/homelab-ai/blob/main/docs/kubernetes.md"
_SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_URL = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))


def _whole(least: int, most: int) -> NumberSelector:
    return NumberSelector(NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. Without a default it may be left empty; a secret never leaves Home Assistant.

    What is `advanced` is in a section that is collapsed at first.
    """

    key: str
    selector: Selector[Any]
    default: Any = None
    secret: bool = False
    advanced: bool = False

    @property
    def marker(self) -> vol.Marker:
        """Return the field as a key of the form's schema."""
        return (
            vol.Optional(self.key) if self.default is None else vol.Required(self.key, default=self.default)
        )


_VERIFY = Field(CONF_VERIFY_SSL, BooleanSelector(), default=True)
_PEM = TextSelector(TextSelectorConfig(multiline=True))
_TLS = (_VERIFY, Field(CONF_CA_CERTIFICATE, _PEM, advanced=True))
_LOGIN = (
    Field(CONF_USERNAME, TextSelector()),
    Field(CONF_PASSWORD, _SECRET, secret=True),
    Field(CONF_TOKEN, _SECRET, secret=True),
)
_KEY = Field(CONF_API_KEY, _SECRET, secret=True)
_NUMBER = {"number": {"step": "any", "mode": "box"}}
_QUERIES = ObjectSelector(
    ObjectSelectorConfig(
        fields={
            CONF_NAME: {"selector": {"text": {}}, "required": True},
            CONF_QUERY: {"selector": {"text": {}}, "required": True},
            CONF_UNIT: {"selector": {"text": {}}},
            CONF_ABOVE: {"selector": _NUMBER},
            CONF_BELOW: {"selector": _NUMBER},
        },
        multiple=True,
        label_field=CONF_NAME,
        translation_key="queries",
    )
)

FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "kubernetes": (
            Field(CONF_TOKEN, _SECRET, secret=True),
            # A cluster nearly always has an authority of its own.
            Field(CONF_CA_CERTIFICATE, _PEM),
            _VERIFY,
            Field(CONF_RPO_HOURS, _whole(1, 24 * 30), default=DEFAULT_RPO_HOURS),
            Field(CONF_MAX_RESTARTS, _whole(1, 1000), default=DEFAULT_MAX_RESTARTS),
        ),
        "prometheus": (*_LOGIN, *_TLS, Field(CONF_QUERIES, _QUERIES)),
        "alertmanager": (
            *_LOGIN,
            *_TLS,
            Field(
                CONF_IGNORED, TextSelector(TextSelectorConfig(multiple=True)), default=list(DEFAULT_IGNORED)
            ),
        ),
        "open_webui": (_KEY, *_TLS),
        "librechat": (Field(CONF_METRICS_URL, _URL), *_TLS),
        "paperless_ai": (
            _KEY,
            *_TLS,
            Field(CONF_OVERDUE_HOURS, _whole(1, 24 * 30), default=DEFAULT_OVERDUE_HOURS),
            Field(CONF_PAPERLESS_URL, _URL),
        ),
        "web": (
            *_TLS,
            Field(CONF_EXPECTED_STATUS, _whole(100, 599), default=DEFAULT_EXPECTED_STATUS),
            Field(CONF_CONTAINS, TextSelector()),
            Field(CONF_CERTIFICATE_DAYS, _whole(1, 365), default=DEFAULT_CERTIFICATE_DAYS),
        ),
    }
)
_ADDRESSES = (CONF_URL, CONF_METRICS_URL, CONF_PAPERLESS_URL)


class MonitorFlow(FormFlow[SubentryFlowResult], SubentryFlow):
    """Adds or changes a monitored system; its kind is the subentry's type."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Add a system."""
        name = MONITORS[self._subentry_type].manufacturer
        return await self._ask("user", user_input, name, {CONF_URL: "http://"})

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change a system."""
        subentry = self._get_reconfigure_subentry()
        return await self._ask("reconfigure", user_input, subentry.title, subentry.data, subentry.subentry_id)

    async def _ask(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        name: str,
        known: Mapping[str, Any],
        own_id: str | None = None,
    ) -> SubentryFlowResult:
        fields = FIELDS[self._subentry_type]
        section = {field.key: known.get(field.key, "") for field in fields if field.advanced}
        if user_input is None:
            kept = {field.key: KEPT for field in fields if field.secret and field.key in known}
            shown = {CONF_NAME: name, **known, **kept, CONF_ADVANCED: section}
            return self._form(step_id, _schema(name, fields), shown)
        try:
            # A section that never was opened is not sent, and stays as it was.
            typed = {**user_input, **user_input.get(CONF_ADVANCED, section)}
            data = stored(self._subentry_type, typed, known)
            self._abort_if_taken(data[CONF_URL], own_id)
            await check_monitor(self.hass, self._subentry_type, user_input[CONF_NAME], data)
        except FormError as err:
            return self._form(step_id, _schema(name, fields, err), user_input, err)
        return self._save(user_input[CONF_NAME].strip() or name, data)

    def _abort_if_taken(self, url: str, own_id: str | None) -> None:
        """Abort where the homelab has this system already."""
        for subentry in self._get_entry().get_subentries_of_type(self._subentry_type):
            if subentry.data.get(CONF_URL) == url and subentry.subentry_id != own_id:
                raise AbortFlow("already_configured")


def _schema(name: str, fields: Iterable[Field], error: FormError | None = None) -> vol.Schema:
    shown: dict[vol.Marker, Any] = {
        vol.Required(CONF_NAME, default=name): TextSelector(),
        vol.Required(CONF_URL): _URL,
    }
    section: dict[vol.Marker, Any] = {}
    for field in fields:
        (section if field.advanced else shown)[field.marker] = field.selector
    return vol.Schema({**shown, **(advanced(section, error) if section else {})})


async def check_monitor(hass: HomeAssistant, kind: str, name: str, data: Mapping[str, Any]) -> None:
    """Raise FormError unless a system answers as its kind does."""
    try:
        monitor = await create_monitor(hass, kind, data, source="", name=name)
    except ValueError as err:
        raise FormError("invalid_ca_certificate", CONF_CA_CERTIFICATE) from err
    try:
        async with asyncio.timeout(CONNECTION_TIMEOUT):
            await monitor.check()
    except (ApiError, TimeoutError) as err:
        raise _form_error(err) from err


def credential_fields(kind: str) -> tuple[Field, ...]:
    """Return the fields with which a system lets us in, none where it knows no such thing."""
    return tuple(field for field in FIELDS[kind] if field.secret or field.key == CONF_USERNAME)


def _form_error(error: ApiError | TimeoutError) -> FormError:
    """Return what a person is told; these systems are not Ollama, whatever else they are."""
    if isinstance(error, ApiForbiddenError):
        return FormError("forbidden", reason=str(error), manual=_MANUAL)
    found = form_error(error)
    if found.key in ("not_ollama", "open_webui"):
        return FormError("wrong_system", CONF_URL)
    if found.key == "invalid_auth":
        return FormError("invalid_auth")
    return found


def stored(
    kind: str, form: Mapping[str, Any], known: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Return what is stored of a filled form: what is left empty is left out. Raises FormError."""
    data: dict[str, Any] = {CONF_URL: form[CONF_URL]}
    for field in FIELDS[kind]:
        value = form.get(field.key)
        if field.secret and value == KEPT:
            value = known.get(field.key)
        if isinstance(value, str):
            value = value.strip()
        if isinstance(field.selector, NumberSelector) and value is not None:
            value = int(value)
        if value not in (None, "", []):
            data[field.key] = value
    for key in _ADDRESSES:
        if key in data:
            try:
                data[key] = normalized_url(data[key])
            except ValueError as err:
                raise FormError("invalid_url", key) from err
    return data
