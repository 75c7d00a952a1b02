"""The page about the actions, docs/actions.md: its examples, and the homelab that they are run in.

Each action has a section of its own: what it does, its fields, an example call in YAML and what came of it in
JSON. `python -m pytest tests/test_actions_page.py --snapshot-update` writes the answers anew.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
import json
from pathlib import Path
import re
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from custom_components.homelab_ai.coordinator.habits import HabitCoordinator
from custom_components.homelab_ai.habits.days import DayType
from custom_components.homelab_ai.habits.habit import BackTest, Habit, HabitKind
from demo.servers.forge.github import WRITE, GitHub
from demo.servers.forge.repository import Repository
from demo.servers.kubernetes import READ_ONLY, RECONCILE, TOKEN, ApiServer, homelab_cluster
from demo.servers.ollama import OllamaServer, Reply
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

from .acting import person
from .common import ai_task_subentry, conversation_subentry, homelab_entry, set_up
from .looking import until
from .proposals.corpus import Layout, repository as gitops
from .systems import Alerts
from .translations import PACKAGE

PAGE = PACKAGE.parent.parent / "docs" / "actions.md"
CLUSTER = "01JD5Q3M8RKQ2W7B9X4T6V1ZCK"
ALERTS = "01JD5Q4F0A7S3N8E2H5C9M6YPD"
FORGE = "01JD5Q5H2K9C3R7M4V8X6B1TND"
PATHS = ["kubernetes/apps"]
NAMES = {"switch.coffee": "Coffee machine", "light.terrace": "Terrace"}
TODAY = date(2026, 11, 27).toordinal()
_SECTION = re.compile(r"^### `homelab_ai\.(?P<name>\w+)`\n(?P<text>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r"^```yaml\n(?P<call>.*?)^```", re.MULTILINE | re.DOTALL)
_ANSWER = re.compile(r"^```json\n(?P<answer>.*?)^```", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\| `(?P<name>\w+)` \|", re.MULTILINE)

# What the simulated model says, where it is asked.
SAID = {
    "ask": "Sleep well, everyone: the backups are running, and so are the cats.",
    "explain_problem": json.dumps(
        {
            "explanation": "The image tag v9.9.9 of Open WebUI does not exist, so the pod cannot start.",
            "next_step": "Correct the tag in the Git repository.",
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Section:
    """What the page says of one action."""

    name: str
    text: str

    @property
    def call(self) -> dict[str, Any]:
        """Return the example as an automation's step."""
        found = _CALL.search(self.text)
        assert found, f"{self.name} has no example"
        steps = parse_yaml(found["call"])
        assert isinstance(steps, list)
        (step,) = steps
        assert isinstance(step, dict)
        return step

    @property
    def answer(self) -> Any:
        """Return what came of the example."""
        found = _ANSWER.search(self.text)
        assert found, f"{self.name} has no answer"
        return json.loads(found["answer"] or "null")

    @property
    def fields(self) -> set[str]:
        """Return the fields that its table explains."""
        return set(_FIELD.findall(self.text))


def sections(page: str) -> dict[str, Section]:
    """Return the sections of the page by the names of their actions."""
    return {found["name"]: Section(found["name"], found["text"]) for found in _SECTION.finditer(page)}


def with_answers(page: str, answers: Mapping[str, Any]) -> str:
    """Return the page with these answers."""

    def section(found: re.Match[str]) -> str:
        told = json.dumps(answers[found["name"]], indent=2, ensure_ascii=False)
        return _ANSWER.sub(lambda _: f"```json\n{told}\n```", found[0], count=1)

    return _SECTION.sub(section, page)


