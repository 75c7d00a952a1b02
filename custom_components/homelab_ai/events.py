"""The integration's events on Home Assistant's bus; its triggers listen to them."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.util import dt as dt_util

from .agent.unlinked import unlinked
from .const import DOMAIN
from .health.ledger import Change, ChangeKind
from .health.problem import Problem
from .language.briefing import announce, summarize
from .language.happenings import sentence_of
from .language.house import hanging
from .timeline import Entry, EntryKind

EVENT_PROBLEM = f"{DOMAIN}_problem"
EVENT_HUB = f"{DOMAIN}_hub"
EVENT_HAPPENED = f"{DOMAIN}_happened"
"""All else that the timeline keeps: deliveries, backups, downloads, mutes."""
ON_THE_BUS_ALREADY = frozenset({EntryKind.RAISED, EntryKind.RESOLVED, EntryKind.HUB_ON, EntryKind.HUB_OFF})
EVENT_HABIT = f"{DOMAIN}_habit"


class HubEvent(StrEnum):
    """What happens to a hub."""

    ONLINE = "hub_online"
    OFFLINE = "hub_offline"
    MODEL_LOADED = "model_loaded"
    MODEL_UNLOADED = "model_unloaded"


type Page = Callable[[Problem], str]
"""Returns the address of the page about a problem, empty without one."""


def problem_data(problem: Problem, page: Page, language: str) -> dict[str, Any]:
    """Return a problem as data; a dashboard or a notification may render its texts as Markdown.

    `url` is there only where there is a page.
    """
    url = page(problem)
    return {
        "id": problem.id,
        "source": problem.source,
        "kind": problem.kind,
        "name": unlinked(problem.name),
        "severity": problem.severity.value,
        "summary": unlinked(summarize(problem, dt_util.now(), language)),
        **({"url": url} if url else {}),
    }


MOST_CONSEQUENCES = 20
"""Consequences that an event lists."""


def told_change(hass: HomeAssistant, change: Change, page: Page) -> dict[str, Any]:
    """Return an incident that came or went, with what follows from it as far as that is known."""
    language = hass.config.language
    listed = [problem_data(problem, page, language) for problem in change.consequences[:MOST_CONSEQUENCES]]
    data = {**told(hass, change.problem, page, change.kind), "consequences": listed}
    if not change.house:
        return data
    lost = hanging(change.house, language)
    return {
        **data,
        "message": unlinked(f"{data['message']} {lost}"),
        "house": [unlinked(name) for name in change.house[:MOST_CONSEQUENCES]],
    }


def told(
    hass: HomeAssistant, problem: Problem, page: Page, kind: ChangeKind = ChangeKind.RAISED
) -> dict[str, Any]:
    """Return a problem with `message`: a sentence in the language of the house, to be shown or spoken."""
    solved = kind is ChangeKind.RESOLVED
    language = hass.config.language
    message = announce(problem, dt_util.now(), language, solved=solved)
    return {**problem_data(problem, page, language), "message": unlinked(message)}


def fire_change(hass: HomeAssistant, change: Change, page: Page) -> None:
    """Tell the bus that a problem came or went."""
    data = {"type": change.kind.value, **told_change(hass, change, page)}
    if entity_id := _event_entity(hass, change.problem.source):
        # The logbook shows it with this entity, too.
        data["entity_id"] = entity_id
    hass.bus.async_fire(EVENT_PROBLEM, data)


def _event_entity(hass: HomeAssistant, source: str) -> str | None:
    """Return the id of the event entity of the homelab that a source belongs to."""
    entry = homelab_of(hass, source)
    unique_id = f"{entry.entry_id}_problem" if entry else ""
    return er.async_get(hass).async_get_entity_id("event", DOMAIN, unique_id)


def homelab_of(hass: HomeAssistant, source: str) -> ConfigEntry[Any] | None:
    """Return the homelab that a source belongs to: its first hub, its network, or a subentry."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        if source in (entry.entry_id, network_of(entry.entry_id)) or source in entry.subentries:
            return entry
    return None


def fire_hub(hass: HomeAssistant, event: HubEvent, source: str, name: str, model: str | None = None) -> None:
    """Tell the bus what happened to a hub; `source` is its subentry's id, the entry's for the first."""
    data = {"type": event.value, "source": source, "name": name}
    hass.bus.async_fire(EVENT_HUB, data if model is None else {**data, "model": model})


def devices_of(hass: HomeAssistant, target: Mapping[str, Any] | None) -> frozenset[str] | None:
    """Return the ids of the devices that a target names, also by an entity, an area or a label of theirs.

    None where it names nothing: then everything is meant. What it names may be gone, and no device be left.
    """
    selection = TargetSelection(dict(target or {}))
    if not selection.has_any_target:
        return None
    selected = async_extract_referenced_entity_ids(hass, selection, primary_entities_only=False)
    registry = er.async_get(hass)
    entities = map(registry.async_get, selected.referenced | selected.indirectly_referenced)
    of_entities = {entity.device_id for entity in entities if entity and entity.device_id}
    return frozenset(selected.referenced_devices | of_entities)


def fire_happened(hass: HomeAssistant, entry: Entry) -> None:
    """Tell the bus what has happened, but for what has an event of its own."""
    if entry.kind not in ON_THE_BUS_ALREADY:
        message = sentence_of(entry, dt_util.now(), hass.config.language)
        data = {"type": entry.kind.value, "source": entry.source, "name": unlinked(entry.name)}
        hass.bus.async_fire(EVENT_HAPPENED, {**data, "message": unlinked(message)})


def fire_habit(hass: HomeAssistant, habit_id: str, kind: str, title: str, message: str) -> None:
    """Tell the bus that a habit is suggested, in the language of the house."""
    data = {"type": "suggested", "id": habit_id, "kind": kind, "title": title, "message": message}
    hass.bus.async_fire(EVENT_HABIT, data)


def sources_of(hass: HomeAssistant, device_id: str) -> frozenset[str]:
    """Return the sources that a device stands for: its own; for the homelab's, those of all systems."""
    device = dr.async_get(hass).async_get(device_id)
    source = source_of(hass, device_id)
    if device is None or source is None:
        return frozenset()
    entry = hass.config_entries.async_get_entry(source)
    whole = entry is not None and (DOMAIN, source) in device.identifiers
    own = (*entry.subentries, network_of(source)) if entry and whole else ()
    return frozenset((source, *own))


def network_of(entry_id: str) -> str:
    """Return what the network of a homelab is called as a source."""
    return f"{entry_id}_network"


def source_of(hass: HomeAssistant, device_id: str) -> str | None:
    """Return the source that a device stands for: its subentry's id, or the entry's."""
    device = dr.async_get(hass).async_get(device_id)
    if device is None:
        return None
    own = next((identifier for domain, identifier in device.identifiers if domain == DOMAIN), None)
    return own.removesuffix("_hub") if own else None
