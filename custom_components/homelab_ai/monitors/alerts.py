"""What alerts of Prometheus and of Alertmanager have in common."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import islice
from typing import Protocol

from homeassistant.helpers.selector import TextSelector, TextSelectorConfig

from ..api.breath import Breath
from ..health.evidence import Evidence, said_something
from ..health.problem import Problem
from ..health.subjects import LABELS
from ..values.text import without_users
from .fields import Field
from .heartbeats import CONF_HEARTBEATS, Heartbeats
from .severities import SEVERITIES, severity_of, unknown_severity

__all__ = (
    "CONF_IGNORED",
    "DEFAULT_IGNORED",
    "HEARTBEATS",
    "NAMES",
    "SEVERITIES",
    "Ignored",
    "Noted",
    "evidence_of",
    "facts_of",
    "name_of",
    "own_labels",
    "severity_of",
    "summary_of",
    "told_of",
    "unknown_severity",
)

CONF_IGNORED = "ignored"
DEFAULT_IGNORED = ("Watchdog", "InfoInhibitor")
"""Alerts that always fire, to prove that alerting works, or that are no alerts."""

NAMES = TextSelector(TextSelectorConfig(multiple=True))
HEARTBEATS = Field(CONF_HEARTBEATS, NAMES)
_MOST_LABELS = 30
_WHERE = ("namespace", "pod", "deployment", "node", "instance", "job", "persistentvolumeclaim")
_FACTS = tuple(dict.fromkeys((*_WHERE, *LABELS)))
_EXPORTED = "exported_"
_OF_THE_EXPORTER = frozenset({"namespace", "pod", "container", "service", "endpoint", "instance", "job"})


class Ignored:
    """What a person chose not to be told of: alerts by name, volumes as namespace/claim; `*` is anything."""

    def __init__(self, names: Iterable[str]) -> None:
        """Keep the names."""
        names = tuple(names)
        self._names = frozenset(names)
        self._patterns = tuple(name for name in names if "*" in name)

    def __contains__(self, name: str) -> bool:
        """Return whether nobody is to be told of what is called so."""
        return name in self._names or any(fnmatchcase(name, pattern) for pattern in self._patterns)


class _Labelled(Protocol):
    @property
    def labels(self) -> Mapping[str, str]: ...


async def told_of[AlertT: _Labelled](
    alerts: Iterable[AlertT], heartbeats: Heartbeats, ignored: Ignored, now: datetime
) -> list[AlertT]:
    """Return the alerts that a person is told of; heartbeats are noted, silenced ones too."""
    heard = []
    breath = Breath()
    for alert in alerts:
        await breath.draw()
        name = name_of(alert.labels)
        if heartbeats.is_one(name, alert.labels):
            heartbeats.note((name,), now)
        elif alert.labels.get("alertname", "") not in ignored:
            heard.append(alert)
    return heard


class Noted[AlertT]:
    """The problems of the alerts that there are, made once for each alert that stays as it is.

    `key` tells an alert from all others, `make` returns its problem.
    """

    def __init__(self, key: Callable[[AlertT], str], make: Callable[[AlertT], Problem]) -> None:
        """Know of none yet."""
        self._key = key
        self._make = make
        self._noted: dict[str, tuple[AlertT, Problem]] = {}

    async def take(self, alerts: Iterable[AlertT]) -> dict[str, Problem]:
        """Return the problems of all alerts that there are now, by id."""
        noted: dict[str, tuple[AlertT, Problem]] = {}
        problems: dict[str, Problem] = {}
        breath = Breath()
        for alert in alerts:
            await breath.draw()
            key = self._key(alert)
            before = self._noted.get(key)
            problem = before[1] if before is not None and before[0] == alert else self._make(alert)
            noted[key] = (alert, problem)
            problems[problem.id] = problem
        self._noted = noted
        return problems

    def alert_of(self, problem: Problem) -> AlertT | None:
        """Return the alert of a problem, None where there is none any more."""
        return next((alert for alert, noted in self._noted.values() if noted.id == problem.id), None)

    def forget(self) -> None:
        """Know of none any more."""
        self._noted = {}


def name_of(labels: Mapping[str, str]) -> str:
    """Return the name of an alert; those that programs send themselves need not have one."""
    return labels.get("alertname") or "alert"


def own_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of what an alert is about, without those of the exporter that measured it.

    Where both have a label, and `honor_labels` is off, Prometheus keeps that of the exporter under the name
    and what was measured as `exported_<name>`:
    https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
    """
    exported = {
        label.removeprefix(_EXPORTED): value
        for label, value in labels.items()
        if label.startswith(_EXPORTED) and value
    }
    if not exported:
        return dict(labels)
    kept = {
        label: value
        for label, value in labels.items()
        if label not in _OF_THE_EXPORTER and not label.startswith(_EXPORTED)
    }
    return kept | exported


def summary_of(labels: Mapping[str, str], annotations: Mapping[str, str]) -> str:
    """Return an alert in a sentence: what its author wrote, else its name and where it is."""
    for key in ("summary", "description", "message"):
        if (text := annotations.get(key, "")).strip():
            return without_users(text)
    own = own_labels(labels)
    where = ", ".join(f"{key} {without_users(own[key])}" for key in _WHERE if key in own)
    return f"{name_of(labels)} {where}".strip()


def facts_of(labels: Mapping[str, str], annotations: Mapping[str, str]) -> dict[str, object]:
    """Return what explains an alert: where it is, and what its author wrote about it."""
    notes = {key: annotations[key] for key in ("description", "runbook_url") if key in annotations}
    own = own_labels(labels)
    where = {key: own[key] for key in _FACTS if key in own}
    return {key: without_users(value) for key, value in (where | notes).items()}


def evidence_of(
    labels: Mapping[str, str], annotations: Mapping[str, str], since: datetime | None, generator: str = ""
) -> tuple[Evidence, ...]:
    """Return all that an alert says; `generator` is the address of what raised it."""
    fired = {"since": since and f"{since:%Y-%m-%dT%H:%M:%SZ}", "raised by": without_users(generator)}
    return said_something(
        (
            Evidence.listed("Annotations", _first(annotations)),
            Evidence.listed("Labels", _first(labels)),
            Evidence.listed("Alert", fired),
        )
    )


def _first(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: without_users(value) for name, value in islice(texts.items(), _MOST_LABELS)}
