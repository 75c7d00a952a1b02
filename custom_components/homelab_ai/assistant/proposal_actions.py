"""What the actions on proposals do. What they need is imported when the first of them is called."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse

from ..coordinator import HomelabData
from ..errors import invalid
from .calls import language_of, sources_of_call

if TYPE_CHECKING:
    from ..coordinator.proposals import ProposalCoordinator

ATTR_NUMBER = "number"
ATTR_REQUEST = "request"
CHANGES = ("enable", "disable", "suspend", "resume", "set", "add", "manifest", "terraform")
TEMPLATES = (
    "scrape_config",
    "service_monitor",
    "prometheus_rule",
    "k8up_schedule",
    "recurring_job",
    "certificate",
)
STATUSES = ("begun", "open", "merged", "closed", "withdrawn", "refused", "failed")


async def propose_change(call: ServiceCall) -> ServiceResponse:
    """Compose a change of the homelab's repository and open a draft of it; or only show it."""
    homelab, proposals, source = _forge_of(call)
    proposing = await proposing_of(call.hass)
    response: ServiceResponse = await proposing.by_action(homelab, proposals, source, call)
    return response


async def withdraw_proposal(call: ServiceCall) -> ServiceResponse:
    """Close a draft of ours and delete its branch."""
    homelab, proposals, source = _forge_of(call)
    proposing = await proposing_of(call.hass)
    response: ServiceResponse = await proposing.withdrawn(
        homelab, proposals, source, call.data[ATTR_NUMBER], language_of(call)
    )
    return response


async def list_proposals(call: ServiceCall) -> ServiceResponse:
    """List what was proposed in the last 90 days, who asked for it and what became of it."""
    _, proposals, _ = _forge_of(call, one=False)
    proposing = await proposing_of(call.hass)
    response: ServiceResponse = proposing.listed(
        proposals, call.data["status"], call.data["limit"], language_of(call)
    )
    return response


async def proposing_of(hass: HomeAssistant) -> Any:
    """Return the module that proposes; importing it takes a moment, and nobody without a forge needs it."""
    return await hass.async_add_import_executor_job(import_module, ".proposing", __package__)


def _forge_of(call: ServiceCall, *, one: bool = True) -> tuple[HomelabData, ProposalCoordinator, str]:
    """Return the homelab, its proposals and the id of the repository. Raises ServiceValidationError."""
    homelab, sources = sources_of_call(call)
    if homelab.proposals is None:
        raise invalid("no_forge", homelab=homelab.name)
    forges = [forge for forge in homelab.proposals.forges if not sources or forge.source in sources]
    if not forges:
        raise invalid("no_forge", homelab=homelab.name)
    if one and len(forges) > 1:
        raise invalid("several_forges")
    return homelab, homelab.proposals, forges[0].source
