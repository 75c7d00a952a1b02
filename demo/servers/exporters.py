"""Exporters that Prometheus scrapes: k8sgpt's operator, GPUs of three makes, the kubelet's volumes.

Sources: k8sgpt-operator pkg/metrics, utkuozdemir/nvidia_gpu_exporter testdata, NVIDIA/dcgm-exporter
default-counters.csv, prometheus-community/windows_exporter collector.gpu.md; systems.md 3.3, 5.5 and 9.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
import math
from typing import Any

from aiohttp import web

from demo.servers.apps.app import AppServer, page

GIB = 1024**3
MIB = 1024**2

type Labels = tuple[tuple[str, str], ...]


def go_number(value: float) -> str:
    """Write a value like Go: 8.589934592e+09."""
    if (special := _special(value)) is not None:
        return special
    number = Decimal(repr(float(value))).normalize()
    exponent = number.adjusted()
    if number and not -4 <= exponent < 6:
        digits = "".join(map(str, number.as_tuple().digits))
        mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
        return f"{'-' if value < 0 else ''}{mantissa}e{exponent:+03d}"
    return f"{number:f}"


def python_number(value: float) -> str:
    """Write a value like the Python client: 4000.0, 2.412345e+06."""
    if (special := _special(value)) is not None:
        return special
    text = repr(float(value))
    dot = text.find(".")
    if value > 0 and dot > 6:
        mantissa = f"{text[0]}.{text[1:dot]}{text[dot + 1 :]}".rstrip("0.")
        return f"{mantissa}e+0{dot - 1}"
    return text


def _special(value: float) -> str | None:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return None


@dataclass(slots=True)
class Family:
    """A metric with its series; without series it is not written at all."""

    name: str
    kind: str = "gauge"
    help: str = ""
    series: dict[Labels, float] = field(default_factory=dict)


class Exporter(AppServer):
    """Series that can be set, be NaN, and vanish. With a `token` it wants that."""

    number: Callable[[float], str] = staticmethod(go_number)
    content_type = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
    paths: tuple[str, ...] = ("/metrics",)

    def __init__(self, *, token: str | None = None, **settings: Any) -> None:
        """Prepare an exporter without series."""
        super().__init__(**settings)
        self.token = token
        self._families: dict[str, Family] = {}

    @property
    def target(self) -> str:
        """Host and port, as Prometheus wants it."""
        return self.url.partition("://")[2]

    def declare(self, name: str, kind: str, text: str = "") -> None:
        """Give a metric a type other than gauge, and a help text."""
        self._families.setdefault(name, Family(name)).kind = kind
        self._families[name].help = text

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """Set one series."""
        self._families.setdefault(name, Family(name)).series[_key(labels)] = value

    def add(self, name: str, value: float = 1, /, **labels: str) -> None:
        """Add to one series."""
        self.set(name, self.value(name, **labels) + value, **labels)

    def value(self, name: str, /, **labels: str) -> float:
        """The value of one series, 0 if there is none."""
        family = self._families.get(name)
        return 0 if family is None else family.series.get(_key(labels), 0)

    def remove(self, name: str, /, **labels: str) -> None:
        """Let all series of a metric vanish that have these labels."""
        family = self._families.get(name)
        if family is not None:
            wanted = set(_key(labels))
            family.series = {key: value for key, value in family.series.items() if not wanted <= set(key)}

    def text(self) -> str:
        """What is exposed now."""
        lines: list[str] = []
        for family in sorted(self._families.values(), key=lambda family: family.name):
            if not family.series:
                continue
            lines += [
                f"# HELP {family.name} {family.help or family.name}",
                f"# TYPE {family.name} {family.kind}",
            ]
            number = type(self).number
            lines += [
                f"{family.name}{_written(key)} {number(value)}"
                for key, value in sorted(family.series.items())
            ]
        return "".join(f"{line}\n" for line in lines)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a scrape."""
        if self.token is not None:
            given = request.headers.get("Authorization")
            if given is None:
                return web.Response(status=401, text="Unauthorized\n")
            if given != f"Bearer {self.token}":
                return web.Response(status=403, text="Forbidden\n")
        if request.path in self.paths:
            return web.Response(body=self.text().encode(), headers={"Content-Type": self.content_type})
        if request.path == "/":
            return page(type(self).__name__)
        return web.Response(status=404, text="404 page not found\n")


def _key(labels: dict[str, str]) -> Labels:
    return tuple(sorted(labels.items()))


