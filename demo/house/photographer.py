"""Pictures of the house, taken by a process of its own: `camera` needs a browser and Playwright."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from dataclasses import asdict
import json
import re
import sys
from urllib.parse import urlsplit

from demo.servers.forge.gitea import PASSWORD
from demo.servers.forge.homelab import BOT

from . import dashboard
from .client import Json
from .console import Console
from .errors import DemoError
from .homelab import inspected
from .house import House
from .lab import Lab
from .options import ROOT, Options
from .phrases import PHRASES

_HOME = "/home"
_WISH = "Set Vaultwarden to version 1.34.5"
_TOKEN_FORM = "form[action$='/user/settings/applications']"


async def take_pictures(options: Options, console: Console, house: House, entry_id: str, lab: Lab) -> None:
    """Write the pictures into `options.screenshots`; raises DemoError if the camera fails."""
    console.step(f"Taking pictures into {options.screenshots}")
    if options.pages:
        shots = [shot(page) for page in options.pages]
    else:
        device = (await inspected(house.client, entry_id)).hub_device_id
        phrases = PHRASES[house.memory.language]
        shots = [
            shot(f"/config/devices/device/{device}", name="device-page"),
            shot(f"/{dashboard.PATH}", name="dashboard"),
            shot(_HOME, name="assist", questions=(phrases.command, phrases.questions["health"])),
            *await _of_gateway(house, lab),
        ]
    # What the tour had to tell, and what is solved meanwhile, is not what the pictures are about.
    await house.client.act("automation.turn_off", entity_id="all")
    await house.client.act("persistent_notification.dismiss_all")
    order = {
        "url": house.address,
        "tokens": asdict(house.tokens),
        "language": house.memory.language,
        "directory": str(options.screenshots),
        "height": options.height,
        "shots": shots,
    }
    try:
        await _taken(order)
    finally:
        await house.client.act("automation.turn_on", entity_id="all")


async def _of_gateway(house: House, lab: Lab) -> list[Json]:
    """Pictures of the way from a token to a draft, on a real Gitea; none without one."""
    if lab.gitea is None or house.memory.language != "en":
        return []
    draft = await house.client.asked("homelab_ai.propose_change", request=_WISH)
    tokens = f"{lab.gitea.url}/user/login?redirect_to=/user/settings/applications"
    entered = f"Username or Email Address := {BOT} > css=#password := {PASSWORD} > Sign In"
    rights = "Token Name := Home Assistant > css=[value='write:repository'] > css=[value='read:issue']"
    return [
        shot(f"{tokens} > {entered} > {rights}", name="gateway-token", element=_TOKEN_FORM),
        shot("/config/integrations/integration/homelab_ai > Add system > Git forge", name="gateway-form"),
        shot(f"/{dashboard.PATH}", name="gateway-proposal"),
        shot(str(draft["url"]), name="gateway-draft", element=".timeline-item.comment .render-content"),
    ]


async def _taken(order: Json) -> None:
    """Give the order to a camera; raises DemoError if it fails."""
    camera = await asyncio.create_subprocess_exec(
        *await _camera_command(), stdin=PIPE, cwd=ROOT, start_new_session=True
    )
    try:
        await camera.communicate(json.dumps(order).encode())
    finally:
        if camera.returncode is None:
            camera.kill()
    if camera.returncode:
        raise DemoError("The pictures could not be taken")


def shot(page: str, name: str = "", questions: Sequence[str] = (), element: str = "") -> Json:
    """One picture of the camera's order; `page` is as in the options, its path names the picture.

    `element` selects what of the page is shown.
    """
    path, *clicks = (part.strip() for part in page.split(" > "))
    words = " ".join((urlsplit(path).path, urlsplit(path).query, *clicks)).lower()
    return {
        "name": name or re.sub(r"[\W_]+", "-", words).strip("-") or "page",
        "path": path,
        "clicks": clicks,
        "questions": list(questions),
        "element": element,
    }


async def _camera_command() -> list[str]:
    """How to run the camera: Playwright stays out of the environment that Home Assistant runs in."""
    script = await asyncio.create_subprocess_exec(ROOT / "scripts" / "uv", stdout=PIPE)
    uv, _ = await script.communicate()
    if script.returncode:
        raise DemoError("uv, which installs Playwright, is missing")
    return [
        uv.decode().strip(),
        *("run", "--quiet", "--no-project", "--python", sys.executable, "--with", "playwright"),
        *("python", "-m", "demo.house.camera"),
    ]
