"""Chapters: who is in the network, and what of the house a lost node takes with it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path

from custom_components.homelab_ai.network.register import Register
from custom_components.homelab_ai.network.sighting import Heard, Sighting
from demo.servers.kubernetes.homelab import ADDRESSES, NODES

from .. import flow
from ..assist import Conversation
from ..check import Finding
from ..client import Json
from ..configuration import CAMERA, DOMAIN
from ..homelab import PIPELINE, make_voice, set_options
from ..systems import KUBERNETES
from .guide import Guide, raised

_TRACKER = "device_tracker"
_FAMILY = (
    ("a8:5e:45:10:20:01", "fritz-box", "192.168.178.1"),
    ("f0:18:98:10:20:02", "annas-macbook", "192.168.178.41"),
    ("b8:27:eb:10:20:03", "pi-hole", "192.168.178.53"),
    ("44:07:0b:10:20:04", "chromecast", "192.168.178.60"),
)
"""What has been in the network for long: address, host name, IP."""
_GUEST = ("6e:11:22:33:44:55", "pixel-9", "192.168.179.20")
_STRANGER = ("24:0a:c4:66:77:88", "esp_4a21", "192.168.178.77")
_LOST = NODES[2]
_LISTENED = timedelta(days=2)
_SECONDS_TO_NOTICE = 60  # looks at the network are half a minute apart
_SECONDS_WITHOUT = 1.0


async def meet_devices(guide: Guide) -> list[Finding]:
    """A guest's phone is no news, a stranger is."""
    guide.console.step("Who is in the network: as if Home Assistant had listened for two days")
    for mac, hostname, ip in _FAMILY:
        await _appears(guide, mac, hostname, ip)
    await asyncio.to_thread(_remember, _kept(guide), datetime.now(UTC) - _LISTENED)
    await set_options(guide.client, guide.entry_id, network=True, **guide.lab.untold)
    guide.happenings.begin()
    guide.console.note("a guest's phone joins the guest Wi-Fi, with an address that it has made up")
    await _appears(guide, *_GUEST, essid="guests", is_guest=True)
    await _listen(guide)
    told = [one for one in guide.happenings.since_begin if one.data.get("kind") == "unknown_device"]
    guide.console.note("an ESP32 that nobody knows joins the Wi-Fi of the house")
    await _appears(guide, *_STRANGER, essid="home")
    await _listen(guide)
    noticed = await guide.happenings.until(raised("unknown_device"), seconds=_SECONDS_TO_NOTICE)
    listed = (await guide.client.asked("homelab_ai.list_devices"))["devices"]
    waiting = [device for device in listed if device["verdict"] == "new"]
    for device in waiting:
        await guide.client.asked("homelab_ai.review_device", device=device["id"], verdict="known")
    return [
        Finding(not told, "a guest's phone is not told as a stranger"),
        Finding(noticed, "a device that nobody knows became an event"),
        Finding(
            [device["name"] for device in waiting] == [_STRANGER[1]],
            "it is the only one that waits for a person's word",
        ),
    ]


async def lose_node(guide: Guide) -> list[Finding]:
    """A node goes silent, and with it what records the camera of the house."""
    guide.console.step(f"{_LOST} goes silent; a camera of the house is recorded on it")
    camera = await _camera(guide)
    await _listen(guide)
    guide.happenings.begin()
    guide.lab.cluster.lose_node(_LOST)
    await guide.client.post(f"/api/states/{camera}", {"state": "unavailable"})
    await guide.look_now(KUBERNETES)
    noticed = await guide.happenings.until(raised("node_not_ready"), seconds=_SECONDS_TO_NOTICE)
    lost = [
        one.data.get("house", []) for one in guide.happenings.since_begin if raised("node_not_ready")(one)
    ]
    await _listen(guide)
    speech = await _asked(guide, guide.phrases.why_camera)
    guide.lab.cluster.mend()
    await guide.client.post(f"/api/states/{camera}", {"state": "off"})
    sensor = (await guide.homelab()).of_system(KUBERNETES, "nodes_not_ready")
    mended = sensor and await guide.until_state(sensor.entity_id, "0", _SECONDS_TO_NOTICE)
    return [
        Finding(noticed, "a lost node became an event"),
        Finding(any("Demo Camera" in names for names in lost), "it names what of the house depends on it"),
        Finding(_LOST in speech, "why the camera is offline is answered by the node"),
        Finding(mended is not None, "the node is back"),
    ]


async def _appears(guide: Guide, mac: str, hostname: str, ip: str, **told: object) -> None:
    """Let a router say that a device is there."""
    attributes = {"source_type": "router", "mac": mac, "ip": ip, "host_name": hostname, **told}
    entity = f"{_TRACKER}.{hostname.replace('-', '_')}"
    await guide.client.post(f"/api/states/{entity}", {"state": "home", "attributes": attributes})


async def _listen(guide: Guide) -> None:
    """Let the network be looked at now."""
    sensor = (await guide.homelab()).of_hub("network_devices")
    if sensor is not None:
        await guide.client.act("homeassistant.update_entity", entity_id=sensor.entity_id)
    await asyncio.sleep(_SECONDS_WITHOUT)


def _kept(guide: Guide) -> Path:
    """Where the integration keeps what it knows of the network."""
    return guide.options.directory / "config" / ".storage" / f"{DOMAIN}.{guide.entry_id}.network"


def _remember(file: Path, since: datetime) -> None:
    """Write what would have been remembered since then, unless something is."""
    if file.exists():
        return
    register = Register()
    sightings = tuple(
        Sighting(mac.replace(":", ""), _TRACKER, ip, hostname, is_here=True) for mac, hostname, ip in _FAMILY
    )
    register.take(Heard(sightings, frozenset({_TRACKER})), since)
    content = {"version": 1, "minor_version": 1, "key": file.name, "data": register.as_stored()}
    file.write_text(json.dumps(content), encoding="utf-8")


async def _camera(guide: Guide) -> str:
    """Add the camera to Home Assistant, or find it; returns the entity of it."""
    entered = {"name": guide.phrases.camera, "host": ADDRESSES[_LOST]}
    found = await _entities(guide)
    if not found:
        path = "/api/config/config_entries/flow"
        await flow.completed(guide.client, path, CAMERA, {"user": lambda _: entered}, lambda *_: None)
        found = await _entities(guide)
    return found[0]


async def _entities(guide: Guide) -> Sequence[str]:
    listed: list[Json] = await guide.client.command("config/entity_registry/list")
    return [entity["entity_id"] for entity in listed if entity["platform"] == CAMERA]


async def _asked(guide: Guide, question: str) -> str:
    """Ask Jarvis; returns what is said."""
    agent = (await guide.homelab()).first("conversation").entity_id
    pipeline = await make_voice(guide.client, agent, guide.language)
    talk = Conversation(guide.client, guide.console, pipeline, guide.phrases.you, PIPELINE)
    return (await talk.ask(question)).speech
