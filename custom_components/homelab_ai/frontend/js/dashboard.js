// The dashboard as a pure function of Home Assistant's registries. Entities are found by translation key; what
// a homelab does not have is left out.
const DOMAIN = "homelab_ai";
const WIDE = { columns: "full" };

/** What belongs together, whichever system tells it. */
const TOPICS = [
  ["cluster", "mdi:kubernetes", ["nodes_not_ready", "restarting_pods", "k8sgpt_problem", "k8sgpt_findings",
    "storage_problem", "degraded_volumes"]],
  ["deliveries", "mdi:source-branch-sync", ["gitops_problem", "flux_not_ready", "flux_suspended",
    "argocd_out_of_sync", "argocd_degraded"]],
  ["backups", "mdi:backup-restore", ["backup_problem", "last_backup", "failed_backups"]],
];
const TOPICAL = TOPICS.flatMap(([, , keys]) => keys);
const SUMMARY = ["health", "problems", "critical_problems", "muted_problems"];
const HUB = ["online", "models_loaded", "models_installed", "vram_used", "vram_usage", "ram_spill",
  "time_to_first_token", "generation_speed", "contention", "spilling", "next_unload"];
const GRAPHS = [["vram_usage", "vram_used"], ["generation_speed"]];

/** Return its configuration: a view for each homelab. */
export function dashboard(hass, text, config = {}) {
  const { config_entry_id } = config;
  const labs = homelabsOf(hass).filter((lab) => !config_entry_id || lab.source === config_entry_id);
  const title = labs.length === 1 ? nameOf(labs[0]) : "Homelab";
  if (labs.length) return { title, views: labs.map((lab, index) => view(hass, lab, text, index)) };
  return { title, views: [{ title, cards: [{ type: "markdown", content: text("dashboard_no_homelab") }] }] };
}

/** Return the homelabs, each with its devices as `parts`, its own hub first. */
function homelabsOf(hass) {
  const entities = Object.values(hass.entities || {}).filter((one) => one.platform === DOMAIN && !one.hidden);
  const devices = Object.values(hass.devices || {})
    .map((device) => ({
      ...device,
      entry: device.primary_config_entry || device.config_entries?.[0],
      source: device.identifiers?.find(([domain]) => domain === DOMAIN)?.[1],
      entities: entities.filter((one) => one.device_id === device.id),
    }))
    .filter((device) => device.source)
    .sort((one, other) => rank(one).localeCompare(rank(other)));
  const isLab = (device) => device.source === device.entry;
  return devices
    .filter(isLab)
    .map((lab) => ({ ...lab, parts: devices.filter((one) => !isLab(one) && one.entry === lab.source) }));
}

const nameOf = (device) => device.name_by_user || device.name || "";
const rank = (device) => (device.source.endsWith("_hub") ? " " : "") + nameOf(device);
const domainOf = (entity) => entity.entity_id.split(".")[0];
const keyed = (device, ...keys) =>
  keys.flatMap((key) => device.entities.filter((entity) => entity.translation_key === key));
const inDomain = (device, ...domains) => device.entities.filter((entity) => domains.includes(domainOf(entity)));

function view(hass, lab, text, index) {
  const isHub = (device) => keyed(device, "models_loaded").length;
  const isAgent = (device) => inDomain(device, "conversation", "ai_task").length;
  const systems = lab.parts.filter((device) => !isHub(device) && !isAgent(device));
  const agents = lab.parts.filter(isAgent).flatMap((agent) => agent.entities);
  return {
    title: nameOf(lab),
    path: `homelab-${index + 1}`,
    type: "sections",
    max_columns: 3,
    badges: keyed(lab, ...SUMMARY).map((one) => ({ ...tile(one), type: "entity", show_name: true })),
    sections: [
      section(text("dashboard_now"), "mdi:heart-pulse", nowCards(hass, lab)),
      ...lab.parts.filter(isHub).map((hub) => section(nameOf(hub), "mdi:brain", hubCards(hass, hub, text))),
      ...TOPICS.map(([key, icon, keys]) => section(text(`dashboard_${key}`), icon, topicCards(systems, keys))),
      section(text("dashboard_apps"), "mdi:apps", appCards(systems)),
      section(text("dashboard_assistants"), "mdi:robot", agents.map((one) => tile(one, "device"))),
    ].filter(Boolean),
  };
}

function nowCards(hass, lab) {
  const ours = (topic) => ({ type: `custom:homelab-ai-${topic}`, config_entry_id: lab.source, grid_options: WIDE });
  const activity = hass.config?.components?.includes("logbook");
  const told = (one) => (activity ? { type: "logbook", target: { entity_id: one.entity_id } } : tile(one));
  return [
    ours("problems"),
    keyed(lab, "inbox").length && ours("inbox"),
    ...inDomain(lab, "event").map(told),
  ].filter(Boolean);
}

function hubCards(hass, hub, text) {
  const graphs = GRAPHS.flatMap((keys) => keyed(hub, ...keys).slice(0, 1)).map((one) => ({
    type: "history-graph",
    entities: [{ entity: one.entity_id }],
    grid_options: WIDE,
  }));
  return [...tiles(keyed(hub, ...HUB)), ...tiles(inDomain(hub, "update")), ...models(hass, hub, text), ...graphs];
}

/** Return a card that loads and unloads models. */
function models(hass, hub, text) {
  const [installed] = keyed(hub, "models_installed");
  const target = { device_id: hub.id };
  const names = hass.states?.[installed?.entity_id]?.attributes.models || [];
  const rows = names.slice(0, 12).map((model) => ({
    type: "button",
    name: model,
    action_name: text("dashboard_load"),
    tap_action: { action: "perform-action", perform_action: `${DOMAIN}.load_model`, target, data: { model } },
  }));
  if (!rows.length || !hass.user?.is_admin) return [];
  const unload = keyed(hub, "unload_models").map((one) => ({ entity: one.entity_id }));
  return [{ type: "entities", entities: [...rows, ...unload], grid_options: WIDE }];
}

function topicCards(systems, keys) {
  return systems.flatMap((system) => {
    const told = tiles(keyed(system, ...keys));
    return told.length ? [...tiles(keyed(system, "online"), "device"), ...told] : [];
  });
}

function appCards(systems) {
  return systems
    .filter((system) => !keyed(system, ...TOPICAL).length)
    .flatMap((system) => {
      const online = keyed(system, "online");
      const rest = system.entities.filter((entity) => !entity.entity_category && !online.includes(entity));
      return [...tiles(online, "device"), ...tiles(rest, "device", "entity")];
    });
}

function section(heading, icon, cards) {
  return cards.length && { type: "grid", cards: [{ type: "heading", heading, icon }, ...cards] };
}

const tiles = (entities, ...name) => entities.map((entity) => tile(entity, ...name));

function tile(entity, ...name) {
  const parts = (name.length ? name : ["entity"]).map((type) => ({ type }));
  const color = entity.translation_key === "online" && { color: "green" };
  return { type: "tile", entity: entity.entity_id, name: parts[1] ? parts : parts[0], ...color };
}
