"""The fields of a system's form, and what of them may be shown, sent or stored."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import voluptuous as vol

from homeassistant.const import CONF_API_KEY, CONF_PASSWORD, CONF_TOKEN, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    Selector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..const import CONF_CA_CERTIFICATE


class Privacy(StrEnum):
    """Why a field is left out of diagnostics."""

    ADDRESS = "address"
    """A URL: it tells where somebody lives. Stored in one form, see `normalized_url`."""
    LOGIN = "login"
    """It lets us in, though a form may show it."""
    PRIVATE = "private"
    """What a person looks for in their systems tells what runs there, and by which name."""
    SECRET = "secret"
    """It lets us in, and never leaves Home Assistant: a form shows only that there is one."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. Without a default it may be left empty.

    What is `advanced` is in a section that is collapsed at first. `private_parts` are keys within the value
    of which the same holds as of a field that is `Privacy.PRIVATE`.
    """

    key: str
    selector: Selector[Any]
    default: Any = None
    privacy: Privacy | None = None
    advanced: bool = False
    private_parts: tuple[str, ...] = ()

    @property
    def marker(self) -> vol.Marker:
        """Return the field as a key of the form's schema."""
        return (
            vol.Optional(self.key) if self.default is None else vol.Required(self.key, default=self.default)
        )

    @property
    def secret(self) -> bool:
        """Return whether its value never leaves Home Assistant."""
        return self.privacy is Privacy.SECRET

    @property
    def lets_in(self) -> bool:
        """Return whether its value is a credential, or a part of one."""
        return self.privacy in (Privacy.SECRET, Privacy.LOGIN)

    @property
    def redacted(self) -> tuple[str, ...]:
        """Return the keys that are left out of diagnostics."""
        return self.private_parts if self.privacy is None else (self.key, *self.private_parts)


URL_TEXT = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
_SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))


def whole(key: str, least: int, most: int, default: int) -> Field:
    """Return the field of a whole number."""
    config = NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX)
    return Field(key, NumberSelector(config), default=default)


def address(key: str) -> Field:
    """Return the field of the address of something else that belongs to the system."""
    return Field(key, URL_TEXT, privacy=Privacy.ADDRESS)


def certificate(*, advanced: bool) -> Field:
    """Return the field of the authority that the system's certificate is of."""
    pem = TextSelector(TextSelectorConfig(multiline=True))
    return Field(CONF_CA_CERTIFICATE, pem, privacy=Privacy.PRIVATE, advanced=advanced)


VERIFY = Field(CONF_VERIFY_SSL, BooleanSelector(), default=True)
TLS = (VERIFY, certificate(advanced=True))
TOKEN = Field(CONF_TOKEN, _SECRET, privacy=Privacy.SECRET)
API_KEY = Field(CONF_API_KEY, _SECRET, privacy=Privacy.SECRET)
LOGIN = (
    Field(CONF_USERNAME, TextSelector(), privacy=Privacy.LOGIN),
    Field(CONF_PASSWORD, _SECRET, privacy=Privacy.SECRET),
    TOKEN,
)
