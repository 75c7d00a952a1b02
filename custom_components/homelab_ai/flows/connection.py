"""The connection to a hub: its form, what is stored of it, and whether it works."""

from abc import abstractmethod
import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
import re
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_API_KEY, CONF_NAME, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import AbortFlow, FlowResult, section
from homeassistant.helpers.selector import (
    BooleanSelector,
    ObjectSelector,
    ObjectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..api.errors import (
    ApiConnectionError,
    ApiError,
    ApiForeignError,
)
from ..api.ollama import OllamaClient
from ..connection import normalized_url
from ..const import CONF_ADVANCED, CONF_CA_CERTIFICATE, CONF_HEADERS, DOMAIN, HUB
from ..hub.connection import create_client
from .address import address_error, typed_url
from .form import FormError, FormFlow

CONNECTION_TIMEOUT = 15.0
"""Seconds in which a hub must have proved itself while somebody looks at the form."""
KEPT = "__**password_not_changed**__"
"""Stands in the form for a key that is stored, so that the key itself never leaves Home Assistant."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What these are about is in the section, which a person should then see.
_ABOUT_ADVANCED = {"invalid_ca_certificate", "invalid_certificate", "invalid_headers", "host_refused"}
# Errors that a form calls otherwise than other texts do, or shows at one of its fields.
_IN_FORMS: Mapping[str, tuple[str, str]] = {
    "bad_response": ("unknown", "base"),
    "certificate": ("invalid_certificate", "base"),
    "foreign": ("not_ollama", CONF_URL),
    "invalid_auth": ("invalid_auth", CONF_API_KEY),
}
_API_KEY = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_URL = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
_CA_CERTIFICATE: Mapping[vol.Marker, Any] = {
    vol.Optional(CONF_CA_CERTIFICATE): TextSelector(TextSelectorConfig(multiline=True))
}
_HEADERS: Mapping[vol.Marker, Any] = {
    vol.Optional(CONF_HEADERS): ObjectSelector(
        ObjectSelectorConfig(
            fields={
                "name": {"selector": {"text": {}}, "required": True},
                "value": {"selector": {"text": {}}, "required": True},
            },
            multiple=True,
            label_field="name",
            translation_key="headers",
        )
    )
}


class ConnectionFlow[ResultT: FlowResult[Any, Any]](FormFlow[ResultT]):
    """A flow that asks for a hub until one answers."""

    @abstractmethod
    async def _connected(self, name: str, data: dict[str, Any]) -> ResultT:
        """Go on with a connection that works, in the form in which it is stored."""

    async def _ask_connection(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        name: str,
        stored: Mapping[str, Any],
        own_id: str | None = None,
    ) -> ResultT:
        """Ask for name and connection; `stored` is what is stored or suggested, `own_id` whose it is."""
        if user_input is None:
            return self._form(step_id, _connection_schema(name), _connection_form(name, stored))
        try:
            data = _connection_data(user_input, stored)
            _abort_if_taken(self.hass, data[CONF_URL], own_id)
            await check(self.hass, data)
        except FormError as err:
            return self._form(step_id, _connection_schema(name, err), user_input, err)
        return await self._connected(user_input[CONF_NAME].strip() or name, data)


def _connection_schema(name: str, error: FormError | None = None) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_NAME, default=name): TextSelector(),
            vol.Required(CONF_URL): _URL,
            vol.Optional(CONF_API_KEY): _API_KEY,
            vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
            **advanced({**_CA_CERTIFICATE, **_HEADERS}, error),
        }
    )


def credentials_schema(error: FormError | None = None) -> vol.Schema:
    """Return the part of the form that lets a person in again."""
    return vol.Schema({vol.Optional(CONF_API_KEY): _API_KEY, **advanced(_HEADERS, error)})


def advanced(fields: Mapping[vol.Marker, Any], error: FormError | None) -> dict[vol.Marker, Any]:
    """Return the section of what few need: open where the error is about that."""
    collapsed = error is None or error.key not in _ABOUT_ADVANCED
    return {vol.Optional(CONF_ADVANCED): section(vol.Schema(dict(fields)), {"collapsed": collapsed})}


def _connection_form(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored connection in the shape of its form."""
    kept = {CONF_API_KEY: KEPT} if CONF_API_KEY in data else {}
    return {CONF_NAME: name, **data, **kept, CONF_ADVANCED: advanced_form(data)}


def advanced_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a stored connection that is in the section, in the shape of that."""
    headers: Mapping[str, str] = data.get(CONF_HEADERS, {})
    return {
        CONF_CA_CERTIFICATE: data.get(CONF_CA_CERTIFICATE, ""),
        CONF_HEADERS: [{"name": name, "value": value} for name, value in headers.items()],
    }


def _connection_data(form: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a filled form. Raises FormError."""
    try:
        url = typed_url(form[CONF_URL])
    except ValueError as err:
        raise FormError("invalid_url", CONF_URL) from err
    data = {CONF_URL: url, CONF_VERIFY_SSL: form[CONF_VERIFY_SSL]}
    if certificate := _section(form, stored).get(CONF_CA_CERTIFICATE, "").strip():
        if not certificate.isascii():
            raise FormError("invalid_ca_certificate")
        data[CONF_CA_CERTIFICATE] = certificate
    return {**data, **credentials(form, stored)}


def credentials(form: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the key and the headers of a filled form, those there are. Raises FormError."""
    data: dict[str, Any] = {}
    key = form.get(CONF_API_KEY, "").strip()
    if key == KEPT:
        key = stored.get(CONF_API_KEY, "")
    if not _is_sendable(key):
        raise FormError("invalid_auth", CONF_API_KEY)
    if key:
        data[CONF_API_KEY] = key
    typed = _section(form, stored).get(CONF_HEADERS, ())
    headers = {header["name"].strip(): header["value"].strip() for header in typed}
    if not all(_HEADER_NAME.fullmatch(name) and _is_sendable(value) for name, value in headers.items()):
        raise FormError("invalid_headers")
    if headers:
        data[CONF_HEADERS] = headers
    return data


def _section(form: Mapping[str, Any], stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what was typed into the section; one that never was opened is not sent, and stays as it was."""
    typed: Mapping[str, Any] = form.get(CONF_ADVANCED, advanced_form(stored))
    return typed


def _is_sendable(value: str) -> bool:
    """Return whether a text can be sent in a header."""
    return value.isascii() and value.isprintable()


@asynccontextmanager
async def connected(
    hass: HomeAssistant, data: Mapping[str, Any], seconds: float | None = CONNECTION_TIMEOUT
) -> AsyncIterator[OllamaClient]:
    """Lend a client for some seconds; what goes wrong with its server, or lasts longer, is a FormError."""
    try:
        client = await create_client(hass, data)
    except ValueError as err:
        raise FormError("invalid_ca_certificate") from err
    try:
        async with asyncio.timeout(seconds):
            yield client
    except (ApiError, TimeoutError) as err:
        raise form_error(err) from err
    finally:
        await client.close()


async def check(hass: HomeAssistant, data: Mapping[str, Any]) -> None:
    """Raise FormError unless an Ollama server answers there."""
    try:
        async with connected(hass, data) as client:
            await client.identify()
    except FormError as err:
        if not isinstance(err.__cause__, (ApiError, TimeoutError)):
            raise
        if err.key == "invalid_auth" and not data.get(CONF_API_KEY):
            raise FormError("key_missing", CONF_API_KEY) from err
        raise await address_error(hass, data, err.__cause__, "Ollama") or err from err


def form_error(error: ApiError | TimeoutError) -> FormError:
    """Return what a person is told about a server that does not do what it should."""
    if isinstance(error, ApiForeignError) and error.found == "Open WebUI":
        return FormError("open_webui", CONF_URL)
    key = ApiConnectionError.key if isinstance(error, TimeoutError) else error.key
    key, field = _IN_FORMS.get(key, (key, "base"))
    return FormError(key, field, reason=str(error))


def hubs(entry: ConfigEntry[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield id and connection of each hub of a homelab, its own first."""
    yield entry.entry_id, entry.data
    for subentry in entry.get_subentries_of_type(HUB):
        yield subentry.subentry_id, subentry.data


def _is_taken(hass: HomeAssistant, url: str, own_id: str | None = None) -> bool:
    """Return whether a hub with this address is known already, other than the one with this id."""
    return any(
        data.get(CONF_URL) == url and hub_id != own_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        for hub_id, data in hubs(entry)
    )


def _abort_if_taken(hass: HomeAssistant, url: str, own_id: str | None) -> None:
    if _is_taken(hass, url, own_id):
        raise AbortFlow("already_configured")


def suggested_url(hass: HomeAssistant) -> str:
    """Return the address that Home Assistant's own Ollama integration uses, if we do not yet."""
    for entry in hass.config_entries.async_entries("ollama"):
        try:
            url = normalized_url(entry.data.get(CONF_URL, ""))
        except ValueError:
            continue
        if not _is_taken(hass, url):
            return url
    return "http://"