def _written(key: Labels) -> str:
    if not key:
        return ""
    escapes = {ord("\\"): "\\\\", ord("\n"): "\\n", ord('"'): '\\"'}
    return "{" + ",".join(f'{name}="{value.translate(escapes)}"' for name, value in key) + "}"


class K8sgptExporter(Exporter):
    """The metrics of k8sgpt's operator, as its proxy hands them out to whoever has a token."""

    def __init__(self, *, k8sgpt: str = "k8sgpt", **settings: Any) -> None:
        """Prepare an operator that has not analysed anything."""
        super().__init__(**settings)
        self.k8sgpt = k8sgpt
        for name in ("k8sgpt_reconcile_error_count", "k8sgpt_number_of_failed_backend_ai_calls"):
            self.declare(name, "counter")
        # k8sgpt_number_of_backend_ai_calls is registered there, and never incremented.

    def analysed(self, *found: tuple[str, str]) -> None:
        """Have found these kinds and names ("namespace/name").

        The number by type begins anew; that by namespace is only ever set: a namespace that became clean
        keeps the number it had.
        """
        self.remove("k8sgpt_number_of_results_by_type")
        counts: dict[str, int] = {}
        for kind, name in found:
            namespace = name.partition("/")[0] if "/" in name else ""
            counts[namespace] = counts.get(namespace, 0) + 1
            labels = {"object_namespace": namespace, "kind": kind, "name": name, "k8sgpt": self.k8sgpt}
            self.set("k8sgpt_number_of_results_by_type", 1, **labels)
        for namespace, count in counts.items():
            self.set("k8sgpt_number_of_results", count, object_namespace=namespace, k8sgpt=self.k8sgpt)

    def fail_backend_call(self, namespace: str = "k8sgpt-operator-system") -> None:
        """Have failed to reach the model."""
        labels = {"backend": "localai", "deployment": "k8sgpt", "namespace": namespace}
        self.add("k8sgpt_number_of_failed_backend_ai_calls", **labels, k8sgpt=self.k8sgpt)
        self.add("k8sgpt_reconcile_error_count", k8sgpt=self.k8sgpt)


class NvidiaGpuExporter(Exporter):
    """nvidia_gpu_exporter on a Windows host: values in bytes and ratios, joined on uuid."""

    def __init__(
        self,
        *,
        uuid: str = "2f6e1c9a-5b7d-4e30-9c11-8a4d3b2e1f00",
        name: str = "NVIDIA GeForce RTX 4060 Ti",
        total: int = 16 * GIB,
        used: int = 6 * GIB,
        **settings: Any,
    ) -> None:
        """Prepare one GPU."""
        super().__init__(**settings)
        self.uuid = uuid
        self.total = total
        self.reserved = 205 * MIB
        self.declare("nvidia_smi_failed_scrapes_total", "counter", "Number of failed collections")
        self.set("nvidia_smi_failed_scrapes_total", 0)
        self.set("nvidia_smi_command_exit_code", 0)
        self.set("nvidia_smi_last_collect_success", 1)
        self.set(
            "nvidia_smi_gpu_info",
            1,
            uuid=uuid,
            name=name,
            index="0",
            driver_version="610.62",
            cuda_version="13.3",
            pci_bus_id="00000000:0C:00.0",
            driver_model_current="WDDM",
            serial="[N/A]",
        )
        usual = {"temperature_gpu": 52, "utilization_gpu_ratio": 0.07, "power_draw_watts": 31.4}
        more = {"enforced_power_limit_watts": 165, "fan_speed_ratio": 0.38, "pstate": 8}
        for metric, value in {**usual, **more}.items():
            self.set(f"nvidia_smi_{metric}", value, uuid=uuid)
        self.use(used)

    def use(self, used: float) -> None:
        """Use so many bytes: used, free and reserved make the total."""
        for metric, value in {
            "total": self.total,
            "used": used,
            "reserved": self.reserved,
            "free": self.total - self.reserved - used,
        }.items():
            self.set(f"nvidia_smi_memory_{metric}_bytes", value, uuid=self.uuid)

    def heat(self, celsius: float) -> None:
        """Be so hot."""
        self.set("nvidia_smi_temperature_gpu", celsius, uuid=self.uuid)

    def lose_gpu(self) -> None:
        """Fail to run nvidia-smi: every series of the GPU vanishes, the exporter stays up."""
        for name in self._families:
            self.remove(name, uuid=self.uuid)
        self.set("nvidia_smi_command_exit_code", 9)
        self.set("nvidia_smi_last_collect_success", 0)
        self.add("nvidia_smi_failed_scrapes_total")


