"""Which states are a problem, of entities as integrations really make them.

The shapes are those of the integrations that Home Assistant brings (their `sensor.py` and
`binary_sensor.py`), and of what people have beside them: smartctl, mdadm, ZFS, Unraid, Docker's own words,
template sensors.
"""

import pytest

from custom_components.homelab_ai.health.problem import Severity
from custom_components.homelab_ai.monitors.bad_states import BadStates, severity_of, unread

ENUM = "enum"
BAD = [
    # Portainer: containers and stacks are binary sensors that run, and sensors with Docker's states.
    ("portainer", "binary_sensor.jellyfin_status", "running", "off"),
    ("portainer", "binary_sensor.jellyfin_out_of_memory", "problem", "on"),
    ("portainer", "sensor.jellyfin_state", ENUM, "exited"),
    ("portainer", "sensor.jellyfin_state", ENUM, "dead"),
    ("portainer", "sensor.jellyfin_health_state", ENUM, "unhealthy"),
    ("docker ps", "sensor.jellyfin_docker_status", None, "Exited (137) 3 hours ago"),
    ("docker ps", "sensor.jellyfin_docker_status", None, "Up 3 days (unhealthy)"),
    # Proxmox VE.
    ("proxmoxve", "binary_sensor.pve1_status", "running", "off"),
    ("proxmoxve", "binary_sensor.pve1_backup_status", "problem", "on"),
    ("proxmoxve", "sensor.pve1_status", ENUM, "offline"),
    ("proxmoxve", "sensor.vm_status", ENUM, "stopped"),
    # NUT: flags, several at once; and in words, as `ups.status.display` has them.
    ("nut", "sensor.ups_status_data", None, "OB DISCHRG"),
    ("nut", "sensor.ups_status_data", None, "OB LB"),
    ("nut", "sensor.ups_status_data", None, "OL RB"),
    ("nut", "sensor.ups_status_data", None, "ALARM OL CHRG RB"),
    ("nut", "sensor.ups_status_data", None, "OL OVER"),
    ("nut", "sensor.ups_status_data", None, "FSD OL"),
    ("nut", "sensor.ups_status", None, "On Battery, Battery Discharging"),
    ("nut", "sensor.ups_status", None, "Online, Battery Needs Replacement"),
    ("nut", "sensor.ups_status", None, "Online, Overloaded"),
    ("nut", "sensor.ups_status", None, "Forced Shutdown, Online"),
    # apcupsd.
    ("apcupsd", "sensor.apc_status", None, "ONBATT"),
    ("apcupsd", "sensor.apc_status", None, "ONBATT LOWBATT"),
    ("apcupsd", "sensor.apc_status", None, "ONLINE REPLACEBATT"),
    ("apcupsd", "sensor.apc_status", None, "COMMLOST"),
    ("apcupsd", "sensor.apc_status", None, "SHUTTING DOWN"),
    ("apcupsd", "sensor.apc_self_test_result", None, "NG"),
    # Disks.
    ("smartctl", "sensor.sda_smart", None, "FAILED!"),
    ("smartctl", "sensor.sda_smart", None, "PRE-FAIL"),
    ("qnap", "sensor.drive_smart_status", None, "Abnormal"),
    ("synology_dsm", "binary_sensor.drive_exceeded_max_bad_sectors", "safety", "on"),
    ("synology_dsm", "sensor.volume_status", None, "degrade"),
    ("synology_dsm", "sensor.volume_status", None, "crashed"),
    ("synology_dsm", "sensor.drive_status", None, "system_crashed"),
    ("unraid", "sensor.disk_1_status", None, "DISK_DSBL"),
    ("unraid", "sensor.array_state", None, "Stopped"),
    ("mdadm", "sensor.md0_state", None, "clean, degraded, recovering"),
    ("zfs", "sensor.tank", None, "DEGRADED"),
    ("zfs", "sensor.tank", None, "UNAVAIL"),
    # Watchers of pages.
    ("uptime_kuma", "sensor.wiki_status", ENUM, "down"),
    ("uptimerobot", "sensor.wiki", ENUM, "seems_down"),
    ("uptimerobot", "binary_sensor.wiki", "connectivity", "off"),
    ("ping", "binary_sensor.nas", "connectivity", "off"),
    ("tailscale", "binary_sensor.nas_connected", "connectivity", "off"),
    # What people make themselves, and other domains.
    ("template", "sensor.backup_job", None, "Failed: exit code 3"),
    ("template", "sensor.backup_job", None, "error"),
    ("template", "binary_sensor.rack_water", "moisture", "on"),
    ("template", "binary_sensor.rack_too_hot", "heat", "on"),
    ("hassio", "binary_sensor.backup_share", "connectivity", "off"),
    ("alarm", "alarm_control_panel.rack", None, "triggered"),
]
GOOD = [
    ("portainer", "binary_sensor.jellyfin_status", "running", "on"),
    ("portainer", "sensor.jellyfin_state", ENUM, "running"),
    ("portainer", "sensor.jellyfin_state", ENUM, "paused"),
    ("portainer", "sensor.jellyfin_health_state", ENUM, "healthy"),
    ("portainer", "sensor.jellyfin_image", None, "ghcr.io/failed/error:down"),
    ("portainer", "switch.jellyfin_container", "switch", "off"),
    ("portainer", "sensor.containers_stopped", None, "3"),
    ("docker ps", "sensor.jellyfin_docker_status", None, "Up 3 days (healthy)"),
    ("proxmoxve", "sensor.pve1_status", ENUM, "online"),
    ("proxmoxve", "sensor.vm_status", ENUM, "suspended"),
    ("proxmoxve", "binary_sensor.local_shared", None, "off"),
    ("nut", "sensor.ups_status_data", None, "OL"),
    ("nut", "sensor.ups_status_data", None, "OL CHRG"),
    ("nut", "sensor.ups_status_data", None, "OL TRIM"),
    ("nut", "sensor.ups_status", None, "Online, Battery Charging"),
    ("apcupsd", "sensor.apc_status", None, "ONLINE"),
    ("apcupsd", "sensor.apc_self_test_result", None, "OK"),
    ("smartctl", "sensor.sda_smart", None, "PASSED"),
    ("synology_dsm", "sensor.volume_status", None, "normal"),
    ("unraid", "sensor.disk_1_status", None, "DISK_OK"),
    ("mdadm", "sensor.md0_state", None, "clean"),
    ("zfs", "sensor.tank", None, "ONLINE"),
    ("uptime_kuma", "sensor.wiki_status", ENUM, "up"),
    ("uptime_kuma", "sensor.wiki_status", ENUM, "maintenance"),
    ("uptime_kuma", "sensor.wiki_monitored_url", None, "https://wiki.home/down, failed"),
    ("uptimerobot", "sensor.wiki", ENUM, "pause"),
    ("backup", "sensor.backup_backup_manager_state", ENUM, "create_backup"),
    ("template", "sensor.last_word", None, "no error in sight"),
    ("template", "sensor.mode", None, "OFF"),
    ("template", "binary_sensor.door", "door", "on"),
    ("template", "binary_sensor.update", "update", "on"),
    ("template", "light.rack", None, "off"),
]


