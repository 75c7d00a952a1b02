"""docs/systems.md against the code: fields, entities, how often, and kinds with severity and patience."""

from datetime import timedelta
from pathlib import Path
import re
from unittest.mock import MagicMock

import pytest

from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes.sights import DELETION
from custom_components.homelab_ai.health.kinds import HEARTBEAT, KINDS, OFFLINE
from custom_components.homelab_ai.monitors import MONITORS
from custom_components.homelab_ai.monitors.bad_states import WAITS as SHOULD_PASS
from custom_components.homelab_ai.monitors.heartbeats import PATIENCE as SILENCE
from custom_components.homelab_ai.monitors.kubernetes.noted import GOING
from custom_components.homelab_ai.monitors.kubernetes.table import ROWS as OBJECTS
from custom_components.homelab_ai.monitors.monitor import Settings
from custom_components.homelab_ai.monitors.presets import PRESETS

from .translations import load

MINUTE = timedelta(minutes=1)
ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "systems.md").read_text()
PATIENCES = re.findall(r"^\| [^|]+ \| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
ROWS = [(kind, severity) for kind, severity, _ in PATIENCES]


def test_rows_are_true() -> None:
    assert {kind for kind, _ in ROWS} <= KINDS.keys()
    assert all(f"`{KINDS[kind].severity.value}`" in said for kind, said in ROWS)


def test_every_kind_of_the_systems_outside_a_cluster_has_a_row() -> None:
    folder = ROOT / "custom_components" / "homelab_ai" / "monitors"
    source = "".join(path.read_text() for path in folder.glob("*.py"))
    # A heartbeat is no problem; it is only remembered.
    reported = {kind for kind in KINDS if f'"{kind}"' in source} | {OFFLINE, "alerts_silent"}
    reported -= {HEARTBEAT}
    assert len(reported) > 12
    assert reported <= {kind for kind, _ in ROWS}


def test_every_kind_has_a_row() -> None:
    assert {kind for kind, _ in ROWS} == KINDS.keys() - {HEARTBEAT}


WAITS = dict(
    re.findall(
        r"^\| ([^|]+) \| ([^|`]+) \|$",
        (ROOT / "docs" / "kubernetes.md").read_text().partition("### How long ")[2],
        re.MULTILINE,
    )
)
# What the page calls the objects of a row, where it does not use their kind.
CALLED = {
    "GitRepository": "source of Flux",
    "OCIRepository": "source of Flux",
    "HelmRepository": "source of Flux",
    "HelmChart": "source of Flux",
    "Bucket": "source of Flux",
    "ImageRepository": "image automation of Flux",
    "ImagePolicy": "image automation of Flux",
    "ImageUpdateAutomation": "image automation of Flux",
    "Check": "check, clean-up, archive or restore",
    "Prune": "check, clean-up, archive or restore",
    "Archive": "check, clean-up, archive or restore",
    "Restore": "check, clean-up, archive or restore",
    "Backup": "a backup, check",
    "Certificate": "a certificate that is being issued",
    "Issuer": "an issuer",
    "ClusterIssuer": "an issuer",
    "Deployment": "a workload",
    "StatefulSet": "a workload",
    "DaemonSet": "a workload",
    "PersistentVolumeClaim": "a claim",
    "Job": "a job",
    "CronJob": "a cron job",
}


@pytest.mark.parametrize(
    ("noun", "minutes"),
    sorted(
        {
            (row.noun, int((judgement.not_yet or judgement.patience).total_seconds() / 60))
            for row in OBJECTS.values()
            for aspect, judgement in row.judgements.items()
            if (judgement.not_yet or judgement.patience) and aspect != DELETION
        }
    ),
)
def test_how_long_not_yet_may_last(noun: str, minutes: int) -> None:
    said = "a day" if minutes == 24 * 60 else f"{minutes} minutes"
    times = [time for waits, time in WAITS.items() if CALLED.get(noun, noun) in waits]
    assert any(said in time for time in times), (noun, said, times)


def test_how_long_deleting_may_last() -> None:
    assert {row.judgements[DELETION].not_yet for row in OBJECTS.values() if row.judgements} == {GOING}
    assert WAITS["an object that is being deleted"] == f"{GOING.total_seconds() / 60:.0f} minutes"


def dialogs() -> dict[str, str]:
    """Return the section of each kind of system by its name in the menu."""
    page = (ROOT / "docs" / "systems.md").read_text()
    text = page.partition("## What the dialogs ask for")[2].partition("\n## ")[0]
    return {part.partition("\n")[0]: part for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]}


STEP = ("config_subentries", "system", "step")


