"""Alertmanager, alone and without anyone to notify."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .binaries import Binaries
from .service import Service


class Alertmanager(Service):
    """A real Alertmanager. A critical alert inhibits warnings of the same name."""

    def command(self, binaries: Binaries, folder: Path) -> list[str]:
        """The command that starts it."""
        return [
            str(binaries.alertmanager),
            f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={folder / 'data'}",
            # It would look for a cluster to join, and open a port on every interface.
            "--cluster.listen-address=",
            *self.web_options(folder),
        ]

    def files(self, folder: Path) -> dict[str, Mapping[str, Any]]:
        """Its configuration."""
        return {
            "alertmanager.yml": {
                "route": {
                    "receiver": "home",
                    "group_by": ["alertname"],
                },
                "receivers": [{"name": "home"}],
                "inhibit_rules": [
                    {
                        "source_matchers": ["severity=critical"],
                        "target_matchers": ["severity=warning"],
                        "equal": ["alertname"],
                    }
                ],
            }
        }
