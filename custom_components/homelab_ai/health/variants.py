"""Which phrase tells a problem where its facts make it another one; empty where they do not."""

from collections.abc import Mapping

from .facts import Facts, count_of, figure_of, text_of

_PRESSURES = {"memory": "memory_pressure", "disk": "disk_pressure", "network": "node_network"}
_WAITS: Mapping[str, str] = {
    **dict.fromkeys(("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"), "image"),
    **dict.fromkeys(
        ("CreateContainerConfigError", "CreateContainerError", "RunContainerError"), "configuration"
    ),
    "Unschedulable": "unschedulable",
}


def of_scans(facts: Facts) -> str:
    """Return how many scans of an app failed."""
    failures = count_of(facts, "failures")
    return {None: "", 1: "scan_failed"}.get(failures, "scans_counted")


def of_status(facts: Facts) -> str:
    """Return that a page answers with another status."""
    status, expected = count_of(facts, "status"), count_of(facts, "expected")
    return "web_status" if None not in (status, expected) and status != expected else ""


def of_query(facts: Facts) -> str:
    """Return which bound a value is beyond."""
    side = text_of(facts, "side")
    if side not in ("above", "below") or figure_of(facts, "value") is None:
        return ""
    return f"query_{side}_series" if text_of(facts, "series") else f"query_{side}"


def of_updates(facts: Facts) -> str:
    """Return what is the matter with updates that wait."""
    failing, major = count_of(facts, "failing"), count_of(facts, "major")
    if not failing and not major:
        return ""
    if count_of(facts, "updates") == 1:
        return "update_failing" if failing else "update_major"
    return "updates_failing_major" if failing and major else "updates_failing" if failing else "updates_major"


def of_volume(facts: Facts) -> str:
    """Return how full a volume is, and which others are."""
    if count_of(facts, "percent") is None:
        return ""
    return {None: "volume_percent", 1: "volume_shared_one"}.get(count_of(facts, "others"), "volume_shared")


def of_pressure(facts: Facts) -> str:
    """Return what a node is short of."""
    return _PRESSURES.get(text_of(facts, "pressure"), "")


def of_wait(facts: Facts) -> str:
    """Return what a pod waits for."""
    return _WAITS.get(text_of(facts, "reason"), "")


def of_running_job(facts: Facts) -> str:
    """Return that a job has not even begun."""
    return "pending" if text_of(facts, "reason") == "NoPods" else ""
