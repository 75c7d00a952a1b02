"""Open WebUI (`backend/open_webui/main.py`)."""

from dataclasses import dataclass, replace
import time

import aiohttp

from .answers import Json, Number, Text, Whole, object_in, objects, text, when_object
from .errors import ApiConnectionError, ApiError, ApiForbiddenError, ApiForeignError, ApiResponseError
from .http import Answer, Connection, fetch

_MAX_VERSION = 50
_MAX_TROUBLE = 200
NOTHING = Text("")
_MODELS_SECONDS = 20.0
"""It asks its hub first, and waits ten seconds for one that is switched off."""


@dataclass(frozen=True, slots=True)
class OpenWebUIStatus:
    """What Open WebUI says of itself.

    `models` is how many it offers, None without a key that may ask; of these `of_hub` are Ollama's, others
    are of other providers, an arena or a pipe. `failed` is why there are none, None where nobody asked.
    `trouble` is what it says of itself where it is up and cannot work: without its database, say.
    """

    version: Text
    response_time: Number
    models: Whole | None
    of_hub: Whole | None = None
    failed: ApiError | None = None
    trouble: Text = NOTHING


class OpenWebUIClient:
    """One Open WebUI; `api_key` is optional."""

    def __init__(self, session: aiohttp.ClientSession, connection: Connection, api_key: str | None) -> None:
        """Open nothing yet."""
        self._session = session
        # Without the key: the public part would take it for a broken login and refuse.
        self._public = connection
        self._private = (
            replace(connection, headers={**connection.headers, "Authorization": f"Bearer {api_key}"})
            if api_key
            else None
        )

    async def status(self) -> OpenWebUIStatus:
        """Return how it is. Raises ApiError; ApiForeignError where something else answers."""
        started = time.monotonic()
        answer = await fetch(self._session, self._public, "GET", "/api/config")
        response_time = Number(time.monotonic() - started)
        answer.raise_for_status()
        try:
            config = when_object(answer.json())
        except ApiResponseError as err:
            # Unknown paths answer 200 with the page of the app, whatever app it is.
            raise ApiForeignError("this is not Open WebUI") from err
        if "features" not in config:
            raise ApiForeignError("this is not Open WebUI")
        status = OpenWebUIStatus(
            text(config.get("version"), _MAX_VERSION), response_time, None, trouble=await self._trouble()
        )
        if self._private is None:
            return status
        try:
            models, of_hub = await self._models(self._private)
        except (ApiConnectionError, ApiResponseError) as err:
            return replace(status, failed=err)
        return replace(status, models=models, of_hub=of_hub)

    async def _trouble(self) -> Text:
        """Return why it cannot work, empty where it can or does not say.

        Versions without `/ready` answer with the page of the app; to ask for the database they have a path.
        """
        for path, detail in (("/ready", ""), ("/health/db", "its database does not answer")):
            try:
                answer = await fetch(self._session, self._public, "GET", path)
                if answer.status < 500:
                    continue
                said = _object_of(answer)
            except ApiError:
                # That it is there is known already; a proxy may keep this to itself.
                continue
            if said is not None:
                return text(detail or said.get("detail"), _MAX_TROUBLE) or Text("is not ready")
        return NOTHING

    async def _models(self, connection: Connection) -> tuple[Whole, Whole]:
        """Return how many models Open WebUI offers, and how many of them are Ollama's. Raises ApiError."""
        answer = await fetch(self._session, connection, "GET", "/api/models", seconds=_MODELS_SECONDS)
        if answer.status == 403:
            # A key that is fine, in a set-up that allows it other things only.
            raise ApiForbiddenError("the key may not list models", 403)
        answer.raise_for_status()
        return await answer.read(_counts)


def _object_of(answer: Answer) -> Json | None:
    """Return the object that was answered, None where something else answers: a proxy's page."""
    try:
        return when_object(answer.json())
    except ApiResponseError:
        return None


def _counts(answer: object) -> tuple[Whole, Whole]:
    models = list(objects(when_object(answer).get("data")))
    return Whole(len(models)), Whole(sum(map(_is_of_hub, models)))


def _is_of_hub(model: Json) -> bool:
    """Return whether a model is Ollama's: a preset has the owner of its base.

    Through its OpenAI interface Ollama says of each of its models that "library" owns it.
    """
    owners = (model.get("owned_by"), object_in(model, "openai").get("owned_by"))
    return "ollama" in owners or "library" in owners or bool(object_in(model, "ollama"))