def shape(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of everything that an answer consists of; items of a list are all of one kind."""
    match value:
        case dict():
            for name, one in value.items():
                yield f"{path}.{name}"
                yield from shape(one, f"{path}.{name}")
        case list():
            for one in value:
                yield from shape(one, f"{path}[]")


def _system(subentry_id: str, kind: str, title: str, **data: Any) -> ConfigSubentryDataWithId:
    return ConfigSubentryDataWithId(
        subentry_id=subentry_id,
        subentry_type="system",
        title=title,
        unique_id=None,
        data=MappingProxyType({"kind": kind, **data}),
    )


def _delivered() -> dict[str, str]:
    """Return files of Flux in which two apps are off, and one needs the other."""
    off = ("ollama", "paperless-ai")
    return {
        path: text for path, text in gitops(Layout.LISTED, off).items() if "/ai/" in path or "/flux/" in path
    }


def _repository(forge: GitHub) -> str:
    """Fill a repository with a proposal and an update; return a token."""
    files = {"kubernetes/apps/monitoring/grafana/app/helmrelease.yaml": "version: 10.1.4\n"}
    made = forge.add(Repository("home/k8s", {**_delivered(), **files}))
    mark = "Asked for by voice.\n\n<!-- homelab_ai:0a1b2c3d -->\n"
    made.open(
        "Enable paperless-ai",
        "homelab-ai/enable-paperless-ai-0a1b2c3d",
        author="ha-bot",
        body=mark,
        draft=True,
    )
    made.branches["renovate/grafana-10.x"] = made.branches["main"]
    made.change(dict.fromkeys(files, "version: 10.2.0\n"), branch="renovate/grafana-10.x")
    update = made.open(
        "Update grafana ( 10.1.4 → 10.2.0 )",
        "renovate/grafana-10.x",
        diff="".join(f"--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n" for path in files)
        + "-version: 10.1.4\n+version: 10.2.0\n",
    )
    made.checks[update.head_sha] = [{"name": "flate", "status": "completed", "conclusion": "success"}]
    return forge.token("ha-bot", WRITE)


@asynccontextmanager
async def _configuration(hass: HomeAssistant) -> AsyncGenerator[None]:
    """A folder of its own, with a file for automations."""
    kept = hass.config.config_dir
    with TemporaryDirectory() as folder:
        _write(Path(folder))
        hass.config.config_dir = folder
        yield
        hass.config.config_dir = kept


def _write(folder: Path) -> None:
    (folder / "configuration.yaml").write_text("automation: !include automations.yaml\n")
    (folder / "automations.yaml").write_text("[]\n")


async def _offer_habits(hass: HomeAssistant, habits: HabitCoordinator) -> None:
    """Two habits wait for an answer."""
    assert await async_setup_component(hass, "automation", {})
    test = BackTest(10, 9)
    coffee = Habit(
        HabitKind.TIME, "switch.coffee", "on", 17, 20, DayType.WORKING, 400, 415, 407, back_test=test
    )
    terrace = replace(
        coffee, entity="light.terrace", day_type=DayType.WEEKEND, minute=1260, begin=1251, end=1268
    )
    for day, habit in enumerate((coffee, terrace)):
        hass.states.async_set(habit.entity, "off", {"friendly_name": NAMES[habit.entity]})
        habits.offers.update([habit], TODAY + day)


def _devices(hass: HomeAssistant) -> None:
    """A router tracks a device."""
    told = {"source_type": "router", "mac": "24:0A:C4:11:22:33", "ip": "192.168.1.57", "host_name": "heating"}
    hass.states.async_set("device_tracker.heating", "home", told)


@asynccontextmanager
async def homelab(hass: HomeAssistant, hub: OllamaServer) -> AsyncGenerator[None]:
    """A homelab in which an image cannot be pulled, a volume is degraded and an alert fires."""
    server = ApiServer(rbac=(*READ_ONLY, *RECONCILE))
    async with _configuration(hass), server as api, Alerts() as alerts, GitHub() as forge:
        cluster = homelab_cluster(api)
        cluster.break_pod_image()
        cluster.degrade_volume()
        alerts.firing = {"NodeDiskFull": "critical"}
        token = _repository(forge)
        _devices(hass)
        entry = homelab_entry(
            hub.url,
            conversation_subentry(),
            ai_task_subentry(),
            _system(CLUSTER, "kubernetes", "k3s", url=api.url, token=TOKEN),
            _system(ALERTS, "alertmanager", "Alertmanager", url=alerts.url),
            _system(FORGE, "forge", "k8s", url=f"{forge.url}/home/k8s", token=token, paths=PATHS),
            options={"vram_total": 16, "habits": True, "network": True},
        )
        await set_up(hass, entry)
        await _offer_habits(hass, entry.runtime_data.habits)
        health = entry.runtime_data.health
        await until(lambda: len({one.source for one in health.data.problems}) == 2)
        await until(lambda: sum(map(len, health.data.consequences.values())) == 2)
        yield


async def run(hass: HomeAssistant, hub: OllamaServer, section: Section) -> Any:
    """Return what comes of an example."""
    if section.name in SAID:
        hub.script(Reply(SAID[section.name]))
    call = section.call
    # Only a person may accept a habit.
    context = await person(hass, "Eve", admin=True) if section.name == "accept_habit" else None
    domain, _, action = call["action"].partition(".")
    return await hass.services.async_call(
        domain, action, call.get("data", {}), blocking=True, return_response=True, context=context
    )
