// The problems card. Names and summaries come from clusters and alerts: they are only ever set as text.
import { age, paragraphs, rows, verdict } from "./problems.js";
import { loadTexts } from "./texts.js";

const DOMAIN = "homelab_ai";
const SUGGESTED = /^(health|(critical_|muted_)?problems)$/;
const ICONS = { critical: "mdi:alert-circle", warning: "mdi:alert", info: "mdi:information" };
const STYLE = `
ha-card{padding:16px;display:block}
header,li>div{display:flex;gap:8px;align-items:center;flex-wrap:wrap}
h2,strong{flex:1;margin:0;font-size:1.1em;font-weight:500;overflow-wrap:anywhere}
strong{font-size:1em}
ul{list-style:none;margin:8px 0 0;padding:0}
li{padding:8px 0 8px 12px;margin-top:8px;border-left:4px solid var(--c,var(--info-color))}
.critical{--c:var(--error-color)}
.warning{--c:var(--warning-color)}
ha-icon{color:var(--c,var(--info-color))}
p{margin:4px 0;overflow-wrap:anywhere}
small{color:var(--secondary-text-color)}
button,a{font:inherit;min-height:36px;padding:0 12px;border-radius:18px;cursor:pointer;background:none;
display:inline-flex;align-items:center;text-decoration:none;
border:1px solid var(--divider-color);color:var(--primary-text-color)}
:focus-visible{outline:2px solid var(--primary-color)}
.live{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
`;

function element(name, options = {}, ...children) {
  const node = document.createElement(name);
  const { text, ...attributes } = options;
  if (text !== undefined) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  node.append(...children.filter(Boolean));
  return node;
}

export class ProblemsCard extends HTMLElement {
  static getStubConfig = () => ({});
  static getConfigForm = () => ({
    schema: [{ name: "config_entry_id", selector: { config_entry: { integration: DOMAIN } } }],
    computeLabel: () => "Homelab",
  });

  static suggestion(hass, entityId) {
    const entity = hass.entities?.[entityId];
    if (entity?.platform !== DOMAIN || !SUGGESTED.test(entity.translation_key)) return null;
    const config_entry_id = hass.devices[entity.device_id]?.primary_config_entry;
    return { config: { type: "custom:homelab-ai-problems", ...(config_entry_id && { config_entry_id }) } };
  }

  constructor() {
    super();
    this._told = new Map(); // explanations that are open, by problem id
    this._open = new Set();
    const root = this.attachShadow({ mode: "open" });
    this._card = element("ha-card");
    this._live = element("div", { class: "live", "aria-live": "polite" });
    root.append(element("style", { text: STYLE }), this._card, this._live);
  }

  setConfig(config) {
    this._config = config;
    this._stop();
    this._start();
  }

  set hass(hass) {
    const language = this._hass?.language;
    this._hass = hass;
    if (language !== hass.language) {
      loadTexts(hass).then((text) => {
        this._text = text;
        this._stop();
        this._start();
        this._render();
      });
    }
  }

  connectedCallback() {
    this._start();
    this._timer = setInterval(() => this._render(), 30000); // ages go on
  }

  disconnectedCallback() {
    clearInterval(this._timer);
    this._stop();
  }

  getCardSize = () => 3;
  getGridOptions = () => ({ columns: 12, rows: "auto" });

  _start() {
    if (this._subscribed || !this.isConnected || !this._text) return;
    const entry = this._config?.config_entry_id;
    const subscribed = this._hass.connection.subscribeMessage(
      (message) => {
        if (this._subscribed === subscribed) this._show(message);
      },
      {
        type: `${DOMAIN}/subscribe_problems`,
        language: this._hass.language,
        ...(entry && { config_entry_id: entry }),
      },
    );
    this._subscribed = subscribed;
    subscribed.catch(() => {
      if (this._subscribed !== subscribed) return;
      this._subscribed = undefined;
      this._show({ loaded: false });
    });
  }

  _stop() {
    this._subscribed?.then((unsubscribe) => unsubscribe()).catch(() => undefined);
    this._subscribed = undefined;
  }

  _show(message) {
    this._message = message;
    this._render();
    const said = this._title();
    if (this._live.textContent !== said) this._live.textContent = said;
  }

