// Loaded by Home Assistant's frontend: defines the dashboard strategy and the problems card, and offers both.
import { dashboard } from "./dashboard.js";
import { ProblemsCard } from "./card.js";
import { loadTexts } from "./texts.js";

const DOCS = "https://github.com/homelab-ai/homelab-ai";
const STRATEGY = "ll-strategy-dashboard-homelab-ai";
const CARD = "homelab-ai-problems";

class HomelabStrategy extends HTMLElement {
  static noEditor = true;
  static registryDependencies = ["entities", "devices"];
  static getCreateSuggestions = () => ({ title: "Homelab", icon: "mdi:server-network" });
  static generate = async (config, hass) => dashboard(hass, await loadTexts(hass), config);
}

function offer(list, entry) {
  window[list] = window[list] || [];
  window[list].push(entry);
}

if (!customElements.get(STRATEGY)) {
  customElements.define(STRATEGY, HomelabStrategy);
  // Home Assistant 2026.10 does not read this list.
  offer("customStrategies", {
    type: "homelab-ai",
    strategyType: "dashboard",
    name: "Homelab",
    description: "Homelab AI: health, problems, AI hub, cluster, backups, apps.",
    documentationURL: DOCS,
  });
}

if (!customElements.get(CARD)) {
  customElements.define(CARD, ProblemsCard);
  offer("customCards", {
    type: CARD,
    name: "Homelab problems",
    description: "What is wrong in the homelab, worst first.",
    preview: false,
    documentationURL: DOCS,
    getEntitySuggestion: (hass, entityId) => ProblemsCard.suggestion(hass, entityId),
  });
}
