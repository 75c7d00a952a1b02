"""Evidence: plain, bounded, and the same for as long as the same thing is wrong."""

import pytest

from custom_components.homelab_ai.health.evidence import MAX_EVIDENCE, Evidence, said_something


def test_evidence_is_plain_and_bounded() -> None:
    found = Evidence.of("Events", "a\n\x1b[31mb", "", "  ", "c" * 9000, *("d" * 400 for _ in range(20)))
    assert found.text.startswith("a b; ccc")
    assert len(found.text) == MAX_EVIDENCE
    assert found.text.isprintable()


def test_what_was_said_by_name() -> None:
    found = Evidence.listed(
        "Status", {"version": "1.0", "error": "", "last": None, "failed": 0, "well": False}
    )
    assert found.text == "version: 1.0; failed: 0; well: False"
    assert said_something([found, Evidence.of("Nothing", "")]) == (found,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("has restarted 7 times", "has restarted 12 times"),
        ("2026-11-21T10:00:00Z 12× BackOff: x", "2026-11-22T11:30:00Z 13× BackOff: x"),
        ("since: 2026-11-21 10:00:00.123+00:00", "since: 2026-11-22 10:00:01+00:00"),
        ("back-off 5m0s restarting", "back-off 2m40s restarting"),
        ("93.4% used", "95% used"),
        ("93.4 % used", "95 % used"),
        ("1,024 documents", "1,031 documents"),
        ("1.5Gi free", "900Mi free"),
        ("at 14:30", "at 9:05"),
        ("BackOff: x; Failed: y", "Failed: y; BackOff: x"),
    ],
)
def test_moments_and_figures_do_not_matter(one: str, other: str) -> None:
    assert Evidence("Events", one).lasting == Evidence("Events", other).lasting


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("image app:1.0", "image app:1.1"),
        ("image app:v9", "image app:v8"),
        ("node pve-worker-1", "node pve-worker-2"),
        ("10.0.0.1/24 is gone", "10.0.0.2/24 is gone"),
        ("OOMKilled", "Error"),
        ("error: a", "error: b"),
    ],
)
def test_what_is_wrong_matters(one: str, other: str) -> None:
    assert Evidence("Events", one).lasting != Evidence("Events", other).lasting
    assert Evidence("Events", one).lasting != Evidence("Owner", one).lasting
