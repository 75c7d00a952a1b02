// What our cards have in common. Names and texts come from other systems: they are only ever set as text.
import { list, page } from "./rows.js";

export const DOMAIN = "homelab_ai";
const STYLE = `
ha-card{padding:16px}
header,li>div{display:flex;gap:8px;align-items:center;flex-wrap:wrap}
h2,strong{flex:1;margin:0;font-size:1em;font-weight:500;overflow-wrap:anywhere}
ul{list-style:none;margin:0;padding:0}
li{padding:8px 12px;margin-top:8px;border-left:4px solid var(--c)}
ul,.info{--c:var(--info-color)}
.critical{--c:var(--error-color)}
.warning{--c:var(--warning-color)}
ha-icon{color:var(--c)}
p{margin:4px 0;overflow-wrap:anywhere}
.diff p{font-family:monospace;white-space:pre-wrap;margin:0}
small{display:block;color:var(--secondary-text-color)}
button,a{display:inline-flex;align-items:center;min-height:36px;padding:0 12px;font:inherit;color:inherit;
background:none;border:1px solid var(--divider-color);border-radius:18px;text-decoration:none;cursor:pointer}
:focus-visible{outline:2px solid var(--primary-color)}
.live{position:absolute;clip-path:inset(50%)}
`;

/** Return a function from a key and values to a text in the user's language. */
export async function loadTexts(hass) {
  const localize = (await hass.loadBackendTranslation("common", DOMAIN)) || hass.localize;
  return (key, values) => localize(`component.${DOMAIN}.common.${key}`, values) || key;
}

export function element(name, options, ...children) {
  const node = document.createElement(name);
  const { text, ...attributes } = options || {};
  if (text !== undefined) node.textContent = text;
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  node.append(...children.flat().filter(Boolean));
  return node;
}

/** A card; `topic`, `suggested`, `_state` and `_body` say what it is about. */
export class HomelabCard extends HTMLElement {
  static getStubConfig = () => ({});
  static getConfigForm = () => ({
    schema: [{ name: "config_entry_id", selector: { config_entry: { integration: DOMAIN } } }],
    computeLabel: () => "Homelab",
  });

  static suggestion(hass, entityId) {
    const entity = hass.entities?.[entityId];
    if (entity?.platform !== DOMAIN || !this.suggested.test(entity.translation_key)) return null;
    const config_entry_id = hass.devices[entity.device_id]?.primary_config_entry;
    return { config: { type: `custom:homelab-ai-${this.topic}`, config_entry_id } };
  }

  constructor() {
    super();
    this._told = new Map(); // what was asked for and is shown, by what it is about
    this._open = new Set();
    const root = this.attachShadow({ mode: "open" });
    this._card = element("ha-card");
    this._live = element("div", { class: "live", "aria-live": "polite" });
    root.append(element("style", { text: STYLE }), this._card, this._live);
  }

  setConfig(config) {
    const { config_entry_id } = config;
    this._entry = config_entry_id && { config_entry_id };
    this._restart();
  }

  set hass(hass) {
    const language = this._hass?.language;
    this._hass = hass;
    if (language === hass.language) return;
    loadTexts(hass).then((text) => {
      this._text = text;
      this._restart();
      this._render();
    });
  }

  connectedCallback() {
    this._start();
    this._timer = setInterval(() => this._render(), 30000); // ages go on
  }

  disconnectedCallback() {
    clearInterval(this._timer);
    this._stop();
  }

  getGridOptions = () => ({ columns: 12, rows: "auto" });

  _restart() {
    this._stop();
    this._start();
  }

  _start() {
    if (this._subscribed || !this.isConnected || !this._text) return;
    const type = `${DOMAIN}/subscribe_${this.constructor.topic}`;
    const show = (message) => this._subscribed === subscribed && this._show(message);
    const { connection, language } = this._hass;
    const subscribed = connection.subscribeMessage(show, { type, language, ...this._entry });
    this._subscribed = subscribed;
    subscribed.catch(() => show({ loaded: false }));
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

  _render() {
    if (!this._text) return;
    const root = this.shadowRoot;
    const focused = root.activeElement?.getAttribute("data-focus");
    this._card.replaceChildren(...this._body().flat().filter(Boolean));
    if (focused) root.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  _title() {
    return this._text(`card_${this._state(this._message)}`, { total: this._message?.total ?? 0 });
  }

  _header(...buttons) {
    return element("header", {}, element("h2", { text: this._title() }), buttons);
  }

  _rows(items, row) {
    const shown = list(items).map(row);
    const count = shown.length && this._message.total - shown.length;
    return [element("ul", {}, shown), count > 0 && element("p", { text: this._text("card_more", { count }) })];
  }

  _fold(key, title, items) {
    const summary = element("summary", { text: title, "data-focus": `fold:${key}` });
    const fold = element("details", {}, summary, element("ul", {}, items));
    fold.open = this._open.has(key);
    fold.addEventListener("toggle", () => this._open[fold.open ? "add" : "delete"](key));
    return fold;
  }

  _saying(key, style = "") {
    const said = this._told.get(key)?.map((text) => element("p", { text }));
    return said && element("section", { role: "status", class: style }, said);
  }

  _button(key, word, press, about) {
    const text = this._text(`card_${word}`);
    const label = about ? `${text}: ${about}` : text;
    const button = element("button", { type: "button", text, "data-focus": key, "aria-label": label });
    button.addEventListener("click", press);
    return button;
  }

  _link(id, url) {
    const link = { href: page(url), text: this._text("card_page"), target: "_blank", rel: "noreferrer" };
    return link.href && element("a", { ...link, "data-focus": `page:${id}` });
  }

  /** Return a button that asks for something, and shows what is said or hides it again. */
  _asking(key, word, service, data, read, about) {
    const tell = (said) => {
      this._told.set(key, said);
      this._render();
    };
    const ask = async () => {
      if (this._told.delete(key)) return this._render();
      tell([this._text("card_waiting")]);
      try {
        const service_data = { ...data, language: this._hass.language };
        const call = { type: "call_service", domain: DOMAIN, service, service_data, return_response: true };
        tell(read((await this._hass.callWS(call)).response));
      } catch (error) {
        tell([String(error?.message ?? error)]);
      }
    };
    return this._button(`ask:${key}`, word, ask, about);
  }
}
