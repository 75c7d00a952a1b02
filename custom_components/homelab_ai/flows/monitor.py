"""The one flow of every monitored system: a form by its kind, and a look at the system before it is saved."""

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, SubentryFlowResult
from homeassistant.const import (
    CONF_NAME,
    CONF_TOKEN,
    CONF_URL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.selector import (
    NumberSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from ..api.errors import ApiError, ApiForbiddenError, ApiTokenMissingError
from ..const import CONF_ADVANCED, CONF_CA_CERTIFICATE, CONF_KIND, DOCS, SYSTEM
from ..coordinator import HomelabConfigEntry
from ..errors import sentence
from ..language.words import language_of
from ..monitors import MONITORS, Monitor, async_load, kind_of, settings_of
from ..monitors.connection import create_monitor
from ..monitors.fields import URL_TEXT, Field, Privacy
from ..monitors.monitor import Doubt, Introduction
from ..monitors.presets import PRESETS
from ..monitors.queries import CONF_QUERIES
from ..topology import Thing
from .address import address_error, typed_url
from .connection import CONNECTION_TIMEOUT, KEPT, advanced, form_error
from .form import FormError, FormFlow, SubentryFlow, Told
from .offers import Offer, offers

_MANUAL = f"{DOCS}kubernetes.md"

_OFFER = "system"
_PRESETS = "presets"
_STEP = "async_step_"


class SystemFlow(FormFlow[SubentryFlowResult], SubentryFlow):
    """Adds or changes a monitored system: a menu of the kinds, and a form of each.

    The step in which a system is added is called as its kind, that in which it is changed
    ``reconfigure_<kind>``.
    """

    _kind: str
    _offers: tuple[Offer, ...] = ()
    _offer: Offer | None = None
    _doubted: Mapping[str, Any] | None = None
    """What was sent and doubted."""
    _begun: tuple[str, Mapping[str, Any]]
    """Title and data of what is saved once its presets are chosen."""
    _presets: Mapping[str, float] = MappingProxyType({})

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask what to add; what the homelab tells of stands first."""
        entry: HomelabConfigEntry = self._get_entry()
        self._offers = await offers(entry) if entry.state is ConfigEntryState.LOADED else ()
        found = ["offered"] if self._offers else []
        return self.async_show_menu(step_id="user", menu_options=[*found, *MONITORS])

    async def async_step_offered(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Let one of the systems that the homelab tells of be chosen, and fill its form."""
        if user_input is not None:
            self._offer = self._offers[int(user_input[_OFFER])]
            return await self._add(self._offer.kind)
        await async_load(self.hass, {offer.kind for offer in self._offers})
        names = [
            (MONITORS[offer.kind].product or MONITORS[offer.kind].manufacturer, offer.url)
            for offer in self._offers
        ]
        options = [
            SelectOptionDict(value=str(number), label=f"{name} · {url}")
            for number, (name, url) in enumerate(names)
        ]
        schema = vol.Schema({vol.Required(_OFFER): SelectSelector(SelectSelectorConfig(options=options))})
        return self._form("offered", schema, {_OFFER: "0"})

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change a system."""
        if (kind := kind_of(self._get_reconfigure_subentry())) is None:
            return self.async_abort(reason="unknown_kind")
        return await self._change(kind, user_input)

    def __getattr__(self, name: str) -> Any:
        """Return the step of a kind: Home Assistant looks for a method of the step's name."""
        step = name.removeprefix(_STEP)
        kind = step.removeprefix("reconfigure_")
        if step == name or kind not in MONITORS:
            raise AttributeError(name)
        return partial(self._add if step == kind else self._change, kind)

    async def _add(self, kind: str, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        await self._begin(kind)
        monitor = MONITORS[kind]
        name = monitor.product or monitor.manufacturer
        known = {CONF_URL: f"{monitor.scheme}://"} if monitor.has_address else {}
        known |= monitor.suggested(self._things())
        if self._offer is not None:
            known[CONF_URL] = self._offer.url
        return await self._ask(kind, user_input, name, known)

    def _things(self) -> Iterable[Thing]:
        """Return what the homelab consists of, nothing while it is not loaded."""
        entry: HomelabConfigEntry = self._get_entry()
        return entry.runtime_data.things.topology if entry.state is ConfigEntryState.LOADED else ()

    async def _change(self, kind: str, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        await self._begin(kind)
        system = self._get_reconfigure_subentry()
        step = f"reconfigure_{kind}"
        return await self._ask(step, user_input, system.title, settings_of(system), system.subentry_id)

    async def _begin(self, kind: str) -> None:
        await async_load(self.hass, [kind])
        self._kind = kind
        self._manual = MONITORS[kind].manual

    async def _ask(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        name: str,
        known: Mapping[str, Any],
        own_id: str | None = None,
    ) -> SubentryFlowResult:
        fields = MONITORS[self._kind].fields
        section = {field.key: known.get(field.key, "") for field in fields if field.advanced}
        if user_input is None:
            kept = {field.key: KEPT for field in fields if field.secret and field.key in known}
            known = MONITORS[self._kind].to_show(self.hass, known)
            shown = {CONF_NAME: name, **known, **kept, CONF_ADVANCED: section}
            return self._form(step_id, self._schema(name), shown)
        try:
            # A section that never was opened is not sent, and stays as it was.
            typed = {**user_input, **user_input.get(CONF_ADVANCED, section)}
            data = stored(self._kind, typed, known)
            data = MONITORS[self._kind].to_store(self.hass, data)
            if CONF_URL in data:
                self._abort_if_taken(data[CONF_URL], own_id)
            doubts, told = await check_monitor(
                self.hass, self._kind, user_input[CONF_NAME], data, introduced=self.source == SOURCE_USER
            )
            if doubts and self._doubted != data:
                # Told once: sent again as it is, it is meant so.
                self._doubted = data
                raise FormError(doubts[0].key, name=", ".join(doubt.name for doubt in doubts if doubt.name))
        except FormError as err:
            return self._form(step_id, self._schema(name, err), user_input, err)
        title = self._title(user_input[CONF_NAME].strip() or name, data)
        self._told = _told(told)
        if told.presets:
            self._begun, self._presets = (title, data), told.presets
            return await self.async_step_presets()
        return self._save(title, {CONF_KIND: self._kind, **data})

    async def async_step_presets(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Offer queries that give something here, each with its value of now."""
        language = self.hass.config.language
        names = {key: await sentence(self.hass, language, f"common.preset_{key}") for key in self._presets}
        title, data = self._begun
        if user_input is not None:
            chosen = [PRESETS[key].named(names[key]) for key in user_input.get(_PRESETS, ())]
            queries = [*data.get(CONF_QUERIES, ()), *chosen]
            data = {**data, CONF_QUERIES: queries} if queries else data
            return self._save(title, {CONF_KIND: self._kind, **data})
        decimal = language_of(language).decimal
        options = [
            SelectOptionDict(value=key, label=f"{names[key]} · {decimal(value)} {PRESETS[key].unit}")
            for key, value in self._presets.items()
        ]
        choice = SelectSelector(
            SelectSelectorConfig(options=options, multiple=True, mode=SelectSelectorMode.LIST)
        )
        return self._form(_PRESETS, vol.Schema({vol.Optional(_PRESETS): choice}), {_PRESETS: []})

    def _title(self, name: str, data: Mapping[str, Any]) -> str:
        """Return what a system is called: a page that nobody named is called by its host."""
        kind = MONITORS[self._kind]
        unnamed = kind.is_page and name == kind.manufacturer
        return kind.title_of(data[CONF_URL]) if unnamed else name

    def _schema(self, name: str, error: FormError | None = None) -> vol.Schema:
        kind = MONITORS[self._kind]
        return _schema(name, kind.fields, error, has_address=kind.has_address)

    def _abort_if_taken(self, url: str, own_id: str | None) -> None:
        """Abort where the homelab has this system already."""
        for subentry in self._get_entry().get_subentries_of_type(SYSTEM):
            other = kind_of(subentry) == self._kind and subentry.subentry_id != own_id
            if other and subentry.data.get(CONF_URL) == url:
                raise AbortFlow("already_configured")


def _schema(
    name: str, fields: Iterable[Field], error: FormError | None = None, *, has_address: bool = True
) -> vol.Schema:
    shown: dict[vol.Marker, Any] = {vol.Required(CONF_NAME, default=name): TextSelector()}
    if has_address:
        shown[vol.Required(CONF_URL)] = URL_TEXT
    section: dict[vol.Marker, Any] = {}
    for field in fields:
        (section if field.advanced else shown)[field.marker] = field.selector
    return vol.Schema({**shown, **(advanced(section, error) if section else {})})


async def check_monitor(
    hass: HomeAssistant, kind: str, name: str, data: Mapping[str, Any], *, introduced: bool = False
) -> tuple[tuple[Doubt, ...], Introduction]:
    """Raise FormError unless a system answers as its kind does.

    Return what a person may not have meant, and what is in a system that is to be `introduced`.
    """
    try:
        monitor = await create_monitor(hass, kind, data, source="", name=name)
    except ValueError as err:
        raise FormError("invalid_ca_certificate", CONF_CA_CERTIFICATE) from err
    try:
        async with asyncio.timeout(CONNECTION_TIMEOUT):
            doubts = tuple(await monitor.check() or ())
        return doubts, await monitor.introduce() if introduced else Introduction()
    except (ApiError, TimeoutError) as err:
        expected = MONITORS[kind].product or MONITORS[kind].manufacturer
        raise await address_error(hass, data, err, expected) or _form_error(
            MONITORS[kind], err, data
        ) from err


def _told(introduction: Introduction) -> Told | None:
    """Return what the last page of the dialog says of a new system, None where there is nothing to say."""
    found, refused = introduction.found, introduction.refused
    key = "found_refused" if found and refused else "found" if found else "refused" if refused else ""
    names = {"found": ", ".join(found), "refused": ", ".join(refused), "manual": _MANUAL}
    return Told(key, names) if key else None


def credential_fields(kind: str) -> tuple[Field, ...]:
    """Return the fields with which a system lets us in, none where it knows no such thing."""
    return tuple(field for field in MONITORS[kind].fields if field.lets_in)


def _form_error(
    kind: type[Monitor[Any]], error: ApiError | TimeoutError, data: Mapping[str, Any]
) -> FormError:
    """Return what a person is told; these systems are not Ollama, whatever else they are."""
    for type_of_error, key in kind.refusals.items():
        if isinstance(error, type_of_error):
            return FormError(key, CONF_URL)
    if isinstance(error, ApiTokenMissingError):
        return FormError("token_missing", CONF_TOKEN)
    if isinstance(error, ApiForbiddenError):
        return FormError("forbidden", reason=str(error), manual=_MANUAL)
    shown = form_error(error)
    if shown.key in ("not_ollama", "open_webui"):
        return FormError("wrong_system", CONF_URL)
    return FormError(_refused(kind, data)) if shown.key == "invalid_auth" else shown


def _refused(kind: type[Monitor[Any]], data: Mapping[str, Any]) -> str:
    """Return what a person is told who is not let in, by whether anything could be entered, and was."""
    asked = [field.key for field in kind.fields if field.lets_in]
    if not asked:
        return "sign_in"
    return "invalid_auth" if any(data.get(key) for key in asked) else "credential_missing"


def stored(
    kind: str, form: Mapping[str, Any], known: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Return what is stored of a filled form: what is left empty is left out. Raises FormError."""
    data: dict[str, Any] = {CONF_URL: form[CONF_URL]} if CONF_URL in form else {}
    fields = MONITORS[kind].fields
    for field in fields:
        value = form.get(field.key)
        if field.secret and value == KEPT:
            value = known.get(field.key)
        if isinstance(value, str):
            value = value.strip()
        if isinstance(field.selector, NumberSelector) and value is not None:
            value = int(value)
        if value not in (None, "", []):
            data[field.key] = value
    for key in (CONF_URL, *(field.key for field in fields if field.privacy is Privacy.ADDRESS)):
        if key in data:
            try:
                whole = MONITORS[kind].is_page or key != CONF_URL
                typed = MONITORS[kind].address_of(data[key]) if key == CONF_URL else data[key]
                data[key] = typed_url(typed, MONITORS[kind].scheme, keeps_path=whole)
            except ValueError as err:
                raise FormError("invalid_url", key) from err
    return data
