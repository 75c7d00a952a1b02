"""Chapters: something in the cluster breaks, the house notices and acts, and it is mended again."""

import asyncio
from collections.abc import Sequence

from aiohttp import ClientError

from demo.servers.kubernetes.homelab import APPS, App
from demo.servers.prometheus import POD_IMAGE_BROKEN, Alertmanager

from ..check import Finding
from ..happenings import Kind
from ..systems import ALERTMANAGER, KUBERNETES, PROMETHEUS
from .guide import Guide, raised
from .questions import BROKEN, UNSAVED

_SECONDS_TO_NOTICE = 15  # no two looks at a system are less than ten seconds apart
_SECONDS_TO_EXPLAIN = 45  # what something else may explain waits half a minute for it
_SECONDS_TO_FIRE = 20
_ROOTS = {"flux": "flux_not_ready", "argocd": "argocd_degraded"}
_BACKED_UP = tuple({app.namespace: app for app in reversed(APPS) if app.volume}.values())


async def break_image(guide: Guide) -> list[Finding]:
    """A deployment gets an image that does not exist: every system tells of it, and that is one incident."""
    app = _this_time(guide, APPS)
    guide.console.step(f"{app.namespace}/{app.name} gets an image that does not exist")
    guide.happenings.begin()
    guide.lab.cluster.break_pod_image(app)
    guide.lab.k8sgpt.analysed(("Pod", f"{app.namespace}/{app.pod}"))
    noticed = await guide.happenings.until(raised(_ROOTS[app.deployed_by]), seconds=_SECONDS_TO_EXPLAIN)
    acted = await guide.happenings.until(guide.automation_ran("broken"), seconds=_SECONDS_TO_NOTICE)
    findings = [
        Finding(noticed, "what cannot be delivered became an event"),
        Finding(acted, "an automation ran on it"),
    ]
    if guide.lab.alertmanager is not None:
        findings.append(Finding(await _fires(guide), "an alert of Prometheus is counted"))
    events = [one for one in guide.happenings.since_begin if one.kind is Kind.RAISED]
    # A second one of the same incident says that it has become critical.
    also = "".join(f"; also {one.told}" for one in events if one.data["id"] != events[0].data["id"])
    findings.append(Finding(not also, f"all that is told of the broken image is one incident{also}"))
    guide.lab.k8sgpt.analysed()
    findings.append(await _mend(guide, "k8sgpt_findings"))
    if guide.lab.alertmanager is not None and await _until_alert(guide.lab.alertmanager, fires=False):
        await guide.look_now(ALERTMANAGER, PROMETHEUS)
    return findings


async def fail_backup(guide: Guide) -> list[Finding]:
    """Tonight's backup of a namespace fails."""
    app = _this_time(guide, _BACKED_UP)
    guide.console.step(f"The backup of {app.namespace} fails")
    guide.happenings.begin()
    guide.lab.cluster.fail_backup(app)
    noticed = await guide.happenings.until(
        raised("backup_failed"), guide.automation_ran("broken"), seconds=_SECONDS_TO_NOTICE
    )
    return [
        Finding(noticed, "a backup that failed became an event, and an automation ran on it"),
        await _mend(guide, "failed_backups"),
    ]


async def break_two(guide: Guide) -> list[Finding]:
    """An app cannot start and a backup fails: what the questions are about."""
    guide.console.step(
        f"{BROKEN.namespace}/{BROKEN.name} cannot start, and the backup of {UNSAVED.namespace} fails"
    )
    guide.happenings.begin()
    guide.lab.cluster.break_pod_image(BROKEN)
    guide.lab.k8sgpt.analysed(("Pod", f"{BROKEN.namespace}/{BROKEN.pod}"))
    guide.lab.cluster.fail_backup(UNSAVED)
    noticed = [await _counts(guide, KUBERNETES, "failed_backups")]
    if guide.lab.alertmanager is not None and await _until_alert(guide.lab.alertmanager, fires=True):
        await guide.look_now(ALERTMANAGER, PROMETHEUS)
        noticed.append(await _counts(guide, ALERTMANAGER, "alerts_active"))
    return [Finding(all(noticed), "an app and a backup are broken while Jarvis is asked")]


async def mend_both(guide: Guide) -> list[Finding]:
    """Make the cluster whole again."""
    guide.console.step("All is mended")
    guide.lab.k8sgpt.analysed()
    found = await _mend(guide, "failed_backups")
    if guide.lab.alertmanager is not None and await _until_alert(guide.lab.alertmanager, fires=False):
        await guide.look_now(ALERTMANAGER, PROMETHEUS)
    return [found]


def _this_time(guide: Guide, apps: Sequence[App]) -> App:
    """Another app each time the house was kept: a problem that returns within two minutes is no news."""
    return apps[guide.runs % len(apps)]


async def _fires(guide: Guide) -> bool:
    """Wait until Prometheus has told Alertmanager, and let both be looked at."""
    if guide.lab.alertmanager is None or not await _until_alert(guide.lab.alertmanager, fires=True):
        return False
    guide.console.note("Alertmanager has the alert; Home Assistant looks every 30 seconds, and now")
    await guide.look_now(ALERTMANAGER, PROMETHEUS)
    return await _counts(guide, ALERTMANAGER, "alerts_active")


async def _until_alert(alertmanager: Alertmanager, *, fires: bool) -> bool:
    """Wait until the alert is there, or is not; returns whether that was in time."""
    try:
        async with asyncio.timeout(_SECONDS_TO_FIRE), alertmanager.client() as session:
            while True:
                async with session.get(f"{alertmanager.url}/api/v2/alerts") as response:
                    names = {alert["labels"]["alertname"] for alert in await response.json()}
                if (POD_IMAGE_BROKEN.alert in names) is fires:
                    return True
                await asyncio.sleep(0.2)
    except ClientError, TimeoutError:
        return False


async def _counts(guide: Guide, system: str, key: str) -> bool:
    """Wait until the sensor with this key counts one."""
    sensor = (await guide.homelab()).of_system(system, key)
    return (
        sensor is not None and await guide.until_state(sensor.entity_id, "1", _SECONDS_TO_NOTICE) is not None
    )


async def _mend(guide: Guide, key: str) -> Finding:
    """Make the cluster whole, and wait until the sensor with this key counts nothing any more."""
    guide.lab.cluster.mend()
    sensor = (await guide.homelab()).of_system(KUBERNETES, key)
    seconds = await guide.until_state(sensor.entity_id, "0", _SECONDS_TO_NOTICE) if sensor else None
    if seconds is not None and sensor is not None:
        guide.console.note(f"mended: {sensor.entity_id} is 0 after {seconds:.1f} s")
    return Finding(seconds is not None, f"{key} is back to 0 when it is mended")
