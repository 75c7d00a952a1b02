"""The only place where a client's error becomes a Home Assistant error."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_translations

from .agent.agent import AnswerCutError, EmptyAnswerError, ToolRoundsError
from .agent.evaluation import NoJudgementError, TooManyAnswersError
from .agent.prompt import PromptTooLargeError
from .api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiCertificateError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiHostRefusedError,
)
from .const import DOMAIN
from .hub.care import ModelInUseError, ModelTooLargeError, NotInstalledError
from .hub.downloads import DownloadCancelledError
from .hub.fit import Fit
from .hub.pool import AnswerBrokenError, HubsOfflineError, ModelMissingError, PoolClosedError

type ClientError = ApiError | PromptTooLargeError
CLIENT_ERRORS = (ApiError, PromptTooLargeError)


def translated[ErrorT: HomeAssistantError](into: type[ErrorT], error: ClientError, system: str) -> ErrorT:
    """Return an error of the type `into` that says what went wrong with `system`."""
    if isinstance(error, HubsOfflineError) and error.reason:
        error = error.reason
    return into(
        translation_domain=DOMAIN,
        translation_key=_key(error),
        translation_placeholders={"system": system, **_facts(error)},
    )


def invalid(key: str, **placeholders: str) -> ServiceValidationError:
    """Return an error that says what is wrong with what a person asked for."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


@contextmanager
def calling(into: type[HomeAssistantError], system: str) -> Iterator[None]:
    """Raise every client error of the block as an error of the type `into`."""
    try:
        yield
    except ApiError as err:
        raise translated(into, err, system) from err


async def spoken(
    hass: HomeAssistant, error: ClientError | HomeAssistantError, system: str, language: str
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
    placeholders = known.translation_placeholders or {}
    key = f"exceptions.{known.translation_key}.message"
    text = await sentence(hass, language, key, **placeholders)
    return HomeAssistantError(
        text or str(known),
        translation_domain=known.translation_domain,
        translation_key=known.translation_key,
        translation_placeholders=known.translation_placeholders,
    )


async def sentence(hass: HomeAssistant, language: str, key: str, **placeholders: str) -> str:
    """Return one of our texts in a language, English where there is none; `key` without the domain."""
    category = key.partition(".")[0]
    # A pipeline may speak "de-CH"; our texts are by language alone.
    texts = await async_get_translations(hass, language.partition("-")[0], category, {DOMAIN})
    return texts.get(f"component.{DOMAIN}.{key}", "").format(**placeholders)


# The first that fits counts, so a special error stands before the general one.
_KEYS: tuple[tuple[type[Exception], str], ...] = (
    (PromptTooLargeError, "prompt_too_large"),
    (HubsOfflineError, "hubs_offline"),
    (ModelMissingError, "model_missing"),
    (AnswerBrokenError, "answer_broken"),
    (PoolClosedError, "homelab_unloaded"),
    (AnswerCutError, "answer_cut"),
    (EmptyAnswerError, "answer_empty"),
    (ToolRoundsError, "too_many_tool_rounds"),
    (NoJudgementError, "no_judgement"),
    (TooManyAnswersError, "too_many_answers"),
    (DownloadCancelledError, "download_cancelled"),
    (NotInstalledError, "model_not_installed"),
    (ModelInUseError, "model_in_use"),
    (ModelTooLargeError, "model_too_large"),
    (ApiCertificateError, "certificate"),
    (ApiConnectionError, "cannot_connect"),
    (ApiAuthenticationError, "invalid_auth"),
    (ApiBusyError, "busy"),
    (ApiHostRefusedError, "host_refused"),
    (ApiForeignError, "foreign"),
    (ApiError, "bad_response"),
)


def _key(error: ClientError) -> str:
    return next(key for kind, key in _KEYS if isinstance(error, kind))


def _facts(error: ClientError) -> dict[str, str]:
    """Return the placeholders of an error's text; what another system said is cut short at its client."""
    facts = {"reason": str(error)}
    match error:
        case PromptTooLargeError():
            facts |= {"tokens": str(error.tokens), "num_ctx": str(error.num_ctx)}
        case ModelMissingError() | DownloadCancelledError() | NotInstalledError():
            facts["model"] = error.model
        case ModelInUseError():
            facts |= {"model": error.model, "agents": ", ".join(error.agents)}
        case ModelTooLargeError():
            facts |= {"model": error.model, **_estimate(error.estimate)}
        case AnswerBrokenError():
            facts["hub"] = error.server.name
        case TooManyAnswersError():
            facts["limit"] = str(error.limit)
    return facts


def _estimate(estimate: Fit) -> dict[str, str]:
    """Return what a model needs and what there is, in GiB."""
    sizes = {"needed": estimate.needed, "available": estimate.available}
    return {key: f"{(size or 0) / 1024**3:.1f}" for key, size in sizes.items()}
