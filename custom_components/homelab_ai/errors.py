"""The only place where an error of a client or of the hub becomes a Home Assistant error."""

from collections.abc import Iterator
from contextlib import contextmanager
import re

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_translations

from .agent.unlinked import unlinked
from .api.errors import ApiError
from .const import DOMAIN
from .hub.errors import HubError
from .language.languages import base_of

_UNSPEAKABLE = re.compile(
    r"[{}<>\[\]\\=|]|https?:|\d\.\d{1,3}\.\d{1,3}\.\d|\w(?:Error|Exception)\b|\w_\w|\w\.\w+\("
)
"""Of what a system says: JSON, markup, addresses, the names of errors and of functions."""

type KnownError = ApiError | HubError
KNOWN_ERRORS = (ApiError, HubError)
"""Errors that have words of their own."""


def translated[ErrorT: HomeAssistantError](into: type[ErrorT], error: KnownError, system: str) -> ErrorT:
    """Return an error of the type `into` that says what went wrong with `system`."""
    return into(
        translation_domain=DOMAIN,
        translation_key=error.key,
        # What a system says of it may be shown as Markdown.
        translation_placeholders={
            "system": system,
            **{name: unlinked(text) for name, text in error.placeholders.items()},
        },
    )


def invalid(key: str, **placeholders: str) -> ServiceValidationError:
    """Return an error that says what is wrong with what a person asked for."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


@contextmanager
def calling(into: type[HomeAssistantError], system: str) -> Iterator[None]:
    """Raise every error of the block that has words of its own as an error of the type `into`."""
    try:
        yield
    except KNOWN_ERRORS as err:
        raise translated(into, err, system) from err


async def spoken(
    hass: HomeAssistant, error: KnownError | HomeAssistantError, system: str, language: str
) -> HomeAssistantError:
    """Return the error with its text in the language of the person who hears it.

    Home Assistant speaks `str(error)`, which is English for every error that carries only a key.
    """
    if isinstance(error, HomeAssistantError):
        known = error
        if known.translation_domain != DOMAIN or known.translation_key is None:
            return known
    else:
        known = translated(HomeAssistantError, error, system)
    placeholders = dict(known.translation_placeholders or {})
    if _UNSPEAKABLE.search(placeholders.get("reason", "")):
        placeholders["reason"] = await sentence(hass, language, "common.hub_fault")
    # Who only listens cannot check a key; what is to be done is a repair, or a new sign-in.
    said = "hub_refuses" if known.translation_key == "invalid_auth" else known.translation_key
    key = f"exceptions.{said}.message"
    text = await sentence(hass, language, key, **placeholders)
    return HomeAssistantError(
        text or str(known),
        translation_domain=known.translation_domain,
        translation_key=known.translation_key,
        translation_placeholders=known.translation_placeholders,
    )


async def sentence(hass: HomeAssistant, language: str, key: str, **placeholders: str) -> str:
    """Return one of our texts in a language, English where there is none; `key` without the domain."""
    return (await template(hass, language, key)).format(**placeholders)


async def template(hass: HomeAssistant, language: str, key: str) -> str:
    """Return such a text with its placeholders as they are."""
    category = key.partition(".")[0]
    # A pipeline may speak "de-CH"; our texts are by language alone.
    texts = await async_get_translations(hass, base_of(language), category, {DOMAIN})
    return texts.get(f"component.{DOMAIN}.{key}", "")
