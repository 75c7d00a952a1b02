"""The integration: added through its config flow, and what it then consists of."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from . import flow
from .client import Client, Json
from .configuration import DOMAIN
from .errors import DemoError

PIPELINE = "Jarvis"
_ENTRIES = "/api/config/config_entries/flow"
_OPTIONS = "/api/config/config_entries/options/flow"
_SECONDS_TO_LOAD = 20


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of the integration as the registry knows it."""

    entity_id: str
    unique_id: str
    device_id: str | None
    enabled: bool

    @property
    def domain(self) -> str:
        """The part before the dot."""
        return self.entity_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Homelab:
    """The config entry with its devices (id → name) and entities."""

    entry_id: str
    devices: dict[str, str]
    entities: tuple[Entity, ...]

    def first(self, domain: str) -> Entity:
        """The first enabled entity of this domain; raises DemoError if there is none."""
        for entity in self.entities:
            if entity.domain == domain and entity.enabled:
                return entity
        raise DemoError(f"The integration has no {domain} entity")

    def of_hub(self, key: str) -> Entity | None:
        """The entity of the hub with this key, see docs: its unique id is made of the entry's."""
        wanted = f"{self.entry_id}_{key}"
        return next((entity for entity in self.entities if entity.unique_id == wanted), None)

    @property
    def hub_device_id(self) -> str:
        """The device of the hub."""
        online = self.of_hub("online")
        if online is None or online.device_id is None:
            raise DemoError("The integration has no hub device")
        return online.device_id


async def entry_of(client: Client) -> Json | None:
    """The config entry as Home Assistant lists it, None while the integration has not been added."""
    entries: list[Json] = await client.command("config_entries/get", domain=DOMAIN)
    return entries[0] if entries else None


async def add(
    client: Client,
    hub: str,
    api_key: str | None,
    model: str | None,
    on_progress: Callable[[str, float | None], None],
) -> str:
    """Go through the config flow; returns the id of the entry, once it is loaded.

    Without a model it is the one that the form suggests, else the first it offers.
    """

    def connection(_: list[Json]) -> Json:
        entered: Json = {"name": "Homelab", "url": hub, "verify_ssl": True, "advanced": {}}
        return entered | ({"api_key": api_key} if api_key else {})

    def chosen_model(schema: list[Json]) -> Json:
        offered = flow.choices(schema, "model")
        if not (chosen := model or flow.suggested(schema, "model") or next(iter(offered), None)):
            raise DemoError("The hub has no model installed; name one to download with --model")
        return {"model": chosen}

    result = await flow.completed(
        client, _ENTRIES, DOMAIN, {"user": connection, "model": chosen_model}, on_progress
    )
    entry_id = str(result["result"]["entry_id"])
    await loaded(client)
    return entry_id


async def tell_gpu_memory(client: Client, entry_id: str, gibibytes: int) -> None:
    """Go through the options: nothing in the homelab can measure how much memory the hub's GPU has."""
    await flow.completed(
        client, _OPTIONS, entry_id, {"init": lambda _: {"vram_total": gibibytes}}, lambda *_: None
    )
    # The reload that follows begins a moment after the flow has ended.
    await asyncio.sleep(0.5)
    await loaded(client)


async def inspected(client: Client, entry_id: str) -> Homelab:
    """What the registries know of the entry."""
    async with client.websocket() as websocket:
        devices = await websocket.command("config/device_registry/list")
        entities = await websocket.command("config/entity_registry/list")
    return Homelab(
        entry_id,
        {
            device["id"]: device["name_by_user"] or device["name"]
            for device in devices
            if entry_id in device["config_entries"]
        },
        tuple(
            Entity(
                entity["entity_id"], entity["unique_id"], entity["device_id"], entity["disabled_by"] is None
            )
            for entity in entities
            if entity["config_entry_id"] == entry_id
        ),
    )


async def make_voice(client: Client, agent: str, language: str) -> str:
    """An Assist pipeline that speaks with this agent, preferred over others; returns its id."""
    settings: Json = {
        "name": PIPELINE,
        "language": language,
        "conversation_engine": agent,
        "conversation_language": language,
        "stt_engine": None,
        "stt_language": None,
        "tts_engine": None,
        "tts_language": None,
        "tts_voice": None,
        "wake_word_entity": None,
        "wake_word_id": None,
        # Else Home Assistant would answer the simple commands without asking the model.
        "prefer_local_intents": False,
    }
    async with client.websocket() as websocket:
        known = (await websocket.command("assist_pipeline/pipeline/list"))["pipelines"]
        existing = next((pipeline["id"] for pipeline in known if pipeline["name"] == PIPELINE), None)
        if existing is None:
            made = await websocket.command("assist_pipeline/pipeline/create", **settings)
        else:
            made = await websocket.command(
                "assist_pipeline/pipeline/update", pipeline_id=existing, **settings
            )
        pipeline_id = str(made["id"])
        await websocket.command("assist_pipeline/pipeline/set_preferred", pipeline_id=pipeline_id)
    return pipeline_id


async def loaded(client: Client) -> None:
    """Wait until the entry is set up; raises DemoError if it cannot be."""
    state = None
    try:
        async with asyncio.timeout(_SECONDS_TO_LOAD):
            while state != "loaded":
                entry = await entry_of(client)
                state = entry["state"] if entry else None
                if state in {"setup_error", "migration_error"}:
                    break
                await asyncio.sleep(0.1)
    except TimeoutError:
        pass
    if state != "loaded":
        reason = (await entry_of(client) or {}).get("reason")
        raise DemoError(f"The integration did not load: {state} {reason or ''}".rstrip())