class DcgmExporter(Exporter):
    """NVIDIA's exporter: MiB, no total, and in a cluster one series per pod that may use the GPU."""

    def __init__(
        self,
        *,
        uuid: str = "GPU-f809e614-a528-4083-acbf-334617000000",
        total: int = 16 * GIB,
        used: int = 6 * GIB,
        pods: Iterable[str] = (),
        **settings: Any,
    ) -> None:
        """Prepare one GPU."""
        super().__init__(**settings)
        self.total = total
        labels = {
            "gpu": "0",
            "UUID": uuid,
            "pci_bus_id": "00000000:03:00.0",
            "device": "nvidia0",
            "modelName": "NVIDIA RTX A4000",
            "Hostname": "pve-worker-1",
        }
        named = [{"container": "app", "namespace": "ai", "pod": pod} for pod in pods]
        self._series = [labels | more for more in named or [{}]]
        for name, value in {"GPU_UTIL": 7, "GPU_TEMP": 52, "POWER_USAGE": 31.4, "XID_ERRORS": 0}.items():
            self.put(name, value)
        self.use(used)

    def put(self, name: str, value: float) -> None:
        """Set a field by its short name: `GPU_TEMP`."""
        for labels in self._series:
            self.set(f"DCGM_FI_DEV_{name}", value, **labels)

    def use(self, used: float) -> None:
        """Use so many bytes; 300 MiB belong to the driver and are in neither number."""
        self.put("FB_USED", used // MIB)
        self.put("FB_FREE", (self.total - used) // MIB - 300)


class WindowsExporter(Exporter):
    """windows_exporter with its gpu collector, older ones without the label device_id."""

    def __init__(
        self,
        *,
        luid: str = "0x00000000_0x0000F6B1",
        total: int = 16 * GIB,
        used: int = 6 * GIB,
        device_ids: bool = True,
        **settings: Any,
    ) -> None:
        """Prepare one GPU."""
        super().__init__(**settings)
        self._labels = {"luid": luid}
        if device_ids:
            self._labels["device_id"] = "PCI\\VEN_10DE&DEV_2805&SUBSYS_88F61043&REV_A1\\4&2283F625&0&0019"
        self.declare("windows_gpu_engine_time_seconds", "counter", "Total running time of the GPU engine.")
        where = {"bus_number": "12", "phys": "0", "function_number": "0"}
        self.set("windows_gpu_info", 1, name="NVIDIA GeForce RTX 4060 Ti", **where, **self._labels)
        self.set("windows_gpu_dedicated_video_memory_size_bytes", total, **self._labels)
        self.set("windows_gpu_shared_system_memory_size_bytes", 16 * GIB, **self._labels)
        for engine in ("3D", "Cuda", "VideoDecode"):
            at = {"phys": "0", "eng": "0", "engtype": engine, "process_id": "4711"}
            self.set("windows_gpu_engine_time_seconds", 1234.5, **at, **self._labels)
        self.use(used)

    def use(self, used: float) -> None:
        """Use so many bytes of the GPU's own memory."""
        self.set("windows_gpu_adapter_memory_dedicated_bytes", used, phys="0", **self._labels)
        self.set("windows_gpu_adapter_memory_shared_bytes", 0.1 * GIB, phys="0", **self._labels)


class KubeletExporter(Exporter):
    """What the kubelet tells of mounted claims; one that is not mounted has no series at all."""

    def volume(self, namespace: str, claim: str, *, capacity: int, used: float) -> None:
        """Tell of one claim."""
        inodes = capacity // (16 * 1024)
        for name, value in {
            "capacity_bytes": capacity,
            "used_bytes": used,
            # What is reserved for root is in neither.
            "available_bytes": max(capacity - used - 16 * MIB, 0),
            "inodes": inodes,
            "inodes_free": inodes // 2,
            "inodes_used": inodes - inodes // 2,
        }.items():
            self.set(f"kubelet_volume_stats_{name}", value, namespace=namespace, persistentvolumeclaim=claim)

    def unmount(self, namespace: str, claim: str) -> None:
        """Let the series of a claim vanish."""
        for name in list(self._families):
            self.remove(name, namespace=namespace, persistentvolumeclaim=claim)
