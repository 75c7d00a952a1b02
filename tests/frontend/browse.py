"""Opens pages in Chromium and says what is there: `python browse.py < order.json`; needs Playwright alone.

The order: `url`, `tokens` as the frontend keeps them, `language`, `path` of the page, `width`, `texts` to
count, `press`: the labels of buttons of the card. Prints JSON, with the `errors` of the console.
"""

import json
import shutil
import sys
from typing import Any

from playwright.sync_api import ConsoleMessage, sync_playwright  # type: ignore[import-not-found]

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_PATIENCE = 60_000
"""Milliseconds: the first page of a cold browser on a busy machine."""
_STORED = "localStorage.hassTokens = JSON.stringify({}); localStorage.selectedLanguage = JSON.stringify({});"
_SAID = "card => card.shadowRoot.querySelector('ha-card').innerText"

_FOREIGN = """(card, text) => {
    const words = {id: text, name: text, message: text, system: text};
    const problem = {...words, severity: "critical", url: "javascript:x"};
    const problems = [{...problem, consequences: [{message: text}]}];
    card._show({loaded: true, health: "critical", total: 1, problems});
    const root = card.shadowRoot;
    const texts = [...root.querySelectorAll("strong, p, details li")].map((node) => node.textContent);
    return {texts, elements: root.querySelectorAll("img, script, iframe, a").length};
}"""
"""Shows the card a problem whose every text is foreign, and returns what became of it."""


def _words(said: ConsoleMessage) -> str:
    """Return what the console says, objects with what is in them."""
    return " ".join(json.dumps(part.json_value()) for part in said.args) or said.text


def main() -> None:
    """Do what standard input orders."""
    order: dict[str, Any] = json.load(sys.stdin)
    errors: list[str] = []
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        context = browser.new_context(
            viewport={"width": order["width"], "height": 1500}, locale=order["language"]
        )
        context.add_init_script(_STORED.format(json.dumps(order["tokens"]), json.dumps(order["language"])))
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.on("console", lambda said: errors.append(_words(said)) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{order['url']}{order['path']}")
        card = page.locator("homelab-ai-problems")
        card.locator("h2").wait_for()
        page.wait_for_timeout(2_000)
        for label in order["press"]:
            card.get_by_role("button", name=label).first.focus()
            page.keyboard.press("Enter")
            page.wait_for_timeout(2_000)
        sys.stdout.write(
            json.dumps(
                {
                    "text": card.evaluate(_SAID),
                    "buttons": card.locator("button").all_inner_texts(),
                    "foreign": card.evaluate(_FOREIGN, order["foreign"]),
                    "shown": [page.get_by_text(text, exact=True).count() for text in order["texts"]],
                    "warnings": page.locator("hui-error-card, hui-warning").count(),
                    "overflow": page.evaluate("document.documentElement.scrollWidth > innerWidth"),
                    "errors": errors,
                }
            )
        )
        browser.close()


if __name__ == "__main__":
    main()
