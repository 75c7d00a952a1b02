"""The real Prometheus and Alertmanager, where they are at hand."""

import asyncio
from collections.abc import Callable
from math import nan
import os
from pathlib import Path
import stat
from typing import Any

from aiohttp import ClientSession
import pytest

from demo.servers.exporters import K8sgptExporter, NvidiaGpuExporter
from demo.servers.prometheus import (
    LOGIN,
    Alertmanager,
    AlertRule,
    BinariesMissingError,
    Prometheus,
    ServiceError,
    binaries,
    find,
    install,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Prometheus is not here: python -m demo.servers.prometheus unpacks it"
)


async def get(session: ClientSession, url: str, **given: Any) -> Any:
    async with session.get(url, **given) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def until(session: ClientSession, url: str, true: Callable[[Any], bool]) -> Any:
    """Ask until the answer is as it should be."""
    async with asyncio.timeout(60):
        while not true(answer := await get(session, url)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return answer


def alerts(answer: Any) -> set[str]:
    return {alert["labels"]["alertname"] for alert in answer}


def values(answer: Any) -> list[str]:
    return [result["value"][1] for result in answer["data"]["result"]]


@needs_binaries
async def test_from_exporter_to_alert() -> None:
    async with (
        NvidiaGpuExporter() as gpu,
        K8sgptExporter(token="secret") as k8sgpt,
        Alertmanager(login=LOGIN) as alertmanager,
        Prometheus(
            {"gpu": gpu, "k8sgpt": k8sgpt, "gone": "http://127.0.0.1:9/metrics"},
            alertmanager_url=alertmanager.url,
            alertmanager_login=LOGIN,
        ) as prometheus,
        ClientSession(headers=LOGIN.headers) as session,
    ):
        gpu.heat(91)
        k8sgpt.analysed(("Pod", "ai/open-webui"))
        await prometheus.scraped()
        query = f"{prometheus.url}/api/v1/query?query="
        up = (await get(session, f"{query}up"))["data"]["result"]
        assert {sample["metric"]["job"]: sample["value"][1] for sample in up} == {
            "prometheus": "1",
            "gpu": "1",
            "k8sgpt": "1",
            "gone": "0",
        }
        assert values(await get(session, f"{query}nvidia_smi_temperature_gpu")) == ["91"]
        told = f"{alertmanager.url}/api/v2/alerts"
        firing = await until(session, told, lambda answer: len(answer) == 3)
        assert alerts(firing) == {"Watchdog", "GPUHot", "PodImageBroken"}
        broken = next(alert for alert in firing if alert["labels"]["alertname"] == "PodImageBroken")
        assert broken["labels"]["severity"] == "critical"
        assert broken["annotations"]["summary"] == "Pod ai/open-webui cannot start"
        assert broken["generatorURL"].startswith(prometheus.url)
        # A NaN is no number above 85, and a series that is gone is no zero.
        gpu.set("nvidia_smi_temperature_gpu", nan, uuid=gpu.uuid)
        k8sgpt.analysed()
        firing = await until(session, told, lambda answer: len(answer) == 1)
        assert alerts(firing) == {"Watchdog"}
        assert values(await get(session, f"{query}nvidia_smi_temperature_gpu")) == ["NaN"]
        gpu.lose_gpu()
        await until(session, f"{query}nvidia_smi_temperature_gpu", lambda answer: not values(answer))


@needs_binaries
async def test_alertmanager_alone_and_again() -> None:
    alertmanager = Alertmanager(login=LOGIN)
    async with ClientSession() as session:
        async with alertmanager:
            port = alertmanager.port
            async with session.get(f"{alertmanager.url}/api/v2/status") as response:
                assert response.status == 401
            status = await get(session, f"{alertmanager.url}/api/v2/status", headers=LOGIN.headers)
            assert status["cluster"]["status"] == "disabled"
        assert not alertmanager.running
        await alertmanager.start()
        assert alertmanager.port == port
        await alertmanager.start()
        await alertmanager.stop()
        await alertmanager.stop()


@needs_binaries
async def test_a_taken_port_says_so() -> None:
    async with Alertmanager() as first:
        with pytest.raises(OSError, match="Address already in use"):
            await Alertmanager(port=first.port).start()


@needs_binaries
async def test_what_does_not_start_says_why() -> None:
    with pytest.raises(ServiceError, match="could not parse expression"):
        await Prometheus({}, [AlertRule("Broken", "sum by (")]).start()


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache and a PATH with nothing on it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(path: Path, script: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


async def test_without_the_binaries(nowhere: Path) -> None:
    assert find() is None
    with pytest.raises(BinariesMissingError, match="put them on the PATH"):
        install()
    with pytest.raises(BinariesMissingError):
        await Prometheus({}).start()


def test_binaries_on_the_path(nowhere: Path) -> None:
    prometheus = program(nowhere / "prometheus")
    assert find() is None
    alertmanager = program(nowhere / "alertmanager")
    assert find() == binaries.Binaries(prometheus, alertmanager)
    named_by_debian = program(nowhere / "prometheus-alertmanager")
    assert install() == binaries.Binaries(prometheus, named_by_debian)


# Stands for dpkg: "unpacks" programs that know where their templates are.
_DPKG = """
bin="$3/usr/bin"
/bin/mkdir -p "$bin"
for name in prometheus prometheus-alertmanager; do
    printf 'templates: /usr/share/prometheus/alertmanager' > "$bin/$name"
    /bin/chmod +x "$bin/$name"
done
"""


def test_unpacking(nowhere: Path) -> None:
    """The first download fails, for there are no package lists; the second has lists of our own."""
    program(nowhere / "dpkg", _DPKG)
    program(
        nowhere / "apt-get",
        f"""
echo "$@" >> {nowhere}/said
case "$*" in
    *Dir::State*download*) : > prometheus.deb ;;
    *update*) ;;
    *) echo "E: Unable to locate package prometheus" >&2; exit 100 ;;
esac
""",
    )
    found = install()
    assert found.prometheus == nowhere / "cache/homelab-ai/prometheus/usr/bin/prometheus"
    assert found.root(found.prometheus) == binaries.cache()
    assert found.prometheus.read_text() == "templates: usr/share/prometheus//alertmanager"
    assert len((nowhere / "said").read_text().splitlines()) == 3
    assert os.listdir(nowhere / "cache/homelab-ai") == ["prometheus"]


def test_unpacking_fails(nowhere: Path) -> None:
    program(nowhere / "dpkg")
    program(nowhere / "apt-get", 'echo "E: no network" >&2; exit 100')
    with pytest.raises(BinariesMissingError, match="no network"):
        install()
