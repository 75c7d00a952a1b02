"""Calling the integration's actions, as automations and people do."""

from typing import Any, cast

from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.homelab_ai.const import DOMAIN
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import Context, HomeAssistant, SupportsResponse

from .common import conversation_subentry

CHANGING = (
    "silence_alert",
    "pull_model",
    "cancel_pull",
    "delete_model",
    "copy_model",
    "load_model",
    "test_model",
    "unload_model",
    "accept_habit",
    "list_devices",
    "review_device",
    "propose_change",
    "withdraw_proposal",
    "list_proposals",
    "reconcile",
)
"""Actions that change a hub, Alertmanager, a repository or the automations, or tell of people."""


async def act(
    hass: HomeAssistant, action: str, *, context: Context | None = None, **data: Any
) -> dict[str, Any]:
    """Call an action and return what it says."""
    assert hass.services.supports_response(DOMAIN, action) is not SupportsResponse.NONE
    response = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True, context=context
    )
    assert response is not None
    return cast("dict[str, Any]", response)


async def person(hass: HomeAssistant, name: str, *, admin: bool) -> Context:
    """Return the context of what a person does."""
    group = await hass.auth.async_get_group(GROUP_ID_ADMIN if admin else GROUP_ID_USER)
    assert group is not None
    user = MockUser(name=name, groups=[group]).add_to_hass(hass)
    return Context(user_id=user.id)


def second_homelab(url: str, *systems: ConfigSubentryData) -> MockConfigEntry:
    """Return another homelab with these systems, not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Cabin",
        entry_id="01CABIN00000000000000000AB",
        data={"url": url, "verify_ssl": True},
        subentries_data=(conversation_subentry("Cabin Jarvis"), *systems),
    )