  _title() {
    const state = verdict(this._message);
    return this._text(`card_${state}`, { total: this._message?.total ?? 0 });
  }

  _render() {
    if (!this._text) return;
    const focused = this.shadowRoot.activeElement?.getAttribute("data-focus");
    const problems = rows(this._message?.problems);
    const muted = rows(this._message?.muted);
    const more = (this._message?.total ?? 0) - problems.length;
    const briefing = this._button("briefing", this._text("card_briefing"), () => this._brief());
    this._card.replaceChildren(
      element("header", {}, element("h2", { text: this._title() }), briefing),
      ...this._saying("briefing"),
      element("ul", {}, ...problems.map((one) => this._row(one))),
    );
    if (more > 0 && problems.length) {
      this._card.append(element("p", { text: this._text("card_more", { count: more }) }));
    }
    if (muted.length) {
      const title = this._text("card_muted", { count: this._message.muted_total });
      this._card.append(this._fold("muted", title, muted.map((one) => this._row(one, true))));
    }
    if (focused) this.shadowRoot.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  _row(problem, isMuted = false) {
    const text = this._text;
    const severity = text(`card_${problem.severity}`);
    const facts = [severity, problem.system, age(problem.since, Date.now(), this._hass.language)];
    const action = isMuted ? "unmute" : "mute";
    return element(
      "li",
      { class: problem.severity },
      element("div", {}, element("ha-icon", { icon: ICONS[problem.severity] }), element("strong", { text: problem.name })),
      element("p", { text: problem.message }),
      element("small", { text: facts.filter(Boolean).join(" · ") }),
      problem.consequences.length && this._consequences(problem),
      ...this._saying(problem.id),
      element(
        "div",
        {},
        this._button(`why:${problem.id}`, text("card_explain"), () => this._explain(problem), problem.name),
        this._hass.user?.is_admin &&
          this._button(`mute:${problem.id}`, text(`card_${action}`), () => this._act(action, problem), problem.name),
        problem.url &&
          element("a", { href: problem.url, target: "_blank", rel: "noreferrer noopener",
            text: text("card_page"), "data-focus": `page:${problem.id}` }),
      ),
    );
  }

  _consequences({ id, consequences, more }) {
    const title = this._text("card_consequences", { count: consequences.length + more });
    return this._fold(id, title, consequences.map((said) => element("li", { text: said })));
  }

  _fold(key, title, items) {
    const summary = element("summary", { text: title, "data-focus": `fold:${key}` });
    const fold = element("details", {}, summary, element("ul", {}, ...items));
    fold.open = this._open.has(key);
    fold.addEventListener("toggle", () => this._open[fold.open ? "add" : "delete"](key));
    return fold;
  }

  _saying(key) {
    const said = this._told.get(key);
    return said ? [element("div", { role: "status" }, ...said.map((line) => element("p", { text: line })))] : [];
  }

  _button(key, title, press, about) {
    const button = element("button", { type: "button", text: title, "data-focus": key });
    if (about) button.setAttribute("aria-label", `${title}: ${about}`);
    button.addEventListener("click", press);
    return button;
  }

  _explain(problem) {
    return this._ask(problem.id, "explain_problem", { problem_id: problem.id }, (said) => paragraphs(said, this._text));
  }

  _brief() {
    const entry = this._config?.config_entry_id;
    const data = { style: "written", ...(entry && { config_entry_id: entry }) };
    return this._ask("briefing", "briefing", data, (said) => said.text.split("\n"));
  }

  async _ask(key, service, data, read) {
    if (this._told.delete(key)) return this._render();
    this._told.set(key, [this._text("card_waiting")]);
    this._render();
    try {
      const service_data = { ...data, language: this._hass.language };
      const call = { type: "call_service", domain: DOMAIN, service, service_data, return_response: true };
      this._told.set(key, read((await this._hass.callWS(call)).response));
    } catch (error) {
      this._told.set(key, [String(error?.message ?? error)]);
    }
    return this._render();
  }

  // Home Assistant itself shows an error of this.
  _act(action, problem) {
    return this._hass.callService(DOMAIN, `${action}_problem`, { problem_id: problem.id }).catch(() => undefined);
  }
}
