"""docs/systems.md against the tables of the code: the kinds of problems, and their severity."""

from pathlib import Path
import re

from custom_components.homelab_ai.health.kinds import HEARTBEAT, KINDS, OFFLINE

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
