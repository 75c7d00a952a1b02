"""The kinds of systems, each imported when the first of its kind is needed: nobody has all of them."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import resolve_name
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant

from ..const import CONF_KIND, SYSTEM
from .monitor import Monitor

CLASSES: dict[str, str] = {
    "kubernetes": ".kubernetes:KubernetesMonitor",
    "prometheus": ".prometheus:PrometheusMonitor",
    "alertmanager": ".alertmanager:AlertmanagerMonitor",
    "open_webui": ".open_webui:OpenWebUIMonitor",
    "librechat": ".librechat:LibreChatMonitor",
    "paperless_ai": ".paperless_ai:PaperlessAIMonitor",
    "web": ".web:WebMonitor",
    "forge": ".forge:ForgeMonitor",
    "entities": ".entities:EntitiesMonitor",
}
"""Where each kind is, in the order of the menu: a module of this package, and its class."""


class _Registry(Mapping[str, type[Monitor[Any]]]):
    """The classes by kind. To look one up imports it, so that is done in an executor first: `async_load`."""

    def __getitem__(self, kind: str) -> type[Monitor[Any]]:
        module, _, name = CLASSES[kind].rpartition(":")
        # By its whole name: Home Assistant takes that of a loaded module for no blocking call.
        monitor: type[Monitor[Any]] = getattr(import_module(resolve_name(module, __package__)), name)
        return monitor

    def __iter__(self) -> Iterator[str]:
        return iter(CLASSES)

    def __len__(self) -> int:
        return len(CLASSES)

    def __contains__(self, kind: object) -> bool:
        """Return whether there is such a kind, without importing it."""
        return kind in CLASSES


MONITORS: Mapping[str, type[Monitor[Any]]] = _Registry()


async def async_load(hass: HomeAssistant, kinds: Iterable[str] = MONITORS) -> None:
    """Import those of the `kinds` that are systems: then `MONITORS` may be asked in the event loop."""
    systems = [kind for kind in kinds if kind in MONITORS]
    if systems:
        await hass.async_add_import_executor_job(lambda: [MONITORS[kind] for kind in systems])


def kind_of(subentry: ConfigSubentry) -> str | None:
    """Return the kind of system that a subentry stores, None where it is none that we know.

    Until minor version 2 of the entry the kind was the subentry's type.
    """
    kind = subentry.data.get(CONF_KIND) if subentry.subentry_type == SYSTEM else subentry.subentry_type
    return kind if kind in MONITORS else None


def settings_of(subentry: ConfigSubentry) -> dict[str, Any]:
    """Return what a person typed of a system: all that its subentry stores but the kind."""
    return {key: value for key, value in subentry.data.items() if key != CONF_KIND}