@pytest.mark.parametrize(
    ("entity_id", "device_class", "value", "expected"),
    [(*case[1:], True) for case in BAD] + [(*case[1:], False) for case in GOOD],
    ids=[f"{case[0]}-{case[3]}" for case in BAD + GOOD],
)
def test_usual_states(entity_id: str, device_class: str | None, value: str, expected: bool) -> None:
    assert BadStates().is_bad(entity_id, device_class, value) is expected


@pytest.mark.parametrize(
    ("entity_id", "device_class", "value", "expected"),
    [
        ("switch.plug", None, "off", True),
        ("switch.plug", None, "on", False),
        ("sensor.mine", None, "3", True),
        ("sensor.mine", None, "exited", False),
        ("sensor.vm_status", ENUM, "Error (5)", True),
        # Neither is a state of a VM that should be off.
        ("binary_sensor.vm", "running", "off", False),
        ("binary_sensor.disk", "problem", "on", True),
        ("sensor.ups_battery", "battery", "19.5", True),
        ("sensor.ups_battery", "battery", "20", False),
        ("sensor.ups_battery", "battery", "unknown", False),
        ("sensor.disk", "temperature", "56", True),
        ("sensor.disk", "temperature", "-10", False),
        ("sensor.ups", None, "OB DISCHRG", False),
        ("sensor.ups", None, "OB LB", True),
    ],
)
def test_a_person_knows_better(entity_id: str, device_class: str | None, value: str, expected: bool) -> None:
    lines = ["switch: off", "sensor.mine: 3, 4", "sensor.vm_status: error", "binary_sensor.running:"]
    lines += ["sensor.battery: <20", "Sensor.temperature: > 55, < -40", "sensor.ups: LB"]
    assert BadStates(lines).is_bad(entity_id, device_class, value) is expected


def test_lines_that_say_nothing() -> None:
    lines = ["switch off", "sensor.disk: fail", ": off", "Meine Steckdose: aus", "binary_sensor.running:"]
    assert list(unread(lines)) == ["switch off", ": off", "Meine Steckdose: aus"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("pending", True), ("restarting", True), ("not_checked_yet", True), ("running", False), ("up", False)],
)
def test_what_is_only_on_its_way(value: str, expected: bool) -> None:
    assert BadStates().waits("sensor.wiki_status", ENUM, value) is expected
    assert not BadStates(["sensor: down"]).waits("sensor.wiki_status", ENUM, value)


@pytest.mark.parametrize(
    ("entity_id", "device_class", "value", "expected"),
    [
        ("binary_sensor.smoke", "smoke", "on", Severity.CRITICAL),
        ("binary_sensor.disk", "safety", "on", Severity.CRITICAL),
        ("sensor.ups", None, "OB LB", Severity.CRITICAL),
        ("sensor.ups", None, "On Battery, Low Battery", Severity.CRITICAL),
        ("sensor.ups", None, "OB DISCHRG", Severity.WARNING),
        ("binary_sensor.disk", "problem", "on", Severity.WARNING),
    ],
)
def test_severity(entity_id: str, device_class: str | None, value: str, expected: Severity) -> None:
    assert severity_of(entity_id, device_class, value) is expected
