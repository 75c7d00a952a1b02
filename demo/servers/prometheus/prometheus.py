"""Prometheus, scraping and evaluating every second."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from demo.servers.exporters import Exporter

from .binaries import Binaries
from .rules import RULES, AlertRule, rule_file
from .service import Login, Service


class Prometheus(Service):
    """A real Prometheus that scrapes these exporters (by job name, or URLs of their /metrics)."""

    def __init__(
        self,
        exporters: Mapping[str, Exporter | str],
        rules: Iterable[AlertRule] = RULES,
        alertmanager_url: str | None = None,
        *,
        alertmanager_login: Login | None = None,
        **settings: Any,
    ) -> None:
        """Prepare a server; the settings are those of Service. The exporters must be running by its start."""
        super().__init__(**settings)
        self.exporters = dict(exporters)
        self.rules = tuple(rules)
        self.alertmanager_url = alertmanager_url
        self.alertmanager_login = alertmanager_login

    def command(self, binaries: Binaries, folder: Path) -> list[str]:
        """The command that starts it."""
        return [
            str(binaries.prometheus),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            # Else an alert that goes on is told again only every minute.
            "--rules.alert.resend-delay=5s",
            "--web.enable-lifecycle",
            *self.web_options(folder),
        ]

    async def scraped(self) -> None:
        """Wait until it has tried every exporter, and can be asked for what came of it.

        It looks for them five seconds after its start. A target tells that it was tried a moment before its
        samples can be read: `up` is stored together with them.
        """
        async with self.client() as session:
            while True:
                async with session.get(f"{self.url}/api/v1/query?query=up") as response:
                    tried = (await response.json())["data"]["result"]
                if len(tried) > len(self.exporters):
                    return
                await asyncio.sleep(0.1)

    def files(self, folder: Path) -> dict[str, Mapping[str, Any]]:
        """Its configuration and rules."""
        jobs = {name: _job(exporter) for name, exporter in self.exporters.items()}
        itself = _job(f"{self.url}/metrics", self.login)
        config: dict[str, Any] = {
            "global": {
                "scrape_interval": "1s",
                "scrape_timeout": "1s",
                "evaluation_interval": "1s",
                "external_labels": {"cluster": "home"},
            },
            "rule_files": [str(folder / "rules.yml")],
            "scrape_configs": [
                {"job_name": name, **job} for name, job in {"prometheus": itself, **jobs}.items()
            ],
        }
        if self.alertmanager_url is not None:
            where = urlsplit(self.alertmanager_url)
            target: dict[str, Any] = {
                "scheme": where.scheme,
                "path_prefix": where.path or "/",
                "static_configs": [{"targets": [where.netloc]}],
                **_basic_auth(self.alertmanager_login),
            }
            config["alerting"] = {"alertmanagers": [target]}
        return {"prometheus.yml": config, "rules.yml": rule_file(self.rules)}


def _job(exporter: Exporter | str, login: Login | None = None) -> dict[str, Any]:
    url = f"{exporter.url}/metrics" if isinstance(exporter, Exporter) else exporter
    where = urlsplit(url)
    job: dict[str, Any] = {
        "scheme": where.scheme,
        "metrics_path": where.path,
        "static_configs": [{"targets": [where.netloc]}],
        **_basic_auth(login),
    }
    if isinstance(exporter, Exporter) and exporter.token is not None:
        job["authorization"] = {"credentials": exporter.token}
    return job


def _basic_auth(login: Login | None) -> dict[str, Any]:
    if login is None:
        return {}
    return {"basic_auth": {"username": login.username, "password": login.password}}
