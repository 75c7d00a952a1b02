"""The dashboard of the documentation, installed in the house: with its entity ids, in its language."""

from collections.abc import Mapping
import json
import re
from typing import Any

import yaml

from .client import Client
from .configuration import INTEGRATION
from .homelab import Entity, Homelab
from .options import ROOT
from .phrases import PHRASES, Phrases

FILE = ROOT / "docs" / "dashboard.yaml"
PATH = "homelab-ai"
_ENTITY_ID = re.compile(r"\b(?:binary_sensor|button|event|sensor)\.[a-z0-9_]+")


async def install(client: Client, homelab: Homelab, phrases: Phrases) -> None:
    """Write it over the API that the dashboard editor uses."""
    config = localized(yaml.safe_load(FILE.read_text(encoding="utf-8")), homelab, phrases)
    async with client.websocket() as websocket:
        existing = await websocket.command("lovelace/dashboards/list")
        if not any(one["url_path"] == PATH for one in existing):
            await websocket.command(
                "lovelace/dashboards/create", url_path=PATH, title="Homelab", icon="mdi:server-network"
            )
        await websocket.command("lovelace/config/save", url_path=PATH, config=config)


def localized(config: Any, homelab: Homelab, phrases: Phrases) -> Any:
    """The dashboard with the ids and words of this house, without the cards of entities it does not have."""
    ids = _ids(homelab, phrases)

    def of(part: Any) -> Any:
        match part:
            case dict():
                return {key: of(value) for key, value in part.items()}
            case list():
                return [of(one) for one in part if not _is_missing(one, ids)]
            case str():
                translated = phrases.dashboard.get(part, part)
                return _ENTITY_ID.sub(lambda match: ids.get(match[0], match[0]), translated)
        return part

    return of(config)


def _is_missing(part: Any, ids: Mapping[str, str]) -> bool:
    """Whether a card shows an entity that is not there, or a section would be nothing but its heading."""
    if isinstance(part, str):
        return bool(_ENTITY_ID.fullmatch(part)) and part not in ids
    if not isinstance(part, dict):
        return False
    if (entity := part.get("entity")) is not None:
        return entity not in ids
    cards = part.get("cards", [])
    return part.get("type") == "grid" and all(
        card["type"] == "heading" or _is_missing(card, ids) for card in cards
    )


def _ids(homelab: Homelab, phrases: Phrases) -> dict[str, str]:
    """The entity ids of this house, by those they would have in an English one."""
    texts = json.loads((INTEGRATION / "translations" / "en.json").read_text(encoding="utf-8"))["entity"]
    english = PHRASES["en"]
    queries = {
        f"query_{_slug(getattr(phrases, key))}": getattr(english, key)
        for key in ("gpu_temperature", "fullest_volume")
    }
    stems = (homelab.entry_id, *homelab.subentries.values())

    def english_id(entity: Entity) -> str | None:
        stem = next((one for one in stems if entity.unique_id.startswith(f"{one}_")), None)
        if stem is None:
            return None
        key = entity.unique_id.removeprefix(f"{stem}_")
        name = queries.get(key) or texts.get(entity.domain, {}).get(key, {}).get("name")
        device = homelab.devices.get(entity.device_id or "", "")
        return f"{entity.domain}.{_slug(f'{device} {name}')}" if name else None

    named = ((english_id(entity), entity.entity_id) for entity in homelab.entities if entity.enabled)
    return {name: entity_id for name, entity_id in named if name}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
