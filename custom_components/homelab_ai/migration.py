"""How entries of earlier versions become those of this one."""

from dataclasses import replace
from types import MappingProxyType

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant

from .const import CONF_KIND, SYSTEM
from .monitors import MONITORS

MINOR_VERSION = 2
"""Of entries: 1 had a subentry type for each kind of system, 2 has `SYSTEM` for all of them."""


def migrate(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Give an entry its present shape; what hangs on the ids of its subentries does not notice."""
    if entry.version == 1 and entry.minor_version < MINOR_VERSION:
        for subentry in tuple(entry.subentries.values()):
            if subentry.subentry_type in MONITORS:
                _make_system(hass, entry, subentry)
        hass.config_entries.async_update_entry(entry, minor_version=MINOR_VERSION)


def _make_system(hass: HomeAssistant, entry: ConfigEntry, subentry: ConfigSubentry) -> None:
    """Store the kind in the data. Added with its own id, the new subentry takes the place of the old."""
    data = MappingProxyType({CONF_KIND: subentry.subentry_type, **subentry.data})
    system = replace(subentry, subentry_type=SYSTEM, data=data, unique_id=None)
    hass.config_entries.async_add_subentry(entry, system)
    # Afterwards: it may not be there twice, not even for a moment.
    hass.config_entries.async_update_subentry(entry, system, unique_id=subentry.unique_id)
