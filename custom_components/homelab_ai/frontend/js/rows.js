// What the cards show, as pure functions of what the server sent, in its order.
const HEALTH = ["ok", "degraded", "critical"];
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

export const list = (value) => (Array.isArray(value) ? value.filter(Boolean) : []);

const early = (message) => (message ? message.loaded === false && "gone" : "waiting");

/** Return what can be said of the homelab. It is "ok" only where the server said so. */
export function verdict(message) {
  const { problems, health, total } = message || {};
  const isKnown = Array.isArray(problems) && HEALTH.includes(health);
  const isOk = health === "ok" && total === 0;
  return early(message) || (isKnown && (problems.length ? "problems" : isOk && "ok")) || "unknown";
}

/** Return what can be said of the inbox. */
export function fullness(message) {
  const waiting = message?.waiting;
  return early(message) || (!Array.isArray(waiting) ? "unseen" : waiting.length ? "inbox" : "empty");
}

/** Return how long ago a moment is in words, an empty text where it is not known. */
export function age(moment, language, now = Date.now()) {
  const parsed = Date.parse(moment);
  if (!parsed) return "";
  const seconds = Math.max(0, (now - parsed) / 1000);
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) || UNITS[2];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}

/** Return when something ends in words, an empty text where it does not. */
export function until(moment, language) {
  const format = { dateStyle: "short", timeStyle: "short" };
  return Date.parse(moment) ? new Date(moment).toLocaleString(language, format) : "";
}

/** Return an address that may be opened, null for all but web pages. */
export const page = (address) => (/^https?:\/\//i.test(address) ? address : null);

/** Return an explanation as paragraphs; without a model, what is known and why only that. */
export function paragraphs(response, text) {
  const lines = response?.explanation
    ? [response.explanation, response.next_step]
    : [response?.reason, ...list(response?.evidence).map((one) => `${one.title}: ${one.text}`)];
  const said = list(lines);
  return said.length ? said : [text("card_no_explanation")];
}
