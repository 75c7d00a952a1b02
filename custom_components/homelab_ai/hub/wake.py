"""Waking a hub that is asleep, by whatever wakes it: a button, a script or a switch."""

from homeassistant.const import ATTR_ENTITY_ID, SERVICE_TURN_ON
from homeassistant.core import HomeAssistant, split_entity_id

from ..const import LOGGER
from .pool import HubsOfflineError

_PRESSED = ("button", "input_button")


async def wake_hub(hass: HomeAssistant, entity_id: str) -> None:
    """Press the button, run the script or turn on the switch, and do not wait for what it does.

    Raises HubsOfflineError where there is no such entity, for then nothing will wake up.
    """
    if hass.states.get(entity_id) is None:
        LOGGER.warning("%s is to wake the hub, but does not exist", entity_id)
        raise HubsOfflineError
    domain = split_entity_id(entity_id)[0]
    await hass.services.async_call(
        domain,
        "press" if domain in _PRESSED else SERVICE_TURN_ON,
        {ATTR_ENTITY_ID: entity_id},
        blocking=False,
    )
