"""A model proposes a change: a draft only, of what the person named, and of nothing it has read."""

from collections.abc import Sequence
from typing import Any

import voluptuous as vol

from homeassistant.helpers import llm

from ..api.errors import ApiError
from ..errors import spoken as spoken_error
from ..language.names import compact
from .fence import UNTRUSTED, fence
from .looks import MOST_SAID, Look
from .proposal_actions import proposing_of
from .tool import HomelabTool, Result, ToolError
from .turns import turn_of

CHANGES = ("enable", "disable", "suspend", "resume", "set")
_PROPOSES = llm.ToolAnnotations(read_only=False, destructive=False, idempotent=False, open_world=True)


class ProposeChange(HomelabTool):
    """Enable Paperless-AI."""

    name = "homelab_ai__propose_change"
    title = "Propose a change of the homelab"
    description = "Open a draft that changes an app of the homelab; a person merges it"
    annotations = _PROPOSES
    fields = {
        vol.Required("change"): vol.In(CHANGES),
        vol.Required("app"): str,
        vol.Optional("field"): str,
        vol.Optional("value"): vol.Coerce(str),
    }

    async def answer_in(
        self, llm_context: llm.LLMContext, looks: Sequence[Look], language: str, **wanted: Any
    ) -> Result:
        """Open a draft of what the person named; what they did not name is not proposed."""
        turn = turn_of(llm_context)
        if turn is None or turn.has_read:
            raise ToolError("Not possible here. The person can ask for this in a sentence of its own.")
        named = compact(turn.words)
        for key in ("app", "value"):
            if (said := wanted.get(key)) and compact(said) not in named:
                raise ToolError(f"The person has not named that {key}. Ask them.", [said])
        homelabs = [look.homelab for look in looks if look.homelab.proposals is not None]
        forges = [forge for homelab in homelabs if homelab.proposals for forge in homelab.proposals.forges]
        if len(forges) != 1:
            raise ToolError("There is not exactly one repository. Use the action instead.")
        hass = homelabs[0].health.hass
        proposing = await proposing_of(hass)
        try:
            told = await proposing.by_tool(homelabs[0], wanted, turn.words, language)
        except ApiError as err:
            raise ToolError(str(await spoken_error(hass, err, homelabs[0].name, language))) from err
        return {"note": UNTRUSTED, "answer": fence(told, MOST_SAID)}
