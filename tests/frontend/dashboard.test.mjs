// Run by Node: node --test
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { dashboard } from "../../custom_components/homelab_ai/frontend/js/dashboard.js";
import { age, fullness, list, page, paragraphs, until, verdict } from "../../custom_components/homelab_ai/frontend/js/rows.js";

const root = new URL("../../custom_components/homelab_ai/", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const words = (language) => JSON.parse(read(`translations/${language}.json`)).common;

function text(language) {
  const known = words(language);
  return (key, values = {}) => {
    assert.ok(key in known, `no text for ${key}`);
    return known[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };
}

/** A German house: no entity id says what the entity is. */
function house(...devices) {
  const hass = { devices: {}, entities: {} };
  let number = 0;
  for (const [id, name, keys, entry = "01ENTRY"] of devices) {
    hass.devices[id] = { id, name, identifiers: [["homelab_ai", id]], primary_config_entry: entry };
    for (const key of keys) {
      const [domain, translationKey] = key.split(".");
      const entityId = `${domain}.ding_${(number += 1)}`;
      hass.entities[entityId] = {
        entity_id: entityId, platform: "homelab_ai", device_id: id, translation_key: translationKey,
      };
    }
  }
  hass.devices.lamp = { id: "lamp", name: "Lamp", identifiers: [["hue", "1"]], primary_config_entry: "hue" };
  hass.entities["light.lamp"] = { entity_id: "light.lamp", platform: "hue", device_id: "lamp" };
  return hass;
}

const LAB = ["01ENTRY", "Homelab", ["sensor.health", "sensor.problems", "event.problem",
  "todo.inbox"]];
const HUB = ["01ENTRY_hub", "Ollama", ["binary_sensor.online", "sensor.models_loaded", "sensor.vram_usage",
  "sensor.generation_speed", "update.server"]];
const CLUSTER = ["01K", "Kubernetes", ["binary_sensor.online", "sensor.last_backup", "binary_sensor.gitops_problem",
  "binary_sensor.k8sgpt_problem"]];
const APP = ["01W", "Vaultwarden", ["binary_sensor.online", "sensor.certificate_expires"]];
const AGENT = ["01J", "Jarvis", ["conversation."]];

const headings = (view) => view.sections.map((section) => section.cards[0].heading);
const shown = (value) =>
  Array.isArray(value)
    ? value.flatMap(shown)
    : value && typeof value === "object"
      ? [...(typeof value.entity === "string" ? [value.entity] : []), ...Object.values(value).flatMap(shown)]
      : [];

test("a section for each thing that the homelab has, in both languages", () => {
  const hass = house(LAB, HUB, CLUSTER, APP, AGENT);
  for (const language of ["en", "de"]) {
    const say = text(language);
    const { title, views } = dashboard(hass, say);
    assert.equal(title, "Homelab");
    assert.equal(views.length, 1);
    assert.deepEqual(headings(views[0]), [
      say("dashboard_now"), "Ollama", say("dashboard_cluster"), say("dashboard_deliveries"),
      say("dashboard_backups"), say("dashboard_apps"), say("dashboard_assistants"),
    ]);
  }
});

test("every entity of ours is there, and only ours", () => {
  const hass = house(LAB, HUB, CLUSTER, APP, AGENT);
  const ours = Object.keys(hass.entities).filter((id) => hass.entities[id].platform === "homelab_ai");
  // The inbox has a card of ours.
  const inbox = ours.filter((id) => hass.entities[id].translation_key === "inbox");
  assert.deepEqual(new Set(shown(dashboard(hass, text("en")))), new Set(ours.filter((id) => !inbox.includes(id))));
});

test("what happened is told by the activity card, where there is one", () => {
  const hass = { ...house(LAB), config: { components: ["logbook"] } };
  const event = Object.values(hass.entities).find((entity) => entity.translation_key === "problem").entity_id;
  const [now] = dashboard(hass, text("en")).views[0].sections;
  assert.deepEqual(now.cards[3], { type: "logbook", target: { entity_id: event } });
});

test("what is not there has no card, no heading", () => {
  const [view] = dashboard(house(LAB, HUB), text("en")).views;
  assert.deepEqual(headings(view), ["Right now", "Ollama"]);
});

test("the homelab's own hub comes first, whatever standby hubs are called", () => {
  const standby = ["01A", "A standby", ["sensor.models_loaded"]];
  const [view] = dashboard(house(standby, LAB, HUB), text("en")).views;
  assert.deepEqual(headings(view), ["Right now", "Ollama", "A standby"]);
});

test("a renamed or hidden entity", () => {
  const hass = house(LAB, HUB);
  const hidden = Object.values(hass.entities).find((entity) => entity.translation_key === "vram_usage");
  hidden.hidden = true;
  hass.devices["01ENTRY_hub"].name_by_user = "Big GPU";
  const [view] = dashboard(hass, text("en")).views;
  assert.ok(headings(view).includes("Big GPU"));
  assert.ok(!shown(view).includes(hidden.entity_id));
});

test("the graphs: VRAM and speed", () => {
  const hass = house(LAB, HUB);
  const [, hub] = dashboard(hass, text("en")).views[0].sections;
  const graphs = hub.cards.filter((card) => card.type === "history-graph");
  assert.deepEqual(
    graphs.map((card) => hass.entities[card.entities[0].entity].translation_key),
    ["vram_usage", "generation_speed"],
  );
});

test("what is connected is green, and nothing else", () => {
  const hass = house(LAB, HUB, APP);
  const colored = JSON.stringify(dashboard(hass, text("en"))).match(/"entity":"[^"]+"[^{}]*(\{[^{}]*\})?[^{}]*"color":"green"/g);
  const online = Object.values(hass.entities).filter((entity) => entity.translation_key === "online");
  assert.equal(colored.length, online.length);
});

test("models are rows that an administrator can load", () => {
  const hass = house(LAB, [...HUB.slice(0, 2), [...HUB[2], "sensor.models_installed", "button.unload_models"]]);
  const installed = Object.values(hass.entities).find((one) => one.translation_key === "models_installed").entity_id;
  const unload = Object.values(hass.entities).find((one) => one.translation_key === "unload_models").entity_id;
  const rowsOf = (house) => dashboard(house, text("de")).views[0].sections[1].cards.find((one) => one.type === "entities")?.entities;
  const states = { [installed]: { attributes: { models: ["llama3.1:8b", "qwen3:8b"] } } };
  const admin = { is_admin: true };
  assert.deepEqual(rowsOf({ ...hass, states, user: admin }).map((row) => row.name ?? row.entity), ["llama3.1:8b", "qwen3:8b", unload]);
  assert.deepEqual(rowsOf({ ...hass, states, user: admin })[0], {
    type: "button", name: "llama3.1:8b", action_name: "Laden",
    tap_action: {
      action: "perform-action", perform_action: "homelab_ai.load_model", target: { device_id: "01ENTRY_hub" },
      data: { model: "llama3.1:8b" },
    },
  });
  // The hub is off, or somebody may not.
  assert.equal(rowsOf({ ...hass, states: {}, user: admin }), undefined);
  assert.equal(rowsOf({ ...hass, states: { [installed]: { attributes: {} } }, user: admin }), undefined);
  assert.equal(rowsOf({ ...hass, states, user: { is_admin: false } }), undefined);
});

test("the cards stand in every view, with its homelab", () => {
  const cabin = ["01CABIN", "Cabin", ["sensor.health"], "01CABIN"];
  const { views } = dashboard(house(LAB, HUB, cabin), text("en"));
  assert.deepEqual(views.map((view) => view.title), ["Cabin", "Homelab"]);
  assert.equal(new Set(views.map((view) => view.path)).size, 2);
  assert.deepEqual(
    views.map((view) => view.sections[0].cards[1]),
    ["01CABIN", "01ENTRY"].map((id) => ({
      type: "custom:homelab-ai-problems", config_entry_id: id, grid_options: { columns: "full" },
    })),
  );
  assert.equal(dashboard(house(LAB, cabin), text("en"), { config_entry_id: "01CABIN" }).views.length, 1);
});

test("without a homelab it says that nothing is known", () => {
  for (const hass of [{}, house(), { devices: {}, entities: {} }]) {
    const { views } = dashboard(hass, text("de"));
    assert.deepEqual(views.map((view) => view.cards), [
      [{ type: "markdown", content: words("de").dashboard_no_homelab }],
    ]);
  }
});

test("it is OK only where the server says so", () => {
  const ok = { loaded: true, health: "ok", total: 0, problems: [] };
  assert.equal(verdict(ok), "ok");
  for (const key of Object.keys(ok).filter((one) => one !== "loaded")) {
    const without = { ...ok };
    delete without[key];
    assert.equal(verdict(without), "unknown", key);
    assert.equal(verdict({ ...ok, [key]: null }), "unknown", key);
  }
  assert.equal(verdict(undefined), "waiting");
  assert.equal(verdict(null), "waiting");
  assert.equal(verdict({}), "unknown");
  assert.equal(verdict({ ...ok, loaded: false }), "gone");
  assert.equal(verdict({ ...ok, health: "unknown" }), "unknown");
  assert.equal(verdict({ ...ok, health: "degraded" }), "unknown");
  assert.equal(verdict({ ...ok, total: 3 }), "unknown");
  assert.equal(verdict({ ...ok, problems: [{ id: "1" }], total: 1 }), "problems");
});

test("lists are lists whatever comes", () => {
  for (const nothing of [undefined, null, "x", {}, [], [null, undefined]]) assert.deepEqual(list(nothing), []);
});

test("the inbox is empty only where the server says so", () => {
  assert.equal(fullness({ loaded: true, waiting: [], total: 0 }), "empty");
  assert.equal(fullness({ loaded: true, waiting: [{ id: "1" }], total: 1 }), "inbox");
  for (const waiting of [null, undefined, "x"]) assert.equal(fullness({ loaded: true, waiting }), "unseen");
  assert.equal(fullness({ loaded: false }), "gone");
  assert.equal(fullness(undefined), "waiting");
});

test("when a mute ends", () => {
  assert.match(until("2026-11-28T18:30:00", "de"), /28\.11\.26.*18:30/);
  for (const nothing of [null, undefined, "", "nonsense"]) assert.equal(until(nothing, "en"), "");
});

test("ages", () => {
  const now = Date.parse("2026-11-28T12:00:00Z");
  const cases = [
    ["2026-11-28T11:58:00Z", "en", "2 minutes ago"], ["2026-11-28T09:00:00Z", "de", "vor 3 Stunden"],
    ["2026-11-20T12:00:00Z", "en", "8 days ago"], ["2026-11-28T11:59:50Z", "de", "in dieser Minute"],
    ["2026-11-28T13:00:00Z", "en", "this minute"], [null, "en", ""], ["nonsense", "en", ""],
  ];
  for (const [since, language, expected] of cases) assert.equal(age(since, language, now), expected);
});

test("only web pages are linked", () => {
  assert.equal(page("https://argo.lan/app?x=1"), "https://argo.lan/app?x=1");
  for (const bad of ["javascript:alert(1)", " JaVaScript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/x", "",
    null, undefined, {}]) {
    assert.equal(page(bad), null, String(bad));
  }
});

test("explanations", () => {
  const say = text("en");
  assert.deepEqual(paragraphs({ explanation: "Full.", next_step: "Delete." }, say), ["Full.", "Delete."]);
  assert.deepEqual(
    paragraphs({ explanation: null, reason: "The hub is off.", evidence: [{ title: "Log", text: "boom" }] }, say),
    ["The hub is off.", "Log: boom"],
  );
  for (const nothing of [undefined, {}, { explanation: "", evidence: "x" }]) {
    assert.deepEqual(paragraphs(nothing, say), ["Nothing more is known of it."]);
  }
});

test("every word of the JavaScript is translated", () => {
  const source = ["card", "cards", "dashboard", "rows"].map((name) => read(`frontend/js/${name}.js`)).join("\n");
  const said = new Set([...source.matchAll(/"((?:card|dashboard)_\w+)"/g)].map((match) => match[1]));
  const composed = ["waiting", "gone", "unknown", "ok", "problems", "critical", "warning", "info", "mute", "unmute", "briefing", "explain", "diff",
    "inbox", "empty", "unseen"].map((one) => `card_${one}`);
  const topics = ["cluster", "deliveries", "backups"].map((one) => `dashboard_${one}`);
  const all = new Set([...said, ...composed, ...topics]);
  for (const language of ["en", "de"]) {
    const known = Object.keys(words(language)).filter((key) => /^(card|dashboard)_/.test(key));
    assert.deepEqual(new Set(known), all);
  }
});

test("the card is suggested for what it shows, and for nothing else", async () => {
  globalThis.HTMLElement = class {};
  const { InboxCard, ProblemsCard } = await import("../../custom_components/homelab_ai/frontend/js/cards.js");
  const hass = house(LAB, HUB);
  const suggested = Object.keys(hass.entities).filter((id) => ProblemsCard.suggestion(hass, id));
  assert.deepEqual(suggested.map((id) => hass.entities[id].translation_key), ["health", "problems"]);
  const inbox = Object.keys(hass.entities).filter((id) => InboxCard.suggestion(hass, id));
  assert.deepEqual(inbox.map((id) => hass.entities[id].translation_key), ["inbox"]);
  assert.equal(InboxCard.suggestion(hass, inbox[0]).config.type, "custom:homelab-ai-inbox");
  assert.deepEqual(ProblemsCard.suggestion(hass, suggested[0]), {
    config: { type: "custom:homelab-ai-problems", config_entry_id: "01ENTRY" },
  });
  assert.equal(ProblemsCard.suggestion(hass, "light.unknown"), null);
  assert.deepEqual(ProblemsCard.getStubConfig(), {});
});

test("both are defined once, and offered", async () => {
  const defined = {};
  globalThis.HTMLElement = class {};
  globalThis.window = {};
  globalThis.customElements = { get: (name) => defined[name], define: (name, kind) => (defined[name] = kind) };
  await import("../../custom_components/homelab_ai/frontend/js/homelab-ai.js");
  await import("../../custom_components/homelab_ai/frontend/js/homelab-ai.js?again");
  assert.deepEqual(Object.keys(defined), ["ll-strategy-dashboard-homelab-ai", "homelab-ai-problems",
    "homelab-ai-inbox"]);
  assert.deepEqual(window.customStrategies.map((one) => one.type), ["homelab-ai"]);
  assert.deepEqual(window.customCards.map((one) => one.type), ["homelab-ai-problems", "homelab-ai-inbox"]);
  const hass = { ...house(LAB), loadBackendTranslation: async () => (key) => key };
  const { views } = await defined["ll-strategy-dashboard-homelab-ai"].generate({}, hass);
  assert.equal(views[0].sections[0].cards[0].heading, "component.homelab_ai.common.dashboard_now");
});
