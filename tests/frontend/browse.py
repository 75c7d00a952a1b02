"""Opens a page in Chromium and says what is there: `python browse.py < order.json`; needs Playwright alone.

The order: `url`, `tokens` as the frontend keeps them, `language`, `path` of the page, `width`, `dark`,
`picture`: where to, `texts` to count, `press`: the labels of buttons of the card, `gone`: what is not said
any more once they were answered, `foreign`: a text to put everywhere. With `markdown`, how many texts
in Markdown the page has, it only says what was asked for. Prints JSON, with the `errors` of the
console; `{}` where Chromium itself does not come up.
"""

import json
import shutil
import sys
from typing import Any

from playwright.sync_api import (  # type: ignore[import-not-found]
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    TimeoutError as NotInTime,
    sync_playwright,
)

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
_PATIENCE = 180_000
"""Milliseconds for what comes at once, on a machine that has nothing else to do."""
_LAUNCHES = 3
_VISITS = 4
"""The frontend waits five seconds for a strategy; a busy machine may need longer to load it, once."""
_STORED = (
    "localStorage.hassTokens = JSON.stringify({}); localStorage.selectedLanguage = JSON.stringify({});"
    "localStorage.selectedTheme = JSON.stringify({});"
)
_SAID = "card => card.shadowRoot.querySelector('ha-card').innerText"

_FOREIGN = """(card, text) => {
    const words = {id: text, name: text, message: text, system: text};
    const problem = {...words, severity: "critical", url: "javascript:x"};
    const problems = [{...problem, consequences: [{message: text}], more: 0}];
    card._show({loaded: true, health: "critical", total: 1, problems});
    const root = card.shadowRoot;
    const texts = [...root.querySelectorAll("strong, p, details li")].map((node) => node.textContent);
    return {texts, elements: root.querySelectorAll("img, script, iframe, a").length};
}"""
"""Shows the card a problem whose every text is foreign, and returns what became of it."""

_FOREIGN_INBOX = """(card, text) => {
    card._show({loaded: true, total: 1, waiting: [{id: text, message: text, url: "javascript:x"}]});
    const root = card.shadowRoot;
    const texts = [...root.querySelectorAll("strong, p")].map((node) => node.textContent);
    return {texts, elements: root.querySelectorAll("img, script, iframe, a").length};
}"""


def _words(said: ConsoleMessage) -> str:
    """Return what the console says, objects with what is in them."""
    return " ".join(json.dumps(part.json_value()) for part in said.args) or said.text


def _launched(playwright: Any) -> Browser | None:
    """Return the browser, None where it does not come up."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    for _ in range(_LAUNCHES):
        try:
            return playwright.chromium.launch(executable_path=executable, args=_FLAGS, timeout=_PATIENCE)
        except Error as err:
            sys.stderr.write(f"{err}\n")
    return None


def _visited(page: Page, address: str, errors: list[str]) -> Locator:
    """Open a page until the problems card shows more than that it waits; return the card."""
    card = page.locator("homelab-ai-problems")
    for visit in range(1, _VISITS + 1):
        errors.clear()
        try:
            page.goto(address)
            card.locator("li").first.wait_for(timeout=_PATIENCE / 3)
            break
        except NotInTime:
            if visit == _VISITS:
                raise
    return card


def _looked_at(page: Page, order: dict[str, Any], errors: list[str]) -> dict[str, Any]:
    card = _visited(page, f"{order['url']}{order['path']}", errors)
    for text in order["texts"]:
        page.get_by_text(text, exact=True).first.wait_for()
    for label in order["press"]:
        card.get_by_role("button", name=label).first.focus()
        page.keyboard.press("Enter")
        card.locator("section[role=status]").first.wait_for()
        card.get_by_text(order["gone"], exact=True).first.wait_for(state="hidden")
    focused = card.evaluate("card => card.shadowRoot.activeElement?.textContent ?? null")
    if order["picture"]:
        page.screenshot(path=order["picture"], type="png")
    inbox = page.locator("homelab-ai-inbox")
    return {
        "text": card.evaluate(_SAID),
        "inbox": inbox.evaluate(_SAID),
        "rows": card.locator("ha-card > ul > li").count(),
        "buttons": card.locator("button").all_inner_texts(),
        "labels": card.get_by_role("button").evaluate_all("all => all.map(one => one.ariaLabel)"),
        "focused": focused,
        "dark": page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"),
        "foreign": [
            card.evaluate(_FOREIGN, order["foreign"]),
            inbox.evaluate(_FOREIGN_INBOX, order["foreign"]),
        ],
        "shown": [page.get_by_text(text, exact=True).count() for text in order["texts"]],
        "warnings": page.locator("hui-error-card, hui-warning").count(),
        "overflow": page.evaluate("document.documentElement.scrollWidth > innerWidth"),
        "errors": errors,
    }


def _asked(page: Page, order: dict[str, Any]) -> dict[str, Any]:
    """Return what a page with so many texts in Markdown asks for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{order['url']}{order['path']}")
    page.locator("ha-markdown-element").nth(order["markdown"] - 1).wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    return {"asked": asked, "shown": page.locator("ha-markdown-element").count()}


def main() -> None:
    """Do what standard input orders."""
    order: dict[str, Any] = json.load(sys.stdin)
    errors: list[str] = []
    stored = (order["tokens"], order["language"], {"dark": order["dark"]})
    with sync_playwright() as playwright:
        if (browser := _launched(playwright)) is None:
            sys.stdout.write("{}")
            return
        context = browser.new_context(
            viewport={"width": order["width"], "height": 1500},
            locale=order["language"],
            color_scheme="dark" if order["dark"] else "light",
        )
        context.add_init_script(_STORED.format(*map(json.dumps, stored)))
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.on("console", lambda said: errors.append(_words(said)) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        found = _asked(page, order) if "markdown" in order else _looked_at(page, order, errors)
        sys.stdout.write(json.dumps(found))
        browser.close()


if __name__ == "__main__":
    main()
