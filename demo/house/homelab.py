"""The integration: added through its config flow, and what it then consists of."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

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
    """The config entry with its devices (id → name), entities and subentries (title → id)."""

    entry_id: str
    devices: dict[str, str]
    entities: tuple[Entity, ...]
    subentries: dict[str, str] = field(default_factory=dict)

    def first(self, domain: str) -> Entity:
        """The first enabled entity of this domain; raises DemoError if there is none."""
        for entity in self.entities:
            if entity.domain == domain and entity.enabled:
                return entity
        raise DemoError(f"The integration has no {domain} entity")

    def of_hub(self, key: str, domain: str | None = None) -> Entity | None:
        """The entity of the hub or the homelab with this key, see docs: both make it of the entry's id."""
        return self._find(self.entry_id, key, domain)

    def of_system(self, title: str, key: str) -> Entity | None:
        """The entity of a system with this key, None if there is none or no such system."""
        return self._find(self.subentries.get(title, ""), key, None)

    def _find(self, stem: str, key: str, domain: str | None) -> Entity | None:
        wanted = f"{stem}_{key}"
        return next(
            (one for one in self.entities if one.unique_id == wanted and domain in (None, one.domain)), None
        )

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


async def set_options(client: Client, entry_id: str, **options: object) -> None:
    """Go through the options, of which these are not as they are at first."""
    await flow.completed(client, _OPTIONS, entry_id, {"init": lambda _: options}, lambda *_: None)
    # The reload that follows begins a moment after the flow has ended.
    await asyncio.sleep(0.5)
    await loaded(client)


async def inspected(client: Client, entry_id: str) -> Homelab:
    """What the registries know of the entry."""
    async with client.websocket() as websocket:
        devices = await websocket.command("config/device_registry/list")
        entities = await websocket.command("config/entity_registry/list")
        subentries = await websocket.command("config_entries/subentries/list", entry_id=entry_id)
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
        {subentry["title"]: subentry["subentry_id"] for subentry in subentries},
    )


async def make_voice(
    client: Client, agent: str, language: str, name: str = PIPELINE, *, local: bool = False
) -> str:
    """An Assist pipeline that speaks with this agent; returns its id. The one of the usual name is preferred.

    `local` lets Home Assistant's own agent answer what it understands, without asking the model.
    """
    settings: Json = {
        "name": name,
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
        "prefer_local_intents": local,
    }
    async with client.websocket() as websocket:
        known = (await websocket.command("assist_pipeline/pipeline/list"))["pipelines"]
        existing = next((pipeline["id"] for pipeline in known if pipeline["name"] == name), None)
        if existing is None:
            made = await websocket.command("assist_pipeline/pipeline/create", **settings)
        else:
            made = await websocket.command(
                "assist_pipeline/pipeline/update", pipeline_id=existing, **settings
            )
        pipeline_id = str(made["id"])
        if name == PIPELINE:
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
