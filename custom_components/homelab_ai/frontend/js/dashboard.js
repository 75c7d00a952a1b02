// The dashboard as a pure function of Home Assistant's registries. Entities are found by translation key, so
// that language and renaming do not matter; what a homelab does not have is left out.
const DOMAIN = "homelab_ai";
const WIDE = { columns: "full" };

/** What belongs together, whichever system tells it, by translation key. */
const TOPICS = [
  {
    key: "cluster",
    icon: "mdi:kubernetes",
    entities: ["nodes_not_ready", "restarting_pods", "k8sgpt_problem", "k8sgpt_findings", "storage_problem",
      "degraded_volumes"],
  },
  {
    key: "deliveries",
    icon: "mdi:source-branch-sync",
    entities: ["gitops_problem", "flux_not_ready", "flux_suspended", "argocd_out_of_sync", "argocd_degraded"],
  },
  { key: "backups", icon: "mdi:backup-restore", entities: ["backup_problem", "last_backup", "failed_backups"] },
];
const SUMMARY = ["health", "problems", "critical_problems", "muted_problems"];
const HUB = ["online", "models_loaded", "models_installed", "vram_used", "vram_usage", "ram_spill",
  "time_to_first_token", "generation_speed", "contention", "spilling", "next_unload"];
const HUB_HISTORY = [["vram_usage", "vram_used"], ["generation_speed"]];

/** Return its configuration: a view for each homelab. */
export function dashboard(hass, text, config = {}) {
  const homelabs = homelabsOf(hass).filter(
    (homelab) => !config.config_entry_id || homelab.entryId === config.config_entry_id,
  );
  const activity = hass.config?.components?.includes("logbook");
  const views = homelabs.map((homelab, index) => view(homelab, text, index, activity));
  return { title: homelabs.length === 1 ? homelabs[0].name : "Homelab", views: views.length ? views : [none(text)] };
}

/** Return the homelabs, each with its devices and their entities. */
export function homelabsOf(hass) {
  const devices = Object.values(hass.devices || {})
    .map((device) => ({ ...device, source: sourceOf(device), entities: entitiesOf(hass, device.id) }))
    .filter((device) => device.source !== undefined);
  return devices
    .filter((device) => entryOf(device) === device.source)
    .map((lab) => ({
      entryId: lab.source,
      name: nameOf(lab),
      lab,
      devices: devices.filter((device) => device !== lab && entryOf(device) === lab.source).sort(byName),
    }))
    .sort(byName);
}

const sourceOf = (device) => device.identifiers?.find(([domain]) => domain === DOMAIN)?.[1];
const entryOf = (device) => device.primary_config_entry || device.config_entries?.[0];
const nameOf = (device) => device.name_by_user || device.name || "";
const byName = (one, other) => nameOf(one).localeCompare(nameOf(other));
const domainOf = (entity) => entity.entity_id.split(".")[0];
const keyed = (entities, key) => entities.filter((entity) => entity.translation_key === key);

function entitiesOf(hass, deviceId) {
  return Object.values(hass.entities || {}).filter(
    (entity) => entity.platform === DOMAIN && entity.device_id === deviceId && !entity.hidden,
  );
}

function view(homelab, text, index, activity) {
  const isHub = (device) => keyed(device.entities, "models_loaded").length > 0;
  const isAgent = (device) => device.entities.some((one) => ["conversation", "ai_task"].includes(domainOf(one)));
  const hubs = homelab.devices.filter(isHub);
  const systems = homelab.devices.filter((device) => !isHub(device) && !isAgent(device));
  return {
    title: homelab.name,
    path: index ? `homelab-${index + 1}` : "homelab",
    icon: "mdi:server-network",
    type: "sections",
    max_columns: 3,
    badges: tiles(homelab.lab, SUMMARY).map((badge) => ({ ...badge, type: "entity", show_name: true })),
    sections: [
      nowSection(homelab, text, activity),
      ...hubs.map((hub) => hubSection(hub, text)),
      ...TOPICS.map((topic) => topicSection(topic, systems, text)),
      appsSection(systems, text),
      assistantsSection(homelab.devices.filter(isAgent), text),
    ].filter(Boolean),
  };
}

function none(text) {
  return { title: "Homelab", path: "homelab", cards: [{ type: "markdown", content: text("dashboard_no_homelab") }] };
}

function nowSection(homelab, text, activity) {
  const told = (one) => (activity ? { type: "logbook", target: { entity_id: one.entity_id } } : tile(one));
  return section(text("dashboard_now"), "mdi:heart-pulse", [
    { type: "custom:homelab-ai-problems", config_entry_id: homelab.entryId, grid_options: WIDE },
    ...homelab.lab.entities.filter((one) => domainOf(one) === "event").map(told),
  ]);
}

function hubSection(hub, text) {
  const history = HUB_HISTORY.map((keys) => keys.map((key) => keyed(hub.entities, key)[0]).find(Boolean));
  return section(nameOf(hub) || text("dashboard_hub"), "mdi:brain", [
    ...tiles(hub, HUB),
    ...hub.entities.filter((entity) => domainOf(entity) === "update").map((one) => tile(one)),
    ...history.filter(Boolean).map((entity) => ({
      type: "history-graph",
      entities: [{ entity: entity.entity_id }],
      hours_to_show: 24,
      grid_options: WIDE,
    })),
  ]);
}

function topicSection(topic, systems, text) {
  const having = systems.filter((system) => tiles(system, topic.entities).length);
  const cards = having.flatMap((system) => [
    ...keyed(system.entities, "online").map((entity) => tile(entity, "device")),
    ...tiles(system, topic.entities),
  ]);
  return cards.length && section(text(`dashboard_${topic.key}`), topic.icon, cards);
}

function appsSection(systems, text) {
  const topical = new Set(TOPICS.flatMap((topic) => topic.entities));
  const isApp = (system) => !system.entities.some((entity) => topical.has(entity.translation_key));
  const cards = systems.filter(isApp).flatMap((system) => {
    const online = keyed(system.entities, "online");
    const rest = system.entities.filter((entity) => !entity.entity_category && !online.includes(entity));
    return [
      ...online.map((one) => tile(one, "device")),
      ...rest.map((one) => tile(one, "device", "entity")),
    ];
  });
  return cards.length && section(text("dashboard_apps"), "mdi:apps", cards);
}

function assistantsSection(agents, text) {
  const cards = agents.flatMap((agent) => agent.entities).map((entity) => tile(entity, "device"));
  return cards.length && section(text("dashboard_assistants"), "mdi:robot", cards);
}

function section(heading, icon, cards) {
  return { type: "grid", cards: [{ type: "heading", heading, icon }, ...cards] };
}

function tiles(device, keys) {
  return keys.flatMap((key) => keyed(device.entities, key)).map((entity) => tile(entity));
}

function tile(entity, ...name) {
  const parts = (name.length ? name : ["entity"]).map((type) => ({ type }));
  return { type: "tile", entity: entity.entity_id, name: parts.length === 1 ? parts[0] : parts };
}
