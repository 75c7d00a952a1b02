"""The programs themselves: found on the PATH, or unpacked from Debian's packages into our cache.

Nothing of the system is touched: a package is downloaded and unpacked, never installed, so no service starts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import os
from pathlib import Path
import shutil
import subprocess
from tempfile import TemporaryDirectory

_PACKAGES = ("prometheus", "prometheus-alertmanager")
# Debian calls Alertmanager otherwise than its makers do.
_NAMES = {"prometheus": ("prometheus",), "alertmanager": ("prometheus-alertmanager", "alertmanager")}
# Debian's builds read their templates from here; of the same length, but relative, where we unpack them.
_ASSETS = {
    b"/usr/share/prometheus/alertmanager": b"usr/share/prometheus//alertmanager",
    b"/usr/share/prometheus/web/": b"usr/share/prometheus//web/",
}
_SECONDS = 300


class BinariesMissingError(Exception):
    """Prometheus or Alertmanager is not here; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """Where the programs are."""

    prometheus: Path
    alertmanager: Path

    @staticmethod
    def root(program: Path) -> Path:
        """The folder to start a program in: what `usr/bin` is in, for it may look for its templates there."""
        return program.parents[min(2, len(program.parents) - 1)]


def cache() -> Path:
    """The folder the packages are unpacked into."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home, "homelab-ai", "prometheus")


def find() -> Binaries | None:
    """The programs, None where one is missing."""
    unpacked = cache() / "usr" / "bin"
    search = os.pathsep.join((os.environ.get("PATH", os.defpath), str(unpacked)))
    found = {
        program: next((Path(path) for name in names if (path := shutil.which(name, path=search))), None)
        for program, names in _NAMES.items()
    }
    prometheus, alertmanager = found["prometheus"], found["alertmanager"]
    if prometheus is None or alertmanager is None:
        return None
    return Binaries(prometheus, alertmanager)


def install() -> Binaries:
    """Find the programs, or unpack Debian's packages of them; raises BinariesMissingError. Blocks."""
    if (found := find()) is not None:
        return found
    if any(shutil.which(program) is None for program in ("apt-get", "dpkg")):
        raise BinariesMissingError("Please install Prometheus and Alertmanager and put them on the PATH")
    folder = cache()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as name:
        work = Path(name)
        _download(work)
        unpacked = work / "unpacked"
        for package in sorted(work.glob("*.deb")):
            _run(["dpkg", "-x", str(package), str(unpacked)], work)
        for program in (unpacked / "usr" / "bin").glob("prometheus*"):
            _relocate(program)
        shutil.rmtree(folder, ignore_errors=True)
        unpacked.rename(folder)
    if (found := find()) is None:
        raise BinariesMissingError(f"The packages {', '.join(_PACKAGES)} do not have the programs")
    return found


def _relocate(program: Path) -> None:
    content = program.read_bytes()
    for there, here in _ASSETS.items():
        content = content.replace(there, here)
    program.write_bytes(content)


def _download(folder: Path) -> None:
    download = ["download", *_PACKAGES]
    try:
        _apt(download, folder)
    except BinariesMissingError:
        # No package lists yet, or old ones: get lists of our own, which needs no root.
        state, archives = folder / "state", folder / "archives"
        for made in (state / "lists" / "partial", archives / "archives" / "partial"):
            made.mkdir(parents=True)
        private = ("-o", f"Dir::State={state}", "-o", f"Dir::Cache={archives}")
        _apt([*private, "update"], folder)
        _apt([*private, *download], folder)


def _apt(arguments: Sequence[str], folder: Path) -> None:
    # The account that apt downloads as when we are root may not write into our folder.
    _run(["apt-get", "-q", "-o", "APT::Sandbox::User=root", *arguments], folder)


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise BinariesMissingError(f"{' '.join(command[:1])}: {said[-1] if said else done.returncode}")
