"""The homelab's tools in Home Assistant's own LLM API, and in an API of their own."""

from homeassistant.components.llm import LLMTools
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import llm

from .assistant.tools import homelab_tools
from .const import CONF_ASSIST_TOOLS, DOMAIN
from .coordinator import HomelabConfigEntry

PROMPT = (
    "For questions about the homelab, its systems, backups, AI hub or GPU call the homelab_ai tools first."
)


@callback
def async_get_tools(hass: HomeAssistant, llm_context: llm.LLMContext, api_id: str) -> LLMTools | None:
    """Return the tools for Home Assistant's own API, of the homelabs that offer them there."""
    if api_id != llm.LLM_API_ASSIST:
        return None
    entries: list[HomelabConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    tools = homelab_tools(entry for entry in entries if entry.options.get(CONF_ASSIST_TOOLS, True))
    return LLMTools(tools, PROMPT) if tools else None


class HomelabAPI(llm.API):
    """An API with nothing but the homelab's tools; what the MCP server serves under its id."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Serve no homelab yet."""
        super().__init__(hass=hass, id=DOMAIN, name="Homelab")
        self.unregister: CALLBACK_TYPE
        self._entries: list[HomelabConfigEntry] = []

    @callback
    def serve(self, entry: HomelabConfigEntry) -> CALLBACK_TYPE:
        """Serve a homelab, and return what takes it out again: without any there is no API."""
        self._entries.append(entry)

        @callback
        def leave() -> None:
            self._entries.remove(entry)
            if not self._entries:
                self.unregister()

        return leave

    async def async_get_api_instance(self, llm_context: llm.LLMContext) -> llm.APIInstance:
        """Return the tools of all homelabs that are loaded."""
        return llm.APIInstance(
            api=self,
            api_prompt=PROMPT,
            llm_context=llm_context,
            tools=homelab_tools(self._entries),
            custom_serializer=llm.selector_serializer,
        )


@callback
def async_offer_api(hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
    """Offer the API with this homelab in it, for as long as that is loaded; all homelabs share it."""
    api = next((api for api in llm.async_get_apis(hass) if isinstance(api, HomelabAPI)), None)
    if api is None:
        api = HomelabAPI(hass)
        api.unregister = llm.async_register_api(hass, api)
    entry.async_on_unload(api.serve(entry))