@pytest.mark.parametrize("kind", MONITORS)
def test_every_field_of_a_dialog_is_explained_as_the_dialog_does(kind: str) -> None:
    texts = load("en")
    section = dialogs()[texts[*STEP, "user", "menu_options", kind]]
    rows = dict(re.findall(r"^\| ([^|]+) \| (.*) \|$", section, re.MULTILINE))
    ours = {path: text for path, text in texts.items() if path[:4] == (*STEP, kind)}
    labels = {path: text for path, text in ours.items() if path[-2] == "data" and path[-1] != "name"}
    assert set(rows) == set(labels.values())
    for path, label in labels.items():
        told = ours[*path[:-2], "data_description", path[-1]]
        told = re.sub(r" \[[^\]]+\]\(\{\w+\}\)", "", told)  # a link to this very page
        assert re.sub(r"`[^`]+`", "", rows[label]) == re.sub(r"\{\w+\}", "", told).replace("|", "\\|")


def test_queries_to_begin_with_are_those_of_the_dialog() -> None:
    page = (ROOT / "docs" / "systems.md").read_text().partition("## Queries to begin with")[2]
    rows = re.findall(r"^\| ([^|]+) \| `(.+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    texts = load("en")
    assert rows == [
        (
            texts["common", f"preset_{key}"],
            preset.query,
            preset.unit,
            f"above {preset.above:g}" if preset.above else f"below {preset.below:g}" if preset.below else "–",
            preset.exporter,
        )
        for key, preset in PRESETS.items()
    ]


TIMED = {
    judgement.kind
    for row in OBJECTS.values()
    for judgement in row.judgements.values()
    if judgement.not_yet or judgement.patience
}
"""Kinds that an object of a cluster has once it has waited for too long."""
OF_DIALOG = {
    **dict.fromkeys(("entity_unavailable", "entity_gone"), "the entity's patience"),
    **dict.fromkeys(("device_unavailable", "integration_unavailable"), "the entity's patience"),
    **dict.fromkeys(("stuck", "overdue"), "the hours of its dialog"),
    "entity_bad": f"at once; {SHOULD_PASS // MINUTE} minutes where it should pass",
    "alerts_silent": f"{SILENCE // MINUTE} minutes",
}


@pytest.mark.parametrize(("kind", "said"), [(kind, said) for kind, _, said in PATIENCES])
def test_patience_is_true(kind: str, said: str) -> None:
    its_time = "at once, or [after its time](kubernetes.md#how-long-not-yet-may-last)"
    assert not KINDS[kind].patience
    assert said == OF_DIALOG.get(kind, its_time if kind in TIMED else "at once")


FIELDS = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$",
    PAGE.partition("## Fields and entities")[2].partition("## Kinds")[0],
    re.MULTILINE,
)[1:]
OFTEN = dict(
    re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", PAGE.partition("## Fields and entities")[0], re.MULTILINE
    )
)
EVERY = {
    timedelta(seconds=30): "every 30 seconds",
    timedelta(minutes=1): "every minute",
    timedelta(minutes=5): "every five minutes",
}


def keys(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


@pytest.mark.parametrize(
    ("kind", "row"), zip(MONITORS, FIELDS, strict=True), ids=lambda one: one if isinstance(one, str) else ""
)
def test_fields_entities_and_interval(kind: str, row: tuple[str, str, str]) -> None:
    name, fields, entities = row
    monitor_class = MONITORS[kind]
    url = "https://nas.home"
    settings = Settings("s", "n", {"url": url}, MagicMock(), Connection(url), hass=MagicMock())
    monitor = monitor_class(settings)
    assert keys(fields) == [field.key for field in monitor_class.fields]
    for field in monitor_class.fields:
        if isinstance(field.default, bool):
            assert f"`{field.key}` ({'on' if field.default else 'off'})" in fields
        elif isinstance(field.default, int):
            assert f"`{field.key}` ({field.default})" in fields
    shown = {one.key for one in (*monitor.sensors(), *monitor.binary_sensors())}
    shown |= {monitor_class.event.key} if monitor_class.event else set()
    assert set(keys(entities)) - {"online"} == shown
    expected = "as their states change" if kind == "entities" else EVERY[monitor_class.interval]
    assert expected in OFTEN[name]


def test_the_manifest_is_one_file_that_only_reads() -> None:
    """The page shows what the file says; what writes is opt-in, in a file of its own."""
    manifest = (ROOT / "docs" / "kubernetes.yaml").read_text()
    shown = (ROOT / "docs" / "kubernetes.md").read_text()
    assert manifest[manifest.index("apiVersion") :].strip() in shown
    verbs = {verb for line in re.findall(r"verbs: \[([^]]*)\]", manifest) for verb in line.split(", ")}
    assert verbs == {"get", "list", "watch"}
    # A comment says what a rule is for; another rule may follow under the same one.
    rules = manifest.partition("rules:\n")[2].partition("---")[0]
    assert all(block.lstrip().startswith("#") for block in re.split(r"\n(?=  #)", rules) if block.strip())
