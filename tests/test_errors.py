"""Every error of a client has words of its own, in every language."""

from collections.abc import Iterator
import importlib

import pytest

from custom_components.homelab_ai.agent.agent import AnswerCutError, EmptyAnswerError, ToolRoundsError
from custom_components.homelab_ai.agent.evaluation import NoJudgementError, TooManyAnswersError
from custom_components.homelab_ai.agent.prompt import PromptTooLargeError
from custom_components.homelab_ai.api import errors as api
from custom_components.homelab_ai.api.ollama import OllamaClient
from custom_components.homelab_ai.errors import KnownError, calling, sentence, spoken, translated
from custom_components.homelab_ai.hub.care import ModelInUseError, ModelTooLargeError, NotInstalledError
from custom_components.homelab_ai.hub.downloads import DownloadCancelledError
from custom_components.homelab_ai.hub.errors import HubError
from custom_components.homelab_ai.hub.fit import fit
from custom_components.homelab_ai.hub.pool import (
    AnswerBrokenError,
    HubsOfflineError,
    ModelMissingError,
    PoolClosedError,
)
from custom_components.homelab_ai.hub.server import HubServer
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .translations import load
from .turns import error_text


class _Client(OllamaClient):
    """A client that is never asked."""

    def __init__(self) -> None:
        pass


ERRORS: list[tuple[KnownError, str, dict[str, str]]] = [
    (PromptTooLargeError(9000, 8192), "prompt_too_large", {"tokens": "9000", "num_ctx": "8192"}),
    (HubsOfflineError(), "hubs_offline", {}),
    (HubsOfflineError([api.ApiConnectionError("refused"), None]), "hubs_offline", {}),
    (HubsOfflineError([None, api.ApiAuthenticationError("401")]), "invalid_auth", {}),
    (HubsOfflineError([api.ApiCertificateError("expired")]), "certificate", {"reason": "expired"}),
    (HubsOfflineError([api.ApiHostRefusedError("403", 403)]), "host_refused", {}),
    (HubsOfflineError([api.ApiForeignError("a page")]), "foreign", {}),
    (ModelMissingError("qwen3:8b"), "model_missing", {"model": "qwen3:8b"}),
    (AnswerBrokenError(HubServer("Attic", _Client())), "answer_broken", {"hub": "Attic"}),
    (PoolClosedError("unloaded"), "homelab_unloaded", {}),
    (AnswerCutError("cut"), "answer_cut", {}),
    (EmptyAnswerError("empty"), "answer_empty", {}),
    (ToolRoundsError("ten"), "too_many_tool_rounds", {}),
    (NoJudgementError("none"), "no_judgement", {}),
    (TooManyAnswersError("27"), "too_many_answers", {"limit": "26"}),
    (DownloadCancelledError("qwen3:8b"), "download_cancelled", {"model": "qwen3:8b"}),
    (NotInstalledError("qwen3:8b"), "model_not_installed", {"model": "qwen3:8b"}),
    (
        ModelInUseError("qwen3:8b", ("Jarvis", "Friday")),
        "model_in_use",
        {"model": "qwen3:8b", "agents": "Jarvis, Friday"},
    ),
    (
        ModelTooLargeError("qwen3:32b", fit(20 * 1024**3, 16 * 1024**3, 8192, 262_144)),
        "model_too_large",
        {"model": "qwen3:32b", "needed": "24", "available": "16"},
    ),
    (api.ApiCertificateError("expired"), "certificate", {"reason": "expired"}),
    (api.ApiConnectionError("refused"), "cannot_connect", {"reason": "refused"}),
    (api.ApiAuthenticationError("401"), "invalid_auth", {}),
    (api.ApiBusyError("503", 503), "busy", {}),
    (api.ApiNotFoundError("404", 404), "bad_response", {"reason": "404"}),
    (api.ApiResponseError("500: out of memory", 500), "bad_response", {"reason": "500: out of memory"}),
    (api.ApiError("odd"), "bad_response", {"reason": "odd"}),
]


@pytest.mark.parametrize(("error", "key", "facts"), ERRORS, ids=lambda part: type(part).__name__)
async def test_words_of_an_error(
    hass: HomeAssistant, error: KnownError, key: str, facts: dict[str, str]
) -> None:
    found = translated(HomeAssistantError, error, "Homelab")
    assert found.translation_key == key
    assert found.translation_placeholders is not None
    assert found.translation_placeholders.items() >= {"system": "Homelab", **facts}.items()
    for language in ("en", "de"):
        told = await spoken(hass, error, "Homelab", language)
        # Who only listens cannot check a key.
        said = "hub_refuses" if key == "invalid_auth" else key
        assert str(told) == error_text(said, language, system="Homelab", **facts)
        assert told.translation_key == key


async def test_error_of_ours_that_is_raised_as_such_is_put_into_words(hass: HomeAssistant) -> None:
    error = HomeAssistantError(translation_domain="homelab_ai", translation_key="answer_no_json")
    assert str(await spoken(hass, error, "Homelab", "de")) == error_text("answer_no_json", "de")


@pytest.mark.parametrize(
    "error",
    [
        HomeAssistantError("The words of another integration"),
        HomeAssistantError(translation_domain="script", translation_key="x"),
    ],
)
async def test_error_of_somebody_else_stays_as_it_is(hass: HomeAssistant, error: HomeAssistantError) -> None:
    assert await spoken(hass, error, "Homelab", "de") is error


def _with_heirs(root: type[Exception]) -> Iterator[type[Exception]]:
    for heir in root.__subclasses__():
        yield heir
        yield from _with_heirs(heir)


def test_every_error_brings_words_of_its_own() -> None:
    """Also one that no table knows: the key is with the class."""
    importlib.import_module("custom_components.homelab_ai.assistant.explaining")
    ours = {heir for root in (api.ApiError, HubError) for heir in _with_heirs(root)}
    assert {type(error) for error, _, _ in ERRORS} - {api.ApiError} <= ours
    texts = load("en")
    keys = {heir.__name__: getattr(heir, "key", None) for heir in ours if "homelab_ai" in heir.__module__}
    assert {name for name, key in keys.items() if ("exceptions", str(key), "message") not in texts} == set()


def test_text_of_an_error_is_one_plain_line() -> None:
    error = ModelMissingError("a\nb\x1b[31m" + "x" * 5000)
    assert str(error).isprintable()
    assert len(str(error)) == 500


def test_calling_translates_what_the_block_raises() -> None:
    with pytest.raises(HomeAssistantError) as caught, calling(HomeAssistantError, "Attic"):
        raise ModelMissingError("qwen3:8b")
    assert caught.value.translation_key == "model_missing"
    with pytest.raises(HomeAssistantError) as caught, calling(HomeAssistantError, "Attic"):
        raise api.ApiBusyError("503", 503)
    assert caught.value.translation_key == "busy"
    assert isinstance(caught.value.__cause__, api.ApiBusyError)


async def test_text_that_does_not_exist_is_empty(hass: HomeAssistant) -> None:
    assert await sentence(hass, "de", "common.nothing") == ""
