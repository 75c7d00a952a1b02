"""The action that tries out how well a model runs a house; nothing real is switched by it."""

from importlib import import_module
from typing import TYPE_CHECKING

from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util.json import JsonObjectType

from ..const import DEFAULT_NUM_CTX
from ..coordinator import HubCoordinator
from ..errors import calling
from ..hub import care
from .calls import hub_of, language_of
from .model_actions import caring, look

if TYPE_CHECKING:
    from .trial.trial import Result

ENGLISH = "en"
_LANGUAGES = (ENGLISH, "de")


async def test_model(call: ServiceCall) -> ServiceResponse:
    """Let a model do all tasks in a make-believe house, behind whatever else the hub is asked for."""
    hub, model = hub_of(call), call.data[CONF_MODEL]
    await look(hub)
    if hub.data.state.find(model) is None:
        with calling(ServiceValidationError, hub.name):
            raise care.NotInstalledError(model)
    spoken = language_of(call).partition("-")[0]
    async with caring(hub):
        result = await _tried(call.hass, hub, model, spoken if spoken in _LANGUAGES else ENGLISH)
    return {"hub": hub.name, **told(result)}


async def _tried(hass: HomeAssistant, hub: HubCoordinator, model: str, language: str) -> Result:
    # Tasks and house are needed by nobody else, so they are read only now, and not on the event loop.
    trial = await hass.async_add_import_executor_job(import_module, f"{__package__}.trial.trial")
    agents = hub.config_entry.runtime_data.agents.values()
    num_ctx = max((agent.settings.num_ctx for agent in care.users(model, agents)), default=DEFAULT_NUM_CTX)
    result: Result = await trial.Trial(hass, hub.server, model, language, num_ctx).run()
    return result


def told(result: Result) -> JsonObjectType:
    """Return a result as plain values: shares in percent, seconds, tokens per second, bytes and tokens."""
    return {
        "model": result.model,
        "language": result.language,
        "tasks": len(result.done),
        **{kind: round(100 * result.share(kind)) for kind in ("right", "harmful", "unspeakable")},
        "time_to_first_word": _rounded(result.first_word),
        "tokens_per_second": _rounded(result.tokens_per_second),
        "vram": result.vram,
        "context_used": result.context,
        "wrong_tasks": [*result.tasks("wrong")],
        "harmful_tasks": [*result.tasks("harmful")],
        "unspeakable_tasks": [*result.tasks("unspeakable")],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
