// The problems card and the inbox card.
import { DOMAIN, HomelabCard, element } from "./card.js";
import { age, fullness, list, paragraphs, until, verdict } from "./rows.js";

const ICONS = { critical: "mdi:alert-circle", warning: "mdi:alert", info: "mdi:information" };

export class ProblemsCard extends HomelabCard {
  static topic = "problems";
  static suggested = /^(health|(critical_|muted_)?problems)$/;
  _state = verdict;

  _body() {
    const { problems, muted, muted_total } = this._message || {};
    const briefing = { style: "written", ...this._entry };
    const quiet = list(muted).map((one) => this._row(one, "unmute"));
    return [
      this._header(this._asking("briefing", "briefing", "briefing", briefing, (said) => said.text.split("\n"))),
      this._saying("briefing"),
      this._rows(problems, (one) => this._row(one, "mute")),
      quiet.length && this._fold("muted", this._text("card_muted", { count: muted_total }), quiet),
    ];
  }

  _row({ id, name, severity, consequences, ...problem }, action) {
    const { language, user } = this._hass;
    const time = until(problem.muted_until, language);
    const facts = [
      this._text(`card_${severity}`),
      problem.system,
      age(problem.since, language),
      time && this._text("card_until", { time }),
    ];
    const title = this._text("card_consequences", { count: consequences.length + problem.more });
    return element(
      "li",
      { class: severity },
      element("div", {}, element("ha-icon", { icon: ICONS[severity] }), element("strong", { text: name })),
      element("p", { text: problem.message }),
      element("small", { text: facts.filter(Boolean).join(" · ") }),
      consequences.length && this._fold(id, title, consequences.map((one) => element("li", { text: one.message }))),
      this._saying(id),
      element(
        "div",
        {},
        this._asking(id, "explain", "explain_problem", { problem_id: id }, (said) => paragraphs(said, this._text), name),
        user?.is_admin && this._button(`mute:${id}`, action, () => this._act(action, id), name),
        this._link(id, problem.url),
      ),
    );
  }

  // Home Assistant itself shows an error of this.
  _act(action, problem_id) {
    return this._hass.callService(DOMAIN, `${action}_problem`, { problem_id }).catch(() => undefined);
  }
}

/** What waits for a person. */
export class InboxCard extends HomelabCard {
  static topic = "inbox";
  static suggested = /^inbox$/;
  _state = fullness;

  _body() {
    return [this._header(), this._rows(this._message?.waiting, (one) => this._row(one))];
  }

  _row({ id, message, since, url, change }) {
    const read = ({ explanation, diff }) => [explanation, ...diff.split("\n")];
    return element(
      "li",
      {},
      element("strong", { text: message }),
      element("small", { text: age(since, this._hass.language) }),
      this._saying(id, "diff"),
      element(
        "div",
        {},
        change && this._asking(id, "diff", "explain_pull_request", change, read, message),
        this._link(id, url),
      ),
    );
  }
}
