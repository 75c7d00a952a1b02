// What the problems card shows, as pure functions of what the server sent.
const SEVERITIES = ["critical", "warning", "info"];
const HEALTH = ["ok", "degraded", "critical", "unknown"];
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

/**
 * Return what can be said of the homelab: "waiting", "gone", "unknown", "ok" or "problems".
 * It is "ok" only where the server said so: what is missing is never OK.
 */
export function verdict(message) {
  if (message === undefined || message === null) return "waiting";
  if (message.loaded === false) return "gone";
  if (!Array.isArray(message.problems) || !HEALTH.includes(message.health)) return "unknown";
  if (message.problems.length) return "problems";
  return message.health === "ok" && message.total === 0 ? "ok" : "unknown";
}

/** Return the problems as rows, worst first, the oldest first among equals. */
export function rows(problems) {
  return list(problems)
    .filter((problem) => problem.id)
    .map(row)
    .sort((one, other) => rank(one) - rank(other) || time(one.since) - time(other.since));
}

function row(problem) {
  return {
    id: String(problem.id),
    name: String(problem.name ?? ""),
    message: String(problem.message ?? ""),
    system: String(problem.system ?? ""),
    severity: SEVERITIES.includes(problem.severity) ? problem.severity : "warning",
    since: problem.since,
    url: link(problem.url),
    consequences: list(problem.consequences).map((one) => String(one.message ?? "")),
    more: Number(problem.more) || 0,
  };
}

const list = (value) => (Array.isArray(value) ? value.filter(Boolean) : []);

const rank = (problem) => SEVERITIES.indexOf(problem.severity);
const time = (moment) => Date.parse(moment) || Infinity;

/** Return how long ago a moment is in words of a language, an empty text where it is not known. */
export function age(moment, now, language) {
  const parsed = Date.parse(moment);
  if (!parsed) return "";
  const seconds = Math.max(0, (now - parsed) / 1000);
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) || ["minute", 60];
  return words.format(-Math.floor(seconds / size), unit);
}

/** Return an address that may be opened, null for all but web pages. */
export function link(address) {
  try {
    const url = new URL(String(address));
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Return an explanation as paragraphs; without a model there is what is known, and why only that. */
export function paragraphs(response, text) {
  const lines = response?.explanation
    ? [response.explanation, response.next_step]
    : [response?.reason, ...list(response?.evidence).map((one) => `${one.title}: ${one.text}`)];
  const said = lines.filter(Boolean).map(String);
  return said.length ? said : [text("card_no_explanation")];
}
