// Defines the dashboard strategy and the cards, and offers them.
import { loadTexts } from "./card.js";
import { InboxCard, ProblemsCard } from "./cards.js";
import { dashboard } from "./dashboard.js";

const documentationURL = "https://github.com/homelab-ai/homelab-ai";

class HomelabStrategy extends HTMLElement {
  static noEditor = true;
  static registryDependencies = ["entities", "devices"];
  static getCreateSuggestions = () => ({ title: "Homelab", icon: "mdi:server-network" });
  static generate = async (config, hass) => dashboard(hass, await loadTexts(hass), config);
}

/** Define an element once, and offer it; 2026.10 does not read the list of strategies. */
function offer(element, kind, list, entry) {
  if (customElements.get(element)) return;
  customElements.define(element, kind);
  (window[list] ||= []).push({ documentationURL, ...entry });
}

offer("ll-strategy-dashboard-homelab-ai", HomelabStrategy, "customStrategies", {
  type: "homelab-ai",
  strategyType: "dashboard",
  name: "Homelab",
  description: "Health, problems, AI hub, cluster, backups, apps.",
});

for (const [card, name, description] of [
  [ProblemsCard, "Homelab problems", "What is wrong in the homelab, worst first."],
  [InboxCard, "Homelab inbox", "What waits for a person in the homelab."],
]) {
  const type = `homelab-ai-${card.topic}`;
  const getEntitySuggestion = (hass, entityId) => card.suggestion(hass, entityId);
  offer(type, card, "customCards", { type, name, description, getEntitySuggestion });
}
