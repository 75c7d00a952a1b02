"""Takes pictures of a running Home Assistant with Chromium: `python -m demo.house.camera < order.json`.

The order: `url`, `tokens` (access_token, refresh_token, expires_in), `language`, `directory`, `height` in
pixels and `shots`, each with `name`, `path` (or a whole address), `clicks`, `questions` (what to ask in the
Assist dialog) and `element` (a CSS selector of what the picture is of, empty for the whole page). A click is
the label of what to click on, or a selector behind `css=`; with ` := ` and a text behind it, a field to fill.
Needs Playwright and nothing else.
"""

import json
from pathlib import Path
import shutil
import sys
import time
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright  # type: ignore[import-not-found]

_WIDTH = 1280
_FLAGS = [
    "--no-sandbox",  # a container has none to give
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_MILLISECONDS_BETWEEN_LOOKS = 2_000
_LOOKS = 10
_MILLISECONDS_TO_CLICK = 5_000
_SECONDS_TO_ANSWER = 120

# Runs before the page's own scripts: what a login in the browser would have left behind.
_LOGGED_IN = """
localStorage.hassTokens = JSON.stringify({tokens});
localStorage.selectedLanguage = JSON.stringify({language});
localStorage.selectedTheme = JSON.stringify({{dark: false}});
localStorage.dockedSidebar = JSON.stringify("docked");
"""


def main() -> int:
    """Take every picture that standard input orders; 0 if all were taken."""
    order: dict[str, Any] = json.load(sys.stdin)
    directory = Path(order["directory"])
    directory.mkdir(parents=True, exist_ok=True)
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        print("Chromium is missing; on Debian: apt-get install chromium", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        context = browser.new_context(
            viewport={"width": _WIDTH, "height": order["height"]},
            device_scale_factor=2,
            locale=order["language"],
            color_scheme="light",
            reduced_motion="reduce",
        )
        context.add_init_script(_login_script(order))
        for shot in order["shots"]:
            page = context.new_page()
            path = shot["path"]
            page.goto(path if path.startswith("http") else f"{order['url']}{path}")
            _settle(page)
            _click(page, shot["clicks"])
            _ask(page, shot["questions"])
            file = directory / f"{shot['name']}.png"
            _taken_of(page, shot["element"], file)
            print(f"    {file} ({file.stat().st_size // 1024} KiB)", flush=True)
            page.close()
        browser.close()
    return 0


def _login_script(order: dict[str, Any]) -> str:
    tokens = order["tokens"]
    return _LOGGED_IN.format(
        tokens=json.dumps(
            {
                "access_token": tokens["access_token"],
                "refresh_token": tokens["refresh_token"],
                "expires_in": tokens["expires_in"],
                "expires": int((time.time() + tokens["expires_in"]) * 1000),
                "token_type": "Bearer",
                "hassUrl": order["url"],
                "clientId": f"{order['url']}/",
            }
        ),
        language=json.dumps(order["language"]),
    )


def _taken_of(page: Page, element: str, file: Path) -> None:
    if element:
        page.locator(element).filter(visible=True).last.screenshot(path=file)
    else:
        page.screenshot(path=file)


def _click(page: Page, labels: list[str]) -> None:
    """Click what bears these labels, or type into it, as a person would."""
    for step in labels:
        label, typed, text = step.partition(" := ")
        if typed:
            field = page.locator(label) if label.startswith("css=") else page.get_by_label(label, exact=True)
            field.filter(visible=True).last.fill(text)
            continue
        places = page.get_by_role("button", name=label).or_(page.get_by_text(label, exact=True))
        if label.startswith("css="):
            places = page.locator(label)
        places.filter(visible=True).last.click(timeout=_MILLISECONDS_TO_CLICK)
        page.mouse.move(0, 0)  # nothing is to look hovered over
        _settle(page)


def _ask(page: Page, questions: list[str]) -> None:
    """Type the questions into the Assist dialog and wait for each answer to its end."""
    if not questions:
        return
    page.keyboard.press("a")  # the frontend's shortcut for Assist
    entry = page.locator("ha-assist-chat input")
    answers = page.locator("ha-assist-chat .message.hass ha-markdown-element")
    for question in questions:
        before = answers.count()
        entry.fill(question)
        entry.press("Enter")
        _until_said(page, answers, before)


def _until_said(page: Page, answers: Locator, before: int) -> None:
    """Wait until there are more answers than before and the last of them has stopped growing."""
    deadline = time.monotonic() + _SECONDS_TO_ANSWER
    said = ""
    while time.monotonic() < deadline:
        page.wait_for_timeout(_MILLISECONDS_BETWEEN_LOOKS)
        text = answers.last.inner_text() if answers.count() > before else ""
        if len(text) > 1 and text == said:  # a lone "…" stands where the answer will be
            return
        said = text
    raise TimeoutError("Assist did not answer")


def _settle(page: Page) -> None:
    """Wait until the page has fetched what it shows and looks the same twice."""
    page.wait_for_load_state("networkidle")
    picture = b""
    for _ in range(_LOOKS):
        page.wait_for_timeout(_MILLISECONDS_BETWEEN_LOOKS)
        before, picture = picture, page.screenshot()
        if picture == before:
            return


if __name__ == "__main__":
    sys.exit(main())
