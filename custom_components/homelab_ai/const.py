"""What several modules share."""

import logging
from typing import Final

DOMAIN: Final = "homelab_ai"
DOCS: Final = "https://github.com/homelab-ai/homelab-ai/blob/main/docs/"
"""Where the pages of the documentation are."""
MODELS_PAGE: Final = f"{DOCS}models.md"
LOGGER = logging.getLogger(__package__)

# Subentry types.
CONVERSATION: Final = "conversation"
AI_TASK_DATA: Final = "ai_task_data"
HUB: Final = "hub"
SYSTEM: Final = "system"

# Of systems: which kind it is, a key of the registry of monitors.
CONF_KIND: Final = "kind"

# Of the homelab and of standby hubs.
CONF_ADVANCED: Final = "advanced"
CONF_CA_CERTIFICATE: Final = "ca_certificate"
CONF_HEADERS: Final = "headers"

# Options of the homelab.
CONF_ASSIST_TOOLS: Final = "assist_tools"
CONF_CHECK_UPDATES: Final = "check_updates"
CONF_HABITS: Final = "habits"

CONF_NETWORK: Final = "network"
CONF_VRAM_TOTAL: Final = "vram_total"
CONF_WAKE_ENTITY: Final = "wake_entity"

# Of agents.
CONF_FACTS_FIRST: Final = "facts_first"
CONF_KEEP_ALIVE: Final = "keep_alive"
CONF_MAX_HISTORY: Final = "max_history"
CONF_NUM_CTX: Final = "num_ctx"
CONF_NUM_PREDICT: Final = "num_predict"
CONF_OFFLINE_FALLBACK: Final = "offline_fallback"
CONF_PREWARM: Final = "prewarm"
CONF_TEMPERATURE: Final = "temperature"
CONF_THINK: Final = "think"

DEFAULT_KEEP_ALIVE: Final = 1800
DEFAULT_MAX_HISTORY: Final = 20
DEFAULT_NUM_CTX: Final = 8192
DEFAULT_NUM_PREDICT: Final = 1024
