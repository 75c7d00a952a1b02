"""Exporters: what they expose, and what they keep quiet about."""

from math import inf, nan

from aiohttp import ClientSession
import pytest

from demo.servers.exporters import (
    GIB,
    DcgmExporter,
    Exporter,
    K8sgptExporter,
    KubeletExporter,
    NvidiaGpuExporter,
    WindowsExporter,
    go_number,
    python_number,
)


@pytest.mark.parametrize(
    ("value", "go", "python"),
    [
        (0, "0", "0.0"),
        (1, "1", "1.0"),
        (-5, "-5", "-5.0"),
        (0.07, "0.07", "0.07"),
        (123456, "123456", "123456.0"),
        (1234567, "1.234567e+06", "1.234567e+06"),
        (16 * GIB, "1.7179869184e+10", "1.7179869184e+010"),
        (0.0000001, "1e-07", "1e-07"),
        (nan, "NaN", "NaN"),
        (inf, "+Inf", "+Inf"),
        (-inf, "-Inf", "-Inf"),
    ],
)
def test_numbers(value: float, go: str, python: str) -> None:
    assert (go_number(value), python_number(value)) == (go, python)


def test_series() -> None:
    exporter = Exporter()
    exporter.declare("things_total", "counter", "Things.")
    assert exporter.text() == ""
    exporter.add("things_total", path='C:\\"x"\n')
    exporter.add("things_total", path='C:\\"x"\n')
    exporter.set("level", nan)
    assert exporter.text() == (
        "# HELP level level\n# TYPE level gauge\nlevel NaN\n"
        '# HELP things_total Things.\n# TYPE things_total counter\nthings_total{path="C:\\\\\\"x\\"\\n"} 2\n'
    )
    exporter.remove("things_total", path="elsewhere")
    assert exporter.value("things_total", path='C:\\"x"\n') == 2
    exporter.remove("things_total")
    exporter.remove("unknown")
    assert "things" not in exporter.text()


async def test_scrape(socket_enabled: None) -> None:
    async with K8sgptExporter(token="secret") as exporter, ClientSession() as session:
        assert exporter.target == f"127.0.0.1:{exporter.port}"
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer wrong"}, 403),
            ({"Authorization": "Bearer secret"}, 200),
        ):
            async with session.get(f"{exporter.url}/metrics", headers=headers) as response:
                assert response.status == status
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        exporter.token = None
        async with session.get(exporter.url) as response:
            assert response.content_type == "text/html"
        async with session.get(f"{exporter.url}/other") as response:
            assert response.status == 404


def test_k8sgpt_never_resets_the_number_by_namespace() -> None:
    exporter = K8sgptExporter()
    exporter.analysed(("Pod", "home/a"), ("Pod", "home/b"), ("Node", "pve"))
    labels = {"k8sgpt": "k8sgpt"}
    assert exporter.value("k8sgpt_number_of_results", object_namespace="home", **labels) == 2
    assert exporter.value("k8sgpt_number_of_results", object_namespace="", **labels) == 1
    exporter.analysed(("Node", "pve"))
    assert exporter.value("k8sgpt_number_of_results", object_namespace="home", **labels) == 2
    by_type = [
        line for line in exporter.text().splitlines() if line.startswith("k8sgpt_number_of_results_by")
    ]
    assert len(by_type) == 1
    exporter.fail_backend_call()
    assert exporter.value("k8sgpt_reconcile_error_count", **labels) == 1
    # Registered there, and never incremented: no series.
    assert "k8sgpt_number_of_backend_ai_calls" not in exporter.text()


def test_nvidia() -> None:
    exporter = NvidiaGpuExporter(used=GIB)
    parts = {
        part: exporter.value(f"nvidia_smi_memory_{part}_bytes", uuid=exporter.uuid)
        for part in ("used", "free", "reserved", "total")
    }
    assert parts.pop("total") == sum(parts.values()) == 16 * GIB
    exporter.heat(91)
    assert f'nvidia_smi_temperature_gpu{{uuid="{exporter.uuid}"}} 91' in exporter.text()
    exporter.lose_gpu()
    assert exporter.uuid not in exporter.text()
    assert "nvidia_smi_command_exit_code 9" in exporter.text()


def test_dcgm_counts_in_mebibytes_and_pods() -> None:
    exporter = DcgmExporter(used=GIB, pods=("a", "b"))
    used = [line for line in exporter.text().splitlines() if line.startswith("DCGM_FI_DEV_FB_USED{")]
    assert len(used) == 2
    assert all(line.endswith(" 1024") for line in used)
    assert "FB_TOTAL" not in exporter.text()
    assert "pod=" not in DcgmExporter().text()


def test_windows() -> None:
    exporter = WindowsExporter(used=3 * GIB)
    assert 'device_id="PCI\\\\VEN_10DE' in exporter.text()
    assert "device_id" not in WindowsExporter(device_ids=False).text()
    assert "# TYPE windows_gpu_engine_time_seconds counter" in exporter.text()


def test_kubelet() -> None:
    exporter = KubeletExporter()
    exporter.volume("home", "data", capacity=10 * GIB, used=9 * GIB)
    labels = {"namespace": "home", "persistentvolumeclaim": "data"}
    capacity = exporter.value("kubelet_volume_stats_capacity_bytes", **labels)
    available = exporter.value("kubelet_volume_stats_available_bytes", **labels)
    assert capacity - available > 9 * GIB
    exporter.unmount("home", "data")
    assert exporter.text() == ""
