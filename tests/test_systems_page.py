"""docs/systems.md against the tables of the code: the kinds of problems, and their severity."""

from pathlib import Path
import re

import pytest

from custom_components.homelab_ai.api.kubernetes.sights import DELETION
from custom_components.homelab_ai.health.kinds import HEARTBEAT, KINDS, OFFLINE
from custom_components.homelab_ai.monitors import MONITORS
from custom_components.homelab_ai.monitors.kubernetes.noted import GOING
from custom_components.homelab_ai.monitors.kubernetes.table import ROWS as OBJECTS
from custom_components.homelab_ai.monitors.presets import PRESETS

from .translations import load

ROOT = Path(__file__).parent.parent
ROWS = re.findall(
    r"^\| [^|]+ \| `(\w+)` \| ([^|]+) \|$", (ROOT / "docs" / "systems.md").read_text(), re.MULTILINE
)


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
