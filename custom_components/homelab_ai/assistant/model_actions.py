"""The actions for the models of a hub; each looks at the hub afterwards, so that its entities are right."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.json import JsonObjectType

from ..agent.agent import Agent
from ..const import DOMAIN, LOGGER
from ..coordinator import HubCoordinator
from ..errors import KNOWN_ERRORS, calling, invalid, translated
from ..hub import care
from ..hub.downloads import PullResult
from ..hub.fit import Fit, Verdict
from .calls import hub_of

_BAD_INPUT = (care.NotInstalledError, care.InvalidNameError, care.ModelInUseError, care.ModelTooLargeError)


async def list_models(call: ServiceCall) -> ServiceResponse:
    """List what a hub has; one that is off has no list, and a backup of it must not be an empty one."""
    hub = hub_of(call)
    await look(hub)
    agents = _agents(hub)
    return {
        "hub": hub.name,
        "version": hub.data.state.version,
        "models": [
            {**model, "used_by": [agent.name for agent in care.users(model["name"], agents)]}
            for model in care.models(hub.server)
        ],
    }


async def pull_model(call: ServiceCall) -> ServiceResponse:
    """Download a model, and say beforehand whether it will fit; the caller need not wait for the end."""
    hub, model = hub_of(call), call.data["model"]
    await look(hub)
    with calling(ServiceValidationError, hub.name):
        care.check_name(model)
    estimate = await care.estimate(hub.server, model, _agents(hub), hub.data.vram_total)
    if call.data["only_if_fits"] and estimate.verdict is Verdict.TOO_LARGE:
        raise translated(ServiceValidationError, care.ModelTooLargeError(model, estimate), hub.name)
    response: JsonObjectType = {"model": model, "hub": hub.name, **_told(estimate)}
    if not call.data["wait"]:
        hub.config_entry.async_create_background_task(call.hass, _pull_unwatched(hub, model), f"pull {model}")
        return {**response, "done": False}
    result = await _pull(hub, model)
    return {**response, "done": True, "bytes": result.size, "seconds": round(result.seconds, 1)}


async def _pull(hub: HubCoordinator, model: str) -> PullResult:
    async with caring(hub):
        with care.naming(model):
            return await hub.server.downloads.pull(model)


async def _pull_unwatched(hub: HubCoordinator, model: str) -> None:
    """Download a model that nobody waits for; its end is seen in the entities, its failure in the log."""
    try:
        await _pull(hub, model)
    except HomeAssistantError as err:
        LOGGER.warning("%s was not downloaded to %s: %s", model, hub.name, err)


async def cancel_pull(call: ServiceCall) -> ServiceResponse:
    """Cancel a download; the next one goes on from there."""
    hub, model = hub_of(call), call.data["model"]
    if not hub.server.downloads.cancel(model):
        raise invalid("no_download", model=model, hub=hub.name)
    return {"model": model, "hub": hub.name}


async def delete_model(call: ServiceCall) -> ServiceResponse:
    """Delete a model that no agent uses, or, forced, any."""
    hub, model = hub_of(call), call.data["model"]
    await look(hub)
    installed = hub.data.state.find(model)
    async with caring(hub):
        await care.delete(hub.server, model, _agents(hub), force=call.data["force"])
    return {"model": model, "hub": hub.name, "bytes": installed.size if installed else None}


async def copy_model(call: ServiceCall) -> ServiceResponse:
    """Give a model a second name that no other model has: Ollama would replace that one without a word."""
    hub, model, destination = hub_of(call), call.data["model"], call.data["destination"]
    await look(hub)
    if hub.data.state.find(destination):
        raise invalid("model_exists", model=destination, hub=hub.name)
    async with caring(hub):
        await care.copy(hub.server, model, destination)
    return {"model": model, "destination": destination, "hub": hub.name}


async def load_model(call: ServiceCall) -> ServiceResponse:
    """Load a model as the agents that use it would, or for as long as is asked for."""
    hub, model = hub_of(call), call.data["model"]
    await look(hub)
    async with caring(hub):
        loaded = await care.load(
            hub.server,
            model,
            _agents(hub),
            keep_alive=call.data.get("keep_alive"),
            num_ctx=call.data.get("num_ctx"),
        )
    running = hub.data.state.find_loaded(model)
    return {
        "model": model,
        "hub": hub.name,
        "keep_alive": loaded.keep_alive,
        "seconds": round(loaded.seconds, 2),
        "context_length": running.context_length if running else loaded.num_ctx,
        "size": running.size if running else None,
        "size_vram": running.size_vram if running else None,
    }


async def unload_model(call: ServiceCall) -> ServiceResponse:
    """Give back the memory of one model, or of all; that none was loaded is no error."""
    hub = hub_of(call)
    await look(hub)
    async with caring(hub):
        unloaded = await care.unload(hub.server, call.data.get("model"))
    return {"unloaded": [*unloaded], "hub": hub.name}


def _agents(hub: HubCoordinator) -> tuple[Agent, ...]:
    return tuple(hub.config_entry.runtime_data.agents.values())


def _told(estimate: Fit) -> JsonObjectType:
    """Return an estimate in words and bytes."""
    return {
        "fit": estimate.verdict.value,
        "size": estimate.size,
        "vram_needed": estimate.needed,
        "vram_total": estimate.available,
    }


async def look(hub: HubCoordinator) -> None:
    """Bring what is known of a hub up to date. Raises HomeAssistantError where it does not answer."""
    await hub.async_refresh()
    if not hub.data.state.online:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="cannot_connect",
            translation_placeholders={"system": hub.name, "reason": str(hub.data.state.problem)},
        )


@asynccontextmanager
async def caring(hub: HubCoordinator) -> AsyncIterator[None]:
    """Do something to a hub and look at what came of it; what a person got wrong is told as such."""
    try:
        yield
    except KNOWN_ERRORS as err:
        into = ServiceValidationError if isinstance(err, _BAD_INPUT) else HomeAssistantError
        raise translated(into, err, hub.name) from err
    finally:
        await hub.async_refresh()
